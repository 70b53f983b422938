"""What changes if one dose is missed: of every repeated drug the last dose, and what its absence does to all concentrations."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from clearway.answers.plain import plain
from clearway.answers.targets import Prepared, mean_curve
from clearway.answers.thresholds import UPPER, limits
from clearway.exposure.arms import run, sum_of
from clearway.exposure.compare import COARSE
from clearway.exposure.nca import Floats, Window
from clearway.exposure.situation import measure_of
from clearway.exposure.targets import Target, split
from clearway.model.simulate import Simulation
from clearway.regimen import Entry, Measured

MOVED = 1.05
"""Fold by which a concentration of another drug must move to be told."""

TROUGH = 0.01
"""Part of its peak below which a drug has gone before the next dose as planned: no trough of it can be missed."""


@dataclass(frozen=True)
class Level:
    """A threshold of a compound (ng/mL), met or not by the lowest concentration."""

    kind: str
    threshold: float
    planned_met: bool
    missed_met: bool


@dataclass(frozen=True)
class Change:
    """Lowest concentration (ng/mL) of one compound in the interval that the missed dose would have covered."""

    compound: str
    label: str
    planned: float
    missed: float
    thresholds: tuple[Level, ...] = ()

    @property
    def ratio(self) -> float:
        return self.missed / self.planned if self.planned > 0.0 else math.nan


@dataclass(frozen=True)
class Missed:
    """One missed dose, at `at_h`, and what it changes; the drug's own compounds come first."""

    drug: str
    label: str
    at_h: float
    changes: tuple[Change, ...]

    def to_dict(self) -> dict[str, Any]:
        found = asdict(self)
        for row, change in zip(found["changes"], self.changes, strict=True):
            row["ratio"] = change.ratio
        return plain(found)  # type: ignore[no-any-return]


def missed_doses(p: Prepared) -> list[Missed]:
    """For every repeated drug of the test arm: its last dose taken or missed, everything else as planned. Genotypes by their
    mean activity. Raises SolveError."""
    due = _last_repeated(p)
    if not due:
        return []
    windows = {e.product: Window(e.times_h[-1], e.times_h[-1] + (e.interval_h or 0.0), "0-t") for e in due}
    planned = replace(p.test, mean_genotype=True)
    without = [replace(planned, doses=tuple(d for d in planned.doses if not _is(d.product, d.time_h, e))) for e in due]
    done, members, weights = run(p.model, [planned, *without], list(windows.values()), rtol=COARSE)
    targets = _targets(p)
    rows = [_row(p, done, e, windows[e.product], targets, members[0], lanes, weights) for e, lanes in zip(due, members[1:], strict=True)]
    return [row for row in rows if row.changes]


def _last_repeated(p: Prepared) -> list[Entry]:
    """The entry that each repeated product ends with."""
    last: dict[str, Entry] = {}
    for e in p.case.test.entries:
        if e.interval_h and (e.product not in last or e.times_h[-1] > last[e.product].times_h[-1]):
            last[e.product] = e
    return list(last.values())


def _is(product: str, time: float, entry: Entry) -> bool:
    return product == entry.product and abs(time - entry.times_h[-1]) < 1e-9


def _targets(p: Prepared) -> list[Target]:
    """Every drug that is taken: racemates as their sum."""
    found: dict[tuple[str, ...], Target] = {}
    for e in p.case.test.entries:
        item = Measured(e.product, e.compounds, "last", "tau")
        for read in split(p.library, item, None, measure_of(item, p.case.test), e.route):
            if not read.target.part_of:
                found.setdefault(read.target.compounds, read.target)
    return list(found.values())


def _row(
    p: Prepared, done: Simulation, entry: Entry, window: Window, targets: Sequence[Target],
    planned: Sequence[int], missed: Sequence[int], weights: Floats,
) -> Missed:  # fmt: skip
    inside = (done.times >= window.start - 1e-9) & (done.times <= window.end + 1e-9)
    changes = []
    for t in targets:
        both = sum_of([done.plasma(c) for c in t.compounds])
        curves = [mean_curve(both, lanes, weights)[inside] * t.molar_mass for lanes in (planned, missed)]
        low = [float(c.min()) for c in curves]
        if low[0] < TROUGH * float(curves[0].max()):
            continue
        change = Change(t.name, t.label, low[0], low[1], tuple(_levels(p, t, *low)))
        own = bool(set(t.compounds) & set(entry.compounds))
        if own or not 1.0 / MOVED < change.ratio < MOVED:
            changes.append((not own, change))
    product = p.library.product(entry.product)
    ordered = sorted(changes, key=lambda row: (row[0], -abs(math.log(row[1].ratio)) if row[1].ratio > 0 else 0.0))
    return Missed(entry.product, product.name, entry.times_h[-1], tuple(change for _, change in ordered))


def _levels(p: Prepared, target: Target, planned: float, missed: float) -> Iterator[Level]:
    """Thresholds that a trough must stay above."""
    for row, limit in limits(p.library, target):
        if row["kind"] != UPPER:
            yield Level(row["kind"], limit, planned >= limit, missed >= limit)
