"""JSON Schema of the case file, for editors. The reader in `case.py` is the authority; a test holds both together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clearway.physiology.people import SEXES
from clearway.physiology.person import ANCESTRIES
from clearway.regimen import case, entries, person, population
from clearway.regimen.dose import ROUTES


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `clearway.case/1`."""

    def quantity(what: str, example: str) -> dict[str, Any]:
        return {"type": "string", "description": f"{what}, with its unit", "examples": [example]}

    time = quantity("a time", "24 h")
    dose = quantity("an amount", "60 mg")
    entry: dict[str, Any] = {
        "drug": {"type": "string", "description": "compound, product or brand"},
        "dose": dose,
        "route": {"enum": list(ROUTES)},
        "start": time,
        "every": time,
        "count": {"type": "integer", "minimum": 1, "maximum": entries.MAX_DOSES},
        "until": time,
        "over": quantity("the duration of an infusion", "30 min"),
        "times": {"type": "array", "items": time, "description": "times of day"},
        "days": {"type": ["string", "integer", "array"], "examples": ["1-14"]},
        "doses": {
            "type": "array",
            "items": {"type": "object", "properties": {"time": time, "dose": dose}, "additionalProperties": False},
        },
        "missed": {
            "type": ["string", "integer", "array"],
            "description": "numbers of the doses that are not taken",
            "examples": [[5, 6], "5-6"],
        },
        "as": {"enum": ["salt", "base"], "description": "what the dose is of, if not as the product says"},
        "fed": {"type": "boolean", "description": "taken with a meal"},
        "note": {"type": "string"},
    }
    who: dict[str, Any] = {
        "sex": {"enum": ["male", "female"]},
        "age": {"type": "number", "minimum": 16, "maximum": 100},
        "height": quantity("body height", "176 cm"),
        "weight": quantity("body weight", "73 kg"),
        "haematocrit": {"type": "number", "minimum": 0.15, "maximum": 0.7},
        "albumin": quantity("plasma albumin", "45 g/L"),
        "aag": quantity("α1-acid glycoprotein", "0.8 g/L"),
        "urine_ph": {"type": "number", "minimum": 4, "maximum": 9},
        "egfr": {"type": ["string", "number"], "examples": ["95 mL/min/1.73m²"]},
        "child_pugh": {"enum": ["A", "B", "C"]},
        "genotype": {"type": "object", "additionalProperties": {"type": "string"}, "examples": [{"CYP2B6": "*1/*6"}]},
    }

    def shares(names: Sequence[str]) -> dict[str, Any]:
        return {"type": "object", "properties": dict.fromkeys(names, share), "additionalProperties": False}

    value: dict[str, Any] = {
        "type": ["number", "string"],
        "description": "a number, with its unit where it has one",
        "examples": ["176 cm"],
    }
    spread = {"$ref": "#/$defs/spread"}
    spreads = {
        "value": value,
        "spread": {
            "anyOf": [
                {"$ref": "#/$defs/value"},
                {
                    "type": "object",
                    "properties": {key: {"$ref": "#/$defs/value"} for key in population.SPREAD},
                    "additionalProperties": False,
                },
            ]
        },
        "spread_by_sex": {
            "anyOf": [spread, {"type": "object", "properties": dict.fromkeys(SEXES, spread), "additionalProperties": False}],
        },
    }
    share = {"type": "number", "minimum": 0, "maximum": 1}
    people: dict[str, Any] = {
        **{name: {"$ref": "#/$defs/spread_by_sex"} for name in population.NUMBERS},
        "female": share,
        "child_pugh": shares(population.CHILD_PUGH),
        "ancestry": shares(ANCESTRIES),
        "abundance": {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}, "examples": [{"CYP3A4": 0.4}]},
        "users": {"type": "object", "additionalProperties": share, "examples": [{"cigarette": 0.4}]},
        "adherence": {"type": "object", "additionalProperties": spread, "examples": [{"methadone": 0.9}]},
        "seed": {"type": "integer", "minimum": 0},
        "note": {"type": "string"},
    }
    measure: dict[str, Any] = {
        "compound": {"type": "string"},
        "compounds": {"type": "array", "items": {"type": "string"}},
        "after_dose": {"type": ["string", "integer"], "examples": ["last", 3, "312 h"]},
        "auc": {"enum": ["inf", "tau", "0-t"]},
        "until": time,
        "from": time,
    }
    assert set(entry) == set(entries.FIELDS) and set(who) == set(person.FIELDS) and set(people) == set(population.FIELDS)
    row = {"type": "object", "properties": entry, "required": ["drug", "route"], "additionalProperties": False}
    properties: dict[str, Any] = {
        "format": {"const": case.FORMAT},
        "title": {"type": "string"},
        "person": {"type": "object", "properties": who, "additionalProperties": False},
        "population": {"type": "object", "properties": people, "additionalProperties": False, "description": "the people of a cohort"},
        "regimen": {"type": "array", "items": row, "minItems": 1, "description": "in both arms"},
        "compare": {"type": "array", "items": row, "description": "in the test arm only"},
        "steady_state": {"type": "array", "items": {"type": "string"}},
        "measure": {"type": "object", "properties": measure, "additionalProperties": False},
        "duration": time,
        "note": {"type": "string"},
    }
    assert set(properties) == set(case.FIELDS)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": case.FORMAT,
        "title": "Clearway case",
        "type": "object",
        "properties": properties,
        "required": ["format", "regimen"],
        "additionalProperties": False,
        "$defs": spreads,
    }
