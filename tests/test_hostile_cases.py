"""Absurd cases from the shell and absurd doses in the assembled model: one plain line, or an answer without a negative concentration."""

from __future__ import annotations

import itertools
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clearway.answers.comparing import compare_case
from clearway.cli import main
from clearway.engine import EngineError
from clearway.errors import InputError
from clearway.exposure.arms import check
from clearway.library import Library
from clearway.library.compound import Compound
from clearway.model.setting import Setting
from clearway.model.simulate import Simulation, simulate
from conftest import dose, every, inactivates, induces, inhibits, lane, made, path, ready

VICTIM = "{drug: methadone, dose: 60 mg, route: oral, every: 24 h, count: 3}"
PERPETRATOR = "{drug: efavirenz, dose: 600 mg, route: oral, every: 24 h, count: 3}"


def case(at: Path, person: str = "{sex: male}", regimen: str = VICTIM, added: str = PERPETRATOR) -> Path:
    file = at / "case.yaml"
    file.write_text(f"format: clearway.case/1\ntitle: absurd\nperson: {person}\nregimen:\n  - {regimen}\ncompare:\n  - {added}\n")
    return file


def ratios(file: Path, library: Library) -> list[float]:
    """The AUC ratios of a comparison; every curve of both arms is a number and none is below zero."""
    found = compare_case(file, library)
    for arm in found.curves().plasma.values():
        assert all(np.isfinite(curve).all() and (curve >= 0.0).all() for curve in arm.values())
    return [r["auc"] for r in found.to_dict()["ratios"]]


def refusal(file: Path, library: Library) -> str:
    with pytest.raises(InputError) as caught:
        compare_case(file, library)
    assert len(caught.value.problems) == 1
    return str(caught.value)


# -- cases -------------------------------------------------------------------------------------------

CORNERS = list(
    itertools.product(
        ("male", "female"), (18, 100), (130, 220), (30, 110, 250), ("0.15", "0.65"), ("10 g/L", "60 g/L"), ("0.1 g/L", "5 g/L"), (2, 200),
        ("A", "C"),
    )
)  # fmt: skip


def test_people_at_the_corners_of_what_is_allowed(library: Library, tmp_path: Path) -> None:
    """Forty of 768 corners, always the same: an answer, or one line that names what does not fit together."""
    answered = 0
    for i in np.random.default_rng(0).choice(len(CORNERS), 40, replace=False):
        sex, age, height, weight, haematocrit, albumin, aag, egfr, liver = CORNERS[i]
        person = (
            f"{{sex: {sex}, age: {age}, height: {height} cm, weight: {weight} kg, haematocrit: {haematocrit}, albumin: {albumin}, "
            f"aag: {aag}, egfr: {egfr}, child_pugh: {liver}}}"
        )
        file = case(tmp_path, person)
        if height == 220 and weight == 30:
            assert "weight 30 kg is too low for a height of 220 cm" in refusal(file, library)
            continue
        found = ratios(file, library)
        answered += 1
        assert found and all(0.3 < r < 1.1 for r in found), person
    assert answered >= 25


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("60000 g", "out of range (60000 g; allowed 0 to 20 g in one dose)"),
        ("1e-300 mg", "too small (1e-300 mg; allowed 0, or 1e-09 mg to 20 g in one dose)"),
        ("1e-320 mg", "too small (1e-320 mg; allowed 0, or 1e-09 mg to 20 g in one dose)"),
        ("-60 mg", "negative dose (-60 mg; a dose is 0 or more)"),
        ("1e400 mg", "not a number (1e400 mg; write for example '60 mg')"),
        (".nan mg", "not a number (.nan mg; write for example '60 mg')"),
        ("-.INF mg", "not a number (-.INF mg; write for example '60 mg')"),
    ],
)
def test_absurd_doses_are_refused_in_one_line(amount: str, said: str, library: Library, tmp_path: Path) -> None:
    assert said in refusal(case(tmp_path, regimen=VICTIM.replace("60 mg", amount)), library)
    assert said in refusal(case(tmp_path, added=PERPETRATOR.replace("600 mg", amount)), library)


def test_the_shell_says_it_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(case(tmp_path, added=PERPETRATOR.replace("600 mg", "600 kg")))]) == 2
    got = capsys.readouterr()
    assert got.out == "" and got.err.count("\n") == 1 and "case.yaml:7:" in got.err


@pytest.mark.parametrize("amount", ["20 g", "60 mg", "1 ng", "1e-8 mg", "0 mg"])
def test_any_dose_that_is_allowed_is_answered(amount: str, library: Library, tmp_path: Path) -> None:
    """Efavirenz induces: no ratio is above 1. Of a victim that is not taken there is none."""
    found = ratios(case(tmp_path, regimen=VICTIM.replace("60 mg", amount)), library)
    assert bool(found) == (amount != "0 mg")
    found += ratios(case(tmp_path, added=PERPETRATOR.replace("600 mg", amount)), library)
    assert all(0.3 < r <= 1.0 + 1e-6 for r in found)


