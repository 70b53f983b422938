"""A comparison → HTML."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clearway.answers import Comparing, thresholds
from clearway.answers.comparing import Row
from clearway.answers.curves import Curves
from clearway.answers.evidence import KINDS
from clearway.answers.targets import clinical, window_words
from clearway.answers.unknown import first_sentence
from clearway.answers.words import because, join, number, percent
from clearway.errors import InputError
from clearway.exposure.nca import Window
from clearway.report import charts
from clearway.report.case import doses, person

HERE = Path(__file__).parent
COURSE = 1.5
"""A whole course is drawn beside the measured window if it is at least this much longer."""


def html(answer: Comparing) -> str:
    """The report of a comparison. Raises InputError where Jinja2 is missing."""
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
        from markupsafe import Markup
    except ImportError:
        raise InputError("--report needs Jinja2, which is not installed (pip install 'clearway[report]')") from None
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    context = page(answer)
    context["css"] = Markup((HERE / "style.css").read_text(encoding="utf-8"))
    for key in ("forest", "evidence_bar"):
        context[key] = Markup(context[key])
    for key in ("attribution", "activity"):
        context[key] = [Markup(c) for c in context[key]]
    context["plasma"] = [[Markup(c) for c in pair] for pair in context["plasma"]]
    return environment.get_template("template.html").render(context)


def page(answer: Comparing) -> dict[str, Any]:
    """Everything that the template shows; charts as SVG text."""
    data, drawn = answer.to_dict(), answer.curves()
    moved, still, control_moves = _activity(answer, drawn)
    done = answer.comparison.simulation
    whole = [s for s in data["studies"] if set(s["perpetrators"]) == set(answer.case.compare.drugs)]
    evidence = data["evidence"]
    return {
        "title": answer.title,
        "version": _version(),
        "date": datetime.date.today().isoformat(),
        "sentences": [_bound(s) for s in answer.sentences],
        "warnings": list(answer.warnings),
        "forest": charts.forest([_point(r, whole) for r in answer.answered]),
        "any_observed": any(_observed(r, whole) for r in answer.answered),
        "several": len(answer.added) > 1,
        "person": person(answer.case),
        "doses": doses(answer.case),
        "exposure": list(_exposure(answer)),
        "windows": "Measured: " + "; ".join(f"{r.read.target.label} {window_words(r.read.test.window)}" for r in answer.main) + ".",
        "added": join(answer.added),
        "plasma": [_plasma(r, drawn) for r in answer.main] + _halves(answer, drawn),
        "attribution": [
            charts.waterfall(r.read.target.label, r.answer.factors, r.answer.ratio.auc) for r in answer.main if r.answer and _moves(r)
        ],
        "halves": [
            _bound(f"{r.read.target.label}: {because(r.answer.factors)}")
            for r in answer.answered
            if r.answer and r.read.target.part_of and _moves(r)
        ],
        "kinds": [{"name": k, "css": k.replace(" ", "-"), "n": evidence["rests_on"]["values"][k]} for k in KINDS],
        "activity": moved,
        "still": still,
        "control_moves": control_moves,
        "flags": data["flags"],
        "studies": [_study(s) for s in data["studies"]],
        "evidence_words": _evidence_words(evidence),
        "evidence_bar": charts.evidence_bar(evidence["rests_on"]["values"]),
        "evidence": _basis_rows(evidence["rows"]),
        "sensitive": data["most_sensitive_to"],
        "thresholds": [f"{thresholds.sentence(t, t['compound'])} Source: {t['source'] or t['evidence']}." for t in data["thresholds"]],
        "unknown": data["unknown"],
        "compounds": join([k.name for k in done.assembled.compounds]),
        "processor": done.trajectory.isa,
        "balance": f"{max(float(g.max()) for g in done.mass_balance.values()):.0e}",
    }


def _bound(text: str) -> str:
    """A factor stays on the line of its sign."""
    return text.replace(" × ", "\u00a0×\u00a0")


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("clearway")
    except PackageNotFoundError:
        return "(source)"


def _observed(row: Row, studies: list[dict[str, Any]]) -> tuple[float, ...]:
    """AUC ratios that studies of the same compound by the same route saw."""
    t = row.read.target
    return tuple(s["observed"] for s in studies if s["compound"] == t.name and s["route"] == t.route and s["quantity"] == "auc")


def _point(row: Row, studies: list[dict[str, Any]]) -> charts.Point:
    a, t = row.answer, row.read.target
    assert a is not None
    return charts.Point(t.label, a.ratio.auc, a.low, a.high, _observed(row, studies), bool(t.part_of))


def _moves(row: Row) -> bool:
    return row.answer is not None and any(abs(math.log(f.factor)) >= 0.01 for f in row.answer.factors if f.factor > 0)


def _exposure(answer: Comparing) -> Iterator[dict[str, Any]]:
    for row in answer.rows:
        t, a = row.read.target, row.answer
        keys = ["auc", "cmax", "cmin" if row.read.test.window.kind == "tau" else "", "tmax", "half_life"]
        for arm, e in (("without", row.control), ("with", row.test)):
            if e is None:
                continue
            values = [number(float(clinical(e, t.molar_mass)[k])) if k else "–" for k in keys]
            ratios = [a.ratio.auc, a.ratio.cmax, a.ratio.cmin if keys[2] else math.nan] if a and arm == "with" else []
            yield {"name": t.label if arm == "without" or row.control is None else "", "arm": arm, "half": bool(t.part_of),
                   "values": [*values, *([number(r) for r in ratios] or ["", "", ""])]}  # fmt: skip


def _plasma(row: Row, drawn: Curves) -> list[str]:
    """A repeated drug: its whole course and the measured interval. A single dose: linear and logarithmic."""
    t = row.read.target
    test, end = row.read.test.window, float(drawn.times[-1])
    first, last = _span(row)
    if test.kind != "tau" or end < COURSE * (last - first):
        return [_near(row, drawn), _near(row, drawn, log=True)]
    whole = Window(test.start, test.end, test.kind)
    return [charts.plasma(f"{t.label}, whole course", drawn.times, drawn.plasma[t.name], 0.0, end, window=whole), _near(row, drawn)]


def _halves(answer: Comparing, drawn: Curves) -> list[list[str]]:
    """The halves of a racemate side by side."""
    charts_of = [_near(r, drawn) for r in answer.answered if r.read.target.part_of]
    return [charts_of[i : i + 2] for i in range(0, len(charts_of), 2)]


def _span(row: Row) -> tuple[float, float]:
    test = row.read.test.window
    control = row.read.control.window if row.read.control else test
    return min(control.start, test.start), max(control.end, test.end)


def _near(row: Row, drawn: Curves, log: bool = False) -> str:
    first, last = _span(row)
    t = row.read.target
    return charts.plasma(f"{t.label}, as measured", drawn.times, drawn.plasma[t.name], first, last, offset=first, log=log)


def _activity(answer: Comparing, drawn: Curves) -> tuple[list[str], str, bool]:
    """Charts of the enzymes that matter, the names of the others that moved, and whether the control arm moves any."""
    shown, other, control = [], [], False
    end = float(drawn.times[-1])
    for enzyme in dict.fromkeys(e for e, _ in drawn.activity):
        rows = {organ: v for (e, organ), v in drawn.activity.items() if e == enzyme}
        if enzyme in answer.enzymes:
            shown.append((answer.enzymes.index(enzyme), charts.activity(enzyme, drawn.times, rows, end)))
            control |= any(float(abs(v["control"] - 1.0).max()) > 0.02 for v in rows.values())
        else:
            last = next(iter(rows.values()))["test"][-1]
            other.append(f"{enzyme} (× {number(float(last))} at the end)")
    return [c for _, c in sorted(shown)], join(other), control


def _study(s: dict[str, Any]) -> dict[str, Any]:
    seen, said = s["observed"], s["predicted"]
    words = number(seen)
    if s.get("observed_low") and s.get("observed_high"):
        words += f" ({number(s['observed_low'])}–{number(s['observed_high'])})"
    return {**s, "observed_words": words, "predicted_words": number(said), "fold": number(said / seen) if said and seen else "–"}


def _basis(row: dict[str, Any]) -> dict[str, Any]:
    value = f"{row['value']:.4g} {row['unit']}".strip()
    return {**row, "number": value, "css": row["evidence"].replace(" ", "-"), "why": first_sentence(row["why"], 180) if row["why"] else ""}


def _basis_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A compound is named in its first row only."""
    made, last = [], ""
    for row in rows:
        one = _basis(row)
        one["who"] = "" if row["compound"] == last else row["compound"]
        last = row["compound"]
        made.append(one)
    return made


def _evidence_words(evidence: dict[str, Any]) -> str:
    near, every = evidence["rests_on"], evidence["values"]
    share, whole = percent(near["assumed_share"]), percent(evidence["assumed_share"])
    kinds = ", ".join(f"{every[k]} {k}" for k in KINDS if every[k])
    return (
        f"The answer rests on the {near['total']} values below (constants and shares at the enzymes that matter, clearances, binding); "
        f"{share} of them are assumed. All {evidence['total']} values of the compounds in the case: {kinds} ({whole} assumed)."
    )
