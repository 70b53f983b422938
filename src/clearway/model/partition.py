"""Tissue to unbound-plasma-water partition coefficients (Kpu).

The library never stores Kp: Kp = fu · Kpu moves by itself when a person's binding changes.

- `rodgers_rowland`: Rodgers, Leahy & Rowland 2005 (J Pharm Sci 94:1259) for moderate to strong bases (pKa ≥ 7),
  Rodgers & Rowland 2006 (J Pharm Sci 95:1238) for acids, neutrals and weak bases.
- `poulin_theil`: Poulin & Theil 2002 (J Pharm Sci 91:129) with the correction of Berezhkovskiy 2004.
The equations stand here as the open implementations named in the references file print them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

STRONG_BASE = 7.0
"""pKa from which binding to acidic phospholipids rules (Rodgers 2005)."""


@dataclass(frozen=True)
class Composition:
    """Fractional tissue volumes and binding-protein ratios; mg/g for acidic phospholipids."""

    extracellular_water: float
    intracellular_water: float
    neutral_lipid: float
    neutral_phospholipid: float
    acidic_phospholipid: float
    albumin_ratio: float
    lipoprotein_ratio: float


@dataclass(frozen=True)
class WaterAndLipid:
    """Fractions of wet weight that Poulin & Theil use; phospholipid is all phospholipid."""

    water: float
    neutral_lipid: float
    phospholipid: float


@dataclass(frozen=True)
class Charge:
    """Ionisation of a compound: acidic and basic pKa values."""

    acid: Sequence[float] = ()
    base: Sequence[float] = ()

    def ionised(self, ph: float) -> float:
        """Ionised : un-ionised ratio at `ph`, Henderson–Hasselbalch for each group in turn."""
        ratio = 0.0
        for sign, groups in ((1.0, sorted(self.acid)), (-1.0, sorted(self.base, reverse=True))):
            product = 1.0
            for pka in groups:
                product *= 10.0 ** (sign * (ph - pka))
                ratio += product
        if self.acid and self.base:  # zwitterion: both groups ionised at once
            ratio += 10.0 ** (ph - min(self.acid)) * 10.0 ** (max(self.base) - ph)
        return ratio

    @property
    def strong_base(self) -> bool:
        return bool(self.base) and max(self.base) >= STRONG_BASE


@dataclass(frozen=True)
class Media:
    """pH of plasma and extracellular water, intracellular water and blood cells."""

    plasma: float
    intracellular: float
    blood_cell: float


def _lipids(composition: Composition, p: float) -> float:
    """P·fNL + (0.3·P + 0.7)·fNP: neutral lipids, and phospholipids as 30 % lipid and 70 % water."""
    return p * composition.neutral_lipid + (0.3 * p + 0.7) * composition.neutral_phospholipid


def oil_water(logp: float) -> float:
    """Vegetable oil : water partition from octanol : water, log K = 1.115·logP − 1.35 (Poulin & Theil 2002)."""
    return float(10.0 ** (1.115 * logp - 1.35))


def rodgers_rowland(
    logp: float,
    charge: Charge,
    fu: float,
    blood_plasma_ratio: float,
    haematocrit: float,
    tissues: Mapping[str, Composition],
    plasma: Composition,
    blood_cell: Composition,
    media: Media,
) -> dict[str, float]:
    """Kpu of each tissue (Rodgers 2005, 2006).

    Bases:   Kpu = fEW + (1+X)/(1+Y)·fIW + Ka·AP·X/(1+Y) + lipids/(1+Y)
    Others:  Kpu = fEW + (1+X)/(1+Y)·fIW + lipids/(1+Y) + (1/fu − 1 − lipids_p/(1+Y))·PR
    with X, Y the ionised ratios in intracellular water and plasma. Ka comes from the red cell's own Kpu.
    """
    y = 1.0 + charge.ionised(media.plasma)
    x_intra = charge.ionised(media.intracellular)
    p = 10.0**logp

    ka_ap = 0.0
    if charge.strong_base:
        x_cell = charge.ionised(media.blood_cell)
        cell = (blood_plasma_ratio - (1.0 - haematocrit)) / (haematocrit * fu)
        free = cell - (1.0 + x_cell) / y * blood_cell.intracellular_water - _lipids(blood_cell, p) / y
        # a red cell that holds less than its water says that there is no binding to acidic phospholipids
        ka_ap = max(free, 0.0) * y / (x_cell * blood_cell.acidic_phospholipid)

    protein = max(1.0 / fu - 1.0 - _lipids(plasma, p) / y, 0.0)
    kpu: dict[str, float] = {}
    for name, tissue in tissues.items():
        lipid_p = oil_water(logp) if name == "adipose" else p
        value = tissue.extracellular_water + (1.0 + x_intra) / y * tissue.intracellular_water
        value += _lipids(tissue, lipid_p) / y
        if charge.strong_base:
            value += ka_ap * tissue.acidic_phospholipid * x_intra / y
        else:
            neutral = not charge.acid and not charge.base
            ratio = tissue.lipoprotein_ratio if neutral else tissue.albumin_ratio
            value += protein * ratio
        kpu[name] = value
    return kpu


def poulin_theil(
    logp: float,
    charge: Charge,
    fu: float,
    tissues: Mapping[str, WaterAndLipid],
    plasma: WaterAndLipid,
    media: Media,
) -> dict[str, float]:
    """Kpu = Kp/fu with Kp of Poulin & Theil 2002, tissue binding fut = 1/(1 + 0.5·(1 − fu)/fu)."""
    p = 10.0**logp
    d_oil = oil_water(logp) / (1.0 + charge.ionised(media.plasma))
    fut = 1.0 / (1.0 + 0.5 * (1.0 - fu) / fu)

    def held(c: WaterAndLipid, k: float, unbound: float) -> float:
        lipid = k * (c.neutral_lipid + 0.3 * c.phospholipid)
        return lipid + c.water / unbound + 0.7 * c.phospholipid

    kpu: dict[str, float] = {}
    for name, tissue in tissues.items():
        k, free = (d_oil, 1.0) if name == "adipose" else (p, fut)
        kpu[name] = held(tissue, k, free) / held(plasma, k, fu) / fu
    return kpu


def scalar_for_vss(
    kpu: Mapping[str, float],
    volumes: Mapping[str, float],
    blood: float,
    fu: float,
    blood_plasma_ratio: float,
    vss: float,
) -> float:
    """The one factor on all Kpu that makes Vss = V_blood·R_b + Σ V_t·Kpu_t·fu equal to the observed one (L).

    A volume below that of blood leaves tissue almost empty: the factor is then bounded below, and the
    caller reports the volume that the model reaches.
    """
    tissue = sum(volumes[name] * value * fu for name, value in kpu.items())
    wanted = vss - blood * blood_plasma_ratio
    return max(wanted, 0.02 * vss) / tissue if math.isfinite(tissue) and tissue > 0 else 1.0
