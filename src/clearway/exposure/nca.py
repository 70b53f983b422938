"""Exposure of one curve in one window: AUC, Cmax, Cmin, half-life.

AUCs are integrated by the solver as quadratures; nothing here uses a trapezoid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Window:
    """Where exposure is read: from `start` to `end` (h). kind `inf` adds the log-linear tail after `end`."""

    start: float
    end: float
    kind: str = "tau"


@dataclass(frozen=True)
class Exposure:
    """AUC (µM·h), Cmax and Cmin (µM), tmax after the start of the window and terminal half-life (h)."""

    auc: float
    cmax: float
    cmin: float
    tmax: float
    half_life: float


QUANTIFIABLE = 0.01
"""Part of the peak below which a clinic's assay would no longer see the drug: the tail is read above it."""

TAIL_POINTS = 25
"""Points on the tail through which the line is laid."""

MIXING = 0.5
"""Hours after the window opens before a peak counts as such: an iv bolus starts in venous blood alone."""


def quantifiable(times: Floats, curve: Floats) -> tuple[int, float]:
    """Index of the peak after mixing, and the lowest concentration that the assay still sees."""
    mixed = np.flatnonzero(times >= times[0] + min(MIXING, 0.5 * (times[-1] - times[0])))
    peak = int(mixed[int(np.argmax(curve[mixed]))])
    return peak, QUANTIFIABLE * float(curve[peak])


def terminal_slope(times: Floats, curve: Floats) -> float:
    """λz (1/h) from the last stretch of a curve: a least-squares line through ln C.

    The stretch is the second half of the time from the peak to the last quantifiable value, as a clinic would
    choose by eye; nan where the curve does not fall.
    """
    peak, least = quantifiable(times, curve)
    seen = np.flatnonzero((curve > least) & (times >= times[peak]))
    if len(seen) < 2:
        return math.nan
    last = times[seen[-1]]
    t = np.linspace(times[peak] + 0.5 * (last - times[peak]), last, TAIL_POINTS)
    # at fixed points, so that the answer does not depend on how densely the curve was kept
    y = np.interp(t, times[seen], np.log(curve[seen]))
    slope = float(np.sum((t - t.mean()) * (y - y.mean())) / np.sum((t - t.mean()) ** 2))
    return -slope if slope < 0 else math.nan


def tail(times: Floats, curve: Floats, slope: float) -> float:
    """Area after the last time by the log-linear tail, C_last/λz; 0 where nothing quantifiable is left."""
    return float(curve[-1]) / slope if slope > 0 and curve[-1] > quantifiable(times, curve)[1] else 0.0


def exposure(times: Floats, curve: Floats, auc: Floats, window: Window) -> Exposure:
    """Exposure of one lane. times, curve (µM), auc (cumulative, µM·h): shape (T,)."""
    inside = (times >= window.start - 1e-9) & (times <= window.end + 1e-9)
    t, c = times[inside], curve[inside]
    area = float(auc[inside][-1] - auc[inside][0])
    lz = terminal_slope(t, c)
    if window.kind == "inf":
        # before the first dose of a single-dose study the curve is zero, so the tail belongs to this dose
        area += tail(t, c, lz)
    top = int(np.argmax(c))
    after = c[1:] if window.kind == "inf" and len(c) > 1 else c
    return Exposure(
        auc=area,
        cmax=float(c[top]),
        cmin=float(after.min()),
        tmax=float(t[top] - window.start),
        half_life=math.log(2.0) / lz if lz > 0 else math.nan,
    )
