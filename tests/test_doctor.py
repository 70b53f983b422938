"""`clearway doctor`: what it tells of a sound installation, and that each fault is one line and does not hide the others."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from clearway.answers import studies
from clearway.cli import doctor, main
from clearway.engine import processor_paths
from clearway.library.index import digest


def told(capsys: pytest.CaptureFixture[str], *options: str, code: int = 0) -> dict[str, Any]:
    assert main(["doctor", "--json", *options]) == code
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] == (code == 0)
    return {c["name"]: c for c in said["checks"]}


def test_a_sound_installation(capsys: pytest.CaptureFixture[str]) -> None:
    checks = told(capsys)
    engine, prediction = checks["engine"], checks["prediction"]
    assert engine["path"] in processor_paths() and engine["available"] == list(processor_paths()) and engine["threads"] >= 1
    assert max(engine["errors"].values()) < 1e-6
    assert prediction["computed"] == pytest.approx(prediction["stored"], rel=1e-3)
    assert checks["library"]["digest"] == digest() and len(digest()) == 16
    assert {c["extra"] for c in checks.values() if "extra" in c} == {"report", "web", "interop", "cohort", "dask"}
    assert main(["doctor"]) == 0
    assert all(line.startswith("ok    ") for line in capsys.readouterr().out.splitlines())


@pytest.mark.parametrize("isa", processor_paths())
def test_the_path_that_was_asked_for(isa: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CLEARWAY_ISA", isa)
    engine = told(capsys)["engine"]
    assert engine["path"] == isa and f"{isa} runs by CLEARWAY_ISA" in engine["text"]


def test_a_path_that_does_not_exist(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CLEARWAY_ISA", "neon9")
    checks = told(capsys, code=1)
    assert not checks["engine"]["ok"] and "CLEARWAY_ISA is 'neon9'; allowed here: " in checks["engine"]["text"]
    assert checks["library"]["ok"]


def test_a_path_that_computes_wrongly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    right = doctor._closed_form
    monkeypatch.setattr(doctor, "_closed_form", lambda path: (0.02, "base") if path == "base" else right(path))
    engine = told(capsys, code=1)["engine"]
    assert "WRONG: base by 0.02" in engine["text"]


def test_a_prediction_that_does_not_repeat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    stored = json.loads(studies.ACCURACY.read_text(encoding="utf-8"))
    for arm in stored["arms"]:
        if arm["predicted"] is not None:
            arm["predicted"] *= 1.002
    changed = tmp_path / "accuracy.json"
    changed.write_text(json.dumps(stored))
    monkeypatch.setattr(studies, "ACCURACY", changed)
    prediction = told(capsys, code=1)["prediction"]
    assert not prediction["ok"] and "allowed 0.1% apart" in prediction["text"]


def test_a_library_of_ones_own_is_not_held_against_what_is_stored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "not repeated" in told(capsys, "--library", str(tmp_path))["prediction"]["text"]


def test_an_extra_that_is_missing_is_no_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "pyarrow" else find(name, *rest))
    missing = told(capsys)["pyarrow"]
    assert missing["ok"] and missing["text"] == "not installed: no populations in Parquet files (pip install 'clearway[cohort]')"
