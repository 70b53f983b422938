"""Axes in the units of the field: ratios at 0.5, 1, 2, 5, hours or days, concentrations over decades as plain numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from clearway.answers.drawing import hour_ticks, ratio_ticks, tick_words
from clearway.plots._style import LINE, SOFT

PARTS = ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,))
"""Parts of a decade that are marked, the dense ones first."""

CLOSE = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Parts of a decade where an axis spans less than one."""

MARKS = 8
"""No more marks than these on an axis."""

DAYS_FROM = 96.0
"""Hours from which a time axis counts days."""


def plain(value: float, _: object = None) -> str:
    """0.2, 5, 1,200."""
    return tick_words(value)


def fixed(axis: Axis, places: Sequence[float]) -> None:
    """These marks and no others, as plain numbers."""
    axis.set_major_locator(FixedLocator(list(places)))
    axis.set_major_formatter(FuncFormatter(plain))
    axis.set_minor_locator(NullLocator())


def log_marks(low: float, high: float) -> list[float]:
    """1, 2, 5 of each decade between the two, or fewer where there are many decades."""
    return next((found for parts in PARTS if len(found := _marks(parts, low, high)) <= MARKS), _marks((1.0,), low, high))


def _marks(parts: Sequence[float], low: float, high: float) -> list[float]:
    """These parts of each decade between the two."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [p * 10.0**d for d in decades for p in parts if low * 0.999 <= p * 10.0**d <= high * 1.001]


def log_axis(axis: Axis, low: float, high: float) -> None:
    """A log axis of concentrations or numbers."""
    fixed(axis, log_marks(low, high))


def ratio_axis(axis: Axis, low: float, high: float) -> None:
    """A log axis of ratios: marks at 0.5, 1, 2, 5, or closer ones where it spans few of these."""
    marks = ratio_ticks(low, high)
    fixed(axis, marks if len(marks) > 2 else _marks(CLOSE, low, high))


def linear_axis(axis: Axis, most: int = 5) -> None:
    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(plain))


def time_axis(ax: Axes, low: float, high: float, *, offset: float = 0.0, most: int = 7) -> None:
    """Hours up to four days, else days; `offset` (h) is where the count begins: at a dose."""
    ax.set_xlim(low, high)
    days = high - low > DAYS_FROM
    unit = 24.0 if days else 1.0
    ax.xaxis.set_major_locator(FixedLocator([t + offset for t in hour_ticks(low - offset, high - offset, most)]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda t, _: f"{(t - offset) / unit:g}"))
    ax.set_xlabel(f"Time {'after the dose ' if offset else ''}({'days' if days else 'h'})")


def one(ax: Axes, *, vertical: bool = False) -> None:
    """The line of no change."""
    (ax.axvline if vertical else ax.axhline)(1.0, color=SOFT, lw=0.7, zorder=1)


def grid(ax: Axes, axis: str = "x") -> None:
    (ax.xaxis if axis == "x" else ax.yaxis).grid(True, color=LINE, lw=0.4)
