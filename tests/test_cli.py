"""The command line: exit codes, one line per problem, JSON, speed of help."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clearway.cli import main


def test_help_and_unknown_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "show" in capsys.readouterr().out
    assert main(["sho"]) == 2
    assert "No such command" in capsys.readouterr().err


def test_show(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["show", "methadone", "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert [c["compound"] for c in card["compounds"]] == ["methadone-r", "methadone-s"]
    assert card["product"]["salt_factor"]["value"] == pytest.approx(0.8946)
    assert main(["show", "midazolam"]) == 0
    assert "fraction unbound in plasma" in capsys.readouterr().out
    assert main(["show", "metadone"]) == 2
    assert "nearest: methadone" in capsys.readouterr().err
    assert main(["show", "--list", "--json"]) == 0
    assert "midazolam" in json.loads(capsys.readouterr().out)["compounds"]


def test_causes_of_many_drugs_are_lines_where_columns_would_not_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("midazolam", "methadone", "alprazolam", "sertraline", "bupropion", "thc")
    taken = "".join(f"  - {{drug: {name}, dose: 10 mg, route: oral}}\n" for name in names)
    case = tmp_path / "many.yaml"
    case.write_text(f"format: clearway.case/1\nregimen:\n{taken}compare:\n  - {{drug: ketoconazole, dose: 200 mg, route: oral}}\n")
    for width, line in (("80", r"^midazolam +CYP3A4 inhibition × \d"), ("110", r"^CYP3A4 inhibition +× \d\S+ +× \d")):
        monkeypatch.setenv("COLUMNS", width)
        assert main(["compare", str(case)]) == 0
        assert re.search(line, capsys.readouterr().out.split("What caused it")[1], re.MULTILINE)


def test_new_does_not_overwrite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "case.yaml"
    assert main(["new", str(path)]) == 0
    assert main(["new", str(path)]) == 2
    assert "exists already" in capsys.readouterr().err


def test_doctor_json(capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor", "--json"])
    said = json.loads(capsys.readouterr().out)
    assert {c["name"] for c in said["checks"]} >= {"python", "engine", "library"}


def test_help_is_quick() -> None:
    """Goal 150 ms; the best of five, with room for a busy machine."""
    best = min(_timed() for _ in range(5))
    assert best < 0.3


def _timed() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "clearway", "--help"], capture_output=True, check=True)
    return time.perf_counter() - start
