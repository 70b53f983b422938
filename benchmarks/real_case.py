"""Fourteen days of a real case of the library (cases/*.yaml) in people whose bodies and clearances vary, hourly output.

    python benchmarks/real_case.py [two | six | twenty] [--json] [--subjects 128] [--rounds 2]

Clearway and libRoadRunner (CVODE) in turn on one core over their tolerances. `ratio` compares their speeds at an error of
4e-6: the worst relative error of all plasma concentrations where the reference (workload.py) exceeds 1e-3 of its column's
maximum, between the measured settings by interpolation. libRoadRunner runs the SBML export and the leanest model of the same
equations, whichever is faster, loaded and compiled before the clock starts, on as many of the subjects as take it half a second.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from clearway.engine import Events, Outputs
from clearway.library import Library
from clearway.model.assemble import assemble
from clearway.model.events import dosing, targets
from clearway.model.lane import Lane, Lanes
from clearway.model.model import Model
from clearway.model.people import lanes
from clearway.physiology import Person
from clearway.regimen import Case
from workload import Workload

CASES = Path(__file__).with_name("cases")
NAMES = ("two", "six", "twenty")
END = 336.0
SPREAD, TURNOVER = 0.3, 0.2
"""Standard deviation of the logarithm of each clearance and of each enzyme's turnover."""


def workload(name: str, subjects: int, seed: int = 1) -> Workload:
    """The test arm of the case for that many people: one regimen, each with sex, age, size and clearances of their own."""
    model = _model()
    case = Case.load(CASES / f"{name}.yaml", model.library)
    doses = tuple(case.test.doses)
    compounds = [model.kinetics(c) for c in model.closure({d.drug for d in doses})]
    people = _people(model, compounds, subjects, np.random.default_rng(seed))
    assembled = assemble(compounds, Lanes.of(people), model.setting, *dosing(doses))
    rows = sorted(row for dose in doses for row in targets(assembled, dose))
    when, kind, state, amount = zip(*rows, strict=True)
    label = np.unique(state, return_inverse=True)[1]
    events = Events(time=when, state=state, kind=kind, amount=amount, label=label)
    names = tuple(k.name for k in assembled.compounds)
    venous = [assembled.index[f"{c}.venous"] for c in names]
    outputs = Outputs.of_states(venous, np.array([assembled.plasma[c] for c in names]))
    return Workload(name, case.title, assembled.system, events, outputs, names, np.arange(0.0, END + 0.5))


@cache
def _model() -> Model:
    return Model(Library.load(None))


def _people(model: Model, compounds: list, subjects: int, r: np.random.Generator) -> list[Lane]:  # type: ignore[type-arg]
    paths = sorted({(k.name, p.by) for k in compounds for p in k.compound.elimination.paths})
    enzymes = sorted({by for _, by in paths})
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
    return people


def benchmark(name: str, subjects: int, rounds: int) -> dict[str, object]:
    """Figures at an error of 4e-6."""
    from precision import EQUAL, Effort, sweep

    found = sweep(name, ("clearway", "roadrunner", "roadrunner-export"), subjects=subjects, effort=Effort(rounds=rounds))
    speeds = found["equal"][f"{EQUAL[0]:g}"]
    rival = max((n for n in speeds if n != "clearway"), key=lambda n: speeds[n] or 0.0)
    ours, theirs = speeds["clearway"], speeds[rival]
    return {
        "format": "clearway.bench/1",
        "benchmark": name,
        "title": found["title"],
        "compounds": found["compounds"],
        "states": found["states"],
        "subjects": subjects,
        "max_relative_error": EQUAL[0],
        "ratio": ours / theirs if ours and theirs else None,
        "clearway": {"subjects_per_second_core": ours},
        "libroadrunner": {"subjects_per_second_core": theirs, "model": found["peers"][rival]["label"]},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", nargs="?", default="six", choices=NAMES)
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    parser.add_argument("--subjects", type=int, default=128, help="subjects solved by Clearway")
    parser.add_argument("--rounds", type=int, default=2)
    args = parser.parse_args()
    result = benchmark(args.case, args.subjects, args.rounds)
    if args.json:
        print(json.dumps(result))
        return 0
    for name in ("clearway", "libroadrunner"):
        speed = result[name]["subjects_per_second_core"]  # type: ignore[index]
        print(f"{name:14s} " + ("no setting is as accurate" if speed is None else f"{speed:9.1f} subjects/s on one core"))
    print(f"ratio {result['ratio'] or float('nan'):.1f} at an error of {result['max_relative_error']:g}, {result['states']} states")
    return 0


if __name__ == "__main__":
    sys.exit(main())
