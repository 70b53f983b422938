"""The documents as a site: it builds without a warning, is whole, reads without the net, and its equations are MathML."""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag

import pytest

from documents import ROOT

NEEDED = ("mkdocs", "material", "mkdocstrings", "latex2mathml")
CHROMIUM = shutil.which("chromium")
LOADS = re.compile(r"<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\s(?:src|data)=\"([^\"]*)\"|<link\b[^>]*>", re.S)
PASSIVE = ('rel="canonical"', 'rel="next"', 'rel="prev"')
"""Links of a page's head that say where something is and load nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site. `--strict` refuses a broken link, an anchor that does not exist and a page that the navigation leaves out."""
    for name in NEEDED:
        pytest.importorskip(name, reason=f"the site needs {name} (pip install 'clearway[docs]')")
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(out)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, text=True, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr[-4000:]
    return out


def pages(site: Path) -> list[Path]:
    return sorted(p for p in site.rglob("*.html") if p.name != "404.html")


def test_every_document_is_a_page(site: Path) -> None:
    names = {p.relative_to(site).with_suffix("").as_posix() for p in pages(site)}
    written = {p.stem for p in (ROOT / "docs").glob("*.md")}
    assert written | {"changes", "corrections", "glossary"} <= names
    assert not (site / "hooks.py").exists()


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    """Scripts, styles, pictures and what styles import are files of the site; only links that a reader follows lead away."""
    for page in pages(site):
        text = page.read_text(encoding="utf-8")
        for found in LOADS.finditer(text):
            target = found[1] if found[1] is not None else _href(found[0])
            assert not re.match(r"(?:[a-z]+:)?//", target), f"{page.name} loads {target}"
            assert target.startswith("data:") or (page.parent / target.split("?")[0]).resolve().exists(), f"{page.name}: no {target}"
    for style in site.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", style.read_text(encoding="utf-8")), style


def _href(link: str) -> str:
    if any(kind in link for kind in PASSIVE):
        return "data:"
    return re.search(r'href="([^"]*)"', link)[1]  # type: ignore[index]


def test_links_between_pages_lead_somewhere(site: Path) -> None:
    """Also those that the build cannot see: equations, and the documents above docs/."""
    texts = {p: p.read_text(encoding="utf-8") for p in pages(site)}
    ids = {p: set(re.findall(r'\sid="([^"]+)"', t)) for p, t in texts.items()}
    for page, text in texts.items():
        for target in re.findall(r'<a\b[^>]*\shref="([^"]+)"', text):
            if re.match(r"[a-z]+:", target):
                continue
            path, anchor = urldefrag(target)
            place = (page.parent / path).resolve() if path else page
            place = place / "index.html" if place.is_dir() else place
            assert place.exists(), f"{page.name} → {target}"
            assert not anchor or place not in ids or anchor in ids[place] or anchor == "__skip", f"{page.name} → {target}"


def test_equations_are_numbered_mathml(site: Path) -> None:
    text = (site / "model.html").read_text(encoding="utf-8")
    numbers = [int(n) for n in re.findall(r'class="equation" id="eq-(\d+)"', text)]
    source = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    assert numbers == list(range(1, source.count("$$") // 2 + 1))
    assert text.count("<math") > 200
    for page in pages(site):
        shown = re.sub(r"<(pre|code|script)\b.*?</\1>", "", page.read_text(encoding="utf-8"), flags=re.S)
        assert not re.search(r"\\\(|\\\[|\\frac|\$\$|merror|arithmatex", shown), page.name
    sqrt = re.search(r'id="eq-1".*?</math>', text, re.S)[0]  # type: ignore[index]
    assert sqrt.count("<msqrt>") == 2


def test_python_page_has_every_public_name(site: Path) -> None:
    import clearway

    text = (site / "api.html").read_text(encoding="utf-8")
    for name in clearway.__all__:
        assert re.search(rf'<h3 id="clearway\.[\w.]*{name}"|id="clearway\.{name}"', text), name


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt install chromium)")
def test_in_a_browser(served: str) -> None:
    """No request leaves, no error is logged, nothing is wider than a telephone, the search finds a page."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright")
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="dark")
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda r: asked.append(r.url))
        page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
        for name in ("index", "model", "tutorial", "api", "accuracy"):
            page.goto(f"{served}{name}.html")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is wider than the screen"
        page.goto(f"{served}index.html#__search")
        page.locator("[data-md-toggle=search]").evaluate("box => box.checked || box.click()")
        page.locator("[data-md-component=search-query]").fill("messenger")
        page.locator(".md-search-result__item").first.wait_for(timeout=10_000)
        browser.close()
    assert asked and all(url.startswith((served, "data:", "blob:")) for url in asked)
    assert said == []
