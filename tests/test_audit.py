"""`clearway audit`: every value with its evidence, and what makes a point weak."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from clearway.answers.audit import Audit, audit
from clearway.cli import main
from clearway.library import Library
from clearway.library.values import values
from clearway.qualification.values_page import counts


@pytest.fixture(scope="module")
def whole(library: Library) -> Audit:
    return audit(library)


def test_every_value_is_there_once(whole: Audit, library: Library) -> None:
    held = [(name, v.value) for name, c in library.compounds.items() for _, v in values(c)]
    mine = [(r.of, r.number) for r in whole.rows if r.of in library.compounds]
    assert sorted(mine) == sorted(held)
    counted = counts(library)
    for kind, n in whole.kinds.items():
        assert n == sum(row[kind] for name, row in counted.items() if name != "products")


def test_weak_is_what_is_little_known_and_moves_much(library: Library, whole: Audit) -> None:
    order = [r.weakness for r in whole.weakest]
    assert order == sorted(order, reverse=True) and order[-1] > 0
    assert not [r for r in whole.weakest if r.of == "lamivudine"]  # it does nothing to anything
    # the same value, once better known, is a weaker point no more
    c = library.compounds["ritonavir"]
    act = next(a for a in c.acts_on if a.on == "CYP3A4" and a.inactivation)
    assert act.inactivation
    found = {}
    for evidence in ("assumed", "measured in vivo"):
        kinact = replace(act.inactivation.kinact, evidence=evidence, source="x", because="x", low=None, high=None)
        changed = replace(act, inactivation=replace(act.inactivation, kinact=kinact))
        acts = [changed if a is act else a for a in c.acts_on]
        other = replace(library, compounds={**library.compounds, "ritonavir": replace(c, acts_on=acts)}, _names={})
        rows = audit(other, ["ritonavir"]).rows
        found[evidence] = next(r for r in rows if r.value == "CYP3A4 inactivation: kinact")
    assert found["assumed"].weight == found["measured in vivo"].weight > 0
    assert found["assumed"].weakness == pytest.approx(2.5 * found["measured in vivo"].weakness)


def test_disagreeing_sources_and_their_age(whole: Audit) -> None:
    row = next(r for r in whole.rows if r.of == "efavirenz" and r.value == "CYP3A4 induction: EC50")
    assert row.conflicts and row.furthest > 50 and row in whole.disputed
    assert sum(whole.decades.values()) == len(whole.rows)


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = tmp_path / "values.csv"
    assert main(["audit", "methadone", "--csv", str(out)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Weakest points") and "Values by kind of evidence" in said
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert {r["of"] for r in rows} == {"methadone-r", "methadone-s"}
    assert main(["audit", "methadone", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["format"] == "clearway.audit/1"
