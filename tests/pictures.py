"""The figures that docs/figures.md shows, drawn by the blocks of that page.

`python tests/pictures.py` writes them into docs/images anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from documents import ROOT, blocks, difference, folder, run_python, write_file

PAGE = ROOT / "docs" / "figures.md"
IMAGES = ROOT / "docs" / "images"
SVG = "{http://www.w3.org/2000/svg}"
NEAR = 1.5
"""Points."""

PAIR = re.compile(r"(-?\d+\.?\d*(?:e-?\d+)?) (-?\d+\.?\d*(?:e-?\d+)?)")


def shown() -> list[str]:
    """Names of the figures on the page."""
    return re.findall(r"\]\(images/(\S+)\)", PAGE.read_text(encoding="utf-8"))


def drawn() -> dict[str, bytes]:
    """What the page's blocks write today, by name."""
    with folder() as name:
        where = Path(name)
        for b in blocks(PAGE.read_text(encoding="utf-8")):
            if b.kind == "yaml":
                write_file(b.body, where)
            elif b.kind == "python":
                run_python(b.body, where)
        return {path.name: path.read_bytes() for path in where.glob("figure-*.svg")}


@dataclass(frozen=True)
class Picture:
    """What can be seen: size, words in order, and the box (points) of every line and area."""

    size: tuple[str, str]
    words: list[str]
    boxes: list[tuple[float, float, float, float]]


def read(svg: bytes) -> Picture:
    root = ElementTree.fromstring(svg)
    words = ["".join(e.itertext()).strip() for e in root.iter(f"{SVG}text")]
    boxes = []
    for path in root.iter(f"{SVG}path"):
        points = [(float(x), float(y)) for x, y in PAIR.findall(path.get("d", ""))]
        if points:
            xs, ys = zip(*points, strict=True)
            boxes.append((min(xs), min(ys), max(xs), max(ys)))
    return Picture((root.get("width", ""), root.get("height", "")), words, boxes)


def differences(name: str, now: bytes) -> str:
    """How a figure differs from the one on the page; empty if it does not: the same words in the same order, numbers within 2 %, and
    every line and area within `NEAR` of where it was (runs on two processors differ in the last digits)."""
    old, new = read((IMAGES / name).read_bytes()), read(now)
    if old.size != new.size:
        return f"{name}: size {old.size} is now {new.size}"
    words = difference(" ".join(old.words), " ".join(new.words), within=0.02)
    if words:
        return f"{name}: {words}"
    if len(old.boxes) != len(new.boxes):
        return f"{name}: {len(old.boxes)} lines and areas are now {len(new.boxes)}"
    for a, b in zip(old.boxes, new.boxes, strict=True):
        if max(abs(x - y) for x, y in zip(a, b, strict=True)) > NEAR:
            return f"{name}: a line or area from {a} is now {b}"
    return ""


if __name__ == "__main__":
    for name, data in sorted(drawn().items()):
        (IMAGES / name).write_bytes(data)
        print(IMAGES / name)
