"""DDI-14, the common benchmark: victim and perpetrator on one enzyme, 38 states, 28 + 2 doses, 14 days, hourly output.

    python benchmarks/ddi14.py [--json] [--subjects 256] [--rtol 7e-6]

Clearway and libRoadRunner (CVODE) solve the same subjects in turn on one core; the error of each is the worst relative error
over all subjects, times and both outputs where the reference exceeds 1e-3 of its column's maximum. `ratio` compares them at
an error within 4e-6: libRoadRunner 2.10 at rtol 3.5e-7 and atol 2e-9 (error 3.3e-6), the fastest of about eighty pairs of
tolerances, single or per state, that kept it; a lower order was slower. At its plain rtol 1e-6 (atol 1e-9) it is about 5 %
faster at an error of 9.6e-6; that is `libroadrunner_rtol_1e-6`.
The model's equations are those of shared/bench/ddi14.py, written here as a System of lists like every other case.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time

import numpy as np

from clearway.engine import Events, Outputs, System, Trajectory, solve
from roadrunner_model import RoadRunner, quiet_stdout
from workload import Workload, max_error

TISSUES = ["adipose", "bone", "brain", "gut", "heart", "kidney", "liver", "lung", "muscle", "pancreas", "skin", "spleen", "gonads", "rest"]
VOL = np.array([18.2, 10.5, 1.45, 1.65, 0.33, 0.31, 1.80, 0.50, 29.0, 0.14, 3.30, 0.15, 0.04, 3.5, 1.8, 3.6])  # L; last: arterial, venous
FLOW = np.array([0.05, 0.05, 0.12, 0.14, 0.04, 0.19, 0.065, 1.0, 0.17, 0.01, 0.05, 0.03, 0.0005, 0.0845]) * 336.0  # L/h
KP = {
    "V": np.array([4.0, 1.2, 1.5, 2.2, 1.8, 2.0, 2.5, 1.6, 1.3, 2.0, 1.6, 1.8, 1.5, 1.2]),
    "P": np.array([1.5, 0.4, 0.15, 0.9, 0.6, 0.8, 1.1, 0.6, 0.45, 0.8, 0.6, 0.6, 0.5, 0.4]),
}
BASE = dict(
    fu_V=0.031, bp_V=0.66, ka_V=3.0, kst_V=4.0, clint_liv_V=3400.0, clint_gut_V=60.0, fu_P=0.015, bp_P=0.60, ka_P=0.5, kst_P=1.5,
    vmax_liv_P=900.0, vmax_gut_P=15.0, km_P=0.07, clr_P=0.5, ki_P=0.02, kinact_P=9.0, KI_P=0.17, emax_P=8.0, ec50_P=1.0,
    kdeg_liv=0.0193, kdeg_gut=0.029,
)  # fmt: skip
VARIED = {
    "clint_liv_V": 0.5, "clint_gut_V": 0.5, "vmax_liv_P": 0.4, "vmax_gut_P": 0.4, "kdeg_liv": 0.2, "kdeg_gut": 0.2, "ka_V": 0.4,
    "ka_P": 0.5, "kst_V": 0.4, "kst_P": 0.4, "fu_V": 0.1, "fu_P": 0.15,
}  # fmt: skip
DAYS = 14
MICROMOLES = {"V": 5.0 / 325.8 * 1000, "P": 100.0 / 720.9 * 1000}
T_OUT = np.arange(0.0, 336.5, 1.0)
GUT, LIVER, LUNG, PANCREAS, SPLEEN, ARTERIAL, VENOUS, STOMACH, LUMEN = 3, 6, 7, 9, 11, 14, 15, 16, 17
PORTAL = (GUT, SPLEEN, PANCREAS)
RTOL = 7e-6
"""Clearway's relative tolerance, unless told otherwise."""

RIVAL = {"libroadrunner": (3.5e-7, 2e-9), "libroadrunner_rtol_1e-6": (1e-6, 1e-9)}
"""Relative and absolute tolerance of each run of libRoadRunner."""
OFFSET = {"V": 0, "P": 18}
E_LIVER, E_GUT = 36, 37


