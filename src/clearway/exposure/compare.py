"""With against without: ratios, the mechanisms that made them, and how sure they are."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from clearway.exposure.arms import Arm, Measure, Ratio, areas, exposures, grid, ratio, run, typical
from clearway.exposure.attribution import shapley, subsets
from clearway.exposure.mechanisms import Effect, effects, enzymes_of, mechanisms, of_effects
from clearway.exposure.nca import Floats
from clearway.exposure.spread import draws, residual, single, words
from clearway.model.model import Model
from clearway.model.simulate import Simulation

PLAYERS = 6
"""Mechanisms whose Shapley values are exact (2^6 lanes); the rest are one player, 'other mechanisms'."""

NEGLIGIBLE = 5e-4
"""|ln ratio| below which a mechanism, alone and left out, counts as no mechanism of this change."""

SAMPLES = 32
"""Draws of the uncertain parameters behind an interval."""

MIXTURE = 0.25
"""Largest relative difference of ln ratio between mean genotype and mixture that is spread over the factors."""

NORMAL_95 = 1.6449
"""95th percentile of the standard normal distribution."""

COARSE = 1e-4
"""Relative tolerance of the batches behind factors and intervals, which are read to two or three digits."""


@dataclass(frozen=True)
class Factor:
    """One mechanism's share of a change: the ratio is the product of all factors."""

    name: str
    factor: float


@dataclass(frozen=True)
class Answer:
    """One measured compound: its ratios, the interval of the AUC ratio, and its factors."""

    ratio: Ratio
    low: float
    high: float
    factors: tuple[Factor, ...]


@dataclass(frozen=True)
class Comparison:
    answers: tuple[Answer, ...]
    simulation: Simulation
    control_lanes: tuple[int, ...]
    test_lanes: tuple[int, ...]
    weights: Floats
    perpetrators: tuple[str, ...]


def compare(
    model: Model,
    control: Arm,
    test: Arm,
    measures: Sequence[tuple[Measure, Measure]],
    *,
    per_dose: Sequence[float] | None = None,
    attribute: bool = True,
    interval: bool = True,
    extra: Sequence[float] = (),
    told: Callable[[str], None] = lambda stage: None,
) -> Comparison:
    """Run both arms as one batch, then (one batch more each) the subsets of mechanisms and the draws.

    measures: (control, test) windows of each measured compound. per_dose: test dose / control dose where
    ratios are per unit dose. told: hears of each stage before it begins, and may raise to end the work there.
    """
    doses = per_dose or [1.0] * len(measures)
    windows = [m.window for pair in measures for m in pair]
    told("both arms")
    simulation, (c_lanes, t_lanes), weights = run(model, [control, test], windows, extra=extra)
    base = _ratios(simulation, c_lanes, t_lanes, weights, measures, doses)

    perpetrators = _perpetrators(model, control, test)
    factors: list[tuple[Factor, ...]] = [() for _ in measures]
    if attribute and perpetrators:
        told("what causes the change")
        factors = _attribute(model, control, test, measures, doses, base, perpetrators)
    low = high = [math.nan] * len(measures)
    if interval:
        told("how sure it is")
        low, high = interval_of(model, control, test, measures, doses, [r.auc for r in base])
    answers = tuple(Answer(r, lo, hi, f) for r, lo, hi, f in zip(base, low, high, factors, strict=True))
    return Comparison(answers, simulation, tuple(c_lanes), tuple(t_lanes), weights, tuple(perpetrators))


def _ratios(
    simulation: Simulation,
    control: Sequence[int],
    test: Sequence[int],
    weights: Floats,
    measures: Sequence[tuple[Measure, Measure]],
    per_dose: Sequence[float],
) -> list[Ratio]:
    return [
        ratio(
            mc.name,
            exposures(simulation, control, weights, mc),
            exposures(simulation, test, weights, mt),
            dose,
        )
        for (mc, mt), dose in zip(measures, per_dose, strict=True)
    ]