@pytest.mark.parametrize("amount", ["1e-9 mg", "0 mg"])
def test_an_added_dose_of_next_to_nothing_changes_nothing(amount: str, library: Library, tmp_path: Path) -> None:
    found = ratios(case(tmp_path, added=PERPETRATOR.replace("600 mg", amount)), library)
    assert found == pytest.approx([1.0] * len(found), abs=1e-6) and found


@pytest.mark.parametrize(("count", "interval"), [(10_000, "8 h"), (20_000, "1 h"), (20_000, "0.05 h")])
def test_ten_thousand_doses_in_a_case(count: int, interval: str, library: Library, tmp_path: Path) -> None:
    start = time.perf_counter()
    assert ratios(case(tmp_path, added=f"{{drug: efavirenz, dose: 1 mg, route: oral, every: {interval}, count: {count}}}"), library)
    assert time.perf_counter() - start < 20


def test_every_drug_of_the_library_at_once(library: Library, tmp_path: Path) -> None:
    """All that have an oral form, and what is made of them in the body, for ten days."""
    taken: set[str] = set()
    drugs = []
    parts = {p.product: {part.compound for part in p.parts} for p in library.products.values()} | {c: {c} for c in library.compounds}
    for drug, mine in sorted(parts.items(), key=lambda item: -len(item[1])):
        if mine <= set(library.compounds) and all(library.compounds[c].absorption.oral for c in mine) and not mine & taken:
            taken |= mine
            drugs.append(drug)
    lines = [f"{{drug: {d}, dose: 100 mg, route: oral, every: 24 h, count: 10}}" for d in drugs]
    found = ratios(case(tmp_path, regimen=lines[0], added="\n  - ".join(lines[1:])), library)
    assert len(taken) >= 20 and found and all(0.0 < r < 1e4 for r in found)


# -- the assembled model -----------------------------------------------------------------------------


def run(compounds: list[Compound], doses: list[Any], setting: Setting, end: float = 48.0) -> Simulation:
    kinetics = [ready(c, setting) for c in compounds]
    return simulate(kinetics, [lane(setting.reference)], [doses], setting, np.linspace(0.0, end, 49))


@pytest.mark.parametrize("factor", [1e6, 1e-6, 1e12, 1e-12])
def test_a_linear_drug_scales_with_any_dose(factor: float, setting: Setting) -> None:
    drug = made("v", paths={"CYP3A4": 0.7, "renal": 0.2, "other": 0.1})
    one = run([drug], every("v", 100.0, 12.0, 4), setting)
    many = run([drug], every("v", 100.0 * factor, 12.0, 4), setting)
    check(one)
    check(many)
    np.testing.assert_allclose(many.auc("v") / factor, one.auc("v"), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("factor", [1e6, 1e-6])
def test_drugs_that_act_at_a_million_fold_dose_conserve_mass(factor: float, setting: Setting) -> None:
    """Saturated, inhibited, inactivated and induced at once: mass is kept and no concentration is below zero."""
    victim = made("v", paths=[path("CYP3A4", 1.0, km=2.0)])
    perpetrator = made("p", acts=[inhibits("CYP3A4", kic=1e-6), inactivates("CYP3A4", 5.0, 0.01), induces("CYP3A4", 10.0, 0.1, 4.0)])
    done = run([victim, perpetrator], [*every("v", 100.0 * factor, 12.0, 4), *every("p", 500.0 * factor, 12.0, 4)], setting)
    check(done)
    for name in ("v", "p"):
        assert (done.plasma(name) >= 0.0).all() and np.isfinite(done.plasma(name)).all()
    assert (done.activity("CYP3A4", "liver") >= 0.0).all()


def test_ten_thousand_doses_of_a_drug_that_acts(setting: Setting) -> None:
    """Every hour for fourteen months, in which nothing is lost."""
    drug = made("p", paths=[path("CYP3A4", 1.0, km=50.0)], acts=[inactivates("CYP3A4", 1.0, 5.0), induces("CYP3A4", 10.0, 1.0)])
    done = run([drug], every("p", 10.0, 1.0, 10_000), setting, end=10_000.0)
    check(done)
    assert done.trajectory.steps[0] > 100_000


def test_a_dose_that_is_no_number_is_named(setting: Setting) -> None:
    drug = made("v")
    done = run([drug], [dose("v", 100.0), dose("v", float("nan"), time=12.0)], setting)
    said = r"State: v\.stomach\. Time: 12 h\. Cause: an event at 12 h has the amount nan\."
    with pytest.raises(EngineError, match=said):
        done.trajectory.raise_for_code()
    assert np.isnan(done.plasma("v")).all()
