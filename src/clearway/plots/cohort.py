"""Figures of a cohort: percentile bands over time, and how an endpoint spreads over the people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from clearway.cohort._arrow import arrow
from clearway.cohort.summary import spreads
from clearway.errors import InputError
from clearway.exposure.nca import Floats
from clearway.plots._courses import NAME
from clearway.plots._scales import linear_axis, log_axis, one, ratio_axis, time_axis
from clearway.plots._style import BLUE, CONTROL, INK, SMALL, SOFT, TEST, beside, chosen, legend_above, panels, styled

if TYPE_CHECKING:
    from clearway.cohort.running import Outcome

ARMS = {"control": ("without", CONTROL, "--"), "test": ("with", TEST, "-"), "run": ("", TEST, "-")}
BOX = (5.0, 25.0, 50.0, 75.0, 95.0)
BINS = 40
WORDS = {
    "auc": " AUC", "cmax": " Cmax", "cmin": " Cmin", "half life": " half-life", "control": ", without", "test": ", with"
}  # fmt: skip
"""Parts of a column's name as an axis says them."""


class CohortPlots:
    """`outcome.plot`, of a complete cohort. Percentiles are those of the people, not an uncertainty of the model. `ax`: draw there
    instead of on a new figure; `width`: of the figure in mm."""

    def __init__(self, outcome: Outcome) -> None:
        if not outcome.complete:
            raise InputError(f"{outcome.folder}: the cohort is not complete (give the same command again; it goes on)")
        self._outcome = outcome

    @styled
    def bands(
        self, compound: str | None = None, *, group: str | None = None, log: bool = False, window: tuple[float, float] | None = None,
        ax: Axes | None = None, width: float | None = None,
    ) -> Figure:  # fmt: skip
        """Percentiles of the concentration (ng/mL) over time in each arm: the median, and a band for each two percentiles of the plan that
        lie as far from it (5–95, 25–75). `group`: of the column that the cohort was grouped by; `window`: from and to (h).
        Raises InputError for an unknown compound or group, or a cohort without bands."""
        plan, table = self._outcome.plan, self._bands()
        drugs = {str(d): str(d) for d in dict.fromkeys(table["drug"])}
        key = chosen(compound, drugs) or next(iter(drugs))
        groups = {str(g): str(g) for g in dict.fromkeys(table["group"])}
        name = chosen(group, groups, "group") if group is not None else "" if "" in groups else None
        if name is None:
            raise InputError(f"group: the bands are by {plan.by}; name one of {', '.join(groups)}")
        figure, (panel,) = panels(1, ax, 52.0, above=14.0, width=width)
        pairs = [(p, 100.0 - p) for p in sorted(plan.percentiles) if p < 50.0 and 100.0 - p in plan.percentiles]
        top, least = 0.0, np.inf
        for arm in dict.fromkeys(table["arm"]):
            rows = (table["drug"] == key) & (table["group"] == name) & (table["arm"] == arm)
            if window:
                rows &= (table["time_h"] >= window[0] - 1e-9) & (table["time_h"] <= window[1] + 1e-9)
            times, values = table["time_h"][rows], {p: table[_column(p)][rows] for p in plan.percentiles}
            if not len(times):
                continue
            self._arm(panel, str(arm), times, values, pairs)
            every = np.concatenate(list(values.values()))
            top = max(top, float(np.nanmax(every)))
            least = min(least, float(np.nanmin(every[every > 0], initial=np.inf)))
        if log:
            low = max(least, top * 1e-3)
            panel.set(yscale="log", ylim=(low / 1.25, top * 1.25))
            log_axis(panel.yaxis, low / 1.25, top * 1.25)
        else:
            panel.set_ylim(0.0, 1.06 * top)
            linear_axis(panel.yaxis)
        low, high = window or (0.0, float(table["time_h"].max()))
        time_axis(panel, low, high, offset=low)
        panel.set_ylabel(f"{key.capitalize()} (ng/mL)" if len(key) < NAME else f"{key.capitalize()}\n(ng/mL)")
        legend_above([panel], columns=2)
        return figure

    @styled
    def distribution(self, endpoint: str, by: str | None = None, *, ax: Axes | None = None, width: float | None = None) -> Figure:
        """How an endpoint spreads over the people: a histogram with its median, 5th and 95th percentile; or, by a column such as
        `genotype_CYP2B6`, a box (25–75) with the median and whiskers (5–95) for each group. Ratios stand on a log axis.
        Raises InputError for an unknown column."""
        outcome = self._outcome
        chosen(endpoint, {name: name for name in outcome.endpoints}, "endpoint")
        unit = outcome.endpoints[endpoint]
        ratio = unit == "1"
        label = _words(endpoint) + ("" if ratio else f" ({unit})")
        if by is None:
            figure, (panel,) = panels(1, ax, 50.0, width=width)
            self._histogram(panel, endpoint, ratio)
            panel.set_ylabel("People")
            linear_axis(panel.yaxis)
        else:
            found = self._groups(endpoint, by)
            figure, (panel,) = panels(1, ax, 14.0 + 5.0 * len(found), width=width)
            self._boxes(panel, found)
            panel.set_ylabel(by.replace("_", " "))
            if ratio:
                panel.set_xscale("log")
        if ratio:
            low, high = panel.get_xlim()
            ratio_axis(panel.xaxis, low, high)
            one(panel, vertical=True)
            panel.set_xlim(low, high)
        else:
            linear_axis(panel.xaxis)
        panel.set_xlabel(label)
        return figure

    def _bands(self) -> dict[str, Any]:
        """The columns of bands.parquet."""
        if not self._outcome.plan.bands:
            raise InputError("bands: the cohort was run without (leave --no-bands out, or Plan(bands=True))")
        table = arrow().parquet.read_table(self._outcome.folder / "bands.parquet")
        return {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}

    @staticmethod
    def _arm(ax: Axes, arm: str, times: Floats, values: dict[float, Floats], pairs: Sequence[tuple[float, float]]) -> None:
        words, colour, style = ARMS[arm]
        for i, (low, high) in enumerate(pairs):
            label = ", ".join(filter(None, (words, f"{low:g}–{high:g} %")))
            ax.fill_between(times, values[low], values[high], color=colour, alpha=0.16 + 0.14 * i, lw=0, label=label)
            for p in (low, high) if i == 0 else ():
                ax.plot(times, values[p], style, color=colour, lw=0.4, label=f"_{arm} {p:g}")
        if 50.0 in values:
            ax.plot(times, values[50.0], style, color=colour, label=", ".join(filter(None, (words, "median"))), zorder=3)

    def _histogram(self, ax: Axes, endpoint: str, ratio: bool) -> None:
        file = self._outcome.folder / "endpoints.parquet"
        column = arrow().parquet.read_table(file, columns=[endpoint])[endpoint].to_numpy(zero_copy_only=False)
        values = column[np.isfinite(column)]
        if not len(values):
            raise InputError(f"distribution: nobody has {endpoint}")
        edges = np.geomspace(values.min(), values.max(), BINS + 1) if ratio else np.linspace(values.min(), values.max(), BINS + 1)
        ax.hist(values, bins=edges.tolist(), color=BLUE, edgecolor="white", lw=0.3)
        if ratio:
            ax.set_xscale("log")
        for p, value, style in zip((5, 50, 95), np.percentile(values, (5, 50, 95)), (":", "-", ":"), strict=True):
            ax.axvline(float(value), color=INK, lw=0.8, ls=style, label=f"_{p}")
            place = beside(ax, ax.get_xaxis_transform(), y=2.0)
            ax.text(float(value), 1.0, "median" if p == 50 else f"{p} %", transform=place, ha="center", fontsize=SMALL)

    def _groups(self, endpoint: str, by: str) -> dict[str, Any]:
        """Group → spread of an endpoint."""
        file = self._outcome.folder / "endpoints.parquet"
        schema = arrow().parquet.read_schema(file)
        words = [f.name for f in schema if str(f.type) == "string" and f.name != "message"]
        chosen(by, {name: name for name in words}, "by")
        found = spreads(file, [endpoint], BOX, by)[endpoint]
        return {name: s for name, s in found.items() if s.subjects}

    @staticmethod
    def _boxes(ax: Axes, found: dict[str, Any]) -> None:
        for y, spread in enumerate(found.values()):
            p5, p25, p50, p75, p95 = spread.values.tolist()
            ax.plot([p5, p95], [y, y], "-", color=INK, lw=0.8, solid_capstyle="butt", zorder=2)
            ax.barh(y, p75 - p25, 0.55, left=p25, color=BLUE, alpha=0.55, zorder=2)
            ax.plot([p50, p50], [y - 0.28, y + 0.28], "-", color=INK, lw=1.4, zorder=3)
            place = beside(ax, ax.get_yaxis_transform(), x=4.0)
            ax.text(1.0, y, f"n {spread.subjects:,}", transform=place, va="center_baseline", fontsize=SMALL, color=SOFT)
        ax.set_yticks(range(len(found)), list(found))
        ax.set_ylim(len(found) - 0.4, -0.6)
        ax.tick_params(axis="y", length=0)


def _words(endpoint: str) -> str:
    """`methadone_auc_ratio` as 'Methadone AUC ratio'."""
    text = endpoint.replace("_", " ")
    for name, words in WORDS.items():
        text = text.replace(f" {name}", words)
    return text[:1].upper() + text[1:]


def _column(p: float) -> str:
    """The column of a percentile in bands.parquet."""
    return f"p{p:g}".replace(".", "_")
