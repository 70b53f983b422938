"""How the engine behaves: events, result codes, independence of grouping, processor paths."""

from __future__ import annotations

import shutil
import subprocess
import time

import numpy as np
import pytest

from clearway.engine import (
    RATE,
    SET,
    EngineError,
    Events,
    Outputs,
    ResultCode,
    System,
    SystemDefinitionError,
    _kernel,
    processor_paths,
    solve,
)
from clearway.engine._program import program_for
from engine_systems import random_system


def decay(subjects: int = 1, k: float = 0.5) -> System:
    return System(["body", "out"], [0, 2], [0, 0], [1e-12] * 2, lin_src=[0], lin_dst=[1], lin_k=np.full((1, subjects), k))


def test_value_before_and_after_a_dose() -> None:
    t = [0.0, 0.0, 2.0, 2.0, 4.0]
    r = solve(decay(), Events([0.0, 2.0], [0, 0], [1.0, 3.0]), Outputs.of_states([0]), t, 4.0, rtol=1e-10)
    before = np.exp(-1.0)
    np.testing.assert_allclose(r.values[0, :, 0], [0.0, 1.0, before, before + 3, (before + 3) * np.exp(-1.0)], rtol=1e-9)
    once = solve(decay(), Events([0.0, 2.0], [0, 0], [1.0, 3.0]), Outputs.of_states([0]), [2.0], 4.0, rtol=1e-10)
    np.testing.assert_allclose(once.values[0, 0, 0], before + 3, rtol=1e-9)


def test_dose_at_the_end_is_counted() -> None:
    r = solve(decay(), Events([1.0], [0], [1.0]), Outputs.of_states([0]), [1.0, 1.0], 1.0)
    np.testing.assert_allclose(r.values[0, :, 0], [0.0, 1.0], atol=1e-12)


