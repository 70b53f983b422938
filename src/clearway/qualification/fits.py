"""`make fits`: regenerates every fitted value of the library from the arms that it names.

Values that share an arm are fitted together; groups are taken in the order in which one needs another. The
criterion is Σ ln²(pred/obs) over the named arms (study ids, or single-drug ids with their quantity), plus a
weak pull towards the value's own published range where it has one, so that a flat direction has an answer.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clearway.errors import InputError
from clearway.exposure.nca import Floats
from clearway.library import Library
from clearway.library.compound import Value
from clearway.library.values import values
from clearway.model.model import Model
from clearway.qualification.runner import STUDIES, run_study
from clearway.qualification.single import FOLDER, check_file
from clearway.regimen import Study, load_study

AGREE = 0.01
"""A regenerated value must agree with the file's to this relative difference."""

PULL = 0.05
"""Weight of the squared distance (in ln) from the middle of a value's own range."""


STEP, SHARE_STEP = 0.3, -0.02
"""First steps of the simplex in ln(value); shares are near 1 and may not pass it."""

WALL = 10.0
"""Weight of the squared distance (in ln) outside a value's own range."""


@dataclass(frozen=True)
class Place:
    """A fitted value: whose, where, and from which arms."""

    compound: str
    path: str
    arms: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.compound}: {self.path}"


@dataclass(frozen=True)
class Fitted:
    place: Place
    stored: float
    found: float

    @property
    def agrees(self) -> bool:
        return abs(self.found / self.stored - 1.0) <= AGREE


def places(library: Library) -> list[Place]:
    """Every value whose evidence is `fitted`."""
    return [
        Place(name, path, tuple(value.fitted_to))
        for name, compound in sorted(library.compounds.items())
        for path, value in values(compound)
        if value.evidence == "fitted"
    ]


def groups(found: Sequence[Place]) -> list[list[Place]]:
    """Places joined by common arms."""
    parts: list[list[Place]] = []
    for place in found:
        touching = [g for g in parts if any(set(p.arms) & set(place.arms) for p in g)]
        merged = [place, *(p for g in touching for p in g)]
        parts = [g for g in parts if g not in touching] + [merged]
    return parts


def value_at(library: Library, place: Place) -> Value:
    return dict(values(library.compounds[place.compound]))[place.path]


def remainder(library: Library, compound: str) -> None:
    """When a share is fitted, `other` takes what is left to 1. Raises InputError if nothing is left."""
    paths = library.compounds[compound].elimination.paths
    rest = next((p for p in paths if p.by == "other"), None)
    left = 1.0 - sum(p.share.value for p in paths if p is not rest)
    if rest is None or left < 0.0:
        raise InputError(f"{compound}: the fitted shares leave {left:.3f} for `other`; add that path or fix a share")
    rest.share.value = left


def refit(library: Library, group: Sequence[Place], start: Sequence[float] | None = None) -> list[Fitted]:
    """Fit one group from the stored values (or `start`) by a bounded simplex in ln(value)."""
    stored = [value_at(library, p).value for p in group]
    guess = list(start or stored)
    arms = sorted({a for p in group for a in p.arms})
    predict = predictor(arms)

    def loss(x: Floats) -> float:
        world = copy.copy(library)
        world.compounds = copy.deepcopy(library.compounds)
        pull = 0.0
        for place, ln_value in zip(group, x, strict=True):
            value = value_at(world, place)
            value.value = math.exp(ln_value)
            if value.low and value.high:
                low, high = math.log(value.low), math.log(value.high)
                pull += PULL * (ln_value - 0.5 * (low + high)) ** 2
                pull += WALL * max(low - ln_value, ln_value - high, 0.0) ** 2
        try:
            for name in {p.compound for p in group if p.path.endswith(".share")}:
                remainder(world, name)
            pairs = predict(world)
        except Exception:  # a trial value outside what the model accepts is simply a bad one
            return 1e3
        return float(sum(math.log(p / o) ** 2 for p, o in pairs)) + pull

    steps = [SHARE_STEP if p.path.endswith(".share") else STEP for p in group]
    found = simplex(loss, [math.log(g) for g in guess], steps)
    return [Fitted(p, s, math.exp(x)) for p, s, x in zip(group, stored, found, strict=True)]


def predictor(arms: Sequence[str]) -> Callable[[Library], list[tuple[float, float]]]:
    """(predicted, observed) of the named arms as a function of the library."""
    files = {p.stem: p for p in STUDIES.rglob("*.yaml")}
    singles = [a for a in arms if a not in files]

    def predict(library: Library) -> list[tuple[float, float]]:
        model = Model(library)
        pairs = []
        for arm in arms:
            if arm in files:
                study: Study = load_study(files[arm], library)
                result = run_study(model, study, set())
                pairs.append((result.predicted, result.observed))
        if singles:
            wanted = {s.split(":")[0]: s.split(":")[1:] for s in singles}
            for path in sorted(FOLDER.glob("*.yaml")):
                if any(name in path.read_text(encoding="utf-8") for name in wanted):
                    pairs += [
                        (c.predicted, c.observed)
                        for c in check_file(model, path, set(wanted))
                        if c.id in wanted and (not wanted[c.id] or c.quantity in wanted[c.id])
                    ]
        return pairs

    return predict


def simplex(loss: Callable[[Floats], float], start: Sequence[float], steps: Sequence[float]) -> list[float]:
    """Nelder–Mead (1965) with the usual coefficients; stops at 1e-4 in ln(value)."""
    n = len(start)
    points = [np.array(start, dtype=float)]
    points += [points[0] + steps[i] * np.eye(n)[i] for i in range(n)]
    scores = [loss(p) for p in points]
    for _ in range(120 * n):
        order = np.argsort(scores)
        points, scores = [points[i] for i in order], [scores[i] for i in order]
        if max(float(np.abs(p - points[0]).max()) for p in points[1:]) < 1e-4:
            break
        centre = np.mean(points[:-1], axis=0)
        trial = centre + (centre - points[-1])
        score = loss(trial)
        if score < scores[0]:
            far = centre + 2.0 * (centre - points[-1])
            far_score = loss(far)
            trial, score = (far, far_score) if far_score < score else (trial, score)
        elif score >= scores[-2]:
            trial = centre + 0.5 * (points[-1] - centre)
            score = loss(trial)
            if score >= scores[-1]:
                points = [points[0], *(points[0] + 0.5 * (p - points[0]) for p in points[1:])]
                scores = [scores[0], *(loss(p) for p in points[1:])]
                continue
        points[-1], scores[-1] = trial, score
    return [float(v) for v in points[int(np.argmin(scores))]]


def main(only: Path | None = None) -> int:
    """Refit everything and print stored against found; exit code 1 if any differs by more than 1 %."""
    library = Library.load()
    failed = 0
    for group in groups(places(library)):
        for fit in refit(library, group):
            failed += not fit.agrees
            mark = "ok" if fit.agrees else "DIFFERS"
            print(f"{fit.place!s:70} {fit.stored:10.4g} {fit.found:10.4g}  {mark}  {', '.join(fit.place.arms)}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
