"""Parts to the files a reader opens: endpoints, bands and curves, in the order of the subjects.

Row groups are cut at fixed numbers of rows, whatever the chunks were, so that the bytes depend on the content alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from clearway.cohort._arrow import arrow, decoded, partial, regroup, writer
from clearway.cohort.bands import Histogram, Sum, percentiles
from clearway.cohort.parts import Parts, fingerprint, sync_folder
from clearway.cohort.plan import Plan
from clearway.cohort.tables import Series, series_of

ROWS = {"endpoints": 65_536, "curves": 4_096}
"""Rows of a row group."""

SERIES = 48
"""Series that are added up at a time, of some megabytes each."""


def join(parts: Parts, plan: Plan, folder: Path, about: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Write `endpoints.parquet`, … into the folder; size and SHA-256 of each. `about` goes into their metadata."""
    written = {}
    for kind in plan.kinds:
        target = folder / f"{kind}.parquet"
        if kind == "bands":
            _write(target, _bands(parts, plan), about)
        else:
            tables = (decoded(parts.file(n, kind)) for n in range(plan.chunks))
            _write(target, regroup(tables, ROWS[kind]), about)
        written[target.name] = fingerprint(target)
    return written


def _bands(parts: Parts, plan: Plan) -> Iterator[Any]:
    """Percentile curves, a row for each drug, arm, group and time. Some series are added up at a time: memory stays small."""
    pa = arrow()
    files = [parts.file(n, "bands") for n in range(plan.chunks)]
    metadata = [pa.parquet.read_schema(file).metadata for file in files]
    times = json.loads(metadata[0][b"times_h"])
    every = dict.fromkeys(s for m in metadata for s, _ in series_of(m))
    drugs = list(dict.fromkeys((s.drug, s.arm) for s in every))  # as the first chunk has them: all drugs
    order = sorted(every, key=lambda s: (drugs.index((s.drug, s.arm)), s.group))
    for first in range(0, len(order), SERIES):
        sums = {s: Sum(len(times)) for s in order[first : first + SERIES]}
        for file, about in zip(files, metadata, strict=True):
            table = decoded(file)
            at, count = (table[name].to_numpy().astype(np.int64) for name in ("at", "count"))
            for series, rows in series_of(about):
                if series in sums:
                    sums[series].add(Histogram(at[rows], count[rows]))
        for series, total in sums.items():
            yield _band(series, total, times, plan)


def _band(series: Series, total: Sum, times: list[float], plan: Plan) -> Any:
    many, values = percentiles(total.total(), len(times), plan.percentiles)
    columns: dict[str, Any] = {name: [getattr(series, name)] * len(times) for name in ("drug", "arm", "group")}
    columns |= {"time_h": times, "subjects": many}
    columns |= {f"p{p:g}".replace(".", "_"): values[:, i] for i, p in enumerate(plan.percentiles)}
    return arrow().table(columns).replace_schema_metadata({"unit": "ng/mL"})


def _write(target: Path, tables: Iterable[Any], about: Mapping[str, str]) -> None:
    """A Parquet file, a row group for each table; it takes its name when it is whole."""
    aside, stream = partial(target), None
    with open(aside, "wb") as out:
        for table in tables:
            if stream is None:
                schema = table.schema.with_metadata({**(table.schema.metadata or {}), **about})
                stream = writer(out, schema)
            stream.write_table(table.cast(schema), row_group_size=max(1, len(table)))
        if stream is not None:
            stream.close()
        out.flush()
        os.fsync(out.fileno())
    os.replace(aside, target)
    sync_folder(target.parent)
