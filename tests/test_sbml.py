"""SBML export, run by libRoadRunner (CVODE), against SciPy and against the engine: three independent solvers."""

from __future__ import annotations

import importlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clearway.engine.events import ADD, RATE, SET, Events, Outputs
from clearway.engine.system import System
from clearway.errors import InputError
from clearway.export import to_sbml
from engine_reference import solve_reference

libsbml = pytest.importorskip("libsbml")

NAMES = ["drug-a.stomach", "drug-a.blood", "drug-a.liver", "drug-b.blood", "drug-b.liver", "2-metabolite.liver",
         "CYP3A4.liver", "drug-a.auc", "drug-b.auc", "eliminated", "time"]  # fmt: skip
STOMACH, BLOOD_A, LIVER_A, BLOOD_B, LIVER_B, METABOLITE, ENZYME, AUC_A, AUC_B, GONE, TIME = range(11)


def two_compounds() -> System:
    """Two subjects; the second has half the clearance and a steeper induction. B inhibits (Kic and Kiu), inactivates and
    induces; A induces too (shared ceiling); A has two saturable paths at the enzyme, one of which forms a metabolite, and
    a transporter without turnover that B inhibits."""
    return System(
        names=NAMES,
        kind=[0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 0],
        y0=[0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 3.0],
        atol=[1e-9] * 11,
        scale_with=[-2] + [-1] * 10,
        lin_src=[STOMACH, BLOOD_A, LIVER_A, BLOOD_B, LIVER_B, METABOLITE, BLOOD_A, BLOOD_B, BLOOD_B, TIME, LIVER_A],
        lin_dst=[LIVER_A, LIVER_A, BLOOD_A, LIVER_B, BLOOD_B, GONE, AUC_A, AUC_B, GONE, -1, TIME],
        lin_k=[1.5, 9.0, 14.0, 5.0, 7.0, 0.3, 0.2, 0.25, 0.05, 0.1, 0.01],
        lin_gain=[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.5],
        lin_keep=[False] * 6 + [True, True, False, False, True],
        conc_ptr=[0, 1, 2, 4],
        conc_state=[LIVER_A, LIVER_B, LIVER_B, BLOOD_B],
        conc_coef=[0.04, 0.03, 0.02, 0.01],
        site_activity=[ENZYME, -1],
        site_kdeg=[0.03, 0.1],
        part_site=[0, 0, 1],
        part_conc=[1, 0, 2],
        part_group=[1, 0, 1],
        part_inv_kic=[1 / 0.2, 1 / 0.5, 1 / 0.3],
        part_inv_kiu=[1 / 1.1, 0.0, 1 / 0.9],
        part_kinact=[0.4, 0.0, 0.0],
        part_ki=[0.15, 1.0, 1.0],
        part_emax=[6.0, 3.0, 0.0],
        part_ec50=[0.3, 0.4, 1.0],
        part_hill=[[1.0, 1.7], [1.3, 1.3], [1.0, 1.0]],
        path_site=[0, 0, 0, 1],
        path_conc=[0, 0, 1, 0],
        path_group=[0, 0, 1, 0],
        path_src=[LIVER_A, LIVER_A, LIVER_B, LIVER_A],
        path_clint=[[60.0, 30.0], [25.0, 12.0], [18.0, 18.0], [9.0, 9.0]],
        path_inv_km=[1 / 0.6, 1 / 2.0, 1 / 0.8, 0.0],
        prod_path=[0, 0, 1, 2, 3],
        prod_dst=[METABOLITE, GONE, GONE, GONE, GONE],
        prod_yield=[0.7, 0.3, 1.0, 1.0, 1.0],
    )


def regimen() -> Events:
    """Oral doses of A, also one long after the last (the depot is denormal by then), infusions of B, one reset."""
    rows = [
        (0.0, STOMACH, ADD, 40.0), (12.0, STOMACH, ADD, 40.0), (24.0, STOMACH, ADD, 40.0), (24.5, BLOOD_A, ADD, 5.0),
        (0.0, BLOOD_B, RATE, 6.0), (2.0, BLOOD_B, RATE, -6.0),
        (20.0, BLOOD_B, RATE, 3.1), (20.0, BLOOD_B, RATE, 1.7), (23.0, BLOOD_B, RATE, -3.1), (25.5, BLOOD_B, RATE, -1.7),
        (40.0, TIME, SET, 2.0), (40.0, TIME, ADD, 0.5), (600.0, STOMACH, ADD, 40.0),
    ]  # fmt: skip
    time, state, kind, amount = zip(*rows, strict=True)
    return Events(time=time, state=state, kind=kind, amount=amount)


