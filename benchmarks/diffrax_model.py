"""A System in diffrax (JAX on the CPU): all subjects at once by vmap, one stop per dose by scan, Kvaerno5 or Tsit5."""

from __future__ import annotations

import time
from functools import partial

import numpy as np

from lsoda_model import intervals
from workload import Workload, without_quadratures

MAX_STEPS = 200_000
"""Steps of one interval between doses."""


def tables(workload: Workload) -> dict[str, np.ndarray]:
    """The System as dense matrices per subject, which is what XLA runs best."""
    s, subjects = workload.system, workload.subjects
    a = {name: np.asarray(value) for name, value in vars(s).items() if name != "names"}
    full = {k: np.broadcast_to(v, (v.shape[0], subjects)).T for k, v in a.items() if v.ndim == 2}
    n, concs, paths, sites = len(s.names), a["conc_ptr"].size - 1, a["path_site"].size, a["site_activity"].size
    linear = np.zeros((subjects, n, n))
    for i, (src, dst) in enumerate(zip(a["lin_src"], a["lin_dst"], strict=True)):
        if not a["lin_keep"][i]:
            linear[:, src, src] -= full["lin_k"][:, i]
        if dst >= 0:
            linear[:, dst, src] += a["lin_gain"][i] * full["lin_k"][:, i]
    conc = np.zeros((subjects, concs, n))
    for c in range(concs):
        for e in range(a["conc_ptr"][c], a["conc_ptr"][c + 1]):
            conc[:, c, a["conc_state"][e]] += full["conc_coef"][:, e]
    top, bottom = np.zeros((subjects, paths, concs)), np.zeros((subjects, paths, concs))
    for p in range(paths):
        here = (a["part_site"] == a["path_site"][p]) & (a["part_group"] != a["path_group"][p])
        for q in np.flatnonzero(here):
            top[:, p, a["part_conc"][q]] += full["part_inv_kic"][:, q]
            bottom[:, p, a["part_conc"][q]] += full["part_inv_kiu"][:, q]
        same = (a["path_site"] == a["path_site"][p]) & (a["path_group"] == a["path_group"][p])
        for q in np.flatnonzero(same):
            if q != p:
                top[:, p, a["path_conc"][q]] += full["path_inv_km"][:, q]
    flux = np.zeros((subjects, n, paths))
    for p in range(paths):
        flux[:, a["path_src"][p], p] -= 1.0
    for r, p in enumerate(a["prod_path"]):
        flux[:, a["prod_dst"][r], p] += full["prod_yield"][:, r]
    at_site = (a["part_site"][None, :] == np.arange(sites)[:, None]).astype(float)
    ceiling = np.stack([np.max(full["part_emax"] * at_site[k], axis=1, initial=0.0) for k in range(sites)], axis=1)
    ceilings = ceiling @ at_site
    part = {k: full[f"part_{k}"] for k in ("kinact", "ki", "ec50", "hill")}
    part["r"] = full["part_emax"] / np.where(ceilings > 0, ceilings, 1.0)
    return {
        "linear": linear, "conc": conc, "top": top, "bottom": bottom, "flux": flux, "ceiling": ceiling, "kdeg": full["site_kdeg"],
        "clint": full["path_clint"], "inv_km": full["path_inv_km"], **part,
    }  # fmt: skip


