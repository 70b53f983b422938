"""A workload in libRoadRunner (CVODE): rate constants are parameters set per subject."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np

from clearway.engine import Events, Outputs, System
from clearway.export import to_sbml
from workload import Workload, without_quadratures

AGGRESSIVE = 3


def fastest_compiler() -> None:
    """libRoadRunner compiles models by LLJIT with the most optimisation: DDI-14 runs about 5 % faster than by default (MCJIT)."""
    import roadrunner

    roadrunner.Logger.setLevel(roadrunner.Logger.LOG_FATAL)
    roadrunner.Config.setValue(roadrunner.Config.LLVM_BACKEND, roadrunner.Config.LLJIT)
    roadrunner.Config.setValue(roadrunner.Config.LLJIT_OPTIMIZATION_LEVEL, AGGRESSIVE)


@contextmanager
def quiet_stdout() -> Iterator[None]:
    """What is written to standard output goes nowhere meanwhile: CVODE prints its warnings there."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _sum(terms: list[str]) -> str:
    return " ".join(terms).lstrip("+ ") or "0"


def antimony_text(system: System, events: Events, outputs: Outputs, flush: float) -> tuple[str, dict[str, np.ndarray]]:
    """(model text, parameter values (S,) by name). At each dose emptying depots below `flush` are set to zero: CVODE fails on denormals."""
    n = len(system.names)
    y = [f"y{i}_" + re.sub(r"\W", "_", system.names[i]) for i in range(n)]
    values: dict[str, np.ndarray] = {}
    rules: list[str] = []
    rate: list[list[str]] = [[] for _ in range(n)]

    def par(name: str, row: np.ndarray) -> str:
        values[name] = np.asarray(row)
        return name

    a = {name: np.asarray(value) for name, value in vars(system).items() if name != "names"}
    for i, (src, dst) in enumerate(zip(a["lin_src"], a["lin_dst"], strict=True)):
        k = par(f"k{i}", a["lin_k"][i])
        if not a["lin_keep"][i]:
            rate[src].append(f"- {k}*{y[src]}")
        if dst >= 0:
            gain = "" if a["lin_gain"][i] == 1 else f"{float(a['lin_gain'][i])!r}*"
            rate[dst].append(f"+ {gain}{k}*{y[src]}")
    for c in range(a["conc_ptr"].size - 1):
        terms = [f"+ {par(f'cc{e}', a['conc_coef'][e])}*{y[a['conc_state'][e]]}" for e in range(a["conc_ptr"][c], a["conc_ptr"][c + 1])]
        rules.append(f"C{c} := {_sum(terms)}")
    for s in range(a["site_activity"].size):
        parts = np.flatnonzero(a["part_site"] == s)
        paths = np.flatnonzero(a["path_site"] == s)
        act = a["site_activity"][s]
        for p in paths:
            group = a["path_group"][p]
            others = [q for q in parts if a["part_group"][q] != group]
            ic = [f"+ C{a['part_conc'][q]}*{par(f'ic{q}', a['part_inv_kic'][q])}" for q in others if np.any(a["part_inv_kic"][q] != 0)]
            iu = [f"+ C{a['part_conc'][q]}*{par(f'iu{q}', a['part_inv_kiu'][q])}" for q in others if np.any(a["part_inv_kiu"][q] != 0)]
            ic += [
                f"+ C{a['path_conc'][q]}*{par(f'im{q}', a['path_inv_km'][q])}"
                for q in paths
                if q != p and a["path_group"][q] == group and np.any(a["path_inv_km"][q] != 0)
            ]
            bottom = "1 " + " ".join(ic)
            if np.any(a["path_inv_km"][p] != 0):
                m = f"*(1 {' '.join(iu)})" if iu else ""
                bottom += f" + C{a['path_conc'][p]}*{par(f'im{p}', a['path_inv_km'][p])}{m}"
            activity = f"*{y[act]}" if act >= 0 else ""
            rules.append(f"v{p} := {par(f'cl{p}', a['path_clint'][p])}{activity}*C{a['path_conc'][p]}/({bottom})")
            rate[a["path_src"][p]].append(f"- v{p}")
            for r in np.flatnonzero(a["prod_path"] == p):
                rate[a["prod_dst"][r]].append(f"+ {par(f'yl{r}', a['prod_yield'][r])}*v{p}")
        if act >= 0:
            total, loss = [], []
            inducers = [q for q in parts if np.any(a["part_emax"][q] != 0)]
            if inducers:
                par(f"em{s}", a["part_emax"][inducers].max(axis=0))
            for q in parts:
                c = f"C{a['part_conc'][q]}"
                if np.any(a["part_emax"][q] != 0):
                    x = f"({c}/{par(f'ec{q}', a['part_ec50'][q])})"
                    if np.any(a["part_hill"][q] != 1):
                        x = f"{x}^{par(f'hi{q}', a['part_hill'][q])}"
                    if len(inducers) > 1:
                        r = par(f"er{q}", a["part_emax"][q] / a["part_emax"][inducers].max(axis=0))
                        x = f"{r}*{x}/(1 + (1 - {r})*{x})"
                    total.append(f"+ {x}")
                if np.any(a["part_kinact"][q] != 0):
                    loss.append(f"+ {par(f'kn{q}', a['part_kinact'][q])}*{c}/({par(f'kI{q}', a['part_ki'][q])} + {c})")
            kd = par(f"kd{s}", a["site_kdeg"][s])
            ind = f" + em{s}*({_sum(total)})/(1 {' '.join(total)})" if total else ""
            rate[act].append(f"+ {kd}*(1{ind}) - {y[act]}*({kd} {' '.join(loss)})")
    lines = ["model m()"] + [f"  {k} = {float(v[0])!r};" for k, v in values.items()]
    start = a["y0"][:, 0].copy()
    e = events.prepared(system, 1)
    depots = [i for i in range(n) if a["kind"][i] == 0 and not np.isin(i, a["lin_dst"][(~a["lin_keep"])]).any()]
    depots += [i for i in range(n) if i not in depots and a["scale_with"][i] != -1]
    rates: dict[int, str] = {}
    jumps: list[str] = []
    for when in sorted(set(e.time.tolist())):
        change: dict[str, list[str]] = {}
        for j in np.flatnonzero(e.time == when):
            amount, s = float(e.amount[j, 0]), int(e.state[j])
            if e.kind[j] == 1:
                rates[s] = f"r{s}"
                change.setdefault(f"r{s}", [f"r{s}"]).append(f"+ {amount!r}")
            else:
                change.setdefault(y[s], [y[s] if e.kind[j] == 0 else "0"]).append(f"+ {amount!r}")
            if when == 0:
                start[s] = start[s] + amount if e.kind[j] == 0 else amount if e.kind[j] == 2 else start[s]
        if when == 0:
            for s in rates:
                lines.append(
                    f"  r{s} = {sum(float(e.amount[j, 0]) for j in np.flatnonzero((e.time == 0) & (e.state == s) & (e.kind == 1)))!r};"
                )
            continue
        for d in depots:
            flushed = f"piecewise(0, {y[d]} < {flush!r}, {y[d]})"
            change[y[d]] = [flushed, *change.get(y[d], [""])[1:]]
        jumps.append(f"  at time >= {when!r}: " + ", ".join(f"{k} = {' '.join(v)}" for k, v in change.items()) + ";")
    for s, r in rates.items():
        rate[s].append(f"+ {r}")
        lines.append(f"  var {r};" if any(x.startswith(f"  {r} =") for x in lines) else f"  {r} = 0;")
    lines += [f"  {y[i]} = {float(start[i])!r};" for i in range(n)]
    lines += [f"  {r};" for r in rules] + [f"  {y[i]}' = {_sum(rate[i])};" for i in range(n)] + jumps
    ptr, coef, state = np.asarray(outputs.ptr), np.asarray(outputs.coef), np.asarray(outputs.state)
    for o in range(ptr.size - 1):
        terms = [f"+ {par(f'oc{j}', coef[j])}*{y[state[j]]}" for j in range(ptr[o], ptr[o + 1])]
        lines += [f"  oc{j} = {float(coef[j, 0])!r};" for j in range(ptr[o], ptr[o + 1])] + [f"  out{o} := {_sum(terms)};"]
    return "\n".join([*lines, "end"]), values


