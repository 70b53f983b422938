"""Markdown tables of the accuracy page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clearway.answers.words import number, percent
from clearway.qualification.figures import Figures

COLUMNS = ("arms", "units", "GMFE", "bias", "≤ 1.25", "≤ 1.5", "≤ 2-fold", "Guest", "Guest δ 1.25", "class", "sign")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: Sequence[int] = (0,)) -> str:
    """A Markdown table; columns not in `left` are aligned to the right."""
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join("---" if i in left else "---:" for i in range(len(head))) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def figures_table(name: str, rows: Iterable[tuple[str, Figures]]) -> str:
    """One line of figures a group."""
    return table((name, *COLUMNS), [(label.replace("|", "/"), *cells(f)) for label, f in rows])


def cells(f: Figures) -> tuple[str, ...]:
    shares = (f.within_125, f.within_15, f.within_2, f.guest, f.guest_125, f.class_agreement)
    return (str(f.n), str(f.units), ratio(f.gmfe), ratio(f.bias), *(percent(s) for s in shares), str(f.sign_errors))


def ratio(x: float | None) -> str:
    return number(x)
