"""Doses, infusions and resets; and what is to be read out of the states."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clearway.engine.system import Floats, Index, System, SystemDefinitionError, coef_array, index_array

ADD, RATE, SET = 0, 1, 2


@dataclass
class Events:
    """What is done to the states from outside, and when.

    Shared by all subjects (ptr None): time, state, kind, label (E,), amount (E,) or (E, S). Per subject: ptr (S+1,) rising,
    subject s owns the entries ptr[s]:ptr[s+1], all arrays (E,).
    kind: 0 add `amount` to the state; 1 change its infusion rate by `amount` per hour (+r at the start, -r at the end: an
    infusion is half-open [t0, t1)); 2 set the state to `amount`. label 0..62: events of one label begin alike, so that the
    first step after one is learned from the last. Events may come in any order; those of one time act together. A subject
    with an amount, or a time of its own, that is not a number ends in a result code; shared times must be in order.
    """

    time: ArrayLike
    state: ArrayLike
    amount: ArrayLike
    kind: ArrayLike = field(default_factory=list)
    label: ArrayLike = field(default_factory=list)
    ptr: ArrayLike | None = None

    def prepared(self, system: System, subjects: int) -> PreparedEvents:
        """Checked, sorted by time and laid out for the kernel."""
        time = np.ascontiguousarray(self.time, dtype=np.float64).reshape(-1)
        size = time.size
        state = index_array("event state", self.state, len(system.names), 0, size)
        kind = np.asarray(self.kind, dtype=np.int32).reshape(-1)
        kind = index_array("event kind", kind if kind.size else np.zeros(size), 3, 0, size)
        label = np.asarray(self.label, dtype=np.int32).reshape(-1)
        label = index_array("event label", label if label.size else kind, 63, 0, size)
        amount = coef_array("event amount", self.amount, size)
        if self.ptr is None:
            if not np.isfinite(time).all() or (time < 0).any():
                raise SystemDefinitionError("event times must be finite and not negative")
            order = np.argsort(time, kind="stable")
            if amount.shape[1] not in (1, subjects):
                raise SystemDefinitionError(f"event amounts are given for {amount.shape[1]} subjects, the batch has {subjects}")
            return PreparedEvents(
                np.zeros(0, np.int64), time[order], state[order], kind[order], label[order], np.ascontiguousarray(amount[order])
            )
        ptr = np.ascontiguousarray(self.ptr, dtype=np.int64).reshape(-1)
        if ptr.size != subjects + 1 or ptr[0] != 0 or ptr[-1] != size or (np.diff(ptr) < 0).any() or amount.shape[1] != 1:
            raise SystemDefinitionError("event ptr must rise from 0 to the number of events, one range a subject, amounts (E,)")
        order = np.lexsort((np.arange(size), time, np.repeat(np.arange(subjects), np.diff(ptr))))
        return PreparedEvents(ptr, time[order], state[order], kind[order], label[order], np.ascontiguousarray(amount[order]))


@dataclass(frozen=True)
class PreparedEvents:
    """Events in the kernel's layout; ptr empty means shared."""

    ptr: NDArray[np.int64]
    time: Floats
    state: Index
    kind: Index
    label: Index
    amount: Floats

    def first_bad(self, subjects: int) -> NDArray[np.int64]:
        """Per subject: its first event whose amount or time cannot be used (not finite, time below zero), -1 if none."""
        bad = ~np.isfinite(self.amount)
        if self.ptr.size == 0:
            return np.broadcast_to(np.where(bad.any(axis=0), bad.argmax(axis=0) if len(bad) else 0, -1), (subjects,))
        first = np.full(subjects, -1, dtype=np.int64)
        which = np.flatnonzero(bad[:, 0] | ~(np.isfinite(self.time) & (self.time >= 0)))[::-1]  # backwards: the first stays
        first[self._owner(subjects)[which]] = which
        return first

    def brought(self, t_end: float, subjects: int, states: NDArray[np.bool_]) -> Floats:
        """Per subject: the sizes of all that events add, set or infuse into these states up to t_end, added up."""
        over = np.where(self.kind == RATE, np.maximum(t_end - self.time, 0.0), 1.0) * states[self.state]
        with np.errstate(over="ignore", invalid="ignore"):
            sizes = np.abs(self.amount) * over[:, None]
        if self.ptr.size == 0:
            return np.broadcast_to(sizes.sum(axis=0), (subjects,))
        return np.bincount(self._owner(subjects), weights=sizes[:, 0], minlength=subjects).astype(np.float64)

    def _owner(self, subjects: int) -> NDArray[np.int64]:
        return np.repeat(np.arange(subjects), np.diff(self.ptr))


@dataclass
class Outputs:
    """Linear functionals of the states: output o = sum of coef*y[state] over ptr[o]:ptr[o+1]; coef (nnz,), (nnz, S) or 1."""

    ptr: ArrayLike
    state: ArrayLike
    coef: ArrayLike = 1.0

    def __post_init__(self) -> None:
        self.state = np.ascontiguousarray(self.state, dtype=np.int32).reshape(-1)
        ptr = np.ascontiguousarray(self.ptr, dtype=np.int32).reshape(-1)
        if ptr.size == 0 or ptr[0] != 0 or ptr[-1] != self.state.size or (np.diff(ptr) < 0).any():
            raise SystemDefinitionError("outputs ptr must rise from 0 to the number of entries of state")
        self.ptr = ptr
        self.coef = coef_array("outputs coef", self.coef, self.state.size)

    @classmethod
    def of_states(cls, states: ArrayLike, coef: ArrayLike = 1.0) -> Outputs:
        """One output per state, times its coefficient."""
        index = np.ascontiguousarray(states, dtype=np.int32).reshape(-1)
        return cls(np.arange(index.size + 1), index, coef)
