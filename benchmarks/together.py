"""All cores at once: Clearway by its threads, the others as one process a core, each at its fastest setting of equal error."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import numpy as np

from peers import PEERS, Setting
from precision import EQUAL, best_setting
from progress import say
from workers import PeerFailed, Worker, cores

LONGEST = 15.0
"""Seconds of a run beyond which a solver is not measured again."""


def all_cores(curve: dict[str, Any], rounds: int) -> dict[str, Any]:
    """`curve`: what precision.sweep found for this workload. The peers take turns; each one's best round counts."""
    found: dict[str, Any] = {"workload": curve["workload"], "cores": len(cores()), "error": EQUAL[0], "peers": {}}
    with ExitStack() as stack:
        teams: dict[str, tuple[list[Worker], Setting, int]] = {}
        for name, peer in curve["peers"].items():
            if name == "roadrunner-export":  # the leanest model is the faster one
                continue
            best = best_setting(peer, EQUAL[0])
            if best is None:
                continue
            setting = best["setting"]
            found["peers"][name] = {"label": PEERS[name].label, "setting": setting, "seconds": []}
            if min(best["seconds"]) > LONGEST:
                found["peers"][name]["reason"] = f"one run takes {min(best['seconds']):.0f} s: not measured"
                continue
            try:
                places = [None] if name == "clearway" else cores()
                team = [stack.enter_context(Worker(name, curve["workload"], curve["subjects"], place)) for place in places]
                for worker in team:
                    worker.ready()
                    worker.start(setting, peer["subjects"])  # what is compiled at a first run is compiled before the clock starts
                for worker in team:
                    worker.finish()
            except PeerFailed as reason:
                found["peers"][name]["reason"] = str(reason)
                continue
            teams[name] = (team, setting, peer["subjects"])
        for _ in range(rounds):
            for name, (team, setting, count) in teams.items():
                row = found["peers"][name]
                if "reason" in row:
                    continue
                try:
                    for worker in team:
                        worker.start(setting, count)
                    row["seconds"].append(max([worker.finish()[0] for worker in team]))
                except PeerFailed as reason:
                    row["reason"] = str(reason)
        for name, (team, _, count) in teams.items():
            row = found["peers"][name]
            if row["seconds"]:
                row["speed"] = count * len(team) / min(row["seconds"])
                row["spread"] = float(np.median(row["seconds"])) / min(row["seconds"]) - 1.0
                say(f"  {row['label']}: {row['speed']:.1f} subjects/s")
    return found
