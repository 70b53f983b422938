"""Courses over time, drawn on one panel: plasma with thresholds, doses and the measured window; activity of an enzyme."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from clearway.answers.curves import Curves
from clearway.answers.drawing import tick_words
from clearway.answers.thresholds import limits
from clearway.answers.words import join
from clearway.errors import InputError
from clearway.exposure.nca import Floats, Window
from clearway.exposure.targets import Target
from clearway.library import Library
from clearway.plots._scales import linear_axis, log_axis, one, time_axis
from clearway.plots._style import CONTROL, INK, SHADE, SMALL, SOFT, TEST, beside, chosen, legend_above, panels
from clearway.regimen import Entry

DECADES = 3
"""A log axis goes at most this far below the peak."""

NAME = 22
"""Letters of a line along a vertical axis."""

MEASURED = "measured"

LINE_MM = 3.4
"""mm of a line of the legend."""

ROW = 6.5
"""Points from one row of dose marks to the next."""

MOVED = 0.02
"""A control curve that stays this near to 1 is the line of no change itself."""


@dataclass(frozen=True)
class Look:
    """How the curve of an arm is drawn, and what it is called."""

    label: str
    colour: str
    style: str
    wide: float = 1.2


@dataclass(frozen=True)
class Doses:
    """A product's doses (h) taken, and those due but missed."""

    name: str
    taken: Sequence[float]
    missed: Sequence[float] = ()


def looks(added: Sequence[str], wrap: int = 54) -> dict[str, Look]:
    """Of the two arms of a comparison; `added` is given in the second only."""
    names = [textwrap.fill(f"{arm} {join(added)}", wrap) for arm in ("without", "with")]
    return {"control": Look(names[0], CONTROL, "--"), "test": Look(names[1], TEST, "-")}


def legend_height(look: Mapping[str, Look], more: int = 0) -> float:
    """mm that the legend of these arms takes, with `more` lines."""
    return LINE_MM * (more + sum(1 + one.label.count("\n") for one in look.values() if one.label))


def concentration(
    ax: Axes, name: str, times: Floats, arms: Mapping[str, Floats], look: Mapping[str, Look], *, low: float, high: float,
    log: bool = False, window: Window | None = None, offset: float = 0.0, doses: Sequence[Doses] = (),
    thresholds: Sequence[tuple[str, float]] = (), wrap: int = 60,
) -> int:  # fmt: skip
    """Plasma concentration (ng/mL) of the arms between `low` and `high` (h); `thresholds`: what each is, ng/mL, in lines of `wrap`
    letters. Returns how many rows of dose marks are above the panel."""
    use = (times >= low - 1e-9) & (times <= high + 1e-9)
    top = max([*(float(v[use].max()) for v in arms.values()), *(limit for _, limit in thresholds)]) or 1.0
    if window:
        ax.axvspan(window.start, min(window.end, high), color=SHADE, lw=0, zorder=0, label=MEASURED)
    for arm, values in arms.items():
        mine = look[arm]
        shown = np.where(values > 0, values, np.nan) if log else values
        ax.plot(times[use], shown[use], mine.style, color=mine.colour, lw=mine.wide, label=mine.label, zorder=3)
    if log:
        _log_range(ax, [v[use] for v in arms.values()], [limit for _, limit in thresholds])
    else:
        ax.set_ylim(0.0, 1.06 * top)
        linear_axis(ax.yaxis)
    for words, limit in thresholds:
        _threshold(ax, textwrap.fill(f"{words}, {tick_words(limit)} ng/mL", wrap), limit)
    ax.set_ylabel(textwrap.fill(f"{name} (ng/mL)", NAME))
    time_axis(ax, low, high, offset=offset)
    return dose_rows(ax, doses, low, high)


def _log_range(ax: Axes, curves: Sequence[Floats], limits: Sequence[float]) -> None:
    """From the lowest value that counts to above the peak."""
    top = max([*(float(c.max()) for c in curves), *limits])
    positive = [float(c[c > 0].min()) for c in curves if (c > 0).any()]
    least = max(min(positive, default=top / 10.0), top * 10.0**-DECADES)
    least = min([least, *limits])
    ax.set_yscale("log")
    ax.set_ylim(least / 1.25, top * 1.4)
    log_axis(ax.yaxis, least / 1.25, top * 1.4)


def _threshold(ax: Axes, words: str, limit: float) -> None:
    ax.axhline(limit, color=INK, lw=0.7, ls=(0, (1, 1.5)), zorder=2)
    ax.annotate(
        words, (0.0, limit), (2, 1), xycoords=("axes fraction", "data"), textcoords="offset points",
        fontsize=SMALL, color=INK, zorder=4, bbox={"fc": "white", "ec": "none", "alpha": 0.75, "pad": 0.4},
    )  # fmt: skip


