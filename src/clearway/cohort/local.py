"""The chunks on this machine: some threads, each computing whole chunks one after the other.

The kernel lets go of Python's lock, so that threads keep all cores busy; processes would only double the memory.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event

from clearway.cohort.tables import Part

PATIENCE = 0.2
"""Seconds between two looks at whether the user wants to stop."""


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_threads(compute: Callable[[int], Part], numbers: Iterable[int], threads: int, stop: Event) -> Iterator[tuple[int, Part]]:
    """Parts as they get ready. At most `threads` are in work, so that memory does not grow with the cohort; once `stop` is
    set, those in work are finished and no other is begun."""
    todo = iter(numbers)
    working: dict[Future[Part], int] = {}
    with ThreadPoolExecutor(threads, "cohort") as pool:

        def begin() -> None:
            while len(working) < threads and not stop.is_set() and (number := next(todo, None)) is not None:
                working[pool.submit(compute, number)] = number

        try:
            begin()
            while working:
                ready, _ = wait(working, PATIENCE, FIRST_COMPLETED)
                parts = [(working.pop(future), future.result()) for future in ready]
                begin()  # before these are written, so that no thread waits for the disk
                yield from parts
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
