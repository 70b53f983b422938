"""Who is screened at which dose, in whom, and the perpetrators' concentrations there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from clearway.errors import InputError, Problem
from clearway.model.model import Model
from clearway.physiology import Person as ReferencePerson
from clearway.screening._steady import steady
from clearway.screening.doses import Screened, screened
from clearway.screening.drugs import Drug, pairs
from clearway.screening.genotypes import People, Person
from clearway.screening.numbers import Floats, Numbers, numbers
from clearway.screening.perpetrators import Levels, Regimens


@dataclass(frozen=True)
class Plan:
    """Drugs with their doses, the persons of each as a victim, and the pairs (perpetrator, victim) as indices."""

    model: Model
    numbers: Numbers
    drugs: tuple[Drug, ...]
    doses: tuple[Screened, ...]
    people: tuple[tuple[Person, ...], ...]
    pairs: tuple[tuple[int, int], ...]

    @property
    def enzymes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(e for e, _ in self.numbers.sites))

    @property
    def perpetrators(self) -> list[tuple[int, list[int]]]:
        """(victim, its perpetrators)."""
        found: dict[int, list[int]] = {}
        for p, v in self.pairs:
            found.setdefault(v, []).append(p)
        return sorted(found.items())

    def given(self, drug: int) -> Floats:
        """µmol of each compound of a drug in its screened dose; equal parts of a dose of 0."""
        found = np.array([self.doses[drug].amount(c) for c in self.drugs[drug].compounds])
        return found if found.any() else np.ones_like(found)

    def index(self, compounds: Sequence[str]) -> list[int]:
        """Places of compounds in `numbers`."""
        return [self.numbers.names.index(c) for c in compounds]


def plan(model: Model, names: Sequence[str] = (), override: Mapping[tuple[str, ...], Screened] | None = None) -> Plan:
    """Drugs, doses and people of a screen. Raises InputError for a name that is not known, or a dose of a drug not screened."""
    library = model.library
    drugs, wanted = pairs(library, names)
    unused = set(override or {}) - {d.compounds for d in drugs}
    if unused:
        drug = " + ".join(min(unused))
        raise InputError(Problem(f"--dose: {drug} is not screened here (one of {', '.join(d.name for d in drugs)})"))
    every = model.closure({c for d in drugs for c in d.compounds})
    people = People(model.body(ReferencePerson()), {c: library.compounds[c] for c in every})
    return Plan(
        model,
        numbers([model.kinetics(c) for c in every], model.setting),
        tuple(drugs),
        tuple(screened(library, d, override) for d in drugs),
        tuple(tuple(people.of(d.compounds)) for d in drugs),
        tuple(wanted),
    )


@dataclass(frozen=True)
class Situations:
    """Perpetrators as they are taken, in every person of a victim; alike ones are one row of `regimens` and `levels`.

    `row` maps (drug, person) to its row, `clint` (person, compound, site) are the persons' intrinsic clearances and
    `person` the place of each; a person is told apart by identity.
    """

    regimens: Regimens
    levels: Levels
    row: Mapping[tuple[int, int], int]
    clint: Floats
    person: Mapping[int, int]


def situations(p: Plan) -> Situations:
    """The steady state of every perpetrator in every person needed."""
    n = p.numbers
    persons = list({id(g): g for v in {v for _, v in p.pairs} for g in p.people[v]}.values())
    place = {id(g): i for i, g in enumerate(persons)}
    clint = np.stack([n.with_activity(g.activity).clint for g in persons])
    families = [p.index(p.model.closure(d.compounds)) for d in p.drugs]
    most = max(map(len, families))

    members: list[list[int]] = []
    amounts: list[tuple[list[float], list[float], float]] = []
    chosen: list[Floats] = []
    known: dict[tuple[int, bytes], int] = {}
    row: dict[tuple[int, int], int] = {}
    for doer, one in dict.fromkeys((d, place[id(g)]) for d, v in p.pairs for g in p.people[v]):
        family = families[doer]
        mine = np.zeros((most, len(n.sites)))
        mine[: len(family)] = clint[one, family]
        key = (doer, mine.tobytes())
        if key not in known:
            known[key] = len(members)
            members.append([*family, *[-1] * (most - len(family))])
            amounts.append(_amounts(n, p.doses[doer], members[-1]))
            chosen.append(mine)
        row[doer, one] = known[key]
    gut, venous, interval = (np.array(column) for column in zip(*amounts, strict=True))
    regimens = Regimens(np.array(members), gut, venous, interval, np.array(chosen))
    return Situations(regimens, steady(n, regimens), row, clint, place)


def _amounts(n: Numbers, dose: Screened, members: Sequence[int]) -> tuple[list[float], list[float], float]:
    """µmol of one dose that enter the gut wall and venous blood, and the interval. A product's own form has its own Fa."""
    gut, venous = [0.0] * len(members), [0.0] * len(members)
    for d in dose.doses:
        at = next(i for i, m in enumerate(members) if m >= 0 and n.names[m] == d.drug)
        if d.route == "oral":
            form = d.form.fraction_absorbed if d.form else None
            gut[at] += d.amount_umol * (float(n.fa[members[at]]) if form is None else form)
        else:
            venous[at] += d.amount_umol
    return gut, venous, dose.interval
