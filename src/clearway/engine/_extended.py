"""The Jacobian as a sparse matrix over the states and a few auxiliary unknowns.

Each path's flux v, each site sum S and U, and each concentration of several states is an unknown of its own, so that every
entry is one derivative: compounds that meet at a site couple only through S, U and the activity A (a diagonal plus rank
one), and the elimination order decides whether an unknown is folded in at once (two compounds) or kept as a border (thirty).
The change of an activity is an unknown as well, with an empty row: through it, as through a path's flux, a stage hears how far
the flux is from its tangent (`residuals`: the unknowns whose flux bends). This module also writes the streams by which the
kernel evaluates sites.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from clearway.engine._memory import NONZERO, ONE, RECIPROCAL, SLOT_BYTES, ZERO, Memory, Term
from clearway.engine.system import System


@dataclass
class Entry:
    """One entry of the extended Jacobian: a sum of constants and of derivative*coefficient pairs of slots."""

    static: list[Term] = field(default_factory=list)
    dynamic: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Extended:
    """The pattern of the extended Jacobian and the streams that evaluate its moving parts."""

    system: System
    memory: Memory
    raw: dict[str, int]
    state_slot: list[int]
    unknowns: int = 0
    entries: dict[tuple[int, int], Entry] = field(default_factory=dict)
    flux_slot: dict[int, int] = field(default_factory=dict)
    residuals: list[int] = field(default_factory=list)
    conc_code: list[int] = field(default_factory=list)
    site_code: list[int] = field(default_factory=list)
    _conc: dict[int, tuple[int, int]] = field(default_factory=dict)
    _conc_at: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    _seen_by_others: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.unknowns = len(self.state_slot)
        self._seen_by_others = set(np.asarray(self.system.part_conc).tolist())
        self._linear()
        self._sites()
        self.conc_code.insert(0, len(self._conc))

    def _row(self, name: str, i: int) -> int:
        return self.raw[name] + i

    def _value(self, name: str, i: int, func: int = 0) -> int:
        """Byte offset of a coefficient's slot."""
        return SLOT_BYTES * self.memory.param([(self._row(name, i), 1.0)], func)

    def _new(self) -> int:
        self.unknowns += 1
        return self.unknowns - 1

    def _slot(self) -> int:
        return self.memory.alloc()

    def entry(self, row: int, col: int) -> Entry:
        return self.entries.setdefault((row, col), Entry())

    def _linear(self) -> None:
        s = self.system
        dst, keep, gain = np.asarray(s.lin_dst), np.asarray(s.lin_keep), np.asarray(s.lin_gain)
        for i, src in enumerate(np.asarray(s.lin_src).tolist()):
            if not keep[i]:
                self.entry(src, src).static.append((self._row("lin_k", i), -1.0))
            if dst[i] >= 0:
                self.entry(int(dst[i]), src).static.append((self._row("lin_k", i), float(gain[i])))

    def _use_conc(self, c: int) -> tuple[int, int]:
        """Slots of max(C, 0) and of its derivative's mask; writes the evaluation at first use.

        A concentration that only its own paths read keeps its sign (mask 1)."""
        if c not in self._conc:
            s = self.system
            a, b = int(np.asarray(s.conc_ptr)[c]), int(np.asarray(s.conc_ptr)[c + 1])
            states = np.asarray(s.conc_state)[a:b].tolist()
            coefs = [self.memory.param([(self._row("conc_coef", a + i), 1.0)]) for i in range(b - a)]
            signed = c not in self._seen_by_others
            value, mask = self._slot(), ONE if signed else self._slot()
            self.conc_code += [b - a]
            for state, coef in zip(states, coefs, strict=True):
                self.conc_code += [self.state_slot[state] * SLOT_BYTES, coef * SLOT_BYTES]
            self.conc_code += [value * SLOT_BYTES, -1 if signed else mask * SLOT_BYTES]
            self._conc[c] = (value, mask)
            if len(states) == 1:
                self._conc_at[c] = [(states[0], coefs[0])]
            else:
                unknown = self._new()
                for i, state in enumerate(states):
                    self.entry(unknown, state).static.append((self._row("conc_coef", a + i), 1.0))
                self._conc_at[c] = [(unknown, ONE)]
        return self._conc[c]

    def _by_conc(self, row: int, c: int) -> int:
        """A derivative slot: entry (row, concentration c) grows by slot * coefficient. Returns its byte offset."""
        slot = self._slot()
        for unknown, coef in self._conc_at[c]:
            self.entry(row, unknown).dynamic.append((slot, coef))
        return slot * SLOT_BYTES

    def _by_unknown(self, row: int, unknown: int) -> int:
        slot = self._slot()
        self.entry(row, unknown).dynamic.append((slot, ONE))
        return slot * SLOT_BYTES

    def _conc_bytes(self, c: int) -> list[int]:
        value, mask = self._use_conc(c)
        return [value * SLOT_BYTES, mask * SLOT_BYTES]

    def _sites(self) -> None:
        s = self.system
        self.site_code.append(np.asarray(s.site_activity).size)
        for site in range(np.asarray(s.site_activity).size):
            self._site(site)

    def _site(self, site: int) -> None:
        s = self.system
        parts = np.flatnonzero(np.asarray(s.part_site) == site).tolist()
        paths = np.flatnonzero(np.asarray(s.path_site) == site).tolist()
        sums: list[tuple[int, int, list[int]]] = []
        for name in ("part_inv_kic", "part_inv_kiu"):
            active = [p for p in parts if np.any(np.asarray(getattr(s, name))[p] != 0)]
            groups = {int(np.asarray(s.part_group)[p]) for p in active}
            wanted = any(groups - {int(np.asarray(s.path_group)[q])} for q in paths)
            sums.append(self._site_sum(name, active if wanted else []))
        activity = int(np.asarray(s.site_activity)[site])
        self.site_code.append(len(paths))
        for p in paths:
            self._path(p, paths, activity, sums)
        self.site_code.append(int(activity >= 0))
        if activity >= 0:
            self._activity(site, parts, activity)

    def _site_sum(self, name: str, parts: list[int]) -> tuple[int, int, list[int]]:
        """(unknown, slot, participants) of S or U; writes [count, (C, mask, 1/K, derivative)*, slot]."""
        self.site_code.append(len(parts))
        if not parts:
            return -1, -1, []
        unknown, slot = self._new(), self._slot()
        for p in parts:
            c = int(np.asarray(self.system.part_conc)[p])
            self.site_code += [*self._conc_bytes(c), self._value(name, p), self._by_conc(unknown, c)]
        self.site_code.append(slot * SLOT_BYTES)
        return unknown, slot, parts

    def _path(self, p: int, paths: list[int], activity: int, sums: list[tuple[int, int, list[int]]]) -> None:
        s = self.system
        group, conc = np.asarray(s.path_group), np.asarray(s.path_conc)
        flux, unknown = self._flux()
        saturable = bool(np.any(np.asarray(s.path_inv_km)[p] != 0))
        c = int(conc[p])
        code = self._conc_bytes(c)
        code += [SLOT_BYTES * (self.state_slot[activity] if activity >= 0 else ONE), self._value("path_clint", p)]
        code += [self._value("path_inv_km", p) if saturable else -1]
        by_n = self._competition("part_inv_kic", sums[0], int(group[p]), unknown, True)
        by_m = self._competition("part_inv_kiu", sums[1], int(group[p]), unknown, saturable)
        others = [q for q in paths if q != p and group[q] == group[p] and np.any(np.asarray(s.path_inv_km)[q] != 0)]
        code += [*by_n, *by_m, len(others)]
        for q in others:
            cq = int(conc[q])
            code += [*self._conc_bytes(cq), self._value("path_inv_km", q), self._by_conc(unknown, cq)]
        code += [flux * SLOT_BYTES, self._by_conc(unknown, c), self._by_unknown(unknown, activity) if activity >= 0 else -1]
        shared = len(by_n) > 1 or bool(others)
        code += [self._slot() * SLOT_BYTES if shared else -1, *self._residual(unknown, saturable or shared or activity >= 0)]
        self.site_code += code
        self.entry(int(np.asarray(s.path_src)[p]), unknown).static.append((0, -1.0))
        for r in np.flatnonzero(np.asarray(s.prod_path) == p).tolist():
            self.entry(int(np.asarray(s.prod_dst)[r]), unknown).static.append((self._row("prod_yield", r), 1.0))

    def _flux(self) -> tuple[int, int]:
        """(slot, unknown) of a flux."""
        slot, unknown = self._slot(), self._new()
        self.flux_slot[unknown] = slot
        return slot, unknown

    def _residual(self, unknown: int, curved: bool) -> list[int]:
        """[slot of the tangent's constant, place among the residuals], or -1 twice for a flux that is linear in the states."""
        if not curved:
            return [-1, -1]
        self.residuals.append(unknown)
        return [self._slot() * SLOT_BYTES, (len(self.residuals) - 1) * SLOT_BYTES]

    def _competition(self, name: str, total: tuple[int, int, list[int]], group: int, unknown: int, matters: bool) -> list[int]:
        """[slot of the sum or -1, derivative by it, own count, (C, mask, 1/K, derivative)*] of one path."""
        sum_unknown, slot, parts = total
        own = [q for q in parts if int(np.asarray(self.system.part_group)[q]) == group]
        if not matters or len(own) == len(parts):
            return [-1]
        code = [slot * SLOT_BYTES, self._by_unknown(unknown, sum_unknown), len(own)]
        for q in own:
            c = int(np.asarray(self.system.part_conc)[q])
            code += [*self._conc_bytes(c), self._value(name, q), self._by_conc(unknown, c)]
        return code

    def _activity(self, site: int, parts: list[int], activity: int) -> None:
        s = self.system
        conc = np.asarray(s.part_conc)
        inducers = [p for p in parts if np.any(np.asarray(s.part_emax)[p] != 0)]
        killers = [p for p in parts if np.any(np.asarray(s.part_kinact)[p] != 0)]
        flux, unknown = self._flux()
        self.entry(activity, unknown).static.append((0, 1.0))
        code = [self.state_slot[activity] * SLOT_BYTES, self._value("site_kdeg", site), len(inducers)]
        for p in inducers:
            c = int(conc[p])
            curved = bool(np.any(np.asarray(s.part_hill)[p] != 1))
            code += [*self._conc_bytes(c), self._value("part_emax", p), self._value("part_ec50", p, RECIPROCAL)]
            code += [self._value("part_hill", p) if curved else -1, self._by_conc(activity, c), self._slot() * SLOT_BYTES]
        code.append(len(killers))
        for p in killers:
            c = int(conc[p])
            code += [*self._conc_bytes(c), self._value("part_kinact", p), self._value("part_ki", p, NONZERO), self._by_conc(activity, c)]
        self.site_code += [*code, flux * SLOT_BYTES, self._by_unknown(activity, activity)]
        self.site_code += self._residual(unknown, bool(inducers or killers))


def jacobian_slot(memory: Memory, entry: Entry | None, code: list[list[int]], out: int | None = None) -> int:
    """Slot that holds this entry's value; adds its evaluation to `code` if it moves."""
    if entry is None:
        return ZERO
    static = memory.param(entry.static) if entry.static else ZERO
    if not entry.dynamic:
        return static
    if out is None and static == ZERO and len(entry.dynamic) == 1 and entry.dynamic[0][1] == ONE:
        return entry.dynamic[0][0]
    slot = memory.alloc() if out is None else out
    op = [static * SLOT_BYTES, len(entry.dynamic)]
    for derivative, coef in entry.dynamic:
        op += [derivative * SLOT_BYTES, coef * SLOT_BYTES]
    code.append([*op, slot * SLOT_BYTES])
    return slot
