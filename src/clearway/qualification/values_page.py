"""The part of the accuracy page on the library itself: values by kind of evidence, and every fitted value with its arms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clearway.answers.evidence import KINDS
from clearway.library import Library
from clearway.library.checks import values
from clearway.library.values import values as place_values
from clearway.qualification._tables import table
from clearway.qualification.fits import places, value_at


def evidence_of(raw: Any) -> Iterator[str]:
    """Kind of evidence of every number in a raw block (enzymes, genotypes, physiology).

    A block with `values` says it once for all its numbers.
    """
    if isinstance(raw, dict):
        kind = raw.get("evidence")
        if isinstance(kind, str):
            held = raw.get("values")
            yield from [kind] * (_numbers(held) if held is not None else _own(raw))
        for key, child in raw.items():
            if key not in ("conflicts", "values"):
                yield from evidence_of(child)
    elif isinstance(raw, list):
        for child in raw:
            yield from evidence_of(child)


def _own(raw: dict[str, Any]) -> int:
    """Numbers of a block that has no `values`: its value, or the numbers below it that carry no evidence of their own."""
    if "value" in raw:
        return 1
    return sum(_numbers(v) for v in raw.values() if not _has_evidence(v))


def _has_evidence(raw: Any) -> bool:
    children = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()
    return (isinstance(raw, dict) and "evidence" in raw) or any(_has_evidence(c) for c in children)


def _numbers(raw: Any) -> int:
    if isinstance(raw, dict):
        return sum(_numbers(v) for v in raw.values())
    if isinstance(raw, list):
        return sum(_numbers(v) for v in raw)
    return int(isinstance(raw, int | float) and not isinstance(raw, bool))


def counts(library: Library) -> dict[str, dict[str, int]]:
    """Values by part of the library and kind of evidence."""
    found: dict[str, list[str]] = {
        "compounds": [v.evidence for c in library.compounds.values() for *_, v in values(c)],
        "products": [v.evidence for p in library.products.values() for *_, v in values(p)],
        "enzymes": list(evidence_of(library.enzymes)),
        "genotypes": list(evidence_of(library.genotypes)),
        "physiology": list(evidence_of(library.physiology)),
    }
    return {name: {k: kinds.count(k) for k in KINDS} for name, kinds in found.items()}


def values_section(library: Library) -> str:
    rows, total = [], dict.fromkeys(KINDS, 0)
    for name, row in counts(library).items():
        rows.append((name, *(str(row[k]) for k in KINDS), str(sum(row.values()))))
        total = {k: total[k] + row[k] for k in KINDS}
    rows.append(("**all**", *(str(total[k]) for k in KINDS), str(sum(total.values()))))
    fitted = []
    for p in places(library):
        v = value_at(library, p)
        shown = f"{v.value:.4g} {v.unit}".strip()
        fitted.append((p.compound, f"`{p.path}`", shown, ", ".join(p.arms)))
    looked = [
        (name, f"`{path}`", f"{v.value:.4g} {v.unit}".strip(), v.evidence, ", ".join(v.fitted_to))
        for name, compound in sorted(library.compounds.items())
        for path, v in place_values(compound)
        if v.fitted_to and v.evidence != "fitted"
    ]
    part = 100.0 * total["assumed"] / max(sum(total.values()), 1)
    return f"""
## Values by kind of evidence

How many numbers of the library are of each kind (what the kinds mean: [the library](library.md)). {part:.0f} % are assumed.

{table(("", *KINDS, "all"), rows)}

### Fitted values

Each with the arms or observations it was fitted to. `make fits` fits them again from these alone and says which it does not find
within 1 %.

{table(("compound", "value", "", "fitted to"), fitted, left=(0, 1, 3))}

Values of another kind that name arms: chosen among published values with a look at them. Those arms count as fitted too.

{table(("compound", "value", "", "evidence", "with a look at"), looked, left=(0, 1, 3, 4)) if looked else "None."}
"""