def everything() -> Outputs:
    """Every state, then a mixed one."""
    return Outputs(ptr=[*range(12), 13], state=[*range(11), BLOOD_A, LIVER_A], coef=[1.0] * 11 + [0.2, 0.04])


# Between the events, since libRoadRunner does not say on which side of an event an output lies.
TIMES = np.array(
    [0.3, 1.0, 1.9, 2.1, 5.0, 11.7, 12.2, 14.0, 19.9, 20.4, 22.8, 23.3, 24.2, 24.6, 26.0, 33.0, 41.0, 90.0, 599.0, 601.0, 640.0]
)


ROADRUNNER = """
import json, sys
import roadrunner
text, times, wanted = json.load(sys.stdin)
roadrunner.Logger.setLevel(roadrunner.Logger.LOG_ERROR)
model = roadrunner.RoadRunner(text)
model.integrator.relative_tolerance = 1e-10
states = model.model.getNumFloatingSpecies() + model.model.getNumRateRules()
model.integrator.setValue("absolute_tolerance", [1e-13] * states)
model.integrator.maximum_num_steps = 200_000
model.selections = ["time", *wanted]
json.dump([[float(x) for x in row] for row in model.simulate(times=[0.0, *times])], sys.stdout)
"""


def run(text: str, times: np.ndarray, wanted: list[str]) -> np.ndarray:
    """Values (times, wanted) by libRoadRunner. Tolerances one per state: a single one it scales by the state's value.

    In a process of its own: beside python-libsbml in one process libRoadRunner crashes now and then while it loads a model."""
    if importlib.util.find_spec("roadrunner") is None:
        pytest.skip("libRoadRunner is not installed")
    told = json.dumps([text, times.tolist(), wanted])
    done = subprocess.run([sys.executable, "-c", ROADRUNNER], input=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return np.array(json.loads(done.stdout))[1:, 1:]


def outputs_of(text: str) -> list[str]:
    document = libsbml.readSBMLFromString(text)  # kept: libsbml's objects die with their document
    return [r.getVariable() for r in document.getModel().getListOfRules() if r.getVariable().startswith("out_")]


@pytest.mark.parametrize("subject", [0, 1])
def test_libroadrunner_agrees_with_scipy(subject: int) -> None:
    system, events, outputs = two_compounds(), regimen(), everything()
    text = to_sbml(system, events, subject=subject, outputs=outputs, title="two & compounds")
    ours = solve_reference(system, events, outputs, TIMES, subject)
    theirs = run(text, TIMES, outputs_of(text))
    np.testing.assert_allclose(theirs, ours, rtol=1e-5, atol=1e-9)


def test_engine_agrees_with_libroadrunner() -> None:
    engine = pytest.importorskip("clearway.engine")
    if not hasattr(engine, "solve"):
        pytest.skip("the engine is not built")
    system, events, outputs = two_compounds(), regimen(), everything()
    ours = engine.solve(system, events, outputs, TIMES, 640.0, rtol=1e-8)
    assert ours.ok, ours.message(0)
    for subject in range(2):
        text = to_sbml(system, events, subject=subject, outputs=outputs)
        np.testing.assert_allclose(run(text, TIMES, outputs_of(text)), ours.values[subject], rtol=1e-5, atol=1e-8)


def test_document_is_valid_and_speaks() -> None:
    text = to_sbml(two_compounds(), regimen(), outputs=everything(), title="two <compounds>")
    document = libsbml.readSBMLFromString(text)
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, False)
    document.checkConsistency()
    errors = [document.getError(i) for i in range(document.getNumErrors())]
    assert [e.getMessage() for e in errors if e.getSeverity() >= libsbml.LIBSBML_SEV_ERROR] == []
    model = document.getModel()
    assert (document.getLevel(), document.getVersion()) == (3, 2)
    assert model.getName() == "two <compounds>"
    assert "µmol" in model.getNotesString() and "Clearway" in model.getNotesString()
    # Names as in the System; ids legal, unique and not a word of SBML.
    assert model.getSpecies("drug_a_liver").getName() == "drug-a.liver"
    assert model.getSpecies("x_2_metabolite_liver").getName() == "2-metabolite.liver"
    assert model.getSpecies("time_").getName() == "time"
    assert model.getParameter("CYP3A4_liver") is not None
    assert model.getParameter("kic_drug_b_on_CYP3A4_liver").getValue() == pytest.approx(0.2)


