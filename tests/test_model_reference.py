"""A full case of the library, solved a second time by SciPy from the System's plain equations (tests/reference.py)."""

from __future__ import annotations

import numpy as np
import pytest

from clearway.model.events import own_events
from clearway.model.model import Model
from clearway.model.people import lanes
from clearway.model.simulate import outputs_of, simulate
from clearway.physiology import Person
from clearway.regimen import Dose
from conftest import lane
from engine_reference import solve_reference


def doses_of(model: Model, drug: str, mg: float, hours: list[float]) -> list[Dose]:
    mass = model.kinetics(drug).molar_mass
    return [Dose(drug=drug, dose_mg=mg, amount_umol=1000.0 * mg / mass, route="oral", time_h=t) for t in hours]


def test_methadone_and_efavirenz_over_three_days_equal_scipy(model: Model) -> None:
    """Two enantiomers (60 mg of hydrochloride: 26.8 mg of base each) and 600 mg of efavirenz daily: every concentration, AUC
    and enzyme activity that is above 1e-3 of its largest value, to 1e-5."""
    days = [0.0, 24.0, 48.0]
    doses = [
        d for name, mg in (("methadone-r", 26.84), ("methadone-s", 26.84), ("efavirenz", 600.0)) for d in doses_of(model, name, mg, days)
    ]
    compounds = [model.kinetics(n) for n in model.closure({d.drug for d in doses})]
    genotypes = {"CYP2B6": "*1/*6", "CYP2C19": "*1/*2"}
    people = lanes(model.body(Person(genotypes=genotypes)), [k.compound for k in compounds])[:1]
    times = np.unique(np.concatenate([np.linspace(0.0, 72.0, 37), [0.5, 24.5, 48.5]]))
    done = simulate(compounds, people, [doses], model.setting, times, rtol=1e-8)
    events, _ = own_events(done.assembled, [doses], 0.0, 72.0)
    outputs, columns = outputs_of(done.assembled)
    ref = solve_reference(done.assembled.system, events, outputs, times, rtol=1e-9)
    moved = {c for c in columns if c.startswith("CYP2B6")}
    assert moved and abs(done.activity("CYP2B6", "liver")[0, -1] - 1.0) > 0.3  # the case does something
    for name, column in columns.items():
        seen, wanted = done.trajectory.values[0, :, column], ref[:, column]
        big = np.abs(wanted) > 1e-3 * np.abs(wanted).max()
        assert seen[big] == pytest.approx(wanted[big], rel=1e-5), name


def test_the_shipped_tolerance_is_within_its_order_of_scipy(model: Model) -> None:
    """The same at the product's own tolerance (1e-6), midazolam with ritonavir in one day: AUC to 1e-4."""
    doses = [*doses_of(model, "ritonavir", 100.0, [0.0, 12.0]), *doses_of(model, "midazolam", 3.0, [12.0])]
    compounds = [model.kinetics(n) for n in model.closure({d.drug for d in doses})]
    times = np.linspace(0.0, 24.0, 25)
    done = simulate(compounds, [lane(model.setting.reference)], [doses], model.setting, times)
    events, _ = own_events(done.assembled, [doses], 0.0, 24.0)
    outputs, columns = outputs_of(done.assembled)
    ref = solve_reference(done.assembled.system, events, outputs, times, rtol=1e-9)
    for name in ("midazolam.auc", "ritonavir.auc", "midazolam.plasma"):
        wanted = ref[:, columns[name]]
        assert np.abs(done.trajectory.values[0, :, columns[name]] - wanted).max() < 1e-4 * wanted.max(), name
