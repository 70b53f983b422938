"""Systems A1–A6, ART with drugs of abuse: every acceptance line computed, each with its cause taken away and a negative control.

A line that is not met stands as xfail(strict=True) with its figures, beside the direction that is met. What other files hold already is not
repeated: methadone, alfentanil, fentanyl and ketamine in the designs of examples/ (test_exposure_library.py), the bands of the flags
(test_flags.py). AUC ratios with/without unless said otherwise; numbers observed are those of the study files.
"""

from __future__ import annotations

import copy
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from clearway.answers.comparing import Comparing, compare_case
from clearway.answers.flags import STEADY
from clearway.answers.options import Options
from clearway.answers.running import Running, run_case
from clearway.exposure.arms import Measure, exposures, run
from clearway.exposure.nca import Window
from clearway.exposure.situation import arm_of
from clearway.library import Library
from clearway.library.compound import Action, Compound, Inhibition, Value
from clearway.model.model import Model
from clearway.qualification.figures import guest
from clearway.qualification.runner import STUDIES, run_study
from clearway.regimen import Case, load_study

MAN = "{sex: male, age: 30, weight: 73 kg}"
BLOCKS = ("inhibition", "inactivation")
not_met = partial(pytest.mark.xfail, strict=True, raises=AssertionError)
RITONAVIR = "ritonavir, dose: 500 mg, route: oral, every: 12 h, count: 28"  # the antiviral dose of the 1990s
FULL = RITONAVIR.replace("500", "600")
BOOSTER = "ritonavir, dose: 100 mg, route: oral, every: 24 h, count: 14"
COBICISTAT = "cobicistat, dose: 150 mg, route: oral, every: 24 h, count: 14"
RALTEGRAVIR = "raltegravir, dose: 400 mg, route: oral, every: 12 h, count: 28"
DOLUTEGRAVIR = "dolutegravir, dose: 50 mg, route: oral, every: 24 h, count: 14"
ATAZANAVIR = "atazanavir, dose: 300 mg, route: oral, every: 24 h, count: 14"
SMOKING = "tobacco-smoke, dose: 1 mg, route: inhaled, every: 1.2 h, count: 280"  # 1 mg is one cigarette: 20 a day
METHADONE = "methadone, dose: 60 mg, route: oral, every: 24 h, count: 14"
INDUCERS = {
    "efavirenz": "efavirenz, dose: 600 mg, route: oral, every: 24 h, count: 42",
    "nevirapine": "nevirapine, dose: 200 mg, route: oral, every: 12 h, count: 84",
    "nelfinavir": "nelfinavir, dose: 1250 mg, route: oral, every: 12 h, count: 84",
    "ritonavir": RITONAVIR.replace("28", "84"),
}
NRTIS = [
    "lamivudine, dose: 300 mg, route: oral, every: 24 h, count: 14",
    "emtricitabine, dose: 200 mg, route: oral, every: 24 h, count: 14",
    "abacavir, dose: 600 mg, route: oral, every: 24 h, count: 14",
    "zidovudine, dose: 300 mg, route: oral, every: 12 h, count: 28",
    "stavudine, dose: 40 mg, route: oral, every: 12 h, count: 28",
    "didanosine, dose: 400 mg, route: oral, every: 24 h, count: 14",
    "tenofovir-alafenamide, dose: 25 mg, route: oral, every: 24 h, count: 14",
]


# -- asking -----------------------------------------------------------------------------------------------


def once(drug: str, amount: str, route: str = "oral", start: float = 290.0) -> str:
    """One dose; by default on day 13 of the other drug, 2 h after its dose."""
    return f"{drug}, dose: {amount}, route: {route}, start: {start} h"


ALFENTANIL = once("alfentanil", "0.06 mg/kg")
FENTANYL = once("fentanyl", "0.005 mg/kg", "iv bolus")
MDMA = once("mdma", "100 mg")
METHAMPHETAMINE = once("methamphetamine", "20 mg")
MEPHEDRONE = once("mephedrone", "150 mg")
MEPERIDINE = once("meperidine", "50 mg")
KETAMINE = once("ketamine", "1 mg/kg")
KETAMINE_NASAL = once("ketamine", "50 mg", "intranasal")
METHYLPHENIDATE = once("methylphenidate", "20 mg")


def case(library: Library, regimen: Sequence[str], added: Sequence[str] = (), person: str = MAN, steady: str = "") -> Case:
    blocks = [f"format: clearway.case/1\nperson: {person}", "regimen:", *(f"  - {{drug: {d}}}" for d in regimen)]
    blocks += ["compare:", *(f"  - {{drug: {d}}}" for d in added)] if added else []
    blocks += [f"steady_state: [{steady}]"] if steady else []
    return Case.parse("\n".join(blocks) + "\n", library)


def compared(
    library: Library, regimen: Sequence[str], added: Sequence[str], *, steady: str = "", options: Options | None = None,
    attribute: bool = False,
) -> Comparing:  # fmt: skip
    return compare_case(case(library, regimen, added, steady=steady), library, options, attribute=attribute, interval=False)


