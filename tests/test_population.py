"""Virtual populations: the same people whatever the chunk, spread as said, and simulated as single persons are."""

from __future__ import annotations

import hashlib
import math
import pickle
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtri

from clearway.errors import InputError
from clearway.library import Library
from clearway.model.lane import Lane, Lanes
from clearway.model.model import Model
from clearway.model.people import lanes
from clearway.model.population import doses_taken, population_lanes
from clearway.model.setting import Setting
from clearway.model.simulate import program_of, simulate
from clearway.physiology import Person, Physiology, body, load_physiology
from clearway.physiology._elementary import exp, log, normal
from clearway.physiology._streams import PLACES, uniform, words
from clearway.physiology.body import SCALARS, TABLES, bodies
from clearway.physiology.genotype import diplotypes
from clearway.physiology.people import People
from clearway.physiology.person import RANGES
from clearway.physiology.population import LEAST_BMI, Population, adherence, cholesky, sample, takes
from clearway.physiology.spread import Spread, sigma
from clearway.regimen import Case, Dose
from conftest import every, made, ready

MANY = 40_000


@pytest.fixture(scope="module")
def data() -> Physiology:
    return load_physiology()


def same(a: Spread) -> tuple[Spread, Spread]:
    return (a, a)


MIXED = Population(
    seed=11,
    ancestry={"european": 0.5, "african": 0.3, "east-asian": 0.2},
    child_pugh={"A": 0.1, "B": 0.06, "C": 0.04},
    female=0.4,
)
"""Everything varies."""


@pytest.fixture(scope="module")
def crowd(data: Physiology) -> People:
    return sample(MIXED, 0, MANY, data)


# -- numbers that are the same everywhere ------------------------------------------------------------


def test_logarithm_and_exponential() -> None:
    rng = np.random.default_rng(1)
    x = np.exp(rng.normal(size=100_000) * 20.0)
    assert np.max(np.abs(log(x) - np.log(x)) / np.spacing(np.abs(np.log(x)))) <= 1.0
    y = rng.uniform(-300.0, 300.0, 100_000)
    assert np.max(np.abs(exp(y) / np.exp(y) - 1.0)) <= 2.3e-16
    assert (log(np.ones(1))[0], exp(np.zeros(1))[0]) == (0.0, 1.0)


def test_normal_quantile() -> None:
    """Against scipy's, in the middle and as far out as a word reaches."""
    rng = np.random.default_rng(2)
    tail = 2.0 ** -rng.uniform(1.0, 53.0, 50_000)
    p = np.concatenate([rng.uniform(1e-6, 1.0 - 1e-6, 100_000), tail])
    assert np.max(np.abs(normal(p) - ndtri(p)) / np.maximum(np.abs(ndtri(p)), 0.01)) < 2e-14
    assert normal(np.array([0.5]))[0] == 0.0


def philox(key: Sequence[int], counter: int) -> list[int]:
    """Philox4x64-10 in whole numbers."""
    mask = 2**64 - 1
    c = [(counter >> (64 * i)) & mask for i in range(4)]
    k = list(key)
    for _ in range(10):
        a, b = 0xD2E7470EE14C6C93 * c[0], 0xCA5A826395121157 * c[2]
        c = [(b >> 64) ^ c[1] ^ k[0], b & mask, (a >> 64) ^ c[3] ^ k[1], a & mask]
        k = [(k[0] + 0x9E3779B97F4A7C15) & mask, (k[1] + 0xBB67AE8584CAA73B) & mask]
    return c


