"""The examples that the documents show: found, run, compared and, on request, written anew.

A ```yaml block that begins with `# file: NAME` is written to that file, so that what follows can use it.
A ```console block holds one or more commands (`$ …`) with the output of each; a ```python block runs as it stands, and a
```text block right after it is what it prints. All blocks of one document run in order in one temporary folder that holds
`examples/`. A comment `<!-- output varies -->` before a block says that its output depends on the machine: it only has to run.

`python tests/documents.py FILE …` puts today's output into the blocks.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
FILE = "# file: "
VARIES = "<!-- output varies -->\n"
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


def folder() -> tempfile.TemporaryDirectory[str]:
    """A temporary folder with the examples."""
    made = tempfile.TemporaryDirectory(prefix="clearway-docs-")
    shutil.copytree(ROOT / "examples", Path(made.name) / "examples")
    return made


def shell(command: str, where: Path) -> str:
    """What a command prints, stderr included, as in a terminal. A failing exit code is part of what is shown."""
    here = str(Path(sys.executable).parent)
    env = {**os.environ, "PATH": f"{here}{os.pathsep}{os.environ['PATH']}", "COLUMNS": WIDTH, "NO_COLOR": "1", "PYTHONUTF8": "1"}
    env.pop("FORCE_COLOR", None)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(["bash", "-c", command], cwd=where, env=env, text=True, timeout=300, **streams)  # type: ignore[call-overload]
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
        [sys.executable, str(script)], cwd=where, env={**os.environ, "COLUMNS": WIDTH}, text=True, capture_output=True, timeout=300
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
