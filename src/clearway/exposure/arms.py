"""Two situations side by side: control and test arm as lanes of one batch, and the ratios between them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np

from clearway.errors import SolveError
from clearway.exposure.nca import Exposure, Exposures, Floats, Window, exposures_in, tails, terminal_slopes
from clearway.exposure.steady import approach
from clearway.model.lane import Lane, Mechanism
from clearway.model.model import Model
from clearway.model.people import lanes as person_lanes
from clearway.model.simulate import RTOL, Simulation, simulate
from clearway.physiology import Body
from clearway.regimen import Dose, SteadyState

MASS_BALANCE = 1e-6
"""Largest relative gap in any compound's mass balance."""

FINE = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0,
        3.5, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0, 14.0, 16.0, 20.0)  # fmt: skip
"""Offsets (h) after each dose at which curves are kept: fine where peaks are."""


@dataclass(frozen=True)
class Arm:
    """One situation: whose body (with its genotypes), which doses (from time 0), which drugs at
    steady state before. `off` are mechanisms switched off,
    `off_apart` those off only for compounds assembled apart,
    `vary` factors on uncertain parameters; `mean_genotype` replaces a mixture of genotypes by its mean activity."""

    body: Body
    doses: tuple[Dose, ...]
    steady: tuple[SteadyState, ...] = ()
    off: frozenset[Mechanism] = frozenset()
    off_apart: frozenset[Mechanism] = frozenset()
    vary: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    mean_genotype: bool = False


@dataclass(frozen=True)
class Measure:
    """What is read from an arm: one compound, or the halves of a racemate that are summed."""

    name: str
    compounds: tuple[str, ...]
    window: Window


@dataclass(frozen=True)
class Ratio:
    """test/control of one measured compound (nan where the control has none), and the exposures of both arms."""

    name: str
    auc: float
    cmax: float
    cmin: float
    control: Exposure
    test: Exposure


def grid(doses: Sequence[Sequence[Dose]], windows: Sequence[Window], extra: Sequence[float] = ()) -> Floats:
    """Output times: around every dose, fine inside the windows, hourly elsewhere."""
    start = min([d.time_h for lane in doses for d in lane] + [w.start for w in windows])
    end = max(w.end for w in windows)
    times = {start, end, *extra}
    for w in windows:
        times |= {w.start, w.end, *np.linspace(w.start, w.end, 97).tolist()}
        inside = {d.time_h for lane in doses for d in lane if w.start - 1e-9 <= d.time_h < w.end}
        times |= {t + f for t in inside for f in FINE if t + f <= w.end}
    return np.array(sorted(t for t in times if start <= t <= end))


def run(
    model: Model,
    arms: Sequence[Arm],
    windows: Sequence[Window],
    *,
    rtol: float = RTOL,
    extra: Sequence[float] = (),
    times: Floats | None = None,
    threads: int | None = None,
    apart: frozenset[str] = frozenset(),
) -> tuple[Simulation, list[list[int]], Floats]:
    """Simulate arms as one batch. Returns the simulation, the lanes of each arm and their weights.

    Raises SolveError with the engine's sentence if a lane fails, or if mass is not conserved.
    """
    taken = [*(d for arm in arms for d in arm.doses), *(d for arm in arms for s in arm.steady for d in s.doses)]
    compounds = [model.kinetics(n) for n in model.closure({d.drug for d in taken})]
    substances = [k.compound for k in compounds]
    lanes: list[Lane] = []
    doses: list[tuple[Dose, ...]] = []
    steady: list[tuple[SteadyState, ...]] = []
    members: list[list[int]] = []
    people: dict[tuple[int, bool], list[Lane]] = {}
    for arm in arms:
        who = (id(arm.body), arm.mean_genotype)
        if who not in people:
            people[who] = person_lanes(arm.body, substances, mean=arm.mean_genotype)
        mine = [replace(lane, off=arm.off, off_apart=arm.off_apart, vary=arm.vary) for lane in people[who]]
        members.append(list(range(len(lanes), len(lanes) + len(mine))))
        lanes += mine
        doses += [arm.doses] * len(mine)
        steady += [arm.steady] * len(mine)
    before = None
    if any(steady):
        before = approach(compounds, lanes, steady, model.setting, taken, rtol=rtol, threads=threads, apart=apart)
    points = grid(doses, windows, extra) if times is None else times
    done = simulate(compounds, lanes, doses, model.setting, points, rtol=rtol, threads=threads, apart=apart,
                    layout=taken, before=before)  # fmt: skip
    check(done)
    return done, members, np.array([lane.weight for lane in lanes])


def check(done: Simulation) -> None:
    """Every lane solved, every compound's mass balanced."""
    failed = [i for i, code in enumerate(done.trajectory.code) if code != 0]
    if failed:
        raise SolveError(done.trajectory.message(failed[0]))
    for name, gaps in done.mass_balance.items():
        if not np.all(gaps <= MASS_BALANCE):
            raise SolveError(
                f"{name}: mass balance misses by {gaps.max():.2g} of what was given (allowed {MASS_BALANCE:g}); "
                "this is a fault of the model's wiring: please report it with the case"
            )


def exposures(done: Simulation, lanes: Sequence[int], weights: Floats, measure: Measure) -> Exposure:
    """Exposure of an arm: geometric mean over its lanes (genotypes), summed over a racemate's halves."""
    each, w = exposures_of(done, measure, list(lanes)), weights[list(lanes)]
    return Exposure(*(typical(getattr(each, f.name), w) for f in fields(Exposure)))


def exposures_of(done: Simulation, measure: Measure, lanes: Sequence[int] | slice = slice(None)) -> Exposures:
    """Exposure of every lane by itself, summed over a racemate's halves."""
    curves = sum_of([done.plasma(c)[lanes] for c in measure.compounds])
    return exposures_in(done.times, curves, sum_of([done.auc(c)[lanes] for c in measure.compounds]), measure.window)


def sum_of(arrays: Sequence[Floats]) -> Floats:
    return np.asarray(sum(arrays[1:], arrays[0]))


def areas(done: Simulation, measure: Measure) -> Floats:
    """AUC of every lane as in `exposures`, and nothing else: what factors and intervals need of very many lanes."""
    first = int(np.searchsorted(done.times, measure.window.start - 1e-9))
    last = int(np.searchsorted(done.times, measure.window.end + 1e-9)) - 1
    total = sum_of([a[:, last] - a[:, first] for a in (done.auc(c) for c in measure.compounds)])
    if measure.window.kind == "inf":
        t = done.times[first : last + 1]
        curves = sum_of([done.plasma(c)[:, first : last + 1] for c in measure.compounds])
        total += tails(t, curves, terminal_slopes(t, curves))
    return total


def typical(values: Floats, weights: Floats) -> float:
    """What an arm of several lanes has: their weighted geometric mean; arithmetic where one is 0, nan where one is nan."""
    w = weights / weights.sum()
    return float(np.exp(w @ np.log(values))) if np.all(values > 0) else float(w @ values)


def ratio(name: str, control: Exposure, test: Exposure, per_dose: float = 1.0) -> Ratio:
    """test/control, divided by `per_dose` (test dose : control dose) where ratios are per unit dose."""

    def divide(a: float, b: float) -> float:
        return a / b / per_dose if b > 0 else math.nan

    return Ratio(
        name,
        divide(test.auc, control.auc),
        divide(test.cmax, control.cmax),
        divide(test.cmin, control.cmin),
        control,
        test,
    )
