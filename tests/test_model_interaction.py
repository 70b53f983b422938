"""The terms A, B and C in the assembled model: each steady state worked out from the design's equations, section 4."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from clearway.library.compound import Action, Compound
from clearway.model.interaction import terms_of
from clearway.model.lane import Mechanism
from clearway.model.setting import Setting
from clearway.model.simulate import Simulation, simulate
from conftest import dose, inactivates, induces, inhibits, lane, made, path, ready

LONG = 3000.0
"""Hours of infusion: over 40 half-lives of every perpetrator here and of every enzyme."""


def steady(name: str, acts: Sequence[Action], **given: object) -> Compound:
    """A perpetrator cleared by `other` at 10 L/h; at R µmol/h its unbound liver concentration is `liver(R)`."""
    return made(name, acts=acts, **{"cl": 10.0, "fu": 0.4, "rb": 0.9, "vss": 20.0, **given})  # type: ignore[arg-type]


def liver(k_name: str, done: Simulation, setting: Setting) -> float:
    """Unbound concentration in liver water at the end, from the amount: C_u = a/(V·Kpu)."""
    k = next(c for c in done.assembled.compounds if c.name == k_name)
    amount = done.trajectory.final[0, done.assembled.index[f"{k_name}.liver"]]
    return float(amount / (setting.reference.volumes["liver"] * k.kpu["liver"]))


def together(
    setting: Setting, victim: Compound, perpetrators: Sequence[Compound], rates: Sequence[float], **lane_options: object
) -> Simulation:
    """Perpetrators and then a small iv dose of the victim, at steady state of all: its AUC is read from LONG to 2·LONG."""
    doses = [dose(p.compound, r * 2 * LONG, "iv infusion", 0.0, 2 * LONG) for p, r in zip(perpetrators, rates, strict=True)]
    doses.append(dose(victim.compound, 1.0, "iv bolus", LONG))
    compounds = [ready(c, setting) for c in (victim, *perpetrators)]
    done = simulate(compounds, [lane(setting.reference, **lane_options)], [doses], setting, [0.0, LONG, 2 * LONG], rtol=1e-9)
    done.trajectory.raise_for_code()
    return done


def clearance_of(done: Simulation, name: str = "v") -> float:
    return 1.0 / float(done.auc(name)[0, 2] - done.auc(name)[0, 1])


def well_stirred(setting: Setting, fu: float, rb: float, clint: float) -> float:
    q = setting.reference.liver_flow
    return q * rb * fu * clint / (q * rb + fu * clint)


VICTIM = dict(cl=20.0, fu=0.2, rb=0.8, vss=40.0)


def victim(paths: object = None) -> Compound:
    return made("v", paths=paths or {"CYP3A4": 0.8, "other": 0.2}, **VICTIM)  # type: ignore[arg-type]


def test_a_one_reversible_inhibitor_divides_clint(setting: Setting) -> None:
    done = together(setting, victim(), [steady("i", [inhibits("CYP3A4", kic=0.5)])], [20.0])
    i = liver("i", done, setting)
    # infusion at steady state: C = R/CL = 2 µM in plasma; the liver's water holds fu·C·(1 − E)
    assert done.plasma("i")[0, -1] == pytest.approx(2.0, rel=1e-6)
    extraction = 10.0 / (setting.reference.liver_flow * 0.9)
    assert i == pytest.approx(0.4 * 2.0 * (1.0 - extraction), rel=1e-6)
    clint = sum(p.clint_liver for p in ready(victim(), setting).enzymes)
    other = ready(victim(), setting).clint_other
    assert clearance_of(done) == pytest.approx(well_stirred(setting, 0.2, 0.8, other + clint / (1.0 + i / 0.5)), rel=1e-5)


def test_a_two_inhibitors_add(setting: Setting) -> None:
    both = [steady("i", [inhibits("CYP3A4", kic=0.5)]), steady("j", [inhibits("CYP3A4", kic=2.0)], fu=0.1)]
    done = together(setting, victim({"CYP3A4": 1.0}), both, [20.0, 50.0])
    n = 1.0 + liver("i", done, setting) / 0.5 + liver("j", done, setting) / 2.0
    (p,) = ready(victim({"CYP3A4": 1.0}), setting).enzymes
    assert clearance_of(done) == pytest.approx(well_stirred(setting, 0.2, 0.8, p.clint_liver / n), rel=1e-5)


def test_a_compound_is_never_its_own_reversible_inhibitor(setting: Setting) -> None:
    plain = made("v", paths={"CYP3A4": 1.0}, **VICTIM)
    own = made("v", paths={"CYP3A4": 1.0}, acts=[inhibits("CYP3A4", kic=0.001, kiu=0.001)], **VICTIM)
    for compounds in ([], [steady("i", [inhibits("CYP3A4", kic=0.5)])]):
        seen = [together(setting, c, compounds, [20.0] * len(compounds)).auc("v")[0, 2] for c in (plain, own)]
        assert seen[1] == pytest.approx(seen[0], rel=1e-9)


def test_an_inhibitor_does_nothing_at_other_enzymes(setting: Setting) -> None:
    done = together(setting, victim({"UGT2B7": 1.0}), [steady("i", [inhibits("CYP3A4", kic=0.001)])], [20.0])
    assert clearance_of(done) == pytest.approx(20.0, rel=1e-5)


@pytest.mark.parametrize("km", [None, 3.0])
def test_m_and_n_with_an_uncompetitive_inhibitor(km: float | None, setting: Setting) -> None:
    """v = CLint·C/(N + C/Km·M): at a constant input R the liver's C follows: C = R·N/(CLint − R·M/Km)."""
    v = made("v", paths=[path("CYP3A4", 1.0, km=km)], **VICTIM)
    i = steady("i", [inhibits("CYP3A4", kic=0.7, kiu=0.3)])
    rate = 1.2
    doses = [dose("i", 10.0 * LONG, "iv infusion", 0.0, LONG), dose("v", rate * LONG, "iv infusion", 0.0, LONG)]
    done = simulate([ready(c, setting) for c in (v, i)], [lane(setting.reference)], [doses], setting, [0.0, LONG], rtol=1e-9)
    done.trajectory.raise_for_code()
    c = liver("i", done, setting)
    n, m = 1.0 + c / 0.7, 1.0 + c / 0.3
    (p,) = ready(v, setting).enzymes
    wanted = rate * n / (p.clint_liver - (rate * m / km if km else 0.0))
    assert liver("v", done, setting) == pytest.approx(wanted, rel=1e-5)
    # plasma: what enters the liver less what leaves is metabolised: Q·R_b·C − Q·R_b·C_u/fu = R
    q = setting.reference.liver_flow
    assert done.plasma("v")[0, -1] == pytest.approx(wanted / 0.2 + rate / (q * 0.8), rel=1e-5)


