"""Ratios on a log axis: a forest of predictions with intervals beside what studies saw, and the mechanisms that multiply to a ratio."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from clearway.answers.drawing import bars, ratio_range
from clearway.answers.words import NO_EFFECT, interval, number
from clearway.exposure.compare import Factor
from clearway.plots._scales import grid, one, ratio_axis
from clearway.plots._style import BLUE, GREEN, INK, PURPLE, SHADE, SMALL, SOFT, VERMILLION, beside, legend_above

STUDY = 0.55
"""Height of a study's line in the forest; that of a prediction is 1."""

KINDS = {"induction": (GREEN, ""), "inhibition": (VERMILLION, "////"), "inactivation": (PURPLE, "....")}
"""Colour and hatch of a mechanism's kind; all others are grey."""


@dataclass(frozen=True)
class Observed:
    """What a study saw. `low` and `high`: its interval, nan where none was printed; `fitted`: a value was fitted to it."""

    name: str
    ratio: float
    low: float = math.nan
    high: float = math.nan
    fitted: bool = False


@dataclass(frozen=True)
class Ratio:
    """A predicted ratio with its 90 % interval (nan: none), and the studies of it. `half`: of a racemate."""

    name: str
    ratio: float
    low: float
    high: float
    observed: tuple[Observed, ...] = ()
    half: bool = False


def forest_height(rows: Sequence[Ratio]) -> float:
    """mm that these rows need."""
    return 15.0 + 5.0 * sum(1.0 + STUDY * len(r.observed) for r in rows)


def forest(ax: Axes, rows: Sequence[Ratio]) -> None:
    """AUC ratios with their intervals; below each the studies of it. The band is 0.8 to 1.25."""
    ax.axvspan(*NO_EFFECT, color=SHADE, lw=0, zorder=0)
    one(ax, vertical=True)
    places, names, y = [], [], 0.0
    for row in rows:
        places.append(y)
        names.append(row.name)
        _line(ax, y, row.ratio, row.low, row.high, BLUE, "o", 3.5 if row.half else 4.5, BLUE, "predicted, 90 % interval", 1.8)
        _beside(ax, y, number(row.ratio) + interval(row.low, row.high), INK)
        for seen in row.observed:
            y += STUDY
            marker, label = ("s", "observed, used to fit") if seen.fitted else ("D", "observed, its own design")
            _line(ax, y, seen.ratio, seen.low, seen.high, INK, marker, 3.2, "white", label, 0.7)
            _beside(ax, y, f"{number(seen.ratio)}{interval(seen.low, seen.high)}  {seen.name}", SOFT)
        y += 1.0
    predicted = [v for r in rows for v in (r.ratio, r.low, r.high)]
    low, high = ratio_range([*predicted, *(v for r in rows for o in r.observed for v in (o.ratio, o.low, o.high))])
    ax.set(xscale="log", xlim=(low, high), ylim=(y - 0.4, -0.6), xlabel="AUC ratio, with : without")
    ratio_axis(ax.xaxis, low, high)
    ax.set_yticks(places, names)
    for words, row in zip(ax.get_yticklabels(), rows, strict=True):
        words.set_color(SOFT if row.half else INK)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    legend_above([ax], lambda label: not label.startswith("predicted"))


def _line(ax: Axes, y: float, ratio: float, low: float, high: float, colour: str, marker: str, size: float, face: str, label: str,
          wide: float) -> None:  # fmt: skip
    if math.isfinite(low) and math.isfinite(high):
        ax.plot([low, high], [y, y], "-", color=colour, lw=wide, alpha=0.55 if wide > 1 else 1.0, solid_capstyle="butt", zorder=2)
    ax.plot([ratio], [y], marker, color=colour, mfc=face, mew=0.8, ms=size, label=label, zorder=3)


def _beside(ax: Axes, y: float, words: str, colour: str) -> None:
    """Words to the right of the panel."""
    place = beside(ax, blended_transform_factory(ax.transAxes, ax.transData), x=4.0)
    ax.text(1.0, y, words, transform=place, va="center_baseline", fontsize=SMALL, color=colour)


def waterfall_height(factors: Sequence[Factor]) -> float:
    """mm that these bars need."""
    return 12.0 + 4.6 * (len(bars(factors)) + 1)


def waterfall(ax: Axes, name: str, factors: Sequence[Factor], ratio: float) -> None:
    """From 1 to the ratio, a bar a mechanism, each beginning where the last one ends."""
    rows = bars(factors)
    steps = np.cumprod([1.0, *(f.factor for f in rows)]).tolist()
    low, high = ratio_range([*steps, ratio], 0.5)
    one(ax, vertical=True)
    for i, f in enumerate(rows):
        colour, hatch = KINDS.get(f.name.rsplit(" ", 1)[-1], (SOFT, ""))
        _bar(ax, i, steps[i], steps[i + 1], colour, hatch, f"× {number(f.factor)}")
        ax.plot([steps[i + 1]] * 2, [i, i + 1], "-", color=SOFT, lw=0.5, zorder=1)
    _bar(ax, len(rows), 1.0, ratio, INK, "", f"× {number(ratio)}")
    ax.set(xscale="log", xlim=(low, high), ylim=(len(rows) + 0.6, -0.6), xlabel=f"AUC ratio of {name}, with : without")
    ratio_axis(ax.xaxis, low, high)
    grid(ax)
    ax.set_yticks(range(len(rows) + 1), [*(f.name for f in rows), "together"])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def _bar(ax: Axes, y: int, begin: float, end: float, colour: str, hatch: str, words: str) -> None:
    ax.barh(y, end - begin, 0.62, left=begin, color=colour, hatch=hatch, zorder=2)
    ax.text(max(begin, end), y, words, transform=beside(ax, ax.transData, x=3.0), va="center_baseline", fontsize=SMALL, zorder=3)
