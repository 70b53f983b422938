"""A compound that nothing interacts with: matrix exponential, mass, clearance, availability, routes, people."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import expm

from clearway.library.compound import Transport
from clearway.model.assemble import Assembled
from clearway.model.kinetics import Kinetics
from clearway.model.model import Model
from clearway.model.people import lanes
from clearway.model.setting import Setting
from clearway.model.simulate import Simulation, simulate
from clearway.physiology import Body
from conftest import depot, dose, every, lane, made, mucosal, path, person, ready, value

PORTAL = ("gut", "spleen", "pancreas")
FOREVER = 4000.0
"""Hours: more than 100 half-lives of every compound here, so that AUC(0–t) is AUC(0–∞)."""


def by_design(k: Kinetics, b: Body, s: Setting) -> tuple[list[str], NDArray[np.float64]]:
    """dy/dt = A·y of one swallowed compound of the reference person, written from the design's section 4 alone."""
    tissues = [o for o in b.volumes if o not in ("arterial", "venous")]
    names = [*tissues, "arterial", "venous", "enterocytes", "stomach", "duodenum", "jejunum", "ileum", "faeces", "eliminated", "auc"]
    at = {n: i for i, n in enumerate(names)}
    a = np.zeros((len(names), len(names)))

    def flow(src: str, dst: str, rate: float) -> None:
        a[at[src], at[src]] -= rate
        a[at[dst], at[src]] += rate

    co = sum(b.flows[o] for o in tissues if o != "lung")
    for o in tissues:
        leaves = k.rb / (k.fu * k.kpu[o] * b.volumes[o])  # blood concentration that leaves, per amount: R_b·C_u/fu
        if o == "lung":
            flow("venous", "lung", co / b.volumes["venous"])
            flow("lung", "arterial", co * leaves)
            continue
        flow("arterial", o, b.flows[o] / b.volumes["arterial"])
        through = b.flows["liver"] + sum(b.flows[p] for p in PORTAL) if o == "liver" else b.flows[o]
        flow(o, "liver" if o in PORTAL else "venous", through * leaves)
    free = 1.0 / (k.kpu["liver"] * b.volumes["liver"])
    flow("liver", "eliminated", (k.clint_other + k.clint_bile) * free)
    flow("venous", "eliminated", k.cl_plasma / (k.rb * b.volumes["venous"]))
    a[at["auc"], at["venous"]] += 1.0 / (k.rb * b.volumes["venous"])
    flow("stomach", "duodenum", s.gastric_emptying)
    for (one, two), rate in zip(pairwise(("duodenum", "jejunum", "ileum", "faeces")), s.transit, strict=True):
        flow(one, two, rate)
        flow(one, "enterocytes", k.ka)
    flow("enterocytes", "liver", s.villous_flow * k.rb / s.enterocyte_volume)
    return names, a


def test_a_linear_compound_equals_the_matrix_exponential_of_the_design(setting: Setting) -> None:
    """Wiring and engine at once: oral doses at 0 and 12 h and an iv bolus at 5 h, against scipy.linalg.expm."""
    k = ready(made("x", cl=20.0, paths={"other": 0.6, "biliary": 0.2, "plasma": 0.2}, fu=0.2, rb=0.75, logp=2.5, vss=150.0), setting)
    names, a = by_design(k, setting.reference, setting)
    times = [0.25, 1.0, 3.0, 5.5, 8.0, 12.5, 20.0, 40.0]
    doses = [dose("x", 100.0), dose("x", 40.0, "iv bolus", 5.0), dose("x", 70.0, "oral", 12.0)]
    done = simulate([k], [lane(setting.reference)], [doses], setting, [0.0, *times], rtol=1e-9)
    y, now = np.zeros(len(names)), 0.0
    given = {0.0: ("stomach", 100.0), 5.0: ("venous", 40.0), 12.0: ("stomach", 70.0)}
    for t in sorted({*times, *given}):
        y = expm(a * (t - now)) @ y
        now = t
        if t in times:
            i = 1 + times.index(t)
            assert done.plasma("x")[0, i] == pytest.approx(
                y[names.index("venous")] / (k.rb * setting.reference.volumes["venous"]), rel=1e-6
            )
            assert done.auc("x")[0, i] == pytest.approx(y[names.index("auc")], rel=1e-6)
        if t in given:
            y[names.index(given[t][0])] += given[t][1]
    for n in ("adipose", "muscle", "liver", "brain", "faeces", "eliminated"):
        assert done.trajectory.final[0, done.assembled.index[f"x.{n}"]] == pytest.approx(y[names.index(n)], rel=1e-6), n


