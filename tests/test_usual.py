"""The table of doses to begin with: every row can be taken as written, says where it comes from, and gives the page its short names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from clearway.library import Library
from clearway.library.compound import Evidence
from clearway.library.index import build_index, load_index
from clearway.library.loader import read_folder
from clearway.regimen import Case
from clearway.web.known import Known
from clearway.web.start import drugs


@pytest.fixture(scope="module")
def known() -> Known:
    return Known(Library.load(index=False))


@pytest.fixture(scope="module")
def listed(known: Known) -> dict[str, dict[str, Any]]:
    """What the page lists, by id."""
    return {drug["id"]: drug for drug in drugs(known)}


def _case(drug: str, dose: dict[str, Any]) -> str:
    repeat = f", every: {dose['every']}, count: 2" if dose["every"] else ""
    entry = f"{{drug: {drug}, dose: {dose['dose']}, route: {dose['route']}{repeat}}}"
    return f"format: clearway.case/1\nperson: {{sex: female, weight: 60 kg}}\nregimen:\n  - {entry}\n"


def test_everything_listed_has_a_row_and_every_row_is_listed(known: Known, listed: dict[str, Any]) -> None:
    assert set(known.library.usual) == set(listed)


def test_every_dose_makes_a_case_by_a_route_of_the_drug(known: Known, listed: dict[str, Any]) -> None:
    with_dose = [drug for drug in listed.values() if drug["usual"]]
    assert len(with_dose) > 200
    for drug in with_dose:
        usual = drug["usual"]
        case = Case.parse(_case(drug["id"], usual), library=known.library)
        entry = case.regimen.entries[0]
        assert usual["route"] in drug["routes"] and entry.route == usual["route"], drug["id"]
        assert all(dose.dose_mg > 0 for dose in entry.doses) and (entry.interval_h is None) == (usual["every"] is None), drug["id"]


def test_every_row_says_where_its_dose_comes_from(known: Known) -> None:
    for name, row in known.library.usual.items():
        if "dose" in row:
            assert ("source" in row) != ("because" in row), name
        assert row.get("source") is None or row["source"] in known.library.references, name
        assert row.get("evidence") is None or row["evidence"] in get_args(Evidence), name


def test_the_basis_names_the_source_or_the_assumption(listed: dict[str, Any]) -> None:
    assert listed["methadone"]["usual"] == {
        "dose": "60 mg", "route": "oral", "every": "24 h",
        "basis": "source: Methadone research web guide, question 3: guidelines for initial dosing (maintenance, 60-120 mg)",
    }  # fmt: skip
    assert listed["sublocade"]["usual"]["basis"].startswith("assumed: monthly maintenance")
    for drug in listed.values():
        assert drug["usual"] is None or drug["usual"]["basis"].startswith(("source: ", "assumed: ")), drug["id"]


def test_a_device_is_never_swallowed_that_is_meant_for_another_route(known: Known, listed: dict[str, Any]) -> None:
    elsewhere = {
        "spravato": "intranasal", "cannabis-cigarette": "inhaled", "cigarette": "inhaled", "nicotine-patch-21": "transdermal",
        "nicotine-patch-14": "transdermal", "cabenuva": "im", "cabenuva-monthly": "im", "sunlenca-injection": "sc", "sublocade": "sc",
        "vivitrol": "im", "suboxone": "sublingual", "buprenorphine-solution": "sublingual",
    }  # fmt: skip
    assert {name: listed[name]["usual"]["route"] for name in elsewhere} == elsewhere
    for product in known.library.products.values():
        routes = [route for route, changed in product.routes.items() if changed.fraction_mucosal or changed.bioavailability]
        usual = listed[product.product]["usual"]
        assert not routes or usual is None or usual["route"] in routes, product.product


def test_a_metabolite_asks_for_its_dose(listed: dict[str, Any]) -> None:
    for name in ("norcocaine", "11-hydroxy-thc", "tenofovir-diphosphate", "hydroxynorketamine-r", "temsavir"):
        assert listed[name]["usual"] is None


def test_short_names(known: Known) -> None:
    expected = {
        "methadone": "Methadone", "bupropion-xl": "Bupropion XL", "mdma": "MDMA (ecstasy)", "ghb": "GHB", "lsd": "LSD",
        "heroin-base": "Heroin base (smoked)", "symtuza": "Symtuza", "descovy": "Descovy (emtricitabine/TAF)", "efavirenz": "Efavirenz",
    }  # fmt: skip
    assert {name: known.label(name) for name in expected} == expected
    labels = [known.label(name) for name in known.library.usual]
    assert len(set(labels)) == len(labels)
    assert max(map(len, labels)) <= 52
    assert known.label("nothing-of-ours") == "nothing-of-ours"


@pytest.mark.parametrize(
    ("typed", "product"),
    [
        ("alcohol", "ethanol"), ("cannabis", "cannabis-cigarette"), ("weed", "cannabis-cigarette"), ("heroin", "diacetylmorphine"),
        ("ecstasy", "mdma"), ("Molly", "mdma"), ("speed", "amphetamine"), ("crystal meth", "methamphetamine"), ("tobacco", "cigarette"),
        ("smoking", "tobacco-smoke"), ("coke", "cocaine"), ("crack cocaine", "crack"), ("special K", "ketamine"), ("acid", "lsd"),
        ("DTG", "dolutegravir"), ("EFV", "efavirenz"), ("NVP", "nevirapine"), ("RAL", "raltegravir"), ("TDF", "tenofovir-disoproxil"),
        ("RTV", "ritonavir"), ("COBI", "cobicistat"), ("DRV", "darunavir"), ("DRV/c", "prezcobix"), ("ATV/c", "evotaz"),
        ("LPV/r", "kaletra"), ("FTR", "fostemsavir"), ("Subutex", "buprenorphine"), ("Ritalin", "methylphenidate"),
        ("Xanax", "alprazolam"), ("Zoloft", "sertraline"), ("Prozac", "fluoxetine"), ("Effexor", "venlafaxine"),
        ("desvenlafaxine", "o-desmethylvenlafaxine"), ("St John's wort", "st-johns-wort"), ("grapefruit", "grapefruit-juice"),
    ],
)  # fmt: skip
def test_common_names_are_accepted(known: Known, typed: str, product: str) -> None:
    assert known.library.product(typed).product == product


def test_no_name_stands_for_two_products(known: Known) -> None:
    """Products win over compounds of the same name; among themselves they must not meet."""
    owners: dict[str, set[str]] = {}
    for product in known.library.products.values():
        for name in {n.lower() for n in (product.name, product.product, *product.synonyms, *product.brands)}:
            owners.setdefault(name, set()).add(product.product)
    assert {name: found for name, found in owners.items() if len(found) > 1} == {}
    compounds: dict[str, set[str]] = {}
    for compound in known.library.compounds.values():
        for name in {n.lower() for n in (compound.name, compound.compound, *compound.synonyms)}:
            compounds.setdefault(name, set()).add(compound.compound)
    assert {name: found for name, found in compounds.items() if len(found) > 1} == {}


def test_the_index_holds_the_table(known: Known, tmp_path: Path) -> None:
    build_index(tmp_path / "library.index")
    loaded = load_index(tmp_path / "library.index")
    assert loaded is not None and loaded.usual == known.library.usual


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("metadone: {dose: 60 mg, route: oral, every: 24 h, source: methadose-label-2021}", "unknown id ('metadone'; nearest: methadone"),
        ("methadone: 60 mg", "a mapping is needed"),
        ("methadone: {dose: 60 mg, route: oral, every: 24 h}", "say where the dose comes from"),
        ("methadone: {dose: 60 mg, route: oral, every: 24 h, because: x}", "add 'evidence: assumed'"),
        ("methadone: {dose: 60 mg, route: oral, every: 24 h, source: nowhere-1999}", "unknown source ('nowhere-1999'"),
        ("methadone: {dose: 60 mg, route: inhaled, every: 24 h, source: methadose-label-2021}", "no parameters for this route"),
        ("methadone: {dose: 60 mg, route: oral, source: methadose-label-2021}", "'route' and 'every' are needed"),
        ("methadone: {dosis: 60 mg}", "unknown field ('dosis'; nearest: dose"),
        ("methadone: {dose: 60, route: oral, every: 24 h, source: methadose-label-2021}", "'dose' must be a text (60)"),
        ("methadone: {route: oral, every: null}", "no 'dose'"),
    ],
)
def test_a_faulty_row_is_named_and_left_out(known: Known, tmp_path: Path, row: str, said: str) -> None:
    (tmp_path / "usual.yaml").write_text(f"format: clearway.usual/1\nusual:\n  {row}\n", encoding="utf-8")
    library, problems = read_folder(tmp_path, base=known.library)
    assert any(said in str(problem) and "usual.yaml:3" in str(problem) for problem in problems), [str(p) for p in problems]
    if "nowhere" not in row:
        assert library.usual == known.library.usual


def test_a_users_own_row_replaces_ours(known: Known, tmp_path: Path) -> None:
    row = "methadone: {label: Metadon, dose: 80 mg, route: oral, every: 24 h, evidence: assumed, because: ours}"
    (tmp_path / "usual.yaml").write_text(f"format: clearway.usual/1\nusual:\n  {row}\n", encoding="utf-8")
    library, problems = read_folder(tmp_path, base=known.library)
    own = Known(library)
    assert not problems and own.label("methadone") == "Metadon" and known.label("methadone") == "Methadone"
    assert next(d for d in drugs(own) if d["id"] == "methadone")["usual"]["dose"] == "80 mg"


def test_a_users_own_compound_begins_with_the_dose_of_its_clearance(known: Known) -> None:
    theirs = known.library.compounds["sertraline"]
    seen = replace(theirs.elimination.clearance.situation, drug="ownline")
    clearance = replace(theirs.elimination.clearance, situation=seen)
    own = replace(theirs, compound="ownline", name="Ownline", synonyms=[], elimination=replace(theirs.elimination, clearance=clearance))
    library = replace(known.library, compounds={**known.library.compounds, "ownline": own}, _names={})
    row = next(drug for drug in drugs(Known(library)) if drug["id"] == "ownline")
    assert row["label"] == "Ownline" and (row["usual"]["dose"], row["usual"]["route"]) == (seen.dose, seen.route)
