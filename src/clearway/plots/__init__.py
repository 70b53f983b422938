"""Figures of results, fit for a paper: `answer.plot.curves()`, `outcome.plot.bands()`, `qualification.plot.predicted_observed()`, …

One class a kind of result, reached by its property `plot`; each method returns a matplotlib `Figure` or draws on the axes given as
`ax`. Figures are `SINGLE` or `DOUBLE` column wide (mm, `width` takes any other), `figure.savefig("name.svg")` chooses SVG, PDF or PNG by
the suffix and keeps text as text. Colours are Okabe and Ito's, and nothing is told by colour alone.

Importing this package needs matplotlib and raises InputError without it; nothing else of Clearway imports it unless asked for a figure.
"""

from clearway.errors import InputError

try:
    import matplotlib as _matplotlib  # noqa: F401  (the modules below use it)
except ImportError:
    raise InputError("figures need matplotlib, which is not installed (pip install 'clearway[report]')") from None

from clearway.plots._style import DOUBLE, SINGLE, Publication

__all__ = ["DOUBLE", "SINGLE", "Publication"]
