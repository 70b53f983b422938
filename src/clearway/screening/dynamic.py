"""The dynamic model on the pairs of a screen: perpetrator to steady state, then one dose of the victim.

The routes and genotypes of a pair are the lanes of one batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from clearway.exposure.arms import Measure, areas, check
from clearway.exposure.nca import Window
from clearway.model.lane import Lane
from clearway.model.simulate import simulate
from clearway.physiology import Person as ReferencePerson
from clearway.regimen import Dose
from clearway.screening.genotypes import Person
from clearway.screening.numbers import Floats
from clearway.screening.plan import Plan
from clearway.screening.predict import ROUTES

BEFORE, AFTER = 720.0, 720.0
"""Hours that the perpetrator is taken before the victim's dose, and that the victim is followed while it goes on."""

RTOL = 1e-5

GIVEN = {"iv": "iv bolus", "oral": "oral"}

CURVE = np.concatenate([[0.0], np.geomspace(0.05, AFTER, 90)])
"""Hours after the victim's dose at which its curve is kept, for the tail of its AUC."""


@dataclass(frozen=True)
class Way:
    """How a pair is simulated: the part of the victim's dose that is given, into how many equal portions each dose of the
    perpetrator is divided over its interval, for how many hours it is taken first, and how many hours after one of its doses
    the victim is given."""

    victim: float = 1.0
    portions: int = 1
    before: float = BEFORE
    offset: float = 0.0


@dataclass(frozen=True)
class Run:
    """AUC of the victim's compounds (genotype, compound, route), nan where a route does not exist, and the average plasma
    concentration (µM) of each compound of the perpetrator in the interval before the victim's dose, by genotype."""

    auc: Floats
    level: dict[str, Floats]

    def of(self, genotype: int) -> Run:
        """One genotype alone."""
        here = slice(genotype, genotype + 1)
        return Run(self.auc[here], {c: each[here] for c, each in self.level.items()})


def run(p: Plan, doer: int | None, victim: int, people: Sequence[Person], way: Way = Way()) -> Run:
    """Simulate a victim with a perpetrator (None: alone). Raises SolveError where a lane cannot be solved."""
    drug, taken = p.drugs[victim], p.doses[victim]
    routes = [r for r in ROUTES if r == "iv" or all(p.model.compound(c).absorption.oral for c in drug.compounds)]
    start, interval, before = 24.0, 24.0, []
    if doer is not None:
        interval = p.doses[doer].interval
        start = interval * float(np.ceil(way.before / interval)) + way.offset
        before = _repeated(p.doses[doer].doses, interval, start + AFTER, way.portions)
    names = p.model.closure([*drug.compounds, *(p.drugs[doer].compounds if doer is not None else ())])
    reference = p.model.body(ReferencePerson())
    lanes = [Lane(reference, {k: a for k, a in g.activity.items() if k[1] in names}) for g in people for _ in routes]
    once = [replace(d, amount_umol=d.amount_umol * way.victim, time_h=start, duration_h=0.0) for d in taken.doses]
    doses = {r: [*before, *(replace(d, route=GIVEN[r]) for d in once)] for r in routes}
    times = np.concatenate([[0.0, start - interval], start + CURVE])
    done = simulate(
        [p.model.kinetics(c) for c in names], lanes, [doses[r] for _ in people for r in routes], p.model.setting, times, rtol=RTOL
    )
    check(done)
    window = Window(start, start + AFTER, "inf")
    auc = np.full((len(people), len(drug.compounds), len(ROUTES)), np.nan)
    for k, c in enumerate(drug.compounds):
        auc[:, k, [ROUTES.index(r) for r in routes]] = areas(done, Measure(c, (c,), window)).reshape(len(people), len(routes))
    level = {}
    for c in p.model.closure(p.drugs[doer].compounds) if doer is not None else ():
        area = done.auc(c)
        level[c] = (area[:, 2] - area[:, 1]).reshape(len(people), len(routes))[:, 0] / interval
    return Run(auc, level)


def _repeated(doses: Sequence[Dose], interval: float, until: float, portions: int) -> list[Dose]:
    step = interval / portions
    times = np.arange(0.0, until - 1e-9, step)
    return [replace(d, amount_umol=d.amount_umol / portions, dose_mg=d.dose_mg / portions, time_h=float(t)) for t in times for d in doses]
