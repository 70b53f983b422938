"""The report: one self-contained HTML file, or the same on paper as PDF, without a single outside request."""

from __future__ import annotations

from typing import Literal, cast

from clearway.answers import Comparing, Running
from clearway.report.page import html

__all__ = ["html", "render"]


def render(answer: Comparing | Running, kind: Literal["html", "pdf"]) -> bytes:
    """The report as a file's content."""
    page = html(cast(Comparing, answer))
    if kind == "html":
        return page.encode()
    import weasyprint

    return cast(bytes, weasyprint.HTML(string=page).write_pdf())
