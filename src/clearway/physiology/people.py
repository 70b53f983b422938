"""Many persons as columns: what `Person` says of one, side by side, and how each differs from the typical one.

Everything that follows from a person (organs, flows, proteins) is computed from these columns, for one person as for a
million: one person is a column of length 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clearway.physiology.person import ANCESTRIES, Person

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]

SEXES = ("male", "female")
CHILD_PUGH = (None, "A", "B", "C")
GIVEN = ("haematocrit", "albumin", "aag", "urine_ph", "egfr", "creatinine")
"""Columns that are nan where a person's own value is not known; their units are those of `Person`."""
FACTORS = ("microsomal_protein", "gastric_emptying", "transit")
"""Columns that are factors on what is typical of a person."""


@dataclass(frozen=True)
class Diplotypes:
    """Genotype of one enzyme: `labels[codes[i]]` is that of person i; the label '' means not known."""

    labels: tuple[str, ...]
    codes: NDArray[np.int16]

    def texts(self) -> NDArray[np.str_]:
        """The labels, person by person."""
        return np.array(self.labels)[self.codes]


@dataclass(frozen=True)
class People:
    """Columns, one entry a person. `sex`, `child_pugh` and `ancestry` are positions in `SEXES`, `CHILD_PUGH`, `ANCESTRIES`.

    `microsomal_protein`, `gastric_emptying` and `transit` (rates), and `liver` and `gut` (amount of single enzymes per mg
    protein) are factors on what is typical of the person's age, sex and size; 1 in a `Person`.
    """

    sex: Codes
    age: Floats
    height: Floats
    weight: Floats
    haematocrit: Floats
    albumin: Floats
    aag: Floats
    urine_ph: Floats
    egfr: Floats
    creatinine: Floats
    child_pugh: Codes
    ancestry: Codes
    genotypes: Mapping[str, Diplotypes]
    microsomal_protein: Floats
    gastric_emptying: Floats
    transit: Floats
    liver: Mapping[str, Floats] = field(default_factory=dict)
    gut: Mapping[str, Floats] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.age)

    @property
    def female(self) -> NDArray[np.bool_]:
        return np.asarray(self.sex == SEXES.index("female"))

    @property
    def bmi(self) -> Floats:
        """Body mass index (kg/m²)."""
        return self.weight / (self.height / 100.0) ** 2

    def columns(self) -> dict[str, NDArray[Any]]:
        """The people as a table, by column: words for classes and genotypes (`genotype_CYP2B6`), units as in `Person`."""
        numbers = ("age", "height", "weight", "bmi", *GIVEN)
        classes = {"sex": SEXES, "child_pugh": tuple(c or "" for c in CHILD_PUGH), "ancestry": ANCESTRIES}
        found: dict[str, NDArray[Any]] = {name: np.array(names)[getattr(self, name)] for name, names in classes.items()}
        found |= {name: getattr(self, name) for name in numbers}
        found |= {name: getattr(self, name) for name in FACTORS}
        found |= {f"genotype_{enzyme}": g.texts() for enzyme, g in self.genotypes.items()}
        found |= {f"liver_{enzyme}": factor for enzyme, factor in self.liver.items()}
        return found | {f"gut_{enzyme}": factor for enzyme, factor in self.gut.items()}

    @staticmethod
    def of(persons: Sequence[Person]) -> People:
        """The columns of these persons."""

        def column(name: str) -> Floats:
            return np.array([getattr(p, name) for p in persons], dtype=np.float64)  # None becomes nan

        def codes(name: str, names: Sequence[object]) -> Codes:
            return np.array([names.index(getattr(p, name)) for p in persons], dtype=np.int8)

        ones = np.ones(len(persons))
        numbers: dict[str, Any] = {name: column(name) for name in ("age", "height", "weight", *GIVEN)}
        return People(
            sex=codes("sex", SEXES),
            child_pugh=codes("child_pugh", CHILD_PUGH),
            ancestry=codes("ancestry", ANCESTRIES),
            genotypes=_genotypes(persons),
            microsomal_protein=ones,
            gastric_emptying=ones,
            transit=ones,
            **numbers,
        )


def _genotypes(persons: Sequence[Person]) -> dict[str, Diplotypes]:
    found: dict[str, Diplotypes] = {}
    for enzyme in dict.fromkeys(e for p in persons for e in p.genotypes):
        texts = [p.genotypes.get(enzyme, "") for p in persons]
        labels = tuple(dict.fromkeys(texts))
        found[enzyme] = Diplotypes(labels, np.array([labels.index(t) for t in texts], dtype=np.int16))
    return found
