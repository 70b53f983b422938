"""Absurd inputs: every subject ends in an answer that is right, or in a code with a sentence; no hang, no disturbed neighbour."""

from __future__ import annotations

import re
import time
from pathlib import Path

import numpy as np
import pytest

from clearway.cli import main
from clearway.engine import (
    ADD,
    RATE,
    SET,
    EngineError,
    Events,
    Outputs,
    ResultCode,
    System,
    SystemDefinitionError,
    Trajectory,
    processor_paths,
    solve,
)
from clearway.engine._program import program_for
from clearway.errors import InputError, SolveError
from engine_reference import solve_reference
from engine_systems import random_system

BODY = Outputs.of_states([0])
ONE_DOSE = Events([0.0], [0], [1.0])
COEFFICIENTS = (
    "lin_k", "conc_coef", "site_kdeg", "part_inv_kic", "part_inv_kiu", "part_kinact", "part_ki", "part_emax", "part_ec50", "part_hill",
    "path_clint", "path_inv_km", "prod_yield", "y0", "atol",
)  # fmt: skip


def decay(k: float | np.ndarray = 0.5, subjects: int = 1, atol: float = 1e-12, y0: float = 0.0) -> System:
    return System(["body", "out"], [0, 2], [y0, 0], [atol] * 2, lin_src=[0], lin_dst=[1], lin_k=np.full((1, subjects), k))


def changed(system: System, **change: object) -> System:
    return System(**{k: v for k, v in vars(system).items() if k != "n_subjects"} | change)  # type: ignore[arg-type]


def with_entry(system: System, name: str, i: int, subject: int, value: float) -> System:
    a = np.asarray(getattr(system, name))
    wide = np.array(np.broadcast_to(a, (len(a), system.n_subjects)))
    wide[i, subject] = value
    return changed(system, **{name: wide})


def decays(times: np.ndarray, doses: np.ndarray, k: float) -> np.ndarray:
    """Amount after each time: every dose decays by itself; doses (at, amount)."""
    since = times[:, None] - doses[None, :, 0]
    return np.asarray((np.where(since >= 0, np.exp(-k * np.maximum(since, 0.0)), 0.0) * doses[:, 1]).sum(axis=1))


def constant(*, hill: float = 1.0, c: float = 2.0, ec50: float = 1.5, kdeg: float = 0.1, kinact: float = 0.0) -> System:
    """A drug that stays (c in volume 1), an enzyme that it induces (emax 5) and inactivates (KI 0.8)."""
    return System(
        ["drug", "A"], [0, 1], [c, 1.0], [1e-12 * c, 1e-12], conc_ptr=[0, 1], conc_state=[0], conc_coef=[1.0], site_activity=[1],
        site_kdeg=[kdeg], part_site=[0], part_conc=[0], part_group=[0], part_kinact=[kinact], part_ki=[0.8], part_emax=[5.0],
        part_ec50=[ec50], part_hill=[hill],
    )  # fmt: skip


def ends(r: Trajectory) -> None:
    """Numbers where it went well; else a sentence that names what, where and when, and no number at the end."""
    for subject, code in enumerate(r.code):
        if code == ResultCode.OK:
            assert np.isfinite(r.values[subject]).all() and np.isfinite(r.final[subject]).all()
        else:
            said = r.message(subject)
            assert re.search(r"(State: \S+ Time: \S+ h\.|State: \S+ .*Cause: .+\.)$", said), said
            assert np.isnan(r.final[subject]).all() and np.isnan(r.values[subject, -1:]).all()


# -- parameters --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COEFFICIENTS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_named_and_neighbours_do_not_notice(name: str, value: float) -> None:
    """A volume of zero is such a thing: its reciprocal is the coefficient of a concentration."""
    system = random_system(3, subjects=11)
    outputs = Outputs.of_states(range(len(system.names)))
    events = Events([0.0, 1.0], [0, 5], [1.0, 2.0])
    program = program_for(system, outputs)
    clean = solve(system, events, outputs, [0.5, 2.0, 4.0], 4.0, program=program)
    bad = solve(with_entry(system, name, 1, 4, value), events, outputs, [0.5, 2.0, 4.0], 4.0, program=program)
    others = np.arange(11) != 4
    np.testing.assert_array_equal(bad.values[others], clean.values[others])
    np.testing.assert_array_equal(bad.code, np.where(others, ResultCode.OK, ResultCode.BAD_PARAMETER))
    assert f"Cause: {name}[1] is {value:g}" in bad.message(4) and "State: " in bad.message(4)
    ends(bad)