class Diffrax:
    """Compiled at the first run of each solver; that time is reported apart (`compile_seconds`)."""

    def __init__(self, workload: Workload) -> None:
        import diffrax
        import jax
        import jax.numpy as jnp

        jax.config.update("jax_enable_x64", True)
        jax.config.update("jax_platforms", "cpu")
        self.version = f"diffrax {diffrax.__version__}, JAX {jax.__version__}"
        self.work = w = without_quadratures(workload)
        self.subjects = subjects = workload.subjects
        s = w.system
        a = {name: np.asarray(value) for name, value in vars(s).items() if name != "names"}
        at_site = (a["part_site"][None, :] == np.arange(a["site_activity"].size)[:, None]).astype(float)
        moved = np.flatnonzero(a["site_activity"] >= 0)
        path_act = a["site_activity"][a["path_site"]]

        def f(t, y, p):  # type: ignore[no-untyped-def]
            c = jnp.maximum(p["conc"] @ y, 0.0)
            own = c[a["path_conc"]]
            active = jnp.where(path_act >= 0, y[path_act], 1.0)
            v = p["clint"] * active * own / (1.0 + p["top"] @ c + own * p["inv_km"] * (1.0 + p["bottom"] @ c))
            cq = c[a["part_conc"]]
            u = jnp.where(a["part_hill"][:, 0] == 1.0, cq / p["ec50"], jnp.maximum(cq / p["ec50"], 1e-300) ** p["hill"])
            x = at_site @ jnp.where(p["r"] > 0, p["r"] * u / (1.0 + (1.0 - p["r"]) * u), 0.0)
            gain = p["kdeg"] * (1.0 + p["ceiling"] * x / (1.0 + x))
            loss = p["kdeg"] + at_site @ (p["kinact"] * cq / (p["ki"] + cq))
            d = p["linear"] @ y + p["flux"] @ v
            where = a["site_activity"][moved]
            return d.at[where].add((gain - y[a["site_activity"]] * loss)[moved])

        plan = intervals(w)
        longest = max(which.size for *_, which in plan) + 1
        grid = np.array([np.append(w.times[k], np.full(longest - k.size, b)) for _, b, _, k in plan])
        doses = np.zeros((len(plan), len(s.names)))
        for row, (_, _, given, _) in zip(doses, plan, strict=True):
            for state, amount in given:
                row[state] += amount
        self.rows = [(i, j, k) for i, (*_, which) in enumerate(plan) for j, k in enumerate(which)]
        starts, ends = np.array([x[0] for x in plan]), np.array([x[1] for x in plan])
        ptr, state = np.asarray(w.outputs.ptr), np.asarray(w.outputs.state)
        read = np.zeros((subjects, ptr.size - 1, len(s.names)))
        coef = np.broadcast_to(np.asarray(w.outputs.coef), (state.size, subjects))
        for o in range(ptr.size - 1):
            for e in range(ptr[o], ptr[o + 1]):
                read[:, o, state[e]] += coef[e]
        y0 = np.broadcast_to(a["y0"], (len(s.names), subjects)).T
        self.data = jax.tree.map(jnp.asarray, {"p": tables(w), "y0": y0, "read": read})

        @partial(jax.jit, static_argnames="implicit")
        def run(data, rtol, atol, implicit):  # type: ignore[no-untyped-def]
            solver = diffrax.Kvaerno5() if implicit else diffrax.Tsit5()
            controller = diffrax.PIDController(rtol=rtol, atol=atol)

            def one(p, y0, read):  # type: ignore[no-untyped-def]
                def interval(y, x):  # type: ignore[no-untyped-def]
                    t0, t1, ts, dose = x
                    found = diffrax.diffeqsolve(
                        diffrax.ODETerm(f), solver, t0, t1, 1e-3, y + dose, args=p, stepsize_controller=controller,
                        saveat=diffrax.SaveAt(ts=ts), max_steps=MAX_STEPS, adjoint=diffrax.ForwardMode(),
                    )  # fmt: skip
                    return found.ys[-1], found.ys @ read.T

                return jax.lax.scan(interval, y0, (starts, ends, grid, doses))[1]

            return jax.vmap(one)(data["p"], data["y0"], data["read"])

        self.run = run
        self.ready: dict[bool, object] = {}
        self.compile_seconds = 0.0

    def solve(self, setting: dict[str, float], subjects: int) -> tuple[float, np.ndarray]:
        """Seconds, (subjects, times, outputs); always the number of subjects that it was built for."""
        implicit = bool(setting["implicit"])
        tolerances = (setting["rtol"], setting["atol"])
        if implicit not in self.ready:
            start = time.perf_counter()
            self.ready[implicit] = self.run.lower(self.data, *tolerances, implicit).compile()
            self.compile_seconds += time.perf_counter() - start
        start = time.perf_counter()
        found = np.asarray(self.ready[implicit](self.data, *tolerances))
        seconds = time.perf_counter() - start
        i, j, k = np.array(self.rows).T
        values = np.empty((self.subjects, self.work.times.size, found.shape[-1]))
        values[:, k] = found[:, i, j]
        return seconds, values
