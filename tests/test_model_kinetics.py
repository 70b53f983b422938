"""Top-down: from an observed clearance to intrinsic clearances, each closed form inverted by the test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clearway.errors import InputError, SolveError
from clearway.exposure.arms import Arm, Measure, exposures, run
from clearway.exposure.nca import Window
from clearway.library import Library
from clearway.library.compound import Situation
from clearway.library.library import DATA
from clearway.model.calibrate import HORIZON, linear
from clearway.model.kinetics import absorption_rate, extraction_of
from clearway.model.model import Model
from clearway.model.setting import Setting
from clearway.physiology import Person
from clearway.units import convert
from conftest import every, induces, inhibits, made, path, ready, value, world


def test_the_well_stirred_liver_is_inverted(setting: Setting) -> None:
    # CL_h = Q_h·R_b·fu·CLint/(Q_h·R_b + fu·CLint) (Rowland 1973): the CLint that the model takes must give back the clearance.
    q = setting.reference.liver_flow
    for cl, fu, rb in ((2.0, 0.02, 0.6), (40.0, 0.5, 1.1), (60.0, 0.1, 0.8)):
        k = ready(made("x", cl=cl, fu=fu, rb=rb, paths={"other": 1.0}), setting)
        assert q * rb * fu * k.clint_other / (q * rb + fu * k.clint_other) == pytest.approx(cl, rel=1e-12)
        assert k.extraction == pytest.approx(cl / (q * rb), rel=1e-12)


def test_liver_flow_is_artery_and_portal_organs(setting: Setting) -> None:
    # ICRP 89 male: cardiac output 390 L/h; hepatic artery 6.5 %, gut 15 %, spleen 3 %, pancreas 1 % = 25.5 % → 99.45 L/h
    assert setting.reference.liver_flow == pytest.approx(0.255 * 390.0, rel=1e-9)


def test_shares_divide_the_clearance_and_renal_and_plasma_come_off_first(setting: Setting) -> None:
    shares = {"CYP3A4": 0.3, "UGT2B7": 0.2, "other": 0.05, "biliary": 0.05, "renal": 0.25, "plasma": 0.15}
    k = ready(made("x", cl=20.0, paths=shares), setting)
    assert (k.cl_renal, k.cl_plasma) == pytest.approx((5.0, 3.0))
    assert k.extraction == pytest.approx(12.0 / (setting.reference.liver_flow * 0.8))
    by = {p.enzyme: p.clint_liver for p in k.enzymes}
    total = sum(by.values()) + k.clint_other + k.clint_bile
    # of the hepatic 0.6: 0.5, 0.333, 0.083, 0.083
    assert [by["CYP3A4"], by["UGT2B7"], k.clint_other, k.clint_bile] == pytest.approx([total / 2, total / 3, total / 12, total / 12])
    q = setting.reference.liver_flow
    assert q * 0.8 * 0.3 * total / (q * 0.8 + 0.3 * total) == pytest.approx(12.0)


def test_a_drug_of_the_kidney_alone_has_no_intrinsic_clearance(setting: Setting) -> None:
    k = ready(made("x", cl=300.0, paths={"renal": 1.0}), setting)  # far above liver flow, and no business of the liver
    assert (k.extraction, k.cl_renal, k.clint_other, k.enzymes) == (0.0, 300.0, 0.0, ())


def test_gut_availability_in_closed_form(setting: Setting) -> None:
    # Fg = Q_ent/(Q_ent + fu_gut·CLint_g/R_b) (design, section 4; Yang 2007)
    k = ready(made("x", paths={"CYP3A4": 0.7, "UGT1A1": 0.3}, fg=0.45, fu_gut=0.6, rb=0.7), setting)
    gut = sum(p.clint_gut for p in k.enzymes)
    assert setting.villous_flow / (setting.villous_flow + 0.6 * gut / 0.7) == pytest.approx(0.45, rel=1e-12)
    assert k.fg == pytest.approx(0.45)
    # divided by hepatic CLint × content of the gut wall relative to liver
    by = {p.enzyme: p for p in k.enzymes}
    wanted = {e: by[e].clint_liver * setting.gut_content(e) for e in by}
    assert by["CYP3A4"].clint_gut / gut == pytest.approx(wanted["CYP3A4"] / sum(wanted.values()))


def test_without_an_observed_fg_the_gut_wall_has_its_content_of_enzyme(setting: Setting) -> None:
    k = ready(made("x", paths={"CYP3A4": 1.0}, cl=20.0), setting)
    (p,) = k.enzymes
    assert p.clint_gut == pytest.approx(p.clint_liver * setting.gut_content("CYP3A4"), rel=1e-12)
    assert k.fg == pytest.approx(setting.villous_flow / (setting.villous_flow + p.clint_gut / 0.8))


def test_a_path_said_to_be_absent_from_the_gut_is_absent(setting: Setting) -> None:
    k = ready(made("x", paths=[path("CYP3A4", 0.5, gut=False), path("UGT1A1", 0.5)], fg=0.5), setting)
    by = {p.enzyme: p.clint_gut for p in k.enzymes}
    assert by["CYP3A4"] == 0.0
    assert by["UGT1A1"] > 0.0


@pytest.mark.parametrize("fa", [0.1, 0.5, 0.9, 0.99])
def test_ka_gives_back_the_fraction_absorbed(fa: float, setting: Setting) -> None:
    # Segments in series, each losing ka against its transit: 1 − Fa = Π k_i/(k_i + ka)
    ka = absorption_rate(fa, setting.transit)
    assert 1.0 - np.prod([k / (k + ka) for k in setting.transit]) == pytest.approx(fa, rel=1e-9)


def test_ka_of_one_segment_in_closed_form() -> None:
    assert absorption_rate(0.75, (0.5,)) == pytest.approx(1.5, rel=1e-9)  # ka = k·Fa/(1 − Fa)


def test_complete_absorption_is_taken_as_99_percent(setting: Setting) -> None:
    assert ready(made("x", fa=1.0), setting).fa == 0.99


def test_extraction_above_the_limit_is_refused_with_a_sentence(setting: Setting) -> None:
    top = setting.reference.liver_flow * 0.8
    assert extraction_of(made("x"), 0.9499 * top, setting.reference.liver_flow, 0.8) == pytest.approx(0.9499)
    with pytest.raises(InputError) as refused:
        ready(made("swift", cl=0.96 * top), setting)
    text = str(refused.value)
    flow = f"{setting.reference.liver_flow:.1f}"  # 99.45: the last digit depends on how Python adds
    assert text.startswith(f"swift: hepatic clearance 76.4 L/h (plasma) needs an extraction of 0.96 of liver blood flow {flow} L/h")
    assert "allowed up to 0.95" in text
    assert "extrahepatic path" in text
    # the same clearance with an extrahepatic half is accepted
    assert ready(made("swift", cl=0.96 * top, paths={"other": 0.5, "plasma": 0.5}), setting).extraction == pytest.approx(0.48)


def test_a_clearance_and_a_volume_per_kg_are_those_of_the_reference_weight(library: Library) -> None:
    drug = made("x")
    drug.elimination.clearance.value = value(0.2, "L/h/kg")
    drug.distribution = replace(drug.distribution, vss=value(2.0, "L/kg"))
    model = Model(world(library, [drug]))
    k = model.kinetics("x")
    assert k.clearance == pytest.approx(0.2 * 73.0)  # reference man: ICRP 89, 73 kg
    # the people of the situation, where their weight is given
    drug.elimination.clearance.situation = Situation(drug="x", dose="1 mg", route="iv bolus", weight=80.0)
    assert Model(world(library, [drug])).kinetics("x").clearance == pytest.approx(16.0)


def test_an_oral_clearance_is_met_by_root_finding(library: Library) -> None:
    # One linear drug of the liver: CL/F = CL/(Fa·(1 − CL/(Q_h·R_b))) can be inverted by hand.
    # Fa 0.8, R_b 0.8, Fg 1: CL/F 50 → CL = 50·0.8·(1 − CL/79.56) → CL·(1 + 40/79.56) = 40 → CL = 26.6154
    drug = made("x", paths={"other": 1.0}, fa=0.8)
    drug.elimination.clearance = replace(drug.elimination.clearance, value=value(50.0, "L/h"), kind="oral",
                                         situation=Situation(drug="x", dose="1 mg", route="oral"))  # fmt: skip
    q = Model(world(library, [drug])).setting.reference.liver_flow * 0.8
    assert Model(world(library, [drug])).kinetics("x").clearance == pytest.approx(40.0 / (1.0 + 40.0 / q), rel=1e-4)


def test_a_clearance_that_cannot_be_is_refused_with_a_sentence(library: Library) -> None:
    drug = made("x", paths={"other": 1.0}, fa=0.8)
    drug.elimination.clearance = replace(drug.elimination.clearance, value=value(50_000.0, "L/h"), kind="oral",
                                         situation=Situation(drug="x", dose="1 mg", route="oral"))  # fmt: skip
    with pytest.raises((SolveError, InputError), match="x: "):
        Model(world(library, [drug])).kinetics("x")


def test_a_metabolite_ratio_is_met_by_root_finding(library: Library) -> None:
    # Parent iv, wholly to the metabolite in venous plasma: AUC_m/AUC_p = CL_p/CL_m (molar) → CL_m = 10/0.4 = 25 L/h
    parent = made("p", cl=10.0, paths=[path("plasma", 1.0, forms={"m": 1.0})])
    child = made("m", paths={"renal": 1.0}, molar_mass=200.0)
    situation = Situation(drug="p", dose="1 mg", route="iv bolus")
    child.elimination.clearance = replace(
        child.elimination.clearance, value=value(0.4, "molar"), kind="metabolite-ratio", situation=situation
    )
    assert Model(world(library, [parent, child])).kinetics("m").clearance == pytest.approx(25.0, rel=2e-4)
    # by mass the same ratio is 0.4·200/300
    child.elimination.clearance = replace(child.elimination.clearance, value=value(0.4 * 200 / 300, "mass"))
    assert Model(world(library, [parent, child])).kinetics("m").clearance == pytest.approx(25.0, rel=2e-4)


def test_an_autoinducer_meets_its_clearance_on_the_day_it_was_seen(library: Library) -> None:
    """The low-concentration clearance of a drug that induces its own enzyme must lie below that seen on day 14."""
    drug = made("auto", paths=[path("CYP3A4", 1.0, gut=False)], cl=10.0, fu=0.1, acts=[induces("CYP3A4", 4.0, 0.2)])
    drug.elimination.clearance.situation = Situation(drug="auto", dose="300 mg", route="iv bolus", every="24 h", count=14)
    assert not linear(drug)
    model = Model(world(library, [drug]))
    k = model.kinetics("auto")
    assert 2.0 < k.clearance < 8.0
    again = Model(world(library, [drug]))
    window = Window(312.0, 336.0)
    arm = Arm(again.setting.reference, tuple(every("auto", 1000.0, 24.0, 14, "iv bolus")))
    done, (lanes,), weights = run(again, [arm], [window])
    seen = exposures(done, lanes, weights, Measure("auto", ("auto",), window))
    assert 1000.0 / seen.auc == pytest.approx(10.0, rel=1e-3)


def test_reversible_inhibition_of_its_own_enzyme_does_not_make_a_drug_nonlinear() -> None:
    assert linear(made("x", paths={"CYP3A4": 1.0}, acts=[inhibits("CYP3A4", 0.01)]))
    assert not linear(made("x", paths=[path("CYP3A4", 1.0, km=5.0)]))


NAMES = sorted(f.stem for f in (DATA / "compounds").rglob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_the_library_s_clearance_comes_back_in_its_own_situation(name: str, model: Model) -> None:
    """CL or CL/F of the file, re-read from the full model (with its metabolites) in the situation where it was observed: 1 %.

    Genotypes: calibration and answers take the geometric mean AUC over a mixture.
    """
    seen = model.compound(name).elimination.clearance
    regimen = model._situation(name)
    if seen.kind == "metabolite-ratio":
        pytest.skip("read as a ratio to its parent")
    where = model.body(Person(genotypes=seen.situation.genotype))
    doses = tuple(d for d in regimen.doses if d.drug == name)
    last = max(d.time_h for d in doses)
    interval = next((e.interval_h for e in regimen.entries if e.interval_h), None)
    window = Window(last, last + (interval or HORIZON * 24.0))
    done, (lanes,), weights = run(model, [Arm(where, doses)], [window])
    auc = exposures(done, lanes, weights, Measure(name, (name,), window)).auc
    observed = convert(seen.value.value, seen.value.unit, "L/h", weight=seen.situation.weight or 73.0)
    assert sum(d.amount_umol for d in doses if d.time_h == last) / auc == pytest.approx(observed, rel=0.01)


def test_every_stored_clearance_holds(library: Library) -> None:
    """Else each run finds it anew, which takes seconds: `python -m clearway.model.stored`."""
    fresh = Model(library)
    stale = [name for name in library.compounds if library.calibrated[name]["fingerprint"] != fresh.fingerprint(name)]
    assert stale == []


def test_a_fingerprint_is_of_numbers_and_structure_alone(library: Library) -> None:
    before = Model(library).fingerprint("efavirenz")
    model = Model(library)
    own = model.compound("efavirenz")
    model._override["efavirenz"] = replace(own, name="another", synonyms=["x"], note="said otherwise", schedules=[])
    assert model.fingerprint("efavirenz") == before
    model._override["efavirenz"] = replace(own, molecule=replace(own.molecule, logp=replace(own.molecule.logp, value=3.21)))
    assert model.fingerprint("efavirenz") != before
