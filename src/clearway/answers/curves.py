"""Curves over the whole case, for reports and files: plasma of every target, activity of every enzyme that moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from clearway.answers.targets import Prepared, mean_curve
from clearway.exposure.nca import Floats
from clearway.exposure.targets import Target
from clearway.model.simulate import Simulation

STILL = 0.005
"""An activity that never moves further than this from 1 is not shown."""


@dataclass(frozen=True)
class Curves:
    """ng/mL by target name and arm; activity (1 = baseline) by (enzyme, organ) and arm."""

    times: Floats
    plasma: dict[str, dict[str, Floats]] = field(default_factory=dict)
    activity: dict[tuple[str, str], dict[str, Floats]] = field(default_factory=dict)


def curves(prepared: Prepared, done: Simulation, arms: dict[str, tuple[Sequence[int], Floats]], targets: Sequence[Target]) -> Curves:
    """`arms`: name → (lanes, weights of all lanes). The approach to steady state before time 0 is left out."""
    use = done.times >= -1e-9
    found = Curves(done.times[use])
    present = {k.name for k in done.assembled.compounds}
    for target in targets:
        if not set(target.compounds) <= present:
            continue
        total: Floats = sum((done.plasma(c) for c in target.compounds), np.zeros_like(done.plasma(target.compounds[0])))
        found.plasma[target.name] = {arm: mean_curve(total, lanes, w)[use] * target.molar_mass for arm, (lanes, w) in arms.items()}
    for enzyme, organ in done.activities:
        values = done.activity(enzyme, organ)
        rows = {arm: mean_curve(values, lanes, w)[use] for arm, (lanes, w) in arms.items()}
        if max(float(np.abs(r - 1.0).max()) for r in rows.values()) > STILL:
            found.activity[(enzyme, organ)] = rows
    return found
