"""The page in a real Chromium, as a new user would use it. Needs Debian's chromium; skipped with a reason where it is missing."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from clearway.library import Library
from clearway.library.document import read_document
from clearway.regimen import Case
from clearway.web.app import PAGE
from web_server import ROOT, Server, running

playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright (pip install playwright)")
CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt install chromium)")

QUIET = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
MOST_SCRIPT = 300 * 1024
"""Bytes of JavaScript, gzipped, that the page may have."""

VIEWS = ("case", "matrix", "compounds", "compounds/methadone-r", "accuracy", "accuracy/L043", "cohort")
SERIOUS = ("serious", "critical")
PATIENCE = 60_000


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Seen:
    """A page with everything that it asked for and complained of."""

    def __init__(self, chromium: Any, server: Server, view: str = "case", width: int = 1440, **context: Any) -> None:
        self.context = chromium.new_context(viewport={"width": width, "height": 900}, accept_downloads=True, **context)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.goto(f"{server.address}/#/{view}")

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def add(self, name: str) -> None:
        box = self.page.get_by_role("combobox", name="Add a drug")
        box.fill(name)
        self.page.get_by_role("option").first.wait_for()
        box.press("Enter")

    def open(self, path: Path) -> None:
        self.page.get_by_label("Case file").set_input_files(path)

    def simulate(self) -> str:
        """Press the button; the answer's text once everything has come."""
        self.page.get_by_role("button", name="Simulate").click()
        self.page.get_by_role("heading", name="What is unknown").wait_for()
        self.page.get_by_role("button", name="Simulate").wait_for()
        return str(self.page.get_by_role("region", name="Answer").inner_text())

    def wide(self) -> int:
        """Pixels by which the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def test_from_an_empty_page_to_the_answer_in_three_moves(chromium: Any, server: Server) -> None:
    with Seen(chromium, server) as seen:
        seen.add("methadone")  # 1
        seen.add("efavirenz")  # 2
        answer = seen.simulate()  # 3
        said = r"Methadone exposure falls to 0\.\d\d \(0\.\d\d–0\.\d\d\) of its value without efavirenz, because of CYP2B6"
        assert re.search(said, answer)
        assert "methadone" not in seen.page.url and "efavirenz" not in seen.page.url
        kept = seen.page.evaluate("JSON.stringify({...localStorage, ...sessionStorage}) + document.cookie")
        assert "methadone" not in kept.lower()
        assert {urlsplit(r).netloc for r in seen.requests} == {f"127.0.0.1:{server.port}"}
        assert not any("methadone" in r or "efavirenz" in r for r in seen.requests)
        assert seen.complaints == []


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_stays_at_home(chromium: Any, server: Server, view: str) -> None:
    with Seen(chromium, server, view) as seen:
        seen.page.locator("main h1, main h2").first.wait_for()
        seen.page.wait_for_load_state("networkidle")
        assert {urlsplit(r).netloc for r in seen.requests} == {f"127.0.0.1:{server.port}"}
        assert seen.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_accessible_and_within_the_window(chromium: Any, server: Server, scheme: str, width: int) -> None:
    """axe without serious findings, nothing to scroll sideways: all views, and the case with its answer."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def check(seen: Seen, name: str) -> None:
        assert seen.wide() <= 0, (name, width)
        found = [f for f in axe.run(seen.page).response["violations"] if f["impact"] in SERIOUS]
        told = [(f["id"], [n["target"] for n in f["nodes"]][:3]) for f in found]
        assert told == [], (name, scheme, width)

    with Seen(chromium, server, "case", width, color_scheme=scheme, reduced_motion="reduce") as seen:
        seen.page.get_by_role("combobox", name="Add a drug").wait_for()
        check(seen, "empty case")
        seen.open(ROOT / "examples" / "twelve-drugs.yaml")
        seen.page.get_by_role("gridcell").first.wait_for()
        seen.simulate()
        check(seen, "twelve drugs with their answer")
    for view in VIEWS[1:]:
        with Seen(chromium, server, view, width, color_scheme=scheme, reduced_motion="reduce") as seen:
            seen.page.locator("main h1, main h2").first.wait_for()
            seen.page.wait_for_load_state("networkidle")
            check(seen, view)


def test_twelve_drugs_are_all_there(chromium: Any, server: Server) -> None:
    antiretrovirals = {"Darunavir", "Cobicistat", "Emtricitabine"}
    names = antiretrovirals | {"Methadone", "Ketamine", "Alcohol", "Alprazolam", "Sertraline", "Bupropion", "Cocaine", "THC", "Nicotine"}
    with Seen(chromium, server) as seen:
        seen.open(ROOT / "examples" / "twelve-drugs.yaml")
        seen.page.get_by_role("gridcell").first.wait_for()
        pairs = seen.page.get_by_role("grid", name="Pairs").inner_text()
        assert [n for n in names if n not in pairs] == []
        answer = seen.simulate()
        assert "Alprazolam exposure rises to" in answer
        cut = seen.page.evaluate(
            """() => [...document.querySelectorAll('main *')].filter(e => e.children.length === 0 && e.textContent.trim()
                 && getComputedStyle(e).overflowX === 'hidden' && getComputedStyle(e).position !== 'absolute'
                 && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0).map(e => e.textContent)"""
        )
        assert cut == []


