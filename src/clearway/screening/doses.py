"""The dose at which a drug is screened as a perpetrator, and where that dose comes from.

1. The repeated oral dose at which the drug's clearance was observed (its file).
2. Else the repeated oral dose that most study arms give.
3. Else the single oral dose that most study arms give, else the dose of its clearance, repeated every 24 h (assumed).

`python -m clearway.screening.doses` counts the study arms anew into doses.json; a tie goes to the larger daily dose.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from clearway.errors import InputError, Problem
from clearway.library import Library
from clearway.library.document import Document
from clearway.regimen import Dose, Regimen, load_studies, situation_regimen
from clearway.regimen.amounts import Amounts
from clearway.regimen.block import Problems
from clearway.regimen.entries import Reader
from clearway.screening.drugs import Drug, drug

FILE = Path(__file__).parent / "doses.json"
STUDIES = Path(__file__).parent.parent / "qualification" / "studies"
ONCE_DAILY = 24.0
"""Hours between doses of a drug of which no repeated dose is known (assumed)."""

WEIGHT = 70.0
"""kg, for a dose given per kg."""


@dataclass(frozen=True)
class Screened:
    """Doses of one interval (h) of a drug, as it is named, and the reason for it."""

    doses: tuple[Dose, ...]
    interval: float
    text: str
    basis: str

    def amount(self, compound: str) -> float:
        """µmol of a compound in one interval."""
        return sum(d.amount_umol for d in self.doses if d.drug == compound)


def screened(library: Library, one: Drug, override: Mapping[tuple[str, ...], Screened] | None = None) -> Screened:
    """The dose of a drug: the user's own, else by the rules above. Oral, or iv where the drug has no oral form. Raises
    InputError for a combination of which no dose is known."""
    given = (override or {}).get(one.compounds)
    if given:
        return given
    found = _by_situation(library, one, repeated=True) or _by_studies(library, one) or _by_situation(library, one, repeated=False)
    if found is None:
        raise InputError(Problem(f"{one.name}: no dose of this combination is known (give one: --dose '{one.name}=… mg/24 h')"))
    route = _route(library, one)

    def taken(d: Dose) -> Dose:
        form = Amounts.form(one.product, library.compounds[d.drug], route, fed=False)
        return replace(d, route=route, duration_h=0.0, form=form)

    return replace(found, doses=tuple(map(taken, found.doses)))


def _route(library: Library, one: Drug) -> str:
    return "oral" if all(library.compounds[c].absorption.oral for c in one.compounds) else "iv bolus"


def _by_situation(library: Library, one: Drug, *, repeated: bool) -> Screened | None:
    """From the situation in which the clearance was observed; of a half in a racemate's dose, that half."""
    first = library.compounds[one.compounds[0]]
    situation = first.elimination.clearance.situation
    if repeated and not (situation.every and situation.route == "oral"):
        return None
    regimen = situation_regimen(situation, library, library.files.get(first.compound, ""))
    found = [d for d in regimen.doses if d.time_h == 0.0 and d.drug in one.compounds]
    if {d.drug for d in found} != set(one.compounds):
        if one.product.kind != "racemate":
            return None
        found = [replace(found[0], drug=c) for c in one.compounds]  # halves that were studied apart
    interval = regimen.interval_h or ONCE_DAILY
    text = _named(sum(d.dose_mg for d in found), interval)
    basis = "the repeated dose of its clearance" if repeated else "the single dose of its clearance, daily (assumed)"
    return Screened(tuple(found), interval, text, basis)


def _by_studies(library: Library, one: Drug) -> Screened | None:
    row = stored().get("+".join(one.compounds))
    if row is None:
        return None
    mass = {c: library.compounds[c].molecule.molar_mass.value for c in one.compounds}
    doses = tuple(Dose(c, mg, 1000.0 * mg / mass[c], "oral", 0.0) for c, mg in row["mg"].items())
    single = "single " if row["single"] else ""
    basis = f"the {single}dose of most study arms ({row['arms']}){', daily (assumed)' if single else ''}"
    return Screened(doses, row["interval"], f"{row['text']}/{row['interval']:g} h", basis)


def _named(mg: float, interval: float) -> str:
    return f"{mg:.4g} mg/{interval:g} h" if mg >= 0.1 else f"{1000 * mg:.3g} µg/{interval:g} h"


def stored() -> dict[str, dict[str, Any]]:
    """The regimen that most study arms give, by the compounds of the drug joined with `+`."""
    return json.loads(FILE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


# -- the user's own doses --------------------------------------------------------------------------------


def overrides(library: Library, given: Sequence[str]) -> dict[tuple[str, ...], Screened]:
    """`ritonavir=100 mg/12 h` for each of `given`. Raises InputError naming what cannot be read."""
    found: dict[tuple[str, ...], Screened] = {}
    for text in given:
        name, equals, amount = text.partition("=")
        dose, slash, every = amount.rpartition("/")
        if not (equals and slash and name.strip()):
            raise InputError(Problem(f"--dose: not a drug with its dose and interval ({text!r}; write ritonavir=100mg/12h)"))
        one = drug(library, name)
        row = {"drug": name.strip(), "dose": dose.strip(), "route": _route(library, one), "every": every.strip(), "count": 1}
        problems = Problems(Document(f"--dose {text}", row))
        regimen = Regimen(Reader(problems, library, WEIGHT).entries([row], ()))
        problems.stop()
        interval = regimen.interval_h or ONCE_DAILY
        found[one.compounds] = Screened(tuple(regimen.doses), interval, f"{dose.strip()}/{interval:g} h", "given by the user")
    return found


# -- counting the study arms ------------------------------------------------------------------------------


def count(library: Library, folder: Path = STUDIES) -> dict[str, dict[str, Any]]:
    """The regimen that most study arms give, by the compounds of the drug joined with `+`."""
    tally: dict[str, Counter[tuple[bool, str, tuple[tuple[str, float], ...], float]]] = {}
    studies, _ = load_studies(folder, library)
    for study in studies:
        if not study.usable or study.test is None:
            continue
        for entry in study.test.regimen.entries:
            if entry.route != "oral":
                continue
            last = [d for d in entry.doses if d.time_h == entry.times_h[-1]]
            interval = entry.interval_h if entry.interval_h and len(entry.times_h) > 1 else None
            sets = [tuple(d.drug for d in last), *((d.drug,) for d in last if len(last) > 1)]
            for names in sets:
                mg = tuple((d.drug, round(d.dose_mg, 6)) for d in last if d.drug in names)
                whole = len(names) == len(last)
                text = entry.text.removeprefix(f"{entry.text.split()[0]} ").removesuffix(" oral")
                if not whole or "/kg" in text:
                    text = f"{sum(m for _, m in mg):.3g} mg"
                key = (interval is None, text, mg, interval or ONCE_DAILY)
                tally.setdefault("+".join(sorted(names)), Counter())[key] += 1
    return {names: _most(seen) for names, seen in sorted(tally.items())}


def _most(seen: Counter[tuple[bool, str, tuple[tuple[str, float], ...], float]]) -> dict[str, Any]:
    """The regimen counted most; repeated ones before single ones, then the larger daily dose."""
    single, text, mg, interval = max(seen, key=lambda k: (not k[0], seen[k], sum(m for _, m in k[2]) / k[3]))
    return {"mg": dict(mg), "interval": interval, "text": text, "single": single, "arms": seen[(single, text, mg, interval)]}


if __name__ == "__main__":
    FILE.write_text(json.dumps(count(Library.load()), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(stored())} drugs counted in {FILE.name}")
