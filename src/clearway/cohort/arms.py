"""One chunk of people through the approach to steady state, the control arm and the test arm.

Every arm has only its own compounds and runs one compiled program for all chunks; what a person carries from one to
the next is found by the states' names. Nothing is raised for one person: who fails gets a code and a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from clearway.exposure.arms import MASS_BALANCE
from clearway.exposure.nca import Floats
from clearway.exposure.steady import STEADY, change, ends, prelude
from clearway.model.assemble import assemble
from clearway.model.events import dosing
from clearway.model.lane import Lane, Lanes
from clearway.model.model import Model
from clearway.model.simulate import Simulation, program_of, simulate
from clearway.regimen import Dose, SteadyState

DAYS = (30, 60, 120, 240)
"""Lengths of the approach to steady state, tried in turn for those who are not there yet. Longer than for one person:
among very many there are slow ones, and to leave them out would bias the rest."""

UNBALANCED, UNSTEADY, REFUSED = 20, 21, 22
SENTENCES = {
    UNBALANCED: f"Mass is not conserved to {MASS_BALANCE:g} of what was given: a fault of the model, please report it with the case.",
    UNSTEADY: f"No steady state: after {DAYS[-1]} days the AUC still changes by more than {100 * STEADY:g} % from interval to interval.",
}
"""Codes of the cohort's own beside those of the engine (`clearway.engine.ResultCode`); who is refused by the model has its sentence."""


@dataclass
class Verdict:
    """Of each person 0, or the first code other than 0; and what is to be said of those."""

    code: NDArray[np.int8]
    message: dict[int, str] = field(default_factory=dict)

    def solved(self, done: Simulation, people: NDArray[np.intp]) -> None:
        """Take over the engine's codes of these people, and check that mass is conserved."""
        for lane in np.flatnonzero(done.trajectory.code):
            self.blame(int(people[lane]), int(done.trajectory.code[lane]), done.trajectory.message(int(lane)))
        with np.errstate(invalid="ignore"):  # who failed is nan throughout
            off = np.any([gap > MASS_BALANCE for gap in done.mass_balance.values()], axis=0)
        for lane in np.flatnonzero(off):
            self.blame(int(people[lane]), UNBALANCED, SENTENCES[UNBALANCED])

    def blame(self, person: int, code: int, said: str) -> None:
        if self.code[person] == 0:
            self.code[person] = code
            self.message[person] = said


@dataclass(frozen=True)
class State:
    """Where people stand at time 0: amounts by the name of the state, and what had been given (µmol) of each compound.
    nan for those who have failed, so that the engine leaves them out."""

    amounts: Mapping[str, Floats]
    given: Mapping[str, Floats]


class Arm:
    """One list of doses that all people of a cohort take (or the part that each takes), compiled once."""

    def __init__(self, model: Model, doses: Sequence[Dose], layout: Sequence[Dose], columns: Sequence[str], rtol: float) -> None:
        """`layout`: doses taken before, whose states must exist. `columns`: the outputs that are read."""
        every = [*layout, *doses]
        self.setting, self.rtol, self.columns = model.setting, rtol, columns
        self.doses, self.layout = list(doses), list(layout)
        self.compounds = [model.kinetics(n) for n in model.closure({d.drug for d in every})]
        self.program = program_of(self.compounds, self.setting, every, columns=columns)
        reference = assemble(self.compounds, Lanes.of([Lane(self.setting.reference)]), self.setting, *dosing(every))
        self.index, self.baseline = reference.index, np.asarray(reference.system.y0)[:, 0]

    def run(self, lanes: Lanes, times: Floats, *, taken: NDArray[np.bool_] | None = None, before: State | None = None) -> Simulation:
        """All lanes, on this thread alone."""
        return simulate(self.compounds, lanes, self.doses, self.setting, times, taken=taken, columns=self.columns,
                        program=self.program, rtol=self.rtol, threads=1, layout=self.layout,
                        before=self._start(before, len(lanes)) if before else None)  # fmt: skip

    def _start(self, before: State, lanes: int) -> tuple[Floats, dict[str, Floats]]:
        """The states by name in this arm's order; what was not there before is at its baseline."""
        states = np.repeat(self.baseline[:, None], lanes, axis=1)
        for name, amount in before.amounts.items():
            states[self.index[name]] = amount
        return states, {k.name: before.given.get(k.name, np.zeros(lanes)) for k in self.compounds}


class Approach:
    """The approach to steady state of the drugs that were taken for long before time 0, none of their doses missed."""

    def __init__(self, model: Model, steady: Sequence[SteadyState], layout: Sequence[Dose], rtol: float) -> None:
        self.steady = list(steady)
        self.times = np.array(sorted({t for s in self.steady for t in ends(s)} | {0.0}))
        columns = [f"{c}.auc" for s in self.steady for c in s.compounds]
        doses = {days: [d for d in prelude(self.steady, days) if d.time_h < 0.0] for days in DAYS}
        self.arms = [Arm(model, doses[days], layout, columns, rtol) for days in DAYS]

    def run(self, lanes: Lanes, verdict: Verdict) -> State:
        """Everybody's state at time 0; those whom no length brings to a steady state are blamed."""
        who = np.arange(len(lanes))
        amounts: dict[str, Floats] = {}
        given: dict[str, Floats] = {}
        for arm in self.arms:
            done = arm.run(lanes.take(who), self.times)
            for name, at in arm.index.items():
                amounts.setdefault(name, np.empty(len(lanes)))[who] = done.trajectory.final[:, at]
            for name, amount in done.given.items():
                given.setdefault(name, np.empty(len(lanes)))[who] = amount
            verdict.solved(done, who)
            moving = np.any([change(done, c, s) > STEADY for s in self.steady for c in s.compounds], axis=0)
            who = who[moving & (verdict.code[who] == 0)]
            if not len(who):
                break
        for person in who:
            verdict.blame(int(person), UNSTEADY, SENTENCES[UNSTEADY])
        for amount in amounts.values():
            amount[verdict.code != 0] = np.nan
        return State(amounts, given)
