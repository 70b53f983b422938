"""A simulated case as a file for other programs: a long table (CSV, Parquet) or an array with axes and units (NetCDF)."""

from __future__ import annotations

import csv
import importlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clearway.answers import compare_case, run_case
from clearway.answers.curves import Curves
from clearway.answers.frames import COLUMNS, dataset, provenance, tidy
from clearway.errors import InputError, Problem
from clearway.library import Library
from clearway.regimen import Case


@dataclass(frozen=True)
class Results:
    """The curves of a case, with its title."""

    title: str
    curves: Curves


def results(case: Case, library: Library) -> Results:
    """Simulate both arms of a case, or the only one (called `run`). Raises InputError, SolveError."""
    if case.compare.entries:
        answer = compare_case(case, library, attribute=False, interval=False)
        return Results(answer.title, answer.curves())
    single = run_case(case, library)
    return Results(case.title or "clearway run", single.curves)


def writer(path: Path) -> Callable[[Results], bytes]:
    """How results become a file of this name. Raises `InputError` for another ending, or where a package is missing."""
    kinds: dict[str, tuple[Callable[[Results], bytes], tuple[str, ...]]] = {
        ".csv": (to_csv, ()),
        ".parquet": (to_parquet, ("pyarrow",)),
        ".nc": (to_netcdf, ("xarray", "h5netcdf", "h5py")),
    }
    if path.suffix.lower() not in kinds:
        raise InputError(Problem(f"is no kind of results file (name it with one of: {', '.join(kinds)})", str(path)))
    made, needs = kinds[path.suffix.lower()]
    for name in needs:
        try:
            importlib.import_module(name)
        except ImportError:
            raise InputError(f"writing {path.suffix} needs {name}, which is not installed (pip install 'clearway[interop]')") from None
    return made


def to_csv(found: Results) -> bytes:
    """One row a curve and time: arm, quantity, name, site, time (h), value, unit."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    for row in zip(*tidy(found.curves).values(), strict=True):
        lines.writerow([f"{v:.9g}" if isinstance(v, float) else v for v in row])
    return out.getvalue().encode()


def to_parquet(found: Results) -> bytes:
    """The same table, words as dictionaries; title and source stand in the file's metadata."""
    pa = importlib.import_module("pyarrow")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    columns = {k: pa.array(v).dictionary_encode() if isinstance(v, list) else pa.array(v) for k, v in tidy(found.curves).items()}
    out = io.BytesIO()
    parquet.write_table(pa.table(columns).replace_schema_metadata(provenance(found.title)), out, compression="zstd")
    return out.getvalue()


def to_netcdf(found: Results) -> bytes:
    """NetCDF 4 with the axes (arm, compound, time) and (arm, enzyme, organ, time)."""
    return bytes(dataset(found.curves, found.title).to_netcdf(engine="h5netcdf"))