class RoadRunner:
    """One model, loaded once; solve() sets the parameters of one subject after the other and runs them on one core.

    The model is the leanest that libRoadRunner can be given (`antimony_text`), or Clearway's SBML export of the first subject.
    """

    def __init__(self, workload: Workload, *, export: bool = False, subjects: int | None = None, flush: float = 1e-40) -> None:
        import roadrunner

        fastest_compiler()
        self.points, self.end = workload.times.size, workload.end
        if export:
            text, self.columns, names = exported(workload, workload.subjects if subjects is None else subjects)
        else:
            text, self.columns, names = lean(workload, flush)
        self.version = f"libRoadRunner {roadrunner.__version__}"
        self.rr = roadrunner.RoadRunner(text)
        self.rr.integrator = "cvode"
        self.rr.integrator.stiff = True
        self.rr.integrator.variable_step_size = False
        self.rr.integrator.maximum_num_steps = 500_000
        self.rr.timeCourseSelections = ["time", *names]
        self.states = self.rr.model.getNumFloatingSpecies() + self.rr.model.getNumRateRules()

    def solve(self, setting: Mapping[str, float], subjects: int) -> tuple[float, np.ndarray]:
        """Seconds, (subjects, times, outputs).

        `rtol`; `atol`, a single number, which libRoadRunner scales by each state's value at every dose, or
        `atol_each` (µmol), the same for every state at any time.
        """
        integrator = self.rr.integrator
        integrator.relative_tolerance = setting["rtol"]
        if "atol_each" in setting:
            integrator.setValue("absolute_tolerance", [setting["atol_each"]] * self.states)
        else:
            integrator.absolute_tolerance = setting["atol"]
        out = np.empty((subjects, self.points, len(self.rr.timeCourseSelections) - 1))
        start = time.perf_counter()
        for i in range(subjects):
            self.rr.reset()
            for k, v in self.columns.items():
                self.rr.setValue(k, v[i])
            out[i] = self.rr.simulate(0.0, self.end, self.points)[:, 1:]
        return time.perf_counter() - start, out


