"""The static screen: closed forms, bounds, and the dynamic model where both must say the same."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearway.library import Library
from clearway.library.compound import Action, Compound, Situation, Transport
from clearway.model.kinetics import kinetics
from clearway.model.model import Model
from clearway.model.setting import Setting
from clearway.screening import Predictions, Row, overrides, predictions
from clearway.screening.dynamic import Way, run
from clearway.screening.equations import Victims, exposure, factors
from clearway.screening.perpetrators import acts_of, average
from clearway.screening.plan import Plan
from conftest import inactivates, induces, inhibits, made, path, value, world

few = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
share = st.floats(0.05, 0.95)
fraction = st.floats(0.3, 1.0)
constant = st.floats(math.log(0.003), math.log(30.0)).map(math.exp)


def victim(fm: float = 0.8, fg: float = 0.6) -> Compound:
    return made("v", cl=15.0, paths={"CYP3A4": fm, "other": 1.0 - fm}, fa=0.9, fg=fg, vss=50.0)


def doer(*acts: Action, cl: float = 8.0, paths: dict[str, float] | None = None, mg: float = 100.0) -> Compound:
    """A perpetrator that is cleared by the kidney unless told otherwise, at steady state on a repeated oral dose."""
    return taken(made("p", cl=cl, paths=paths or {"renal": 1.0}, fu=0.3, vss=60.0, fa=0.9, acts=acts), mg, "12 h")


def taken(c: Compound, mg: float, every: str) -> Compound:
    """With a screened dose, by the situation of a clearance that was observed over repeated oral doses."""
    seen = c.elimination.clearance
    situation = Situation(drug=c.compound, dose=f"{mg} mg", route="oral", every=every, count=3)
    return replace(c, elimination=replace(c.elimination, clearance=replace(seen, situation=situation)))


def formed(c: Compound) -> Compound:
    """As a metabolite, which nobody takes."""
    seen = replace(c.elimination.clearance, kind="metabolite-ratio")
    return replace(c, elimination=replace(c.elimination, clearance=seen))


def screened(library: Library, *compounds: Compound, doses: Sequence[str] = ()) -> Predictions:
    """These compounds and no others, at the clearances that their files state."""
    mine = world(library, compounds)
    model = Model(mine)
    model._ready.update({c.compound: kinetics(c, c.elimination.clearance.value.value, model.setting) for c in compounds})
    return predictions(model, [], overrides(mine, doses))


def one(found: Predictions, route: str = "oral", perpetrator: str = "p", victim: str = "v", genotype: str = "all") -> Row:
    rows = [r for r in found.rows() if (r.perpetrator, r.victim, r.route, r.genotype) == (perpetrator, victim, route, genotype)]
    assert len(rows) == 1
    return rows[0]


# -- closed forms ---------------------------------------------------------------------------------------


def by_hand(setting: Setting, c: Compound, x: float, x_gut: float) -> tuple[float, float]:
    """AUC ratios (iv, oral) of a victim with one enzyme and `other`: the design's section 4, written out."""
    shares = {p.by: p.share.value for p in c.elimination.paths}
    cl, rb, q = c.elimination.clearance.value.value, c.molecule.blood_plasma_ratio.value, setting.reference.liver_flow
    kept = shares.get("renal", 0.0) + shares.get("plasma", 0.0)
    e = cl * (1.0 - kept) / (q * rb)
    fm = shares["CYP3A4"] / (1.0 - kept)
    k = e / (1.0 - e)
    x_h = fm * x + 1.0 - fm
    e_now = k * x_h / (1.0 + k * x_h)
    cl_now = q * rb * e_now + cl * kept
    assert c.absorption.oral is not None and c.absorption.oral.gut_availability is not None
    fg = c.absorption.oral.gut_availability.value
    return cl / cl_now, cl / cl_now * (1.0 - e_now) / (1.0 - e) / (fg + x_gut * (1.0 - fg))


