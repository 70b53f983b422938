"""A System in SciPy's LSODA (odeint) with its right-hand side in compiled C; stops and starts anew at every dose."""

from __future__ import annotations

import itertools
import time

import numpy as np

from c_source import compiled, parameters
from clearway.engine import ADD
from workload import Workload, without_quadratures


def intervals(workload: Workload) -> list[tuple[float, float, list[tuple[int, float]], np.ndarray]]:
    """(start, end, doses at the start, indices of the output times in [start, end)); the last output belongs to the last."""
    e = workload.events.prepared(workload.system, workload.subjects)
    if e.ptr.size or (e.kind != ADD).any() or e.amount.shape[1] != 1:
        raise ValueError(f"{workload.name}: only single doses that are the same for all subjects are solved here")
    cuts = sorted({0.0, *e.time[e.time < workload.end].tolist(), workload.end})
    found = []
    for a, b in itertools.pairwise(cuts):
        doses = [(int(s), float(x)) for s, x in zip(e.state[e.time == a], e.amount[e.time == a, 0], strict=True)]
        last = b == workload.end
        found.append((a, b, doses, np.flatnonzero((workload.times >= a) & ((workload.times < b) | last))))
    return found


class Lsoda:
    """The right-hand side is compiled before the clock starts. The Jacobian is LSODA's own, by differences."""

    def __init__(self, workload: Workload) -> None:
        import scipy

        self.work = without_quadratures(workload)
        self.module = compiled(self.work.system)
        self.plan = intervals(self.work)
        self.version = f"SciPy {scipy.__version__}"

    def solve(self, setting: dict[str, float], subjects: int) -> tuple[float, np.ndarray]:
        """Seconds, (subjects, times, outputs)."""
        from scipy.integrate import odeint

        w = self.work
        ptr, state, coef = np.asarray(w.outputs.ptr), np.asarray(w.outputs.state), np.asarray(w.outputs.coef)
        values = np.empty((subjects, w.times.size, ptr.size - 1))
        start = time.perf_counter()
        for i in range(subjects):
            self.module.use(parameters(w.system, i))
            y = np.array(np.asarray(w.system.y0)[:, min(i, np.asarray(w.system.y0).shape[1] - 1)])
            states = np.empty((w.times.size, y.size))
            for a, b, doses, which in self.plan:
                for where, amount in doses:
                    y[where] += amount
                inside = w.times[which]
                grid = np.concatenate([[a], inside[(inside > a) & (inside < b)], [b]])
                y, info = odeint(self.module.rhs, y, grid, rtol=setting["rtol"], atol=setting["atol"], mxstep=100_000, full_output=True)
                if info["message"] != "Integration successful.":
                    raise RuntimeError(info["message"])
                states[which] = y[np.searchsorted(grid, inside)]
                y = y[-1].copy()
            mine = coef[:, min(i, coef.shape[1] - 1)]
            values[i] = np.add.reduceat(states[:, state] * mine, ptr[:-1], axis=1)
        return time.perf_counter() - start, values
