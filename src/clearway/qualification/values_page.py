"""The part of the accuracy page on the library itself: values by kind of evidence, and every fitted value with its arms."""

from __future__ import annotations

from clearway.answers.evidence import KINDS
from clearway.library import Library
from clearway.library.checks import values
from clearway.library.raw import entries
from clearway.library.values import values as place_values
from clearway.qualification._tables import table
from clearway.qualification.fits import places, value_at


def counts(library: Library) -> dict[str, dict[str, int]]:
    """Values by part of the library and kind of evidence."""
    found: dict[str, list[str]] = {
        "compounds": [v.evidence for c in library.compounds.values() for *_, v in values(c)],
        "products": [v.evidence for p in library.products.values() for *_, v in values(p)],
        "enzymes": [e.value.evidence for e in entries(library.enzymes)],
        "genotypes": [e.value.evidence for e in entries(library.genotypes)],
        "physiology": [e.value.evidence for e in entries(library.physiology)],
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
