"""Work against precision: every solver over its tolerances, in turn on one core; speeds at an equal error by interpolation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np

from peers import PEERS, Setting
from progress import say
from workers import PeerFailed, Worker, cores
from workload import build, max_error

EQUAL = (4e-6, 1e-4)
"""Errors at which speeds are compared."""

REPEATS, LONG = 5, 0.2
"""A run is repeated so many times at most, until together they take that many seconds."""


@dataclass(frozen=True)
class Effort:
    """How much a sweep measures.

    rounds: turns of all peers. enough: seconds that one run should take; the number of subjects follows. budget: seconds of
    all runs of one peer; slower ones are measured at fewer settings, but at `fewest`. limit: seconds after which a run is
    given up.
    """

    rounds: int = 2
    enough: float = 0.5
    budget: float = 18.0
    fewest: int = 4
    limit: float = 45.0


def sweep(workload: str, peers: Sequence[str], *, subjects: int, effort: Effort) -> dict[str, Any]:
    """Every peer at its settings, in turn, on one core."""
    work = build(workload, subjects)
    reference = work.reference()
    found: dict[str, Any] = {
        "workload": workload, "title": work.title, "compounds": len(work.names), "states": len(work.system.names),
        "sites": int(np.asarray(work.system.site_activity).size), "subjects": subjects, "rounds": effort.rounds, "peers": {},
    }  # fmt: skip
    with ExitStack() as stack:
        workers: dict[str, Worker] = {}
        for name in peers:
            try:
                workers[name] = stack.enter_context(Worker(name, workload, subjects, cores()[0]))
                found["peers"][name] = _prepared(workers[name], subjects, effort)
            except PeerFailed as reason:
                found["peers"][name] = {"label": PEERS[name].label, "reason": str(reason), "points": []}
                say(f"  {PEERS[name].label}: left out ({reason})")
        running = {name: peer for name, peer in found["peers"].items() if peer["points"]}
        for turn in range(effort.rounds):
            for i in range(max((len(peer["points"]) for peer in running.values()), default=0)):
                for name, peer in running.items():
                    if i < len(peer["points"]):
                        _measure(workers[name], peer, i, reference, effort)
            say(f"  round {turn + 1} of {effort.rounds} done")
        for name, peer in running.items():
            if workers[name].compile_seconds is not None:
                peer["compile_seconds"] = workers[name].compile_seconds
    found["equal"] = {f"{error:g}": {name: speed_at(p, error) for name, p in found["peers"].items()} for error in EQUAL}
    return found


def _prepared(worker: Worker, subjects: int, effort: Effort) -> dict[str, Any]:
    """The peer loaded; subjects a run, and settings, as many as time allows."""
    entry = PEERS[worker.name]
    about = worker.ready(effort.limit)
    most = min(subjects, entry.most)
    seconds = _first_run(worker, most if entry.at_once else 1, effort)
    count = most if entry.at_once else min(max(2, int(effort.enough / seconds)), most)
    once = seconds if entry.at_once else seconds * count
    chosen = thinned(entry.settings, max(effort.fewest, int(effort.budget / (effort.rounds * max(once, LONG)))))
    say(f"  {entry.label}: {count} subjects a run, {len(chosen)} settings")
    points = [{"setting": dict(s), "seconds": []} for s in chosen]
    return {"label": entry.label, **about, "subjects": count, "spent": 0.0, "points": points}


def _first_run(worker: Worker, count: int, effort: Effort) -> float:
    """Seconds at a middle setting, or at the first of the tightest ones that works."""
    first, *_ = manners = PEERS[worker.name].settings
    reason: PeerFailed | None = None
    for setting in [first[len(first) // 2], *(settings[-1] for settings in manners)]:
        try:
            return worker.run(setting, count, effort.limit)[0]
        except PeerFailed as error:
            reason = error
            if not worker.alive:
                break
    raise PeerFailed(f"a first run: {reason}")


def thinned(manners: Sequence[Sequence[Setting]], most: int) -> list[Setting]:
    """At most so many settings: of the first manner evenly chosen, of the next ones as far as there is room."""
    found: list[Setting] = []
    for settings in manners:
        room = min(most - len(found), len(settings))
        if room > 0:
            found += [settings[i] for i in np.unique(np.linspace(0, len(settings) - 1, room).round().astype(int))]
    return found


def _measure(worker: Worker, peer: dict[str, Any], i: int, reference: np.ndarray, effort: Effort) -> None:
    """Runs of one turn into point i; a setting that failed once is left, as is all once the time is used up."""
    point, count = peer["points"][i], peer["subjects"]
    if "reason" not in point and peer["spent"] > 2.0 * effort.budget:
        point["reason"] = "its time was used up"
    if "reason" in point:
        return
    try:
        total = 0.0
        for _ in range(REPEATS):
            seconds, values = worker.run(point["setting"], count, effort.limit)
            point["seconds"].append(seconds)
            total += seconds
            if total > LONG:
                break
        peer["spent"] += total
    except PeerFailed as error:
        point["reason"] = str(error)
        return
    point["error"] = max_error(values, reference[:count])
    point["speed"] = count / min(point["seconds"])
    point["spread"] = float(np.median(point["seconds"])) / min(point["seconds"]) - 1.0


def front(peer: dict[str, Any]) -> list[tuple[float, float]]:
    """(error, speed) of the settings that no other beats in both, by rising error."""
    points = sorted((p["error"], p["speed"]) for p in peer["points"] if math.isfinite(p.get("error", math.inf)) and p["error"] > 0)
    kept: list[tuple[float, float]] = []
    for error, speed in points:
        if not kept or speed > kept[-1][1]:
            kept.append((error, speed))
    return kept


def speed_at(peer: dict[str, Any], error: float) -> float | None:
    """Subjects/s/core at this error on the front, between its points by the logarithms; None if no setting is as accurate."""
    points = front(peer)
    if not points or points[0][0] > error:
        return None
    x, y = np.log([e for e, _ in points]), np.log([s for _, s in points])
    return float(np.exp(np.interp(math.log(error), x, y)))


def best_setting(peer: dict[str, Any], error: float) -> dict[str, Any] | None:
    """The point of the fastest setting whose error is at most this."""
    good = [p for p in peer["points"] if p.get("error", math.inf) <= error]
    return max(good, key=lambda p: p["speed"]) if good else None