def ratio(library: Library, taken: str, *added: str, options: Options | None = None) -> float:
    """AUC ratio of the first drug; one that is taken repeatedly is at steady state before."""
    name = taken.split(",")[0]
    found = compared(library, [taken], added, steady=name if name in ("methadone", "buprenorphine") else "", options=options)
    answer = found.main[0].answer
    assert answer is not None
    return answer.ratio.auc


def study(library: Library, name: str) -> float:
    """Predicted ratio of a study arm, in the study's own design."""
    return run_study(Model(library), load_study(next(STUDIES.rglob(f"{name}.yaml")), library), set()).predicted


def observed(library: Library, name: str) -> float:
    found = load_study(next(STUDIES.rglob(f"{name}.yaml")), library).observed
    assert found.auc_ratio is not None
    return found.auc_ratio


def alone(library: Library, taken: str, person: str = MAN) -> Running:
    return run_case(case(library, [taken], person=person), library)


def area(library: Library, taken: str, person: str = MAN) -> dict[str, float]:
    return {r.read.target.name: r.exposure.auc for r in alone(library, taken, person).rows}


def cyp2b6(genotype: str) -> str:
    return f'{MAN[:-1]}, genotype: {{CYP2B6: "{genotype}"}}}}'


# -- perturbing the cause ---------------------------------------------------------------------------------


def changed(library: Library, compound: Compound) -> Library:
    """The library with one compound replaced in memory; its clearance is found anew in the situation of its file."""
    return replace(library, compounds={**library.compounds, compound.compound: compound}, _names={})


def without(library: Library, name: str, enzyme: str, *kinds: str) -> Library:
    """`name` no longer does this to `enzyme`. Without inhibition it does not saturate the enzyme either, which would occupy it."""
    c = library.compounds[name]
    assert any(getattr(a, kinds[0]) for a in c.acts_on if a.on == enzyme), "nothing would be taken away"
    acts = [replace(a, **dict.fromkeys(kinds)) if a.on == enzyme else a for a in c.acts_on]
    paths = [replace(p, km=None) if p.by == enzyme and "inhibition" in kinds else p for p in c.elimination.paths]
    return changed(library, replace(c, acts_on=acts, elimination=replace(c.elimination, paths=paths)))


def also(library: Library, name: str, like: str, on: str) -> Library:
    """`name` does to an enzyme what `like` does to it."""
    c = library.compounds[name]
    return changed(library, replace(c, acts_on=[*c.acts_on, *(a for a in library.compounds[like].acts_on if a.on == on)]))


def moved(share: Value, by: float) -> Value:
    return replace(share, value=share.value + by)


def gone(before: float, after: float) -> bool:
    """At most a quarter of the change (of its logarithm) is left, or the opposite has come."""
    return math.log(after) / math.log(before) <= 0.25


# -- A1: twelve signs -------------------------------------------------------------------------------------

UP, DOWN, SAME = "up", "down", "unchanged"
BUPRENORPHINE = "buprenorphine, dose: 16 mg, route: sublingual, every: 24 h, count: 14"
NETWORK: Mapping[tuple[str, str], tuple[str, str, str, str]] = {
    # (added, measured): doses of both, sign read in sources.md, mechanism that must carry it
    ("ritonavir", "alfentanil"): (RITONAVIR, ALFENTANIL, UP, "CYP3A4 inactivation"),
    ("ritonavir", "fentanyl"): (RITONAVIR, FENTANYL, UP, "CYP3A4 inactivation"),
    ("ritonavir", "mdma"): (RITONAVIR, MDMA, UP, "CYP2D6 inhibition"),
    ("ritonavir", "methamphetamine"): (RITONAVIR, METHAMPHETAMINE, UP, "CYP2D6 inhibition"),
    ("atazanavir", "buprenorphine"): (ATAZANAVIR.replace("300", "400"), BUPRENORPHINE, UP, "CYP3A4 inactivation"),
    ("efavirenz", "methadone"): (INDUCERS["efavirenz"], METHADONE, DOWN, "CYP2B6 induction"),
    ("nevirapine", "methadone"): (INDUCERS["nevirapine"], METHADONE, DOWN, "CYP2B6 induction"),
    ("nelfinavir", "methadone"): (INDUCERS["nelfinavir"], METHADONE, DOWN, "CYP2B6 induction"),
    ("ritonavir", "methadone"): (INDUCERS["ritonavir"], METHADONE, DOWN, "CYP2B6 induction"),
    ("ritonavir", "meperidine"): (RITONAVIR, MEPERIDINE, DOWN, "CYP2B6 induction"),
    ("indinavir", "methadone"): ("indinavir, dose: 800 mg, route: oral, every: 8 h, count: 42", METHADONE, SAME, ""),
    ("raltegravir", "methadone"): (RALTEGRAVIR, METHADONE, SAME, ""),
}
CAUSES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "CYP3A4 inactivation": (("CYP3A4", *BLOCKS),),
    "CYP2D6 inhibition": (("CYP2D6", "inhibition"),),
    "CYP2B6 induction": (("CYP2B6", "induction"),),
}
SECOND: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("ritonavir", "mdma"): ("CYP3A4", *BLOCKS),
    ("ritonavir", "meperidine"): ("CYP2C19", "induction"),
    ("atazanavir", "buprenorphine"): ("UGT1A1", "inhibition"),
}
"""Where two mechanisms carry the change, the other one."""
EARLY = {("ritonavir", "mdma"): once("mdma", "100 mg", start=26.0)}
"""Before ritonavir's induction is there: see test_a1_mdma_after_two_weeks."""


