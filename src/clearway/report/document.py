"""An answer → one HTML file, or the same on paper as PDF. Neither asks anything of the network."""

from __future__ import annotations

import base64
import hashlib
import importlib
import re
from pathlib import Path
from typing import Any, Literal, cast

from clearway.answers import Comparing, Running
from clearway.errors import InputError, Problem
from clearway.report import comparing, running

Kind = Literal["html", "pdf"]
SUFFIXES: dict[str, Kind] = {".html": "html", ".htm": "html", ".pdf": "pdf"}
TEMPLATES = Path(__file__).parent / "templates"
_VARIABLE = re.compile(r"var\(--([\w-]+)\)")
_COLOUR = re.compile(r"--([\w-]+):\s*([^;]+);")
_SVG = re.compile(r"(<svg [^>]*>)")


def kind_of(path: Path) -> Kind:
    """The format that a file's name asks for. Raises InputError for any other, and where what makes it is not installed."""
    found = SUFFIXES.get(path.suffix.lower())
    if not found:
        text = f"--report: not a format of reports ({path.suffix or 'no suffix'!r}; let the name end in {', '.join(SUFFIXES)})"
        raise InputError(Problem(text, str(path)))
    _need("jinja2")
    if found == "pdf":
        _need("weasyprint")
    return found


def render(answer: Comparing | Running, kind: Kind) -> bytes:
    """The report as the content of a file. Raises InputError where Jinja2 or, for PDF, WeasyPrint is missing."""
    return pdf(answer) if kind == "pdf" else html(answer).encode()


def html(answer: Comparing | Running) -> str:
    """One page for a browser, light or dark; its script only reads what is on the page, which is complete without it."""
    return _page(answer, "html")


def pdf(answer: Comparing | Running) -> bytes:
    """A4 pages, tagged. An answer gives the same bytes again on the same day."""
    weasyprint = _need("weasyprint")

    class Nothing(weasyprint.urls.URLFetcher):  # type: ignore[misc, name-defined]
        """Refuses every address, of this machine too: a report holds all that it shows."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            raise ValueError("a report fetches nothing")

    made = weasyprint.HTML(string=_page(answer, "pdf"), url_fetcher=Nothing()).write_pdf(pdf_tags=True)
    return cast(bytes, made)


def _page(answer: Comparing | Running, kind: Kind) -> str:
    jinja2, markup = _need("jinja2"), _need("markupsafe").Markup
    loader = jinja2.FileSystemLoader(TEMPLATES)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    name, context = ("compare.html", comparing.page(answer)) if isinstance(answer, Comparing) else ("run.html", running.page(answer))
    css, script = "\n".join(_file(n) for n in ("style.css", "charts.css", "print.css")), _file("script.js")
    # WeasyPrint reads no style of the page inside a drawing: there, each drawing carries its own
    own = f"<style>{_light(_file('charts.css'), css)}</style>" if kind == "pdf" else ""
    text = environment.get_template(name).render(
        kind=kind, css=markup(css), css_hash=_hash(css), script=markup(script), script_hash=_hash(script), **context
    )
    return _SVG.sub(rf"\1{own}", text) if own else text


def _light(css: str, page: str) -> str:
    """A style sheet with the light palette put in for its variables."""
    palette = dict(_COLOUR.findall(page[: page.index("@media")]))
    return _VARIABLE.sub(lambda m: palette[m[1]].strip(), css)


def _hash(text: str) -> str:
    """What a content security policy calls this style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _file(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _need(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        name = "WeasyPrint" if module == "weasyprint" else "Jinja2"
        raise InputError(f"--report needs {name}, which is not installed (pip install 'clearway[report]')") from None
    except OSError:
        text = "--report: WeasyPrint finds no Pango on this machine, with which it sets text (install it, or write FILE.html instead)"
        raise InputError(text) from None
