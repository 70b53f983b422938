"""Who and what was simulated, in words."""

from __future__ import annotations

import re

from clearway.answers.words import join
from clearway.regimen import Case, Entry

MISSED = 6
"""Missed doses that are told one by one."""


def person(case: Case) -> str:
    """One line on the person; what is not given is the reference adult's."""
    p = case.person
    told: list[str] = [p.sex or "male (reference)"]
    told += [f"{p.age:g} years"] if p.age else []
    told += [f"{p.height_cm:g} cm"] if p.height_cm else []
    told += [f"{p.weight_kg:g} kg"] if p.weight_kg else []
    told += [f"eGFR {p.egfr:g}"] if p.egfr is not None else []
    told += [f"Child–Pugh {p.child_pugh}"] if p.child_pugh else []
    told += [f"{gene} {value}" for gene, value in p.genotype.items()]
    genes = "" if p.genotype else "; genotypes not given: the population's mixture"
    steady = join([s.product for s in case.steady_state])
    before = f" {steady[:1].upper()}{steady[1:]} at steady state before time 0." if steady else ""
    return "One person: " + ", ".join(told) + genes + "." + before


def doses(case: Case, *, arms: bool) -> list[dict[str, str]]:
    """What is taken as a table; with `arms`, in which arm."""
    both = [_row(e, "both" if arms else "") for e in case.regimen.entries]
    return both + [_row(e, "with" if arms else "") for e in case.compare.entries]


def _row(e: Entry, arm: str) -> dict[str, str]:
    found = re.search(r"\s(\d[\d.]*\s*\S.*)$", e.text.removesuffix(e.route).strip())
    each = sum(d.dose_mg for d in e.doses) / max(len(e.times_h), 1)
    amount = found[1] if found else f"{each:.3g} mg (base)"
    return {"drug": e.product, "dose": amount, "route": e.route, "when": when(e), "arm": arm}


def when(e: Entry) -> str:
    """`every 12 h, 28 doses, day 1 to day 14, 12 h; missed: day 3`, or `once, on day 15`."""
    first = clock(e.times_h[0])
    days = [clock(t) for t in e.missed_h[:MISSED]] + [f"{len(e.missed_h) - MISSED} more"] * (len(e.missed_h) > MISSED)
    missed = f"; missed: {join(days)}" if days else ""
    if len(e.times_h) == 1:
        return f"once, on {first}{missed}"
    every = f"every {e.interval_h:g} h, " if e.interval_h else ""
    return f"{every}{len(e.times_h)} doses, {first} to {clock(e.times_h[-1])}{missed}"


def clock(hours: float) -> str:
    """`day 15` or `day 15, 12 h`: day 1 begins at time 0."""
    day, rest = divmod(hours, 24.0)
    return f"day {day + 1:g}" + (f", {rest:g} h" if rest > 1e-9 else "")
