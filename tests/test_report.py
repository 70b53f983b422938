"""The report: one file without outside requests, its numbers those of the answer, on a screen and on paper."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import threading
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from clearway.answers import Comparing, Options, Running, compare_case, run_case
from clearway.answers.drawing import hour_ticks, ratio_range
from clearway.answers.words import number
from clearway.cli import main
from clearway.errors import InputError
from clearway.exposure.compare import Factor
from clearway.library import Library
from clearway.regimen import Case
from clearway.report import html, kind_of, pdf, render
from clearway.report.charts import Point, forest, short, waterfall
from clearway.report.document import paper
from clearway.report.svg import Scale, thin, ticks

EXAMPLES = Path(__file__).parent.parent / "examples"
KETAMINE = EXAMPLES / "ketamine-clarithromycin.yaml"
HOSTILE = "a </title><script>alert(1)</script> <img src=http://127.0.0.1/x> & 'quoted' title"
VOID = {"meta", "br", "img", "link", "hr", "input"}
POPPLER = shutil.which("pdftotext")
try:
    import weasyprint
except (ImportError, OSError):  # the second: its Pango is missing
    weasyprint = None
on_paper = pytest.mark.skipif(weasyprint is None, reason="needs WeasyPrint and Pango (apt install libpango-1.0-0 libpangoft2-1.0-0)")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

TWELVE = """
format: clearway.case/1
title: twelve
person: {sex: male, age: 40, height: 176 cm, weight: 73 kg}
regimen:
  - {drug: methadone, dose: 60 mg, route: oral, every: 24 h, count: 14}
  - {drug: ketamine, dose: 50 mg, route: intranasal, start: 13 d}
  - {drug: ethanol, dose: 20 g, route: oral, every: 24 h, count: 14}
  - {drug: alprazolam, dose: 0.5 mg, route: oral, every: 24 h, count: 14}
  - {drug: sertraline, dose: 50 mg, route: oral, every: 24 h, count: 14}
  - {drug: bupropion, dose: 150 mg, route: oral, every: 24 h, count: 14}
  - {drug: cocaine, dose: 50 mg, route: intranasal, start: 13 d}
  - {drug: thc, dose: 10 mg, route: inhaled, every: 24 h, count: 14}
  - {drug: cigarette, dose: 10 cigarettes, route: inhaled, every: 24 h, count: 14}
compare:
  - {drug: darunavir, dose: 800 mg, route: oral, every: 24 h, count: 14}
  - {drug: cobicistat, dose: 150 mg, route: oral, every: 24 h, count: 14}
  - {drug: emtricitabine, dose: 200 mg, route: oral, every: 24 h, count: 14}
"""


@dataclass
class Page(HTMLParser):
    """A page read strictly: every tag is closed in its turn. `rows`: each table's rows as lists of cells."""

    text: str
    title: str = ""
    headings: list[str] = field(default_factory=list)
    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.table = self.said = ""
        self.feed(self.text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        self.attributes += [(tag, k, v) for k, v in given.items()]
        self.ids += [given["id"]] if "id" in given else []
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.table = given.get("class", "doses").split()[0]
            self.tables[self.table] = []
        elif tag == "tr":
            self.tables[self.table].append([])
        if tag in ("td", "th", "h2", "title"):
            self.said = ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, k, v or "") for k, v in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag in ("td", "th"):
            self.tables[self.table][-1].append(" ".join(self.said.split()))
        elif tag == "h2":
            self.headings.append(self.said)
        elif tag == "title" and "svg" not in self.open:
            self.title = self.said

    def handle_data(self, data: str) -> None:
        self.said += data


def hostile(library: Library) -> Case:
    text = KETAMINE.read_text(encoding="utf-8")
    return Case.parse(re.sub("title: .*", lambda m: 'title: "' + HOSTILE + '"', text), library)


@pytest.fixture(scope="module")
def answer(library: Library) -> Comparing:
    return compare_case(hostile(library), library)


@pytest.fixture(scope="module")
def ran(library: Library) -> Running:
    return run_case(hostile(library), library)


