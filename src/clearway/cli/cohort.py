"""`clearway cohort CASE -n 100000`: a case in very many virtual people, streamed to Parquet."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clearway.cli.common import JsonOption, LibraryOption, load_library, print_json

if TYPE_CHECKING:
    from clearway.cohort import Outcome, Watcher
    from clearway.cohort.summary import Spread


def command(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="Case file (clearway.case/1).", show_default=False)],
    subjects: Annotated[int, typer.Option("-n", "--subjects", metavar="N", help="Virtual people.")] = 1000,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder of the results (default: CASE.cohort).")] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="Whose people (default: the case's, else 1).")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="COLUMN", help="Bands and table by group, such as genotype_CYP2B6.")] = None,
    bands: Annotated[bool, typer.Option("--bands/--no-bands", help="Percentile curves.")] = True,
    percentiles: Annotated[str, typer.Option("--percentiles", metavar="P,P,…", help="Of bands and table.")] = "5,25,50,75,95",
    curves: Annotated[bool, typer.Option("--curves", help="Every person's curves as well (much larger).")] = False,
    uncertainty: Annotated[int, typer.Option("--uncertainty", metavar="K", help="Each person under K draws of what is uncertain.")] = 0,
    rtol: Annotated[float, typer.Option("--rtol", metavar="X", help="Relative tolerance; 1e-4 is enough for most, and faster.")] = 1e-6,
    threads: Annotated[int | None, typer.Option("--threads", metavar="N", min=1, help="Threads (default: one a core).")] = None,
    chunk: Annotated[int, typer.Option("--chunk", metavar="N", help="People computed and written at a time.")] = 4096,
    dask: Annotated[str | None, typer.Option("--dask", metavar="ADDRESS", help="Compute on this Dask cluster, or 'local'.")] = None,
    json: JsonOption = False,
    library: LibraryOption = None,
) -> None:
    """A case in very many virtual people: exposure of each, percentile curves. Run again to go on after a stop."""
    from clearway.cohort import Plan, run
    from clearway.regimen import Case

    known = load_library(library)
    read = Case.load(case, known)
    for warning in read.warnings:
        print(warning, file=sys.stderr)
    plan = Plan(
        subjects, read.population.seed if seed is None else seed, chunk, uncertainty, curves, bands, by, _numbers(percentiles), rtol
    )
    folder = out or Path(f"{case.stem}.cohort")
    with _shown() as watcher:
        outcome = run(read, plan, folder, known, threads=threads, dask=dask, watcher=watcher)
    if json:
        print_json(outcome.to_dict())
    elif outcome.complete:
        _print(read.title or case.stem, outcome)
    if not outcome.complete:
        print(f"stopped: {outcome.folder} holds what is finished; the same command goes on from there", file=sys.stderr)
        raise typer.Exit(130)


def _numbers(text: str) -> tuple[float, ...]:
    from clearway.errors import InputError

    try:
        return tuple(sorted({float(part) for part in text.split(",")}))
    except ValueError:
        raise InputError(f"--percentiles: not accepted ({text!r}; numbers from 0 to 100, such as 5,50,95)") from None


@contextmanager
def _shown() -> Iterator[Watcher]:
    """Progress on stderr: a bar on a terminal, else one line with what is expected."""
    from clearway.cohort import Watcher

    class Lines(Watcher):
        def say(self, text: str) -> None:
            print(text, file=sys.stderr)

        def begins(self, rows: int, done: int, failed: int) -> None:
            if done:
                self.say(f"{done:,} of {rows:,} were finished before and are kept")

        def expects(self, seconds: float, space: int, peak: int) -> None:
            if seconds > 1.0:
                self.say(f"expected: {_duration(seconds)}, {_size(space)} of files ({_size(peak)} while it runs)")

        def stops(self) -> None:
            self.say("stopping: the chunks in work are finished first (again to stop at once)")

    if not sys.stderr.isatty():
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")

        class Bar(Lines):
            """Rate and time left are those of this run as a whole: chunks come in bursts."""

            rows = done = before = failed = 0

            def say(self, text: str) -> None:
                bar.console.print(text, highlight=False)

            def begins(self, rows: int, done: int, failed: int) -> None:
                super().begins(rows, done, failed)
                self.rows, self.done, self.before, self.start = rows, done, done, time.monotonic()
                bar.update(task, total=rows)
                self.advances(0, failed)

            def advances(self, rows: int, failed: int) -> None:
                self.done, self.failed = self.done + rows, self.failed + failed
                said = f"{self.done:,} of {self.rows:,} people"
                if self.done > self.before:
                    rate = (self.done - self.before) / (time.monotonic() - self.start)
                    said += f", {rate:,.0f}/s, {_duration((self.rows - self.done) / rate)} left"
                said += f", {self.failed:,} failed" if self.failed else ""
                bar.update(task, completed=self.done, description=said)

            def joins(self) -> None:
                bar.update(task, description="joining the chunks")

        yield Bar()


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def _print(title: str, outcome: Outcome) -> None:
    """The ratios (or exposures) as percentiles over the people, then by group, then where the files are."""
    from rich.markup import escape

    from clearway.cli.printing import console, table

    screen, plan = console(), outcome.plan
    low, middle, high = plan.percentiles[0], plan.percentiles[len(plan.percentiles) // 2], plan.percentiles[-1]
    people = f"{plan.subjects:,} people" + (f" × {plan.uncertainty} draws" if plan.uncertainty else "")
    screen.print(f"[dim]{escape(title)}: {people}, percentile {middle:g} ({low:g}–{high:g})[/dim]\n")
    whole = {name: groups[""] for name, groups in outcome.spreads().items()}
    for suffix, heads in (("_ratio", ("AUC ratio", "Cmax", "Cmin")), ("_test", _EXPOSED), ("", _EXPOSED)):
        drugs = [n.removesuffix(f"_auc{suffix}") for n in whole if n.endswith(f"_auc{suffix}")]
        drugs = [d for d in drugs if suffix == "_ratio" or f"{d}_auc_ratio" not in whole]
        if drugs:
            grid = table("", *heads)
            for drug in drugs:
                grid.add_row(drug, *[_cell(whole.get(f"{drug}_{what}{suffix}")) for what in ("auc", "cmax", "cmin")], style="bold")
            screen.print(grid)
    if plan.by:
        columns = [n for n in whole if n.endswith(("_auc_ratio", "_auc"))]
        each = outcome.spreads(plan.by)
        grid = table(plan.by, "people", *[n.replace("_auc", " AUC").replace("_ratio", " ratio") for n in columns])
        sizes = {group: max(each[name][group].subjects for name in columns) for group in each[columns[0]]}
        for group in [g for g, size in sizes.items() if size >= LEAST]:
            grid.add_row(escape(group), f"{sizes[group]:,}", *[_cell(each[name][group]) for name in columns])
        screen.print()
        screen.print(grid)
        small = [size for size in sizes.values() if size < LEAST]
        if small:
            screen.print(f"[dim]{len(small)} more groups of fewer than {LEAST} people, {sum(small)} in all[/dim]")
    failed = f"{outcome.failed:,} people failed: see the columns code and message" if outcome.failed else "nobody failed"
    took = f" in {_duration(outcome.seconds)}" if outcome.computed else ", computed before"
    screen.print(f"\n{plan.rows:,} rows{took}; {failed}.")
    for name, file in outcome.files.items():
        screen.print(f"[dim]{escape(str(outcome.folder / name))} ({_size(file['bytes'])})[/dim]")


LEAST = 10
"""People that a group needs to be shown."""

_EXPOSED = ("AUC, ng·h/mL", "Cmax, ng/mL", "Cmin, ng/mL")


def _cell(spread: Spread | None) -> str:
    from clearway.answers.words import interval, number

    if spread is None or not spread.subjects:
        return "–"
    values = spread.values.tolist()
    return f"{number(values[len(values) // 2])}{interval(values[0], values[-1])}"
