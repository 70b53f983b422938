"""A population: how its people differ, and the people drawn from it.

`sample(population, first, count, data)` is subjects first to first + count − 1. Subject i is the same person in every
run, chunk and machine (`_streams`, `_elementary`). What is not said is the default adult population
(data/physiology/population.yaml).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clearway.errors import InputError, Problem
from clearway.physiology import _streams, scaling
from clearway.physiology._elementary import Floats, exp, normal
from clearway.physiology._streams import Draws
from clearway.physiology.data import Physiology
from clearway.physiology.genotype import allele_frequencies
from clearway.physiology.people import CHILD_PUGH, FACTORS, GIVEN, SEXES, Codes, Diplotypes, People
from clearway.physiology.person import ANCESTRIES, RANGES, Person
from clearway.physiology.spread import Spread, sigma

BySex = tuple[Spread, Spread]
"""A spread in men and in women."""

LEAST_BMI = 16.5
"""Body mass index (kg/m²) that no drawn person is below: there `scaling.organ_volumes` refuses the smallest men."""


@dataclass(frozen=True)
class Population:
    """What is said of the people; the rest is the default population.

    `fixed`: fields of `Person` that everybody has. `spreads`, of men and of women: age, height, weight or bmi, albumin, aag,
    haematocrit, egfr or creatinine, urine_ph, and the `FACTORS`. `female` is a share, `child_pugh` and `ancestry` shares by
    class. `abundance`: coefficient of variation of an enzyme, in liver and gut. `users`: share of the people, by
    product, who take it at all (tobacco, say). `adherence`: probability, by product, that a dose is taken, as it spreads between
    people; a product that is not named is taken by all and never missed.
    """

    seed: int = 1
    fixed: Mapping[str, Any] = field(default_factory=dict)
    spreads: Mapping[str, BySex] = field(default_factory=dict)
    female: float | None = None
    child_pugh: Mapping[str, float] = field(default_factory=dict)
    ancestry: Mapping[str, float] = field(default_factory=dict)
    abundance: Mapping[str, float] = field(default_factory=dict)
    users: Mapping[str, float] = field(default_factory=dict)
    adherence: Mapping[str, Spread] = field(default_factory=dict)

    @property
    def sometimes(self) -> frozenset[str]:
        """Products of which doses may not be taken."""
        return frozenset(self.users) | frozenset(self.adherence)


def sample(population: Population, first: int, count: int, data: Physiology) -> People:
    """Subjects `first` to `first + count − 1`. Raises `InputError` where the population contradicts itself.

    Sex; age; height given sex; weight from the body mass index given sex; proteins, haematocrit and creatinine given sex and
    Child–Pugh class; genotypes by the ancestry's allele frequencies (Hardy–Weinberg); enzymes, see `_abundance`.
    """
    return _Sampler(population, first, count, data).people()


def by_sex(tree: Mapping[str, Any]) -> BySex:
    """The spreads of a block of population.yaml, the same for both sexes unless it names them."""
    male, female = (Spread.of(tree.get(sex, tree)) for sex in SEXES)
    return male, female


def adherence(population: Population, product: str, first: int, count: int) -> Floats:
    """Probability of each subject to take a dose of a product: 0 in those who do not use it."""
    spread, share = population.adherence.get(product), population.users.get(product)
    found = np.ones(count)
    if spread is not None:
        u = _streams.uniform(_streams.words(population.seed, f"adherence {product}", first, count))[:, 0]
        found = np.clip(spread.at(u), 0.0, 1.0)
    if share is not None:
        u = _streams.uniform(_streams.words(population.seed, f"user {product}", first, count))[:, 0]
        found = np.where(u < share, found, 0.0)
    return found


def takes(population: Population, product: str, time_h: float, first: int, count: int) -> NDArray[np.bool_]:
    """Whether each subject takes the dose of a product at a time: a draw of its own, whatever else is in the case."""
    if product not in population.sometimes:
        return np.ones(count, dtype=bool)
    u = _streams.uniform(_streams.words(population.seed, f"dose {product} {time_h:.4f}", first, count))[:, 0]
    return np.asarray(u < adherence(population, product, first, count))


class _Sampler:
    def __init__(self, population: Population, first: int, count: int, data: Physiology) -> None:
        self.of, self.data, self.default, self.count = population, data, data.population, count
        Person(**population.fixed)  # refuses what no person can be
        self.draw = Draws(population.seed, first, count)
        self.female = self._codes("sex", [1.0 - self._share("female"), self._share("female")], SEXES) == 1

    def people(self) -> People:
        height, weight = self._size()
        drawn: dict[str, Any] = {
            "sex": self.female.astype(np.int8),
            "age": self.number("age"),
            "height": height,
            "weight": weight,
            "child_pugh": self._codes("child_pugh", self._classes("child_pugh", CHILD_PUGH), CHILD_PUGH),
            "ancestry": self._codes("ancestry", self._classes("ancestry", ANCESTRIES), ANCESTRIES),
            **{name: np.full(self.count, np.nan) for name in GIVEN},
            **{name: self.number(name) for name in FACTORS},
        }
        drawn["genotypes"] = self._genotypes(drawn["ancestry"])
        liver, gut = self._abundance()
        people = People(**drawn, liver=liver, gut=gut)
        measured = {name: self._measured(name, people) for name in GIVEN}
        return People(**{**drawn, **measured}, liver=liver, gut=gut)

    # -- one variable --------------------------------------------------------------------------------

    def number(self, name: str, place: str = "") -> Floats:
        """A number as everybody has it, as the case spreads it, or as the default population does; within what a `Person`
        may have."""
        if self.of.fixed.get(name) is not None:
            return np.full(self.count, float(self.of.fixed[name]))
        u = self.draw(place or name)
        male, female = self.of.spreads.get(name) or by_sex(self.default[name])
        value = male.at(u) if male == female else np.where(self.female, female.at(u), male.at(u))
        return np.clip(value, *RANGES[name][:2]) if name in RANGES else value

    def _size(self) -> tuple[Floats, Floats]:
        """Height (cm) and weight (kg): weight as it is spread, or by the body mass index. Nobody is below `LEAST_BMI`: a
        light person is given more weight, or less height where the weight is everybody's."""
        height = self.number("height")
        if self.of.fixed.get("weight") is not None:
            weight = self.number("weight")
            return height if "height" in self.of.fixed else np.minimum(height, 100.0 * np.sqrt(weight / LEAST_BMI)), weight
        per_bmi = (height / 100.0) * (height / 100.0)
        weight = self.number("weight", "size") if "weight" in self.of.spreads else self.number("bmi", "size") * per_bmi
        return height, np.clip(np.maximum(weight, LEAST_BMI * per_bmi), *RANGES["weight"][:2])

    def _measured(self, name: str, people: People) -> Floats:
        """Proteins and haematocrit are drawn as healthy and lowered by cirrhosis; filtration comes from creatinine unless
        it is given itself."""
        given = self.of.fixed.get(name) is not None
        if name == "egfr" and not given and name not in self.of.spreads:
            return people.egfr
        if name == "creatinine" and (self.of.fixed.get("egfr") is not None or "egfr" in self.of.spreads):
            return people.creatinine
        value = self.number(name, "creatinine" if name == "egfr" else name)
        if given:
            return value
        if name in ("albumin", "aag"):
            value = value * scaling.protein_loss(people, name, self.data)
        elif name == "haematocrit":
            value = value * scaling.haematocrit(people, self.data) / scaling.of_sex(people, self.data.scaling["haematocrit"])
        return np.clip(value, *RANGES[name][:2])

    # -- classes -------------------------------------------------------------------------------------

    def _share(self, name: str) -> float:
        return float(self.default["sex"][name] if self.of.female is None else self.of.female)

    def _classes(self, name: str, names: Sequence[str | None]) -> list[float]:
        """Share of each class; where the case names some, the rest are in the first one, or the first if none is left."""
        given: Mapping[str, float] = getattr(self.of, name) or self.default[name]
        shares = [given.get(n, 0.0) if n else 0.0 for n in names]
        if names[0] is None:
            shares[0] = 1.0 - sum(shares)
        return shares

    def _codes(self, name: str, shares: Sequence[float], names: Sequence[str | None]) -> Codes:
        """Position of each person's class: the first whose cumulated share lies above the uniform number."""
        if self.of.fixed.get(name) is not None:
            return np.full(self.count, list(names).index(self.of.fixed[name]), dtype=np.int8)
        edges = np.array([sum(shares[: i + 1]) for i in range(len(shares) - 1)])
        return np.searchsorted(edges, self.draw(name), side="right").astype(np.int8)

    # -- genes and enzymes ---------------------------------------------------------------------------

    def _genotypes(self, ancestry: Codes) -> dict[str, Diplotypes]:
        """The given genotype, or two alleles drawn from the frequencies of the person's ancestry."""
        given = {self.data.enzyme(e): g for e, g in self.of.fixed.get("genotypes", {}).items()}
        found = {e: Diplotypes((g,), np.zeros(self.count, dtype=np.int16)) for e, g in given.items()}
        for gene, entry in self.data.genotypes.items():
            if gene in found or "frequencies" not in entry:
                continue
            tables = [allele_frequencies(entry, a) for a in ANCESTRIES]
            names = [a for a in entry["alleles"] if any(a in t for t in tables)]
            names += [a for a in dict.fromkeys(a for t in tables for a in t) if a not in names]  # *1x2 and the like
            edges = np.cumsum([[t.get(a, 0.0) for a in names] for t in tables], axis=1)[:, :-1]
            pair = [(self.draw(f"{gene} {half}")[:, None] >= edges[ancestry]).sum(axis=1) for half in "ab"]
            low, high = np.minimum(*pair), np.maximum(*pair)
            labels = tuple(f"{a}/{b}" for a in names for b in names)
            found[gene] = Diplotypes(labels, (low * len(names) + high).astype(np.int16))
        return found

    def _abundance(self) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Log-normal factors about 1 of every enzyme in liver and gut wall.

        ln f = σ·z, σ² = ln(1 + cv²). In the liver z = L·n with n independent standard normals and L·Lᵀ the correlation between
        enzymes; in the gut z = ρ·z_liver + sqrt(1 − ρ²)·n.
        """
        table = self.default["abundance"]
        enzymes = tuple(table["cv"])
        lower = cholesky(enzymes, self.data)
        rho = table["gut_with_liver"]
        n, own = (normal(np.array([self.draw(f"{place} {e}") for e in enzymes])) for place in ("liver", "gut"))
        # no matrix product: its order of summation depends on the number of people
        z = np.array([sum((r * n[j] for j, r in enumerate(row[:i]) if r), row[i] * n[i]) for i, row in enumerate(lower)])
        widths = [[sigma(self.of.abundance.get(e, cv.get(e, table["cv"][e]))) for e in enzymes] for cv in (table["cv"], table["gut_cv"])]
        liver = exp(np.array(widths[0])[:, None] * z)
        gut = exp(np.array(widths[1])[:, None] * (rho * z + (1.0 - rho * rho) ** 0.5 * own))
        return dict(zip(enzymes, liver, strict=True)), dict(zip(enzymes, gut, strict=True))


@lru_cache(maxsize=16)
def cholesky(enzymes: tuple[str, ...], data: Physiology) -> list[list[float]]:
    """Lower triangle L of the correlation between the enzymes' ln abundances, L·Lᵀ. Raises `InputError` where the pairs of
    the file contradict each other (the matrix is not positive definite)."""
    pairs = data.population["abundance"]["correlation"]
    size = len(enzymes)
    lower = [[0.0] * size for _ in range(size)]
    for i, a in enumerate(enzymes):
        for j, b in enumerate(enzymes[: i + 1]):
            r = 1.0 if a == b else pairs.get(a, {}).get(b, pairs.get(b, {}).get(a, 0.0))
            rest = r - sum(lower[i][k] * lower[j][k] for k in range(j))
            if i == j and rest <= 0.0:
                raise InputError(Problem(f"correlations with {a} contradict each other (lower them)", path="abundance.correlation"))
            lower[i][j] = rest**0.5 if i == j else rest / lower[j][j]
    return lower
