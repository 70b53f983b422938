"""What every command shares: the library, tables on the terminal, JSON, files written whole or not at all."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from clearway.errors import InputError, Problem
from clearway.library import Library

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", metavar="DIR", help="Folder with your own compound files, added to the library."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def load_library(extra: Path | None = None) -> Library:
    """The library, with a user's own compounds on top."""
    return Library.load(extra)


def print_json(data: Any) -> None:
    """Strict JSON: NaN and infinities become null."""
    print(json.dumps(_finite(data), ensure_ascii=False, indent=1, allow_nan=False))


def _finite(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(k): _finite(v) for k, v in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(v) for v in data]
    if hasattr(data, "item") and not isinstance(data, str):  # NumPy scalars
        data = data.item()
    return None if isinstance(data, float) and not math.isfinite(data) else data


def write_whole(path: Path, data: str | bytes) -> None:
    """Write a file completely or leave nothing behind (a full disk, a missing folder). Raises `InputError`."""
    raw = data.encode() if isinstance(data, str) else data
    partial = ""
    try:
        if path.exists() and not path.is_file():  # a device or a pipe is written to, not replaced
            path.write_bytes(raw)
            return
        handle, partial = tempfile.mkstemp(dir=path.parent or Path("."), prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(raw)
        os.chmod(partial, 0o644)
        os.replace(partial, path)
    except OSError as error:
        if partial:
            Path(partial).unlink(missing_ok=True)
        text = f"cannot be written ({error.strerror}; nothing was written; choose another place or free some space)"
        raise InputError(Problem(text, str(path))) from None


@contextmanager
def progress(text: str, total: int | None = None) -> Iterator[Any]:
    """A progress bar on stderr; yields `advance(n=1)`. Silent when stderr is not a terminal."""
    import sys

    if not sys.stderr.isatty():
        yield lambda n=1: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=total)
        yield lambda n=1: bar.advance(task, n)
