"""AUC ratios of all pairs at once, what caused them, and how good their basis is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from clearway.model.lane import KINDS as MECHANISMS
from clearway.screening.drugs import Drug
from clearway.screening.equations import Exposure, Factors, Victims, attribution, exposure, factors
from clearway.screening.evidence import Counted, Grades
from clearway.screening.genotypes import Person
from clearway.screening.numbers import Floats
from clearway.screening.perpetrators import acts_of, average, worst_case
from clearway.screening.plan import Plan, Situations

ROUTES = ("iv", "oral")


@dataclass(frozen=True)
class Block:
    """Predictions of one victim: arrays (perpetrator, genotype, target, route); genotype 0 is the mixture of all classes.

    `high` and `low` are worst cases; `parts` (…, enzyme, mechanism) are ln factors that sum to ln `ratio`; `graded` holds
    the values behind it, (perpetrator, genotype, target) by route.
    """

    victim: int
    perpetrators: tuple[int, ...]
    ratio: Floats
    high: Floats
    low: Floats
    parts: Floats
    graded: tuple[Counted, ...]

    @property
    def typical(self) -> Block:
        """The mixture of genotypes alone."""
        graded = tuple(Counted(c.weakest[:, :1], c.assumed[:, :1], c.total[:, :1]) for c in self.graded)
        arrays = {name: getattr(self, name)[:, :1] for name in ("ratio", "high", "low", "parts")}
        return replace(self, graded=graded, **arrays)


def predict(p: Plan, s: Situations) -> list[Block]:
    """A block for each victim. All cells (perpetrator, genotype, compound) are computed flat, victim after victim."""
    n = p.numbers
    layout = [(v, ps, [s.person[id(g)] for g in p.people[v]], p.index(p.drugs[v].compounds)) for v, ps in p.perpetrators]
    cells = np.array([(s.row[d, g], g, c) for _, ps, gs, cs in layout for d in ps for g in gs for c in cs])
    situation, person, compound = cells.T
    victims = Victims.of(n, compound, s.clint[person, compound])
    before = by_route(exposure(n, victims, np.ones_like(victims.clint)))

    acts = acts_of(n, s.regimens.members)
    mean = factors(average(n, s.regimens, s.levels), acts, n.kdeg)
    peak = factors(worst_case(n, s.regimens, s.levels), acts, n.kdeg)
    ratio, high, low = (
        by_route(exposure(n, victims, x[situation])) / before
        for x in (mean.product, peak.inhibition * peak.inactivation, peak.induction)
    )
    parts = _parts(p, victims, Factors(*(part[situation] for part in mean)))

    grades, blocks, start = Grades(p), [], 0
    for v, ps, gs, cs in layout:
        shape = (len(ps), len(gs), len(cs))
        here = slice(start, start + int(np.prod(shape)))
        start = here.stop
        alone, one, most, least, by = (a[here].reshape(*shape, *a.shape[1:]) for a in (before, ratio, high, low, parts))
        read = Reading(p.drugs[v], p.people[v], alone * p.given(v)[:, None])
        split = read.parts(one, by)
        graded = tuple(
            grades.grade(np.abs(split[:, :, :, r]).sum(axis=-1), ps, p.drugs[v].targets, oral=route == "oral")
            for r, route in enumerate(ROUTES)
        )
        blocks.append(Block(v, tuple(ps), read.ratio(one), read.ratio(most), read.ratio(least), split, graded))
    return blocks


def by_route(e: Exposure) -> Floats:
    """AUCs with the route as last axis, in the order of `ROUTES`."""
    return np.stack([e.iv, e.oral], axis=-1)


def _parts(p: Plan, victims: Victims, f: Factors) -> Floats:
    """ln factors (cell, route, enzyme, mechanism); cells in which nothing acts are left out of the work."""
    n = p.numbers
    moved = np.flatnonzero(np.any([((part != 1.0) & (victims.clint > 0.0)).any(axis=-1) for part in f], axis=0))
    enzyme = np.array([[e == of for of in p.enzymes] for e, _ in n.sites], dtype=np.float64)
    found = np.zeros((len(victims.clint), len(ROUTES), len(p.enzymes), len(MECHANISMS)))
    for r, by_site in enumerate(attribution(n, victims.at(moved), Factors(*(part[moved] for part in f)))):
        found[moved, r] = np.stack([part @ enzyme for part in by_site], axis=-1)
    return found


@dataclass(frozen=True)
class Reading:
    """From the compounds of a victim to its targets, and from its genotypes to their mixture.

    Arrays are (perpetrator, genotype, compound, route). `exposure` is the AUC without perpetrators at the screened dose:
    what the halves of a racemate weigh in their sum.
    """

    drug: Drug
    people: tuple[Person, ...]
    exposure: Floats

    @property
    def _compounds(self) -> list[list[int]]:
        """Of each target."""
        return [[self.drug.compounds.index(c) for c in t.compounds] for t in self.drug.targets]

    def ratio(self, ratio: Floats) -> Floats:
        """(perpetrator, genotype, target, route): ratios of summed exposures, their mixture first."""
        sums = []
        for which in self._compounds:
            weight = self.exposure[:, :, which]
            sums.append((weight * ratio[:, :, which]).sum(axis=2) / weight.sum(axis=2))
        return np.asarray(np.exp(self._mixed(np.log(np.stack(sums, axis=2)))))

    def parts(self, ratio: Floats, parts: Floats) -> Floats:
        """ln factors (…, enzyme, mechanism) of the targets. Those of a sum are each compound's, weighted by the logarithmic mean
        of its share before and after, L(a, b) = (a − b)/ln(a/b), with which they add up to the ln ratio of the sum."""
        sums = []
        for which in self._compounds:
            weight = self.exposure[:, :, which]
            share = weight / weight.sum(axis=2, keepdims=True)
            after = share * ratio[:, :, which]
            by = _log_mean(after, share) / _log_mean(after.sum(axis=2, keepdims=True), np.ones(1))
            sums.append((by[..., None, None] * parts[:, :, which]).sum(axis=2))
        return self._mixed(np.stack(sums, axis=2))

    def _mixed(self, logs: Floats) -> Floats:
        """With the mean over the genotypes, by frequency, in front."""
        weight = np.array([g.frequency for g in self.people])
        return np.concatenate([np.tensordot(weight / weight.sum(), logs, axes=(0, 1))[:, None], logs], axis=1)


def _log_mean(a: Floats, b: Floats) -> Floats:
    ln = np.log(a / b)
    return np.asarray(np.where(np.abs(ln) > 1e-9, (a - b) / np.where(ln == 0.0, 1.0, ln), b))
