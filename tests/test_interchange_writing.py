"""What `regimen.writing` writes: the same document when read back, in the layout of the examples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.errors import InputError
from clearway.library import Library
from clearway.library.document import parse_document, read_document
from clearway.regimen import Case
from clearway.regimen.writing import dump

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.yaml"))

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False),
    st.text(max_size=30),
    st.sampled_from(
        ["", "~", "null", "true", "1e5", ".5", "1.", "-3", ".inf", ".NaN", "12:30", "0x1F", "a: b", "- a", "# x", "é µg", "1-14"]
    ),
)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4), max_leaves=12
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"drug": LEAVES, "dose": LEAVES},
        optional={
            "note": LEAVES,
            "times": st.lists(LEAVES, max_size=3),
            "doses": st.lists(st.dictionaries(st.just("time"), LEAVES), max_size=3),
        },
    ),
    max_size=4,
)
DOCUMENTS = st.fixed_dictionaries(
    {"format": st.just("clearway.case/1")},
    optional={
        "title": LEAVES,
        "person": TREES,
        "population": TREES,
        "regimen": ROWS | TREES,
        "compare": ROWS,
        "duration": LEAVES,
        "own": TREES,
    },
)


@settings(max_examples=300, deadline=None)
@given(document=DOCUMENTS, comment=st.text(max_size=30).filter(str.isprintable))
def test_what_is_written_reads_back_to_the_same(document: dict[str, Any], comment: str) -> None:
    assert parse_document(dump(document, comment)).data == document


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_every_example_reads_back_to_the_same_case(path: Path, library: Library) -> None:
    before = Case.load(path, library)
    after = Case.parse(dump(read_document(path).data), library)
    assert after.test.doses == before.test.doses and after.measured == before.measured
    assert (after.title, after.person, after.duration_h, after.steady_state) == (
        before.title, before.person, before.duration_h, before.steady_state,
    )  # fmt: skip


def test_the_layout_is_that_of_the_examples() -> None:
    """Keys in the order of the documentation whatever order they came in; text that would read as a number is quoted."""
    document = {
        "steady_state": ["methadone"],
        "compare": [{"route": "oral", "drug": "efavirenz", "dose": "600 mg", "count": 14, "every": "24 h"}],
        "regimen": [
            {"dose": "60 mg", "drug": "methadone", "route": "oral", "every": "24 h", "count": 14, "note": "mit Wasser, früh"},
            {"drug": "ketamine", "route": "intranasal", "doses": [{"time": "0 h", "dose": "56 mg"}, {"time": "72 h", "dose": "84 mg"}]},
        ],
        "person": {"weight": "70 kg", "sex": "male", "genotype": {"CYP2B6": "*1/*6"}},
        "title": "12",
        "format": "clearway.case/1",
    }
    assert dump(document, "two\nlines") == (
        "# two\n"
        "# lines\n"
        "format: clearway.case/1\n"
        "title: '12'\n"
        "person: {sex: male, weight: 70 kg, genotype: {CYP2B6: '*1/*6'}}\n"
        "regimen:  # in both arms\n"
        "  - {drug: methadone, dose: 60 mg, route: oral, every: 24 h, count: 14, note: 'mit Wasser, früh'}\n"
        "  - drug: ketamine\n"
        "    route: intranasal\n"
        "    doses:\n"
        "      - {time: 0 h, dose: 56 mg}\n"
        "      - {time: 72 h, dose: 84 mg}\n"
        "compare:  # in the test arm only\n"
        "  - {drug: efavirenz, dose: 600 mg, route: oral, every: 24 h, count: 14}\n"
        "steady_state: [methadone]\n"
    )


def test_what_yaml_cannot_hold_is_refused() -> None:
    nested: Any = "x"
    for _ in range(2000):
        nested = [nested]
    for bad, said in ((nested, "nested too deeply"), ({1, 2}, "a set cannot be written"), (b"x", "a bytes cannot be written")):
        with pytest.raises(InputError, match=said):
            dump({"format": "clearway.case/1", "note": bad})
