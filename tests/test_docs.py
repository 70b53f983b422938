"""What the README and the documents show is what the program does.

Every ```console and ```python block runs; shown numbers may differ by 10 % (an answer that moves by more must be shown
again: `python tests/documents.py`). docs/accuracy.md must be what `python -m clearway.qualification.page` writes, every
number within 1 %. Links between documents resolve.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import pictures
from documents import DOCUMENTS, ROOT, VARIES, Block, blocks, commands, difference, folder, run_console, run_python, unchecked, write_file

GENERATED = ROOT / "docs" / "accuracy.md"
WRITTEN = [p for p in DOCUMENTS if p != GENERATED]
OPTIONAL = ("duckdb", "pandas", "pyarrow")
"""What an example may import beside Clearway; the test extra has it."""
AGAIN = "if the new output is right, write it into the document: python tests/documents.py {}"


@pytest.mark.parametrize("path", WRITTEN, ids=lambda p: str(p.relative_to(ROOT)))
def test_examples_run_and_show_what_they_print(path: Path) -> None:
    found = blocks(path.read_text(encoding="utf-8"))
    if not found:
        pytest.skip("no examples")
    for name in OPTIONAL:
        if any(re.search(rf"^import {name}\b", b.body, re.M) for b in found):
            pytest.importorskip(name, reason=f"its examples use {name}, which is not installed")
    printed = ""
    with folder() as name:
        for b in found:
            if b.kind == "yaml":
                write_file(b.body, Path(name))
                continue
            if b.kind == "console":
                now = run_console(b.body, Path(name))
            elif b.kind == "python":
                printed = now = run_python(b.body, Path(name))
                continue
            else:
                now = printed
            _compare(path, b, now)
        if path == pictures.PAGE:
            drawn = {file: (Path(name) / file).read_bytes() for file in pictures.shown()}
            parted = [told for file, svg in drawn.items() if (told := pictures.differences(file, svg))]
            assert not parted, "\n".join([*parted, "if the new figures are right: python tests/pictures.py"])


def _compare(path: Path, b: Block, now: str) -> None:
    where = f"{path.relative_to(ROOT)}:{b.line}"
    if b.kind == "console":
        assert "Traceback" not in now, f"{where}\n{now}"
    if b.varies:
        return
    gap = difference(b.body, now)
    assert not gap, f"{where}\n{gap}\n{AGAIN.format(path.relative_to(ROOT))}"


@pytest.mark.parametrize("path", WRITTEN, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_block_is_held_against_something(path: Path) -> None:
    """Run, part of a file that exists, a case that can be read, or said not to be run, and why."""
    found = unchecked(path.read_text(encoding="utf-8"))
    assert not found, "\n".join(f"{path.relative_to(ROOT)}:{line}: {why}" for line, why in found)


def test_a_block_that_nothing_checks_is_found() -> None:
    assert "nothing runs" in unchecked("```r\nx\n```\n")[0][1]
    assert unchecked("<!-- not run: needs R -->\n```r\nx\n```\n") == []
    assert "no target" in unchecked("```sh\nmake coffee\n```\n")[0][1]
    part = "<!-- part of src/clearway/library/data/compounds/sedative/lorazepam.yaml -->\n```yaml\nmolecule:\n  logp: {}\n```\n"
    assert unchecked(part.format(2.4)) == []
    assert "not as in" in unchecked(part.format(2.5))[0][1]
    assert "out of range" in unchecked("<!-- a case -->\n```yaml\nperson: {weight: 730 kg}\n```\n")[0][1]
    assert "indented" in unchecked("- a\n\n  ```sh\n  x\n  ```\n")[0][1]


def test_figures_of_the_home_page() -> None:
    """The sentence on accuracy in docs/index.md holds the numbers of docs/accuracy.md."""
    page, text = GENERATED.read_text("utf-8"), (ROOT / "docs" / "index.md").read_text("utf-8")

    def row(name: str) -> list[str]:
        return [c.strip() for c in re.search(rf"^\| {re.escape(name)}.*$", page, re.M)[0].split("|")[2:-1]]  # type: ignore[index]

    said = " ".join(text.split("## How often it is right")[1].split("##")[0].split())
    head, ours, peer = row("**headline**"), row("arms with a peer's prediction: Clearway"), row("the same arms: the peer")
    assert f"Over {head[0]} arms" in said and f"a factor of {head[2]}" in said and f"and {head[10]} point the wrong way" in said
    assert f"{head[5]} lie within 1.5-fold and {head[6]} within 2-fold" in said
    assert f"On the {ours[0]} arms" in said and f"error is {ours[2]} and the suite's {peer[2]}" in said


def test_json_api_is_documented() -> None:
    """docs/json-api.md names every request of the server, every status of a refusal, and the limits that it has."""
    pytest.importorskip("fastapi", reason="the server needs FastAPI")
    from clearway.library import Library
    from clearway.web import create_app, limits

    text = (ROOT / "docs" / "json-api.md").read_text(encoding="utf-8")
    server = create_app(Library())
    paths = server.app.openapi()["paths"]  # type: ignore[attr-defined]
    for path, methods in paths.items():
        for method, said in methods.items():
            assert f"`{method.upper()} {path}`" in text, f"{method} {path} is not in docs/json-api.md"
            assert all(f"| {code} |" in text for code in said["responses"] if code != "200"), path
    assert set(re.findall(r"`(?:GET|POST) (/api/[\w/{}]+)`", text)) == set(paths)
    for number in (limits.MAX_BYTES, limits.MAX_DEPTH, limits.MAX_ENTRIES, limits.MAX_DRUGS, limits.MAX_DOSES, limits.MAX_DAYS,
                   limits.MAX_SUBJECTS, limits.BODY_SECONDS, limits.WORK_SECONDS, limits.AT_ONCE, limits.WAITING):  # fmt: skip
        assert re.search(rf"\b{number:,.0f}\b", text.split("## Refusals")[1]), number


def test_every_command_is_documented() -> None:
    """docs/command-line.md shows each command of the program with its output."""
    from clearway.cli.app import COMMANDS, _exists

    shown = [c for b in blocks((ROOT / "docs" / "command-line.md").read_text("utf-8")) if b.kind == "console" for c, _ in commands(b.body)]
    for name in filter(_exists, COMMANDS):
        assert any(re.match(rf"clearway {name}\b", c) for c in shown), f"clearway {name} is not shown in docs/command-line.md"


def test_accuracy_page_is_current() -> None:
    """A change of any ratio by more than 1 % shows in the page's history (design, section 7)."""
    pytest.importorskip("matplotlib")
    from clearway.qualification.page import collect, page

    gap = difference(GENERATED.read_text(encoding="utf-8"), page(collect()), within=0.01)
    assert not gap, f"docs/accuracy.md is out of date; run python -m clearway.qualification.page\n{gap}"


