"""The report's charts: curves of each arm, enzyme activity, what caused the change, ratios with studies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from clearway.answers.drawing import bars, ratio_range, ratio_ticks, tick_words
from clearway.answers.words import NO_EFFECT, number
from clearway.exposure.compare import Factor
from clearway.exposure.nca import Floats, Window
from clearway.report.svg import Drawing, Scale, Svg, thin, ticks, time_axis, y_axis

LEFT, RIGHT, TOP, BOTTOM = 52.0, 12.0, 26.0, 34.0
DECADES = 3
ARMS = {"control": "without", "test": "with", "run": "concentration"}
"""Arms as they are drawn, the last on top, and what the reader of a curve calls them."""

LETTER = 6.9
"""Width of a letter of chart text, generously."""


@dataclass(frozen=True)
class Point:
    """One ratio of the forest: prediction with interval, and what studies observed."""

    name: str
    ratio: float
    low: float
    high: float
    observed: tuple[float, ...] = ()
    half: bool = False


def short(label: str, most: int = 34) -> str:
    """A label without the remark in brackets at its end; cut where it is still too long for a chart."""
    plain = label.rpartition(" (")[0] if label.endswith(")") and " (" in label else label
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def _frame(label: str, title: str, width: float, height: float) -> Drawing:
    d = Drawing(width, height, label)
    d.text(0, 13, title, "title")
    return d


def _curves(d: Drawing, x: Scale, y: Scale, times: Floats, rows: Sequence[tuple[str, str, Floats]], offset: float, unit: str) -> None:
    """Curves (css class, name, values) that share one time axis, thinned together and readable by the script."""
    floor = y.low if y.log else -math.inf
    across, values = x.all(times), np.array([v for *_, v in rows])
    heights = y.all(np.maximum(values.ravel(), floor)).reshape(values.shape)
    keep = thin(across, heights)
    heights[values < floor] = math.nan
    d.data |= {"t": " ".join(f"{t:.5g}" for t in times[keep].tolist()), "offset": f"{offset:g}", "unit": unit}
    d.data |= {"x": f"{x.low:g} {x.high:g} {x.start:g} {x.end:g}", "y": f"{TOP:g} {d.height - BOTTOM:g}"}
    for (css, name, _), v, h in zip(rows, values, heights, strict=True):
        d.curve(across[keep], h[keep], v[keep], f"curve {css}", name)


def plasma(
    title: str, times: Floats, arms: Mapping[str, Floats], low: float, high: float, *,
    window: Window | None = None, offset: float = 0.0, log: bool = False, width: float = 400.0, height: float = 195.0,
) -> Svg:  # fmt: skip
    """Concentration (ng/mL) of the arms between two times; the measured window is shaded.

    `log`: over at most `DECADES` below the peak, where half-lives are slopes.
    """
    d = _frame(f"{title}, ng/mL", title, width, height)
    use = (times >= low - 1e-9) & (times <= high + 1e-9)
    top = max(float(v[use].max()) for v in arms.values()) * 1.05 or 1.0
    x, y = Scale(low, high, LEFT, width - RIGHT), Scale(0.0, top, height - BOTTOM, TOP)
    marks = ticks(0.0, top, 4)
    if log:
        last = min(float(v[use][-1]) for v in arms.values())
        floor = 10.0 ** math.floor(math.log10(max(last, top * 10.0**-DECADES)))
        y = Scale(floor, top * 1.4, height - BOTTOM, TOP, log=True)
        marks = [10.0**i for i in range(round(math.log10(floor)), math.floor(math.log10(top * 1.4)) + 1)]
    if window:
        end = min(window.end, high)
        d.rect(x(window.start), TOP, x(end) - x(window.start), height - BOTTOM - TOP, "window")
    y_axis(d, y, LEFT, width - RIGHT, marks)
    d.text(width - RIGHT, 13, "ng/mL, log" if log else "ng/mL", "unit", "end")
    time_axis(d, x, height - BOTTOM, low, high, offset)
    rows = [(arm, name, arms[arm][use]) for arm, name in ARMS.items() if arm in arms]
    _curves(d, x, y, times[use], rows, offset, "ng/mL")
    return d.svg()


def activity(
    enzyme: str, times: Floats, rows: Mapping[str, Mapping[str, Floats]], end: float, *, width: float = 264.0, height: float = 170.0
) -> Svg:
    """Active enzyme over time, baseline 1; rows: organ → arm → curve. Liver solid, gut dashed."""
    d = _frame(f"{enzyme} activity over time", enzyme, width, height)
    top = max(max(float(v.max()) for arms in rows.values() for v in arms.values()) * 1.08, 1.25)
    left = LEFT - 20
    x, y = Scale(0.0, end, left, width - RIGHT), Scale(0.0, top, height - BOTTOM, TOP)
    y_axis(d, y, left, width - RIGHT, ticks(0.0, top, 4))
    d.line(left, y(1.0), width - RIGHT, y(1.0), "one")
    time_axis(d, x, height - BOTTOM, 0.0, end)
    drawn = []
    for organ, arms in rows.items():
        dash = " dash" if organ == "gut" else ""
        place = "gut wall" if organ == "gut" else organ
        for arm, v in arms.items():
            if arm != "control" or float(np.abs(v - 1.0).max()) > 0.02:
                drawn.append((arm + dash, place if arm == "run" else f"{place}, {ARMS[arm]}", v))
    _curves(d, x, y, times, drawn, 0.0, "× baseline")
    return d.svg()


def waterfall(name: str, factors: Sequence[Factor], ratio: float, *, width: float = 820.0) -> Svg:
    """From 1 to the ratio, one bar a mechanism, on a log axis; what moves less than 1 % is summed up."""
    rows = bars(factors)
    steps = np.cumprod([1.0, *(f.factor for f in rows)]).tolist()
    low, high = ratio_range([*steps, ratio], 0.5)
    row, left = 25.0, 176.0
    height = TOP + row * (len(rows) + 1) + BOTTOM
    d = _frame(f"What caused the change of {name}", name, width, height)
    x = Scale(low, high, left, width - 70, log=True)
    bottom = height - BOTTOM
    for m in ratio_ticks(low, high):
        d.line(x(m), TOP, x(m), bottom, "one" if m == 1.0 else "grid")
        d.text(x(m), bottom + 15, tick_words(m), "tick", "middle")
    d.text(width - 70, bottom + 28, "AUC ratio, with : without", "unit", "end")
    for i, f in enumerate(rows):
        y = TOP + row * i
        begin, end = steps[i], steps[i + 1]
        d.text(left - 10, y + 17, f.name, "t", "end")
        d.rect(x(begin), y + 5, x(end) - x(begin), row - 9, f"bar {_kind(f.name)}")
        d.line(x(end), y + row - 4, x(end), y + row + 5, "link")
        _beside(d, max(x(begin), x(end)), y, f"× {number(f.factor)}", "t")
    y = TOP + row * len(rows)
    d.text(left - 10, y + 17, "together", "t strong", "end")
    d.rect(x(1.0), y + 5, x(ratio) - x(1.0), row - 9, "bar sum")
    _beside(d, max(x(1.0), x(ratio)), y, f"× {number(ratio)}", "t strong")
    return d.svg()


def _beside(d: Drawing, x: float, y: float, words: str, css: str) -> None:
    """Words right of a bar, on paper of their own where a line of the grid runs."""
    d.rect(x + 3, y + 6, LETTER * len(words) + 2, 14, "paper")
    d.text(x + 6, y + 17, words, css)


def _kind(name: str) -> str:
    last = name.rsplit(" ", 1)[-1]
    return last if last in ("induction", "inhibition", "inactivation") else "rest"


def forest(points: Sequence[Point], *, width: float = 820.0) -> Svg:
    """Predicted AUC ratios with their intervals; observed ratios of clinical studies as hollow diamonds."""
    values = [v for p in points for v in (p.ratio, p.low, p.high, *p.observed)]
    low, high = ratio_range(values)
    row, top, right = (30.0 if len(points) <= 8 else 24.0), 8.0, 150.0
    left = max(110.0, LETTER * max((len(p.name) for p in points), default=0) + 16)
    height = top + row * len(points) + BOTTOM
    d = Drawing(width, height, "AUC ratios with intervals and observed ratios")
    x = Scale(low, high, left, width - right, log=True)
    bottom = height - BOTTOM
    d.rect(x(NO_EFFECT[0]), top, x(NO_EFFECT[1]) - x(NO_EFFECT[0]), bottom - top, "window")
    for m in ratio_ticks(low, high):
        d.line(x(m), top, x(m), bottom, "one" if m == 1.0 else "grid")
        d.text(x(m), bottom + 15, tick_words(m), "tick", "middle")
    d.text(width - right, bottom + 28, "AUC ratio, with : without", "unit", "end")
    for i, p in enumerate(points):
        y = top + row * i + row / 2
        d.text(left - 12, y + 4, p.name, "t" if p.half else "t strong", "end")
        known = math.isfinite(p.low) and math.isfinite(p.high)
        if known:
            d.line(x(p.low), y, x(p.high), y, "whisker half" if p.half else "whisker")
        for seen in p.observed:
            d.diamond(x(seen), y, 5.5, "seen")
        d.circle(x(p.ratio), y, 4.0 if p.half else 5.0, "dot")
        words = number(p.ratio) + (f"  ({number(p.low)}–{number(p.high)})" if known else "")
        d.text(width - right + 12, y + 4, words, "t" if p.half else "t strong")
    return d.svg()


def evidence_bar(counts: Mapping[str, int], *, width: float = 820.0) -> Svg:
    """Values by kind of evidence as one bar."""
    total = sum(counts.values())
    d = Drawing(width, 26, "values by kind of evidence")
    at = 0.0
    for kind, n in counts.items():
        if not n:
            continue
        w = width * n / total
        css = kind.replace(" ", "-")
        d.rect(at, 2, max(w - 1.5, 0.5), 20, f"ev {css}")
        if w > 24:
            d.text(at + w / 2, 16, str(n), "evn", "middle")
        at += w
    return d.svg()
