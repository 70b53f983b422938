"""Event records in NONMEM's columns → case documents, one a person.

Dose records (EVID 1, 4) become doses; observations (0) and other events (2) are counted and left. ADDL and II repeat a dose;
SS stands for the doses before it. What a case cannot hold is refused with its line and the reason, never bent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from clearway.errors import InputError, Problem
from clearway.interchange._runs import SAME, Run, runs
from clearway.interchange._table import MAX_PROBLEMS, Record, by_subject, read_table
from clearway.interchange.events_out import BOTH, TEST
from clearway.interchange.imported import Imported, check
from clearway.library import Library
from clearway.regimen.case import FORMAT
from clearway.regimen.dose import ROUTES
from clearway.units import convert, known

MOST_SUBJECTS = 1000
MOST_DOSES = 20_000
LEAST_RUN = 3
"""Single records at equal steps that are written as one entry."""


@dataclass(frozen=True)
class Target:
    """What a compartment stands for: a drug by a route; `iv` is a bolus, or an infusion where RATE says so."""

    drug: str
    route: str


@dataclass(frozen=True)
class Taken:
    """One dose record: `run` are its times; `steady` where it stands for those before it."""

    record: Record
    target: Target
    dose: str
    hours: float
    run: Run
    steady: bool
    arm: str

    @property
    def alike(self) -> tuple[Any, ...]:
        return (self.arm, self.target, self.dose, self.hours)


@dataclass
class _Person:
    """The doses of one ID, and what was left behind."""

    doses: list[Taken] = field(default_factory=list)
    observations: int = 0
    others: int = 0
    idle: int = 0
    given: int = 0


def parse_map(items: list[str], library: Library) -> dict[int, Target]:
    """`1=methadone:oral` … as CMT → drug and route. Raises `InputError`."""
    found: dict[int, Target] = {}
    for item in items:
        number, _, rest = item.partition("=")
        drug, _, route = rest.rpartition(":")
        if not number.strip().isdigit() or not drug or not route:
            raise InputError(f"--map {item!r} is not read (write CMT=drug:route, for example --map 1=methadone:oral)")
        found[int(number)] = _target(drug, route, library, lambda text, given=item: InputError(f"--map {given}: {text}"))
    return found


def read_events(
    text: str, library: Library, *, map: Mapping[int, Target] | None = None, unit: str = "mg", time_unit: str = "h", file: str = "<text>"
) -> list[Imported]:
    """The case of each ID of a table, in the order of the file.

    map: CMT → drug and route, where the table has no DRUG and ROUTE columns. unit: what AMT is in, where there is no UNIT column.
    time_unit: what TIME and II (and RATE, per that time) are in. IDs and other columns of the person are not carried.
    Raises `InputError` with file, line, column, value, allowed range and next step of every problem.
    """
    if known(time_unit).kind != "time":
        raise InputError(f"--time-unit {time_unit!r} is no unit of time (one of: h, d, min)")
    if known(unit).kind not in ("mass", "amount") or known(unit).per_kg:
        raise InputError(f"--unit {unit!r} is no unit of a dose (one of: mg, µg, g, µmol)")
    table = read_table(text, file)
    hours = convert(1.0, time_unit, "h")
    people: list[tuple[str, _Person]] = []
    problems: list[Problem] = []
    for subject, records in by_subject(table.records):
        person = _Person()
        for record in records:
            try:
                _take(person, record, library, dict(map or {}), unit, hours)
            except InputError as error:
                problems += error.problems
            if len(problems) >= MAX_PROBLEMS:
                raise InputError(problems)
        people.append((subject, person))
    if problems:
        raise InputError(problems)
    with_doses = [p for _, p in people if p.doses]
    if not with_doses:
        raise InputError(Problem("no dose records (EVID 1, or AMT above 0; nothing to read)", file))
    if len(with_doses) > MOST_SUBJECTS:
        raise InputError(Problem(f"too many people ({len(with_doses)}; at most {MOST_SUBJECTS})", file))
    shared = [f"AMT read in {unit}" if not any("UNIT" in r.words for r in table.records) else "AMT read in the units of the UNIT column"]
    shared += [f"columns not read: {', '.join(table.others)}"] if table.others else []
    shared += [f"comment lines: {table.comments}"] if table.comments else []
    return [_imported(p, library, file, shared) for p in with_doses]


def _take(person: _Person, r: Record, library: Library, named: dict[int, Target], unit: str, hours: float) -> None:
    """Sort one record into the person's doses. Raises `InputError`."""
    if r["EVID"] in (0, 2):
        if r["AMT"]:
            raise InputError(r.problem("AMT", f"must be 0 or '.' here ({r['AMT']:g}; EVID {r['EVID']:g} is no dose; write EVID 1 for one)"))
        person.observations += r["EVID"] == 0
        person.others += r["EVID"] == 2
        return
    if r["EVID"] in (3, 4) and person.doses:
        what = "a reset" if r["EVID"] == 3 else "a reset with a dose"
        text = f"{what} after doses is not modelled ({r['EVID']:g}; a body is never emptied; write the part after it as a case of its own)"
        raise InputError(r.problem("EVID", text))
    if r["EVID"] == 3:
        person.others += 1
        return
    arm = r.words.get("ARM", BOTH).lower()
    if arm not in (BOTH, TEST, "control"):
        raise InputError(r.problem("ARM", f"not accepted ({arm[:20]!r}; one of: {BOTH}, {TEST})"))
    target = _of_record(r, named, library)
    time, interval = r["TIME"] * hours, r["II"] * hours
    steady, count = r["SS"] > 0, int(r["ADDL"]) + 1
    _check_rates(r)
    if count > 1 and interval <= 0:
        raise InputError(r.problem("II", f"must be above 0 with ADDL ({r['II']:g}; ADDL is {r['ADDL']:g}; give the interval)"))
    if steady and interval <= 0:
        raise InputError(r.problem("II", f"must be above 0 with SS ({r['II']:g}; a steady state needs the interval of its doses)"))
    person.idle += interval > 0 and count == 1 and not steady
    if person.doses and time < person.doses[-1].run.start - SAME:
        raise InputError(
            r.problem("TIME", f"goes back ({r['TIME']:g} after {person.doses[-1].record['TIME']:g}; sort the records of an ID)")
        )
    duration = r["AMT"] / r["RATE"] * hours if r["RATE"] > 0 else 0.0
    if duration and not target.route.startswith("iv"):
        raise InputError(r.problem("RATE", f"an infusion by the route {target.route} is not modelled ({r['RATE']:g}; allowed 0)"))
    if target.route in ("iv", "iv bolus", "iv infusion"):
        wanted = "iv infusion" if duration else "iv bolus"
        if target.route not in ("iv", wanted):
            raise InputError(
                r.problem("RATE", f"does not go with {target.route} ({r['RATE']:g}; write the route as 'iv' to let RATE decide)")
            )
        target = replace(target, route=wanted)
    person.given += count
    if person.given > MOST_DOSES:
        raise InputError(r.problem("ADDL", f"too many doses of one person ({person.given}; at most {MOST_DOSES})"))
    run = Run(time, interval if count > 1 or steady else 0.0, count)
    taken = Taken(r, target, f"{r['AMT']:.12g} {r.words.get('UNIT', unit)}", duration, run, steady, TEST if arm == TEST else BOTH)
    if steady:
        _check_steady(person, taken, library)
    person.doses.append(taken)


