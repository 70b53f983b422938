"""YAML files → `Library`, with every error placed at file, line and column."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from clearway.errors import InputError, Problem
from clearway.library import checks
from clearway.library._usual import check_row
from clearway.library.compound import Compound, Evidence
from clearway.library.document import Document, Key, read_document
from clearway.library.library import Library
from clearway.library.products import Product
from clearway.library.schema import build, build_product

_DATA_LIMIT = 5_000_000
CALIBRATED = "calibrated.json"
"""Clearances found by root-finding, with the fingerprint of what they depend on (`clearway.model.stored`)."""


def load_folder(folder: Path, *, base: Library | None = None, strict: bool = True) -> Library:
    """Read a folder laid out like `library/data`; `base` is extended (its compounds may be replaced).

    Raises `InputError` listing every problem of every file; with `strict=False` the faulty files are left out.
    """
    library, problems = read_folder(folder, base=base)
    if problems and strict:
        raise InputError(problems)
    return library


def read_folder(folder: Path, *, base: Library | None = None) -> tuple[Library, list[Problem]]:
    """The library of a folder as far as it can be read, and everything wrong with it."""
    if not folder.is_dir():
        raise InputError(Problem("no such folder (give a folder with compound files)", str(folder)))
    library = dataclasses.replace(
        base or Library(),
        compounds=dict(base.compounds) if base else {},
        products=dict(base.products) if base else {},
        references=dict(base.references) if base else {},
        files=dict(base.files) if base else {},
        _names={},
    )
    problems: list[Problem] = []
    own: set[str] = set()
    for path in _reference_files(folder):
        problems += _read_references(path, library, own)
    for attribute in ("enzymes", "genotypes"):
        path = folder / f"{attribute}.yaml"
        if path.exists():
            document = _document(path, problems)
            if document:
                setattr(library, attribute, document.data)
                problems += _check_raw(document, document.data, (), library.references)
    for path in sorted((folder / "physiology").glob("*.yaml")):
        document = _document(path, problems)
        if document:
            library.physiology = {**library.physiology, path.stem: document.data}
            problems += _check_raw(document, document.data, (), library.references)
    path = folder / "thresholds.yaml"
    if path.exists() and (document := _document(path, problems)):
        library.thresholds = [*library.thresholds, *document.data["thresholds"]]
        problems += _check_raw(document, document.data, (), library.references)
    stored = folder / CALIBRATED
    if stored.exists():
        library.calibrated = json.loads(stored.read_text(encoding="utf-8"))
    documents: dict[str, Document] = {}
    for path in _compound_files(folder, has_layout=(folder / "compounds").is_dir()):
        document = _document(path, problems)
        if document is None:
            continue
        found, wrong = load_compound(document)
        problems += wrong
        if found is None:
            continue
        if found.compound in documents:
            text = f"compound {found.compound!r} stands in two files (also {documents[found.compound].file})"
            problems.append(document.problem(("compound",), text))
            continue
        documents[found.compound] = document
        library.compounds[found.compound] = found
        library.files[found.compound] = document.file
    problems += list(_check_library(library, documents))
    sold: set[str] = set()
    for path in [*folder.glob("products.yaml"), *sorted((folder / "products").glob("*.yaml"))]:
        problems += _read_products(path, library, sold)
    path = folder / "usual.yaml"
    if path.exists() and (document := _document(path, problems)):
        problems += _read_usual(document, library)
    library.compounds = dict(sorted(library.compounds.items()))
    return library, problems


def load_compound(document: Document) -> tuple[Compound | None, list[Problem]]:
    """One compound file: form, ranges and units (names are checked against the whole library later)."""
    compound, problems = build(document)
    if compound is None:
        return None, problems
    problems += [document.problem(path, text) for path, text in checks.check_form(compound)]
    problems += [document.problem(path, text) for path, text in checks.check_clearance(compound.elimination.clearance)]
    stem = Path(document.file).stem
    if compound.compound != stem and document.file.endswith((".yaml", ".yml")):
        problems.append(document.problem(("compound",), f"must be the file's name ({compound.compound!r}; file {stem!r})"))
    return compound, problems


def _check_library(library: Library, documents: dict[str, Document]) -> Iterator[Problem]:
    enzymes = _enzyme_ids(library.enzymes)
    known = {"references": library.references, "enzymes": enzymes, "compounds": library.compounds, "pumps": _pumps(library.enzymes)}
    for name, document in documents.items():
        found = checks.check_names(library.compounds[name], **known)
        for path, text in found:
            yield document.problem(path, text)


def _check_raw(document: Document, data: Any, path: Key, references: dict[str, Any]) -> list[Problem]:
    """Values in the raw tables (enzymes, genotypes, physiology): a source that resolves, a reason if assumed."""
    problems: list[Problem] = []
    if isinstance(data, dict):
        source, evidence = data.get("source"), data.get("evidence")
        if isinstance(source, str) and source not in references:
            near = checks.nearest(source, references)
            problems.append(document.problem(path, f"unknown source ({source!r}{near}; add it to references)"))
        if evidence is not None and evidence not in get_args(Evidence):
            problems.append(document.problem(path, f"evidence not accepted ({evidence!r}; one of {', '.join(get_args(Evidence))})"))
        if evidence == "assumed" and "value" in data and not data.get("because"):
            problems.append(document.problem(path, "assumed without a reason (add 'because: …')"))
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, child in items:
        if isinstance(child, dict | list):
            problems += _check_raw(document, child, (*path, key), references)
    return problems


def _enzyme_ids(enzymes: dict[str, Any]) -> set[str]:
    """Ids in enzymes.yaml, whether they stand at the top, under `enzymes` or `transporters`."""
    ids = {k for k, v in enzymes.items() if isinstance(v, dict)}
    for group in ("enzymes", "transporters"):
        inner = enzymes.get(group)
        if isinstance(inner, dict):
            ids |= set(inner)
    return ids


def _pumps(enzymes: dict[str, Any]) -> set[str]:
    """Transporters that stand in several organs."""
    return {name for name, entry in enzymes.get("transporters", {}).items() if "where" not in entry}


def _document(path: Path, problems: list[Problem]) -> Document | None:
    try:
        return read_document(path, max_bytes=_DATA_LIMIT)
    except InputError as error:
        problems += error.problems
        return None


def _reference_files(folder: Path) -> list[Path]:
    single = folder / "references.yaml"
    return ([single] if single.exists() else []) + sorted((folder / "references.d").glob("*.yaml"))


def _compound_files(folder: Path, *, has_layout: bool) -> list[Path]:
    if has_layout:
        return sorted((folder / "compounds").rglob("*.yaml"))
    reserved = {"references.yaml", "products.yaml", "enzymes.yaml", "genotypes.yaml", "thresholds.yaml", "usual.yaml"}
    return [p for p in sorted(folder.rglob("*.yaml")) if p.name not in reserved and p.parent.name not in ("references.d", "products")]


def _read_references(path: Path, library: Library, own: set[str]) -> list[Problem]:
    problems: list[Problem] = []
    document = _document(path, problems)
    if document is None:
        return problems
    if not isinstance(document.data, dict):
        return [*problems, document.problem((), "a mapping of key: {title, year, …} is needed")]
    for key, entry in document.data.items():
        if key == "format":
            continue
        if not isinstance(entry, dict):
            problems.append(document.problem((key,), "a mapping is needed ({title: …, year: …, read: …})"))
            continue
        if key in own:
            problems.append(document.problem((key,), f"duplicate reference key {key!r} (keep one, or rename one)"))
        if not entry.get("title"):
            problems.append(document.problem((key,), "no title (add it)"))
        own.add(key)
        library.references[key] = entry
    return problems


def _read_products(path: Path, library: Library, own: set[str]) -> list[Problem]:
    problems: list[Problem] = []
    document = _document(path, problems)
    if document is None or not isinstance(document.data, dict):
        return problems
    for key in document.data.get("products", {}):
        if key in own:
            problems.append(document.problem(("products", key), f"product {key!r} stands in two files (keep one)"))
            continue
        own.add(key)
        product, wrong = build_product(document, key)
        problems += wrong
        if product is not None:
            library.products[key] = product
            problems += list(_check_product(product, document, library))
    return problems


def _read_usual(document: Document, library: Library) -> list[Problem]:
    """Adds the rows that are right to the library's, so that a user's own replace those of the same id."""
    rows = document.data.get("usual") if isinstance(document.data, dict) else None
    if not isinstance(rows, dict):
        return [document.problem((), "a mapping 'usual: {id: {dose: …, route: …, every: …}}' is needed")]
    found = {name: [document.problem(("usual", name), text) for text in check_row(name, row, library)] for name, row in rows.items()}
    library.usual = {**library.usual, **{name: row for name, row in rows.items() if not found[name]}}
    return [*(problem for wrong in found.values() for problem in wrong), *_check_raw(document, rows, ("usual",), library.references)]


def _check_product(product: Product, document: Document, library: Library) -> Iterator[Problem]:
    where = ("products", product.product)
    total = sum(p.fraction.value for p in product.parts if p.fraction)
    if product.kind == "racemate" and abs(total - 1) > 1e-9:
        yield document.problem(where, f"parts of a racemate sum to {total:g} (must be 1)")
    for path, _, _, value in checks.values(product, where):
        if value.source and value.source not in library.references:
            near = checks.nearest(value.source, library.references)
            yield document.problem(path, f"unknown source ({value.source!r}{near}; add it to references)")
        if value.evidence == "assumed" and not value.because:
            yield document.problem(path, "assumed without a reason (add 'because: …')")
        if not 0 < value.value < 1e5:
            yield document.problem(path, f"out of range ({value.value:g}; must be positive)")