def test_a_substrate_with_km_and_no_ki_competes_with_its_km(setting: Setting) -> None:
    """Its unbound liver concentration over Km enters the other's N, once (not as path and as participant)."""
    rival = made("r", paths=[path("CYP3A4", 1.0, km=0.8)], **{**VICTIM, "cl": 10.0})
    done = together(setting, victim({"CYP3A4": 1.0}), [rival], [25.0])
    n = 1.0 + liver("r", done, setting) / 0.8
    assert n > 1.5
    (p,) = ready(victim({"CYP3A4": 1.0}), setting).enzymes
    assert clearance_of(done) == pytest.approx(well_stirred(setting, 0.2, 0.8, p.clint_liver / n), rel=1e-4)


def test_b_an_inactivator_leaves_kdeg_over_the_sum(setting: Setting) -> None:
    done = together(setting, victim({"CYP3A4": 1.0}), [steady("i", [inactivates("CYP3A4", kinact=0.3, ki=0.9)])], [20.0])
    c, kdeg = liver("i", done, setting), setting.enzymes["CYP3A4"].kdeg_liver
    left = kdeg / (kdeg + 0.3 * c / (0.9 + c))
    assert done.activity("CYP3A4", "liver")[0, -1] == pytest.approx(left, rel=1e-5)
    # without a Ki it also inhibits with Ki = KI (assumed)
    (p,) = ready(victim({"CYP3A4": 1.0}), setting).enzymes
    assert clearance_of(done) == pytest.approx(well_stirred(setting, 0.2, 0.8, p.clint_liver * left / (1.0 + c / 0.9)), rel=1e-4)
    assert "KI" in terms_of(ready(steady("i", [inactivates("CYP3A4", 0.3, 0.9)]), setting), "CYP3A4", "liver").assumed


