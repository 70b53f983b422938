"""A population of the case, computed and read in memory: nothing of it is written to a disk."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from clearway.answers.plain import plain
from clearway.cohort.endpoints import measure_in, names
from clearway.cohort.plan import PERCENTILES, Plan, column
from clearway.cohort.summary import spread_of
from clearway.cohort.tables import Series
from clearway.cohort.work import Work
from clearway.regimen import Case
from clearway.web.answer import short
from clearway.web.known import Known
from clearway.web.stream import Telling

CHUNK = 256
NAMES = tuple(f"p{p:g}" for p in PERCENTILES)


def cohort(known: Known, case: Case, subjects: int, seed: int, telling: Telling) -> None:
    """The events of `POST /api/cohort`."""
    plan = Plan(subjects, seed, min(CHUNK, subjects), curves=True, bands=False)
    work = Work(case, known.library, plan)
    columns: dict[str, list[NDArray[Any]]] = {name: [] for name in work.endpoints}
    curves: dict[Series, list[NDArray[np.float32]]] = {}
    failed = done = 0
    for number in range(plan.chunks):
        telling.event("progress", {"stage": "people", "done": done, "of": subjects})
        chunk = work.chunk(number)
        for name, kept in columns.items():
            kept.append(chunk.columns[name])
        for series, drawn in chunk.curves.items():
            curves.setdefault(series, []).append(drawn)
        failed += int((~chunk.ok).sum())
        done += len(chunk.ok)
    telling.event("progress", {"stage": "percentiles", "done": done, "of": subjects})
    found = {
        "subjects": subjects, "seed": seed, "failed": failed, "endpoints": _endpoints(work, columns),
        "bands": [_band(work, series, np.concatenate(drawn)) for series, drawn in curves.items()],
    }  # fmt: skip
    telling.event("cohort", plain(found))


def _endpoints(work: Work, columns: dict[str, list[NDArray[Any]]]) -> list[dict[str, Any]]:
    found = []
    for read in work.reads:
        for name, unit in names(read, work.arms).items():
            spread = spread_of(np.concatenate(columns[name]), PERCENTILES)
            quantity, _, arm = name.removeprefix(f"{column(read.target.name)}_").rpartition("_")
            row = {"name": name, "label": read.target.label, "arm": arm, "quantity": quantity, "unit": unit, "subjects": spread.subjects}
            found.append({**row, "percentiles": dict(zip(NAMES, spread.values.tolist(), strict=True))})
    return found


def _band(work: Work, series: Series, curves: NDArray[np.float32]) -> dict[str, Any]:
    """Percentiles at every time, over those whose run succeeded."""
    ok = curves[np.isfinite(curves).all(axis=1)]
    levels = np.percentile(ok, PERCENTILES, axis=0) if len(ok) else np.full((len(NAMES), curves.shape[1]), np.nan)
    label = next(r.target.label for r in work.reads if column(r.target.name) == series.drug and measure_in(r, series.arm))
    times = short(np.asarray(work.times))
    return {"compound": label, "arm": series.arm, "times": times, **{n: short(v) for n, v in zip(NAMES, levels, strict=True)}}
