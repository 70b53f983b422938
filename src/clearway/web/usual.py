"""The dose that is filled in when a drug is picked: something to begin with, never advice, and it says where it comes from."""

from __future__ import annotations

import re
from typing import Any

from clearway.library.compound import Compound
from clearway.library.products import Product
from clearway.screening.doses import stored
from clearway.web.known import Known

DAY = "24 h"
CLINICAL_INTERVALS = (4.0, 6.0, 8.0, 12.0, 24.0, 48.0, 72.0, 168.0)
"""Hours; an interval of a study that is none of these is no habit of patients, and a day is put in its place."""

WEIGHT = 70.0
"""kg, for a usual dose that is known per kg."""


def usual(known: Known, product: Product, compounds: list[Compound], routes: list[str]) -> dict[str, Any] | None:
    """A dose to begin with, and where it comes from: a unit of a product that is counted in units; else the repeated dose at which the
    drug's clearance was observed, the oral dose of most study arms, or the single dose of its clearance."""
    if product.unit:
        inside = next((r for r in routes if not r.startswith("iv")), routes[0])
        return _usual(f"1 {product.unit}", inside, DAY, "one unit a day (assumed)")
    situation = compounds[0].elimination.clearance.situation
    own = known.library.names().get(situation.drug.lower()) == product.product and situation.route in routes
    single = _per_person(situation.dose) if own else None
    if single and situation.every and situation.route == "oral":
        return _usual(single, situation.route, _clinical(situation.every), "the repeated dose of its clearance study")
    row = stored().get("+".join(c.compound for c in compounds))
    if row and "oral" in routes:
        every = DAY if row["single"] else _clinical(f"{row['interval']:g} h")
        return _usual(row["text"], "oral", every, f"the oral dose of most study arms ({row['arms']})")
    if single:
        once = f"the {'repeated' if situation.every else 'single'} dose of its clearance study"
        return _usual(single, situation.route, _clinical(situation.every) if situation.every else None, once)
    return None


def _usual(dose: str, route: str, every: str | None, basis: str) -> dict[str, Any]:
    return {"dose": dose, "route": route, "every": every, "basis": basis}


def _per_person(dose: str) -> str:
    """`0.2 mg/kg` as that of a person of `WEIGHT`, since the weight of this one may not be known."""
    found = re.fullmatch(r"([\d.]+) (\S+)/kg", dose)
    return f"{float(found[1]) * WEIGHT:.3g} {found[2]}" if found else dose


def _clinical(every: str) -> str:
    hours = re.fullmatch(r"([\d.]+) h", every)
    return every if hours is None or float(hours[1]) in CLINICAL_INTERVALS else DAY
