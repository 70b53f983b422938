"""From the reference adult to people: organ sizes, blood flows, microsomal protein, filtration, disease.

Organs scale with height (exponents of Willmann 2007 as stored in PBPKToolkit), adipose tissue is what is left
of the weight, cardiac output follows body surface. All numbers are in data/physiology/scaling.yaml. Every function
takes people as columns and returns one entry a person.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from clearway.errors import InputError, Problem
from clearway.physiology.data import Physiology
from clearway.physiology.people import CHILD_PUGH, SEXES, Floats, People

PORTAL = ("gut", "spleen", "pancreas")
"""Organs whose venous blood enters the liver."""


def of_sex(people: People, values: Mapping[str, float]) -> Floats:
    """The value of each person's sex."""
    return np.where(people.female, values["female"], values["male"])


def _organ(people: People, data: Physiology, *path: str) -> Floats:
    """A number of organs.yaml, of each person's sex."""

    def at(sex: str) -> float:
        node = data.organs[sex]
        for key in path:
            node = node[key]
        return float(node)

    return of_sex(people, {sex: at(sex) for sex in SEXES})


def body_surface(height: Floats, weight: Floats, data: Physiology) -> Floats:
    """Body surface (m²), Mosteller: sqrt(height·weight/3600), height in cm, weight in kg."""
    return np.asarray(np.sqrt(height * weight / data.scaling["body_surface"]))


def organ_volumes(people: People, data: Physiology) -> dict[str, Floats]:
    """Volumes (L) of the tissues without their blood, and of arterial and venous blood.

    V = V_ref·(height/height_ref)^n; skin also ×(weight/(weight_ref·(height/height_ref)²))^0.5;
    adipose = weight − all others (1 kg = 1 L), at least 5 % of the weight: below that muscle gives way.
    Exponents and the skin term: PBPKToolkit genPhys.R (pbpktoolkit). Raises `InputError` for a weight too low
    for the height.
    """
    scaling = data.scaling
    tall = people.height / _organ(people, data, "height")
    power = scaling["height_exponents"]["values"]
    grown = {n: tall**n for n in set(power.values())}
    organs = list(data.organs[SEXES[0]]["volumes"])
    volumes = {o: _organ(people, data, "volumes", o) * grown[power[o]] for o in organs if o != "adipose"}
    slim = people.weight / (_organ(people, data, "weight") * tall**2)
    volumes["skin"] = volumes["skin"] * slim ** scaling["skin_weight_exponent"]
    blood = _organ(people, data, "blood") * grown[power["venous"]]
    volumes["arterial"] = blood * _organ(people, data, "arterial_part")
    volumes["venous"] = blood - volumes["arterial"]
    least = scaling["least_adipose"] * people.weight
    adipose = people.weight - sum(volumes.values())
    full = volumes["muscle"]
    thin = adipose < least
    volumes["muscle"] = np.where(thin, full - (least - adipose), full)
    wasted = np.flatnonzero(volumes["muscle"] < scaling["least_muscle"] * full)
    if wasted.size:
        weight, height = people.weight[wasted[0]], people.height[wasted[0]]
        raise InputError(
            Problem(
                f"weight {weight:g} kg is too low for a height of {height:g} cm (muscle would fall "
                f"below {100 * scaling['least_muscle']:g} % of normal; check weight and height)",
                path="person.weight",
            )
        )
    volumes["adipose"] = np.where(thin, least, adipose)
    return {o: volumes[o] for o in (*organs, "arterial", "venous")}


def cirrhosis(people: People, name: str, data: Physiology) -> Floats:
    """Factor of each Child–Pugh class on a healthy value (Li 2015, table); 1 without cirrhosis."""
    classes = data.scaling["cirrhosis"]["physiology"]
    return np.array([1.0, *(classes[c][name] for c in CHILD_PUGH[1:])])[people.child_pugh]


def cardiac_output(people: People, data: Physiology) -> Floats:
    """Cardiac output (L/h): that of the reference adult × (BSA/BSA_ref) × the cirrhosis factor; no effect of age."""
    return _healthy_output(people, data) * cirrhosis(people, "cardiac_output", data)


