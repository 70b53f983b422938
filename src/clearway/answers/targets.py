"""A case made ready: the two arms, and what is read from them, in clinical units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clearway.answers.options import Options, assume, switched
from clearway.exposure.arms import Arm
from clearway.exposure.nca import Exposure, Floats, Window
from clearway.exposure.situation import arm_of
from clearway.exposure.targets import Read, curve_times, peak_times, reads_of
from clearway.library import Library
from clearway.model.model import Model
from clearway.regimen import Case


@dataclass
class Prepared:
    case: Case
    library: Library
    model: Model
    control: Arm
    test: Arm
    reads: list[Read]
    extra: list[float]
    end: float


def prepare(case: Case, library: Library, options: Options | None = None) -> Prepared:
    """Arms and targets of a case. Raises InputError where a what-if names something unknown."""
    model = Model(library)
    options = options or Options()
    assume(model, options, case.regimen.drugs)
    arms = [arm_of(model, case.person, r, case.steady_state) for r in (case.regimen, case.test)]
    control, test = switched(model, options, arms)
    return finish(case, library, model, control, test, reads_of(case, library))


def finish(case: Case, library: Library, model: Model, control: Arm, test: Arm, reads: Sequence[Read]) -> Prepared:
    """Put together with the times of the curves: from 0 to the end of the last window or of the case."""
    unique = list({r.target.name: r for r in reads}.values())
    extra = curve_times(unique, case.duration_h)
    peaks = peak_times(unique, case.test, extra[-1])
    return Prepared(case, library, model, control, test, unique, sorted({*extra, *peaks}), extra[-1])


def clinical(e: Exposure, molar_mass: float) -> dict[str, float | str]:
    """Exposure in ng·h/mL, ng/mL and h."""
    return {
        "auc": e.auc * molar_mass,
        "cmax": e.cmax * molar_mass,
        "cmin": e.cmin * molar_mass,
        "tmax": e.tmax,
        "half_life": e.half_life,
        "auc_unit": "ng·h/mL",
        "concentration_unit": "ng/mL",
        "time_unit": "h",
    }


def window_words(window: Window) -> str:
    """`AUC0–∞ after the dose at 336 h` or `AUC 312–336 h`."""
    if window.kind == "inf":
        return f"AUC 0–∞ after the dose at {window.start:g} h"
    return f"AUC {window.start:g}–{window.end:g} h"


def mean_curve(values: Floats, lanes: Sequence[int], weights: Floats) -> Floats:
    """Geometric mean over the genotypes of an arm; arithmetic where a concentration is still 0."""
    index = list(lanes)
    w = weights[index] / weights[index].sum()
    rows = np.maximum(values[index], 0.0)
    flat = np.asarray(w @ rows)
    positive = (rows > 0).all(axis=0)
    flat[positive] = np.exp(w @ np.log(rows[:, positive]))
    return flat
