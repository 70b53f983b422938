"""Figures show the numbers of their results, stay out of the way until asked for, and are those of docs/figures.md."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import clearway
import pictures
from clearway.answers import Comparing, Running
from clearway.cohort import Outcome, Plan, run
from clearway.errors import InputError
from clearway.exposure.compare import Factor
from clearway.qualification.figures import guest_limit
from clearway.qualification.runner import ArmResult, Qualification

matplotlib = pytest.importorskip("matplotlib")

from matplotlib.axes import Axes  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

from clearway.plots._ratios import Observed, Ratio, forest, waterfall  # noqa: E402
from clearway.plots._scales import log_marks, ratio_axis  # noqa: E402
from clearway.plots._style import MM  # noqa: E402

EXAMPLES = Path(__file__).parent.parent / "examples"
DOLUTEGRAVIR = """format: clearway.case/1
title: dolutegravir, with and without rifampicin
regimen: [{drug: dolutegravir, dose: 50 mg, route: oral, every: 24 h, count: 8}]
compare: [{drug: rifampicin, dose: 600 mg, route: oral, every: 24 h, count: 8}]
"""


@pytest.fixture(scope="module")
def answer() -> Comparing:
    return clearway.compare(EXAMPLES / "methadone-efavirenz.yaml")


@pytest.fixture(scope="module")
def running() -> Running:
    return clearway.simulate(EXAMPLES / "methadone-efavirenz.yaml")


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return run(EXAMPLES / "methadone-efavirenz.yaml", Plan(subjects=60), tmp_path_factory.mktemp("cohort") / "out")


@pytest.fixture
def ax() -> Iterator[Axes]:
    yield Figure().subplots()


def lines(ax: Axes) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """x and y of each line by its label."""
    return {str(line.get_label()): (np.asarray(line.get_xdata()), np.asarray(line.get_ydata())) for line in ax.lines}


def words(figure: Figure) -> str:
    figure.draw_without_rendering()
    return " | ".join(t.get_text() for t in figure.findobj(matplotlib.text.Text) if t.get_text())


def visible(figure: Figure) -> Iterator[matplotlib.text.Text]:
    """Every word that is drawn: a tick beyond the end of its axis is not."""
    for legend in figure.legends:
        yield from legend.get_texts()
    for one in figure.axes:
        yield from one.texts
        for axis, (low, high) in ((one.xaxis, sorted(one.get_xlim())), (one.yaxis, sorted(one.get_ylim()))):
            yield axis.label
            yield from (tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high)


# out of the way

def test_nothing_imports_matplotlib_until_a_figure_is_asked_for() -> None:
    case = str(EXAMPLES / "methadone-efavirenz.yaml")
    code = f"""
import sys, clearway, clearway.cli
answer = clearway.compare({case!r}); answer.to_dict(); clearway.simulate({case!r})
from clearway.cohort import Outcome; from clearway.qualification.runner import Qualification
assert 'matplotlib' not in sys.modules
answer.plot.curves()
assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_matplotlib_it_is_said_what_to_install() -> None:
    code = """
import sys; sys.modules['matplotlib'] = None
from clearway.qualification.runner import Qualification
from clearway.errors import InputError
try: Qualification().plot
except InputError as error: print(error)
"""
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert "pip install 'clearway[report]'" in said


def test_settings_of_the_user_stay_and_figures_are_the_users_own(answer: Comparing, tmp_path: Path) -> None:
    before = dict(matplotlib.rcParams)
    figure = answer.plot.ratios()
    figure.savefig(tmp_path / "a.svg")
    assert dict(matplotlib.rcParams) == before
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()


