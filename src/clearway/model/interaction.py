"""What a compound does at an enzyme or transporter: the terms A (inhibition), B (inactivation), C (induction).

`terms_of` reads a compound's file once; `assemble` turns the terms into participants of a site, and the
static screen uses the same numbers, so that the two methods cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from clearway.library.compound import Compound
from clearway.model.kinetics import Kinetics, number

SYNONYMS = {"ABCB1": "P-gp", "SLCO1B1": "OATP1B1", "SLCO1B3": "OATP1B3"}


@dataclass(frozen=True)
class Terms:
    """Unbound constants in µM and 1/h; 0 means absent. `assumed` says which were not given in the file."""

    inv_kic: float = 0.0
    inv_kiu: float = 0.0
    kinact: float = 0.0
    ki: float = 1.0
    emax: float = 0.0
    ec50: float = 1.0
    hill: float = 1.0
    assumed: str = ""

    @property
    def inhibits(self) -> bool:
        return self.inv_kic > 0 or self.inv_kiu > 0

    @property
    def moves_enzyme(self) -> bool:
        return self.kinact > 0 or self.emax != 0

    @property
    def empty(self) -> bool:
        return not (self.inhibits or self.moves_enzyme)


def terms_of(k: Kinetics, enzyme: str, where: str) -> Terms:
    """The terms of a compound at `enzyme` in `where` (liver, gut, kidney).

    Without a Ki an inactivator inhibits with Ki = KI (assumed), and a substrate with its Km.
    """
    compound: Compound = k.compound
    mine = [a for a in compound.acts_on if SYNONYMS.get(a.on, a.on) == enzyme and a.where in (where, "both")]
    action = min(mine, key=lambda a: a.where == "both", default=None)  # what is said of the place itself comes first
    inv_kic = inv_kiu = kinact = emax = 0.0
    ki = ec50 = hill = 1.0
    assumed = ""
    mm = k.molar_mass
    if action and action.inhibition:
        if action.inhibition.kic:
            inv_kic = 1.0 / number(action.inhibition.kic, "µM", molar_mass=mm)
        if action.inhibition.kiu:
            inv_kiu = 1.0 / number(action.inhibition.kiu, "µM", molar_mass=mm)
    if action and action.inactivation:
        kinact = number(action.inactivation.kinact, "1/h")
        ki = number(action.inactivation.ki, "µM", molar_mass=mm)
    if action and action.induction:
        emax = action.induction.emax.value
        ec50 = number(action.induction.ec50, "µM", molar_mass=mm)
        hill = action.induction.hill.value if action.induction.hill else 1.0
    if inv_kic == 0.0 and inv_kiu == 0.0:
        kms = [p.km for p in k.enzymes if p.enzyme == enzyme and p.km is not None]
        if kinact > 0:
            inv_kic, assumed = 1.0 / ki, f"Ki at {enzyme} taken as KI"
        elif kms:
            inv_kic, assumed = sum(1.0 / km for km in kms), f"Ki at {enzyme} taken as Km"
    return Terms(inv_kic, inv_kiu, kinact, ki, emax, ec50, hill, assumed)
