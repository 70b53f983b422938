"""A YAML 1.2 file as plain data, with the line and column of every entry.

The composer of ruamel.yaml gives nodes with marks; from there we build dicts and lists ourselves, so that
duplicate keys are refused with their place, aliases cannot blow up, and no object is ever constructed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clearway.errors import InputError, Problem

MAX_BYTES = 1_000_000
_TAGS = tuple(f"tag:yaml.org,2002:{t}" for t in ("str", "int", "float", "bool", "null", "seq", "map", "timestamp"))
MAX_DEPTH = 40
MAX_NODES = 200_000
Key = tuple[str | int, ...]

_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


def plain_scalar(text: str) -> Any:
    """Plain scalars by the YAML 1.2 core schema (no octal or hexadecimal: a dose is never meant so)."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        # A number of thousands of digits would be refused by int() with a traceback.
        return int(text) if len(text) < 30 else float(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if text.lower() in (".nan", ".inf", "+.inf", "-.inf"):
        return float(text.lower().replace(".", ""))
    return text


def dotted(path: Key) -> str:
    """`('doses', 0, 'dose')` as `doses[0].dose`."""
    out = ""
    for part in path:
        out += f"[{part}]" if isinstance(part, int) else (f".{part}" if out else str(part))
    return out


@dataclass
class Document:
    """`data` as plain Python; `places` maps a path (keys and indices) to (line, column), from 1."""

    file: str
    data: Any
    places: dict[Key, tuple[int, int]] = field(default_factory=dict)

    def problem(self, path: Key, message: str) -> Problem:
        """A `Problem` at `path`, or at the nearest enclosing entry that stands in the file."""
        at = path
        while at and at not in self.places:
            at = at[:-1]
        line, column = self.places.get(at, (1, 1))
        return Problem(message, self.file, line, column, dotted(path))


def read_document(path: Path | str, *, max_bytes: int = MAX_BYTES) -> Document:
    """Read and parse one file. Raises `InputError` for what is missing, too big, binary, or not YAML."""
    path = Path(path)
    name = str(path)
    try:
        if path.is_dir():
            raise InputError(Problem("is a folder, not a file (give the path of a YAML file)", name))
        with path.open("rb") as stream:  # read one byte more than allowed: works for pipes and huge files alike
            raw = stream.read(max_bytes + 1)
    except FileNotFoundError:
        raise InputError(Problem("no such file (check the path, or write one with 'clearway new FILE')", name)) from None
    except OSError as error:
        raise InputError(Problem(f"cannot be read ({error.strerror})", name)) from None
    if len(raw) > max_bytes:
        raise InputError(Problem(f"too big (at most {max_bytes // 1000} kB; this is not a hand-written file)", name))
    if b"\0" in raw:
        raise InputError(Problem("is a binary file (a YAML text file is needed)", name))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(Problem("is not UTF-8 text (save it as UTF-8)", name, line, 1)) from None
    return parse_document(text, name)


def parse_document(text: str, file: str = "<text>") -> Document:
    """Parse YAML text (one document). Raises `InputError` with every duplicate key."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = " ".join(", ".join(s for s in (error.context, error.problem) if s).split())
        raise InputError(Problem(f"not valid YAML ({said})", file, *place)) from None
    except (YAMLError, ValueError) as error:
        said = " ".join(str(error).split())[:120]
        raise InputError(Problem(f"not valid YAML ({said})", file, 1, 1)) from None
    except RecursionError:
        raise InputError(Problem(f"nested too deeply (at most {MAX_DEPTH} levels)", file, 1, 1)) from None
    if root is None:
        raise InputError(Problem("is empty (write one with 'clearway new FILE')", file))
    reader = _Reader(file)
    data = reader.build(root, ())
    if reader.problems:
        raise InputError(reader.problems)
    return Document(file, data, reader.places)


class _Reader:
    """Nodes → plain data. Collects problems so that a user sees them all at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.places: dict[Key, tuple[int, int]] = {}
        self.problems: list[Problem] = []
        self._built = 0
        self._refused = False

    def build(self, node: Any, path: Key) -> Any:
        place = (node.start_mark.line + 1, node.start_mark.column + 1)
        self.places[path] = place
        self._built += 1
        if len(path) > MAX_DEPTH or self._built > MAX_NODES:  # aliases can make a small file endless
            if not self._refused:
                what = f"nested too deeply (at most {MAX_DEPTH} levels)"
                if self._built > MAX_NODES:
                    what = f"too many entries, aliases written out (at most {MAX_NODES})"
                self.problems.append(Problem(what, self.file, *place, dotted(path[:3])))
            self._refused = True
            return None
        if node.tag and not str(node.tag).startswith(_TAGS):
            self.problems.append(Problem(f"a tag is not accepted ({node.tag}; write plain text)", self.file, *place, dotted(path)))
            return None
        if node.id == "scalar":
            return plain_scalar(node.value) if node.style is None else node.value
        if node.id == "sequence":
            return [self.build(child, (*path, i)) for i, child in enumerate(node.value) if not self._refused]
        out: dict[str, Any] = {}
        first: dict[str, int] = {}
        for key_node, value_node in node.value:
            if self._refused:
                break
            line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
            if key_node.id != "scalar":
                self.problems.append(Problem("a key must be plain text", self.file, line, column, dotted(path)))
                continue
            key = str(key_node.value)
            if key in first:
                message = f"duplicate key '{key}' (first on line {first[key]}; keep one)"
                self.problems.append(Problem(message, self.file, line, column, dotted((*path, key))))
                continue
            first[key] = line
            out[key] = self.build(value_node, (*path, key))
        return out
