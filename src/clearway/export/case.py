"""A case file's arm → SBML: one person with mean genotype activities, the doses with the approach to steady state."""

from __future__ import annotations

from typing import Literal

import numpy as np

from clearway.engine import Events
from clearway.errors import InputError
from clearway.export.sbml import to_sbml
from clearway.exposure.situation import arm_of
from clearway.exposure.steady import prelude
from clearway.library import Library
from clearway.model.assemble import Assembled, assemble
from clearway.model.events import dosing, targets
from clearway.model.lane import Lanes
from clearway.model.model import Model
from clearway.model.people import lanes
from clearway.model.simulate import outputs_of
from clearway.regimen import Case, Dose

ArmName = Literal["control", "test"]


def case_sbml(case: Case, library: Library, arm: ArmName = "test") -> str:
    """SBML of one arm of a case; time 0 is the first dose (of the approach to steady state, if there is one).

    Outputs: venous plasma concentration (µM) and AUC (µM·h) of each compound, activity of each enzyme that is moved.
    A person of unknown genotype has the mean activity of the population here, since SBML holds one person.
    Raises `InputError` if the arm has no doses.
    """
    model = Model(library)
    regimen = case.test if arm == "test" else case.regimen
    whole = arm_of(model, case.person, regimen, case.steady_state)
    if not whole.doses:
        raise InputError(f"the {arm} arm has no doses (nothing to export)")
    doses = (*(d for d in prelude(whole.steady) if d.time_h < 0.0), *whole.doses)
    compounds = [model.kinetics(name) for name in model.closure({d.drug for d in doses})]
    people = lanes(whole.body, [k.compound for k in compounds], mean=True)
    assembled = assemble(compounds, Lanes.of(people), model.setting, *dosing(doses))
    start = min(d.time_h for d in doses)
    outputs, columns = outputs_of(assembled)
    names = [" ".join(c.rsplit(".", 1)) + ("" if c.endswith((".plasma", ".auc")) else " activity") for c in columns]
    remarks = [f"Arm: {arm}. Genotypes that are not given have the population's mean activity."]
    if start != 0:
        remarks.append(f"Time 0 of this model is {start:g} h of the case: time in the case = time + ({start:g}).")
    return to_sbml(
        assembled.system,
        _events(assembled, doses, start),
        outputs=outputs,
        title=f"{case.title or 'case'} ({arm} arm)",
        site_names={index: f"{enzyme} {organ}" for (enzyme, organ), index in assembled.sites.items()},
        output_names=names,
        remarks=remarks,
    )


def _events(assembled: Assembled, doses: tuple[Dose, ...], start: float) -> Events:
    rows = sorted(row for dose in doses for row in targets(assembled, dose))
    return Events(
        time=np.array([row[0] - start for row in rows]),
        kind=np.array([row[1] for row in rows], dtype=np.int8),
        state=np.array([row[2] for row in rows], dtype=np.int32),
        amount=np.array([row[3] for row in rows]),
    )
