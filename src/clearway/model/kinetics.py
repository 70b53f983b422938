"""One compound in the reference person: from the library's observations to the model's parameters.

Top-down: an observed systemic clearance is divided over the paths by their shares, and intrinsic clearances
follow from the well-stirred liver and from the observed gut availability. Nothing here simulates; where a
clearance has no closed form `calibrate` calls `kinetics` with trial values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from clearway.errors import InputError
from clearway.library.compound import NOT_ENZYMES, Compound, LiverCells, Path, Value
from clearway.model.partition import Charge, poulin_theil, rodgers_rowland, scalar_for_vss
from clearway.model.setting import Setting
from clearway.units import convert

MAX_EXTRACTION = 0.95
"""Hepatic extraction above this is refused: CLint would be set by the fourth digit of the clearance."""

UPTAKE_LIMIT = 0.98
"""Effective hepatic clearance above this part of the influx into liver cells is refused, for the same reason."""

MAX_ABSORBED = 0.99
"""An observed Fa of 1 means ka ≫ transit; the model then uses this value."""

PLACES = {"renal": "kidney", "plasma": "blood"}
"""Where the paths are that are neither enzyme nor transporter, if not in the liver."""


def place_of(path: Path, setting: Setting) -> str:
    """liver, kidney, bile or blood: what the path says, else the usual place of its enzyme or transporter."""
    known = setting.enzymes.get(path.by)
    return path.where or PLACES.get(path.by) or (known.where if known else "liver")


def hepatic(path: Path, setting: Setting) -> bool:
    """True for a path that hepatic extraction is made of."""
    return place_of(path, setting) in ("liver", "bile")


@dataclass(frozen=True)
class EnzymePath:
    """Metabolism by one enzyme: unbound intrinsic clearances (L/h, whole organ), Km (µM, unbound)."""

    enzyme: str
    clint_liver: float
    clint_gut: float
    km: float | None
    metabolites: Mapping[str, float]


@dataclass(frozen=True)
class Elsewhere:
    """A path at a site that is no enzyme of liver or gut wall: an esterase of blood, or a transporter into urine or
    bile. Unbound intrinsic clearance (L/h) from blood water, kidney or liver; `where` is blood, kidney or bile."""

    by: str
    where: str
    clint: float
    km: float | None
    metabolites: Mapping[str, float]

    @property
    def organ(self) -> str:
        """The organ whose water it sees."""
        return "liver" if self.where == "bile" else self.where


@dataclass(frozen=True)
class Cells:
    """Liver cells apart from blood: passive permeability and active uptake (by, unbound L/h, Km in µM)."""

    passive: float
    uptake: tuple[tuple[str, float, float | None], ...]


@dataclass(frozen=True)
class Kinetics:
    """Numbers of one compound in the reference person. Volumes L, clearances L/h, rates 1/h, µM."""

    compound: Compound
    molar_mass: float
    fu: float
    rb: float
    kpu: Mapping[str, float]
    kpu_scalar: float
    clearance: float
    extraction: float
    enzymes: tuple[EnzymePath, ...]
    elsewhere: tuple[Elsewhere, ...]
    cells: Cells | None
    clint_other: float
    other_metabolites: Mapping[str, float]
    clint_bile: float
    cl_renal: float
    urine_ph_slope: float
    cl_plasma: float
    plasma_metabolites: Mapping[str, float]
    ka: float
    fa: float
    fg: float
    fu_gut: float

    @property
    def name(self) -> str:
        return self.compound.compound


def number(value: Value, unit: str, *, molar_mass: float | None = None, weight: float | None = None) -> float:
    """A library value in the model's unit."""
    return convert(value.value, value.unit, unit, molar_mass=molar_mass, weight=weight)


def absorption_rate(fa: float, transit: tuple[float, ...]) -> float:
    """ka (1/h) such that Fa = 1 − Π k_i/(k_i + ka) over the segments of the small intestine (bisection)."""
    low, high = 1e-9, 1e4
    for _ in range(200):
        ka = math.sqrt(low * high)
        lost = 1.0
        for k in transit:
            lost *= k / (k + ka)
        low, high = (ka, high) if 1.0 - lost < fa else (low, ka)
    return ka


def extraction_of(compound: Compound, cl_hepatic: float, liver_flow: float, rb: float) -> float:
    """E = CL_h/(Q_h·R_b) in the well-stirred liver; above `MAX_EXTRACTION` an error that says what to do."""
    extraction = cl_hepatic / (liver_flow * rb)
    if extraction > MAX_EXTRACTION:
        raise InputError(
            f"{compound.compound}: hepatic clearance {cl_hepatic:.3g} L/h (plasma) needs an extraction of "
            f"{extraction:.2f} of liver blood flow {liver_flow:.3g} L/h × R_b {rb:.2f}; allowed up to "
            f"{MAX_EXTRACTION}: give the compound an extrahepatic path (renal, plasma) or check the clearance"
        )
    return extraction


