"""`clearway export sbml|events|results CASE`: a case for other simulators, its results for other programs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from clearway.cli.common import LibraryOption, load_library, write_whole

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="Export a case or its results.")


@app.callback()
def _root() -> None:
    """Export a case for other programs."""


class ArmChoice(StrEnum):
    """Which arm of the case."""

    control = "control"
    test = "test"


@app.command()
def sbml(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="Case file (clearway.case/1).", show_default=False)],
    arm: Annotated[ArmChoice, typer.Option("--arm", help="Control: `regimen`; test: with `compare`.")] = ArmChoice.test,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here, not to the screen.")] = None,
    library: LibraryOption = None,
) -> None:
    """Write one arm as SBML Level 3 Version 2 (amounts in µmol, hours)."""
    from clearway.export._document import load_libsbml
    from clearway.export.case import case_sbml
    from clearway.regimen import Case

    load_libsbml()  # say that it is missing before the model is computed
    known = load_library(library)
    text = case_sbml(Case.load(case, known), known, "control" if arm is ArmChoice.control else "test")
    if output:
        write_whole(output, text)
    else:
        print(text)


@app.command()
def events(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="Case file (clearway.case/1).", show_default=False)],
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here, not to the screen.")] = None,
    library: LibraryOption = None,
) -> None:
    """Write the doses as event records (ID TIME AMT EVID CMT RATE ADDL II SS)."""
    import sys

    from clearway.interchange import event_table
    from clearway.regimen import Case

    known = load_library(library)
    table = event_table(Case.load(case, known), known)
    if output:
        write_whole(output, table.to_csv())
    else:
        print(table.to_csv(), end="")
    for note in table.notes:
        print(f"note: {note}", file=sys.stderr)


@app.command()
def results(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="Case file (clearway.case/1).", show_default=False)],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What to write: FILE.csv, FILE.parquet or FILE.nc.", show_default=False)],
    library: LibraryOption = None,
) -> None:
    """Simulate a case and write its curves: concentrations and enzyme activity over time."""
    from clearway.interchange.results import results as made
    from clearway.interchange.results import writer
    from clearway.regimen import Case

    written = writer(file)  # a wrong name or a missing package is said before the model is computed
    known = load_library(library)
    write_whole(file, written(made(Case.load(case, known), known)))
    print(f"Wrote {file}")