def test_words_are_those_of_philox() -> None:
    """Subject 5 of width 8 owns blocks 10 and 11; numpy counts before it makes a block, hence 11 and 12."""
    digest = hashlib.blake2b(b"7/people", digest_size=16).digest()
    key = [int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")]
    assert words(7, "people", 5, 1, 8)[0].tolist() == philox(key, 11) + philox(key, 12)


@pytest.mark.parametrize("width", [1, 3, 4, 128])
def test_words_do_not_depend_on_the_chunk(width: int) -> None:
    whole = words(3, "x", 0, 40, width)
    for a, b in pairwise([0, 1, 2, 7, 8, 29, 40]):
        assert np.array_equal(words(3, "x", a, b - a, width), whole[a:b])
    assert not np.array_equal(words(4, "x", 0, 40, width), whole)
    assert not np.array_equal(words(3, "y", 0, 40, width), whole)


def test_uniform_is_open_on_both_sides() -> None:
    ends = uniform(np.array([0, 2**64 - 1], dtype=np.uint64))
    assert ends[0] == 2.0**-53 and ends[1] == 1.0 - 2.0**-53


def test_every_variable_has_a_place(data: Physiology) -> None:
    """An enzyme or gene that is new in the library needs a spare place, which moves nobody."""
    named = [p for p in PLACES if p]
    assert len(set(named)) == len(named) and len(PLACES) == 128
    varied = set(data.population["abundance"]["cv"])
    assert {f"{place} {e}" for e in varied for place in ("liver", "gut")} <= set(named) and varied <= set(data.enzymes)
    assert {f"{g} {half}" for g, entry in data.genotypes.items() if "frequencies" in entry for half in "ab"} <= set(named)
    assert [PLACES.index(p) for p in ("sex", "transit", "CYP2B6 a", "CES1 b", "liver CYP1A2", "gut OATP1B3")] == [0, 14, 32, 47, 64, 118]


# -- the same people ---------------------------------------------------------------------------------


def test_people_do_not_depend_on_the_chunk(data: Physiology) -> None:
    whole = sample(MIXED, 100, 3000, data).columns()
    for size in (1, 7, 999):
        for start in (100, 101, 1102, 2101):
            part = sample(MIXED, start, size, data).columns()
            for name, column in part.items():
                assert column.tobytes() == whole[name][start - 100 : start - 100 + size].tobytes(), (name, size, start)


def test_the_first_person_of_seed_1_stays(data: Physiology) -> None:
    """Pinned: who was drawn once is drawn again in later versions (no library value enters)."""
    spreads = {"age": Spread("normal", 40.0, 10.0, 18.0, 80.0), "height": Spread("uniform", low=150.0, high=190.0),
               "bmi": Spread("log-normal", 25.0, 0.2, 16.0, 50.0)}  # fmt: skip
    people = sample(Population(spreads={k: same(v) for k, v in spreads.items()}), 0, 2, data)
    found = [[float(v).hex() for v in column] for column in (people.age, people.height, people.bmi)]
    assert found == [
        ["0x1.331031a4f738ep+5", "0x1.ce75dee17a2d8p+4"],
        ["0x1.6174216594ee2p+7", "0x1.2d11fa05ae743p+7"],
        ["0x1.c9788206ba05ap+4", "0x1.89d6a0b2b412cp+4"],
    ]


def test_a_population_travels_to_other_processes(data: Physiology) -> None:
    copy = pickle.loads(pickle.dumps(MIXED))
    assert copy == MIXED
    assert np.array_equal(sample(copy, 5, 10, data).weight, sample(MIXED, 5, 10, data).weight)


def test_what_is_said_of_one_variable_moves_no_other(data: Physiology) -> None:
    one, other = sample(MIXED, 0, 50, data), sample(replace(MIXED, female=0.9, abundance={"CYP3A4": 0.1}), 0, 50, data)
    assert not np.array_equal(one.female, other.female) and not np.array_equal(one.liver["CYP3A4"], other.liver["CYP3A4"])
    assert np.array_equal(one.urine_ph, other.urine_ph) and np.array_equal(one.liver["CYP2B6"], other.liver["CYP2B6"])


# -- spread as said ----------------------------------------------------------------------------------


def test_truncated_normal_and_log_normal() -> None:
    """Moments of the truncated distributions by scipy; 5 standard errors."""
    u = (np.arange(200_000) + 0.5) / 200_000
    x = Spread("normal", 40.0, 12.0, 18.0, 75.0).at(u)
    expected = stats.truncnorm((18 - 40) / 12, (75 - 40) / 12, 40.0, 12.0)
    assert x.min() >= 18.0 and x.max() <= 75.0
    assert (x.mean(), x.std()) == pytest.approx((expected.mean(), expected.std()), rel=1e-4)
    y = Spread("log-normal", 2.0, 0.5).at(u)
    assert (np.median(y), y.std() / y.mean()) == pytest.approx((2.0, 0.5), rel=2e-3)
    z = Spread("log-normal", 2.0, 0.5, 1.5, 2.5).at(u)
    s = math.sqrt(math.log(1.25))
    inner = stats.truncnorm(math.log(0.75) / s, math.log(1.25) / s, 0.0, s)
    assert np.log(z / 2.0).mean() == pytest.approx(inner.mean(), abs=1e-5)
    assert Spread.fixed(3.0).at(u[:4]).tolist() == [3.0] * 4
    with pytest.raises(InputError, match="no one lies between"):
        Spread("normal", 0.0, 1.0, 60.0, 70.0).at(u)


def near(values: Any, mean: float, sd: float) -> None:
    """Mean within 4.5 standard errors, standard deviation within 3 %."""
    assert np.mean(values) == pytest.approx(mean, abs=4.5 * sd / math.sqrt(len(values)))
    assert np.std(values) == pytest.approx(sd, rel=0.03)


def test_moments_by_sex(data: Physiology) -> None:
    men, women = Spread("normal", 180.0, 5.0), Spread("normal", 165.0, 4.0)
    given = {"age": same(Spread("uniform", low=20.0, high=60.0)), "height": (men, women),
             "bmi": (Spread("normal", 24.0, 1.0), Spread("normal", 22.0, 1.5)), "creatinine": same(Spread("log-normal", 0.9, 0.2)),
             "urine_ph": same(Spread("normal", 6.2, 0.3))}  # fmt: skip
    p = sample(Population(seed=5, female=0.3, spreads=given), 0, MANY, data)
    assert p.female.mean() == pytest.approx(0.3, abs=0.01)
    near(p.age, 40.0, 40.0 / math.sqrt(12.0))
    near(p.height[p.female], 165.0, 4.0)
    near(p.height[~p.female], 180.0, 5.0)
    near(p.bmi[~p.female], 24.0, 1.0)
    near(np.log(p.creatinine), math.log(0.9), sigma(0.2))
    near(p.urine_ph, 6.2, 0.3)
    independent = np.corrcoef([p.age, p.height * 1.0, p.creatinine, p.urine_ph, p.liver["CYP2D6"], p.gut["CYP2D6"]])
    assert np.max(np.abs(independent - np.eye(6))) < 0.025


def test_cirrhosis_lowers_proteins_and_haematocrit(crowd: People, data: Physiology) -> None:
    """Child–Pugh C: albumin × 0.53, AAG × 0.3, haematocrit 0.34 of 0.45 (men) (scaling.yaml, Li 2015)."""
    shares = np.bincount(crowd.child_pugh, minlength=4) / MANY
    assert shares == pytest.approx([0.8, 0.1, 0.06, 0.04], abs=0.01)
    c, healthy = crowd.child_pugh == 3, crowd.child_pugh == 0
    assert crowd.albumin[c].mean() / crowd.albumin[healthy].mean() == pytest.approx(0.53, rel=0.02)
    assert np.median(crowd.aag[c]) / np.median(crowd.aag[healthy]) == pytest.approx(0.3, rel=0.04)
    men = ~crowd.female
    assert crowd.haematocrit[c & men].mean() / crowd.haematocrit[healthy & men].mean() == pytest.approx(0.34 / 0.45, rel=0.02)
    by_class = [np.median(bodies(crowd, data).enzyme_liver["CYP3A4"][crowd.child_pugh == k]) for k in range(4)]
    assert by_class == pytest.approx([1.0, 0.59, 0.39, 0.25], rel=0.05)


def test_abundance_spreads_and_correlates_as_the_file_says(crowd: People, data: Physiology) -> None:
    table = data.population["abundance"]
    enzymes = tuple(table["cv"])
    ln = np.log(np.array([crowd.liver[e] for e in enzymes]))
    for row, enzyme in zip(ln, enzymes, strict=True):
        near(row, 0.0, math.sqrt(math.log(1.0 + table["cv"][enzyme] ** 2)))
    lower = np.array(cholesky(enzymes, data))
    wanted = lower @ lower.T
    assert np.allclose(np.diag(wanted), 1.0) and np.linalg.eigvalsh(wanted).min() > 0.01
    for a, row in table["correlation"].items():
        for b, r in row.items():
            assert wanted[enzymes.index(a), enzymes.index(b)] == pytest.approx(r, abs=1e-12)
    assert np.max(np.abs(np.corrcoef(ln) - wanted)) < 4.5 / math.sqrt(MANY)
    gut = [np.corrcoef(np.log(crowd.liver[e]), np.log(crowd.gut[e]))[0, 1] for e in enzymes]
    assert gut == pytest.approx([table["gut_with_liver"]] * len(enzymes), abs=4.5 / math.sqrt(MANY))
    near(np.log(crowd.gut["CYP3A4"]), 0.0, sigma(table["gut_cv"]["CYP3A4"]))


def test_contradicting_correlations_are_refused(data: Physiology) -> None:
    table = {**data.population["abundance"], "correlation": {"a": {"b": 0.9, "c": 0.9}, "b": {"c": -0.9}}}
    with pytest.raises(InputError, match="correlations with c contradict each other"):
        cholesky(("a", "b", "c"), replace(data, population={**data.population, "abundance": table}))


@pytest.mark.parametrize("ancestry", ["european", "african", "east-asian"])
def test_genotypes_are_in_hardy_weinberg_equilibrium(data: Physiology, ancestry: str) -> None:
    people = sample(Population(seed=3, ancestry={ancestry: 1.0}), 0, MANY, data)
    for gene, found in people.genotypes.items():
        texts = found.texts()
        expected: dict[frozenset[str], float] = {}
        for weight, a, b in diplotypes(data.genotypes[gene], ancestry):
            expected[frozenset((a, b))] = weight
        counted = {text: int((texts == text).sum()) for text in np.unique(texts)}
        assert {frozenset(t.split("/")) for t in counted} <= set(expected), gene
        for text, count in counted.items():
            f = expected[frozenset(text.split("/"))]
            assert count / MANY == pytest.approx(f, abs=4.5 * math.sqrt(f * (1 - f) / MANY)), (gene, text)


def test_nobody_is_beyond_what_a_person_may_be(crowd: People, data: Physiology) -> None:
    for name, (low, high, _) in RANGES.items():
        values = getattr(crowd, name)
        known = values[~np.isnan(values)]
        assert known.size == 0 or (low <= known.min() and known.max() <= high), name
    assert crowd.bmi.min() >= LEAST_BMI * (1.0 - 1e-12)
    low, tall = Spread("uniform", low=30.0, high=60.0), Spread("uniform", low=130.0, high=220.0)
    light = Population(spreads={"weight": same(low), "height": same(tall)})
    thin = sample(light, 0, 2000, data)
    assert thin.bmi.min() == pytest.approx(LEAST_BMI, rel=1e-12)
    bodies(thin, data)  # would raise where muscle gives way
    bodies(sample(Population(fixed={"weight": 40.0}), 0, 2000, data), data)


def test_the_least_body_mass_index_leaves_muscle_at_any_height(data: Physiology) -> None:
    heights = np.linspace(130.0, 220.0, 181)
    for sex in ("male", "female"):
        bodies(People.of([Person(sex=sex, height=h, weight=max(30.0, LEAST_BMI * (h / 100.0) ** 2)) for h in heights]), data)  # type: ignore[arg-type]


def test_what_a_person_gives_is_everybody_s(data: Physiology) -> None:
    given = {"sex": "female", "age": 33.0, "height": 160.0, "weight": 55.0, "albumin": 38.0, "egfr": 60.0,
             "child_pugh": "A", "genotypes": {"CYP2B6": "*6/*6", "CYP2D6": "PM"}}  # fmt: skip
    p = sample(Population(fixed=given), 0, 20, data)
    columns = p.columns()
    for name in ("sex", "age", "height", "weight", "albumin", "egfr", "child_pugh"):
        assert set(columns[name].tolist()) == {given[name]}, name
    assert set(columns["genotype_CYP2B6"]) == {"*6/*6"} and set(columns["genotype_CYP2D6"]) == {"PM"}
    assert len(set(columns["genotype_CYP2C19"])) > 1 and np.isnan(p.creatinine).all()
    with pytest.raises(InputError, match="age 12 is out of range"):
        sample(Population(fixed={"age": 12}), 0, 1, data)


# -- the block of a case -----------------------------------------------------------------------------

CASE = """
format: clearway.case/1
person: {{sex: female}}
population: {block}
regimen:
  - {{drug: methadone, dose: 60 mg, route: oral, every: 24 h, count: 3}}
"""


def test_a_case_says_who_they_are(library: Library) -> None:
    block = """{seed: 9, age: {low: 20, high: 30}, height: {male: 180 cm, female: {mean: 1.65 m, sd: 5 cm}},
      weight: {median: 60 kg, cv: 0.1}, albumin: {mean: 40 g/L, sd: 3 g/L, low: 30 g/L}, creatinine: 0.8 mg/dL,
      users: {methadone: 0.5}, ancestry: {african: 1}, child_pugh: {A: 0.2},
      abundance: {CYP3A4: 0}, adherence: {methadone: {low: 0.5, high: 1}}, transit: 1}"""
    p = Case.parse(CASE.format(block=block), library).population
    assert p.seed == 9 and p.fixed["sex"] == "female" and p.users == {"methadone": 0.5} and p.child_pugh == {"A": 0.2}
    assert p.spreads["age"] == same(Spread("uniform", low=20.0, high=30.0))
    assert p.spreads["height"] == (Spread.fixed(180.0), Spread("normal", 165.0, 5.0))
    assert p.spreads["weight"] == same(Spread("log-normal", 60.0, 0.1))
    assert p.spreads["albumin"] == same(Spread("normal", 40.0, 3.0, 30.0))
    assert p.spreads["creatinine"][0].centre == pytest.approx(0.8)
    assert p.adherence == {"methadone": Spread("uniform", low=0.5, high=1.0)}
    people = sample(p, 0, 500, load_physiology())
    assert people.female.all() and people.age.min() >= 20.0 and (people.ancestry == 1).all()
    assert (people.liver["CYP3A4"] == 1.0).all() and (people.gut["CYP3A4"] == 1.0).all()


def test_a_case_without_the_block_has_the_default_population(library: Library) -> None:
    p = Case.parse(CASE.replace("population: {block}\n", "").format(), library).population
    assert p == Population(fixed={"sex": "female", "genotypes": {}})


# -- columns and single persons agree ----------------------------------------------------------------

PERSONS = [
    Person(),
    Person(sex="female", age=71, height=158, weight=51, creatinine=1.3),
    Person(weight=52.0),
    Person(child_pugh="C"),
    Person(sex="female", height=180, weight=120, albumin=33, aag=1.4, haematocrit=0.36, urine_ph=7.0, egfr=40),
    Person(child_pugh="A"),
]


def test_bodies_are_those_of_single_persons(data: Physiology) -> None:
    """Not only nearly: one person is a column of length 1."""
    many = bodies(People.of(PERSONS), data)
    for i, person in enumerate(PERSONS):
        one = body(person, data)
        for name in SCALARS:
            assert getattr(many, name)[i] == getattr(one, name), name
        for table in TABLES:
            for key, column in getattr(many, table).items():
                assert column[i] == getattr(one, table).get(key, 1.0), (table, key)


def typical(data: Physiology, **person: Any) -> Population:
    """A population without spread: everybody is the reference person, with these fields."""
    numbers = ("age", "height", "weight", "haematocrit", "albumin", "aag", "urine_ph", "egfr")
    reference = bodies(People.of([Person()]), data)
    own = {"haematocrit": float(reference.haematocrit[0]), "albumin": data.scaling["albumin"], "aag": data.scaling["aag"],
           "urine_ph": data.scaling["urine_ph"]}  # fmt: skip
    egfr = 142.0 * 0.9938**30
    at = {**own, "egfr": egfr, "age": 30.0, "height": 176.0, "weight": 73.0}
    factors = dict.fromkeys(("microsomal_protein", "gastric_emptying", "transit"), 1.0)
    spreads = {name: same(Spread.fixed(value)) for name, value in {**{n: at[n] for n in numbers}, **factors}.items() if name not in person}
    return Population(fixed={"sex": "male", **person}, spreads=spreads, abundance=dict.fromkeys(data.enzymes, 0.0))


GENOTYPES = {"CYP2B6": "*1/*6", "CYP2D6": "IM", "CYP2C19": "*1/*2", "CYP3A5": "*3/*3", "CYP2C9": "*1/*1", "CYP2A6": "*1/*1",
             "UGT1A1": "*1/*28", "CES1": "2 copies"}  # fmt: skip


def test_without_spread_everybody_is_the_person_of_the_other_commands(model: Model) -> None:
    """Methadone and efavirenz for three days: the AUC of a subject is that of the single person, to 1e-12."""
    case = Case.parse(CASE.replace("person: {{sex: female}}\npopulation: {block}\n", "").format()
                      + "compare:\n  - {drug: efavirenz, dose: 600 mg, route: oral, every: 24 h, count: 3}\n", model.library)  # fmt: skip
    doses = tuple(case.test.doses)
    compounds = [model.kinetics(n) for n in model.closure({d.drug for d in doses})]
    [single] = lanes(model.body(Person(genotypes=GENOTYPES)), [k.compound for k in compounds])
    people = sample(typical(model.physiology, genotypes=GENOTYPES), 0, 3, model.physiology)
    many = population_lanes(model, people, compounds)
    one = simulate(compounds, [single], [doses], model.setting, [0.0, 72.0])
    all_ = simulate(compounds, many, doses, model.setting, [0.0, 72.0])
    for k in compounds:
        assert all_.auc(k.name)[:, 1] == pytest.approx(one.auc(k.name)[0, 1], rel=1e-12), k.name
    assert one.auc("methadone-r")[0, 1] > 0


def test_subjects_do_not_depend_on_the_chunk(model: Model) -> None:
    """From the draw to the concentration, bit by bit, also on a program that none of the chunks made."""
    doses = tuple(Case.load("examples/methadone-efavirenz.yaml", model.library).test.doses[:40])
    compounds = [model.kinetics(n) for n in model.closure({d.drug for d in doses})]
    columns = ["methadone-r.auc", "methadone-s.plasma", "CYP2B6.liver"]
    program = program_of(compounds, model.setting, doses, columns=columns)

    def run(first: int, count: int) -> Any:
        people = sample(MIXED, first, count, model.physiology)
        done = simulate(compounds, population_lanes(model, people, compounds), doses, model.setting, [0.0, 5.0, 120.0], columns=columns,
                        program=program, rtol=1e-4, taken=doses_taken(MISSING, doses, first, count))  # fmt: skip
        assert list(done.columns) == columns and done.trajectory.ok
        assert max(float(g.max()) for g in done.mass_balance.values()) < 1e-9
        return done.trajectory.values

    whole = run(50, 90)
    assert np.array_equal(np.concatenate([run(a, b - a) for a, b in pairwise([50, 51, 58, 59, 100, 140])]), whole)
    assert len(np.unique(whole[:, 2, 0])) == 90


# -- doses that are missed ---------------------------------------------------------------------------

MISSING = replace(MIXED, adherence={"methadone": Spread("uniform", low=0.5, high=1.0), "efavirenz": Spread.fixed(0.9)})


def dosing(product: str, parts: Sequence[str], count: int) -> list[Dose]:
    return [Dose(part, 1.0, 1.0, "oral", 24.0 * i, product=product) for i in range(count) for part in parts]


def test_doses_are_missed_as_often_as_said() -> None:
    p = adherence(MISSING, "methadone", 0, MANY)
    near(p, 0.75, 0.5 / math.sqrt(12.0))
    assert (adherence(MISSING, "ritonavir", 0, 5) == 1.0).all() and takes(MISSING, "ritonavir", 0.0, 0, 5).all()
    taken = np.array([takes(MISSING, "methadone", 24.0 * i, 0, MANY) for i in range(20)])
    near(taken.mean(axis=0) - p, 0.0, math.sqrt(float(np.mean(p * (1 - p))) / 20))
    assert abs(np.corrcoef(taken[0][p > 0.9], taken[1][p > 0.9])[0, 1]) < 0.05  # given the person, independent


def test_a_dose_is_taken_whole_and_whatever_else_is_in_the_case() -> None:
    alone = dosing("methadone", ("methadone-r", "methadone-s"), 10)
    a = doses_taken(MISSING, alone, 5, 40)
    b = doses_taken(MISSING, [*dosing("efavirenz", ("efavirenz",), 4), *alone], 5, 40)
    assert a is not None and b is not None
    assert np.array_equal(a[0::2], a[1::2]) and np.array_equal(a, b[4:]) and 0 < a.mean() < 1
    assert np.array_equal(doses_taken(MISSING, alone, 20, 10), a[:, 15:25])
    assert doses_taken(MIXED, alone, 0, 10) is None


def test_a_missed_dose_is_as_if_it_were_not_written(setting: Setting) -> None:
    """And half a dose of a linear drug is half the exposure."""
    k = ready(made("v", cl=10.0), setting)
    doses = every("v", 5.0, 12.0, 6)
    taken = np.array([[1, 1, 1, 1, 1, 1], [1, 0, 1, 1, 0, 1], [0, 0, 0, 0, 0, 0]], dtype=bool).T
    three = Lanes.of([Lane(setting.reference)] * 3)
    done = simulate([k], three, doses, setting, [0.0, 40.0, 90.0], taken=taken)
    listed = simulate([k], three, [doses, [d for d, t in zip(doses, taken[:, 1], strict=True) if t], []], setting, [0.0, 40.0, 90.0])
    assert done.auc("v") == pytest.approx(listed.auc("v"), rel=1e-6, abs=1e-12)
    assert done.given["v"].tolist() == [30.0, 20.0, 0.0] == listed.given["v"].tolist()
    with pytest.raises(ValueError, match="one row a dose, one column a lane"):
        simulate([k], three, doses, setting, [0.0, 90.0], taken=taken.T)
    half = simulate([k], three, doses, setting, [0.0, 40.0, 90.0], taken=np.full((6, 3), 0.5))
    assert half.auc("v")[0] == pytest.approx(done.auc("v")[0] / 2.0, rel=1e-6)


def test_only_the_outputs_asked_for(model: Model) -> None:
    doses = tuple(Case.load("examples/methadone-efavirenz.yaml", model.library).test.doses[:20])
    compounds = [model.kinetics(n) for n in model.closure({d.drug for d in doses})]
    people = population_lanes(model, sample(MIXED, 0, 3, model.physiology), compounds)
    full = simulate(compounds, people, doses, model.setting, [0.0, 48.0])
    lean = simulate(compounds, people, doses, model.setting, [0.0, 48.0], columns={"efavirenz.auc", "CYP3A4.gut"})
    assert lean.trajectory.values.shape == (3, 2, 2)
    assert np.array_equal(lean.auc("efavirenz"), full.auc("efavirenz"))
    assert np.array_equal(lean.activity("CYP3A4", "gut"), full.activity("CYP3A4", "gut"))


def test_what_is_not_known_of_a_drug_is_the_same_in_all_subjects(model: Model) -> None:
    doses = dosing("methadone", ("methadone-r",), 2)
    compounds = [model.kinetics("methadone-r")]
    people = sample(MIXED, 0, 4, model.physiology)
    factor = {("methadone-r", "CYP2B6", "clearance"): 2.0}
    lane, base = population_lanes(model, people, compounds, factor), population_lanes(model, people, compounds)
    double = {key: 2.0 * a if key[0] == "CYP2B6" else a for key, a in base.activity.items()}
    a = simulate(compounds, lane, doses, model.setting, [0.0, 48.0])
    b = simulate(compounds, replace(base, activity=double), doses, model.setting, [0.0, 48.0])
    assert np.array_equal(a.auc("methadone-r"), b.auc("methadone-r"))
