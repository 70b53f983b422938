"""Figures of a qualification: predicted against observed with its envelopes, how far off, and dose–response of single pairs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from clearway.plots._scales import fixed, ratio_axis
from clearway.plots._style import BLUE, COLOURS, INK, LINE, MARKERS, SMALL, SOFT, VERMILLION, figure_of, legend_above, panels, styled
from clearway.qualification.figures import guest_limit

if TYPE_CHECKING:
    from clearway.qualification.doses import Response
    from clearway.qualification.runner import ArmResult, Qualification

KINDS = ("inhibition", "inactivation", "induction", "genotype", "other")
FITTED = "fitted"
LABELS = {"other": "other or not stated"}
NAMED_FOLD = 2.0
"""Arms further off than this may be named."""

DOSE_TICKS = (5, 10, 25, 50, 100, 200, 600)
PAGE, NAMED = 150.0, 12
"""On the page on accuracy: width (mm), and how many of the worst arms are named."""


class QualificationPlots:
    """`qualification.plot`. Every point is a study arm, by what the study says of the mechanism; arms of publications that a value was
    fitted to are hollow. `named`: how many of the worst arms, if more than twofold off, bear their id. `ax`: draw there instead of on a
    new figure; `width`: of the figure in mm."""

    def __init__(self, qualification: Qualification) -> None:
        self._arms = qualification.arms

    @styled
    def predicted_observed(self, *, delta: float = 1.0, named: int = 0, ax: Axes | None = None, width: float | None = None) -> Figure:
        """Predicted against observed ratio, with unity, the 1.25- and 2-fold lines and the limits of Guest 2011 (Drug Metab Dispos
        39:170) with this `delta` (1: no variability of the observed ratio is allowed for; 1.25 allows 1.25-fold)."""
        figure, (one,) = panels(1, ax, 0.97 * (width or 85.0), width=width)
        low, high = _limits(self._arms)
        one.set(xscale="log", yscale="log", xlim=(low, high), ylim=(low, high), xlabel="Observed ratio", ylabel="Predicted ratio")
        one.set_aspect("equal")
        _envelopes(one, low, high, delta, ratio=False)
        _points(one, self._arms, named, ratio=False)
        ratio_axis(one.xaxis, low, high)
        ratio_axis(one.yaxis, low, high)
        handles, labels = one.get_legend_handles_labels()
        lines = [i for i, label in enumerate(labels) if not label.endswith(")") or label.startswith("Guest")]
        points = [i for i in range(len(labels)) if i not in lines]
        first = one.legend([handles[i] for i in points], [labels[i] for i in points], loc="upper left", fontsize=SMALL, borderaxespad=0.4)
        one.add_artist(first)
        one.legend([handles[i] for i in lines], [labels[i] for i in lines], loc="lower right", fontsize=SMALL, borderaxespad=0.6)
        return figure

    @styled
    def ratio_observed(self, *, delta: float = 1.0, named: int = 0, ax: Axes | None = None, width: float | None = None) -> Figure:
        """Predicted/observed by the size of the observed change, with the same envelopes."""
        figure, (one,) = panels(1, ax, 0.62 * (width or 85.0), above=11.0, width=width)
        low, high = _limits(self._arms)
        folds = [a.predicted / a.observed for a in self._arms] or [1.0]
        bottom, top = min(*folds, 0.4) / 1.15, max(*folds, 2.5) * 1.15
        one.set(xscale="log", yscale="log", xlim=(low, high), ylim=(bottom, top), xlabel="Observed ratio", ylabel="Predicted / observed")
        _envelopes(one, low, high, delta, ratio=True)
        _points(one, self._arms, named, ratio=True)
        ratio_axis(one.xaxis, low, high)
        ratio_axis(one.yaxis, bottom, top)
        legend_above([one], columns=3)
        return figure


@styled
def dose_response(rows: Sequence[Response], width: float | None = None) -> Figure:
    """One perpetrator: a panel a victim and route; the curve is the model in one design, arms have their own."""
    figure, axes = panels(len(rows), None, 56.0, above=14.0, width=width, columns=2)
    for ax, r in zip(axes, rows, strict=True):
        ax.plot(r.doses, r.ratios, color=BLUE, label="Clearway, one design")
        for s in r.seen:
            ax.plot([s.dose, s.dose], [s.observed, s.predicted], color=LINE, lw=0.8, zorder=1)
        for fitted, face, words in ((False, BLUE, "Clearway, the arm's own design"), (True, "white", "the same, fitted")):
            mine = [s for s in r.seen if s.fitted is fitted]
            if mine:
                at = [s.dose for s in mine], [s.predicted for s in mine]
                ax.scatter(*at, s=14, facecolor=face, edgecolor=BLUE, lw=0.8, label=words, zorder=3)
        at = [s.dose for s in r.seen], [s.observed for s in r.seen]
        ax.scatter(*at, s=18, marker="D", facecolor="white", edgecolor=VERMILLION, lw=1.0, label="observed", zorder=4)
        values = [*r.ratios, *(v for s in r.seen for v in (s.observed, s.predicted))]
        low, high = min(*values, 0.7) / 1.3, max(*values, 1.4) * 1.3
        ax.set(xscale="log", yscale="log", xlim=(min(r.doses) / 1.25, max(r.doses) * 1.25), ylim=(low, high))
        what = f"AUC ratio of {r.victim}, {r.route}\n(curve: design of {r.template})"
        ax.set(xlabel=f"{r.perpetrator.capitalize()} (mg a day)", ylabel=what)
        ax.axhline(1.0, color=SOFT, lw=0.7)
        ratio_axis(ax.yaxis, low, high)
        fixed(ax.xaxis, [d for d in DOSE_TICKS if min(r.doses) * 0.99 <= d <= max(r.doses) * 1.01])
    legend_above(axes)
    return figure


def write_plots(folder: Path, qualification: Qualification, responses: Sequence[Response] = ()) -> list[Path]:
    """Write the figures of the page on accuracy as SVG and PNG; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    plots = QualificationPlots(qualification)
    figures = {
        "predicted-observed": plots.predicted_observed(named=NAMED, width=PAGE),
        "ratio-observed": plots.ratio_observed(named=NAMED, width=PAGE),
    }
    for perpetrator in dict.fromkeys(r.perpetrator for r in responses):
        figures[f"dose-response-{perpetrator}"] = dose_response([r for r in responses if r.perpetrator == perpetrator])
    paths = [folder / f"{name}.{kind}" for name in figures for kind in ("svg", "png")]
    for path in paths:
        figures[path.stem].savefig(path)
    return paths


