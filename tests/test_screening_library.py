"""The screen of the shipped library: names, doses, genotypes, evidence, studies, the command, and the check."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

import clearway
from clearway.answers.screening import Screening, by_size, screen_drugs
from clearway.cli import main
from clearway.cli.screen import print_screening
from clearway.errors import InputError, UnknownName
from clearway.library import Library
from clearway.model.model import Model
from clearway.physiology import Person
from clearway.screening import ALL, Row, overrides, strength
from clearway.screening.doses import FILE, count, screened
from clearway.screening.drugs import drug, everything, pairs
from clearway.screening.genotypes import People, classes
from clearway.screening.steps import EXPLAINED, UNEXPLAINED


@pytest.fixture(scope="module")
def whole(library: Library) -> Screening:
    return screen_drugs((), library)


def of(s: Screening, perpetrator: str, victim: str, route: str = "oral", genotype: str = ALL) -> Row:
    rows = [r for r in s.rows if (r.perpetrator, r.victim, r.route, r.genotype, r.part_of) == (perpetrator, victim, route, genotype, "")]
    assert len(rows) == 1
    return rows[0]


# -- what the issue asks of methadone -----------------------------------------------------------------------


def test_protease_inhibitors_lower_methadone_and_indinavir_does_not(whole: Screening) -> None:
    """Inhibitors of CYP3A4 that lower methadone, through CYP2B6: what a list of inhibitors gets wrong. Indinavir leaves it alone."""
    for route in ("iv", "oral"):
        for name in ("nelfinavir", "ritonavir", "efavirenz"):
            row = of(whole, name, "methadone", route)
            assert 0.4 < row.auc_ratio < 0.65
            assert row.mechanism[0] == "CYP2B6 induction"
        assert of(whole, "indinavir", "methadone", route).auc_ratio == pytest.approx(1.0, abs=0.06)
    assert of(whole, "nelfinavir", "alfentanil").auc_ratio > 2.0


def test_a_racemate_is_its_halves_by_exposure(whole: Screening) -> None:
    """Ratio of the sum = Σ AUC·ratio/Σ AUC; equal doses, so that each half weighs by its availability over its clearance."""
    for genotype in (ALL, "CYP2B6 PM"):
        rows = [r for r in whole.rows if (r.perpetrator, r.route, r.genotype) == ("nelfinavir", "iv", genotype)]
        found = {r.victim: r for r in rows if "methadone" in (r.victim, r.part_of)}
        assert set(found) == {"methadone", "methadone-r", "methadone-s"}
        assert found["methadone-r"].part_of == "methadone"
        assert found["methadone-s"].auc_ratio < found["methadone"].auc_ratio < found["methadone-r"].auc_ratio
        whole_change = math.prod(f for _, f in found["methadone"].factors)
        assert whole_change == pytest.approx(found["methadone"].auc_ratio, rel=2e-3)  # those below 0.1 % are not listed


def test_all_genotypes_are_the_mean_of_the_classes(whole: Screening) -> None:
    rows = [r for r in whole.rows if (r.perpetrator, r.victim, r.route) == ("ticlopidine", "efavirenz", "oral")]
    mixed, each = rows[0], rows[1:]
    assert mixed.genotype == ALL and len(each) == 12  # CYP2B6 and CYP2A6
    assert sum(r.frequency for r in each) == pytest.approx(1.0)
    assert math.log(mixed.auc_ratio) == pytest.approx(sum(r.frequency * math.log(r.auc_ratio) for r in each))
    by_name = {r.genotype: r.auc_ratio for r in each}
    assert by_name["CYP2A6 NM, CYP2B6 PM"] < by_name["CYP2A6 NM, CYP2B6 NM"]  # less CYP2B6 to lose
    low, high = whole.range_of(mixed) or (0.0, 0.0)
    assert low == min(by_name.values()) and high == max(by_name.values())


def test_every_pair_route_and_bound(whole: Screening) -> None:
    drugs = everything(whole.library)
    names = {d.name for d in drugs}
    assert {"methadone", "levomethadone", "ketamine", "esketamine"} <= names
    assert not {"methadone-r", "hydroxyitraconazole", "norketamine-s"} & names
    want = {(p.name, v.name) for p in drugs for v in drugs if not set(p.compounds) & set(v.compounds)}
    assert {(r.perpetrator, r.victim) for r in whole.pairs} == want
    swallowed = {d.name for d in drugs if all(whole.library.compounds[c].absorption.oral for c in d.compounds)}
    assert len(whole.pairs) == len(want) + sum(v in swallowed for _, v in want)
    for r in whole.rows:
        assert 0.0 < r.auc_ratio < math.inf
        assert min(1.0, r.auc_ratio) >= r.worst_low * 0.98 and r.worst_low <= 1.0 <= r.worst_high
    assert not whole.predictions.unsettled
    assert [abs(math.log(r.auc_ratio)) for r in whole.changed] == sorted((abs(math.log(r.auc_ratio)) for r in whole.changed), reverse=True)


def test_an_oral_ratio_stays_below_its_bound(whole: Screening) -> None:
    """≤ 1/(Fg·(1 − fm)), with fm of everything that the perpetrator inhibits: midazolam's CYP3A4 alone."""
    k = whole.predictions.plan.model.kinetics("midazolam")
    cyp3a4 = sum(p.clint_liver for p in k.enzymes if p.enzyme == "CYP3A4")
    fm = cyp3a4 / (sum(p.clint_liver for p in k.enzymes) + k.clint_other + k.clint_bile)
    for name in ("itraconazole", "ketoconazole", "clarithromycin", "atazanavir"):
        assert 2.0 < of(whole, name, "midazolam").auc_ratio < 1.0 / (k.fg * (1.0 - fm))


