"""FHIR R4 medication lists: the sample is a valid R4B bundle, what is read is right, what is not read is listed, nobody is named."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clearway.cli import main
from clearway.errors import InputError
from clearway.interchange import Imported, read_fhir
from clearway.interchange._medicines import ATC, RXNORM, Medicines
from clearway.library import Library
from clearway.regimen import Case

SAMPLE = Path(__file__).parents[1] / "examples" / "medications.fhir.json"
PERSON = ("Invented", "Synthetic", "synthetic", "0000", "1985-04-12", "2025-03-01", "2026-02-02")
DAILY = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}


def dosage(value: float = 60, unit: str = "mg", route: Any = None, timing: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "timing": timing or DAILY,
        "route": route or {"text": "oral"},
        "doseAndRate": [{"doseQuantity": {"value": value, "unit": unit}}],
        **more,
    }


def statement(name: str = "methadone", *dosages: dict[str, Any], **more: Any) -> dict[str, Any]:
    found = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "subject": {"reference": "Patient/p"},
        "medicationCodeableConcept": {"text": name},
        "dosage": list(dosages or [dosage()]),
    }
    return {**found, **more}


def bundle(*resources: dict[str, Any]) -> str:
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources]})


def read(library: Library, *resources: dict[str, Any], **how: Any) -> Imported:
    return read_fhir(bundle(*resources), library, **how)


def test_the_sample_is_a_valid_r4b_bundle_and_r5_refuses_it() -> None:
    from fhir.resources.bundle import Bundle as R5
    from fhir.resources.R4B.bundle import Bundle

    text = SAMPLE.read_text()
    assert len(Bundle.model_validate_json(text).entry) == 6
    with pytest.raises(ValueError):
        R5.model_validate_json(text)


def test_the_sample(library: Library) -> None:
    found = read_fhir(SAMPLE.read_text(), library)
    assert found.case_document == {
        "format": "clearway.case/1",
        "title": "from a medication list",
        "person": {"sex": "female", "age": 40},
        "regimen": [{"drug": "methadone", "dose": "60 mg", "route": "oral", "start": "0 h", "every": "24 h", "until": "336 h"}],
        "compare": [{"drug": "efavirenz", "dose": "600 mg", "route": "oral", "start": "0 h", "every": "24 h", "until": "336 h"}],
        "steady_state": ["methadone"],
    }
    assert [line.split(":")[0] for line in found.matched] == ["entry 2, methadone", "entry 3, efavirenz 600 MG Oral Tablet"]
    assert ["as needed" in found.unmatched[0], "A11CC05" in found.unmatched[1], "status is stopped" in found.unmatched[2]] == [True] * 3
    assert len(Case.parse(found.to_yaml(), library).doses) == 2 * 14


def test_nobody_is_named(library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither in the case, nor in what is printed, nor in an error, even where the name stands in the name of a medicine."""
    data = json.loads(SAMPLE.read_text())
    data["entry"][4]["resource"]["medicationCodeableConcept"] = {"text": "Ointment for Synthetic Invented (SYNTHETIC-0000)"}
    data["entry"][5]["resource"]["dosage"] = [{"doseAndRate": "Invented"}]
    (tmp_path / "b.json").write_text(json.dumps(data))
    assert main(["import", "fhir", str(tmp_path / "b.json"), "-o", str(tmp_path / "case.yaml")]) == 0
    said = "".join(capsys.readouterr()) + (tmp_path / "case.yaml").read_text()
    assert "Ointment for …" in said and "is not valid FHIR R4 (at dosage" in said
    data["entry"][1:] = [data["entry"][4]]
    (tmp_path / "b.json").write_text(json.dumps(data))
    assert main(["import", "fhir", str(tmp_path / "b.json")]) == 2
    said += capsys.readouterr().err
    assert "no medicine could be taken over" in said
    assert not [word for word in PERSON if word in said]


