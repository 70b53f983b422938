"""What every import gives: a case document, and an account of what became of each thing that was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clearway.errors import InputError, Problem
from clearway.library import Library
from clearway.library.document import parse_document
from clearway.regimen.case import read_case
from clearway.regimen.writing import dump


@dataclass(frozen=True)
class Imported:
    """`case_document` is a checked `clearway.case/1`. `matched` and `unmatched` are sentences, one a drug or statement, the second
    with the reason and what to do; `notes` say what was assumed and what was left behind."""

    case_document: dict[str, Any]
    matched: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_yaml(self) -> str:
        """The case file, with the account on top as comments."""
        said = [*self.matched, *(f"NOT TAKEN OVER: {line}" for line in self.unmatched), *self.notes]
        return dump(self.case_document, "\n".join(said))


def check(document: dict[str, Any], library: Library, what: str) -> None:
    """The document must read as a case. Raises `InputError` that says what of `what` (its name) does not go together."""
    try:
        read_case(parse_document(dump(document), what), library)
    except InputError as error:
        problems = [Problem(f"makes no valid case ({p.path}: {p.message})", what) for p in error.problems]
        raise InputError(problems) from None


def read_text(path: Path, most: int, kind: str) -> str:
    """A text file of at most `most` bytes. Raises `InputError` for what is missing, too big, or not UTF-8 text."""
    name = str(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(most + 1)
        if len(raw) > most:
            raise InputError(Problem(f"too big (at most {most // 1_000_000} MB)", name))
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise InputError(Problem(f"cannot be read ({error.strerror}; give the path of {kind})", name)) from None
    except UnicodeDecodeError:
        raise InputError(Problem("is not UTF-8 text (save it as UTF-8)", name)) from None
    if "\0" in text:
        raise InputError(Problem(f"is a binary file ({kind} is needed)", name))
    return text
