"""A cohort from plan to files: begin or go on, compute what is missing, join."""

from __future__ import annotations

import json
import pickle
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from clearway.cohort import cluster
from clearway.cohort._arrow import arrow
from clearway.cohort.folder import FORMAT, Folder, Identity
from clearway.cohort.joining import join
from clearway.cohort.local import cores, in_threads
from clearway.cohort.plan import Plan
from clearway.cohort.summary import Spread, spreads
from clearway.cohort.tables import Part
from clearway.cohort.work import Work
from clearway.errors import InputError, Problem
from clearway.library import Library
from clearway.regimen import Case

if TYPE_CHECKING:
    from clearway.plots.cohort import CohortPlots


class Watcher:
    """Who is told how it goes; this one says nothing."""

    def begins(self, rows: int, done: int, failed: int) -> None:
        """`rows` in all, of which `done` were found finished."""

    def expects(self, seconds: float, space: int, peak: int) -> None:
        """After the first chunk: how long the rest will take; bytes on disk when all is done, and just before."""

    def advances(self, rows: int, failed: int) -> None:
        """A chunk is written."""

    def stops(self) -> None:
        """The user wants to stop; chunks in work are finished first."""

    def joins(self) -> None:
        """All chunks are there and become files."""


@dataclass(frozen=True)
class Outcome:
    """What has been done. `complete` is False if it was stopped; `computed` rows and `seconds` are of this run, `phases` are
    seconds of work by what was done, over all threads. `endpoints`: the columns that were read from the curves, with units."""

    folder: Path
    plan: Plan
    failed: int
    computed: int
    complete: bool
    seconds: float
    phases: dict[str, float]
    files: dict[str, Any]
    endpoints: dict[str, str]

    @property
    def plot(self) -> CohortPlots:
        """Figures: `outcome.plot.bands()`. Raises InputError where matplotlib is missing or the cohort is not complete."""
        from clearway.plots.cohort import CohortPlots

        return CohortPlots(self)

    def spreads(self, by: str | None = None) -> dict[str, dict[str, Spread]]:
        """Percentiles of every endpoint, of all (group '') or by group, of a complete cohort."""
        return spreads(self.folder / "endpoints.parquet", self.endpoints, self.plan.percentiles, by)

    def to_dict(self) -> dict[str, Any]:
        """`clearway.cohort/1`."""
        return {
            "format": FORMAT,
            "complete": self.complete,
            "folder": str(self.folder),
            **asdict(self.plan),
            "rows": self.plan.rows,
            "failed": self.failed,
            "computed": self.computed,
            "seconds": self.seconds,
            "rows_per_second": self.computed / self.seconds if self.computed else None,
            "work_seconds": self.phases,
            "files": self.files,
            "endpoints": self._endpoints() if self.complete else {},
        }

    def _endpoints(self) -> dict[str, Any]:
        """Unit, number of subjects and percentiles of each endpoint."""
        names = [f"p{p:g}" for p in self.plan.percentiles]
        found = {name: groups[""] for name, groups in self.spreads().items()}
        return {
            name: {"unit": self.endpoints[name], "subjects": s.subjects, **dict(zip(names, s.values.tolist(), strict=True))}
            for name, s in found.items()
        }


def run(
    case: Case | str | Path,
    plan: Plan,
    out: Path | str,
    library: Library | None = None,
    *,
    threads: int | None = None,
    dask: str | None = None,
    watcher: Watcher | None = None,
) -> Outcome:
    """Compute a cohort into the folder `out`, or go on with the one that was begun there.

    threads: of this machine, by default one a core. dask: the address of a scheduler, or `local`. Raises InputError if the
    folder holds another cohort, pyarrow is missing, or the disk would not hold it; SolveError if a cluster cannot do it.
    """
    arrow()
    known = library or Library.load()
    checked = case if isinstance(case, Case) else Case.load(case, known)
    work = Work(checked, known, plan)
    identity = work.identity()
    folder = Folder(Path(out), plan, identity)
    with folder.held():
        there = folder.open()
        if "files" in there:
            folder.whole(there["files"])
            return Outcome(folder.path, plan, there["failed"], 0, True, 0.0, {}, there["files"], work.endpoints)
        going = _Run(folder, watcher or Watcher())
        with _stopping(going.watcher) as stop:
            if dask:
                blob = pickle.dumps((checked, known, plan, identity))
                with cluster.client(dask, threads or cores()) as workers:
                    going.take(cluster.on_workers(workers, blob, sorted(going.missing), stop), cluster.threads(workers))
            else:
                many = threads or cores()
                going.take(in_threads(work.part, sorted(going.missing), many, stop), many)
        return going.finish(_about(checked, plan, identity), work.endpoints)


