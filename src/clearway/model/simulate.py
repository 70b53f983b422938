"""Doses into events, lanes into one batch, and the engine's answer back under the compounds' names."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from clearway.engine import Events, Outputs, Trajectory, solve
from clearway.errors import InputError
from clearway.model._builder import Floats
from clearway.model.assemble import Assembled, assemble
from clearway.model.kinetics import Kinetics, number
from clearway.model.lane import Lane
from clearway.model.setting import Setting
from clearway.regimen import Dose
from clearway.regimen.dose import Form

BOLUS, RATE = 0, 1
MAX_LABEL = 63
"""Kinds of event for which the engine learns the first step."""

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
        return self._column(f"{compound}.plasma")

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
            mine = [i for name, i in index.items() if name.startswith(prefix)]
            skip = {index.get(f"{k.name}.auc"), index.get(f"{k.name}.formed")}
            held = sum((final[:, i] for i in mine if i not in skip), np.zeros(len(final)))
            formed = final[:, index[f"{k.name}.formed"]] if f"{k.name}.formed" in index else 0.0
            came = self.given[k.name] + formed
            gaps[k.name] = np.abs(came - held) / np.where(came > 0, came, 1.0)
        return gaps


def simulate(
    compounds: Sequence[Kinetics],
    lanes: Sequence[Lane],
    doses: Sequence[Sequence[Dose]],
    setting: Setting,
    times: Sequence[float] | NDArray[np.float64],
    *,
    rtol: float = RTOL,
    threads: int | None = None,
    apart: frozenset[str] = frozenset(),
    layout: Sequence[Dose] = (),
    before: tuple[Floats, Mapping[str, Floats]] | None = None,
) -> Simulation:
    """Run a batch: lane i takes doses[i]. Times in h; the run starts at the first dose or at times[0].

    layout: further doses whose states must exist, so that two batches share one layout. before: states (n, lanes)
    at the start and what had been given by then (µmol), for a run that continues another.
    """
    every = {id(lane): lane for lane in doses}.values()
    system = assemble(compounds, lanes, setting, *dosing([*layout, *(d for lane in every for d in lane)]), apart=apart)
    grid = np.asarray(times, dtype=np.float64)
    start = min([float(grid[0]), *(d.time_h for lane in every for d in lane)])
    events, given = _events(system, doses, start, float(grid[-1]))
    if before is not None:
        system.system.y0, already = before
        given = {name: amount + already[name] for name, amount in given.items()}
    outputs, columns = outputs_of(system)
    trajectory = solve(system.system, events, outputs, grid - start, float(grid[-1] - start), rtol=rtol, threads=threads)
    return Simulation(system, trajectory, grid, columns, given)


def dosing(
    doses: Iterable[Dose],
) -> tuple[dict[str, frozenset[str]], dict[str, float], dict[str, frozenset[Form]]]:
    """Of each drug: its routes, its largest dose (µmol), and its dosage forms other than the compound's own."""
    routes: dict[str, frozenset[str]] = {}
    largest: dict[str, float] = {}
    forms: dict[str, frozenset[Form]] = {}
    for dose in set(doses):
        routes[dose.drug] = routes.get(dose.drug, frozenset()) | {dose.route}
        largest[dose.drug] = max(largest.get(dose.drug, 0.0), dose.amount_umol)
        if dose.form:
            forms[dose.drug] = forms.get(dose.drug, frozenset()) | {dose.form}
    return routes, largest, forms


