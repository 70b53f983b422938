"""On what an answer rests: values by kind of evidence, and the ones that carry this answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

from clearway.exposure.compare import Factor
from clearway.library import Library
from clearway.library.compound import Evidence, Value
from clearway.library.values import values
from clearway.model.interaction import SYNONYMS
from clearway.model.model import Model

KINDS = get_args(Evidence)
"""Best first."""

MATTERS = 0.02
"""|ln factor| from which an enzyme matters to an answer."""

ALWAYS = {
    "molecule.fraction_unbound": "fraction unbound",
    "elimination.clearance.value": "clearance",
    "absorption.oral.gut_availability": "gut availability (Fg)",
}
"""Values that every ratio leans on, whatever the enzyme."""

_PATH = re.compile(r"elimination\.paths\[(?P<by>[^\]@]+)[^\]]*\]\.(?P<what>share|km)$")
_ACT = re.compile(r"acts_on\[(?P<on>[^\]@]+)(@(?P<where>[^\]]+))?\]\.(?P<kind>\w+)\.(?P<what>\w+)$")
_WORDS = {"kic": "Ki", "kiu": "Ki (uncompetitive)", "kinact": "kinact", "ki": "KI", "emax": "Emax", "ec50": "EC50", "hill": "Hill exponent"}


@dataclass(frozen=True)
class Basis:
    """One value that the answer rests on. `why` is the reason of an assumption, the arms of a fit, or the note."""

    compound: str
    what: str
    enzyme: str
    value: float
    unit: str
    evidence: str
    source: str | None
    citation: str
    why: str


def enzymes_that_matter(factors: Iterable[Sequence[Factor]]) -> list[str]:
    """Enzymes whose mechanisms move any answer, the strongest first."""
    from math import log

    size: dict[str, float] = {}
    for f in (f for row in factors for f in row):
        enzyme, _, kind = f.name.rpartition(" ")
        if kind in ("inhibition", "inactivation", "induction"):
            size[enzyme] = max(size.get(enzyme, 0.0), abs(log(f.factor)) if f.factor > 0 else 0.0)
    return [e for e, s in sorted(size.items(), key=lambda item: -item[1]) if s >= MATTERS]


def counts(model: Model, compounds: Iterable[str]) -> dict[str, int]:
    """Values of these compounds by kind of evidence."""
    found = dict.fromkeys(KINDS, 0)
    for name in compounds:
        for _, value in values(model.compound(name)):
            found[value.evidence] += 1
    return found


def basis(model: Model, library: Library, victims: Iterable[str], perpetrators: Iterable[str], enzymes: Sequence[str]) -> list[Basis]:
    """Shares of the victims and constants of the perpetrators at the enzymes that matter, and what they lean on."""
    rows = [row for name in victims for row in _rows(model, library, name, enzymes, victim=True)]
    rows += [row for name in perpetrators for row in _rows(model, library, name, enzymes, victim=False)]
    return rows


def _rows(model: Model, library: Library, name: str, enzymes: Sequence[str], victim: bool) -> Iterator[Basis]:
    compound = model.compound(name)
    acting = False
    leaning: list[tuple[str, str, Value]] = []
    for place, value in values(compound):
        share, act = _PATH.match(place), _ACT.match(place)
        if victim and share and share["by"] in enzymes:
            what = "share of clearance" if share["what"] == "share" else "Km"
            yield _row(library, name, what, share["by"], value)
        elif not victim and act and SYNONYMS.get(act["on"], act["on"]) in enzymes:
            acting = True
            where = f" ({act['where']})" if act["where"] else ""
            yield _row(library, name, f"{act['kind']} {_WORDS.get(act['what'], act['what'])}{where}", act["on"], value)
        elif place in ALWAYS and (victim or place != "absorption.oral.gut_availability"):
            leaning.append((ALWAYS[place], "", value))
    if victim or acting:
        for what, enzyme, value in leaning:
            yield _row(library, name, what, enzyme, value)


def _row(library: Library, compound: str, what: str, enzyme: str, value: Value) -> Basis:
    why = value.because or (f"fitted to {', '.join(value.fitted_to)}" if value.fitted_to else value.note)
    return Basis(compound, what, enzyme, value.value, value.unit, value.evidence, value.source, citation(library, value.source), why)


def citation(library: Library, key: str | None) -> str:
    """`Henthorn TK, Kharasch ED 2026, Clin Pharmacol Ther 119:739`, or the key where little is known."""
    if not key:
        return ""
    r = library.references.get(key, {})
    parts = [" ".join(str(r[k]) for k in ("authors", "year") if r.get(k)), str(r.get("journal", ""))]
    text = ", ".join(p for p in parts if p)
    return text if r.get("authors") else ", ".join(p for p in (str(r.get("title", key)), text) if p)


def document(model: Model, compounds: Sequence[str], rows: Sequence[Basis]) -> dict[str, Any]:
    """The `evidence` of a comparison."""
    all_values = counts(model, compounds)
    here = dict.fromkeys(KINDS, 0)
    for row in rows:
        here[row.evidence] += 1
    total, used = sum(all_values.values()), len(rows)
    return {
        "compounds": list(compounds),
        "values": all_values,
        "total": total,
        "assumed_share": all_values["assumed"] / total if total else None,
        "rests_on": {"values": here, "total": used, "assumed_share": here["assumed"] / used if used else None},
        "rows": [asdict(row) for row in rows],
    }
