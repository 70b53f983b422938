"""How every figure looks: widths of a journal's columns, colours, fonts; figures without pyplot, so that nothing is global.

Colours are Okabe and Ito's, told apart with any colour vision; line style, marker or words always say the same.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Transform, offset_copy

from clearway.errors import InputError

SINGLE, DOUBLE = 85.0, 170.0
"""Width (mm) of one and of two columns of a journal."""

MM = 1.0 / 25.4
"""Inches a millimetre."""

BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"
COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
INK, SOFT, LINE, SHADE = "#1b2430", "#5b6675", "#c3cbd5", "#e9eef4"
CONTROL, TEST = VERMILLION, BLUE
SMALL = 6.0
"""Size (points) of words inside a figure."""

STYLE: dict[Any, Any] = {
    "font.size": 7.0, "axes.labelsize": 7.0, "xtick.labelsize": 6.5, "ytick.labelsize": 6.5, "legend.fontsize": 6.5,
    "axes.edgecolor": SOFT, "axes.labelcolor": INK, "text.color": INK, "xtick.color": SOFT, "ytick.color": SOFT,
    "xtick.labelcolor": INK, "ytick.labelcolor": INK, "axes.linewidth": 0.6, "lines.linewidth": 1.2, "patch.linewidth": 0.6,
    "xtick.major.width": 0.6, "ytick.major.width": 0.6, "xtick.major.size": 2.5, "ytick.major.size": 2.5,
    "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True, "hatch.linewidth": 0.5, "hatch.color": "white",
    "legend.frameon": False, "legend.borderpad": 0.0, "legend.borderaxespad": 0.0, "legend.handlelength": 2.2, "legend.labelspacing": 0.3,
    "font.family": "DejaVu Sans", "mathtext.default": "regular", "savefig.dpi": 300, "figure.dpi": 150,
    "svg.fonttype": "none", "pdf.fonttype": 42, "ps.fonttype": 42, "svg.hashsalt": "clearway",
}  # fmt: skip
"""Matplotlib's settings; text stays text in SVG, and fonts are embedded in PDF."""

_NO_DATE: dict[str, dict[str, Any]] = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}

P = ParamSpec("P")
R = TypeVar("R")


class Publication(Figure):
    """A figure that saves itself in the project's style, with no date in it: equal figures are equal bytes.

    `Publication(figsize=(6.7, 2.4), layout="constrained")`, in inches, for axes of your own.
    """

    whole = False
    """Drawn by one method as a whole, so that its legend may stand above all panels."""

    def add_subplot(self, *args: Any, **options: Any) -> Any:
        """As matplotlib's, in the project's style."""
        with matplotlib.rc_context(STYLE):
            return super().add_subplot(*args, **options)

    def savefig(self, fname: Any, **options: Any) -> None:
        """As matplotlib's: SVG, PDF, PNG … by the suffix of `fname`."""
        suffix = f".{options['format']}" if "format" in options else Path(fname).suffix if isinstance(fname, str | Path) else ""
        with matplotlib.rc_context(STYLE):
            super().savefig(fname, **{"metadata": _NO_DATE.get(suffix.lower()), **options})

    def _repr_png_(self) -> bytes:
        """Shown by a notebook."""
        out = io.BytesIO()
        self.savefig(out, format="png", dpi=150)
        return out.getvalue()


def styled(draw: Callable[P, R]) -> Callable[P, R]:
    """Draw with the project's settings and leave the user's as they were."""

    @wraps(draw)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with matplotlib.rc_context(STYLE):
            return draw(*args, **kwargs)

    return inside


def panels(
    count: int, ax: Axes | None, height: float, *, above: float = 0.0, width: float | None = None, columns: int = 3, name: str = "compound"
) -> tuple[Figure, list[Axes]]:
    """`count` axes of `height` (mm) in rows of up to `columns`: one is a single column wide, more are two; or the one that is given.
    `above`: mm for a legend.

    Raises InputError if there are several and one is given: `name` is what chooses one.
    """
    if ax is not None:
        if count != 1:
            raise InputError(f"ax= holds one panel, and there are {count} to draw (choose one with {name}=)")
        return figure_of(ax), [ax]
    across = min(count, columns if (width or DOUBLE) > 1.5 * SINGLE else 1)
    down = -(-count // across)
    wide = width or (DOUBLE if across > 1 else SINGLE)
    figure = Publication(figsize=(wide * MM, (above + height * down) * MM), layout="constrained")
    figure.whole = True
    grid = figure.subplots(down, across, squeeze=False)
    every = list(grid.flat)
    for empty in every[count:]:
        empty.remove()
    return figure, every[:count]


def beside(ax: Axes, transform: Transform, x: float = 0.0, y: float = 0.0) -> Transform:
    """The same place, `x` and `y` points further right and up."""
    return offset_copy(transform, figure_of(ax), x=x, y=y, units="points")


def legend_above(
    axes: Sequence[Axes], order: Callable[[str], int] = lambda label: 0, *, lift: float = 4.0, columns: int | None = None
) -> None:
    """One legend for all panels, each label once, above them so that it never lies on data: `lift` points above axes of the user's."""
    found: dict[str, Any] = {}
    for ax in axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    labels = sorted(found, key=order)
    handles, first = [found[n] for n in labels], axes[0]
    if isinstance(first.figure, Publication) and first.figure.whole:
        first.figure.legend(handles, labels, loc="outside upper left", ncols=columns or (2 if len(axes) > 1 else 1), borderaxespad=0.5)
    elif labels:
        place = beside(first, first.transAxes, y=lift)
        first.legend(handles, labels, loc="lower left", bbox_to_anchor=(0.0, 1.0), bbox_transform=place)


def figure_of(ax: Axes) -> Figure:
    """The whole figure that axes belong to."""
    figure = ax.get_figure()
    while figure is not None and not isinstance(figure, Figure):
        figure = figure.figure  # a figure within a figure
    if figure is None:
        raise InputError("ax= belongs to no figure any more (make axes with Figure().subplots())")
    return figure


def chosen(name: str | None, known: dict[str, str], what: str = "compound") -> str | None:
    """The key of `known` (key → label) that a user means by a key or a label. Raises InputError with those that exist."""
    if name is None:
        return None
    for key, label in known.items():
        if name.strip().lower() in (key.lower(), label.lower()):
            return key
    raise InputError(f"{what}: {name!r} is not in this result (one of: {', '.join(known) or 'none'})")