def test_b_in_the_gut_has_the_turnover_of_the_gut(setting: Setting) -> None:
    v = made("v", paths={"CYP3A4": 1.0}, fg=0.5, **VICTIM)
    i = steady("i", [inactivates("CYP3A4", kinact=0.3, ki=0.9)])
    doses = [dose("i", 20.0 * LONG, "iv infusion", 0.0, LONG), dose("v", 1.0, "oral", LONG - 10.0)]
    done = simulate([ready(c, setting) for c in (v, i)], [lane(setting.reference)], [doses], setting, [0.0, LONG], rtol=1e-9)
    k = ready(i, setting)
    c = done.trajectory.final[0, done.assembled.index["i.gut"]] / (setting.reference.volumes["gut"] * k.kpu["gut"])
    kdeg = setting.enzymes["CYP3A4"].kdeg_gut
    assert done.activity("CYP3A4", "gut")[0, -1] == pytest.approx(kdeg / (kdeg + 0.3 * c / (0.9 + c)), rel=1e-5)


@pytest.mark.parametrize("hill", [None, 2.0])
def test_c_an_inducer_raises_the_enzyme_to_its_steady_state(hill: float | None, setting: Setting) -> None:
    done = together(setting, victim({"CYP3A4": 1.0}), [steady("i", [induces("CYP3A4", 6.0, 0.5, hill)])], [20.0])
    c, h = liver("i", done, setting), hill or 1.0
    fold = 1.0 + 6.0 * c**h / (0.5**h + c**h)
    assert done.activity("CYP3A4", "liver")[0, -1] == pytest.approx(fold, rel=1e-5)
    (p,) = ready(victim({"CYP3A4": 1.0}), setting).enzymes
    assert clearance_of(done) == pytest.approx(well_stirred(setting, 0.2, 0.8, p.clint_liver * fold), rel=1e-4)


def test_c_two_inducers_share_the_ceiling(setting: Setting) -> None:
    """ind = E·Σ x/(1 + Σ x), E the larger Emax, x = r·u/(1 + (1 − r)·u), r = Emax/E, u = I/EC50: less than the sum, never above
    E, never less than the stronger inducer alone; equal inducers act as one."""
    i, j = steady("i", [induces("CYP3A4", 6.0, 0.5)]), steady("j", [induces("CYP3A4", 3.0, 0.1)])
    done = together(setting, victim(), [i, j], [20.0, 8.0])
    x, y = liver("i", done, setting) / 0.5, liver("j", done, setting) / 0.1
    got = done.activity("CYP3A4", "liver")[0, -1] - 1.0
    weaker = 0.5 * y / (1.0 + 0.5 * y)
    assert got == pytest.approx(6.0 * (x + weaker) / (1.0 + x + weaker), rel=1e-5)
    assert 6.0 * x / (1.0 + x) < got < 6.0
    assert got < 6.0 * x / (1.0 + x) + 3.0 * y / (1.0 + y)
    # two halves of one inducer are that inducer
    halves = [steady(n, [induces("CYP3A4", 6.0, 0.5)]) for n in ("i", "j")]
    split, whole = together(setting, victim(), halves, [7.0, 13.0]), together(setting, victim(), [i], [20.0])
    assert split.activity("CYP3A4", "liver")[0, -1] == pytest.approx(whole.activity("CYP3A4", "liver")[0, -1], rel=1e-5)


def test_induction_and_inactivation_together(setting: Setting) -> None:
    # A = kdeg·(1 + ind)/(kdeg + kinact·I/(KI + I)), the case of ritonavir
    i = steady(
        "i", [Action("CYP3A4", inactivation=inactivates("CYP3A4", 0.3, 0.9).inactivation, induction=induces("CYP3A4", 6.0, 0.5).induction)]
    )
    done = together(setting, victim(), [i], [20.0])
    c, kdeg = liver("i", done, setting), setting.enzymes["CYP3A4"].kdeg_liver
    assert done.activity("CYP3A4", "liver")[0, -1] == pytest.approx(
        kdeg * (1.0 + 6.0 * c / (0.5 + c)) / (kdeg + 0.3 * c / (0.9 + c)), rel=1e-5
    )


