"""What is read of each person in each arm, as columns of a table: `methadone_auc_control`, `…_test`, `…_ratio`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clearway.cohort.plan import column
from clearway.exposure.arms import Measure, sum_of
from clearway.exposure.nca import Exposures, Floats, exposures_in
from clearway.exposure.targets import Read
from clearway.model.simulate import Simulation

UNITS = {"auc": "ng·h/mL", "cmax": "ng/mL", "cmin": "ng/mL", "tmax": "h", "half_life": "h"}
RATIOS = ("auc", "cmax", "cmin")

ALONE, CONTROL, TEST = "run", "control", "test"
"""Arms: of a case that compares nothing, and of one that does."""


def measure_in(read: Read, arm: str) -> Measure | None:
    """The window of a read in an arm; None where the drug is not given in it."""
    return read.control if arm == CONTROL else read.test


def wanted(read: Read) -> list[str]:
    """A half-life is read from a whole decline, a trough from an interval."""
    return ["auc", "cmax", "tmax", "half_life"] if read.test.window.kind == "inf" else ["auc", "cmax", "cmin", "tmax"]


def names(read: Read, arms: Mapping[str, object]) -> dict[str, str]:
    """The columns of one read, with their units."""
    here = [arm for arm in arms if measure_in(read, arm)]
    found: dict[str, str] = {}
    for what in wanted(read):
        for arm in here:
            found[_name(read, what, arm)] = UNITS[what]
        if len(here) == 2 and what in RATIOS:
            found[_name(read, what, "ratio")] = "1"
    return found


@dataclass(frozen=True)
class Curves:
    """What one arm gave: plasma (µM) and cumulative AUC (µM·h) of each compound that is read, (people, times)."""

    times: Floats
    plasma: Mapping[str, Floats]
    auc: Mapping[str, Floats]

    @staticmethod
    def of(done: Simulation, compounds: Iterable[str]) -> Curves:
        names = list(compounds)
        return Curves(done.times, {c: done.plasma(c) for c in names}, {c: done.auc(c) for c in names})

    @staticmethod
    def none(times: Floats, compounds: Iterable[str]) -> Curves:
        """Of one person who could not be simulated."""
        nothing = {c: np.full((1, len(times)), np.nan) for c in compounds}
        return Curves(times, nothing, nothing)


def endpoints(read: Read, arms: Mapping[str, Curves]) -> dict[str, Floats]:
    """The columns of one read, in the order of `names`."""
    each = {arm: _exposures(m, curves, wanted(read)) for arm, curves in arms.items() if (m := measure_in(read, arm))}
    found: dict[str, Floats] = {}
    for what in wanted(read):
        values = {arm: _clinical(e, what, read.target.molar_mass) for arm, e in each.items()}
        found |= {_name(read, what, arm): v for arm, v in values.items()}
        if len(values) == 2 and what in RATIOS:
            control, test = values[CONTROL], values[TEST]
            found[_name(read, what, "ratio")] = np.divide(test, control, out=np.full(len(test), np.nan), where=control > 0)
    return found


def curve(read: Read, curves: Curves) -> Floats:
    """ng/mL (people, times) of one read, the halves of a racemate summed."""
    return sum_of([curves.plasma[c] for c in read.target.compounds]) * read.target.molar_mass


def _exposures(measure: Measure, curves: Curves, what: Sequence[str]) -> Exposures:
    plasma, auc = (sum_of([table[c] for c in measure.compounds]) for table in (curves.plasma, curves.auc))
    return exposures_in(curves.times, plasma, auc, measure.window, declines="half_life" in what)


def _clinical(e: Exposures, what: str, molar_mass: float) -> NDArray[np.float64]:
    values: Floats = getattr(e, what)
    return values * molar_mass if what in RATIOS else values


def _name(read: Read, what: str, arm: str) -> str:
    """`methadone_auc_control`; no arm where there is only one."""
    return "_".join([column(read.target.name), what, *([arm] if arm != ALONE else [])])