def sign(found: float) -> str:
    """A change within 5 % is none, as for the flags."""
    return SAME if abs(found - 1.0) <= STEADY else UP if found > 1.0 else DOWN


@pytest.fixture(scope="module")
def network(library: Library) -> dict[tuple[str, str], Comparing]:
    """The twelve pairs, each with what caused the change."""
    steady = ("methadone", "buprenorphine")
    return {
        pair: compared(library, [measured], [added], steady=pair[1] if pair[1] in steady else "", attribute=True)
        for pair, (added, measured, _, _) in NETWORK.items()
    }


def test_a1_at_least_nine_in_ten_signs_agree(network: dict[tuple[str, str], Comparing]) -> None:
    signs = {pair: sign(found.main[0].answer.ratio.auc) for pair, found in network.items() if found.main[0].answer}
    disagree = {pair: signs[pair] for pair, (_, _, read, _) in NETWORK.items() if signs[pair] != read}
    assert len(disagree) / len(NETWORK) <= 0.1, disagree


@pytest.mark.parametrize("pair", NETWORK, ids="-".join)
def test_a1_each_answer_names_its_mechanism_and_its_evidence(pair: tuple[str, str], network: dict[tuple[str, str], Comparing]) -> None:
    found, (_, _, read, mechanism) = network[pair], NETWORK[pair]
    answer = found.main[0].answer
    assert answer is not None
    factors = {f.name: f.factor for f in answer.factors}
    assert math.prod(factors.values()) == pytest.approx(answer.ratio.auc, rel=1e-6)
    if read == SAME:
        assert sign(math.prod(factors.values())) == SAME
    else:
        assert sign(factors[mechanism]) == read
    assert found.evidence["rows"]
    assert all(row["evidence"] and (row["source"] or row["why"]) for row in found.evidence["rows"])


@pytest.mark.parametrize("pair", [p for p, row in NETWORK.items() if row[2] != SAME], ids="-".join)
def test_a1_without_its_cause_the_effect_is_gone_or_opposite(pair: tuple[str, str], library: Library) -> None:
    (name, _), (added, measured, read, mechanism) = pair, NETWORK[pair]
    measured, perturbed = EARLY.get(pair, measured), library
    for enzyme, *kinds in (*CAUSES[mechanism], *((SECOND[pair],) if pair in SECOND else ())):
        perturbed = without(perturbed, name, enzyme, *kinds)
    before = ratio(library, measured, added)
    assert sign(before) == read
    assert gone(before, ratio(perturbed, measured, added))


@pytest.mark.parametrize("name", ["indinavir", "raltegravir"])
def test_a1_with_the_cause_of_nelfinavir_the_unchanged_pairs_fall(name: str, library: Library) -> None:
    added, measured, _, _ = NETWORK[name, "methadone"]
    assert ratio(also(library, name, "nelfinavir", "CYP2B6"), measured, added) < 0.7


def test_a1_mdma_after_two_weeks(library: Library) -> None:
    assert sign(ratio(library, once("mdma", "100 mg"), FULL)) == UP


@not_met(reason="below 1 with 250 mg on day 13: MDMA inactivates CYP2D6 itself, and ritonavir's induction is left")
def test_a1_much_mdma_after_two_weeks(library: Library) -> None:
    """The fatal case (L297): ritonavir 600 mg twice daily, 14 days taken, and 2½ tablets. The one sign of the twelve that is missed."""
    assert sign(ratio(library, once("mdma", "250 mg"), FULL)) == UP


def test_a1_nevirapine_is_an_inducer(library: Library) -> None:
    """By type and by what it does; typed as the founding page has it, an inhibitor, it would raise methadone."""
    nevirapine = library.compounds["nevirapine"]
    assert {a.on for a in nevirapine.acts_on if a.induction} >= {"CYP2B6", "CYP3A4"}
    assert not [a for a in nevirapine.acts_on if a.inhibition or a.inactivation]
    assert ratio(library, once("midazolam", "5 mg"), INDUCERS["nevirapine"]) < 0.9
    as_ritonavir = {a.on: a.inhibition for a in library.compounds["ritonavir"].acts_on}
    inhibitor = [Action(a.on, inhibition=as_ritonavir[a.on]) for a in nevirapine.acts_on]
    assert ratio(changed(library, replace(nevirapine, acts_on=inhibitor)), METHADONE, INDUCERS["nevirapine"]) > 1.05


