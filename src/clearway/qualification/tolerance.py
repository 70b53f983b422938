"""Halve the tolerances and look what moves: the proof that results are the model's, not the solver's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from clearway.errors import ClearwayError
from clearway.exposure.arms import exposures, run
from clearway.exposure.nca import Exposure
from clearway.exposure.situation import arm_of, measure_of
from clearway.library import Library
from clearway.model.model import Model
from clearway.model.simulate import RTOL
from clearway.regimen import Study, load_studies

ALLOWED = 1e-3
"""AUC, Cmax and trough may move by 0.1 % (design, section 7)."""


@dataclass(frozen=True)
class Moved:
    """Largest relative change over both arms of a study, and its worst mass balance at full tolerance."""

    id: str
    auc: float
    cmax: float
    cmin: float
    mass_balance: float


def check_tolerance(
    library: Library, folder: Path, *, only: Sequence[str] = (), progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """Every usable study at the usual tolerance and at half of it."""
    model = Model(library)
    chosen = [s for s in load_studies(folder, library)[0] if s.usable and (not only or s.id in only)]
    moved: list[Moved] = []
    failed: list[str] = []
    for i, study in enumerate(chosen):
        if progress:
            progress(i, len(chosen))
        try:
            moved.append(_moved(model, study))
        except (ClearwayError, ValueError):
            failed.append(study.id)
    if progress:
        progress(len(chosen), len(chosen))
    worst = sorted(moved, key=lambda m: -m.auc)
    return {
        "rtol": RTOL,
        "studies": len(moved),
        "not_simulated": failed,
        "allowed": ALLOWED,
        "largest_auc_change": worst[0].auc if worst else None,
        "largest_cmax_change": max((m.cmax for m in moved), default=None),
        "largest_cmin_change": max((m.cmin for m in moved), default=None),
        "worst_mass_balance": max((m.mass_balance for m in moved), default=None),
        "passed": bool(worst) and worst[0].auc <= ALLOWED,
        "worst": [asdict(m) for m in worst[:5]],
    }


def _moved(model: Model, study: Study) -> Moved:
    (full, balance), (half, _) = _both(model, study, RTOL), _both(model, study, RTOL / 2.0)

    def change(name: str) -> float:
        if name == "cmin" and study.measured and study.measured.auc != "tau":
            return 0.0  # the trough of a single dose is its last, vanishing concentration
        pairs = [(getattr(a, name), getattr(b, name)) for a, b in zip(full, half, strict=True)]
        return max((abs(b / a - 1.0) for a, b in pairs if a > 0), default=0.0)

    return Moved(study.id, change("auc"), change("cmax"), change("cmin"), balance)


def _both(model: Model, study: Study, rtol: float) -> tuple[list[Exposure], float]:
    assert study.control and study.test and study.measured
    sides = (study.control, study.test)
    arms = [arm_of(model, s.person, s.regimen, s.steady_state) for s in sides]
    measures = [measure_of(study.measured, s.regimen, o.regimen) for s, o in zip(sides, sides[::-1], strict=True)]
    done, members, weights = run(model, arms, [m.window for m in measures], rtol=rtol)
    found = [exposures(done, lanes, weights, m) for lanes, m in zip(members, measures, strict=True)]
    return found, max(float(g.max()) for g in done.mass_balance.values())