# -- names and doses -----------------------------------------------------------------------------------------


def test_which_pairs_a_name_asks_for(library: Library) -> None:
    drugs, found = pairs(library, ["methadone"])
    here = [d.name for d in drugs].index("methadone")
    others = [d for d in everything(library) if not set(d.compounds) & {"methadone-r", "methadone-s"}]
    assert len(found) == 2 * len(others) and all(here in pair for pair in found)
    drugs, found = pairs(library, ["Dolophine", "methadone", "esketamine", "midazolam"])
    assert [d.name for d in drugs] == ["methadone", "esketamine", "midazolam"] and len(found) == 6
    assert pairs(library, ["ketamine", "esketamine"])[1] == []  # one holds the other
    with pytest.raises(UnknownName, match="nearest: methadone"):
        pairs(library, ["metadone"])
    with pytest.raises(InputError, match="name 'itraconazole-solution' instead"):
        pairs(library, ["hydroxyitraconazole"])
    less = replace(library, compounds={name: c for name, c in library.compounds.items() if name != "lopinavir"})
    with pytest.raises(InputError, match="lopinavir, which the library does not have yet"):
        pairs(less, ["Kaletra"])


def test_where_doses_come_from(library: Library) -> None:
    def dose(name: str) -> tuple[str, str]:
        found = screened(library, drug(library, name))
        return found.text, found.basis

    assert dose("ritonavir") == ("500 mg/12 h", "the repeated dose of its clearance")
    text, basis = dose("rifampicin")
    assert text == "600 mg/24 h" and basis.startswith("the dose of most study arms")
    assert dose("fentanyl") == ("50 µg/24 h", "the single dose of its clearance, daily (assumed)")
    methadone = screened(library, drug(library, "methadone"))
    # 60 mg of the hydrochloride, salt factor 0.8946 (products.yaml), half each; 309.45 g/mol
    assert methadone.amount("methadone-r") == methadone.amount("methadone-s") == pytest.approx(60.0 * 0.8946 / 2.0 / 0.30945, rel=1e-3)
    solution, capsule = (screened(library, drug(library, name)).doses[0].form for name in ("itraconazole-solution", "itraconazole"))
    assert solution is not None and solution.fraction_absorbed is not None and capsule is None
    given = overrides(library, ["ritonavir=100mg/12h", "methadone=30 mg/24 h"])
    assert screened(library, drug(library, "ritonavir"), given).amount("ritonavir") == pytest.approx(100.0 / 0.72094, rel=1e-3)
    assert given[("methadone-r", "methadone-s")].amount("methadone-s") == pytest.approx(methadone.amount("methadone-s") / 2.0)


