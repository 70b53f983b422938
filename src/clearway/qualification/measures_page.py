"""Quantities that the accuracy page computes for a known misfit that is no arm of its own: `measure` in notes.yaml."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable

from clearway.library import Library
from clearway.library.values import values
from clearway.qualification._tables import ratio
from clearway.qualification.runner import STUDIES, qualify
from clearway.regimen import load_studies


def norketamine_ratio(library: Library) -> str:
    """AUC(norketamine)/AUC(ketamine), both enantiomers, in mass units, after 10 mg of racemic ketamine iv and 50 mg by mouth."""
    from clearway.answers import run_case
    from clearway.regimen import Case

    said = []
    for route, dose in (("iv bolus", "10 mg"), ("oral", "50 mg")):
        text = (
            "format: clearway.case/1\nperson: {sex: male, weight: 70 kg}\n"
            f"regimen:\n  - {{drug: ketamine, dose: {dose}, route: {route}}}\n"
            "measure: {compounds: [ketamine-r, ketamine-s, norketamine-r, norketamine-s]}\n"
        )
        areas = {r.read.target.name: r.exposure.auc * r.read.target.molar_mass for r in run_case(Case.parse(text, library), library).rows}
        both = {name: areas[f"{name}-r"] + areas[f"{name}-s"] for name in ("ketamine", "norketamine")}
        said.append(f"{route.split()[0]} {ratio(both['norketamine'] / both['ketamine'])}")
    return "norketamine/ketamine AUC predicted: " + ", ".join(said)


def nelfinavir_by_bupropion(library: Library) -> str:
    """Methadone with nelfinavir if its CYP2B6 induction were what bupropion shows, the value kept among the conflicts."""
    value = dict(values(library.compounds["nelfinavir"]))["acts_on[CYP2B6].induction.ec50"]
    other = next(c for c in value.conflicts if "bupropion" in c.note)
    world = copy.copy(library)
    world.compounds = copy.deepcopy(library.compounds)
    dict(values(world.compounds["nelfinavir"]))["acts_on[CYP2B6].induction.ec50"].value = other.value
    ids = [s.id for s in load_studies(STUDIES, library)[0] if s.pair == "nelfinavir > methadone" and s.usable]
    now, then = qualify(library, only=ids).arms, qualify(world, only=ids).arms

    def span(numbers: Iterable[float]) -> str:
        found = sorted(numbers)
        return f"{ratio(found[0])}–{ratio(found[-1])}"

    return (
        f"{len(now)} arms: observed {span(a.observed for a in now)}, predicted {span(a.predicted for a in now)} with the fitted EC50 of "
        f"{value.value:g} {value.unit}, {span(a.predicted for a in then)} with {other.value:g} {other.unit}"
    )


MEASURES: dict[str, Callable[[Library], str]] = {
    "norketamine ratio": norketamine_ratio,
    "nelfinavir by bupropion": nelfinavir_by_bupropion,
}
