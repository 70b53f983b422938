"""What the report of a run shows: one arm, charts as SVG text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clearway.answers import Running
from clearway.answers.running import RunRow
from clearway.answers.support import support
from clearway.answers.words import join, number
from clearway.report import charts, parts


def page(answer: Running) -> dict[str, Any]:
    """Everything that run.html asks for."""
    data, drawn, behind = answer.to_dict(), answer.curves, support(answer)
    main = [r for r in answer.rows if not r.read.target.part_of]
    dosed = [r for r in main if r.dose_mg]
    others = [r for r in answer.rows if r.read.target.part_of] + [r for r in main if not r.dose_mg]
    taken = join(list(dict.fromkeys(e.product for e in answer.case.test.entries)))
    found = parts.evidence(behind["evidence"])
    said = [_sentence(r, data["exposure"][r.read.target.name]) for r in dosed]
    labels = {r.read.target.name: r.read.target.label for r in answer.rows}
    return {
        **parts.frame(answer, answer.case.title or taken, answer.simulation, data["mass_balance"]),
        **found,
        "sentences": said[:1],
        "unchanged": said[1:],
        "glance": _glance(behind, found["rests_on"]),
        "taken": taken,
        "exposure": list(_exposure(answer, data)),
        "plasma": [parts.course(r.read, drawn) for r in dosed] + parts.side_by_side([parts.near(r.read, drawn) for r in others]),
        "activity": [parts.enzyme(e, drawn) for e in dict.fromkeys(e for e, _ in drawn.activity)],
        "thresholds": [_threshold(t, labels) for t in behind["thresholds"]],
        "alone": [{**a, "label": labels.get(a["compound"], a["compound"])} for a in behind["alone"]],
        "unknown": behind["unknown"],
        "result": data["result"],
        "mass_balance": [{"name": name, "gap": f"{gap:.1e}"} for name, gap in data["mass_balance"].items()],
    }


def _sentence(row: RunRow, e: dict[str, Any]) -> str:
    """`Methadone (oral) peaks at 433 and falls to 284 ng/mL between doses; AUC 312–336 h is 8,417 ng·h/mL.`"""
    who = f"{charts.short(row.read.target.label)} ({e['route']})" if e["route"] else row.read.target.label
    end = f"; {e['window']}: {number(e['auc'])} ng·h/mL."
    if row.read.test.window.kind == "tau":
        return f"{who} peaks at {number(e['cmax'])} ng/mL and falls to {number(e['cmin'])} ng/mL before the next dose{end}"
    half = f", half-life {number(e['half_life'])} h" if e["half_life"] else ""
    return f"{who} peaks at {number(e['cmax'])} ng/mL, {number(e['tmax'])} h after the dose{half}{end}"


def _glance(behind: dict[str, Any], rests_on: str) -> list[dict[str, Any]]:
    """How sure, in a few words, with the section that says more."""
    alone = behind["alone"]
    figures, within = sum(a["figures"] for a in alone), sum(a["within"] for a in alone)
    words = f"{within} of {figures} figures within 1.5-fold" if figures else "none: nothing measured stands against these figures"
    found = [
        {"what": "Studies of each drug alone", "words": words, "to": "studies", "doubt": not figures},
        {"what": "Rests on", "words": rests_on, "to": "evidence", "doubt": False},
        {"what": "Unknown", "words": f"{len(behind['unknown'])} points", "to": "unknown", "doubt": False},
    ]
    missed = [t["compound"] for t in behind["thresholds"] if not t["test_met"]]
    if missed:
        found.insert(0, {"what": "Threshold", "words": f"not met: {join(missed)}", "to": "thresholds", "doubt": True})
    return found


def _exposure(answer: Running, data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A row a compound; metabolites have no dose and so no clearance."""
    for row in answer.rows:
        t, e = row.read.target, data["exposure"][row.read.target.name]
        how = ", ".join(filter(None, (e["route"] or "formed in the body", e["window"])))
        clearance = f"{number(e['clearance'])} ({e['clearance_is']})" if e["clearance"] else "–"
        values = [*parts.exposure(e, row.read.test.window.kind == "tau"), clearance]
        yield {"name": t.label, "half": bool(t.part_of), "how": how, "values": values}


def _threshold(t: dict[str, Any], labels: dict[str, str]) -> dict[str, str]:
    label, met = labels.get(t["compound"], t["compound"]), "met" if t["test_met"] else "not met"
    words = f"{label}: {t['of']} {number(t['test'])} ng/mL against {number(t['threshold'])} ({t['kind']}): {met}."
    return {"words": words, "source": t["source"] or t["evidence"], "note": t["note"]}
