"""Single-drug pharmacokinetics: AUC, Cmax and half-life of every compound against cited sources."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from clearway.library import Library
from clearway.library.document import read_document
from clearway.model.model import Model
from clearway.qualification.single import FOLDER, LIMIT, Check, check_file
from conftest import made, world


@pytest.fixture(scope="module")
def checks(library: Library) -> dict[str, list[Check]]:
    """Every observation by compound; a file that cannot be read leaves its own compound empty."""
    found: dict[str, list[Check]] = defaultdict(list)
    model = Model(library)
    for file in sorted(FOLDER.glob("*.yaml")):
        try:
            for c in check_file(model, file):
                found[c.compound].append(c)
        except Exception as error:
            found[f"unreadable {file.name}"] = []
            print(f"{file.name}: {error!r}")
    return found


def test_every_file_can_be_simulated(checks: dict[str, list[Check]]) -> None:
    assert [name for name in checks if name.startswith("unreadable")] == []


def test_nine_rows_in_ten_are_met_and_every_miss_says_why(checks: dict[str, list[Check]]) -> None:
    """Within 1.5-fold in 90 % of rows (rounded), and beyond it only with the reason beside the observation."""
    rows = [c for found in checks.values() for c in found]
    assert round(sum(c.met for c in rows) / len(rows), 2) >= 0.9
    assert sum(0.5 <= c.fold <= 2.0 for c in rows) / len(rows) >= 0.98
    assert [f"{c.id} {c.quantity} {c.fold:.2f}" for c in rows if not c.met and not c.miss] == []


def test_a_reason_stands_only_where_it_is_needed(checks: dict[str, list[Check]]) -> None:
    stale = [f"{c.id} {c.quantity} {c.fold:.2f}" for found in checks.values() for c in found if c.miss and 0.75 <= c.fold <= 1.33]
    assert stale == []


def test_nearly_every_compound_is_checked_and_most_by_an_independent_source(checks: dict[str, list[Check]], library: Library) -> None:
    """What cannot be given alone, or is a stand-in for what a study names, has no observations of its own."""
    with_rows = {name for name, found in checks.items() if found}
    assert len(with_rows) / len(library.compounds) > 0.85
    independent = {name for name, found in checks.items() if any(not c.used_to_set for c in found)}
    assert len(independent) / len(with_rows) > 0.75


def test_every_file_is_of_a_compound_and_every_source_is_a_reference(library: Library) -> None:
    for file in sorted(FOLDER.glob("*.yaml")):
        data = read_document(file).data
        assert data["compound"] in library.compounds, file.name
        for row in data["observations"]:
            assert row["source"] in library.references, f"{file.name}: {row['id']}: {row['source']}"
            assert isinstance(row.get("used_to_set"), list), f"{file.name}: {row['id']} does not say what it set"


def test_ids_are_unique() -> None:
    ids = [row["id"] for f in FOLDER.glob("*.yaml") for row in read_document(f).data["observations"]]
    assert len(ids) == len(set(ids))


def test_the_check_reads_auc_and_half_life_of_a_known_compound(library: Library, tmp_path: Path) -> None:
    """A made-up drug: AUC∞ = 30 mg/10 L/h = 3 mg·h/L = 3000 ng·h/mL; half-life near ln 2·V/CL for a small volume."""
    model = Model(world(library, [made("x", cl=10.0, vss=12.0, rb=0.9, paths={"plasma": 1.0})]))
    file = tmp_path / "x.yaml"
    file.write_text(
        """format: clearway.single-drug/1
compound: x
observations:
  - id: one
    people: {weight: 73}
    doses: [{drug: x, dose: 30 mg, route: iv bolus, start: 0 h}]
    measured_compound: x
    auc: {value: 2000, unit: ng·h/mL, window: inf}
    half_life: {value: 1.0, unit: h}
    source: nowhere
    used_to_set: []
""",
        encoding="utf-8",
    )
    auc, half_life = sorted(check_file(model, file), key=lambda c: c.quantity)
    assert (auc.quantity, half_life.quantity) == ("auc", "half_life")
    assert auc.fold == pytest.approx(1.5, rel=2e-3)
    assert auc.predicted == pytest.approx(3000.0, rel=2e-3)
    assert 0.69 * 12.0 / 10.0 * 0.9 < half_life.predicted < 0.69 * 12.0 / 10.0 * 1.6
    assert LIMIT == 1.5
