"""The case of a request: checked while it is edited, read from YAML and written as YAML."""

from __future__ import annotations

from typing import Any

from clearway.errors import InputError
from clearway.errors import Problem as Fault
from clearway.library.document import Document, parse_document
from clearway.regimen import Entry
from clearway.regimen.block import Block, Problems
from clearway.regimen.case import read_case
from clearway.regimen.entries import Reader
from clearway.regimen.person import read_weight
from clearway.regimen.writing import dump
from clearway.web.known import Known
from clearway.web.limits import case_of, entries

ARMS = ("regimen", "compare")


def check(known: Known, data: dict[str, Any]) -> dict[str, Any]:
    """The document of `POST /api/case/check`: what is wrong, and the entries that are sound with the times of their doses."""
    found: dict[str, Any] = {"problems": [], "warnings": [], "title": "", "duration_h": None, "entries": []}
    try:
        case = case_of(data, known.library)
    except InputError as error:
        found["problems"] = [problem(p) for p in error.problems]
    else:
        found |= {"warnings": case.warnings, "title": case.title, "duration_h": case.duration_h}
    found["entries"] = _entries(known, data)
    return found


def _entries(known: Known, data: dict[str, Any]) -> list[dict[str, Any]]:
    """Each entry by itself, so that one that is still being written does not hide the others."""
    try:
        entries(data)
    except InputError:
        return []
    unheard = Problems(Document("", data))
    person = data.get("person")
    weight = read_weight(Block(unheard, person, ("person",), (), strict=False)) if isinstance(person, dict) else None
    listed = data.get("steady_state")
    steady = {_product(known, name) for name in (listed if isinstance(listed, list) else []) if isinstance(name, str)}
    found = []
    for arm in ARMS:
        rows = data.get(arm)
        for index, row in enumerate(rows if isinstance(rows, list) else []):
            entry = Reader(unheard, known.library, weight).entry(row, (arm, index), index)
            if entry:
                found.append(_entry(known, arm, index, entry, steady))
    return found


def _entry(known: Known, arm: str, index: int, entry: Entry, steady: set[str]) -> dict[str, Any]:
    return {
        "arm": arm, "index": index, "product": entry.product, "label": known.label(entry.product), "compounds": entry.compounds,
        "route": entry.route, "times_h": entry.times_h, "missed_h": entry.missed_h, "interval_h": entry.interval_h,
        "text": entry.text, "steady": arm == "regimen" and entry.product in steady,
    }  # fmt: skip


def _product(known: Known, name: str) -> str:
    return known.library.names().get(name.strip().lower(), "")


def opened(known: Known, text: str) -> dict[str, Any]:
    """The document of `POST /api/case/open`: the case as JSON, with what is wrong in it by line."""
    try:
        document = parse_document(text, "")
    except InputError as error:
        return {"case": None, "problems": [problem(p) for p in error.problems]}
    if not isinstance(document.data, dict):
        return {"case": None, "problems": [_problem("not a case (begin with 'format: clearway.case/1')")]}
    try:
        read_case(document, known.library)
    except InputError as error:
        return {"case": document.data, "problems": [problem(p) for p in error.problems]}
    return {"case": document.data, "problems": []}


def saved(data: dict[str, Any]) -> dict[str, Any]:
    """The document of `POST /api/case/save`."""
    return {"yaml": dump(data)}


def problem(p: Fault) -> dict[str, Any]:
    return {"message": p.message, "path": p.path, "line": p.line, "column": p.column}


def _problem(text: str) -> dict[str, Any]:
    return problem(Fault(text))
