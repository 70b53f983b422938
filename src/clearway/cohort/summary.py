"""The endpoints of a complete cohort in a few numbers: percentiles over its people, of all or by group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clearway.cohort._arrow import arrow
from clearway.exposure.nca import Floats


@dataclass(frozen=True)
class Spread:
    """Of one endpoint: how many have it, and the percentiles that were asked for (nan if nobody has it)."""

    subjects: int
    values: Floats


def spreads(file: Path, columns: Iterable[str], wanted: tuple[float, ...], by: str | None = None) -> dict[str, dict[str, Spread]]:
    """Column → group → spread; without `by` there is one group, ''. Columns are read one at a time."""
    parquet = arrow().parquet
    groups = parquet.read_table(file, columns=[by])[by].to_numpy(zero_copy_only=False).astype(str) if by else None
    names = [""] if groups is None else np.unique(groups).tolist()
    found: dict[str, dict[str, Spread]] = {}
    for column in columns:
        values = parquet.read_table(file, columns=[column])[column].to_numpy(zero_copy_only=False)
        found[column] = {name: spread_of(values if groups is None else values[groups == name], wanted) for name in names}
    return found


def spread_of(values: Floats, wanted: tuple[float, ...]) -> Spread:
    """The percentiles of those who have a value."""
    there = values[np.isfinite(values)]
    return Spread(len(there), np.percentile(there, wanted) if len(there) else np.full(len(wanted), np.nan))
