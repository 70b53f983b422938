"""Places of values in words that a pharmacist uses: 'share by CYP2B6', 'CYP3A4 inactivation: kinact'."""

from __future__ import annotations

import re

_PATTERNS = (
    (r"elimination\.clearance\.value", "clearance, as observed"),
    (r"elimination\.paths\[renal\]\.share", "share excreted by the kidney"),
    (r"elimination\.paths\[renal\]\.urine_ph_slope", "renal clearance: ln change per urine pH"),
    (r"elimination\.paths\[biliary\]\.share", "share excreted in bile"),
    (r"elimination\.paths\[plasma\]\.share", "share cleared outside liver and kidney"),
    (r"elimination\.paths\[other\]\.share", "share by other hepatic paths"),
    (r"elimination\.paths\[(?P<e>[^\]]+)\]\.share", "share by {e}"),
    (r"elimination\.paths\[(?P<e>[^\]]+)\]\.km", "Km at {e}"),
    (r"elimination\.paths\[(?P<e>[^\]]+)\]\.metabolites\.(?P<m>.+)", "yield of {m} by {e}"),
    (r"elimination\.transport\[(?P<e>[^\]]+)\]\.(?P<w>.+)", "{e} transport: {w}"),
    (r"acts_on\[(?P<e>[^\]]+)\]\.inhibition\.kic", "{e} inhibition: Ki"),
    (r"acts_on\[(?P<e>[^\]]+)\]\.inhibition\.kiu", "{e} inhibition: Ki, uncompetitive"),
    (r"acts_on\[(?P<e>[^\]]+)\]\.inactivation\.ki", "{e} inactivation: KI"),
    (r"acts_on\[(?P<e>[^\]]+)\]\.inactivation\.kinact", "{e} inactivation: kinact"),
    (r"acts_on\[(?P<e>[^\]]+)\]\.induction\.emax", "{e} induction: Emax"),
    (r"acts_on\[(?P<e>[^\]]+)\]\.induction\.ec50", "{e} induction: EC50"),
    (r"acts_on\[(?P<e>[^\]]+)\]\.induction\.hill", "{e} induction: Hill exponent"),
    (r"binds\[(?P<e>[^\]]+)\]\.ki", "{e}: Ki"),
    (r"distribution\.vss", "volume at steady state"),
    (r"molecule\.(?P<w>pka_acid|pka_base)\[\d+\]", "{w}"),
    (r"molecule\.(?P<w>.+)", "{w}"),
    (r"distribution\.liver_cells\.passive", "permeability of liver cells"),
    (r"distribution\.liver_cells\.uptake\[(?P<e>[^\]]+)\]\.clint", "uptake into liver cells by {e}"),
    (r"distribution\.liver_cells\.uptake\[(?P<e>[^\]]+)\]\.km", "Km of uptake by {e}"),
    (r"absorption\.oral\.fed\.(?P<w>.+)", "oral, with a meal: {w}"),
    (r"absorption\.(?P<r>\w+)\.slow\.(?P<w>.+)", "{r}, slow part: {w}"),
    (r"absorption\.(?P<r>\w+)\.(?P<w>.+)", "{r}: {w}"),
)

_WORDS = {
    "molar_mass": "molar mass", "logp": "log P", "fraction_unbound": "fraction unbound in plasma",
    "blood_plasma_ratio": "blood : plasma ratio", "pka_acid": "pKa, acid", "pka_base": "pKa, base",
    "fraction_absorbed": "fraction absorbed", "gut_availability": "availability of the gut wall (Fg)",
    "gut_fraction_unbound": "fraction unbound in enterocytes", "release_rate": "release from the form",
    "fraction_mucosal": "fraction through the mucosa", "acid_dissolution": "dissolution by gastric acid (K)",
    "acid_precipitation": "precipitation by gastric acid (K)",
}  # fmt: skip

BLOCKS = {
    "molecule": "Molecule", "distribution": "Distribution", "absorption": "Absorption",
    "elimination": "Elimination", "acts_on": "What it does to enzymes and transporters", "binds": "Targets",
}  # fmt: skip
"""Headings of a card, in order."""


def block(place: str) -> str:
    """The part of the file that a place belongs to."""
    return re.split(r"[.\[]", place, maxsplit=1)[0]


def label(place: str) -> str:
    """A place in words; 'CYP3A4@gut' reads 'CYP3A4 (gut)'."""
    for pattern, words in _PATTERNS:
        found = re.fullmatch(pattern, place)
        if found:
            parts = {k: _WORDS.get(v, v) for k, v in found.groupdict().items()}
            if "e" in parts:
                parts["e"] = re.sub(r"@(\w+)$", r" (\1)", parts["e"])
            return words.format(**parts)
    return place
