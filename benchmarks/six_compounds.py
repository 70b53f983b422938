"""Six compounds of the library over 14 days (benchmarks/six_compounds.yaml): Clearway against libRoadRunner on its SBML export.

    python benchmarks/six_compounds.py [--json] [--subjects 256] [--rival-subjects 8]

Racemic methadone, midazolam with its hydroxy metabolite, ritonavir and rifampicin; persons and clearances vary, hourly output.
Clearway solves all subjects; libRoadRunner (CVODE) runs the SBML of the first few, one model per subject, loaded and
compiled before the clock starts. Both on one core, in turn, each at the loosest of its tolerances that keeps the error within
4e-6: the worst relative error of the six plasma concentrations over its subjects where the reference (Clearway at rtol
1e-11 and a hundredth of the usual absolute tolerance) exceeds 1e-3 of its column's maximum.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from clearway.engine import Events, Outputs, System, solve
from clearway.export import to_sbml
from clearway.library import Library
from clearway.model.assemble import assemble
from clearway.model.model import Model
from clearway.model.people import lanes
from clearway.model.simulate import dosing, targets
from clearway.physiology import Person
from clearway.regimen import Case
from ddi14 import max_error
from roadrunner_model import quiet_stdout

CASE = Path(__file__).with_name("six_compounds.yaml")
END = 336.0
T_OUT = np.arange(0.0, END + 0.5)
SPREAD, TURNOVER = 0.3, 0.2
"""Standard deviation of the logarithm of each clearance and of each enzyme's turnover."""

LIMIT = 4e-6
"""Largest error at which the two are compared."""

Setting = tuple[float, float]
"""Relative tolerance; absolute tolerance of every state (µmol), given only to libRoadRunner, since a System brings its own."""

OURS: list[Setting] = [(rtol, 0.0) for rtol in (5e-7, 2e-7, 1e-7, 7e-8, 5e-8, 3e-8, 2e-8, 1e-8)]
THEIRS: list[Setting] = [(rtol, 3e-10) for rtol in (3e-7, 2e-7, 1.5e-7, 1e-7, 7e-8, 5e-8)]


def build(subjects: int, seed: int = 1) -> tuple[System, Events, Outputs, list[str]]:
    """The test arm for `subjects` persons: the case's regimen, but each with sex, age, size and clearances of their own."""
    library = Library.load(None)
    case, model = Case.load(CASE, library), Model(library)
    doses = tuple(case.test.doses)
    compounds = [model.kinetics(name) for name in model.closure({d.drug for d in doses})]
    paths = sorted({(k.name, p.by) for k in compounds for p in k.compound.elimination.paths})
    enzymes = sorted({by for _, by in paths})
    r = np.random.default_rng(seed)
    people = []
    for _ in range(subjects):
        male = bool(r.random() < 0.5)
        height = float(np.clip(r.normal(176 if male else 163, 7), 150, 200))
        weight = float(np.clip(r.normal(24, 3), 18, 35) * (height / 100) ** 2)
        body = model.body(Person(sex="male" if male else "female", age=float(r.uniform(20, 70)), height=height, weight=weight))
        (lane,) = lanes(body, [k.compound for k in compounds], mean=True)
        vary = {(name, by, "clearance"): float(np.exp(SPREAD * r.standard_normal())) for name, by in paths}
        for enzyme in enzymes:
            vary[enzyme, "liver", "kdeg"] = vary[enzyme, "gut", "kdeg"] = float(np.exp(TURNOVER * r.standard_normal()))
        people.append(replace(lane, vary=vary))
    assembled = assemble(compounds, people, model.setting, *dosing(doses))
    rows = sorted(row for dose in doses for row in targets(assembled, dose))
    when, kind, state, amount = zip(*rows, strict=True)
    label = np.unique(state, return_inverse=True)[1]
    events = Events(time=when, state=state, kind=kind, amount=amount, label=label)
    names = [k.name for k in assembled.compounds]
    venous = [assembled.index[f"{name}.venous"] for name in names]
    return assembled.system, events, Outputs.of_states(venous, np.array([assembled.plasma[name] for name in names])), names