def test_infusion_is_half_open_and_exact() -> None:
    k, rate = 0.5, 2.0
    events = Events([1.0, 3.0], [0, 0], [rate, -rate], kind=[RATE, RATE])
    t = np.array([1.0, 2.0, 3.0, 5.0])
    r = solve(decay(), events, Outputs.of_states([0]), t, 5.0, rtol=1e-9)
    top = rate / k * (1 - np.exp(-k * 2.0))
    expected = [0.0, rate / k * (1 - np.exp(-k)), top, top * np.exp(-k * 2.0)]
    np.testing.assert_allclose(r.values[0, :, 0], expected, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(r.final.sum(), 2 * rate, rtol=1e-12)


def test_set_event_replaces_the_amount() -> None:
    r = solve(decay(), Events([0.0, 1.0], [0, 0], [5.0, 2.0], kind=[0, SET]), Outputs.of_states([0]), [1.0], 2.0)
    assert r.values[0, 0, 0] == 2.0


def test_events_per_subject() -> None:
    """CSR lists and per-subject amounts of a shared list give the same as one subject alone."""
    one = Events([0.0, 0.0, 1.0], [0, 0, 0], [1.0, 2.0, 5.0], ptr=[0, 1, 3])
    r = solve(decay(2), one, Outputs.of_states([0]), [2.0], 2.0, rtol=1e-10)
    np.testing.assert_allclose(r.values[:, 0, 0], [np.exp(-1.0), 2 * np.exp(-1.0) + 5 * np.exp(-0.5)], rtol=1e-9)
    shared = solve(decay(2), Events([0.0], [0], np.array([[1.0, 2.0]])), Outputs.of_states([0]), [2.0], 2.0, rtol=1e-10)
    np.testing.assert_allclose(shared.values[:, 0, 0], [np.exp(-1.0), 2 * np.exp(-1.0)], rtol=1e-9)


def test_output_times_per_subject() -> None:
    r = solve(decay(2), Events([0.0], [0], [1.0]), Outputs.of_states([0]), [[0.5, 1.0], [1.5, 2.0]], 2.0, rtol=1e-9)
    np.testing.assert_allclose(r.values[:, :, 0], np.exp(-0.5 * np.array([[0.5, 1.0], [1.5, 2.0]])), rtol=1e-7)


def subset(system: System, who: np.ndarray) -> System:
    fields = {k: v for k, v in vars(system).items() if k != "n_subjects"}
    cut = {k: (v[:, who] if isinstance(v, np.ndarray) and v.ndim == 2 and v.shape[1] > 1 else v) for k, v in fields.items()}
    return System(**cut)


def test_results_do_not_depend_on_threads_order_or_chunks() -> None:
    """Bit for bit: a lane never sees its neighbours."""
    system = random_system(11, subjects=37)
    outputs = Outputs.of_states(range(len(system.names)))
    events = Events([0.0, 1.0, 2.0], [0, 0, 5], [1.0, 1.0, 2.0])
    t = np.linspace(0, 3, 13)
    program = program_for(system, outputs)
    whole = solve(system, events, outputs, t, 3.0, threads=1, program=program)
    assert whole.ok
    threaded = solve(system, events, outputs, t, 3.0, threads=3, program=program)
    np.testing.assert_array_equal(whole.values, threaded.values)
    who = np.random.default_rng(0).permutation(37)
    shuffled = solve(subset(system, who), events, outputs, t, 3.0, program=program)
    np.testing.assert_array_equal(whole.values[who], shuffled.values)
    for chunk in (np.arange(1), np.arange(5, 9), np.arange(36, 37)):
        part = solve(subset(system, chunk), events, outputs, t, 3.0, program=program)
        np.testing.assert_array_equal(whole.values[chunk], part.values)
        np.testing.assert_array_equal(whole.steps[chunk], part.steps)


def test_processor_paths_agree() -> None:
    """AVX2 equals AVX-512 bit for bit (the compiler is held to it); the baseline within ten tolerances."""
    system = random_system(5, subjects=9)
    outputs = Outputs.of_states(range(len(system.names)))
    runs = {isa: solve(system, Events([0.0, 1.0], [0, 5], [1.0, 2.0]), outputs, [0.5, 1.0, 3.0], 3.0, isa=isa) for isa in processor_paths()}
    base = runs["base"].values
    for isa, r in runs.items():
        np.testing.assert_allclose(r.values, base, rtol=1e-5, atol=1e-8, err_msg=isa)
    if "avx512" in runs:
        np.testing.assert_array_equal(runs["avx512"].values, runs["avx2"].values)
        np.testing.assert_array_equal(runs["avx512"].steps, runs["avx2"].steps)


def test_the_module_exports_nothing_of_a_processor_path() -> None:
    """-fvisibility=hidden and one namespace per path: no symbol that another copy could stand in for on an older processor."""
    nm = shutil.which("nm")
    if nm is None:
        pytest.skip("nm is not installed")
    exported = subprocess.run([nm, "-D", "--defined-only", str(_kernel.__file__)], capture_output=True, text=True, check=True).stdout
    assert "clearway" not in exported


def test_bad_parameters_end_in_a_code() -> None:
    system = random_system(2, subjects=6)
    clint = np.array(system.path_clint)
    clint[0, 2] = np.nan
    system.path_clint = clint
    y0 = np.repeat(np.asarray(system.y0), 6, axis=1)
    y0[0, 4] = np.inf
    system.y0 = y0
    r = solve(system, None, Outputs.of_states([0]), [1.0], 1.0)
    assert r.code.tolist() == [0, 0, ResultCode.BAD_PARAMETER, 0, ResultCode.BAD_PARAMETER, 0]
    assert np.isnan(r.values[2]).all() and np.isfinite(r.values[[0, 1, 3, 5]]).all()
    assert "not a finite number" in r.message(2)


def test_step_limit_is_a_code_and_names_time() -> None:
    start = time.perf_counter()
    r = solve(random_system(1, subjects=3), None, Outputs.of_states([0]), [100.0], 100.0, max_steps=5)
    assert (r.code == ResultCode.MAX_STEPS).all() and np.isnan(r.values).all()
    assert "Time:" in r.message(0)
    assert time.perf_counter() - start < 5


def test_runaway_ends_in_a_code_and_does_not_hang() -> None:
    """A negative rate constant grows without bound: infinity is met, named and reported."""
    system = System(["grows", "still"], [0, 0], [1.0, 1.0], [1e-9] * 2, lin_src=[0], lin_dst=[-1], lin_k=[-50.0])
    r = solve(system, None, Outputs.of_states([0]), [1000.0], 1000.0)
    assert r.code[0] in (ResultCode.NOT_FINITE, ResultCode.STEP_TOO_SMALL)
    assert "grows" in r.message(0)


def test_negative_amount_is_reported() -> None:
    r = solve(decay(), Events([0.0], [0], [-1.0]), Outputs.of_states([0]), [1.0], 1.0)
    assert r.code[0] == ResultCode.NEGATIVE_AMOUNT
    assert "body" in r.message(0)
    with pytest.raises(EngineError, match="below zero"):
        r.raise_for_code()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (dict(lin_src=[7]), "lin_src has an index outside"),
        (dict(lin_src=[1]), "nothing may depend on a quadrature"),
        (dict(kind=[0, 5]), "kind must hold"),
        (dict(lin_k=[[1.0], [2.0]]), "lin_k has shape"),
        (dict(site_activity=[0], site_kdeg=[1.0]), "not of kind 1"),
    ],
)
def test_contradictions_are_refused(change: dict[str, object], message: str) -> None:
    base: dict[str, object] = dict(names=["a", "q"], kind=[0, 2], y0=[0, 0], atol=[1e-9] * 2, lin_src=[0], lin_dst=[1], lin_k=[1.0])
    with pytest.raises(SystemDefinitionError, match=message):
        System(**{**base, **change})  # type: ignore[arg-type]


def test_ten_times_tighter_moves_little() -> None:
    system = random_system(21, subjects=4)
    outputs = Outputs.of_states(range(len(system.names)))
    loose = solve(system, None, outputs, [1.0, 3.0], 3.0, rtol=1e-6).values
    tight = solve(system, None, outputs, [1.0, 3.0], 3.0, rtol=1e-7).values
    np.testing.assert_allclose(loose, tight, rtol=2e-5, atol=1e-7)