def test_an_example_by_hand(library: Library, setting: Setting) -> None:
    """Inhibitor, inactivator and inducer of CYP3A4 at once; every concentration and factor is worked out here."""
    act = Action("CYP3A4", inhibition=inhibits("CYP3A4", 0.5).inhibition, inactivation=inactivates("CYP3A4", 0.4, 2.0).inactivation,
                 induction=induces("CYP3A4", 6.0, 1.5).induction)  # fmt: skip
    v = made("v", cl=20.0, paths={"CYP3A4": 0.6, "other": 0.2, "renal": 0.2}, fg=0.5, fa=0.9, vss=50.0)
    found = screened(library, v, doer(act))
    # 100 mg of 300 g/mol every 12 h, Fa 0.9, no first pass (renal): input 25 µmol/h; C_p = 25/8 µM
    rate = 0.9 * 100.0 / 0.3 / 12.0
    plasma = rate / 8.0
    rb, fu = 0.8, 0.3
    liver = fu * (plasma + rate / (setting.reference.liver_flow * rb))
    gut = fu * plasma + rate / (setting.villous_flow * rb)  # fu_gut 1, Fg 1

    def x(i: float, kdeg: float) -> float:
        return (1.0 / (1.0 + i / 0.5)) * (kdeg / (kdeg + 0.4 * i / (2.0 + i))) * (1.0 + 6.0 * i / (1.5 + i))

    enzyme = setting.enzymes["CYP3A4"]
    iv, oral = by_hand(setting, v, x(liver, enzyme.kdeg_liver), x(gut, enzyme.kdeg_gut))
    assert one(found, "iv").auc_ratio == pytest.approx(iv, rel=1e-9)
    assert one(found, "oral").auc_ratio == pytest.approx(oral, rel=1e-9)
    assert iv > 1.0 and oral > 1.0


def test_factors_multiply_to_the_ratio(library: Library) -> None:
    """Aumann–Shapley factors by enzyme and kind; a single mechanism has all of the change."""
    act = Action("CYP3A4", inhibition=inhibits("CYP3A4", 0.02).inhibition, induction=induces("CYP3A4", 20.0, 0.3).induction)
    found = screened(library, victim(), doer(act, induces("CYP2B6", 3.0, 1.0)))
    for route in ("iv", "oral"):
        row = one(found, route)
        assert {name for name, _ in row.factors} == {"CYP3A4 inhibition", "CYP3A4 induction"}
        assert math.prod(f for _, f in row.factors) == pytest.approx(row.auc_ratio, rel=1e-5)
        assert dict(row.factors)["CYP3A4 inhibition"] > 1.0 > dict(row.factors)["CYP3A4 induction"]
    alone = one(screened(library, victim(), doer(inhibits("CYP3A4", 0.02))))
    assert alone.mechanism == ("CYP3A4 inhibition", pytest.approx(alone.auc_ratio, rel=1e-5))


def test_two_inducers_share_the_ceiling_of_the_stronger() -> None:
    """As the dynamic model (docs/model.md): a full second inducer adds nothing, a weak one never holds back a strong one."""
    from clearway.screening.numbers import Acts

    def induced(*pairs: tuple[float, float, float]) -> float:
        emax, ec50, i = (np.array(column)[:, None] for column in zip(*pairs, strict=True))
        none = np.zeros_like(i)
        acts = Acts(none, none, none, none + 1.0, emax, ec50, none + 1.0)
        return float(factors(i, acts, np.array([0.02])).induction[0])

    assert induced((8.0, 1.0, 1.0)) == pytest.approx(1.0 + 8.0 / 2.0)
    assert induced((8.0, 1.0, 1e9), (8.0, 1.0, 1e9)) == pytest.approx(9.0)
    # x_strong = 1; r = 1/4, u = 1: x_weak = 0.25/1.75; E·Σx/(1 + Σx)
    total = 1.0 + 0.25 / 1.75
    assert induced((8.0, 1.0, 1.0), (2.0, 3.0, 3.0)) == pytest.approx(1.0 + 8.0 * total / (1.0 + total))


