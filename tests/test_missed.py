"""A missed dose, and the other direction of a comparison, against cases that are written out."""

from __future__ import annotations

from pathlib import Path

import pytest

from clearway.answers import compare_case, run_case
from clearway.answers.missed import missed_doses
from clearway.answers.reversing import compare_reverse
from clearway.library import Library
from clearway.regimen import Case

EXAMPLES = Path(__file__).parents[1] / "examples"
CASE = """
format: clearway.case/1
person: {genotype: {CYP2B6: "*1/*1"}}
regimen:
  - {drug: methadone, dose: 60 mg, route: oral, every: 24 h, count: 15%s}
  - {drug: ethanol, dose: 10 g, route: oral, every: 24 h, count: 15}
compare:
  - {drug: efavirenz, dose: 600 mg, route: oral, every: 24 h, count: 15}
steady_state: [methadone]
"""


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load()


def test_a_missed_dose_is_the_case_without_it(library: Library) -> None:
    """The lowest concentration after the last dose, taken and not, from two cases that are run by themselves."""
    answer = compare_case(Case.parse(CASE % "", library), library)
    found = {m.drug: m for m in missed_doses(answer.prepared)}
    row = found["methadone"]
    assert row.at_h == 336 and row.changes[0].compound == "methadone"

    def lowest(text: str) -> float:
        case = Case.parse(CASE % text + "measure: {compounds: [methadone, efavirenz]}\nduration: 15 d\n", library)
        drawn = run_case(case, library).curves
        inside = (drawn.times >= 336) & (drawn.times <= 360)
        return float(drawn.plasma["methadone"]["run"][inside].min())

    assert row.changes[0].planned == pytest.approx(lowest(""), rel=2e-3)
    assert row.changes[0].missed == pytest.approx(lowest(", missed: 15"), rel=2e-3)
    assert row.changes[0].ratio < 0.8


def test_what_a_missed_booster_does_to_others_is_told_and_what_has_no_trough_is_not(library: Library) -> None:
    answer = compare_case(EXAMPLES / "twelve-drugs.yaml", library)
    found = {m.drug: [c.compound for c in m.changes] for m in missed_doses(answer.prepared)}
    assert found["cobicistat"][0] == "cobicistat" and {"darunavir", "alprazolam"} <= set(found["cobicistat"])
    assert "ethanol" not in found and "ketamine" not in found  # gone before the next dose; taken once
    darunavir = next(m for m in missed_doses(answer.prepared) if m.drug == "darunavir").changes[0]
    assert [level.kind for level in darunavir.thresholds] == ["minimum effective concentration"]


def test_reverse_is_the_comparison_written_the_other_way_round(library: Library) -> None:
    """Without steady state both directions can be written as cases."""
    head = "format: clearway.case/1\n"
    one = "  - {drug: fluvoxamine, dose: 50 mg, route: oral, every: 12 h, count: 20}\n"
    other = "  - {drug: clozapine, dose: 100 mg, route: oral, every: 12 h, count: 20}\n"
    there = compare_case(Case.parse(f"{head}regimen:\n{one}compare:\n{other}", library), library)
    back = compare_case(Case.parse(f"{head}regimen:\n{other}compare:\n{one}", library), library)
    turned = compare_reverse(there)
    assert (turned.victims, turned.added) == (["clozapine"], ["fluvoxamine"])
    [a], [b] = turned.answered, back.answered
    assert a.answer and b.answer and a.answer.ratio.auc == pytest.approx(b.answer.ratio.auc, rel=1e-3) and a.answer.ratio.auc > 1.5
    assert a.answer.factors[0].name == b.answer.factors[0].name
    assert turned.sentences == back.sentences


def test_reverse_keeps_what_was_at_steady_state_in_the_test_arm(library: Library) -> None:
    answer = compare_case(Case.parse(CASE % "", library), library)
    turned = compare_reverse(answer)
    efavirenz = next(r for r in turned.rows if r.read.target.name == "efavirenz")
    run = run_case(Case.parse(CASE % "" + "measure: {compounds: [methadone, efavirenz]}\n", library), library)
    same = next(r for r in run.rows if r.read.target.name == "efavirenz")
    assert efavirenz.test.auc == pytest.approx(same.exposure.auc, rel=1e-4)
