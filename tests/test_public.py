"""The public names, frozen; and that importing and comparing stay light."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import clearway

EXAMPLE = Path(__file__).parent.parent / "examples" / "ketamine-clarithromycin.yaml"
PUBLIC = [
    "Case", "Checking", "ClearwayError", "Comparing", "InputError", "Library", "Options", "Person", "Running", "Screening",
    "SolveError", "compare", "qualify", "screen", "simulate",
]  # fmt: skip


def test_public_names_are_frozen() -> None:
    """A name is added on purpose, with a line in the changelog; none is removed within a major version."""
    assert clearway.__all__ == PUBLIC
    for name in PUBLIC:
        assert getattr(clearway, name) is not None
    with pytest.raises(AttributeError, match="nonsense"):
        clearway.nonsense  # noqa: B018


def test_example_of_the_docstring() -> None:
    case = clearway.Case.load(EXAMPLE)
    answer = clearway.compare(case)
    assert "etamine exposure" in answer.sentences[0]
    assert clearway.simulate(case).to_dict()["format"] == "clearway.run/1"


def test_to_pandas_without_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    answer = clearway.compare(clearway.Case.load(EXAMPLE))
    with pytest.raises(clearway.InputError, match="needs pandas"):
        answer.to_pandas()


def _modules(code: str) -> set[str]:
    text = code + "\nimport sys; print(' '.join(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_import_is_light() -> None:
    assert not {"numpy", "pydantic", "rich", "typer"} & _modules("import clearway")


def test_compare_as_json_is_light() -> None:
    loaded = _modules(f"from clearway.cli import main; main(['compare', {str(EXAMPLE)!r}, '--json'])")
    assert not {"pandas", "matplotlib", "jinja2", "scipy"} & loaded
