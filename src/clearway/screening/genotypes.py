"""The people of the screen: the reference person by genotype of the enzymes that matter to a victim.

Genotypes are grouped by phenotype (poor, intermediate, normal, rapid, ultrarapid), as genotypes.yaml draws the lines;
a class rarer than `RARE` joins its neighbour. Every class holds one activity towards each substrate, so that a poor
metaboliser is one of victim and perpetrator alike. Enzymes that are not asked for have their mean activity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from clearway.library.compound import Compound
from clearway.model.people import ENZYMES, MATTERS
from clearway.physiology import Body
from clearway.physiology.genotype import activity, diplotypes, mean_activity

RARE = 0.01
"""A class of genotypes rarer than this is not shown by itself."""

OLD_WORD = "EM"
"""'Extensive metaboliser', which covers what is now called normal and intermediate."""

Activity = dict[tuple[str, str], float]
"""(enzyme, compound) → factor on CLint."""


@dataclass(frozen=True)
class Class:
    """Genotypes of one enzyme taken together: their name, frequency, activity by default and towards each compound."""

    name: str
    frequency: float
    default: float
    activity: Mapping[str, float]


@dataclass(frozen=True)
class Person:
    """The reference person with these genotypes; `name` is empty for mean activities."""

    name: str
    frequency: float
    activity: Activity


def matters(compounds: Sequence[Compound], body: Body) -> list[str]:
    """The polymorphic enzymes that take at least `MATTERS` of the clearance of one of these compounds, at most `ENZYMES`."""
    share: dict[str, float] = {}
    for c in compounds:
        for p in c.elimination.paths:
            share[p.by] = max(share.get(p.by, 0.0), p.share.value)
    found = [e for e, s in share.items() if s >= MATTERS and len(classes(body, e, ())) > 1]
    return sorted(sorted(found, key=lambda e: (-share[e], e))[:ENZYMES])


def classes(body: Body, enzyme: str, compounds: Sequence[str]) -> list[Class]:
    """The phenotypes of an enzyme in the ancestry of the person, poorest first; one where nothing is known."""
    data, ancestry = body.data, body.person.ancestry
    name = data.enzyme(enzyme)
    gene = data.genotypes.get(name)
    pairs = diplotypes(gene, ancestry) if gene else []
    if gene is None or not pairs:
        return [Class("", 1.0, 1.0, dict.fromkeys(compounds, 1.0))]
    ranges = dict(gene.get("phenotypes", {}).get("values", {}))
    if len(ranges) > 1:
        ranges.pop(OLD_WORD, None)
    found: dict[str, Class] = {}
    for weight, a, b in pairs:
        default = mean_activity(activity(name, None, f"{a}/{b}", data, ancestry))
        label = next((p for p, (low, high) in ranges.items() if low <= default < high), f"{a}/{b}")
        mine = {c: mean_activity(activity(name, c, f"{a}/{b}", data, ancestry)) for c in compounds}
        one = Class(label, weight, default, mine)
        found[label] = _joined(found[label], one) if label in found else one
    rows = sorted(found.values(), key=lambda c: c.default)
    while len(rows) > 1 and min(c.frequency for c in rows) < RARE:
        i = min(range(len(rows)), key=lambda k: rows[k].frequency)
        near = min((k for k in (i - 1, i + 1) if 0 <= k < len(rows)), key=lambda k: abs(rows[k].default - rows[i].default))
        low, high = sorted((i, near))
        rows[low : high + 1] = [_joined(rows[near], rows[i])]
    return rows


def _joined(one: Class, other: Class) -> Class:
    """Both together under the first's name; activities are means by frequency."""
    total = one.frequency + other.frequency

    def mean(a: float, b: float) -> float:
        return (one.frequency * a + other.frequency * b) / total if total > 0.0 else a

    both = {c: mean(a, other.activity[c]) for c, a in one.activity.items()}
    return Class(one.name, total, mean(one.default, other.default), both)


class People:
    """Persons of the screen, each made once. `mean` has the mean activity of every enzyme."""

    def __init__(self, body: Body, compounds: Mapping[str, Compound]) -> None:
        self.body = body
        self._compounds = compounds
        substrates: dict[str, list[str]] = {}
        for name, c in compounds.items():
            for by in (*(p.by for p in c.elimination.paths), *(t.by for t in c.elimination.transport)):
                substrates.setdefault(by, []).append(name)
        self._classes = {enzyme: classes(body, enzyme, list(dict.fromkeys(names))) for enzyme, names in sorted(substrates.items())}
        self._mean: Activity = {}
        for enzyme, rows in self._classes.items():
            for one in rows[0].activity:
                self._mean[(enzyme, one)] = sum(r.frequency * r.activity[one] for r in rows) / sum(r.frequency for r in rows)
        self.mean = Person("", 1.0, self._mean)
        self._made: dict[tuple[str, ...], list[Person]] = {}

    def of(self, victims: Sequence[str]) -> list[Person]:
        """The genotypes that matter to these victims; the mean person alone where none does."""
        enzymes = tuple(matters([self._compounds[v] for v in victims], self.body))
        if not enzymes:
            return [self.mean]
        if enzymes not in self._made:
            self._made[enzymes] = [self._person(enzymes, chosen) for chosen in product(*(self._classes[e] for e in enzymes))]
        return self._made[enzymes]

    def _person(self, enzymes: Sequence[str], chosen: Sequence[Class]) -> Person:
        found, frequency = dict(self._mean), 1.0
        for enzyme, one in zip(enzymes, chosen, strict=True):
            found |= {(enzyme, c): a for c, a in one.activity.items()}
            frequency *= one.frequency / sum(c.frequency for c in self._classes[enzyme])
        return Person(", ".join(f"{e} {c.name}" for e, c in zip(enzymes, chosen, strict=True)), frequency, found)