def test_a_case_is_saved_as_the_command_line_reads_it_and_opened_again(chromium: Any, server: Server, tmp_path: Path) -> None:
    with Seen(chromium, server) as seen:
        seen.add("methadone")
        seen.add("efavirenz")
        with seen.page.expect_download() as coming:
            seen.page.get_by_role("button", name="Save").click()
        path = tmp_path / "saved.yaml"
        coming.value.save_as(path)
        case = Case.load(path, Library.load())
        assert ([e.product for e in case.regimen.entries], [e.product for e in case.compare.entries]) == (["methadone"], ["efavirenz"])
        assert [s.product for s in case.steady_state] == ["methadone"]
    with Seen(chromium, server) as seen:
        seen.open(path)
        assert "Methadone exposure falls" in seen.simulate()


def _saved(seen: Seen, tmp_path: Path) -> dict[str, Any]:
    with seen.page.expect_download() as coming:
        seen.page.get_by_role("button", name="Save").click()
    coming.value.save_as(tmp_path / "case.yaml")
    data = read_document(tmp_path / "case.yaml").data
    assert isinstance(data, dict)
    return data


def test_doses_are_moved_skipped_and_copied_by_keyboard_and_pointer(chromium: Any, server: Server, tmp_path: Path) -> None:
    with Seen(chromium, server) as seen:
        seen.add("methadone")
        seen.add("efavirenz")
        row = seen.page.get_by_role("listbox", name="Efavirenz, doses")
        row.focus()
        for key in ("ArrowDown", "ArrowDown", "s"):
            row.press(key)
        skipped = _saved(seen, tmp_path)["compare"][0]
        assert skipped["missed"] == [3]
        row.press("Home")
        row.press("Shift+ArrowRight")
        assert _saved(seen, tmp_path)["compare"][0]["start"] == "6 h"
        row.press("c")
        case = _saved(seen, tmp_path)
        assert sum(e["drug"] == "efavirenz" for e in case["compare"]) == 2
        marks = seen.page.get_by_role("listbox", name="Methadone, doses").get_by_role("option")
        box = marks.nth(1).bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        day = marks.nth(2).bounding_box()["x"] - box["x"]
        seen.page.mouse.move(x, y)
        seen.page.mouse.down()
        seen.page.mouse.move(x + day / 2, y, steps=4)
        seen.page.mouse.up()
        assert _saved(seen, tmp_path)["regimen"][0]["start"] == "12 h"
        assert "Methadone exposure" in seen.simulate()


def test_a_run_is_cancelled_and_the_next_one_answers(chromium: Any, server: Server) -> None:
    with Seen(chromium, server) as seen:
        seen.open(ROOT / "examples" / "twelve-drugs.yaml")
        seen.page.get_by_role("gridcell").first.wait_for()
        seen.page.get_by_role("button", name="Simulate").click()
        seen.page.get_by_role("button", name="Cancel").click()
        seen.page.get_by_role("button", name="Simulate").wait_for()
        assert "Alprazolam" in seen.simulate()


def test_undo_and_redo(chromium: Any, server: Server) -> None:
    with Seen(chromium, server) as seen:
        seen.add("methadone")
        seen.add("ritonavir")
        lists = seen.page.get_by_role("region", name="Regimen")
        lists.get_by_text("Ritonavir").first.wait_for()
        seen.page.get_by_role("button", name="Undo").click()
        lists.get_by_text("Ritonavir").first.wait_for(state="detached")
        seen.page.get_by_role("button", name="Redo").click()
        lists.get_by_text("Ritonavir").first.wait_for()


def test_a_number_opens_its_evidence(chromium: Any, server: Server) -> None:
    with Seen(chromium, server) as seen:
        seen.add("methadone")
        seen.add("efavirenz")
        seen.page.get_by_role("grid", name="Pairs").get_by_role("button").first.wait_for()
        for button in seen.page.get_by_role("grid", name="Pairs").get_by_role("button").all():
            if "0." in button.inner_text():
                button.click()
                break
        drawer = seen.page.get_by_role("dialog")
        drawer.get_by_text("CYP2B6").first.wait_for()
        assert "fitted" in drawer.inner_text() or "measured" in drawer.inner_text()
        seen.page.keyboard.press("Escape")
        seen.simulate()
        seen.page.get_by_role("region", name="Answer").get_by_role("button").first.click()
        drawer.get_by_text("Values").first.wait_for()


def test_the_page_is_small_and_holds_nothing_inline() -> None:
    scripts = sorted(PAGE.rglob("*.js"))
    assert scripts and sum(len(gzip.compress(p.read_bytes())) for p in scripts) < MOST_SCRIPT
    text = (PAGE / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*src=)|<style|style=", text)
    for path in [*scripts, *PAGE.rglob("*.css")]:
        loaded = re.findall(r"""(?:url\(|import\s*\(?|fetch\()\s*["'`]?(https?://[^"'`)\s]+)""", path.read_text(encoding="utf-8"))
        assert loaded == [], path.name


@pytest.mark.slow
def test_the_built_page_is_what_its_source_builds(tmp_path: Path) -> None:
    """`npm ci && npm run build` in a copy gives the committed files, byte by byte."""
    import subprocess

    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("needs npm (Node 20.19 or newer) to build the page anew")
    web = tmp_path / "web"
    shutil.copytree(ROOT / "web", web, ignore=shutil.ignore_patterns("node_modules"))
    for command in ([npm, "ci", "--no-audit", "--no-fund"], [npm, "run", "build"]):
        done = subprocess.run(command, cwd=web, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stdout + done.stderr
    built = tmp_path / "src/clearway/web/page"
    files = {p.relative_to(built) for p in built.rglob("*") if p.is_file()}
    assert files == {p.relative_to(PAGE) for p in PAGE.rglob("*") if p.is_file()}, "run: cd web && npm ci && npm run build"
    assert [str(f) for f in files if (built / f).read_bytes() != (PAGE / f).read_bytes()] == []
