"""Subjects that cannot be integrated: a parameter, initial value or dose that is no number, or has no meaning where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from clearway.engine._memory import raw_offsets
from clearway.engine.events import Outputs, PreparedEvents
from clearway.engine.system import QUADRATURE, Floats, System

SWAMPED = 1e13
"""Largest part of a site's sum that one compound could have, were all of it in one place. What the others add is the sum less
its own part: beyond this, that difference could have lost thirteen of its sixteen digits."""

FAST = 1e13
"""1/h from which a linear exchange is refused: what it carries in a step is then known to fewer digits than the amounts, so
that sinks and AUCs would be rounding noise beside amounts that are right."""

BELOW_ZERO = 1e-4
"""Part of all initial amounts by which one of them may lie below zero: what the end of another run may leave."""


@dataclass(frozen=True)
class Fault:
    """Why one subject cannot be integrated: the state it concerns (-1: none), when (nan: from the start), and in words."""

    state: int
    time: float
    text: str


def unusable(system: System, events: PreparedEvents, outputs: Outputs, raw: Floats, y0: Floats, t_end: float) -> dict[int, Fault]:
    """Subject → its first fault. raw: coefficients (rows, subjects) of `_memory.raw_stack`; y0: (states, subjects)."""
    subjects = raw.shape[1]
    found: dict[int, Fault] = {}
    for name, values, bad, why in _tests(system, events, outputs, raw, y0, t_end):
        if not bad.any():
            continue
        for subject in np.flatnonzero(np.broadcast_to(bad.any(axis=0), (subjects,))).tolist():
            i = int(bad[:, min(subject, bad.shape[1] - 1)].argmax())
            value = values[i, min(subject, values.shape[1] - 1)]
            found.setdefault(subject, Fault(_state(system, outputs, name, i), np.nan, f"{name}[{i}] is {value:g}{why}"))
    first = events.first_bad(subjects)
    for subject in np.flatnonzero(first >= 0).tolist():
        i = int(first[subject])
        amount, time = events.amount[i, min(subject, events.amount.shape[1] - 1)], float(events.time[i])
        found.setdefault(subject, Fault(int(events.state[i]), time, f"an event at {time:g} h has the amount {amount:g}"))
    return found


def _tests(
    system: System, events: PreparedEvents, outputs: Outputs, raw: Floats, y0: Floats, t_end: float
) -> Iterator[tuple[str, Floats, NDArray[np.bool_], str]]:
    """(array, its values, where they are unusable, what is to be added in words); arrays (entries, subjects or 1)."""
    finite = np.isfinite(raw)
    if not finite.all():
        starts = raw_offsets(system, outputs)
        ends = [*list(starts.values())[1:], len(raw)]
        for (name, start), end in zip(starts.items(), ends, strict=True):
            yield name, raw[start:end], ~finite[start:end], ""
    rate = np.asarray(system.lin_k)
    yield "lin_k", rate, np.abs(rate) > FAST, ": too fast for double precision to follow what it carries"
    yield "y0", y0, ~np.isfinite(y0), ""
    atol = np.asarray(system.atol)
    yield "atol", atol, atol < 0.0, ", and must not be below zero"
    held = np.where((np.asarray(system.kind) == QUADRATURE)[:, None], 0.0, y0)
    yield "y0", y0, held < -BELOW_ZERO * np.abs(held).sum(axis=0) - 100.0 * atol, ", and must not be below zero"
    kills, induces = np.asarray(system.part_kinact) != 0.0, np.asarray(system.part_emax) != 0.0
    for name, acts in (("part_ki", kills), ("part_ec50", induces), ("part_hill", induces)):
        values = np.asarray(getattr(system, name))
        yield name, values, acts & (values <= 0.0), ", and must be above zero"
    given = partial(_given, events, held, t_end)
    why = ": with these doses, too strong for double precision to see the others"
    for name in ("part_inv_kic", "part_inv_kiu"):
        yield name, np.asarray(getattr(system, name)), _swamps(system, name, given), why


def _swamps(system: System, name: str, given: Callable[[NDArray[np.bool_]], Floats]) -> NDArray[np.bool_]:
    """Participants whose part of a sum that others share would pass SWAMPED if all that can come to them were there at once."""
    inverse, coef = np.abs(np.asarray(getattr(system, name))), np.abs(np.asarray(system.conc_coef))
    site, group, ptr = np.asarray(system.part_site), np.asarray(system.part_group), np.asarray(system.conc_ptr)
    whole = given(np.ones(len(system.names), dtype=bool))
    bad = np.zeros((len(inverse), whole.size), dtype=bool)
    most = np.fmax.reduce(whole, initial=0.0)
    with np.errstate(over="ignore", invalid="ignore"):
        for p, c in enumerate(np.asarray(system.part_conc).tolist()):
            here = slice(ptr[c], ptr[c + 1])
            if np.fmax.reduce(inverse[p]) * np.fmax.reduce(coef[here], axis=None, initial=0.0) * most > SWAMPED:
                shared = inverse[(site == site[p]) & (group != group[p])].any()
                arrived = given(_upstream(system, np.asarray(system.conc_state)[here]))
                bad[p] = shared & (inverse[p] * coef[here].max(axis=0) * arrived > SWAMPED)
    return bad


def _given(events: PreparedEvents, y0: Floats, t_end: float, states: NDArray[np.bool_]) -> Floats:
    """Per subject: all that is in these states at the start or comes in by events."""
    return np.asarray(np.abs(y0[states]).sum(axis=0) + events.brought(t_end, y0.shape[1], states))


def _upstream(system: System, states: NDArray[np.int32]) -> NDArray[np.bool_]:
    """These states and all from which something comes to them."""
    src = np.concatenate([np.asarray(system.lin_src), np.asarray(system.path_src)[np.asarray(system.prod_path)]])
    dst = np.concatenate([np.asarray(system.lin_dst), np.asarray(system.prod_dst)])
    found = np.zeros(len(system.names) + 1, dtype=bool)  # the last is what leaves the system (-1)
    found[states] = True
    while not found[src[found[dst]]].all():
        found[src[found[dst]]] = True
    return found[:-1]


def _state(system: System, outputs: Outputs, name: str, i: int) -> int:
    """The state that entry i of this array concerns, -1 if none."""
    if name in ("y0", "atol"):
        return i
    if name.startswith("part_"):
        concentration = int(np.asarray(system.part_conc)[i])
        return int(np.asarray(system.conc_state)[np.asarray(system.conc_ptr)[concentration]])
    where = {
        "lin_k": system.lin_src, "conc_coef": system.conc_state, "site_kdeg": system.site_activity, "path_clint": system.path_src,
        "path_inv_km": system.path_src, "prod_yield": system.prod_dst, "out_coef": outputs.state,
    }  # fmt: skip
    return int(np.asarray(where[name])[i])
