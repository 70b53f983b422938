"""Units: factors by definition, conversions by hand, refusals with the nearest accepted unit."""

from __future__ import annotations

import math

import pytest

from clearway.errors import UnitError
from clearway.units import UNITS, convert, kind, normalise, parse, to_internal


@pytest.mark.parametrize(
    ("value", "unit", "to", "result"),
    [
        (1, "d", "h", 24),
        (1, "mL/min", "L/h", 0.06),
        (1, "ng/mL", "mg/L", 1e-3),
        (1, "1/min", "1/h", 60),
        (1, "nM", "µM", 1e-3),
        (250, "µg", "mg", 0.25),
        (1, "ng·h/mL", "mg·h/L", 1e-3),
        (5, "%", "", 0.05),
    ],
)
def test_factors(value: float, unit: str, to: str, result: float) -> None:
    assert convert(value, unit, to) == pytest.approx(result, rel=1e-14)


def test_weight_and_molar_mass() -> None:
    assert convert(10, "mL/min/kg", "L/h", weight=70) == pytest.approx(42)
    assert convert(0.2, "mg/kg", "mg", weight=70) == pytest.approx(14)
    # 325.8 ng/mL of midazolam (325.8 g/mol) is 1 µM.
    assert convert(325.8, "ng/mL", "µM", molar_mass=325.8) == pytest.approx(1)
    assert convert(1, "µM·h", "ng·h/mL", molar_mass=325.8) == pytest.approx(325.8)
    assert to_internal(1, "µg/kg", weight=70) == pytest.approx(0.07)


def test_spellings() -> None:
    assert normalise("\u03bcM") == normalise("uM") == normalise("\u00b5M") == "µM"
    assert normalise("ng*h/mL") == "ng·h/mL"
    assert normalise("umol/L") == "µmol/L"
    assert parse("1.5e-3 mg") == (0.0015, "mg")
    assert parse("0.9") == (0.9, "")
    assert math.isnan(parse("nan mg")[0])


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_every_unit_round_trips(unit: str) -> None:
    there = to_internal(3.7, unit, weight=70)
    assert kind(unit) and there > 0
    assert to_internal(3.7, normalise(unit), weight=70) == there


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: convert(1, "mg", "µM"), "wrong unit"),
        (lambda: convert(1, "mg/kg", "mg"), "needs the body weight"),
        (lambda: convert(1, "mg", "µmol"), "needs the molar mass"),
        (lambda: convert(1, "MG", "mg"), "nearest accepted: mg"),
        (lambda: convert(math.nan, "mg", "mg"), "not a number"),
        (lambda: parse("sixty mg"), "not a number with a unit"),
    ],
)
def test_refusals(call: object, words: str) -> None:
    with pytest.raises(UnitError, match=words):
        call()  # type: ignore[operator]
