"""Doses, infusion edges and resets of one subject, gathered by time; and the depots that must be flushed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from clearway.engine.events import ADD, RATE, Events
from clearway.engine.system import AMOUNT, System


@dataclass(frozen=True)
class Change:
    """A state after an event: old + amount, or amount alone where the event sets it."""

    keeps_old: bool
    amount: float


@dataclass
class Stop:
    """Everything that happens at one time: changes of states, and infusion rates (per hour) from now on."""

    time: float
    changes: dict[int, Change] = field(default_factory=dict)
    rates: dict[int, float] = field(default_factory=dict)


def stops(system: System, events: Events, subject: int, subjects: int) -> list[Stop]:
    """The subject's events by time. Entries of one time act in their order, as in the engine.

    A rate that returns to zero but for rounding (below 1e-12 of its largest value) is zero.
    """
    ready = events.prepared(system, subjects)
    if ready.ptr.size:
        chosen, column = range(int(ready.ptr[subject]), int(ready.ptr[subject + 1])), 0
    else:
        chosen, column = range(ready.time.size), min(subject, max(ready.amount.shape[1] - 1, 0))
    found: dict[float, Stop] = {}
    rates: dict[int, float] = {}
    largest: dict[int, float] = {}
    for i in chosen:
        time, state, amount = float(ready.time[i]), int(ready.state[i]), float(ready.amount[i, column])
        stop = found.setdefault(time, Stop(time))
        if ready.kind[i] == RATE:
            total = rates.get(state, 0.0) + amount
            largest[state] = max(largest.get(state, 0.0), abs(total))
            rates[state] = total if abs(total) > 1e-12 * largest[state] else 0.0
            stop.rates[state] = rates[state]
            continue
        old = stop.changes.get(state, Change(True, 0.0))
        stop.changes[state] = Change(old.keeps_old, old.amount + amount) if ready.kind[i] == ADD else Change(False, amount)
    return list(found.values())


def emptying(system: System) -> list[int]:
    """Depots: amounts marked as such (scale_with -2), or to which nothing that left them ever returns."""
    leads: Mapping[int, set[int]] = {i: set() for i in range(len(system.names))}
    keep, src, dst = (np.asarray(getattr(system, f"lin_{x}")) for x in ("keep", "src", "dst"))
    for i in np.flatnonzero(~keep & (dst >= 0)).tolist():
        leads[int(src[i])].add(int(dst[i]))
    path_src = np.asarray(system.path_src)
    for path, to in zip(np.asarray(system.prod_path).tolist(), np.asarray(system.prod_dst).tolist(), strict=True):
        leads[int(path_src[path])].add(to)
    amounts = np.flatnonzero(np.asarray(system.kind) == AMOUNT).tolist()
    marked = np.asarray(system.scale_with) == -2
    return [i for i in amounts if marked[i] or (leads[i] and not _returns(leads, i))]


def _returns(leads: Mapping[int, set[int]], start: int) -> bool:
    seen, todo = set(leads[start]), list(leads[start])
    while todo:
        if start in seen:
            return True
        new = leads[todo.pop()] - seen
        seen |= new
        todo += new
    return start in seen
