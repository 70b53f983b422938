"""What the library holds, compound by compound: the list, and the card of one with the source of every value."""

from __future__ import annotations

from collections import Counter
from typing import Any

from clearway.answers import evidence, studies
from clearway.answers.plain import plain
from clearway.errors import Problem, UnknownName
from clearway.library.compound import Compound, Other, Value
from clearway.library.labels import BLOCKS, block, label
from clearway.library.products import Product
from clearway.library.values import values
from clearway.model.lane import KINDS as MECHANISMS
from clearway.screening.drugs import is_metabolite
from clearway.web.known import Known


def compounds(known: Known) -> dict[str, Any]:
    """The document of `GET /api/compounds`."""
    victims = Counter(c for a in known.arms for c in a["victims"])
    doers = Counter(c for a in known.arms for c in a["perpetrators"])
    brands: dict[str, list[str]] = {}
    for product in known.library.products.values():
        for part in product.parts:
            brands.setdefault(part.compound, []).extend(product.brands)
    rows = []
    for c in sorted(known.library.compounds.values(), key=lambda c: c.name.lower()):
        single = studies.alone(c.compound)
        rows.append({
            "id": c.compound, "label": c.name, "classes": list(c.classes), "metabolite": is_metabolite(known.library, c.compound),
            "evidence": evidence.counts(known.model, [c.compound]),
            "cleared_by": list(dict.fromkeys(p.by for p in c.elimination.paths)), "acts_on": _acts(c),
            "single": {"rows": len(single), "within": sum(not r["miss"] for r in single)},
            "studies": {"victim": victims[c.compound], "perpetrator": doers[c.compound]},
            "brands": list(dict.fromkeys(brands.get(c.compound, []))),
        })  # fmt: skip
    return {"compounds": rows}


def _acts(c: Compound) -> list[dict[str, str]]:
    found = [{"on": a.on, "kind": kind} for a in c.acts_on for kind in MECHANISMS if getattr(a, kind)]
    return [row for i, row in enumerate(found) if row not in found[:i]]


def card(known: Known, name: str) -> dict[str, Any]:
    """The document of `GET /api/compounds/{id}`. Raises UnknownName."""
    c = known.library.compounds.get(name)
    if c is None:
        raise UnknownName(Problem("no such compound (GET /api/compounds lists them)"))
    rows = [(place, value) for place, value in values(c)]
    victims, doers = studies.arms_with(name)
    keys = {s for _, v in rows for s in (v.source, *(o.source for o in v.conflicts)) if s} | {s.source for s in c.schedules}
    products = [p for p in known.library.products.values() if any(part.compound == name for part in p.parts)]
    found = {
        "id": c.compound, "label": c.name, "classes": list(c.classes), "note": c.note.strip(),
        "identifiers": c.identifiers.known,
        "schedules": [{"where": s.where, "level": s.level, "date": s.date} for s in c.schedules],
        "blocks": [
            {"heading": heading, "rows": [_value(known, place, v) for place, v in rows if block(place) == key]}
            for key, heading in BLOCKS.items()
            if any(block(place) == key for place, _ in rows)
        ],
        "single": [{k: r[k] for k in _SINGLE} for r in studies.alone(name)],
        "victim_arms": victims, "perpetrator_arms": doers,
        "references": [_reference(known, key) for key in sorted(keys)],
        "products": [_product(known, p) for p in products],
    }  # fmt: skip
    return plain(found)  # type: ignore[no-any-return]


_SINGLE = ("title", "quantity", "unit", "observed", "predicted", "independent", "miss")


def _value(known: Known, place: str, v: Value) -> dict[str, Any]:
    def cited(o: Other) -> dict[str, Any]:
        citation = evidence.citation(known.library, o.source)
        return {"value": o.value, "unit": o.unit or v.unit, "source": o.source, "citation": citation, "note": o.note}

    return {
        "place": place, "label": label(place), "value": v.value, "unit": v.unit, "low": v.low, "high": v.high, "evidence": v.evidence,
        "source": v.source, "citation": evidence.citation(known.library, v.source), "fitted_to": list(v.fitted_to), "because": v.because,
        "note": v.note, "conflicts": [cited(o) for o in v.conflicts],
    }  # fmt: skip


def _product(known: Known, p: Product) -> dict[str, Any]:
    return {"id": p.product, "label": known.label(p.product), "parts": [x.compound for x in p.parts], "brands": list(p.brands)}


def _reference(known: Known, key: str) -> dict[str, str]:
    r = known.library.references.get(key, {})
    kept = {k: str(r.get(k) or "") for k in ("title", "pmid", "doi", "url", "read")}
    return {"key": key, "citation": evidence.citation(known.library, key), **kept}
