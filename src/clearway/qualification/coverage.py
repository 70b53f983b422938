"""How often the 90 % interval of a predicted ratio holds the observed one: the intervals themselves held against the studies."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from clearway.errors import ClearwayError
from clearway.exposure.compare import interval_of
from clearway.model.model import Model
from clearway.qualification.runner import ArmResult, prepared
from clearway.regimen import Study
from clearway.regimen.study import dose_factor


@dataclass(frozen=True)
class Held:
    """An arm with the interval of its predicted AUC ratio."""

    arm: ArmResult
    low: float
    high: float

    @property
    def inside(self) -> bool:
        return self.low <= self.arm.observed <= self.high


def coverage(
    model: Model, studies: Iterable[Study], arms: Sequence[ArmResult], progress: Callable[[int, int], None] | None = None
) -> list[Held]:
    """The interval of each arm whose observed ratio is one of AUCs. An arm whose draws cannot be solved is left out."""
    by_id = {s.id: s for s in studies}
    found = []
    for i, arm in enumerate(arms):
        if progress:
            progress(i, len(arms))
        study = by_id[arm.id]
        if study.observed.auc_ratio is None or not math.isfinite(arm.predicted):
            continue
        try:
            low, high = _interval(model, study, arm.predicted)
        except ClearwayError:
            continue
        found.append(Held(arm, low, high))
    return found


def _interval(model: Model, study: Study, predicted: float) -> tuple[float, float]:
    (control, test), pair = prepared(model, study)
    low, high = interval_of(model, control, test, [pair], [dose_factor(study)], [predicted])
    return low[0], high[0]


def chosen_on(arm: ArmResult) -> bool:
    """True for the half of the publications on which `spread.RESIDUAL` was chosen, by the parity of a digest of their name."""
    publication = arm.unit.split("|")[0]
    return int(hashlib.sha256(publication.encode()).hexdigest(), 16) % 2 == 1


def share(held: Sequence[Held]) -> float:
    """Part of the arms inside, a study counting once per study × pair × route."""
    units: dict[str, list[bool]] = {}
    for h in held:
        units.setdefault(h.arm.unit, []).append(h.inside)
    return sum(sum(rows) / len(rows) for rows in units.values()) / len(units) if units else math.nan