def mechanism_groups(arms: Sequence[ArmResult]) -> dict[str, list[ArmResult]]:
    """By what the study states; those that state nothing of these are `other`; fitted ones apart."""
    found: dict[str, list[ArmResult]] = {n: [] for n in (*KINDS, FITTED)}
    for a in arms:
        text = a.mechanism.lower()
        key = next((n for n in KINDS[:4] if n in text), "")
        if not key and ("*" in a.perpetrator or "genotype" in a.perpetrator):
            key = "genotype"
        found[FITTED if a.fitted else key or "other"].append(a)
    return {name: rows for name, rows in found.items() if rows}


def _limits(arms: Sequence[ArmResult]) -> tuple[float, float]:
    values = [v for a in arms for v in (a.observed, a.predicted) if v > 0] or [1.0]
    return min(*values, 0.5) / 1.5, max(*values, 2.0) * 1.5


def _envelopes(ax: Axes, low: float, high: float, delta: float, ratio: bool) -> None:
    """Unity, 1.25- and 2-fold, and Guest 2011."""
    x = np.geomspace(low, high, 400)
    guests = np.array([guest_limit(v, delta) for v in x])
    base = np.ones_like(x) if ratio else x
    ax.fill_between(x, base / guests, base * guests, color=BLUE, alpha=0.13, lw=0, label=f"Guest 2011 (δ = {delta:g})")
    for fold, style in ((2.0, "--"), (1.25, ":")):
        for sign in (fold, 1.0 / fold):
            ax.plot(x, base * sign, style, color=SOFT, lw=0.8, label=f"{fold:g}-fold" if sign > 1 else f"_1/{fold:g}", zorder=1)
    ax.plot(x, base, color=INK, lw=0.7, label="unity", zorder=1)


def _points(ax: Axes, arms: Sequence[ArmResult], named: int, ratio: bool) -> None:
    styles = dict(zip((*KINDS, FITTED), zip(COLOURS, MARKERS, strict=True), strict=False))
    for name, rows in mechanism_groups(arms).items():
        colour, marker = styles[name]
        y = [a.predicted / a.observed if ratio else a.predicted for a in rows]
        face, edge = ("none", SOFT) if name == FITTED else (colour, "white")
        ax.scatter([a.observed for a in rows], y, s=11, marker=marker, facecolor=face, edgecolor=edge, lw=0.7 if name == FITTED else 0.3,
                   label=f"{LABELS.get(name, name)} ({len(rows)})", zorder=3 if name in KINDS[:4] else 2)  # fmt: skip
    worst = sorted(arms, key=lambda a: -abs(np.log(a.predicted / a.observed)))[:named]
    off = [a for a in worst if max(a.predicted / a.observed, a.observed / a.predicted) > NAMED_FOLD]
    _names(ax, [(a.id, a.observed, a.predicted / a.observed if ratio else a.predicted) for a in off])


def _names(ax: Axes, points: Sequence[tuple[str, float, float]]) -> None:
    """A word beside each point, at the first of its four corners where it covers no other word."""
    boxes: list[tuple[float, float, float]] = []
    figure = figure_of(ax)
    if points:
        figure.draw_without_rendering()  # only now is it known how far points lie apart
    for words, x, y in points:
        left, bottom = ax.transData.transform((x, y)) * 72.0 / figure.dpi
        long = 0.62 * SMALL * len(words)
        places = [(left + dx - (long if dx < 0 else 0.0), bottom + dy, dx, dy) for dy in (2.0, -7.0) for dx in (3.0, -3.0)]
        free = [p for p in places if not any(p[0] < x2 and x1 < p[0] + long and abs(p[1] - at) <= SMALL for x1, x2, at in boxes)]
        here = (free or places)[0]
        boxes.append((here[0], here[0] + long, here[1]))
        side = "right" if here[2] < 0 else "left"
        ax.annotate(words, (x, y), here[2:], textcoords="offset points", ha=side, fontsize=SMALL, color=SOFT)
