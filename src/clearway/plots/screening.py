"""The matrix of a screen: every pair as a cell, the factor in words where there is room."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from clearway.answers.words import number
from clearway.plots._scales import plain
from clearway.plots._style import BLUE, DOUBLE, INK, LINE, MM, SINGLE, SMALL, VERMILLION, Publication, chosen, styled

if TYPE_CHECKING:
    from clearway.answers.screening import Screening

SPAN = 10.0
"""Ratios beyond this fold have the colour of its end."""

CELL, ROOM = 2.6, 7.0
"""Smallest side of a cell (mm), and the side from which the number fits into it."""

MARKS = {"strong": 0.65, "moderate": 0.45, "weak": 0.25}
"""Size of the triangle of a class of strength, of the cell's side."""


class ScreeningPlots:
    """`screening.plot`."""

    def __init__(self, screening: Screening) -> None:
        self._screening = screening

    @styled
    def heatmap(self, route: str = "oral", *, changed: bool = True, width: float | None = None) -> Figure:
        """AUC ratios of victims (columns) with each perpetrator (rows), both in the order of the screen; blue falls, red rises. Cells hold
        the number where there is room, else a triangle that points up or down, larger from class to class (weak, moderate, strong).
        `changed`: only drugs that change another, or are changed, 1.25-fold or more. The figure grows with the number of drugs.
        Raises InputError for a route that is not screened."""
        chosen(route, {r: r for r in dict.fromkeys(row.route for row in self._screening.pairs)}, "route")
        rows = [r for r in self._screening.pairs if r.route == route]
        shown = [r for r in rows if r.strength != "none"] if changed else rows
        shown = shown or rows
        doers, victims = (sorted(dict.fromkeys(getattr(r, n) for r in shown)) for n in ("perpetrator", "victim"))
        cell = max(CELL, min(12.0, ((width or DOUBLE) - 32.0) / len(victims)))
        size = max(SINGLE, 32.0 + cell * len(victims)), 40.0 + cell * len(doers)
        figure = Publication(figsize=(size[0] * MM, size[1] * MM), layout="constrained")
        ax = figure.subplots()
        grid = np.full((len(doers), len(victims)), np.nan)
        for r in rows:
            if r.perpetrator in doers and r.victim in victims:
                i, j = doers.index(r.perpetrator), victims.index(r.victim)
                grid[i, j] = r.auc_ratio
                if cell >= ROOM:
                    dark = abs(math.log(max(r.auc_ratio, 1e-9))) > math.log(4.0)
                    ax.text(j, i, number(r.auc_ratio), ha="center", va="center", fontsize=SMALL, color="white" if dark else INK)
                elif r.strength != "none":
                    ax.plot(j, i, "^" if r.auc_ratio > 1 else "v", color=INK, ms=MARKS[r.strength] * cell * MM * 72.0, mew=0)
        colours = LinearSegmentedColormap.from_list("change", [BLUE, "#f7f7f7", VERMILLION])  # no prediction: the paper
        image = ax.imshow(np.clip(grid, 1 / SPAN, SPAN), cmap=colours, norm=LogNorm(1 / SPAN, SPAN), aspect="auto")
        ax.set_xticks(range(len(victims)), victims, rotation=90, fontsize=min(6.5, 2.2 * cell))
        ax.set_yticks(range(len(doers)), doers, fontsize=min(6.5, 2.2 * cell))
        ax.set(xlabel=f"Victim, {route}", ylabel="Perpetrator")
        ax.set_xticks(np.arange(-0.5, len(victims)), minor=True)
        ax.set_yticks(np.arange(-0.5, len(doers)), minor=True)
        ax.grid(which="minor", color=LINE, lw=0.3)
        ax.tick_params(which="both", length=0)
        ax.spines[:].set_visible(False)
        bar = figure.colorbar(image, ax=ax, location="top", fraction=0.03, aspect=30, shrink=min(1.0, 60.0 / size[0]))
        bar.ax.xaxis.set_major_locator(FixedLocator([0.1, 0.2, 0.5, 1, 2, 5, 10]))
        bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: ("≤ " if v <= 1 / SPAN else "≥ " if v >= SPAN else "") + plain(v)))
        bar.ax.xaxis.set_minor_locator(NullLocator())
        bar.set_label("AUC ratio")
        return figure
