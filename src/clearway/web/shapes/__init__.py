"""The JSON of the API as types: requests are checked against them, answers are documented by them (OpenAPI 3.1).

The case itself is a `clearway.case/1` document; its own reader checks it and names what is wrong, so that page and command line
say the same.
"""

from clearway.web.shapes.base import Problems
from clearway.web.shapes.case import Checked, Matrix, Opened, Pair, Saved
from clearway.web.shapes.library import Accuracy, Card, Compounds, Screen, Study
from clearway.web.shapes.requests import CaseRequest, CohortRequest, OpenRequest, PairRequest, ReportRequest
from clearway.web.shapes.start import Start

__all__ = [
    "Accuracy",
    "Card",
    "CaseRequest",
    "Checked",
    "CohortRequest",
    "Compounds",
    "Matrix",
    "OpenRequest",
    "Opened",
    "Pair",
    "PairRequest",
    "Problems",
    "ReportRequest",
    "Saved",
    "Screen",
    "Start",
    "Study",
]