@pytest.mark.parametrize(("text", "said"), [
    ("ritonavir", "not a drug with its dose and interval"), ("ritonavir=100/12h", "unit"), ("ritonavri=100mg/12h", "nearest: ritonavir"),
    ("ritonavir=-5mg/12h", "negative"), ("ritonavir=100mg/soon", "every"),
])  # fmt: skip
def test_bad_doses_are_refused(text: str, said: str, library: Library) -> None:
    with pytest.raises(InputError, match=said):
        overrides(library, [text])


def test_a_dose_of_a_drug_that_is_not_screened(library: Library) -> None:
    with pytest.raises(InputError, match="ritonavir is not screened here"):
        screen_drugs(["methadone", "nelfinavir"], library, doses=["ritonavir=100mg/12h"])


def test_more_of_an_inhibitor_inhibits_more(library: Library) -> None:
    few, many = (of(screen_drugs(["ketoconazole", "midazolam"], library, doses=[f"ketoconazole={mg}mg/24h"]), "ketoconazole", "midazolam")
                 for mg in (20, 400))  # fmt: skip
    assert 1.05 < few.auc_ratio < many.auc_ratio and few.dose == "20mg/24 h"


def test_stored_doses_are_those_of_the_studies(library: Library) -> None:
    """If a study changed: python -m clearway.screening.doses"""
    assert json.loads(FILE.read_text("utf-8")) == count(library)


# -- genotypes ---------------------------------------------------------------------------------------------------


def test_classes_are_phenotypes_with_their_frequency(library: Library) -> None:
    body = Model(library).body(Person())
    found = {c.name: c for c in classes(body, "CYP2B6", ["efavirenz", "bupropion"])}
    assert list(found) == ["PM", "IM", "NM", "RM"]
    # *6 25.6 % of Europeans (genotypes.yaml): *6/*6 0.256² = 6.6 %, and its activity towards efavirenz 0.414
    assert found["PM"].frequency == pytest.approx(0.256**2, rel=0.01)
    assert found["PM"].activity["efavirenz"] == pytest.approx(0.414)
    assert sum(c.frequency for c in found.values()) == pytest.approx(1.0)
    people = People(body, library.compounds)
    assert people.of(["midazolam"]) == [people.mean]
    poor = people.of(["methadone-r", "methadone-s"])[0]
    assert poor.name == "CYP2B6 PM" and poor.activity[("CYP2B6", "efavirenz")] == pytest.approx(0.414)  # perpetrator and victim alike


# -- the answer ------------------------------------------------------------------------------------------------------


def test_classes_of_strength() -> None:
    ratios = (5.0, 4.9, 2.0, 1.99, 1.25, 1.24, 0.81, 0.8, 0.51, 0.5, 0.21, 0.2)
    assert [strength(r) for r in ratios] == [
        "strong", "moderate", "moderate", "weak", "weak", "none", "none", "weak", "weak", "moderate", "moderate", "strong",
    ]  # fmt: skip


def test_evidence_is_the_weakest_of_the_values_used(whole: Screening, library: Library) -> None:
    row = of(whole, "rifampicin", "midazolam", "iv")
    # CYP3A4 moves it: rifampicin's Ki, Emax, EC50 (liver and gut), midazolam's share, and fu and clearance of both
    acts = [a for a in library.compounds["rifampicin"].acts_on if a.on == "CYP3A4"]
    constants = [v for a in acts for v in (a.inhibition.kic, a.induction.emax, a.induction.ec50, a.induction.hill) if v]  # type: ignore[union-attr]
    midazolam, rifampicin = library.compounds["midazolam"], library.compounds["rifampicin"]
    share = next(p.share for p in midazolam.elimination.paths if p.by == "CYP3A4")
    used = [*constants, share, *(v for c in (midazolam, rifampicin) for v in (c.molecule.fraction_unbound, c.elimination.clearance.value))]
    assert row.values == len(used) and row.assumed == sum(v.evidence == "assumed" for v in used)
    assert (row.evidence == "assumed") == (row.assumed > 0)
    assert of(whole, "lamivudine", "midazolam").evidence == "no mechanism"