def test_a1_negative_control_nrtis_move_no_cyp_drug(library: Library) -> None:
    """Seven NRTIs at once, with drugs of CYP3A4, 2B6, 2D6; given one cause, lamivudine would."""
    taken = [once("midazolam", "5 mg"), ALFENTANIL, MDMA, METHAMPHETAMINE, METHADONE, KETAMINE]
    found = compared(library, taken, NRTIS)
    assert len(found.main) == len(taken)
    assert [r.answer.ratio.auc for r in found.main if r.answer] == pytest.approx([1.0] * len(taken), rel=0.01)
    assert ratio(also(library, "lamivudine", "cobicistat", "CYP3A4"), taken[0], NRTIS[0]) > 2.0


@pytest.mark.parametrize("added", [RITONAVIR, BOOSTER, COBICISTAT], ids=["ritonavir", "booster", "cobicistat"])
def test_a1_negative_control_methylphenidate_with_boosters(added: str, library: Library) -> None:
    """CES1: no booster touches it, and the answer says so; one that inhibited CES1 would."""
    found = compared(library, [METHYLPHENIDATE], [added], attribute=True)
    assert found.main[0].answer and found.main[0].answer.ratio.auc == pytest.approx(1.0, abs=0.01)
    assert any("holds no mechanism" in said for said in found.unknown)
    name = added.split(",")[0]
    inhibitor = replace(next(a for a in library.compounds[name].acts_on if a.on == "CYP3A4"), on="CES1")
    c = library.compounds[name]
    assert ratio(changed(library, replace(c, acts_on=[*c.acts_on, inhibitor])), METHYLPHENIDATE, added) > 1.5


def test_a1_negative_control_heroin_and_morphine_have_no_cyp_path(library: Library) -> None:
    """Cobicistat, which blocks CYP3A4 and 2D6, leaves them; what ritonavir does to morphine is glucuronidation (UGT2B7) only."""
    chain = Model(library).closure(["diacetylmorphine"])
    assert {"6-monoacetylmorphine", "morphine"} <= set(chain)
    assert not [p.by for name in chain for p in library.compounds[name].elimination.paths if p.by.startswith("CYP")]
    morphine, heroin = once("morphine", "10 mg"), once("heroin", "10 mg", "iv bolus")
    for drug in (morphine, heroin):
        assert ratio(library, drug, COBICISTAT) == pytest.approx(1.0, abs=0.01)
    assert ratio(library, morphine, RITONAVIR) < 0.8
    assert ratio(without(library, "ritonavir", "UGT2B7", "induction"), morphine, RITONAVIR) == pytest.approx(1.0, abs=0.02)


# -- A2: methadone: what the examples do not hold ----------------------------------------------------------


def day_of_steady_effect(library: Library, added: str, days: int = 42) -> int:
    """From this day on (counted from 1) methadone's AUCτ stays within 10 % of its last."""
    asked = case(library, [METHADONE.replace("14", str(days))], [added], steady="methadone")
    model = Model(library)
    windows = [Window(24.0 * d, 24.0 * (d + 1)) for d in range(days)]
    done, (lanes,), weights = run(model, [arm_of(model, asked.person, asked.test, asked.steady_state)], windows)
    halves = ("methadone-r", "methadone-s")
    areas = np.array([exposures(done, lanes, weights, Measure("methadone", halves, w)).auc for w in windows])
    return days - next(i for i, a in enumerate(areas[::-1]) if abs(a / areas[-1] - 1.0) > 0.1) + 1


@pytest.mark.parametrize("name", INDUCERS)
def test_a2_the_effect_is_steady_after_a_week_or_more(name: str, library: Library) -> None:
    """'effect growing over ≥ 7 days'; turnover of the enzyme is one cause, the signal of induction and methadone's half-life are others."""
    days = []
    for speed in (10.0, 1.0, 0.3):
        enzymes = copy.deepcopy(library.enzymes)
        enzymes["enzymes"]["CYP2B6"]["kdeg"]["liver"]["value"] *= speed
        days.append(day_of_steady_effect(replace(library, enzymes=enzymes), INDUCERS[name]))
    fast, day, slow = days
    assert 7 < day <= 21
    assert fast < day < slow - 3


@pytest.mark.parametrize("name", ["L056", "L057"])
def test_a2_alfentanil_rises_at_the_same_time(name: str, library: Library) -> None:
    """Nelfinavir: alfentanil CL × 0.5 iv and × 0.24 oral (Kharasch 2009) while methadone falls, within the limits of Guest 2011."""
    assert guest(study(library, name), observed(library, name))
    assert study(library, "L057") > 1.5 * study(library, "L056")


@pytest.mark.parametrize(
    "share",
    [
        0.3,
        pytest.param(
            0.8, marks=not_met(reason="× 2.3: nelfinavir leaves 28 % of CYP3A4 (iv alfentanil 2.7, seen 2.0), the line takes 50 %")
        ),
    ],
)
def test_a2_the_one_enzyme_model_over_its_range(share: float, library: Library) -> None:
    """× 1.2–1.7, the wrong sign (0.5 is tested in test_exposure_library.py)."""
    assert 1.2 <= ratio(library, METHADONE, INDUCERS["nelfinavir"], options=Options(assume_share=("CYP3A4", share))) <= 1.7