def test_files_by_suffix_with_text_as_text_and_the_same_bytes_twice(answer: Comparing, tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg", "a.pdf", "b.pdf", "a.png"):
        answer.plot.ratios().savefig(tmp_path / name)
    svg, pdf = (tmp_path / "a.svg").read_text(encoding="utf-8"), (tmp_path / "a.pdf").read_bytes()
    assert "<text" in svg and "Methadone" in svg
    assert svg == (tmp_path / "b.svg").read_text(encoding="utf-8") and pdf == (tmp_path / "b.pdf").read_bytes()
    assert b"/FontFile2" in pdf  # an embedded TrueType font
    assert (tmp_path / "a.png").read_bytes()[:4] == b"\x89PNG" == answer.plot.ratios()._repr_png_()[:4]  # type: ignore[attr-defined]


def test_widths_are_those_of_a_journal(answer: Comparing) -> None:
    assert answer.plot.curves("methadone").get_figwidth() == pytest.approx(85.0 * MM)
    assert answer.plot.activity().get_figwidth() == pytest.approx(170.0 * MM)
    assert answer.plot.ratios(width=120.0).get_figwidth() == pytest.approx(120.0 * MM)


# the numbers of the result

def test_curves_are_those_of_the_answer(answer: Comparing) -> None:
    drawn = answer.curves()
    found = lines(answer.plot.curves("(R)-Methadone").axes[0])
    for arm, label in (("control", "without efavirenz"), ("test", "with efavirenz")):
        np.testing.assert_array_equal(found[label][0], drawn.times)
        np.testing.assert_array_equal(found[label][1], drawn.plasma["methadone-r"][arm])
    assert found["_doses methadone"][0].tolist() == found["_doses efavirenz"][0].tolist() == [24.0 * i for i in range(21)]


def test_window_alone_counts_hours_after_the_dose(answer: Comparing) -> None:
    one = answer.plot.curves("methadone", window=True, log=True).axes[0]
    assert one.get_xlim() == (480.0, 504.0) and one.get_yscale() == "log"
    assert one.get_xlabel() == "Time after the dose (h)" and one.xaxis.get_major_formatter()(484.0) == "4"
    drawn = answer.curves()
    np.testing.assert_array_equal(lines(one)["with efavirenz"][1], drawn.plasma["methadone"]["test"][drawn.times >= 480.0 - 1e-9])


def test_measured_window_is_shaded(answer: Comparing) -> None:
    shade = next(p for p in answer.plot.curves("methadone").axes[0].patches if p.get_label() == "measured")
    assert [float(v) for v in (shade.get_x(), shade.get_x() + shade.get_width())] == [480.0, 504.0]  # type: ignore[attr-defined]


def test_thresholds_are_lines_with_their_value(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(DOLUTEGRAVIR, encoding="utf-8")
    drawn = clearway.compare(tmp_path / "case.yaml").plot.curves("dolutegravir")
    flat = [float(y[0]) for x, y in lines(drawn.axes[0]).values() if len(y) == 2 and y[0] == y[1]]
    assert [v for v in flat if v > 2] == pytest.approx([64.0, 300.0])
    assert "minimum effective concentration, 300 ng/mL" in words(drawn)


def test_activity_is_that_of_the_answer(answer: Comparing, running: Running) -> None:
    figure = answer.plot.activity("CYP3A4")
    for organ in ("liver", "gut"):
        found = lines(figure.axes[0])[f"{organ}, with efavirenz"]
        np.testing.assert_array_equal(found[1], answer.curves().activity["CYP3A4", organ]["test"])
    styles = {line.get_linestyle() for line in figure.axes[0].lines if not str(line.get_label()).startswith("_")}
    assert len(styles) == 2  # liver and gut are told apart without colour
    found = lines(running.plot.activity("CYP2B6").axes[0])
    np.testing.assert_array_equal(found["liver"][1], running.curves.activity["CYP2B6", "liver"]["run"])


def test_run_draws_every_drug_once(running: Running) -> None:
    figure = running.plot.curves()
    assert len(figure.axes) == sum(not r.read.target.part_of for r in running.rows) > 1
    found = lines(running.plot.curves("efavirenz").axes[0])
    assert any(np.array_equal(y, running.curves.plasma["efavirenz"]["run"]) for _, y in found.values())


def test_forest_shows_prediction_interval_and_studies(answer: Comparing) -> None:
    figure = answer.plot.ratios()
    row, said = answer.answered[0], words(figure)
    assert row.answer
    points = [(float(line.get_xdata()[0]), line.get_marker()) for line in figure.axes[0].lines if line.get_marker() not in ("None", "")]
    assert (row.answer.ratio.auc, "o") in points
    studies = answer.observed(row)
    assert {"L008", "L043", "L044"} <= {s["id"] for s in studies}
    for s in studies:
        assert (s["observed"], "s" if s["fitted"] else "D") in points and s["id"] in said
    spans = [tuple(map(float, line.get_xdata())) for line in figure.axes[0].lines]
    assert (row.answer.low, row.answer.high) in spans and (0.34, 0.67) in spans  # L044, as printed
    assert len([p for p in points if p[1] == "o"]) == len(answer.answered)


def test_fitted_studies_have_their_own_marker(ax: Axes) -> None:
    forest(ax, [Ratio("A", 0.5, 0.3, 0.8, (Observed("L1", 0.4), Observed("L2", 0.6, fitted=True)))])
    assert [line.get_marker() for line in ax.lines if line.get_marker() in "Ds"] == ["D", "s"]
    legend = ax.get_legend()
    said = [t.get_text() for t in legend.get_texts()] if legend else []
    assert said == ["predicted, 90 % interval", "observed, its own design", "observed, used to fit"]


def test_bars_multiply_to_the_ratio(answer: Comparing) -> None:
    row = answer.answered[0]
    assert row.answer
    bars = [(b.get_x(), b.get_x() + b.get_width()) for b in answer.plot.attribution("methadone").axes[0].patches]  # type: ignore[attr-defined]
    assert np.prod([end / begin for begin, end in bars[:-1]]) == pytest.approx(row.answer.ratio.auc, rel=0.005)
    assert bars[-1] == pytest.approx((1.0, row.answer.ratio.auc))
    assert all(begin == pytest.approx(end) for (_, end), (begin, _) in pairwise(bars[:-1]))


def test_small_mechanisms_are_one_bar(ax: Axes) -> None:
    waterfall(ax, "A", [Factor("CYP3A4 inhibition", 2.0), *(Factor(f"E{i} induction", 1.006) for i in range(3))], 2.0 * 1.006**3)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["CYP3A4 inhibition", "all smaller ones", "together"]
    assert ax.patches[1].get_width() == pytest.approx(2.0 * (1.006**3 - 1.0))  # type: ignore[attr-defined]


# a cohort

def test_bands_are_the_percentiles_of_the_file(outcome: Outcome) -> None:
    import pyarrow.parquet as parquet

    table = parquet.read_table(outcome.folder / "bands.parquet").to_pandas()
    one = outcome.plot.bands("methadone").axes[0]
    for arm, word in (("control", "without"), ("test", "with")):
        rows = table[(table.drug == "methadone") & (table.arm == arm)]
        np.testing.assert_array_equal(lines(one)[f"{word}, median"][1], rows.p50)
        np.testing.assert_array_equal(lines(one)[f"_{arm} 95"][1], rows.p95)
    assert [str(c.get_label()) for c in one.collections] == ["without, 5–95 %", "without, 25–75 %", "with, 5–95 %", "with, 25–75 %"]


def test_distribution_counts_everybody(outcome: Outcome) -> None:
    one = outcome.plot.distribution("methadone_auc_ratio").axes[0]
    assert sum(b.get_height() for b in one.patches) == 60  # type: ignore[attr-defined]
    spread = outcome.spreads()["methadone_auc_ratio"][""]
    assert lines(one)["_50"][0][0] == pytest.approx(spread.values[2])
    by_sex = outcome.plot.distribution("methadone_auc_ratio", by="sex")
    groups = outcome.spreads("sex")["methadone_auc_ratio"]
    assert [b.get_x() for b in by_sex.axes[0].patches] == pytest.approx([s.values[1] for s in groups.values()])  # type: ignore[attr-defined]
    assert all(f"n {s.subjects}" in words(by_sex) for s in groups.values())


# accuracy and the screen

def arm(name: str, observed: float, predicted: float, *, fitted: bool = False) -> ArmResult:
    return ArmResult(id=name, pair="p > v", title="", victim="v", perpetrator="p", mechanism="induction", route="oral", observed=observed,
                     predicted=predicted, observed_cmax=None, predicted_cmax=None, peer=None, fitted=fitted, no_effect=False, unit=name,
                     mass_balance=0.0)  # fmt: skip


@pytest.mark.parametrize("delta", [1.0, 1.25])
def test_envelopes_are_those_of_the_figures(delta: float) -> None:
    q = Qualification([arm("a", 0.2, 0.3), arm("b", 5.0, 1.0), arm("c", 2.0, 2.1, fitted=True)])
    one = q.plot.predicted_observed(delta=delta, named=5).axes[0]
    band = next(c for c in one.collections if str(c.get_label()).startswith("Guest 2011"))
    assert band.get_label() == f"Guest 2011 (δ = {delta:g})"
    for x, y in band.get_paths()[0].vertices[1:400:40]:
        assert max(y / x, x / y) == pytest.approx(guest_limit(float(x), delta))
    x, y = lines(one)["2-fold"]
    np.testing.assert_allclose(y, 2.0 * x)
    points = {str(c.get_label()): c for c in one.collections}
    assert points["induction (2)"].get_offsets().tolist() == [[0.2, 0.3], [5.0, 1.0]]  # type: ignore[union-attr]
    assert points["fitted (1)"].get_facecolor().size == 0  # hollow
    assert [t.get_text() for t in one.texts] == ["b"]  # the only one more than twofold off


def test_heat_map_holds_the_ratios_of_the_screen() -> None:
    screening = clearway.screen(["nelfinavir", "methadone", "alfentanil"])
    figure = screening.plot.heatmap("iv")
    row = next(r for r in screening.pairs if (r.perpetrator, r.victim, r.route) == ("nelfinavir", "methadone", "iv"))
    grid, one = figure.axes[0].images[0].get_array(), figure.axes[0]
    victims, doers = ([t.get_text() for t in labels] for labels in (one.get_xticklabels(), one.get_yticklabels()))
    assert grid is not None and grid[doers.index("nelfinavir"), victims.index("methadone")] == pytest.approx(row.auc_ratio)
    assert f"{row.auc_ratio:.2f}" in words(figure)
    with pytest.raises(InputError, match="oral"):
        screening.plot.heatmap("nasal")


# what is asked for wrongly

def test_unknown_names_are_told_what_there_is(answer: Comparing, running: Running, outcome: Outcome) -> None:
    for draw in (answer.plot.curves, answer.plot.attribution, running.plot.curves):
        with pytest.raises(InputError, match=r"'heroin'.*methadone"):
            draw("heroin")
    with pytest.raises(InputError, match=r"'CYP9Z9'.*CYP2B6"):
        answer.plot.activity("CYP9Z9")
    with pytest.raises(InputError, match=r"methadone_auc_ratio"):
        outcome.plot.distribution("auc")
    with pytest.raises(InputError, match=r"sex"):
        outcome.plot.distribution("methadone_auc_ratio", by="weight")
    with pytest.raises(InputError, match="not complete"):
        replace(outcome, complete=False).plot  # noqa: B018
    with pytest.raises(InputError, match="holds one panel"):
        answer.plot.activity(ax=Figure().subplots())


def test_a_comparison_without_attribution_says_so() -> None:
    bare = clearway.compare(EXAMPLES / "ketamine-clarithromycin.yaml", attribute=False, interval=False)
    with pytest.raises(InputError, match="no mechanisms"):
        bare.plot.attribution()
    assert "nan" not in words(bare.plot.ratios())


def test_axes_of_the_user_are_drawn_on(answer: Comparing, ax: Axes) -> None:
    figure = answer.plot.curves("methadone", ax=ax)
    assert figure is ax.figure and "with efavirenz" in lines(ax) and ax.get_legend()


def test_marks_of_log_axes_are_plain_and_few() -> None:
    assert log_marks(0.4, 12.0) == pytest.approx([0.5, 1.0, 2.0, 5.0, 10.0])
    assert len(log_marks(1e-3, 1e5)) <= 9
    one = Figure().subplots()
    ratio_axis(one.xaxis, 0.35, 0.7)
    assert one.xaxis.get_ticklocs() == pytest.approx([0.4, 0.5, 0.6])


# nothing is cut off, and the page shows what is drawn

def test_words_stay_inside_the_figure_and_apart(answer: Comparing) -> None:
    plot = answer.plot
    for figure in (plot.curves("methadone"), plot.activity(), plot.ratios(), plot.attribution()):
        figure.draw_without_rendering()
        boxes = [(t.get_text(), t.get_window_extent()) for t in visible(figure) if t.get_text().strip()]
        for text, box in boxes:
            assert figure.bbox.x0 - 1 <= box.x0 and box.x1 <= figure.bbox.x1 + 1, text
            assert figure.bbox.y0 - 1 <= box.y0 and box.y1 <= figure.bbox.y1 + 1, text
        for i, (text, box) in enumerate(boxes):
            for other, second in boxes[i + 1 :]:
                across = min(box.x1, second.x1) - max(box.x0, second.x0)
                down = min(box.y1, second.y1) - max(box.y0, second.y0)
                assert across <= 1.0 or down <= 0.35 * min(box.height, second.height), (text, other)


def test_a_changed_picture_is_found() -> None:
    svg = (pictures.IMAGES / "figure-curves.svg").read_text(encoding="utf-8")
    assert pictures.differences("figure-curves.svg", svg.encode()) == ""
    assert "efavirenz" in pictures.differences("figure-curves.svg", svg.replace("with efavirenz", "with placebo").encode())
