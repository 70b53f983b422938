"""`clearway qualify`: the model against clinical study arms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearway.cli.common import JsonOption, LibraryOption, load_library, print_json, progress

if TYPE_CHECKING:
    from clearway.library import Library
    from clearway.qualification.figures import Figures
    from clearway.qualification.runner import Qualification

COLUMNS = ("n", "GMFE", "bias", "≤1.25", "≤1.5", "≤2-fold", "Guest", "sign")


def command(
    studies: Annotated[Path | None, typer.Option("--studies", metavar="DIR", help="Folder of clearway.study/1 files.")] = None,
    json: JsonOption = False,
    plots: Annotated[Path | None, typer.Option("--plots", metavar="DIR", help="Write plots (SVG and PNG) into this folder.")] = None,
    only: Annotated[list[str] | None, typer.Option("--only", metavar="ID", help="Only this study arm; may be repeated.")] = None,
    tolerance: Annotated[bool, typer.Option("--check-tolerance", help="Run again at half the tolerance; report what moves.")] = False,
    library: LibraryOption = None,
) -> None:
    """Hold the model against clinical study arms."""
    from clearway.qualification.document import document
    from clearway.qualification.runner import STUDIES, qualify

    known, folder, ids = load_library(library), studies or STUDIES, only or []
    total = len(ids) or sum(1 for _ in folder.rglob("*.yaml"))
    with _counted("Studies", total) as count:
        q = qualify(known, folder, only=ids, progress=count)
    _check_ids(ids, q)
    moved: dict[str, Any] | None = None
    if tolerance:
        from clearway.qualification.tolerance import check_tolerance

        with _counted("Halved tolerances", total) as count:
            moved = check_tolerance(known, folder, only=ids, progress=count)
    written = _plots(known, folder, q, plots) if plots else []
    if json:
        print_json(document(q, moved))
        return
    _print(q, moved)
    for path in written:
        print(path)


@contextmanager
def _counted(text: str, total: int) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr that counts studies and vanishes when done."""
    with progress(text, total) as advance:
        last = 0

        def count(done: int, total: int) -> None:
            nonlocal last
            advance(done - last)
            last = done

        yield count


def _check_ids(ids: list[str], q: Qualification) -> None:
    from clearway.errors import InputError

    have = {a.id for a in q.arms} | {i for i, _ in q.skipped}
    missing = [i for i in ids if i not in have]
    if missing:
        raise InputError(f"--only: no such study arm ({', '.join(missing)}; ids are those in the files' 'id:')")


def _plots(known: Library, folder: Path, q: Qualification, out: Path) -> list[Path]:
    from clearway.plots.qualification import write_plots
    from clearway.qualification.doses import responses
    from clearway.regimen import load_studies

    found, _ = load_studies(folder, known)
    with progress("Dose–response", None) as advance:
        curves = responses(known, found, q.arms, advance)
    return write_plots(out, q, curves)


def _print(q: Qualification, moved: dict[str, Any] | None) -> None:
    from rich.markup import escape

    from clearway.cli.printing import console, table
    from clearway.qualification.document import GROUPS

    screen = console()
    _arms(q)
    ours, theirs = q.peer()
    summary = table("", *COLUMNS)
    rows = [("headline", q.headline()), ("no-effect arms", q.no_effect()), ("fitted arms", q.fitted()),
            ("peer arms: ours", ours), ("peer arms: theirs", theirs)]  # fmt: skip
    for name, figures in rows:
        summary.add_row(name, *_cells(figures), style="bold" if name.startswith("headline") else "")
    screen.print(summary)
    for group, key in GROUPS.items():
        groups = q.by(key)
        if not groups:
            continue
        by = table(group, *COLUMNS)
        for name, figures in sorted(groups.items(), key=lambda item: -(item[1].gmfe or 0.0)):
            by.add_row(escape(name), *_cells(figures))
        screen.print()
        screen.print(by)
    worst = max((a.mass_balance for a in q.arms), default=0.0)
    screen.print(f"\n{len(q.arms)} arms simulated, {len(q.skipped)} skipped. Worst mass balance {worst:.1g}.")
    if moved:
        verdict = "passed" if moved["passed"] else "[red]FAILED[/red]"
        change = moved["largest_auc_change"]
        screen.print(
            f"Halved tolerances: {verdict}; largest change of an AUC {100 * change if change is not None else float('nan'):.2g} % "
            f"(allowed {100 * moved['allowed']:g} %) over {moved['studies']} studies; "
            f"worst mass balance {moved['worst_mass_balance'] or 0:.1g}."
        )
    if q.skipped:
        left = table("skipped", "why")
        left.columns[1].justify, left.columns[1].no_wrap = "left", False
        for name, why in q.skipped:
            left.add_row(escape(name), escape(why))
        screen.print()
        screen.print(left)


def _arms(q: Qualification) -> None:
    from rich.markup import escape

    from clearway.answers.words import number
    from clearway.cli.printing import console, table
    from clearway.qualification.document import fold

    arms = table("arm", "pair", "route", "obs", "pred", "fold", "")
    for i in (1, 2, 6):
        arms.columns[i].justify = "left"
    arms.columns[1].no_wrap, arms.columns[1].min_width = False, 22
    from clearway.qualification.figures import sign_error

    for a in sorted(q.arms, key=fold, reverse=True):
        off = fold(a)
        colour = "red" if off > 2.0 else "yellow" if off > 1.5 else "green"
        marks = ["fitted"] if a.fitted else []
        marks += ["sign"] if sign_error(a.predicted, a.observed) else []
        marks += ["none"] if a.no_effect else []
        shown = f"[{colour}]{off:.2f}[/{colour}]"
        arms.add_row(a.id, escape(a.pair), a.route, number(a.observed), number(a.predicted), shown, ", ".join(marks))
    console().print(arms)
    console().print("Marks: fitted, not a prediction · sign, wrong side of 1 · none, no effect observed\n")


def _cells(f: Figures) -> list[str]:
    from clearway.answers.words import percent

    def ratio(x: float | None) -> str:
        return f"{x:.2f}" if x is not None else "–"

    shares = [percent(x) for x in (f.within_125, f.within_15, f.within_2, f.guest)]
    return [str(f.n), ratio(f.gmfe), ratio(f.bias), *shares, str(f.sign_errors)]
