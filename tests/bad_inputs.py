"""Runs the files of tests/bad; `python tests/bad_inputs.py` prints what each says, for expected.yaml."""

from __future__ import annotations

from pathlib import Path

from clearway.errors import InputError, Problem
from clearway.library import Library, checks
from clearway.library.document import read_document
from clearway.library.loader import load_compound
from clearway.regimen import Case

BAD = Path(__file__).parent / "bad"


def messages(path: Path, library: Library) -> list[str]:
    """Everything wrong with one file, with the folder left out."""
    try:
        if path.name.startswith("case-"):
            Case.load(path, library)
            return []
        found = _compound(path, library)
    except InputError as error:
        found = error.problems
    return [str(p).replace(f"{path.parent}/", "") for p in found]


def _compound(path: Path, library: Library) -> list[Problem]:
    document = read_document(path)
    compound, problems = load_compound(document)
    if compound is not None:
        named = checks.check_names(compound, references=library.references, enzymes=library.enzymes, compounds=library.compounds)
        problems += [document.problem(where, text) for where, text in named]
    return problems


if __name__ == "__main__":
    library = Library.load()
    for path in sorted(BAD.glob("c*.yaml")):
        said = messages(path, library)
        print(f"{path.name}: |-\n  " + "\n  ".join(said or ["NOTHING"]))
