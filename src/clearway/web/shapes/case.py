"""A case as it is checked, opened, saved, and its pairs."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from clearway.answers.evidence import Basis
from clearway.web.shapes.base import Arm, Number, Problem, Shape


class CheckedEntry(Shape):
    arm: Arm
    index: int
    product: str
    label: str
    compounds: list[str]
    route: str
    times_h: list[float]
    missed_h: list[float]
    interval_h: float | None
    text: str
    steady: bool


class Checked(Shape):
    problems: list[Problem]
    warnings: list[str]
    title: str
    duration_h: float | None
    entries: list[CheckedEntry]


class Opened(Shape):
    case: dict[str, Any] | None
    problems: list[Problem]


class Saved(Shape):
    yaml: str


class MatrixDrug(Shape):
    id: str
    label: str
    arm: Arm
    dose: str


class Factor(Shape):
    mechanism: str
    factor: float


class Cell(Shape):
    perpetrator: str
    victim: str
    route: Literal["iv", "oral"]
    auc_ratio: float
    worst_low: float
    worst_high: float
    genotype_low: float | None
    genotype_high: float | None
    direction: Literal["rise", "fall", "none"]
    strength: Literal["strong", "moderate", "weak", "none"]
    mechanisms: list[Factor]
    evidence: str
    assumed: int
    values: int
    studies: list[str] = Field(description="study arms of the pair; none: no study exists")


class LeftOut(Shape):
    drug: str
    why: str


class Matrix(Shape):
    drugs: list[MatrixDrug]
    cells: list[Cell]
    left_out: list[LeftOut]


class StudyArm(Shape):
    id: str
    title: str
    perpetrators: list[str]
    victims: list[str]
    compound: str
    route: str
    quantity: str
    observed: float
    observed_low: Number
    observed_high: Number
    predicted: Number
    fitted: bool | None
    people: int | None
    reference: str
    address: str
    confidence: str


class Pair(Shape):
    cell: Cell
    basis: list[Basis]
    studies: list[StudyArm]