def _check_rates(r: Record) -> None:
    if r["RATE"] < 0:
        what = {-1: "a rate that the model estimates", -2: "a duration that the model estimates"}.get(int(r["RATE"]), "no rate")
        text = f"{r['RATE']:g} asks for {what}, which is not in the table (write the rate itself, AMT per time, or 0)"
        raise InputError(r.problem("RATE", text))
    if r["AMT"] <= 0 and r["SS"] and r["RATE"] > 0:
        raise InputError(
            r.problem("AMT", "a constant infusion to steady state (AMT 0) is not modelled (write an infusion with AMT and RATE)")
        )
    if r["AMT"] <= 0:
        raise InputError(r.problem("AMT", f"must be above 0 in a dose record ({r['AMT']:g}; write EVID 2 if it is no dose)"))


def _check_steady(person: _Person, taken: Taken, library: Library) -> None:
    r, product = taken.record, library.product(taken.target.drug).product
    if taken.arm == TEST:
        raise InputError(r.problem("SS", "a drug of the test arm only cannot be at steady state (ARM must be 'both')"))
    if r["SS"] != 2 and person.doses:
        text = f"SS={r['SS']:g} sets to zero what was taken before it (line {person.doses[-1].record.line}; write SS=2, which adds)"
        raise InputError(r.problem("SS", text))
    earlier = next((d for d in person.doses if library.product(d.target.drug).product == product), None)
    if earlier:
        text = f"{taken.target.drug} was dosed before its steady state (line {earlier.record.line}; one SS record a drug, its first)"
        raise InputError(r.problem("SS", text))


