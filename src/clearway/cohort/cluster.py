"""The same chunks on a Dask cluster: what a lost worker had not delivered is computed again by another.

A chunk is a pure function of the cohort and its number; its bytes come back to the one process that writes them, so that
workers need no shared disk and no subject is lost or written twice.
"""

from __future__ import annotations

import importlib
import logging
import pickle
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import lru_cache
from threading import Event
from typing import Any

from clearway.cohort.tables import Part
from clearway.cohort.work import Work
from clearway.errors import InputError, SolveError

PATIENCE = 0.05
"""Seconds between two looks at what has come back."""

AHEAD = 2
"""Chunks given out for each thread of the cluster: one in work, one waiting."""


def distributed() -> Any:
    """The module dask.distributed. Raises InputError naming the extra to install."""
    try:
        return importlib.import_module("distributed")
    except ImportError:
        raise InputError("--dask: Dask is not installed (pip install 'clearway[dask]')") from None


@contextmanager
def client(address: str, workers: int) -> Iterator[Any]:
    """A client of the cluster at `address`; `local` starts one on 127.0.0.1 for the time being, without a dashboard."""
    module = distributed()
    if address == "local":
        cluster = module.LocalCluster(
            n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=logging.CRITICAL
        )
        with cluster, module.Client(cluster) as found:
            yield found
        return
    try:
        found = module.Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise InputError(f"--dask: no scheduler answers at {address} ({error}; give its address such as tcp://127.0.0.1:8786)") from None
    with found:
        yield found


def threads(found: Any) -> int:
    """Threads of the cluster."""
    return max(1, sum(int(n) for n in found.nthreads().values()))


def on_workers(found: Any, cohort: bytes, numbers: Iterable[int], stop: Event) -> Iterator[tuple[int, Part]]:
    """Parts as workers deliver them. `cohort`: case, library, plan and identity, pickled."""
    module = distributed()
    todo = iter(numbers)
    held = found.submit(_held, cohort, pure=False)  # kept by the cluster, so that it travels to each worker once
    working: dict[Any, int] = {}
    ready = module.as_completed()

    def begin() -> None:
        while len(working) < AHEAD * threads(found) and not stop.is_set() and (number := next(todo, None)) is not None:
            future = found.submit(_part, held, number, pure=False)
            working[future] = number
            ready.add(future)

    begin()
    while working and not stop.is_set():
        finished = ready.next_batch(block=False)
        if not finished:
            time.sleep(PATIENCE)
        for future in finished:
            try:
                part = future.result()
            except module.KilledWorker as error:
                text = f"chunk {working[future]} has cost the cluster several workers, probably for want of memory"
                raise SolveError(f"{text} ({error}; give workers more memory or a smaller --chunk)") from None
            number = working.pop(future)
            begin()
            yield number, part
    found.cancel(list(working))


def _held(cohort: bytes) -> bytes:
    return cohort


def _part(cohort: bytes, number: int) -> Part:
    """One chunk, on a worker."""
    return _ready(cohort).part(number)


@lru_cache(maxsize=1)
def _ready(cohort: bytes) -> Work:
    """The cohort on this worker, once. Raises InputError if the worker would compute other numbers."""
    case, library, plan, identity = pickle.loads(cohort)
    work = Work(case, library, plan)
    mine = work.identity()
    for name, value in asdict(mine).items():
        if value != getattr(identity, name):
            there = f"{value} there, {getattr(identity, name)} here" if name in ("clearway", "processor") else "it differs"
            advice = "install the same Clearway on every machine, and set CLEARWAY_ISA to a path that all of them have"
            raise InputError(f"worker {socket.gethostname()}: not the same {name} ({there}; {advice})")
    return work