def test_studies_of_a_pair(whole: Screening) -> None:
    assert {"L054", "L055"} <= set(whole.studies(of(whole, "nelfinavir", "methadone")))
    assert whole.studies(of(whole, "ticlopidine", "methadone")) == []
    counts = whole.counts()
    assert sum(counts[k] for k in ("strong", "moderate", "weak", "none")) == len(whole.pairs)
    assert 0 < counts["no_study"] < len(whole.changed)


def test_data_of_the_answer(whole: Screening) -> None:
    data = whole.to_dict()
    assert data["format"] == "clearway.screen/1" and len(data["rows"]) == len(whole.rows)
    json.dumps(data, allow_nan=False)
    lines = list(csv.DictReader(io.StringIO(whole.to_csv())))
    assert len(lines) == len(whole.rows)
    first, row = lines[0], whole.rows[0]
    assert float(first["auc_ratio"]) == pytest.approx(row.auc_ratio, rel=1e-5) and first["perpetrator"] == row.perpetrator
    assert "no study exists" in {line["studies"] for line in lines}
    assert data["doses"]["ritonavir"] == {"dose": "500 mg/12 h", "basis": "the repeated dose of its clearance"}


def test_public_name(library: Library) -> None:
    found = clearway.screen(["methadone", "efavirenz"], library)
    assert isinstance(found, clearway.Screening)
    assert by_size(found.pairs)[0].victim == "methadone"


@pytest.mark.parametrize("width", [80, 100, 110])
def test_the_table_fits_the_terminal(
    width: int, whole: Screening, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    print_screening(whole)
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines) <= width
    shown = [line.split() for line in lines if line.startswith("rifampicin")]
    assert ["rifampicin", "midazolam", "oral"] in [words[:3] for words in shown]
    assert any("drugs," in line and "pairs" in line for line in lines)
    assert not any(line.startswith("lamivudine") for line in lines)  # no effect, so not shown


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["screen", "methadone", "lamivudine", "--all"]) == 0
    out = capsys.readouterr().out
    assert "methadone-s" in out and "lamivudine" in out
    assert main(["screen", "methadone", "efavirenz", "--genotypes"]) == 0
    assert "CYP2B6 PM 6.6 %" in capsys.readouterr().out
    target = tmp_path / "screen.csv"
    assert main(["screen", "methadone", "--csv", str(target), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] and target.read_text("utf-8").startswith("perpetrator,dose,victim")
    assert main(["screen", "metadone"]) == 2
    assert "nearest: methadone" in capsys.readouterr().err


# -- the check ----------------------------------------------------------------------------------------------------------------


def test_check_reports_where_the_methods_part_and_why(library: Library) -> None:
    told: list[int] = []
    done = screen_drugs(["rifampicin", "midazolam", "ritonavir"], library).check(told.append)
    assert sum(told) == 6 and not done.checked.failed
    found = {(r.perpetrator, r.victim, r.route): r for r in done.checked.rows if r.genotype == ALL}
    assert len(found) == 12
    apart = found["rifampicin", "midazolam", "oral"]
    assert apart.parted and apart.static < apart.dynamic
    assert math.prod(s.factor for s in apart.steps) == pytest.approx(apart.fold, rel=1e-9)
    assert {s.reason for s in apart.steps} <= set(EXPLAINED)
    # a reason was found: what stands between the methods when nothing differs any more is nothing
    assert dict(apart.steps)[UNEXPLAINED] == pytest.approx(1.0, abs=0.01)
    assert apart.steps[0].reason == "peaks and troughs act unlike their average"
    # ritonavir as a victim saturates its own elimination: the static model knows low concentrations only
    assert found["rifampicin", "ritonavir", "oral"].parted
    close = found["ritonavir", "midazolam", "iv"]
    assert not close.parted and not close.steps
    figures = done.figures()
    assert figures["all"]["n"] == 12 and 1.0 < figures["iv"]["gmfe"] < figures["with an effect, oral"]["gmfe"]
    data = done.to_dict()
    json.dumps(data, allow_nan=False)
    assert data["format"] == "clearway.screen-check/1"
    assert len(list(csv.DictReader(io.StringIO(done.to_csv())))) == len(done.checked.rows)


def test_check_on_the_command_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["screen", "ketamine", "nevirapine", "--check"]) == 0
    out = capsys.readouterr().out
    assert "part by more than 1.25-fold" in out and "GMFE" in out
