"""The field's figures of prediction accuracy.

GMFE = exp(mean |ln(pred/obs)|), bias = exp(mean ln(pred/obs)), shares within 1.25-, 1.5- and 2-fold, and the
Guest 2011 limits (Drug Metab Dispos 39:170), as the design's section 7 writes them:
R = obs or 1/obs (≥ 1); limit = (δ + 2(R − 1))/R; pass if obs/limit ≤ pred ≤ obs·limit.
A study counts once per study × pair × route: its arms share one unit of weight.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

STRONG = 1.5
"""Observed ratios of at least this (or at most 1/this) count for sign errors."""

CLASSES = (0.2, 0.5, 0.8, 1.25, 2.0, 5.0)
"""Cuts of the strength classes: strong, moderate, weak, none, weak, moderate, strong (ICH M12 as in the design)."""


@dataclass(frozen=True)
class Point:
    """One predicted and observed ratio; `unit` is the study × pair × route that it belongs to."""

    predicted: float
    observed: float
    unit: Hashable


@dataclass(frozen=True)
class Figures:
    n: int
    units: int
    gmfe: float | None
    bias: float | None
    within_125: float | None
    within_15: float | None
    within_2: float | None
    guest: float | None
    guest_125: float | None
    class_agreement: float | None
    sign_errors: int


def guest_limit(observed: float, delta: float = 1.0) -> float:
    """Fold limit of Guest 2011 for an observed ratio."""
    r = observed if observed >= 1.0 else 1.0 / observed
    return (delta + 2.0 * (r - 1.0)) / r


def guest(predicted: float, observed: float, delta: float = 1.0) -> bool:
    limit = guest_limit(observed, delta)
    return observed / limit <= predicted <= observed * limit


def within(predicted: float, observed: float, fold: float) -> bool:
    return 1.0 / fold <= predicted / observed <= fold


def sign_error(predicted: float, observed: float) -> bool:
    """The prediction lies on the other side of 1 where the observed ratio is at least 1.5-fold away."""
    return (observed >= STRONG and predicted < 1.0) or (observed <= 1.0 / STRONG and predicted > 1.0)


def strength(ratio: float) -> int:
    """Class of a ratio, −3 … 3."""
    return sum(ratio >= cut for cut in CLASSES) - 3


def figures(points: Sequence[Point]) -> Figures:
    """All figures of a set of arms; None where the set is empty."""
    if not points:
        return Figures(0, 0, None, None, None, None, None, None, None, None, 0)
    size = Counter(p.unit for p in points)
    weights = [1.0 / size[p.unit] for p in points]

    def mean(values: Iterable[float]) -> float:
        return sum(w * v for w, v in zip(weights, values, strict=True)) / sum(weights)

    logs = [math.log(p.predicted / p.observed) for p in points]
    return Figures(
        n=len(points),
        units=len(size),
        gmfe=math.exp(mean(abs(x) for x in logs)),
        bias=math.exp(mean(logs)),
        within_125=mean(within(p.predicted, p.observed, 1.25) for p in points),
        within_15=mean(within(p.predicted, p.observed, 1.5) for p in points),
        within_2=mean(within(p.predicted, p.observed, 2.0) for p in points),
        guest=mean(guest(p.predicted, p.observed) for p in points),
        guest_125=mean(guest(p.predicted, p.observed, 1.25) for p in points),
        class_agreement=mean(strength(p.predicted) == strength(p.observed) for p in points),
        sign_errors=sum(sign_error(p.predicted, p.observed) for p in points),
    )