def oral_clearance(library: Library, half: str, genotype: str) -> float:
    return 1.0 / area(library, "methadone, dose: 11 mg, route: oral", cyp2b6(genotype))[half]


@pytest.mark.parametrize("half", ["methadone-r", "methadone-s"])
def test_a2_cyp2b6_4_raises_oral_clearance(half: str, library: Library) -> None:
    assert oral_clearance(library, half, "*1/*4") > 1.05 * oral_clearance(library, half, "*1/*1")


@pytest.mark.parametrize(("half", "fold"), [("methadone-s", 4.0), ("methadone-r", 3.0)])
@not_met(reason="even *4/*4 gives × 1.22 (S), × 1.17 (R); seen in one *1/*4 and three *4/*6; activity × 1.3 of a 59 % path")
def test_a2_cyp2b6_4_by_three_and_four(half: str, fold: float, library: Library) -> None:
    assert oral_clearance(library, half, "*4/*4") / oral_clearance(library, half, "*1/*1") == pytest.approx(fold, rel=0.25)


def test_a2_a_fall_is_flagged_by_its_size_and_no_dose_follows(library: Library) -> None:
    """Nelfinavir (no withdrawal in 14) below efavirenz (9 of 11), and never a dose: the mean rise with efavirenz was 22 %."""
    flags = {n: compared(library, [METHADONE], [INDUCERS[n]], steady="methadone").flags[0] for n in ("nelfinavir", "efavirenz")}
    assert [flags[n]["expected"] for n in ("nelfinavir", "efavirenz")] == ["possible", "likely"]
    for flag in flags.values():
        assert "No dose is derived" in flag["no_dose_rule"]
        assert f"{1.0 / flag['ratio']:.1f}" not in flag["text"] + flag["no_dose_rule"]


# -- A3: ketamine ------------------------------------------------------------------------------------------


def with_cyp3a4_share(library: Library, part: float) -> Library:
    """(S)-ketamine with this part of its CYP3A4 share, the rest as 'other'."""
    c = library.compounds["ketamine-s"]
    away = (1.0 - part) * next(p.share.value for p in c.elimination.paths if p.by == "CYP3A4")
    by = {"CYP3A4": -away, "other": away}
    paths = [replace(p, share=moved(p.share, by.get(p.by, 0.0))) for p in c.elimination.paths]
    return changed(library, replace(c, elimination=replace(c.elimination, paths=[p for p in paths if p.share.value > 1e-9])))


def test_a3_no_share_of_cyp3a4_meets_clarithromycin_and_itraconazole(library: Library) -> None:
    """2.6 and 1.0 were observed with two strong inhibitors of one enzyme: the honest misfit of the acceptance line."""
    worlds = {part: with_cyp3a4_share(library, part) for part in (0.0, 0.25, 0.5, 1.0)}
    found = {part: (study(world, "L034"), study(world, "L033")) for part, world in worlds.items()}
    assert found[0.0] == pytest.approx((1.0, 1.0), abs=0.02)  # without the path neither does anything
    assert all(b[0] > a[0] and b[1] > a[1] for a, b in itertools.pairwise(found.values()))
    assert not any(2.1 <= clarithromycin <= 3.1 and itraconazole <= 1.25 for clarithromycin, itraconazole in found.values())
    assert all(itraconazole >= clarithromycin - 0.02 for clarithromycin, itraconazole in found.values())


@not_met(reason="itraconazole 2.8 against 1.0, with clarithromycin 2.5 against 2.6: no CYP3A4 share meets both")
def test_a3_itraconazole_does_nothing(library: Library) -> None:
    assert study(library, "L033") == pytest.approx(1.0, abs=0.25)


def test_a3_ticlopidine_acts_through_cyp2b6_only(library: Library) -> None:
    assert study(library, "L032") == pytest.approx(2.4, rel=0.25)
    assert study(without(library, "ticlopidine", "CYP2B6", "inactivation"), "L032") < 1.15


def test_a3_iv_rifampicin_halves_norketamine_and_hardly_touches_ketamine(library: Library) -> None:
    """Noppers 2011: ketamine −10 %, norketamine −50 %."""
    assert study(library, "L037") == pytest.approx(0.9, abs=0.05)
    assert study(library, "L038") == pytest.approx(0.5, abs=0.1)


def metabolite_ratio(library: Library, route: str) -> float:
    """Norketamine over ketamine, AUC by mass, both halves."""
    found = area(library, f"ketamine, dose: 30 mg, route: {route}")
    mass = {n: library.compounds[n].molecule.molar_mass.value for n in found if n[-2:] in ("-r", "-s")}
    parent, metabolite = (sum(found[f"{n}-{x}"] * mass[f"{n}-{x}"] for x in "rs") for n in ("ketamine", "norketamine"))
    return metabolite / parent


def test_a3_the_less_reaches_blood_unchanged_the_more_norketamine(library: Library) -> None:
    iv, nasal, oral = (metabolite_ratio(library, route) for route in ("iv bolus", "intranasal", "oral"))
    assert iv < 0.6 * nasal < 0.6 * oral


