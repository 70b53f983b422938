"""What every drawing of an answer shares, whatever draws it: marks on axes of ratios and hours, the bars of mechanisms."""

from __future__ import annotations

import math
from collections.abc import Sequence

from clearway.answers.words import number
from clearway.exposure.compare import Factor

TIME_STEPS = (1, 2, 3, 4, 6, 8, 12, 24, 48, 72, 96, 120, 168, 336, 672, 1344)
RATIO_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)

LEAST = 0.01
"""|ln factor| from which a mechanism has a bar of its own; smaller ones are one bar."""


def hour_ticks(low: float, high: float, most: int = 7) -> list[float]:
    """Hours in clock-like steps."""
    step = next((s for s in TIME_STEPS if (high - low) / s <= most), TIME_STEPS[-1] * 2)
    return [i * step for i in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def ratio_ticks(low: float, high: float) -> list[float]:
    """Marks of a log axis of ratios: 0.5, 1, 2, 5."""
    return [t for t in RATIO_TICKS if low * 0.999 <= t <= high * 1.001]


def ratio_range(values: Sequence[float], least: float = 0.4) -> tuple[float, float]:
    """A log axis for ratios that always holds 1 and ends at its own ticks."""
    good = [v for v in values if v and math.isfinite(v) and v > 0]
    low, high = min([*good, least]), max([*good, 1.0 / least])
    return max([t for t in RATIO_TICKS if t <= low], default=low), min([t for t in RATIO_TICKS if t >= high], default=high)


def tick_words(m: float) -> str:
    """0, 0.2, 5, 1,200."""
    if m == 0:
        return "0"
    return f"{m:,.0f}" if abs(m) >= 1000 else f"{m:g}" if abs(m) >= 0.001 else number(m)


def bars(factors: Sequence[Factor]) -> list[Factor]:
    """The mechanisms that have a bar, and the product of all others as one bar, unless that is nothing to see (within 0.5 % of 1)."""
    shown = [f for f in factors if f.factor > 0 and abs(math.log(f.factor)) >= LEAST]
    small = math.prod(f.factor for f in factors if f not in shown)
    return [*shown, Factor("all smaller ones", small)] if abs(math.log(small)) >= LEAST / 2.0 else shown
