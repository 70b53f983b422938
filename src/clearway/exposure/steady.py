"""The approach to a steady state before time 0, simulated once for every person and shared by all arms.

A drug that is at steady state has been taken alone, at its own dose and interval, for long. Arms that differ
only in what is added later start from the same state, so that state is computed once and copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from clearway.errors import SolveError
from clearway.exposure.nca import Floats
from clearway.model.kinetics import Kinetics
from clearway.model.lane import Lane
from clearway.model.setting import Setting
from clearway.model.simulate import Simulation, simulate
from clearway.regimen import Dose, SteadyState

DAYS = (30, 60)
"""Lengths of the approach that are tried in turn; the last is the longest (STUDY_FORMAT, last rules)."""

STEADY = 1e-3
"""Largest relative change of AUC from one interval to the next that counts as steady."""


def prelude(steady: Sequence[SteadyState], days: int = DAYS[-1]) -> list[Dose]:
    """The doses of `days` days that bring each drug to its own periodic steady state before its first listed dose."""
    doses: list[Dose] = []
    for s in steady:
        for n in range(1, int(days * 24.0 // s.interval_h) + 1):
            doses += [replace(d, time_h=d.time_h + s.start_h - n * s.interval_h) for d in s.doses]
    return doses


def approach(
    compounds: Sequence[Kinetics],
    lanes: Sequence[Lane],
    steady: Sequence[Sequence[SteadyState]],
    setting: Setting,
    layout: Sequence[Dose],
    *,
    rtol: float,
    threads: int | None,
    apart: frozenset[str],
) -> tuple[Floats, dict[str, Floats]]:
    """States at time 0 (states, lanes) and what had been given by then (µmol) per compound.

    `layout` are all doses of the batch, so that the states stand in the same order. Raises SolveError if a
    drug has no steady state.
    """
    groups: dict[object, list[int]] = {}
    named: dict[int, str] = {}  # of people and preludes, which lanes share
    for i, lane in enumerate(lanes):
        groups.setdefault(_key(lane, steady[i], named), []).append(i)
    chosen = [members[0] for members in groups.values()]
    people = [replace(lanes[i], off_apart=frozenset()) for i in chosen]
    times = sorted({t for i in chosen for s in steady[i] for t in ends(s)} | {0.0})
    shared = {id(steady[i]): steady[i] for i in chosen}
    for days in DAYS:
        before = {key: [d for d in prelude(s, days) if d.time_h < 0.0] for key, s in shared.items()}
        doses = [before[id(steady[i])] for i in chosen]
        done = simulate(compounds, people, doses, setting, times, rtol=rtol, threads=threads,
                        apart=apart, layout=layout)  # fmt: skip
        done.trajectory.raise_for_code()
        changes = [(c, s) for k, i in enumerate(chosen) for s in steady[i] for c in _moving(done, k, s)]
        if not changes:
            break
    else:
        (compound, change), _ = changes[0]
        raise SolveError(
            f"{compound} has no steady state: after {DAYS[-1]} days its AUC still changes by {100 * change:.2g} % "
            f"from one interval to the next (allowed {100 * STEADY:g} %); give the doses explicitly instead of "
            "`steady_state`"
        )
    states = np.empty((done.trajectory.final.shape[1], len(lanes)))
    given = {name: np.zeros(len(lanes)) for name in done.given}
    for k, members in enumerate(groups.values()):
        states[:, members] = done.trajectory.final[k][:, None]
        for name, amounts in done.given.items():
            given[name][members] = amounts[k]
    return states, given


def _key(lane: Lane, steady: Sequence[SteadyState], named: dict[int, str]) -> object:
    """What the state at time 0 depends on."""
    for shared in (lane.body.person, steady):
        if id(shared) not in named:
            named[id(shared)] = repr(shared)
    return (
        named[id(lane.body.person)], tuple(sorted(lane.activity.items())), lane.off, tuple(sorted(lane.vary.items())),
        named[id(steady)],
    )  # fmt: skip


def ends(s: SteadyState) -> tuple[float, float, float]:
    """Ends of the last three intervals before time 0 and before the drug's first listed dose."""
    last = s.start_h - s.interval_h * max(0, int(np.ceil(s.start_h / s.interval_h - 1e-9)))
    return (last - 2 * s.interval_h, last - s.interval_h, last)


def change(done: Simulation, compound: str, s: SteadyState) -> Floats:
    """Relative change of the AUC over the last interval before time 0, of each lane; 0 where nothing was there before."""
    at = [int(np.abs(done.times - t).argmin()) for t in ends(s)]
    area = done.auc(compound)
    before, last = area[:, at[1]] - area[:, at[0]], area[:, at[2]] - area[:, at[1]]
    return np.abs(np.divide(last, before, out=np.ones(len(area)), where=before > 0) - 1.0)


def _moving(done: Simulation, lane: int, s: SteadyState) -> list[tuple[str, float]]:
    """Compounds of `s` whose AUC still changes, with the relative change."""
    changes = {c: float(change(done, c, s)[lane]) for c in s.compounds}
    return [(c, size) for c, size in changes.items() if size > STEADY]
