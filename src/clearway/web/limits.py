"""What one request may ask for. Beyond these the command line, which has no limits but the machine's, is the way."""

from __future__ import annotations

from typing import Any

from clearway.errors import InputError, Problem
from clearway.library import Library
from clearway.library.document import Document
from clearway.regimen import Case
from clearway.regimen.case import read_case

MAX_BYTES = 256_000
"""Of a request's body."""

MAX_DEPTH = 40
"""Levels of a JSON text."""

MAX_ENTRIES = 60
"""Lines of a regimen, both lists together."""

MAX_DRUGS = 25
MAX_DOSES = 4_000
MAX_DAYS = 1_100.0
"""Three years: injections every half a year are taken so long."""
MAX_SUBJECTS = 2_000

BODY_SECONDS = 15.0
"""Until a body must have come."""

WORK_SECONDS = 120.0
"""Of one simulation; looked at between its stages."""

AT_ONCE = 2
"""Simulations that run at the same time."""

WAITING = 6
"""Simulations that may wait for their turn; one more is told to come back later."""


def case_of(data: dict[str, Any], library: Library) -> Case:
    """The checked case of a request. Raises InputError with every problem, or naming the limit that it is beyond."""
    entries(data)
    case = read_case(Document("", data), library)
    _at_most("doses", sum(len(e.times_h) for e in case.test.entries), MAX_DOSES)
    _at_most("drugs", len({e.product for e in case.test.entries}), MAX_DRUGS)
    _at_most("days", case.duration_h / 24.0, MAX_DAYS)
    return case


def entries(data: dict[str, Any]) -> None:
    """Refuse very long regimens before they are expanded. Raises InputError."""
    rows = [row for arm in ("regimen", "compare") if isinstance(data.get(arm), list) for row in data[arm]]
    _at_most("entries", len(rows), MAX_ENTRIES)
    _at_most("doses", sum(_asked(row) for row in rows if isinstance(row, dict)), MAX_DOSES)


def _at_most(what: str, number: float, most: float) -> None:
    if number > most:
        text = f"too many {what} for the page ({number:,.0f}; at most {most:,.0f}); 'clearway compare' has no such limit"
        raise InputError(Problem(text, path="regimen"))


def _asked(row: dict[str, Any]) -> int:
    """Doses that an entry names by a number or a list; others are counted when they are expanded."""
    doses, count = row.get("doses"), row.get("count")
    listed = len(doses) if isinstance(doses, list) else 0
    return max(listed, count if isinstance(count, int) else 0)
