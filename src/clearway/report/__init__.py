"""The report: one self-contained HTML file, printable, without a single outside request."""

from clearway.report.page import html

__all__ = ["html"]
