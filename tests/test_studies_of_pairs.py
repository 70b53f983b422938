"""Study arms beside an answer: matching of pairs, and that the stored predictions are this library's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clearway.answers.studies import ACCURACY, _from_files, matching, pair_compounds
from clearway.library import Library
from clearway.model.model import Model
from clearway.qualification.runner import STUDIES, run_study
from clearway.regimen import Case, load_study

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load()


def test_pairs(library: Library) -> None:
    assert pair_compounds(library, "nelfinavir > methadone") == (["nelfinavir"], ["methadone-r", "methadone-s"])
    assert pair_compounds(library, "unknownium > methadone")[0] == []


def test_matching_takes_the_pair_only(library: Library) -> None:
    case = Case.load(EXAMPLES / "methadone-indinavir.yaml", library)
    assert [s["id"] for s in matching(case, library)] == ["L058"]


def test_without_stored_predictions_the_files_are_read(library: Library) -> None:
    found = {s["id"]: s for s in _from_files(library)}
    assert found["L058"]["observed"] == 1.0
    assert found["L058"]["predicted"] is None


@pytest.mark.parametrize("arm", ["L058", "L034", "L057"])
def test_stored_predictions_are_fresh(arm: str, library: Library) -> None:
    """If this fails: python -m clearway.qualification.accuracy"""
    stored = {a["id"]: a for a in json.loads(ACCURACY.read_text(encoding="utf-8"))["arms"]}
    study = load_study(next(STUDIES.rglob(f"{arm}.yaml")), library)
    assert stored[arm]["predicted"] == pytest.approx(run_study(Model(library), study, set()).predicted, rel=0.01)
