"""Single-drug checks: AUC, Cmax and half-life of every compound against published pharmacokinetics.

`single_drug/<compound>.yaml` (format clearway.single-drug/1) holds the observations; `used_to_set` names the
parameters that an observation set, and an empty list marks an independent check; `miss` holds, by quantity, the reason why the
model is more than `LIMIT`-fold off.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clearway.errors import InputError
from clearway.exposure.arms import Measure, exposures, run
from clearway.exposure.nca import Window
from clearway.exposure.situation import arm_of
from clearway.library import Library
from clearway.library.document import read_document
from clearway.model.model import Model
from clearway.model.simulate import RTOL
from clearway.regimen import PersonSpec, Regimen
from clearway.regimen.block import Problems
from clearway.regimen.entries import Reader
from clearway.units import convert

FOLDER = Path(__file__).parent / "single_drug"
WEIGHT = 70.0
LIMIT = 1.5
"""Fold error within which a single-drug observation counts as met."""

TAIL = 168.0
"""Hours of a single dose that are simulated before the log-linear tail."""


@dataclass(frozen=True)
class Check:
    """One observed quantity and what the model gives, in the unit of the source. `miss` says why it is not met."""

    compound: str
    id: str
    title: str
    quantity: str
    unit: str
    observed: float
    predicted: float
    source: str
    used_to_set: tuple[str, ...] = field(default=())
    miss: str = ""

    @property
    def fold(self) -> float:
        """predicted/observed."""
        return self.predicted / self.observed

    @property
    def met(self) -> bool:
        return 1.0 / LIMIT <= self.fold <= LIMIT


def check_folder(library: Library, folder: Path = FOLDER, model: Model | None = None) -> list[Check]:
    """Every observation of a folder, compound by compound."""
    model = model or Model(library)
    found: list[Check] = []
    for path in sorted(folder.glob("*.yaml")):
        found += check_file(model, path)
    return found


def check_file(model: Model, path: Path, only: set[str] | None = None) -> list[Check]:
    """Every observation of one file (or those of `only`). Raises InputError naming file and line."""
    document = read_document(path)
    problems = Problems(document)
    checks: list[Check] = []
    for i, row in enumerate(document.data.get("observations", [])):
        if only is None or row["id"] in only:
            checks += _observation(model, problems, row, i)
    problems.stop()
    return checks


def _observation(model: Model, problems: Problems, row: dict[str, Any], i: int, rtol: float = RTOL) -> list[Check]:
    people = row.get("people") or {}
    weight = float(people.get("weight") or WEIGHT)
    reader = Reader(problems, model.library, weight, strict=False, ids_are_base=True)
    regimen = Regimen(reader.entries(row["doses"], ("observations", i, "doses")))
    if problems.errors:
        raise InputError(problems.errors)
    name = row["measured_compound"]
    parts = model.library.parts(name)
    person = PersonSpec(weight_kg=weight, sex=people.get("sex"), genotype=dict(row.get("genotype") or {}))
    arm = arm_of(model, person, regimen, [])
    after = row.get("after_dose", "last")
    times = sorted({d.time_h for d in arm.doses})
    at = times[-1] if after == "last" else times[int(after) - 1]
    auc = row.get("auc") or {}
    kind = str(auc.get("window", "inf"))
    open_ended = kind in ("inf", "tau")
    length = regimen.interval_h if kind == "tau" and regimen.interval_h else TAIL if open_ended else convert(*_quantity(kind), "h")
    window = Window(at, at + length, "inf" if kind == "inf" else "tau")
    full = Window(at, at + TAIL, "inf")
    fine = [at + TAIL * (i / 400.0) ** 2 for i in range(401)]
    done, (lanes,), weights = run(model, [arm], [window, full], rtol=rtol, extra=fine)
    inside = exposures(done, lanes, weights, Measure(name, tuple(parts), window))
    tail = exposures(done, lanes, weights, Measure(name, tuple(parts), full))
    molar_mass = model.kinetics(parts[0]).molar_mass
    predicted = {"auc": inside.auc, "cmax": inside.cmax, "half_life": tail.half_life}
    internal = {"auc": "µM·h", "cmax": "µM", "half_life": "h"}
    found: list[Check] = []
    for quantity, value in predicted.items():
        given = row.get(quantity)
        if not given:
            continue
        unit = given["unit"]
        seen = convert(float(given["value"]), unit, internal[quantity], molar_mass=molar_mass)
        found.append(
            Check(
                compound=name,
                id=row["id"],
                title=row.get("title", row["id"]),
                quantity=quantity,
                unit=unit,
                observed=float(given["value"]),
                predicted=float(given["value"]) * value / seen,
                source=row["source"],
                used_to_set=tuple(row.get("used_to_set") or ()),
                miss=str((row.get("miss") or {}).get(quantity, "")),
            )
        )
    return found


def _quantity(text: str) -> tuple[float, str]:
    value, unit = text.split()
    return float(value), unit
