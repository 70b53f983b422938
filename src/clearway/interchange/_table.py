"""A text table with NONMEM's columns → records, every value checked, each with its place in the file."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from clearway.errors import InputError, Problem

MAX_ROWS = 100_000
MAX_PROBLEMS = 50
MAX_HOURS = 24.0 * 3650
NUMBERS: dict[str, tuple[float, float, bool]] = {
    # column → lowest, highest, whole
    "TIME": (0.0, MAX_HOURS, False),
    "AMT": (0.0, 1e9, False),
    "EVID": (0, 4, True),
    "CMT": (0, 9999, True),
    "RATE": (-2.0, 1e9, False),
    "ADDL": (0, 20_000, True),
    "II": (0.0, 24.0 * 366, False),
    "SS": (0, 3, True),
}
WORDS = ("DRUG", "PRODUCT", "ROUTE", "ARM", "UNIT")
MISSING = ("", ".", "NA")
COMMENT = re.compile(r"\s*(#|@|C(?=[\s,;]|$))", re.IGNORECASE)
FORTRAN = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eEdD][-+]?\d+)?")


@dataclass(frozen=True)
class Record:
    """One data record; a missing number is 0, as NM-TRAN reads '.', and a missing word is empty."""

    file: str
    line: int
    subject: str
    numbers: dict[str, float]
    words: dict[str, str]
    columns: dict[str, int]

    def problem(self, column: str, message: str) -> Problem:
        return Problem(message, self.file, self.line, self.columns.get(column, 1), column)

    def __getitem__(self, column: str) -> float:
        return self.numbers[column]


@dataclass
class Records:
    """The records of a file in its order. `columns` are those of the header that are known; `others` are not read."""

    records: list[Record]
    columns: list[str]
    others: list[str]
    comments: int


def read_table(text: str, file: str) -> Records:
    """Records of a table with a header. Raises `InputError` with every bad value found (at most 50)."""
    lines = text.splitlines()
    start = next((i for i, line in enumerate(lines) if _is_header(line)), None)
    if start is None:
        wanted = "begin with a line that names the columns: ID,TIME,AMT,EVID,CMT,RATE,ADDL,II,SS"
        raise InputError(Problem(f"no line names the columns TIME and AMT ({wanted})", file, 1, 1))
    if len(lines) > MAX_ROWS:
        raise InputError(Problem(f"too many lines ({len(lines)}; at most {MAX_ROWS})", file))
    names = [name.upper() for name, _ in _fields(lines[start])]
    twice = {n for n in names if names.count(n) > 1}
    if twice:
        raise InputError(Problem(f"column {sorted(twice)[0]} stands twice (keep one)", file, start + 1, 1))
    problems: list[Problem] = []
    records, comments = [], sum(1 for line in lines[:start] if line.strip())
    for number, line in enumerate(lines[start + 1 :], start + 2):
        if not line.strip():
            continue
        if COMMENT.match(line) or _is_header(line):
            comments += 1
            continue
        fields = _fields(line)
        if len(fields) != len(names):
            problems.append(Problem(f"{len(fields)} values for {len(names)} columns (write '.' for a missing value)", file, number, 1))
        else:
            records.append(_record(file, number, dict(zip(names, fields, strict=True)), problems))
        if len(problems) >= MAX_PROBLEMS:
            break
    if problems:
        raise InputError(problems)
    known = {"ID", *NUMBERS, *WORDS}
    return Records(records, [n for n in names if n in known], [n for n in names if n not in known], comments)


def _is_header(line: str) -> bool:
    return {"TIME", "AMT"} <= {name.upper() for name, _ in _fields(line)}


def _fields(line: str) -> list[tuple[str, int]]:
    """Values of a line with their columns (from 1): by comma, semicolon or tab, else by blanks."""
    mark = next((m for m in (",", ";", "\t") if m in line), None)
    if mark is None:
        return [(m[0], m.start() + 1) for m in re.finditer(r"\S+", line)]
    found, at = [], 1
    for value in next(csv.reader([line], delimiter=mark), []):
        found.append((value.strip(), at))
        at += len(value) + 1
    return found


def _record(file: str, line: int, fields: dict[str, tuple[str, int]], problems: list[Problem]) -> Record:
    columns = {name: at for name, (_, at) in fields.items()}
    numbers = dict.fromkeys(NUMBERS, 0.0)
    for name in NUMBERS:
        value = fields.get(name, ("", 1))[0]
        if value in MISSING:
            if name == "TIME":
                problems.append(Problem("is missing (allowed 0 or more hours since the first record)", file, line, columns[name], name))
            continue
        wrong, numbers[name] = _number(name, value)
        if wrong:
            problems.append(Problem(wrong, file, line, columns[name], name))
    words = {name: fields[name][0] for name in WORDS if name in fields and fields[name][0] not in MISSING}
    if "EVID" not in fields:  # as NM-TRAN supplies it
        numbers["EVID"] = 1.0 if numbers["AMT"] or numbers["RATE"] or numbers["SS"] else 0.0
    return Record(file, line, fields.get("ID", ("1", 1))[0], numbers, words, columns)


def _number(name: str, value: str) -> tuple[str, float]:
    """What is wrong with a number (or nothing), and the number."""
    low, high, whole = NUMBERS[name]
    allowed = f"allowed {low:g} to {high:g}" if name != "RATE" else f"allowed 0 to {high:g}"
    shown = value if len(value) <= 20 else value[:19] + "…"
    if not FORTRAN.fullmatch(value):
        hint = "hours as a number; clock times and dates are not read" if name == "TIME" and re.search(r"[:/]", value) else allowed
        return f"not a number ({shown!r}; {hint}; use a decimal point)", 0.0
    x = float(value.upper().replace("D", "E"))
    if not math.isfinite(x) or not low <= x <= high:
        return f"out of range ({shown}; {allowed}{_reason(name, x)})", 0.0
    if whole and x != int(x):
        return f"must be a whole number ({shown}; {allowed})", 0.0
    return "", x


def _reason(name: str, x: float) -> str:
    if name == "ADDL" and x < 0:
        return "; a negative ADDL asks NONMEM 7.5 for an empirical steady state: use SS=1 instead"
    if name == "CMT" and x < 0:
        return "; compartments cannot be turned off here"
    if name == "TIME" and x < 0:
        return "; add the same number to every TIME, so that the first is 0"
    return ""


def by_subject(records: list[Record]) -> Iterator[tuple[str, list[Record]]]:
    """Records of each ID, which must stand together, in the order of the file."""
    groups: dict[str, list[Record]] = {}
    last = None
    for record in records:
        if record.subject in groups and record.subject != last:
            text = "comes back after another ID (keep the records of one person together)"
            raise InputError(record.problem("ID", text))
        groups.setdefault(record.subject, []).append(record)
        last = record.subject
    yield from groups.items()
