"""Every file of tests/bad has one defect and one line that says it, word for word (tests/bad/expected.yaml).

After a wanted change of a message: `python tests/bad_inputs.py > tests/bad/expected.yaml`, and read the difference.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bad_inputs import BAD, messages
from clearway.cli import main
from clearway.cli.common import write_whole
from clearway.errors import InputError
from clearway.library import Library
from clearway.library.document import read_document

FILES = sorted(p.name for p in BAD.glob("c*.yaml"))


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load()


@pytest.fixture(scope="module")
def expected() -> dict[str, str]:
    data: dict[str, str] = read_document(BAD / "expected.yaml").data
    return data


def test_every_file_has_an_expectation(expected: dict[str, str]) -> None:
    assert sorted(expected) == FILES


@pytest.mark.parametrize("name", FILES)
def test_message(name: str, library: Library, expected: dict[str, str]) -> None:
    said = messages(BAD / name, library)
    assert said == [expected[name].strip()], "one defect, one line"


def test_huge_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as stream:
        stream.truncate(100_000_000)  # sparse: no disk is used
    with pytest.raises(InputError, match=r"huge\.yaml: too big \(at most 1000 kB"):
        read_document(huge)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_document(tmp_path / "none.yaml")
    with pytest.raises(InputError, match="is a folder"):
        read_document(tmp_path)


def test_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import os

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    target = tmp_path / "case.yaml"
    assert main(["new", str(target)]) == 2
    assert list(tmp_path.iterdir()) == []
    assert "No space left on device; nothing was written" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="a device that is always full exists on Linux only")
def test_a_device_is_written_to_and_not_replaced() -> None:
    """As root a replaced /dev/full or /dev/null would be gone for everybody."""
    with pytest.raises(InputError, match="No space left on device"):
        write_whole(Path("/dev/full"), "text")
    assert Path("/dev/full").is_char_device()
