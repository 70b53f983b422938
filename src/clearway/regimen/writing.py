"""A case document (plain dicts, lists, numbers and text) as the YAML of a case file, laid out as a person would write it.

One entry of the regimen a line, keys in the order of the documentation, text as it is. What is written reads back to the same
document: text that would read as a number, a truth value or nothing is put in quotes. (ruamel.yaml's emitter loses its place when
braces, comments and block lists are mixed, and is slow; a case needs only these few forms.)
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clearway.errors import InputError
from clearway.library.document import MAX_DEPTH, plain_scalar
from clearway.regimen import case, entries, person, population

ORDER: dict[str, Sequence[str]] = {
    "": case.FIELDS,
    "person": person.FIELDS,
    "population": population.FIELDS,
    "regimen": entries.FIELDS,
    "compare": entries.FIELDS,
    "measure": case.MEASURE_FIELDS,
}
EXPLAINED = {"regimen": "in both arms", "compare": "in the test arm only"}
LONGEST_KEY = 120
# Text that YAML takes as it stands, within braces too.
_PLAIN = re.compile(r"[^\W_](?:[\w.+/()%;=<>^~°·’…–—-]| (?=\S))*")


def dump(document: Mapping[str, Any], comment: str = "") -> str:
    """The YAML text of a `clearway.case/1` document; `comment` goes on top, each of its lines behind a '#'.

    Fields that a case does not have are kept, after the known ones: the reader refuses them by name. Raises `InputError` for what
    a case file cannot hold (a type other than mapping, list, text, number, truth value and null; nesting beyond 40 levels; a field
    name of more than 120 characters).
    """
    lines = [f"# {line}".rstrip() for line in comment.splitlines()]
    for key, value in _ordered(document, ""):
        head = f"{_key(key)}:"
        if key in ("regimen", "compare") and isinstance(value, list) and value:
            lines.append(f"{head}  # {EXPLAINED[key]}" if document.get("compare") else head)
            lines += (f"  {line}" for row in value for line in _row(row, key))
        elif key == "population" and isinstance(value, Mapping) and value:
            lines.append(head)
            lines += (f"  {_key(name)}: {_flow(item, 2)}" for name, item in _ordered(value, key))
        else:
            lines.append(f"{head} {_flow(value, 1, key)}")
    return "\n".join(lines) + "\n"


def _row(row: Any, field: str) -> Iterator[str]:
    """A row in braces, unless it lists its doses one by one: these go below each other."""
    if not isinstance(row, Mapping) or not isinstance(row.get("doses"), list) or not row["doses"]:
        yield f"- {_flow(row, 2, field)}"
        return
    mark = "- "
    for key, value in _ordered(row, field):
        if key == "doses":
            yield f"{mark}doses:"
            yield from (f"    - {_flow(dose, 4)}" for dose in value)
        else:
            yield f"{mark}{_key(key)}: {_flow(value, 3)}"
        mark = "  "


def _flow(value: Any, depth: int, field: str = "-") -> str:
    """One line: braces, brackets, scalars. `field` names the block whose order of keys holds."""
    if depth > MAX_DEPTH:
        raise InputError(f"nested too deeply (at most {MAX_DEPTH} levels)")
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {_flow(item, depth + 1)}" for key, item in _ordered(value, field)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item, depth + 1) for item in value) + "]"
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else {math.inf: ".inf", -math.inf: "-.inf"}.get(value, ".nan")
    raise InputError(f"a {type(value).__name__} cannot be written in a case (text, numbers, lists and mappings can)")


def _key(name: str) -> str:
    if len(name) > LONGEST_KEY:
        raise InputError(f"a field name is too long ({len(name)} characters; at most {LONGEST_KEY})")
    return name if _PLAIN.fullmatch(name) else _text(name)  # a key is text even if it reads like a number


def _text(text: str) -> str:
    """Text, in quotes where it would be read as something else."""
    if _PLAIN.fullmatch(text) and text.isprintable() and isinstance(plain_scalar(text), str):
        return text
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escaped(c) for c in text) + '"'


def _escaped(c: str) -> str:
    if c in '"\\':
        return "\\" + c
    return c if c.isprintable() else {"\n": "\\n", "\t": "\\t"}.get(c) or f"\\U{ord(c):08x}"


def _ordered(data: Mapping[str, Any], field: str) -> list[tuple[str, Any]]:
    """Known fields in the order of the documentation, then the others as they stand."""
    known = [key for key in ORDER.get(field, ()) if key in data]
    return [(str(key), data[key]) for key in [*known, *(k for k in data if k not in known)]]
