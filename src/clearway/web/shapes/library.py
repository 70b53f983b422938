"""The library, all its pairs, and its accuracy."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from clearway.web.shapes.base import Number, Shape
from clearway.web.shapes.case import StudyArm


class ScreenDrug(Shape):
    id: str
    label: str
    classes: list[str]
    dose: str
    basis: str


class ScreenVictim(Shape):
    id: str
    drug: int = Field(description="index into drugs")
    label: str


class Screen(Shape):
    drugs: list[ScreenDrug]
    victims: list[ScreenVictim]
    mechanisms: list[str]
    enzymes: list[str]
    evidence: list[str]
    rows: list[tuple[int, int, int, float, int, int, int]] = Field(
        description="perpetrator, victim, route (0 iv, 1 oral), AUC ratio, mechanism (-1: none), weakest evidence (-1: none), study arms"
    )
    unchanged: int


class Act(Shape):
    on: str
    kind: str


class Single(Shape):
    rows: int
    within: int


class Arms(Shape):
    victim: int
    perpetrator: int


class Listed(Shape):
    id: str
    label: str
    classes: list[str]
    metabolite: bool
    evidence: dict[str, int]
    cleared_by: list[str]
    acts_on: list[Act]
    single: Single
    studies: Arms
    brands: list[str]


class Compounds(Shape):
    compounds: list[Listed]


class Conflict(Shape):
    value: float
    unit: str
    source: str
    citation: str
    note: str


class ValueRow(Shape):
    place: str
    label: str
    value: float
    unit: str
    low: Number
    high: Number
    evidence: str
    source: str | None
    citation: str
    fitted_to: list[str]
    because: str
    note: str
    conflicts: list[Conflict]


class ValueBlock(Shape):
    heading: str
    rows: list[ValueRow]


class ScheduleRow(Shape):
    where: str
    level: str
    date: str


class SingleRow(Shape):
    title: str
    quantity: str
    unit: str
    observed: float
    predicted: Number
    independent: bool
    miss: str


class Reference(Shape):
    key: str
    citation: str
    title: str
    pmid: str
    doi: str
    url: str
    read: str


class ProductRow(Shape):
    id: str
    label: str
    parts: list[str]
    brands: list[str]


class Card(Shape):
    id: str
    label: str
    classes: list[str]
    note: str
    identifiers: dict[str, str]
    schedules: list[ScheduleRow]
    blocks: list[ValueBlock]
    single: list[SingleRow]
    victim_arms: list[StudyArm]
    perpetrator_arms: list[StudyArm]
    references: list[Reference]
    products: list[ProductRow]


class FiguresRow(Shape):
    name: str
    n: int
    gmfe: Number
    bias: Number
    within_125: Number
    within_15: Number
    within_2: Number
    guest: Number
    sign_errors: int


class Accuracy(Shape):
    figures: list[FiguresRow]
    arms: list[StudyArm]


class Study(Shape):
    arm: StudyArm | None
    study: dict[str, Any] = Field(description="the study file (clearway.study/1) as JSON")
