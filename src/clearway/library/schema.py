"""Validation of compound files: short forms expanded, then pydantic over the dataclasses of `compound.py`.

A value may be short (`logp: 2.9`, `molar_mass: 325.8 g/mol`) and then inherits `source`, `evidence` and
`because` of the nearest enclosing block. `expand` makes every value long before the validator sees it, so that
the typed form knows one form only.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import types
import typing
from pathlib import Path
from typing import Any

from clearway.errors import Problem, UnitError
from clearway.library import compound as _c
from clearway.library import products as _p
from clearway.library.compound import Compound, Value
from clearway.library.document import Document, Key
from clearway.library.products import Product
from clearway.units import parse

INHERITED = ("source", "evidence", "because")


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _strip_optional(hint: Any) -> Any:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return next(a for a in typing.get_args(hint) if a is not type(None))
    return hint


class _Expander:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def any(self, data: Any, hint: Any, path: Key, block: dict[str, Any]) -> Any:
        hint = _strip_optional(hint)
        origin, args = typing.get_origin(hint), typing.get_args(hint)
        if hint is Value:
            return self.value(data, path, block)
        if isinstance(hint, type) and dataclasses.is_dataclass(hint) and isinstance(data, dict):
            return self.block(data, hint, path, block)
        if origin is list and isinstance(data, list):
            return [self.any(item, args[0], (*path, i), block) for i, item in enumerate(data)]
        if origin is dict and isinstance(data, dict):
            return {key: self.any(item, args[1], (*path, key), block) for key, item in data.items()}
        return data

    def block(self, data: dict[str, Any], cls: type, path: Key, outer: dict[str, Any]) -> dict[str, Any]:
        hints = _hints(cls)
        given = {k: data[k] for k in INHERITED if k in data and k not in hints}
        block = given if "source" in given or "evidence" in given else {**outer, **given}
        if "evidence" in given and "source" not in given and given["evidence"] != "assumed":
            block = {**outer, **given}  # a block may refine the evidence and keep the source around it
        out: dict[str, Any] = {}
        for key, item in data.items():
            if key in given:
                continue
            if item is None and key in hints:  # `acts_on:` with nothing after it
                continue
            out[key] = self.any(item, hints[key], (*path, key), block) if key in hints else item
        return out

    def value(self, data: Any, path: Key, block: dict[str, Any]) -> Any:
        if isinstance(data, bool) or data is None or isinstance(data, list):
            return data
        long: dict[str, Any] = dict(data) if isinstance(data, dict) else {"value": data}
        if isinstance(long.get("value"), str):
            try:
                number, unit = parse(long["value"])
            except UnitError as error:
                self.problems.append(self.document.problem(path, error.problems[0].message))
                return {"value": 1.0, "evidence": "assumed", "because": "unreadable"}
            long["value"] = number
            if unit or "unit" not in long:
                long["unit"] = unit
        if "evidence" not in long:
            if "source" not in long and "source" in block:
                long["source"] = block["source"]
            if "evidence" in block:
                long["evidence"] = block["evidence"]
        elif "source" not in long and long["evidence"] not in ("assumed", "fitted") and "source" in block:
            long["source"] = block["source"]
        if long.get("evidence", "assumed") == "assumed" and "because" not in long and "because" in block:
            long["because"] = block["because"]
        return long


def expand(document: Document) -> tuple[dict[str, Any], list[Problem]]:
    """The document's data with every value in its long form, and what could not be read."""
    if not isinstance(document.data, dict):
        return {}, [document.problem((), "a mapping is needed (start with 'format: clearway.compound/1')")]
    expander = _Expander(document)
    return expander.block(document.data, Compound, (), {}), expander.problems


@functools.cache
def adapter(cls: type = Compound) -> Any:
    """pydantic's TypeAdapter of `Compound` (or `Product`); unknown fields are errors."""
    from pydantic import ConfigDict, TypeAdapter

    for item in [*vars(_c).values(), *vars(_p).values()]:
        if isinstance(item, type) and dataclasses.is_dataclass(item):
            item.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]
    return TypeAdapter(cls)


def build(document: Document) -> tuple[Compound | None, list[Problem]]:
    """The typed compound of a document, or the list of everything wrong with its form."""
    from pydantic import ValidationError

    data, problems = expand(document)
    if problems:
        return None, problems
    try:
        return adapter().validate_python(data), []
    except ValidationError as error:
        return None, [_problem(document, item) for item in error.errors(include_url=False)]


def build_product(document: Document, key: str) -> tuple[Product | None, list[Problem]]:
    """One entry of a file of products, typed."""
    from pydantic import ValidationError

    expander = _Expander(document)
    data = expander.block({"product": key, **document.data["products"][key]}, Product, ("products", key), {})
    if expander.problems:
        return None, expander.problems
    try:
        return adapter(Product).validate_python(data), []
    except ValidationError as error:
        return None, [_problem(document, item, ("products", key)) for item in error.errors(include_url=False)]


def _problem(document: Document, item: Any, prefix: Key = ()) -> Problem:
    """pydantic's message in the house's one-line form."""
    path: Key = (*prefix, *item["loc"])
    kind, given = item["type"], item.get("input")
    if kind == "missing":
        text = "missing (required; add it)"
    elif kind in ("unexpected_keyword_argument", "extra_forbidden"):
        text = "unknown field (misspelt, or not part of this block; see docs/schema)"
    elif kind == "literal_error":
        text = f"not accepted ({given!r}; one of {item['ctx']['expected']})"
    else:
        shown = repr(given) if isinstance(given, str | int | float | bool) or given is None else type(given).__name__
        text = f"{item['msg'][0].lower()}{item['msg'][1:]} ({shown})"
    return document.problem(path, text)


def json_schema() -> dict[str, Any]:
    """JSON Schema of the long form of a compound file, short forms allowed wherever a value stands."""
    schema: dict[str, Any] = adapter().json_schema()
    long = schema["$defs"].pop("Value")
    short = {"type": ["number", "string"], "description": "short form; inherits source and evidence of the block"}
    schema["$defs"]["LongValue"] = long
    long.pop("title", None)
    schema["$defs"]["Value"] = {"anyOf": [{"$ref": "#/$defs/LongValue"}, short]}
    for definition in schema["$defs"].values():
        if "properties" in definition and definition is not long:
            for key in INHERITED:
                definition["properties"].setdefault(key, {"type": "string"})
    schema["$id"] = "clearway.compound/1"
    return schema


def export(folder: Path) -> list[Path]:
    """Write the JSON Schemas (compound, case) into `folder`; returns the files."""
    from clearway.regimen.schema import json_schema as case_schema

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in (("clearway.compound-1.json", json_schema()), ("clearway.case-1.json", case_schema())):
        path = folder / name
        path.write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        written.append(path)
    return written
