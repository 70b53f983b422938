"""Cohorts: the same bytes whatever the chunks, threads, kills and workers; nobody lost, nobody silently dropped."""

from __future__ import annotations

import contextlib
import json
import math
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from clearway.answers import compare_case
from clearway.cohort import Outcome, Plan, Watcher, arms, cluster, run
from clearway.cohort import work as work_module
from clearway.cohort.bands import WIDTH
from clearway.cohort.work import Work
from clearway.errors import InputError
from clearway.library import Library
from clearway.regimen import Case

parquet = pytest.importorskip("pyarrow.parquet", reason="cohorts need pyarrow (pip install 'clearway[cohort]')")

EXAMPLES = Path(__file__).parents[1] / "examples"
METHADONE = EXAMPLES / "methadone-efavirenz.yaml"
PLAN = Plan(subjects=105, seed=3, chunk=35, curves=True, by="genotype_CYP2B6")
FILES = ("endpoints.parquet", "bands.parquet", "curves.parquet")


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


def table(folder: Path, name: str = "endpoints") -> dict[str, np.ndarray]:
    read = parquet.read_table(folder / f"{name}.parquet")
    return {c: read[c].to_numpy(zero_copy_only=False) for c in read.column_names}


Go = Callable[..., Outcome]


@pytest.fixture(scope="module")
def go(library: Library) -> Go:
    """`run` of the methadone case: go(plan, folder, …)."""
    return partial(_run, Case.load(METHADONE, library), library)


def _run(case: Case, library: Library, plan: Plan, out: Path, **options: Any) -> Outcome:
    return run(case, plan, out, library, **options)


