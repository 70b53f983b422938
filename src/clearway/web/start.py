"""All that the page needs at once: names of drugs with their usual doses, the person's fields with what stands in for them."""

from __future__ import annotations

from typing import Any

from clearway.answers.words import DISCLAIMER
from clearway.library.compound import Compound
from clearway.library.products import Product
from clearway.physiology.person import RANGES, REFERENCE_SIZE, Person
from clearway.regimen.dose import ROUTES
from clearway.regimen.person import alleles, genes
from clearway.release import release
from clearway.screening.drugs import is_metabolite
from clearway.web.known import Known
from clearway.web.limits import MAX_BYTES, MAX_DOSES, MAX_SUBJECTS
from clearway.web.usual import usual

EXAMPLES = 3
WORDS = {
    "age": "Age", "height": "Height", "weight": "Weight", "haematocrit": "Haematocrit", "albumin": "Albumin",
    "aag": "α1-acid glycoprotein", "urine_ph": "Urine pH", "egfr": "eGFR",
}  # fmt: skip
UNITS = {"age": "years", "haematocrit": "", "egfr": "mL/min/1.73m²"}
"""Where the unit of a case file is not that of `RANGES`."""

QUANTITIES = ("height", "weight", "albumin", "aag", "egfr")
"""Fields that are written with their unit."""

HELP = {
    "sex": "size, blood flows and kidney function follow it",
    "aag": "binds methadone and other bases; rises in inflammation",
    "urine_ph": "moves the renal clearance of methadone and amphetamines",
    "egfr": "left out: that of a healthy adult of this age",
    "child_pugh": "left out: a healthy liver",
}


def start(known: Known) -> dict[str, Any]:
    """The document of `GET /api/start`."""
    library = known.library
    return {
        "version": release("source"),
        "disclaimer": DISCLAIMER,
        "counts": {
            "compounds": len(library.compounds), "products": len(library.products), "references": len(library.references),
            "studies": len(known.study_files),
        },
        "drugs": drugs(known),
        "person": person_fields(known),
        "genes": [_gene(known, gene) for gene in genes(library)],
        "routes": list(ROUTES),
        "limits": {"max_bytes": MAX_BYTES, "max_subjects": MAX_SUBJECTS, "max_doses": MAX_DOSES},
    }  # fmt: skip


# -- names ------------------------------------------------------------------------------------------------


def drugs(known: Known) -> list[dict[str, Any]]:
    """Everything that can be taken: products, and compounds that are neither a half of a racemate nor only a metabolite."""
    library = known.library
    products = {p.product: p for p in library.products.values() if not library.missing(p)}
    halves = {part.compound for p in products.values() if p.kind == "racemate" for part in p.parts}
    names = [*products, *(c for c in library.compounds if c not in products and c not in halves and not is_metabolite(library, c))]
    return [_drug(known, library.product(name)) for name in sorted(names)]


def _drug(known: Known, product: Product) -> dict[str, Any]:
    compounds = [known.library.compounds[p.compound] for p in product.parts if p.compound in known.library.compounds]
    routes = _routes(compounds)
    own = [] if product.kind == "combination" else compounds  # a combination is found by its parts, after the drugs themselves
    synonyms = [*product.synonyms, *(s for c in own for s in (c.name, c.compound, *c.synonyms))]
    return {
        "id": product.product,
        "label": known.label(product.product),
        "kind": product.kind,
        "parts": [c.compound for c in compounds],
        "brands": list(product.brands),
        "synonyms": list(dict.fromkeys(s for s in synonyms if s.lower() != product.product.lower())),
        "classes": list(dict.fromkeys(k for c in compounds for k in c.classes)),
        "routes": routes,
        "usual": usual(known, product, compounds, routes),
    }


def _routes(compounds: list[Compound]) -> list[str]:
    return [r for r in ROUTES if all(c.absorption.has(r) for c in compounds)]


# -- the person -------------------------------------------------------------------------------------------


def person_fields(known: Known) -> list[dict[str, Any]]:
    """The fields of `person:` in a case; `default` is what stands in for one that is left out."""
    fixed = known.library.physiology["scaling"]
    blood = {sex: fixed["haematocrit"][sex]["value"] for sex in REFERENCE_SIZE}
    default: dict[str, dict[str, Any]] = {
        "age": dict.fromkeys(REFERENCE_SIZE, Person().age),
        "height": {sex: size[0] for sex, size in REFERENCE_SIZE.items()},
        "weight": {sex: size[1] for sex, size in REFERENCE_SIZE.items()},
        "haematocrit": blood,
        "albumin": dict.fromkeys(REFERENCE_SIZE, fixed["albumin"]["value"]),
        "aag": dict.fromkeys(REFERENCE_SIZE, fixed["aag"]["value"]),
        "urine_ph": dict.fromkeys(REFERENCE_SIZE, fixed["urine_ph"]["value"]),
        "egfr": dict.fromkeys(REFERENCE_SIZE, None),
    }
    rows = [_choice("sex", "Sex", list(REFERENCE_SIZE), "male")]
    for name, words in WORDS.items():
        low, high, unit = RANGES[name]
        rows.append({
            "name": name, "label": words, "kind": "quantity" if name in QUANTITIES else "number", "unit": UNITS.get(name, unit),
            "low": low, "high": high, "choices": [], "default": default[name], "help": HELP.get(name, ""),
        })  # fmt: skip
    return [*rows, _choice("child_pugh", "Liver disease (Child–Pugh)", ["A", "B", "C"], None)]


def _choice(name: str, label: str, choices: list[str], default: str | None) -> dict[str, Any]:
    return {
        "name": name, "label": label, "kind": "choice", "unit": "", "low": None, "high": None, "choices": choices,
        "default": {"male": default, "female": default}, "help": HELP[name],
    }  # fmt: skip


def _gene(known: Known, gene: str) -> dict[str, Any]:
    have = alleles(known.library, gene)
    phenotypes = list(known.library.genotypes[gene].get("phenotypes", {}).get("values", {}))
    examples = [f"{have[0]}/{have[0]}", *(f"{have[0]}/{a}" for a in have[1:EXAMPLES]), *(f"{a}/{a}" for a in have[1:EXAMPLES])]
    return {"gene": gene, "alleles": have, "examples": [*examples, *phenotypes]}
