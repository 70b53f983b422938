"""Figures of one arm: plasma and enzymes over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from clearway.plots import _courses
from clearway.plots._style import TEST, chosen, styled

if TYPE_CHECKING:
    from clearway.answers.running import Running

LOOK = {"run": _courses.Look("", TEST, "-")}


class RunningPlots:
    """`running.plot`. `ax`: draw there instead of on a new figure; `width`: of the figure in mm."""

    def __init__(self, running: Running) -> None:
        self._running = running

    @styled
    def curves(
        self, compound: str | None = None, *, log: bool = False, window: bool = False, ax: Axes | None = None, width: float | None = None
    ) -> Figure:
        """Plasma concentration (ng/mL) of a compound, or of every drug and metabolite, a panel each. `window`: only what is measured, in
        hours after the dose. Raises InputError for an unknown compound."""
        run = self._running
        key = chosen(compound, {r.read.target.name: r.read.target.label for r in run.rows})
        rows = [r for r in run.rows if r.read.target.name == key or (key is None and not r.read.target.part_of)]
        found = [
            _courses.Course(t, run.curves.plasma[t.name], w, (w.start, w.end), _courses.doses_of(t, run.case.test.entries, ()))
            for t, w in ((r.read.target, r.read.test.window) for r in rows)
        ]  # fmt: skip
        return _courses.courses(found, run.prepared.library, run.curves.times, LOOK, log=log, window=window, ax=ax, width=width)

    @styled
    def activity(self, enzyme: str | None = None, *, ax: Axes | None = None, width: float | None = None) -> Figure:
        """Active enzyme (baseline 1) in liver and gut, of every enzyme that moves or of one."""
        return _courses.activities(self._running.curves, (), enzyme, LOOK, ax, width)
