"""Clearance of a compound from the situation in which it was observed.

A systemic clearance of a compound that is linear and does not act on its own enzymes is used as it stands.
Everything else (oral clearance, repeated doses, autoinducers, auto-inactivators, metabolite ratios) has no
closed form: the one unknown, systemic clearance at low concentration, is found by bracketing and Brent's
method on the assembled model in that very situation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from clearway.errors import SolveError
from clearway.library.compound import Compound
from clearway.model.kinetics import MAX_EXTRACTION, UPTAKE_LIMIT, Kinetics, hepatic, influx, kinetics, place_of
from clearway.model.lane import Lane
from clearway.model.setting import Setting
from clearway.model.simulate import simulate
from clearway.regimen import Regimen
from clearway.units import convert

HORIZON = 400.0
"""A single dose is followed for this many days: long against the slowest compound of the library."""

TOLERANCE = 1e-5
"""Relative tolerance of the clearance found."""


def linear(compound: Compound) -> bool:
    """True if systemic clearance does not depend on the compound's own concentration or history."""
    own = {p.by for p in compound.elimination.paths}
    saturable = any(p.km for p in compound.elimination.paths)
    acts = any(a.on in own and (a.inactivation or a.induction) for a in compound.acts_on)
    return not saturable and not acts


def highest_clearance(compound: Compound, setting: Setting) -> float:
    """The systemic clearance at which the extraction of the liver, the uptake into its cells or the extraction of the kidney
    reaches its limit."""
    paths, ref, m = compound.elimination.paths, setting.reference, compound.molecule
    total = sum(p.share.value for p in paths)
    liver, rb, fu = ref.liver_flow, m.blood_plasma_ratio.value, m.fraction_unbound.value
    share = sum(p.share.value for p in paths if hepatic(p, setting)) / total
    limits = [math.inf]
    if share > 0:
        extraction = MAX_EXTRACTION
        if compound.distribution.liver_cells:
            into = fu * UPTAKE_LIMIT * influx(compound.distribution.liver_cells)
            extraction = min(extraction, into / (liver * rb + into))
        limits.append(extraction * liver * rb / share)
    secreted = sum(p.share.value for p in paths if place_of(p, setting) == "kidney" and p.by != "renal") / total
    if secreted > 0:
        filtered = sum(p.share.value for p in paths if p.by == "renal") / total
        limits.append(MAX_EXTRACTION * ref.flows["kidney"] * rb / (secreted + MAX_EXTRACTION * filtered))
    return min(limits)


def calibrate(
    compound: Compound,
    setting: Setting,
    regimen: Regimen,
    lanes: Sequence[Lane],
    parents: Mapping[str, Kinetics],
) -> Kinetics:
    """Kinetics of `compound`. `regimen` is what its situation doses, `lanes` the people of the situation, and
    `parents` the calibrated compounds that are dosed or formed on the way (for a metabolite)."""
    seen = compound.elimination.clearance
    observed = seen.value.value
    if seen.kind != "metabolite-ratio":
        weight = seen.situation.weight or setting.reference.person.weight
        observed = convert(observed, seen.value.unit, "L/h", weight=weight)
        typical = len(lanes) == 1 and all(a == 1.0 for a in lanes[0].activity.values())
        if seen.kind == "systemic" and linear(compound) and typical:
            return kinetics(compound, observed, setting)
    measure = _situation(compound, setting, regimen, lanes, parents)
    clearance = _solve(compound, observed, measure, setting, rising=seen.kind != "metabolite-ratio")
    return kinetics(compound, clearance, setting)


def _situation(
    compound: Compound,
    setting: Setting,
    regimen: Regimen,
    lanes: Sequence[Lane],
    parents: Mapping[str, Kinetics],
) -> Callable[[float], float]:
    """The observed quantity as a function of the unknown clearance: over genotypes the geometric mean exposure, as in answers;
    of metabolite ratios the arithmetic one, since a genotype that forms no metabolite has none.

    After repeated doses the last interval is read, after a single dose everything up to `HORIZON`.
    """
    seen, name = compound.elimination.clearance, compound.compound
    doses = tuple(d for d in regimen.doses if d.drug == name or d.drug in parents)
    dosed = sorted({d.drug for d in doses})
    last = max(d.time_h for d in doses)
    amount = sum(d.amount_umol for d in doses if d.time_h == last)
    interval = regimen.interval_h
    times = np.array([0.0, last, last + interval]) if interval else np.array([0.0, 0.0, HORIZON * 24.0])
    weights = np.array([lane.weight for lane in lanes])
    chain = [k for other, k in parents.items() if other != name]

    def measure(clearance: float) -> float:
        mine = kinetics(compound, clearance, setting)
        run = simulate([mine, *chain], lanes, [doses] * len(lanes), setting, times)
        run.trajectory.raise_for_code()

        def area(who: str) -> float:
            each = run.auc(who)[:, 2] - run.auc(who)[:, 1]
            return float(weights @ each / weights.sum())

        if seen.kind != "metabolite-ratio":
            each = run.auc(name)[:, 2] - run.auc(name)[:, 1]
            return amount / math.exp(float(weights @ np.log(np.maximum(each, 1e-300)) / weights.sum()))
        ratio = area(name) / sum(area(d) for d in dosed)
        heavier = mine.molar_mass / parents[dosed[0]].molar_mass
        return ratio * heavier if seen.value.unit == "mass" else ratio

    return measure


def _solve(
    compound: Compound,
    observed: float,
    measure: Callable[[float], float],
    setting: Setting,
    rising: bool,
) -> float:
    """Root of ln measure(CL) = ln observed in ln CL, by regula falsi with the Illinois rule.

    The measure rises with clearance (dose/AUC) or falls (metabolite ratio); the bracket grows from the
    observed value up to the extraction limit.
    """
    sign = 1.0 if rising else -1.0
    top = min(0.9999 * highest_clearance(compound, setting), 1e5)

    def error(x: float) -> float:
        return sign * (math.log(max(measure(math.exp(x)), 1e-300)) - math.log(observed))

    guess = observed if rising else 10.0
    low = high = math.log(min(max(guess, 1e-4), top))
    f_low = f_high = error(low)
    while f_low > 0 and low > math.log(1e-5):
        low -= 0.7
        f_low = error(low)
    while f_high < 0 and high < math.log(top):
        high = min(high + 0.7, math.log(top))
        f_high = error(high)
    if f_low > 0 or f_high < 0:
        reached = math.exp(error(low if f_low > 0 else high) * sign) * observed
        raise SolveError(
            f"{compound.compound}: the observed clearance {observed:.4g} cannot be met; with clearances between "
            f"{math.exp(low):.3g} and {math.exp(high):.3g} L/h the model reaches {reached:.4g}. Check the value, "
            "its situation, fraction absorbed and gut availability"
        )
    side = 0
    for _ in range(60):
        x = high if f_high == f_low else (low * f_high - high * f_low) / (f_high - f_low)
        f = error(x)
        if abs(f) < TOLERANCE or high - low < TOLERANCE:
            return math.exp(x)
        if f > 0:
            high, f_high = x, f
            f_low *= 0.5 if side == 1 else 1.0
            side = 1
        else:
            low, f_low = x, f
            f_high *= 0.5 if side == -1 else 1.0
            side = -1
    return math.exp(0.5 * (low + high))