# -- bounds (design, section 7) ----------------------------------------------------------------------------


@few
@given(fm=share, fg=fraction, k=constant, mg=st.floats(1.0, 2000.0), kills=st.booleans())
def test_an_inhibitor_only_raises_and_stays_below_the_bound(
    fm: float, fg: float, k: float, mg: float, kills: bool, library: Library
) -> None:
    act = inactivates("CYP3A4", 2.0, k) if kills else inhibits("CYP3A4", k)
    found = screened(library, victim(fm, fg), doer(act, mg=mg))
    setting = found.plan.model.setting
    iv, _ = by_hand(setting, victim(fm, fg), 0.0, 0.0)
    assert 1.0 <= one(found, "iv").auc_ratio <= iv
    assert 1.0 <= one(found, "oral").auc_ratio <= 1.0 / (fg * (1.0 - fm))
    for route in ("iv", "oral"):
        row = one(found, route)
        assert row.auc_ratio <= row.worst_high * (1.0 + 1e-9) and row.worst_low == 1.0


@few
@given(fm=share, fg=fraction, e=st.floats(0.1, 30.0), k=constant, mg=st.floats(1.0, 2000.0))
def test_an_inducer_only_lowers(fm: float, fg: float, e: float, k: float, mg: float, library: Library) -> None:
    found = screened(library, victim(fm, fg), doer(induces("CYP3A4", e, k), mg=mg))
    for route in ("iv", "oral"):
        row = one(found, route)
        assert 0.0 < row.auc_ratio <= 1.0 and row.worst_low <= row.auc_ratio * (1.0 + 1e-9) and row.worst_high == 1.0


def test_no_dose_and_no_mechanism_change_nothing(library: Library) -> None:
    act = Action("CYP3A4", inhibition=inhibits("CYP3A4", 0.01).inhibition, induction=induces("CYP3A4", 30.0, 0.01).induction)
    for found in (screened(library, victim(), doer(act), doses=["p=0 mg/12 h"]), screened(library, victim(), doer())):
        for row in found.rows():
            if row.perpetrator == "p":
                assert (row.auc_ratio, row.worst_high, row.worst_low) == (1.0, 1.0, 1.0)
                assert (row.factors, row.evidence, row.direction) == ((), "no mechanism", "none")


# -- the dynamic model ------------------------------------------------------------------------------------


def at_water(found: Predictions, doer: int, victim: int) -> np.ndarray:
    """Static ratios (compound, route) with perpetrators at the concentration of the liver's water."""
    p, s = found.plan, found.situations
    person = s.person[id(p.people[victim][0])]
    row = s.regimens.rows(np.array([s.row[doer, person]]))
    levels = s.levels.rows(np.array([s.row[doer, person]]))
    x = factors(average(p.numbers, row, levels, inlet=False), acts_of(p.numbers, row.members), p.numbers.kdeg).product
    index = np.array(p.index(p.drugs[victim].compounds))
    v = Victims.of(p.numbers, index, s.clint[person, index])
    before, after = (exposure(p.numbers, v, np.broadcast_to(each, v.clint.shape)) for each in (np.ones_like(v.clint), x))
    return np.stack([after.iv / before.iv, after.oral / before.oral], axis=-1)


def indices(p: Plan, *names: str) -> list[int]:
    return [[d.name for d in p.drugs].index(n) for n in names]


EVEN = Way(victim=1e-6, portions=24)
"""The perpetrator's dose spread over its interval, and a trace of the victim."""


def dynamic(found: Predictions, doer: int, victim: int) -> np.ndarray:
    people = found.plan.people[victim][:1]
    return (run(found.plan, doer, victim, people, EVEN).auc / run(found.plan, None, victim, people, EVEN).auc)[0]


