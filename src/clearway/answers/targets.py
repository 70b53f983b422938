"""A case made ready: the two arms, and what is read from them, in clinical units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from clearway.answers.options import Options, assume, switched
from clearway.exposure.arms import Arm, Measure
from clearway.exposure.nca import Exposure, Floats, Window
from clearway.exposure.situation import arm_of, measure_of
from clearway.library import Library
from clearway.model.model import Model
from clearway.regimen import Case, Measured, Regimen

CURVE_POINTS = 360
"""Points of a curve over the whole case, beside the fine ones in the windows. The same for every way of asking, so
that a report and `--json` never differ."""


@dataclass(frozen=True)
class Target:
    """One thing that is read: a compound, or the sum of a racemate's halves (`halves` names them).

    `molar_mass` (g/mol) turns µM into ng/mL: 1 µM · M g/mol = M ng/mL.
    """

    name: str
    label: str
    compounds: tuple[str, ...]
    molar_mass: float
    halves: tuple[str, ...] = ()
    part_of: str = ""
    route: str = ""


@dataclass(frozen=True)
class Read:
    """A target with its windows; `control` is None for what is given in the test arm only."""

    target: Target
    control: Measure | None
    test: Measure


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
    reads = [r for item in case.measured for r in _reads(case, library, item)]
    return finish(case, library, model, control, test, reads)


def finish(case: Case, library: Library, model: Model, control: Arm, test: Arm, reads: Sequence[Read]) -> Prepared:
    """Put together with the times of the curves: from 0 to the end of the last window or of the case."""
    unique = list({r.target.name: r for r in reads}.values())
    windows = [m.window for r in unique for m in (r.control, r.test) if m]
    end = max([w.end for w in windows] + [case.duration_h if not windows else 0.0])
    extra = np.linspace(0.0, end, CURVE_POINTS + 1).tolist()
    return Prepared(case, library, model, control, test, unique, extra, end)


def _reads(case: Case, library: Library, item: Measured) -> list[Read]:
    wanted = set(item.parent or item.compounds)
    both = bool(wanted & set(case.regimen.drugs))
    control = measure_of(item, case.regimen, case.test) if both else None
    return split(library, item, control, measure_of(item, case.test), route_of(case.test, wanted))


def split(library: Library, item: Measured, control: Measure | None, test: Measure, route: str) -> list[Read]:
    """A racemate as its sum and each half; a combination as each of its drugs; a compound as itself."""
    names = list(item.compounds)
    product = library.products.get(library.names().get(item.name.strip().lower(), ""))
    racemate = len(names) > 1 and product is not None and product.kind == "racemate"
    found: list[Read] = []
    if racemate:
        whole = Target(item.name, item.name[:1].upper() + item.name[1:], tuple(names), _mass(library, names[0]), tuple(names), "", route)
        found.append(Read(whole, control, test))
    for name in names:
        one = Target(name, library.compounds[name].name, (name,), _mass(library, name), (), item.name if racemate else "", route)
        found.append(Read(one, _only(control, name), _only(test, name) or test))
    return found


def _only(measure: Measure | None, compound: str) -> Measure | None:
    return replace(measure, name=compound, compounds=(compound,)) if measure else None


def _mass(library: Library, compound: str) -> float:
    return library.compounds[compound].molecule.molar_mass.value


def route_of(regimen: Regimen, compounds: set[str]) -> str:
    """How these compounds are given; several routes are joined."""
    return " + ".join(dict.fromkeys(e.route for e in regimen.entries if compounds & set(e.compounds)))


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
