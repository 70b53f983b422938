"""Study arms → predicted against observed.

Every usable arm whose compounds the library holds is simulated, both arms as one batch; every other one is
listed with its reason. Nothing here knows any drug.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from clearway.answers.words import NO_EFFECT
from clearway.errors import ClearwayError
from clearway.exposure.arms import Arm, Measure, exposures, ratio, run
from clearway.exposure.situation import arm_of, measure_of
from clearway.library import Library
from clearway.library.compound import Value
from clearway.library.values import values
from clearway.model.model import Model
from clearway.model.simulate import RTOL
from clearway.qualification.figures import Figures, Point, figures
from clearway.regimen import Study, load_studies
from clearway.regimen.study import dose_factor

if TYPE_CHECKING:
    from clearway.plots.qualification import QualificationPlots

STUDIES = Path(__file__).parent / "studies"


@dataclass(frozen=True)
class ArmResult:
    """One arm: what was seen and what came out."""

    id: str
    pair: str
    title: str
    victim: str
    perpetrator: str
    mechanism: str
    route: str
    observed: float
    predicted: float
    observed_cmax: float | None
    predicted_cmax: float | None
    peer: float | None
    fitted: bool
    no_effect: bool
    unit: str
    mass_balance: float


@dataclass
class Qualification:
    arms: list[ArmResult] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)

    @property
    def plot(self) -> QualificationPlots:
        """Figures: `qualification.plot.predicted_observed()`. Raises InputError where matplotlib is missing."""
        from clearway.plots.qualification import QualificationPlots

        return QualificationPlots(self)

    def headline(self) -> Figures:
        """All arms that nothing was fitted to; arms whose ratio stands for 'no significant change' apart."""
        return figures_of(a for a in self.arms if not a.fitted and not said_only(a))

    def no_effect(self) -> Figures:
        return figures_of(a for a in self.arms if not a.fitted and a.no_effect)

    def fitted(self) -> Figures:
        return figures_of(a for a in self.arms if a.fitted)

    def peer(self, keep: Callable[[ArmResult], bool] = lambda _: True) -> tuple[Figures, Figures]:
        """Ours and theirs on the arms that carry a peer's prediction, of those that are kept."""
        with_peer = [a for a in self.arms if a.peer and keep(a)]
        theirs = [Point(a.peer, a.observed, a.unit) for a in with_peer if a.peer]
        return figures_of(with_peer), figures(theirs)

    def by(self, key: Callable[[ArmResult], str]) -> dict[str, Figures]:
        groups: dict[str, list[ArmResult]] = {}
        for a in self.arms:
            if not a.fitted and not said_only(a):
                groups.setdefault(key(a), []).append(a)
        return {name: figures_of(rows) for name, rows in sorted(groups.items())}


def said_only(a: ArmResult) -> bool:
    """The ratio stands for 'no significant change': no number was printed."""
    return a.no_effect and a.observed == 1.0


def figures_of(arms: Iterable[ArmResult]) -> Figures:
    """Accuracy of these arms."""
    return figures([Point(a.predicted, a.observed, a.unit) for a in arms])


def qualify(
    library: Library,
    folder: Path = STUDIES,
    *,
    only: Sequence[str] = (),
    rtol: float = RTOL,
    progress: Callable[[int, int], None] | None = None,
) -> Qualification:
    """Simulate every usable study of a folder. `only` restricts to these ids."""
    model = Model(library)
    studies, problems = load_studies(folder, library)
    result = Qualification()
    result.skipped += [(p.file or "?", str(p)) for p in problems]
    fitted = fitted_studies(library, studies)
    chosen = [s for s in studies if not only or s.id in only]
    for i, study in enumerate(chosen):
        if progress:
            progress(i, len(chosen))
        if not study.usable:
            result.skipped.append((study.id, study.why_not))
            continue
        try:
            result.arms.append(run_study(model, study, fitted, rtol=rtol))
        except (ClearwayError, ValueError) as error:
            result.skipped.append((study.id, str(error)))
    if progress:
        progress(len(chosen), len(chosen))
    return result


def fitted_studies(library: Library, studies: Sequence[Study], counts: Callable[[Value], bool] = lambda _: True) -> set[str]:
    """Ids of the arms that are no predictions (design, section 7).

    An arm is fitted if a value of one of its compounds, metabolites included, names an arm of the same study.
    counts: the values that are asked; without it all.
    """
    key = {s.id: study_key(s) for s in studies}
    named = {
        name: {key[arm] for _, value in values(c) if counts(value) for arm in value.fitted_to if arm in key}
        for name, c in library.compounds.items()
    }
    model = Model(library)
    found: set[str] = set()
    for s in studies:
        given = {dose.drug for arm in (s.control, s.test) if arm for dose in arm.regimen.doses}
        if any(key[s.id] in named[c] for c in model.closure(given)):
            found.add(s.id)
    return found


def study_key(study: Study) -> str:
    """The publication that an arm belongs to."""
    reference = str(study.source.get("reference", study.id))
    return reference.split("(")[0].strip() or study.id


def prepared(model: Model, study: Study) -> tuple[tuple[Arm, Arm], tuple[Measure, Measure]]:
    """Control and test arm of a usable study, and what is measured in each."""
    assert study.control and study.test and study.measured
    c, t, measured = study.control, study.test, study.measured
    arms = arm_of(model, c.person, c.regimen, c.steady_state), arm_of(model, t.person, t.regimen, t.steady_state)
    return arms, (measure_of(measured, c.regimen, t.regimen), measure_of(measured, t.regimen, c.regimen))


def run_study(model: Model, study: Study, fitted: set[str], rtol: float = RTOL) -> ArmResult:
    """Both arms of one study. Raises SolveError with the reason if it cannot be simulated."""
    (control, test), (mc, mt) = prepared(model, study)
    done, (lanes_c, lanes_t), weights = run(model, [control, test], [mc.window, mt.window], rtol=rtol)
    per_dose = dose_factor(study)
    r = ratio(
        mt.name,
        exposures(done, lanes_c, weights, mc),
        exposures(done, lanes_t, weights, mt),
        per_dose,
    )
    observed = study.observed.auc_ratio
    predicted = r.auc
    if observed is None:
        observed, predicted = study.observed.cmax_ratio, r.cmax
    assert observed is not None
    parts = study.pair.split(">")
    return ArmResult(
        id=study.id,
        pair=study.pair,
        title=study.title,
        victim=parts[-1].strip(),
        perpetrator=parts[0].strip(),
        mechanism=", ".join(study.mechanism) or "not stated",
        route=study.victim_route,
        observed=observed,
        predicted=predicted,
        observed_cmax=study.observed.cmax_ratio,
        predicted_cmax=r.cmax if not math.isnan(r.cmax) else None,
        peer=study.peer.auc_ratio,
        fitted=study.id in fitted,
        no_effect=study.no_effect_only or NO_EFFECT[0] <= observed <= NO_EFFECT[1],
        unit=f"{study_key(study)}|{study.pair}|{study.victim_route}",
        mass_balance=max(float(g.max()) for g in done.mass_balance.values()),
    )