@pytest.mark.parametrize("value", [0.0, -1.0, 1e6, 1e-6, 1e12, 1e-12, 1e100, 1e300, 1e-300, 5e-324])
@pytest.mark.parametrize("name", COEFFICIENTS)
def test_absurd_numbers_end(name: str, value: float) -> None:
    """On every path, within the step limit, and alike on AVX2 and AVX-512."""
    system = random_system(3, subjects=1)
    events, outputs = Events([0.0, 1.0], [0, 0], [2.0, 3.0]), Outputs.of_states(range(len(system.names)))
    start = time.perf_counter()
    for everywhere in (False, True):
        values = np.array(getattr(system, name))
        values[slice(None) if everywhere else 0] = value
        absurd = changed(system, **{name: values})
        runs = {isa: solve(absurd, events, outputs, [0.0, 1.0, 10.0], 10.0, isa=isa, max_steps=5000) for isa in processor_paths()}
        for r in runs.values():
            ends(r)
        if "avx512" in runs:
            np.testing.assert_array_equal(runs["avx512"].values, runs["avx2"].values)
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (dict(part_kinact=0.5, part_ki=0.0), r"part_ki\[\d+\] is 0, and must be above zero"),
        (dict(part_emax=2.0, part_ec50=0.0), r"part_ec50\[\d+\] is 0, and must be above zero"),
        (dict(part_emax=2.0, part_hill=0.0), r"part_hill\[\d+\] is 0, and must be above zero"),
        (dict(part_emax=2.0, part_hill=-1.0), r"part_hill\[\d+\] is -1, and must be above zero"),
        (dict(path_inv_km=np.inf), r"path_inv_km\[0\] is inf"),
        (dict(part_inv_kic=1e30), r"part_inv_kic\[0\] is 1e\+30: with these doses, too strong for double precision"),
        (dict(atol=-1e-9), r"atol\[0\] is -1e-09, and must not be below zero"),
        (dict(y0=-1.0), r"y0\[0\] is -1, and must not be below zero"),
    ],
)
def test_numbers_without_meaning_are_refused(change: dict[str, float], said: str) -> None:
    """KI, EC50 and Km of zero divide by nothing; a Ki of 1e-30 µM would leave no digit of what other inhibitors add."""
    system = random_system(3, subjects=1)
    wide = {name: np.full_like(np.asarray(getattr(system, name)), value) for name, value in change.items()}
    r = solve(changed(system, **wide), ONE_DOSE, BODY, [1.0], 1.0)
    assert r.code[0] == ResultCode.BAD_PARAMETER
    assert re.search(said, r.message(0)), r.message(0)
    ends(r)


def test_a_value_that_nothing_uses_is_no_fault() -> None:
    system = random_system(3, subjects=1)
    zero = {n: np.zeros_like(np.asarray(getattr(system, n))) for n in ("part_kinact", "part_ki", "part_emax", "part_ec50")}
    assert solve(changed(system, **zero), ONE_DOSE, BODY, [1.0], 1.0).ok