def dose_rows(ax: Axes, doses: Sequence[Doses], low: float, high: float) -> int:
    """Rows of marks above the panel, a product each; a missed dose is a cross. Returns how many rows there are."""
    rows = [d for d in doses if any(low - 1e-6 <= t <= high + 1e-6 for t in [*d.taken, *d.missed])]
    for i, row in enumerate(reversed(rows)):
        place = beside(ax, ax.get_xaxis_transform(), y=4.0 + ROW * i)
        for times, marker, colour in ((row.taken, "|", INK), (row.missed, "x", SOFT)):
            inside = [t for t in times if low - 1e-6 <= t <= high + 1e-6]
            if inside:
                ax.plot(inside, [1.0] * len(inside), marker, color=colour, ms=3.5, mew=0.7, transform=place, clip_on=False,
                        label=f"_doses {row.name}", zorder=4)  # fmt: skip
        name = beside(ax, ax.transAxes, x=-4.0, y=4.0 + ROW * i)
        ax.text(0.0, 1.0, row.name, transform=name, ha="right", va="center_baseline", fontsize=SMALL, color=SOFT)
    return len(rows)


def activity(ax: Axes, enzyme: str, times: Floats, organs: Mapping[str, Mapping[str, Floats]], look: Mapping[str, Look]) -> None:
    """Active enzyme over time, baseline 1; `organs`: organ → arm → curve. The liver is drawn as the arm is, the gut thinner and dotted."""
    top = 1.2
    for organ, arms in organs.items():
        for arm, values in arms.items():
            if arm == "control" and float(np.abs(values - 1.0).max()) <= MOVED:
                continue
            mine = look[arm]
            style, wide = (mine.style, mine.wide) if organ != "gut" else (":" if mine.style == "-" else "-.", 0.8 * mine.wide)
            label = f"{organ}, {mine.label}" if mine.label else organ
            ax.plot(times, values, style, color=mine.colour, lw=wide, label=label, zorder=3)
            top = max(top, float(values.max()))
    one(ax)
    ax.set_ylim(0.0, 1.06 * top)
    linear_axis(ax.yaxis)
    ax.set_ylabel(f"{enzyme} activity\n(baseline = 1)")
    time_axis(ax, float(times[0]), float(times[-1]))


def activities(
    drawn: Curves, first: Sequence[str], enzyme: str | None, look: Mapping[str, Look], ax: Axes | None, width: float | None
) -> Figure:
    """A panel for each enzyme that moves, those of `first` before the others; or of one. Raises InputError where none moves."""
    moved = list(dict.fromkeys([*first, *(name for name, _ in drawn.activity)]))
    if not moved:
        raise InputError("activity: no enzyme moves in this case by more than 0.5 %")
    key = chosen(enzyme, {e: e for e in moved}, "enzyme")
    wanted = [key] if key else moved
    figure, axes = panels(len(wanted), ax, 40.0, above=2.0 * legend_height(look), width=width, name="enzyme")
    for name, panel in zip(wanted, axes, strict=True):
        activity(panel, name, drawn.times, {o: arms for (e, o), arms in drawn.activity.items() if e == name}, look)
    legend_above(axes)
    return figure


@dataclass(frozen=True)
class Course:
    """What is drawn of one target: its arms, what is measured (`measured`), from when to when (h), its doses."""

    target: Target
    arms: Mapping[str, Floats]
    measured: Window
    span: tuple[float, float]
    doses: Sequence[Doses]


def courses(
    rows: Sequence[Course], library: Library, times: Floats, look: Mapping[str, Look], *, log: bool, window: bool, ax: Axes | None,
    width: float | None,
) -> Figure:  # fmt: skip
    """A panel for each target: the whole course, the measured window shaded; or (`window`) that alone."""
    legend = legend_height(look, more=0 if window else 1) if any(one.label for one in look.values()) else 0.0
    height = 44.0 + 2.3 * max(len(r.doses) for r in rows)
    figure, axes = panels(len(rows), ax, height, above=legend, width=width)
    above = 0
    for row, panel in zip(rows, axes, strict=True):
        low, high = row.span if window else (0.0, float(times[-1]))
        shaded = None if window else row.measured
        here = concentration(
            panel, row.target.label, times, row.arms, look, low=low, high=high, log=log, window=shaded, offset=low if window else 0.0,
            doses=row.doses, thresholds=thresholds_of(library, row.target), wrap=60 if len(rows) == 1 else 30,
        )  # fmt: skip
        above = above or here
    if legend:
        legend_above(axes, lambda label: label == MEASURED, lift=5.0 + ROW * above)
    return figure


def doses_of(target: Target, own: Sequence[Entry], added: Sequence[Entry]) -> list[Doses]:
    """Doses of the drug itself, then of what is added."""
    mine = [e for e in own if set(e.compounds) & set(target.compounds)]
    rows: dict[str, list[Entry]] = {}
    for e in [*mine, *added]:
        rows.setdefault(e.product, []).append(e)
    return [
        Doses(name, sorted(t for e in entries for t in e.times_h), sorted(t for e in entries for t in e.missed_h))
        for name, entries in rows.items()
    ]


def thresholds_of(library: Library, target: Target) -> list[tuple[str, float]]:
    """What each threshold of the library is, and ng/mL."""
    return [(row["kind"], limit) for row, limit in limits(library, target)]
