"""Doses → events of the engine: into which state, when, how much; and what had been given by the end."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from clearway.engine import Events
from clearway.errors import InputError
from clearway.library.compound import Depot
from clearway.model._builder import Floats
from clearway.model.assemble import Assembled
from clearway.model.kinetics import number
from clearway.regimen import Dose
from clearway.regimen.dose import Form

SITES = ("im", "sc", "inhaled", "transdermal")
"""Routes with a depot from which a part of the dose reaches blood."""

BOLUS, RATE = 0, 1
MAX_LABEL = 63
"""Kinds of event for which the engine learns the first step."""


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
    if dose.route in SITES:
        depot: Depot = getattr(absorption, dose.route)
        share = depot.bioavailability.value
        slow = share * depot.slow.fraction.value if depot.slow else 0.0
        events = [
            (dose.time_h, BOLUS, index[f"{c}.{dose.route}"], (share - slow) * dose.amount_umol),
            (dose.time_h, BOLUS, index[f"{c}.eliminated"], (1.0 - share) * dose.amount_umol),
        ]
        return [*events, (dose.time_h, BOLUS, index[f"{c}.{dose.route} slow"], slow * dose.amount_umol)] if slow else events
    raise InputError(f"{c}: route {dose.route!r} is not modelled")


def shared_events(
    assembled: Assembled, doses: Sequence[Dose], taken: NDArray[np.bool_] | Floats | None, start: float, end: float
) -> tuple[Events, dict[str, Floats]]:
    """The events of one list of doses that all lanes take, or the part of it that each takes."""
    lanes = len(assembled.lanes)
    part = np.ones((len(doses), 1)) if taken is None else np.asarray(taken, dtype=np.float64)
    rows = sorted((*event, n) for n, dose in enumerate(doses) for event in targets(assembled, dose) if event[0] <= end)
    given = {k.name: np.zeros(lanes) for k in assembled.compounds}
    for time, kind, _, amount, n in rows:
        given[doses[n].drug] += part[n] * _entered(time, kind, amount, end)
    labels = _labels((kind, state) for _, kind, state, _, _ in rows)
    events = Events(
        time=np.array([row[0] - start for row in rows], dtype=np.float64),
        kind=np.array([row[1] for row in rows], dtype=np.int8),
        state=np.array([row[2] for row in rows], dtype=np.int32),
        amount=np.array([row[3] for row in rows], dtype=np.float64)[:, None] * part[[row[4] for row in rows]],
        label=np.array([labels[(row[1], row[2])] for row in rows], dtype=np.int32),
    )
    return events, given


def own_events(assembled: Assembled, doses: Sequence[Sequence[Dose]], start: float, end: float) -> tuple[Events, dict[str, Floats]]:
    """The events of lanes that each have a list of doses of their own."""
    ptr, rows = [0], []
    given = {k.name: np.zeros(len(doses)) for k in assembled.compounds}
    known: dict[int, tuple[list[tuple[float, int, int, float]], dict[str, float]]] = {}
    for lane, mine in enumerate(doses):
        if id(mine) not in known:  # lanes mostly share one list of doses
            each = [(dose.drug, targets(assembled, dose)) for dose in mine]
            events = sorted(e for _, found in each for e in found if e[0] <= end)
            entered: dict[str, float] = {}
            for drug, found in each:
                for time, kind, _, amount in found:
                    entered[drug] = entered.get(drug, 0.0) + _entered(time, kind, amount, end)
            known[id(mine)] = (events, entered)
        events, entered = known[id(mine)]
        rows += events
        ptr.append(len(rows))
        for drug, amount in entered.items():
            given[drug][lane] = amount
    labels = _labels((kind, state) for _, kind, state, _ in rows)
    events_arrays = Events(
        ptr=np.array(ptr, dtype=np.int64),
        time=np.array([row[0] - start for row in rows], dtype=np.float64),
        kind=np.array([row[1] for row in rows], dtype=np.int8),
        state=np.array([row[2] for row in rows], dtype=np.int32),
        amount=np.array([row[3] for row in rows], dtype=np.float64),
        label=np.array([labels[(row[1], row[2])] for row in rows], dtype=np.int32),
    )
    return events_arrays, given


def _labels(keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """A label for each kind of event into each state."""
    return {key: i % MAX_LABEL for i, key in enumerate(sorted(set(keys)))}


def _entered(time: float, kind: int, amount: float, end: float) -> float:
    """µmol of an event that have come in by `end`: all of a bolus, the elapsed part of an infusion."""
    if time > end:
        return 0.0
    return amount if kind == BOLUS else amount * (end - time)