def _of_record(r: Record, named: dict[int, Target], library: Library) -> Target:
    """From the DRUG (or PRODUCT) and ROUTE columns, else from the map."""
    drug, route = r.words.get("DRUG") or r.words.get("PRODUCT", ""), r.words.get("ROUTE", "")
    mapped = named.get(int(r["CMT"]))
    if mapped is None and not int(r["CMT"]) and len(named) == 1:
        mapped = next(iter(named.values()))  # CMT 0 or none: the default compartment
    if not drug and mapped is None:
        text = f"no drug is named for compartment {r['CMT']:g} (add --map {int(r['CMT']) or 1}=drug:route, or columns DRUG and ROUTE)"
        raise InputError(r.problem("CMT", text))
    if not drug and mapped is not None:
        return mapped
    if not route and mapped is None:
        raise InputError(r.problem("ROUTE", f"is missing (one of: {', '.join(ROUTES)})"))
    column = "ROUTE" if drug.lower() in library.names() else "DRUG" if "DRUG" in r.words else "PRODUCT"
    return _target(drug, route or mapped.route if mapped else route, library, lambda text: InputError(r.problem(column, text)))


def _target(drug: str, route: str, library: Library, error: Any) -> Target:
    drug, route = drug.strip(), route.strip().lower().replace("-", " ").replace("_", " ")
    if drug.lower() not in library.names():
        raise error(library.unknown(drug))
    if route not in (*ROUTES, "iv"):
        raise error(f"not accepted ({route[:20]!r}; one of: {', '.join(ROUTES)}, iv)")
    return Target(drug, route)


def _imported(person: _Person, library: Library, file: str, shared: list[str]) -> Imported:
    document: dict[str, Any] = {"format": FORMAT, "title": "from an event table", "regimen": _entries(person, BOTH)}
    if not document["regimen"]:
        raise InputError(Problem("every dose is of the test arm (ARM must be 'both' for the doses of both arms)", file))
    if added := _entries(person, TEST):
        document["compare"] = added
    if steady := [d.target.drug for d in person.doses if d.steady]:
        document["steady_state"] = steady
    check(document, library, file)
    totals: dict[Target, int] = {}
    for d in person.doses:
        totals[d.target] = totals.get(d.target, 0) + d.run.count
    matched = [f"{t.drug}, {t.route}: {n} dose{'s' * (n != 1)}" for t, n in totals.items()]
    notes = [*shared, "the person is not in the table: that of a healthy adult until 'person:' is given"]
    for count, what in ((person.observations, "of EVID 0 (observations)"), (person.others, "of EVID 2 or 3 (other events)")):
        notes += [f"left out: {count} {what}"] if count else []
    if person.idle:
        notes.append(f"II without ADDL or SS has no effect (records: {person.idle})")
    return Imported(document, matched, [], notes)


def _entries(person: _Person, arm: str) -> list[dict[str, Any]]:
    """Entries of the case: a repeated record each, single ones gathered where they are alike."""
    found: list[tuple[float, dict[str, Any]]] = []
    single: dict[tuple[Any, ...], list[Taken]] = {}
    for d in (d for d in person.doses if d.arm == arm):
        if d.run.count > 1 or d.steady:
            found.append((d.run.start, _entry(d, d.run)))
        else:
            single.setdefault(d.alike, []).append(d)
    for taken in single.values():
        pieces = runs(sorted(d.run.start for d in taken), LEAST_RUN)
        alone = [run.start for run in pieces if run.count == 1]
        found += [(run.start, _entry(taken[0], run)) for run in pieces if run.count > 1]
        if len(alone) > 1:
            entry = _entry(taken[0], Run(alone[0]))
            del entry["start"], entry["dose"]
            entry["doses"] = [{"time": f"{t:.12g} h", "dose": taken[0].dose} for t in alone]
            found.append((alone[0], entry))
        elif alone:
            found.append((alone[0], _entry(taken[0], Run(alone[0]))))
    return [entry for _, entry in sorted(found, key=lambda pair: pair[0])]


def _entry(d: Taken, run: Run) -> dict[str, Any]:
    entry: dict[str, Any] = {"drug": d.target.drug, "dose": d.dose, "route": d.target.route, "start": f"{run.start:.12g} h"}
    if run.every:
        entry |= {"every": f"{run.every:.12g} h", "count": run.count}
    if d.hours:
        entry["over"] = f"{d.hours:.12g} h"
    return entry
