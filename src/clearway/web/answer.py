"""An answer as the page shows it: `clearway.compare/1` with its rows and curves; of one arm alone, what there is of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from clearway.answers import Comparing, Running
from clearway.answers.curves import Curves
from clearway.answers.plain import plain
from clearway.answers.support import support
from clearway.exposure.nca import Floats
from clearway.exposure.targets import Read

DIGITS = 5
"""Significant figures of a curve: more than a screen can show, and half of the bytes."""


def compared(answer: Comparing) -> dict[str, Any]:
    """The document of the events `answer` and `reverse`; what the ratios hang on most comes later, since it takes longest."""
    found = answer.to_dict(sensitive=False)
    del found["format"]
    return found | {"rows": [_row(r.read) for r in answer.rows], "curves": _curves(answer.curves())}


def alone(answer: Running) -> dict[str, Any]:
    """A case that compares nothing, in the same shape: everything stands in the test arm."""
    said, behind = answer.to_dict(), support(answer)
    exposure = {
        name: {"route": e["route"], "window": e["window"], "control": None, "test": {k: v for k, v in e.items() if k not in _OF_RUN}}
        for name, e in said["exposure"].items()
    }
    nothing: dict[str, Any] = {"ratios": [], "attribution": {}, "flags": [], "no_study": [], "most_sensitive_to": {}}
    return nothing | {
        "title": said["title"], "answer": [], "exposure": exposure, "rows": [_row(r.read) for r in answer.rows],
        "evidence": behind["evidence"], "thresholds": behind["thresholds"], "studies": [], "unknown": behind["unknown"],
        "warnings": said["warnings"], "curves": _curves(answer.curves),
    }  # fmt: skip


_OF_RUN = ("route", "window", "dose_mg", "clearance", "clearance_is", "clearance_unit")


def _row(read: Read) -> dict[str, Any]:
    t, window = read.target, read.test.window
    return {
        "name": t.name, "label": t.label, "part_of": t.part_of, "route": t.route, "main": not t.part_of,
        "window": {"start": window.start, "end": window.end},
    }  # fmt: skip


def _curves(drawn: Curves) -> dict[str, Any]:
    names = {"run": "test"}

    def arms(rows: dict[str, Floats]) -> dict[str, Any]:
        return {names.get(arm, arm): short(values) for arm, values in rows.items()}

    return {
        "times": short(drawn.times, DIGITS + 2),
        "plasma": {name: arms(rows) for name, rows in drawn.plasma.items()},
        "activity": [{"enzyme": e, "organ": o, **arms(rows)} for (e, o), rows in drawn.activity.items()],
    }


def short(values: Floats, digits: int = DIGITS) -> list[float]:
    """Rounded to significant figures."""
    size = np.where(values == 0.0, 1.0, np.abs(values))
    scale = 10.0 ** (digits - 1 - np.floor(np.log10(np.where(np.isfinite(size), size, 1.0))))
    return plain((np.round(values * scale) / scale).tolist())  # type: ignore[no-any-return]
