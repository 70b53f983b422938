"""What the page starts with."""

from __future__ import annotations

from typing import Literal

from clearway.web.shapes.base import Shape


class Counts(Shape):
    compounds: int
    products: int
    references: int
    studies: int


class Usual(Shape):
    dose: str
    route: str
    every: str | None
    basis: str


class Drug(Shape):
    id: str
    label: str
    kind: str
    parts: list[str]
    brands: list[str]
    synonyms: list[str]
    classes: list[str]
    routes: list[str]
    usual: Usual | None


class BySex(Shape):
    male: float | str | None
    female: float | str | None


class PersonField(Shape):
    name: str
    label: str
    kind: Literal["number", "quantity", "choice"]
    unit: str
    low: float | None
    high: float | None
    choices: list[str]
    default: BySex
    help: str


class Gene(Shape):
    gene: str
    alleles: list[str]
    examples: list[str]


class Limits(Shape):
    max_bytes: int
    max_subjects: int
    max_doses: int


class Start(Shape):
    version: str
    disclaimer: str
    counts: Counts
    drugs: list[Drug]
    person: list[PersonField]
    genes: list[Gene]
    routes: list[str]
    limits: Limits
