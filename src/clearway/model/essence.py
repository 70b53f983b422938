"""What of a compound or a product its clearance can depend on: numbers and structure, without names, sources and notes.

So that a corrected citation or a new brand name does not ask for 191 clearances to be found anew.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

WITHOUT = frozenset({
    "name", "classes", "identifiers", "schedules", "synonyms", "brands", "note", "people",
    "source", "evidence", "because", "fitted_to", "low", "high", "conflicts",
})  # fmt: skip
"""Fields that move no typical value; `low`, `high` and `evidence` belong to the spread about it."""


def essence(item: Any) -> str:
    """A text that is the same for items that give the same clearances."""
    if is_dataclass(item):
        told = ((f.name, getattr(item, f.name)) for f in fields(item) if f.name not in WITHOUT)
        return "(" + ",".join(f"{name}={essence(value)}" for name, value in told if value not in (None, [], {}, "")) + ")"
    if isinstance(item, dict):
        return "{" + ",".join(f"{key}:{essence(value)}" for key, value in item.items()) + "}"
    if isinstance(item, list | tuple):
        return "[" + ",".join(map(essence, item)) + "]"
    return repr(item)