def targets(assembled: Assembled, dose: Dose) -> list[tuple[float, int, int, float]]:
    """Events of one dose: (time, kind, state, amount). Swallowed parts enter the form or the stomach."""
    k = next(c for c in assembled.compounds if c.name == dose.drug)
    index, c = assembled.index, dose.drug
    absorption = k.compound.absorption
    oral = absorption.oral
    if dose.route == "iv bolus":
        return [(dose.time_h, BOLUS, index[f"{c}.venous"], dose.amount_umol)]
    if dose.route == "iv infusion":
        rate = dose.amount_umol / dose.duration_h
        venous = index[f"{c}.venous"]
        return [(dose.time_h, RATE, venous, rate), (dose.time_h + dose.duration_h, RATE, venous, -rate)]
    if dose.route == "oral":
        named = f" {dose.form.name}" if dose.form else ""
        solution = dose.form is not None and dose.form.release_per_h == math.inf
        lag = number(oral.lag, "h") if oral and oral.lag and not solution else 0.0
        states = (f"{c}.form{named}", f"{c}.stomach{named}", f"{c}.stomach")
        into = next(index[state] for state in states if state in index)
        return [(dose.time_h + lag, BOLUS, into, dose.amount_umol)]
    if dose.route in ("intranasal", "sublingual"):
        form = absorption.intranasal if dose.route == "intranasal" else absorption.sublingual
        assert form is not None
        part = form.fraction_mucosal.value if dose.fraction_mucosal is None else dose.fraction_mucosal
        return [
            (dose.time_h, BOLUS, index[f"{c}.{dose.route}"], part * dose.amount_umol),
            (dose.time_h, BOLUS, index[f"{c}.stomach"], (1.0 - part) * dose.amount_umol),
        ]
    if dose.route in ("im", "sc"):
        depot = absorption.im if dose.route == "im" else absorption.sc
        assert depot is not None
        share = depot.bioavailability.value
        return [
            (dose.time_h, BOLUS, index[f"{c}.{dose.route}"], share * dose.amount_umol),
            (dose.time_h, BOLUS, index[f"{c}.eliminated"], (1.0 - share) * dose.amount_umol),
        ]
    raise InputError(f"{c}: route {dose.route!r} is not modelled")


def _events(assembled: Assembled, doses: Sequence[Sequence[Dose]], start: float, end: float) -> tuple[Events, dict[str, Floats]]:
    ptr, rows = [0], []
    given = {k.name: np.zeros(len(doses)) for k in assembled.compounds}
    known: dict[int, tuple[list[tuple[float, int, int, float]], dict[str, float]]] = {}
    for lane, mine in enumerate(doses):
        if id(mine) not in known:  # lanes mostly share one list of doses
            each = [(dose.drug, targets(assembled, dose)) for dose in mine]
            events = sorted(e for _, found in each for e in found if e[0] <= end)
            entered: dict[str, float] = {}
            for drug, found in each:
                entered[drug] = entered.get(drug, 0.0) + _entered(found, end)
            known[id(mine)] = (events, entered)
        events, entered = known[id(mine)]
        rows += events
        ptr.append(len(rows))
        for drug, amount in entered.items():
            given[drug][lane] = amount
    labels = {key: i % MAX_LABEL for i, key in enumerate(sorted({(kind, state) for _, kind, state, _ in rows}))}
    events_arrays = Events(
        ptr=np.array(ptr, dtype=np.int64),
        time=np.array([row[0] - start for row in rows], dtype=np.float64),
        kind=np.array([row[1] for row in rows], dtype=np.int8),
        state=np.array([row[2] for row in rows], dtype=np.int32),
        amount=np.array([row[3] for row in rows], dtype=np.float64),
        label=np.array([labels[(row[1], row[2])] for row in rows], dtype=np.int32),
    )
    return events_arrays, given


def _entered(events: Sequence[tuple[float, int, int, float]], end: float) -> float:
    """µmol of a dose that has come in by `end`: all of a bolus, the elapsed part of an infusion."""
    return sum(amount if kind == BOLUS else amount * (end - time) for time, kind, _, amount in events if time <= end)


def outputs_of(assembled: Assembled) -> tuple[Outputs, dict[str, int]]:
    """Venous plasma and AUC of every compound, then the enzyme activities that move."""
    columns: dict[str, int] = {}
    states: list[int] = []
    coefficients: list[Floats] = []
    ones = np.ones(len(assembled.lanes))
    for k in assembled.compounds:
        for suffix, state, coefficient in (
            ("plasma", f"{k.name}.venous", assembled.plasma[k.name]),
            ("auc", f"{k.name}.auc", ones),
        ):
            columns[f"{k.name}.{suffix}"] = len(states)
            states.append(assembled.index[state])
            coefficients.append(coefficient)
    for (enzyme, organ), site in assembled.sites.items():
        state_index = int(np.asarray(assembled.system.site_activity)[site])
        if state_index >= 0:
            columns[f"{enzyme}.{organ}"] = len(states)
            states.append(state_index)
            coefficients.append(ones)
    return (
        Outputs(
            ptr=np.arange(len(states) + 1, dtype=np.int32),
            state=np.array(states, dtype=np.int32),
            coef=np.array(coefficients, dtype=np.float64),
        ),
        columns,
    )
