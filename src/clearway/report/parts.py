"""What the report of a comparison and that of a run share: frame, charts of a measured drug, evidence."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from clearway.answers import Comparing, Running
from clearway.answers.curves import Curves
from clearway.answers.evidence import KINDS
from clearway.answers.unknown import first_sentence
from clearway.answers.words import join, number, percent
from clearway.exposure.nca import Window
from clearway.exposure.targets import Read
from clearway.model.simulate import Simulation
from clearway.release import release
from clearway.report import charts
from clearway.report.case import doses, person
from clearway.report.svg import Svg

COURSE = 1.5
"""A whole course is drawn beside the measured window if it is at least this much longer."""

RUNNING = 90
"""Letters of a title that fit at the head of each page."""

WHY = 180
"""Letters of a reason or note in the table of evidence."""


def frame(answer: Comparing | Running, title: str, simulation: Simulation, balance: Mapping[str, float]) -> dict[str, Any]:
    """Who, what and how, around every answer."""
    return {
        "title": title,
        "running": title if len(title) <= RUNNING else title[: RUNNING - 1] + "…",
        "version": release("(source)"),
        "date": datetime.date.today().isoformat(),
        "warnings": list(answer.warnings),
        "person": person(answer.case),
        "doses": doses(answer.case, arms=isinstance(answer, Comparing)),
        "compounds": join([k.name for k in simulation.assembled.compounds]),
        "processor": simulation.trajectory.isa,
        "balance": f"{max(balance.values(), default=0.0):.0e}",
    }


def bound(text: str) -> str:
    """A factor stays on the line of its sign."""
    return text.replace(" × ", "\u00a0×\u00a0")


def course(read: Read, drawn: Curves) -> list[Svg]:
    """A repeated drug: its whole course and the measured interval. A single dose: linear and logarithmic."""
    t, window, end = read.target, read.test.window, float(drawn.times[-1])
    first, last = read.span
    if window.kind != "tau" or end < COURSE * (last - first):
        return [near(read, drawn), near(read, drawn, log=True)]
    title = f"{charts.short(t.label)}, whole course"
    whole = Window(window.start, window.end, window.kind)
    return [charts.plasma(title, drawn.times, drawn.plasma[t.name], 0.0, end, window=whole), near(read, drawn)]


def near(read: Read, drawn: Curves, log: bool = False) -> Svg:
    """The curve where it is measured."""
    first, last = read.span
    t = read.target
    title = f"{charts.short(t.label)}, as measured"
    return charts.plasma(title, drawn.times, drawn.plasma[t.name], first, last, offset=first, log=log)


def side_by_side(drawings: Sequence[Svg]) -> list[list[Svg]]:
    """Two charts a row."""
    return [list(drawings[i : i + 2]) for i in range(0, len(drawings), 2)]


def enzyme(name: str, drawn: Curves) -> Svg:
    """Activity of one enzyme over the whole case."""
    rows = {organ: arms for (e, organ), arms in drawn.activity.items() if e == name}
    return charts.activity(name, drawn.times, rows, float(drawn.times[-1]))


def evidence(found: dict[str, Any]) -> dict[str, Any]:
    """The table of values, its counts as a bar and in words; from the `evidence` of an answer's document."""
    near_, every = found["rests_on"], found["values"]
    kinds = ", ".join(f"{every[k]} {k}" for k in KINDS if every[k])
    words = (
        f"The answer rests on the {near_['total']} values below (constants and shares at the enzymes that matter, clearances, binding); "
        f"{percent(near_['assumed_share'])} of them are assumed. All {found['total']} values of the compounds in the case: {kinds} "
        f"({percent(found['assumed_share'])} assumed)."
    )
    return {
        "evidence_words": words,
        "evidence_bar": charts.evidence_bar(near_["values"]),
        "evidence": _rows(found["rows"]),
        "kinds": [{"name": k, "css": k.replace(" ", "-"), "n": near_["values"][k]} for k in KINDS],
        "rests_on": f"{near_['total']} values, {percent(near_['assumed_share'])} of them assumed" if near_["total"] else "no value",
    }


def _rows(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows for reading: a compound's name is repeated for a machine and after sorting only; `rank` sorts kinds, best first."""
    made, last = [], ""
    for row in rows:
        made.append(
            {
                **row,
                "number": f"{row['value']:.4g} {row['unit']}".strip(),
                "css": row["evidence"].replace(" ", "-"),
                "rank": KINDS.index(row["evidence"]),
                "why": first_sentence(row["why"], WHY) if row["why"] else "",
                "again": row["compound"] == last,
            }
        )
        last = row["compound"]
    return made


def exposure(found: dict[str, Any], repeated: bool) -> list[str]:
    """AUC, Cmax, Cmin (where doses repeat), tmax, half-life of one arm as printed."""
    keys = ("auc", "cmax", "cmin" if repeated else "", "tmax", "half_life")
    return [number(found[k]) if k else "–" for k in keys]
