"""Cases and studies → arms, windows and measures of the comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from clearway.errors import SolveError
from clearway.exposure.arms import Arm, Measure
from clearway.exposure.nca import Floats, Window
from clearway.model.simulate import Simulation
from clearway.model.model import Model
from clearway.physiology import Person
from clearway.regimen import Dose, Measured, PersonSpec, Regimen, SteadyState
from clearway.regimen import Window as RegimenWindow

PRELUDE_DAYS = 60
"""Longest approach to a steady state (STUDY_FORMAT, last rules)."""

STEADY = 1e-3
"""Largest relative change of AUC from one interval to the next that counts as steady."""

SAMPLING = 24.0
"""Hours that a single dose is sampled for, where neither the file nor a perpetrator says more."""

LONGEST_SAMPLING = 168.0
"""A clinic does not sample a single dose for longer than a week."""


def arm_of(
    model: Model, person: PersonSpec, regimen: Regimen, steady: Sequence[SteadyState], default_weight: float | None = None
) -> Arm:
    """One arm: the person's body, and the doses with the approach to steady state before them."""
    spec = replace(person, weight_kg=person.weight_kg or default_weight) if default_weight else person
    return Arm(
        body=model.body(person_of(spec)),
        doses=tuple(sorted([*prelude(steady), *regimen.doses], key=lambda d: (d.time_h, d.drug, d.route))),
    )


def person_of(spec: PersonSpec) -> Person:
    """The person of a file; what is not given is that of a healthy adult."""
    given = {
        "sex": spec.sex,
        "age": spec.age,
        "height": spec.height_cm,
        "weight": spec.weight_kg,
        "haematocrit": spec.haematocrit,
        "albumin": spec.albumin_g_l,
        "aag": spec.aag_g_l,
        "urine_ph": spec.urine_ph,
        "egfr": spec.egfr,
        "child_pugh": spec.child_pugh,
        "smoker": spec.smoker,
        "genotypes": dict(spec.genotype),
    }
    return Person(**{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]


def prelude(steady: Sequence[SteadyState]) -> list[Dose]:
    """The doses that bring each drug to its own periodic steady state before its first listed dose."""
    doses: list[Dose] = []
    for s in steady:
        count = int(PRELUDE_DAYS * 24.0 // s.interval_h)
        for n in range(1, count + 1):
            shift = s.start_h - n * s.interval_h
            doses += [replace(d, time_h=d.time_h + shift) for d in s.doses]
    return doses


def steady_times(steady: Sequence[SteadyState]) -> list[float]:
    """Times at which the approach is judged: the ends of the last three intervals before the start."""
    return [s.start_h - n * s.interval_h for s in steady for n in (0, 1, 2)]


def check_steady(done: Simulation, lanes: Sequence[int], steady: Sequence[SteadyState]) -> None:
    """Raise SolveError if a drug's AUC still changes by more than `STEADY` from interval to interval."""

    def at(curve: Floats, time: float) -> float:
        return float(curve[int(abs(done.times - time).argmin())])

    for s in steady:
        for compound in s.compounds:
            for lane in lanes:
                area = done.auc(compound)[lane]
                t2, t1, t0 = (s.start_h - n * s.interval_h for n in (2, 1, 0))
                last, before = at(area, t0) - at(area, t1), at(area, t1) - at(area, t2)
                if before > 0 and abs(last / before - 1.0) > STEADY:
                    raise SolveError(
                        f"{compound} has no steady state: after {PRELUDE_DAYS} days its AUC still changes by "
                        f"{100 * abs(last / before - 1.0):.2g} % from one interval to the next (allowed "
                        f"{100 * STEADY:g} %); give the doses explicitly instead of `steady_state`"
                    )


def measure_of(measured: Measured, regimen: Regimen) -> Measure:
    """The window in one arm, as hours and kind."""
    return Measure(
        measured.name, tuple(measured.compounds), window_of(measured.window(regimen), regimen, measured)
    )


def window_of(w: RegimenWindow, regimen: Regimen, measured: Measured) -> Window:
    """`inf` without an end: sampled as long as a perpetrator is still being given (its last dose and one
    interval), at least `SAMPLING` hours, and a log-linear tail after that."""
    if w.end_h is not None:
        return Window(w.start_h, w.end_h, w.auc)
    wanted = set(measured.parent or measured.compounds)
    covered = [
        e.times_h[-1] + (e.interval_h or 0.0) - w.dose_h
        for e in regimen.entries
        if e.times_h and not wanted & set(e.compounds)
    ]
    length = min(max([SAMPLING, *covered]), LONGEST_SAMPLING)
    return Window(w.start_h, w.dose_h + length, "inf")
