"""From the reference adult to a person: organ sizes, blood flows, microsomal protein, filtration, disease.

Organs scale with height (exponents of Willmann 2007 as stored in PBPKToolkit), adipose tissue is what is left
of the weight, cardiac output follows body surface. All numbers are in data/physiology/scaling.yaml.
"""

from __future__ import annotations

import math

from clearway.errors import InputError, Problem
from clearway.physiology.data import Physiology
from clearway.physiology.person import Person

PORTAL = ("gut", "spleen", "pancreas")
"""Organs whose venous blood enters the liver."""
HEALTHY = {"albumin": 1.0, "cardiac_output": 1.0, "portal_flow": 1.0, "hepatic_artery": 1.0, "functional_liver": 1.0}


def body_surface(height: float, weight: float, data: Physiology) -> float:
    """Body surface (m²), Mosteller: sqrt(height·weight/3600), height in cm, weight in kg."""
    return math.sqrt(height * weight / data.scaling["body_surface"])


def organ_volumes(person: Person, data: Physiology) -> dict[str, float]:
    """Volumes (L) of the tissues without their blood, and of arterial and venous blood.

    V = V_ref·(height/height_ref)^n; skin also ×(weight/(weight_ref·(height/height_ref)²))^0.5;
    adipose = weight − all others (1 kg = 1 L), at least 5 % of the weight: below that muscle gives way.
    Exponents and the skin term: PBPKToolkit genPhys.R (pbpktoolkit). Raises `InputError` for a weight too low
    for the height.
    """
    ref, scaling = data.organs[person.sex], data.scaling
    tall = person.height / ref["height"]
    power = scaling["height_exponents"]["values"]
    volumes = {o: v * tall ** power[o] for o, v in ref["volumes"].items() if o != "adipose"}
    slim = person.weight / (ref["weight"] * tall**2)
    volumes["skin"] *= slim ** scaling["skin_weight_exponent"]
    blood = ref["blood"] * tall ** power["venous"]
    volumes["arterial"] = blood * ref["arterial_part"]
    volumes["venous"] = blood - volumes["arterial"]
    adipose = person.weight - sum(volumes.values())
    least = scaling["least_adipose"] * person.weight
    if adipose < least:
        full = volumes["muscle"]
        volumes["muscle"] -= least - adipose
        adipose = least
        if volumes["muscle"] < scaling["least_muscle"] * full:
            raise InputError(
                Problem(
                    f"weight {person.weight:g} kg is too low for a height of {person.height:g} cm (muscle would fall "
                    f"below {100 * scaling['least_muscle']:g} % of normal; check weight and height)",
                    path="person.weight",
                )
            )
    return {o: (adipose if o == "adipose" else volumes[o]) for o in ref["volumes"]} | {
        "arterial": volumes["arterial"],
        "venous": volumes["venous"],
    }


def cirrhosis(person: Person, data: Physiology) -> dict[str, float]:
    """Factors of the person's Child–Pugh class on the healthy value (Li 2015, table; 1 without cirrhosis)."""
    if person.child_pugh is None:
        return HEALTHY
    return dict(data.scaling["cirrhosis"]["physiology"][person.child_pugh])


def cardiac_output(person: Person, data: Physiology) -> float:
    """Cardiac output (L/h): that of the reference adult × (BSA/BSA_ref) × the cirrhosis factor; no effect of age."""
    ref = data.organs[person.sex]
    surface = body_surface(person.height, person.weight, data)
    ratio = surface / body_surface(ref["height"], ref["weight"], data)
    healthy = float(ref["cardiac_output"]) * ratio ** float(data.scaling["cardiac_output_exponent"])
    return float(healthy * cirrhosis(person, data)["cardiac_output"])


def organ_flows(person: Person, data: Physiology) -> dict[str, float]:
    """Blood flows (L/h) into each tissue; `liver` is the hepatic artery, `lung` the whole cardiac output.

    Q = fraction·CO. In cirrhosis the portal organs and the hepatic artery get their own factors, the other
    organs keep the healthy flow, and the rest of the body takes what is left of the raised output (it then
    contains the shunts).
    """
    factor = cirrhosis(person, data)
    total = cardiac_output(person, data)
    healthy = total / factor["cardiac_output"]
    flows = {o: f * healthy for o, f in data.organs[person.sex]["flows"].items()}
    for organ in PORTAL:
        flows[organ] *= factor["portal_flow"]
    flows["liver"] *= factor["hepatic_artery"]
    flows["rest"] = total - sum(q for o, q in flows.items() if o != "rest")
    flows["lung"] = total
    return flows


def microsomal_protein(age: float, data: Physiology) -> float:
    """Microsomal protein per gram of liver (mg/g): log10 MPPGL = a + b·age + c·age² + d·age³.

    Age in years, held at 18 and 90. Coefficients of Barter 2008 as recalled: assumed.
    """
    k = data.scaling["microsomal_protein"]
    years = min(max(age, k["youngest"]), k["oldest"])
    return float(10.0 ** (k["a"] + k["b"] * years + k["c"] * years**2 + k["d"] * years**3))


def egfr(person: Person, data: Physiology) -> float:
    """Estimated filtration (mL/min/1.73 m²): as given, else CKD-EPI 2021 (kidney.org).

    142·min(Scr/κ, 1)^α·max(Scr/κ, 1)^−1.2·0.9938^age·1.012 [female]; Scr in mg/dL, κ if not given.
    """
    if person.egfr is not None:
        return float(person.egfr)
    k = data.scaling["ckd_epi_2021"]["values"]
    kappa = k[f"kappa_{person.sex}"]
    ratio = (kappa if person.creatinine is None else person.creatinine) / kappa
    value = k["constant"] * min(ratio, 1.0) ** k[f"alpha_{person.sex}"] * max(ratio, 1.0) ** k["upper"]
    value *= k["age"] ** person.age
    return float(value * (k["female"] if person.sex == "female" else 1.0))


def filtration(person: Person, data: Physiology) -> float:
    """Glomerular filtration of the person (L/h): eGFR × BSA/1.73 m², mL/min → L/h."""
    surface = body_surface(person.height, person.weight, data)
    per = data.scaling["ckd_epi_2021"]["values"]["per_surface"]
    return float(egfr(person, data) * surface / per * 60.0 / 1000.0)


def protein(person: Person, name: str, data: Physiology) -> float:
    """Albumin or AAG (g/L): as given, else the healthy value × the cirrhosis factor."""
    given: float | None = getattr(person, name)
    if given is not None:
        return float(given)
    healthy = float(data.scaling[name])
    if person.child_pugh is None:
        return healthy
    if name == "albumin":
        return healthy * cirrhosis(person, data)["albumin"]
    return healthy * float(data.scaling["cirrhosis"]["aag"][person.child_pugh])


def haematocrit(person: Person, data: Physiology) -> float:
    """Haematocrit (fraction): as given, else of the sex, or the lower one of cirrhosis."""
    if person.haematocrit is not None:
        return float(person.haematocrit)
    healthy = float(data.scaling["haematocrit"][person.sex])
    return min(healthy, cirrhosis(person, data).get("haematocrit", 1.0))