def kinetics(compound: Compound, clearance: float, setting: Setting) -> Kinetics:
    """Parameters of `compound` when its systemic plasma clearance at low concentration is `clearance` (L/h).

    CLint,h = E/(1 − E)·Q_h·R_b/fu (well-stirred), divided over the enzymes by share;
    CLint,g = (1/Fg − 1)·Q_ent·R_b/fu_gut, divided over the enzymes of the gut wall by CLint,h × gut content.
    """
    m, ref = compound.molecule, setting.reference
    fu, rb = m.fraction_unbound.value, m.blood_plasma_ratio.value
    molar_mass = number(m.molar_mass, "g/mol")

    paths = compound.elimination.paths
    total = sum(p.share.value for p in paths)

    def part(name: str) -> float:
        return sum(p.share.value for p in paths if p.by == name) / total

    of_liver = [p for p in paths if hepatic(p, setting)]
    hepatic_share = sum(p.share.value for p in of_liver)
    cl_hepatic = clearance * hepatic_share / total
    extraction = extraction_of(compound, cl_hepatic, ref.liver_flow, rb)
    clint_total = extraction / (1.0 - extraction) * ref.liver_flow * rb / fu
    given = compound.distribution.liver_cells
    if given:
        clint_total = inside(given, clint_total, compound.compound)

    def clint(path: Path) -> float:
        return clint_total * path.share.value / hepatic_share if hepatic_share > 0 else 0.0

    oral = compound.absorption.oral
    fu_gut = oral.gut_fraction_unbound.value if oral and oral.gut_fraction_unbound else 1.0
    gut_weight = {id(p): clint(p) * setting.gut_content(p.by) for p in of_liver if _metabolic(p, setting) and p.gut is not False}
    if oral and oral.gut_availability:
        fg = min(oral.gut_availability.value, 1.0)
        gut_total = (1.0 / fg - 1.0) * setting.villous_flow * rb / fu_gut
        scale = gut_total / sum(gut_weight.values()) if sum(gut_weight.values()) > 0 else 0.0
    else:
        scale = 1.0
        gut_total = sum(gut_weight.values())
    gut_sum = sum(gut_weight.values()) * scale
    fg = setting.villous_flow / (setting.villous_flow + fu_gut * gut_sum / rb)

    enzymes = tuple(
        EnzymePath(
            enzyme=p.by,
            clint_liver=clint(p),
            clint_gut=gut_weight.get(id(p), 0.0) * scale,
            km=number(p.km, "µM", molar_mass=molar_mass) if p.km else None,
            metabolites={name: value.value for name, value in p.metabolites.items()},
        )
        for p in of_liver
        if _metabolic(p, setting)
    )
    secreted = [p for p in paths if place_of(p, setting) == "kidney" and p.by not in NOT_ENZYMES]
    secreted_share = sum(p.share.value for p in secreted)
    clint_kidney = _secretion(compound, clearance * secreted_share / total, clearance * part("renal"), setting)

    def unbound(path: Path) -> float:
        if hepatic(path, setting):
            return clint(path)
        if path in secreted:
            return clint_kidney * path.share.value / secreted_share
        return clearance * path.share.value / total / fu

    elsewhere = tuple(
        Elsewhere(
            by=p.by,
            where=place_of(p, setting),
            clint=unbound(p),
            km=number(p.km, "µM", molar_mass=molar_mass) if p.km else None,
            metabolites={name: value.value for name, value in p.metabolites.items()},
        )
        for p in paths
        if p.by not in NOT_ENZYMES and not _metabolic(p, setting)
    )

    def metabolites_of(name: str) -> dict[str, float]:
        return {k: v.value for p in paths if p.by == name for k, v in p.metabolites.items()}

    fa = absorbed(compound, oral.fraction_absorbed.value) if oral else 0.0
    kpu, scalar = _partition(compound, fu, rb, setting)
    return Kinetics(
        compound=compound,
        molar_mass=molar_mass,
        fu=fu,
        rb=rb,
        kpu=kpu,
        kpu_scalar=scalar,
        clearance=clearance,
        extraction=extraction,
        enzymes=enzymes,
        elsewhere=elsewhere,
        cells=_cells(given, molar_mass) if given else None,
        clint_other=sum(clint(p) for p in of_liver if p.by == "other"),
        other_metabolites=metabolites_of("other"),
        clint_bile=sum(clint(p) for p in of_liver if p.by == "biliary"),
        cl_renal=clearance * part("renal"),
        urine_ph_slope=next((p.urine_ph_slope.value for p in paths if p.urine_ph_slope), 0.0),
        cl_plasma=clearance * part("plasma"),
        plasma_metabolites=metabolites_of("plasma"),
        ka=absorption_rate(fa, setting.transit) if fa else 0.0,
        fa=fa,
        fg=fg,
        fu_gut=fu_gut,
    )


