"""`clearway run CASE`: one arm, everything as written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clearway.cli.common import JsonOption, LibraryOption, load_library, print_json, write_whole


def command(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="Case file (clearway.case/1).", show_default=False)],
    json: JsonOption = False,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the curves: time, ng/mL, enzyme activity.")] = None,
    report: Annotated[Path | None, typer.Option("--report", metavar="FILE", help="Write a report: FILE.html or FILE.pdf.")] = None,
    library: LibraryOption = None,
) -> None:
    """Simulate a case: exposure of every compound."""
    from clearway.answers import run_case

    if report:
        from clearway.report import kind_of, render

        kind = kind_of(report)  # before the work, not after it
    answer = run_case(case, load_library(library))
    if csv:
        write_whole(csv, answer.to_csv())
    if report:
        write_whole(report, render(answer, kind))
    if json:
        print_json(answer.to_dict())
        return
    from clearway.cli.printing import print_run

    print_run(answer, csv, report)
