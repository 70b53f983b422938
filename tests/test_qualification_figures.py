"""The figures of accuracy, worked by hand."""

from __future__ import annotations

import math

import pytest

from clearway.qualification.figures import Point, figures, guest, guest_limit, sign_error, strength, within
from clearway.qualification.runner import ArmResult, Qualification


@pytest.mark.parametrize(("observed", "delta", "limit"), [
    # Guest 2011 (Drug Metab Dispos 39:170), equation as in the design: limit = (δ + 2(R − 1))/R, R = obs or 1/obs
    (1.0, 1.0, 1.0), (1.0, 1.25, 1.25), (2.0, 1.0, 1.5), (2.0, 1.25, 1.625), (4.0, 1.0, 1.75), (10.0, 1.0, 1.9), (10.0, 1.25, 1.925),
    (0.5, 1.0, 1.5), (0.1, 1.0, 1.9), (1.25, 1.0, 1.2),
])  # fmt: skip
def test_guest_limits(observed: float, delta: float, limit: float) -> None:
    assert guest_limit(observed, delta) == pytest.approx(limit)


def test_guest_limits_approach_twofold_and_never_pass_it() -> None:
    assert guest_limit(1e6) == pytest.approx(2.0, abs=1e-5)
    assert all(guest_limit(r) < 2.0 for r in (1.0, 3.0, 50.0, 0.01))


def test_guest_passes_on_the_limit_and_fails_beyond() -> None:
    assert guest(15.0, 10.0)
    assert guest(19.0, 10.0)
    assert not guest(19.01, 10.0)
    assert guest(10.0 / 1.9, 10.0)
    assert not guest(5.2, 10.0)
    assert guest(1.0, 1.0)
    assert not guest(1.001, 1.0)  # delta 1: nothing is allowed where nothing was seen
    assert guest(1.25, 1.0, 1.25)
    assert guest(0.5 * 1.5, 0.5)
    assert not guest(0.5 * 1.51, 0.5)


def test_gmfe_and_bias_by_hand() -> None:
    # folds 2, 1/2, 1: GMFE = exp((ln 2 + ln 2 + 0)/3) = 4^(1/3) = 1.5874, bias = exp(0) = 1
    f = figures([Point(2.0, 1.0, "a"), Point(1.0, 2.0, "b"), Point(3.0, 3.0, "c")])
    assert f.gmfe == pytest.approx(4.0 ** (1 / 3))
    assert f.bias == pytest.approx(1.0)
    assert (f.n, f.units) == (3, 3)
    assert f.within_2 == pytest.approx(1.0)  # twofold is within twofold
    assert f.within_15 == pytest.approx(1 / 3)
    # always twice too high: GMFE = bias = 2
    f = figures([Point(2.0, 1.0, "a"), Point(0.4, 0.2, "b")])
    assert f.gmfe == pytest.approx(2.0)
    assert f.bias == pytest.approx(2.0)


def test_a_study_counts_once_however_many_arms_it_has() -> None:
    # unit a: three arms at twofold; unit b: one arm at onefold → GMFE = exp((ln 2 + 0)/2) = √2, not 2^(3/4)
    points = [Point(2.0, 1.0, "a")] * 3 + [Point(1.0, 1.0, "b")]
    f = figures(points)
    assert f.gmfe == pytest.approx(math.sqrt(2.0))
    assert f.within_125 == pytest.approx(0.5)
    assert (f.n, f.units) == (4, 2)


def test_sign_errors() -> None:
    # the other side of 1, where the observed ratio is ≥ 1.5 or ≤ 0.67 (1/1.5)
    assert sign_error(0.99, 1.5)
    assert not sign_error(0.99, 1.49)
    assert not sign_error(1.01, 1.5)
    assert sign_error(1.01, 0.6)
    assert sign_error(1.01, 0.6666)
    assert not sign_error(1.01, 0.70)
    assert figures([Point(0.9, 2.0, "a"), Point(1.2, 0.5, "a"), Point(0.5, 0.5, "b")]).sign_errors == 2


def test_folds_and_classes() -> None:
    assert within(1.25, 1.0, 1.25)
    assert within(0.8, 1.0, 1.25)
    assert not within(0.79, 1.0, 1.25)
    assert [strength(r) for r in (0.1, 0.3, 0.7, 1.0, 1.5, 3.0, 8.0)] == [-3, -2, -1, 0, 1, 2, 3]
    assert strength(5.0) == 3  # ≥ 5 is strong (ICH M12)
    assert strength(2.0) == 2
    assert strength(1.25) == 1


def test_no_points_give_no_numbers() -> None:
    f = figures([])
    assert (f.n, f.gmfe, f.sign_errors) == (0, None, 0)


def arm(
    name: str, predicted: float, observed: float, *, fitted: bool = False, no_effect: bool = False, peer: float | None = None
) -> ArmResult:
    return ArmResult(id=name, pair="p > v", title="", victim="v", perpetrator="p", mechanism="m", route="oral", observed=observed,
                     predicted=predicted, observed_cmax=None, predicted_cmax=None, peer=peer, fitted=fitted, no_effect=no_effect,
                     unit=name, mass_balance=0.0)  # fmt: skip


def test_fitted_arms_are_not_in_the_headline_and_peers_are_judged_on_the_same_arms() -> None:
    q = Qualification(
        [arm("a", 4.0, 2.0), arm("b", 3.0, 3.0, fitted=True), arm("c", 1.1, 1.05, no_effect=True), arm("d", 3.0, 2.0, peer=4.0)]
    )
    assert q.headline().n == 3
    assert q.fitted().n == 1
    assert q.no_effect().n == 1
    ours, theirs = q.peer()
    assert (ours.n, theirs.n) == (1, 1)
    assert (ours.gmfe, theirs.gmfe) == pytest.approx((1.5, 2.0))
