"""Shared by the tests of the model: the shipped library, and made-up compounds whose every number is chosen by the test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from clearway.library import Library
from clearway.library.compound import (
    Absorption,
    Action,
    Clearance,
    Compound,
    Depot,
    Distribution,
    Elimination,
    Inactivation,
    Induction,
    Inhibition,
    Molecule,
    Mucosal,
    Oral,
    Path,
    Situation,
    Value,
)  # fmt: skip
from clearway.model.kinetics import Kinetics, kinetics
from clearway.model.lane import Lane
from clearway.model.model import Model
from clearway.model.setting import Setting
from clearway.physiology import Body, Person, body
from clearway.regimen import Dose


def value(number: float, unit: str = "") -> Value:
    return Value(number, unit, because="a test's own number")


def made(
    name: str,
    *,
    cl: float = 10.0,
    paths: Mapping[str, float] | Sequence[Path] = {"other": 1.0},
    vss: float = 60.0,
    fu: float = 0.3,
    rb: float = 0.8,
    logp: float = 1.5,
    binds: str = "none",
    fa: float = 0.9,
    fg: float | None = None,
    fu_gut: float | None = None,
    acts: Sequence[Action] = (),
    gut: bool | None = None,
    routes: Mapping[str, Any] = {},
    molar_mass: float = 300.0,
) -> Compound:
    """A neutral compound. `paths` maps enzymes (or renal, plasma, other, biliary) to shares; vss in L, cl in L/h."""
    if isinstance(paths, Mapping):
        paths = [Path(by=by, share=value(share), gut=gut) for by, share in paths.items()]
    oral = Oral(value(fa), value(fg) if fg else None, value(fu_gut) if fu_gut else None)
    situation = Situation(drug=name, dose="1 mg", route="iv bolus")
    return Compound(
        format="clearway.compound/1",
        compound=name,
        name=name,
        classes=[],
        molecule=Molecule(value(molar_mass, "g/mol"), value(logp), value(fu), value(rb), binds),  # type: ignore[arg-type]
        distribution=Distribution(value(vss, "L")),
        elimination=Elimination(Clearance(value(cl, "L/h"), "systemic", situation), list(paths)),
        absorption=Absorption(oral=oral, **routes),
        acts_on=list(acts),
    )


def path(by: str, share: float, *, km: float | None = None, gut: bool | None = None, forms: Mapping[str, float] | None = None) -> Path:
    metabolites = {n: value(y) for n, y in (forms or {}).items()}
    return Path(by=by, share=value(share), km=value(km, "µM") if km else None, gut=gut, metabolites=metabolites)


def inhibits(on: str, kic: float | None = None, kiu: float | None = None) -> Action:
    return Action(on, inhibition=Inhibition(value(kic, "µM") if kic else None, value(kiu, "µM") if kiu else None))


def inactivates(on: str, kinact: float, ki: float) -> Action:
    return Action(on, inactivation=Inactivation(value(kinact, "1/h"), value(ki, "µM")))


def induces(on: str, emax: float, ec50: float, hill: float | None = None) -> Action:
    return Action(on, induction=Induction(value(emax), value(ec50, "µM"), value(hill) if hill else None))


def depot(bioavailability: float, rate: float) -> Depot:
    return Depot(value(bioavailability), value(rate, "1/h"))


def mucosal(fraction: float, rate: float) -> Mucosal:
    return Mucosal(value(fraction), value(rate, "1/h"))


def dose(drug: str, amount: float, route: str = "oral", time: float = 0.0, duration: float = 0.0, mass: float = 300.0) -> Dose:
    """amount in µmol."""
    return Dose(drug=drug, dose_mg=amount * mass / 1000.0, amount_umol=amount, route=route, time_h=time, duration_h=duration)


def every(drug: str, amount: float, interval: float, count: int, route: str = "oral", start: float = 0.0) -> list[Dose]:
    return [dose(drug, amount, route, start + i * interval) for i in range(count)]


def ready(compound: Compound, setting: Setting) -> Kinetics:
    """At the systemic clearance that the compound's file states, without root-finding."""
    return kinetics(compound, compound.elimination.clearance.value.value, setting)


def world(library: Library, compounds: Iterable[Compound]) -> Library:
    """The library's people and enzymes with these compounds only."""
    found = list(compounds)
    return replace(library, compounds={c.compound: c for c in found}, products={}, calibrated={}, files={}, _names={})


def person(model: Model, **given: Any) -> Body:
    return body(Person(**given), model.physiology)


def lane(where: Body, **given: Any) -> Lane:
    return Lane(where, **given)


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load()


@pytest.fixture(scope="session")
def model(library: Library) -> Model:
    return Model(library)


@pytest.fixture(scope="session")
def setting(model: Model) -> Setting:
    return model.setting