def matrix_of(built: Assembled, one: int) -> NDArray[np.float64]:
    """A of a System without sites, from its linear exchanges (see clearway.engine.system)."""
    s = built.system
    a = np.zeros((len(s.names), len(s.names)))
    k = np.broadcast_to(np.asarray(s.lin_k), (len(s.lin_src), len(built.lanes)))[:, one]  # type: ignore[arg-type]
    for src, dst, rate, gain, keep in zip(s.lin_src, s.lin_dst, k, s.lin_gain, s.lin_keep, strict=True):  # type: ignore[arg-type]
        if not keep:
            a[src, src] -= rate
        if dst >= 0:
            a[dst, src] += gain * rate
    return a


def test_parent_and_metabolites_without_sites_equal_the_matrix_exponential(model: Model) -> None:
    """Chain parent → m → n by plasma and `other` paths, three people in one batch, im and intranasal depots, renal clearance."""
    setting = model.setting
    parent = made("p", cl=30.0, paths=[path("other", 0.7, forms={"m": 0.8}), path("plasma", 0.2, forms={"n": 0.5}), path("renal", 0.1)],
                  routes={"im": depot(0.8, 0.9), "intranasal": mucosal(0.4, 3.0)})  # fmt: skip
    m, n = made("m", cl=12.0, paths=[path("other", 1.0, forms={"n": 1.0})], vss=90.0), made("n", cl=5.0, paths={"renal": 1.0}, vss=30.0)
    people = [setting.reference, person(model, sex="female", age=60, weight=85, haematocrit=0.33), person(model, egfr=25, albumin=28)]
    doses = [[dose("p", 50.0, "im"), dose("p", 20.0, "intranasal")], [dose("p", 50.0, "im")], [dose("p", 20.0, "intranasal")]]
    done = simulate(
        [ready(c, setting) for c in (parent, m, n)], [lane(p) for p in people], doses, setting, [0.0, 2.0, 9.0, 30.0], rtol=1e-10
    )
    index = done.assembled.index
    assert not done.assembled.sites
    for i, mine in enumerate(doses):
        y = np.zeros(len(index))
        for d in mine:
            part = 0.8 if d.route == "im" else 0.4
            y[index[f"p.{d.route}"]] += part * d.amount_umol
            y[index["p.eliminated" if d.route == "im" else "p.stomach"]] += (1 - part) * d.amount_umol
        y = expm(matrix_of(done.assembled, i) * 30.0) @ y
        big = y > 1e-7 * y.max()
        assert done.trajectory.final[i][big] == pytest.approx(y[big], rel=1e-6, abs=1e-9)


# -- closed forms ---------------------------------------------------------------------------------------


def auc(k: Kinetics, setting: Setting, *doses: object, body: Body | None = None, also: tuple[Kinetics, ...] = ()) -> Simulation:
    done = simulate([k, *also], [lane(body or setting.reference)], [list(doses)], setting, [0.0, FOREVER], rtol=1e-8)  # type: ignore[list-item]
    done.trajectory.raise_for_code()
    return done


SHARES = [{"other": 1.0}, {"biliary": 1.0}, {"plasma": 1.0}, {"CYP3A4": 0.6, "UGT2B7": 0.4}, {"other": 0.5, "plasma": 0.5}, {"renal": 1.0},
          {"CYP3A4": 0.5, "renal": 0.5}]  # fmt: skip


@pytest.mark.parametrize("paths", SHARES, ids=lambda p: "+".join(p))
def test_iv_auc_is_dose_over_clearance(paths: dict[str, float], setting: Setting) -> None:
    k = ready(made("x", cl=25.0, paths=paths), setting)
    done = auc(k, setting, dose("x", 100.0, "iv bolus"))
    assert done.auc("x")[0, -1] == pytest.approx(100.0 / 25.0, rel=1e-4)


ORAL = [{"other": 1.0}, {"CYP3A4": 1.0}, {"CYP3A4": 0.5, "UGT1A1": 0.3, "other": 0.2}, {"CYP3A4": 0.7, "renal": 0.3}]


@pytest.mark.parametrize("paths", ORAL,
                         ids=lambda p: "+".join(p))  # fmt: skip
