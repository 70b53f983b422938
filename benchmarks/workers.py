"""A solver in a process of its own, pinned to a core: what fails there, crashes or hangs there ends there."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import time
from multiprocessing.connection import Connection

import numpy as np

from peers import PEERS, Peer, Setting
from workload import build

ONE_THREAD = {
    name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS")
}
LIMIT = 120.0
"""Seconds after which a solver that is loading or running is given up, unless told otherwise."""


class PeerFailed(Exception):
    """The solver could not be used, or not at this setting; the text says why."""


def cores() -> list[int]:
    """The processor cores this process may use."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))


def pin(core: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


def _serve(pipe: Connection, name: str, workload: str, subjects: int, core: int | None) -> None:
    if core is not None:
        pin(core)  # before anything starts threads
    os.environ.update(ONE_THREAD)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):  # CVODE and XLA write there
        os.dup2(nowhere, stream)
    try:
        start = time.perf_counter()
        peer: Peer = PEERS[name].build(build(workload, subjects).first(PEERS[name].most))
        pipe.send(("ready", {"version": peer.version, "load_seconds": time.perf_counter() - start}))
    except BaseException as error:
        pipe.send(("failed", _sentence(error)))
        return
    while True:
        setting, count = pipe.recv()
        try:
            seconds, values = peer.solve(setting, count)
            pipe.send(("done", (seconds, values, getattr(peer, "compile_seconds", None))))
        except Exception as error:
            pipe.send(("failed", _sentence(error)))


def _sentence(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__


class Worker:
    """One solver with one workload in its own process, on one core (None: on all). It is to be asked for `ready` first."""

    def __init__(self, name: str, workload: str, subjects: int, core: int | None) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, name, workload, subjects, core), daemon=True)
        self._process.start()
        theirs.close()
        self.name = name
        self.compile_seconds: float | None = None

    def ready(self, limit: float = LIMIT) -> dict[str, object]:
        """Version and seconds of loading, once it is loaded. Raises PeerFailed where it cannot be built."""
        found: dict[str, object] = self._answer(limit)
        return found

    def start(self, setting: Setting, subjects: int) -> None:
        """Begin a run; its result comes by `finish`."""
        if not self._process.is_alive():
            raise PeerFailed("its process has ended")
        self._pipe.send((dict(setting), subjects))

    def finish(self, limit: float = LIMIT) -> tuple[float, np.ndarray]:
        seconds, values, self.compile_seconds = self._answer(limit)
        return seconds, values

    def run(self, setting: Setting, subjects: int, limit: float = LIMIT) -> tuple[float, np.ndarray]:
        """Seconds, (subjects, times, outputs)."""
        self.start(setting, subjects)
        return self.finish(limit)

    def _answer(self, limit: float):  # type: ignore[no-untyped-def]
        try:
            if not self._pipe.poll(limit):
                self.stop()
                raise PeerFailed(f"no answer within {limit:.0f} s")
            kind, content = self._pipe.recv()
        except (EOFError, OSError) as error:
            self._process.join(1)
            raise PeerFailed(f"its process ended (exit code {self._process.exitcode})") from error
        if kind == "failed":
            raise PeerFailed(content)
        return content

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._pipe.close()
        self._process.kill()
        self._process.join()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
