"""Percentile bands: bins no wider than said, counts that add up exactly, percentiles within a bin of numpy's."""

from __future__ import annotations

import numpy as np
import pytest

from clearway.cohort.bands import BINS, WIDTH, Histogram, Sum, bins, edges, histogram, percentiles
from clearway.exposure.nca import Floats

WANTED = (0.0, 2.5, 5.0, 25.0, 50.0, 75.0, 95.0, 100.0)


def curves(people: int, times: int, seed: int = 7) -> Floats:
    """Log-normal about curves that begin at 0 and end five decades apart."""
    rng = np.random.default_rng(seed)
    rise = np.concatenate([[0.0], np.geomspace(1e-2, 1e3, times - 1)])
    return np.exp(rng.normal(0.0, 0.8, (people, 1)) + rng.normal(0.0, 0.1, (people, times))) * rise


def added(parts: list[Histogram], times: int) -> Histogram:
    total = Sum(times)
    for part in parts:
        total.add(part)
    return total.total()


def test_a_value_lies_in_its_bin_and_bins_are_narrow() -> None:
    values = np.geomspace(1e-18, 1e18, 20_001)
    low, high = edges(bins(values).astype(np.int64)), edges(bins(values).astype(np.int64) + 1)
    assert np.all((low <= values) & (values < high))
    assert np.max((high - low) / low) <= WIDTH <= 0.01
    assert np.all(np.diff(bins(values).astype(np.int64)) >= 0)


def test_what_is_nothing_is_bin_0_and_what_is_absurd_the_last() -> None:
    assert bins(np.array([0.0, -1e-12, -5.0, 1e-30])).tolist() == [0, 0, 0, 0]
    assert bins(np.array([1e300, np.inf])).tolist() == [BINS - 1, BINS - 1]
    assert edges(np.array([0])).tolist() == [0.0]


def test_percentiles_lie_within_a_bin_of_numpys() -> None:
    every = curves(701, 40)
    many, found = percentiles(histogram(bins(every)), 40, WANTED)
    true = np.percentile(every, WANTED, axis=0).T
    assert many.tolist() == [701] * 40
    assert found[0].tolist() == [0.0] * len(WANTED)
    assert np.max(np.abs(found[1:] / true[1:] - 1.0)) <= WIDTH


@pytest.mark.parametrize("people", [1, 2, 3])
def test_few_people(people: int) -> None:
    every = curves(people, 5)
    _, found = percentiles(histogram(bins(every)), 5, WANTED)
    assert np.max(np.abs(found[1:] / np.percentile(every, WANTED, axis=0).T[1:] - 1.0)) <= WIDTH


def test_parts_add_up_in_any_order_and_cut() -> None:
    every = curves(500, 12)
    whole = histogram(bins(every))
    rng = np.random.default_rng(1)
    for cuts in ([250], [1, 7, 100, 499], list(range(20, 500, 37))):
        parts = [histogram(bins(p)) for p in np.split(every[rng.permutation(500)], cuts)]
        rng.shuffle(parts)  # type: ignore[arg-type]
        total = added(parts, 12)
        assert np.array_equal(total.at, whole.at) and np.array_equal(total.count, whole.count)
    assert whole.count.sum() == every.size and np.all(whole.count > 0) and np.all(np.diff(whole.at) > 0)


def test_nobody_gives_no_number() -> None:
    none = histogram(bins(np.zeros((0, 3))))
    many, found = percentiles(added([none], 3), 3, (5.0, 50.0))
    assert many.tolist() == [0, 0, 0] and np.isnan(found).all()


def test_a_time_without_counts_beside_others() -> None:
    """People may be missing at some times only in made-up data; neighbours must not leak in."""
    one = histogram(bins(np.array([[2.0, 8.0, 32.0]])))
    keep = one.at // BINS != 1
    _, found = percentiles(Histogram(one.at[keep], one.count[keep]), 3, (50.0,))
    assert found[0, 0] == pytest.approx(2.0, rel=WIDTH) and np.isnan(found[1, 0]) and found[2, 0] == pytest.approx(32.0, rel=WIDTH)