def test_oral_availability_is_fa_fg_fh(paths: dict[str, float], setting: Setting) -> None:
    k = ready(made("x", cl=25.0, paths=paths, fa=0.8, fg=0.6 if "CYP3A4" in paths else None, fu_gut=0.5), setting)
    done = auc(k, setting, dose("x", 100.0))
    iv = auc(k, setting, dose("x", 100.0, "iv bolus"))
    fh = 1.0 - k.extraction
    fg = 0.6 if "CYP3A4" in paths else 1.0
    assert done.auc("x")[0, -1] / iv.auc("x")[0, -1] == pytest.approx(0.8 * fg * fh, rel=2e-4)
    # the part not absorbed is in the faeces
    assert done.trajectory.final[0, done.assembled.index["x.faeces"]] == pytest.approx(20.0, rel=1e-5)


def test_the_route_decides_what_passes_gut_and_liver(setting: Setting) -> None:
    k = ready(made("x", cl=20.0, paths={"CYP3A4": 1.0}, fa=0.7, fg=0.5, vss=40.0,
                   routes={"im": depot(0.85, 0.6), "sc": depot(0.5, 0.3), "intranasal": mucosal(0.35, 4.0),
                           "sublingual": mucosal(0.6, 2.0)}), setting)  # fmt: skip
    oral = 0.7 * 0.5 * (1.0 - k.extraction)
    wanted = {"iv bolus": 1.0, "oral": oral, "im": 0.85, "sc": 0.5, "intranasal": 0.35 + 0.65 * oral, "sublingual": 0.6 + 0.4 * oral}
    for route, f in wanted.items():
        done = auc(k, setting, dose("x", 60.0, route))
        assert done.auc("x")[0, -1] == pytest.approx(f * 60.0 / 20.0, rel=1e-4), route
        assert max(gap[0] for gap in done.mass_balance.values()) < 1e-8
    # a device's own mucosal part overrides that of the compound
    done = auc(k, setting, replace(dose("x", 60.0, "intranasal"), fraction_mucosal=0.9))
    assert done.auc("x")[0, -1] == pytest.approx((0.9 + 0.1 * oral) * 3.0, rel=1e-4)


def test_an_infusion_holds_its_steady_state_and_ends(setting: Setting) -> None:
    # R/CL = 5 µmol/h / 20 L/h = 0.25 µM after 300 h of a drug with V 30 L; AUC∞ = dose/CL
    k = ready(made("x", cl=20.0, vss=30.0), setting)
    done = simulate(
        [k], [lane(setting.reference)], [[dose("x", 1500.0, "iv infusion", 10.0, 300.0)]], setting, [0.0, 9.0, 309.9, FOREVER], rtol=1e-8
    )
    assert done.plasma("x")[0] == pytest.approx([0.0, 0.0, 0.25, 0.0], rel=1e-5, abs=1e-8)
    assert done.auc("x")[0, -1] == pytest.approx(75.0, rel=1e-5)


def test_a_run_that_ends_inside_an_infusion_counts_what_has_run_in(setting: Setting) -> None:
    k = ready(made("x"), setting)
    done = simulate([k], [lane(setting.reference)], [[dose("x", 80.0, "iv infusion", 1.0, 4.0)]], setting, [0.0, 3.0])
    assert done.given["x"][0] == pytest.approx(40.0)
    assert done.mass_balance["x"][0] < 1e-9


def test_metabolite_auc_by_mass(setting: Setting) -> None:
    """Parent iv: a share 0.6 by CYP3A4 with yield 0.5 forms m in the liver, 0.1 in plasma with yield 1 forms n in venous blood."""
    p = made("p", cl=20.0, paths=[path("CYP3A4", 0.6, forms={"m": 0.5}), path("plasma", 0.1, forms={"n": 1.0}), path("other", 0.3)])
    m, n = ready(made("m", cl=30.0), setting), ready(made("n", cl=30.0), setting)
    done = auc(ready(p, setting), setting, dose("p", 100.0, "iv bolus"), also=(m, n))
    # what is formed in the liver passes it once more before it is seen: F_h = 1 − E; m: 100·0.6·0.5·(1 − E)/30
    assert done.auc("m")[0, -1] == pytest.approx(30.0 * (1.0 - m.extraction) / 30.0, rel=1e-4)
    assert done.auc("n")[0, -1] == pytest.approx(10.0 / 30.0, rel=1e-4)
    assert done.trajectory.final[0, done.assembled.index["m.formed"]] == pytest.approx(30.0, rel=1e-4)


