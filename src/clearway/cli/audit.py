"""`clearway audit`: the evidence behind every value, the weakest points first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clearway.cli.common import JsonOption, LibraryOption, load_library, print_json, write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from clearway.answers.audit import Audit, Audited

WEAKEST, DISPUTED = 20, 10
"""How many are printed; --csv and --json hold all."""


def command(
    drugs: Annotated[list[str] | None, typer.Argument(metavar="[DRUG]...", help="Only these drugs and their metabolites.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write every value, a line each.")] = None,
    json: JsonOption = False,
    library: LibraryOption = None,
) -> None:
    """List every value by kind of evidence, source, age and conflict; the weakest points first."""
    from clearway.answers.audit import audit

    found = audit(load_library(library), drugs or ())
    if csv:
        write_whole(csv, found.to_csv())
    print_json(found.to_dict()) if json else print_audit(found, csv)


def print_audit(found: Audit, csv: Path | None = None) -> None:
    from rich.markup import escape

    from clearway.answers.words import DISCLAIMER
    from clearway.cli.printing import console, table

    screen = console()
    screen.print("[bold]Weakest points[/bold] [dim]· what is least known and moves most: spread × weight[/dim]")
    screen.print(_weak(found.weakest[:WEAKEST]))
    if found.disputed:
        screen.print("\n[bold]Sources that disagree most[/bold] [dim]· the other one's fold[/dim]")
        grid = table("", "value", "fold")
        for r in found.disputed[:DISPUTED]:
            grid.add_row(escape(f"{r.of}: {r.value}"), f"{r.number:.3g} {r.unit}".strip(), f"{r.furthest:.1f}")
        screen.print(grid)
    screen.print("\n[bold]Values by kind of evidence[/bold]")
    total = max(len(found.rows), 1)
    grid = table("", "values", "")
    for kind, count in found.kinds.items():
        grid.add_row(kind, f"{count:,}", f"{100 * count / total:.0f} %")
    screen.print(grid)
    second = sum(r.second_hand for r in found.rows)
    years = ", ".join(f"{name} {count:,}" for name, count in found.decades.items())
    screen.print(f"[dim]{total:,} values; {second} second-hand (from a table of the project). By decade of the source: {years}.[/dim]")
    where = f"All values: {escape(str(csv))}." if csv else "All values: --csv FILE."
    screen.print(f"[dim]{where} {DISCLAIMER}[/dim]")


def _weak(rows: Sequence[Audited]) -> Table:
    from rich.markup import escape

    from clearway.cli.printing import table

    grid = table("", "", "value", "evidence", "weakness")
    grid.columns[1].justify = grid.columns[3].justify = "left"
    grid.columns[1].no_wrap = False
    for i, r in enumerate(rows, 1):
        grid.add_row(str(i), escape(f"{r.of}: {r.value}"), f"{r.number:.3g} {r.unit}".strip(), r.evidence, f"{r.weakness:.1f}")
    return grid
