"""Percentile bands of very many curves without keeping them: histograms of whole numbers that add up exactly.

A bin is a floating-point number cut to its exponent and the first seven bits behind the point: 128 bins an octave, each
at most 1/128 = 0.78 % wide. No logarithm is taken, so that the same value falls into the same bin on every machine, and
counts are integers, so that chunks may be added in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clearway.exposure.nca import Floats

Ints = NDArray[np.int64]
Bins = NDArray[np.uint16]

MANTISSA_BITS = 7
WIDTH = 2.0**-MANTISSA_BITS
"""Largest width of a bin relative to its lower edge."""

_SHIFT = 52 - MANTISSA_BITS
_LEAST = 2.0**-64
"""ng/mL below which a concentration counts as none: bin 0."""
_BASE = int(np.float64(_LEAST).view(np.int64)) >> _SHIFT
BINS = 2**14
"""Bins 0 to 16383: from none to 2^64 ng/mL."""


def bins(values: Floats) -> Bins:
    """The bin of each concentration; what is below the least (or negative within the tolerance) is bin 0."""
    found = np.maximum(values, 0.0).view(np.int64)
    found >>= _SHIFT
    found -= _BASE - 1
    return np.clip(found, 0, BINS - 1, out=found).astype(np.uint16)


def edges(index: Ints) -> Floats:
    """Lower edge of bins; 0 for bin 0."""
    raised = (np.asarray(index, dtype=np.int64) + (_BASE - 1)) << _SHIFT
    return np.where(np.asarray(index) > 0, raised.view(np.float64), 0.0)


@dataclass(frozen=True)
class Histogram:
    """Counts of one set of curves: how often they lie in a bin at a time, at = time number · BINS + bin. `at` rises, no count is 0."""

    at: Ints
    count: Ints


def histogram(binned: Bins) -> Histogram:
    """Count the bins of curves (subjects, times)."""
    if not len(binned):
        none = np.zeros(0, dtype=np.int64)
        return Histogram(none, none)
    low, high = (edge(axis=0).astype(np.int64) for edge in (binned.min, binned.max))
    start = np.concatenate([[0], np.cumsum(high - low + 1)])  # the used range of each time, one after the other
    counts = np.bincount((binned + (start[:-1] - low)).ravel(), minlength=int(start[-1]))
    used = np.flatnonzero(counts)
    shift = np.arange(len(low)) * BINS + low - start[:-1]
    return Histogram(used + np.repeat(shift, np.add.reduceat(counts > 0, start[:-1], dtype=np.int64)), counts[used])


class Sum:
    """Histograms of curves at the same times, added up: a table that grows with the bins in use."""

    def __init__(self, times: int) -> None:
        self.first = 0
        self.table = np.zeros((times, 0), dtype=np.int64)  # counts of the bins from `first` on
        self.none = np.zeros(times, dtype=np.int64)  # counts of bin 0, which may lie far from the others

    def add(self, part: Histogram) -> None:
        time, where, count = part.at // BINS, part.at % BINS, part.count
        there = where > 0
        self.none[time[~there]] += count[~there]  # a part names each place once
        if there.any():
            time, where = time[there], where[there]
            self._widen(int(where.min()), int(where.max()) + 1)
            self.table[time, where - self.first] += count[there]

    def _widen(self, low: int, high: int) -> None:
        """Make room for the bins from `low` to before `high`."""
        width = self.table.shape[1]
        if not width:
            self.first = low
        left, right = max(0, self.first - low), max(0, high - self.first - width)
        if left or right:
            self.table = np.pad(self.table, ((0, 0), (left, right)))
            self.first -= left

    def total(self) -> Histogram:
        every = np.column_stack([self.none, self.table])
        time, place = np.nonzero(every)
        return Histogram(time * BINS + np.where(place > 0, place - 1 + self.first, 0), every[time, place])


def percentiles(counted: Histogram, times: int, wanted: Sequence[float]) -> tuple[Ints, Floats]:
    """How many curves were counted (times,) and their percentiles (times, wanted): as numpy's linear method would give them
    for values spread evenly within each bin, so that each lies within a bin's width of the true one. nan where none was."""
    if not counted.at.size:
        return np.zeros(times, dtype=np.int64), np.full((times, len(wanted)), np.nan)
    upto = np.cumsum(counted.count)
    end = np.concatenate([[0], upto])[np.searchsorted(counted.at, np.arange(times + 1) * BINS)]
    many = np.diff(end)
    position = np.maximum(many - 1, 0)[:, None] * (np.asarray(wanted) / 100.0)
    below = position.astype(np.int64)
    above = np.minimum(below + 1, np.maximum(many - 1, 0)[:, None])
    lower, upper = (_order_statistic(counted, upto, rank + end[:-1, None]) for rank in (below, above))
    return many, np.where(many[:, None] > 0, lower + (position - below) * (upper - lower), np.nan)


def _order_statistic(counted: Histogram, upto: Ints, rank: Ints) -> Floats:
    """The value at a rank (from 0) among all that were counted, time after time."""
    k = np.minimum(np.searchsorted(upto, rank, side="right"), len(upto) - 1)
    b, many = counted.at[k] % BINS, counted.count[k]
    within = (rank - (upto[k] - many) + 0.5) / many
    return np.where(b > 0, edges(b) + within * (edges(b + 1) - edges(b)), 0.0)
