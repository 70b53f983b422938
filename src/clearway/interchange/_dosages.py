"""One FHIR `Dosage` (a checked, plain dict) → the fields of a regimen entry, or the reason why it is not read.

Read are a dose quantity, a regular timing (`repeat`, or the codes QD, BID, TID, QID, QOD, Q4H, Q6H, Q8H), times of day, and a route.
A dosage that leaves something open (a range, 'as needed', words only) is never completed by guessing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from clearway.library.products import Product
from clearway.units import convert

SNOMED = "http://snomed.info/sct"
# SNOMED CT codes as FHIR R4's value set `route-codes` names them.
ROUTE_CODES = {
    "26643006": "oral", "394899003": "oral", "47625008": "iv", "78421000": "im", "34206005": "sc", "37839007": "sublingual",
    "46713006": "intranasal", "45890007": "transdermal",
}  # fmt: skip
ROUTE_WORDS = {
    "oral": ("oral", "orally", "by mouth", "per os", "po", "oral route", "oral use", "swallow, oral", "peroral"),
    "iv": ("iv", "intravenous", "intravenously", "intravenous use", "intravenous route"),
    "im": ("im", "intramuscular", "intramuscularly", "intramuscular use", "intramuscular route"),
    "sc": ("sc", "subcutaneous", "subcutaneously", "sc use", "subcutaneous route", "subcutaneous use"),
    "sublingual": ("sl", "sublingual", "sublingually", "sublingual use", "sublingual route"),
    "intranasal": ("nasal", "intranasal", "nasal use", "nasal route", "intranasal route"),
    "transdermal": ("transdermal", "transdermal use", "transdermal route"),
    "inhaled": ("inhaled", "inhalation", "by inhalation", "inhalation use"),
}
UNIT_WORDS = {"ug": "µg", "mcg": "µg", "µg": "µg", "μg": "µg", "mg": "mg", "g": "g", "ng": "ng", "milligram": "mg", "gram": "g"}
CODED_HOURS = {"QD": 24.0, "BID": 12.0, "TID": 8.0, "QID": 6.0, "QOD": 48.0, "Q4H": 4.0, "Q6H": 6.0, "Q8H": 8.0}
PERIODS = {"s": "s", "min": "min", "h": "h", "d": "d", "wk": "week"}


class Unread(Exception):
    """The reason why a dosage is not read; never holds text of the document."""


@dataclass
class Read:
    """`entry` holds dose, route, every or times (and over, count); `said` what was settled by rule."""

    entry: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    bounds: dict[str, Any] = field(default_factory=dict)


def read_dosage(dosage: dict[str, Any], product: Product, assumed_route: str = "") -> Read:
    """The entry of one dosage. Raises `Unread`."""
    if dosage.get("asNeededBoolean") or "asNeededCodeableConcept" in dosage:
        raise Unread("taken as needed: no fixed times (add the doses by hand)")
    out = Read()
    out.entry["dose"] = _dose(dosage, product)
    timing = dosage.get("timing") or {}
    repeat = timing.get("repeat") or {}
    if "event" in timing:
        raise Unread("its timing lists dates (add the doses by hand)")
    _times(timing, repeat, out)
    _route(dosage, repeat, out, assumed_route)
    out.bounds = {key: repeat[key] for key in ("boundsPeriod", "boundsDuration") if key in repeat}
    if "boundsRange" in repeat:
        raise Unread("how long it is taken is a range")
    if "count" in repeat:
        out.entry["count"] = repeat["count"]
    return out


def _dose(dosage: dict[str, Any], product: Product) -> str:
    rates = dosage.get("doseAndRate") or []
    if len(rates) != 1:
        raise Unread("no dose" if not rates else "more than one dose in one dosage")
    if "rateRatio" in rates[0] or "rateRange" in rates[0] or "rateQuantity" in rates[0]:
        raise Unread("given as a rate (write it as an infusion by hand: dose, and 'over')")
    if "doseRange" in rates[0]:
        raise Unread("its dose is a range")
    quantity = rates[0].get("doseQuantity")
    if not quantity or "value" not in quantity or quantity.get("comparator"):
        raise Unread("no dose quantity")
    value = float(quantity["value"])
    words = [str(quantity[key]).strip() for key in ("code", "unit") if quantity.get(key)]
    if not value > 0:
        raise Unread("its dose is not above 0")
    for word in words:
        unit = UNIT_WORDS.get(word.lower())
        if unit:
            return f"{value:.12g} {unit}"
    counted = [w.lower().strip("{}").removesuffix("(s)").removesuffix("s") for w in words]
    if product.unit and any(w in (product.unit, {"tablet": "tbl", "mL": "ml"}.get(product.unit)) for w in counted):
        return f"{value:.12g} {product.unit}"
    if not words:
        raise Unread("its dose has no unit")
    raise Unread(f"its dose is not in a unit of mass{f' or in {product.unit}s' if product.unit else ''} (give it in mg)")


def _times(timing: dict[str, Any], repeat: dict[str, Any], out: Read) -> None:
    """`every`, or `times` of day."""
    for key, what in (("dayOfWeek", "days of the week"), ("when", "events of the day (meals, sleep)")):
        if repeat.get(key):
            raise Unread(f"its times are {what} (write 'times:' by hand)")
    if any(key in repeat for key in ("frequencyMax", "periodMax", "countMax", "durationMax")):
        raise Unread("its timing is a range")
    if repeat.get("timeOfDay"):
        clock = [str(t).split(":") for t in repeat["timeOfDay"]]
        out.entry["times"] = [f"{int(h) + int(m) / 60:.12g} h" for h, m, *_ in sorted(clock)]
        if (repeat.get("period", 1), repeat.get("periodUnit", "d")) != (1, "d") or repeat.get("frequency", len(clock)) != len(clock):
            raise Unread("its times of day do not go with its frequency")
        return
    hours = 0.0
    if "period" in repeat and "periodUnit" in repeat:
        unit = PERIODS.get(repeat["periodUnit"])
        if unit is None:
            raise Unread("repeated by the month or year, which has no fixed length")
        frequency = int(repeat.get("frequency", 1))
        hours = convert(float(repeat["period"]), unit, "h") / max(frequency, 1)
        if frequency > 1:
            out.said.append(f"{frequency} times in {repeat['period']:g} {unit}: spaced evenly, every {hours:.4g} h")
    else:
        codes = [c.get("code") for c in (timing.get("code") or {}).get("coding", ())]
        named = next((c for c in codes if c in CODED_HOURS), None)
        if named:
            hours = CODED_HOURS[named]
            out.said.append(f"{named}: every {hours:g} h")
    if not hours > 0:
        raise Unread("no regular timing (needs timing.repeat with frequency, period and periodUnit)")
    out.entry["every"] = f"{hours:.12g} h"


def _route(dosage: dict[str, Any], repeat: dict[str, Any], out: Read, assumed: str) -> None:
    concept = dosage.get("route") or {}
    codings = concept.get("coding", ())
    found = {ROUTE_CODES[c["code"]] for c in codings if c.get("system") == SNOMED and c.get("code") in ROUTE_CODES}
    if not found:
        words = {str(w).strip().lower() for w in [concept.get("text"), *(c.get(k) for c in codings for k in ("display", "code"))] if w}
        found = {route for route, names in ROUTE_WORDS.items() if words & set(names)}
    if not found and not concept and assumed:
        found = {assumed}
        out.said.append(f"no route given: {assumed}, as asked for")
    if not found and not concept:
        raise Unread("no route given (add --route oral to take those without one as oral)")
    if len(found) != 1:
        raise Unread("its route is not one that Clearway has")
    route = found.pop()
    if route == "iv":
        lasts = "duration" in repeat and "durationUnit" in repeat
        if lasts and repeat["durationUnit"] in PERIODS:
            out.entry["over"] = f"{convert(float(repeat['duration']), PERIODS[repeat['durationUnit']], 'h'):.12g} h"
        else:
            out.said.append("intravenous without a duration: a bolus")
        route = "iv infusion" if "over" in out.entry else "iv bolus"
    out.entry["route"] = route
