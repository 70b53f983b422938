"""How one number differs between people: normal, log-normal or uniform, between limits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from clearway.errors import InputError
from clearway.physiology._elementary import Floats, exp, log, normal

_LEAST = 2.0**-53
"""Nearest that a probability comes to 0 and 1."""
_DIGITS = 12
"""Decimals of the probability beyond a limit: the last bits of `erfc` differ between machines."""


@dataclass(frozen=True)
class Spread:
    """`normal`: mean `centre`, standard deviation `width`; `log-normal`: median `centre`, coefficient of variation
    `width` (σ² = ln(1 + cv²)); `uniform` between the limits. The first two are truncated at the limits: what lies
    beyond is shared out over what lies within."""

    kind: Literal["normal", "log-normal", "uniform"]
    centre: float = math.nan
    width: float = 0.0
    low: float = -math.inf
    high: float = math.inf

    @staticmethod
    def of(tree: Mapping[str, Any]) -> Spread:
        """From the fields of a file: {mean, sd}, {median, cv}, or {low, high} alone."""
        limits = {side: float(tree[side]) for side in ("low", "high") if tree.get(side) is not None}
        if "mean" in tree:
            return Spread("normal", float(tree["mean"]), float(tree.get("sd", 0.0)), **limits)
        if "median" in tree:
            return Spread("log-normal", float(tree["median"]), float(tree.get("cv", 0.0)), **limits)
        return Spread("uniform", **limits)

    @staticmethod
    def fixed(value: float) -> Spread:
        """The same for everybody."""
        return Spread("normal", value)

    @property
    def typical(self) -> float:
        """Mean, median, or the middle of a range: what a person of whom nothing is known has."""
        return (self.low + self.high) / 2.0 if self.kind == "uniform" else self.centre

    def at(self, u: Floats) -> Floats:
        """The numbers at the probabilities u in (0, 1)."""
        if self.kind == "uniform":
            return np.asarray(self.low + (self.high - self.low) * u)
        if self.width == 0.0:
            return np.full_like(u, self.centre)
        below, above = self._within()
        z = normal(np.clip(below + (above - below) * u, _LEAST, 1.0 - _LEAST))
        value = self.centre + self.width * z if self.kind == "normal" else self.centre * exp(self._sigma() * z)
        return np.clip(value, self.low, self.high)

    def _sigma(self) -> float:
        """Standard deviation of the (log-)normal."""
        return self.width if self.kind == "normal" else sigma(self.width)

    def _within(self) -> tuple[float, float]:
        """Probabilities below the lower and below the upper limit."""

        def below(limit: float) -> float:
            if math.isinf(limit) or (self.kind == "log-normal" and limit <= 0.0):
                return 0.0 if limit <= 0.0 else 1.0
            distance = limit - self.centre if self.kind == "normal" else float(log(np.array([limit / self.centre]))[0])
            return round(0.5 * math.erfc(-distance / self._sigma() / math.sqrt(2.0)), _DIGITS)

        low, high = below(self.low), below(self.high)
        if not low < high:
            raise InputError(f"no one lies between {self.low:g} and {self.high:g} (centre {self.centre:g}, width {self.width:g})")
        return low, high


@lru_cache(maxsize=256)
def sigma(cv: float) -> float:
    """Standard deviation of the logarithm of a log-normal variable: sqrt(ln(1 + cv²))."""
    return math.sqrt(float(log(np.array([1.0 + cv * cv]))[0]))
