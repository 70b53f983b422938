"""Every value of a compound with its place: for evidence tables, audits and fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from clearway.library.compound import Compound, Value

NAMED = {"paths": "by", "acts_on": "on", "transport": "by", "uptake": "by", "binds": "target"}
"""Lists whose items are told apart by a name rather than by number."""


def values(compound: Compound) -> Iterator[tuple[str, Value]]:
    """(place, value) of everything in the file, e.g. ('acts_on[CYP3A4].inactivation.kinact', Value(…)).

    Two entries of one enzyme (liver and gut) are told apart by `where`.
    """
    yield from _walk(compound, "")


def _walk(item: Any, place: str) -> Iterator[tuple[str, Value]]:
    if isinstance(item, Value):
        yield place, item
    elif is_dataclass(item):
        for f in fields(item):
            child = getattr(item, f.name)
            here = f"{place}.{f.name}" if place else f.name
            if isinstance(child, list):
                for i, entry in enumerate(child):
                    yield from _walk(entry, f"{here}[{_label(entry, f.name, i)}]")
            elif isinstance(child, dict):
                for key, entry in child.items():
                    yield from _walk(entry, f"{here}.{key}")
            else:
                yield from _walk(child, here)


def _label(entry: Any, name: str, i: int) -> str:
    key = NAMED.get(name)
    if key is None or not hasattr(entry, key):
        return str(i)
    where = getattr(entry, "where", "both")
    return str(getattr(entry, key) + (f"@{where}" if where not in ("both", None) else ""))
