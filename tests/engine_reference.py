"""The independent second method: the System's equations written again, plainly, for SciPy. Shares no code with the kernel."""

from __future__ import annotations

import itertools

import numpy as np
from scipy.integrate import solve_ivp

from clearway.engine import Events, Outputs, System


def right_hand_side(system: System, subject: int):  # type: ignore[no-untyped-def]
    """f(t, y, rate) of one subject, equation by equation as in system.py."""
    a = {}
    for name, value in vars(system).items():
        v = np.asarray(value)
        a[name] = v[:, min(subject, v.shape[1] - 1)] if v.ndim == 2 else v
    concs = a["conc_ptr"].size - 1

    def f(t: float, y: np.ndarray, rate: np.ndarray) -> np.ndarray:
        d = rate.copy()
        for i, src in enumerate(a["lin_src"]):
            flux = a["lin_k"][i] * y[src]
            if not a["lin_keep"][i]:
                d[src] -= flux
            if a["lin_dst"][i] >= 0:
                d[a["lin_dst"][i]] += flux * a["lin_gain"][i]
        c = np.zeros(concs)
        for k in range(concs):
            span = slice(a["conc_ptr"][k], a["conc_ptr"][k + 1])
            c[k] = float(a["conc_coef"][span] @ y[a["conc_state"][span]])
        cp = np.maximum(c, 0.0)
        own = np.where(np.isin(np.arange(concs), a["part_conc"]), cp, c)  # a concentration that only paths read keeps its sign
        for p in range(a["path_site"].size):
            site, group = a["path_site"][p], a["path_group"][p]
            n = m = 1.0
            for q in np.flatnonzero((a["part_site"] == site) & (a["part_group"] != group)):
                n += cp[a["part_conc"][q]] * a["part_inv_kic"][q]
                m += cp[a["part_conc"][q]] * a["part_inv_kiu"][q]
            for q in np.flatnonzero((a["path_site"] == site) & (a["path_group"] == group)):
                if q != p:
                    n += cp[a["path_conc"][q]] * a["path_inv_km"][q]
            act = a["site_activity"][site]
            own_c = own[a["path_conc"][p]]
            v = a["path_clint"][p] * (y[act] if act >= 0 else 1.0) * own_c / (n + max(own_c, 0.0) * a["path_inv_km"][p] * m)
            d[a["path_src"][p]] -= v
            for r in np.flatnonzero(a["prod_path"] == p):
                d[a["prod_dst"][r]] += a["prod_yield"][r] * v
        for s, act in enumerate(a["site_activity"]):
            if act < 0:
                continue
            total = loss = 0.0
            ceiling = max([a["part_emax"][q] for q in np.flatnonzero(a["part_site"] == s)], default=0.0)
            for q in np.flatnonzero(a["part_site"] == s):
                cq = cp[a["part_conc"][q]]
                if a["part_emax"][q] != 0:
                    u = (cq / a["part_ec50"][q]) ** a["part_hill"][q]
                    r = a["part_emax"][q] / ceiling
                    total += r * u / (1 + (1 - r) * u)
                if a["part_kinact"][q] != 0:
                    loss += a["part_kinact"][q] * cq / (a["part_ki"][q] + cq)
            kdeg = a["site_kdeg"][s]
            d[act] += kdeg * (1 + ceiling * total / (1 + total)) - y[act] * (kdeg + loss)
        return d

    return f


def solve_reference(
    system: System, events: Events | None, outputs: Outputs, t_out: np.ndarray, subject: int = 0, rtol: float = 1e-10, method: str = "LSODA"
) -> np.ndarray:
    """(times, outputs) of one subject; stops and restarts at every event; at an event the value after it."""
    f = right_hand_side(system, subject)
    y = np.asarray(system.y0)[:, min(subject, np.asarray(system.y0).shape[1] - 1)].copy()
    rate = np.zeros_like(y)
    e = (events or Events([], [], [])).prepared(system, max(system.n_subjects, 1))
    own = slice(None) if e.ptr.size == 0 else slice(e.ptr[subject], e.ptr[subject + 1])
    time, state, kind = e.time[own], e.state[own], e.kind[own]
    amount = e.amount[own, min(subject, e.amount.shape[1] - 1)]
    t_out = np.asarray(t_out, dtype=float)
    states = np.empty((t_out.size, y.size))
    cuts = sorted({0.0, *time[time < t_out[-1]].tolist(), float(t_out[-1])})
    atol = 1e-14 + 1e-4 * rtol * max(1.0, float(np.abs(amount).max(initial=0.0)), float(np.abs(y).max()))

    def apply(now: float) -> None:
        for s, k, x in zip(state[time == now], kind[time == now], amount[time == now], strict=True):
            if k == 1:
                rate[s] += x
            else:
                y[s] = x + (y[s] if k == 0 else 0.0)

    apply(0.0)
    states[t_out == 0.0] = y
    for t0, t1 in itertools.pairwise(cuts):
        inside = (t_out > t0) & (t_out < t1)
        s = solve_ivp(f, (t0, t1), y, method=method, rtol=rtol, atol=atol, t_eval=np.append(t_out[inside], t1), args=(rate.copy(),))
        assert s.success, s.message
        states[inside] = s.y[:, :-1].T
        y = s.y[:, -1].copy()
        apply(t1)
        states[t_out == t1] = y
    coef = np.asarray(outputs.coef)[:, min(subject, np.asarray(outputs.coef).shape[1] - 1)]
    ptr, who = np.asarray(outputs.ptr), np.asarray(outputs.state)
    return np.stack([states[:, who[a:b]] @ coef[a:b] for a, b in itertools.pairwise(ptr)], axis=1)
