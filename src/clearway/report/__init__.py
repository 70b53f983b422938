"""The report of a comparison or a run: one self-contained HTML file, or the same on paper as PDF."""

from clearway.report.document import SUFFIXES, Kind, html, kind_of, pdf, render

__all__ = ["SUFFIXES", "Kind", "html", "kind_of", "pdf", "render"]
