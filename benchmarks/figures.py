"""The page's figures as SVG: Okabe and Ito's colours, told apart with any colour vision; every line has its own marker too."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from clearway.plots._style import LINE, SOFT, STYLE
from precision import EQUAL, front

COLOURS = ("#0072B2", "#D55E00", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#000000")
MARKERS = ("o", "s", "D", "^", "v", "P", "X")

SIZES = {
    "font.size": 9.5, "axes.labelsize": 9.5, "xtick.labelsize": 9.5, "ytick.labelsize": 9.5, "legend.fontsize": 9.5, "axes.titlesize": 10.5,
    "axes.titleweight": "bold", "axes.titlelocation": "left", "axes.linewidth": 0.8, "lines.linewidth": 1.5, "axes.edgecolor": LINE,
}  # fmt: skip
"""A page is read at a greater distance than a journal's column."""

Results = Mapping[str, dict[str, Any]]


def label(curve: Mapping[str, Any]) -> str:
    """What a workload is called."""
    return "DDI-14" if curve["workload"] == "ddi14" else f"{curve['compounds']} compounds"


def short(workload: str) -> str:
    """The same by its name alone."""
    return {"ddi14": "DDI-14", "six": "6 compounds"}.get(workload, workload)


def power(value: float) -> str:
    """4e-06 → 4·10⁻⁶"""
    mantissa, exponent = f"{value:.1e}".split("e")
    front = "" if float(mantissa) == 1.0 else f"{float(mantissa):g}·"
    return f"{front}10{str(int(exponent)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def write(folder: Path, results: Results) -> dict[str, str]:
    """Those for which there are results: file name by figure."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams.update({**STYLE, **SIZES})
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for name, draw in (("precision", _precision), ("cost", _cost), ("profile", _profile)):
        figure = draw(plt, results)
        if figure is not None:
            written[name] = f"performance-{name}.svg"
            drawn = StringIO()
            figure.savefig(drawn, format="svg", bbox_inches="tight", metadata={"Date": None})
            plt.close(figure)
            (folder / written[name]).write_text(_smaller(drawn.getvalue()), encoding="utf-8")
    return written


def _smaller(svg: str) -> str:
    """Two decimals will do, and a browser needs no indentation."""
    return re.sub(r"\n +", "\n", re.sub(r"(\d\.\d\d)\d+", r"\1", svg.replace("; stroke-linejoin: miter", "")))


def _logarithmic(axis: Any, write: Callable[[float], str] = "{:,g}".format, parts: tuple[int, ...] = (1,)) -> None:
    """Ticks at these parts of each decade as plain text, and none between: each would be some hundred bytes."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axis.set_major_locator(LogLocator(subs=parts, numticks=20))
    axis.set_major_formatter(FuncFormatter(lambda value, _: write(value)))
    axis.set_minor_locator(NullLocator())


def _precision(plt: Any, results: Results) -> Any:
    """Speed against achieved error, a panel for each workload: the settings that no other of the same solver beats."""
    curves = [r for name, r in results.items() if name.startswith("curve-") and r.get("peers")]
    if not curves:
        return None
    figure, axes = plt.subplots(2, 2, figsize=(9, 7), squeeze=False)
    style = dict(zip(dict.fromkeys(p for c in curves for p in c["peers"]), zip(COLOURS, MARKERS, strict=True), strict=False))
    labels = {name: peer["label"] for c in curves for name, peer in c["peers"].items()}
    for ax, curve in zip(axes.flat, curves, strict=False):
        for name, peer in curve["peers"].items():
            best = front(peer)
            colour, marker = style[name]
            if best:
                ax.plot(*zip(*best, strict=True), "-", color=colour, marker=marker, ms=3.5, lw=1.2)
        for error in EQUAL:
            ax.axvline(error, color=LINE, lw=0.8, zorder=0)
        ax.set(xscale="log", yscale="log", xlim=(1e-8, 1e-2), title=f"{label(curve)}, {curve['states']} states")
        _logarithmic(ax.xaxis, power)
        _logarithmic(ax.yaxis)
    for ax in list(axes.flat)[len(curves) :]:
        ax.set_visible(False)
    for ax in axes[:, 0]:
        ax.set_ylabel("subjects/s on one core")
    for ax in axes[-1]:
        ax.set_xlabel("worst relative error")
    handles = [plt.Line2D([], [], color=c, marker=m, label=labels[name]) for name, (c, m) in style.items()]
    figure.legend(handles=handles, loc="upper center", ncols=3, bbox_to_anchor=(0.5, 0.0))
    figure.tight_layout()
    return figure


