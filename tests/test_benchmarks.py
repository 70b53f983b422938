"""The benchmarks measure what they say: the same equations in every solver, speeds at an equal error, and a page whatever fails."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from clearway.engine import solve
from engine_reference import right_hand_side
from engine_systems import random_system

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

import precision
import real_case
import run
import workers
import workload
from page import power, text
from peers import PEERS


def test_compiled_equations_are_the_systems() -> None:
    """Every feature of a System, at points where concentrations are positive: C against the plain reference."""
    if not any(shutil.which(c) for c in ("cc", "gcc", "clang")):
        pytest.skip("no C compiler")
    from c_source import compiled, parameters

    system = random_system(3, subjects=2, compounds=3, sites=2, filled=True)
    module = compiled(system)
    y = np.random.default_rng(1).uniform(0.1, 2.0, len(system.names))
    for subject in (0, 1):
        module.use(parameters(system, subject))
        expected = right_hand_side(system, subject)(0.0, y, np.zeros(y.size))
        assert module.rhs(y, 0.0) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(("name", "compounds"), [("ddi14", 2), ("two", 2), ("six", 6), ("twenty", 20), ("30-compounds", 30)])
def test_workloads(name: str, compounds: int) -> None:
    """Each solves, gives every compound a concentration, and is the same without its integrals and for its first subject."""
    w = workload.build(name, 2)
    assert len(w.names) == compounds, "a metabolite of this case came or went: change cases/ so that the case keeps its size"
    full = solve(w.system, w.events, w.outputs, w.times, w.end, rtol=1e-4)
    full.raise_for_code()
    assert (full.values.max(axis=1) > 0).all()
    one = workload.without_quadratures(w).first(1)
    lean = solve(one.system, one.events, one.outputs, one.times, one.end, rtol=1e-4)
    assert workload.max_error(lean.values, full.values[:1]) < 1e-2
    assert len(one.system.names) <= len(w.system.names)


def test_thirty_compounds_meet_at_forty_sites() -> None:
    assert np.asarray(workload.build("30-compounds", 1).system.site_activity).size == 40


def test_real_people_differ() -> None:
    """Another seed gives other people, the same seed the same."""
    a, b, c = (real_case.workload("two", 2, seed=s).system for s in (1, 1, 2))
    for what in ("lin_k", "path_clint", "site_kdeg"):
        x, y, z = (np.asarray(getattr(system, what)) for system in (a, b, c))
        assert np.array_equal(x, y), what
        assert not np.allclose(x, z), what
        assert not np.allclose(x[:, 0], x[:, 1]), what


@pytest.mark.parametrize("name", ["roadrunner", "roadrunner-export", "lsoda"])
def test_another_solver_agrees(name: str) -> None:
    """The same curves within what its tolerances allow, for subjects that differ."""
    if name != "lsoda":
        pytest.importorskip("roadrunner")
        pytest.importorskip("libsbml" if name == "roadrunner-export" else "antimony")
    elif not any(shutil.which(c) for c in ("cc", "gcc", "clang")):
        pytest.skip("no C compiler")
    w = workload.build("ddi14", 2)
    setting = {"rtol": 1e-6, "atol": 1e-9}
    _, values = PEERS[name].build(w).solve(setting, 2)
    assert workload.max_error(values, w.reference()) < 1e-4


def test_speed_at_an_equal_error() -> None:
    """Between two points on the front the logarithms are linear; a setting that another beats is no part of it."""
    peer = {"points": [
        {"error": 1e-6, "speed": 100.0, "seconds": [1.0]}, {"error": 1e-4, "speed": 400.0, "seconds": [1.0]},
        {"error": 1e-5, "speed": 50.0, "seconds": [1.0]}, {"reason": "failed", "seconds": []}, {"error": float("inf"), "speed": 1e9},
    ]}  # fmt: skip
    assert precision.front(peer) == [(1e-6, 100.0), (1e-4, 400.0)]
    assert precision.speed_at(peer, 1e-5) == pytest.approx(200.0)  # the geometric middle
    assert precision.speed_at(peer, 1e-3) == pytest.approx(400.0)
    assert precision.speed_at(peer, 1e-7) is None
    best = precision.best_setting(peer, 5e-5)
    assert best is not None and best["error"] == 1e-6


def test_settings_of_a_slow_solver() -> None:
    """Evenly from the first manner, ends included; the second only where there is room."""
    first, second = [{"rtol": 10.0**-k} for k in range(3, 8)], [{"rtol": 10.0**-k, "atol": 1.0} for k in range(3, 6)]
    assert precision.thinned([first, second], 3) == [first[0], first[2], first[4]]
    assert precision.thinned([first, second], 7) == [*first, second[0], second[2]]
    assert precision.thinned([first, second], 100) == [*first, *second]


def test_error_counts_only_what_can_be_seen() -> None:
    """A relative error of one where the reference is below a thousandth of its maximum is none; not a number is infinite."""
    reference = np.array([[[1.0], [0.5], [1e-4]]])
    values = reference * np.array([1.0, 1.01, 2.0])[:, None]
    assert workload.max_error(values, reference) == pytest.approx(0.01)
    values[0, 0, 0] = np.nan
    assert workload.max_error(values, reference) == np.inf


def test_a_solver_that_fails_leaves_a_reason() -> None:
    worker = workers.Worker("clearway", "no-such-case", 1, workers.cores()[0])
    with worker, pytest.raises(workers.PeerFailed, match="no-such-case"):
        worker.ready(60.0)


def test_the_page_says_what_is_missing(tmp_path: Path) -> None:
    """A section's result goes into its file and from there into the page; a section without one is named with its reason."""
    effort = precision.Effort(rounds=1, enough=0.01, budget=0.01, limit=60.0)
    found = precision.sweep("ddi14", ["clearway"], subjects=8, effort=effort)
    assert found["equal"]["0.0001"]["clearway"] > 0
    page = text({"curve-ddi14": found, "gpu": {"failed": "no device"}}, {})
    assert "| DDI-14 | 38 | 10⁻⁴ |" in page
    assert "## GPU\n\nNot measured: no device." in page
    assert "Not measured: the section was not run." in page
    assert run.read(tmp_path, "days") == {"failed": "the section was not run"}


def test_numbers_of_the_page() -> None:
    assert [power(x) for x in (4e-6, 1e-4, 2.34e-11)] == ["4·10⁻⁶", "10⁻⁴", "2.3·10⁻¹¹"]
