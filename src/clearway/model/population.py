"""People drawn from a population → lanes of a batch, one a subject, and the doses that each takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from clearway.model.kinetics import Kinetics
from clearway.model.lane import Lanes
from clearway.model.model import Model
from clearway.model.people import shares
from clearway.physiology.body import bodies
from clearway.physiology.data import Physiology
from clearway.physiology.genotype import activity, mean_activity
from clearway.physiology.people import Diplotypes, Floats, People
from clearway.physiology.person import ANCESTRIES
from clearway.physiology.population import Population, takes
from clearway.regimen import Dose


def population_lanes(
    model: Model,
    people: People,
    compounds: Sequence[Kinetics],
    draws: Mapping[tuple[str, str, str], float] | None = None,
) -> Lanes:
    """One lane a subject. The genotype of each enzyme multiplies CLint towards each substrate; where it is not known it is
    the mean of the ancestry. `draws`: one set of factors on uncertain parameters (`exposure.spread.draws`), the same for all
    subjects, since what is not known of a drug is not known of it in anybody.
    """
    data = model.physiology
    genotypes = {data.enzyme(e): g for e, g in people.genotypes.items()}
    unknown = Diplotypes(("",), np.zeros(len(people), dtype=np.int16))
    found: dict[tuple[str, str], Floats] = {}
    for k in compounds:
        for enzyme in sorted(shares(k.compound)):
            diplotypes = genotypes.get(data.enzyme(enzyme), unknown)
            found[(enzyme, k.name)] = _table(enzyme, k.name, diplotypes.labels, data)[people.ancestry, diplotypes.codes]
    return Lanes(bodies(people, data), found, np.ones(len(people)), vary=dict(draws or {}))


@lru_cache(maxsize=256)
def _table(enzyme: str, substrate: str, labels: tuple[str, ...], data: Physiology) -> Floats:
    """Activity (ancestry, label); a phenotype's is the mean of its diplotypes in that ancestry."""
    rows = [[mean_activity(activity(enzyme, substrate, label or None, data, a)) for label in labels] for a in ANCESTRIES]
    return np.array(rows)


def doses_taken(population: Population, doses: Sequence[Dose], first: int, count: int) -> NDArray[np.bool_] | None:
    """Which of the doses (doses, subjects) each subject takes; None where nobody misses any. The halves of a racemate and
    the parts of a combination are taken or missed together."""
    if not any(d.product in population.sometimes for d in doses):
        return None
    drawn: dict[tuple[str, float], NDArray[np.bool_]] = {}
    for d in doses:
        if (d.product, d.time_h) not in drawn:
            drawn[(d.product, d.time_h)] = takes(population, d.product, d.time_h, first, count)
    return np.array([drawn[(d.product, d.time_h)] for d in doses])
