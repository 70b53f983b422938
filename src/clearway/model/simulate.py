"""Lanes and their doses into one batch, and the engine's answer back under the compounds' names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from clearway.engine import Outputs, Program, Trajectory, program_for, solve
from clearway.model._builder import Floats
from clearway.model.assemble import Assembled, assemble
from clearway.model.events import dosing, own_events, shared_events
from clearway.model.kinetics import Kinetics
from clearway.model.lane import Lane, Lanes
from clearway.model.setting import Setting
from clearway.regimen import Dose

RTOL = 1e-6


@dataclass(frozen=True)
class Simulation:
    """Curves of a batch: plasma concentration (µM), cumulative AUC (µM·h) and enzyme activity, each (lanes, times)."""

    assembled: Assembled
    trajectory: Trajectory
    times: Floats
    columns: Mapping[str, int]
    given: Mapping[str, Floats]

    def plasma(self, compound: str) -> Floats:
        """Never below zero: what the solver leaves there lies within its tolerance, or the trajectory's code says so."""
        found: Floats = np.maximum(self._column(f"{compound}.plasma"), 0.0)
        return found

    def auc(self, compound: str) -> Floats:
        return self._column(f"{compound}.auc")

    def activity(self, enzyme: str, organ: str) -> Floats:
        """Relative amount of active enzyme, 1 at baseline; constant where nothing moves it."""
        name = f"{enzyme}.{organ}"
        if name not in self.columns:
            return np.ones((len(self.assembled.lanes), len(self.times)))
        return self._column(name)

    @property
    def activities(self) -> list[tuple[str, str]]:
        """Enzyme sites whose activity the regimen moves."""
        names = (n for n in self.columns if not n.endswith((".plasma", ".auc")))
        return [(enzyme, organ) for enzyme, organ in (n.rsplit(".", 1) for n in names)]

    def _column(self, name: str) -> Floats:
        found: Floats = self.trajectory.values[:, :, self.columns[name]]
        return found

    @cached_property
    def mass_balance(self) -> Mapping[str, Floats]:
        """Relative gap per compound and lane: given + formed − (body + eliminated + faeces), at the end."""
        final, index = self.trajectory.final, self.assembled.index
        gaps: dict[str, Floats] = {}
        for k in self.assembled.compounds:
            prefix = f"{k.name}."
            skip = {f"{prefix}auc", f"{prefix}formed"}
            held = final[:, [i for name, i in index.items() if name.startswith(prefix) and name not in skip]].sum(axis=1)
            formed = final[:, index[f"{prefix}formed"]] if f"{prefix}formed" in index else 0.0
            came = self.given[k.name] + formed
            gaps[k.name] = np.abs(came - held) / np.where(came > 0, came, 1.0)
        return gaps


def simulate(
    compounds: Sequence[Kinetics],
    lanes: Sequence[Lane] | Lanes,
    doses: Sequence[Sequence[Dose]] | Sequence[Dose],
    setting: Setting,
    times: Sequence[float] | NDArray[np.float64],
    *,
    taken: NDArray[np.bool_] | Floats | None = None,
    columns: Collection[str] | None = None,
    program: Program | None = None,
    rtol: float = RTOL,
    threads: int | None = None,
    apart: frozenset[str] = frozenset(),
    layout: Sequence[Dose] = (),
    before: tuple[Floats, Mapping[str, Floats]] | None = None,
) -> Simulation:
    """Run a batch: lane i takes doses[i], or every lane the one list `doses`. Times in h; the run starts at the first
    dose or at times[0].

    taken (doses, lanes): the part of each dose of the one list that a lane takes, 0 where it is missed. columns: the
    outputs wanted (`methadone-r.plasma`, `methadone-r.auc`, `CYP3A4.liver`); all without it. program: of `program_of`,
    so that every chunk of a cohort runs the same one. layout: further doses whose states must exist, so that two batches
    share one layout. before: states (n, lanes) at the start and what had been given by then (µmol), for a run that
    continues another.
    """
    people = lanes if isinstance(lanes, Lanes) else Lanes.of(lanes)
    lists = _lists(doses)
    if taken is not None and (len(lists) > 1 or np.shape(taken) != (len(lists[0]), len(people))):
        raise ValueError(f"taken has shape {np.shape(taken)} (it needs one list of doses for all lanes, one row a dose, one column a lane)")
    given_doses = [d for mine in {id(mine): mine for mine in lists}.values() for d in mine]
    system = assemble(compounds, people, setting, *dosing([*layout, *given_doses]), apart=apart)
    grid = np.asarray(times, dtype=np.float64)
    start, end = min([float(grid[0]), *(d.time_h for d in given_doses)]), float(grid[-1])
    events, given = shared_events(system, lists[0], taken, start, end) if len(lists) == 1 else own_events(system, lists, start, end)
    if before is not None:
        system.system.y0, already = before
        given = {name: amount + already[name] for name, amount in given.items()}
    outputs, places = outputs_of(system, columns)
    trajectory = solve(system.system, events, outputs, grid - start, end - start, rtol=rtol, threads=threads, program=program)
    return Simulation(system, trajectory, grid, places, given)


def program_of(
    compounds: Sequence[Kinetics],
    setting: Setting,
    doses: Sequence[Dose],
    *,
    columns: Collection[str] | None = None,
    apart: frozenset[str] = frozenset(),
) -> Program:
    """The program of these compounds by these doses: that of the reference person, in whom nothing is zero by accident."""
    system = assemble(compounds, Lanes.of([Lane(setting.reference)]), setting, *dosing(doses), apart=apart)
    return program_for(system.system, outputs_of(system, columns)[0])


def _lists(doses: Sequence[Sequence[Dose]] | Sequence[Dose]) -> list[Sequence[Dose]]:
    """The list of doses of each lane, or the one list of all lanes."""
    if all(isinstance(d, Dose) for d in doses):
        return [cast(Sequence[Dose], doses)]
    lists = cast(Sequence[Sequence[Dose]], doses)
    return [lists[0]] if all(mine is lists[0] for mine in lists) else list(lists)


def outputs_of(assembled: Assembled, wanted: Collection[str] | None = None) -> tuple[Outputs, dict[str, int]]:
    """Venous plasma and AUC of every compound, then the enzyme activities that move; only those `wanted` if it is given."""
    ones = np.ones(len(assembled.lanes))
    found: dict[str, tuple[int, Floats]] = {}
    for k in assembled.compounds:
        found[f"{k.name}.plasma"] = (assembled.index[f"{k.name}.venous"], assembled.plasma[k.name])
        found[f"{k.name}.auc"] = (assembled.index[f"{k.name}.auc"], ones)
    for (enzyme, organ), site in assembled.sites.items():
        state = int(np.asarray(assembled.system.site_activity)[site])
        if state >= 0:
            found[f"{enzyme}.{organ}"] = (state, ones)
    chosen = {name: at for name, at in found.items() if wanted is None or name in wanted}
    outputs = Outputs(
        ptr=np.arange(len(chosen) + 1, dtype=np.int32),
        state=np.array([state for state, _ in chosen.values()], dtype=np.int32),
        coef=np.array([coefficient for _, coefficient in chosen.values()], dtype=np.float64),
    )
    return outputs, {name: i for i, name in enumerate(chosen)}
