"""The questions that the library must answer: one enzyme's interaction cannot explain methadone. Bands of issue 2, 'Must show'."""

from __future__ import annotations

import itertools
from functools import lru_cache
from pathlib import Path

import pytest

from clearway.answers.comparing import Comparing, compare_case
from clearway.answers.options import Options
from clearway.answers.running import run_case
from clearway.exposure.arms import Measure, exposures, run
from clearway.exposure.nca import Window
from clearway.exposure.situation import arm_of
from clearway.library import Library
from clearway.model.model import Model
from clearway.qualification.runner import STUDIES, fitted_studies, run_study
from clearway.regimen import Case, load_study

EXAMPLES = Path(__file__).parents[1] / "examples"


@lru_cache(maxsize=1)
def shipped() -> Library:
    return Library.load()


@lru_cache(maxsize=32)
def answer(example: str, options: Options | None = None) -> dict[str, float]:
    """AUC ratio of every measured compound of an example case."""
    found: Comparing = compare_case(EXAMPLES / f"{example}.yaml", shipped(), options, attribute=False, interval=False)
    return {a.ratio.name: a.ratio.auc for a in found.comparison.answers}


def ratio(example: str, compound: str) -> float:
    return answer(example)[compound]


def study(name: str) -> float:
    """Predicted ratio of a study arm of the qualification."""
    (file,) = STUDIES.rglob(f"{name}.yaml")
    return run_study(Model(shipped()), load_study(file, shipped()), set()).predicted


def text_case(text: str, options: Options | None = None) -> dict[str, float]:
    head = "format: clearway.case/1\nperson: {sex: male, age: 30, weight: 73 kg}\n"
    found = compare_case(Case.parse(head + text, shipped()), shipped(), options,
                         attribute=False, interval=False)  # fmt: skip
    return {a.ratio.name: a.ratio.auc for a in found.comparison.answers}


def test_methadone_falls_while_alfentanil_rises_with_nelfinavir() -> None:
    """Kharasch 2009: nelfinavir inhibits hepatic and intestinal CYP3A4, and methadone's exposure halves all the same."""
    found = answer("methadone-nelfinavir")
    assert 0.50 <= found["methadone-r"] <= 0.66
    assert 0.50 <= found["methadone-s"] <= 0.66
    assert found["alfentanil"] >= 3.0


@pytest.mark.parametrize("half", ["methadone-r", "methadone-s"])
def test_with_interactions_at_cyp3a4_only_methadone_would_rise_a_little(half: str) -> None:
    assert 1.02 <= answer("methadone-nelfinavir", Options(only_enzyme="CYP3A4"))[half] <= 1.15


@pytest.mark.parametrize("half", ["methadone-r", "methadone-s"])
def test_the_historical_one_enzyme_model_predicts_the_wrong_direction(half: str) -> None:
    assert 1.2 <= answer("methadone-nelfinavir", Options(assume_share=("CYP3A4", 0.5)))[half] <= 1.7


def test_without_induction_methadone_does_not_fall() -> None:
    found = answer("methadone-nelfinavir", Options(without="induction"))
    assert found["methadone-r"] >= 1.0
    assert found["methadone-s"] >= 1.0


BANDS = {
    ("methadone-ritonavir", "methadone"): (0.54, 0.74),
    ("methadone-efavirenz", "methadone"): (0.33, 0.53),
    ("methadone-nevirapine", "methadone"): (0.44, 0.60),
    ("methadone-indinavir", "methadone"): (0.9, 1.1),
    ("methadone-raltegravir", "methadone"): (0.95, 1.05),
    ("alfentanil-ritonavir-acute", "alfentanil"): (15.0, 35.0),
    ("alfentanil-ritonavir-two-weeks", "alfentanil"): (7.0, 14.0),
    ("alfentanil-iv-ritonavir-two-weeks", "alfentanil"): (2.5, 6.0),
    ("fentanyl-ritonavir", "fentanyl"): (1 / 0.45, 1 / 0.25),  # CL × 0.25–0.45
    ("ketamine-clarithromycin", "ketamine-s"): (2.1, 3.1),
    ("ketamine-ticlopidine", "ketamine-s"): (1.9, 2.9),
    ("ketamine-st-johns-wort", "ketamine-s"): (0.32, 0.52),
    ("ketamine-rifampicin", "ketamine-s"): (0.09, 0.20),
    ("ketamine-iv-rifampicin", "ketamine-s"): (0.75, 0.97),
    ("methylphenidate-ritonavir", "methylphenidate-d"): (0.95, 1.05),
    ("lamivudine-ritonavir", "lamivudine"): (0.95, 1.05),
}


