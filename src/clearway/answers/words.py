"""The answer in one sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence

from clearway.exposure.compare import Answer, Factor

DISCLAIMER = "Research and education software: it supports a professional who can check the basis, and replaces none."
"""Said by everything that a person may carry away."""

UNCHANGED = 0.05
"""A ratio within 5 % of 1 'does not change'."""

NO_EFFECT = (0.8, 1.25)
"""A ratio within these counts as no effect."""

SAID = 0.03
"""|ln factor| from which a mechanism is named in the sentence."""


def percent(share: float | None) -> str:
    """0.38 as `38 %`; a dash for nothing."""
    return "–" if share is None else f"{100.0 * share:.0f} %"


def number(x: float | None, digits: int = 2) -> str:
    """0.55, 3.4, 25, 1,230: two or three figures, as a paper prints a ratio."""
    if x is None or not math.isfinite(x):
        return "–"
    if x == 0:
        return "0"
    size = abs(x)
    if size >= 1000:
        return f"{x:,.0f}"
    if size >= 100:
        return f"{x:.0f}"
    if size >= 10:
        return f"{x:.1f}"
    if size >= 1:
        return f"{x:.{digits}f}" if size < 2 else f"{x:.2g}" if digits < 2 else f"{x:.{digits}f}"
    return f"{x:.{digits}f}" if size >= 0.1 else f"{x:.2g}"


def interval(low: float | None, high: float | None) -> str:
    """` (0.40–0.75)`, or nothing."""
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f" ({number(low)}–{number(high)})"


def sentence(name: str, answer: Answer, added: Sequence[str], route: str = "") -> str:
    """`Methadone exposure falls to 0.55 (0.40–0.75) of its value without nelfinavir, because …`."""
    r = answer.ratio.auc
    special = route.startswith("iv")
    who = f"{route.split()[0]} {name[:1].lower()}{name[1:]}" if special else name
    who = who[:1].upper() + who[1:]
    without = join(added)
    if not math.isfinite(r):
        return f"{who}: no ratio can be formed."
    if abs(r - 1.0) <= UNCHANGED:
        verb = f"{who} exposure does not change with {without}: AUC ratio {number(r)}{interval(answer.low, answer.high)}"
    else:
        span = f"{number(r)}{interval(answer.low, answer.high)}"
        fall = f"falls to {span} of its value without {without}"
        verb = f"{who} exposure " + (fall if r < 1 else f"rises to {span} times its value without {without}")
    why = because(answer.factors)
    return f"{verb}{', because of ' + why if why else ''}."


def because(factors: Sequence[Factor], most: int = 4) -> str:
    """`CYP2B6 induction × 0.47 and CYP3A4 inhibition × 1.06`, the strongest first."""
    told = [f for f in factors if f.factor > 0 and abs(math.log(f.factor)) >= SAID][:most]
    return join([f"{f.name} × {number(f.factor)}" for f in told])


def join(names: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    items = list(dict.fromkeys(names))
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
