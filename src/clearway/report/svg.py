"""A little SVG: scales, ticks, axes, lines. Text takes the page's fonts; colours are classes of the style sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from clearway.answers.words import number
from clearway.exposure.nca import Floats

LINEAR_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
TIME_STEPS = (1, 2, 3, 4, 6, 8, 12, 24, 48, 72, 96, 120, 168, 336, 672, 1344)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers that cover [low, high]."""
    if not high > low:
        return [low]
    raw = (high - low) / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(s * power for s in LINEAR_STEPS if s * power >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]


def hour_ticks(low: float, high: float, most: int = 7) -> list[float]:
    """Hours in clock-like steps."""
    step = next((s for s in TIME_STEPS if (high - low) / s <= most), TIME_STEPS[-1] * 2)
    return [i * step for i in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


RATIO_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


def ratio_ticks(low: float, high: float) -> list[float]:
    return [t for t in RATIO_TICKS if low * 0.999 <= t <= high * 1.001]


def ratio_range(values: Sequence[float], least: float = 0.4) -> tuple[float, float]:
    """A log axis for ratios that always holds 1 and ends at its own ticks."""
    good = [v for v in values if v and math.isfinite(v) and v > 0]
    low, high = min([*good, least]), max([*good, 1.0 / least])
    return max([t for t in RATIO_TICKS if t <= low], default=low), min([t for t in RATIO_TICKS if t >= high], default=high)


@dataclass(frozen=True)
class Scale:
    """Data to pixels; `log` for ratios."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, x: float) -> float:
        a, b, v = self.low, self.high, x
        if self.log:
            a, b, v = math.log(a), math.log(b), math.log(max(x, 1e-12))
        return self.start + (v - a) / (b - a) * (self.end - self.start) if b > a else self.start


@dataclass
class Drawing:
    width: float
    height: float
    label: str
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

    def curve(self, x: Scale, y: Scale, times: Floats, values: Floats, css: str) -> None:
        """A polyline; points that move less than a third of a pixel are left out."""
        points: list[tuple[float, float]] = []
        for t, v in zip(times.tolist(), values.tolist(), strict=True):
            p = (x(t), y(v))
            if len(points) > 1 and abs(p[0] - points[-1][0]) < 0.3 and abs(p[1] - points[-1][1]) < 0.3:
                continue
            points.append(p)
        d = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in points)
        self.parts.append(f'<path d="{d}" class="{css}"/>')

    def svg(self) -> str:
        head = f'<svg viewBox="0 0 {self.width:g} {self.height:g}" role="img" aria-label="{escape(self.label)}" xmlns="http://www.w3.org/2000/svg">'
        return head + f"<title>{escape(self.label)}</title>" + "".join(self.parts) + "</svg>"


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


def tick_words(m: float) -> str:
    if m == 0:
        return "0"
    return f"{m:,.0f}" if abs(m) >= 1000 else f"{m:g}" if abs(m) >= 0.001 else number(m)
