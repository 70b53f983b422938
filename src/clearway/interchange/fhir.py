"""A FHIR R4 bundle of MedicationStatements → a case document, with an account of every statement.

Time 0 is the index date. What began before it is `regimen`, at steady state; what begins on it or later is `compare`, so that the
case asks what the new medicines do to those already taken. Of the person only sex and age are carried, and no calendar date.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from clearway.errors import InputError, Problem
from clearway.interchange._bundle import Bundle, read_bundle
from clearway.interchange._dosages import PERIODS, Read, Unread, read_dosage
from clearway.interchange._medicines import Medicines
from clearway.interchange.imported import Imported, check
from clearway.library import Library
from clearway.library.document import Document
from clearway.regimen.block import Problems
from clearway.regimen.case import FORMAT
from clearway.regimen.entries import Reader
from clearway.units import convert

TAKEN = ("active", "intended", "completed")
DAYS = 14
"""How long the case follows what is still being taken."""
YOUNGEST, OLDEST = 16, 100


@dataclass
class _Statement:
    """One dosage of one statement, ready to be placed in time. `start`, `end` are None where not known to the day."""

    number: int
    label: str
    product: str
    read: Read
    status: str
    start: datetime | None
    end: datetime | None


@dataclass
class _Account:
    matched: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_fhir(
    text: str, library: Library, *, index: date | None = None, days: int = DAYS, route: str = "", file: str = "<text>"
) -> Imported:
    """The case of a bundle about one person.

    index: the day that is time 0; by default the day on which the newest of the medicines taken begins. days: how long open-ended
    medicines are followed. route: what a dosage without a route is taken as (nothing: it is not read).
    Raises `InputError` for what is no bundle, holds more than one person, or leaves no medicine. Its text names no person.
    """
    if not 1 <= days <= 365:
        raise InputError(f"--days out of range ({days}; allowed 1 to 365)")
    bundle = read_bundle(text, file)
    _one_person(bundle, file)
    account = _Account()
    found = _statements(bundle, library, route, account)
    starts = [s.start for s in found if s.start]
    zero = datetime(index.year, index.month, index.day, tzinfo=UTC) if index else (_midnight(max(starts)) if starts else None)
    account.notes.append("time 0 is the index date" if index else _NEWEST if zero else _TIMELESS)
    regimen, compare, steady = _placed(found, zero, days, account)
    account.unmatched += [f"entry {number}: {why}" for number, why in bundle.invalid.items()]
    if not regimen:
        regimen, compare = compare, []
    if not regimen:
        why = "; ".join(account.unmatched[:3]) or "the bundle has no MedicationStatement"
        raise InputError(Problem(f"no medicine could be taken over ({why})", file))
    document: dict[str, Any] = {"format": FORMAT, "title": "from a medication list"}
    if person := _person(bundle, zero, account):
        document["person"] = person
    document |= {"regimen": regimen} | ({"compare": compare} if compare else {}) | ({"steady_state": steady} if steady else {})
    for kind, count in bundle.others.items():
        account.notes.append(
            f"{count} {kind} not read" + (" (a prescription does not say what is taken)" if kind == "MedicationRequest" else "")
        )
    check(document, library, file)
    return Imported(document, account.matched, account.unmatched, account.notes)


_NEWEST = "time 0 is the day on which the newest of these begins"
_TIMELESS = "no statement says when it began: all are taken as long-standing"


def _one_person(bundle: Bundle, file: str) -> None:
    about = {str((s.get("subject") or {}).get("reference", "")) for s in bundle.statements.values()}
    if len(bundle.patients) > 1 or len(about) > 1:
        raise InputError(Problem("is about more than one person (export one person's list)", file))


def _statements(bundle: Bundle, library: Library, route: str, account: _Account) -> list[_Statement]:
    """Every dosage that can be read; the others go to the account."""
    medicines, found = Medicines(library), []
    for number, statement in bundle.statements.items():
        codings, names = _medication(bundle, statement)
        label = f"entry {number}, {bundle.hide(next(iter(names), '') or next((c for _, c in codings), 'unnamed'))}"
        status = str(statement.get("status"))
        if status not in TAKEN:
            known = status in ("entered-in-error", "stopped", "on-hold", "unknown", "not-taken")
            account.unmatched.append(f"{label}: its status is {status if known else 'none that FHIR has'}")
            continue
        match = medicines.find(codings, names)
        missing = library.missing(library.product(match.product)) if match.product else []
        if not match.product or missing:
            why = f"contains {' and '.join(missing)}, which the library does not have yet" if missing else bundle.hide(match.reason, 200)
            account.unmatched.append(f"{label}: {why}")
            continue
        dosages = statement.get("dosage") or []
        if not dosages:
            account.unmatched.append(f"{label}: is {match.product}, but has no dosage")
        if len({d.get("sequence", 1) for d in dosages}) > 1 and not all(_bounded(d) for d in dosages):
            account.unmatched.append(f"{label}: is {match.product}, but its dosages follow each other without saying when")
            continue
        for dosage in dosages:
            try:
                read = read_dosage(dosage, library.product(match.product), route)
                read.entry = {"drug": match.product, **read.entry}
                _fits(read.entry, library)
            except Unread as why:
                account.unmatched.append(f"{label}: is {match.product}, but its dosage is not read: {why}")
                continue
            start, end = _span(statement, read)
            found.append(_Statement(number, label, match.product, read, status, start, end))
            said = "".join(f"; {text}" for text in read.said)
            account.matched.append(f"{label}: {match.product} ({match.by}), {read.entry['dose']} {read.entry['route']}{said}")
    twice = [s.product for i, s in enumerate(found) if any(o.product == s.product and o.number != s.number for o in found[:i])]
    account.notes += [f"{product} stands in more than one statement: each is taken" for product in dict.fromkeys(twice)]
    return found


def _medication(bundle: Bundle, statement: dict[str, Any]) -> tuple[list[tuple[str, str]], list[str]]:
    """Codings and names, of the statement itself, or of the Medication it contains or refers to."""
    concept = statement.get("medicationCodeableConcept")
    if concept is None:
        reference = statement.get("medicationReference") or {}
        name = str(reference.get("reference", ""))
        inside = next((c for c in statement.get("contained", ()) if name == f"#{c.get('id')}"), None)
        medication = inside or bundle.medications.get(name) or {}
        concept = medication.get("code") or {}
        if not concept and reference.get("display"):
            concept = {"text": reference["display"]}
    codings = [c for c in concept.get("coding", ()) if isinstance(c, dict)]
    names = [concept.get("text"), *(c.get("display") for c in codings)]
    return [(str(c.get("system", "")), str(c.get("code", ""))) for c in codings], list(dict.fromkeys(str(n) for n in names if n))


def _bounded(dosage: dict[str, Any]) -> bool:
    return "boundsPeriod" in ((dosage.get("timing") or {}).get("repeat") or {})


def _fits(entry: dict[str, Any], library: Library) -> None:
    """The entry as the case reader sees it (routes, units, limits). Raises `Unread` with its sentence."""
    trial = {**entry, "until": "365 d"} if "times" in entry else {**entry, "count": 1}
    problems = Problems(Document("", trial))
    Reader(problems, library, None).entry(trial, (), 0)
    if problems.errors:
        raise Unread(problems.errors[0].message)


def _span(statement: dict[str, Any], read: Read) -> tuple[datetime | None, datetime | None]:
    """When it is taken: the bounds of the dosage before those of the statement. A day as an end is included."""
    period = read.bounds.get("boundsPeriod") or statement.get("effectivePeriod") or {}
    if "effectiveDateTime" in statement and not period:
        period = {"start": statement["effectiveDateTime"]}
    start, end = _moment(period.get("start")), _moment(period.get("end"), last=True)
    lasts = read.bounds.get("boundsDuration")
    unit = PERIODS.get(str((lasts or {}).get("code")))
    if start and lasts and unit:
        end = start + timedelta(hours=convert(float(lasts["value"]), unit, "h"))
    return start, end


def _moment(text: Any, *, last: bool = False) -> datetime | None:
    """A date or time of FHIR; None if it is known to the month or year only."""
    if not isinstance(text, str) or len(text) < 10:
        return None
    if len(text) == 10:
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1 if last else 0)
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _midnight(at: datetime) -> datetime:
    return datetime(at.year, at.month, at.day, tzinfo=UTC)


def _placed(
    found: list[_Statement], zero: datetime | None, days: int, account: _Account
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[str]]:
    """Entries of `regimen` and `compare`, and what is at steady state."""
    regimen: list[dict[str, Any]] = []
    compare: list[dict[str, Any]] = []
    horizon = 24.0 * days
    for s in found:
        begins = _hours(s.start, zero) if s.start and zero else None
        ends = _hours(s.end, zero) if s.end and zero else None
        if s.status == "completed" and ends is None:
            account.unmatched.append(f"{s.label}: completed, and no day is given on which it ended")
            continue
        if ends is not None and ends <= 0:
            account.unmatched.append(f"{s.label}: ended before time 0")
            continue
        old = begins is None or begins < 0
        start = 0.0 if old else begins or 0.0
        until = min(horizon, ends) if ends is not None else horizon
        if until <= start:
            account.unmatched.append(f"{s.label}: begins after the {days} days that are followed (use --days)")
            continue
        entry = {"drug": s.product, "dose": s.read.entry["dose"], "route": s.read.entry["route"], "start": f"{start:.12g} h"}
        clock = "times" in s.read.entry
        if not clock and old and "count" in s.read.entry:
            account.unmatched.append(f"{s.label}: a counted number of doses that began before time 0 (add what is left by hand)")
            continue
        if clock:  # times of day count from midnight
            entry["start"] = f"{24.0 * (start // 24.0):.12g} h"
        entry |= {k: s.read.entry[k] for k in ("every", "times", "count", "over") if k in s.read.entry}
        entry["until"] = f"{until:.12g} h"
        (regimen if old else compare).append(entry)
        if old:
            since = f"began {-begins / 24:.0f} days before time 0" if begins is not None else "no day of its beginning is given"
            account.notes.append(f"{s.product}: {since}: taken as at steady state")
    old_ones = [str(e["drug"]) for e in regimen]
    steady = [product for product in dict.fromkeys(old_ones) if old_ones.count(product) == 1]
    account.notes += [f"{p}: more than one dosage: without steady state" for p in dict.fromkeys(old_ones) if p not in steady]
    return regimen, compare, steady


def _hours(at: datetime, zero: datetime) -> float:
    return round((at - zero).total_seconds() / 3600.0, 6)


def _person(bundle: Bundle, zero: datetime | None, account: _Account) -> dict[str, Any]:
    """Sex and age; nothing else of a Patient."""
    patient = bundle.patients[0] if bundle.patients else {}
    person: dict[str, Any] = {}
    if patient.get("gender") in ("male", "female"):
        person["sex"] = patient["gender"]
    born = _birthday(patient)
    if born:
        today = zero.date() if zero else datetime.now(tz=UTC).date()
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        if not YOUNGEST <= age <= OLDEST:
            raise InputError(f"the person's age is outside what the model was built for (allowed {YOUNGEST} to {OLDEST} years)")
        person["age"] = age
    missing = " and ".join(key for key in ("sex", "age") if key not in person)
    account.notes.append("of the person only sex and age are carried" + (f" ({missing} not given)" if missing else ""))
    return person


def _birthday(patient: dict[str, Any]) -> date | None:
    """A birth date known to the year or month only is taken as its middle."""
    text = str(patient.get("birthDate", ""))
    full = {4: f"{text}-07-01", 7: f"{text}-15", 10: text}.get(len(text))
    return date.fromisoformat(full) if full else None
