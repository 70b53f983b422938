"""pyarrow, imported when first needed, and how every Parquet file of a cohort is written.

zstd-3; floats are split into streams of equal bytes (their exponents compress, their last digits do not); fixed row
groups and nothing of the moment in the metadata, so that equal content gives equal bytes.
"""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from clearway.cohort.parts import LEFTOVER
from clearway.errors import InputError

RISING = ("subject", "at")


def arrow() -> Any:
    """The module pyarrow. Raises InputError naming the extra to install."""
    try:
        importlib.import_module("pyarrow.parquet")
        return importlib.import_module("pyarrow")
    except ImportError:
        raise InputError("cohorts are written as Parquet, which needs pyarrow (pip install 'clearway[cohort]')") from None


def writer(target: Any, schema: Any) -> Any:
    """A writer of this schema; close it. Whole numbers that rise are written as differences."""
    pa = arrow()
    encoding, words = {}, []
    for field in schema:
        if pa.types.is_fixed_size_list(field.type):
            encoding[f"{field.name}.list.element"] = "BYTE_STREAM_SPLIT"
        elif pa.types.is_floating(field.type):
            encoding[field.name] = "BYTE_STREAM_SPLIT"
        elif field.name in RISING:
            encoding[field.name] = "DELTA_BINARY_PACKED"
        else:
            words.append(field.name)
    return pa.parquet.ParquetWriter(
        target, schema, compression="zstd", compression_level=3, use_dictionary=words, column_encoding=encoding, version="2.6"
    )


def encoded(table: Any) -> bytes:
    """A table as the bytes of a Parquet file of one row group."""
    out = io.BytesIO()
    with writer(out, table.schema) as stream:
        stream.write_table(table, row_group_size=max(1, len(table)))
    return out.getvalue()


def decoded(path: Path) -> Any:
    """The table of a Parquet file."""
    return arrow().parquet.read_table(path)


def regroup(tables: Iterable[Any], rows: int) -> Iterator[Any]:
    """The same rows in tables of exactly `rows` rows (the last may be shorter), each in one piece."""
    pa = arrow()
    held: list[Any] = []
    count = 0
    for table in tables:
        while len(table):
            taken = table.slice(0, rows - count)
            held.append(taken)
            count += len(taken)
            table = table.slice(len(taken))
            if count == rows:
                yield pa.concat_tables(held).combine_chunks()
                held, count = [], 0
    if held:
        yield pa.concat_tables(held).combine_chunks()


def partial(path: Path) -> Path:
    """Where a file is written before it takes its name."""
    return path.with_name(path.name + LEFTOVER)