@pytest.fixture(scope="module")
def pages(answer: Comparing, ran: Running) -> dict[str, Page]:
    return {"compare": Page(html(answer)), "run": Page(html(ran))}


@pytest.fixture(scope="module")
def papers(answer: Comparing, ran: Running) -> dict[str, bytes]:
    if weasyprint is None:
        pytest.skip("needs WeasyPrint and Pango (apt install libpango-1.0-0 libpangoft2-1.0-0)")
    return {"compare": pdf(answer), "run": pdf(ran)}


@pytest.fixture(scope="module")
def twelve(library: Library) -> Comparing:
    return compare_case(Case.parse(TWELVE, library), library)


SECTIONS = {
    "compare": ["What was simulated", "What caused it", "Enzymes over time", "Plasma concentration", "Exposure",
                "How sure: clinical studies of this pair", "On what evidence", "What is unknown"],
    "run": ["What was simulated", "Plasma concentration", "Exposure and clearance", "Enzymes over time",
            "How sure: studies of each drug alone", "On what evidence", "What is unknown"],
}  # fmt: skip


@pytest.mark.parametrize("kind", SECTIONS)
def test_every_section_in_its_order(pages: dict[str, Page], kind: str) -> None:
    assert pages[kind].headings == SECTIONS[kind]
    assert "Research and education software" in pages[kind].text


@pytest.mark.parametrize("kind", SECTIONS)
def test_a_page_names_no_other_file(pages: dict[str, Page], kind: str) -> None:
    page = pages[kind]
    linked = {v for _, k, v in page.attributes if k in ("href", "xlink:href")}
    assert linked <= {f"#{i}" for i in page.ids}
    assert not [a for a in page.attributes if a[1] in ("src", "srcset", "data", "action", "style") or a[1].startswith("on")]
    assert not re.search(r"@import|url\(|<link|<iframe|<object", page.text)


@pytest.mark.parametrize("kind", SECTIONS)
def test_the_policy_allows_this_script_and_this_style_only(pages: dict[str, Page], kind: str) -> None:
    text = pages[kind].text
    policy = next(v for t, k, v in pages[kind].attributes if t == "meta" and k == "content" and "default-src" in v)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("kind", SECTIONS)
def test_a_title_is_text(pages: dict[str, Page], kind: str) -> None:
    assert "alert(1)</script>" not in pages[kind].text
    assert "<img" not in pages[kind].text
    assert pages[kind].title == HOSTILE


def test_numbers_are_those_of_the_answer(answer: Comparing, pages: dict[str, Page]) -> None:
    data, tables = answer.to_dict(), pages["compare"].tables
    (ratio,) = data["ratios"]
    arms = data["exposure"]["ketamine-s"]
    without, with_, ratios = tables["exposure"][1:]
    said = [[number(arms[arm][k]) for k in ("auc", "cmax", "tmax", "half_life")] for arm in ("control", "test")]
    assert without[0] == f"(S)-Ketamineoral, {arms['window']}"
    assert [[*row[-5:-3], *row[-2:]] for row in (without, with_)] == said
    assert ratios[:3] == ["ratio", f"{number(ratio['auc'])} ({number(ratio['low'])}–{number(ratio['high'])})", number(ratio["cmax"])]
    assert [row[4:7] for row in tables["studies"][1:]] == [
        [number(s["observed"]), number(s["predicted"]), number(s["predicted"] / s["observed"])] for s in data["studies"]
    ]
    values = [f"{r['value']:.4g} {r['unit']}".strip() for r in data["evidence"]["rows"]]
    assert [row[2] for row in tables["evidence"][1:]] == values
    for f in data["attribution"]["ketamine-s"]:
        assert abs(np.log(f["factor"])) < 0.01 or f"× {number(f['factor'])}<" in pages["compare"].text
    for said_ in (*data["answer"], *data["unknown"]):
        assert said_.replace(" × ", "\u00a0×\u00a0") in pages["compare"].text or said_ in pages["compare"].text.replace("&#39;", "'")


