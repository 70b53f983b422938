"""The kernel's working memory of one group of eight subjects, laid out slot by slot.

A slot holds one number for each of eight lanes (64 bytes). Parameters are slots filled once when a subject enters a lane;
each is func(sum of factor*raw[row]), where raw is the stack of all coefficient arrays of the System.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from clearway.engine.events import Outputs
from clearway.engine.system import Floats, Index, System

SLOT_BYTES = 64
SMALLEST_ATOL = 1e-140
"""Absolute tolerances below this count as this: a state that is and stays zero would have no scale. Its square is a number."""

ZERO, ONE, M_STATE, FIXED_SLOTS = 0, 1, 2, 3
IDENTITY, RECIPROCAL, NONZERO = 0, 1, 2

Term = tuple[int, float]

_RAW = (
    "lin_k", "conc_coef", "site_kdeg", "part_inv_kic", "part_inv_kiu", "part_kinact", "part_ki", "part_emax", "part_ec50",
    "part_hill", "path_clint", "path_inv_km", "prod_yield", "atol",
)  # fmt: skip


def raw_offsets(system: System, outputs: Outputs) -> dict[str, int]:
    """Row at which each coefficient array begins in the raw stack; row 0 is the constant 1."""
    offsets, at = {}, 1
    for name in _RAW:
        offsets[name] = at
        at += len(getattr(system, name))
    offsets["out_coef"] = at
    return offsets


def raw_stack(system: System, outputs: Outputs, subjects: int) -> Floats:
    """All coefficient arrays stacked to (rows, subjects)."""
    offsets = raw_offsets(system, outputs)
    stack = np.empty((offsets["out_coef"] + len(np.asarray(outputs.coef)), subjects))
    stack[0] = 1.0
    for name in _RAW:
        values = np.asarray(getattr(system, name))
        stack[offsets[name] : offsets[name] + len(values)] = np.maximum(values, SMALLEST_ATOL) if name == "atol" else values
    stack[offsets["out_coef"] :] = outputs.coef
    return stack


@dataclass
class Memory:
    """Slots handed out in order, and what fills the parameter slots."""

    size: int = FIXED_SLOTS
    slots: list[int] = field(default_factory=list)
    terms: list[list[Term]] = field(default_factory=list)
    funcs: list[int] = field(default_factory=list)
    _seen: dict[tuple[tuple[Term, ...], int], int] = field(default_factory=dict)

    def alloc(self, count: int = 1) -> int:
        """First of `count` new slots."""
        at = self.size
        self.size += count
        return at

    def bind(self, slot: int, terms: list[Term], func: int = IDENTITY) -> None:
        """Fill this slot with func(sum of factor*raw[row]; one term at least) when a subject enters its lane."""
        self.slots.append(slot)
        self.terms.append(terms)
        self.funcs.append(func)

    def bind_shared(self, slot: int, terms: list[Term]) -> None:
        """As bind; who asks for the same value by param later is sent to this slot, so that it is held only once."""
        self.bind(slot, terms)
        self._seen.setdefault((tuple(terms), IDENTITY), slot)

    def param(self, terms: list[Term], func: int = IDENTITY) -> int:
        """A slot with this value, shared by all who ask for the same."""
        if func == IDENTITY and terms == [(0, 1.0)]:
            return ONE
        key = (tuple(terms), func)
        if key not in self._seen:
            self._seen[key] = self.alloc()
            self.bind(self._seen[key], terms, func)
        return self._seen[key]

    def recipe(self) -> Recipe:
        """The parameters in array form."""
        depth = max((len(t) for t in self.terms), default=0)
        levels = []
        for d in range(depth):
            who = [i for i, t in enumerate(self.terms) if len(t) > d]
            levels.append(
                (
                    np.array(who, np.intp),
                    np.array([self.terms[i][d][0] for i in who], np.intp),
                    np.array([self.terms[i][d][1] for i in who]),
                )
            )
        return Recipe(np.array(self.slots, np.int32), levels, np.array(self.funcs, np.int8))


@dataclass(frozen=True)
class Recipe:
    """How the parameter slots follow from the raw stack."""

    slots: Index
    levels: list[tuple[np.ndarray, np.ndarray, Floats]]
    funcs: np.ndarray

    def values(self, raw: Floats) -> Floats:
        """Parameter values (parameters, subjects). Sums run in a fixed order: the same for any grouping of subjects."""
        _, rows, factors = self.levels[0]  # every parameter has a first term
        out: Floats = raw[rows] * factors[:, None]
        for who, rows, factors in self.levels[1:]:
            out[who] += raw[rows] * factors[:, None]
        for i in np.flatnonzero(self.funcs == RECIPROCAL):
            out[i] = np.divide(1.0, out[i], out=np.zeros_like(out[i]), where=out[i] != 0)
        for i in np.flatnonzero(self.funcs == NONZERO):
            out[i] = np.where(out[i] == 0, 1.0, out[i])
        return out
