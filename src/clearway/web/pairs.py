"""Every pair of the library by the static screen, as compactly as a heat map needs it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from clearway.answers.evidence import KINDS
from clearway.answers.screening import Screening
from clearway.model.model import Model
from clearway.screening import predictions
from clearway.screening.screen import Row
from clearway.web.known import Known

ROUTES = {"iv": 0, "oral": 1}
DIGITS = 4


def screen(known: Known) -> dict[str, Any]:
    """The document of `GET /api/screen`: takes seconds, so it is kept. Pairs that change less than 1.25-fold are only counted."""
    found = Screening(predictions(Model(known.library)), known.library)  # a model of its own: a case's pairs do not wait for it
    changed, total = found.changed, len(found.pairs)
    plan = found.predictions.plan
    index = {d.name: i for i, d in enumerate(plan.drugs)}
    victims = [(t.name, i) for i, d in enumerate(plan.drugs) for t in d.targets if not t.part_of]
    place = {name: i for i, (name, _) in enumerate(victims)}
    names = [name for name, _ in Counter(r.mechanism[0] for r in changed if r.mechanism[0]).most_common()]
    return {
        "drugs": [
            {"id": d.name, "label": known.label(d.name), "classes": _classes(known, d.compounds), "dose": s.text, "basis": s.basis}
            for d, s in zip(plan.drugs, plan.doses, strict=True)
        ],
        "victims": [{"id": name, "drug": i, "label": known.label(name)} for name, i in victims],
        "mechanisms": names,
        "enzymes": sorted({n.rpartition(" ")[0] for n in names}),
        "evidence": list(KINDS),
        "rows": [_row(found, r, index, place, names) for r in changed],
        "unchanged": total - len(changed),
    }


def _classes(known: Known, compounds: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(k for c in compounds for k in known.library.compounds[c].classes))


def _row(found: Screening, r: Row, index: dict[str, int], place: dict[str, int], names: list[str]) -> tuple[float, ...]:
    mechanism = names.index(r.mechanism[0]) if r.mechanism[0] else -1
    grade = KINDS.index(r.evidence) if r.evidence in KINDS else -1
    ratio = float(f"{r.auc_ratio:.{DIGITS}g}")
    return (index[r.perpetrator], place[r.victim], ROUTES[r.route], ratio, mechanism, grade, len(found.studies(r)))
