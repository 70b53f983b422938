"""Products: what a dose as it is named on the box means in amounts of the library's compounds.

A racemate, a salt, a fixed-dose combination, an extract or a device is a product; a compound without a product
stands for itself. `per_mg` is mg of the compound (base) in 1 mg of the dose as named; a product counted in
units (tablet, device) has `per_unit` in mg of base.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from clearway.library.compound import Value

DosesAs = Literal["salt", "base"]


@dataclass
class Part:
    """One compound of a product. `fraction` is its share of the product's base (0.5 for each half of a racemate).
    A part with `modelled: false` is named for honesty but is no compound of the library."""

    compound: str
    fraction: Value | None = None
    per_unit: Value | None = None
    modelled: bool = True


@dataclass
class ProductRoute:
    """What a product changes of a route. A device: the mucosal fraction of its spray, the bioavailability of its
    depot. A dosage form taken by mouth: the fraction absorbed, and its release (`dissolved: true` is a solution,
    without release and lag). What is left out is the compound's own."""

    fraction_mucosal: Value | None = None
    bioavailability: Value | None = None
    fraction_absorbed: Value | None = None
    release_rate: Value | None = None
    dissolved: bool = False


@dataclass
class Product:
    """`doses_as` says what a dose named plainly means: of the salt (times `salt_factor`) or of the base."""

    product: str
    name: str
    parts: list[Part]
    kind: Literal["racemate", "salt", "enantiomer", "combination", "extract", "device", "compound"]
    doses_as: DosesAs = "base"
    salt: str = ""
    salt_factor: Value | None = None
    unit: str = ""
    synonyms: list[str] = field(default_factory=list)
    brands: list[str] = field(default_factory=list)
    routes: dict[str, ProductRoute] = field(default_factory=dict)
    note: str = ""

    def per_mg(self, part: Part, doses_as: DosesAs | None = None) -> float:
        """mg of `part` in 1 mg of the dose as named."""
        share = part.fraction.value if part.fraction else 1.0
        as_salt = (doses_as or self.doses_as) == "salt" and self.salt_factor is not None
        return share * (self.salt_factor.value if as_salt and self.salt_factor else 1.0)


def plain(compound: str, name: str) -> Product:
    """A compound that stands for itself."""
    return Product(compound, name, [Part(compound)], "compound")