class RoadRunners:
    """The SBML export of each subject, loaded in libRoadRunner."""

    def __init__(self, system: System, events: Events, outputs: Outputs, names: list[str], subjects: int) -> None:
        import roadrunner

        roadrunner.Logger.setLevel(roadrunner.Logger.LOG_FATAL)
        self.models = []
        for i in range(subjects):
            rr = roadrunner.RoadRunner(to_sbml(system, events, subject=i, outputs=outputs, output_names=names))
            rr.integrator = "cvode"
            rr.integrator.stiff = True
            rr.integrator.variable_step_size = False
            rr.integrator.maximum_num_steps = 500_000
            found = [p for p in rr.model.getGlobalParameterIds() if p.startswith("out_")]
            if len(found) != len(names):
                raise RuntimeError(f"{len(found)} outputs in the SBML for {len(names)} compounds")
            rr.timeCourseSelections = ["time", *found]
            self.models.append(rr)
        self.states = self.models[0].model.getNumFloatingSpecies() + self.models[0].model.getNumRateRules()

    def solve(self, rtol: float, atol: float) -> tuple[float, np.ndarray]:
        """Seconds, values (subjects, times, compounds). `atol` (µmol) holds for every state."""
        for rr in self.models:
            rr.reset()
            rr.integrator.relative_tolerance = rtol
            rr.integrator.setValue("absolute_tolerance", [atol] * self.states)
        start = time.perf_counter()
        out = np.stack([np.array(rr.simulate(0.0, END, T_OUT.size))[:, 1:] for rr in self.models])
        return time.perf_counter() - start, out


def fastest(settings: list[Setting], run: Callable[[Setting], np.ndarray], reference: np.ndarray) -> Setting:
    """The first setting, from the fastest on, whose error is within LIMIT; the most accurate one if none is."""
    return next((s for s in settings if max_error(run(s), reference) <= LIMIT), settings[-1])


def benchmark(subjects: int, rival_subjects: int, rounds: int = 3) -> dict[str, object]:
    """Both solvers in turn, `rounds` times, on one core; each solver's best round counts."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rival_subjects = min(rival_subjects, subjects)
    system, events, outputs, names = build(subjects)

    def ours(setting: Setting, atol: float = 1.0, **options: int) -> np.ndarray:
        mine = replace(system, atol=np.asarray(system.atol) * atol)
        done = solve(mine, events, outputs, T_OUT, END, rtol=setting[0], **options)  # type: ignore[arg-type]
        done.raise_for_code()
        return done.values

    reference = ours((1e-11, 1.0), 1e-2, max_steps=10**6)
    rival = RoadRunners(system, events, outputs, names, rival_subjects)
    our_setting = fastest(OURS, ours, reference)
    their_setting = fastest(THEIRS, lambda s: rival.solve(*s)[1], reference[:rival_subjects])
    our_times, their_times = [], []
    for _ in range(rounds):
        for _ in range(5):
            start = time.perf_counter()
            values = ours(our_setting, threads=1)
            our_times.append(time.perf_counter() - start)
        seconds, other = rival.solve(*their_setting)
        their_times.append(seconds)
    our_speed, their_speed = subjects / min(our_times), rival_subjects / min(their_times)
    return {
        "format": "clearway.bench/1",
        "benchmark": "six-compounds",
        "compounds": names,
        "states": len(system.names),
        "subjects": subjects,
        "ratio": our_speed / their_speed,
        "clearway": {
            "subjects_per_second_core": our_speed,
            "max_relative_error": max_error(values, reference),
            "rtol": our_setting[0],
        },
        "libroadrunner": {
            "subjects_per_second_core": their_speed,
            "max_relative_error": max_error(other, reference[:rival_subjects]),
            "rtol": their_setting[0],
            "atol": their_setting[1],
            "subjects": rival_subjects,
        },
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    parser.add_argument("--subjects", type=int, default=256, help="subjects solved by Clearway")
    parser.add_argument("--rival-subjects", type=int, default=8, help="the first of them, solved by libRoadRunner")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with quiet_stdout():
        result = benchmark(args.subjects, args.rival_subjects, args.rounds)
    if args.json:
        print(json.dumps(result))
        return 0
    for name in ("clearway", "libroadrunner"):
        r = result[name]
        assert isinstance(r, dict)
        print(
            f"{name:14s} {r['subjects_per_second_core']:9.1f} subjects/s on one core   worst relative error {r['max_relative_error']:.1e}"
            f"   rtol {r['rtol']:g}"
        )
    print(f"ratio {result['ratio']:.1f}, {result['states']} states")
    return 0


if __name__ == "__main__":
    sys.exit(main())
