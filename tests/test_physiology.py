"""The physiology: published reference values, closed forms, evidence of every number, and refusals."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from clearway.errors import InputError, UnknownName
from clearway.physiology import (
    Person,
    activity,
    blood_cell_kpu,
    blood_plasma_ratio,
    body,
    coarsen,
    fraction_unbound,
    load_physiology,
    mean_activity,
    scaling,
)
from clearway.physiology.data import DATA, read_raw
from clearway.physiology.people import People

EVIDENCE = {"measured in vivo", "measured in vitro", "fitted", "computed", "assumed"}
ENZYMES = [
    "CYP1A2",
    "CYP2A6",
    "CYP2B6",
    "CYP2C8",
    "CYP2C9",
    "CYP2C19",
    "CYP2D6",
    "CYP2E1",
    "CYP3A4",
    "CYP3A5",
    "UGT1A1",
    "UGT1A4",
    "UGT1A9",
    "UGT2B7",
    "CES1",
    "CES2",
    "AADAC",
    "CBR1",
    "HSD11B1",
    "FMO3",
    "P-gp",
    "OATP1B1",
    "OATP1B3",
]


@pytest.fixture(scope="module")
def data() -> Any:
    return load_physiology()


@pytest.fixture(scope="module")
def raw() -> Any:
    return read_raw()


def _blocks(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        if "evidence" in node:
            yield path, node
        for key, inner in node.items():
            yield from _blocks(inner, f"{path}.{key}")


# -- evidence ----------------------------------------------------------------------------------------


def test_every_value_says_where_it_comes_from(raw: Any) -> None:
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    references = {key for path in (DATA / "references.d").glob("*.yaml") for key in yaml.load(path.read_text("utf-8"))}
    wrong = []
    for path, block in _blocks(raw):
        source, evidence = block.get("source"), block["evidence"]
        sources = [source, *(c["source"] for c in block.get("conflicts", ()))]
        if evidence not in EVIDENCE:
            wrong.append(f"{path}: evidence {evidence!r}")
        if evidence == "assumed" and not block.get("because"):
            wrong.append(f"{path}: assumed without a reason")
        if evidence != "assumed" and not source:
            wrong.append(f"{path}: no source")
        if "value" in block and "unit" not in block:
            wrong.append(f"{path}: no unit")
        wrong += [f"{path}: unknown source {s!r}" for s in sources if s and s not in references]
    assert not wrong


def test_references_are_used_and_say_what_was_read(raw: Any) -> None:
    from ruamel.yaml import YAML

    references = YAML(typ="safe", pure=True).load((DATA / "references.d" / "physiology.yaml").read_text("utf-8"))
    text = "\n".join(p.read_text("utf-8") for p in DATA.rglob("*.yaml") if "references" not in str(p))
    assert [key for key in references if key not in text] == []
    assert all(entry["url"] and entry["read"] and entry["title"] for entry in references.values())


# -- organs and flows --------------------------------------------------------------------------------


@pytest.mark.parametrize(("sex", "weight", "liver_flow"), [("male", 73.0, 99.45), ("female", 60.0, 95.58)])
def test_reference_adults(data: Any, sex: str, weight: float, liver_flow: float) -> None:
    """ICRP 89 as in icrpData/flow (male) and midazolamPBPK_Adult.cpp (female: Qli = 95.58 of 354 L/h)."""
    b = body(Person(sex=sex), data)  # type: ignore[arg-type]
    assert sum(b.volumes.values()) == pytest.approx(weight, rel=1e-12)
    assert sum(q for o, q in b.flows.items() if o != "lung") == pytest.approx(b.cardiac_output, rel=1e-12)
    assert b.liver_flow == pytest.approx(liver_flow, rel=1e-9)
    assert 0.24 < b.liver_flow / b.cardiac_output < 0.28


def test_reference_person_has_factors_of_one(data: Any) -> None:
    b = body(None, data)
    assert (b.liver_factor, b.gut_factor, b.gfr_factor, b.villous_flow) == (1.0, 1.0, 1.0, 18.0)
    assert (b.albumin_ratio, b.aag_ratio) == (1.0, 1.0)
    names, volumes, flows = b.arrays()
    assert len(names) == len(volumes) == len(flows) == 16
    assert flows[names.index("venous")] == b.cardiac_output == 390.0


@pytest.mark.parametrize("height", [150.0, 176.0, 200.0])
@pytest.mark.parametrize("weight", [60.0, 73.0, 140.0])
def test_volumes_add_up_to_the_weight(data: Any, height: float, weight: float) -> None:
    b = body(Person(height=height, weight=weight), data)
    assert sum(b.volumes.values()) == pytest.approx(weight, rel=1e-12)
    assert all(v > 0 for v in b.volumes.values())
    assert all(q > 0 for q in b.flows.values())
    assert b.volumes["brain"] == 1.45  # exponent 0
    assert b.volumes["liver"] == pytest.approx(1.8 * (height / 176.0) ** 0.75, rel=1e-12)


def test_cardiac_output_follows_surface(data: Any) -> None:
    b = body(Person(height=180.0, weight=100.0), data)
    assert b.cardiac_output == pytest.approx(390.0 * math.sqrt(180.0 * 100.0 / (176.0 * 73.0)), rel=1e-12)


def test_more_weight_is_fat(data: Any) -> None:
    lean, heavy = body(Person(weight=73.0), data), body(Person(weight=103.0), data)
    gained = heavy.volumes["adipose"] - lean.volumes["adipose"]
    assert gained == pytest.approx(30.0 - (heavy.volumes["skin"] - lean.volumes["skin"]), rel=1e-9)


def test_a_thin_person_loses_muscle(data: Any) -> None:
    b = body(Person(weight=52.0), data)
    assert b.volumes["adipose"] == pytest.approx(0.05 * 52.0)
    assert b.volumes["muscle"] < 29.0


# -- liver, kidney -----------------------------------------------------------------------------------


def test_microsomal_protein_is_40_at_thirty(data: Any) -> None:
    """10^(1.407 + 0.0158·30 − 0.00038·30² + 0.0000024·30³) = 10^1.6038."""
    assert scaling.microsomal_protein(30.0, data) == pytest.approx(10**1.6038, rel=1e-9)
    assert scaling.microsomal_protein(80.0, data) < scaling.microsomal_protein(30.0, data)


def test_ckd_epi_2021(data: Any) -> None:
    """Woman of 55 with 0.9 mg/dL: "about 76" (creatinineclearancecalculator.net/equations/ckd-epi, worked example)."""
    woman = Person(sex="female", age=55, creatinine=0.9)
    assert scaling.egfr(People.of([woman]), data)[0] == pytest.approx(76.0, abs=1.0)
    # below κ the other exponent rules
    man = Person(age=40, creatinine=0.45)
    assert scaling.egfr(People.of([man]), data)[0] == pytest.approx(142 * 0.5**-0.302 * 0.9938**40, rel=1e-12)
    assert scaling.egfr(People.of([Person(egfr=25.0)]), data)[0] == 25.0


def test_renal_factor_is_a_ratio_of_filtration(data: Any) -> None:
    half = scaling.egfr(People.of([Person()]), data)[0] / 2.0
    assert body(Person(egfr=half), data).gfr_factor == pytest.approx(0.5, rel=1e-12)


def test_child_pugh(data: Any) -> None:
    """Li 2015, table: functional liver 0.91/0.81/0.64, albumin 0.84/0.69/0.53, cardiac output 1.1/1.2/1.3."""
    classes = [body(Person(child_pugh=c), data) for c in ("A", "B", "C")]
    assert [round(b.liver_factor, 9) for b in classes] == [0.91, 0.81, 0.64]
    assert [round(b.albumin_ratio, 9) for b in classes] == [0.84, 0.69, 0.53]
    assert [round(b.cardiac_output, 6) for b in classes] == [429.0, 468.0, 507.0]
    assert [round(b.haematocrit, 6) for b in classes] == [0.38, 0.34, 0.34]
    falling = [body(None, data), *classes]
    assert all(a.liver_flow > b.liver_flow for a, b in pairwise(falling))
    for b in classes:
        assert sum(q for o, q in b.flows.items() if o != "lung") == pytest.approx(b.cardiac_output, rel=1e-12)
        assert 0 < b.enzyme_factor("CYP3A4") < 1
        assert b.enzyme_factor("CYP3A4", "gut") == 1.0


def test_measured_proteins_win_over_disease(data: Any) -> None:
    b = body(Person(child_pugh="C", albumin=45.0, aag=1.5), data)
    assert (b.albumin_ratio, b.aag_ratio) == (1.0, 2.0)
    assert b.protein_ratio("none") == 1.0
    with pytest.raises(UnknownName, match="one of albumin, AAG, none"):
        b.protein_ratio("globulin")


# -- binding -----------------------------------------------------------------------------------------


def test_fraction_unbound_closed_form() -> None:
    assert fraction_unbound(0.12, 1.0) == pytest.approx(0.12, rel=1e-15)
    assert fraction_unbound(0.5, 3.0) == pytest.approx(0.25, rel=1e-15)
    assert fraction_unbound(0.01, 0.0) == 1.0
    bound = [(1 - fraction_unbound(0.1, p)) / fraction_unbound(0.1, p) for p in (1.0, 2.0, 4.0)]
    assert bound == pytest.approx([9.0, 18.0, 36.0])


def test_blood_plasma_ratio_is_kept_at_the_reference() -> None:
    for ratio in (0.55, 0.7, 1.0, 2.5):
        assert blood_plasma_ratio(ratio, 0.03, 0.45, 0.03, 0.45) == pytest.approx(ratio, rel=1e-12)
    # a drug that stays out of cells: R_b = 1 − Hct
    assert blood_plasma_ratio(0.55, 0.03, 0.45, 0.06, 0.30) == pytest.approx(0.70, rel=1e-12)
    # twice the free fraction, twice the drug in cells
    kpu = blood_cell_kpu(1.0, 0.1, 0.45)
    assert blood_plasma_ratio(1.0, 0.1, 0.45, 0.2, 0.45) == pytest.approx(1 + 0.45 * (0.2 * kpu - 1), rel=1e-12)


# -- enzymes -----------------------------------------------------------------------------------------


def test_all_enzymes_are_there(data: Any) -> None:
    assert set(ENZYMES) <= set(data.enzymes)
    for entry in data.enzymes.values():
        assert entry["abundance"] > 0
        assert 0 <= entry["gut_to_liver"] < 0.2
        assert 0.005 < entry["kdeg"]["liver"] < 0.05
        assert 0.01 < entry["kdeg"]["gut"] < 0.04


def test_cyp3a4_turnover_and_content(data: Any) -> None:
    """Half-lives 36 h (OSP profile) and 23 h (Greenblatt 2003); 70 nmol over 108 pmol/mg · 40 mg/g · 1800 g."""
    cyp3a4 = data.enzymes["CYP3A4"]
    assert math.log(2) / cyp3a4["kdeg"]["liver"] == pytest.approx(36.0, rel=1e-3)
    assert math.log(2) / cyp3a4["kdeg"]["gut"] == pytest.approx(23.0, rel=1e-3)
    assert cyp3a4["gut_to_liver"] == pytest.approx(70.0 / (108 * 40 * 1800 / 1000), rel=2e-3)


def test_small_intestine_transit_is_199_minutes(data: Any) -> None:
    """Yu 1996, abstract."""
    gut = data.gut["small_intestine"]
    assert gut["duodenum"] + gut["jejunum"] + gut["ileum"] == pytest.approx(199 / 60, rel=1e-3)


def test_tissue_composition_is_complete(data: Any) -> None:
    tissues = set(data.organs["male"]["volumes"])
    for method in ("rodgers_rowland", "poulin_theil"):
        assert set(data.composition[method]["tissues"]) == tissues
    rr = data.composition["rodgers_rowland"]["tissues"]
    assert rr["rest"] == rr["muscle"]
    assert rr["kidney"]["acidic_phospholipid"] == 5.03
    assert all(t["extracellular_water"] + t["intracellular_water"] + t["neutral_lipid"] < 1.02 for t in rr.values())


# -- genotypes ---------------------------------------------------------------------------------------

KNOWN = [
    ("CYP2B6", None, "*1/*1", 1.0),
    ("CYP2B6", "efavirenz", "*6/*6", 0.414),
    ("CYP2B6", "efavirenz", "*1/*6", 0.707),
    ("CYP2B6", "bupropion", "*6/*6", 0.369),
    ("CYP2B6", "ketamine-s", "*9/*9", 0.25),
    ("CYP2B6", "methadone-s", "*6/*6", 0.4),
    ("CYP2B6", "methadone-r", "*4/*6", 0.85),
    ("CYP2D6", None, "AS0", 0.0),
    ("CYP2D6", None, "AS1.25", 0.625**1.3),
    ("CYP2D6", None, "activity score 2", 1.0),
    ("CYP2D6", None, "AS3", 1.5**1.3),
    ("CYP2D6", None, "*10/*10", 0.25**1.3),
    ("CYP2D6", None, "*1x2/*4", 1.0),
    ("CYP2D6", None, "3 copies", 1.5),
    ("CYP2D6", None, "PM", 0.0),
    ("CYP2D6", None, "poor metaboliser", 0.0),
    ("CYP3A5", "midazolam", "*1/*3", 0.5),
    ("CYP3A5", None, "*3/*3", 0.0),
    ("CYP2C19", None, "PM", 0.0),
    ("CYP2C19", None, "*2/*17", 0.65),
    ("CES1", "methylphenidate-d", "2 copies", 1.0),
    ("CES1", "methylphenidate-d", "143G/143E", 0.5),
    ("CES1", "methylphenidate-d", "143E/143G", 0.5),
    ("ABCB1", "digoxin", "2677 T/T, 3435 T/T", 1.0),
]


@pytest.mark.parametrize(("enzyme", "substrate", "genotype", "expected"), KNOWN)
def test_known_genotypes(data: Any, enzyme: str, substrate: str | None, genotype: str, expected: float) -> None:
    [(weight, value)] = activity(enzyme, substrate, genotype, data)
    assert weight == 1.0
    assert value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("ancestry", ["european", "african", "east-asian"])
@pytest.mark.parametrize("enzyme", [*ENZYMES, "ABCB1"])
def test_mixtures_are_weighted_to_one(data: Any, enzyme: str, ancestry: str) -> None:
    mixture = activity(enzyme, None, None, data, ancestry)
    assert sum(w for w, _ in mixture) == pytest.approx(1.0, rel=1e-12)
    assert all(w > 0 and a >= 0 for w, a in mixture)
    assert 0 <= mean_activity(mixture) < 1.3


def test_hardy_weinberg(data: Any) -> None:
    """UGT1A1*28 at 0.355: 12.6 % homozygous, 45.8 % heterozygous (Estonian biobank: 12.6 and 45.9 %)."""
    assert [round(w, 3) for w, _ in activity("UGT1A1", None, None, data)] == [0.126, 0.458, 0.416]


def test_phenotypes_are_mixtures_of_their_diplotypes(data: Any) -> None:
    extensive = activity("CYP2D6", None, "EM", data)
    assert all(0.49**1.3 <= a < 1.13**1.3 for _, a in extensive)
    parts = [activity("CYP2D6", None, p, data) for p in ("PM", "IM", "NM", "UM")]
    assert sorted(a for part in parts for _, a in part) == [a for _, a in activity("CYP2D6", None, None, data)]


def test_coarsening_keeps_mean_and_weight(data: Any) -> None:
    mixture = activity("CYP2D6", None, None, data)
    coarse = coarsen(mixture, 0.05)
    assert len(coarse) < len(mixture)
    assert sum(w for w, _ in coarse) == pytest.approx(1.0)
    assert mean_activity(coarse) == pytest.approx(mean_activity(mixture), rel=1e-12)
    assert min(w for w, _ in coarse) >= 0.05


def test_body_uses_the_persons_genotype(data: Any) -> None:
    b = body(Person(genotypes={"CYP2B6": "*6/*6"}), data)
    assert b.activity("CYP2B6", "efavirenz") == [(1.0, 0.414)]
    assert len(b.activity("CYP2D6")) > 3
    assert b.mean_activity("CYP3A4") == 1.0


BAD = [
    ("CYP2B6", "*1/*66", "unknown allele '*66' of CYP2B6 (known: *1, *2, *4, *5, *6, *9, *18, *22"),
    ("CYP2B6", "AS1", "activity scores are not used for CYP2B6"),
    ("CYP2D6", "fast", "unknown genotype 'fast' of CYP2D6"),
    ("CES1", "7 copies", "7 copies of CES1 are not listed (known: 2, 3, 4)"),
    ("CYP9A9", "*1/*1", "no genotypes are known for 'CYP9A9'"),
]


@pytest.mark.parametrize(("enzyme", "genotype", "message"), BAD)
def test_bad_genotypes(data: Any, enzyme: str, genotype: str, message: str) -> None:
    with pytest.raises(UnknownName) as caught:
        body(Person(genotypes={enzyme: genotype}), data)
    assert message in str(caught.value)


# -- persons -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"sex": "x"}, "unknown sex 'x' (one of male, female)"),
        ({"age": 12}, "age 12 is out of range (18 to 100 years; only adults are modelled)"),
        ({"height": 1.76}, "height 1.76 is out of range (130 to 220 cm; give centimetres)"),
        ({"haematocrit": 42}, "haematocrit 42 is out of range (0.15 to 0.65 a fraction; give a fraction"),
        ({"weight": math.inf}, "weight inf is out of range"),
        ({"egfr": math.nan}, "egfr nan is out of range"),
        ({"child_pugh": "D"}, "unknown child_pugh 'D' (one of A, B, C)"),
        ({"ancestry": "martian"}, "unknown ancestry 'martian'"),
        ({"weight": "73"}, "weight '73' is out of range"),
    ],
)
def test_bad_persons(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        Person(**given)
    assert message in str(caught.value)


def test_all_problems_of_a_person_are_named() -> None:
    with pytest.raises(InputError) as caught:
        Person(age=5, height=20, albumin=450)
    assert [p.path for p in caught.value.problems] == ["person.age", "person.height", "person.albumin"]


def test_a_weight_too_low_for_the_height(data: Any) -> None:
    with pytest.raises(InputError, match="too low for a height of 190 cm"):
        body(Person(weight=33, height=190), data)
