"""The report: self-contained, well formed, escaped; its charts' scales and ticks."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from clearway.answers import Comparing, compare_case
from clearway.cli import main
from clearway.exposure.compare import Factor
from clearway.library import Library
from clearway.regimen import Case
from clearway.report import html
from clearway.report.charts import Point, forest, waterfall
from clearway.report.svg import Scale, hour_ticks, ratio_range, ticks

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture(scope="module")
def answer() -> Comparing:
    library = Library.load()
    text = (EXAMPLES / "ketamine-clarithromycin.yaml").read_text(encoding="utf-8")
    text = re.sub("title: .*", "title: a <b>bold</b> & 'quoted' title", text)
    return compare_case(Case.parse(text, library), library)


def test_one_file_without_outside_requests(answer: Comparing) -> None:
    page = html(answer)
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|\ssrc=|\shref=", page)
    assert "Content-Security-Policy" in page
    assert "<b>bold</b>" not in page
    assert "&lt;b&gt;bold" in page
    sections = ("What caused it", "Enzymes over time", "Clinical studies", "On what evidence", "What is unknown", "Research and education")
    for section in sections:
        assert section in page
    assert "nan" not in re.findall(r">\s*(nan)\s*<", page)


def test_charts_are_well_formed(answer: Comparing) -> None:
    drawings = re.findall(r"<svg.*?</svg>", html(answer), flags=re.DOTALL)
    assert len(drawings) >= 5
    for drawing in drawings:
        ElementTree.fromstring(drawing)
        assert "nan" not in drawing


def test_report_is_written(tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert main(["compare", str(EXAMPLES / "ketamine-clarithromycin.yaml"), "--report", str(out), "--json"]) == 0
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_scales() -> None:
    x = Scale(0.1, 10.0, 0.0, 100.0, log=True)
    assert x(1.0) == pytest.approx(50.0)
    assert ticks(0.0, 430.0, 4) == [0.0, 200.0, 400.0]
    assert hour_ticks(0.0, 24.0) == [0, 4, 8, 12, 16, 20, 24]
    low, high = ratio_range([0.55, 5.06])
    assert low <= 0.4
    assert high >= 5.06


def test_extreme_ratios_are_drawn() -> None:
    for ratio in (1e-3, 1.0, 1e3):
        ElementTree.fromstring(forest([Point("x", ratio, ratio / 2, ratio * 2, (ratio,))]))
        ElementTree.fromstring(waterfall("x", [Factor("CYP3A4 induction", ratio)], ratio))
    assert "dot" in forest([Point("x", 1.0, float("nan"), float(np.nan))])