def _healthy_output(people: People, data: Physiology) -> Floats:
    surface = body_surface(people.height, people.weight, data)
    reference = body_surface(_organ(people, data, "height"), _organ(people, data, "weight"), data)
    return np.asarray(_organ(people, data, "cardiac_output") * (surface / reference) ** data.scaling["cardiac_output_exponent"])


def organ_flows(people: People, data: Physiology) -> dict[str, Floats]:
    """Blood flows (L/h) into each tissue; `liver` is the hepatic artery, `lung` the whole cardiac output.

    Q = fraction·CO. In cirrhosis the portal organs and the hepatic artery get their own factors, the other
    organs keep the healthy flow, and the rest of the body takes what is left of the raised output (it then
    contains the shunts).
    """
    healthy, total = _healthy_output(people, data), cardiac_output(people, data)
    flows = {o: _organ(people, data, "flows", o) * healthy for o in data.organs[SEXES[0]]["flows"]}
    for organ in PORTAL:
        flows[organ] = flows[organ] * cirrhosis(people, "portal_flow", data)
    flows["liver"] = flows["liver"] * cirrhosis(people, "hepatic_artery", data)
    flows["rest"] = total - sum(q for o, q in flows.items() if o != "rest")
    flows["lung"] = total
    return flows


def microsomal_protein(age: Floats, data: Physiology) -> Floats:
    """Microsomal protein per gram of liver (mg/g): log10 MPPGL = a + b·age + c·age² + d·age³.

    Age in years, held at 18 and 90. Coefficients of Barter 2008 as recalled: assumed.
    """
    k = data.scaling["microsomal_protein"]
    years = np.clip(age, k["youngest"], k["oldest"])
    return np.asarray(10.0 ** (k["a"] + k["b"] * years + k["c"] * years**2 + k["d"] * years**3))


def egfr(people: People, data: Physiology) -> Floats:
    """Estimated filtration (mL/min/1.73 m²): as given, else CKD-EPI 2021 (kidney.org).

    142·min(Scr/κ, 1)^α·max(Scr/κ, 1)^−1.2·0.9938^age·1.012 [female]; Scr in mg/dL, κ if not given.
    """
    k = data.scaling["ckd_epi_2021"]["values"]
    kappa = of_sex(people, {sex: k[f"kappa_{sex}"] for sex in SEXES})
    alpha = of_sex(people, {sex: k[f"alpha_{sex}"] for sex in SEXES})
    ratio = np.where(np.isnan(people.creatinine), kappa, people.creatinine) / kappa
    value = k["constant"] * np.minimum(ratio, 1.0) ** alpha * np.maximum(ratio, 1.0) ** k["upper"]
    value = value * k["age"] ** people.age * of_sex(people, {"male": 1.0, "female": k["female"]})
    return np.where(np.isnan(people.egfr), value, people.egfr)


def filtration(people: People, data: Physiology) -> Floats:
    """Glomerular filtration (L/h): eGFR × BSA/1.73 m², mL/min → L/h."""
    surface = body_surface(people.height, people.weight, data)
    per = data.scaling["ckd_epi_2021"]["values"]["per_surface"]
    return np.asarray(egfr(people, data) * surface / per * 60.0 / 1000.0)


def protein(people: People, name: str, data: Physiology) -> Floats:
    """Albumin or AAG (g/L): as given, else the healthy value × the cirrhosis factor."""
    given: Floats = getattr(people, name)
    return np.where(np.isnan(given), data.scaling[name] * protein_loss(people, name, data), given)


def protein_loss(people: People, name: str, data: Physiology) -> Floats:
    """Factor of cirrhosis on albumin or AAG."""
    if name == "albumin":
        return cirrhosis(people, "albumin", data)
    classes = data.scaling["cirrhosis"]["aag"]
    return np.array([1.0, *(classes[c] for c in CHILD_PUGH[1:])])[people.child_pugh]


def haematocrit(people: People, data: Physiology) -> Floats:
    """Haematocrit (fraction): as given, else of the sex, or the lower one of cirrhosis."""
    healthy = of_sex(people, data.scaling["haematocrit"])
    return np.where(np.isnan(people.haematocrit), np.minimum(healthy, cirrhosis(people, "haematocrit", data)), people.haematocrit)
