"""Cases and studies → doses."""

from __future__ import annotations

from pathlib import Path

import pytest

from clearway.errors import InputError
from clearway.library import Library
from clearway.library.document import parse_document
from clearway.regimen import Case, load_studies, load_study
from clearway.regimen.schema import json_schema
from clearway.regimen.study import dose_factor

HEAD = "format: clearway.case/1\nperson: {weight: 70 kg}\nregimen:\n"
STUDIES = Path(__file__).parents[1] / "src/clearway/qualification/studies"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load()


def case(library: Library, *rows: str, rest: str = "") -> Case:
    return Case.parse(HEAD + "".join(f"  - {{{r}}}\n" for r in rows) + rest, library)


def test_racemate_and_salt(library: Library) -> None:
    one = case(library, "drug: methadone, dose: 60 mg, route: oral, every: 24 h, count: 15")
    assert len(one.doses) == 30
    r, s = one.doses[:2]
    assert (r.drug, s.drug) == ("methadone-r", "methadone-s")
    # 60 mg of the hydrochloride, half of it each enantiomer: 60 · 309.45/345.91 / 2 = 26.84 mg of base.
    assert r.dose_mg == s.dose_mg == pytest.approx(26.84, abs=0.01)
    assert r.amount_umol == pytest.approx(86.73, abs=0.05)
    assert one.measured[0].window(one.regimen).start_h == 336
    assert one.duration_h == 360
    base = case(library, "drug: methadone, dose: 60 mg, route: oral, as: base")
    assert base.doses[0].dose_mg == 30


def test_times(library: Library) -> None:
    def times(row: str) -> list[float]:
        return case(library, f"drug: midazolam, dose: 1 mg, route: oral, {row}").regimen.entries[0].times_h

    assert times("start: 2 d") == [48]
    assert times("every: 12 h, count: 3") == [0, 12, 24]
    assert times("start: 1 d, every: 24 h, until: 3 d") == [24, 48]
    assert times('times: [8 h, 20 h], days: "1-2"') == [8, 20, 32, 44]
    assert times('times: [8 h], days: "1-2, 5"') == [8, 32, 104]
    assert times("times: [8 h], until: 2 d") == [8, 32]


def test_missed_doses(library: Library) -> None:
    row = "drug: methadone, dose: 60 mg, route: oral, every: 24 h, count: 5"
    [whole], [gaps] = case(library, row).regimen.entries, case(library, row + ', missed: "2, 4"').regimen.entries
    assert gaps.times_h == [0, 48, 96] and gaps.missed_h == [24, 72] and gaps.interval_h == 24
    assert gaps.doses == [d for d in whole.doses if d.time_h not in (24, 72)]


def test_escalating_overlapping_and_infusion(library: Library) -> None:
    one = case(
        library,
        "drug: ritonavir, dose: 300 mg, route: oral, every: 12 h, count: 2",
        "drug: ritonavir, dose: 400 mg, route: oral, start: 24 h, every: 12 h, count: 2",
        "drug: fentanyl, dose: 5 µg/kg, route: iv infusion, over: 30 min, start: 12 h",
    )
    assert [(d.drug, d.time_h) for d in one.doses] == [
        ("ritonavir", 0), ("fentanyl", 12), ("ritonavir", 12), ("ritonavir", 24), ("ritonavir", 36),
    ]  # fmt: skip
    fentanyl = one.doses[1]
    assert fentanyl.dose_mg == pytest.approx(0.35) and fentanyl.duration_h == 0.5
    assert not one.warnings


def test_devices_and_two_products(library: Library) -> None:
    one = case(
        library,
        "drug: Spravato, dose: 2 devices, route: intranasal",
        "drug: esketamine, dose: 14 mg, route: oral, start: 24 h",
    )
    assert one.doses[0].dose_mg == 56
    assert len(one.warnings) == 1 and "two products (spravato and esketamine); summed" in one.warnings[0]


