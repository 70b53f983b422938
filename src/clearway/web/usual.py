"""The dose that is filled in when a drug is picked: something to begin with, never advice, and it says where it comes from."""

from __future__ import annotations

from typing import Any

from clearway.answers.evidence import citation
from clearway.library.compound import Compound
from clearway.library.products import Product
from clearway.web.known import Known


def usual(known: Known, product: Product, compounds: list[Compound], routes: list[str]) -> dict[str, Any] | None:
    """`{dose, route, every, basis}` of a product, in the words of a case file; `every` is None for a single dose. None where nothing
    is known: the page then asks. The library's table comes first; a user's own compound has the dose of its clearance study."""
    row = known.library.usual.get(product.product)
    if row is None:
        return _own(known, product, compounds, routes)
    if "dose" not in row:
        return None
    return {"dose": row["dose"], "route": row["route"], "every": row["every"], "basis": _basis(known, row)}


def _basis(known: Known, row: dict[str, Any]) -> str:
    """`source: TripSit 2026 (50-100 mg)`, or the reason of an assumption."""
    if "because" in row:
        return f"assumed: {row['because']}"
    note = f" ({row['note']})" if row.get("note") else ""
    return f"source: {citation(known.library, row['source'])}{note}"


def _own(known: Known, product: Product, compounds: list[Compound], routes: list[str]) -> dict[str, Any] | None:
    """Of a compound that the table does not have: the dose at which its clearance was observed, if it is its own, and of a product
    that is counted in units, one of them, where only one way to take it is known. No route is guessed for a device."""
    if product.unit:
        taken = [route for route in product.routes or routes if route in routes and not route.startswith("iv")]
        one = {"dose": f"1 {product.unit}", "every": None, "basis": "one unit (assumed)"}
        return {**one, "route": taken[0]} if len(taken) == 1 else None
    seen = compounds[0].elimination.clearance.situation if compounds else None
    if seen is None or seen.over or seen.route not in routes or known.library.names().get(seen.drug.lower()) != product.product:
        return None
    return {"dose": seen.dose, "route": seen.route, "every": seen.every or None, "basis": "the dose at which its clearance was observed"}
