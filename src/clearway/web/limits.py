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
    doses, drugs = sum(len(e.times_h) for e in case.test.entries), len({e.product for e in case.test.entries})
    for text in (
        f"too many doses for the page ({doses:,}; at most {MAX_DOSES:,})" if doses > MAX_DOSES else "",
        f"too many drugs for the page ({drugs}; at most {MAX_DRUGS})" if drugs > MAX_DRUGS else "",
        f"too long for the page ({case.duration_h / 24:.0f} days; at most {MAX_DAYS:.0f})" if case.duration_h > 24 * MAX_DAYS else "",
    ):
        if text:
            raise InputError(Problem(f"{text}; 'clearway compare' has no such limit", path="regimen"))
    return case


def entries(data: dict[str, Any]) -> None:
    """Refuse very long regimens before they are expanded. Raises InputError."""
    rows = [row for arm in ("regimen", "compare") if isinstance(data.get(arm), list) for row in data[arm]]
    if len(rows) > MAX_ENTRIES:
        raise InputError(Problem(f"too many entries for the page ({len(rows)}; at most {MAX_ENTRIES})", path="regimen"))
    asked = sum(_asked(row) for row in rows if isinstance(row, dict))
    if asked > MAX_DOSES:
        text = f"too many doses for the page ({asked:,}; at most {MAX_DOSES:,}); 'clearway compare' has no such limit"
        raise InputError(Problem(text, path="regimen"))


def _asked(row: dict[str, Any]) -> int:
    """Doses that an entry names by a number or a list; others are counted when they are expanded."""
    doses, count = row.get("doses"), row.get("count")
    listed = len(doses) if isinstance(doses, list) else 0
    return max(listed, count if isinstance(count, int) else 0)
