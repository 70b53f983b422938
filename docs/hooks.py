"""What mkdocs is told beside its settings: files above docs/ as pages of the site, and equations as MathML.

Equations are written `$$ … \\tag{n} $$` and `$…$`, which GitHub shows as they stand. Here they become MathML while the site
is built, so that no script and no request is needed to read them.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from latex2mathml.converter import convert
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
PAGES = {"CHANGELOG.md": "changes.md", "CORRECTIONS.md": "corrections.md", "README.md": "glossary.md"}
"""Documents above docs/ and the pages that they become; of the README only the glossary."""
OUTSIDE = re.compile(r"\]\(\.\./([^)#\s]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: Any) -> Files:
    """Pages made of documents above docs/, and the files above it that a page links."""
    for source, page in PAGES.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        if source == "README.md":
            text = "# Glossary\n" + text.split("## Glossary\n", 1)[1].split("\n## ")[0]
        files.append(File.generated(config, page, content=text.replace("](docs/", "](")))
    linked = {m[1] for f in files.documentation_pages() for m in OUTSIDE.finditer(f.content_string)} - set(PAGES)
    for path in sorted(linked):
        files.append(File.generated(config, f"files/{Path(path).name}", content=(ROOT / path).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Links to what lies above docs/ go to its place in the site."""

    def place(m: re.Match[str]) -> str:
        if m[1] == "README.md":
            return f"]({PAGES[m[1]]})"
        return f"]({PAGES.get(m[1], f'files/{Path(m[1]).name}')}{m[2] or ''})"

    return OUTSIDE.sub(place, markdown)


def on_page_content(content: str, page: Any, config: Any, files: Files) -> str:
    """Equations as MathML; `eq. 7` and `eqs. 7` link the equation of the same page."""
    content = re.sub(r'<div class="arithmatex">\\\[(.*?)\\\]</div>', _display, content, flags=re.S)
    content = re.sub(r'<span class="arithmatex">\\\((.*?)\\\)</span>', _inline, content, flags=re.S)
    return re.sub(r"\beqs?\. (\d+)", lambda m: f'<a href="#eq-{m[1]}">{m[0]}</a>' if f'id="eq-{m[1]}"' in content else m[0], content)


def _display(m: re.Match[str]) -> str:
    latex = html.unescape(m[1]).strip()
    number = re.search(r"\\tag\{(\d+)\}", latex)
    maths = mathml(latex.replace(number[0], "") if number else latex, "block")
    if not number:
        return f'<div class="equation"><div>{maths}</div></div>'
    return f'<div class="equation" id="eq-{number[1]}"><div>{maths}</div><a class="number" href="#eq-{number[1]}">({number[1]})</a></div>'


def _inline(m: re.Match[str]) -> str:
    return mathml(html.unescape(m[1]), "inline")


def mathml(latex: str, display: str) -> str:
    """LaTeX as MathML that browsers show as print does: limits of max and min below them, a thin space after a logarithm."""
    tree = ElementTree.fromstring(convert(latex.replace("{aligned}", "{align*}"), display=display))
    for node in tree.iter():
        node.tag = node.tag.removeprefix("{http://www.w3.org/1998/Math/MathML}")
        if display == "block" and node.tag == "msub" and node[0].text in ("max", "min"):
            node.tag = "munder"
        for i, inner in reversed(list(enumerate(node))[:-1]):
            named = (inner.text if len(inner) == 0 else inner[0].text) in ("ln", "log")
            if named and node.tag not in ("msub", "msup") and node[i + 1].text not in ("(", ")"):
                node.insert(i + 1, ElementTree.Element("mspace", width="0.17em"))
    return ElementTree.tostring(tree, encoding="unicode")