def _metabolic(path: Path, setting: Setting) -> bool:
    """An enzyme of the liver (and gut wall)."""
    return path.by not in NOT_ENZYMES and place_of(path, setting) == "liver"


def _secretion(compound: Compound, cl: float, cl_filtered: float, setting: Setting) -> float:
    """Unbound intrinsic clearance (L/h) of the transporters of a well-stirred kidney that secrete `cl` (plasma):

        E = CL/R_b/(Q_k − CL_filtered/R_b)        CLint = E/(1 − E)·Q_k·R_b/fu

    Raises InputError where that needs E above `MAX_EXTRACTION`.
    """
    fu, rb = compound.molecule.fraction_unbound.value, compound.molecule.blood_plasma_ratio.value
    flow = setting.reference.flows["kidney"]
    extraction = cl / (flow * rb - cl_filtered)
    if not 0.0 <= extraction <= MAX_EXTRACTION:
        raise InputError(
            f"{compound.compound}: secretion of {cl:.3g} L/h (plasma) needs an extraction of {extraction:.2f} of the kidney's flow "
            f"{flow:.3g} L/h × R_b {rb:.2f} after filtration; allowed up to {MAX_EXTRACTION}: check its transporters' shares"
        )
    return extraction / (1.0 - extraction) * flow * rb / fu


def influx(cells: LiverCells) -> float:
    """Unbound clearance into liver cells (L/h) at low concentration: passive and active."""
    return number(cells.passive, "L/h") + sum(number(u.clint, "L/h") for u in cells.uptake)


def _cells(given: LiverCells, molar_mass: float) -> Cells:
    uptake = ((u.by, number(u.clint, "L/h"), number(u.km, "µM", molar_mass=molar_mass) if u.km else None) for u in given.uptake)
    return Cells(number(given.passive, "L/h"), tuple(uptake))


def inside(cells: LiverCells, clint_effective: float, name: str) -> float:
    """Intrinsic clearance inside the cells (L/h) that makes the liver's the effective one (extended clearance model):

        CLint,eff = (Σ uptake + PS)·CLint/(PS + CLint),  solved for CLint

    Raises InputError where influx is too slow for the observed clearance.
    """
    into = influx(cells)
    if clint_effective > UPTAKE_LIMIT * into * (1.0 + 1e-9):
        raise InputError(
            f"{name}: the hepatic clearance needs {clint_effective:.3g} L/h (unbound, effective) into the liver's cells, uptake and "
            f"passive permeability together are {into:.3g} (allowed up to {UPTAKE_LIMIT} of them): raise them, or check the clearance"
        )
    return clint_effective * number(cells.passive, "L/h") / (into - clint_effective)


def dissolved(compound: Compound) -> float:
    """Fraction of a swallowed dose that dissolves at normal gastric acid: K/(K + 1) by acid, 1/(1 + K) in spite of it, 1 where acid
    does not matter."""
    oral = compound.absorption.oral
    if oral and oral.acid_dissolution:
        return oral.acid_dissolution.value / (oral.acid_dissolution.value + 1.0)
    return 1.0 / (1.0 + oral.acid_precipitation.value) if oral and oral.acid_precipitation else 1.0


def absorbed(compound: Compound, observed: float) -> float:
    """Fa of what has dissolved, so that the whole dose has the observed one."""
    fa = observed / dissolved(compound)
    if fa > 1.0 + 1e-9:
        raise InputError(
            f"{compound.compound}: fraction absorbed {observed:g} is above the fraction {dissolved(compound):.2f} that gastric acid "
            "lets dissolve (acid_dissolution K: K/(K + 1); acid_precipitation K: 1/(1 + K)); change K or lower the fraction"
        )
    return min(fa, MAX_ABSORBED)


def _partition(compound: Compound, fu: float, rb: float, setting: Setting) -> tuple[dict[str, float], float]:
    """Kpu per tissue after the Vss scalar, and the scalar itself."""
    m, ref = compound.molecule, setting.reference
    charge = Charge(acid=[v.value for v in m.pka_acid], base=[v.value for v in m.pka_base])
    if compound.distribution.method == "poulin-theil":
        kpu = poulin_theil(m.logp.value, charge, fu, setting.lipids, setting.plasma_lipids, setting.media)
    else:
        kpu = rodgers_rowland(
            m.logp.value, charge, fu, rb, ref.haematocrit,
            setting.tissues, setting.plasma, setting.blood_cell, setting.media,
        )  # fmt: skip
    vss = number(compound.distribution.vss, "L", weight=ref.person.weight)
    blood = ref.volumes["arterial"] + ref.volumes["venous"]
    scalar = scalar_for_vss(kpu, ref.volumes, blood, fu, rb, vss)
    return {name: value * scalar for name, value in kpu.items()}, scalar
