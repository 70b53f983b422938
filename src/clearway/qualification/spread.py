"""How virtual people differ, against how people were seen to differ: `spread.yaml` (format clearway.spread/1).

The people are those of `clearway cohort`, computed by the same code; nothing of them is set by what they are held against.
"""

from __future__ import annotations

import json
import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from clearway.cohort.plan import Plan, column
from clearway.cohort.tables import Chunk
from clearway.cohort.work import Work
from clearway.errors import InputError
from clearway.exposure.nca import Floats
from clearway.library import Library
from clearway.library.document import read_document
from clearway.qualification.single import LIMIT
from clearway.regimen import Case
from clearway.units import convert

FILE = Path(__file__).parent / "spread.yaml"
PEOPLE = 4000
"""Virtual people of a group: one chunk, with two hundred and more of the rarest genotype."""

QUARTILE = NormalDist().inv_cdf(0.75)
FOLDS = (0.05, 0.5, 0.95)
"""Probabilities at which highest over lowest of as many people as were studied is given."""

WIDEST, HALVINGS = 1e6, 40
"""Folds up to this are looked for, by so many halvings of its logarithm."""

UNITS = {"clearance": "L/h", "concentration": "ng/mL", "lowest": "ng/mL"}

Statistic = Literal["median", "CV", "fold", "mean"]


class Between(NamedTuple):
    """A number with what bounds it."""

    low: float
    value: float
    high: float


@dataclass(frozen=True)
class Held:
    """One published statistic and the same of virtual people, in the unit of the source. `who`: the genotype, if one.

    `median`: with the quartiles. `CV` (geometric): with the lowest and the highest published one. `fold`, highest over
    lowest: with the percentiles 5 and 95 of what as many virtual people would show. `mean`: within `LIMIT`-fold.
    """

    group: str
    title: str
    who: str
    statistic: Statistic
    unit: str
    n: int
    sources: tuple[str, ...]
    observed: Between
    predicted: Between

    @property
    def inside(self) -> bool:
        bounds, value = (self.predicted, self.observed.value) if self.statistic == "fold" else (self.observed, self.predicted.value)
        return bounds.low <= value <= bounds.high


def groups(file: Path = FILE) -> list[dict[str, Any]]:
    """The groups as written."""
    return list(read_document(file).data["groups"])


def held(library: Library, people: int = PEOPLE, file: Path = FILE, only: Container[str] | None = None) -> list[Held]:
    """Every observation of the file (or of the groups of `only`) against `people` virtual people.

    Raises InputError for a file that cannot be simulated.
    """
    data = read_document(file).data
    done: dict[str, tuple[Work, Chunk]] = {}
    found: list[Held] = []
    for group in data["groups"]:
        if only is not None and group["id"] not in only:
            continue
        text = _case(group, data["regimens"])
        if text not in done:
            work = Work(Case.parse(text, library, f"{file.name}: {group['id']}"), library, Plan(people, bands=False, curves=True))
            done[text] = work, work.chunk(0)
        work, chunk = done[text]
        values = _values(work, chunk, group)
        variant = data["variants"].get(group.get("by"))
        carried = _carried(chunk, variant) if variant else np.zeros(len(values), dtype=np.int_)
        names = variant["names"] if variant else [""]
        found += _held(group, values[chunk.ok], carried[chunk.ok], names)
    return found


def _case(group: Mapping[str, Any], regimens: Mapping[str, Any]) -> str:
    """The group as a case file (JSON is YAML)."""
    tree = {"format": "clearway.case/1", "population": group["population"], "measure": group["measure"]}
    tree["regimen"] = [regimens[group["regimen"]]]
    if "person" in group:
        tree["person"] = group["person"]
    return json.dumps(tree)