def _cost(plt: Any, results: Results) -> Any:
    """Cost against subjects, compounds, days, threads."""
    draw = {"subjects": _by_subjects, "compounds": _by_compounds, "days": _by_days, "threads": _by_threads}
    panels = [n for n in draw if results.get(n, {}).get("rows") or results.get(n, {}).get("workloads")]
    if not panels:
        return None
    figure, axes = plt.subplots(2, 2, figsize=(9, 6.4), squeeze=False)
    for ax, name in zip(axes.flat, panels, strict=False):
        draw[name](ax, results[name])
    for ax in list(axes.flat)[len(panels) :]:
        ax.set_visible(False)
    figure.tight_layout()
    return figure


def _by_subjects(ax: Any, r: dict[str, Any]) -> None:
    rows = r["rows"]
    ax.plot([x["subjects"] for x in rows], [1e6 * x["seconds"] / x["subjects"] for x in rows], "-o", color=COLOURS[0], ms=4)
    ax.set(xscale="log", yscale="log", xlabel="subjects in one run", ylabel="µs a subject", title="Subjects (DDI-14)")
    _logarithmic(ax.xaxis)
    _logarithmic(ax.yaxis, parts=(1, 2, 5))


def _by_compounds(ax: Any, r: dict[str, Any]) -> None:
    rows = r["rows"]
    n, cost = [x["compounds"] for x in rows], [x["step_us"] for x in rows]
    ax.plot(n, cost, "-o", color=COLOURS[0], ms=4, label="measured")
    ax.plot(n, [cost[0] * k / n[0] for k in n], "--", color=SOFT, lw=1, label="in proportion to one compound")
    ax.set(xlabel="compounds", ylabel="µs a step of one subject", title="Compounds (made up)", ylim=(0, None), xlim=(0, None))
    ax.legend()


def _by_days(ax: Any, r: dict[str, Any]) -> None:
    rows = r["rows"]
    ax.plot([x["days"] for x in rows], [x["subject_ms"] for x in rows], "-o", color=COLOURS[0], ms=4)
    ax.set(xscale="log", yscale="log", xlabel="days of treatment", ylabel="ms a subject", title="Days (DDI-14)")
    _logarithmic(ax.xaxis, parts=(1, 3))
    _logarithmic(ax.yaxis, parts=(1, 2, 5))


def _by_threads(ax: Any, r: dict[str, Any]) -> None:
    most = 1
    for (name, found), colour, marker in zip(r["workloads"].items(), COLOURS, MARKERS, strict=False):
        rows = found["rows"]
        most = max(most, *(x["threads"] for x in rows))
        speeds = [x["speed"] / rows[0]["speed"] for x in rows]
        ax.plot(
            [x["threads"] for x in rows],
            speeds,
            "-",
            color=colour,
            marker=marker,
            ms=4,
            label=short(name),
        )
    ax.plot([1, most], [1, most], "--", color=SOFT, lw=1, label="in proportion")
    ax.set(xlabel="threads", ylabel="times as fast", title="Threads", xticks=range(1, most + 1) if most <= 8 else [1, most])
    ax.legend()


def _profile(plt: Any, results: Results) -> Any:
    """Shares of the kernel's time."""
    within = {k: v["shares"] for k, v in results.get("profile", {}).get("within", {}).items() if "shares" in v}
    if not within:
        return None
    names = list(dict.fromkeys(n for shares in within.values() for n in shares))
    figure, ax = plt.subplots(figsize=(9, 0.7 + 0.34 * len(names)))
    height = 0.8 / len(within)
    for i, ((workload, shares), colour) in enumerate(zip(within.items(), COLOURS, strict=False)):
        places = [j + (i - (len(within) - 1) / 2) * height for j in range(len(names))]
        ax.barh(places, [100 * shares.get(n, 0) for n in names], height, color=colour, label=short(workload))
    ax.set(yticks=range(len(names)), yticklabels=names, xlabel="% of the kernel's time")
    ax.invert_yaxis()
    ax.legend()
    figure.tight_layout()
    return figure
