"""The part of the accuracy page on single drugs: AUC, Cmax and half-life against cited clinical sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

from clearway.qualification._tables import ratio, table
from clearway.qualification.single import LIMIT, Check

QUANTITIES = ("auc", "cmax", "half_life")
WORDS = {"auc": "AUC", "cmax": "Cmax", "half_life": "t½"}


@dataclass(frozen=True)
class Verdict:
    """How one compound stands: sources (references) whose every quantity is met, those of them that hold an
    independent observation, and the quantities that the met ones cover."""

    compound: str
    sources: int
    met: tuple[str, ...]
    independent: tuple[str, ...]
    covered: tuple[str, ...]
    given: tuple[str, ...]

    @property
    def passes(self) -> bool:
        """At least two sources met, one of them with an observation that set no parameter."""
        return len(self.met) >= 2 and bool(self.independent)


def verdicts(checks: Sequence[Check]) -> list[Verdict]:
    """One verdict a compound. A source is met if all its quantities are within `LIMIT`."""
    by_compound: dict[str, dict[str, list[Check]]] = defaultdict(lambda: defaultdict(list))
    for c in checks:
        by_compound[c.compound][c.source].append(c)
    found = []
    for compound, sources in sorted(by_compound.items()):
        good = {name: rows for name, rows in sources.items() if all(c.met for c in rows)}
        found.append(
            Verdict(
                compound,
                len(sources),
                tuple(sorted(good)),
                tuple(sorted(name for name, rows in good.items() if any(not c.used_to_set for c in rows))),
                tuple(q for q in QUANTITIES if any(c.quantity == q for rows in good.values() for c in rows)),
                tuple(q for q in QUANTITIES if any(c.quantity == q for rows in sources.values() for c in rows)),
            )
        )
    return found


def single_section(checks: Sequence[Check], notes: dict[str, Any], compounds: Container[str]) -> str:
    """`compounds`: sums of enantiomers are shown among the observations but are no compound to be judged."""
    said = verdicts([c for c in checks if c.compound in compounds])
    rows = [
        (
            v.compound, str(v.sources), str(len(v.met)), str(len(v.independent)),
            ", ".join(WORDS[q] for q in v.covered) or "–",
            ", ".join(WORDS[q] for q in v.given if q not in v.covered) or "–",
            "yes" if v.passes else "**no**",
        )
        for v in said
    ]  # fmt: skip
    every = [
        (
            c.compound, c.title.replace("|", "/"), WORDS[c.quantity], c.unit, ratio(c.observed), ratio(c.predicted), ratio(c.fold),
            "" if c.met else c.miss or "outside", ", ".join(c.used_to_set) or "independent",
        )
        for c in checks
    ]  # fmt: skip
    met = sum(c.met for c in checks)
    loose = [c for c in checks if not c.used_to_set]
    reasons = "\n".join(f"- {n['compound']}: {n['because'].strip()}" for n in notes.get("single_drug") or [])
    passed = sum(v.passes for v in said)
    return f"""
## Single drugs

AUC, Cmax and half-life of each compound alone, against cited clinical sources, in the source's dose and design. A source is met if
all its quantities, of every dose, are within {LIMIT}-fold. A compound passes with two sources met, one of them with an observation that
set no parameter. The quantities that the met sources cover, and those that only others give, stand beside.
{passed} of {len(said)} compounds pass;
{met} of {len(checks)} quantities are within {LIMIT}-fold, {sum(c.met for c in loose)} of the {len(loose)} that set no parameter.

{table(("compound", "sources", "met", "independent", "covered", "not covered", "passes"), rows, left=(0, 4, 5, 6))}

{reasons + chr(10) if reasons else ""}
### Every observation

{table(("compound", "study", "", "unit", "observed", "predicted", "pred/obs", "if outside", "used to set"), every, left=(0, 1, 2, 3, 7, 8))}
"""
