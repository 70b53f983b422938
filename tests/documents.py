"""The examples that the documents show: found, run, compared and, on request, written anew.

A ```yaml block that begins with `# file: NAME` is written to that file, so that what follows can use it.
A ```console block holds one or more commands (`$ …`) with the output of each; a ```python block runs as it stands, and a
```text block right after it is what it prints. All blocks of one document run in order in one temporary folder that holds
`examples/`. A comment `<!-- output varies -->` before a block says that its output depends on the machine: it only has to run.

A block of another kind says in a comment above it how it is held against something: `<!-- part of FILE -->` (YAML that stands so
in a file of the repository), `<!-- a case -->` (YAML or JSON that is a case, or a part of one), `<!-- not run: why -->`. A ```sh
block of `make` commands names targets of the Makefile. Anything else fails.

`python tests/documents.py FILE …` puts today's output into the blocks.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
FILE = "# file: "
VARIES = "<!-- output varies -->\n"
PART, CASE, NOT_RUN = "part of ", "a case", "not run: "
NUMBER = re.compile(r"[-−+]?\d[\d,]*\.?\d*(?:[eE][-+]?\d+)?")
WIDTH = "100"


@dataclass
class Block:
    """One fenced block; `start` and `end` are the place of its body in the document."""

    kind: str
    body: str
    start: int
    end: int
    line: int
    varies: bool


def blocks(text: str) -> list[Block]:
    """The blocks that can be run, and the printed text of a Python block."""
    found: list[Block] = []
    before = -1
    for m in FENCE.finditer(text):
        kind = m[1]
        shown = kind == "text" and before >= 0 and not text[before : m.start()].strip()
        file = kind == "yaml" and m[2].startswith(FILE)
        if kind in ("console", "python") or shown or file:
            varies = text[: m.start()].endswith(VARIES)
            found.append(Block("printed" if shown else kind, m[2], m.start(2), m.end(2), text.count("\n", 0, m.start()) + 1, varies))
        before = m.end() if kind == "python" else -1
    return found


def unchecked(text: str) -> list[tuple[int, str]]:
    """(line, why) of each fenced block that nothing holds against the program."""
    found, before = [], -1
    run = {b.start for b in blocks(text)}
    for m in FENCE.finditer(text):
        said = re.search(r"<!-- (.*) -->\n$", text[: m.start()])
        why = "" if m.start(2) in run else _held(m[1], m[2], said[1] if said else "")
        if why:
            found.append((text.count("\n", 0, m.start()) + 1, why))
        before = m.end()
    rest = FENCE.sub("", text)
    if re.search(r"^\s*(```|~~~)", rest, re.M):
        found.append((text.count("\n", 0, before) + 1, "a fence that is indented, not closed, or has more than a kind"))
    return found


def _held(kind: str, body: str, said: str) -> str:
    """Why a block that is not run is wrong; empty if it is right."""
    if said.startswith(NOT_RUN):
        return "" if len(said) > len(NOT_RUN) else "no reason why it is not run"
    if kind == "sh" and (targets := re.findall(r"^make (\S+)", body, re.M)) and len(targets) == len(body.splitlines()):
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        return next((f"no target {t} in the Makefile" for t in targets if not re.search(rf"^{t}:", makefile, re.M)), "")
    if kind not in ("yaml", "json"):
        return f"a block of kind {kind!r} that nothing runs (see tests/documents.py)"
    data = _read(body)
    if said.startswith(PART):
        whole = _read((ROOT / said.removeprefix(PART)).read_text(encoding="utf-8"))
        return "" if _within(data, whole) else f"not as in {said.removeprefix(PART)}"
    return _case(data) if said == CASE else f"{kind} that is neither a file, nor {CASE!r}, nor {PART!r} a file"


def _read(text: str) -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe").load(text)  # JSON is YAML


def _within(part: Any, whole: Any) -> bool:
    """True if `part` stands somewhere in `whole`: the same numbers and words at the same names; a text may be cut short by …"""
    return _same(part, whole) or any(_within(part, inner) for inner in (whole.values() if isinstance(whole, dict) else whole or ()
                                     if isinstance(whole, list) else ()))  # fmt: skip


def _same(part: Any, whole: Any) -> bool:
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(k in whole and _same(v, whole[k]) for k, v in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return all(any(_same(p, w) for w in whole) for p in part)
    if isinstance(part, str) and "…" in part:
        return isinstance(whole, str)
    return bool(part == whole)


def _case(data: Any) -> str:
    """What is wrong with a case, or with a part of one put into an example."""
    from clearway.errors import InputError
    from clearway.regimen import Case

    whole = data.get("case", data)
    if "format" not in whole:  # fields beside those of an example
        example = _read((ROOT / "examples" / "methadone-efavirenz.yaml").read_text(encoding="utf-8"))
        smoker = {"drug": "cigarette", "dose": "1 cigarette", "route": "inhaled", "every": "4 h", "count": 5}
        whole = {**example, "person": {}, "regimen": [*example["regimen"], smoker], **whole}
    with folder() as name:
        target = Path(name) / "case.yaml"
        target.write_text(json.dumps(whole), encoding="utf-8")
        try:
            Case.load(target)
        except InputError as error:
            return str(error)
    return ""


def folder() -> tempfile.TemporaryDirectory[str]:
    """A temporary folder with the examples."""
    made = tempfile.TemporaryDirectory(prefix="clearway-docs-")
    shutil.copytree(ROOT / "examples", Path(made.name) / "examples")
    return made


def _environment() -> dict[str, str]:
    """That of a terminal of a certain width in which `clearway` is known."""
    here = str(Path(sys.executable).parent)
    env = {**os.environ, "PATH": f"{here}{os.pathsep}{os.environ['PATH']}", "COLUMNS": WIDTH, "NO_COLOR": "1", "PYTHONUTF8": "1"}
    env.pop("FORCE_COLOR", None)
    return env


def shell(command: str, where: Path) -> str:
    """What a command prints, stderr included, as in a terminal. A failing exit code is part of what is shown."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(["bash", "-c", command], cwd=where, env=_environment(), text=True, timeout=300, **streams)  # type: ignore[call-overload]
    return "\n".join(line.rstrip() for line in done.stdout.rstrip().splitlines()) + "\n" if done.stdout.strip() else ""