def test_induction_comes_through_the_messenger_and_not_at_once(setting: Setting) -> None:
    """dM/dt = k_s·(1 + ind − M), dA/dt = kdeg·(M − A): the curve of A, with I from the run, by SciPy."""
    i = steady("i", [induces("CYP3A4", 6.0, 0.5)], vss=12.0)
    end, times = 96.0, np.linspace(0.0, 96.0, 193)
    doses = [dose("i", 20.0 * end, "iv infusion", 0.0, end), dose("v", 1.0, "iv bolus", 0.0)]
    k = ready(i, setting)
    done = simulate([ready(victim(), setting), k], [lane(setting.reference)], [doses], setting, times, rtol=1e-9)
    # quasi-steady distribution of a small volume: unbound liver water is fu·C_plasma·(1 − E) within a few per cent after an hour
    unbound = 0.4 * done.plasma("i")[0] * (1.0 - k.extraction)
    ks, kdeg = setting.signal_rate, setting.enzymes["CYP3A4"].kdeg_liver

    def slope(t: float, y: np.ndarray) -> list[float]:
        c = np.interp(t, times, unbound)
        return [ks * (1.0 + 6.0 * c / (0.5 + c) - y[0]), kdeg * (y[0] - y[1])]

    wanted = solve_ivp(slope, (0.0, end), [1.0, 1.0], t_eval=times, rtol=1e-8, atol=1e-10, max_step=0.5).y[1]
    seen = done.activity("CYP3A4", "liver")[0]
    assert np.abs(seen / wanted - 1.0).max() < 0.005
    # slower than an enzyme without the delay: after 6 h not a third of what synthesis at the induced rate would give
    at_once = 1.0 + (6.0 * unbound[-1] / (0.5 + unbound[-1])) * (1.0 - math.exp(-kdeg * 6.0))
    assert seen[12] - 1.0 < 0.33 * (at_once - 1.0)


def test_a_drug_induces_its_own_enzyme(setting: Setting) -> None:
    own = made("v", paths={"CYP3A4": 1.0}, acts=[induces("CYP3A4", 6.0, 0.05)], **VICTIM)
    doses = [dose("v", 5.0 * LONG, "iv infusion", 0.0, LONG)]
    done = simulate([ready(own, setting)], [lane(setting.reference)], [doses], setting, [0.0, LONG], rtol=1e-9)
    c = liver("v", done, setting)
    fold = 1.0 + 6.0 * c / (0.05 + c)
    assert done.activity("CYP3A4", "liver")[0, -1] == pytest.approx(fold, rel=1e-5)
    (p,) = ready(own, setting).enzymes
    assert 5.0 / done.plasma("v")[0, -1] == pytest.approx(well_stirred(setting, 0.2, 0.8, p.clint_liver * fold), rel=1e-5)


@pytest.mark.parametrize("kind", ["inhibition", "inactivation", "induction"])
def test_a_mechanism_that_is_off_leaves_no_trace(kind: str, setting: Setting) -> None:
    acts = {
        "inhibition": inhibits("CYP3A4", 0.5),
        "inactivation": inactivates("CYP3A4", 0.3, 0.9),
        "induction": induces("CYP3A4", 6.0, 0.5),
    }
    off = {Mechanism("i", "CYP3A4", kind)} | ({Mechanism("i", "CYP3A4", "inhibition")} if kind == "inactivation" else set())  # type: ignore[arg-type]
    done = together(setting, victim(), [steady("i", [acts[kind]])], [20.0], off=frozenset(off))
    assert clearance_of(done) == pytest.approx(20.0, rel=1e-5)


def test_an_inducer_that_is_off_does_not_occupy_the_receptor(setting: Setting) -> None:
    """In a batch whose other lane has it on: only then does the switched-off inducer stand in the lane's equations at all."""
    i, j = steady("i", [induces("CYP3A4", 6.0, 0.5)]), steady("j", [induces("CYP3A4", 1.0, 0.001)])
    off = frozenset({Mechanism("j", "CYP3A4", "induction")})
    doses = [dose(n, 20.0 * LONG, "iv infusion", 0.0, LONG) for n in "ij"]
    lanes = [lane(setting.reference, off=off), lane(setting.reference)]
    both = simulate([ready(c, setting) for c in (victim(), i, j)], lanes, [doses, doses], setting, [0.0, LONG], rtol=1e-9)
    alone = together(setting, victim(), [i], [20.0])
    seen = both.activity("CYP3A4", "liver")[:, -1]
    assert seen[0] == pytest.approx(alone.activity("CYP3A4", "liver")[0, -1], rel=1e-5)
    assert seen[0] < seen[1] < 7.0  # the weak inducer adds, under the ceiling of the strong one


def test_an_action_in_the_liver_only_spares_the_gut(setting: Setting) -> None:
    act = inhibits("CYP3A4", kic=0.5)
    act.where = "liver"
    k = ready(steady("i", [act]), setting)
    assert terms_of(k, "CYP3A4", "liver").inv_kic == pytest.approx(2.0)
    assert terms_of(k, "CYP3A4", "gut").empty
