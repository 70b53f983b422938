"""Flags of withdrawal and sedation: bands against their own anchors, and never a dose."""

from __future__ import annotations

import re

import pytest

from clearway.answers.flags import flags, judge, rules
from clearway.exposure.arms import Ratio
from clearway.exposure.compare import Answer
from clearway.exposure.nca import Exposure
from clearway.exposure.targets import Target
from clearway.library import Library

METHADONE = Target("methadone", "Methadone", ("methadone-r", "methadone-s"), 309.45, ("methadone-r", "methadone-s"))
MIDAZOLAM = Target("midazolam", "Midazolam", ("midazolam",), 325.8)
NOTHING = Exposure(1.0, 1.0, 1.0, 1.0, 1.0)


def changed(ratio: float) -> Answer:
    return Answer(Ratio("methadone", ratio, ratio, ratio, NOTHING, NOTHING), ratio, ratio, ())


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (0.43, "likely"),  # efavirenz −57 %: withdrawal in 9 of 11 (Clarke 2001)
        (0.53, "possible"),  # nelfinavir −47 % (S): none in 14 (Hsyu 2000)
        (0.60, "possible"),  # nelfinavir −40 %
        (0.51, "possible"),  # nevirapine −49 %: cases
        (0.90, "unlikely"),
    ],
)
def test_withdrawal(ratio: float, expected: str) -> None:
    flag = judge(METHADONE, changed(ratio), repeated=True)
    assert flag is not None
    assert (flag["effect"], flag["expected"]) == ("withdrawal", expected)
    assert flag["anchors"]
    assert all(a["source"] for a in flag["anchors"])


def test_no_dose_rule_is_printed() -> None:
    flag = judge(METHADONE, changed(0.43), repeated=True)
    assert flag is not None
    assert "22 %" in flag["no_dose_rule"]
    said = " ".join([flag["text"], *flag["limits"], flag["no_dose_rule"]])
    assert not re.search(r"\d\s*mg", said)
    assert "2.3" not in said  # 1/0.43: what the rule would say


def test_rise_and_no_change() -> None:
    rise = judge(METHADONE, changed(2.5), repeated=True)
    assert rise is not None
    assert (rise["effect"], rise["expected"]) == ("sedation", "likely")
    assert judge(METHADONE, changed(1.02), repeated=True) is None
    assert judge(METHADONE, changed(0.5), repeated=False) is None  # a single dose keeps no one out of withdrawal


def test_only_opioid_agonists() -> None:
    library = Library.load()
    found = flags(library, [(METHADONE, changed(0.4), True), (MIDAZOLAM, changed(0.1), True)])
    assert [f["compound"] for f in found] == ["methadone"]


def test_anchors_of_the_bands_exist() -> None:
    data = rules()
    for effect in ("withdrawal", "sedation"):
        for band in data[effect]["bands"]:
            assert set(band["anchors"]) <= set(data["anchors"])
