"""Dose–response of a perpetrator: the predicted ratio over its dose, in the design of a study, beside the arms.

Rifampicin (5–600 mg) and itraconazole on midazolam and alfentanil are where the leading open platform is weak.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from clearway.exposure.arms import Arm, exposures, run
from clearway.exposure.situation import arm_of, measure_of
from clearway.library import Library
from clearway.model.model import Model
from clearway.qualification.runner import ArmResult, study_key
from clearway.regimen import Study
from clearway.regimen.study import dose_factor

SERIES = (("rifampicin", (5.0, 600.0)), ("itraconazole", (25.0, 400.0)))
VICTIMS = ("midazolam", "alfentanil")
POINTS = 9


@dataclass(frozen=True)
class Seen:
    """One arm: the perpetrator's dose in the day before the measured dose (mg), observed and predicted ratio."""

    id: str
    dose: float
    observed: float
    predicted: float
    fitted: bool


@dataclass(frozen=True)
class Response:
    """The curve of one victim and route in the design of `template`, and the arms of that pair."""

    perpetrator: str
    victim: str
    route: str
    template: str
    doses: tuple[float, ...]
    ratios: tuple[float, ...]
    seen: tuple[Seen, ...]


def responses(
    library: Library, studies: Sequence[Study], results: Sequence[ArmResult], progress: Callable[[], None] | None = None
) -> list[Response]:
    """A curve for every perpetrator × victim × route that has arms."""
    model, by_id = Model(library), {r.id: r for r in results}
    found = []
    for perpetrator, limits in SERIES:
        for victim in VICTIMS:
            mine = [s for s in studies if s.id in by_id and _is(s, perpetrator, victim)]
            for route in ("oral", "iv"):
                arms = [s for s in mine if (s.victim_route == "oral") == (route == "oral")]
                if arms:
                    found.append(_response(model, perpetrator, victim, route, limits, arms, by_id))
                    if progress:
                        progress()
    return found


def _is(study: Study, perpetrator: str, victim: str) -> bool:
    return study.perpetrators[:1] == [perpetrator] and study.measured is not None and study.measured.compounds == [victim]


def daily_dose(study: Study, perpetrator: str) -> float:
    """mg of the perpetrator in the 24 h up to and with the measured dose; else its last dose before."""
    assert study.test and study.measured
    at = study.measured.window(study.test.regimen).dose_h
    doses = [d for d in study.test.regimen.doses if d.drug == perpetrator and d.time_h <= at + 1e-6]
    near = [d.dose_mg for d in doses if d.time_h > at - 24.0 + 1e-6]
    return sum(near) or (doses[-1].dose_mg if doses else math.nan)


def _response(
    model: Model, perpetrator: str, victim: str, route: str, limits: tuple[float, float], arms: Sequence[Study], by_id: dict[str, ArmResult]
) -> Response:
    seen = tuple(Seen(s.id, daily_dose(s, perpetrator), by_id[s.id].observed, by_id[s.id].predicted, by_id[s.id].fitted) for s in arms)
    template = _template(arms, perpetrator)
    doses = tuple(float(d) for d in np.geomspace(*limits, POINTS))
    return Response(perpetrator, victim, route, template.id, doses, _ratios(model, template, perpetrator, doses), seen)


def _template(arms: Sequence[Study], perpetrator: str) -> Study:
    """The highest dose of the publication with the most doses, else of the longest treatment."""

    def rank(s: Study) -> tuple[int, int, float]:
        doses = {daily_dose(o, perpetrator) for o in arms if study_key(o) == study_key(s)}
        return len(doses), len(s.test.regimen.doses) if s.test else 0, daily_dose(s, perpetrator)

    return max(arms, key=rank)


def _ratios(model: Model, study: Study, perpetrator: str, doses: Sequence[float]) -> tuple[float, ...]:
    """All doses as lanes of one batch."""
    assert study.control and study.test and study.measured
    control = arm_of(model, study.control.person, study.control.regimen, study.control.steady_state)
    test = arm_of(model, study.test.person, study.test.regimen, study.test.steady_state)
    given = daily_dose(study, perpetrator)
    arms = [control, *(_scaled(test, perpetrator, dose / given) for dose in doses)]
    c, t = study.control.regimen, study.test.regimen
    mc, mt = measure_of(study.measured, c, t), measure_of(study.measured, t, c)
    done, members, weights = run(model, arms, [mc.window, mt.window])
    base = exposures(done, members[0], weights, mc).auc * dose_factor(study)
    return tuple(exposures(done, lanes, weights, mt).auc / base for lanes in members[1:])


def _scaled(arm: Arm, drug: str, factor: float) -> Arm:
    doses = [replace(d, dose_mg=d.dose_mg * factor, amount_umol=d.amount_umol * factor) if d.drug == drug else d for d in arm.doses]
    return replace(arm, doses=tuple(doses))