@pytest.mark.parametrize(
    ("route", "low", "high"),
    [
        pytest.param("intranasal", 3.95, 4.54, marks=not_met(reason="3.3: F is the label's 0.48, not 0.11–0.17")),
        pytest.param("iv bolus", 0.4, 1.4, marks=not_met(reason="1.6 (to infinity); 0.19 is printed too, against its table")),
    ],
)
def test_a3_norketamine_over_ketamine(route: str, low: float, high: float, library: Library) -> None:
    assert low <= metabolite_ratio(library, route) <= high


def nasal_availability(library: Library) -> float:
    iv, nasal = (area(library, f"ketamine, dose: 30 mg, route: {route}")["ketamine"] for route in ("iv bolus", "intranasal"))
    return nasal / iv


def test_a3_nasal_availability_is_that_of_the_esketamine_label(library: Library) -> None:
    """F 0.48 (sources.md 2.3)."""
    assert nasal_availability(library) == pytest.approx(0.48, abs=0.08)


@not_met(reason="0.48: the library follows the esketamine label; 0.11–0.17 (PMC9118341) is the other side")
def test_a3_nasal_availability_of_the_other_source(library: Library) -> None:
    assert 0.11 <= nasal_availability(library) <= 0.17


def test_a3_half_life(library: Library) -> None:
    """2.5–3 h as sampled for 6 h; the terminal one, sampled for a day, is longer (5.2–6.1 h, Hasan 2021). The library knows no mouse."""
    found = alone(library, "ketamine, dose: 20 mg, route: iv bolus")
    times, plasma = found.curves.times, found.curves.plasma["ketamine"]["run"]
    early = (times >= 2.0) & (times <= 6.0)
    assert -math.log(2.0) / np.polyfit(times[early], np.log(plasma[early]), 1)[0] == pytest.approx(2.75, abs=0.25)
    whole = next(r.exposure.half_life for r in found.rows if r.read.target.name == "ketamine")
    assert 4.0 < whole < 9.0


def test_a3_cyp2b6_6_6_lowers_clearance_at_steady_infusion(library: Library) -> None:
    """Seen in pain patients on sc infusion; given iv here, since the library has no sc route for ketamine."""
    infused = "ketamine, dose: 240 mg, route: iv infusion, over: 48 h"
    usual, poor = (area(library, infused, cyp2b6(g))["ketamine"] for g in ("*1/*1", "*6/*6"))
    assert poor > 1.05 * usual


@not_met(reason="1.51 against 1.0 (30 volunteers): ticlopidine × 2.4 asks for CYP2B6 at 52 %")
def test_a3_cyp2b6_6_6_does_nothing_to_one_low_oral_dose(library: Library) -> None:
    assert study(library, "L042") == pytest.approx(1.0, abs=0.25)


def test_a3_ritonavir_raises_oral_ketamine_early_and_less_later(library: Library) -> None:
    """A prediction: no trial exists. CYP3A4 is blocked at once, CYP2B6 induced over days; without that induction it stays up."""
    early, late = (ratio(library, once("ketamine", "1 mg/kg", start=t), FULL) for t in (2.0, 290.0))
    assert early > 2.0
    assert 1.0 < late < 0.6 * early
    assert ratio(without(library, "ritonavir", "CYP2B6", "induction"), KETAMINE, FULL) > 1.3 * late


# -- A4: opioids of CYP3A4 with boosters -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["L137", "L138", "L064", "L065", "L066", "L017", "L018"])
def test_a4_within_the_limits_of_guest(name: str, library: Library) -> None:
    """Fentanyl CL × 0.33, AUC0-18 × 1.8; alfentanil × 25, × 10, iv × 4; buprenorphine + ATV × 1.9, + ATV/r × 1.7 (Guest 2011, delta 1)."""
    assert guest(study(library, name), observed(library, name))


@pytest.mark.parametrize("name", ["L208", "D405"])
def test_a4_buprenorphine_unchanged(name: str, library: Library) -> None:
    """Nelfinavir, darunavir/ritonavir: CYP3A4 is blocked, and glucuronidation, which is induced, offsets it."""
    assert study(library, name) == pytest.approx(1.0, abs=0.2)
    perturbed, perpetrator = library, "nelfinavir" if name == "L208" else "ritonavir"
    for action in library.compounds[perpetrator].acts_on:
        if action.induction and action.on.startswith("UGT"):
            perturbed = without(perturbed, perpetrator, action.on, "induction")
    assert study(perturbed, name) > study(library, name) + 0.1


def test_a4_atazanavir_raises_buprenorphine_more_than_darunavir_does(library: Library) -> None:
    """The order that is met, and why: atazanavir blocks UGT1A1 too."""
    assert study(library, "L017") > 1.2 * study(library, "D405")
    assert study(without(library, "atazanavir", "UGT1A1", "inhibition"), "L017") < 1.5


