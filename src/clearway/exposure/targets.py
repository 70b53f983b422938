"""What a case reads from its arms: compounds, and the sums of racemates' halves, each with its windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from clearway.exposure.arms import Measure
from clearway.exposure.nca import Window
from clearway.exposure.situation import measure_of
from clearway.library import Library
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

    @property
    def span(self) -> tuple[float, float]:
        """From the first to the last hour that is measured in either arm."""
        windows = windows_of([self])
        return min(w.start for w in windows), max(w.end for w in windows)


def reads_of(case: Case, library: Library) -> list[Read]:
    """Everything that the case measures; no target twice."""
    found = [r for item in case.measured for r in _reads(case, library, item)]
    return list({r.target.name: r for r in found}.values())


def windows_of(reads: Sequence[Read]) -> list[Window]:
    """The windows of all reads, in both arms."""
    return [m.window for r in reads for m in (r.control, r.test) if m]


def curve_times(reads: Sequence[Read], duration: float) -> list[float]:
    """Times (h) of curves from 0 to the end of the last window, or to `duration` where nothing is read."""
    end = max((w.end for w in windows_of(reads)), default=duration)
    times: list[float] = np.linspace(0.0, end, CURVE_POINTS + 1).tolist()
    return times


AFTER_DOSE = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
"""Hours after a dose at which a curve is drawn outside of the windows, so that peaks of short-lived drugs are seen."""

MOST_DOSES = 150
"""Times of doses up to which that is done; a longer course shows no single peak."""


def peak_times(reads: Sequence[Read], regimen: Regimen, end: float) -> list[float]:
    """Further times of curves, after every dose up to `end`. The windows have their own fine times: what is read in them stays."""
    at = sorted({d.time_h for d in regimen.doses})
    if len(at) > MOST_DOSES:
        return []
    windows = windows_of(reads)
    found = {t + after for t in at for after in AFTER_DOSE if t + after < end}
    return sorted(t for t in found if not any(w.start <= t <= w.end for w in windows))


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
