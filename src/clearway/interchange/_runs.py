"""Times → runs of equal steps: what ADDL/II and `every`/`count` both say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SAME = 1e-9
"""Hours within which two times are one."""


@dataclass(frozen=True)
class Run:
    """`count` doses from `start`, `every` hours apart (0 where there is one)."""

    start: float
    every: float = 0.0
    count: int = 1

    @property
    def times(self) -> list[float]:
        return [self.start + i * self.every for i in range(self.count)]


def runs(times: Sequence[float], least: int = 2) -> list[Run]:
    """Rising times as the longest runs of at least `least` doses, taken from the left; the rest stand alone."""
    found: list[Run] = []
    at = 0
    while at < len(times):
        end = at + 1
        step = times[end] - times[at] if end < len(times) else 0.0
        while end < len(times) and step > SAME and abs(times[end] - times[at] - (end - at) * step) < SAME:
            end += 1
        if end - at < least:
            end = at + 1
        found.append(Run(times[at], step if end - at > 1 else 0.0, end - at))
        at = end
    return found
