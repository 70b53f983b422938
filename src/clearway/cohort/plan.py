"""What is asked of a cohort, and how its rows are cut into chunks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from clearway.errors import InputError
from clearway.model.simulate import RTOL

CHUNK = 4096
MOST_ROWS = 10**9
PERCENTILES = (5.0, 25.0, 50.0, 75.0, 95.0)

RANGES: dict[str, tuple[int, int, str]] = {
    "subjects": (1, MOST_ROWS, "-n"),
    "seed": (0, 2**63 - 1, "--seed"),
    "chunk": (1, 2**17, "--chunk"),
    "uncertainty": (0, 10_000, "--uncertainty"),
}


@dataclass(frozen=True)
class Plan:
    """`subjects` people drawn with `seed`, computed `chunk` at a time; each under `uncertainty` sets of the uncertain
    parameters (0: under their typical values alone). `bands`: percentile curves, in groups of the column `by` if given;
    `curves`: every curve. Raises InputError for a number out of range."""

    subjects: int
    seed: int = 1
    chunk: int = CHUNK
    uncertainty: int = 0
    curves: bool = False
    bands: bool = True
    by: str | None = None
    percentiles: tuple[float, ...] = PERCENTILES
    rtol: float = RTOL

    def __post_init__(self) -> None:
        for name, (low, high, option) in RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise InputError(f"{option}: {value:,} is out of range ({low:,} to {high:,})")
        if self.rows > MOST_ROWS:
            raise InputError(f"--uncertainty: {self.subjects:,} subjects × {self.uncertainty:,} draws are more than {MOST_ROWS:,} rows")
        if not self.percentiles or any(not 0.0 <= p <= 100.0 for p in self.percentiles):
            raise InputError(f"--percentiles: {self.percentiles} (numbers from 0 to 100, such as 5,50,95)")
        if not 1e-12 <= self.rtol <= 1e-2:
            raise InputError(f"--rtol: {self.rtol:g} is out of range (1e-12 to 1e-2)")
        if self.by and not self.bands:
            raise InputError("--by: groups of bands are asked for, but no bands (leave --no-bands out)")

    @property
    def rows(self) -> int:
        """Subjects under each draw of the parameters."""
        return self.subjects * max(1, self.uncertainty)

    @property
    def chunks(self) -> int:
        return -(-self.rows // self.chunk)

    def span(self, number: int) -> tuple[int, int]:
        """First row and number of rows of a chunk. Row r is subject r mod subjects under draw r div subjects."""
        first = number * self.chunk
        return first, min(self.chunk, self.rows - first)

    @property
    def kinds(self) -> tuple[str, ...]:
        return ("endpoints", *(["bands"] if self.bands else []), *(["curves"] if self.curves else []))


def column(name: str) -> str:
    """A name as a column of a table that SQL takes without quotes: `methadone-r` → `methadone_r`."""
    return re.sub(r"\W+", "_", name).strip("_")
