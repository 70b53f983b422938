"""The `population:` block of a case: how people differ where `person:` says nothing of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clearway.library.document import Key
from clearway.library.library import Library
from clearway.physiology.people import SEXES
from clearway.physiology.person import ANCESTRIES, RANGES
from clearway.physiology.population import LEAST_BMI, BySex, Population
from clearway.physiology.spread import Spread
from clearway.regimen.block import Block, Problems
from clearway.regimen.dose import PersonSpec, Regimen
from clearway.units import to_internal


@dataclass(frozen=True)
class Number:
    """One number that may spread: its range, and how it is written (`kind` and `like`; a bare number without them).
    `factor` turns the internal unit of the kind into that of `Person`."""

    low: float
    high: float
    kind: str = ""
    like: str = ""
    factor: float = 1.0


NUMBERS: dict[str, Number] = {
    "age": Number(*RANGES["age"][:2]),
    "height": Number(*RANGES["height"][:2], "length", "176 cm"),
    "weight": Number(*RANGES["weight"][:2], "mass", "73 kg", 1e-6),
    "bmi": Number(LEAST_BMI, 60.0),
    "haematocrit": Number(*RANGES["haematocrit"][:2]),
    "albumin": Number(*RANGES["albumin"][:2], "mass concentration", "45 g/L", 1e-3),
    "aag": Number(*RANGES["aag"][:2], "mass concentration", "0.8 g/L", 1e-3),
    "urine_ph": Number(*RANGES["urine_ph"][:2]),
    "egfr": Number(*RANGES["egfr"][:2], "filtration", "95 mL/min/1.73m²"),
    "creatinine": Number(*RANGES["creatinine"][:2], "mass concentration", "0.9 mg/dL", 0.1),
    "microsomal_protein": Number(0.1, 10.0),
    "gastric_emptying": Number(0.1, 10.0),
    "transit": Number(0.1, 10.0),
}
FIELDS = (*NUMBERS, "female", "child_pugh", "ancestry", "abundance", "users", "adherence", "seed", "note")
SPREAD = ("mean", "sd", "median", "cv", "low", "high")
CHILD_PUGH = ("A", "B", "C")
LARGEST_CV = 3.0
LARGEST_SEED = 2**63 - 1
TWO_WAYS = (("weight", "bmi"), ("egfr", "creatinine"))
"""Numbers that say one thing in two ways; the second is not a field of `person`."""


def read_population(problems: Problems, data: Any, path: Key, library: Library, person: PersonSpec) -> Population:
    """The population of a case: the people of `person`, as far as it says, spread as the block says."""
    block = Block(problems, data, path, FIELDS)
    fixed = person.given()
    for name in NUMBERS:
        if name in block and name in fixed:
            block.error(name, f"'person' gives it to everybody (leave '{name}' out there, or here)")
    for one, other in TWO_WAYS:
        if other in block and (one in block or one in fixed):
            block.error(other, f"{one} says the same (keep one)")
    for name, classes in (("female", "sex"), ("child_pugh", "child_pugh")):
        if name in block and classes in fixed:
            block.error(name, f"'person' gives '{classes}' to everybody (leave '{classes}' out there, or '{name}' here)")
    seed = block.whole("seed", 0, LARGEST_SEED)
    return Population(
        seed=Population.seed if seed is None else seed,
        fixed=fixed,
        spreads={name: found for name, n in NUMBERS.items() if name in block and (found := _by_sex(block, name, n))},
        female=block.number("female", 0.0, 1.0),
        child_pugh=_shares(block, "child_pugh", CHILD_PUGH, whole=False),
        ancestry=_shares(block, "ancestry", ANCESTRIES, whole=True),
        abundance=_abundance(block, library),
        users=_users(block, library),
        adherence=_adherence(block, library),
    )


def _by_sex(block: Block, name: str, number: Number) -> BySex | None:
    """A spread, or one each for men and women."""
    item = block.data[name]
    if not isinstance(item, dict) or not set(item) & set(SEXES):
        one = _spread(block, name, number)
        return (one, one) if one else None
    inner = Block(block.problems, item, block.at(name), SEXES)
    found = [_spread(inner, sex, number) if sex in inner else None for sex in SEXES]
    for sex in SEXES:
        if sex not in inner:
            inner.problems.error(inner.path, f"'{sex}' is missing (give both, or one spread for all)")
    return (found[0], found[1]) if found[0] and found[1] else None


def _spread(block: Block, name: str, number: Number) -> Spread | None:
    """A plain number is everybody's; else {mean, sd}, {median, cv} or {low, high}, the first two with limits or without."""
    item = block.data[name]
    if not isinstance(item, dict):
        value = _value(block, name, number)
        return None if value is None else Spread.fixed(value)
    inner = Block(block.problems, item, block.at(name), SPREAD)
    read: dict[str, float | None] = {key: _value(inner, key, number) for key in ("mean", "median", "low", "high") if key in inner}
    if "sd" in inner:
        read["sd"] = _value(inner, "sd", Number(0.0, number.high - number.low, number.kind, number.like, number.factor))
    if "cv" in inner:
        read["cv"] = inner.number("cv", 0.0, LARGEST_CV)
    if set(read) - {"low", "high"} not in ({"mean", "sd"}, {"median", "cv"}) and set(read) != {"low", "high"}:
        block.error(name, "not a spread (write {mean, sd}, {median, cv} or {low, high}; 'low' and 'high' may limit the first two)")
        return None
    given = {key: value for key, value in read.items() if value is not None}
    if len(given) < len(read):
        return None  # reported already
    ordered = [given[key] for key in ("low", "mean", "median", "high") if key in given]
    if ordered != sorted(ordered) or ("low" in given and given["low"] == given.get("high")):
        block.error(name, "out of order (low must lie below high, and mean or median between them)")
        return None
    return Spread.of(given)