def test_steady_state(library: Library) -> None:
    row = "drug: methadone, dose: 60 mg, route: oral, start: 24 h, every: 24 h, count: 3"
    state = case(library, row, rest="steady_state: [methadone]\n").steady_state[0]
    assert (state.interval_h, state.start_h, state.compounds) == (24, 24, ["methadone-r", "methadone-s"])
    assert [d.time_h for d in state.doses] == [0, 0]


def test_measure(library: Library) -> None:
    row = "drug: midazolam, dose: 5 mg, route: oral"
    assert case(library, row).measured[0].auc == "inf"
    one = case(library, row, rest="measure: {compound: hydroxymidazolam-1, until: 12 h}\n").measured[0]
    assert one.compounds == ["hydroxymidazolam-1"] and one.parent == ["midazolam"]
    assert one.until_h == 12


def test_all_errors_are_collected(library: Library) -> None:
    with pytest.raises(InputError) as caught:
        case(library, "drug: nothing, dose: 60 mg, route: oral", "drug: methadone, dose: 5 mL, route: oral")
    assert [p.line for p in caught.value.problems] == [4, 5]


def test_the_template_is_a_case(library: Library, tmp_path: Path) -> None:
    from clearway.cli.new import TEMPLATE

    one = Case.parse(TEMPLATE.format(name="x"), library)
    assert one.compare.drugs == ["nelfinavir"] and one.person.height_cm == 176


def test_schema_agrees_with_the_reader() -> None:
    assert json_schema()["properties"]["format"]["const"] == "clearway.case/1"


STUDY = """
format: clearway.study/1
id: T1
pair: ritonavir > methadone
title: test
people: {n: 11, who: healthy, weight: 80}
doses:
- {drug: methadone, dose: 5 mg, route: oral, start: 240 h, count: 1}
perpetrator:
- {drug: ritonavir, dose: 500 mg, route: oral, start: 0 h, every: 12 h, count: 24}
measured: {compound: methadone, after_dose: last, auc: inf, until: null}
observed: {auc_ratio: 0.64, cmax_ratio: 0.62, cmin_ratio: null, low: null, high: null, interval: null}
control:
  doses:
  - {drug: methadone, dose: 20 mg, route: oral, start: 240 h, count: 1}
  normalise: dose
test: {genotype: {CYP2B6: "*6/*6"}}
steady_state: []
assumed: []
source: {reference: none, confidence: low}
peer: {osp_auc_ratio: 0.7}
mechanism: [CYP2B6 induction]
usable: true
"""


def test_study(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "T1.yaml"
    path.write_text(STUDY)
    study = load_study(path, library)
    assert study.usable and study.control and study.test and study.measured
    assert study.perpetrators == ["ritonavir"] and study.victim_route == "oral"
    assert len(study.control.regimen.doses) == 2 and len(study.test.regimen.doses) == 26
    assert study.test.person.genotype == {"CYP2B6": "*6/*6"} and not study.control.person.genotype
    assert study.peer.auc_ratio == 0.7 and study.observed.cmax_ratio == 0.62
    assert dose_factor(study) == pytest.approx(0.25)
    window = study.measured.window(study.test.regimen)
    assert (window.dose_h, window.end_h) == (240, None)


def test_study_with_an_unknown_drug_is_skipped_with_its_reason(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "T2.yaml"
    path.write_text(STUDY.replace("drug: ritonavir", "drug: gliclazide"))
    study = load_study(path, library)
    assert not study.usable and study.why_not == "not in the library: gliclazide"


def test_study_with_a_wrong_unit_is_an_error(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "T3.yaml"
    path.write_text(STUDY.replace("dose: 500 mg", "dose: 500 h"))
    with pytest.raises(InputError, match=r"T3\.yaml:10:27: perpetrator\[0\]\.dose: wrong unit"):
        load_study(path, library)


def test_all_shipped_studies_can_be_read(library: Library) -> None:
    studies, problems = load_studies(STUDIES, library)
    assert len(studies) > 150 and not problems
    assert all(s.usable or s.why_not for s in studies)


def test_documents_keep_places() -> None:
    document = parse_document("a:\n  - {b: 1}\n", "f.yaml")
    assert str(document.problem(("a", 0, "b"), "x")) == "f.yaml:2:9: a[0].b: x"
