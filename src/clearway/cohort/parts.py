"""Finished chunks on disk: written whole or not at all, sealed by their digests, verified before they are trusted.

A part is one or more files `000012.endpoints.parquet`, … and then the seal `000012.json`, which holds size and SHA-256 of
each. Only what is sealed counts: whatever a kill, a full disk or a power cut left behind is computed again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clearway.errors import InputError, Problem

LEFTOVER = ".partial"
"""Ending of files that are being written."""


def write_file(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all, also after a power cut."""
    partial = path.with_name(path.name + LEFTOVER)
    try:
        with open(partial, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, path)
        sync_folder(path.parent)
    except OSError as error:
        partial.unlink(missing_ok=True)
        text = f"cannot be written ({error.strerror}; finished chunks stay; free some space and run the same command to go on)"
        raise InputError(Problem(text, str(path))) from None


def sync_folder(folder: Path) -> None:
    """Make a renaming in this folder last (POSIX; elsewhere the system does it)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def fingerprint(path: Path) -> dict[str, Any]:
    """Size and SHA-256 of a file."""
    with open(path, "rb") as stream:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(stream, "sha256").hexdigest()}


@dataclass(frozen=True)
class Parts:
    """The folder of the parts. `kinds` are the files each part must have: endpoints, bands, curves."""

    folder: Path
    kinds: tuple[str, ...]

    def file(self, number: int, kind: str) -> Path:
        return self.folder / f"{number:06d}.{kind}.parquet"

    def seal(self, number: int) -> Path:
        return self.folder / f"{number:06d}.json"

    def write(self, number: int, files: Mapping[str, bytes], about: Mapping[str, Any]) -> None:
        """Write the files of a part, then its seal. `about` (subjects, failed) is kept in the seal."""
        for kind in self.kinds:
            write_file(self.file(number, kind), files[kind])
        sealed = {kind: {"bytes": len(files[kind]), "sha256": hashlib.sha256(files[kind]).hexdigest()} for kind in self.kinds}
        text = json.dumps({**about, "files": sealed}, indent=1, sort_keys=True) + "\n"
        write_file(self.seal(number), text.encode())

    def read(self, number: int) -> dict[str, Any] | None:
        """The seal of a part if the part is whole, else None."""
        try:
            seal: dict[str, Any] = json.loads(self.seal(number).read_bytes())
            whole = all(fingerprint(self.file(number, kind)) == seal["files"][kind] for kind in self.kinds)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return seal if whole else None

    def clear_leftovers(self) -> None:
        """Remove what a killed run was writing."""
        for path in self.folder.glob(f"*{LEFTOVER}"):
            path.unlink(missing_ok=True)

    def remove(self, count: int) -> None:
        """Remove every part: after they are joined. Files of others in the folder stay, and the folder with them."""
        for number in range(count):
            self.seal(number).unlink(missing_ok=True)
            for kind in self.kinds:
                self.file(number, kind).unlink(missing_ok=True)
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()
