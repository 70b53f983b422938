"""`clearway audit`: every value of the library with its evidence, and the values on which most hangs while least is known.

How weak a point is: the standard deviation of ln(value) that its evidence leaves (`exposure.spread`) times how much of what the
library predicts acts through it: the sum of |ln factor| over all pairs of the static screen, in the route where it is larger.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from clearway.answers.plain import plain
from clearway.exposure.spread import SIGMA, sigma
from clearway.library import Library
from clearway.library.compound import Compound, Value
from clearway.library.labels import label
from clearway.library.raw import Entry, entries
from clearway.library.values import values
from clearway.model.interaction import SYNONYMS
from clearway.model.lane import KINDS as MECHANISMS
from clearway.model.model import Model
from clearway.screening import Predictions, predictions

FORMAT = "clearway.audit/1"
COLUMNS = (
    "of", "value", "number", "unit", "evidence", "source", "year", "read", "second_hand", "conflicts", "furthest", "spread",
    "weight", "weakness", "why",
)  # fmt: skip
DISAGREE = 2.0
"""Sources that differ by more than this factor are listed."""


@dataclass(frozen=True)
class Audited:
    """One value. `year` is that of its source, `furthest` the fold to the source that disagrees most, `spread` the standard
    deviation of ln(value), `weight` the sum of |ln factor| of the predictions that act through it, `weakness` their product."""

    of: str
    value: str
    number: float
    unit: str
    evidence: str
    source: str
    year: int | None
    read: str
    conflicts: int
    furthest: float
    spread: float
    weight: float
    why: str

    @property
    def second_hand(self) -> bool:
        """Taken from a table of the project; the page it names was not opened again."""
        return self.read == "project table"

    @property
    def weakness(self) -> float:
        return self.spread * self.weight


@dataclass(frozen=True)
class Audit:
    """All values of a library, or those of some of its compounds."""

    rows: tuple[Audited, ...]

    @cached_property
    def weakest(self) -> list[Audited]:
        """Those that weigh in predictions, the weakest first."""
        return sorted((r for r in self.rows if r.weakness > 0.0), key=lambda r: (-r.weakness, r.of, r.value))

    @property
    def kinds(self) -> dict[str, int]:
        """How many values there are of each kind of evidence."""
        return {kind: sum(r.evidence == kind for r in self.rows) for kind in SIGMA}

    @property
    def disputed(self) -> list[Audited]:
        """Values from which a source differs more than `DISAGREE`-fold, the furthest first."""
        return sorted((r for r in self.rows if r.furthest > DISAGREE), key=lambda r: (-r.furthest, r.of, r.value))

    @property
    def decades(self) -> dict[str, int]:
        """Values by the decade of their source; without a source or a year apart."""
        found: dict[str, int] = {}
        for r in self.rows:
            name = f"{r.year // 10 * 10}s" if r.year else "no year" if r.source else "no source"
            found[name] = found.get(name, 0) + 1
        return dict(sorted(found.items()))

    def to_dict(self) -> dict[str, Any]:
        """`clearway.audit/1`."""
        rows = [{name: getattr(r, name) for name in COLUMNS} for r in self.rows]
        weakest = [f"{r.of}: {r.value}" for r in self.weakest[:20]]
        found = {"format": FORMAT, "kinds": self.kinds, "decades": self.decades, "weakest": weakest, "rows": rows}
        return plain(found)  # type: ignore[no-any-return]

    def to_csv(self) -> str:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([f"{v:.6g}" if isinstance(v := getattr(r, name), float) else v for name in COLUMNS] for r in self.rows)
        return out.getvalue()


def audit(library: Library | None = None, drugs: Sequence[str] = ()) -> Audit:
    """Every value of the library; with `drugs` only those of their compounds and metabolites, weighed in all predictions.
    Raises UnknownName for a name that the library does not have."""
    known = library or Library.load()
    model = Model(known)
    wanted = model.closure({c for name in drugs for c in known.parts(name)}) if drugs else list(known.compounds)
    weights = _Weights(predictions(model))
    rows = [r for name in wanted for r in _compound(known, known.compounds[name], weights)]
    if not drugs:
        rows += [_raw(known, table, entry, weights) for table, entry in _tables(known)]
    return Audit(tuple(rows))


class _Weights:
    """Sums of |ln factor| over the pairs of the screen: by perpetrator, enzyme and mechanism; by victim and enzyme; by either."""

    def __init__(self, found: Predictions) -> None:
        p = found.plan
        self.enzymes, self.enzyme = p.enzymes, np.zeros((len(p.enzymes), len(MECHANISMS)))
        self.acts: dict[str, np.ndarray[Any, np.dtype[np.float64]]] = {}
        self.shares: dict[str, np.ndarray[Any, np.dtype[np.float64]]] = {}
        self.oral: dict[str, float] = {}
        for block in found.blocks:
            logs = np.nan_to_num(np.abs(block.parts[:, 0]))  # perpetrator, target, route, enzyme, mechanism
            size = logs.sum(axis=1).max(axis=1) / logs.shape[1]
            self.enzyme += size.sum(axis=0)
            for row, doer in zip(size, block.perpetrators, strict=True):
                for name in p.model.closure(p.drugs[doer].compounds):
                    self.acts[name] = self.acts.get(name, 0.0) + row
            for name in p.drugs[block.victim].compounds:
                self.shares[name] = self.shares.get(name, 0.0) + size.sum(axis=(0, 2))
                self.oral[name] = self.oral.get(name, 0.0) + float(np.abs(logs[..., -1, :, :]).sum())

    def of(self, compound: str, place: str) -> float:
        """What acts through a value at this place of a compound's file."""
        doing, suffering = self.acts.get(compound), self.shares.get(compound)
        does = float(doing.sum()) if doing is not None else 0.0
        suffers = float(suffering.sum()) if suffering is not None else 0.0
        if place.startswith("acts_on[") and doing is not None:
            name, _, rest = place.removeprefix("acts_on[").partition("]")
            enzyme = SYNONYMS.get(name.partition("@")[0], name.partition("@")[0])
            kind = next(m for m in MECHANISMS if rest.removeprefix(".").startswith(m))
            return float(doing[self.enzymes.index(enzyme), MECHANISMS.index(kind)]) if enzyme in self.enzymes else 0.0
        if place.startswith("elimination.paths[") and place.endswith(".share") and suffering is not None:
            enzyme = place.removeprefix("elimination.paths[").partition("]")[0].partition("@")[0]
            return float(suffering[self.enzymes.index(enzyme)]) if enzyme in self.enzymes else 0.0
        if place in ("elimination.clearance.value", "molecule.fraction_unbound"):
            return does
        if place == "absorption.oral.gut_availability":
            return suffers
        return 0.0

    def turnover(self, enzyme: str) -> float:
        """What acts through kdeg: inactivation, and how fast everything else comes."""
        if enzyme not in self.enzymes:
            return 0.0
        return float(self.enzyme[self.enzymes.index(enzyme), MECHANISMS.index("inactivation")])


