"""`clearway compare CASE`: with against without."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clearway.cli.common import JsonOption, LibraryOption, load_library, print_json, write_whole


def command(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="Case file (clearway.case/1).", show_default=False)],
    json: JsonOption = False,
    report: Annotated[Path | None, typer.Option("--report", metavar="FILE", help="Write a report: FILE.html or FILE.pdf.")] = None,
    only_enzyme: Annotated[str | None, typer.Option("--only-enzyme", metavar="E", help="What-if: interactions at it only.")] = None,
    without: Annotated[
        str | None, typer.Option("--without-mechanism", metavar="KIND", help="What-if: without inhibition, inactivation or induction.")
    ] = None,
    share: Annotated[
        str | None, typer.Option("--assume-share", metavar="E=SHARE", help="What-if: E takes this share of each drug of `regimen`.")
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Simulate a case with and without its added drugs: ratios and what caused them."""
    from clearway.answers import Options, compare_case
    from clearway.answers.options import parse_share

    options = Options(only_enzyme, without, parse_share(share))
    if report:
        from clearway.report import kind_of, render

        kind = kind_of(report)  # before the work, not after it
    answer = compare_case(case, load_library(library), options)
    if report:
        write_whole(report, render(answer, kind))
    if json:
        print_json(answer.to_dict())
        return
    from clearway.cli.printing import print_comparison

    print_comparison(answer, report)
