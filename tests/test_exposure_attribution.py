"""Shapley factors: the axioms by hand, and their product on real cases."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import permutations

import pytest

from clearway.answers.comparing import compare_case
from clearway.exposure.arms import Arm, Measure
from clearway.exposure.attribution import shapley, subsets
from clearway.exposure.compare import compare
from clearway.exposure.nca import Window
from clearway.library import Library
from clearway.library.compound import Action
from clearway.model.model import Model
from clearway.physiology import Person
from clearway.regimen import Case
from conftest import dose, every, inactivates, induces, inhibits, made, world

NELFINAVIR = """
format: clearway.case/1
person: {sex: male, age: 40, weight: 73 kg}
regimen:
  - {drug: methadone, dose: 60 mg, route: oral, every: 24 h, count: 10}
compare:
  - {drug: nelfinavir, dose: 1250 mg, route: oral, every: 12 h, count: 20}
steady_state: [methadone]
"""


def test_the_value_is_the_mean_over_all_orders() -> None:
    """Shapley 1953, on three players with an interaction: against the average marginal contribution over 3! orders."""

    def v(s: frozenset[str]) -> float:
        return 1.0 * ("a" in s) + 2.0 * ("b" in s) - 0.5 * ("c" in s) + 3.0 * ({"a", "b"} <= s) - 1.0 * ({"a", "b", "c"} <= s)

    phi = shapley(["a", "b", "c"], v)
    for p in "abc":
        gains = [v(frozenset(o[: o.index(p) + 1])) - v(frozenset(o[: o.index(p)])) for o in permutations("abc")]
        assert phi[p] == pytest.approx(sum(gains) / 6.0)
    # by hand: a = 1 + 3/2 − 1/3, b = 2 + 3/2 − 1/3, c = −1/2 − 1/3
    assert phi == pytest.approx({"a": 13 / 6, "b": 19 / 6, "c": -5 / 6})


def test_efficiency_symmetry_null_player_and_subsets() -> None:
    def v(s: frozenset[str]) -> float:
        return math.log(1.0 + len(s & {"x", "y"}) ** 2)  # x and y are alike, z does nothing

    phi = shapley(["x", "y", "z"], v)
    assert sum(phi.values()) == pytest.approx(v(frozenset("xyz")) - v(frozenset()))
    assert phi["x"] == pytest.approx(phi["y"])
    assert phi["z"] == 0.0
    assert len(subsets("abcd")) == 16
    assert subsets("abcd")[0] == frozenset()


def product(factors: object) -> float:
    return math.prod(f.factor for f in factors)  # type: ignore[attr-defined]


def test_factors_of_methadone_with_nelfinavir_multiply_to_the_ratio(library: Library) -> None:
    """Real case, all rows (sum and halves). Both arms hold the same person and doses, so that nothing is left for 'other'."""
    found = compare_case(Case.parse(NELFINAVIR, library), library, interval=False)
    assert {a.ratio.name for a in found.comparison.answers} >= {"methadone-r", "methadone-s"}
    for answer in found.comparison.answers:
        assert answer.factors
        assert product(answer.factors) == pytest.approx(answer.ratio.auc, rel=1e-6)
        by = {f.name: f.factor for f in answer.factors}
        assert abs(math.log(by.get("other differences", 1.0))) < 1e-3
        # the sharpest sentence of the design: CYP2B6 induction lowers, CYP3A4 inhibition raises
        assert answer.factors[0].name == "CYP2B6 induction"
        assert by["CYP2B6 induction"] < 0.75
        assert all(f >= 0.999 for n, f in by.items() if n.startswith("CYP3A4") and not n.endswith("induction"))


def small_world(library: Library, *acts: Action, fm: tuple[float, float] = (0.4, 0.4)) -> tuple[Model, Arm, Arm, tuple[Measure, Measure]]:
    victim = made("v", paths={"CYP3A4": fm[0], "CYP2E1": fm[1], "renal": 1.0 - sum(fm)}, gut=False, cl=6.0)
    model = Model(world(library, [victim, made("i", acts=acts, cl=5.0)]))
    mine = (dose("v", 1.0, "iv bolus", 240.0),)
    here = model.setting.reference
    measure = Measure("v", ("v",), Window(240.0, 408.0, "inf"))
    return model, Arm(here, mine), Arm(here, (*mine, *every("i", 50.0, 12.0, 34))), (measure, measure)


def test_like_mechanisms_have_like_factors_and_an_idle_one_none(library: Library) -> None:
    """The same Ki at two enzymes with the same share; and an inducer of an enzyme on which the victim does not depend."""
    acts = [inhibits("CYP3A4", 0.3), inhibits("CYP2E1", 0.3), induces("CYP1A2", 5.0, 0.1)]
    model, control, test, measures = small_world(library, *acts)
    (answer,) = compare(model, control, test, [measures], interval=False).answers
    by = {f.name: f.factor for f in answer.factors}
    assert set(by) - {"other differences"} == {"CYP3A4 inhibition", "CYP2E1 inhibition"}
    assert by["CYP3A4 inhibition"] == pytest.approx(by["CYP2E1 inhibition"], rel=1e-6)
    assert product(answer.factors) == pytest.approx(answer.ratio.auc, rel=1e-6)
    assert answer.ratio.auc > 1.4


def test_opposite_mechanisms_are_told_apart(library: Library) -> None:
    """Induction of one enzyme against inactivation of another: one factor below, one above 1, product the ratio."""
    model, control, test, measures = small_world(library, inactivates("CYP3A4", 1.0, 0.5), induces("CYP2E1", 8.0, 0.3))
    (answer,) = compare(model, control, test, [measures], interval=False).answers
    by = {f.name: f.factor for f in answer.factors}
    assert by["CYP2E1 induction"] < 0.8
    assert by["CYP3A4 inactivation"] > 1.1
    assert product(answer.factors) == pytest.approx(answer.ratio.auc, rel=1e-6)


def test_a_different_person_in_the_test_arm_is_other_differences(library: Library) -> None:
    model, control, test, measures = small_world(library, inhibits("CYP3A4", 0.3))
    sick = replace(test, body=model.body(Person(egfr=20)))
    (answer,) = compare(model, control, sick, [measures], interval=False).answers
    by = {f.name: f.factor for f in answer.factors}
    assert by["other differences"] > 1.05
    assert product(answer.factors) == pytest.approx(answer.ratio.auc, rel=1e-6)


def test_nothing_to_attribute_without_mechanisms(library: Library) -> None:
    model, control, test, measures = small_world(library)
    (answer,) = compare(model, control, test, [measures], interval=False).answers
    assert answer.ratio.auc == pytest.approx(1.0, rel=1e-4)
    assert answer.factors == ()


def test_the_interval_holds_the_answer_and_is_the_same_twice(library: Library) -> None:
    model, control, test, measures = small_world(library, inhibits("CYP3A4", 0.3))
    one, two = (compare(model, control, test, [measures], attribute=False).answers[0] for _ in range(2))
    assert one.low < one.ratio.auc < one.high
    assert (one.low, one.high) == (two.low, two.high)
