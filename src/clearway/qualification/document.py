"""A qualification as JSON data: `clearway.qualify/1`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from clearway.qualification.figures import guest
from clearway.qualification.runner import ArmResult, Qualification

FORMAT = "clearway.qualify/1"

GROUPS: dict[str, Callable[[ArmResult], str]] = {
    "perpetrator": lambda a: a.perpetrator,
    "victim": lambda a: a.victim,
    "mechanism": lambda a: a.mechanism,
    "route": lambda a: a.route,
}


def fold(a: ArmResult) -> float:
    """How far the prediction is off, as a factor of at least 1."""
    return math.exp(abs(math.log(a.predicted / a.observed)))


def document(q: Qualification, tolerance: dict[str, Any] | None = None) -> dict[str, Any]:
    """Figures, arms (worst first) and what was skipped. `tolerance`: the outcome of the check with halved tolerances."""
    ours, theirs = q.peer()
    found: dict[str, Any] = {
        "format": FORMAT,
        "headline": asdict(q.headline()),
        "no_effect": asdict(q.no_effect()),
        "fitted": asdict(q.fitted()),
        "peer": {"ours": asdict(ours), "theirs": asdict(theirs)},
        "by": {name: {k: asdict(f) for k, f in q.by(key).items()} for name, key in GROUPS.items()},
        "arms": [arm_document(a) for a in sorted(q.arms, key=fold, reverse=True)],
        "skipped": [{"id": i, "reason": why} for i, why in q.skipped],
        "mass_balance": max((a.mass_balance for a in q.arms), default=None),
    }
    if tolerance is not None:
        found["tolerance"] = tolerance
    return found


def arm_document(a: ArmResult) -> dict[str, Any]:
    return {**asdict(a), "fold": fold(a), "guest": guest(a.predicted, a.observed)}