def commands(body: str) -> list[tuple[str, str]]:
    """(command, shown output) of a console block; `echo $?` asks for the exit code of the command before it."""
    found: list[tuple[str, str]] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], ""))
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + line + "\n")
    return found


def run_console(body: str, where: Path) -> str:
    """The block as it would look now."""
    out, last = "", ""
    for command, _ in commands(body):
        said = shell(f"({last}) >/dev/null 2>&1; {command}" if "$?" in command and last else command, where)
        last = command
        out += f"$ {command}\n{said}"
    return out


def write_file(body: str, where: Path) -> None:
    """A file that a document shows, under the name in its first line."""
    target = where / body.split("\n", 1)[0].removeprefix(FILE).strip()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(body, encoding="utf-8")


def run_python(body: str, where: Path) -> str:
    script = where / "_block.py"
    script.write_text(body, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], cwd=where, env=_environment(), text=True, capture_output=True, timeout=300
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    return done.stdout


def difference(shown: str, now: str, within: float = 0.10) -> str:
    """Empty if both say the same: equal words in equal order, numbers within `within` or half a last digit or two."""
    old, new = _tokens(shown), _tokens(now)
    for i, (a, b) in enumerate(zip(old, new, strict=False)):
        if a != b and not _close(a, b, within):
            return f"shown: … {' '.join(old[max(i - 6, 0) : i + 6])} …\nnow:   … {' '.join(new[max(i - 6, 0) : i + 6])} …"
    if len(old) != len(new):
        rest = (old if len(old) > len(new) else new)[min(len(old), len(new)) :]
        return f"{'shown' if len(old) > len(new) else 'now'} goes on with: {' '.join(rest[:12])} …"
    return ""


def _tokens(text: str) -> list[str]:
    """Words and numbers; rules of tables and the breaks of lines say nothing."""
    plain = re.sub(r"[─━┄|]|-{3,}:?", " ", text)
    return [t for word in plain.split() for t in re.findall(rf"{NUMBER.pattern}|[^\d]+", word)]


def _close(a: str, b: str, within: float) -> bool:
    if not (NUMBER.fullmatch(a) and NUMBER.fullmatch(b)):
        return False
    x, y = (float(t.replace(",", "").replace("−", "-")) for t in (a, b))
    digit = 1.5 * 10.0 ** -max(len(t.partition(".")[2]) for t in (a, b))
    return abs(x - y) <= max(within * max(abs(x), abs(y)), digit)


def rewrite(path: Path) -> bool:
    """Put today's output into a document; True if it changed."""
    text = path.read_text(encoding="utf-8")
    parts, at, printed = [], 0, ""
    with folder() as name:
        where = Path(name)
        for b in blocks(text):
            body = b.body
            if b.kind == "yaml":
                write_file(b.body, where)
            elif b.kind == "console":
                body = run_console(b.body, where)
            elif b.kind == "python":
                printed = run_python(b.body, where)
            else:
                body = printed
            parts += [text[at : b.start], body]
            at = b.end
    new = "".join([*parts, text[at:]])
    path.write_text(new, encoding="utf-8")
    return new != text


if __name__ == "__main__":
    for one in [Path(p) for p in sys.argv[1:]] or DOCUMENTS:
        print("rewritten" if rewrite(one) else "same     ", one)
