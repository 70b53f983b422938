"""A case file (`clearway.case/1`): one person, what they take, and what is compared.

format: clearway.case/1
title: methadone with and without nelfinavir
person: {sex: male, age: 40, height: 176 cm, weight: 73 kg}
regimen:                      # in both arms
  - {drug: methadone, dose: 60 mg, route: oral, every: 24 h, count: 15}
compare:                      # in the test arm only
  - {drug: nelfinavir, dose: 1250 mg, route: oral, every: 12 h, count: 28}
steady_state: [methadone]
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from clearway.library.document import Document, Key, parse_document, read_document
from clearway.library.library import Library
from clearway.physiology.population import Population
from clearway.regimen.block import Block, Problems
from clearway.regimen.dose import AucKind, Dose, Measured, PersonSpec, Regimen, SteadyState
from clearway.regimen.entries import MAX_TIME_H, Reader
from clearway.regimen.person import read_person
from clearway.regimen.population import check_taken, read_population
from clearway.regimen.rules import check_together, steady_state
from clearway.units import to_internal

FORMAT = "clearway.case/1"
FIELDS = ("format", "title", "person", "population", "regimen", "compare", "steady_state", "measure", "duration", "note")
MEASURE_FIELDS = ("compound", "compounds", "after_dose", "auc", "until", "from")
# How long a single dose is followed when the case does not say.
SINGLE_DOSE_WINDOW_H = 72.0


@dataclass
class Case:
    """A checked case. Control arm = `regimen`; test arm = `regimen` + `compare`. `population`: the people of a cohort."""

    title: str
    person: PersonSpec
    population: Population
    regimen: Regimen
    compare: Regimen = field(default_factory=Regimen)
    steady_state: list[SteadyState] = field(default_factory=list)
    measured: list[Measured] = field(default_factory=list)
    duration_h: float = 0.0
    warnings: list[str] = field(default_factory=list)
    file: str = ""

    @property
    def test(self) -> Regimen:
        """The regimen of the test arm."""
        return self.regimen + self.compare

    @property
    def doses(self) -> list[Dose]:
        """The doses of the control arm."""
        return self.regimen.doses

    @property
    def drugs(self) -> list[str]:
        """Compound ids of both arms, in order of mention."""
        return self.test.drugs

    @staticmethod
    def load(path: Path | str, library: Library | None = None) -> Case:
        """Read a case file, by default with Clearway's own library. Raises `InputError` with every problem found."""
        return read_case(read_document(path), library or Library.load())

    @staticmethod
    def parse(text: str, library: Library, file: str = "<text>") -> Case:
        """Read a case from text."""
        return read_case(parse_document(text, file), library)


def check_format(problems: Problems, data: Any, wanted: str) -> bool:
    """The first line of every file says what it is."""
    if not isinstance(data, dict):
        problems.error((), f"must be a mapping (begin with 'format: {wanted}')")
        return False
    given = data.get("format")
    if given != wanted:
        said = "missing" if given is None else f"not accepted ({given!r})"
        near = " (newer than this Clearway?)" if isinstance(given, str) and difflib.get_close_matches(given, [wanted], 1, 0.8) else ""
        problems.error(("format",), f"format {said}; write 'format: {wanted}'{near}")
        return False
    return True


def read_case(document: Document, library: Library) -> Case:
    """The case of a document. Raises `InputError` with every problem found, in the order of the file."""
    problems = Problems(document)
    if not check_format(problems, document.data, FORMAT):
        problems.stop()
    block = Block(problems, document.data, (), FIELDS)
    person = read_person(problems, block.data.get("person"), ("person",), library)
    population = read_population(problems, block.data.get("population"), ("population",), library, person)
    reader = Reader(problems, library, person.weight_kg)
    rows, added = block.items("regimen"), block.items("compare")
    regimen = Regimen(reader.entries(rows, ("regimen",)))
    compare = Regimen(reader.entries(added, ("compare",), len(rows)))
    if not block.data.get("regimen"):
        problems.error(("regimen",), "no doses (add at least one entry under 'regimen')")
    problems.stop()  # what follows needs sound entries
    places: list[Key] = []
    places += [("regimen", i) for i in range(len(rows))]
    places += [("compare", i) for i in range(len(added))]
    check_together(problems, library, regimen + compare, places)
    check_taken(problems, ("population",), population, regimen + compare)
    steady = steady_state(problems, library, block.items("steady_state"), ("steady_state",), regimen, compare)
    measured = _measure(problems, block.data.get("measure"), library, regimen, compare)
    duration = block.quantity("duration", "time", 0.1, MAX_TIME_H, like="15 d")
    case = Case(block.text("title"), person, population, regimen, compare, steady, measured, file=document.file)
    case.duration_h = _duration(problems, case, duration, places)
    problems.stop()
    case.warnings = [str(w) for w in problems.warnings]
    return case


