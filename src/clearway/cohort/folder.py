"""The folder of a cohort, and the manifest by which it says whose chunks it holds."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from clearway.cohort.parts import Parts, fingerprint, write_file
from clearway.cohort.plan import Plan
from clearway.errors import InputError, Problem

FORMAT = "clearway.cohort/1"
MANIFEST = "cohort.json"

DIFFERS = {
    "case": "the case or its population",
    "library": "a value of the library",
    "clearway": "Clearway's version",
    "processor": "the processor path (CLEARWAY_ISA chooses one)",
    "rtol": "--rtol",
    "subjects": "the number of subjects (-n)",
    "seed": "--seed",
    "chunk": "--chunk",
    "uncertainty": "--uncertainty",
    "curves": "--curves",
    "bands": "--bands",
    "by": "--by",
    "percentiles": "--percentiles",
}


@dataclass(frozen=True)
class Identity:
    """On what the numbers depend beside the plan: digests of the case and of the library's values, version, processor path."""

    case: str
    library: str
    clearway: str
    processor: str


class Folder:
    """`cohort.json`, `parts/` while it is computed, `endpoints.parquet` and others when it is complete."""

    def __init__(self, path: Path, plan: Plan, identity: Identity) -> None:
        self.path, self.plan = path, plan
        self.manifest = {"format": FORMAT, **asdict(identity), **asdict(plan), "percentiles": list(plan.percentiles)}
        self.parts = Parts(path / "parts", plan.kinds)

    @property
    def file(self) -> Path:
        return self.path / MANIFEST

    @contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder if need be, and keep a second run out of it until this one ends, however it ends."""
        try:
            self.parts.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(Problem(f"cannot be made ({error.strerror}; choose another --out)", str(self.path))) from None
        try:
            import fcntl
        except ImportError:  # no such locks on this system
            yield
            return
        handle = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise InputError(Problem("another run is at work here (wait for it, or choose another --out)", str(self.path))) from None
        except OSError:
            pass  # a file system without locks
        try:
            yield
        finally:
            os.close(handle)

    def open(self) -> dict[str, Any]:
        """Begin or go on: the manifest, with `files` if the cohort is complete. Raises InputError if another cohort has begun here,
        saying what differs."""
        if not self.file.exists():
            self._write(self.manifest)
            return self.manifest
        there = self._read()
        different = [_difference(key, there.get(key), self.manifest[key]) for key in DIFFERS if there.get(key) != self.manifest[key]]
        if different:
            text = f"another cohort has begun here ({'; '.join(different)}; choose another --out, or remove the folder)"
            raise InputError(Problem(text, str(self.file)))
        self.parts.clear_leftovers()
        return there

    def whole(self, files: Mapping[str, Any]) -> None:
        """Check the joined files of a complete cohort. Raises InputError for one that has changed."""
        for name, said in files.items():
            path = self.path / name
            if not path.is_file() or fingerprint(path) != said:
                text = "is not what the cohort wrote (remove the folder to compute it again, or choose another --out)"
                raise InputError(Problem(text, str(path)))

        self.parts.remove(self.plan.chunks)  # a run may have been killed just before it did

    def complete(self, files: Mapping[str, Any], failed: int) -> None:
        """Say that the joined files are whole; the parts are no longer needed."""
        self._write({**self.manifest, "failed": failed, "files": files})
        self.parts.remove(self.plan.chunks)

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self.file.read_bytes())
        except (OSError, ValueError) as error:
            raise InputError(Problem(f"cannot be read ({error}; remove the folder or choose another --out)", str(self.file))) from None
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise InputError(Problem(f"is no manifest of a cohort ({FORMAT}; choose another --out)", str(self.file)))
        return found

    def _write(self, content: dict[str, Any]) -> None:
        write_file(self.file, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def _difference(key: str, there: Any, now: Any) -> str:
    """One difference; digests say nothing to a reader."""
    if key in ("case", "library"):
        return f"{DIFFERS[key]} changed since"
    return f"{DIFFERS[key]}: {_said(there)} there, {_said(now)} now"


def _said(value: Any) -> str:
    return "none" if value in (None, False) else "yes" if value is True else f"{value:,}" if isinstance(value, int) else str(value)
