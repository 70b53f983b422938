"""Writes the kernel's factor, forward and backward streams for one extended Jacobian (equations: _program)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from clearway.engine._extended import Extended, jacobian_slot
from clearway.engine._leaves import Run
from clearway.engine._memory import M_STATE, ONE, SLOT_BYTES, Term
from clearway.engine._order import Factors

STAGES = 8


def _grouped(
    rows: Iterable[int], level: dict[int, int], length: dict[int, int], kind: Callable[[int], bool] = lambda i: True
) -> list[tuple[int, list[int]]]:
    """Rows in an order that respects the levels, gathered by length and kind: the kernel runs such rows without branches."""
    groups: list[tuple[int, list[int]]] = []
    last: tuple[bool, int] | None = None
    for i in sorted(rows, key=lambda r: (level[r], kind(r), length[r], r)):
        if (kind(i), length[i]) != last:
            groups.append((length[i], []))
        last = (kind(i), length[i])
        groups[-1][1].append(i)
    return groups


@dataclass
class Streams:
    """The streams, in byte offsets of slots.

    Unknowns are relative to their stage; a stage is solved in place.

    linear    groups of rows of one length [entries, rows, ((slot)*, state)*]; coefficients in order from linear_coef
    forward   groups of one length and kind [entries, rows, of a state?, ((unknown)*, start, unknown)*]; coefficients in order from
              forward_coef: that of the start, m*d_i (a state starts from the stage before, others from themselves or from zero),
              then nl_ik*d_i
    backward  groups [entries, rows, ((unknown)*, start, unknown)*]; coefficients nu_ij in order from backward_coef
    leaves    runs [leaves, the first, their source, their gathered sum (all relative), coefficients, slot of sum J_hj*nu_ja];
              coefficients J_jj, J_ja, J_hj, m*d_j, nu_ja of each leaf
    factor    per row [lower, (J, pairs, (nl, nu)*, out)*, diagonal?, (J, m, pairs, (nl, nu)*), upper, (J, pairs, (nl, nu)*, out)*,
              scaled, (nl, out)*]
    jac       per moving entry [constant, count, (derivative, coefficient)*, out]
    """

    ext: Extended
    order: list[int]
    factors: Factors
    where: list[int]
    states: list[int]
    zeros: int
    increments: int
    runs: list[Run]
    moving: list[list[int]] = field(default_factory=list)
    jac: list[int] = field(default_factory=list)
    factor: list[int] = field(default_factory=list)
    linear: list[int] = field(default_factory=list)
    forward: list[int] = field(default_factory=list)
    backward: list[int] = field(default_factory=list)
    leaves: list[int] = field(default_factory=list)
    linear_coef: int = 0
    forward_coef: int = 0
    backward_coef: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    _nl: dict[tuple[int, int], int] = field(default_factory=dict)
    _nu: dict[tuple[int, int], int] = field(default_factory=dict)
    _scaled: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    _starts: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    _leaf: set[int] = field(default_factory=set)
    _gathered: dict[int, list[int]] = field(default_factory=dict)
    _inner: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    _upper: set[tuple[int, int]] = field(default_factory=set)

    def write(self) -> None:
        """Forward and backward first: their coefficients must lie in the order of use."""
        self._upper = {(i, j) for i, upper in enumerate(self.factors.upper) for j in upper}
        self._write_leaves()
        self._write_linear()
        self._write_forward()
        self._write_backward()
        rows = [self._factor_row(i) for i in range(len(self.order)) if i not in self._leaf]
        rows = [r for r in rows if r]
        self.factor = [len(rows), *(x for r in rows for x in r)]
        self.jac = [len(self.moving), *(x for op in self.moving for x in op)]
        self.counts["unknowns"] = len(self.order)

    def _write_leaves(self) -> None:
        memory, order = self.ext.memory, self.order
        self.leaves = [len(self.runs)]
        for number, run in enumerate(self.runs):
            self._leaf.update(run.leaves)
            gathered, inner = self.zeros + 1 + number, memory.alloc()
            self._gathered.setdefault(run.target, []).append(gathered)
            self._inner.setdefault((run.target, run.source), []).append(inner)
            base = memory.alloc(5 * len(run.leaves))
            first, source = self._increment(run.leaves[0]), self._increment(run.source)
            self.leaves += [len(run.leaves), first, source, gathered * SLOT_BYTES, base * SLOT_BYTES, inner * SLOT_BYTES]
            for at, j in zip(range(base, base + 5 * len(run.leaves), 5), run.leaves, strict=True):
                for k, (row, col) in enumerate(((j, j), (j, run.source), (run.target, j))):
                    entry = self.ext.entries.get((order[row], order[col]))
                    if entry is not None:  # a leaf that only copies of itself leave has no J_jj
                        memory.bind(at + k, entry.static)
        self.counts["leaves"] = len(self._leaf)

    def _write_linear(self) -> None:
        """f: linear exchanges and fluxes of each state."""
        memory = self.ext.memory
        states = self.ext.state_slot
        leaf = {self.order[i] for i in self._leaf}
        rows: dict[int, list[tuple[int, list[Term]]]] = {i: [] for i in range(len(states)) if i not in leaf}
        for target, gathered in self._gathered.items():
            rows[self.order[target]] += [(self.increments + at, [(0, 1.0)]) for at in gathered]
        for (row, col), entry in sorted(self.ext.entries.items()):
            if entry.static and row in rows and col not in leaf:
                rows[row].append((self.states[col] if col < len(states) else self.ext.flux_slot[col], entry.static))
        length = {i: len(terms) for i, terms in rows.items()}
        self.linear_coef = at = memory.alloc(sum(length.values()))
        groups = _grouped(rows, dict.fromkeys(rows, 0), length)
        self.linear = [len(groups)]
        for size, members in groups:
            self.linear += [size, len(members)]
            for i in members:
                for slot, own in rows[i]:
                    memory.bind_shared(at, own)
                    self.linear.append(slot * SLOT_BYTES)
                    at += 1
                self.linear.append(self.where[i] * SLOT_BYTES)
        self.counts["linear"] = at - self.linear_coef

    def _write_forward(self) -> None:
        states = len(self.ext.state_slot)
        rows: dict[int, list[int]] = {}
        level: dict[int, int] = {}
        for i, u in enumerate(self.order):
            lower = [k for k in self.factors.lower[i] if self.factors.rhs[k]]
            level[i] = 1 + max((level[k] for k in lower), default=0)
            if i in self._leaf:
                continue
            if lower or u < states or (self.factors.rhs[i] and not self._is_unit(i)):
                # What is ready last is added last.
                rows[i] = sorted((k for k in lower if k not in self._leaf), key=lambda k: (level[k], k))
        length = {i: len(lower) + len(self._gathered.get(i, [])) for i, lower in rows.items()}
        self.forward_coef = at = self.ext.memory.alloc(len(rows) + sum(length.values()))
        groups = _grouped(rows, level, length, lambda i: self.order[i] < states)
        self.forward = [len(groups)]
        for size, members in groups:
            own = self.order[members[0]] < states
            self.forward += [size, len(members), int(own)]
            for i in members:
                given = own or self.order[i] in self.ext.residuals
                self._starts.setdefault(i, []).append((M_STATE if own else ONE, at))
                at += 1
                for slot in self._gathered.get(i, []):
                    self._starts[i].append((ONE, at))
                    self.forward.append(slot * SLOT_BYTES)
                    at += 1
                for k in rows[i]:
                    self._scaled.setdefault(i, []).append((k, at))
                    self.forward.append(self._increment(k))
                    at += 1
                self.forward += [self._increment(i) if given else self.zeros * SLOT_BYTES, self._increment(i)]
        self.counts["forward"] = at - self.forward_coef

    def _is_unit(self, i: int) -> bool:
        """Is the pivot of this row one, whatever the state?"""
        pairs = any((k, i) in self._upper for k in self.factors.lower[i])
        return self.order[i] >= len(self.ext.state_slot) and not pairs and (self.order[i], self.order[i]) not in self.ext.entries

    def _increment(self, i: int) -> int:
        return self.where[self.order[i]] * SLOT_BYTES

    def _write_backward(self) -> None:
        rows = [i for i in reversed(range(len(self.order))) if self.factors.needed[i] and i not in self._leaf]
        level: dict[int, int] = {}
        for i in rows:
            level[i] = 1 + max((level[j] for j in self.factors.upper[i] if j in level), default=0)
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
                    self.backward.append(self._increment(j))
                    at += 1
                self.backward += [self._increment(i) if self.factors.rhs[i] else self.zeros * SLOT_BYTES, self._increment(i)]
        self.counts["backward"] = at - self.backward_coef

    def _pairs(self, i: int, j: int) -> list[int]:
        """[count, (nl_ik, nu_kj)*] over k before both."""
        out: list[int] = []
        for k in self.factors.lower[i]:
            if k < j and (k, j) in self._nu:
                out += [self._nl[i, k] * SLOT_BYTES, self._nu[k, j] * SLOT_BYTES]
        for inner in self._inner.get((i, j), []):
            out += [inner * SLOT_BYTES, ONE * SLOT_BYTES]
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
            if k in self._leaf:
                continue
            pairs = self._pairs(i, k)
            if pairs[0] == 0:
                self._nl[i, k] = self._plain(i, k, None)
            else:
                self._nl[i, k] = memory.alloc()
                lower.append([self._source(i, k), *pairs, self._nl[i, k] * SLOT_BYTES])
        state = self.order[i] < len(self.ext.state_slot)
        pairs = self._pairs(i, i)
        unit = self._is_unit(i)
        diagonal: list[int] = []
        if not unit:
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
        scaled = self._starts.get(i, []) + [(self._nl[i, k], at) for k, at in self._scaled.get(i, [])]
        if not (lower or diagonal or upper or scaled):
            return []
        self.counts["entries"] = self.counts.get("entries", 0) + len(lower) + len(upper) + (len(diagonal) > 0)
        flat = [len(lower), *(x for op in lower for x in op), len(diagonal) > 0, *diagonal, len(upper), *(x for op in upper for x in op)]
        flat += [len(scaled), *(slot * SLOT_BYTES for pair in scaled for slot in pair)]
        return [int(x) for x in flat]
