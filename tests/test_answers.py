"""Answers of cases: the form of the JSON, the arithmetic between its parts, the what-ifs, errors."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clearway.answers import Comparing, Options, compare_case, run_case
from clearway.answers.options import parse_share
from clearway.answers.unknown import _together
from clearway.answers.words import interval, join, number
from clearway.cli import main
from clearway.errors import InputError
from clearway.exposure.spread import sigma
from clearway.library import Library
from clearway.regimen import Case

EXAMPLES = Path(__file__).parent.parent / "examples"
NELFINAVIR = EXAMPLES / "methadone-nelfinavir.yaml"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load()


@pytest.fixture(scope="module")
def answer(library: Library) -> Comparing:
    return compare_case(NELFINAVIR, library)


@pytest.fixture(scope="module")
def data(answer: Comparing) -> dict[str, Any]:
    return answer.to_dict()


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda p: p.stem)
def test_every_example_is_a_case(path: Path, library: Library) -> None:
    case = Case.load(path, library)
    assert case.title
    assert case.compare.entries


def test_form(data: dict[str, Any]) -> None:
    assert data["format"] == "clearway.compare/1"
    assert [r["compound"] for r in data["ratios"]] == ["methadone", "methadone-r", "methadone-s", "alfentanil"]
    for row in data["ratios"]:
        assert set(row) == {"compound", "auc", "cmax", "cmin", "low", "high"}
        assert row["low"] <= row["auc"] <= row["high"]
    expected = {"title", "ratios", "attribution", "exposure", "evidence", "flags", "studies", "warnings"}
    assert expected <= set(data)
    json.dumps(data, allow_nan=False)


def test_factors_multiply_to_the_ratio(data: dict[str, Any]) -> None:
    for row in data["ratios"]:
        product = math.prod(f["factor"] for f in data["attribution"][row["compound"]])
        assert product == pytest.approx(row["auc"], rel=1e-6)


def test_ratio_is_test_over_control_and_units_agree(data: dict[str, Any]) -> None:
    for row in data["ratios"]:
        arms = data["exposure"][row["compound"]]
        assert arms["test"]["auc"] / arms["control"]["auc"] == pytest.approx(row["auc"], rel=1e-9)
        assert arms["test"]["auc_unit"] == "ng·h/mL"
    whole = data["exposure"]["methadone"]["control"]["auc"]
    halves = sum(data["exposure"][f"methadone-{x}"]["control"]["auc"] for x in "rs")
    assert whole == pytest.approx(halves, rel=0.01)  # geometric means over genotypes are not quite additive


def test_methadone_falls_while_alfentanil_rises(data: dict[str, Any]) -> None:
    """The paradox of Kharasch 2009: CYP3A4 inhibited, methadone lower."""
    ratio = {r["compound"]: r["auc"] for r in data["ratios"]}
    assert ratio["methadone"] < 0.8
    assert ratio["alfentanil"] > 2.0
    assert data["attribution"]["methadone"][0]["mechanism"] == "CYP2B6 induction"


def test_evidence_names_every_value_it_counts(data: dict[str, Any]) -> None:
    e = data["evidence"]
    assert e["total"] == sum(e["values"].values())
    assert e["rests_on"]["total"] == len(e["rows"])
    assert all(r["source"] or r["evidence"] in ("assumed", "computed", "fitted") for r in e["rows"])
    assert all(r["why"] for r in e["rows"] if r["evidence"] == "assumed")
    assert any(r["compound"] == "nelfinavir" and r["enzyme"] == "CYP2B6" for r in e["rows"])


def test_only_one_enzyme(library: Library) -> None:
    """With CYP3A4 alone methadone rises: the sign that the field's forecast had (natap.org ritonavmet)."""
    found = compare_case(NELFINAVIR, library, Options(only_enzyme="CYP3A4"), interval=False)
    methadone = found.rows[0].answer
    assert methadone is not None
    assert 1.0 < methadone.ratio.auc < 1.3
    moved = {f.name.split()[0] for f in methadone.factors if abs(f.factor - 1) > 1e-3}
    assert moved <= {"CYP3A4", "other"}
    assert "What-if" in found.warnings[0]


def test_assumed_share_and_without_mechanism(library: Library, answer: Comparing) -> None:
    share = compare_case(NELFINAVIR, library, Options(assume_share=("CYP3A4", 0.5)), attribute=False, interval=False)
    bare = compare_case(NELFINAVIR, library, Options(without="induction"), attribute=False, interval=False)
    first = answer.rows[0].answer
    assert share.rows[0].answer and bare.rows[0].answer and first
    assert share.rows[0].answer.ratio.auc > 1.1
    assert bare.rows[0].answer.ratio.auc > 1.0 > first.ratio.auc


def test_no_interaction(library: Library) -> None:
    found = compare_case(EXAMPLES / "methylphenidate-ritonavir.yaml", library)
    assert found.rows[0].answer is not None
    assert found.rows[0].answer.ratio.auc == pytest.approx(1.0, abs=0.05)
    assert "does not change" in found.sentences[0]
    assert any("No clinical study" in said for said in found.unknown)
    assert found.flags == []