class _Run:
    """The parts of one folder on their way."""

    def __init__(self, folder: Folder, watcher: Watcher) -> None:
        self.folder, self.plan, self.watcher = folder, folder.plan, watcher
        seals = {n: folder.parts.read(n) for n in range(self.plan.chunks)}
        self.missing = {n for n, seal in seals.items() if seal is None}
        self.failed = sum(seal["failed"] for seal in seals.values() if seal)
        self.computed = 0
        self.phases: dict[str, float] = {}
        self.start = time.perf_counter()
        missing_rows = sum(self.plan.span(n)[1] for n in self.missing)
        watcher.begins(self.plan.rows, self.plan.rows - missing_rows, self.failed)

    def take(self, parts: Iterator[tuple[int, Part]], at_once: int) -> None:
        """Write the parts as they come, `at_once` being in work at a time."""
        for number, part in parts:
            if not self.computed:
                self._budget(part, at_once)
            self.folder.parts.write(number, part.files, {"rows": part.rows, "failed": part.failed})
            self.missing.remove(number)
            self.computed += part.rows
            self.failed += part.failed
            for phase, seconds in part.seconds.items():
                self.phases[phase] = self.phases.get(phase, 0.0) + seconds
            self.watcher.advances(part.rows, part.failed)

    def _budget(self, part: Part, at_once: int) -> None:
        """Say what is to be expected, from the first chunk. Raises InputError if the disk has not the room."""
        left = sum(self.plan.span(n)[1] for n in self.missing) / part.rows
        seconds = (time.perf_counter() - self.start) * max(0.0, left / min(at_once, max(1.0, left)) - 1.0)
        kept = sum(len(data) for kind, data in part.files.items() if kind != "bands") * self.plan.rows / part.rows
        peak = kept + sum(len(data) for data in part.files.values()) * left
        free = shutil.disk_usage(self.folder.path).free
        if peak > free:
            text = f"needs about {peak / 1e9:.1f} GB, {free / 1e9:.1f} GB are free (choose another --out, fewer subjects, or no --curves)"
            raise InputError(Problem(text, str(self.folder.path)))
        self.watcher.expects(seconds, int(kept), int(peak))

    def finish(self, about: dict[str, str], endpoints: dict[str, str]) -> Outcome:
        """Join if every part is there."""
        files: dict[str, Any] = {}
        if not self.missing:
            self.watcher.joins()
            start = time.perf_counter()
            files = join(self.folder.parts, self.plan, self.folder.path, about)
            self.folder.complete(files, self.failed)
            self.phases["join"] = time.perf_counter() - start
        seconds = time.perf_counter() - self.start
        complete = not self.missing
        return Outcome(self.folder.path, self.plan, self.failed, self.computed, complete, seconds, self.phases, files, endpoints)


def _about(case: Case, plan: Plan, identity: Identity) -> dict[str, str]:
    """What every file says of itself; nothing of chunks or of the moment, so that equal cohorts are equal bytes."""
    said = {k: v for k, v in asdict(plan).items() if k != "chunk"}
    return {"clearway": json.dumps({"format": FORMAT, "title": case.title, **asdict(identity), **said}, ensure_ascii=False)}


@contextmanager
def _stopping(watcher: Watcher) -> Iterator[Event]:
    """An event that Ctrl-C and SIGTERM set; a second one ends the program."""
    stop = Event()

    def ask(number: int, frame: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        watcher.stops()

    if threading.current_thread() is not threading.main_thread():  # only that one is told of signals
        yield stop
        return
    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
