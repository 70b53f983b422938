"""What is screened: the drugs of the library as they are taken, and who is set against whom.

A racemate is one drug whose halves are two compounds; a metabolite is no drug, it comes with the drug that forms it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clearway.errors import InputError, Problem
from clearway.library import Library
from clearway.library.products import Product


@dataclass(frozen=True)
class Target:
    """What is read of a victim: one compound, or the sum of a racemate's halves. `part_of` names the racemate of a half."""

    name: str
    compounds: tuple[str, ...]
    part_of: str = ""


@dataclass(frozen=True)
class Drug:
    """One drug as taken: the product that its name means and the compounds in it."""

    name: str
    compounds: tuple[str, ...]
    product: Product

    @property
    def targets(self) -> tuple[Target, ...]:
        """As a victim: a racemate as its sum and both halves, a combination as each of its drugs."""
        if len(self.compounds) == 1:
            return (Target(self.name, self.compounds),)
        whole = (Target(self.name, self.compounds),) if self.product.kind == "racemate" else ()
        return (*whole, *(Target(c, (c,), self.name if whole else "") for c in self.compounds))


def chosen(library: Library, names: Sequence[str]) -> list[Drug]:
    """The drugs of these names. Raises InputError for a name that is unknown, not modelled, or a metabolite."""
    return list({d.compounds: d for d in (drug(library, name) for name in names)}.values())


def drug(library: Library, name: str) -> Drug:
    """The drug that a user calls `name`: a compound, product or brand."""
    product = library.product(name)
    missing = library.missing(product)
    if missing:
        raise InputError(Problem(f"{product.name} contains {' and '.join(missing)}, which the library does not have yet"))
    compounds = tuple(p.compound for p in product.parts if p.compound in library.compounds)
    for one in compounds:
        if is_metabolite(library, one):
            seen = library.compounds[one].elimination.clearance.situation.drug
            raise InputError(Problem(f"{one} is screened with the drug that forms it, not by itself (name {seen!r} instead)"))
    known = library.names()[name.strip().lower()]
    return Drug(known, compounds, product)


def is_metabolite(library: Library, compound: str) -> bool:
    """True for a compound that is known from its parent's dose only."""
    return library.compounds[compound].elimination.clearance.kind == "metabolite-ratio"


def everything(library: Library) -> list[Drug]:
    """Every drug of the library: racemates and single enantiomers that are products, and all other compounds."""
    found: dict[tuple[str, ...], Drug] = {}
    for product in library.products.values():
        if product.kind in ("racemate", "enantiomer") and not library.missing(product):
            one = drug(library, product.product)
            if len(one.compounds) > 1 or product.kind == "enantiomer":
                found.setdefault(one.compounds, one)
    halves = {c for d in found.values() for c in d.compounds}
    for name in library.compounds:
        if name not in halves and not is_metabolite(library, name):
            found[(name,)] = drug(library, name)
    return sorted(found.values(), key=lambda d: d.name)


def pairs(library: Library, names: Sequence[str]) -> tuple[list[Drug], list[tuple[int, int]]]:
    """Drugs and the ordered pairs (perpetrator, victim) among them, as indices.

    No name: every pair of the library. One: it against all others, both ways. Several: every pair among them.
    Two drugs that hold the same compound are no pair.
    """
    asked = chosen(library, names)
    drugs = asked if len(asked) > 1 else [*asked, *(d for d in everything(library) if not asked or d.compounds != asked[0].compounds)]
    centre = len(asked) == 1
    found = [
        (p, v)
        for p in range(len(drugs))
        for v in range(len(drugs))
        if not set(drugs[p].compounds) & set(drugs[v].compounds) and (not centre or 0 in (p, v))
    ]
    return drugs, found
