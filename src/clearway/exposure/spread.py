"""How uncertain each parameter is, and draws of all of them.

The spread of a parameter follows its kind of evidence (log-normal); a range given with the value replaces it.
The numbers are assumed: they stand here, in one place, and the coverage of clinical results by the intervals
they give is itself qualified.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from clearway.library.compound import Value
from clearway.model.assemble import ALL_PATHS
from clearway.model.interaction import SYNONYMS
from clearway.model.kinetics import Kinetics

SIGMA = {
    "measured in vivo": 0.20,
    "fitted": 0.20,
    "computed": 0.30,
    "measured in vitro": 0.40,
    "assumed": 0.50,
}
"""Standard deviation of ln(value) by kind of evidence (assumed)."""

SIGMA_KDEG = 0.30
"""Standard deviation of ln kdeg: published hepatic CYP3A4 values run from 0.0077 to 0.03 1/h."""

RESIDUAL, GROWTH = 0.25, 0.15
"""Standard deviation of ln(observed/predicted) that the uncertainty of the values does not explain: scatter between studies and
what the model leaves out. It is sqrt(RESIDUAL² + (GROWTH·ln ratio)²), chosen so that the 90 % intervals hold 85 to 95 % of the
observed ratios in one half of the publications; their coverage in the other half is printed in docs/accuracy.md."""

SHARE = 0.5
"""Part of a share's spread that is drawn: shares of one compound are bound together by their sum (assumed)."""

SEED = 20261122
"""Draws are the same in every run: an interval must not change when a case is run twice."""

Key = tuple[str, str, str]


def sigma(value: Value) -> float:
    """Spread of one value: its own range (taken as 90 %) or that of its kind of evidence."""
    if value.low and value.high and value.high > value.low > 0:
        return math.log(value.high / value.low) / (2.0 * 1.645)
    return SIGMA[value.evidence]


def residual(ln_ratio: float) -> float:
    """Standard deviation of ln(ratio) beyond that of the values."""
    return math.hypot(RESIDUAL, GROWTH * ln_ratio)


def uncertain(compounds: Sequence[Kinetics]) -> dict[Key, float]:
    """Standard deviation of the logarithm of each factor that `Lane.vary` knows."""
    found: dict[Key, float] = {}
    for k in compounds:
        c = k.compound
        for action in c.acts_on:
            on = SYNONYMS.get(action.on, action.on)
            if action.inhibition:
                value = action.inhibition.kic or action.inhibition.kiu
                if value:
                    found[(k.name, on, "inhibition")] = sigma(value)
            if action.inactivation:
                found[(k.name, on, "inactivation")] = sigma(action.inactivation.kinact)
            if action.induction:
                found[(k.name, on, "induction")] = sigma(action.induction.ec50)
                found[(k.name, on, "ceiling")] = sigma(action.induction.emax)
        found[(k.name, ALL_PATHS, "clearance")] = sigma(c.elimination.clearance.value)
        oral = c.absorption.oral
        if oral and oral.gut_availability:
            found[(k.name, "gut", "clearance")] = sigma(oral.gut_availability)
    for enzyme in {p.enzyme for k in compounds for p in k.enzymes}:
        for organ in ("liver", "gut"):
            found[(enzyme, organ, "kdeg")] = SIGMA_KDEG
    return found


def draws(compounds: Sequence[Kinetics], count: int) -> list[dict[Key, float]]:
    """`count` sets of factors. Shares are drawn by path and rescaled, so that total clearance stays."""
    rng = np.random.default_rng(SEED)
    spread = uncertain(compounds)
    keys = sorted(spread)
    sets: list[dict[Key, float]] = []
    for _ in range(count):
        factors = {key: math.exp(spread[key] * rng.standard_normal()) for key in keys}
        for k in compounds:
            raw = {p.by: math.exp(SHARE * sigma(p.share) * rng.standard_normal()) for p in k.compound.elimination.paths}
            factors |= _rescaled(k, raw)
        sets.append(factors)
    return sets


def single(compounds: Sequence[Kinetics]) -> dict[Key, dict[Key, float]]:
    """Each uncertain input alone, one standard deviation up: its key and the factors that say so."""
    found = {key: {key: math.exp(s)} for key, s in uncertain(compounds).items()}
    for k in compounds:
        for p in k.compound.elimination.paths:
            if len(k.compound.elimination.paths) > 1:
                found[(k.name, p.by, "share")] = _rescaled(k, {p.by: math.exp(SHARE * sigma(p.share))})
    return found


def _rescaled(k: Kinetics, raw: dict[str, float]) -> dict[Key, float]:
    """Factors on the paths of a compound, so that its total clearance stays."""
    paths = k.compound.elimination.paths
    mean = sum(p.share.value * raw.get(p.by, 1.0) for p in paths) / sum(p.share.value for p in paths)
    return {(k.name, p.by, "clearance"): raw.get(p.by, 1.0) / mean for p in paths}


WORDS = {
    "inhibition": "Ki at {}", "inactivation": "kinact at {}", "induction": "EC50 at {}", "ceiling": "Emax at {}",
    "share": "share by {}", "kdeg": "turnover of {}",
}  # fmt: skip


def words(key: Key) -> str:
    """An input in words: 'ritonavir: kinact at CYP3A4', 'midazolam: availability of the gut wall (Fg)'."""
    who, where, what = key
    if what == "kdeg":
        return f"{who}: turnover in the {where}"
    if where == ALL_PATHS:
        return f"{who}: clearance"
    if where == "gut" and what == "clearance":
        return f"{who}: availability of the gut wall (Fg)"
    return f"{who}: {WORDS[what].format(where)}"