def test_a_perpetrator_without_extraction_is_the_same_in_both_models(library: Library) -> None:
    """Cleared by the kidney alone, so that inlet and water of the liver are one: the screen itself equals the dynamic model."""
    act = Action("CYP3A4", inhibition=inhibits("CYP3A4", 0.4).inhibition, inactivation=inactivates("CYP3A4", 0.05, 1.0).inactivation,
                 induction=induces("CYP3A4", 8.0, 2.0, 1.4).induction)  # fmt: skip
    found = screened(library, victim(), doer(act))
    p, v = indices(found.plan, "p", "v")
    want = dynamic(found, p, v)[0]
    for r, route in enumerate(("iv", "oral")):
        assert one(found, route).auc_ratio == pytest.approx(want[r], rel=1e-3)
        assert abs(math.log(want[r])) > 0.2


def test_efflux_in_gut_bile_and_kidney_is_the_same_in_both_models(library: Library) -> None:
    """A victim pumped by P-gp in three places, and an inhibitor of P-gp that its own liver extracts (at liver water)."""
    v = victim()
    pumps = [Transport("P-gp", "gut", value(25.0, "L/h")), Transport("P-gp", "bile", value(9.0, "L/h")),
             Transport("P-gp", "kidney", value(6.0, "L/h"))]  # fmt: skip
    v = replace(v, elimination=replace(v.elimination, transport=pumps))
    found = screened(library, v, doer(inhibits("P-gp", 0.2), cl=20.0, paths={"other": 0.7, "renal": 0.3}))
    p, w = indices(found.plan, "p", "v")
    assert at_water(found, p, w)[0] == pytest.approx(dynamic(found, p, w)[0], rel=1e-3)
    assert one(found, "oral").auc_ratio > one(found, "iv").auc_ratio > 1.05


def test_metabolites_that_act_and_auto_inactivation_are_the_same_in_both_models(library: Library) -> None:
    """A drug that inactivates its own enzyme, with metabolites of liver and gut (one inhibits, one induces CYP3A4) and of plasma."""
    parent = made("p", cl=25.0, fg=0.7, fa=0.8, vss=70.0, acts=[inactivates("CYP3A4", 0.05, 3.0)],
                  paths=[path("CYP3A4", 0.7, km=8.0, forms={"m": 0.8}), path("other", 0.2, forms={"n": 0.5}),
                         path("plasma", 0.1, forms={"n": 1.0})])  # fmt: skip
    m = made("m", cl=12.0, paths=[path("CYP3A4", 0.5), path("renal", 0.5)], acts=[inhibits("CYP3A4", 0.3)], vss=40.0)
    n = made("n", cl=6.0, paths={"other": 1.0}, acts=[induces("CYP2B6", 5.0, 0.5)], vss=30.0)
    other = made("v", cl=15.0, paths={"CYP3A4": 0.5, "CYP2B6": 0.4, "other": 0.1}, fg=0.6, fa=0.9, vss=50.0)
    found = screened(library, other, taken(parent, 60.0, "12 h"), formed(m), formed(n))
    assert not found.unsettled
    assert [d.name for d in found.plan.drugs] == ["p", "v"]
    p, v = indices(found.plan, "p", "v")
    levels = found.situations.levels
    ran = run(found.plan, p, v, found.plan.people[v][:1], EVEN)
    at = found.situations.regimens.members[0].tolist()
    for name in ("p", "m", "n"):
        assert levels.plasma[0, at.index(found.plan.numbers.names.index(name))] == pytest.approx(ran.level[name][0], rel=1e-3), name
    assert at_water(found, p, v)[0] == pytest.approx(dynamic(found, p, v)[0], rel=1e-3)


PAIRS = [("ritonavir", "midazolam"), ("efavirenz", "methadone"), ("ticlopidine", "bupropion"), ("rifampicin", "ketamine")]


@pytest.mark.parametrize("pair", PAIRS, ids=">".join)
def test_pairs_of_the_library_with_constant_concentrations(pair: tuple[str, str], model: Model) -> None:
    """At liver water and with the perpetrator's dose spread out nothing differs between the methods any more."""
    found = predictions(model, pair)
    p, v = indices(found.plan, *pair)
    assert at_water(found, p, v) == pytest.approx(dynamic(found, p, v), rel=4e-3)