def population(n: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Per-subject parameters, as in the reference implementation."""
    r = np.random.default_rng(seed)
    p = {k: np.full(n, v) for k, v in BASE.items()}
    for k, s in VARIED.items():
        p[k] = p[k] * np.exp(s * r.standard_normal(n))
    p["vscale"] = np.exp(0.2 * r.standard_normal(n))
    p["qscale"] = p["vscale"] ** 0.75 * np.exp(0.1 * r.standard_normal(n))
    return p


def body_links(first: int, vol: np.ndarray, flow: np.ndarray, kp: np.ndarray, bp: np.ndarray | float) -> list[tuple[int, int, np.ndarray]]:
    """Blood flow between the tissues of one compound whose states begin at `first`: (from, to, rate constant)."""
    out = bp / (vol[:14] * kp[:, None])  # blood concentration leaving a tissue, per amount in it
    qsum = flow.sum(axis=0) - flow[LUNG]
    liver_out = flow[LIVER] + sum(flow[i] for i in PORTAL)
    links = []
    for i in range(14):
        if i == LUNG:
            continue
        links.append((first + ARTERIAL, first + i, flow[i] / vol[ARTERIAL]))
        target = LIVER if i in PORTAL else VENOUS
        links.append((first + i, first + target, (liver_out if i == LIVER else flow[i]) * out[i]))
    links.append((first + VENOUS, first + LUNG, qsum / vol[VENOUS]))
    links.append((first + LUNG, first + ARTERIAL, qsum * out[LUNG]))
    return links


def build_system(p: dict[str, np.ndarray]) -> System:
    """DDI-14 as lists: 36 amounts, 2 activities, 2 sites (CYP3A4 in liver and gut wall)."""
    vol, flow = VOL[:, None] * p["vscale"], FLOW[:, None] * p["qscale"]
    src: list[int] = []
    dst: list[int] = []
    k: list[np.ndarray] = []

    def link(a: int, b: int, rate: np.ndarray) -> None:
        src.append(a)
        dst.append(b)
        k.append(rate)

    for c, o in OFFSET.items():
        for a, b, rate in body_links(o, vol, flow, KP[c], p[f"bp_{c}"]):
            link(a, b, rate)
        link(o + STOMACH, o + LUMEN, p[f"kst_{c}"])
        link(o + LUMEN, o + GUT, p[f"ka_{c}"])
    link(18 + VENOUS, -1, p["clr_P"] / vol[VENOUS])
    free = [p[f"fu_{c}"] / (vol[i] * KP[c][i]) for i in (LIVER, GUT) for c in "VP"]
    ones = np.ones_like(p["vscale"])
    names = [f"{c}.{t}" for c in "VP" for t in [*TISSUES, "arterial", "venous", "stomach", "lumen"]] + ["E.liver", "E.gut"]
    scale = np.full(38, -1)
    scale[[STOMACH, LUMEN, 18 + STOMACH, 18 + LUMEN]] = -2
    y0 = np.zeros(38)
    y0[36:] = 1.0
    return System(
        names=names, kind=[0] * 36 + [1] * 2, y0=y0, atol=[1e-10 * MICROMOLES["V"]] * 18 + [1e-10 * MICROMOLES["P"]] * 18 + [1e-10] * 2,
        scale_with=scale, lin_src=src, lin_dst=dst, lin_k=np.array(k),
        conc_ptr=[0, 1, 2, 3, 4], conc_state=[LIVER, 18 + LIVER, GUT, 18 + GUT], conc_coef=np.array(free),
        site_activity=[E_LIVER, E_GUT], site_kdeg=np.array([p["kdeg_liv"], p["kdeg_gut"]]),
        part_site=[0, 1], part_conc=[1, 3], part_group=[1, 1],
        part_inv_kic=np.array([1 / p["ki_P"]] * 2), part_kinact=np.array([p["kinact_P"]] * 2), part_ki=np.array([p["KI_P"]] * 2),
        part_emax=np.array([p["emax_P"]] * 2), part_ec50=np.array([p["ec50_P"]] * 2),
        path_site=[0, 0, 1, 1], path_conc=[0, 1, 2, 3], path_group=[0, 1, 0, 1], path_src=[LIVER, 18 + LIVER, GUT, 18 + GUT],
        path_clint=np.array([p["clint_liv_V"], p["vmax_liv_P"] / p["km_P"], p["clint_gut_V"], p["vmax_gut_P"] / p["km_P"]]),
        path_inv_km=np.array([0 * ones, 1 / p["km_P"], 0 * ones, 1 / p["km_P"]]),
    )  # fmt: skip


def build_events(days: int = DAYS) -> Events:
    """Into the stomachs: the perpetrator twice a day, the victim on the first day and two days before the end; labels 0 and 1."""
    victim = sorted({0.0, max(0.0, 24.0 * (days - 2))})
    doses = [(12.0 * i, "P") for i in range(2 * days)] + [(t, "V") for t in victim]
    return Events(
        time=[t for t, _ in doses], state=[OFFSET[c] + STOMACH for _, c in doses], amount=[MICROMOLES[c] for _, c in doses],
        label=[int(c == "V") for _, c in doses],
    )  # fmt: skip


def build_outputs(p: dict[str, np.ndarray]) -> Outputs:
    """Venous plasma of V and P, uM."""
    venous = VOL[VENOUS] * p["vscale"]
    return Outputs.of_states([VENOUS, 18 + VENOUS], np.array([1 / venous / p["bp_V"], 1 / venous / p["bp_P"]]))


def run_clearway(p: dict[str, np.ndarray], rtol: float, **options: object) -> Trajectory:
    return solve(build_system(p), build_events(), build_outputs(p), T_OUT, 336.0, rtol=rtol, **options)  # type: ignore[arg-type]


def workload(subjects: int, days: int = DAYS) -> Workload:
    """DDI-14 for that many people, or the same for other lengths."""
    p = population(subjects)
    name = "ddi14" if days == DAYS else f"ddi14-{days}d"
    title = f"DDI-14{'' if days == DAYS else f' for {days} days'}: two compounds on one enzyme"
    times = np.arange(0.0, 24.0 * days + 0.5)
    return Workload(name, title, build_system(p), build_events(days), build_outputs(p), ("V", "P"), times)


def benchmark(subjects: int, rtol: float, rounds: int = 3) -> dict[str, object]:
    """Both solvers in turn, `rounds` times, on one core; each solver's best round counts."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    work, p = workload(subjects), population(subjects)
    reference = work.reference()
    rival = RoadRunner(work)
    rival.solve({"rtol": 1e-6, "atol": 1e-9}, 2)
    ours: list[float] = []
    theirs: dict[str, list[float]] = {name: [] for name in RIVAL}
    others: dict[str, np.ndarray] = {}
    for _ in range(rounds):
        for _ in range(5):
            start = time.perf_counter()
            values = run_clearway(p, rtol, threads=1).values
            ours.append(time.perf_counter() - start)
        for name, (relative, absolute) in RIVAL.items():
            seconds, others[name] = rival.solve({"rtol": relative, "atol": absolute}, subjects)
            theirs[name].append(seconds)

    def figures(times: list[float], found: np.ndarray) -> dict[str, float]:
        return {"subjects_per_second_core": subjects / min(times), "max_relative_error": max_error(found, reference)}

    return {
        "format": "clearway.bench/1",
        "benchmark": "ddi14",
        "subjects": subjects,
        "ratio": min(theirs["libroadrunner"]) / min(ours),
        "clearway": figures(ours, values),
        **{name: figures(theirs[name], others[name]) for name in RIVAL},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    parser.add_argument("--subjects", type=int, default=256)
    parser.add_argument("--rtol", type=float, default=RTOL, help="Clearway's relative tolerance")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with quiet_stdout():
        result = benchmark(args.subjects, args.rtol, args.rounds)
    if args.json:
        print(json.dumps(result))
        return 0
    for name in ("clearway", *RIVAL):
        r = result[name]
        assert isinstance(r, dict)
        print(
            f"{name:23s} {r['subjects_per_second_core']:9.1f} subjects/s on one core   worst relative error {r['max_relative_error']:.1e}"
        )
    print(f"ratio {result['ratio']:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
