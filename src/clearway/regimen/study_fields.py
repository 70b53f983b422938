"""The smaller blocks of a study file: observed ratios, the typical participant, genotypes, conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from clearway.regimen.block import Block
from clearway.regimen.dose import PersonSpec


@dataclass
class Observed:
    """Observed ratios test/control; None where the source gives none."""

    auc_ratio: float | None = None
    cmax_ratio: float | None = None
    cmin_ratio: float | None = None
    low: float | None = None
    high: float | None = None
    interval: str | None = None


def read_observed(block: Block, key: str, prefix: str) -> Observed:
    names = [f"{prefix}{r}" for r in ("auc_ratio", "cmax_ratio", "cmin_ratio")] + ["low", "high", "interval"]
    inner = Block(block.problems, block.data.get(key), (key,), names, strict=False)
    auc, cmax, cmin = (inner.number(n, 1e-4, 1e4) for n in names[:3])
    interval = inner.data.get("interval")
    return Observed(auc, cmax, cmin, inner.number("low", 0, 1e4), inner.number("high", 0, 1e4), str(interval) if interval else None)


def read_genotype(data: Any) -> dict[str, str]:
    return {str(k): str(v) for k, v in data.items()} if isinstance(data, dict) else {}


def read_person(people: dict[str, Any], genotype: dict[str, str]) -> PersonSpec:
    """The typical participant, as far as reported as plain numbers."""

    def number(key: str, low: float, high: float) -> float | None:
        item = people.get(key)
        ok = isinstance(item, int | float) and not isinstance(item, bool) and low <= item <= high
        return float(item) if ok and item is not None else None

    sex = people.get("sex")
    return PersonSpec(
        sex=sex if sex in ("male", "female") else None,
        age=number("age", 16, 100),
        height_cm=number("height", 120, 230),
        weight_kg=number("weight", 30, 300),
        genotype=genotype,
    )


def read_conditions(data: Any, person: PersonSpec) -> list[str]:
    """Words of `condition`; those that belong to the person are set there too."""
    words = [str(w).strip() for w in (data if isinstance(data, list) else [data]) if w]
    for word in words:
        if word.startswith("child-pugh-") and word[-1].upper() in "ABC":
            person.child_pugh = word[-1].upper()  # type: ignore[assignment]
    return words
