"""Flags for opioid agonists: does the change of the trough make withdrawal or sedation possible?

Bands and anchors are data (library/data/flags.yaml), each anchor a clinical observation with its source. No dose
follows from a flag: the anchors themselves show that need and ratio do not go together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

from clearway.answers.words import number
from clearway.exposure.compare import Answer
from clearway.exposure.targets import Target
from clearway.library import Library
from clearway.library.library import DATA

FILE = DATA / "flags.yaml"
STEADY = 0.05
"""A change within 5 % raises no flag."""


@cache
def rules() -> dict[str, Any]:
    """The flag file; read only when an opioid is in the case."""
    from clearway.library.document import read_document

    data: dict[str, Any] = read_document(FILE).data
    return data


def opioid(library: Library, target: Target) -> bool:
    """An opioid agonist, or a racemate that holds one."""
    return any("opioid agonist" in library.compounds[c].classes for c in target.compounds)


def flags(library: Library, answers: Sequence[tuple[Target, Answer, bool]]) -> list[dict[str, Any]]:
    """One flag per opioid product: (target, answer, is it dosed repeatedly). Halves are judged by their sum."""
    found = []
    for target, answer, repeated in answers:
        if target.part_of or not opioid(library, target):
            continue
        flag = judge(target, answer, repeated)
        if flag:
            found.append(flag)
    return found


def judge(target: Target, answer: Answer, repeated: bool) -> dict[str, Any] | None:
    """The band that the change falls in: the trough of a maintained opioid, the exposure of a single dose."""
    basis = "trough (Cmin)" if repeated else "exposure (AUC)"
    ratio = answer.ratio.cmin if repeated else answer.ratio.auc
    if not math.isfinite(ratio) or ratio <= 0 or abs(ratio - 1.0) <= STEADY:
        return None
    data = rules()
    effect = "withdrawal" if ratio < 1.0 else "sedation"
    if effect == "withdrawal" and not repeated:
        return None  # a single dose keeps no one out of withdrawal
    block = data[effect]
    band = next(b for b in block["bands"] if _inside(ratio, b))
    headline = f"{target.label}: {effect} {band['expected']}, as the {basis} changes × {number(ratio)}."
    anchors = [_anchor(data["anchors"][k]) for k in band["anchors"]]
    return {
        "compound": target.name,
        "effect": effect,
        "expected": band["expected"],
        "basis": basis,
        "ratio": ratio,
        "text": f"{headline} {band['because']}",
        "headline": headline,
        "because": band["because"],
        "anchors": anchors,
        "limits": list(block["limits"]),
        "no_dose_rule": data["no_dose_rule"],
    }


def _inside(ratio: float, band: dict[str, Any]) -> bool:
    return float(band.get("above", 0.0)) <= ratio < float(band.get("below", math.inf))


def _anchor(raw: dict[str, Any]) -> dict[str, Any]:
    return {"study": raw["study"], "change": raw["change"], "outcome": raw["outcome"], "source": raw["source"]}
