"""What the engine hands back: values, and for every subject a result code with a plain sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from clearway.errors import SolveError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class ResultCode(IntEnum):
    """How the integration of one subject ended."""

    OK = 0
    MAX_STEPS = 1
    STEP_TOO_SMALL = 2
    NOT_FINITE = 3
    BAD_PARAMETER = 4
    NEGATIVE_AMOUNT = 5

    @property
    def sentence(self) -> str:
        """The meaning of the code, its likely cause and the next step."""
        return _SENTENCES[self]


_SENTENCES = {
    ResultCode.OK: "The integration reached its end.",
    ResultCode.MAX_STEPS: "The step limit was reached before the end: a rate constant is probably far larger than all others, or the "
    "tolerances are too tight; check the rates around the state named, or raise max_steps.",
    ResultCode.STEP_TOO_SMALL: "The step became too small for double precision: a rate or a dose is probably far too large, or a rate "
    "jumps; check the parameters around the state named, or loosen rtol.",
    ResultCode.NOT_FINITE: "A state became infinite or not a number: a parameter is probably absurd (negative rate, volume near zero, dose "
    "far too large); check those around the state named.",
    ResultCode.BAD_PARAMETER: "A parameter, initial value or dose is not a finite number, or has no meaning where it stands; nothing was "
    "integrated: correct the one named.",
    ResultCode.NEGATIVE_AMOUNT: "An amount fell below zero by more than the tolerance allows: probably more was taken out than was "
    "there, or a parameter is negative; values from then on are withheld: check the doses and rates of the state named, or tighten rtol.",
}


@dataclass(frozen=True)
class Trajectory:
    """Solution of one batch.

    t: output times (T,) or (S, T) in h; values: (S, T, O); final: (S, n) states at the end in the order of System.names;
    code, steps, rejected, code_state, code_time: per subject. code_state is -1 where no state is to blame. Where the code
    is not OK, values are nan from code_time on and final is nan. faults: what is wrong with a subject of bad parameters.
    isa: the processor path that computed it.
    """

    t: Floats
    values: Floats
    final: Floats
    code: NDArray[np.int8]
    steps: Ints
    rejected: Ints
    code_state: NDArray[np.int32]
    code_time: Floats
    names: tuple[str, ...]
    isa: str
    faults: Mapping[int, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """True if every subject reached the end in good order."""
        return bool((self.code == 0).all())

    def message(self, subject: int) -> str:
        """One sentence on how this subject ended, naming state and time where a state is to blame."""
        code = ResultCode(int(self.code[subject]))
        where = ""
        if code is not ResultCode.OK:
            state = int(self.code_state[subject])
            if state >= 0:
                where += f" State: {self.names[state]}."
            if np.isfinite(self.code_time[subject]):
                where += f" Time: {self.code_time[subject]:.6g} h."
            if subject in self.faults:
                where += f" Cause: {self.faults[subject]}."
        return code.sentence + where

    def raise_for_code(self) -> None:
        """Raise EngineError with the sentence of the first subject that did not end well."""
        bad = np.flatnonzero(self.code != 0)
        if bad.size:
            raise EngineError(f"subject {int(bad[0])}: {self.message(int(bad[0]))}")


class EngineError(SolveError):
    """The integration of a subject did not end well; the text is the result code's sentence."""