def _compound(library: Library, c: Compound, weights: _Weights) -> Iterator[Audited]:
    for place, value in values(c):
        yield _row(library, c.compound, label(place), value, weights.of(c.compound, place))


def _row(library: Library, of: str, name: str, v: Value, weight: float) -> Audited:
    source = library.references.get(v.source or "", {})
    folds = [math.exp(abs(math.log(o.value / v.value))) for o in v.conflicts if o.value > 0.0 and v.value > 0.0 and o.unit in ("", v.unit)]
    year = source.get("year")
    return Audited(
        of, name, v.value, v.unit, v.evidence, v.source or ", ".join(v.fitted_to), year if isinstance(year, int) else None,
        str(source.get("read", "")), len(v.conflicts), max(folds, default=1.0), sigma(v), weight, v.because or v.note,
    )  # fmt: skip


def _tables(library: Library) -> Iterator[tuple[str, Entry]]:
    for table, raw in (("enzymes", library.enzymes), ("genotypes", library.genotypes), *library.physiology.items()):
        for entry in entries(raw):
            yield table, entry


def _raw(library: Library, table: str, entry: Entry, weights: _Weights) -> Audited:
    if table != "enzymes" or len(entry.path) < 3:
        return _row(library, table, ": ".join(entry.path), entry.value, 0.0)
    enzyme, *place = entry.path[1:]
    return _row(library, enzyme, ": ".join(place), entry.value, weights.turnover(enzyme) if "kdeg" in place else 0.0)


__all__ = ["Audit", "Audited", "audit"]
