"""FHIR JSON text → the resources that matter, each checked by the R4B model; nothing of a person leaves this module in a message."""

from __future__ import annotations

import importlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from clearway.errors import InputError, Problem

MAX_BYTES = 5_000_000
MAX_DEPTH = 60
MAX_ENTRIES = 5_000
READ = ("MedicationStatement", "Medication", "Patient")
INSTALL = "reading FHIR needs the package fhir.resources, which is not installed (pip install 'fhir.resources>=8')"


@dataclass
class Bundle:
    """`statements` by their number in the bundle (from 1); `medications` by every name they are referred to with."""

    statements: dict[int, dict[str, Any]] = field(default_factory=dict)
    medications: dict[str, dict[str, Any]] = field(default_factory=dict)
    patients: list[dict[str, Any]] = field(default_factory=list)
    invalid: dict[int, str] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)

    def hide(self, text: str, most: int = 60) -> str:
        """Text of the document without the names and identifiers of the people in it, and short."""
        shown = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        for secret in sorted(self._secrets(), key=len, reverse=True):
            shown = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "…", shown, flags=re.IGNORECASE)
        return shown if len(shown) <= most else shown[: most - 1] + "…"

    def _secrets(self) -> set[str]:
        found: set[str] = set()
        for patient in self.patients:
            for name in patient.get("name", ()):
                words = [name.get("family"), name.get("text"), *name.get("given", ())]
                found |= {part for w in words if w for part in (str(w), *str(w).split())}
            rows = [*patient.get("identifier", ()), *patient.get("telecom", ())]
            found |= {str(r["value"]) for r in rows if r.get("value")} | {str(patient.get("id", "")), str(patient.get("birthDate", ""))}
        found |= {str(s["subject"].get("display", "")) for s in self.statements.values() if s.get("subject")}
        return {f.strip() for f in found if len(f.strip()) > 1}


def read_bundle(text: str, file: str) -> Bundle:
    """The bundle of a JSON text. Raises `InputError` for what is no FHIR R4 bundle, too large or too deep."""
    if len(text) > MAX_BYTES:
        raise InputError(Problem(f"too big (at most {MAX_BYTES // 1_000_000} MB)", file))
    data = _without_nulls(_json(text, file))
    if not isinstance(data, dict) or data.get("resourceType") != "Bundle":
        raise InputError(Problem('is no FHIR bundle (needs a JSON object with "resourceType": "Bundle")', file))
    entries = data.get("entry", [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise InputError(Problem("is no FHIR bundle ('entry' must be a list of objects)", file, path="entry"))
    if len(entries) > MAX_ENTRIES:
        raise InputError(Problem(f"too many entries ({len(entries)}; at most {MAX_ENTRIES})", file, path="entry"))
    found, models = Bundle(), _models()
    for number, entry in enumerate(entries, 1):
        resource = entry.get("resource")
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        if not isinstance(resource, dict) or kind not in READ:
            name = kind if isinstance(kind, str) and re.fullmatch(r"[A-Z][A-Za-z]{2,40}", kind) else "unnamed"
            found.others[name] = found.others.get(name, 0) + 1
        elif wrong := _wrong(models[kind], resource):
            found.invalid[number] = f"{kind}: {wrong}"
        elif kind == "MedicationStatement":
            found.statements[number] = resource
        elif kind == "Patient":
            found.patients.append(resource)
        else:
            for name in (entry.get("fullUrl"), f"Medication/{resource.get('id')}"):
                if isinstance(name, str):
                    found.medications[name] = resource
    return found


def _json(text: str, file: str) -> Any:
    def refuse(constant: str) -> Any:
        raise ValueError(f"{constant} is no JSON number")

    try:
        data = json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise InputError(Problem(f"not valid JSON ({error.msg})", file, error.lineno, error.colno)) from None
    except (ValueError, RecursionError):
        raise InputError(Problem(f"not valid JSON (NaN, a number too long, or nested beyond {MAX_DEPTH} levels)", file)) from None
    level, depth = [data], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise InputError(Problem(f"nested too deeply (at most {MAX_DEPTH} levels)", file))
        level = [v for x in level if isinstance(x, dict | list) for v in (x.values() if isinstance(x, dict) else x)]
    return data


def _without_nulls(data: Any) -> Any:
    """An empty field is one that is not there."""
    if isinstance(data, dict):
        return {k: _without_nulls(v) for k, v in data.items() if v is not None}
    return [_without_nulls(v) for v in data if v is not None] if isinstance(data, list) else data


def _models() -> dict[str, Any]:
    """The R4B classes: an R4 document does not read as R5, the package's default."""
    try:
        return {name: getattr(importlib.import_module(f"fhir.resources.R4B.{name.lower()}"), name) for name in READ}
    except ImportError:
        raise InputError(INSTALL) from None


def _wrong(model: Any, resource: dict[str, Any]) -> str:
    """Where a resource breaks the R4B model. Only the place: what stands there may be of a person."""
    try:
        model.model_validate(resource)
    except RecursionError:
        return "nested too deeply"
    except (ValueError, TypeError, AssertionError, LookupError, AttributeError) as error:  # the model lets all of these through
        places = [".".join(str(p) for p in e["loc"])[:60] for e in error.errors()] if hasattr(error, "errors") else []
        known = [p for p in places if re.fullmatch(r"[A-Za-z0-9_.\[\]]+", p)]
        return f"is not valid FHIR R4 (at {', '.join(known[:3]) or 'the resource'})"
    return ""
