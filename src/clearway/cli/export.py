"""`clearway export sbml CASE`: one arm of a case for other simulators."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from clearway.cli.common import LibraryOption, load_library, write_whole

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="Export a case (SBML).")


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
