"""A little SVG: scales, ticks, axes, lines. Colours are classes of charts.css; what a script reads is in `data-` attributes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np

from clearway.answers.drawing import hour_ticks, tick_words
from clearway.exposure.nca import Floats

LINEAR_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers that cover [low, high]."""
    if not high > low:
        return [low]
    raw = (high - low) / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(s * power for s in LINEAR_STEPS if s * power >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]


@dataclass(frozen=True)
class Scale:
    """Data to pixels; `log` for ratios."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, x: float) -> float:
        return float(self.all(np.array([x]))[0])

    def all(self, values: Floats) -> Floats:
        """Pixels of many values at once."""
        a, b, v = self.low, self.high, values
        if self.log:
            a, b, v = math.log(a), math.log(b), np.log(np.maximum(values, 1e-12))
        return self.start + (v - a) / (b - a) * (self.end - self.start) if b > a else np.full(len(values), self.start)


class Svg(str):
    """A drawing as text, which a template takes as it is; Drawing escapes what stands in it."""

    def __html__(self) -> str:
        return self


@dataclass
class Drawing:
    """`data`: what the reader of curves in script.js needs, by attribute name."""

    width: float
    height: float
    label: str
    data: dict[str, str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str) -> None:
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{css}"/>')

    def rect(self, x: float, y: float, w: float, h: float, css: str) -> None:
        self.parts.append(f'<rect x="{min(x, x + w):.1f}" y="{y:.1f}" width="{abs(w):.1f}" height="{h:.1f}" class="{css}"/>')

    def circle(self, x: float, y: float, r: float, css: str) -> None:
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:g}" class="{css}"/>')

    def diamond(self, x: float, y: float, r: float, css: str) -> None:
        points = f"{x:.1f},{y - r:.1f} {x + r:.1f},{y:.1f} {x:.1f},{y + r:.1f} {x - r:.1f},{y:.1f}"
        self.parts.append(f'<polygon points="{points}" class="{css}"/>')

    def text(self, x: float, y: float, words: str, css: str = "t", anchor: str = "start") -> None:
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" class="{css}" text-anchor="{anchor}">{escape(words)}</text>')

    def curve(self, x: Floats, y: Floats, values: Floats, css: str, name: str) -> None:
        """A polyline through pixels; where y is nan the curve lies outside the chart. `values` and `name` are read by the script."""
        points = [f"{a:.1f} {b:.1f}" for a, b in zip(x.tolist(), y.tolist(), strict=True) if math.isfinite(b)]
        told = " ".join(f"{v:.4g}" for v in values.tolist())
        self.parts.append(f'<path d="M{"L".join(points)}" class="{css}" data-name="{escape(name)}" data-v="{told}"/>')

    def svg(self) -> Svg:
        more = "".join(f' data-{key}="{escape(value)}"' for key, value in self.data.items())
        size = f'viewBox="0 0 {self.width:g} {self.height:g}" xmlns="http://www.w3.org/2000/svg"'
        head = f'<svg {size} role="img" aria-label="{escape(self.label)}"{more}>'
        return Svg(head + f"<title>{escape(self.label)}</title>" + "".join(self.parts) + "</svg>")


def thin(x: Floats, rows: Floats, within: float = 0.15) -> list[int]:
    """Indices of the points that all curves need, so that lines between them stray by no more than `within` pixels.

    x: (T,); rows: (curves, T) in pixels (Douglas–Peucker, of the vertical distance).
    """
    keep, todo = {0, len(x) - 1}, [(0, len(x) - 1)]
    while todo:
        a, b = todo.pop()
        if b - a < 2 or x[b] <= x[a]:
            continue
        part = (x[a + 1 : b] - x[a]) / (x[b] - x[a])
        straight = rows[:, [a]] + part * (rows[:, [b]] - rows[:, [a]])
        far = np.abs(rows[:, a + 1 : b] - straight).max(axis=0)
        most = int(np.argmax(far))
        if far[most] > within:
            middle = a + 1 + most
            keep.add(middle)
            todo += [(a, middle), (middle, b)]
    return sorted(keep)


def y_axis(d: Drawing, y: Scale, x1: float, x2: float, marks: Sequence[float]) -> None:
    """Light lines with their numbers on the left."""
    for m in marks:
        d.line(x1, y(m), x2, y(m), "grid" if m else "axis")
        d.text(x1 - 6, y(m) + 3.5, tick_words(m), "tick", "end")


def time_axis(d: Drawing, x: Scale, bottom: float, low: float, high: float, offset: float = 0.0) -> None:
    """Hours up to four days, else days; `offset` shifts the numbers (hours after a dose)."""
    days = high - low > 96
    for m in hour_ticks(low - offset, high - offset):
        at = x(m + offset)
        d.line(at, bottom, at, bottom + 4, "axis")
        d.text(at, bottom + 15, f"{m / 24:g}" if days else f"{m:g}", "tick", "middle")
    d.line(x(low), bottom, x(high), bottom, "axis")
    words = "days" if days else ("hours after the dose" if offset else "hours")
    d.text(x(high), bottom + 28, words, "unit", "end")
