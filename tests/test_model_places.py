"""Paths that are neither in liver water nor in the gut wall: esterases of blood, transporters into urine, bile and liver cells,
gastric acid, chelation in the lumen, meals, depots with two rates."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from clearway.answers.screening import screen_drugs
from clearway.errors import InputError
from clearway.library import Library
from clearway.library.compound import Absorption, Compound, Depot, Distribution, Fed, LiverCells, Slow, Uptake
from clearway.model.setting import Setting
from clearway.model.simulate import Simulation, simulate
from clearway.regimen.dose import Dose, Form
from conftest import dose, inactivates, inhibits, lane, made, path, ready, value, world

FOREVER = 4000.0
KEPT = [path("BCHE", 0.3), path("OAT3", 0.2), replace(path("BCRP", 0.2), where="bile"), replace(path("P-gp", 0.1), where="kidney"),
        path("renal", 0.1), path("CYP2C9", 0.1)]  # fmt: skip


def celled(c: Compound, passive: float = 5.0, **uptake: float) -> Compound:
    """The compound with liver cells apart from blood."""
    into = [Uptake(by, value(clint, "L/h")) for by, clint in uptake.items()]
    return replace(c, distribution=Distribution(value(60.0, "L"), liver_cells=LiverCells(value(passive, "L/h"), into)))


def swallowed(c: Compound, **given: object) -> Compound:
    """The compound with another oral block."""
    assert c.absorption.oral
    return replace(c, absorption=Absorption(oral=replace(c.absorption.oral, **given)))  # type: ignore[arg-type]


def run(setting: Setting, doses: list[Dose], *compounds: Compound) -> Simulation:
    kinetics = [ready(c, setting) for c in compounds]
    done = simulate(kinetics, [lane(setting.reference)], [doses], setting, [0.0, FOREVER], rtol=1e-8)
    done.trajectory.raise_for_code()
    return done


def area(done: Simulation, name: str = "x") -> float:
    return float(done.auc(name)[0, -1])


@pytest.mark.parametrize("cells", [False, True])
def test_iv_auc_is_dose_over_clearance_wherever_the_paths_are(cells: bool, setting: Setting) -> None:
    x = made("x", cl=15.0, paths=KEPT)
    done = run(setting, [dose("x", 100.0, "iv bolus")], celled(x, OATP1B1=60.0, OATP1B3=10.0) if cells else x)
    assert area(done) == pytest.approx(100.0 / 15.0, rel=1e-4)


@pytest.mark.parametrize(("by", "share"), [("BCHE", 0.3), ("OAT3", 0.2), ("BCRP", 0.2)])
def test_a_blocked_path_takes_its_share_with_it(by: str, share: float, setting: Setting) -> None:
    """CL of what is left. A clearance in blood adds to the others; in kidney and liver, little extraction: nearly so."""
    x, blocker = made("x", cl=3.0, paths=KEPT), made("b", cl=0.01, acts=[inhibits(by, 1e-9)])
    both = run(setting, [dose("b", 100.0, "iv bolus"), dose("x", 1.0, "iv bolus", 1.0)], x, blocker)
    assert area(both) == pytest.approx(1.0 / (3.0 * (1.0 - share)), rel=1e-3 if by == "BCHE" else 0.02)


def test_blocked_uptake_leaves_the_passive_part(setting: Setting) -> None:
    """Extended clearance: CL_int,eff = influx·CL/(PS + CL); with uptake blocked influx is PS alone."""
    x = celled(made("x", cl=10.0, fu=0.3, paths={"other": 1.0}), passive=4.0, OATP1B1=80.0)
    k = ready(x, setting)
    inside = k.clint_other
    q, rb, fu = setting.reference.liver_flow, k.rb, k.fu

    def clearance(influx: float) -> float:
        effective = influx * inside / (4.0 + inside)
        return q * rb * fu * effective / (q * rb + fu * effective)

    assert clearance(84.0) == pytest.approx(10.0, rel=1e-9)
    blocker = made("b", cl=0.01, acts=[inhibits("OATP1B1", 1e-9)])
    both = run(setting, [dose("b", 100.0, "iv bolus"), dose("x", 1.0, "iv bolus", 1.0)], x, blocker)
    assert area(both) == pytest.approx(1.0 / clearance(4.0), rel=1e-3)


def test_uptake_slower_than_the_clearance_is_refused(setting: Setting) -> None:
    with pytest.raises(InputError, match="into the liver's cells, uptake and passive permeability together are 10"):
        ready(celled(made("x", cl=20.0), passive=5.0, OATP1B1=5.0), setting)


def test_secretion_above_the_kidneys_flow_is_refused(setting: Setting) -> None:
    with pytest.raises(InputError, match=r"secretion of 80 L/h .* allowed up to 0.95: check its transporters"):
        ready(made("x", cl=80.0, rb=0.8, paths={"OCT2": 1.0}), setting)


def test_the_static_screen_has_the_same_places(library: Library) -> None:
    """Static against dynamic at steady state, by the check's own steps: what they cannot explain is nothing."""
    statin = celled(made("statin", cl=15.0, paths=KEPT), OATP1B1=60.0, OATP1B3=15.0)
    blocker = made("blocker", cl=5.0, vss=500.0, acts=[inhibits(e, 0.1) for e in ("OATP1B1", "OAT3", "BCHE", "BCRP", "P-gp")])
    some = world(library, [statin, blocker])
    found = screen_drugs(["statin", "blocker"], some, doses=["statin=10 mg/24 h", "blocker=50 mg/24 h"])
    row = next(r for r in found.pairs if (r.perpetrator, r.victim, r.route) == ("blocker", "statin", "iv"))
    assert row.auc_ratio > 1.2
    assert {name for name, _ in row.factors} == {f"{e} inhibition" for e in ("OATP1B1", "OAT3", "BCHE", "BCRP", "P-gp")}
    done = found.check()
    gmfe = done.figures()["iv"]["gmfe"]
    assert 1.0 <= gmfe < 1.02


