"""The engine's numbers: matrix exponential, order of convergence, an independent second solver, mass balance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from clearway.engine import RATE, Events, Outputs, System, solve
from engine_reference import solve_reference
from engine_systems import linear_system, random_system


@pytest.mark.parametrize(("n", "links"), [(1, 1), (2, 3), (5, 12), (40, 150)])
def test_linear_systems_equal_the_matrix_exponential(n: int, links: int) -> None:
    system, j = linear_system(n, links, seed=n)
    t = np.array([0.0, 0.3, 1.0, 2.5])
    result = solve(system, None, Outputs.of_states(range(n)), t, 2.5, rtol=1e-9)
    expected = np.array([expm(j * x) @ np.asarray(system.y0)[:, 0] for x in t])
    np.testing.assert_allclose(result.values[0], expected, rtol=2e-8, atol=1e-11)


def test_one_compartment_has_its_closed_form() -> None:
    """Absorption and elimination of first order: y = D*ka/(ka - ke)*(e^-ke*t - e^-ka*t) (Bateman 1910)."""
    ka, ke, dose = 1.3, 0.2, 10.0
    system = System(["depot", "body"], [0, 0], [0, 0], [1e-12] * 2, [-2, -1], lin_src=[0, 1], lin_dst=[1, -1], lin_k=[ka, ke])
    t = np.linspace(0, 24, 49)
    result = solve(system, Events([0.0], [0], [dose]), Outputs.of_states([1]), t, 24.0, rtol=1e-8)
    exact = dose * ka / (ka - ke) * (np.exp(-ke * t) - np.exp(-ka * t))
    np.testing.assert_allclose(result.values[0, :, 0], exact, rtol=1e-7, atol=1e-10)


def test_fixed_steps_converge_with_order_five() -> None:
    """Rodas5P is of order 5 (Steinebach 2023); the interpolant between steps of order 4."""
    system = random_system(3, subjects=1, filled=True)
    n = len(system.names)
    exact = solve(system, None, Outputs.of_states(range(n)), [1.0, 2.0], 2.0, rtol=1e-13, max_steps=10**6).values[0]
    ends, middles = [], []
    steps = np.array([40, 80, 160])
    for k in steps:
        # With an odd number of half steps, t = 1.0 lies within a step: the interpolant is tested there.
        run = solve(system, None, Outputs.of_states(range(n)), [1.0, 2.0], 2.0, _fixed_step=2.0 / (k + 1))
        middles.append(np.abs(run.values[0, 0] - exact[0]).max())
        ends.append(np.abs(run.values[0, 1] - exact[1]).max())
    slope = -np.polyfit(np.log(steps + 1.0), np.log(ends), 1)[0]
    assert 4.6 < slope < 5.6
    assert -np.polyfit(np.log(steps + 1.0), np.log(middles), 1)[0] > 3.7


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 3))
def test_random_systems_agree_with_scipy(seed: int, compounds: int, sites: int) -> None:
    system = random_system(seed, compounds=compounds, sites=sites)
    n = len(system.names)
    events = Events([0.5, 1.0, 2.0, 3.0], [0, 2, 2, 0], [1.0, 0.8, -0.8, 2.0], kind=[0, RATE, RATE, 0])
    t = np.array([0.0, 0.25, 0.5, 1.0, 1.7, 2.0, 2.4, 4.0])
    outputs = Outputs.of_states(range(n))
    result = solve(system, events, outputs, t, 4.0, rtol=1e-8)
    assert result.ok, result.message(0)
    for subject in range(system.n_subjects):
        expected = solve_reference(system, events, outputs, t, subject)
        np.testing.assert_allclose(result.values[subject], expected, rtol=1e-5, atol=1e-7)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5))
def test_mass_is_conserved(seed: int, compounds: int) -> None:
    """Everything that was dosed is in a compartment or in a sink: a Rosenbrock method keeps linear invariants exactly."""
    system = random_system(seed, compounds=compounds)
    result = solve(system, Events([0.0, 1.5], [0, 0], [2.0, 3.0]), Outputs.of_states([0]), [5.0], 5.0, rtol=1e-4)
    amounts = [i for i, name in enumerate(system.names) if name.startswith("c")]
    total = float(np.asarray(system.y0)[amounts, 0].sum()) + 5.0
    np.testing.assert_allclose(result.final[:, amounts].sum(axis=1), total, rtol=1e-10)


def test_ddi14_agrees_with_scipy() -> None:
    import ddi14

    p = ddi14.population(2)
    system, events, outputs = ddi14.build_system(p), ddi14.build_events(), ddi14.build_outputs(p)
    t = np.arange(0.0, 49.0)
    values = solve(system, events, outputs, t, 48.0, rtol=1e-6).values
    for subject in range(2):
        expected = solve_reference(system, events, outputs, t, subject, rtol=1e-9)
        assert ddi14.max_error(values[subject : subject + 1], expected[None]) < 1e-5


def test_ddi14_is_the_shared_definition() -> None:
    """shared/bench/ddi14.py where the working place has it: the same right-hand side."""
    import importlib.util
    from pathlib import Path

    import ddi14
    from engine_reference import right_hand_side

    path = Path(__file__).parent.parent.parent / "shared" / "bench" / "ddi14.py"
    if not path.exists():
        pytest.skip("shared/bench is not beside this checkout")
    spec = importlib.util.spec_from_file_location("shared_ddi14", path)
    assert spec and spec.loader
    shared = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(shared)
    p = ddi14.population(1)
    y = np.random.default_rng(0).random(38)
    ours = right_hand_side(ddi14.build_system(p), 0)(0.0, y, np.zeros(38))
    np.testing.assert_allclose(ours, shared.rhs(0.0, y, {k: float(v[0]) for k, v in p.items()}), rtol=1e-12, atol=1e-10)


def test_inhibition_follows_the_stated_equation() -> None:
    """One substrate, one inhibitor held constant: CLint/(1 + I/Ki) as decay rate; an inhibitor does not inhibit itself."""
    system = System(
        ["substrate", "inhibitor"], [0, 0], [1.0, 3.0], [1e-12] * 2, conc_ptr=[0, 1, 2], conc_state=[0, 1], conc_coef=[1.0, 1.0],
        site_activity=[-1], site_kdeg=[0.0], part_site=[0], part_conc=[1], part_group=[1], part_inv_kic=[2.0],
        path_site=[0, 0], path_conc=[0, 1], path_group=[0, 1], path_src=[0, 1], path_clint=[0.7, 0.0],
    )  # fmt: skip
    result = solve(system, None, Outputs.of_states([0, 1]), [2.0], 2.0, rtol=1e-10)
    np.testing.assert_allclose(result.values[0, 0], [np.exp(-0.7 / (1 + 3.0 * 2.0) * 2.0), 3.0], rtol=1e-8)


def test_activity_reaches_its_steady_state() -> None:
    """A = kdeg*(1 + emax*C^h/(ec50^h + C^h))/(kdeg + kinact*C/(ki + C)) under a constant concentration."""
    c, kdeg, emax, ec50, hill, kinact, ki = 2.0, 0.1, 5.0, 1.5, 2.2, 0.3, 0.8
    system = System(
        ["drug", "A"], [0, 1], [c, 1.0], [1e-12] * 2, conc_ptr=[0, 1], conc_state=[0], conc_coef=[1.0], site_activity=[1],
        site_kdeg=[kdeg], part_site=[0], part_conc=[0], part_group=[0], part_kinact=[kinact], part_ki=[ki], part_emax=[emax],
        part_ec50=[ec50], part_hill=[hill],
    )  # fmt: skip
    result = solve(system, None, Outputs.of_states([1]), [500.0], 500.0, rtol=1e-9)
    x = (c / ec50) ** hill
    expected = kdeg * (1 + emax * x / (1 + x)) / (kdeg + kinact * c / (ki + c))
    np.testing.assert_allclose(result.values[0, 0, 0], expected, rtol=1e-9)
