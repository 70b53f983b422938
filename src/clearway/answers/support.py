"""What stands behind a run: the values that its exposures rest on, thresholds, studies of each drug alone, what is unknown."""

from __future__ import annotations

import math
from typing import Any

from clearway.answers import evidence, studies, thresholds, unknown
from clearway.answers.plain import plain
from clearway.answers.running import Running
from clearway.exposure.arms import Ratio
from clearway.exposure.compare import Answer
from clearway.exposure.mechanisms import enzymes_of


def support(answer: Running) -> dict[str, Any]:
    """`evidence` and `thresholds` as in a comparison (a threshold's `control` and `test` are both this arm), `unknown`, and
    `alone`: how the model stands against studies of each drug alone."""
    p = answer.prepared
    dosed = p.case.test.drugs
    enzymes = sorted(enzymes_of([p.model.kinetics(c) for c in dosed]))
    rows = _basis(answer, dosed, enzymes)
    doers = list(dict.fromkeys(r.compound for r in rows if r.enzyme and not r.what.startswith(("share", "Km"))))
    names = [k.name for k in answer.simulation.assembled.compounds]
    found = {
        "evidence": evidence.document(p.model, names, rows),
        "thresholds": thresholds.against(p.library, _one_arm(answer)),
        "alone": [_alone(name) for name in dosed if studies.alone(name)],
        "unknown": _unknown(answer, rows, enzymes, doers, dosed),
    }
    return plain(found)  # type: ignore[no-any-return]


def _basis(answer: Running, dosed: list[str], enzymes: list[str]) -> list[evidence.Basis]:
    """Clearance and shares of what is taken, and what the drugs do to each other's enzymes; each value once, by compound."""
    p = answer.prepared
    rows = evidence.basis(p.model, p.library, dosed, [], enzymes)
    for name in dosed:
        others = sorted(enzymes_of([p.model.kinetics(c) for c in dosed if c != name]))
        rows += evidence.basis(p.model, p.library, [], [name], others)
    return sorted(dict.fromkeys(rows), key=lambda r: dosed.index(r.compound))


def _one_arm(answer: Running) -> list[tuple[Any, Answer, bool]]:
    """A run as a comparison with itself, which is what the thresholds read."""
    found = []
    for r in answer.rows:
        same = Ratio(r.read.target.name, 1.0, 1.0, 1.0, r.exposure, r.exposure)
        found.append((r.read.target, Answer(same, math.nan, math.nan, ()), r.read.test.window.kind == "tau"))
    return found


def _alone(name: str) -> dict[str, Any]:
    rows = studies.alone(name)
    return {
        "compound": name,
        "figures": len(rows),
        "independent": sum(bool(r["independent"]) for r in rows),
        "within": sum(not r["miss"] for r in rows),
        "rows": rows,
    }


def _unknown(answer: Running, rows: list[evidence.Basis], enzymes: list[str], doers: list[str], dosed: list[str]) -> list[str]:
    said = unknown.of_values(answer.case, answer.prepared.model, rows, enzymes, doers, dosed)
    said += [f"No study of {name} alone is in the qualification set." for name in dosed if not studies.alone(name)]
    if len(dosed) > 1:
        said.append("What the drugs do to each other is part of these figures; a comparison tells how much of it each one causes.")
    return [*said, "These are one typical person's figures, without an interval: people differ, and so does what is known of each value."]