def test_numbers_are_those_of_the_run(ran: Running, pages: dict[str, Page]) -> None:
    data = ran.to_dict()
    rows = pages["run"].tables["exposure"][1:]
    assert len(rows) == len(data["exposure"])
    for row, e in zip(rows, data["exposure"].values(), strict=True):
        assert row[1:3] == [number(e["auc"]), number(e["cmax"])]
        assert row[4:6] == [number(e["tmax"]), number(e["half_life"])]
        assert row[6] == (f"{number(e['clearance'])} ({e['clearance_is']})" if e["clearance"] else "–")
    assert f"{max(data['mass_balance'].values()):.0e}" in pages["run"].text
    assert [row[0] for row in pages["run"].tables["alone"][1:]] == ["(S)-Ketamine", "Clarithromycin"]


def test_a_run_judges_its_trough_against_the_threshold(library: Library) -> None:
    entry = "  - {drug: efavirenz, dose: %s, route: oral, every: 24 h, count: 14}\n"
    head = "format: clearway.case/1\ntitle: t\nperson: {sex: male, age: 40, height: 176 cm, weight: 73 kg}\nregimen:\n"
    for dose, said in (("600 mg", ": met."), ("20 mg", ": not met.")):
        ran = run_case(Case.parse(head + entry % dose, library), library)
        trough = ran.to_dict()["exposure"]["efavirenz"]["cmin"]
        assert f"Efavirenz: Cmin {number(trough)} ng/mL against 1,000 (minimum effective concentration){said}" in html(ran)


def test_warnings_are_shown(library: Library) -> None:
    changed = compare_case(KETAMINE, library, Options(without="inactivation"), interval=False)
    assert changed.warnings
    page = html(changed)
    assert all(f'<p class="whatif">{w}</p>' in page for w in changed.warnings)


def test_missed_doses_are_told(library: Library) -> None:
    entry = "dose: 0.5 mg, route: oral, every: 24 h, count: 14"
    ran = run_case(Case.parse(TWELVE.replace(entry, f"{entry}, missed: [3, 5]"), library), library)
    assert "missed: day 3 and day 5" in html(ran)


def test_what_changes_comes_first(twelve: Comparing) -> None:
    page = html(twelve)
    headline = re.findall(r'<p class="answer[^>]*>(.*?)</p>', page)
    assert [h.split()[0] for h in headline] == ["Alprazolam"]
    rest = re.search(r'<ul class="unchanged">(.*?)</ul>', page, flags=re.DOTALL)
    assert rest
    assert rest[1].count("<li>") == len(twelve.sentences) - 1


def test_charts_are_well_formed(pages: dict[str, Page]) -> None:
    for page in pages.values():
        drawings = re.findall(r"<svg.*?</svg>", page.text, flags=re.DOTALL)
        assert len(drawings) >= 5
        for drawing in drawings:
            ElementTree.fromstring(drawing)
            assert "nan" not in drawing


def test_the_script_reads_the_curves_themselves(answer: Comparing, pages: dict[str, Page]) -> None:
    """Lines between the points in `data-v` are the simulated curve."""
    _, _, after = pages["compare"].text.partition("Plasma concentration")
    chart = ElementTree.fromstring(re.findall(r"<svg[^>]*data-t=.*?</svg>", after)[0])
    times = np.array([float(t) for t in chart.attrib["data-t"].split()])
    curves = {p.attrib["data-name"]: p.attrib["data-v"].split() for p in chart.iter() if "data-v" in p.attrib}
    assert list(curves) == ["without", "with"]
    drawn = answer.curves()
    inside = (drawn.times >= times[0]) & (drawn.times <= times[-1])
    whole = drawn.plasma["ketamine-s"]["test"][inside]
    read = np.interp(drawn.times[inside], times, [float(v) for v in curves["with"]])
    assert np.abs(read - whole).max() < 0.003 * whole.max()


@pytest.mark.parametrize("kind", SECTIONS)
def test_the_pdf_is_the_same_again_and_holds_no_script(answer: Comparing, ran: Running, papers: dict[str, bytes], kind: str) -> None:
    again = render(answer if kind == "compare" else ran, "pdf")
    assert again == papers[kind]
    assert again.startswith(b"%PDF-")
    assert again.rstrip().endswith(b"%%EOF")
    assert not re.search(rb"/JavaScript|/JS |/Author|/Launch|/URI", again)


