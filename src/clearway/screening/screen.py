"""The static screen of drug pairs: predictions as rows, one for each perpetrator, victim, route and genotype."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from clearway.model.lane import KINDS as MECHANISMS
from clearway.model.model import Model
from clearway.screening.doses import Screened
from clearway.screening.evidence import KINDS
from clearway.screening.plan import Plan, Situations, plan, situations
from clearway.screening.predict import ROUTES, Block, predict

ALL = "all"
"""The mixture of a victim's genotypes: geometric mean of their ratios by frequency, as in the dynamic model."""

NO_MECHANISM = "no mechanism"
"""Evidence of a prediction for which the library holds no mechanism."""

STRENGTHS = ((5.0, "strong"), (2.0, "moderate"), (1.25, "weak"))
"""Cut-offs of an exposure that rises; their inverses (0.2, 0.5, 0.8) are those of one that falls. Regulators class
inhibitors and inducers by them."""

LISTED = 1e-3
"""|ln factor| from which a mechanism is listed."""


@dataclass(frozen=True)
class Row:
    """One prediction.

    `auc_ratio` is the victim's AUC with over without the perpetrator at its time-average concentrations; `worst_high` and
    `worst_low` are those at its peaks, by inhibition and inactivation alone and by induction alone. `factors` multiply to the ratio,
    the strongest first. `evidence` is the weakest kind among the `values` behind it, of which `assumed` are assumed.
    `part_of` names the racemate of a half; `frequency` is that of the genotype (1 for `all`).
    """

    perpetrator: str
    dose: str
    victim: str
    part_of: str
    route: str
    genotype: str
    frequency: float
    auc_ratio: float
    worst_high: float
    worst_low: float
    factors: tuple[tuple[str, float], ...]
    evidence: str
    assumed: int
    values: int

    @property
    def direction(self) -> str:
        """`rise`, `fall`, or `none` within the cut-offs."""
        return "none" if self.strength == "none" else "rise" if self.auc_ratio > 1.0 else "fall"

    @property
    def strength(self) -> str:
        """`strong`, `moderate`, `weak` or `none`."""
        return strength(self.auc_ratio)

    @property
    def mechanism(self) -> tuple[str, float]:
        """The mechanism that dominates, with its factor; ('', 1.0) where nothing acts."""
        return self.factors[0] if self.factors else ("", 1.0)


def strength(ratio: float) -> str:
    """Class of an AUC ratio by `STRENGTHS`.

    >>> strength(0.5), strength(1.2), strength(6.0)
    ('moderate', 'none', 'strong')
    """
    size = max(ratio, 1.0 / ratio) if ratio > 0.0 else math.inf
    return next((name for least, name in STRENGTHS if size >= least * (1.0 - 1e-12)), "none")


@dataclass(frozen=True)
class Predictions:
    """Predictions of a screen, with what they were computed from. `unsettled` are drugs without a static steady state."""

    plan: Plan
    situations: Situations
    blocks: tuple[Block, ...]

    @property
    def unsettled(self) -> list[str]:
        place = {row: doer for (doer, _), row in self.situations.row.items()}
        return sorted({self.plan.drugs[place[r]].name for r in np.flatnonzero(~self.situations.levels.settled).tolist()})

    def rows(self, *, typical: bool = False) -> Iterator[Row]:
        """Every prediction. Of each pair and route the mixture of genotypes comes first, then each class; `typical`: that mixture
        alone."""
        for block in self.blocks:
            yield from self._of(block.typical if typical else block)

    def _of(self, b: Block) -> Iterator[Row]:
        victim, people = self.plan.drugs[b.victim], self.plan.people[b.victim]
        oral = all(self.plan.model.compound(c).absorption.oral for c in victim.compounds)
        names = [f"{enzyme} {kind}" for enzyme in self.plan.enzymes for kind in MECHANISMS]
        parts = b.parts.reshape(*b.ratio.shape, -1)
        count = (np.abs(parts) >= LISTED).sum(axis=-1)
        order = np.argsort(-np.abs(parts), axis=-1, kind="stable")[..., : int(count.max(initial=0))]
        values = np.exp(np.take_along_axis(parts, order, axis=-1)).tolist()
        order, count = order.tolist(), count.tolist()
        numbers = np.stack([b.ratio, b.high, b.low], axis=-1).tolist()
        graded = [np.stack([c.weakest, c.assumed, c.total], axis=-1).tolist() for c in b.graded]
        for p, g, t, r in product(*map(range, b.ratio.shape)):
            if (ROUTES[r] == "oral" and not oral) or (g > 0 and len(people) == 1):
                continue
            doer, target = b.perpetrators[p], victim.targets[t]
            ratio, high, low = numbers[p][g][t][r]
            rank, assumed, total = graded[r][p][g][t]
            listed = zip(order[p][g][t][r][: count[p][g][t][r]], values[p][g][t][r], strict=False)
            yield Row(
                self.plan.drugs[doer].name, self.plan.doses[doer].text, target.name, target.part_of, ROUTES[r],
                people[g - 1].name if g else ALL, people[g - 1].frequency if g else 1.0, ratio, high, low,
                tuple((names[i], value) for i, value in listed), KINDS[rank] if rank >= 0 else NO_MECHANISM, assumed, total,
            )  # fmt: skip


def predictions(model: Model, names: Sequence[str] = (), override: Mapping[tuple[str, ...], Screened] | None = None) -> Predictions:
    """Predict every ordered pair among `names` (none: the whole library; one: it against all others, both ways).

    `override` holds doses other than the screened ones (`doses.overrides`). Raises InputError for a name that is not known.
    """
    made = plan(model, names, override)
    found = situations(made)
    return Predictions(made, found, tuple(predict(made, found)))