def _logs(
    simulation: Simulation,
    pairs: Sequence[tuple[Sequence[int], Sequence[int]]],
    weights: Floats,
    measures: Sequence[tuple[Measure, Measure]],
    per_dose: Sequence[float],
) -> Floats:
    """ln AUC ratio (pair of control and test lanes, measure); nan where nothing was measured."""
    found = np.full((len(pairs), len(measures)), math.nan)
    for column, ((mc, mt), dose) in enumerate(zip(measures, per_dose, strict=True)):
        in_control, in_test = areas(simulation, mc), areas(simulation, mt)
        for row, (control, test) in enumerate(pairs):
            before, after = (typical(a[list(lanes)], weights[list(lanes)]) for a, lanes in ((in_control, control), (in_test, test)))
            if before > 0 and after > 0:
                found[row, column] = math.log(after / before / dose)
    return found


def _perpetrators(model: Model, control: Arm, test: Arm) -> list[str]:
    """Compounds dosed in the test arm only, and their metabolites."""
    before = {d.drug for d in control.doses}
    return model.closure({d.drug for d in test.doses} - before)


def _attribute(
    model: Model,
    control: Arm,
    test: Arm,
    measures: Sequence[tuple[Measure, Measure]],
    per_dose: Sequence[float],
    base: Sequence[Ratio],
    perpetrators: Sequence[str],
) -> list[tuple[Factor, ...]]:
    """Shapley factors per measured compound.

    First every mechanism alone and every one left out; what moves nothing is dropped, the largest `PLAYERS`
    are exact players, the others one. What remains with all of them off (another genotype, another dose) is
    the factor 'other'.
    """
    victims = model.closure({c for m, _ in measures for c in m.compounds})
    apart = frozenset(victims) - set(perpetrators)
    measured = [model.kinetics(c) for c in victims]
    doers = [model.kinetics(p) for p in perpetrators]
    found = mechanisms(doers, enzymes_of(measured))
    every = effects(found)
    windows = [m.window for pair in measures for m in pair]
    times = grid([control.doses, test.doses], windows)

    known: dict[frozenset[Effect], Floats] = {}

    def find(sets: Sequence[frozenset[Effect]]) -> None:
        """ln AUC ratio of each measure with only the set's effects of the perpetrators acting on the measured
        compounds; what perpetrators do to themselves and to each other stays on."""
        new = [on for on in dict.fromkeys(sets) if on not in known]
        if new:
            arms = [replace(test, off_apart=found - of_effects(found, on), mean_genotype=True) for on in new]
            base = replace(control, mean_genotype=True)
            done, members, weights = run(model, [base, *arms], windows, times=times, apart=apart, rtol=COARSE)
            pairs = [(members[0], lanes) for lanes in members[1:]]
            known.update(zip(new, _logs(done, pairs, weights, measures, per_dose), strict=True))

    if not every:
        return [() for _ in measures]
    none, full = frozenset[Effect](), frozenset(every)
    find([none, full, *(frozenset({e}) for e in every), *(full - {e} for e in every)])
    whole = np.array([math.log(r.auc) for r in base])

    def size(e: Effect) -> float:
        alone, missing = known[frozenset({e})] - known[none], known[full - {e}] - known[full]
        return float(np.maximum(np.abs(alone), np.abs(missing)).max())

    ranked = sorted((e for e in every if size(e) > NEGLIGIBLE), key=lambda e: (-size(e), e))
    players: list[frozenset[Effect]] = [frozenset({e}) for e in ranked[:PLAYERS]]
    if ranked[PLAYERS:]:
        players.append(frozenset(ranked[PLAYERS:]))
    silent = full - frozenset(ranked)
    find([silent.union(*s) for s in subsets(players)])

    answers: list[tuple[Factor, ...]] = []
    for column in range(len(measures)):
        phi = shapley(players, lambda s, c=column: float(known[silent.union(*s)][c]))  # type: ignore[misc]
        phi = _to_mixture(phi, whole[column])
        names = {p: str(next(iter(p))) if len(p) == 1 else "other mechanisms" for p in players}
        rows = [Factor(names[p], math.exp(v)) for p, v in phi.items()]
        rest = whole[column] - sum(phi.values())
        if abs(rest) > 1e-9:
            rows.append(Factor("other differences", math.exp(rest)))
        answers.append(tuple(sorted(rows, key=lambda f: -abs(math.log(f.factor)))))
    return answers