def _value(block: Block, key: str, number: Number) -> float | None:
    if not number.kind:
        return block.number(key, number.low, number.high)
    got = block.amount(key, block.data[key], (number.kind,), like=number.like)
    if got is None:
        return None
    value = to_internal(*got) * number.factor
    if not number.low <= value <= number.high:
        unit = number.like.split(" ", 1)[1]
        block.error(key, f"out of range ({value:g} {unit}; allowed {number.low:g} to {number.high:g} {unit})")
        return None
    return value


def _shares(block: Block, key: str, names: tuple[str, ...], *, whole: bool) -> dict[str, float]:
    """Shares by class; those of a whole sum to 1, others to no more."""
    inner = Block(block.problems, block.data.get(key), block.at(key), names)
    found = {name: share for name in names if (share := inner.number(name, 0.0, 1.0)) is not None}
    total = sum(found.values())
    if found and (total > 1.0 + 1e-9 or (whole and total < 1.0 - 1e-9)):
        block.error(key, f"shares sum to {total:g} (must be {'1' if whole else 'at most 1'})")
    return found


def _abundance(block: Block, library: Library) -> dict[str, float]:
    """Coefficients of variation by enzyme or transporter, of those that vary."""
    known = list(library.physiology["population"]["abundance"]["cv"])
    inner = Block(block.problems, block.data.get("abundance"), block.at("abundance"), known)
    return {e: cv for e in known if (cv := inner.number(e, 0.0, LARGEST_CV)) is not None}


def _users(block: Block, library: Library) -> dict[str, float]:
    """Share of the people who take a product at all."""
    inner = _named(block, "users")
    return {product: share for name, product in _products(inner, library) if (share := inner.number(name, 0.0, 1.0)) is not None}


def _adherence(block: Block, library: Library) -> dict[str, Spread]:
    """Probability that a dose is taken, by product."""
    inner = _named(block, "adherence")
    products = _products(inner, library)
    return {p: spread for name, p in products if name in inner and (spread := _spread(inner, name, Number(0.0, 1.0)))}


def _named(block: Block, field: str) -> Block:
    """A block whose keys are names of drugs."""
    return Block(block.problems, block.data.get(field), block.at(field), (), strict=False)


def _products(block: Block, library: Library) -> Iterator[tuple[str, str]]:
    """Each name in the block with its product; a name that the library does not have is an error."""
    for name in block.data:
        if str(name).strip().lower() in library.names():
            yield name, library.product(name).product
        else:
            block.error(name, library.unknown(str(name)))


def check_taken(problems: Problems, path: Key, population: Population, regimen: Regimen) -> None:
    """A product that some do not take, or whose doses may be missed, must be one of the case."""
    taken = list(dict.fromkeys(e.product for e in regimen.entries))
    for block, product in [("users", p) for p in population.users] + [("adherence", p) for p in population.adherence]:
        if product not in taken:
            problems.error((*path, block), f"{product} is not taken in this case (taken: {', '.join(taken)})")
