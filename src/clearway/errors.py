"""The exception tree. Every error a user can cause is an `InputError`, one line per problem.

A line reads `file:line:column: path: message (value; allowed range; next step)`: the place first, as
compilers print it, so that an editor jumps there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class ClearwayError(Exception):
    """Anything Clearway raises on purpose. `exit_code` is what the command line returns."""

    exit_code = 1


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input. `line` and `column` count from 1; 0 means not known."""

    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f":{self.line}:{self.column}"
        return ": ".join(part for part in (place, self.path, self.message) if part)


class InputError(ClearwayError):
    """Input that cannot be used. `problems` holds every one found; the text is the first."""

    exit_code = 2

    def __init__(self, problems: str | Problem | Sequence[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: list[Problem] = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__(str(self.problems[0]) if self.problems else "bad input")


class UnitError(InputError):
    """A unit that is unknown, of the wrong kind, or that needs a weight or a molar mass."""


class UnknownName(InputError):
    """A drug, enzyme, allele or reference that the library does not have."""


class SolveError(ClearwayError):
    """The model could not be solved: the integrator ended in a result code other than ok."""

    exit_code = 3