def _to_mixture(phi: dict[frozenset[Effect], float], whole: float) -> dict[frozenset[Effect], float]:
    """Shapley values are found with mean genotype activities; the ratio is that of the mixture. Where the two sums
    agree to `MIXTURE`, each value is scaled by the same factor, so that the product is the ratio itself."""
    total = sum(phi.values())
    if abs(total) > NEGLIGIBLE and abs(whole / total - 1.0) < MIXTURE:
        return {p: v * whole / total for p, v in phi.items()}
    return phi


@dataclass(frozen=True)
class Input:
    """An uncertain input and the factor on the AUC ratio when it is one standard deviation higher."""

    name: str
    factor: float


def sensitive(
    model: Model, control: Arm, test: Arm, measures: Sequence[tuple[Measure, Measure]], most: int = 3
) -> list[tuple[Input, ...]]:
    """The inputs that move each AUC ratio most, each raised alone by one standard deviation of its evidence."""
    names = model.closure({d.drug for arm in (control, test) for d in arm.doses})
    inputs = single([model.kinetics(n) for n in names])
    windows = [m.window for pair in measures for m in pair]
    arms = [replace(arm, vary=v, mean_genotype=True) for v in ({}, *inputs.values()) for arm in (control, test)]
    done, members, weights = run(model, arms, windows, times=grid([control.doses, test.doses], windows), rtol=COARSE)
    pairs = list(zip(members[::2], members[1::2], strict=True))
    logs = _logs(done, pairs, weights, measures, [1.0] * len(measures))
    moved = logs[1:] - logs[0]
    found = []
    for column in range(len(measures)):
        order = sorted(range(len(inputs)), key=lambda i, c=column: (-abs(moved[i, c]), i))  # type: ignore[misc]
        keys = list(inputs)
        found.append(tuple(Input(words(keys[i]), math.exp(moved[i, column])) for i in order[:most]))
    return found


def interval_of(
    model: Model,
    control: Arm,
    test: Arm,
    measures: Sequence[tuple[Measure, Measure]],
    per_dose: Sequence[float],
    ratios: Sequence[float],
) -> tuple[list[float], list[float]]:
    """90 % interval of the AUC ratio around the answer: 5th and 95th percentile over draws of the uncertain parameters, widened
    by what studies scatter beyond them (the distances add as squares)."""
    names = model.closure({d.drug for arm in (control, test) for d in arm.doses})
    sampled = draws([model.kinetics(n) for n in names], SAMPLES)
    windows = [m.window for pair in measures for m in pair]
    arms = [replace(arm, vary=v, mean_genotype=True) for v in sampled for arm in (control, test)]
    times = grid([control.doses, test.doses], windows)
    done, members, weights = run(model, arms, windows, times=times, rtol=COARSE)
    low, high = [], []
    logs = _logs(done, list(zip(members[::2], members[1::2], strict=True)), weights, measures, per_dose)
    for column in range(len(measures)):
        centre = math.log(ratios[column])
        spread = logs[:, column] - np.median(logs[:, column])
        rest = NORMAL_95 * residual(centre)
        low.append(math.exp(centre - math.hypot(float(np.percentile(spread, 5)), rest)))
        high.append(math.exp(centre + math.hypot(float(np.percentile(spread, 95)), rest)))
    return low, high
