"""What Clearway's cost grows with: subjects, compounds, days, threads, kind of processor. One core unless it says otherwise."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from clearway.engine import processor_paths, solve
from precision import EQUAL, speed_at
from progress import say
from workers import cores
from workload import Workload, build, max_error

RTOL = 1e-5
"""Where only cost is asked for: an error of some 5e-6 on DDI-14."""

RTOLS = (1e-3, 3.2e-4, 1e-4, 3.2e-5, 1e-5, 3.2e-6, 1e-6)
"""Tolerances at which the kinds of processor are compared."""


def run(w: Workload, rtol: float = RTOL, **options: Any) -> Any:
    """One Trajectory."""
    done = solve(w.system, w.events, w.outputs, w.times, w.end, rtol=rtol, **options)
    done.raise_for_code()
    return done


def timed(action: Callable[[], Any]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def best(actions: Sequence[Callable[[], Any]], seconds: float, most: int = 50) -> list[dict[str, float]]:
    """Each action in turn, round after round until that much time is spent: its best and the spread of its median over it."""
    taken: list[list[float]] = [[] for _ in actions]
    begin = time.perf_counter()
    while len(taken[0]) < 2 or (time.perf_counter() - begin < seconds and len(taken[0]) < most):
        for mine, action in zip(taken, actions, strict=True):
            mine.append(timed(action))
    return [{"seconds": min(t), "spread": float(np.median(t)) / min(t) - 1.0, "runs": len(t)} for t in taken]


def by_subjects(counts: Sequence[int], seconds: float = 1.0) -> dict[str, Any]:
    """DDI-14 in one core; the fixed part is what a run of eight costs beyond its share of a large one."""
    large = build("ddi14", max(counts))
    rows = []
    for n in counts:
        w = large.first(n)
        found = best([lambda w=w: run(w, threads=1)], seconds)[0]
        rows.append({"subjects": n, **found, "speed": n / found["seconds"]})
        say(f"  {n} subjects: {rows[-1]['speed']:.0f}/s")
    return {"rows": rows, "rtol": RTOL}


def by_compounds(counts: Sequence[int], subjects: int = 64, seconds: float = 1.0) -> dict[str, Any]:
    """Made-up compounds (synthetic.py): cost of a subject and of a step."""
    rows = []
    for n in counts:
        w = build(f"{n}-compounds", subjects)
        first = timed(lambda w=w: run(w.first(1), threads=1))
        done = run(w, threads=1)
        found = best([lambda w=w: run(w, threads=1)], seconds)[0]
        steps = float((done.steps + done.rejected).mean())
        rows.append({
            "compounds": n, "sites": int(np.asarray(w.system.site_activity).size), "states": len(w.system.names), **found,
            "first_seconds": first, "steps": steps, "subject_ms": 1e3 * found["seconds"] / subjects,
            "step_us": 1e6 * found["seconds"] / subjects / steps,
        })  # fmt: skip
        say(f"  {n} compounds: {rows[-1]['subject_ms']:.2f} ms a subject, {rows[-1]['step_us']:.2f} µs a step")
    return {"rows": rows, "rtol": RTOL, "subjects": subjects}


def by_days(days: Sequence[int], subjects: int = 64, seconds: float = 1.0) -> dict[str, Any]:
    """DDI-14's regimen and hourly output for shorter and longer times."""
    rows = []
    for n in days:
        w = build(f"ddi14-{n}d", subjects)
        done = run(w, threads=1)
        found = best([lambda w=w: run(w, threads=1)], seconds)[0]
        rows.append({"days": n, **found, "steps": float(done.steps.mean()), "subject_ms": 1e3 * found["seconds"] / subjects})
        say(f"  {n} days: {rows[-1]['subject_ms']:.3f} ms a subject")
    return {"rows": rows, "rtol": RTOL, "subjects": subjects}


def by_threads(workloads: dict[str, int], seconds: float = 8.0) -> dict[str, Any]:
    """All thread counts in turn; the values must be the same bits. `workloads`: subjects of each."""
    counts = sorted({1, 2, len(cores())} | {2**k for k in range(8) if 2**k < len(cores())})
    counts = [n for n in counts if n <= len(cores())]
    found = {}
    for name, subjects in workloads.items():
        w = build(name, subjects)
        one = run(w, threads=1).values
        same = all(np.array_equal(one, run(w, threads=n).values) for n in counts)
        rows = best([lambda w=w, n=n: run(w, threads=n) for n in counts], seconds)
        rows = [{"threads": n, **r, "speed": subjects / r["seconds"]} for n, r in zip(counts, rows, strict=True)]
        found[name] = {"subjects": subjects, "identical": same, "rows": rows}
        say(f"  {name}: {rows[0]['seconds'] / rows[-1]['seconds']:.2f} times as fast on {counts[-1]} threads")
    return {"workloads": found, "rtol": RTOL}


def by_path(workloads: dict[str, int], seconds: float = 4.0) -> dict[str, Any]:
    """Every kind of kernel that this machine can run, in turn at each tolerance: speed at an equal error."""
    paths = list(processor_paths())
    found: dict[str, Any] = {}
    for name, subjects in workloads.items():
        w = build(name, subjects)
        reference = w.reference()
        curves: dict[str, Any] = {path: {"points": []} for path in paths}
        for rtol in RTOLS:
            timing = best([lambda w=w, p=p, rtol=rtol: run(w, rtol, threads=1, isa=p) for p in paths], seconds / len(RTOLS))
            for path, row in zip(paths, timing, strict=True):
                error = max_error(run(w, rtol, threads=1, isa=path).values, reference)
                curves[path]["points"].append({"setting": {"rtol": rtol}, "error": error, "speed": subjects / row["seconds"], **row})
        equal = {path: {f"{e:g}": speed_at(curve, e) for e in EQUAL} for path, curve in curves.items()}
        found[name] = {"subjects": subjects, "curves": curves, "equal": equal}
        say(f"  {name}: " + ", ".join(f"{p} {equal[p]['0.0001'] or 0:.0f}/s" for p in paths))
    return {"workloads": found}
