"""One computed chunk as tables: a row a subject, the counts behind the bands, the curves if they are wanted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clearway.cohort._arrow import arrow, encoded
from clearway.cohort.bands import Bins, Histogram, histogram
from clearway.cohort.plan import Plan
from clearway.exposure.nca import Floats

Column = NDArray[Any]


@dataclass(frozen=True)
class Series:
    """One set of curves: what is measured (its column name), in which arm, in which group of people."""

    drug: str
    arm: str
    group: str = ""


@dataclass(frozen=True)
class Chunk:
    """Rows of a cohort. `columns`: what is known of each; `units`: of the columns that have one; `times`: h; `bins` and
    `curves` (rows, times), each if it is wanted: the concentrations of every series as bins of `bands`, and in ng/mL."""

    columns: Mapping[str, Column]
    units: Mapping[str, str]
    times: Floats
    bins: Mapping[Series, Bins]
    curves: Mapping[Series, NDArray[np.float32]]
    ok: NDArray[np.bool_]


@dataclass(frozen=True)
class Part:
    """A chunk as the bytes of its files, with how many of its rows have failed."""

    files: Mapping[str, bytes]
    rows: int
    failed: int
    seconds: Mapping[str, float]


def endpoints_table(chunk: Chunk) -> Any:
    """A row a subject; each column carries its unit."""
    pa = arrow()
    arrays, fields = [], []
    for name, values in chunk.columns.items():
        words = values.dtype.kind in "UO"
        array = pa.array(values.tolist(), pa.string()) if words else pa.array(values, from_pandas=True)  # nan becomes null
        arrays.append(array)
        unit = chunk.units.get(name)
        fields.append(pa.field(name, array.type, metadata={"unit": unit} if unit else None))
    return pa.table(arrays, schema=pa.schema(fields))


def curves_table(chunk: Chunk) -> Any:
    """A row a subject: which, and one list of ng/mL for each series; the times of the lists stand in the metadata."""
    pa = arrow()
    names = [n for n in ("subject", "draw") if n in chunk.columns]
    arrays = [pa.array(chunk.columns[n]) for n in names]
    fields = [pa.field(n, a.type) for n, a in zip(names, arrays, strict=True)]
    for series, curves in chunk.curves.items():
        arrays.append(pa.FixedSizeListArray.from_arrays(pa.array(curves.reshape(-1)), len(chunk.times)))
        fields.append(pa.field(f"{series.drug}_{series.arm}", arrays[-1].type, metadata={"unit": "ng/mL"}))
    return pa.table(arrays, schema=pa.schema(fields, metadata={"times_h": json.dumps(chunk.times.tolist())}))


def histograms(chunk: Chunk, by: str | None) -> dict[Series, Histogram]:
    """Counts of every series, of each group by itself; rows that failed are not counted."""
    found: dict[Series, Histogram] = {}
    groups = _groups(chunk, by)
    for series, binned in chunk.bins.items():
        for group, rows in groups.items():
            found[Series(series.drug, series.arm, group)] = histogram(binned if rows.all() else binned[rows])
    return found


def _groups(chunk: Chunk, by: str | None) -> dict[str, NDArray[np.bool_]]:
    """Rows of each value of the column `by`, in the order of the values."""
    if by is None:
        return {"": chunk.ok}
    texts = chunk.columns[by].astype(str)
    return {str(value): chunk.ok & (texts == value) for value in np.unique(texts)}


def counts_table(found: Mapping[Series, Histogram], times: Floats) -> Any:
    """Histograms of a chunk one after the other; the metadata name the series and say where each ends."""
    pa = arrow()

    def stack(name: str, kind: Any) -> Any:
        return pa.array(np.concatenate([getattr(h, name) for h in found.values()]), type=kind)

    ends = np.cumsum([len(h.at) for h in found.values()]).tolist()
    series = [[s.drug, s.arm, s.group, end] for s, end in zip(found, ends, strict=True)]
    about = {"series": json.dumps(series), "times_h": json.dumps(times.tolist())}
    return pa.table({"at": stack("at", pa.int32()), "count": stack("count", pa.uint32())}).replace_schema_metadata(about)


def series_of(metadata: Mapping[bytes, bytes]) -> list[tuple[Series, slice]]:
    """The series of a table of counts, and the rows of each."""
    found, start = [], 0
    for drug, arm, group, end in json.loads(metadata[b"series"]):
        found.append((Series(drug, arm, group), slice(start, end)))
        start = end
    return found


def part_of(chunk: Chunk, plan: Plan, seconds: dict[str, float]) -> Part:
    """The files of a chunk."""
    files = {"endpoints": encoded(endpoints_table(chunk))}
    if plan.bands:
        files["bands"] = encoded(counts_table(histograms(chunk, plan.by), chunk.times))
    if plan.curves:
        files["curves"] = encoded(curves_table(chunk))
    return Part(files, len(chunk.ok), int((~chunk.ok).sum()), seconds)
