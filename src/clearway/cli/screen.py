"""`clearway screen`: every pair by the static model; with `--check` against the dynamic model too."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clearway.cli.common import JsonOption, LibraryOption, load_library, print_json, progress, write_whole

if TYPE_CHECKING:
    from clearway.answers.screening import Checking, Screening
    from clearway.screening import Row
    from clearway.screening.steps import Step

SPARE = ("genotypes", "assumed", "worst", "study", "class")
"""Columns that are left out, in this order, where the terminal is too narrow."""

GAP = 2
"""Blanks between columns."""

RIGHT = ("AUC ×", "worst", "genotypes", "assumed", "study")

SHORT = {"inhibition": "inh.", "inactivation": "inact.", "induction": "ind."}

TOLD = 0.05
"""|ln factor| from which a step is named."""


def command(
    drugs: Annotated[
        list[str] | None, typer.Argument(metavar="[DRUG]...", help="One: against all others, both ways. Several: among each other.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show pairs without an effect and the halves of racemates too.")] = False,
    genotypes: Annotated[bool, typer.Option("--genotypes", help="A line for each class of genotypes of the victim.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Run the dynamic model on the same pairs; where they part, and why.")] = False,
    dose: Annotated[
        list[str] | None, typer.Option("--dose", metavar="DRUG=DOSE/INTERVAL", help="Another dose, as ritonavir=100mg/12h.")
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write all predictions, a line each.")] = None,
    json: JsonOption = False,
    library: LibraryOption = None,
) -> None:
    """Predict the interactions of every pair of drugs by the static model."""
    from clearway.answers.screening import screen_drugs

    screening = screen_drugs(drugs or (), load_library(library), doses=dose or ())
    if check:
        with progress("Dynamic model", len(screening.predictions.plan.pairs)) as advance:
            checking = screening.check(advance)
        if csv:
            write_whole(csv, checking.to_csv())
        print_json(checking.to_dict()) if json else _print_check(checking)
        return
    if csv:
        write_whole(csv, screening.to_csv())
    if json:
        print_json(screening.to_dict())
        return
    print_screening(screening, everything=everything, genotypes=genotypes, halves=bool(drugs) or everything)


def print_screening(s: Screening, *, everything: bool = False, genotypes: bool = False, halves: bool = False) -> None:
    """The table: pairs that change, or `everything`; with a line for each class of `genotypes`, and the `halves` of racemates."""
    from rich.markup import escape

    from clearway.answers.screening import by_size
    from clearway.answers.words import DISCLAIMER
    from clearway.cli.printing import console, table
    from clearway.screening import ALL

    screen = console()
    rows = [r for r in s.rows if (genotypes or r.genotype == ALL) and (halves or not r.part_of)]
    rows = by_size(r for r in rows if everything or r.strength != "none")
    records = [_cells(s, r, genotypes) for r in rows]
    shown = _fitting(records, screen.width)
    grid = table(*shown)
    for column in grid.columns:
        column.justify = "right" if column.header in RIGHT else "left"
        column.no_wrap = column.header not in ("victim", "genotype", "mostly by")
    for record in records:
        grid.add_row(*(f"[bold]{record[c]}[/bold]" if c == "AUC ×" else escape(record[c]) for c in shown))
    if rows:
        screen.print(grid)
        screen.print()
    _counts(s)
    doses = {r.perpetrator: r.dose for r in rows}
    if doses:
        screen.print(f"[dim]Doses of perpetrators: {escape(', '.join(f'{d} {doses[d]}' for d in sorted(doses)))}.[/dim]")
    screen.print(f"[dim]{DISCLAIMER}[/dim]")


def _cells(s: Screening, r: Row, genotypes: bool) -> dict[str, str]:
    """One line of the table, by column."""
    from clearway.answers.words import number
    from clearway.screening import ALL

    own = {"genotype": r.genotype if r.genotype == ALL else f"{r.genotype} {100.0 * r.frequency:.2g} %"} if genotypes else {}
    span = None if genotypes else s.range_of(r)
    return {
        "perpetrator": r.perpetrator,
        "victim": r.victim,
        "": r.route,
        **own,
        "AUC ×": number(r.auc_ratio),
        "class": r.strength,
        "mostly by": _mechanism(r),
        "worst": f"{number(r.worst_low)}–{number(r.worst_high)}",
        **({} if genotypes else {"genotypes": f"{number(span[0])}–{number(span[1])}" if span else ""}),
        "assumed": f"{r.assumed}/{r.values}" if r.values else "–",
        "study": str(len(s.studies(r)) or "none"),
    }


def _fitting(records: Sequence[dict[str, str]], width: int) -> list[str]:
    """The columns that fit into the terminal."""
    wide = {c: max(len(c), *(len(r[c]) for r in records)) + GAP for c in records[0]} if records else {}
    for spare in SPARE:
        if sum(wide.values()) - GAP > width:
            wide.pop(spare, None)
    return list(wide)


def _mechanism(r: Row) -> str:
    from clearway.answers.words import number

    name, factor = r.mechanism
    enzyme, _, kind = name.rpartition(" ")
    return f"{enzyme} {SHORT[kind]} × {number(factor)}" if name else "–"


def _counts(s: Screening) -> None:
    from clearway.cli.printing import console

    c, plan = s.counts(), s.predictions.plan
    screen = console()
    changed = c["strong"] + c["moderate"] + c["weak"]
    screen.print(
        f"{len(plan.drugs)} drugs, {len(plan.pairs)} pairs, {len(s.pairs)} by route: {changed} change 1.25-fold or more "
        f"({c['strong']} strong, {c['moderate']} moderate, {c['weak']} weak), {c['none']} do not. "
        f"No study exists for {c['no_study']} of the {changed}."
    )
    if s.predictions.unsettled:
        screen.print(f"[yellow]No static steady state was found for {', '.join(s.predictions.unsettled)}.[/yellow]")


def _print_check(c: Checking) -> None:
    from rich.markup import escape

    from clearway.answers.words import number
    from clearway.cli.printing import console, table
    from clearway.screening.check import PARTED
    from clearway.screening.steps import EXPLAINED

    screen = console()
    figures = table("static against dynamic", "pairs", "GMFE")
    for name, f in c.figures().items():
        figures.add_row(name, str(f["n"]), f"{f['gmfe']:.2f}" if math.isfinite(f["gmfe"]) else "–")
    screen.print(figures)
    screen.print(f"\n{len(c.parted)} part by more than {PARTED:g}-fold" + (":" if c.parted else "."))
    grid = table("perpetrator", "victim", "", "static", "dynamic", "fold", "steps from dynamic to static")
    for i in (1, 2, 6):
        grid.columns[i].justify = "left"
    grid.columns[6].no_wrap = False
    reasons: list[str] = []
    for r in c.parted:
        told = [step for step in r.steps if abs(math.log(step.factor)) >= TOLD]
        reasons += [step.reason for step in told]
        grid.add_row(escape(r.perpetrator), escape(r.victim), r.route, number(r.static), number(r.dynamic), number(r.fold), _steps(told))
    if c.parted:
        screen.print(grid)
        for reason in dict.fromkeys(reasons):
            screen.print(f"[dim]· {reason}: {EXPLAINED[reason]}[/dim]")
    for doer, victim, why in c.checked.failed:
        screen.print(f"[red]{escape(doer)} > {escape(victim)}: {escape(why)}[/red]")


def _steps(steps: Sequence[Step]) -> str:
    from clearway.answers.words import number

    return ", ".join(f"{s.reason} × {number(s.factor)}" for s in steps)