@pytest.fixture(scope="module")
def whole(go: Go, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cohort that all others must equal: one thread, uninterrupted."""
    folder = tmp_path_factory.mktemp("whole") / "cohort"
    assert go(PLAN, folder, threads=1).complete
    return folder


# -- the same people, whatever computes them -----------------------------------------------------------


@pytest.mark.parametrize(("threads", "chunk"), [(2, 35), (2, 17), (1, 105)])
def test_threads_and_odd_chunks_give_the_same_bytes(go: Go, whole: Path, tmp_path: Path, threads: int, chunk: int) -> None:
    """17 cuts 105 people into seven chunks of which none is a multiple of the kernel's eight lanes."""
    outcome = go(replace(PLAN, chunk=chunk), tmp_path, threads=threads)
    assert (outcome.computed, outcome.failed, outcome.complete) == (105, 0, True)
    assert contents(tmp_path) == contents(whole)


def test_fewer_people_are_the_first_of_more(go: Go, whole: Path, tmp_path: Path) -> None:
    go(replace(PLAN, subjects=45, curves=False, bands=False, by=None), tmp_path)
    some, every = table(tmp_path), table(whole)
    assert some.keys() == every.keys()
    for name, values in some.items():
        assert np.array_equal(values, every[name][:45]), name


def test_killed_and_resumed_gives_the_same_bytes(go: Go, whole: Path, tmp_path: Path) -> None:
    """SIGKILL when 40 % of 21 parts are sealed; one part is then damaged and a half-written file left behind."""
    out = tmp_path / "cohort"
    plan = replace(PLAN, chunk=5)
    process = _command(out, plan)
    seals = _until(lambda: sorted((out / "parts").glob("*.json")), 8, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (out / "endpoints.parquet").exists()
    kept = {p: p.stat().st_mtime_ns for p in sorted((out / "parts").glob("*.json"))}
    assert 8 <= len(kept) < 21
    damaged = seals[0].with_suffix(".endpoints.parquet")
    damaged.write_bytes(damaged.read_bytes()[:-100])
    (out / "parts" / "000020.curves.parquet.partial").write_bytes(b"half")
    told = Told()
    outcome = go(plan, out, watcher=told)
    assert outcome.complete and contents(out) == contents(whole)
    assert told.begun == (105, 5 * (len(kept) - 1), 0) and outcome.computed == 105 - told.begun[1]
    assert not (out / "parts").exists()
    again = go(plan, out)
    assert (again.computed, again.complete, again.files) == (0, True, outcome.files)


def test_ctrl_c_stops_cleanly_and_says_how_to_go_on(go: Go, whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "cohort"
    process = _command(out, replace(PLAN, chunk=5))
    _until(lambda: list((out / "parts").glob("*.json")), 1, process)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "stopping: the chunks in work are finished first" in said and "the same command goes on from there" in said
    assert "Traceback" not in said
    assert go(replace(PLAN, chunk=5), out).computed < 105
    assert contents(out) == contents(whole)


def test_dask_with_a_killed_worker_loses_nobody(go: Go, whole: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="needs Dask (pip install 'clearway[dask]')")
    options: dict[str, Any] = {"n_workers": 2, "threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": None}
    with distributed.LocalCluster(**options, silence_logs=50) as cluster:
        victim = cluster.workers[0].pid

        class Killer(Watcher):
            killed = 0

            def advances(self, rows: int, failed: int) -> None:
                if not self.killed:
                    os.kill(victim, signal.SIGKILL)
                    self.killed = victim

        killer = Killer()
        outcome = go(replace(PLAN, chunk=5), tmp_path, dask=cluster.scheduler_address, watcher=killer)
    assert killer.killed and outcome.complete and outcome.computed == 105
    assert contents(tmp_path) == contents(whole)


class Told(Watcher):
    begun: tuple[int, int, int] = (0, 0, 0)
    expected: tuple[float, int, int] | None = None

    def begins(self, rows: int, done: int, failed: int) -> None:
        self.begun = (rows, done, failed)

    def expects(self, seconds: float, space: int, peak: int) -> None:
        self.expected = (seconds, space, peak)


def _command(out: Path, plan: Plan) -> subprocess.Popen[str]:
    arguments = ["-n", plan.subjects, "--out", out, "--seed", plan.seed, "--chunk", plan.chunk, "--by", plan.by, "--curves", "--threads", 1]
    command = [sys.executable, "-m", "clearway", "cohort", str(METHADONE), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _until(look: Callable[[], list[Path]], many: int, process: subprocess.Popen[str]) -> list[Path]:
    end = time.monotonic() + 60.0
    while len(found := look()) < many:
        assert process.poll() is None and time.monotonic() < end, process.communicate()
        time.sleep(0.002)
    return found


# -- what stands in the files --------------------------------------------------------------------------


def test_bands_are_the_percentiles_of_the_curves(whole: Path) -> None:
    """Per drug, arm and genotype: numpy's percentiles of the stored curves, within the width of a bin."""
    bands, curves, people = table(whole, "bands"), table(whole, "curves"), table(whole)
    groups = people["genotype_CYP2B6"]
    compared = 0
    for name in ("methadone_control", "methadone_test", "methadone_r_test"):
        drug, arm = name.rsplit("_", 1)
        values = np.stack(list(curves[name])).astype(float)
        for group in np.unique(groups):
            mine = (bands["drug"] == drug) & (bands["arm"] == arm) & (bands["group"] == group)
            assert set(bands["subjects"][mine]) == {np.sum(groups == group)}
            for p in PLAN.percentiles:
                true = np.percentile(values[groups == group], p, axis=0)
                assert bands[f"p{p:g}"][mine] == pytest.approx(true, rel=WIDTH + 1e-6)  # curves are stored as float32
                compared += len(true)
    assert compared > 50_000
    assert set(bands["subjects"]) == set(np.unique(groups, return_counts=True)[1])


def test_endpoints_are_those_of_the_curves(whole: Path) -> None:
    """Cmax, Cmin and tmax are on the stored curve in the window 480–504 h; the ratio is test by control."""
    read = parquet.read_schema(whole / "curves.parquet")
    times = np.array(json.loads(read.metadata[b"times_h"]))
    curves, people = table(whole, "curves"), table(whole)
    inside = (times >= 480.0) & (times <= 504.0)
    for arm in ("control", "test"):
        values = np.stack(list(curves[f"methadone_{arm}"]))[:, inside]
        assert people[f"methadone_cmax_{arm}"] == pytest.approx(values.max(axis=1), rel=1e-6)
        assert people[f"methadone_cmin_{arm}"] == pytest.approx(values.min(axis=1), rel=1e-6)
        assert people[f"methadone_tmax_{arm}"] == pytest.approx(times[inside][values.argmax(axis=1)] - 480.0)
        area = np.trapezoid(values, times[inside], axis=1)
        assert people[f"methadone_auc_{arm}"] == pytest.approx(area, rel=2e-3)
    for what in ("auc", "cmax", "cmin"):
        quotient = people[f"methadone_{what}_test"] / people[f"methadone_{what}_control"]
        assert np.array_equal(people[f"methadone_{what}_ratio"], quotient)
    assert people["methadone_auc_test"] == pytest.approx(people["methadone_r_auc_test"] + people["methadone_s_auc_test"])
    assert np.array_equal(people["subject"], np.arange(105)) and not people["code"].any()


def test_units_stand_with_the_columns(whole: Path) -> None:
    schema = parquet.read_schema(whole / "endpoints.parquet")
    units = {f.name: (f.metadata or {}).get(b"unit", b"").decode() for f in schema}
    assert (units["methadone_auc_control"], units["methadone_cmin_test"]) == ("ng·h/mL", "ng/mL")
    assert (units["methadone_auc_ratio"], units["weight"], units["sex"]) == ("1", "kg", "")
    about = json.loads(schema.metadata[b"clearway"])
    assert about["format"] == "clearway.cohort/1" and about["seed"] == 3 and "chunk" not in about


NOBODY_DIFFERS = """
format: clearway.case/1
person: {{sex: male, age: 35, height: 176 cm, weight: 73 kg, haematocrit: 0.44, albumin: 44 g/L, aag: 0.8 g/L, urine_ph: 6.3,
  egfr: 95 mL/min/1.73m², genotype: {{{genes}}}}}
population: {{microsomal_protein: 1, gastric_emptying: 1, transit: 1, abundance: {{{enzymes}}}}}
regimen: [{{drug: methadone, dose: 60 mg, route: oral, every: 24 h, count: 8}}]
compare: [{{drug: efavirenz, dose: 600 mg, route: oral, every: 24 h, count: 8}}]
steady_state: [methadone]
measure: {{compounds: [methadone, efavirenz], after_dose: last, auc: tau, until: 24 h}}
"""


def test_people_who_do_not_differ_are_the_person_of_compare(library: Library, tmp_path: Path) -> None:
    """With every spread at 0 the cohort's arms, each with its own compounds, equal the one system of `clearway compare`."""
    alleles = {g: next(iter(e["alleles"])) for g, e in library.genotypes.items() if "frequencies" in e}
    genes = ", ".join(f"{gene}: '{a}/{a}'" for gene, a in alleles.items())
    enzymes = ", ".join(f"{e}: 0" for e in library.physiology["population"]["abundance"]["cv"])
    case = Case.parse(NOBODY_DIFFERS.format(genes=genes, enzymes=enzymes), library)
    assert run(case, Plan(3, bands=False), tmp_path, library).complete
    people = table(tmp_path)
    answer = compare_case(case, library, attribute=False, interval=False)
    compared = 0
    for row in answer.rows:
        mass, name = row.read.target.molar_mass, row.read.target.name.replace("-", "_")
        for arm, e in (("control", row.control), ("test", row.test)):
            for what, factor in (("auc", mass), ("cmax", mass), ("cmin", mass), ("tmax", 1.0)):
                if e is None:
                    assert f"{name}_{what}_{arm}" not in people
                    continue
                assert people[f"{name}_{what}_{arm}"] == pytest.approx([factor * getattr(e, what)] * 3, rel=1e-4)
                compared += 1
    assert compared == 4 * (3 * 2 + 1)  # methadone and its halves in both arms, efavirenz in one


# -- who fails -----------------------------------------------------------------------------------------


def test_who_fails_stays_a_row_with_a_code_and_a_sentence(go: Go, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people get an impossible body; nobody else's numbers move, and the two are in no percentile."""
    made = work_module.population_lanes

    def with_two_ill(model: Any, people: Any, *rest: Any) -> Any:
        lanes = made(model, people, *rest)
        flow = lanes.bodies.cardiac_output.copy()
        volumes = {k: v.copy() for k, v in lanes.bodies.volumes.items()}
        if len(people) > 64:
            volumes["venous"][[5, 64]] = np.nan
        return replace(lanes, bodies=replace(lanes.bodies, volumes=volumes, cardiac_output=flow))

    monkeypatch.setattr(work_module, "population_lanes", with_two_ill)
    outcome = go(replace(PLAN, chunk=105), tmp_path, threads=1)
    assert (outcome.failed, outcome.complete) == (2, True)
    people, sound = table(tmp_path), table(whole)
    ill = np.isin(np.arange(105), [5, 64])
    assert np.array_equal(people["code"] != 0, ill) and len(people["subject"]) == 105
    assert all("not a finite number" in said for said in people["message"][ill]) and not any(people["message"][~ill])
    for name in ("methadone_auc_control", "methadone_auc_ratio", "methadone_s_cmin_test"):
        assert np.isnan(people[name][ill]).all() and np.array_equal(people[name][~ill], sound[name][~ill])
    assert sorted(people) == sorted(sound)
    bands = table(tmp_path, "bands")
    counted = sum(bands["subjects"][(bands["drug"] == "methadone") & (bands["arm"] == "test") & (bands["time_h"] == 480.0)])
    assert counted == 103
    assert outcome.spreads()["methadone_auc_ratio"][""].subjects == 103


def test_whom_the_model_refuses_is_found_and_nobody_else_moves(
    go: Go, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model's own checks speak of a batch; in a cohort they must not end it."""
    odd = table(whole)["aag"][41]
    made = work_module.population_lanes

    def strict(model: Any, people: Any, *rest: Any) -> Any:
        if odd in people.aag.astype(np.float32):
            raise InputError("renal clearance is above the kidney's flow")
        return made(model, people, *rest)

    monkeypatch.setattr(work_module, "population_lanes", strict)
    monkeypatch.setattr("clearway.cohort.work.BLOCK", 64)
    assert go(PLAN, tmp_path).failed == 1
    people, sound = table(tmp_path), table(whole)
    others = np.arange(105) != 41
    assert people["code"][41] == arms.REFUSED and people["message"][41] == "renal clearance is above the kidney's flow"
    assert people["aag"][41] == odd and np.isnan(people["methadone_auc_test"][41])
    for name in ("methadone_auc_ratio", "methadone_r_cmin_control", "code"):
        assert np.array_equal(people[name][others], sound[name][others])


def test_killed_while_joining(go: Go, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All parts are there and some of the files: the next run joins again and computes nothing."""
    from clearway.cohort import joining

    write = joining._write

    def killed(target: Path, *rest: Any) -> None:
        if target.name == "bands.parquet":
            (target.parent / "bands.parquet.partial").write_bytes(b"half")
            raise KeyboardInterrupt
        write(target, *rest)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(joining, "_write", killed)
        go(PLAN, tmp_path)
    assert (tmp_path / "endpoints.parquet").exists() and not (tmp_path / "curves.parquet").exists()
    assert go(PLAN, tmp_path).computed == 0
    assert contents(tmp_path) == contents(whole) and sorted(p.name for p in tmp_path.iterdir()) == sorted([*FILES, "cohort.json"])


def test_who_has_no_steady_state_is_said_to_have_none(monkeypatch: pytest.MonkeyPatch, library: Library) -> None:
    """With an approach of four days nobody's methadone (half-life over a day) is steady."""
    monkeypatch.setattr(arms, "DAYS", (3, 4))
    chunk = Work(Case.load(METHADONE, library), library, Plan(6, chunk=6, bands=False)).chunk(0)
    assert chunk.columns["code"].tolist() == [arms.UNSTEADY] * 6
    assert all("No steady state" in said for said in chunk.columns["message"])
    assert np.isnan(chunk.columns["methadone_auc_test"]).all()


def test_slow_people_get_a_longer_approach_and_then_the_same_state(monkeypatch: pytest.MonkeyPatch, library: Library) -> None:
    """Who is steady after 30 days has what 60 days give within the 0.1 % of the criterion over a few intervals."""
    case, plan = Case.load(METHADONE, library), Plan(40, chunk=40, bands=False)
    short = Work(case, library, plan).chunk(0).columns["methadone_auc_control"]
    monkeypatch.setattr(arms, "DAYS", (60, 240))
    long = Work(case, library, plan).chunk(0).columns["methadone_auc_control"]
    assert short == pytest.approx(long, rel=0.02)


# -- draws, adherence, groups --------------------------------------------------------------------------


def test_uncertainty_gives_the_same_people_under_each_draw(go: Go, tmp_path: Path) -> None:
    go(Plan(30, chunk=32, uncertainty=3, by="draw"), tmp_path)
    people = table(tmp_path)
    assert np.array_equal(people["draw"], np.repeat([0, 1, 2], 30)) and np.array_equal(people["subject"], np.tile(np.arange(30), 3))
    assert np.array_equal(people["weight"][:30], people["weight"][60:])
    ratio = people["methadone_auc_ratio"].reshape(3, 30)
    assert np.ptp(np.median(ratio, axis=1)) > 0.005  # a draw moves everybody
    assert {(g, int(n)) for g, n in zip(*(table(tmp_path, "bands")[c] for c in ("group", "subjects")), strict=True)} == {
        (d, 30) for d in "012"
    }


ADHERENCE = """
format: clearway.case/1
person: {sex: male, age: 35, weight: 73 kg}
population: {adherence: {methadone: {low: 0.3, high: 0.9}}}
regimen: [{drug: methadone, dose: 60 mg, route: oral, every: 24 h, count: 6}]
compare: [{drug: efavirenz, dose: 600 mg, route: oral, every: 24 h, count: 6}]
measure: {after_dose: last, auc: tau, until: 24 h}
"""


def test_missed_doses_are_missed_in_both_arms_and_counted(library: Library, tmp_path: Path) -> None:
    case = Case.parse(ADHERENCE, library)
    run(case, Plan(200, bands=False), tmp_path, library)
    people = table(tmp_path)
    taken = people["taken_methadone"]
    assert 0.5 < taken.mean() < 0.7 and set(np.round(taken * 6).astype(int)) <= set(range(7))
    none = taken == 0
    assert none.any() and not people["methadone_auc_control"][none].any() and np.isnan(people["methadone_auc_ratio"][none]).all()
    assert np.corrcoef(taken, people["methadone_auc_control"])[0, 1] > 0.3
    assert not people["code"].any()


SINGLE = """
format: clearway.case/1
person: {sex: female, age: 40}
regimen: [{drug: midazolam, dose: 5 mg, route: oral}]
"""


def test_a_case_that_compares_nothing(library: Library, tmp_path: Path) -> None:
    """One arm, without a suffix; a single dose has a half-life and no trough."""
    outcome = run(Case.parse(SINGLE, library), Plan(50), tmp_path, library)
    people = table(tmp_path)
    assert list(outcome.endpoints) == ["midazolam_auc", "midazolam_cmax", "midazolam_tmax", "midazolam_half_life"]
    assert np.all((people["midazolam_half_life"] > 0.5) & (people["midazolam_half_life"] < 24.0))
    assert set(table(tmp_path, "bands")["arm"]) == {"run"}


# -- what is refused -----------------------------------------------------------------------------------

MORE = replace(PLAN, subjects=106)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (MORE, "the number of subjects (-n): 105 there, 106 now"),
        (replace(PLAN, seed=4), "--seed: 3 there, 4 now"),
        (replace(PLAN, chunk=64), "--chunk: 35 there, 64 now"),
        (replace(PLAN, by=None), "--by: genotype_CYP2B6 there, none now"),
        (replace(PLAN, curves=False), "--curves: yes there, none now"),
        (replace(PLAN, rtol=1e-5), "--rtol: 1e-06 there, 1e-05 now"),
    ],
)
def test_another_plan_is_refused(go: Go, whole: Path, plan: Plan, said: str) -> None:
    with pytest.raises(InputError, match="another cohort has begun here") as error:
        go(plan, whole)
    assert said in str(error.value) and "choose another --out" in str(error.value)


def test_another_case_library_or_processor_is_refused(
    go: Go, whole: Path, tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = METHADONE.read_text(encoding="utf-8")
    other = Case.parse(text.replace("600 mg", "400 mg"), library)
    with pytest.raises(InputError, match="the case or its population changed since"):
        run(other, PLAN, whole, library)
    worded = Case.parse(text.replace("title: methadone", "# a remark\ntitle: Methadone"), library)
    assert run(worded, PLAN, whole, library).complete  # how it is written does not matter
    compounds = dict(library.compounds)
    molecule = replace(
        compounds["efavirenz"].molecule, fraction_unbound=replace(compounds["efavirenz"].molecule.fraction_unbound, value=0.02)
    )
    compounds["efavirenz"] = replace(compounds["efavirenz"], molecule=molecule)
    with pytest.raises(InputError, match="a value of the library changed since"):
        run(Case.parse(text, library), PLAN, whole, replace(library, compounds=compounds))
    monkeypatch.setenv("CLEARWAY_ISA", "base")
    with pytest.raises(InputError, match=r"the processor path .*: .* there, base now"):
        go(PLAN, whole)


def test_a_changed_result_is_seen(go: Go, whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "copy")
    file = tmp_path / "copy" / "endpoints.parquet"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(InputError, match="is not what the cohort wrote"):
        go(PLAN, tmp_path / "copy")


def test_a_second_run_in_the_same_folder_is_refused(go: Go, tmp_path: Path) -> None:
    class Second(Watcher):
        error = ""

        def advances(self, rows: int, failed: int) -> None:
            try:
                go(Plan(40, chunk=20), tmp_path)
            except InputError as error:
                self.error = str(error)

    watcher = Second()
    go(Plan(40, chunk=20), tmp_path, watcher=watcher)
    assert "another run is at work here" in watcher.error


def test_a_full_disk_is_foreseen(go: Go, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told()
    go(Plan(100, chunk=50), tmp_path / "small", watcher=told)
    assert told.expected and told.expected[1] == pytest.approx((tmp_path / "small" / "endpoints.parquet").stat().st_size, rel=0.5)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1e6))
    with pytest.raises(InputError, match=r"needs about .* GB, 0.0 GB are free"):
        go(Plan(10_000, chunk=20), tmp_path / "large")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"subjects": 0}, "-n: 0 is out of range (1 to 1,000,000,000)"),
        ({"subjects": 10**9, "uncertainty": 2}, "more than 1,000,000,000 rows"),
        ({"subjects": 5, "percentiles": (50.0, 101.0)}, "numbers from 0 to 100"),
        ({"subjects": 5, "by": "sex", "bands": False}, "--by"),
        ({"subjects": 5, "rtol": 0.5}, "--rtol: 0.5 is out of range"),
    ],
)
def test_a_plan_that_cannot_be(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as error:
        Plan(**given)
    assert said in str(error.value)


def test_an_unknown_group_names_the_known_ones(go: Go, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--by: no such group \('genotype_CYP9'; one of sex, .*genotype_CYP2B6"):
        go(Plan(5, by="genotype_CYP9"), tmp_path)


def test_a_worker_that_would_compute_other_numbers_is_refused(library: Library) -> None:
    """Another version or processor path on a worker of the cluster: the text names it and what to do."""
    case, plan = Case.load(METHADONE, library), Plan(5)
    identity = Work(case, library, plan).identity()
    assert cluster._part(pickle.dumps((case, library, plan, identity)), 0).rows == 5
    for name, value, said in (("processor", "base", "base here"), ("clearway", "0.0.1", "0.0.1 here"), ("library", "x", "it differs")):
        other = pickle.dumps((case, library, plan, replace(identity, **{name: value})))
        with pytest.raises(InputError, match=f"not the same {name}") as error:
            cluster._part(other, 0)
        assert said in str(error.value) and "install the same Clearway" in str(error.value)


# -- the command ---------------------------------------------------------------------------------------


def test_the_command_prints_one_object(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from clearway.cli import main

    monkeypatch.chdir(tmp_path)
    assert main(["cohort", str(METHADONE), "-n", "30", "--json"]) == 0
    printed = capsys.readouterr()
    data = json.loads(printed.out)
    assert (data["format"], data["folder"], data["rows"], data["complete"]) == ("clearway.cohort/1", "methadone-efavirenz.cohort", 30, True)
    ratio = data["endpoints"]["methadone_auc_ratio"]
    assert ratio["subjects"] == 30 and 0.2 < ratio["p5"] < ratio["p50"] < ratio["p95"] < 1.0 and math.isfinite(ratio["p25"])
    assert set(data["files"]) == {"endpoints.parquet", "bands.parquet"}
    assert main(["cohort", str(METHADONE), "-n", "30", "--by", "sex"]) == 2
    assert "--by: none there, sex now" in capsys.readouterr().err


def test_the_table_names_drugs_and_groups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from clearway.cli import main

    assert main(["cohort", str(METHADONE), "-n", "80", "--out", str(tmp_path), "--by", "genotype_CYP2B6"]) == 0
    printed = capsys.readouterr().out
    for said in ("AUC ratio", "*1/*6", "more groups of fewer than 10 people", "80 rows in", "nobody failed", "endpoints.parquet"):
        assert said in printed


def test_progress_on_a_terminal(tmp_path: Path) -> None:
    """People, people a second, time left, what is expected; stdout stays clean for --json."""
    pty = pytest.importorskip("pty", reason="needs a POSIX terminal")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "clearway", "cohort", str(METHADONE), "-n", "1200", "--chunk", "150", "--out", str(tmp_path), "--json"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=theirs, text=True, env={**os.environ, "COLUMNS": "100", "TERM": "xterm"}
    )
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # the terminal closes with the program
        while piece := os.read(ours, 4096):
            shown += piece
    os.close(ours)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0 and json.loads(out)["complete"], shown.decode()
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    assert re.search(r"[1-9][\d,]* of 1,200 people, [\d,]+/s, \d+ s left", text), text[-2000:]
    assert "Traceback" not in text


@pytest.mark.parametrize(("module", "dask", "said"), [("pyarrow", None, "clearway[cohort]"), ("distributed", "local", "clearway[dask]")])
def test_what_is_not_installed_is_named(
    go: Go, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, dask: str | None, said: str
) -> None:
    for name in [m for m in sys.modules if m == module or m.startswith(f"{module}.")]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match="pip install") as error:
        go(Plan(5), tmp_path, dask=dask)
    assert said in str(error.value)
