"""The independent second method: a System's equations written out in plain NumPy, solved by SciPy at tight tolerance.

Nothing here is shared with the engine but the System, Events and Outputs objects; it is slow on purpose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import solve_ivp

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Reference:
    """values (T, O) at t_out, final (n,) states at t_end."""

    t: Floats
    values: Floats
    final: Floats


def column(array: Any, subject: int) -> Floats:
    """One subject's coefficients of a (k, S) or (k, 1) array."""
    a = np.asarray(array, dtype=np.float64)
    return np.array(a[:, min(subject, a.shape[1] - 1)])


def right_hand_side(system: Any, subject: int = 0) -> Callable[[Floats], Floats]:
    """dy/dt of one subject, straight from the text of clearway.engine.system."""
    s = system
    n = len(s.names)
    k, gain, move = column(s.lin_k, subject), np.asarray(s.lin_gain), ~np.asarray(s.lin_keep)
    src, dst = np.asarray(s.lin_src), np.asarray(s.lin_dst)
    arrives = dst >= 0
    ptr, coef = np.asarray(s.conc_ptr), column(s.conc_coef, subject)
    read = np.zeros((len(ptr) - 1, n))
    for c in range(len(ptr) - 1):
        for i in range(ptr[c], ptr[c + 1]):
            read[c, s.conc_state[i]] += coef[i]
    part = {name: column(getattr(s, f"part_{name}"), subject)
            for name in ("inv_kic", "inv_kiu", "kinact", "ki", "emax", "ec50", "hill")}  # fmt: skip
    part_site, part_group, part_conc = (np.asarray(getattr(s, f"part_{x}")) for x in ("site", "group", "conc"))
    path_site, path_group, path_conc, path_src = (np.asarray(getattr(s, f"path_{x}")) for x in ("site", "group", "conc", "src"))
    clint, inv_km = column(s.path_clint, subject), column(s.path_inv_km, subject)
    prod_path, prod_dst, prod_yield = np.asarray(s.prod_path), np.asarray(s.prod_dst), column(s.prod_yield, subject)
    kdeg, activity = column(s.site_kdeg, subject), np.asarray(s.site_activity)

    def slope(y: Floats) -> Floats:
        dy = np.zeros(n)
        flux = k * y[src]
        np.subtract.at(dy, src[move], flux[move])
        np.add.at(dy, dst[arrives], (gain * flux)[arrives])
        conc = np.maximum(read @ y, 0.0)
        v = np.zeros(len(path_site))
        for p in range(len(path_site)):
            others = (part_site == path_site[p]) & (part_group != path_group[p])
            rivals = (path_site == path_site[p]) & (path_group == path_group[p])
            rivals[p] = False
            big_n = 1.0 + (conc[part_conc[others]] * part["inv_kic"][others]).sum()
            big_n += (conc[path_conc[rivals]] * inv_km[rivals]).sum()
            big_m = 1.0 + (conc[part_conc[others]] * part["inv_kiu"][others]).sum()
            a = y[activity[path_site[p]]] if activity[path_site[p]] >= 0 else 1.0
            c = conc[path_conc[p]]
            v[p] = clint[p] * a * c / (big_n + c * inv_km[p] * big_m)
        np.subtract.at(dy, path_src, v)
        np.add.at(dy, prod_dst, prod_yield * v[prod_path])
        for site in np.flatnonzero(activity >= 0):
            mine = part_site == site
            inducers, killers = mine & (part["emax"] != 0), mine & (part["kinact"] != 0)
            x = (conc[part_conc[inducers]] / part["ec50"][inducers]) ** part["hill"][inducers]
            ind = (part["emax"][inducers] * x).sum() / (1.0 + x.sum())
            c = conc[part_conc[killers]]
            loss = kdeg[site] + (part["kinact"][killers] * c / (part["ki"][killers] + c)).sum()
            dy[activity[site]] += kdeg[site] * (1.0 + ind) - y[activity[site]] * loss
        return dy

    return slope


def solve_reference(
    system: Any,
    events: Any,
    outputs: Any,
    t_out: ArrayLike,
    t_end: float,
    subject: int = 0,
    rtol: float = 1e-10,
    atol: float | None = None,
    method: str = "LSODA",
) -> Reference:
    """One subject, stopped and restarted at every event time.

    At a time of t_out at which an event happens: before and after if that time stands there twice, else after.
    atol: for every state; without it 1e-4 of the System's own.
    """
    times = np.asarray(t_out, dtype=np.float64).reshape(-1)
    slope = right_hand_side(system, subject)
    y, rates = column(system.y0, subject), np.zeros(len(system.names))
    tolerance = 1e-4 * column(system.atol, subject) if atol is None else np.full(len(y), atol)
    ptr, out_state, out_coef = np.asarray(outputs.ptr), np.asarray(outputs.state), column(outputs.coef, subject)

    def read(states: Floats) -> Floats:
        """Outputs (O,) of states (n,)."""
        terms = out_coef * states[out_state]
        return np.array([terms[a:b].sum() for a, b in pairwise(ptr)])

    todo = _events(events, subject)
    cuts = sorted({0.0, float(t_end), *(t for t, *_ in todo if t < t_end)})
    values = np.full((len(times), len(ptr) - 1), np.nan)
    for i, start in enumerate(cuts):
        here = np.flatnonzero(times == start)
        acts = [e for e in todo if e[0] == start]
        if acts and len(here) > 1:
            values[here[0]] = read(y)
            here = here[1:]
        for _, state, kind, amount in acts:
            if kind == 0:
                y[state] += amount
            elif kind == 1:
                rates[state] += amount
            else:
                y[state] = amount
        values[here] = read(y)
        if i + 1 == len(cuts):
            break
        stop = cuts[i + 1]
        inside = np.flatnonzero((times > start) & (times < stop))
        grid = np.unique([*times[inside], stop])
        done = solve_ivp(lambda t, z: slope(z) + rates, (start, stop), y, method, grid, rtol=rtol, atol=tolerance)
        if not done.success:
            raise RuntimeError(f"reference: {done.message}")
        for at in inside:
            values[at] = read(done.y[:, np.searchsorted(grid, times[at])])
        y = done.y[:, -1].copy()
    return Reference(times, values, y)


def _events(events: Any, subject: int) -> list[tuple[float, int, int, float]]:
    """(time, state, kind, amount) of one subject in order of time."""
    time, state = np.asarray(events.time, dtype=np.float64), np.asarray(events.state)
    amount = np.asarray(events.amount, dtype=np.float64)
    amount = amount if amount.ndim == 2 else np.broadcast_to(amount.reshape(-1), (len(time),))[:, None]
    kind = np.asarray(events.kind).reshape(-1)
    kind = kind if kind.size else np.zeros(len(time), dtype=np.int64)
    if events.ptr is None:
        chosen, one = range(len(time)), min(subject, max(amount.shape[1] - 1, 0))
    else:
        chosen, one = range(int(np.asarray(events.ptr)[subject]), int(np.asarray(events.ptr)[subject + 1])), 0
    rows = [(float(time[i]), int(state[i]), int(kind[i]), float(amount[i, one])) for i in chosen]
    return sorted(rows, key=lambda r: r[0])
