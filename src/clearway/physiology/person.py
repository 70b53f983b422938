"""Who takes the medicines: the person as a clinician describes them, checked at the door.

Anything left out is that of a healthy reference adult of the same sex; `None` means "not known".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from clearway.errors import InputError, Problem

Sex = Literal["male", "female"]
ChildPugh = Literal["A", "B", "C"]

RANGES: dict[str, tuple[float, float, str]] = {
    "age": (18, 100, "years"),
    "height": (130, 220, "cm"),
    "weight": (30, 250, "kg"),
    "haematocrit": (0.15, 0.65, "a fraction"),
    "albumin": (10, 60, "g/L"),
    "aag": (0.1, 5, "g/L"),
    "urine_ph": (4.5, 8.5, ""),
    "egfr": (2, 200, "mL/min/1.73 m²"),
    "creatinine": (0.1, 20, "mg/dL"),
}
HINTS: dict[str, str] = {
    "age": "only adults are modelled",
    "height": "give centimetres",
    "weight": "give kilograms",
    "haematocrit": "give a fraction such as 0.42, not per cent",
    "albumin": "give g/L; g/dL × 10",
    "aag": "give α1-acid glycoprotein in g/L; mg/dL ÷ 100",
    "urine_ph": "leave it out if not measured",
    "egfr": "give mL/min/1.73 m², or creatinine instead",
    "creatinine": "give mg/dL; µmol/L ÷ 88.4",
}
REFERENCE_SIZE: dict[str, tuple[float, float]] = {"male": (176.0, 73.0), "female": (163.0, 60.0)}
"""Height (cm) and weight (kg) of the ICRP adults, used where a person's own are not given."""
ANCESTRIES = ("european", "african", "east-asian")


@dataclass(frozen=True)
class Person:
    """`height` cm, `weight` kg, `albumin` and `aag` (α1-acid glycoprotein) g/L, `egfr` mL/min/1.73 m² (else from
    `creatinine`, mg/dL, by CKD-EPI 2021). `genotypes` maps an enzyme to a genotype; an enzyme left out has the
    mixture of the `ancestry`. Raises `InputError` naming every value out of range.

    >>> Person(sex="female", age=44).weight
    60.0
    """

    sex: Sex = "male"
    age: float = 30.0
    height: float = field(default=math.nan)
    weight: float = field(default=math.nan)
    haematocrit: float | None = None
    albumin: float | None = None
    aag: float | None = None
    urine_ph: float | None = None
    egfr: float | None = None
    creatinine: float | None = None
    child_pugh: ChildPugh | None = None
    genotypes: Mapping[str, str] = field(default_factory=dict)
    ancestry: str = "european"

    def __post_init__(self) -> None:
        problems: list[Problem] = []
        if self.sex not in REFERENCE_SIZE:
            problems.append(_choice("sex", self.sex, tuple(REFERENCE_SIZE)))
        else:
            for name, value in zip(("height", "weight"), REFERENCE_SIZE[self.sex], strict=True):
                given = getattr(self, name)
                if given is None or (isinstance(given, float) and math.isnan(given)):
                    object.__setattr__(self, name, value)
        if self.child_pugh not in (None, "A", "B", "C"):
            problems.append(_choice("child_pugh", self.child_pugh, ("A", "B", "C")))
        if self.ancestry not in ANCESTRIES:
            problems.append(_choice("ancestry", self.ancestry, ANCESTRIES))
        for name, (low, high, unit) in RANGES.items():
            value = getattr(self, name)
            if value is None or (name in ("height", "weight") and problems and math.isnan(value)):
                continue
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if not number or not low <= value <= high:
                text = f"{name} {value!r} is out of range ({low:g} to {high:g} {unit}".rstrip()
                problems.append(Problem(f"{text}; {HINTS[name]})", path=f"person.{name}"))
        if problems:
            raise InputError(problems)


def _choice(name: str, value: object, allowed: tuple[str, ...]) -> Problem:
    return Problem(f"unknown {name} {value!r} (one of {', '.join(allowed)})", path=f"person.{name}")