@pytest.mark.parametrize(
    ("codings", "names", "product", "by"),
    [
        ([(ATC[0], "N07BC02")], [], "methadone", "ATC N07BC02"),  # the code of both halves is the racemate
        ([(RXNORM[0], "195085")], [], "efavirenz", "RxNorm 195085"),
        ([(RXNORM[0], "195085"), (ATC[0], "J05AG03")], [], "efavirenz", "RxNorm 195085"),
        ([(ATC[0], "N06AX27")], ["Spravato"], "spravato", "name"),  # the code of one half: the name says which product
        ([], ["Biktarvy"], "biktarvy", "name"),
        ([], ["efavirenz 600 MG Oral Tablet"], "efavirenz", "name"),
        ([(RXNORM[0], "999999999")], ["Sertraline"], "sertraline", "name"),
        ([(ATC[0], "B01AE07")], [], "", "does not say what it is (dabigatran, dabigatran-etexilate"),
        ([(ATC[0], "N01AX03")], [], "", "does not say what it is (ketamine-r"),
        ([(ATC[0], "N05B")], [], "", "is a group, not a substance"),
        ([(ATC[0], "N03AE01")], ["methadone"], "", "its code says clonazepam, its name methadone"),
        ([(ATC[0], "N03AE01"), (RXNORM[0], "195085")], [], "", "its codes name different things (clonazepam, efavirenz)"),
        ([], ["abacavir 600 MG / lamivudine 300 MG Oral Tablet"], "", "no name of it"),
        ([], ["bupropion 150 MG Extended Release Oral Tablet"], "", "no name of it"),  # another release than the plain product's
        ([("http://snomed.info/sct", "N07BC02")], [], "", "no name of it"),
        ([], ["methadon"], "", "no name of it"),  # a near miss is no match
    ],
)
def test_matching(codings: list[tuple[str, str]], names: list[str], product: str, by: str, library: Library) -> None:
    match = Medicines(library).find(codings, names)
    assert match.product == product and by in (match.by or match.reason)


@pytest.mark.parametrize(
    ("name", "given", "wanted"),
    [
        ("methadone", dosage(), {"dose": "60 mg", "route": "oral", "every": "24 h"}),
        (
            "midazolam",
            dosage(500, "ug", timing={"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}),
            {"dose": "500 µg", "every": "12 h"},
        ),
        ("methadone", dosage(timing={"repeat": {"period": 2, "periodUnit": "wk"}}), {"every": "336 h"}),
        ("methadone", dosage(timing={"code": {"coding": [{"code": "TID"}]}}), {"every": "8 h"}),
        ("methadone", dosage(timing={"repeat": {"timeOfDay": ["20:30:00", "08:00:00"]}}), {"times": ["8 h", "20.5 h"]}),
        ("biktarvy", dosage(1, "tablets"), {"dose": "1 tablet"}),
        ("midazolam", dosage(2, route={"coding": [{"system": "http://snomed.info/sct", "code": "47625008"}]}), {"route": "iv bolus"}),
        (
            "midazolam",
            dosage(2, route={"text": "IV"}, timing={"repeat": {"period": 1, "periodUnit": "d", "duration": 30, "durationUnit": "min"}}),
            {"route": "iv infusion", "over": "0.5 h"},
        ),
    ],
)
def test_dosages_that_are_read(name: str, given: dict[str, Any], wanted: dict[str, Any], library: Library) -> None:
    found = read(library, statement(name, given))
    assert not found.unmatched
    entry = found.case_document["regimen"][0]
    assert {key: entry.get(key) for key in wanted} == wanted


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (dosage(asNeededBoolean=True), "taken as needed"),
        (dosage(2, "tablets"), "its dose is not in a unit of mass"),
        ({"text": "60 mg a day"}, "no dose"),
        ({**dosage(), "doseAndRate": [{"doseRange": {"low": {"value": 1}}}]}, "its dose is a range"),
        ({**dosage(), "doseAndRate": [{"rateQuantity": {"value": 1, "unit": "mg/h"}}]}, "given as a rate"),
        (dosage(-5), "its dose is not above 0"),
        (dosage(timing={"repeat": {"frequency": 1, "frequencyMax": 3, "period": 1, "periodUnit": "d"}}), "its timing is a range"),
        (dosage(timing={"repeat": {"when": ["MORN"], "frequency": 1, "period": 1, "periodUnit": "d"}}), "events of the day"),
        (dosage(timing={"repeat": {"dayOfWeek": ["mon"], "frequency": 1, "period": 1, "periodUnit": "wk"}}), "days of the week"),
        (dosage(timing={"repeat": {"frequency": 1, "period": 1, "periodUnit": "mo"}}), "no fixed length"),
        (dosage(timing={"event": ["2026-01-01"]}), "its timing lists dates"),
        (dosage(timing={"code": {"text": "daily"}}), "no regular timing"),
        (dosage(route={"text": "rectal"}), "its route is not one that Clearway has"),
        (dosage(route={"text": "sublingual"}), "no parameters for this route"),
        ({k: v for k, v in dosage().items() if k != "route"}, "no route given (add --route oral"),
        (dosage(1e7), "out of range"),
    ],
)
def test_dosages_that_are_not_read_are_listed_with_the_reason(given: dict[str, Any], why: str, library: Library) -> None:
    found = read(library, statement("methadone", given), statement("sertraline", dosage(50)))
    assert [e["drug"] for e in found.case_document["regimen"]] == ["sertraline"]
    assert len(found.unmatched) == 1 and "is methadone, but" in found.unmatched[0] and why in found.unmatched[0]


def test_a_route_may_be_assumed_and_it_is_said(library: Library) -> None:
    bare = {k: v for k, v in dosage().items() if k != "route"}
    found = read(library, statement("methadone", bare), route="oral")
    assert found.case_document["regimen"][0]["route"] == "oral" and "no route given: oral, as asked for" in found.matched[0]


