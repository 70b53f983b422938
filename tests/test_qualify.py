"""`clearway qualify`: its JSON, the check of tolerances, the plots."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from clearway.cli import main
from clearway.plots.qualification import mechanism_groups, write_plots
from clearway.qualification.doses import Response, Seen
from clearway.qualification.runner import ArmResult, Qualification

FIGURES = {"n", "gmfe", "bias", "within_125", "within_15", "within_2", "guest", "sign_errors"}


def arm(identifier: str, observed: float, predicted: float, mechanism: str = "not stated", fitted: bool = False) -> ArmResult:
    return ArmResult(
        id=identifier, pair="a > b", title="", victim="b", perpetrator="a", mechanism=mechanism, route="oral", observed=observed,
        predicted=predicted, observed_cmax=None, predicted_cmax=None, peer=None, fitted=fitted, no_effect=False, unit=identifier,
        mass_balance=0.0,
    )  # fmt: skip


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["qualify", "--json", "--only", "L058", "--only", "L034", "--check-tolerance"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["format"] == "clearway.qualify/1"
    for part in (data["headline"], data["no_effect"], data["fitted"], data["peer"]["ours"], data["peer"]["theirs"]):
        assert set(part) >= FIGURES
    assert set(data["by"]) == {"perpetrator", "victim", "mechanism", "route"}
    assert {a["id"] for a in data["arms"]} == {"L058", "L034"}
    assert data["skipped"] == []
    folds = [a["fold"] for a in data["arms"]]
    assert folds == sorted(folds, reverse=True)
    assert data["tolerance"]["passed"]
    assert data["tolerance"]["largest_auc_change"] < 1e-3
    assert data["tolerance"]["worst_mass_balance"] <= 1e-6


def test_unknown_arm_and_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["qualify", "--only", "L99999"]) == 2
    assert "no such study arm" in capsys.readouterr().err
    assert main(["qualify", "--studies", str(tmp_path / "none")]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_a_folder_of_the_users_own(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from clearway.qualification.runner import STUDIES

    monkeypatch.setenv("COLUMNS", "80")
    source = next(STUDIES.rglob("L034.yaml"))
    (tmp_path / "mine.yaml").write_bytes(source.read_bytes())
    assert main(["qualify", "--studies", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "L034" in out
    assert max(len(line) for line in out.splitlines()) <= 80


def test_plots(tmp_path: Path) -> None:
    arms = [arm("A", 0.1, 0.2, "CYP3A4 induction"), arm("B", 5.0, 1.5, "reversible inhibition"), arm("C", 1.0, 1.1, fitted=True)]
    curve = Response("rifampicin", "midazolam", "oral", "A", (5.0, 600.0), (0.7, 0.1), (Seen("A", 75.0, 0.1, 0.2, False),))
    paths = write_plots(tmp_path / "new", Qualification(arms), [curve])
    assert {p.name for p in paths} == {
        f"{n}.{k}" for n in ("predicted-observed", "ratio-observed", "dose-response-rifampicin") for k in ("svg", "png")
    }
    assert all(p.stat().st_size > 1000 for p in paths)
    write_plots(tmp_path / "none", Qualification([]))
    groups = mechanism_groups(arms)
    assert {name: [a.id for a in rows] for name, rows in groups.items()} == {"inhibition": ["B"], "induction": ["A"], "fitted": ["C"]}
    assert asdict(arms[0])["fitted"] is False