def test_a4_the_respiratory_flag_rises_with_exposure(library: Library) -> None:
    def level(known: Library, *added: str) -> tuple[float, int]:
        found = compared(known, [FENTANYL], added)
        assert found.main[0].answer
        expected = found.flags[0]["expected"] if found.flags else ""
        return found.main[0].answer.ratio.auc, ["", "unlikely", "possible", "likely"].index(expected)

    weak = "fluconazole, dose: 100 mg, route: oral, every: 24 h, count: 14"
    levels = sorted(level(library, a) for a in (RALTEGRAVIR, weak, COBICISTAT, RITONAVIR))
    assert [n for _, n in levels] == sorted(n for _, n in levels)
    assert (levels[0][1], levels[-1][1]) == (0, 3)
    assert len({n for _, n in levels}) >= 3
    assert level(without(library, "ritonavir", "CYP3A4", *BLOCKS), RITONAVIR)[1] == 0


# -- A5: stimulants of CYP2D6 ------------------------------------------------------------------------------

STIMULANTS = {"methamphetamine": METHAMPHETAMINE, "mdma": MDMA, "mephedrone": MEPHEDRONE}
CYP2D6_ONLY = Options(only_enzyme="CYP2D6")


@pytest.mark.parametrize(("added", "start"), [(FULL, 26.0), (COBICISTAT, 290.0)], ids=["ritonavir", "cobicistat"])
@pytest.mark.parametrize("drug", STIMULANTS)
def test_a5_up_with_a_strong_inhibitor_of_cyp2d6(drug: str, added: str, start: float, library: Library) -> None:
    """On the second day of ritonavir, which later induces too (A1), on day 13 of cobicistat; without the inhibition there is less."""
    taken = STIMULANTS[drug].replace("290.0", str(start))
    found = ratio(library, taken, added)
    assert found > 1.0 + STEADY
    assert ratio(without(library, added.split(",")[0], "CYP2D6", "inhibition"), taken, added) < found - 0.04


@pytest.mark.parametrize("drug", [*STIMULANTS.values(), KETAMINE], ids=[*STIMULANTS, "ketamine"])
@pytest.mark.parametrize("added", [[RALTEGRAVIR], [DOLUTEGRAVIR], NRTIS], ids=["raltegravir", "dolutegravir", "nrtis"])
def test_a5_unchanged_without_a_booster(drug: str, added: list[str], library: Library) -> None:
    assert ratio(library, drug, *added) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("drug", [*STIMULANTS.values(), once("desipramine", "100 mg")], ids=[*STIMULANTS, "desipramine"])
def test_a5_a_boosting_dose_of_ritonavir_hardly_inhibits_cyp2d6(drug: str, library: Library) -> None:
    booster, full = (ratio(library, drug, added, options=CYP2D6_ONLY) for added in (BOOSTER, FULL))
    assert 1.0 <= booster < 1.1
    assert full > 1.1
    assert full - 1.0 > 2.0 * (booster - 1.0)


@pytest.mark.parametrize("added", [BOOSTER, COBICISTAT], ids=["ritonavir", "cobicistat"])
def test_a5_swallowed_ketamine_rises_more_than_the_stimulants(added: str, library: Library) -> None:
    stimulants = [ratio(library, drug, added) for drug in STIMULANTS.values()]
    assert ratio(library, KETAMINE, added) > 1.2 * max(stimulants)
    assert min(stimulants) > 1.0


@not_met(reason="1.3 with cobicistat, MDMA 1.6: what the nose takes up passes no gut; the rank is one of risk")
def test_a5_ketamine_by_the_nose_rises_more_than_the_stimulants(library: Library) -> None:
    assert ratio(library, KETAMINE_NASAL, COBICISTAT) > max(ratio(library, drug, COBICISTAT) for drug in STIMULANTS.values())


@not_met(reason="1.6 on day 1, 0.8 after two weeks: MDMA inactivates CYP2D6 itself, ritonavir induces the rest")
@pytest.mark.parametrize("start", [2.0, 290.0])
def test_a5_full_dose_ritonavir_doubles_or_triples_mdma(start: float, library: Library) -> None:
    """The maker's theory, never measured."""
    assert 2.0 <= ratio(library, once("mdma", "100 mg", start=start), FULL) <= 3.0


def test_a5_the_theory_leaves_out_autoinhibition_and_induction(library: Library) -> None:
    """Without both, the twofold of the theory comes out."""
    theory = without(library, "mdma", "CYP2D6", "inactivation")
    for enzyme in {a.on for a in library.compounds["ritonavir"].acts_on if a.induction}:
        theory = without(theory, "ritonavir", enzyme, "induction")
    found = ratio(theory, MDMA, FULL)
    assert 1.8 <= found <= 3.0
    assert found > 1.5 * ratio(library, MDMA, FULL)


# -- A6: drugs of abuse on ART -----------------------------------------------------------------------------


def test_a6_alcohol_raises_abacavir_through_alcohol_dehydrogenase(library: Library) -> None:
    """+41 % (McDowell 2000)."""
    assert guest(study(library, "L152"), observed(library, "L152"))
    assert study(library, "L152") > 1.25
    assert study(without(library, "ethanol", "ADH", "inhibition"), "L152") == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("name", ["D524", "D525"])