def _values(work: Work, chunk: Chunk, group: Mapping[str, Any]) -> Floats:
    """What the group looks at, of each person, in its unit."""
    quantity = group["quantity"]
    read = work.reads[0]
    name = column(read.target.name)
    last = max(d.time_h for d in work.case.regimen.doses)
    values: Floats
    if quantity == "clearance":
        taken = sum(d.amount_umol for d in work.case.regimen.doses if d.drug in read.target.compounds and d.time_h == last)
        values = taken * read.target.molar_mass / chunk.columns[f"{name}_auc"]  # µg/(ng·h/mL) = L/h
    elif quantity == "lowest":
        values = chunk.columns[f"{name}_cmin"]
    elif quantity == "concentration":
        value, unit = group["at"].split()
        at = last + convert(float(value), unit, "h")
        (curves,) = chunk.curves.values()
        values = curves[:, int(np.argmin(np.abs(chunk.times - at)))].astype(float)
    else:
        raise InputError(f"{group['id']}: {quantity!r} is no quantity (one of {', '.join(UNITS)})")
    unit = UNITS[quantity]
    return values * convert(1.0, unit, group.get("unit", unit))


def _carried(chunk: Chunk, variant: Mapping[str, Any]) -> NDArray[np.int_]:
    """How many of a person's alleles carry the variant."""
    diplotypes = chunk.columns[f"genotype_{variant['enzyme']}"]
    return np.array([sum(a in variant["alleles"] for a in str(d).split("/")) for d in diplotypes], dtype=np.int_)


def _held(group: Mapping[str, Any], values: Floats, carried: NDArray[np.int_], names: Sequence[str]) -> list[Held]:
    def row(statistic: Statistic, seen: Sequence[Mapping[str, Any]], observed: Between, predicted: Between, who: str = "") -> Held:
        unit = group.get("unit", "") if statistic in ("median", "mean") else ""
        n = sum(int(s["n"]) for s in seen)
        sources = tuple(dict.fromkeys(str(s["source"]) for s in seen))
        return Held(group["id"], group["title"], who, statistic, unit, n, sources, observed, predicted)

    found: list[Held] = []
    for o in group["observed"]:
        if "median" in o or "typical" in o:
            k = int(o.get("carries", 0))
            mine = values[carried == k] if "carries" in o else values
            found.append(row("median", [o], _quartiles(o), Between(*np.percentile(mine, (25, 50, 75)).tolist()), names[k]))
        elif "fold" in o:
            found.append(row("fold", [o], Between(*[float(o["fold"])] * 3), _fold(values, int(o["n"]))))
        elif "mean" in o:
            mean = float(o["mean"])
            found.append(row("mean", [o], Between(mean / LIMIT, mean, mean * LIMIT), Between(*[float(values.mean())] * 3)))
    seen = [o for o in group["observed"] if "cv" in o and "typical" not in o]
    if seen:
        published = [float(o["cv"]) for o in seen]
        observed = Between(min(published), float(np.median(published)), max(published))
        found.append(row("CV", seen, observed, Between(*[_cv(values, carried)] * 3)))
    return found


def _quartiles(o: Mapping[str, Any]) -> Between:
    if "median" in o:
        low, high = o["quartiles"]
        return Between(float(low), float(o["median"]), float(high))
    middle = float(o["typical"])
    width = math.exp(QUARTILE * math.sqrt(math.log1p(float(o["cv"]) ** 2)))
    return Between(middle / width, middle, middle * width)


def _cv(values: Floats, carried: NDArray[np.int_]) -> float:
    """Geometric CV between people of one genotype, all genotypes together."""
    logs = np.log(values)
    kinds = [logs[carried == k] for k in np.unique(carried)]
    variance = sum(float(((x - x.mean()) ** 2).sum()) for x in kinds) / (len(logs) - len(kinds))
    return math.sqrt(math.expm1(variance))


def _fold(values: Floats, n: int) -> Between:
    """Highest over lowest among n people drawn from these, at the probabilities `FOLDS`."""
    x = np.sort(values)
    found = []
    for wanted in FOLDS:
        low, high = 0.0, math.log(WIDEST)
        for _ in range(HALVINGS):
            middle = (low + high) / 2.0
            low, high = (low, middle) if _narrower(x, math.exp(middle), n) > wanted else (middle, high)
        found.append(math.exp(high))
    return Between(*found)


def _narrower(x: Floats, fold: float, n: int) -> float:
    """Probability that n people are within `fold` of each other: the lowest is any one of them, the others lie within `fold`
    above, n·∫(F(fold·x) − F(x))ⁿ⁻¹ dF over the sorted x."""
    share = (np.searchsorted(x, fold * x, side="right") - np.arange(len(x)) - 0.5) / len(x)
    return float(n * np.mean(share ** (n - 1)))
