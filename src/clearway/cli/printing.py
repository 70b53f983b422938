"""Answers on the terminal: the answer first, then why, how sure, and what is unknown. Clean at 80 columns."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from clearway.answers import Comparing, Running, thresholds
from clearway.answers.evidence import KINDS
from clearway.answers.words import DISCLAIMER, interval, number

WIDEST = 110
"""Prose wider than this is hard to read, whatever the terminal."""

MOST_UNKNOWN = 6


def console() -> Console:
    screen = Console(highlight=False)
    if screen.width > WIDEST:
        screen.width = WIDEST
    return screen


def print_comparison(answer: Comparing, report: Path | None = None) -> None:
    screen = console()
    screen.print(f"[dim]{escape(answer.title)}[/dim]\n")
    for said in answer.sentences:
        screen.print(escape(said), style="bold")
    for warning in answer.warnings:
        screen.print(f"[yellow]{escape(warning)}[/yellow]")
    screen.print(_ratios(answer))
    _heading(screen, "What caused it", "factors multiply to the AUC ratio")
    screen.print(_factors(answer, screen.width))
    for flag in answer.flags:
        _heading(screen, "Flag")
        screen.print(Padding(escape(flag["text"]), (0, 0, 0, 2)))
        for anchor in flag["anchors"]:
            _bullet(screen, f"{anchor['study']}: {anchor['change']}; {anchor['outcome']} ({anchor['source']})")
    if answer.flags:
        screen.print(Padding(f"[dim]{escape(str(answer.flags[0]['no_dose_rule']))}[/dim]", (0, 0, 0, 2)))
    if answer.thresholds:
        _heading(screen, "Against thresholds", "of populations; no dose follows from them")
        labels = {r.read.target.compounds[0]: r.read.target.label for r in answer.answered}
        for row in answer.thresholds:
            _bullet(screen, thresholds.sentence(row, labels[row["compound"]]))
    if answer.studies:
        _heading(screen, "Studies of this pair", "observed against Clearway in the study's own design")
        screen.print(_studies(answer.studies))
    _heading(screen, "How sure")
    screen.print(Padding(_evidence(answer), (0, 0, 0, 2)))
    if answer.sensitive:
        _heading(screen, "No study exists", "what each ratio depends on most: its factor if the input is 1 SD higher")
    for name, inputs in answer.sensitive.items():
        _bullet(screen, f"{name}: " + "; ".join(f"{one.name} × {number(one.factor)}" for one in inputs))
    _heading(screen, "What is unknown")
    for said in answer.unknown[:MOST_UNKNOWN]:
        _bullet(screen, said)
    if len(answer.unknown) > MOST_UNKNOWN:
        _bullet(screen, f"{len(answer.unknown) - MOST_UNKNOWN} more with --json or --report")
    screen.print(f"\n[dim]{DISCLAIMER}[/dim]")
    if report:
        screen.print(f"[dim]Report: {escape(str(report))}[/dim]")


def _ratios(answer: Comparing) -> Table:
    grid = table("", "AUC ratio", "(90 % interval)", "Cmax", "Cmin", "t½, h")
    for row in answer.answered:
        a, t = row.answer, row.read.target
        assert a is not None
        name = f"  {t.name}" if t.part_of else t.name
        halves = f"{number(a.ratio.control.half_life)} → {number(a.ratio.test.half_life)}"
        style = "dim" if t.part_of else "bold"
        cmin = number(a.ratio.cmin) if row.read.test.window.kind == "tau" else "–"
        grid.add_row(escape(name), number(a.ratio.auc), interval(a.low, a.high).strip(), number(a.ratio.cmax), cmin, halves, style=style)
    return grid


def _factors(answer: Comparing, width: int) -> Table:
    """Mechanisms by drugs; a line for each drug where so many columns would not fit."""
    rows = [
        (row.read.target.name, {f.name: f.factor for f in row.answer.factors if abs(f.factor - 1.0) >= 0.005})
        for row in answer.answered
        if row.answer
    ]
    names = list(dict.fromkeys(name for _, factors in rows for name in factors))
    if sum(max(len(name), 6) + 1 for name, _ in rows) + max(map(len, names), default=0) > width:
        lines = table("", "")
        lines.columns[1].justify, lines.columns[1].no_wrap, lines.show_header = "left", False, False
        for drug, factors in rows:
            said = " · ".join(f"{name} × {number(factor)}" for name, factor in factors.items())
            lines.add_row(escape(drug), escape(said) or "[dim]·[/dim]")
        return lines
    grid = table("", *[drug for drug, _ in rows])
    if not names:
        grid.add_row("[dim]nothing: no mechanism moves these drugs[/dim]", *[""] * len(rows))
    for name in names:
        grid.add_row(escape(name), *[f"× {number(factors[name])}" if name in factors else "[dim]·[/dim]" for _, factors in rows])
    return grid


def _studies(rows: Iterable[dict[str, Any]]) -> Table:
    grid = table("", "measured", "route", "observed", "Clearway", "study")
    grid.columns[5].justify, grid.columns[5].no_wrap = "left", False
    grid.columns[1].justify = grid.columns[2].justify = "left"
    for s in rows:
        mark = " [dim](fitted)[/dim]" if s.get("fitted") else ""
        measured = s["compound"] + (" (trough)" if s["quantity"] == "cmin" else "")
        grid.add_row(s["id"], measured, s["route"], number(s["observed"]), number(s["predicted"]) + mark, escape(str(s["reference"])))
    return grid


def _evidence(answer: Comparing) -> str:
    e = answer.evidence
    used, rest = e["rests_on"], e["values"]
    near = ", ".join(f"{used['values'][k]} {k}" for k in KINDS if used["values"][k])
    every = ", ".join(f"{rest[k]} {k}" for k in KINDS if rest[k])
    share = f"{100 * used['assumed_share']:.0f} %" if used["assumed_share"] is not None else "–"
    return (
        f"This answer rests on {used['total']} values: {near or 'none'} ([bold]{share} assumed[/bold]). "
        f"All {e['total']} values of the compounds: {every}."
    )


def print_run(answer: Running, csv: Path | None = None, report: Path | None = None) -> None:
    screen = console()
    if answer.case.title:
        screen.print(f"[dim]{escape(answer.case.title)}[/dim]")
    for warning in answer.warnings:
        screen.print(f"[yellow]{escape(warning)}[/yellow]")
    grid = table("ng·h/mL, ng/mL, h, L/h", "AUC", "Cmax", "Cmin", "tmax", "t½", "CL/F")
    for r in answer.rows:
        t, e, m = r.read.target, r.exposure, r.read.target.molar_mass
        cmin = number(e.cmin * m) if r.read.test.window.kind == "tau" else "–"
        name = f"  {t.name}" if t.part_of else t.name
        grid.add_row(escape(name), number(e.auc * m), number(e.cmax * m), cmin, number(e.tmax), number(e.half_life), number(r.clearance))
    screen.print(grid)
    worst = max(answer.mass_balance.values(), default=0.0)
    screen.print(f"[dim]{answer.result['message']} Mass balance within {worst:.1g}. {answer.result['steps']:,} steps.[/dim]")
    screen.print(f"[dim]{DISCLAIMER}[/dim]")
    if csv:
        screen.print(f"[dim]Curves: {escape(str(csv))}[/dim]")
    if report:
        screen.print(f"[dim]Report: {escape(str(report))}[/dim]")


def table(*columns: str) -> Table:
    grid = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), header_style="dim", show_edge=False, pad_edge=False)
    for i, name in enumerate(columns):
        grid.add_column(escape(name), justify="left" if i == 0 else "right", overflow="fold", no_wrap=i > 0)
    return grid


def _heading(screen: Console, text: str, more: str = "") -> None:
    screen.print(f"\n[bold]{text}[/bold]" + (f" [dim]· {escape(more)}[/dim]" if more else ""))


def _bullet(screen: Console, text: str) -> None:
    screen.print(Padding(f"[dim]·[/dim] {escape(text)}", (0, 0, 0, 2)))