def test_run(library: Library) -> None:
    found = run_case(NELFINAVIR, library)
    data = found.to_dict()
    json.dumps(data, allow_nan=False)
    assert {"methadone", "methadone-r", "alfentanil", "nelfinavir"} <= set(data["exposure"])
    assert set(data["result"]["codes"]) == {0}
    assert max(data["mass_balance"].values()) <= 1e-6
    e = data["exposure"]["methadone"]
    # 60 mg of the hydrochloride are 53.7 mg of base; CL/F = dose/AUC, mg to ng and L to mL cancel to 1000
    assert e["dose_mg"] == pytest.approx(60 * 0.8946, rel=1e-3)
    assert e["clearance"] == pytest.approx(1000 * e["dose_mg"] / e["auc"], rel=1e-6)
    lines = found.to_csv().splitlines()
    assert lines[0].startswith("time (h),methadone (ng/mL)")
    assert len({line.count(",") for line in lines}) == 1


def test_printing_fits_80_columns(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["compare", str(EXAMPLES / "ketamine-clarithromycin.yaml")]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[2].startswith("(S)-Ketamine exposure rises to")
    assert max(len(line) for line in out.splitlines()) <= 80
    assert main(["run", str(EXAMPLES / "ketamine-clarithromycin.yaml")]) == 0
    assert max(len(line) for line in capsys.readouterr().out.splitlines()) <= 80


@pytest.mark.parametrize("text", ["CYP3A4", "CYP3A4=", "=0.5", "CYP3A4=50", "CYP3A4=0", "CYP3A4=x"])
def test_share_is_checked(text: str) -> None:
    with pytest.raises(InputError, match="--assume-share"):
        parse_share(text)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (["--only-enzyme", "CYP9Z9"], "--only-enzyme: unknown enzyme ('CYP9Z9'; one of"),
        (["--without-mechanism", "magic"], "--without-mechanism: unknown mechanism ('magic'; one of inhibition"),
        (["--assume-share", "CYP9Z9=0.5"], "--assume-share: unknown enzyme"),
    ],
)
def test_bad_options_write_nothing(option: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.html"
    assert main(["compare", str(EXAMPLES / "ketamine-clarithromycin.yaml"), "--report", str(report), *option]) == 2
    err = capsys.readouterr().err
    assert err.startswith(message)
    assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_compare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tmp_path / "case.yaml"
    case.write_text("format: clearway.case/1\nregimen:\n  - {drug: midazolam, dose: 2 mg, route: oral}\n", encoding="utf-8")
    assert main(["compare", str(case)]) == 2
    assert "nothing to compare" in capsys.readouterr().err


def test_missing_folder_of_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "none" / "report.html"
    assert main(["compare", str(EXAMPLES / "ketamine-clarithromycin.yaml"), "--report", str(place)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_words() -> None:
    assert [number(x) for x in (0.5512, 0.045, 1.234, 24.51, 1234.5, math.nan)] == ["0.55", "0.045", "1.23", "24.5", "1,234", "–"]
    assert interval(0.4, 0.75) == " (0.40–0.75)"
    assert interval(math.nan, 1.0) == ""
    assert join(["a", "b", "c", "a"]) == "a, b and c"


def test_pairs_without_a_study_are_said_together() -> None:
    pairs = [("darunavir", "methadone"), ("cobicistat", "methadone"), ("darunavir", "cocaine"), ("cobicistat", "cocaine")]
    pairs.append(("darunavir", "thc"))
    assert _together(pairs) == [(["darunavir", "cobicistat"], ["methadone", "cocaine"]), (["darunavir"], ["thc"])]


# -- a pair without a study ---------------------------------------------------------------------------------------------------


def test_a_pair_without_a_study_says_so_and_what_it_depends_on(tmp_path: Path, library: Library) -> None:
    """The named inputs are those that move the ratio most: raised in the library itself, the ratio moves by that factor."""
    text = """format: clearway.case/1
regimen:
  - {drug: midazolam, dose: 5 mg, route: oral, start: 96 h}
compare:
  - {drug: indinavir, dose: 800 mg, route: oral, every: 8 h, count: 15}
"""
    case = tmp_path / "case.yaml"
    case.write_text(text, encoding="utf-8")
    answer = compare_case(case, library)
    assert answer.unstudied == [("indinavir", "midazolam")]
    assert answer.unknown[0].startswith("No clinical study of indinavir with midazolam")
    inputs = answer.sensitive["Midazolam"]
    assert len(inputs) == 3
    sizes = [abs(math.log(i.factor)) for i in inputs]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] > 0.05
    named = {i.name: i.factor for i in inputs}
    assert "indinavir: Ki at CYP3A4" in named
    doer = library.compounds["indinavir"]
    act = next(a for a in doer.acts_on if a.on == "CYP3A4" and a.inhibition)
    assert act.inhibition and act.inhibition.kic
    kic = act.inhibition.kic
    higher = replace(act, inhibition=replace(act.inhibition, kic=replace(kic, value=kic.value * math.exp(sigma(kic)), high=None)))
    acts = [higher if a is act else a for a in doer.acts_on]
    other = replace(library, compounds={**library.compounds, "indinavir": replace(doer, acts_on=acts)}, _names={})
    moved = compare_case(case, other, attribute=False, interval=False)
    assert moved.main[0].answer and answer.main[0].answer
    assert moved.main[0].answer.ratio.auc / answer.main[0].answer.ratio.auc == pytest.approx(named["indinavir: Ki at CYP3A4"], rel=0.05)
    assert answer.to_dict()["no_study"] == [{"perpetrator": "indinavir", "victim": "midazolam"}]


def test_a_studied_pair_asks_no_inputs(library: Library) -> None:
    answer = compare_case(NELFINAVIR, library, attribute=False, interval=False)
    assert not answer.unstudied and not answer.sensitive
