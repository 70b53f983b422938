"""The static screen of one case: every pair of its drugs at its doses, while the case is being written."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from clearway.answers import evidence
from clearway.answers.plain import plain
from clearway.answers.screening import Screening
from clearway.errors import InputError
from clearway.errors import Problem as Fault
from clearway.regimen import Case, Entry
from clearway.screening import Row, predictions
from clearway.screening.doses import ONCE_DAILY, Screened
from clearway.screening.drugs import Drug, drug
from clearway.web.known import Known


@dataclass(frozen=True)
class Taken:
    """A drug of the case as the screen takes it: a racemate whole, a combination as its compounds."""

    drug: Drug
    arm: str
    route: str
    dose: Screened


def matrix(known: Known, case: Case) -> dict[str, Any]:
    """The document of `POST /api/matrix`."""
    taken, left_out = _taken(known, case)
    found = _screened(known, taken)
    drugs = [{"id": t.drug.name, "label": known.label(t.drug.name), "arm": t.arm, "dose": t.dose.text} for t in taken.values()]
    return plain({"drugs": drugs, "cells": _cells(found, taken), "left_out": left_out})  # type: ignore[no-any-return]


def pair(known: Known, case: Case, perpetrator: str, victim: str) -> dict[str, Any]:
    """The document of `POST /api/pair`: one cell with the values that it rests on and the studies of it. Raises InputError for a
    pair that the case does not have."""
    taken, _ = _taken(known, case)
    names = {t.drug.name: key for key, t in taken.items()}
    for name in (perpetrator, victim):
        if name not in names:
            raise InputError(Fault(f"not a drug of this case (one of {', '.join(names) or 'none'})", path="perpetrator"))
    two = {names[name]: taken[names[name]] for name in (perpetrator, victim)}
    found = _screened(known, two)
    cell = next((c for c in _cells(found, two) if (c["perpetrator"], c["victim"]) == (perpetrator, victim)), None)
    if cell is None or found is None:
        raise InputError(Fault("these two are not a pair (they hold the same compound)", path="victim"))
    enzymes = [f["mechanism"].rpartition(" ")[0] for f in cell["mechanisms"]]
    doer, eaten = (list(two[names[name]].drug.compounds) for name in (perpetrator, victim))
    rows = evidence.basis(known.model, known.library, eaten, known.model.closure(doer), list(dict.fromkeys(enzymes)))
    arms = [a for a in known.arms if a["id"] in set(cell["studies"])]
    return plain({"cell": cell, "basis": [asdict(r) for r in rows], "studies": arms})  # type: ignore[no-any-return]


def _taken(known: Known, case: Case) -> tuple[dict[tuple[str, ...], Taken], list[dict[str, str]]]:
    """The drugs of the case by their compounds, and those that the screen does not know, with the reason."""
    found: dict[tuple[str, ...], Taken] = {}
    left_out = []
    for arm, regimen in (("regimen", case.regimen), ("compare", case.compare)):
        for entry in regimen.entries:
            product = known.library.product(entry.product)
            names = entry.compounds if product.kind in ("combination", "device") and len(entry.compounds) > 1 else [entry.product]
            for name in names:
                try:
                    one = drug(known.library, name)
                except InputError as error:
                    left_out.append({"drug": name, "why": error.problems[0].message})
                    continue
                if one.compounds not in found or entry.interval_h:
                    found[one.compounds] = Taken(one, arm, entry.route, _dose(entry, one))
    return found, left_out


def _dose(entry: Entry, one: Drug) -> Screened:
    """The doses of one interval; a single dose as if it were taken once a day."""
    interval, first = entry.interval_h or ONCE_DAILY, entry.times_h[0]
    doses = tuple(d for d in entry.doses if d.drug in one.compounds and first <= d.time_h < first + interval - 1e-9)
    whole = set(one.compounds) == set(entry.compounds) and len({d.time_h for d in doses}) == 1
    size = (whole and entry.dose_text) or _size(sum(d.dose_mg for d in doses))
    return Screened(doses, interval, f"{size}/{interval:g} h" if entry.interval_h else f"{size} once", "the case")


def _size(mg: float) -> str:
    return f"{mg / 1000:.3g} g" if mg >= 1000.0 else f"{mg:.3g} mg" if mg >= 0.1 else f"{1000 * mg:.3g} µg"


def _screened(known: Known, taken: dict[tuple[str, ...], Taken]) -> Screening | None:
    if len(taken) < 2:
        return None
    names, doses = [t.drug.name for t in taken.values()], {key: t.dose for key, t in taken.items()}
    with known.lock:
        return Screening(predictions(known.model, names, doses), known.library)


def _cells(found: Screening | None, taken: dict[tuple[str, ...], Taken]) -> list[dict[str, Any]]:
    """A cell for each ordered pair, by the route of the victim: swallowed, or past the gut wall."""
    if found is None:
        return []
    route = {t.drug.name: "oral" if t.route == "oral" else "iv" for t in taken.values()}
    return [_cell(found, r) for r in found.pairs if r.victim in route and r.route == route[r.victim]]


def _cell(found: Screening, r: Row) -> dict[str, Any]:
    low, high = found.range_of(r) or (None, None)
    return {
        "perpetrator": r.perpetrator, "victim": r.victim, "route": r.route, "auc_ratio": r.auc_ratio,
        "worst_low": r.worst_low, "worst_high": r.worst_high, "genotype_low": low, "genotype_high": high,
        "direction": r.direction, "strength": r.strength, "mechanisms": [{"mechanism": m, "factor": f} for m, f in r.factors],
        "evidence": r.evidence, "assumed": r.assumed, "values": r.values, "studies": found.studies(r),
    }  # fmt: skip