def lean(workload: Workload, flush: float) -> tuple[str, dict[str, list[float]], list[str]]:
    """SBML of the System without its integrals, parameter values by name where subjects differ, and the outputs' ids."""
    import antimony

    w = without_quadratures(workload)
    text, values = antimony_text(w.system, w.events, w.outputs, flush)
    antimony.clearPreviousLoads()
    if antimony.loadAntimonyString(text) < 0:
        raise RuntimeError(antimony.getLastError())
    columns = {k: v.tolist() for k, v in values.items() if v.size > 1}
    return antimony.getSBMLString("m"), columns, [f"out{o}" for o in range(len(w.names))]


def exported(workload: Workload, subjects: int) -> tuple[str, dict[str, list[float]], list[str]]:
    """The same of Clearway's export: its constants subject by subject, which must have the same names for all."""
    import libsbml

    texts = [
        to_sbml(workload.system, workload.events, subject=i, outputs=workload.outputs, output_names=workload.names) for i in range(subjects)
    ]
    found: list[dict[str, float]] = []
    for text in texts:
        document = libsbml.readSBMLFromString(text)
        found.append({p.getId(): p.getValue() for p in document.getModel().getListOfParameters() if p.getConstant()})
    if any(f.keys() != found[0].keys() for f in found):
        raise RuntimeError(f"{workload.name}: the exports of its subjects have different constants")
    columns = {k: [f[k] for f in found] for k in found[0] if len({f[k] for f in found}) > 1}
    first = libsbml.readSBMLFromString(texts[0])
    names = [r.getVariable() for r in first.getModel().getListOfRules() if r.getVariable().startswith("out_")]
    if len(names) != len(workload.names):
        raise RuntimeError(f"{len(names)} outputs in the SBML for {len(workload.names)}")
    return texts[0], columns, names
