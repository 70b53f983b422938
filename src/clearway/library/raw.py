"""Every number of the raw tables (enzymes, genotypes, physiology) with the evidence that stands with it or above it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clearway.library.compound import Other, Value


@dataclass(frozen=True)
class Entry:
    """A number and where it stands in its table: ('enzymes', 'CYP3A4', 'kdeg', 'liver')."""

    path: tuple[str, ...]
    value: Value


def entries(raw: Any, path: tuple[str, ...] = ()) -> Iterator[Entry]:
    """Every number that has evidence. A block that names it once, for `values` or for the numbers below it that carry none of
    their own, gives it to each."""
    if isinstance(raw, dict):
        if isinstance(raw.get("evidence"), str):
            held = raw.get("values")
            numbers = _numbers(held, path) if held is not None else _own(raw, path)
            yield from (Entry(where, _value(raw, number)) for where, number in numbers)
        for key, child in raw.items():
            if key not in ("conflicts", "values"):
                yield from entries(child, (*path, str(key)))
    elif isinstance(raw, list):
        for i, child in enumerate(raw):
            yield from entries(child, (*path, str(i)))


def _value(block: dict[str, Any], number: float) -> Value:
    alone = "value" in block
    conflicts = [Other(o["value"], o.get("source", ""), o.get("unit", "")) for o in block.get("conflicts", ())] if alone else []
    return Value(
        number, str(block.get("unit") or ""), block.get("source"), block["evidence"], str(block.get("because") or ""),
        low=block.get("low") if alone else None, high=block.get("high") if alone else None, note=str(block.get("note") or ""),
        conflicts=conflicts,
    )  # fmt: skip


def _own(raw: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], float]]:
    """Numbers of a block that has no `values`: its value, or the numbers below it that carry no evidence of their own."""
    if "value" in raw:
        yield path, raw["value"]
        return
    for key, child in raw.items():
        if not _has_evidence(child):
            yield from _numbers(child, (*path, str(key)))


def _has_evidence(raw: Any) -> bool:
    children = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()
    return (isinstance(raw, dict) and "evidence" in raw) or any(_has_evidence(c) for c in children)


def _numbers(raw: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], float]]:
    if isinstance(raw, dict | list):
        for key, child in raw.items() if isinstance(raw, dict) else enumerate(raw):
            yield from _numbers(child, (*path, str(key)))
    elif isinstance(raw, int | float) and not isinstance(raw, bool):
        yield path, float(raw)