@pytest.mark.parametrize("inverse", [1e-6, 1.0, 1e3, 1e6])
def test_strong_and_weak_inhibitors_agree_with_scipy(inverse: float) -> None:
    system = random_system(3, subjects=1)
    strong = changed(system, part_inv_kic=np.asarray(system.part_inv_kic) * inverse, path_inv_km=np.asarray(system.path_inv_km) * inverse)
    outputs, t = Outputs.of_states(range(len(system.names))), np.array([0.5, 1.0, 4.0])
    r = solve(strong, ONE_DOSE, outputs, t, 4.0, rtol=1e-8)
    expected = solve_reference(strong, ONE_DOSE, outputs, t, 0, rtol=1e-9, method="Radau")
    np.testing.assert_allclose(r.values[0], expected, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("hill", [0.1, 0.5, 1.0, 2.2, 10.0])
@pytest.mark.parametrize("ratio", [1e-40, 1e-3, 1.3, 1e3, 1e40])
def test_induction_at_any_hill_coefficient(hill: float, ratio: float) -> None:
    """A = (1 + emax*x/(1 + x))*(1 - e^(-kdeg*t)) + e^(-kdeg*t), x = (C/EC50)^hill, at constant C; no overflow at x = 1e400."""
    with np.errstate(over="ignore"):
        x = np.float64(ratio) ** hill
    r = solve(constant(hill=hill, c=ratio, ec50=1.0), None, Outputs.of_states([1]), [20.0], 20.0, rtol=1e-9)
    level = 1.0 + (5.0 if np.isinf(x) else 5.0 * x / (1.0 + x))
    np.testing.assert_allclose(r.values[0, 0, 0], level + (1.0 - level) * np.exp(-0.1 * 20.0), rtol=1e-7)


def test_an_enzyme_that_is_not_renewed() -> None:
    """kdeg 0: no induction; inactivation alone, A = e^(-kinact*C/(KI + C)*t)."""
    r = solve(constant(kdeg=0.0, kinact=0.3), None, Outputs.of_states([1]), [5.0], 5.0, rtol=1e-9)
    np.testing.assert_allclose(r.values[0, 0, 0], np.exp(-0.3 * 2.0 / 2.8 * 5.0), rtol=1e-8)


def test_nothing_moves_where_all_rates_are_zero() -> None:
    r = solve(decay(k=0.0), ONE_DOSE, Outputs.of_states([0, 1]), [0.0, 5.0, 1e6], 1e6)
    np.testing.assert_array_equal(r.values[0], [[1.0, 0.0]] * 3)


def test_times_that_are_far_apart() -> None:
    """One rate of 1e8 per hour beside one of 1e-8, over an hour and over 1e8 hours."""
    system = System(["fast", "slow"], [0, 0], [1.0, 1.0], [1e-12] * 2, lin_src=[0, 1], lin_dst=[1, -1], lin_k=[1e8, 1e-8])
    t = np.array([1e-8, 1.0, 1e8])
    r = solve(system, None, Outputs.of_states([0, 1]), t, 1e8, rtol=1e-9)
    np.testing.assert_allclose(r.values[0, :, 0], np.exp(-1e8 * t), rtol=1e-7, atol=1e-10)
    # With a ratio of 1e16 the slow one holds 1 + (1 - e^(-fast*t)) and decays with its own rate.
    np.testing.assert_allclose(r.values[0, :, 1], (2.0 - np.exp(-1e8 * t)) * np.exp(-1e-8 * t), rtol=1e-7)


def test_thirty_compounds_at_forty_sites() -> None:
    system = random_system(1, subjects=5, compounds=30, sites=40)
    start = time.perf_counter()
    r = solve(system, Events([0.0, 1.0], [0, 5], [2.0, 3.0]), Outputs.of_states([0]), [3.0], 3.0)
    assert r.ok and time.perf_counter() - start < 20
    amounts = [i for i, name in enumerate(system.names) if name.startswith("c")]
    total = float(np.asarray(system.y0)[amounts, 0].sum()) + 5.0
    np.testing.assert_allclose(r.final[:, amounts].sum(axis=1), total, rtol=1e-10)


# -- doses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [1e6, 1e-6, 1e12, 1e-12, 1e100, 1e-100])
def test_a_linear_system_scales_with_its_dose(factor: float) -> None:
    t = np.array([0.0, 1.0, 5.0, 20.0])
    r = solve(decay(atol=1e-12 * factor), Events([0.0, 2.0], [0, 0], [factor, 3 * factor]), BODY, t, 20.0, rtol=1e-9)
    np.testing.assert_allclose(r.values[0, :, 0] / factor, decays(t, np.array([[0, 1.0], [2.0, 3.0]]), 0.5), rtol=1e-8)


@pytest.mark.parametrize("factor", [1e6, 1e-6])
def test_doses_a_million_times_larger_or_smaller_agree_with_scipy(factor: float) -> None:
    """With competition, inactivation and induction."""
    system = random_system(3, subjects=1)
    system = changed(system, y0=np.where(np.asarray(system.kind)[:, None] == 1, 1.0, 0.0))
    events = Events([0.0, 0.5, 1.0], [0, 5, 10], np.array([2.0, 1.0, 3.0]) * factor)
    outputs, t = Outputs.of_states(range(len(system.names))), np.array([0.5, 1.0, 4.0])
    scaled = changed(system, atol=np.asarray(system.atol) * factor)
    r = solve(scaled, events, outputs, t, 4.0, rtol=1e-8)
    expected = solve_reference(system, events, outputs, t, 0, rtol=1e-9, method="Radau")
    assert (np.abs(r.values[0] - expected) / np.maximum(np.abs(expected).max(axis=0), 1e-3 * min(factor, 1.0))).max() < 1e-5


def test_ten_thousand_doses_in_one_lane_beside_lanes_with_none() -> None:
    """Every twelfth hour for fourteen years; who takes nothing, or one dose, gets what he gets alone."""
    doses = np.stack([np.arange(10_000) * 12.0, np.ones(10_000)], axis=1)
    events = Events([3.0, *doses[:, 0]], [0] * 10_001, [2.0, *doses[:, 1]], ptr=[0, 0, 1, 10_001, 10_001])
    t = np.array([0.0, 1.0, 12.0, 60_000.0, 119_990.0, 120_000.0])
    r = solve(decay(k=0.1, subjects=4), events, BODY, t, 120_000.0, rtol=1e-9)
    assert r.ok
    np.testing.assert_allclose(r.values[2, :, 0], decays(t, doses, 0.1), rtol=1e-7)
    np.testing.assert_array_equal(r.values[[0, 3]], 0.0)
    alone = solve(decay(k=0.1, subjects=1), Events([3.0], [0], [2.0]), BODY, t, 120_000.0, rtol=1e-9)
    np.testing.assert_array_equal(r.values[1], alone.values[0])


def test_ten_thousand_doses_of_a_drug_that_acts_are_not_cut_off_by_the_step_limit() -> None:
    """Some thirty steps a dose: the limit grows with the regimen, and is one."""
    system = random_system(4, subjects=1, compounds=1, sites=1)
    events = Events(np.arange(10_000) * 12.0, [0] * 10_000, [1.0] * 10_000)
    start = time.perf_counter()
    r = solve(system, events, BODY, [120_000.0], 120_000.0)
    assert r.ok and r.steps[0] > 100_000, r.message(0)
    last = [i for i, name in enumerate(system.names) if name.startswith("c0")]
    np.testing.assert_allclose(r.final[0, last].sum(), 10_000.0 + np.asarray(system.y0)[last, 0].sum(), rtol=1e-9)
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize(
    "at",
    [np.full(10_000, 1.0), np.zeros(10_000), 1.0 + np.arange(10_000) * 1e-12, np.arange(10_000) * 1e-12, np.arange(10_000) * 1e-3],
    ids=["at one time", "at the start", "1e-12 h apart", "1e-12 h apart from the start", "four seconds apart"],
)
def test_ten_thousand_doses_close_together(at: np.ndarray) -> None:
    t = np.array([0.0, 0.5, 3.0, 12.0])
    r = solve(decay(), Events(at, [0] * 10_000, [1.0] * 10_000), BODY, t, 12.0, rtol=1e-9)
    np.testing.assert_allclose(r.values[0, :, 0], decays(t, np.stack([at, np.ones(10_000)], axis=1), 0.5), rtol=1e-6)


def test_doses_after_the_end_do_nothing() -> None:
    r = solve(decay(), Events([0.0, *np.linspace(3.1, 1e9, 10_000)], [0] * 10_001, [1.0] * 10_001), BODY, [3.0], 3.0, rtol=1e-9)
    np.testing.assert_allclose(r.values[0, 0, 0], np.exp(-1.5), rtol=1e-8)


def test_infusions_that_never_end_or_overlap() -> None:
    """Each infusion of rate R from t0 to t1 adds R/k*(e^(-k(t - t1)+) - e^(-k(t - t0)+))."""
    r = np.random.default_rng(0)
    start, rate = r.uniform(0, 5, 1000), r.uniform(0, 2, 1000)
    stop = np.where(np.arange(1000) < 500, start + r.uniform(0, 5, 1000), np.inf)
    over = stop < np.inf
    events = Events([*start, *stop[over]], [0] * 1500, [*rate, *-rate[over]], kind=[RATE] * 1500)
    t, k = np.array([0.0, 2.5, 5.0, 10.0]), 0.5

    def left(since: np.ndarray) -> np.ndarray:
        return np.asarray(np.exp(-k * np.maximum(since, 0.0)))

    expected = (rate / k * (left(t[:, None] - stop) - left(t[:, None] - start))).sum(axis=1)
    got = solve(decay(k=k), events, BODY, t, 10.0, rtol=1e-9)
    np.testing.assert_allclose(got.values[0, :, 0], expected, rtol=1e-7, atol=1e-9)


def test_doses_that_are_no_numbers_stop_their_subject_alone() -> None:
    events = Events([0.0, np.nan, 1.0, -1.0, 2.0], [0] * 5, [1.0, 1.0, np.inf, 1.0, 1.0], ptr=[0, 1, 2, 3, 4, 5])
    r = solve(decay(subjects=5), events, BODY, [2.0, 3.0], 3.0, rtol=1e-9)
    bad = ResultCode.BAD_PARAMETER
    assert r.code.tolist() == [0, bad, bad, bad, 0]
    np.testing.assert_allclose(r.values[0, :, 0], np.exp([-1.0, -1.5]), rtol=1e-8)
    assert "State: body. Time: 1 h. Cause: an event at 1 h has the amount inf." in r.message(2)
    shared = solve(decay(subjects=3), Events([1.0], [0], np.array([[1.0, np.nan, 1.0]])), BODY, [3.0], 3.0)
    assert shared.code.tolist() == [0, bad, 0]
    with pytest.raises(SystemDefinitionError, match="event times must be finite"):
        solve(decay(), Events([np.nan], [0], [1.0]), BODY, [3.0], 3.0)


# -- below zero --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rtol", [1e-9, 1e-6, 1e-3, 0.1])
@pytest.mark.parametrize(
    ("when", "what", "kind"),
    [(3.0, -5.0, ADD), (10.0, -5.0, ADD), (3.0, -5.0, SET), (3.0, -5.0, RATE)],
    ids=["more than there", "at the end", "set", "drained"],
)
def test_what_falls_below_zero_is_said_and_withheld(rtol: float, when: float, what: float, kind: int) -> None:
    t = np.array([0.0, 2.0, 5.0, 10.0])
    r = solve(decay(), Events([0.0, when], [0, 0], [1.0, what], kind=[0, kind]), BODY, t, 10.0, rtol=rtol)
    assert r.code[0] == ResultCode.NEGATIVE_AMOUNT
    assert r.code_time[0] >= when and "State: body." in r.message(0)
    before = t < r.code_time[0]
    assert (r.values[0, before, 0] >= 0.0).all() and before.any() and np.isnan(r.values[0, ~before]).all()
    ends(r)
    with pytest.raises(SolveError, match="below zero"):
        r.raise_for_code()


def test_all_that_is_there_may_be_taken_out() -> None:
    r = solve(decay(), Events([0.0, 3.0], [0, 0], [1.0, -np.exp(-1.5)]), BODY, [3.0, 10.0], 10.0)
    assert r.ok
    np.testing.assert_allclose(r.values[0, :, 0], 0.0, atol=1e-5)


# -- tolerances, times, outputs, machine ---------------------------------------------------------------


@pytest.mark.parametrize(("rtol", "error"), [(1e-14, 1e-11), (1e-10, 1e-9), (1e-2, 1e-2), (0.1, 0.1)])
def test_extreme_relative_tolerances(rtol: float, error: float) -> None:
    r = solve(decay(), ONE_DOSE, BODY, [1.0, 10.0], 10.0, rtol=rtol)
    np.testing.assert_allclose(r.values[0, :, 0], np.exp([-0.5, -5.0]), rtol=error)
    for outside in (0.0, 1e-15, 0.2, np.nan, -1e-6):
        with pytest.raises(SystemDefinitionError, match="rtol is"):
            solve(decay(), ONE_DOSE, BODY, [1.0], 1.0, rtol=outside)


@pytest.mark.parametrize("atol", [0.0, 5e-324, 1e-310, 1e-200, 1e-12])
def test_any_small_absolute_tolerance_gives_the_answer(atol: float) -> None:
    """Also for a state that is and stays zero, whose error has nothing to be compared with."""
    system = System(["body", "empty"], [0, 0], [0, 0], [atol] * 2, lin_src=[0, 1], lin_dst=[-1, -1], lin_k=[0.5, 0.5])
    r = solve(system, ONE_DOSE, Outputs.of_states([0, 1]), [1.0, 10.0], 10.0)
    np.testing.assert_allclose(r.values[0], np.stack([np.exp([-0.5, -5.0]), [0.0, 0.0]], axis=1), rtol=1e-5)


def test_a_huge_absolute_tolerance_is_the_only_error() -> None:
    r = solve(decay(atol=1e6), ONE_DOSE, BODY, [1.0, 10.0], 10.0)
    assert r.ok and (np.abs(r.values) < 1e6).all()


def test_no_outputs_no_times_no_subjects_no_duration() -> None:
    assert solve(decay(), ONE_DOSE, Outputs([0], []), [1.0], 1.0).values.shape == (1, 1, 0)
    assert solve(decay(), ONE_DOSE, BODY, [], 1.0).values.shape == (1, 0, 1)
    np.testing.assert_array_equal(solve(decay(), ONE_DOSE, BODY, [0.0, 0.0], 0.0).values[0, :, 0], [0.0, 1.0])
    nobody = System(["body"], [0], np.zeros((1, 0)), [1e-9], lin_src=[0], lin_dst=[-1], lin_k=np.zeros((1, 0)))
    assert solve(nobody, None, BODY, [1.0], 1.0).values.shape == (0, 1, 1)
    with pytest.raises(SystemDefinitionError, match="nothing to integrate"):
        System(["area"], [2], [0.0], [1e-9])


def test_a_system_without_links_for_many_subjects() -> None:
    """Empty lists say nothing of the number of subjects, whatever their shape."""
    system = System(["still"], [0], [1.0], [1e-9], lin_src=[], lin_dst=[], lin_k=np.zeros((0, 3)))
    np.testing.assert_array_equal(solve(system, None, BODY, [1.0], 1.0).values, [[[1.0]]])


@pytest.mark.parametrize("end", [5e-324, 1e-300, 1e-12, 1e8, 1e300])
def test_any_length_of_time(end: float) -> None:
    r = solve(decay(), ONE_DOSE, BODY, [end], end)
    np.testing.assert_allclose(r.values[0, 0, 0], np.exp(-0.5 * end), rtol=1e-5, atol=1e-9)


def test_an_integral_that_overflows_is_said() -> None:
    system = System(["body", "area"], [0, 2], [1e300, 0.0], [1e290] * 2, lin_src=[0], lin_dst=[1], lin_k=[1e-3], lin_gain=[1e300])
    r = solve(system, None, Outputs.of_states([1]), [1.0, 10.0], 10.0)
    assert r.code[0] == ResultCode.NOT_FINITE and "State: area." in r.message(0)
    assert np.isnan(r.values).all()
    ends(r)


def test_an_output_that_overflows_is_said() -> None:
    r = solve(decay(), Events([0.0], [0], [1e10]), Outputs.of_states([0], 1e300), [1.0], 1.0)
    assert r.code[0] == ResultCode.NOT_FINITE and np.isnan(r.values).all()


@pytest.mark.parametrize("threads", [-3, 0, 1, 1000])
def test_any_number_of_threads(threads: int) -> None:
    r = solve(decay(subjects=100), ONE_DOSE, BODY, [1.0], 1.0, threads=threads)
    np.testing.assert_array_equal(r.values, np.broadcast_to(r.values[0], r.values.shape))


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_step_limit_of_nothing_still_ends(steps: int) -> None:
    r = solve(decay(y0=1.0), None, BODY, [100.0], 100.0, max_steps=steps)
    assert r.code[0] == ResultCode.MAX_STEPS
    ends(r)


def test_every_code_has_a_cause_and_a_next_step() -> None:
    for code in ResultCode:
        if code is not ResultCode.OK:
            assert re.search(r"(probably|is not a finite number).*[;:] .*(check|correct) ", code.sentence), code.sentence


def test_the_error_of_a_batch_is_one_of_the_command_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert issubclass(EngineError, SolveError)
    monkeypatch.setenv("CLEARWAY_ISA", "avx1024")
    with pytest.raises(InputError, match=r"CLEARWAY_ISA is 'avx1024'; allowed here: .*base.*leave it out"):
        solve(decay(), ONE_DOSE, BODY, [1.0], 1.0)
    assert main(["run", str(Path(__file__).parent.parent / "examples" / "methadone-efavirenz.yaml")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
