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
HERE = Path(__file__).parent
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
    css, script = _files("style.css", "charts.css", "print.css"), _files("script.js")
    return _fill(answer, "html", css=css, css_hash=_hash(css), script=script, script_hash=_hash(script))


def pdf(answer: Comparing | Running) -> bytes:
    """A4 pages, tagged. An answer gives the same bytes again on the same day."""
    css = _files("style.css", "print.css")
    palette = dict(_COLOUR.findall(css[: css.index("@media")]))
    charts = _VARIABLE.sub(lambda m: palette[m[1]], _files("charts.css"))
    # WeasyPrint applies no style of the page inside a drawing: each drawing carries its own
    return paper(_SVG.sub(rf"\1<style>{charts}</style>", _fill(answer, "pdf", css=css)))


def paper(text: str) -> bytes:
    """A page as PDF; whatever address it names is refused, on this machine too."""
    weasyprint = _need("weasyprint")

    class Nothing(weasyprint.urls.URLFetcher):  # type: ignore[misc, name-defined]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            raise ValueError("a report fetches nothing")

    return cast(bytes, weasyprint.HTML(string=text, url_fetcher=Nothing()).write_pdf(pdf_tags=True))


def _fill(answer: Comparing | Running, kind: Kind, **looks: str) -> str:
    """The template of the answer, filled; all text is escaped but drawings and what makes the page's looks."""
    jinja2, markup = _need("jinja2"), _need("markupsafe").Markup
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    name, context = ("compare.html", comparing.page(answer)) if isinstance(answer, Comparing) else ("run.html", running.page(answer))
    return cast(str, environment.get_template(name).render(kind=kind, **{k: markup(v) for k, v in looks.items()}, **context))


def _hash(text: str) -> str:
    """What a content security policy calls this style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _files(*names: str) -> str:
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


def _need(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        name = "WeasyPrint" if module == "weasyprint" else "Jinja2"
        raise InputError(f"--report needs {name}, which is not installed (pip install 'clearway[report]')") from None
    except OSError:
        text = "--report: WeasyPrint finds no Pango on this machine, with which it sets text (install it, or write FILE.html instead)"
        raise InputError(text) from None
