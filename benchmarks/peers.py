"""The solvers that are compared, behind one interface, and the tolerances at which each is measured."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Protocol

import numpy as np

from clearway.engine import solve
from workload import Workload

Setting = Mapping[str, float]


class Peer(Protocol):
    """A workload made ready in one solver; what making ready took is not in its times."""

    version: str

    def solve(self, setting: Setting, subjects: int) -> tuple[float, np.ndarray]:
        """Seconds for the first `subjects` one after the other, and (subjects, times, outputs)."""


class Clearway:
    """Clearway, a thread for each core that its process may use. `atol` of a setting is a factor on the System's own."""

    def __init__(self, workload: Workload) -> None:
        self.work = workload
        self.version = f"Clearway {version('clearway')}"
        self.solve({"rtol": 1e-3, "atol": 1.0}, workload.subjects)  # compiles the pattern's program, as the others' models are

    def solve(self, setting: Setting, subjects: int) -> tuple[float, np.ndarray]:
        w = self.work
        if subjects != w.subjects:
            raise ValueError(f"{w.name} was built for {w.subjects} subjects, not {subjects}")
        system = replace(w.system, atol=np.asarray(w.system.atol) * setting["atol"])
        start = time.perf_counter()
        done = solve(system, w.events, w.outputs, w.times, w.end, rtol=setting["rtol"])
        seconds = time.perf_counter() - start
        done.raise_for_code()
        return seconds, done.values


def _roadrunner(workload: Workload) -> Peer:
    from roadrunner_model import RoadRunner

    return RoadRunner(workload)


def _roadrunner_export(workload: Workload) -> Peer:
    from roadrunner_model import RoadRunner

    return RoadRunner(workload, export=True)


def _lsoda(workload: Workload) -> Peer:
    from lsoda_model import Lsoda

    return Lsoda(workload)


def _diffrax(workload: Workload) -> Peer:
    from diffrax_model import Diffrax

    return Diffrax(workload)


def _grid(first: float, last: float, per_decade: int = 2) -> list[float]:
    steps = round(per_decade * (first - last))
    return [float(f"{10 ** (first - i / per_decade):.2g}") for i in range(steps + 1)]


@dataclass(frozen=True)
class Entry:
    """One solver. build: before the clock. most: it is built for no more subjects; at_once: it solves all of them together.

    settings: from loose to tight, in several manners, the one to be measured first where there is no time for all.
    """

    label: str
    build: Callable[[Workload], Peer]
    settings: tuple[tuple[Setting, ...], ...]
    most: int = 256
    at_once: bool = False


RTOLS = tuple(_grid(-3, -9))
ROADRUNNER_RTOLS = (*_grid(-4, -6), 3.5e-7, *_grid(-7, -8))
LSODA_RTOLS = (1e-3, *_grid(-4, -7), 1e-8)
ROADRUNNER = (
    tuple({"rtol": r, "atol_each": 1e-3 * r} for r in ROADRUNNER_RTOLS),
    tuple({"rtol": r, "atol": 5.7e-3 * r} for r in ROADRUNNER_RTOLS),  # better on DDI-14; with several drugs CVODE often fails under it
)
LSODA = (
    tuple({"rtol": r, "atol": 1e-3 * r} for r in LSODA_RTOLS),
    tuple({"rtol": r, "atol": 1e-2 * r} for r in LSODA_RTOLS),
    ({"rtol": 1e-10, "atol": 1e-13},),  # how near the reference does an independent solver come?
)
DIFFRAX = (
    tuple({"rtol": r, "atol": 1e-3 * r, "implicit": 1} for r in _grid(-3, -7, 1)),
    tuple({"rtol": r, "atol": 1e-3 * r, "implicit": 0} for r in (1e-4, 1e-7)),
)

PEERS: dict[str, Entry] = {
    "clearway": Entry("Clearway", Clearway, tuple(tuple({"rtol": r, "atol": f} for r in RTOLS) for f in (1.0, 10.0, 0.1)), at_once=True),
    "roadrunner": Entry("libRoadRunner, leanest model", _roadrunner, ROADRUNNER),
    "roadrunner-export": Entry("libRoadRunner, SBML export", _roadrunner_export, ROADRUNNER, most=48),
    "lsoda": Entry("SciPy LSODA, compiled right-hand side", _lsoda, LSODA),
    "diffrax": Entry("diffrax", _diffrax, DIFFRAX, most=8, at_once=True),
}
