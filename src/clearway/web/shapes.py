"""The JSON of the API as types: requests are checked against them, answers are documented by them (OpenAPI 3.1).

The case itself is a `clearway.case/1` document; its own reader checks it and names what is wrong, so that page and command line
say the same.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from clearway.web.limits import MAX_SUBJECTS

Number = float | None
"""None stands for what is not a number."""

Arm = Literal["regimen", "compare"]
Name = Annotated[str, Field(max_length=200)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(_Shape):
    message: str
    path: str = Field(description="place in the case, as regimen[0].dose")
    line: int
    column: int


class Problems(_Shape):
    problems: list[Problem]


# -- requests ---------------------------------------------------------------------------------------------


class CaseRequest(_Shape):
    case: dict[str, Any] = Field(description="a clearway.case/1 document, as the YAML file holds it")


class PairRequest(CaseRequest):
    perpetrator: Name
    victim: Name


class OpenRequest(_Shape):
    yaml: str


class ReportRequest(CaseRequest):
    format: Literal["html", "pdf"]


class CohortRequest(CaseRequest):
    subjects: Annotated[int, Field(ge=1, le=MAX_SUBJECTS)]
    seed: Annotated[int, Field(ge=0, le=2**53 - 1)] = 1


# -- what the page starts with ----------------------------------------------------------------------------


class Counts(_Shape):
    compounds: int
    products: int
    references: int
    studies: int


class Usual(_Shape):
    dose: str
    route: str
    every: str | None
    basis: str


class Drug(_Shape):
    id: str
    label: str
    kind: str
    parts: list[str]
    brands: list[str]
    synonyms: list[str]
    classes: list[str]
    routes: list[str]
    usual: Usual | None


class BySex(_Shape):
    male: float | str | None
    female: float | str | None


class PersonField(_Shape):
    name: str
    label: str
    kind: Literal["number", "quantity", "choice"]
    unit: str
    low: float | None
    high: float | None
    choices: list[str]
    default: BySex
    help: str


class Gene(_Shape):
    gene: str
    alleles: list[str]
    examples: list[str]


class Limits(_Shape):
    max_bytes: int
    max_subjects: int
    max_doses: int


class Start(_Shape):
    version: str
    disclaimer: str
    counts: Counts
    drugs: list[Drug]
    person: list[PersonField]
    genes: list[Gene]
    routes: list[str]
    limits: Limits


# -- cases ------------------------------------------------------------------------------------------------


class CheckedEntry(_Shape):
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


class Checked(_Shape):
    problems: list[Problem]
    warnings: list[str]
    title: str
    duration_h: float | None
    entries: list[CheckedEntry]


class Opened(_Shape):
    case: dict[str, Any] | None
    problems: list[Problem]


class Saved(_Shape):
    yaml: str


# -- pairs ------------------------------------------------------------------------------------------------


class MatrixDrug(_Shape):
    id: str
    label: str
    arm: Arm
    dose: str


class Factor(_Shape):
    mechanism: str
    factor: float


class Cell(_Shape):
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


class LeftOut(_Shape):
    drug: str
    why: str


class Matrix(_Shape):
    drugs: list[MatrixDrug]
    cells: list[Cell]
    left_out: list[LeftOut]


class BasisRow(_Shape):
    compound: str
    what: str
    enzyme: str
    value: float
    unit: str
    evidence: str
    source: str | None
    citation: str
    why: str


class StudyArm(_Shape):
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


class Pair(_Shape):
    cell: Cell
    basis: list[BasisRow]
    studies: list[StudyArm]


# -- the library, its pairs and its accuracy --------------------------------------------------------------


class ScreenDrug(_Shape):
    id: str
    label: str
    classes: list[str]
    dose: str
    basis: str


class ScreenVictim(_Shape):
    id: str
    drug: int = Field(description="index into drugs")
    label: str


class Screen(_Shape):
    drugs: list[ScreenDrug]
    victims: list[ScreenVictim]
    mechanisms: list[str]
    enzymes: list[str]
    evidence: list[str]
    rows: list[tuple[int, int, int, float, int, int, int]] = Field(
        description="perpetrator, victim, route (0 iv, 1 oral), AUC ratio, mechanism (-1: none), weakest evidence (-1: none), study arms"
    )
    unchanged: int


class Act(_Shape):
    on: str
    kind: str


class Single(_Shape):
    rows: int
    within: int


class Arms(_Shape):
    victim: int
    perpetrator: int


class Listed(_Shape):
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


class Compounds(_Shape):
    compounds: list[Listed]


class Conflict(_Shape):
    value: float
    unit: str
    source: str
    citation: str
    note: str


class ValueRow(_Shape):
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


class ValueBlock(_Shape):
    heading: str
    rows: list[ValueRow]


class ScheduleRow(_Shape):
    where: str
    level: str
    date: str


class SingleRow(_Shape):
    title: str
    quantity: str
    unit: str
    observed: float
    predicted: Number
    independent: bool
    miss: str


class Reference(_Shape):
    key: str
    citation: str
    title: str
    pmid: str
    doi: str
    url: str
    read: str


class ProductRow(_Shape):
    id: str
    label: str
    parts: list[str]
    brands: list[str]


class Card(_Shape):
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


class FiguresRow(_Shape):
    name: str
    n: int
    gmfe: Number
    bias: Number
    within_125: Number
    within_15: Number
    within_2: Number
    guest: Number
    sign_errors: int


class Accuracy(_Shape):
    figures: list[FiguresRow]
    arms: list[StudyArm]


class Study(_Shape):
    arm: StudyArm | None
    study: dict[str, Any] = Field(description="the study file (clearway.study/1) as JSON")
