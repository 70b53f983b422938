"""One regimen entry (drug, dose, route, times) → `Entry` with its expanded doses."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import Any

from clearway.library.compound import Situation
from clearway.library.document import Document, Key
from clearway.library.library import Library
from clearway.library.products import Product, plain
from clearway.regimen.amounts import Amounts
from clearway.regimen.block import Block, Problems, day_list
from clearway.regimen.dose import ROUTES, Dose, Entry, Regimen
from clearway.units import to_internal

FIELDS = (
    "drug", "dose", "route", "start", "every", "count", "until", "over", "times", "days", "doses", "missed", "as", "fed", "note",
)  # fmt: skip
MAX_DOSES = 20_000
MAX_TIME_H = 24.0 * 3650


class NotModelled(Exception):
    """A drug or route of a study that the library does not have: a reason to skip, not an error."""


@dataclass
class Reader:
    """What every entry of one file shares."""

    problems: Problems
    library: Library
    weight_kg: float | None
    strict: bool = True  # a case; a study file may hold more fields and drugs the library does not have
    ids_are_base: bool = False  # the library's own files: a compound's id is the compound, whatever its product
    fed: bool = False  # every dose is taken with a meal, unless its entry says otherwise

    def __post_init__(self) -> None:
        self.amounts = Amounts(self.problems, self.library, self.weight_kg)

    def entries(self, items: list[Any], path: Key, first: int = 0) -> list[Entry]:
        found = [self.entry(item, (*path, i), first + i) for i, item in enumerate(items)]
        return [e for e in found if e is not None]

    def entry(self, data: Any, path: Key, number: int) -> Entry | None:
        """One entry, or None if something in it is wrong (recorded)."""
        block = Block(self.problems, data, path, FIELDS, strict=self.strict)
        before = len(self.problems.errors)
        for key in ("drug", "route") + (() if "doses" in block else ("dose",)):
            if block.data and key not in block:
                self.problems.error(path, f"'{key}' is missing ({_EXAMPLE})")
        if data in (None, {}):
            self.problems.error(path, f"is empty ({_EXAMPLE})")
        name = block.text("drug")
        product = self._product(block, name)
        route = self._route(block, product)
        over = block.quantity("over", "time", 1e-3, 24 * 30, like="30 min")
        if route == "iv infusion" and over is None and "over" not in block:
            block.error("route", "an infusion needs its duration (add 'over: 30 min')")
        if route not in (None, "iv infusion") and over is not None:
            block.error("over", f"only an infusion has a duration (route {route!r}; use 'iv infusion', or leave 'over' out)")
        times, interval = self._times(block)
        fed = block.flag("fed")
        doses: list[tuple[float, Any, Key]] = [(t, block.data.get("dose"), block.at("dose")) for t in times]
        if "doses" in block:
            doses, interval = self._listed(block), None
        missed = self._missed(block, len(doses))
        if product is None or route is None or len(self.problems.errors) > before:
            return None
        skipped = [t for i, (t, _, _) in enumerate(doses, 1) if i in missed]
        doses = [d for i, d in enumerate(doses, 1) if i not in missed]
        out: list[Dose] = []
        cache: dict[int, list[Dose]] = {}
        for time, item, where in doses:
            if id(item) not in cache:
                cache[id(item)] = self.amounts.doses(block, product, item, where, self.fed if fed is None else fed)
            out += [replace(d, route=route, time_h=time, duration_h=over or 0.0, entry=number) for d in cache[id(item)]]
        if len(self.problems.errors) > before:
            return None
        line = self.problems.document.places.get(path, (0, 0))[0]
        compounds = [p.compound for p in product.parts if p.compound in self.library.compounds]
        text = f"{name} {block.text('dose')} {route}".replace("  ", " ")
        return Entry(product.product, compounds, route, [t for t, _, _ in doses], interval, out, text, line, skipped)

    def _product(self, block: Block, name: str) -> Product | None:
        if not name:
            return None
        if name.strip().lower() not in self.library.names():
            if not self.strict:
                raise NotModelled(name)
            block.error("drug", self.library.unknown(name))
            return None
        if self.ids_are_base and name in self.library.compounds:
            return plain(name, self.library.compounds[name].name)
        product = self.library.product(name)
        missing = self.library.missing(product)
        if missing:
            if not self.strict:
                raise NotModelled(", ".join(missing))
            block.error("drug", f"{product.name} contains {' and '.join(missing)}, which the library does not have yet")
            return None
        return product

    def _route(self, block: Block, product: Product | None) -> str | None:
        route = block.choice("route", ROUTES)
        if route is None or product is None or route.startswith("iv"):
            return route
        for part in product.parts:
            compound = self.library.compounds.get(part.compound)
            if compound is None:
                continue
            absorption = compound.absorption
            has = [r for r in ROUTES if getattr(absorption, r, None) is not None]
            if route not in has:
                if not self.strict:
                    raise NotModelled(f"{compound.compound} by the route {route}")
                known_routes = ", ".join([*has, "iv bolus", "iv infusion"])
                block.error("route", f"no parameters for this route ({compound.compound} {route}; it has: {known_routes})")
                return None
        return route

    def _times(self, block: Block) -> tuple[list[float], float | None]:
        """Times of the doses and the interval after which the pattern repeats."""
        start = block.quantity("start", "time", 0, MAX_TIME_H, default=0.0, like="24 h") or 0.0
        every = block.quantity("every", "time", 0.05, 24 * 366, like="12 h")
        until = block.quantity("until", "time", 0, MAX_TIME_H, like="14 d")
        count = block.whole("count", 1, MAX_DOSES)
        if "times" in block or "days" in block:
            return self._clock_times(block, start, until)
        if every is None:
            if count is not None and count > 1 and "every" not in block:
                block.error("count", f"{count} doses need an interval (add 'every: 24 h')")
            return [start], None
        if count is None and until is None:
            if "count" not in block and "until" not in block:
                block.error("every", "no end (add 'count: 14' or 'until: 14 d')")
            return [start], every
        if until is not None:
            if until <= start:
                block.error("until", f"ends before it starts (until {until:g} h; start {start:g} h)")
                return [start], every
            fits = math.ceil((until - start) / every - 1e-9)  # a dose at `until` itself is not given
            count = fits if count is None else min(count, fits)
        if count is not None and count > MAX_DOSES:
            block.error("every", f"too many doses ({count}; at most {MAX_DOSES})")
            return [start], every
        return [start + i * every for i in range(count or 1)], every

    def _clock_times(self, block: Block, start: float, until: float | None) -> tuple[list[float], float | None]:
        hours: list[float] = []
        items = block.items("times") if "times" in block else ["0 h"]
        for item in items:
            got = block.amount("times", item, ("time",), like="8 h")
            hours.append(to_internal(*got) if got else 0.0)
        if any(not 0 <= h < 24 for h in hours):
            block.error("times", "times of day must lie in 0 h to 24 h (use 'start' and 'every' for other patterns)")
        if any(b <= a for a, b in itertools.pairwise(hours)):
            block.error("times", "out of order (times of day must rise)")
        days = day_list(block.data.get("days")) if "days" in block else None
        if "days" in block and days is None:
            block.error("days", f'not a list of days ({block.data["days"]!r}; write "1-14" or "1-5, 8")')
        if days is None:
            if "days" not in block and until is None:
                block.error("times", "no end (add 'days: \"1-14\"' or 'until: 14 d')")
            days = list(range(1, math.ceil((until or 24.0) / 24 - 1e-9) + 1))
        for key in ("every", "count"):
            if key in block:
                block.error(key, f"'{key}' and 'times' exclude each other (keep one)")
        times = [start + 24 * (d - 1) + h for d in days for h in hours]
        times = [t for t in times if until is None or t < until]
        return times or [start], 24.0 if len(days) > 1 else None

    @staticmethod
    def _missed(block: Block, count: int) -> list[int]:
        """Numbers of the doses that are not taken, from 1."""
        if "missed" not in block:
            return []
        item = block.data["missed"]
        found = [] if item == [] else day_list(item)
        if found is None:
            block.error("missed", f'not a list of dose numbers ({item!r}; write [5, 6] or "5-6")')
            return []
        if found and found[-1] > count:
            block.error("missed", f"dose number {found[-1]} does not exist (there are {count})")
        elif len(found) >= count:
            block.error("missed", f"no dose is left ({count} of {count} missed; leave the entry out instead)")
        return found

    def _listed(self, block: Block) -> list[tuple[float, Any, Key]]:
        """`doses: [{time: 0 h, dose: 5 mg}, …]`, which must be in order of time."""
        out: list[tuple[float, Any, Key]] = []
        for i, item in enumerate(block.items("doses")):
            inner = Block(self.problems, item, (*block.path, "doses", i), ("time", "dose"))
            time = inner.quantity("time", "time", 0, MAX_TIME_H, default=0.0, like="24 h") or 0.0
            if out and time < out[-1][0]:
                inner.error("time", f"out of order ({time:g} h after {out[-1][0]:g} h; list doses as time goes)")
            dose = inner.data.get("dose", block.data.get("dose"))
            if dose is None:
                self.problems.error(inner.path, "'dose' is missing (write {time: 0 h, dose: 5 mg})")
            out.append((time, dose, inner.at("dose") if "dose" in inner else block.at("dose")))
        for key in ("start", "every", "count", "until", "times", "days"):
            if key in block:
                block.error(key, f"'{key}' and 'doses' exclude each other (keep one)")
        return out


_EXAMPLE = "write for example {drug: methadone, dose: 60 mg, route: oral, every: 24 h, count: 15}"


def expand_rows(document: Document, rows: list[Any], path: Key, library: Library, weight_kg: float | None = 70.0) -> Regimen:
    """Dose rows of a library file (single_drug observations): a compound's id means the base itself.
    Raises `InputError` with every problem found."""
    problems = Problems(document)
    regimen = Regimen(Reader(problems, library, weight_kg, ids_are_base=True).entries(rows, path))
    problems.stop()
    return regimen


def situation_regimen(situation: Situation, library: Library, file: str = "") -> Regimen:
    """The doses in which a clearance was observed. Raises `InputError` if they cannot be read."""
    row: dict[str, Any] = {"drug": situation.drug, "dose": situation.dose, "route": situation.route}
    if situation.every:
        row |= {"every": situation.every, "count": situation.count}
    if situation.over:
        row["over"] = situation.over
    path: Key = ("elimination", "clearance", "situation")
    return expand_rows(Document(file or situation.drug, row), [row], path, library, situation.weight or 70.0)
