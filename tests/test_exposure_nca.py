"""Exposure of known curves: one and two exponentials, an iv spike, an interval, a curve that does not fall."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from clearway.exposure.arms import FINE, Measure, exposures, grid
from clearway.exposure.nca import Exposure, Window, exposure, exposures_in, terminal_slope
from clearway.model.setting import Setting
from clearway.model.simulate import simulate
from clearway.regimen import Measured, Regimen
from clearway.regimen.dose import Entry
from conftest import dose, every, lane, made, ready

LN2 = math.log(2.0)
Curve = tuple[NDArray[np.float64], NDArray[np.float64]]


def exponentials(t: NDArray[np.float64], *terms: tuple[float, float]) -> Curve:
    """C = Σ a·e^(−b·t) and its integral from 0."""
    return sum(a * np.exp(-b * t) for a, b in terms), sum(a / b * (1.0 - np.exp(-b * t)) for a, b in terms)  # type: ignore[return-value]


def test_one_exponential_gives_its_half_life_and_auc_to_infinity() -> None:
    t = np.linspace(0.0, 24.0, 200)
    c, area = exponentials(t, (10.0, 0.1))
    e = exposure(t, c, area, Window(0.0, 24.0, "inf"))
    assert e.half_life == pytest.approx(LN2 / 0.1, rel=1e-9)
    assert e.auc == pytest.approx(100.0, rel=1e-9)  # a/b; 9 % of it in the tail
    assert (e.cmax, e.tmax) == (10.0, 0.0)


def test_two_exponentials_give_the_slow_half_life() -> None:
    t = np.linspace(0.0, 48.0, 400)
    c, area = exponentials(t, (8.0, 1.5), (2.0, 0.07))
    e = exposure(t, c, area, Window(0.0, 48.0, "inf"))
    assert e.half_life == pytest.approx(LN2 / 0.07, rel=1e-3)
    assert e.auc == pytest.approx(8.0 / 1.5 + 2.0 / 0.07, rel=1e-3)


def test_absorption_and_elimination_give_the_terminal_half_life_peak_and_time() -> None:
    # Bateman: C = ka/(ka − k)·(e^(−kt) − e^(−ka·t)) for V = dose; tmax = ln(ka/k)/(ka − k), AUC = 1/k
    ka, k = 1.2, 0.15
    t = np.linspace(0.0, 24.0, 2001)  # 3 % of the peak: still quantifiable, so that the tail is added
    a = ka / (ka - k)
    c, area = exponentials(t, (a, k), (-a, ka))
    e = exposure(t, c, area, Window(0.0, 24.0, "inf"))
    assert e.half_life == pytest.approx(LN2 / k, rel=1e-3)
    assert e.tmax == pytest.approx(math.log(ka / k) / (ka - k), abs=0.02)
    assert e.auc == pytest.approx(1.0 / k, rel=1e-3)
    assert e.cmax == pytest.approx((k / ka) ** (k / (ka - k)), rel=1e-5)


def test_an_interval_has_no_tail() -> None:
    t = np.linspace(0.0, 24.0, 200)
    c, area = exponentials(t, (10.0, 0.1))
    e = exposure(t, c, area, Window(6.0, 12.0, "tau"))
    assert e.auc == pytest.approx(100.0 * (math.exp(-0.6) - math.exp(-1.2)), rel=2e-2)  # the nearest points of the grid
    t = np.linspace(0.0, 24.0, 241)
    c, area = exponentials(t, (10.0, 0.1))
    e = exposure(t, c, area, Window(6.0, 12.0, "tau"))
    assert e.auc == pytest.approx(100.0 * (math.exp(-0.6) - math.exp(-1.2)), rel=1e-9)
    assert e.cmin == pytest.approx(10.0 * math.exp(-1.2))


def test_a_spike_of_a_bolus_does_not_hide_the_slow_phase() -> None:
    """For the first minutes an iv bolus is in venous blood alone, a thousand times above the rest; the tail is still seen."""
    t = np.unique([0.0, *FINE, *np.linspace(0.0, 48.0, 97)])
    c, area = exponentials(t, (1000.0, 60.0), (1.0, 0.05))
    e = exposure(t, c, area, Window(0.0, 48.0, "inf"))
    assert e.half_life == pytest.approx(LN2 / 0.05, rel=1e-3)
    assert e.auc == pytest.approx(1000.0 / 60.0 + 20.0, rel=1e-3)


def test_a_curve_that_does_not_fall_has_no_half_life_and_no_tail() -> None:
    t = np.linspace(0.0, 24.0, 49)
    c = 1.0 - np.exp(-0.3 * t)
    assert math.isnan(terminal_slope(t, c))
    assert exposure(t, c, t - (1 - np.exp(-0.3 * t)) / 0.3, Window(0.0, 24.0, "inf")).auc == pytest.approx(
        24.0 - (1 - math.exp(-7.2)) / 0.3
    )
    flat = np.zeros(49)
    assert exposure(t, flat, flat, Window(0.0, 24.0, "inf")).auc == 0.0


def test_a_single_dose_of_the_model_sampled_for_a_day_has_its_full_auc(setting: Setting) -> None:
    """The tail added after 24 h: dose/CL = 50 µmol/5 L/h of a drug with a half-life of about 9 h."""
    k = ready(made("x", cl=5.0, vss=60.0), setting)
    w = Window(0.0, 24.0, "inf")
    doses = [dose("x", 50.0, "iv bolus")]
    done = simulate([k], [lane(setting.reference)], [doses], setting, grid([doses], [w]))
    e = exposures(done, [0], np.ones(1), Measure("x", ("x",), w))
    assert e.auc == pytest.approx(10.0, rel=5e-3)


def test_an_arm_of_genotypes_is_their_geometric_mean(setting: Setting) -> None:
    """AUC of lanes with 1 and ¼ of a clearance of plasma (no liver between): 1 and 4; weights 0.75 and 0.25 → 4^0.25."""
    k = ready(made("x", cl=8.0, paths={"plasma": 1.0}), setting)
    w = Window(0.0, 3000.0, "0-t")
    quarter = lane(setting.reference, vary={("x", "plasma", "clearance"): 0.25})
    done = simulate([k], [lane(setting.reference), quarter], [[dose("x", 8.0, "iv bolus")]] * 2, setting, [0.0, 3000.0])
    e = exposures(done, [0, 1], np.array([0.75, 0.25]), Measure("x", ("x",), w))
    assert e.auc == pytest.approx(4.0**0.25, rel=1e-4)


def test_a_racemate_is_the_sum_of_its_halves(setting: Setting) -> None:
    r, s = (ready(made(n, cl=cl, paths={"plasma": 1.0}), setting) for n, cl in (("r", 5.0), ("s", 2.0)))
    done = simulate([r, s], [lane(setting.reference)], [[dose("r", 10.0, "iv bolus"), dose("s", 10.0, "iv bolus")]], setting, [0.0, 3000.0])
    e = exposures(done, [0], np.ones(1), Measure("rs", ("r", "s"), Window(0.0, 3000.0, "0-t")))
    assert e.auc == pytest.approx(2.0 + 5.0, rel=1e-4)


def test_the_window_follows_the_dose_that_is_named() -> None:
    doses = every("x", 1.0, 24.0, 5)
    regimen = Regimen([Entry("x", ["x"], "oral", [d.time_h for d in doses], 24.0, doses)])
    last = Measured("x", ["x"]).window(regimen)
    assert (last.start_h, last.end_h) == (96.0, 120.0)
    second = Measured("x", ["x"], after_dose=2).window(regimen)
    assert (second.start_h, second.end_h) == (24.0, 48.0)
    with pytest.raises(ValueError, match="dose number 6 does not exist"):
        Measured("x", ["x"], after_dose=6).window(regimen)


@pytest.mark.parametrize("kind", ["inf", "tau"])
def test_many_curves_side_by_side_are_each_by_itself(kind: str) -> None:
    """Bit for bit, whatever the neighbours: falling, rising, flat, with gaps below the quantifiable limit, zero, and nan."""
    t = np.unique([*FINE, *np.linspace(0.0, 72.0, 97)])
    curves = np.array(
        [
            3.0 * np.exp(-0.2 * t) + np.exp(-0.02 * t),
            np.exp(-0.05 * t) - np.exp(-1.2 * t),
            np.exp(-0.3 * t) * (1.0 + 0.999 * np.sin(2.0 * t)),
            1.0 - np.exp(-0.1 * t),
            np.full_like(t, 2.0),
            np.zeros_like(t),
            np.full_like(t, math.nan),
            np.exp(-8.0 * t),
        ]
    )
    areas = np.cumsum(curves, axis=1)
    window = Window(0.0, 72.0, kind)
    together = exposures_in(t, curves, areas, window)
    for i, (c, a) in enumerate(zip(curves, areas, strict=True)):
        alone = exposure(t, c, a, window)
        for name in Exposure.__dataclass_fields__:
            np.testing.assert_array_equal(getattr(together, name)[i], getattr(alone, name), err_msg=f"{name} of curve {i}")
    assert np.isfinite(together.half_life[[0, 1, 2, 7]]).all() and np.isnan(together.half_life[[3, 5, 6]]).all()
