"""Classes of genotypes that a person may belong to, with the activity towards each substrate side by side.

`activity` answers for one substrate; here the diplotypes are grouped once per enzyme, so that a person who is a
poor metaboliser of one substrate is so for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from clearway.physiology.body import Body
from clearway.physiology.data import Physiology
from clearway.physiology.genotype import activity, diplotypes, mean_activity

LEAST = 0.08
"""A class lighter than this joins its neighbour."""


@dataclass(frozen=True)
class GenotypeClass:
    weight: float
    activity: Mapping[str, float]


def genotype_classes(body: Body, enzyme: str, substrates: Sequence[str]) -> list[GenotypeClass]:
    """The person's class if the genotype is known, else the classes of the ancestry, poorest first."""
    data, person = body.data, body.person
    name = data.enzyme(enzyme)
    gene = data.genotypes.get(name)
    if gene is None:
        return [GenotypeClass(1.0, dict.fromkeys(substrates, 1.0))]
    given = next((g for key, g in person.genotypes.items() if data.enzyme(key) == name), None)
    pairs = [] if given else diplotypes(gene, person.ancestry)
    if not pairs:
        return [GenotypeClass(1.0, {s: mean_activity(activity(name, s, given, data, person.ancestry)) for s in substrates})]
    return list(_classes(data, name, person.ancestry, tuple(substrates)))


@lru_cache(maxsize=512)
def _classes(data: Physiology, name: str, ancestry: str, substrates: tuple[str, ...]) -> tuple[GenotypeClass, ...]:
    """The classes of an ancestry; every arm of a case asks for the same ones."""
    classes = []
    for weight, a, b in diplotypes(data.genotypes[name], ancestry):
        found = {s: activity(name, s, f"{a}/{b}", data)[0][1] for s in substrates}
        default = activity(name, None, f"{a}/{b}", data)[0][1]
        classes.append((default, weight, found))
    classes.sort(key=lambda row: row[0])
    return tuple(GenotypeClass(w, found) for _, w, found in _join(classes))


def _join(rows: list[tuple[float, float, dict[str, float]]]) -> list[tuple[float, float, dict[str, float]]]:
    """Equal activities together, then the lightest class to its nearest neighbour until all weigh `LEAST`."""
    while len(rows) > 1:
        gaps = [rows[i + 1][0] - rows[i][0] for i in range(len(rows) - 1)]
        i = gaps.index(min(gaps))
        if gaps[i] > 1e-9:
            light = min(range(len(rows)), key=lambda k: rows[k][1])
            if rows[light][1] >= LEAST:
                return rows
            i = min((k for k in (light - 1, light) if 0 <= k < len(gaps)), key=lambda k: gaps[k])
        (d1, w1, f1), (d2, w2, f2) = rows[i], rows[i + 1]
        w = w1 + w2
        mixed = {s: (w1 * f1[s] + w2 * f2[s]) / w for s in f1}
        rows[i : i + 2] = [((w1 * d1 + w2 * d2) / w, w, mixed)]
    return rows
