"""System + one subject + Events → SBML Level 3 Version 2, to be run by any simulator.

Amounts (and the sinks that collect them) are species in µmol in one compartment of 1 L; every exchange and every path at
an interaction site is a reaction; enzyme activities and integrals (AUC) are parameters with rate rules; doses, infusion
edges and resets are events. Events at time 0 are already in the initial values, since simulators differ in whether
an event whose trigger is true at the start fires.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from clearway.engine.events import Events, Outputs
from clearway.engine.system import System
from clearway.errors import InputError
from clearway.export._document import Writer
from clearway.export._equations import Equations, column
from clearway.export._ids import Ids
from clearway.export._schedule import Change, Stop, emptying, stops
from clearway.release import release

FLUSH = 1e-40
"""Amounts (µmol) below this in an emptying depot are set to 0 at each event.

libRoadRunner multiplies a single absolute tolerance by each state's value at every restart: a depot of 1e-300 µmol then
has a tolerance of 1e-312 and CVODE stops. Exact zeros and tolerances given one per state (docs/sbml.md) are immune.
"""


def to_sbml(
    system: System,
    events: Events,
    *,
    subject: int = 0,
    outputs: Outputs | None = None,
    title: str = "",
    site_names: Mapping[int, str] | None = None,
    output_names: Sequence[str] | None = None,
    remarks: Sequence[str] = (),
) -> str:
    """SBML L3V2 text of one subject of a batch.

    system, events: as handed to `clearway.engine.solve`. subject: index in the batch. outputs: linear functionals that
    become parameters `out_…` with assignment rules. title: the model's name. site_names: names of interaction sites by
    index, for those without an activity state. output_names: one per output. remarks: further lines of the model's notes.
    Raises `InputError` if python-libsbml is missing, the subject does not exist, or one of its numbers is not finite.

    >>> from clearway.engine.system import System
    >>> from clearway.engine.events import Events
    >>> one = System(names=["drug.blood"], kind=[0], y0=[0.0], atol=[1e-9], lin_src=[0], lin_dst=[-1], lin_k=[0.1])
    >>> "drug_blood" in to_sbml(one, Events(time=[0.0], state=[0], amount=[10.0]))
    True
    """
    subjects = _subjects(system, events)
    if not 0 <= subject < subjects:
        raise InputError(f"subject {subject} does not exist (the batch has subjects 0 to {subjects - 1})")
    _check_finite(system, subject)
    plan = stops(system, events, subject, subjects)
    for stop in plan:
        if not np.isfinite([*(c.amount for c in stop.changes.values()), *stop.rates.values()]).all():
            raise InputError(f"the event at {stop.time:g} h has an amount that is not a finite number")

    writer, ids = Writer(title, [*_notes(title, subject, subjects), *remarks]), Ids()
    equations = Equations(system, subject, writer, ids, site_names or {})
    first = plan.pop(0) if plan and plan[0].time == 0.0 else Stop(0.0)
    initial = dict(enumerate(column(system.y0, subject).tolist()))
    for state, change in first.changes.items():
        initial[state] = change.amount + (initial[state] if change.keeps_old else 0.0)
    equations.states(initial)
    equations.linear()
    equations.paths()
    equations.activities()
    infusions = _infusions(equations, [first, *plan])
    equations.close()
    _events(equations, plan, infusions, emptying(system))
    if outputs is not None:
        _outputs(equations, outputs, subject, output_names)
    return writer.text()


def _subjects(system: System, events: Events) -> int:
    """Size of the batch: as many subjects as the coefficients or the events distinguish."""
    if events.ptr is not None:
        return int(np.asarray(events.ptr).size) - 1
    amount = np.asarray(events.amount)
    return max(int(system.n_subjects), amount.shape[1] if amount.ndim == 2 else 1)


def _check_finite(system: System, subject: int) -> None:
    for name, value in vars(system).items():
        if isinstance(value, np.ndarray) and value.ndim == 2 and name != "atol" and value.shape[0]:
            bad = np.flatnonzero(~np.isfinite(column(value, subject)))
            if bad.size:
                raise InputError(f"{name}[{int(bad[0])}] of subject {subject} is not a finite number; the model cannot be exported")


def _notes(title: str, subject: int, subjects: int) -> list[str]:
    return [
        f"{title or 'Model'}; subject {subject} of {subjects}. Exported by Clearway {release('(not installed)')}.",
        "Units: time h, volume L, amounts µmol, concentrations µM (µmol/L), clearances L/h, AUC µM·h.",
        "Species hold amounts. C_… are max(concentration, 0); enzyme activities are relative to a baseline of 1.",
        "v = clint·A·C/(N + C·M/Km), N = 1 + Σ I/Kic + Σ C/Km of the compound's other paths, M = 1 + Σ I/Kiu; "
        "dA/dt = kdeg·(1 + E·Σ x/(1 + Σ x)) − A·(kdeg + Σ kinact·I/(KI + I)), E = max(emax), r = emax/E, "
        "u = (I/EC50)^hill, x = r·u/(1 + (1 − r)·u).",
        "Doses and infusions at time 0 are in the initial values; later ones are events. Infusions are half-open [t0, t1).",
        f"At each event amounts below {FLUSH:g} µmol in emptying depots become 0. "
        "Suggested: relative tolerance 1e-9, absolute tolerance 1e-12 for each state (in libRoadRunner as a list, one per state: "
        "it scales a single number by the state's value at each event).",
        "For research and education; not a medical device.",
    ]


def _infusions(equations: Equations, plan: Sequence[Stop]) -> dict[int, str]:
    """State → parameter that holds its infusion rate (per hour); a source without a reactant."""
    names = equations.s.names
    found: dict[int, str] = {}
    for state in sorted({s for stop in plan for s in stop.rates}):
        found[state] = equations.ids.new("infusion", names[state])
        start = plan[0].rates.get(state, 0.0)
        equations.writer.parameter(found[state], f"infusion into {names[state]}", start, "umol_per_hour", constant=False)
        equations.flow(f"infusion into {names[state]}", found[state], None, [(state, 1.0)], [])
    return found


def _events(equations: Equations, plan: Sequence[Stop], infusions: Mapping[int, str], depots: Sequence[int]) -> None:
    names = equations.s.names
    for stop in plan:
        todo: list[tuple[str, str]] = []
        words: list[str] = []
        for state in dict.fromkeys([*stop.changes, *depots]):
            change = stop.changes.get(state, Change(True, 0.0))
            ident = equations.state[state]
            old = f"piecewise({ident}, abs({ident}) >= {FLUSH!r}, 0)" if state in depots else ident
            todo.append((ident, f"{old} + {change.amount!r}" if change.keeps_old and change.amount else old))
            if not change.keeps_old:
                todo[-1] = (ident, repr(change.amount))
            if state in stop.changes:
                words.append(f"{names[state]} {'+' if change.keeps_old else '='} {change.amount:g}")
        for state, rate in stop.rates.items():
            todo.append((infusions[state], repr(rate)))
            words.append(f"infusion into {names[state]} = {rate:g} per h")
        equations.writer.event(equations.ids.new("at", f"{stop.time:g}", "h"), f"{stop.time:g} h: {', '.join(words)}", stop.time, todo)


def _outputs(equations: Equations, outputs: Outputs, subject: int, given: Sequence[str] | None) -> None:
    ptr, state, coef = np.asarray(outputs.ptr), np.asarray(outputs.state), column(outputs.coef, subject)
    if given is not None and len(given) != len(ptr) - 1:
        raise InputError(f"{len(given)} output names for {len(ptr) - 1} outputs")
    for o in range(len(ptr) - 1):
        entries = range(int(ptr[o]), int(ptr[o + 1]))
        name = given[o] if given is not None else " and ".join(equations.s.names[int(state[i])] for i in entries)
        terms = [f"{equations.constant('scale', name, coef[i])} * {equations.state[int(state[i])]}" for i in entries]
        equations.writer.assign(equations.ids.new("out", name), f"output {name}", " + ".join(terms) or "0")