def test_a6_alcohol_leaves_ritonavir_and_efavirenz(name: str, library: Library) -> None:
    assert study(library, name) == pytest.approx(1.0, abs=0.05)


def test_a6_alcohol_has_opposite_signs_today_and_over_weeks(library: Library) -> None:
    """CYP2E1, by chlorzoxazone: blocked while drinking, induced in the sober drinker (Girre 1994: 0.58)."""
    today = ratio(library, once("chlorzoxazone", "500 mg", start=0.5), "ethanol, dose: 1 g/kg, route: oral")
    assert today > 1.25
    assert study(library, "D545") == pytest.approx(0.58, abs=0.15)
    assert study(without(library, "ethanol", "CYP2E1", "induction"), "D545") > 0.95


@pytest.mark.parametrize("name", ["D530", "D531"])
def test_a6_cannabis_does_not_raise_protease_inhibitors(name: str, library: Library) -> None:
    """Indinavir −14.5 %, nelfinavir −10 %, neither significant; typed as a strong CYP3A4 inhibitor (Kara 2016) it would raise them."""
    assert study(library, name) == pytest.approx(1.0, abs=0.05)
    thc = library.compounds["thc"]
    strong = Action("CYP3A4", inhibition=Inhibition(Value(1e-4, "µM", because="far below what smoking brings")))
    assert study(changed(library, replace(thc, acts_on=[*(a for a in thc.acts_on if a.on != "CYP3A4"), strong])), name) > 1.05


def test_a6_smoking_lowers_efavirenz_through_cyp1a2(library: Library) -> None:
    assert study(library, "D520") < 0.99
    assert study(without(library, "tobacco-smoke", "CYP1A2", "induction"), "D520") == pytest.approx(1.0, abs=1e-3)


@not_met(reason="CL/F × 1.02 against 1.39 (1.07–1.91): smoke induces CYP1A2 only, which takes 7.5 % of efavirenz")
def test_a6_smoking_factor_of_efavirenz(library: Library) -> None:
    assert 1.07 <= 1.0 / study(library, "D520") <= 1.91


@pytest.fixture(scope="module")
def smoker(library: Library) -> Comparing:
    """Boosted atazanavir with 20 cigarettes a day."""
    return compared(library, [ATAZANAVIR, BOOSTER], [SMOKING])


def test_a6_atazanavir_and_tobacco_have_no_common_mechanism(smoker: Comparing, library: Library) -> None:
    """Trough and what it must exceed; a true inducer of CYP3A4 loses it."""
    row = next(r for r in smoker.rows if r.read.target.name == "atazanavir")
    assert row.answer and row.answer.ratio.cmin == pytest.approx(1.0, abs=0.01)
    assert [(t["control_met"], t["test_met"]) for t in smoker.thresholds if t["compound"] == "atazanavir"] == [(True, True)]
    rifampicin = compared(library, [ATAZANAVIR], ["rifampicin, dose: 600 mg, route: oral, every: 24 h, count: 14"])
    assert [(t["control_met"], t["test_met"]) for t in rifampicin.thresholds] == [(True, False)]
    smoke = library.compounds["tobacco-smoke"]  # as Kara 2016 types it: an inducer of CYP3A4, as it is one of CYP1A2
    too = [replace(a, on="CYP3A4") for a in smoke.acts_on if a.on == "CYP1A2"]
    assert ratio(changed(library, replace(smoke, acts_on=[*smoke.acts_on, *too])), ATAZANAVIR, SMOKING) < 0.95


BOTH_SIDES = {"D521": 0.328, "D522": 1.064}
"""Trough, smokers over others: 0.314 against 0.957 µg/mL (n 67); 571 against 536.5 ng/mL, not significant (n 416)."""


def test_a6_the_library_holds_both_sides_of_atazanavir_and_tobacco(library: Library) -> None:
    """The computed 1.0 lies on the side of the larger study; each file names its people and address."""
    for name, trough in BOTH_SIDES.items():
        found = load_study(next(STUDIES.rglob(f"{name}.yaml")), library)
        assert found.observed.cmin_ratio == pytest.approx(trough, abs=0.001)
        assert found.people["n"]
        assert found.source["address"]


def test_a6_the_answer_shows_both_sides_and_calls_them_unsettled(smoker: Comparing) -> None:
    shown = {s["id"]: (s["quantity"], s["observed"]) for s in smoker.studies}
    assert shown.items() >= {name: ("cmin", trough) for name, trough in BOTH_SIDES.items()}.items()
    assert ("tobacco-smoke", "atazanavir") not in smoker.unstudied
    assert any("unsettled" in said for said in smoker.unknown)


def test_a6_cocaine_raises_no_alarm_on_atazanavir(library: Library) -> None:
    """Troughs not different (n = 67)."""
    found = compared(library, [ATAZANAVIR, BOOSTER], ["cocaine, dose: 100 mg, route: intranasal, every: 8 h, count: 42"])
    assert [r.answer.ratio.cmin for r in found.main if r.answer] == pytest.approx([1.0, 1.0], abs=0.1)