def test_time(library: Library) -> None:
    """Index 10 March: taken since 1 January is at steady state; a course from the 12th to the end of the 14th is doses at 48, 72, 96 h;
    what ended before, or ended no one knows when, is listed."""
    found = read(
        library,
        statement("methadone", effectivePeriod={"start": "2026-01-01"}),
        statement("clarithromycin", dosage(500), effectivePeriod={"start": "2026-03-12", "end": "2026-03-14"}),
        statement("sertraline", dosage(50), effectivePeriod={"start": "2025-01-01", "end": "2026-03-09"}),
        statement("diazepam", dosage(5), status="completed"),
        statement("fluconazole", dosage(100), effectivePeriod={"start": "2026-06"}, status="not-taken"),
        index=date(2026, 3, 10),
    )
    case = Case.parse(found.to_yaml(), library)
    assert [d.time_h for d in case.compare.doses] == [48, 72, 96]
    assert [(s.product, s.start_h) for s in case.steady_state] == [("methadone", 0)]
    assert [text.split(": ", 1)[1] for text in found.unmatched] == [
        "its status is not-taken", "ended before time 0", "completed, and no day is given on which it ended",
    ]  # fmt: skip


def test_references_and_prescriptions(library: Library) -> None:
    """A Medication of the bundle is followed; a MedicationRequest says what was prescribed, not what is taken."""
    medication = {"resourceType": "Medication", "id": "m", "code": {"coding": [{"system": ATC[0], "code": "N07BC02"}]}}
    refers = statement(medicationReference={"reference": "Medication/m"})
    del refers["medicationCodeableConcept"]
    request = {"resourceType": "MedicationRequest", "status": "active"}
    found = read(library, medication, refers, request)
    assert found.case_document["regimen"][0]["drug"] == "methadone"
    assert any(note.startswith("1 MedicationRequest not read") for note in found.notes)


def test_two_dosages_of_one_medicine_are_not_called_steady(library: Library) -> None:
    found = read(library, statement("methadone", dosage(40), dosage(20)))
    assert len(found.case_document["regimen"]) == 2 and "steady_state" not in found.case_document
    assert any("more than one dosage" in note for note in found.notes)


def nested(depth: int) -> str:
    return '{"resourceType": "Bundle", "entry": ' + "[" * depth + "]" * depth + "}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not valid JSON"),
        ("[]", "is no FHIR bundle"),
        ('{"resourceType": "Patient"}', "is no FHIR bundle"),
        ('{"resourceType": "Bundle", "entry": {}}', "'entry' must be a list"),
        ('{"resourceType": "Bundle", "entry": [1]}', "'entry' must be a list"),
        ('{"resourceType": "Bundle", "entry": []}', "the bundle has no MedicationStatement"),
        ('{"resourceType": "Bundle", "x": NaN}', "not valid JSON (NaN"),
        ('{"resourceType": "Bundle", "x": ' + "9" * 10_000 + "}", "not valid JSON (NaN, a number too long"),
        (nested(100), "nested too deeply (at most 60 levels)"),
        (nested(100_000), "nested"),
        ('{"resourceType": "Bundle", "entry": [' + ",".join(["{}"] * 5001) + "]}", "too many entries (5001; at most 5000)"),
        (" " * 5_000_001, "too big (at most 5 MB)"),
        (bundle(statement(), statement(subject={"reference": "Patient/q"})), "about more than one person"),
        (bundle({"resourceType": "Patient", "birthDate": "2020-01-01"}, statement()), "age is outside what the model was built for"),
    ],
    ids=range(14),
)
def test_hostile_text(text: str, said: str, library: Library) -> None:
    with pytest.raises(InputError) as caught:
        read_fhir(text, library, index=date(2026, 1, 1))
    assert said in str(caught.value) and len(str(caught.value)) < 400


def test_no_field_of_a_wrong_kind_breaks_the_reader(library: Library) -> None:
    """Each value of the sample in turn becomes a number, a text, a list, nothing: a case or an `InputError`, never anything else."""
    whole = json.loads(SAMPLE.read_text())["entry"]
    resources = [whole[0]["resource"], whole[2]["resource"]]

    def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
        return [path, *(p for key, value in inner for p in places(value, (*path, key)))]

    tried = 0
    for path in places(resources)[1:]:
        for bad in (7, "x", [], {}, None, [None], "99999-99-99"):
            changed = copy.deepcopy(resources)
            spot: Any = changed
            for key in path[:-1]:
                spot = spot[key]
            spot[path[-1]] = bad
            try:
                read_fhir(json.dumps({"resourceType": "Bundle", "entry": [{"resource": r} for r in changed]}), library)
            except InputError as error:
                assert error.problems
            tried += 1
    assert tried > 200
