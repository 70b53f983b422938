"""What is asked of the API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from clearway.web.limits import MAX_SUBJECTS
from clearway.web.shapes.base import Name, Shape


class CaseRequest(Shape):
    case: dict[str, Any] = Field(description="a clearway.case/1 document, as the YAML file holds it")


class PairRequest(CaseRequest):
    perpetrator: Name
    victim: Name


class OpenRequest(Shape):
    yaml: str


class ReportRequest(CaseRequest):
    format: Literal["html", "pdf"]


class CohortRequest(CaseRequest):
    subjects: Annotated[int, Field(ge=1, le=MAX_SUBJECTS)]
    seed: Annotated[int, Field(ge=0, le=2**53 - 1)] = 1