def test_gastric_acid_sets_what_dissolves(setting: Setting) -> None:
    """At normal acid secretion the absorbed fraction is the file's; without acid nothing dissolves."""
    x = swallowed(made("x", cl=5.0, fa=0.6, paths={"renal": 1.0}), acid_dissolution=value(4.0))
    alone = run(setting, [dose("x", 10.0)], x)
    assert area(alone) == pytest.approx(0.6 * 10.0 / 5.0, rel=1e-4)
    pump = made("p", cl=0.001, acts=[inactivates("H+/K+-ATPase", 100.0, 1e-6)])
    achlorhydric = run(setting, [dose("p", 100.0, "iv bolus"), dose("x", 10.0, time=200.0)], x, pump)
    assert area(achlorhydric) < 0.01 * area(alone)
    with pytest.raises(InputError, match=r"fraction absorbed 0.9 is above the fraction 0.80 that gastric acid lets dissolve"):
        ready(swallowed(made("x", fa=0.9), acid_dissolution=value(4.0)), setting)


def test_gastric_acid_keeps_an_acid_from_dissolving(setting: Setting) -> None:
    x = swallowed(made("x", cl=5.0, fa=0.25, paths={"renal": 1.0}), acid_precipitation=value(3.0))
    assert area(run(setting, [dose("x", 10.0)], x)) == pytest.approx(0.2475 * 10.0 / 5.0, rel=1e-3)  # Fa at most 0.99 of the dissolved
    pump = made("p", cl=0.001, acts=[inactivates("H+/K+-ATPase", 100.0, 1e-6)])
    assert area(run(setting, [dose("p", 100.0, "iv bolus"), dose("x", 10.0, time=200.0)], x, pump)) == pytest.approx(0.99 * 2.0, rel=0.01)


def test_cations_bind_in_the_lumen_they_share(setting: Setting) -> None:
    x = swallowed(made("x", cl=5.0, fa=0.6, paths={"renal": 1.0}), chelated=True)
    cation = made("c", fa=0.05, acts=[inhibits("chelation", 1000.0)])
    alone = area(run(setting, [dose("x", 10.0)], x))
    assert alone == pytest.approx(0.6 * 10.0 / 5.0, rel=1e-4)
    together = area(run(setting, [dose("c", 5000.0), dose("x", 10.0)], x, cation))
    after = area(run(setting, [dose("c", 5000.0), dose("x", 10.0, time=8.0)], x, cation))
    assert together < 0.3 * alone < 0.8 * alone < after  # cations of 5 % of the dose are still there 8 h later


def test_a_meal_changes_what_the_file_says(setting: Setting) -> None:
    x = swallowed(made("x", cl=5.0, fa=0.3, paths={"renal": 1.0}), fed=Fed(fraction_absorbed=value(0.6)))
    fed = replace(dose("x", 10.0), form=Form("x fed", 0.6, None, fed=True))
    assert area(run(setting, [fed], x)) == pytest.approx(2.0 * area(run(setting, [dose("x", 10.0)], x)), rel=1e-4)


@pytest.mark.parametrize("route", ["sc", "inhaled", "transdermal"])
def test_a_depot_gives_what_reaches_blood(route: str, setting: Setting) -> None:
    slow = Depot(value(0.5), value(2.0, "1/h"), Slow(value(0.75), value(0.02, "1/h")))
    x = replace(made("x", cl=5.0, vss=20.0), absorption=Absorption(**{route: slow}))
    times = [0.0, 300.0, 400.0, FOREVER]
    done = simulate([ready(x, setting)], [lane(setting.reference)], [[dose("x", 10.0, route)]], setting, times, rtol=1e-8)
    assert area(done) == pytest.approx(0.5 * 10.0 / 5.0, rel=1e-4)
    late = done.plasma("x")[0]
    assert late[2] / late[1] == pytest.approx(math.exp(-0.02 * 100.0), rel=1e-3)  # flip-flop: the slow rate is what is seen
