"""The table of usual doses (usual.yaml): what a row must have. Whether a dose can be read is for `regimen` to say; a test does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clearway.library import checks
from clearway.library.library import Library

FIELDS = ("label", "dose", "route", "every", "source", "evidence", "because", "note")


def check_row(name: str, row: Any, library: Library) -> Iterator[str]:
    """Everything wrong with the row of one product or compound, in words; sources are looked up by the loader."""
    if name not in library.products and name not in library.compounds:
        near = checks.nearest(name, [*library.products, *library.compounds])
        yield f"unknown id ({name!r}{near}; write the id of a product or compound, not its name)"
        return
    if not isinstance(row, dict):
        yield "a mapping is needed ({dose: 60 mg, route: oral, every: 24 h, source: KEY})"
        return
    for key, value in row.items():
        if key not in FIELDS:
            yield f"unknown field ({key!r}{checks.nearest(str(key), FIELDS)}; allowed: {', '.join(FIELDS)})"
        elif not (isinstance(value, str) and value) and not (key == "every" and value is None):
            yield f"'{key}' must be a text ({value!r})"
    if "dose" not in row:
        if set(row) - {"label", "note"}:
            yield "no 'dose' (add it, or keep only 'label' and 'note')"
        return
    if "route" not in row or "every" not in row:
        yield "'route' and 'every' are needed with a dose (every: null is a single dose)"
    elif not _has_route(str(row["route"]), name, library):
        yield f"no parameters for this route ({name} {row['route']})"
    if ("source" in row) == ("because" in row):
        yield "say where the dose comes from: 'source', or 'evidence: assumed' with 'because'"
    elif "because" in row and row.get("evidence") != "assumed":
        yield "'because' is the reason of an assumption (add 'evidence: assumed')"


def _has_route(route: str, name: str, library: Library) -> bool:
    return all(library.compounds[c].absorption.has(route) for c in library.parts(name))