def test_a_metabolite_formed_in_the_gut_wall_starts_there(setting: Setting) -> None:
    # Oral parent, Fa 0.99 (largest), Fg 0.4, all by CYP3A4 to m: m's whole amount is 99 µmol wherever it is formed, and both parts
    # pass m's liver once (m is not an enzyme's substrate in the gut): AUC_m = 99·(1 − E_m)/CL_m
    p = ready(made("p", cl=20.0, fa=1.0, fg=0.4, paths=[path("CYP3A4", 1.0, forms={"m": 1.0})]), setting)
    m = ready(made("m", cl=30.0), setting)
    done = auc(p, setting, dose("p", 100.0), also=(m,))
    assert done.auc("m")[0, -1] == pytest.approx(99.0 * (1.0 - m.extraction) / 30.0, rel=1e-4)
    assert done.auc("p")[0, -1] == pytest.approx(99.0 * 0.4 * (1.0 - p.extraction) / 20.0, rel=1e-4)


def test_efflux_at_the_gut_wall_lowers_the_amount_absorbed_and_conserves_mass(setting: Setting) -> None:
    """P-gp returns drug to the lumen, so that Fa falls (design, section 4); all of it stays accounted for."""
    plain = made("x", fa=0.8)
    pumped = replace(plain, elimination=replace(plain.elimination, transport=[Transport("P-gp", "gut", value(50.0, "L/h"))]))
    runs = [auc(ready(c, setting), setting, dose("x", 100.0)) for c in (plain, pumped)]
    faeces = [r.trajectory.final[0, r.assembled.index["x.faeces"]] for r in runs]
    assert faeces[0] == pytest.approx(20.0, rel=1e-5)
    assert faeces[1] > 25.0
    assert runs[1].auc("x")[0, -1] / runs[0].auc("x")[0, -1] == pytest.approx((100.0 - faeces[1]) / 80.0, rel=1e-4)
    assert runs[1].mass_balance["x"][0] < 1e-8


def test_repeated_doses_reach_the_auc_of_one_dose(setting: Setting) -> None:
    # superposition of a linear drug: AUCτ at steady state = AUC∞ of a single dose (Gibaldi & Perrier 1982, chapter 3)
    k = ready(made("x", cl=10.0, vss=60.0, paths={"CYP3A4": 1.0}, fg=0.7), setting)
    done = simulate([k], [lane(setting.reference)], [every("x", 30.0, 12.0, 60)], setting, [0.0, 708.0, 720.0], rtol=1e-8)
    one = auc(k, setting, dose("x", 30.0))
    assert done.auc("x")[0, 2] - done.auc("x")[0, 1] == pytest.approx(one.auc("x")[0, -1], rel=1e-4)


# -- people ---------------------------------------------------------------------------------------------


def clearance(k: Kinetics, setting: Setting, who: Body) -> float:
    return 50.0 / float(auc(k, setting, dose(k.name, 50.0, "iv bolus"), body=who).auc(k.name)[0, -1])


def test_renal_clearance_follows_filtration(model: Model) -> None:
    k = ready(made("x", cl=3.0, paths={"renal": 1.0}), model.setting)
    healthy, sick = person(model), person(model, egfr=30)
    ratio = clearance(k, model.setting, sick) / clearance(k, model.setting, healthy)
    assert ratio == pytest.approx(sick.gfr_factor, rel=0.01)
    # CKD-EPI 2021 at 30 years, creatinine κ: 142·0.9938^30 = 117.8 mL/min/1.73 m² for the reference man
    assert sick.gfr_factor == pytest.approx(30.0 / (142.0 * 0.9938**30), rel=1e-6)


