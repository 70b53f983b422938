"""A case → event records in NONMEM's columns: one row a dose or a run of equal doses.

The numeric columns stand first, the legend in words (DRUG, ROUTE, ARM, UNIT) after them, without blanks inside, so that a reader
that stops at the last column it knows is not disturbed. TIME, II in h; AMT as the product is named (mg of the salt, if the product
is dosed as such, or tablets); RATE in AMT per h.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from clearway.errors import InputError, Problem
from clearway.interchange._runs import SAME, runs
from clearway.library import Library
from clearway.library.products import Product
from clearway.regimen import Case, Dose, Entry

NUMERIC = ("ID", "TIME", "AMT", "EVID", "CMT", "RATE", "ADDL", "II", "SS")
WORDS = ("DRUG", "ROUTE", "ARM", "UNIT")
BOTH, TEST = "both", "test"


@dataclass(frozen=True)
class Row:
    """One event record; `rate` 0 is no infusion."""

    time: float
    amount: float
    rate: float
    additional: int
    interval: float
    steady: bool
    product: str
    route: str
    arm: str
    unit: str


@dataclass
class Table:
    """The rows in order of time, and what these columns do not hold of the case."""

    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def compartments(self) -> dict[tuple[str, str], int]:
        """CMT of each (drug, route), numbered in order of first dose, those of the test arm last."""
        pairs = dict.fromkeys((r.product, r.route) for r in self.rows)
        return {pair: i for i, pair in enumerate(pairs, 1)}

    def to_csv(self) -> str:
        """The whole table, with a header."""
        compartments = self.compartments
        lines = [",".join((*NUMERIC, *WORDS))]
        first = True
        for r in sorted(self.rows, key=lambda r: (r.time, not r.steady)):
            steady = (1 if first else 2) if r.steady else 0
            first = False
            numbers = (1, r.time, r.amount, 1, compartments[r.product, r.route], r.rate, r.additional, r.interval, steady)
            lines.append(",".join([*(f"{n:.12g}" for n in numbers), r.product, r.route.replace(" ", "-"), r.arm, r.unit]))
        return "\n".join(lines) + "\n"


def write_events(case: Case, library: Library) -> str:
    """The doses of a case as a CSV text with NONMEM's columns (see `event_table` for what they do not hold)."""
    return event_table(case, library).to_csv()


def event_table(case: Case, library: Library) -> Table:
    """The rows of a case. Both arms stand in one table: ARM says which rows are in the test arm only.

    The first steady-state record has SS=1, those after it SS=2, since SS=1 sets to zero what other drugs left behind.
    Raises `InputError` for a drug at steady state that takes unequal doses within one interval: one SS record cannot hold it.
    """
    table = Table()
    steady = {s.product: s for s in case.steady_state}
    for entries, arm in ((case.regimen.entries, BOTH), (case.compare.entries, TEST)):
        begun: set[str] = set()
        for entry in sorted(entries, key=lambda e: e.times_h[0]):
            pattern = steady.get(entry.product) if arm == BOTH and entry.product not in begun else None
            begun.add(entry.product)
            rows = list(_rows(entry, library.product(entry.product), arm))
            interval = _one_interval(entry, pattern.doses, pattern.interval_h, case.file) if pattern and rows else 0.0
            table.rows += _at_steady_state(rows, interval) if interval else rows
            if pattern and pattern.start_h > SAME:
                text = "is at steady state before its first record here; in NONMEM it is absent until then"
                table.notes.append(f"{entry.product} {text}")
    if not table.rows:
        raise InputError(Problem("has no dose above 0 (nothing to write)", case.file))
    table.notes += _left_behind(case)
    return table


def _rows(entry: Entry, product: Product, arm: str) -> Iterable[Row]:
    """Runs of equal doses of one entry."""
    unit = product.unit if _in_units(product, entry.doses) else "mg"
    named: dict[tuple[float, float], list[float]] = {}
    for dose in entry.doses:
        part = next(p for p in product.parts if p.compound == dose.drug)
        if dose.drug != entry.compounds[0] or dose.dose_mg <= 0:
            continue
        per = part.per_unit.value if unit != "mg" and part.per_unit else product.per_mg(part)
        named.setdefault((dose.dose_mg / per, dose.duration_h), []).append(dose.time_h)
    for (amount, duration), times in named.items():
        for run in runs(times):
            rate = amount / duration if duration else 0.0
            yield Row(run.start, amount, rate, run.count - 1, run.every, False, product.product, entry.route, arm, unit.replace(" ", "-"))


def _in_units(product: Product, doses: list[Dose]) -> bool:
    """Whether the doses were counted in the product's unit: then every part is the same number of units."""
    per = {p.compound: p.per_unit.value for p in product.parts if p.per_unit}
    if not product.unit or not per:
        return False
    counts: dict[float, list[float]] = {}
    for dose in doses:
        if dose.drug in per:
            counts.setdefault(dose.time_h, []).append(dose.dose_mg / per[dose.drug])
    return all(abs(n - found[0]) <= 1e-9 * max(found[0], 1.0) for found in counts.values() for n in found)


def _one_interval(entry: Entry, doses: list[Dose], interval: float, file: str) -> float:
    """The interval of equal doses that the steady state repeats."""
    mine = [d for d in doses if d.drug == entry.compounds[0]]
    step = interval / max(len(mine), 1)
    even = all(abs(d.time_h - i * step) < SAME for i, d in enumerate(mine))
    if not even or len({(d.dose_mg, d.duration_h) for d in mine}) > 1:
        text = "at steady state with unequal doses or times, which one SS record cannot hold (give the doses without steady_state)"
        raise InputError(Problem(f"{entry.product} is {text}", file))
    return step


def _at_steady_state(rows: list[Row], interval: float) -> list[Row]:
    """The first record stands for those before it. An infusion's later doses stand apart: NONMEM wants ADDL 0 there."""
    rows = sorted(rows, key=lambda r: r.time)
    first, rest = rows[0], rows[1:]
    if first.additional and (first.rate or abs(first.interval - interval) > SAME):
        later = first.additional - 1
        rest.insert(0, replace(first, time=first.time + first.interval, additional=later, interval=first.interval if later else 0.0))
        first = replace(first, additional=0)
    return [replace(first, interval=interval, steady=True), *rest]


def _left_behind(case: Case) -> list[str]:
    notes = ["the person, the genotypes and what is measured are not in these columns"]
    fed = sum(1 for d in case.test.doses if d.form and d.form.fed)
    if fed:
        notes.append(f"{fed} doses are taken with a meal, which these columns do not hold")
    zero = sum(1 for d in case.test.doses if d.dose_mg <= 0)
    if zero:
        notes.append(f"{zero} doses of 0 are left out")
    return notes
