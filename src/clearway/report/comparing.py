"""What the report of a comparison shows, charts as SVG text."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from clearway.answers import Comparing, thresholds
from clearway.answers.comparing import Row
from clearway.answers.curves import Curves
from clearway.answers.words import NO_EFFECT, because, join, number
from clearway.report import charts, parts
from clearway.report.svg import Svg

DRAWN = 0.05
"""|ln factor| from which what caused a change is drawn, not only told."""

TOLD = 0.01
"""|ln factor| from which it is told at all."""

WITHIN = 1.5
"""A prediction counts as met within this factor of what was observed."""


def page(answer: Comparing) -> dict[str, Any]:
    """Everything that compare.html asks for."""
    data, drawn = answer.to_dict(), answer.curves()
    done = answer.comparison.simulation
    balance = {name: float(gap.max()) for name, gap in done.mass_balance.items()}
    found = parts.evidence(data["evidence"])
    pictured = [r for r in answer.main if _strength(r) >= DRAWN]
    told = [r for r in answer.answered if _strength(r) >= TOLD and (r.read.target.part_of or _strength(r) < DRAWN)]
    halves = [parts.near(r.read, drawn) for r in answer.answered if r.read.target.part_of]
    return {
        **parts.frame(answer, answer.title, done, balance),
        **found,
        **_sentences(answer),
        "glance": _glance(data, found["rests_on"]),
        "forest": charts.forest([_point(answer, r) for r in answer.answered]),
        "any_observed": any(answer.observed(r) for r in answer.answered),
        "several": len(answer.added) > 1,
        "exposure": list(_exposure(answer, data)),
        "added": join(answer.added),
        "plasma": [parts.course(r.read, drawn) for r in answer.main] + parts.side_by_side(halves),
        "attribution": [_waterfall(r) for r in pictured],
        "told": [parts.bound(f"{r.read.target.label}: {_because(r)}") for r in told],
        **_activity(answer, drawn),
        "flags": data["flags"],
        "studies": [_study(s) for s in data["studies"]],
        "sensitive": data["most_sensitive_to"],
        "thresholds": [
            {"words": thresholds.sentence(t, _label(answer, t["compound"])), "source": t["source"] or t["evidence"], "note": t["note"]}
            for t in data["thresholds"]
        ],
        "unknown": data["unknown"],
    }  # fmt: skip


def _sentences(answer: Comparing) -> dict[str, list[str]]:
    """What changes first, each group in the order of the case; the first sentence is the headline."""
    rows = zip(answer.main, answer.sentences, strict=True)
    told = [(not NO_EFFECT[0] <= r.answer.ratio.auc <= NO_EFFECT[1], parts.bound(s)) for r, s in rows if r.answer]
    said = [s for moves, s in told if moves] + [s for moves, s in told if not moves]
    moving = max(sum(moves for moves, _ in told), 1)
    return {"sentences": said[:moving], "unchanged": said[moving:]}


def _glance(data: dict[str, Any], rests_on: str) -> list[dict[str, Any]]:
    """How sure, in a few words, with the section that says more."""
    studies = data["studies"]
    fitted = sum(bool(s["fitted"]) for s in studies)
    missing = len(data["no_study"])
    words = f"{len(studies)} study arm{'s' * (len(studies) != 1)}" + (f" ({fitted} fitted)" if fitted else "")
    words += f"; {_kept(studies)}" if _loose(studies) else ""
    words += f"; {missing} pair{'s' * (missing != 1)} of this case without one" if missing else ""
    found = [
        {"what": "Clinical studies of this pair", "words": words if studies else "none: nothing measured stands against this answer",
         "to": "studies", "doubt": not studies},
        {"what": "Rests on", "words": rests_on, "to": "evidence", "doubt": False},
        {"what": "Unknown", "words": f"{len(data['unknown'])} points", "to": "unknown", "doubt": False},
    ]  # fmt: skip
    lost = [t["compound"] for t in data["thresholds"] if t["control_met"] and not t["test_met"]]
    if lost:
        found.insert(0, {"what": "Threshold", "words": f"no longer met: {join(lost)}", "to": "thresholds", "doubt": True})
    return found


def _loose(studies: Sequence[dict[str, Any]]) -> list[float]:
    """Predicted/observed of the arms that no value was fitted to."""
    return [s["predicted"] / s["observed"] for s in studies if s["predicted"] and s["observed"] and not s["fitted"]]


def _kept(studies: Sequence[dict[str, Any]]) -> str:
    folds = _loose(studies)
    return f"{sum(max(f, 1 / f) <= WITHIN for f in folds)} of {len(folds)} predictions within {WITHIN:g}-fold"


def _label(answer: Comparing, compound: str) -> str:
    return next((r.read.target.label for r in answer.answered if r.read.target.compounds == (compound,)), compound)


def _point(answer: Comparing, row: Row) -> charts.Point:
    a, t = row.answer, row.read.target
    assert a is not None
    seen = tuple(s["observed"] for s in answer.observed(row))
    return charts.Point(charts.short(t.label), a.ratio.auc, a.low, a.high, seen, bool(t.part_of))


def _strength(row: Row) -> float:
    """The largest |ln factor|."""
    factors = row.answer.factors if row.answer else ()
    return max((abs(math.log(f.factor)) for f in factors if f.factor > 0), default=0.0)


def _waterfall(row: Row) -> Svg:
    assert row.answer is not None
    return charts.waterfall(charts.short(row.read.target.label), row.answer.factors, row.answer.ratio.auc)


def _because(row: Row) -> str:
    assert row.answer is not None
    strongest = max(row.answer.factors, key=lambda f: abs(math.log(f.factor)))
    return because(row.answer.factors) or f"{strongest.name} × {number(strongest.factor)}"


def _exposure(answer: Comparing, data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A group of rows a compound: without, with, and their ratio."""
    ratios = {r["compound"]: r for r in data["ratios"]}
    for row in answer.rows:
        t = row.read.target
        repeated = row.read.test.window.kind == "tau"
        told = data["exposure"][t.name]
        arms = (("without", told["control"]), ("with", told["test"]))
        lines = [{"arm": arm, "values": parts.exposure(e, repeated)} for arm, e in arms if e]
        r = ratios.get(t.name) if row.answer else None
        if r:
            span = f"{number(r['auc'])} ({number(r['low'])}–{number(r['high'])})" if r["low"] and r["high"] else number(r["auc"])
            lines.append({"arm": "ratio", "values": [span, number(r["cmax"]), number(r["cmin"]) if repeated else "–", "", ""]})
        yield {"name": t.label, "half": bool(t.part_of), "how": ", ".join(filter(None, (told["route"], told["window"]))), "lines": lines}


def _activity(answer: Comparing, drawn: Curves) -> dict[str, Any]:
    """Charts of the enzymes that matter, the names of the others that moved, and whether the control arm moves any."""
    moved = dict.fromkeys(e for e, _ in drawn.activity)
    shown = [e for e in answer.enzymes if e in moved]
    other = [f"{e} (× {number(_end(e, drawn))} at the end)" for e in moved if e not in shown]
    arms = [v for (e, _), v in drawn.activity.items() if e in shown]
    return {
        "activity": [parts.enzyme(e, drawn) for e in shown],
        "still": join(other),
        "control_moves": any(float(abs(v["control"] - 1.0).max()) > 0.02 for v in arms),
    }


def _end(enzyme: str, drawn: Curves) -> float:
    return float(next(arms["test"][-1] for (e, _), arms in drawn.activity.items() if e == enzyme))


def _study(s: dict[str, Any]) -> dict[str, Any]:
    seen, said = s["observed"], s["predicted"]
    words = number(seen)
    if s.get("observed_low") and s.get("observed_high"):
        words += f" ({number(s['observed_low'])}–{number(s['observed_high'])})"
    return {**s, "observed_words": words, "predicted_words": number(said), "fold": number(said / seen) if said and seen else "–"}
