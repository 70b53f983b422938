"""Troughs against the concentrations that a virus, or tolerance, asks for (library/data/thresholds.yaml).

A threshold is a population's: passing it predicts response better than chance, not in one person. No dose follows from it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from clearway.answers.words import number
from clearway.exposure.compare import Answer
from clearway.exposure.targets import Target
from clearway.library import Library
from clearway.units import convert

UPPER = "upper limit"
"""The kind that a peak must stay below; a trough must stay above all others."""


def against(library: Library, answers: Sequence[tuple[Target, Answer, bool]]) -> list[dict[str, Any]]:
    """One row a threshold of each measured compound that is dosed repeatedly: (target, answer, is it dosed repeatedly)."""
    found = []
    for target, answer, repeated in answers:
        if repeated:
            found += [_row(target, answer, row, limit) for row, limit in limits(library, target)]
    return [row for row in found if row]


def limits(library: Library, target: Target) -> list[tuple[dict[str, Any], float]]:
    """The library's thresholds of a target, each in ng/mL; none of the sum of a racemate's halves."""
    mine = [row for row in library.thresholds if target.compounds == (row["compound"],)]
    return [(row, convert(float(row["value"]), row["unit"], "ng/mL", molar_mass=target.molar_mass)) for row in mine]


def _row(target: Target, answer: Answer, row: dict[str, Any], limit: float) -> dict[str, Any]:
    upper = row["kind"] == UPPER
    before, after = (
        (e.cmax if upper else e.cmin) * target.molar_mass for e in (answer.ratio.control, answer.ratio.test)
    )
    if not (math.isfinite(before) and math.isfinite(after)):
        return {}
    met = [c <= limit if upper else c >= limit for c in (before, after)]
    return {
        "compound": target.compounds[0], "kind": row["kind"], "threshold": limit, "unit": "ng/mL", "of": "Cmax" if upper else "Cmin",
        "control": before, "test": after, "control_met": met[0], "test_met": met[1], "source": row.get("source") or "",
        "evidence": row["evidence"], "note": row.get("note") or row.get("because") or "",
    }  # fmt: skip


def sentence(row: dict[str, Any], label: str) -> str:
    """What the row says: 'Cmin of Rilpivirine: 80 → 20 ng/mL against 50 (minimum effective concentration): no longer met.'"""
    said = {(1, 1): "met in both", (1, 0): "no longer met", (0, 1): "met only with it", (0, 0): "met in neither"}
    values = f"{number(row['control'])} → {number(row['test'])} ng/mL against {number(row['threshold'])}"
    return f"{label}: {row['of']} {values} ({row['kind']}): {said[row['control_met'], row['test_met']]}."
