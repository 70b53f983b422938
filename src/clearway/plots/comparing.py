"""Figures of a comparison: both arms over time, enzymes, ratios with intervals and studies, what caused the change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from clearway.answers.drawing import LEAST
from clearway.errors import InputError
from clearway.plots import _courses
from clearway.plots._ratios import Observed, Ratio, forest, forest_height, waterfall, waterfall_height
from clearway.plots._style import chosen, panels, styled

if TYPE_CHECKING:
    from clearway.answers.comparing import Comparing, Row


class ComparingPlots:
    """`answer.plot`. A `compound` is named as in `answer.to_dict()` or as it is labelled; without one every measured drug has a panel
    (racemates as their sum). `ax`: draw there instead of on a new figure; `width`: of the figure in mm."""

    def __init__(self, answer: Comparing) -> None:
        self._answer = answer

    @styled
    def curves(
        self, compound: str | None = None, *, log: bool = False, window: bool = False, ax: Axes | None = None, width: float | None = None
    ) -> Figure:
        """Plasma concentration (ng/mL) with and without the added drugs; the measured window is shaded, doses are marked above, thresholds
        of the library are lines. `window`: only what is measured, in hours after the dose. Raises InputError for an unknown compound."""
        rows, answer = self._rows(compound, self._answer.rows, self._answer.main or list(self._answer.rows)), self._answer
        drawn, own, added = answer.curves(), answer.case.regimen.entries, answer.case.compare.entries
        found = [
            _courses.Course(t, drawn.plasma[t.name], r.read.test.window, r.read.span, _courses.doses_of(t, own, added))
            for r in rows for t in (r.read.target,)
        ]  # fmt: skip
        look = _courses.looks(answer.added)
        return _courses.courses(found, answer.prepared.library, drawn.times, look, log=log, window=window, ax=ax, width=width)

    @styled
    def activity(self, enzyme: str | None = None, *, ax: Axes | None = None, width: float | None = None) -> Figure:
        """Active enzyme (baseline 1) in liver and gut over the case, of every enzyme that moves, the ones that matter to the answer
        first. Raises InputError for an enzyme that does not move."""
        answer = self._answer
        first = [e for e in answer.enzymes if any(e == name for name, _ in answer.curves().activity)]
        return _courses.activities(answer.curves(), first, enzyme, _courses.looks(answer.added), ax, width)

    @styled
    def ratios(self, *, ax: Axes | None = None, width: float | None = None) -> Figure:
        """Every predicted AUC ratio with its 90 % interval, racemates as the sum and its halves; below each what studies of the same
        drugs by the same route observed, with the study's id (a square: a value of the library was fitted to its publication)."""
        rows = [_ratio(self._answer, r) for r in self._answer.answered]
        figure, (one,) = panels(1, ax, forest_height(rows), width=width)
        forest(one, rows)
        return figure

    @styled
    def attribution(self, compound: str | None = None, *, ax: Axes | None = None, width: float | None = None) -> Figure:
        """What each mechanism contributed to the change of a drug's AUC, on a log axis: the bars multiply to the ratio. Without a name:
        the drugs that change. Raises InputError if the comparison was run without attribution."""
        answered = self._answer.answered
        if not any(r.answer and r.answer.factors for r in answered):
            raise InputError("attribution: the comparison holds no mechanisms (it was run without, or no drug added acts on an enzyme)")
        changed = [r for r in self._answer.main if r.answer and any(abs(math.log(f.factor)) >= LEAST for f in r.answer.factors)]
        rows = [r for r in self._rows(compound, answered, changed or self._answer.main) if r.answer]
        height = max(waterfall_height(r.answer.factors) for r in rows if r.answer)
        figure, axes = panels(len(rows), ax, height, width=width, columns=2)
        for row, one in zip(rows, axes, strict=True):
            if row.answer:
                waterfall(one, row.read.target.label, row.answer.factors, row.answer.ratio.auc)
        return figure

    @staticmethod
    def _rows(compound: str | None, every: Sequence[Row], default: Sequence[Row]) -> list[Row]:
        """The row of a compound, or those that are drawn without a name."""
        key = chosen(compound, {r.read.target.name: r.read.target.label for r in every})
        return [r for r in every if r.read.target.name == key] if key else list(default)


def _ratio(answer: Comparing, row: Row) -> Ratio:
    a, target = row.answer, row.read.target
    assert a is not None
    seen = tuple(
        Observed(s["id"], s["observed"], s["observed_low"] or math.nan, s["observed_high"] or math.nan, bool(s["fitted"]))
        for s in answer.observed(row)
    )
    return Ratio(target.label, a.ratio.auc, a.low, a.high, seen, bool(target.part_of))