def test_notes_name_existing_arms() -> None:
    """A reason for a misfit that names no arm would be lost unseen."""
    from clearway.library.document import read_document
    from clearway.qualification.page import MEASURES, NOTES
    from clearway.qualification.runner import STUDIES

    files = [p.read_text(encoding="utf-8") for p in STUDIES.rglob("*.yaml")]
    ids = {m[1] for t in files if (m := re.search(r"^id: (\S+)", t, re.M))}
    pairs = {m[1].strip("'\" ") for t in files if (m := re.search(r"^pair: (.+)$", t, re.M))}
    data = read_document(NOTES).data
    for note in [*data["misfits"], *data["not_independent"]]:
        assert note["because"].strip()
        assert set(note.get("arms") or []) <= ids, note["title"]
        assert set(note.get("pairs") or []) & pairs or "pairs" not in note, note["title"]
        assert "measure" not in note or note["measure"] in MEASURES


def test_links_resolve() -> None:
    """Relative links and pictures of the documents point to files that exist."""
    others = [ROOT / "CHANGELOG.md", ROOT / "CORRECTIONS.md"]
    for path in [*DOCUMENTS, *others]:
        text = re.sub(r"```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.S | re.M)
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
            if not re.match(r"[a-z]+:", target):
                assert (path.parent / target).exists(), f"{path.relative_to(ROOT)} → {target}"


def test_symbols_of_the_model_page_exist() -> None:
    """Each file that docs/model.md names exists, and each function is defined in a file named in the same line or paragraph."""
    source = ROOT / "src" / "clearway"
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    for part in [p for para in text.split("\n\n") for p in (para.splitlines() if para.startswith("|") else [para])]:
        names = re.findall(r"`((?:[\w.]+/)*[\w.]+\.(?:py|hpp|yaml))`", part)
        files = [source / n for n in names]
        for file in files:
            assert file.exists(), file
        code = "\n".join(f.read_text(encoding="utf-8") for f in files)
        called = re.findall(r"[(|,;] ?\n?`([A-Za-z_.]+)`(?=[,)| :\n])", part) if files else []
        for name in (c.rsplit(".", 1)[-1] for c in called if not c.endswith((".py", ".hpp", ".yaml"))):
            assert re.search(rf"\b{re.escape(name)}\b", code), f"{name} is not in {names}"


def test_no_machine_paths() -> None:
    """Documents never show a path of the machine they were written on."""
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(tmp|home|root|work)/", text), path


def test_comparison_of_outputs() -> None:
    """Numbers within the limit or a last digit; words exactly; rules and line breaks ignored."""
    assert difference("AUC 0.58 (0.48–0.68)\n──", "AUC 0.57\n(0.49–0.68)") == ""
    assert difference("AUC 0.58", "AUC 0.80")
    assert difference("CYP2B6 induction", "CYP3A4 induction")
    assert difference("a b", "a b c")
    assert difference("| 0.053 |", "| 0.05 |", within=0.01)
    assert difference("1,230", "1,225", within=0.01) == ""
    assert VARIES.endswith("\n")
