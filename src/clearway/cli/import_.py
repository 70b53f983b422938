"""`clearway import events|fhir FILE`: a case file from an event table or a medication list."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clearway.cli.common import LibraryOption, load_library, write_whole

if TYPE_CHECKING:
    from clearway.interchange import Imported

MAX_TABLE = 20_000_000

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="Import a case (event table, FHIR).")


@app.callback()
def _root() -> None:
    """Import a case from other programs."""


@app.command()
def events(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Table with NONMEM's columns (CSV or blanks).", show_default=False)],
    map: Annotated[
        list[str] | None, typer.Option("--map", metavar="CMT=DRUG:ROUTE", help="What a compartment stands for; may be repeated.")
    ] = None,
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help="Unit of AMT, where there is no UNIT column.")] = "mg",
    time_unit: Annotated[str, typer.Option("--time-unit", metavar="UNIT", help="Unit of TIME and II (h, d, min).")] = "h",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here; a folder where there are several IDs.")
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Read dose records (ID TIME AMT EVID CMT RATE ADDL II SS) as a case, one for each ID."""
    from clearway.errors import InputError, Problem
    from clearway.interchange import parse_map, read_events
    from clearway.interchange.imported import read_text

    known = load_library(library)
    text = read_text(file, MAX_TABLE, "a text table")
    found = read_events(text, known, map=parse_map(map or [], known), unit=unit, time_unit=time_unit, file=str(file))
    if len(found) == 1:
        _write(found[0], output)
        return
    if output is None or not output.is_dir():
        text = f"holds {len(found)} people (give an existing folder: -o FOLDER; it gets case-1.yaml to case-{len(found)}.yaml)"
        raise InputError(Problem(text, str(file)))
    for number, one in enumerate(found, 1):
        write_whole(output / f"case-{number}.yaml", one.to_yaml())
    print(f"Wrote {len(found)} cases to {output}, in the order of the table.")


@app.command()
def fhir(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="FHIR R4 bundle of MedicationStatements (JSON).", show_default=False)],
    index: Annotated[
        datetime | None,
        typer.Option("--index-date", formats=["%Y-%m-%d"], help="Time 0 [the day the newest medicine begins].", show_default=False),
    ] = None,
    days: Annotated[int, typer.Option("--days", help="How long open-ended medicines are followed.")] = 14,
    route: Annotated[str, typer.Option("--route", help="Route of dosages that name none [they are not read].", show_default=False)] = "",
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here, not to the screen.")] = None,
    library: LibraryOption = None,
) -> None:
    """Read what one person takes from a FHIR R4 bundle; what is not matched is listed. Only sex and age are carried."""
    from clearway.interchange import read_fhir
    from clearway.interchange._bundle import MAX_BYTES
    from clearway.interchange.imported import read_text

    text = read_text(bundle, MAX_BYTES, "a FHIR bundle in JSON")
    _write(read_fhir(text, load_library(library), index=index.date() if index else None, days=days, route=route, file=str(bundle)), output)


def _write(found: Imported, output: Path | None) -> None:
    """The case goes to the file with its account on top, or to the screen; the account is said in either case."""
    if output is None:
        print(found.to_yaml(), end="")
        return
    write_whole(output, found.to_yaml())
    for line in found.matched:
        print(f"  {line}")
    for line in found.unmatched:
        print(f"  NOT TAKEN OVER: {line}")
    for line in found.notes:
        print(f"  ({line})")
    print(f"Wrote {output}; look it through before running it.")
