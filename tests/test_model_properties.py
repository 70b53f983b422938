"""What must hold for any compounds and doses (design, section 7): found by hypothesis on made-up pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearway.library.compound import Action, Compound
from clearway.model.lane import Lane
from clearway.model.model import Model
from clearway.model.people import lanes
from clearway.model.setting import Setting
from clearway.model.simulate import RTOL, Simulation, simulate
from clearway.regimen import Dose
from conftest import dose, every, inactivates, induces, inhibits, lane, made, path, ready

few = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
share = st.floats(0.05, 0.95)
fraction = st.floats(0.3, 1.0)
ki = st.floats(math.log(0.001), math.log(10.0)).map(math.exp)
amount = st.floats(0.5, 500.0)

FAR = 2500.0


def perpetrator(*acts: Action) -> Compound:
    return made("i", cl=8.0, fu=0.3, vss=60.0, fa=0.9, acts=acts)


def pair(setting: Setting, victim: Compound, act: Sequence[Action], mg: float, route: str, rtol: float = RTOL) -> tuple[float, Simulation]:
    """AUC∞ ratio of one victim dose on day 8 of twice-daily perpetrator doses that go on; the control is the other lane."""
    doses: list[Dose] = [dose("v", 1.0, route, 168.0)]
    test = [*doses, *every("i", mg, 12.0, int(FAR // 12))]
    compounds = [ready(victim, setting), ready(perpetrator(*act), setting)]
    done = simulate(compounds, [lane(setting.reference)] * 2, [doses, test], setting, [0.0, 168.0, FAR], rtol=rtol)
    done.trajectory.raise_for_code()
    area = done.auc("v")[:, 2]
    return float(area[1] / area[0]), done


def victim_of(fm: float, fg: float, cl: float = 15.0) -> Compound:
    return made("v", cl=cl, paths={"CYP3A4": fm, "other": 1.0 - fm}, fa=0.9, fg=fg, vss=50.0)


@few
@given(fm=share, fg=fraction, k=ki, mg=amount, route=st.sampled_from(["oral", "iv bolus"]), kills=st.booleans())
def test_an_inhibitor_only_raises_and_stays_below_the_bound(
    fm: float, fg: float, k: float, mg: float, route: str, kills: bool, setting: Setting
) -> None:
    """1 ≤ ratio ≤ 1/(Fg·(1 − fm)) orally, ≤ CL/CL(CLint·(1 − fm)) intravenously."""
    act = inactivates("CYP3A4", 2.0, k) if kills else inhibits("CYP3A4", k)
    ratio, done = pair(setting, victim_of(fm, fg), [act], mg, route)
    v = ready(victim_of(fm, fg), setting)
    q = setting.reference.liver_flow * v.rb
    left = v.fu * v.clint_other
    bound = 1.0 / (fg * (1.0 - fm)) if route == "oral" else 15.0 / (q * left / (q + left))
    assert 1.0 - 1e-6 <= ratio <= bound * (1.0 + 1e-5)
    assert max(float(g.max()) for g in done.mass_balance.values()) <= 1e-6


@few
@given(fm=share, fg=fraction, e=st.floats(0.1, 8.0), k=ki, mg=amount, route=st.sampled_from(["oral", "iv bolus"]))
def test_an_inducer_only_lowers(fm: float, fg: float, e: float, k: float, mg: float, route: str, setting: Setting) -> None:
    ratio, done = pair(setting, victim_of(fm, fg), [induces("CYP3A4", e, k)], mg, route)
    q = setting.reference.liver_flow * 0.8
    assert 0.0 < ratio <= 1.0 + 1e-6
    if route == "iv bolus":  # never more than all blood cleared
        assert ratio >= 15.0 / q
    assert max(float(g.max()) for g in done.mass_balance.values()) <= 1e-6


@few
@given(fm=share, mg=amount)
def test_the_ratio_rises_as_ki_falls(fm: float, mg: float, setting: Setting) -> None:
    ratios = [pair(setting, victim_of(fm, 0.6), [inhibits("CYP3A4", k)], mg, "oral")[0] for k in (100.0, 1.0, 0.1, 0.001)]
    assert all(b >= a * (1.0 - 1e-6) for a, b in pairwise(ratios))
    assert ratios[-1] > ratios[0]


@few
@given(k=ki, mg=amount, e=st.floats(0.5, 10.0))
def test_half_the_tolerance_moves_no_auc_by_a_thousandth(k: float, mg: float, e: float, setting: Setting) -> None:
    v = replace(
        victim_of(0.8, 0.5), elimination=replace(victim_of(0.8, 0.5).elimination, paths=[path("CYP3A4", 0.8, km=2.0), path("other", 0.2)])
    )
    acts = [Action("CYP3A4", inactivation=inactivates("CYP3A4", 1.0, k).inactivation, induction=induces("CYP3A4", e, k).induction)]
    seen = []
    for rtol in (RTOL, RTOL / 2.0):
        _, done = pair(setting, v, acts, mg, "oral", rtol)
        seen.append(np.concatenate([done.auc("v")[:, -1], done.auc("i")[1:, -1]]))
    assert np.abs(seen[1] / seen[0] - 1.0).max() < 1e-3


@few
@given(order=st.permutations(range(6)), compounds=st.permutations(range(3)))
def test_the_order_of_compounds_and_doses_changes_nothing_bitwise(order: list[int], compounds: list[int], setting: Setting) -> None:
    v, w = victim_of(0.7, 0.5), made("w", cl=9.0, paths=[path("CYP3A4", 1.0, km=1.0)])
    i = perpetrator(Action("CYP3A4", inhibition=inhibits("CYP3A4", 0.2).inhibition, induction=induces("CYP3A4", 3.0, 0.3).induction))
    doses = [
        dose("v", 5.0),
        dose("w", 50.0),
        dose("i", 30.0),
        dose("i", 30.0, "oral", 12.0),
        dose("v", 5.0, "oral", 12.0),
        dose("w", 7.0, "iv bolus", 12.0),
    ]
    drugs = [ready(c, setting) for c in (v, w, i)]

    def run(d: Sequence[Dose], k: Sequence[object]) -> Simulation:
        return simulate(k, [lane(setting.reference)], [d], setting, [0.0, 6.0, 12.0, 48.0])  # type: ignore[arg-type]

    first, second = run(doses, drugs), run([doses[n] for n in order], [drugs[n] for n in compounds])
    for name in "vwi":
        assert np.array_equal(first.plasma(name), second.plasma(name))
        assert np.array_equal(first.auc(name), second.auc(name))


def test_the_place_in_the_batch_and_the_threads_change_nothing_bitwise(setting: Setting) -> None:
    drugs = [ready(victim_of(0.7, 0.5), setting), ready(perpetrator(inactivates("CYP3A4", 1.0, 0.1)), setting)]
    regimens = [[dose("v", 1.0 + n), *every("i", 10.0 * n, 12.0, 4)] for n in range(1, 20)]

    def curves(chosen: Sequence[list[Dose]], threads: int) -> dict[float, np.ndarray]:
        done = simulate(drugs, [lane(setting.reference)] * len(chosen), chosen, setting, np.linspace(0.0, 60.0, 31), threads=threads)
        return {d[0].amount_umol: c for d, c in zip(chosen, done.plasma("v"), strict=True)}

    one, two = curves(regimens, 1), curves(regimens[::-1], 2)
    assert all(np.array_equal(one[k], two[k]) for k in one)


@few
@given(k=ki, route=st.sampled_from(["oral", "iv bolus"]))
def test_dose_zero_changes_nothing(k: float, route: str, setting: Setting) -> None:
    """A perpetrator dosed with 0 against the same victim without it: to the tolerance, since the System is another one."""
    act = Action("CYP3A4", inhibition=inhibits("CYP3A4", k).inhibition, induction=induces("CYP3A4", 5.0, k).induction)
    v = ready(victim_of(0.8, 0.4), setting)
    i = ready(perpetrator(act), setting)
    mine, zero = [dose("v", 1.0, route)], [dose("v", 1.0, route), dose("i", 0.0)]
    times = [0.0, 1.0, 24.0, 300.0]
    alone = simulate([v], [lane(setting.reference)], [mine], setting, times).auc("v")[0]
    with_zero = simulate([v, i], [lane(setting.reference)], [zero], setting, times)
    assert with_zero.auc("v")[0] == pytest.approx(alone, rel=1e-5, abs=1e-12)
    assert with_zero.plasma("i").max() == 0.0
    assert with_zero.activity("CYP3A4", "liver")[0] == pytest.approx(1.0, rel=1e-9)


def test_a_perpetrator_of_dose_zero_gives_the_ratio_one_on_the_real_library(model: Model) -> None:
    names = model.closure(["methadone-r", "methadone-s", "nelfinavir"])
    compounds = [model.kinetics(n) for n in names]
    mine = every("methadone-r", 80.0, 24.0, 10)
    none = [replace(d, drug="nelfinavir", amount_umol=0.0, dose_mg=0.0) for d in every("nelfinavir", 0.0, 12.0, 20)]
    both: list[Lane] = lanes(model.setting.reference, [k.compound for k in compounds])
    doses = [mine] * len(both) + [[*mine, *none]] * len(both)
    done = simulate(compounds, both * 2, doses, model.setting, [0.0, 216.0, 240.0])
    area = done.auc("methadone-r")[:, -1]
    assert area[len(both) :] == pytest.approx(area[: len(both)], rel=1e-6)


@few
@given(mg=amount, k=ki)
def test_no_amount_falls_below_zero_and_mass_is_kept(mg: float, k: float, setting: Setting) -> None:
    """States at the end of every stretch: amounts ≥ −atol (1e-9 of the largest dose), activities positive."""
    drugs = [ready(victim_of(0.9, 0.3), setting), ready(perpetrator(inactivates("CYP3A4", 5.0, k)), setting)]
    for end in (0.3, 5.0, 24.0, 400.0):
        done = simulate(drugs, [lane(setting.reference)], [[dose("v", 1.0), *every("i", mg, 6.0, 4)]], setting, [0.0, end])
        kind, final = np.asarray(done.assembled.system.kind), done.trajectory.final[0]
        atol = np.asarray(done.assembled.system.atol)[:, 0]
        assert (final[kind == 0] >= -10.0 * atol[kind == 0]).all()
        assert (final[kind == 1] > 0.0).all()
        assert max(float(g.max()) for g in done.mass_balance.values()) <= 1e-6


def test_a_victim_that_has_left_does_not_hold_the_solver_back(setting: Setting) -> None:
    """An oral drug with gut metabolism, enzyme induced 7-fold, 230 h after its only dose: nothing is left of it, so the run needs
    the steps of the inducer alone (33 doses, about 1,200), and no amount lies below −10 atol."""
    v = made("v", cl=15.0, paths={"CYP3A4": 0.5, "other": 0.5}, fg=0.3046875, vss=50.0)
    i = perpetrator(induces("CYP3A4", 19.0, 1.0))
    inducer = every("i", 204.0, 12.0, 33)
    both = [dose("v", 1.0, "oral", 168.0), *inducer]
    done = simulate([ready(v, setting), ready(i, setting)], [lane(setting.reference)] * 2, [both, inducer],
                    setting, [0.0, 400.0])  # fmt: skip
    atol = np.asarray(done.assembled.system.atol)[:, 0]
    assert (done.trajectory.final[0] >= -10.0 * atol).all()
    assert done.trajectory.steps[0] < 1.5 * done.trajectory.steps[1]
