"""The compiled index: the validated library as one pickle, made when the package is built.

`python -m clearway.library.index build OUT` writes it; `load_index` reads it in milliseconds without importing
pydantic or ruamel.yaml. It is used only while it holds exactly the YAML files that are there: names and sizes
are compared, and the content of any file newer than the index (installers and git set times as they like).
"""

from __future__ import annotations

import hashlib
import pickle
import sys
from pathlib import Path

from clearway.library.library import DATA, Library

NAME = "library.index"
VERSION = 4  # of the pickled layout: raise it when a dataclass of the library changes


def index_path() -> Path:
    """Where the index stands: beside the data."""
    return Path(__file__).parent / NAME


def build_index(out: Path) -> Library:
    """Validate the YAML and write the index (raises `InputError` if anything is wrong)."""
    from clearway.library.loader import load_folder

    library = load_folder(DATA)
    library.names()  # made now, so that the first lookup is free
    root = str(DATA)
    library.files = {k: v.removeprefix(root).lstrip("/") for k, v in library.files.items()}
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_suffix(".part")
    partial.write_bytes(pickle.dumps((VERSION, _stamp(), pickle.dumps(library, protocol=5)), protocol=5))
    partial.replace(out)
    return library


def load_index(path: Path | None = None) -> Library | None:
    """The library of the index, or None if there is none, it is stale, or of another version."""
    path = path or index_path()
    try:
        made = path.stat().st_mtime
        version, stamp, body = pickle.loads(path.read_bytes())
        if version != VERSION or not _fresh(stamp, made):
            return None
        library = pickle.loads(body)
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, ValueError, TypeError):
        return None
    return library if isinstance(library, Library) else None


def digest() -> str:
    """Sixteen hex digits that change with the content of any file of the shipped library."""
    whole = hashlib.blake2b(digest_size=8)
    for path in sorted(_files()):
        whole.update(str(path.relative_to(DATA)).encode() + _digest(path))
    return whole.hexdigest()


def _digest(path: Path) -> bytes:
    return hashlib.blake2b(path.read_bytes(), digest_size=16).digest()


def _files() -> list[Path]:
    """Everything that the index holds."""
    return [*DATA.rglob("*.yaml"), *DATA.glob("*.json")]


def _stamp() -> dict[str, tuple[int, bytes]]:
    """Size and digest of every YAML file of the library."""
    return {str(p.relative_to(DATA)): (p.stat().st_size, _digest(p)) for p in _files()}


def _fresh(stamp: dict[str, tuple[int, bytes]], made: float) -> bool:
    """Whether the YAML files are still those of the index."""
    seen = 0
    for path in _files():
        size, digest = stamp.get(str(path.relative_to(DATA)), (-1, b""))
        status = path.stat()
        if status.st_size != size or (status.st_mtime > made and _digest(path) != digest):
            return False
        seen += 1
    return seen == len(stamp)


def main(argv: list[str]) -> int:
    """`build [OUT]` or `check`."""
    from clearway.errors import InputError

    if argv[:1] not in (["build"], ["check"]) or len(argv) > 2:
        print("usage: python -m clearway.library.index build [OUT] | check", file=sys.stderr)
        return 2
    try:
        if argv[0] == "check":
            from clearway.library.loader import load_folder

            library = load_folder(DATA)
        else:
            library = build_index(Path(argv[1]) if len(argv) == 2 else index_path())
    except InputError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return error.exit_code
    print(f"{len(library.compounds)} compounds, {len(library.products)} products, {len(library.references)} references")
    return 0


if __name__ == "__main__":
    # Run as a script this module is `__main__`; the pickled classes must come from the package.
    raise SystemExit(main(sys.argv[1:]))
