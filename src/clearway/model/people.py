"""A person of unknown genotype as a mixture of lanes.

For the enzymes that matter most to the compounds at hand, each class of genotypes is a lane of its own, with its
population weight; the other polymorphic enzymes have their mean activity.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from clearway.library.compound import NOT_ENZYMES, Compound
from clearway.model.lane import Lane
from clearway.physiology import Body
from clearway.physiology.mixture import GenotypeClass, genotype_classes

MATTERS = 0.15
"""Share of a compound's clearance from which an enzyme's genotypes get lanes of their own."""

ENZYMES = 2
"""Number of enzymes with lanes of their own: their classes multiply."""


def shares(c: Compound) -> dict[str, float]:
    """Enzymes and transporters that act on a compound, with their share of its clearance; 0 for efflux in the gut and uptake."""
    cells = c.distribution.liver_cells
    found = {u.by: 0.0 for u in cells.uptake} if cells else {}
    found |= {t.by: 0.0 for t in c.elimination.transport}
    for p in c.elimination.paths:
        if p.by not in NOT_ENZYMES:
            found[p.by] = found.get(p.by, 0.0) + p.share.value
    return found


def lanes(
    body: Body,
    compounds: Sequence[Compound],
    *,
    mean: bool = False,
) -> list[Lane]:
    """Lanes of one person; weights sum to 1. `mean` gives one lane with mean activities."""
    substrates: dict[str, list[str]] = {}
    largest: dict[str, float] = {}
    for c in compounds:
        for enzyme, share in shares(c).items():
            substrates.setdefault(enzyme, []).append(c.compound)
            largest[enzyme] = max(largest.get(enzyme, 0.0), share)
    tables = {e: genotype_classes(body, e, names) for e, names in sorted(substrates.items())}
    mixed = [e for e, classes in tables.items() if len(classes) > 1 and largest[e] >= MATTERS and not mean]
    mixed = sorted(mixed, key=lambda e: (-largest[e], e))[:ENZYMES]
    fixed: dict[tuple[str, str], float] = {}
    for enzyme, classes in tables.items():
        if enzyme not in mixed:
            fixed |= _activity(enzyme, _mean(classes))
    found = []
    for combination in product(*(tables[e] for e in mixed)):
        activity = dict(fixed)
        weight = 1.0
        for enzyme, chosen in zip(mixed, combination, strict=True):
            activity |= _activity(enzyme, chosen)
            weight *= chosen.weight
        found.append(Lane(body, activity, weight=weight))
    return found


def _activity(enzyme: str, chosen: GenotypeClass) -> dict[tuple[str, str], float]:
    return {(enzyme, substrate): a for substrate, a in chosen.activity.items()}


def _mean(classes: Sequence[GenotypeClass]) -> GenotypeClass:
    names = classes[0].activity
    return GenotypeClass(1.0, {n: sum(c.weight * c.activity[n] for c in classes) for n in names})
