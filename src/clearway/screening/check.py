"""The static screen held against the dynamic model, pair by pair."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from clearway.errors import SolveError
from clearway.screening.dynamic import run
from clearway.screening.numbers import Floats
from clearway.screening.predict import ROUTES, Reading
from clearway.screening.screen import ALL, STRENGTHS, Predictions
from clearway.screening.steps import GENOTYPES, Step, Steps

PARTED = 1.25
"""Fold between static and dynamic ratio from which a reason is looked for."""

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Compared:
    """One prediction by both methods. `steps`, the largest first, multiply to static/dynamic; found where the two part."""

    perpetrator: str
    victim: str
    part_of: str
    route: str
    genotype: str
    static: float
    dynamic: float
    steps: tuple[Step, ...] = ()

    @property
    def fold(self) -> float:
        """static/dynamic."""
        return self.static / self.dynamic

    @property
    def parted(self) -> bool:
        return max(self.fold, 1.0 / self.fold) > PARTED

    @property
    def effect(self) -> bool:
        """Whether either method sees an interaction (1.25-fold or more)."""
        return any(max(x, 1.0 / x) >= STRENGTHS[-1][0] for x in (self.static, self.dynamic))


@dataclass(frozen=True)
class Checked:
    """Every pair by both methods, and (perpetrator, victim, why) of the pairs that the dynamic model could not solve."""

    rows: tuple[Compared, ...]
    failed: tuple[tuple[str, str, str], ...]

    @property
    def pairs(self) -> list[Compared]:
        """One row per pair and route, over which figures are taken: mixture of genotypes, racemates as their sum."""
        return [r for r in self.rows if r.genotype == ALL and not r.part_of]

    @property
    def parted(self) -> list[Compared]:
        """The pairs that part by more than `PARTED`, the furthest first."""
        return sorted((r for r in self.pairs if r.parted), key=lambda r: -abs(math.log(r.fold)))

    def gmfe(self, route: str | None = None, *, effects: bool = False) -> tuple[int, float]:
        """Number of pairs and exp(mean |ln(static/dynamic)|), of one route, or only of pairs with an effect."""
        logs = [abs(math.log(r.fold)) for r in self.pairs if r.route == (route or r.route) and (r.effect or not effects)]
        return len(logs), math.exp(sum(logs) / len(logs)) if logs else math.nan


def check(found: Predictions, progress: Progress = lambda done: None) -> Checked:
    """Run the dynamic model on every pair of a screen. `progress` is told of each pair that is done."""
    p = found.plan
    rows: list[Compared] = []
    failed: list[tuple[str, str, str]] = []
    for block in found.blocks:
        people = p.people[block.victim]
        alone = run(p, None, block.victim, people)
        read = Reading(p.drugs[block.victim], people, alone.auc[None])
        steps = Steps(p, found.situations, block.victim, alone)
        for static, doer in zip(block.ratio, block.perpetrators, strict=True):
            try:
                together = run(p, doer, block.victim, people)
                dynamic = read.ratio((together.auc / alone.auc)[None])[0]
                parted = np.abs(np.log(static[0] / dynamic[0])) > math.log(PARTED)  # of the mixture; False where there is no route
                rows += _rows(found, block.victim, doer, static, dynamic, steps.of(doer, together) if parted.any() else {})
            except SolveError as error:
                failed.append((p.drugs[doer].name, p.drugs[block.victim].name, str(error)))
            progress(1)
    return Checked(tuple(rows), tuple(failed))


def _rows(
    found: Predictions, victim: int, doer: int, static: Floats, dynamic: Floats, steps: Mapping[tuple[int, int], Sequence[Step]]
) -> Iterator[Compared]:
    """`static` and `dynamic` (genotype, target, route) as rows; the mixture of genotypes has the steps, completed by what the
    genotypes add in which they were not found."""
    drug, people = found.plan.drugs[victim], found.plan.people[victim]
    for g, t, r in np.ndindex(static.shape):
        s, d = float(static[g, t, r]), float(dynamic[g, t, r])
        if math.isnan(d) or (g > 0 and len(people) == 1):
            continue
        row = Compared(found.plan.drugs[doer].name, drug.targets[t].name, drug.targets[t].part_of, ROUTES[r],
                       people[g - 1].name if g else ALL, s, d)  # fmt: skip
        if g == 0 and row.parted:
            mine = [*steps[t, r], Step(GENOTYPES, row.fold / math.prod(step.factor for step in steps[t, r]))]
            row = replace(row, steps=tuple(sorted(mine, key=lambda step: -abs(math.log(step.factor)))))
        yield row