def test_more_glycoprotein_binds_more_and_lowers_a_low_clearance(model: Model) -> None:
    """fu = 1/(1 + (1/fu_ref − 1)·P/P_ref) and CL = Q·R_b·fu·CLint/(Q·R_b + fu·CLint), R_b by its own formula."""
    k = ready(made("x", cl=4.0, fu=0.12, binds="AAG"), model.setting)
    twice = person(model, aag=2.0 * model.physiology.scaling["aag"])
    fu = 1.0 / (1.0 + (1.0 / 0.12 - 1.0) * 2.0)
    hct = model.setting.reference.haematocrit
    kpu_cell = (0.8 - 1.0 + hct) / (hct * 0.12)
    rb = 1.0 + hct * (fu * kpu_cell - 1.0)
    q = model.setting.reference.liver_flow
    assert clearance(k, model.setting, twice) == pytest.approx(q * rb * fu * k.clint_other / (q * rb + fu * k.clint_other), rel=1e-4)
    # unbound exposure of a low-extraction drug hardly moves: CL/fu changes by less than 5 %
    assert clearance(k, model.setting, twice) / fu == pytest.approx(4.0 / 0.12, rel=0.05)
    # a drug that binds albumin is not touched
    other = ready(made("x", cl=4.0, fu=0.12, binds="albumin"), model.setting)
    assert clearance(other, model.setting, twice) == pytest.approx(4.0, rel=1e-4)


def test_haematocrit_moves_the_blood_plasma_ratio_and_so_a_high_clearance(model: Model) -> None:
    """R_b = 1 + Hct·(fu·Kpu_bc − 1): cells without drug (R_b 0.55 at Hct 0.45) give R_b 0.7 at Hct 0.3."""
    k = ready(made("x", cl=40.0, fu=0.5, rb=1.0 - model.setting.reference.haematocrit), model.setting)
    pale = person(model, haematocrit=0.3)
    q = pale.liver_flow
    assert clearance(k, model.setting, pale) == pytest.approx(q * 0.7 * 0.5 * k.clint_other / (q * 0.7 + 0.5 * k.clint_other), rel=1e-4)


def test_cirrhosis_lowers_hepatic_clearance_class_by_class(model: Model) -> None:
    k = ready(made("x", cl=10.0, paths={"CYP3A4": 1.0}, fu=0.3), model.setting)
    seen = []
    for grade in (None, "A", "B", "C"):
        who = person(model, child_pugh=grade)
        done = simulate([k], lanes(who, [k.compound]), [[dose("x", 50.0, "iv bolus")]], model.setting, [0.0, FOREVER])
        seen.append(50.0 / done.auc("x")[0, -1])
    assert seen[0] == pytest.approx(10.0, rel=1e-3)
    assert all(a > b for a, b in pairwise(seen))
    assert seen[3] < 0.5 * seen[0]


def test_cirrhosis_of_the_liver_does_not_lower_the_enzymes_of_the_gut(model: Model) -> None:
    """Body.enzyme_gut: 'cirrhosis touches the liver' (physiology.body). Fg of a CYP3A4 drug stays."""
    # R_b 1 and little extraction: a lower haematocrit and a weaker liver then leave F alone
    k = ready(made("x", cl=0.2, rb=1.0, paths={"CYP3A4": 1.0}, fa=0.9, fg=0.5), model.setting)
    fg = []
    for grade in (None, "C"):
        who = person(model, child_pugh=grade)
        done = simulate([k], lanes(who, [k.compound]), [[dose("x", 50.0)]], model.setting, [0.0, 12.0, 200_000.0])
        oral = done.auc("x")[0, -1]
        iv = simulate([k], lanes(who, [k.compound]), [[dose("x", 50.0, "iv bolus")]], model.setting, [0.0, 200_000.0]).auc("x")[0, -1]
        fg.append(oral / iv / 0.9)  # hepatic extraction is 0.2 %: F = Fa·Fg
    assert fg[1] == pytest.approx(fg[0], rel=0.02)


def test_the_villous_flow_of_a_person_scales_with_the_gut(model: Model) -> None:
    """A person twice as heavy has more villous flow (Body.villous_flow) beside more gut enzyme, so that Fg hardly moves."""
    k = ready(made("x", cl=1.0, paths={"CYP3A4": 1.0}, fa=0.9, fg=0.5), model.setting)
    small, tall = person(model, height=150, weight=45), person(model, height=195, weight=110)
    fg = []
    for who in (small, tall):
        oral, iv = (auc(k, model.setting, dose("x", 50.0, r), body=who).auc("x")[0, -1] for r in ("oral", "iv bolus"))
        out = who.villous_flow / (who.villous_flow + model.setting.villous_flow * who.gut_factor)  # Fg 0.5: CLint_g/R_b = Q_ent
        fg.append((oral / iv / 0.9, out))
    for seen, wanted in fg:
        assert seen == pytest.approx(wanted, rel=0.02)
