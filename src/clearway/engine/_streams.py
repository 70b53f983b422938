"""Writes the kernel's factor, forward and backward streams for one extended Jacobian (equations: _program)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from clearway.engine._extended import Extended, jacobian_slot
from clearway.engine._memory import M_STATE, ONE, SLOT_BYTES, Term
from clearway.engine._order import Factors

STAGES = 8


def _grouped(rows: Iterable[int], level: dict[int, int], length: dict[int, int]) -> list[tuple[int, list[int]]]:
    """Rows in an order that respects the levels, gathered by length: the kernel runs rows of one length without branches."""
    groups: list[tuple[int, list[int]]] = []
    last = (-1, -1)
    for i in sorted(rows, key=lambda r: (level[r], length[r], r)):
        if (level[i], length[i]) != last and not (groups and groups[-1][0] == length[i]):
            groups.append((length[i], []))
        last = (level[i], length[i])
        groups[-1][1].append(i)
    return groups


@dataclass
class Streams:
    """The streams, in byte offsets of slots.

    A stage's right-hand side stands where its increments will be and is solved in place; increment slots are those of stage 0.

    linear    groups of rows of one length [entries, rows, ((slot)*, increment slot)*]; coefficients in order from linear_coef, each
              row's 1/d behind its own
    forward   groups [entries, rows, ((increment slot)*, start, increment slot)*]; coefficients nl_ik/d_i in order from forward_coef
    backward  groups [entries, rows, ((increment slot)*, start, increment slot)*]; coefficients in order from backward_coef
    factor    per row [lower, (J, pairs, (nl, nu)*, out)*, diagonal?, (J, m, pairs, (nl, nu)*), upper, (J, pairs, (nl, nu)*, out)*,
              scaled, (nl, out)*, 1/d]
    jac       per moving entry [constant, count, (derivative, coefficient)*, out]
    """

    ext: Extended
    order: list[int]
    factors: Factors
    where: list[int]
    increments: int
    zeros: int
    moving: list[list[int]] = field(default_factory=list)
    jac: list[int] = field(default_factory=list)
    factor: list[int] = field(default_factory=list)
    linear: list[int] = field(default_factory=list)
    forward: list[int] = field(default_factory=list)
    backward: list[int] = field(default_factory=list)
    linear_coef: int = 0
    forward_coef: int = 0
    backward_coef: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    _nl: dict[tuple[int, int], int] = field(default_factory=dict)
    _nu: dict[tuple[int, int], int] = field(default_factory=dict)
    _scaled: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    _inverse: dict[int, int] = field(default_factory=dict)

    def write(self) -> None:
        """Forward and backward first: their coefficients must lie in the order of use."""
        self._write_linear()
        self._write_forward()
        self._write_backward()
        rows = [self._factor_row(i) for i in range(len(self.order))]
        rows = [r for r in rows if r]
        self.factor = [len(rows), *(x for r in rows for x in r)]
        self.jac = [len(self.moving), *(x for op in self.moving for x in op)]
        self.counts["unknowns"] = len(self.order)

    def _write_linear(self) -> None:
        """f's linear part and the fluxes, times 1/d: rows that do not wait for one another."""
        memory = self.ext.memory
        states = len(self.ext.state_slot)
        static: dict[int, list[tuple[int, list[Term]]]] = {}
        for (row, col), entry in sorted(self.ext.entries.items()):
            if entry.static:
                static.setdefault(row, []).append((col, entry.static))
        rows = {i: self._right_hand_side(u, static.get(u, [])) for i, u in enumerate(self.order) if u < states}
        length = {i: len(terms) for i, terms in rows.items()}
        self.linear_coef = at = memory.alloc(sum(length.values()) + len(rows))
        groups = _grouped(rows, dict.fromkeys(rows, 0), length)
        self.linear = [len(groups)]
        for size, members in groups:
            self.linear += [size, len(members)]
            for i in members:
                for slot, own in rows[i]:
                    memory.bind_shared(at, own)
                    self.linear.append(slot * SLOT_BYTES)
                    at += 1
                self._inverse[i] = at
                self.linear.append(self._increment(i) * SLOT_BYTES)
                at += 1
        self.counts["linear"] = at - self.linear_coef

    def _write_forward(self) -> None:
        states = len(self.ext.state_slot)
        rows: dict[int, list[int]] = {}
        level: dict[int, int] = {}
        for i in range(len(self.order)):
            lower = [k for k in self.factors.lower[i] if self.factors.rhs[k]]
            level[i] = 1 + max((level[k] for k in lower), default=0)
            if lower:
                rows[i] = sorted(lower, key=lambda k: (level[k], k))  # what is ready last is added last
        self.forward_coef = at = self.ext.memory.alloc(sum(len(lower) for lower in rows.values()))
        groups = _grouped(rows, level, {i: len(lower) for i, lower in rows.items()})
        self.forward = [len(groups)]
        for size, members in groups:
            self.forward += [size, len(members)]
            for i in members:
                for k in rows[i]:
                    self._scaled.setdefault(i, []).append((k, at))
                    self.forward.append(self._increment(k) * SLOT_BYTES)
                    at += 1
                start = self._increment(i) if self.order[i] < states else self.zeros
                self.forward += [start * SLOT_BYTES, self._increment(i) * SLOT_BYTES]
        self.counts["forward"] = at - self.forward_coef

    def _right_hand_side(self, unknown: int, static: list[tuple[int, list[Term]]]) -> list[tuple[int, list[Term]]]:
        """(slot, coefficient terms) of f's row: linear exchanges, fluxes of paths, change of activity."""
        states = self.ext.state_slot
        terms = [(states[col] if col < len(states) else self.ext.flux_slot[col], own) for col, own in static]
        return terms + [(slot, [(0, 1.0)]) for slot in self.ext.extra.get(unknown, [])]

    def _increment(self, i: int) -> int:
        return self.increments + self.where[self.order[i]]

    def _write_backward(self) -> None:
        rows = [i for i in reversed(range(len(self.order))) if self.factors.needed[i]]
        level: dict[int, int] = {}
        for i in rows:
            level[i] = 1 + max((level[j] for j in self.factors.upper[i]), default=0)
        self.backward_coef = self.ext.memory.alloc(sum(len(self.factors.upper[i]) for i in rows))
        at = self.backward_coef
        rows = [i for i in rows if self.factors.upper[i] or not self.factors.rhs[i]]  # the others stand already
        groups = _grouped(rows, level, {i: len(self.factors.upper[i]) for i in rows})
        self.backward = [len(groups)]
        for length, members in groups:
            self.backward += [length, len(members)]
            for i in members:
                for j in sorted(self.factors.upper[i], key=lambda u: (level[u], u)):
                    self._nu[i, j] = at
                    self.backward.append(self._increment(j) * SLOT_BYTES)
                    at += 1
                start = self._increment(i) if self.factors.rhs[i] else self.zeros
                self.backward += [start * SLOT_BYTES, self._increment(i) * SLOT_BYTES]
        self.counts["backward"] = at - self.backward_coef

    def _pairs(self, i: int, j: int) -> list[int]:
        """[count, (nl_ik, nu_kj)*] over k before both."""
        out: list[int] = []
        for k in self.factors.lower[i]:
            if k < j and (k, j) in self._nu:
                out += [self._nl[i, k] * SLOT_BYTES, self._nu[k, j] * SLOT_BYTES]
        self.counts["products"] = self.counts.get("products", 0) + len(out) // 2
        return [len(out) // 2, *out]

    def _plain(self, i: int, j: int, slot: int | None) -> int:
        """An entry without fill: its slot holds the Jacobian's value itself."""
        entry = self.ext.entries[self.order[i], self.order[j]]
        if slot is not None and not entry.dynamic:
            self.ext.memory.bind(slot, entry.static)
            return slot
        return jacobian_slot(self.ext.memory, entry, self.moving, slot)

    def _source(self, i: int, j: int) -> int:
        return jacobian_slot(self.ext.memory, self.ext.entries.get((self.order[i], self.order[j])), self.moving) * SLOT_BYTES

    def _factor_row(self, i: int) -> list[int]:
        memory = self.ext.memory
        lower: list[list[int]] = []
        for k in self.factors.lower[i]:
            pairs = self._pairs(i, k)
            if pairs[0] == 0:
                self._nl[i, k] = self._plain(i, k, None)
            else:
                self._nl[i, k] = memory.alloc()
                lower.append([self._source(i, k), *pairs, self._nl[i, k] * SLOT_BYTES])
        state = self.order[i] < len(self.ext.state_slot)
        pairs = self._pairs(i, i)
        unit = not state and pairs[0] == 0 and (self.order[i], self.order[i]) not in self.ext.entries
        diagonal: list[int] = []
        if unit:
            if i in self._inverse:
                memory.bind(self._inverse[i], [(0, 1.0)])
            self._inverse.setdefault(i, ONE)
        else:
            if i not in self._inverse:
                self._inverse[i] = memory.alloc()
            diagonal = [self._source(i, i), (M_STATE if state else ONE) * SLOT_BYTES, *pairs]
        upper: list[list[int]] = []
        for j in self.factors.upper[i]:
            pairs = self._pairs(i, j)
            slot = self._nu.get((i, j))
            if unit and pairs[0] == 0:
                self._nu[i, j] = self._plain(i, j, slot)
            else:
                self._nu[i, j] = memory.alloc() if slot is None else slot
                upper.append([self._source(i, j), *pairs, self._nu[i, j] * SLOT_BYTES])
        scaled = [(self._nl[i, k], at) for k, at in self._scaled.get(i, [])]
        if not (lower or diagonal or upper or scaled):
            return []
        self.counts["entries"] = self.counts.get("entries", 0) + len(lower) + len(upper) + (len(diagonal) > 0)
        flat = [len(lower), *(x for op in lower for x in op), len(diagonal) > 0, *diagonal, len(upper), *(x for op in upper for x in op)]
        flat += [len(scaled), *(slot * SLOT_BYTES for pair in scaled for slot in pair)]
        return [int(x) for x in flat] + [self._inverse[i] * SLOT_BYTES]
