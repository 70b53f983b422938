"""Reading one mapping of a case or study file: typed getters that collect problems instead of raising."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from clearway.errors import InputError, Problem, UnitError
from clearway.library.document import Document, Key
from clearway.units import INTERNAL, known, parse, to_internal


class Problems:
    """The problems and warnings of one file, in the order found."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []

    def error(self, path: Key, message: str) -> None:
        self.errors.append(self.document.problem(path, message))

    def warn(self, path: Key, message: str) -> None:
        self.warnings.append(self.document.problem(path, message))

    def stop(self) -> None:
        """Raise what was collected, if anything, in the order of the file."""
        if self.errors:
            raise InputError(sorted(self.errors, key=lambda p: (p.line, p.column)))


class Block:
    """A mapping at `path`. Every getter returns a usable value or the default, and records what is wrong."""

    def __init__(
        self,
        problems: Problems,
        data: Any,
        path: Key,
        fields: Collection[str],
        *,
        strict: bool = True,
        elsewhere: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """elsewhere: fields that do not belong here, with the sentence that says where they do."""
        self.problems, self.path = problems, path
        if data is not None and not isinstance(data, dict):
            problems.error(path, f"must be a mapping ({_short(data)}; write {{key: value, …}})")
            data = {}
        self.data: dict[str, Any] = data or {}
        for key in self.data:
            if key in elsewhere:
                problems.error((*path, key), elsewhere[key])
            elif strict and key not in fields:
                near = difflib.get_close_matches(key, fields, n=1)
                hint = f"did you mean '{near[0]}'?" if near else f"known here: {', '.join(fields)}"
                problems.error((*path, key), f"unknown field ({hint})")

    def __contains__(self, key: str) -> bool:
        return self.data.get(key) is not None

    def at(self, key: str | int) -> Key:
        return (*self.path, key)

    def error(self, key: str, message: str) -> None:
        self.problems.error(self.at(key), message)

    def text(self, key: str, default: str = "") -> str:
        item = self.data.get(key)
        if item is None:
            return default
        if isinstance(item, dict | list | bool):
            self.error(key, f"must be text ({_short(item)})")
            return default
        return str(item)

    def choice(self, key: str, allowed: Collection[str], default: str | None = None) -> str | None:
        item = self.data.get(key)
        if item is None:
            return default
        if not isinstance(item, str) or item not in allowed:
            self.error(key, f"not accepted ({_short(item)}; one of: {', '.join(allowed)})")
            return default
        return item

    def flag(self, key: str) -> bool | None:
        item = self.data.get(key)
        if item is not None and not isinstance(item, bool):
            self.error(key, f"must be true or false ({item!r})")
            return None
        return item

    def items(self, key: str) -> list[Any]:
        item = self.data.get(key)
        if item is None:
            return []
        if not isinstance(item, list):
            self.error(key, f"must be a list ({_short(item)}; write one entry a line with '- ')")
            return []
        return item

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float | None:
        """A bare number within [low, high]."""
        item = self.data.get(key)
        if item is None:
            return default
        if isinstance(item, bool) or not isinstance(item, int | float):
            self.error(key, f"must be a number ({_short(item)}; allowed {low:g} to {high:g})")
            return default
        return self._ranged(key, float(item), "", low, high, default)

    def whole(self, key: str, low: int, high: int) -> int | None:
        item = self.data.get(key)
        if item is None:
            return None
        if isinstance(item, bool) or not isinstance(item, int) or not low <= item <= high:
            self.error(key, f"must be a whole number ({_short(item)}; allowed {low} to {high})")
            return None
        return item

    def quantity(
        self,
        key: str,
        kind: str,
        low: float,
        high: float,
        *,
        default: float | None = None,
        like: str = "",
        bare: bool = False,
    ) -> float | None:
        """A number with a unit of `kind`, in the internal unit; `bare` accepts a number already in `like`'s unit."""
        item = self.data.get(key)
        if item is None:
            return default
        value = self.amount(key, item, (kind,), like=like, bare=bare)
        if value is None:
            return default
        x = to_internal(value[0], value[1])
        return self._ranged(key, x, INTERNAL[kind], low, high, default)

    def amount(self, key: str, item: Any, kinds: tuple[str, ...], *, like: str = "", bare: bool = False) -> tuple[float, str] | None:
        """Number and unit of `item`, whose unit must be one of `kinds`."""
        example = f"write for example '{like}'" if like else f"needs a {kinds[0]}"
        if isinstance(item, int | float) and not isinstance(item, bool):
            if not math.isfinite(item):
                self.error(key, f"not a number ({item}; {example})")
                return None
            if item == 0 or bare:
                return float(item), like.split(" ", 1)[1] if like else INTERNAL[kinds[0]]
            self.error(key, f"missing unit ({item}; {example})")
            return None
        if not isinstance(item, str):
            self.error(key, f"must be a number with a unit ({_short(item)}; {example})")
            return None
        try:
            value, unit = parse(item)
            found = known(unit)
        except UnitError as error:
            self.error(key, error.problems[0].message)
            return None
        if unit == "" and "fraction" not in kinds:
            self.error(key, f"missing unit ({item}; {example})")
            return None
        if found.kind not in kinds:
            self.error(key, f"wrong unit ({item!r} is a {found.kind}; {example})")
            return None
        if not math.isfinite(value):
            self.error(key, f"not a number ({item}; {example})")
            return None
        return value, unit

    def _ranged(self, key: str, x: float, unit: str, low: float, high: float, default: float | None) -> float | None:
        if not low <= x <= high:  # also true for NaN
            space = f" {unit}" if unit else ""
            self.error(key, f"out of range ({x:g}{space}; allowed {low:g} to {high:g}{space})")
            return default
        return x


def day_list(text: Any) -> list[int] | None:
    """`"1-14"`, `"1-5, 8"`, 3 or [1, 2] as day numbers (day 1 begins at 0 h); None if it is none of these."""
    if isinstance(text, int) and not isinstance(text, bool):
        return [text] if 1 <= text <= 3650 else None
    if isinstance(text, list):
        return sorted(text) if text and all(isinstance(d, int) and 1 <= d <= 3650 for d in text) else None
    if not isinstance(text, str):
        return None
    days: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,4})\s*(?:[-–]\s*(\d{1,4})\s*)?", part)
        if not match:
            return None
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= 3650:
            return None
        days.update(range(first, last + 1))
    return sorted(days)


def _short(item: Any) -> str:
    """A value for a message: short, and never a whole block."""
    if isinstance(item, dict):
        return "a mapping"
    if isinstance(item, list):
        return "a list"
    text = repr(item)
    return text if len(text) <= 40 else text[:37] + "…"