def read_measured(block: Block) -> tuple[Any, AucKind | None, float | None, float]:
    """`after_dose`, `auc`, `until`, `from`: shared by cases and studies."""
    after: Any = block.data.get("after_dose", "last")
    if isinstance(after, str) and after != "last":
        got = block.amount("after_dose", after, ("time",), like="312 h")
        after = float(to_internal(*got)) if got else "last"
    elif isinstance(after, bool) or not isinstance(after, str | int) or (isinstance(after, int) and after < 1):
        block.error("after_dose", f"not accepted ({after!r}; 'last', a dose number from 1, or a time such as '312 h')")
        after = "last"
    kind = block.choice("auc", ("inf", "tau", "0-t"))
    until = block.quantity("until", "time", 0.01, MAX_TIME_H, like="24 h")
    start = block.quantity("from", "time", 0, MAX_TIME_H, default=0.0, like="24 h") or 0.0
    if kind == "0-t" and until is None:
        block.error("auc", "'0-t' needs its end (add 'until: 24 h')")
    if until is not None and start >= until:
        block.error("from", f"starts after it ends (from {start:g} h; until {until:g} h)")
    return after, cast(AucKind | None, kind), until, start


def _measure(problems: Problems, data: Any, library: Library, regimen: Regimen, compare: Regimen) -> list[Measured]:
    """What is measured: each product of `regimen`, or the compounds named."""
    block = Block(problems, data, ("measure",), MEASURE_FIELDS)
    after, kind, until, start = read_measured(block)
    named = block.items("compounds") if "compounds" in block else ([block.data["compound"]] if "compound" in block else [])
    key = "compounds" if "compounds" in block else "compound"
    out: list[Measured] = []
    for name in named:
        if not isinstance(name, str) or name.strip().lower() not in library.names():
            block.error(key, library.unknown(str(name)))
            continue
        given = regimen + compare
        compounds = library.parts(name)
        # A metabolite is measured after the dose of the regimen it comes from; all of it if that is not unique.
        parent = [] if set(compounds) & set(given.drugs) else regimen.drugs
        out.append(Measured(name, compounds, after, kind or "tau", until, start, parent))
    if not named:
        for entry in regimen.entries:
            if all(m.name != entry.product for m in out):
                out.append(Measured(entry.product, entry.compounds, after, kind or "tau", until, start))
    for item in out:
        arm = regimen if set(item.parent or item.compounds) & set(regimen.drugs) else compare
        wanted = set(item.parent or item.compounds)
        single = all(e.interval_h is None for e in arm.entries if wanted & set(e.compounds))
        if kind is None:
            item.auc = "inf" if single and until is None else ("0-t" if single else "tau")
        try:
            item.window(arm)
        except ValueError as error:
            block.error("after_dose", str(error))
    return out


def _duration(problems: Problems, case: Case, given: float | None, places: list[Key]) -> float:
    """The given duration, checked against doses and windows, or the end of the last window."""
    ends: list[float] = []
    for item in case.measured:
        arm = case.regimen if set(item.parent or item.compounds) & set(case.regimen.drugs) else case.compare
        try:
            window = item.window(arm)
        except ValueError:
            continue  # reported already
        ends.append(window.end_h if window.end_h is not None else window.dose_h + SINGLE_DOSE_WINDOW_H)
        if given is not None and window.end_h is not None and window.end_h > given + 1e-9:
            text = f"ends before {item.name} is measured ({given:g} h; the window ends at {window.end_h:g} h)"
            problems.error(("duration",), text)
    if given is None:
        return max(ends, default=SINGLE_DOSE_WINDOW_H)
    for entry in case.test.entries:
        late = [t for t in entry.times_h if t >= given]
        if late:
            number = entry.doses[0].entry if entry.doses else 0
            text = f"dose after the end ({late[0]:g} h; the case ends at {given:g} h; lengthen 'duration' or stop earlier)"
            problems.error(places[number], text)
    return given
