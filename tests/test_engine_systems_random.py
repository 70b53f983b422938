"""Ten thousand random Systems: each ends, conserves mass, and says the same on every processor path, in any order, in any company.

CLEARWAY_SYSTEMS=N sets their number. The draw is the same in every run; hypothesis prints the Shape of a System that fails:
`engine_shapes.build(Shape(...))` makes it again.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearway.engine import ADD, AMOUNT, SET, Events, Outputs, ResultCode, System, Trajectory, processor_paths, solve
from clearway.engine._program import Program, compile_program
from engine_reference import solve_reference
from engine_shapes import END, TIMES, Drawn, Shape, build, shapes

SYSTEMS = int(os.environ.get("CLEARWAY_SYSTEMS", "10000"))
RTOL = 1e-6
SMALL = 1e-3
"""µmol below which an amount is held against this instead of against itself; atol is 1e-9."""

EXTREMES = (np.nan, np.inf, -np.inf, 0.0, -1.0, 1e6, 1e-6, 1e12, 1e-12, 1e300, 1e-300, 5e-324)
PER_SUBJECT = (
    "y0", "atol", "lin_k", "conc_coef", "site_kdeg", "part_inv_kic", "part_inv_kiu", "part_kinact", "part_ki", "part_emax", "part_ec50",
    "part_hill", "path_clint", "path_inv_km", "prod_yield",
)  # fmt: skip
FIXED = settings(derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))


def rebuilt(system: System, **change: object) -> System:
    return System(**{k: v for k, v in vars(system).items() if k != "n_subjects"} | change)


def run(d: Drawn, program: Program, isa: str | None = None, max_steps: int = 100_000) -> Trajectory:
    return solve(d.system, d.events, d.outputs, TIMES, END, rtol=RTOL, isa=isa, program=program, threads=1, max_steps=max_steps)


def size(values: np.ndarray) -> np.ndarray:
    """The largest of each output over time, for relative errors."""
    return np.maximum(np.abs(values).max(axis=1, keepdims=True, initial=0.0), SMALL)


def ends_in_order(d: Drawn, r: Trajectory) -> None:
    """A number where the code is OK, none below zero beyond tolerance; else a sentence and no number from its time on."""
    good = r.code == ResultCode.OK
    assert np.isfinite(r.values[good]).all() and np.isfinite(r.final[good]).all()
    assert np.isnan(r.final[~good]).all() and np.isnan(r.values[~good, -1:]).all()
    amounts = np.asarray(d.system.kind) == AMOUNT
    held = r.final[good][:, amounts]
    asked = np.broadcast_to(np.asarray(d.system.atol), (len(amounts), len(good)))[amounts][:, good].T  # an absurd one is the caller's
    assert (held >= -1e-4 * np.abs(held).sum(axis=1, keepdims=True) - 1e-3 - asked).all()
    for subject in np.flatnonzero(~good):
        said = r.message(subject)
        assert re.search(r"(State|Cause): \S+", said), said
        assert re.search(r"Time: |nothing was integrated", said), said


def same_on_every_path(d: Drawn, program: Program, best: Trajectory, max_steps: int = 100_000) -> None:
    """AVX2 equals AVX-512 to the last bit; the baseline within ten tolerances."""
    others = {isa: run(d, program, isa, max_steps) for isa in processor_paths() if isa != best.isa}
    if "avx2" in others:
        for name in ("values", "final", "code", "steps", "rejected", "code_state", "code_time"):
            np.testing.assert_array_equal(getattr(best, name), getattr(others["avx2"], name), err_msg=name)
    for other in others.values():
        both = (best.code == ResultCode.OK) & (other.code == ResultCode.OK)
        gap = np.abs(best.values - other.values)[both] / size(best.values)[both]
        assert gap.max(initial=0.0) < 10 * RTOL


def mass_is_kept(d: Drawn, r: Trajectory) -> None:
    """What was there and what was given is in an amount or in the sink: linear invariants are exact in a Rosenbrock method."""
    counted = np.asarray(d.system.kind) == AMOUNT
    counted[d.sink] = True
    there = np.asarray(d.system.y0)[counted].sum(axis=0) + d.brought
    np.testing.assert_allclose(r.final[:, counted].sum(axis=1), there, rtol=1e-12, atol=1e-12 * np.abs(r.final[:, counted]).max())


def order_does_not_matter(d: Drawn, program: Program, r: Trajectory, rng: np.random.Generator) -> None:
    who = rng.permutation(len(r.code))
    wide = {n: np.asarray(getattr(d.system, n)) for n in PER_SUBJECT}
    mixed = rebuilt(d.system, **{n: v[:, who] for n, v in wide.items() if v.shape[1] > 1})
    amount, coef = np.asarray(d.events.amount), np.asarray(d.outputs.coef)
    events = replace(d.events, amount=amount[:, who] if amount.shape[1] > 1 else amount)
    outputs = Outputs(d.outputs.ptr, d.outputs.state, coef[:, who] if coef.shape[1] > 1 else coef)
    again = run(replace(d, system=mixed, events=events, outputs=outputs), program)
    np.testing.assert_array_equal(again.values, r.values[who])
    np.testing.assert_array_equal(again.steps, r.steps[who])


def dose_of_zero_is_no_dose(d: Drawn, program: Program) -> None:
    kind = np.where(np.asarray(d.events.kind) == SET, ADD, d.events.kind)
    zero = run(replace(d, events=replace(d.events, amount=np.zeros_like(np.asarray(d.events.amount)), kind=kind)), program)
    none = run(replace(d, events=Events([], [], [])), program)
    assert zero.ok and none.ok
    assert (np.abs(zero.values - none.values) / size(none.values)).max(initial=0.0) < 50 * RTOL


def bad_lane_disturbs_nobody(d: Drawn, rng: np.random.Generator) -> ResultCode:
    """An absurd number in the last subject: it ends in a code or an answer, and the others do not change by a bit."""
    last = d.system.y0.shape[1] - 1  # type: ignore[union-attr]
    name = str(rng.choice([n for n in PER_SUBJECT if len(getattr(d.system, n))]))
    bad = np.repeat(np.asarray(getattr(d.system, name)), last + 1 if np.asarray(getattr(d.system, name)).shape[1] == 1 else 1, axis=1)
    clean = rebuilt(d.system, **{name: bad.copy()})
    bad[rng.integers(len(bad)), last] = rng.choice(EXTREMES)
    poisoned = replace(d, system=rebuilt(d.system, **{name: bad}))
    program = compile_program(poisoned.system, d.outputs)
    r = run(poisoned, program, max_steps=2000)
    ends_in_order(poisoned, r)
    same_on_every_path(poisoned, program, r, max_steps=2000)
    alone = run(replace(d, system=clean), program, max_steps=2000)
    for field in ("values", "final", "code", "steps"):
        np.testing.assert_array_equal(getattr(r, field)[:last], getattr(alone, field)[:last], err_msg=field)
    return ResultCode(int(r.code[last]))


@pytest.mark.slow
def test_random_systems() -> None:
    seen: set[Shape] = set()
    absurd: Counter[ResultCode] = Counter()

    @settings(FIXED, max_examples=SYSTEMS)
    @given(shapes, st.sampled_from(["order", "dose", "lane"]))
    def check(shape: Shape, further: str) -> None:
        d, rng = build(shape), np.random.default_rng(shape.seed)
        program = compile_program(d.system, d.outputs)
        r = run(d, program)
        assert r.ok, r.message(int(r.code.argmax()))
        ends_in_order(d, r)
        same_on_every_path(d, program, r)
        if shape.closed:
            mass_is_kept(d, r)
        if further == "order":
            order_does_not_matter(d, program, r, rng)
        elif further == "dose":
            dose_of_zero_is_no_dose(d, program)
        else:
            absurd[bad_lane_disturbs_nobody(d, rng)] += 1
        seen.add(shape)

    check()
    print(f"{len(seen)} different Systems; with an absurd number: {', '.join(f'{n} {c.name}' for c, n in sorted(absurd.items()))}")
    assert len(seen) >= 0.95 * SYSTEMS, "the draw repeats itself"
    if SYSTEMS >= 1000:
        assert {ResultCode.OK, ResultCode.BAD_PARAMETER, ResultCode.NOT_FINITE} <= set(absurd), "too few absurd numbers were met"


@settings(FIXED, max_examples=60)
@given(shapes)
def test_random_systems_agree_with_scipy(shape: Shape) -> None:
    """LSODA at 1e-9 on the equations written again; the engine at 1e-8."""
    d = build(shape)
    everything = Outputs.of_states(range(len(d.system.names)))
    once = np.unique(TIMES)
    r = solve(d.system, d.events, everything, once, END, rtol=1e-8)
    assert r.ok
    subject = shape.subjects - 1
    expected = solve_reference(d.system, d.events, everything, once, subject, rtol=1e-9)
    assert (np.abs(r.values[subject] - expected) / np.maximum(np.abs(expected).max(axis=0), SMALL)).max() < 1e-6