@on_paper
@pytest.mark.skipif(POPPLER is None, reason="needs pdftotext (apt install poppler-utils)")
def test_paper_fetches_nothing(tmp_path: Path) -> None:
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

    here = tmp_path / "secret.svg"
    here.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="15">SECRET</text></svg>', encoding="utf-8")
    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        at = f"http://127.0.0.1:{server.server_port}"
        pictures = f'<img src="{at}/d.png"><img src="{here.as_uri()}"><svg><image href="{at}/e.png"/></svg>'
        style = f'<link rel=stylesheet href="{at}/a.css"><style>@import "{at}/b.css"; p {{ background: url({at}/c.png) }}</style>'
        made = paper(f"<title>x</title>{style}<p>kept</p>{pictures}")
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []
    assert read(made).split() == ["kept"]


@pytest.mark.skipif(POPPLER is None, reason="needs pdftotext (apt install poppler-utils)")
def test_paper_says_the_answer_and_what_it_is(answer: Comparing, ran: Running, papers: dict[str, bytes]) -> None:
    text = {kind: read(data) for kind, data in papers.items()}
    assert flat(answer.sentences[0]) in flat(text["compare"])
    assert f"peaks at {number(ran.to_dict()['exposure']['ketamine-s']['cmax'])} ng/mL" in flat(text["run"])
    for kind, said in text.items():
        assert all(flat(heading) in flat(said) for heading in SECTIONS[kind])
        pages = said.split("\f")[:-1]
        for i, page in enumerate(pages, 1):
            assert "Research and education software: it supports a professional" in flat(page)
            assert f"Page {i} of {len(pages)}" in flat(page)
        assert flat(HOSTILE) in flat(pages[0])


@on_paper
@pytest.mark.skipif(POPPLER is None, reason="needs pdftotext (apt install poppler-utils)")
def test_long_reports_on_paper_without_overlap(twelve: Comparing, library: Library) -> None:
    assert misplaced(pdf(twelve)) == []
    studied = compare_case(EXAMPLES / "six-compounds.yaml", library, interval=False)
    assert len(studied.studies) > 50
    assert misplaced(pdf(studied)) == []


@on_paper
@pytest.mark.skipif(POPPLER is None, reason="needs pdftotext (apt install poppler-utils)")
def test_the_check_of_the_layout_sees_overlap_and_overflow() -> None:
    at = '<svg width="300" height="60"><text x="10" y="20">first</text><text x="{}" y="22">second</text></svg>'
    assert misplaced(paper(at.format(120))) == []
    assert misplaced(paper(at.format(25))) == [("first", "second"), ("second", "first")]
    assert misplaced(paper('<p style="margin-left: 640px">beyond</p>')) == ["beyond"]


def misplaced(data: bytes) -> list[object]:
    """Words outside the page less its margins, and pairs of words that lie on each other."""
    found: list[object] = []
    for width, height, inside in re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', read(data, "-bbox"), flags=re.DOTALL):
        words = re.findall(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>', inside)
        left, top, right, bottom = np.array([[float(v) for v in word[:4]] for word in words]).T
        out = (left < 40) | (top < 20) | (right > float(width) - 40) | (bottom > float(height) - 20)
        across = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
        down = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
        size = np.minimum(bottom - top, (bottom - top)[:, None])
        over = (across > 1.0) & (down > 0.45 * size) & ~np.eye(len(words), dtype=bool)
        found += [words[i][4] for i in np.flatnonzero(out)] + [(words[i][4], words[j][4]) for i, j in np.argwhere(over)]
    return found


def read(data: bytes, *options: str) -> str:
    assert POPPLER
    return subprocess.run([POPPLER, *options, "-", "-"], input=data, capture_output=True, check=True).stdout.decode()


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt install chromium)")
def test_in_a_browser(answer: Comparing, tmp_path: Path) -> None:
    api = pytest.importorskip("playwright.sync_api", reason="needs Playwright (pip install playwright)")
    file = tmp_path / "r.html"
    file.write_bytes(render(answer, "html"))
    asked: list[str] = []
    said: list[str] = []
    with api.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.on("request", lambda r: asked.append(r.url))
        page.on("console", lambda m: said.append(m.text))
        page.on("pageerror", lambda e: said.append(str(e)))
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        chart = page.locator("figure:has(svg[data-t]):has-text('(S)-Ketamine')").first
        chart.focus()
        page.keyboard.press("ArrowRight")
        readout = chart.locator(".readout").inner_text()
        assert re.match(r"0\.48 h after the dose\nwithout: [\d.]+ ng/mL\nwith: [\d.]+ ng/mL$", readout)
        page.locator("[data-hides=control]").first.click()
        page.keyboard.press("Escape")
        chart.focus()
        page.keyboard.press("ArrowRight")
        assert "without" not in chart.locator(".readout").inner_text()
        page.set_viewport_size({"width": 1440, "height": 900})
        head = page.locator("table.evidence thead button", has_text="Evidence")
        head.click()
        ranks = page.locator("table.evidence tbody td:nth-child(4)").evaluate_all("cells => cells.map(c => Number(c.dataset.sort))")
        browser.close()
    assert len(ranks) > 3
    assert ranks == sorted(ranks)
    assert asked == [file.as_uri()]
    assert said == []


