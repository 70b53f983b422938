"""Plots of a qualification: predicted against observed with the envelopes, pred/obs, dose–response.

Colours are Okabe and Ito's, told apart with any colour vision; every group has its own marker too. Needs matplotlib.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from clearway.errors import InputError
from clearway.qualification.figures import guest_limit
from clearway.qualification.runner import ArmResult

if TYPE_CHECKING:
    from clearway.qualification.doses import Response

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
INK, SOFT, LINE = "#1b2430", "#5b6675", "#c3cbd5"
STYLE: dict[Any, Any] = {
    "font.size": 9.5, "axes.edgecolor": LINE, "axes.labelcolor": INK, "xtick.color": SOFT, "ytick.color": SOFT,
    "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False, "svg.fonttype": "path",
    "axes.titlesize": 11, "axes.titleweight": "bold", "axes.titlelocation": "left", "svg.hashsalt": "clearway",
}  # fmt: skip
"""How every figure of the project is drawn."""
TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
NAMED_FOLD = 2.0
"""Arms further off than this are named in the plots."""

NAMED = 12
DOSE_TICKS = (5, 10, 25, 50, 100, 200, 600)


def _pyplot() -> Any:
    try:
        import matplotlib
    except ImportError:
        raise InputError("--plots needs matplotlib, which is not installed (pip install 'clearway[report]')") from None
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams.update(STYLE)
    return plt


def write_plots(folder: Path, arms: Sequence[ArmResult], responses: Sequence[Response] = ()) -> list[Path]:
    """Write SVG and PNG files; returns their paths. Raises InputError without matplotlib."""
    plt = _pyplot()
    folder.mkdir(parents=True, exist_ok=True)
    figures = {"predicted-observed": _predicted(plt, arms), "ratio-observed": _residuals(plt, arms)}
    for perpetrator in dict.fromkeys(r.perpetrator for r in responses):
        mine = [r for r in responses if r.perpetrator == perpetrator]
        figures[f"dose-response-{perpetrator}"] = _responses(plt, perpetrator, mine)
    paths = []
    for name, figure in figures.items():
        for kind in ("svg", "png"):
            path = folder / f"{name}.{kind}"
            figure.savefig(path, dpi=160, bbox_inches="tight", metadata={"Date": None} if kind == "svg" else None)
            paths.append(path)
        plt.close(figure)
    return paths


def mechanism_groups(arms: Sequence[ArmResult]) -> dict[str, list[ArmResult]]:
    """By what the study states; arms that state nothing by the direction that was observed; fitted ones apart."""
    names = ("inhibition", "inactivation", "induction", "genotype", "other")
    found: dict[str, list[ArmResult]] = {n: [] for n in (*names, "fitted")}
    for a in arms:
        text = a.mechanism.lower()
        key = next((n for n in names[:4] if n in text), "")
        if not key and ("*" in a.perpetrator or "genotype" in a.perpetrator):
            key = "genotype"
        found["fitted" if a.fitted else key or "other"].append(a)
    return {name: rows for name, rows in found.items() if rows}


def _limits(arms: Sequence[ArmResult]) -> tuple[float, float]:
    values = [v for a in arms for v in (a.observed, a.predicted) if v > 0] or [1.0]
    return min(*values, 0.5) / 1.5, max(*values, 2.0) * 1.5


def _envelopes(axes: Any, low: float, high: float, ratio: bool) -> None:
    """Unity, 1.25- and 2-fold, and Guest 2011 (δ = 1)."""
    x = np.geomspace(low, high, 400)
    guests = np.array([guest_limit(v) for v in x])
    base = np.ones_like(x) if ratio else x
    axes.fill_between(x, base / guests, base * guests, color="#0072B2", alpha=0.10, lw=0, label="Guest 2011 limits")
    for n, (fold, style) in enumerate(((2.0, "--"), (1.25, ":"))):
        for sign in (fold, 1.0 / fold):
            axes.plot(x, base * sign, style, color=SOFT, lw=0.9, label=f"{fold:g}-fold" if sign > 1 else None, zorder=1 + n)
    axes.plot(x, base, color=INK, lw=0.9, label="unity", zorder=1)


def _points(axes: Any, arms: Sequence[ArmResult], ratio: bool) -> None:
    for i, (name, rows) in enumerate(mechanism_groups(arms).items()):
        y = [a.predicted / a.observed if ratio else a.predicted for a in rows]
        face = "none" if name == "fitted" else COLOURS[i % len(COLOURS)]
        edge = SOFT if name == "fitted" else "white"
        axes.scatter([a.observed for a in rows], y, s=34, marker=MARKERS[i % len(MARKERS)], facecolor=face, edgecolor=edge,
                     linewidth=1.1 if name == "fitted" else 0.6, label=f"{name} ({len(rows)})", zorder=3)  # fmt: skip
    worst = sorted(arms, key=lambda a: -abs(np.log(a.predicted / a.observed)))[:NAMED]
    for a in worst:
        if max(a.predicted / a.observed, a.observed / a.predicted) > NAMED_FOLD:
            at = (a.observed, a.predicted / a.observed if ratio else a.predicted)
            axes.annotate(a.id, at, xytext=(4, 3), textcoords="offset points", fontsize=7, color=SOFT)


def _log_axis(axis: Any, low: float, high: float) -> None:
    axis.set_major_locator(_fixed([t for t in TICKS if low <= t <= high]))
    axis.set_major_formatter(lambda v, _: f"{v:g}")
    axis.set_minor_locator(_fixed([]))


def _fixed(places: Sequence[float]) -> Any:
    from matplotlib.ticker import FixedLocator

    return FixedLocator(list(places))


def _predicted(plt: Any, arms: Sequence[ArmResult]) -> Any:
    figure, axes = plt.subplots(figsize=(6.4, 6.0))
    low, high = _limits(arms)
    axes.set(xscale="log", yscale="log", xlim=(low, high), ylim=(low, high), xlabel="observed ratio", ylabel="predicted ratio")
    axes.set_aspect("equal")
    _envelopes(axes, low, high, ratio=False)
    _points(axes, arms, ratio=False)
    _log_axis(axes.xaxis, low, high)
    _log_axis(axes.yaxis, low, high)
    axes.set_title("AUC ratios of clinical studies, predicted and observed", pad=12)
    axes.legend(loc="upper left", fontsize=8)
    return figure


def _residuals(plt: Any, arms: Sequence[ArmResult]) -> Any:
    figure, axes = plt.subplots(figsize=(8.4, 4.4))
    low, high = _limits(arms)
    folds = [a.predicted / a.observed for a in arms] or [1.0]
    bottom, top = min(*folds, 0.4) / 1.15, max(*folds, 2.5) * 1.15
    axes.set(xscale="log", yscale="log", xlim=(low, high), ylim=(bottom, top), xlabel="observed ratio", ylabel="predicted / observed")
    _envelopes(axes, low, high, ratio=True)
    _points(axes, arms, ratio=True)
    _log_axis(axes.xaxis, low, high)
    _log_axis(axes.yaxis, bottom, top)
    axes.set_title("How far off, by the size of the observed change", pad=12)
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), fontsize=8)
    return figure


def _responses(plt: Any, perpetrator: str, rows: Sequence[Response]) -> Any:
    """One panel a victim and route; the curve is the model in one design, arms have their own."""
    figure, grid = plt.subplots(1, len(rows), figsize=(3.6 * len(rows) + 0.6, 3.6), squeeze=False)
    for axes, r in zip(grid[0], rows, strict=True):
        axes.plot(r.doses, r.ratios, color=COLOURS[0], lw=1.8, label=f"Clearway, design of {r.template}")
        for s in r.seen:
            axes.plot([s.dose, s.dose], [s.observed, s.predicted], color=LINE, lw=1, zorder=1)
        for fitted, face, words in ((False, COLOURS[0], "Clearway, the arm's own design"), (True, "white", "the same, fitted")):
            mine = [s for s in r.seen if s.fitted is fitted]
            axes.scatter([s.dose for s in mine], [s.predicted for s in mine], s=26, marker="o", facecolor=face, edgecolor=COLOURS[0],
                         label=words if mine else None, zorder=3)  # fmt: skip
        axes.scatter([s.dose for s in r.seen], [s.observed for s in r.seen], s=34, marker="D", facecolor="white", edgecolor=COLOURS[1],
                     linewidth=1.3, label="observed", zorder=4)  # fmt: skip
        axes.set(xscale="log", yscale="log", xlabel=f"{perpetrator}, mg a day")
        values = [*r.ratios, *(v for s in r.seen for v in (s.observed, s.predicted))]
        low, high = min(*values, 0.7) / 1.3, max(*values, 1.4) * 1.3
        axes.set_ylim(low, high)
        axes.axhline(1.0, color=SOFT, lw=0.8)
        _log_axis(axes.yaxis, low, high)
        axes.set_xlim(min(r.doses) / 1.25, max(r.doses) * 1.25)
        doses = [d for d in DOSE_TICKS if min(r.doses) * 0.99 <= d <= max(r.doses) * 1.01]
        axes.xaxis.set_major_locator(_fixed(doses))
        axes.xaxis.set_major_formatter(lambda v, _: f"{v:g}")
        axes.xaxis.set_minor_locator(_fixed([]))
        axes.set_title(f"{r.victim}, {r.route}", fontsize=10, loc="left")
    grid[0][0].set_ylabel("AUC ratio")
    grid[0][0].legend(fontsize=7, loc="best")
    figure.tight_layout()
    return figure
