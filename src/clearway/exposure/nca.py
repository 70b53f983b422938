"""Exposure of curves in one window: AUC, Cmax, Cmin, half-life; of one, or of very many side by side.

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


@dataclass(frozen=True)
class Exposures:
    """As `Exposure`, an array each: one entry a lane. nan where the curve is nan or has no such thing."""

    auc: Floats
    cmax: Floats
    cmin: Floats
    tmax: Floats
    half_life: Floats


QUANTIFIABLE = 0.01
"""Part of the peak below which a clinic's assay would no longer see the drug: the tail is read above it."""

TAIL_POINTS = 25
"""Points on the tail through which the line is laid."""

MIXING = 0.5
"""Hours after the window opens before a peak counts as such: an iv bolus starts in venous blood alone."""


def quantifiable(times: Floats, curves: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Of each lane: index of the peak after mixing, and the lowest concentration that the assay still sees."""
    mixed = int(np.searchsorted(times, times[0] + min(MIXING, 0.5 * (times[-1] - times[0]))))
    peak = mixed + np.argmax(curves[:, mixed:], axis=1)
    return peak, QUANTIFIABLE * curves[np.arange(len(curves)), peak]


def terminal_slopes(times: Floats, curves: Floats) -> Floats:
    """λz (1/h) of each lane from the last stretch of its curve: a least-squares line through ln C. Curves: (lanes, T).

    The stretch is the second half of the time from the peak to the last quantifiable value, as a clinic would
    choose by eye; nan where the curve does not fall.
    """
    peak, least = quantifiable(times, curves)
    place, lanes = np.arange(len(times)), np.arange(len(curves))[:, None]
    seen = (curves > least[:, None]) & (place >= peak[:, None])
    last = len(times) - 1 - np.argmax(seen[:, ::-1], axis=1)
    start = times[peak] + 0.5 * (times[last] - times[peak])
    # at fixed points, so that the answer does not depend on how densely the curve was kept
    t = np.arange(TAIL_POINTS) * ((times[last] - start) / (TAIL_POINTS - 1))[:, None] + start[:, None]
    t[:, -1] = times[last]
    # each point lies between the last seen value before it and the next one seen
    before = np.maximum.accumulate(np.where(seen, place, 0), axis=1)
    after = np.minimum.accumulate(np.where(seen, place, len(times) - 1)[:, ::-1], axis=1)[:, ::-1]
    at = np.searchsorted(times, t, side="right") - 1
    low, high = before[lanes, at], after[lanes, np.minimum(at + 1, last[:, None])]
    with np.errstate(divide="ignore", invalid="ignore"):
        y_low, y_high = np.log(curves[lanes, low]), np.log(curves[lanes, high])
        y = np.where(t == times[low], y_low, (y_high - y_low) / (times[high] - times[low]) * (t - times[low]) + y_low)
        dt = t - t.mean(axis=1, keepdims=True)
        slope = np.sum(dt * (y - y.mean(axis=1, keepdims=True)), axis=1) / np.sum(dt**2, axis=1)
    return np.where((slope < 0) & (seen.sum(axis=1) >= 2), -slope, math.nan)


def terminal_slope(times: Floats, curve: Floats) -> float:
    """λz (1/h) of one curve (T,)."""
    return float(terminal_slopes(times, curve[None])[0])


def tails(times: Floats, curves: Floats, slopes: Floats) -> Floats:
    """Area after the last time by the log-linear tail, C_last/λz; 0 where nothing quantifiable is left."""
    there = (slopes > 0) & (curves[:, -1] > quantifiable(times, curves)[1])
    return np.divide(curves[:, -1], slopes, out=np.zeros(len(curves)), where=there)


def exposures_in(times: Floats, curves: Floats, aucs: Floats, window: Window, *, declines: bool = True) -> Exposures:
    """Exposure of every lane. times: (T,); curves (µM), aucs (cumulative, µM·h): (lanes, T).

    declines: False leaves half-lives out where the window needs none, which takes the longest.
    """
    inside = (times >= window.start - 1e-9) & (times <= window.end + 1e-9)
    t, c, a = times[inside], np.ascontiguousarray(curves[:, inside]), aucs[:, inside]
    area = a[:, -1] - a[:, 0]
    lz = terminal_slopes(t, c) if declines or window.kind == "inf" else np.full(len(c), math.nan)
    if window.kind == "inf":
        # before the first dose of a single-dose study the curve is zero, so the tail belongs to this dose
        area = area + tails(t, c, lz)
    top = np.argmax(c, axis=1)
    after = c[:, 1:] if window.kind == "inf" and len(t) > 1 else c
    return Exposures(
        auc=area,
        cmax=c[np.arange(len(c)), top],
        cmin=after.min(axis=1),
        tmax=t[top] - window.start,
        half_life=math.log(2.0) / lz,
    )


def exposure(times: Floats, curve: Floats, auc: Floats, window: Window) -> Exposure:
    """Exposure of one lane. times, curve (µM), auc (cumulative, µM·h): shape (T,)."""
    e = exposures_in(times, curve[None], auc[None], window)
    return Exposure(float(e.auc[0]), float(e.cmax[0]), float(e.cmin[0]), float(e.tmax[0]), float(e.half_life[0]))
