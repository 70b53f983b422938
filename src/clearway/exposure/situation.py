"""Cases and studies → arms, windows and measures of the comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from clearway.exposure.arms import Arm, Measure
from clearway.exposure.nca import Window
from clearway.exposure.steady import prelude
from clearway.model.model import Model
from clearway.physiology import Person
from clearway.regimen import Measured, PersonSpec, Regimen, SteadyState
from clearway.regimen import Window as RegimenWindow

SAMPLING = 24.0
"""Hours that a single dose is sampled for, where neither the file nor a perpetrator says more."""

LONGEST_SAMPLING = 168.0
"""A clinic does not sample a single dose for longer than a week."""


def arm_of(model: Model, person: PersonSpec, regimen: Regimen, steady: Sequence[SteadyState], default_weight: float | None = None) -> Arm:
    """One arm: the person's body, the doses, and the drugs that are at steady state before time 0."""
    spec = replace(person, weight_kg=person.weight_kg or default_weight) if default_weight else person
    return Arm(
        body=model.body(person_of(spec)),
        doses=(*(d for d in prelude(steady) if d.time_h >= 0.0), *regimen.doses),
        steady=tuple(steady),
    )


def person_of(spec: PersonSpec) -> Person:
    """The person of a file; what is not given is that of a healthy adult."""
    return Person(**spec.given())


def measure_of(measured: Measured, regimen: Regimen, other: Regimen | None = None) -> Measure:
    """The window in one arm, as hours and kind. Where the file leaves its end open, both arms (`other` is the
    one compared with) are sampled for the same time, as one protocol would."""
    window = window_of(measured.window(regimen), regimen, measured)
    if other is not None and measured.until_h is None and window.kind == "inf":
        twin = window_of(measured.window(other), other, measured)
        window = replace(window, end=window.start + max(window.end - window.start, twin.end - twin.start))
    return Measure(measured.name, tuple(measured.compounds), window)


def window_of(w: RegimenWindow, regimen: Regimen, measured: Measured) -> Window:
    """`inf` without an end: sampled as long as a perpetrator is still being given (its last dose and one
    interval), at least `SAMPLING` hours, and a log-linear tail after that."""
    if w.end_h is not None:
        return Window(w.start_h, w.end_h, w.auc)
    wanted = set(measured.parent or measured.compounds)
    covered = [e.times_h[-1] + (e.interval_h or 0.0) - w.dose_h for e in regimen.entries if e.times_h and not wanted & set(e.compounds)]
    length = min(max([SAMPLING, *covered]), LONGEST_SAMPLING)
    return Window(w.start_h, w.dose_h + length, "inf")
