"""Why the static and the dynamic ratio of a pair differ: computed, by taking away one difference after the other.

    S    static, at the perpetrator's concentration in the liver's inlet
    S_w  static, at that in the liver's water, which is what the enzymes of the dynamic model see
    D_3  dynamic, the perpetrator's dose spread evenly over its interval, a trace of the victim
    D_2  dynamic, the perpetrator as it is taken, a trace of the victim at any hour (geometric mean over its interval)
    D_1  dynamic, a trace of the victim at the hour of a dose of the perpetrator
    D    dynamic, both as they are taken

S/D is the product of the steps between them. Between S_w and D_3 nothing differs, so that they must be equal: what is
left there is `UNEXPLAINED`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from clearway.screening.dynamic import BEFORE, Run, Way, run
from clearway.screening.equations import Victims, exposure, factors
from clearway.screening.numbers import Floats
from clearway.screening.perpetrators import Levels, acts_of, average
from clearway.screening.plan import Plan, Situations
from clearway.screening.predict import ROUTES, Reading, by_route

TRACE = 1e-6
"""Part of the victim's dose that saturates nothing and acts on nothing."""

PORTION = 1.0
"""Hours between the portions of a dose that is spread evenly."""

LONGER = 4.0
"""Times as long as usual that a perpetrator is taken whose steady state comes late."""

HOURS = 4
"""Hours within the perpetrator's interval at which the victim is given in turn."""

SAME = 0.02
"""|ln| below which two ratios are the same."""

INLET = "liver inlet above liver water"
LATE = f"steady state not reached in {BEFORE / 24:g} days"
LEVEL = "perpetrator's average differs under peaks"
PEAKS = "peaks and troughs act unlike their average"
HOUR = "both taken at the same hour"
VICTIM = "the victim's own dose"
GENOTYPES = "other genotypes"
UNEXPLAINED = "unexplained"
EXPLAINED = {
    INLET: "the static model takes the inlet; enzymes of a well-stirred liver see less, by the liver's own extraction",
    LATE: "the static model is at steady state",
    LEVEL: "its own elimination saturates, or its enzymes are inactivated or induced, as its concentration rises and falls",
    PEAKS: "induction, inactivation and inhibition are not proportional to concentration",
    HOUR: "the victim passes the gut wall and the liver while the perpetrator is absorbed",
    VICTIM: "a full dose saturates its enzymes, or acts on them or on the perpetrator",
    GENOTYPES: "the steps are found in the most frequent genotype",
    UNEXPLAINED: "no difference that was taken away accounts for it",
}
"""What each reason means."""


class Step(NamedTuple):
    reason: str
    factor: float


class Steps:
    """Reasons for the pairs of one victim, in its most frequent genotype. `alone` is its run without perpetrators."""

    def __init__(self, p: Plan, s: Situations, victim: int, alone: Run) -> None:
        self.p, self.s, self.victim = p, s, victim
        people = p.people[victim]
        self.at = max(range(len(people)), key=lambda i: people[i].frequency)
        self.person = people[self.at]
        self.alone = alone.of(self.at)
        self.trace = run(p, None, victim, [self.person], Way(TRACE))
        index = np.array(p.index(p.drugs[victim].compounds))
        self.rows = Victims.of(p.numbers, index, s.clint[s.person[id(self.person)], index])

    def of(self, doer: int, together: Run) -> dict[tuple[int, int], list[Step]]:
        """(target, route) → steps from S to D. Raises SolveError where a run cannot be solved."""
        interval = self.p.doses[doer].interval
        even = Way(TRACE, max(1, round(interval / PORTION)))
        row = self.s.row[doer, self.s.person[id(self.person)]]
        levels = self.s.levels.rows(np.array([row]))
        inlet, water = (self._static(row, levels, inlet=at) for at in (True, False))
        hours = [self._run(doer, Way(TRACE, offset=interval * i / HOURS)) for i in range(HOURS)]
        evenly = self._run(doer, even)
        d, d1, d3 = self._ratio(together.of(self.at), self.alone), self._ratio(hours[0]), self._ratio(evenly)
        d2 = np.exp(np.mean([np.log(self._ratio(each)) for each in hours], axis=0))
        last = d3
        if np.nanmax(np.abs(np.log(water / d3))) > SAME:
            last = self._ratio(self._run(doer, replace(even, before=LONGER * BEFORE)))
        level = np.log(water / self._static(row, self._scaled(doer, levels, hours[0], evenly), inlet=False))
        logs = {
            INLET: np.log(inlet / water), UNEXPLAINED: np.log(water / last), LATE: np.log(last / d3), LEVEL: level,
            PEAKS: np.log(d3 / d2) - level, HOUR: np.log(d2 / d1), VICTIM: np.log(d1 / d),
        }  # fmt: skip
        return {
            (t, r): [Step(why, math.exp(x[t, r])) for why, x in logs.items()]
            for t in range(d.shape[0]) for r in range(len(ROUTES)) if np.isfinite(d[t, r])
        }  # fmt: skip

    def _run(self, doer: int, way: Way) -> Run:
        return run(self.p, doer, self.victim, [self.person], way)

    def _static(self, row: int, levels: Levels, *, inlet: bool) -> Floats:
        """(target, route)."""
        n = self.p.numbers
        regimens = self.s.regimens.rows(np.array([row]))
        x = factors(average(n, regimens, levels, inlet=inlet), acts_of(n, regimens.members), n.kdeg).product
        clint = self.rows.clint
        alone, after = (by_route(exposure(n, self.rows, np.broadcast_to(each, clint.shape))) for each in (np.ones_like(clint), x))
        return self._read(alone * self.p.given(self.victim)[:, None], after / alone)

    def _ratio(self, together: Run, alone: Run | None = None) -> Floats:
        """(target, route) of a run against the trace alone, or against another run."""
        before = alone or self.trace
        return self._read(before.auc[0], together.auc[0] / before.auc[0])

    def _read(self, alone: Floats, ratio: Floats) -> Floats:
        read = Reading(self.p.drugs[self.victim], (self.person,), alone[None, None])
        return np.asarray(read.ratio(ratio[None, None])[0, 1])

    def _scaled(self, doer: int, levels: Levels, taken: Run, even: Run) -> Levels:
        """Levels as much higher as the perpetrator's averages are when it is taken in doses."""
        factor = np.ones_like(levels.plasma)
        names = self.p.model.closure(self.p.drugs[doer].compounds)
        factor[0, : len(names)] = [taken.level[c][0] / even.level[c][0] for c in names]
        return replace(levels, water=levels.water * factor, unbound=levels.unbound * factor)