@on_paper
def test_files_are_written(tmp_path: Path) -> None:
    for command, name, start in (("compare", "a.pdf", b"%PDF-"), ("run", "b.HTM", b"<!doctype html>")):
        out = tmp_path / name
        assert main([command, str(KETAMINE), "--report", str(out), "--json"]) == 0
        assert out.read_bytes().startswith(start)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.pdf", "b.HTM"]


@pytest.mark.parametrize("command", ["run", "compare"])
def test_another_suffix_is_refused_before_the_work(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_yet(*_: object, **__: object) -> None:
        raise AssertionError("simulated first")

    monkeypatch.setattr(f"clearway.answers.{command}_case", not_yet)
    assert main([command, str(KETAMINE), "--report", str(tmp_path / "r.docx")]) == 2
    said = capsys.readouterr().err
    assert "'.docx'" in said
    assert ".html, .htm, .pdf" in said
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    assert kind_of(Path("r.html")) == "html"
    with pytest.raises(InputError, match=r"WeasyPrint.*pip install 'clearway\[report\]'"):
        kind_of(Path("r.pdf"))
    monkeypatch.setitem(__import__("sys").modules, "jinja2", None)
    with pytest.raises(InputError, match=r"Jinja2.*pip install 'clearway\[report\]'"):
        kind_of(Path("r.html"))


def test_scales() -> None:
    x = Scale(0.1, 10.0, 0.0, 100.0, log=True)
    assert x(1.0) == pytest.approx(50.0)
    assert ticks(0.0, 430.0, 4) == [0.0, 200.0, 400.0]
    assert hour_ticks(0.0, 24.0) == [0, 4, 8, 12, 16, 20, 24]
    low, high = ratio_range([0.55, 5.06])
    assert low <= 0.4
    assert high >= 5.06


def test_thinned_curves_stay_within_the_bound() -> None:
    x = np.linspace(0.0, 300.0, 900)
    rows = np.array([100.0 * np.exp(-x / 60.0), 40.0 * np.abs(np.sin(x / 9.0))])
    keep = thin(x, rows, 0.15)
    assert len(keep) < 500
    for row in rows:
        assert np.abs(np.interp(x, x[keep], row[keep]) - row).max() <= 0.15 + 1e-9


def test_extreme_ratios_are_drawn() -> None:
    for ratio in (1e-3, 1.0, 1e3):
        ElementTree.fromstring(forest([Point("x", ratio, ratio / 2, ratio * 2, (ratio,))]))
        ElementTree.fromstring(waterfall("x", [Factor("CYP3A4 induction", ratio)], ratio))
    assert "dot" in forest([Point("x", 1.0, float("nan"), float(np.nan))])


def test_long_names_are_cut_for_charts_only() -> None:
    assert short("Tenofovir diphosphate (in mononuclear blood cells)") == "Tenofovir diphosphate"
    assert short("(R)-methadone") == "(R)-methadone"
    assert len(short("x" * 80)) == 34
