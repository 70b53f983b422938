"""What all shapes share: no field that is not named, and problems as they are told."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Number = float | None
"""None stands for what is not a number."""

Arm = Literal["regimen", "compare"]
Name = Annotated[str, Field(max_length=200)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(Shape):
    message: str
    path: str = Field(description="place in the case, as regimen[0].dose")
    line: int
    column: int


class Problems(Shape):
    problems: list[Problem]