@pytest.mark.parametrize(("example", "compound"), BANDS, ids=[k[0] for k in BANDS])
def test_each_example_lies_in_its_band(example: str, compound: str) -> None:
    low, high = BANDS[example, compound]
    assert low <= ratio(example, compound) <= high


def test_acute_ritonavir_is_stronger_than_two_weeks_of_it() -> None:
    """Inhibition and inactivation come first, induction of the same enzyme later (Kharasch 2008, L064 and L065)."""
    acute, later = ratio("alfentanil-ritonavir-acute", "alfentanil"), ratio("alfentanil-ritonavir-two-weeks", "alfentanil")
    assert acute >= 1.5 * later
    # oral more than iv: the gut wall takes part
    assert later > ratio("alfentanil-iv-ritonavir-two-weeks", "alfentanil")


def test_efavirenz_lowers_methadone_day_by_day() -> None:
    """AUCτ of the sum falls monotonically over 14 days; day 3 at least 10 % above day 14 (Clarke 2001, L043)."""
    model, case = Model(shipped()), Case.load(EXAMPLES / "methadone-efavirenz.yaml", shipped())
    arm = arm_of(model, case.person, case.test, case.steady_state)
    windows = [Window(24.0 * d, 24.0 * (d + 1)) for d in range(15)]
    done, (lanes,), weights = run(model, [arm], windows)
    areas = [exposures(done, lanes, weights, Measure("methadone", ("methadone-r", "methadone-s"), w)).auc for w in windows]
    assert all(b < a for a, b in itertools.pairwise(areas))
    assert areas[2] >= 1.1 * areas[13]  # days are counted from 1


@pytest.mark.parametrize(("half", "fold"), [("methadone-s", 0.55), ("methadone-r", 0.65)])
def test_cyp2b6_6_6_lowers_oral_clearance_of_methadone(half: str, fold: float) -> None:
    """Kharasch 2015: CL/F of *6/*6 against *1/*1, 0.55 (S) and 0.65 (R), ± 0.1."""
    auc = {}
    for genotype in ("*1/*1", "*6/*6"):
        text = f"""format: clearway.case/1
person: {{sex: male, age: 30, weight: 73 kg, genotype: {{CYP2B6: "{genotype}"}}}}
regimen:
  - {{drug: methadone, dose: 11 mg, route: oral}}
"""
        rows = {r.read.target.name: r for r in run_case(Case.parse(text, shipped()), shipped()).rows}
        auc[genotype] = rows[half].exposure.auc
    assert auc["*1/*1"] / auc["*6/*6"] == pytest.approx(fold, abs=0.1)


def test_the_same_drug_by_another_path_is_not_touched() -> None:
    """Rifampicin lowers oral midazolam far more than iv midazolam: the enterocytes (all studies of the pair; Gorski 2003)."""
    both = "  - {{drug: midazolam, dose: 2 mg, route: {route}, start: 168 h}}\ncompare:\n"
    both += "  - {{drug: rifampicin, dose: 600 mg, route: oral, every: 24 h, count: 8}}\n"
    oral = text_case("regimen:\n" + both.format(route="oral"))["midazolam"]
    iv = text_case("regimen:\n" + both.format(route="iv bolus"))["midazolam"]
    assert oral < 0.25
    assert 2.0 * oral < iv < 0.75


def test_no_ratio_without_a_mechanism() -> None:
    """Every mechanism of the perpetrator off: exactly nothing happens to a drug whose binding it does not touch."""
    found = answer("methadone-nelfinavir", Options(only_enzyme="UGT2B7"))
    assert list(found.values()) == pytest.approx([1.0] * len(found), rel=1e-4)


def test_an_arm_is_fitted_if_a_compound_of_it_was_set_from_its_study() -> None:
    """Design, section 7, on an arm that is named, its sister in the same study, and one of another pair."""
    fitted = fitted_studies(shipped(), [load_study(f, shipped()) for f in STUDIES.rglob("*.yaml")])
    assert {"L054", "L055", "L066", "OSP294"} <= fitted
    assert not {"L058", "L051"} & fitted  # indinavir names nothing; nelfinavir's own fit names another study


def test_the_study_arms_of_the_main_question_agree_with_the_examples() -> None:
    """The cases under examples/ and the study files are two ways to the same arms."""
    assert study("L065") == pytest.approx(ratio("alfentanil-ritonavir-two-weeks", "alfentanil"), rel=0.02)
    assert study("L036") == pytest.approx(ratio("ketamine-rifampicin", "ketamine-s"), rel=0.05)
