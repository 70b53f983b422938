"""A study arm (`clearway.study/1`): what was given, what was measured, and what was observed.

Both arms come out as the same `Regimen` a case has. A study that cannot be simulated is not an error: it is
returned with `usable` False and the reason in `why_not`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clearway.errors import InputError, Problem
from clearway.library.document import Document, Key, read_document
from clearway.library.library import Library
from clearway.regimen.block import Block, Problems
from clearway.regimen.case import check_format, read_measured
from clearway.regimen.dose import Measured, PersonSpec, Regimen, SteadyState
from clearway.regimen.entries import NotModelled, Reader
from clearway.regimen.rules import check_together, steady_state
from clearway.regimen.study_fields import Observed, read_conditions, read_genotype, read_observed, read_person

FORMAT = "clearway.study/1"
# For doses per kg where a study does not report a weight; noted among the study's assumptions.
DEFAULT_WEIGHT_KG = 70.0
FIELDS = (
    "format", "id", "pair", "title", "people", "genotype", "doses", "perpetrator", "measured", "observed",
    "control", "test", "steady_state", "assumed", "source", "peer", "mechanism", "usable", "why_not", "note",
)  # fmt: skip


@dataclass
class Arm:
    """One situation: doses, person and genotypes. `conditions` are words such as `fed` or `child-pugh-b`."""

    name: str
    regimen: Regimen
    person: PersonSpec
    conditions: list[str] = field(default_factory=list)
    steady_state: list[SteadyState] = field(default_factory=list)


@dataclass
class Study:
    """A study arm ready to be simulated, or the reason why it cannot be."""

    id: str
    title: str
    pair: str
    file: str
    usable: bool
    why_not: str = ""
    control: Arm | None = None
    test: Arm | None = None
    measured: Measured | None = None
    observed: Observed = field(default_factory=Observed)
    peer: Observed = field(default_factory=Observed)
    normalise_dose: bool = False
    mechanism: list[str] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    people: dict[str, Any] = field(default_factory=dict)
    genotype: dict[str, str] = field(default_factory=dict)
    victim_route: str = ""
    perpetrators: list[str] = field(default_factory=list)
    source: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @property
    def drugs(self) -> list[str]:
        """Compound ids dosed in either arm."""
        arms = [a for a in (self.control, self.test) if a]
        return list(dict.fromkeys(d for a in arms for d in a.regimen.drugs))

    @property
    def no_effect_only(self) -> bool:
        """A ratio of 1.0 that stands for a printed 'no significant change' (STUDY_FORMAT, last rules)."""
        said = any("no significant change" in a for a in self.assumed)
        return said and self.observed.auc_ratio == 1.0


def load_studies(folder: Path, library: Library) -> tuple[list[Study], list[Problem]]:
    """Every study of a folder (recursively, by file name) and the problems of files that are not well formed."""
    studies: list[Study] = []
    problems: list[Problem] = []
    if not folder.is_dir():
        raise InputError(Problem("no such folder (give a folder with clearway.study/1 files)", str(folder)))
    for path in sorted(folder.rglob("*.yaml")):
        try:
            studies.append(load_study(path, library))
        except InputError as error:
            problems += error.problems
    return studies, problems


def load_study(path: Path | str, library: Library) -> Study:
    """Read one study file. Raises `InputError` if it is not well formed."""
    return read_study(read_document(path), library)


def read_study(document: Document, library: Library) -> Study:
    """The study of a document; unknown drugs make it unusable with a reason, wrong units raise."""
    problems = Problems(document)
    if not check_format(problems, document.data, FORMAT):
        problems.stop()
    block = Block(problems, document.data, (), FIELDS)
    study = Study(block.text("id"), block.text("title"), block.text("pair"), document.file, True)
    if not study.id:
        problems.error((), "'id' is missing (add 'id: …')")
    study.usable = block.data.get("usable", True) is True
    study.why_not = block.text("why_not") if not study.usable else ""
    study.observed = read_observed(block, "observed", "")
    study.peer = read_observed(block, "peer", "osp_")
    study.mechanism = [str(m) for m in block.items("mechanism")]
    study.assumed = [str(a) for a in block.items("assumed")]
    study.people = dict(Block(problems, block.data.get("people"), ("people",), (), strict=False).data)
    study.source = dict(Block(problems, block.data.get("source"), ("source",), (), strict=False).data)
    study.genotype = read_genotype(block.data.get("genotype"))
    if study.usable and study.observed.auc_ratio is None and study.observed.cmax_ratio is None:
        study.usable, study.why_not = False, "no observed AUC or Cmax ratio"
    if study.usable:
        try:
            _arms(problems, block, study, library)
        except NotModelled as error:
            study.usable, study.why_not = False, f"not in the library: {error}"
    problems.stop()
    study.warnings = [str(w) for w in problems.warnings]
    return study


def _arms(problems: Problems, block: Block, study: Study, library: Library) -> None:
    """Fill `control`, `test` and `measured`."""
    perpetrators = block.items("perpetrator")
    overrides = {
        name: Block(
            problems,
            block.data.get(name),
            (name,),
            ("doses", "genotype", "people", "condition", "normalise", "perpetrator", "note"),
        )
        for name in ("control", "test")
    }
    study.normalise_dose = any(o.data.get("normalise") == "dose" for o in overrides.values())
    steady_names = block.items("steady_state")
    for name, own in overrides.items():
        people = {**study.people, **(own.data.get("people") or {})}
        person = read_person(people, {**study.genotype, **read_genotype(own.data.get("genotype"))})
        conditions = read_conditions(own.data.get("condition"), person)
        weight = person.weight_kg or DEFAULT_WEIGHT_KG
        reader = Reader(problems, library, weight, strict=False, fed="fed" in conditions)
        holder: Key = (name, "doses") if "doses" in own else ("doses",)
        rows = own.items("doses") if "doses" in own else block.items("doses")
        extra = perpetrators if name == "test" else []
        where_extra: Key = ("perpetrator",)
        if "perpetrator" in own:
            extra, where_extra = own.items("perpetrator"), (name, "perpetrator")
        victims = Regimen(reader.entries(rows, holder))
        given = Regimen(reader.entries(extra, where_extra, len(rows)))
        if problems.errors:
            return
        if not rows:
            problems.error(holder, "no doses (add the victim's doses)")
            return
        places: list[Key] = [(*holder, i) for i in range(len(rows))] + [(*where_extra, i) for i in range(len(extra))]
        check_together(problems, library, victims + given, places)
        steady = _steady(problems, library, steady_names, victims, given, study)
        arm = Arm(name, victims + given, person, conditions, steady)
        if name == "control":
            study.control = arm
            study.victim_route = victims.entries[0].route
        else:
            study.test = arm
            study.perpetrators = given.drugs
    rows = [*block.items("doses"), *perpetrators]
    if "weight" not in study.people and any(isinstance(r, dict) and "/kg" in str(r.get("dose")) for r in rows):
        study.assumed.append(f"weight not reported: {DEFAULT_WEIGHT_KG:g} kg taken for the doses per kg")
    _measured(problems, block, study, library)


def _steady(problems: Problems, library: Library, names: list[Any], victims: Regimen, given: Regimen, study: Study) -> list[SteadyState]:
    """Drugs at steady state in this arm (a perpetrator may be, in its own); names of the other arm are left out."""
    here = victims + given
    present = set(here.drugs)
    wanted: list[object] = []
    for name in names:
        parts = library.parts(str(name)) if str(name).lower() in library.names() else []
        if not parts:
            raise NotModelled(str(name))
        if present & set(parts):
            wanted.append(name)
    # The study gives one dose of a drug that is at steady state: it is taken daily, and that is said.
    for entry in here.entries:
        if entry.interval_h is None and any(set(library.parts(str(n))) & set(entry.compounds) for n in wanted):
            same = [e.interval_h for e in here.entries if e.product == entry.product and e.interval_h]
            entry.interval_h = same[0] if same else 24.0
            note = f"{entry.product} at steady state without an interval: every {entry.interval_h:g} h taken"
            if note not in study.assumed:
                study.assumed.append(note)
    return steady_state(problems, library, wanted, ("steady_state",), here, Regimen())


def _measured(problems: Problems, block: Block, study: Study, library: Library) -> None:
    inner = Block(problems, block.data.get("measured"), ("measured",), ("compound", "after_dose", "auc", "until", "from", "note"))
    name = inner.text("compound")
    if not name:
        problems.error(("measured",), "'compound' is missing (name what was measured)")
        return
    compounds = library.parts(name) if name.lower() in library.names() else []
    if not compounds:
        raise NotModelled(f"{name} (measured)")
    after, kind, until, start = read_measured(inner)
    assert study.control and study.test
    dosed = set(study.control.regimen.drugs)
    victims = [d for d in study.control.regimen.drugs if d not in study.perpetrators] or study.control.regimen.drugs
    parent = [] if dosed & set(compounds) else victims
    study.measured = Measured(name, compounds, after, kind or "inf", until, start, parent)
    for arm in (study.control, study.test):
        try:
            study.measured.window(arm.regimen)
        except ValueError as error:
            inner.error("after_dose", f"{error} ({arm.name} arm)")


def dose_factor(study: Study) -> float:
    """Test over control dose of the measured drug after which the window starts (ratios per unit dose)."""
    assert study.control and study.test and study.measured
    amounts = []
    for arm in (study.test, study.control):
        at = study.measured.window(arm.regimen).dose_h
        wanted = set(study.measured.parent or study.measured.compounds)
        amounts.append(sum(d.dose_mg for d in arm.regimen.doses if d.drug in wanted and abs(d.time_h - at) < 1e-9))
    return amounts[0] / amounts[1] if study.normalise_dose and amounts[1] > 0 else 1.0