def test_units_are_consistent() -> None:
    """libSBML derives the units of every formula; what it can derive does not contradict what is declared."""
    document = libsbml.readSBMLFromString(to_sbml(two_compounds(), regimen()))
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, True)
    document.checkConsistency()
    found = {document.getError(i).getErrorId(): document.getError(i).getMessage() for i in range(document.getNumErrors())}
    not_declared = {20702, 80701, 99505, 99508}  # literal numbers, AUC and stoichiometric factors carry no unit
    assert {k: v for k, v in found.items() if k not in not_declared} == {}


def test_doses_of_each_subject() -> None:
    """Events in lists per subject: subject 1 takes one dose later, so its model has one event, subject 0 none."""
    system = two_compounds()
    events = Events(time=[0.0, 3.0], state=[STOMACH, STOMACH], amount=[10.0, 20.0], ptr=[0, 1, 2])
    found = [libsbml.readSBMLFromString(to_sbml(system, events, subject=i)) for i in range(2)]
    assert [d.getModel().getNumEvents() for d in found] == [0, 1]
    assert [d.getModel().getSpecies("drug_a_stomach").getInitialAmount() for d in found] == [10.0, 0.0]


def test_infusion_ends_at_exactly_zero() -> None:
    """3.1 + 1.7 - 3.1 - 1.7 is 4.4e-16 in floating point; the pump is off all the same."""
    document = libsbml.readSBMLFromString(to_sbml(two_compounds(), regimen()))
    event = document.getModel().getEvent("at_25_5_h")
    last = event.getEventAssignment("infusion_drug_b_blood")
    assert libsbml.formulaToL3String(last.getMath()) in ("0", "0.0")


def test_missing_libsbml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "libsbml", None)
    with pytest.raises(InputError, match=r'pip install "clearway\[interop\]"'):
        to_sbml(two_compounds(), regimen())


def test_bad_requests() -> None:
    system = two_compounds()
    with pytest.raises(InputError, match=r"subject 2 does not exist \(the batch has subjects 0 to 1\)"):
        to_sbml(system, regimen(), subject=2)
    with pytest.raises(InputError, match="the event at 1 h has an amount"):
        to_sbml(system, Events(time=[1.0], state=[0], amount=[float("nan")]))
    with pytest.raises(InputError, match="3 output names for 12 outputs"):
        to_sbml(system, regimen(), outputs=everything(), output_names=["a", "b", "c"])
    np.asarray(system.path_clint)[2, 1] = np.inf
    with pytest.raises(InputError, match=r"path_clint\[2\] of subject 1"):
        to_sbml(system, regimen(), subject=1)
    assert to_sbml(system, regimen(), subject=0)


EXAMPLE = Path(__file__).parent.parent / "examples" / "alfentanil-ritonavir-acute.yaml"


def test_whole_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole-body model of an example: engine and libRoadRunner agree on plasma, AUC and enzyme activities."""
    engine = pytest.importorskip("clearway.engine")
    case_module = pytest.importorskip("clearway.export.case")
    from clearway.library import Library
    from clearway.regimen import Case

    seen: dict[str, Any] = {}

    def keep(system: System, events: Events, **options: Any) -> str:
        seen.update(system=system, events=events, outputs=options["outputs"])
        return to_sbml(system, events, **options)

    monkeypatch.setattr(case_module, "to_sbml", keep)
    library = Library.load(None)
    text = case_module.case_sbml(Case.load(EXAMPLE, library), library)
    end = float(max(seen["events"].time)) + 24.3
    times = np.arange(0.37, end, 3.0)
    ours = engine.solve(seen["system"], seen["events"], seen["outputs"], times, end, rtol=1e-8)
    assert ours.ok, ours.message(0)
    theirs = run(text, times, outputs_of(text))
    small = 1e-6 * np.abs(ours.values[0]).max(axis=0)
    assert (np.abs(theirs - ours.values[0]) <= 1e-5 * np.abs(ours.values[0]) + small * 1e-3).all()


def test_command_line(tmp_path: Path) -> None:
    """`clearway export sbml CASE -o FILE`."""
    typer_testing = pytest.importorskip("typer.testing")
    command = importlib.import_module("clearway.cli.export")
    target = tmp_path / "case.xml"
    done = typer_testing.CliRunner().invoke(command.app, ["sbml", str(EXAMPLE), "--arm", "control", "-o", str(target)])
    assert done.exit_code == 0, done.output
    document = libsbml.readSBMLFromFile(str(target))
    assert "control arm" in document.getModel().getName()
    assert document.getModel().getParameter("out_alfentanil_plasma") is not None
