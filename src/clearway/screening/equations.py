"""The static model: what perpetrators at fixed concentrations do to an enzyme, and what that does to a victim's AUC.

Equations of the design, section 4 ("Static screen"), in the form in which transporters fit in. Every function works on
arrays whose last axis is the site (an enzyme or transporter in one organ); axes before it are free.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from clearway.screening.numbers import ORGANS, Acts, Floats, Ints, Numbers

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
"""Gauss–Legendre rule on [−1, 1] for the path of `attribution`."""


class Factors(NamedTuple):
    """A (reversible inhibition), B (inactivation), C (induction) at each site; 1 where nothing happens."""

    inhibition: Floats
    inactivation: Floats
    induction: Floats

    @property
    def product(self) -> Floats:
        """X: what is left of the intrinsic clearance of a victim at low concentration."""
        return self.inhibition * self.inactivation * self.induction


def factors(unbound: Floats, acts: Acts, kdeg: Floats) -> Factors:
    """A, B and C of perpetrators together, from unbound concentrations (µM) with axes (…, perpetrator, site).

        A = 1/(1 + Σ I/Ki)    B = kdeg/(kdeg + Σ kinact·I/(KI + I))    C = 1 + Emax·I^h/(EC50^h + I^h)

    of a victim at low concentration, where uncompetitive inhibition has no effect. Several inducers of one enzyme share
    the ceiling of the strongest, as in the dynamic model (docs/model.md, induction).
    """
    competing = (unbound * acts.inv_kic).sum(axis=-2)
    lost = (acts.kinact * unbound / (acts.ki + unbound)).sum(axis=-2)
    return Factors(1.0 / (1.0 + competing), kdeg / (kdeg + lost), 1.0 + _induced(unbound, acts))


def _induced(unbound: Floats, acts: Acts) -> Floats:
    """E·Σx/(1 + Σx), E = max Emax, r = Emax/E, u = (I/EC50)^h, x = r·u/(1 + (1 − r)·u)."""
    ceiling = np.where(acts.emax != 0.0, acts.emax, -np.inf).max(axis=-2, keepdims=True)
    ceiling = np.where(np.isfinite(ceiling) & (ceiling != 0.0), ceiling, 1.0)
    u = (unbound / acts.ec50) ** acts.hill
    r = acts.emax / ceiling
    total = (r * u / (1.0 + (1.0 - r) * u)).sum(axis=-2)
    found: Floats = ceiling[..., 0, :] * total / (1.0 + total)
    return found


@dataclass(frozen=True)
class Victims:
    """Rows of victims: a compound in a person, whose genotypes are in `clint` (row, site). See `Numbers`."""

    fu: Floats
    rb: Floats
    fu_gut: Floats
    recycled: Floats
    unfiltered: Floats
    kept: Floats
    renal: Floats
    plasma: Floats
    inv_passive: Floats
    clint: Floats

    @staticmethod
    def of(n: Numbers, compound: Ints, clint: Floats) -> Victims:
        c, kept = compound, n.other + n.bile
        return Victims(n.fu[c], n.rb[c], n.fu_gut[c], n.recycled[c], n.unfiltered[c], kept[c], n.renal[c], n.plasma[c],
                       n.inv_passive[c], clint)  # fmt: skip

    def at(self, rows: Ints) -> Victims:
        """Some of the rows."""
        return Victims(*(getattr(self, f.name)[rows] for f in fields(self)))


class Exposure(NamedTuple):
    """Of a unit dose: AUC (h/L) after iv and after oral dosing (per fraction absorbed), and d ln AUC / d ln X (…, site)."""

    iv: Floats
    oral: Floats
    by_iv: Floats
    by_oral: Floats


def exposure(n: Numbers, v: Victims, x: Floats) -> Exposure:
    """AUC per dose of victims whose intrinsic clearance at each site is multiplied by `x` (…, site).

        L = κ·(Σ CLint·X + CLint_other + CLint_bile)       E = fu·L/(Q_H·R_b + fu·L)       CL = Q_H·R_b·E + CL_r + CL_plasma
        Fg = Q_ent·R_b/(Q_ent·R_b + fu_gut·Σ CLint_g·X)        AUC_iv = 1/CL        AUC_oral = Fg·(1 − E)/CL

    With X_h = (Σ CLint·X + …)/L(1) and k = E/(1 − E) this is E′ = k·X_h/(1 + k·X_h) of the design, and the ratio of two
    Fg is 1/(Fg + X_g·(1 − Fg)). κ is 1, or in a liver whose cells are apart, with influx Σ uptake·X + PS, the concentration
    inside over that outside: (Σ uptake·X + PS)/(PS + Σ CLint·X + …). P-gp in the gut wall counts with the part that is not
    absorbed again; in the kidney it adds a well-stirred secretion; esterases of blood add fu·Σ CLint·X to CL.
    """
    liver, gut, kidney, uptake, blood = (n.organ(o) for o in ORGANS)
    now = v.clint * x
    q, villous = n.flows.liver * v.rb, n.flows.villous * v.rb
    metabolised = now[..., liver].sum(axis=-1) + v.kept
    held = 1.0 + metabolised * v.inv_passive
    kappa = (1.0 + now[..., uptake].sum(axis=-1) * v.inv_passive) / held
    free = v.fu / (q + v.fu * kappa * metabolised)
    escaped = q * free / v.fu  # 1 − E
    pumped = v.fu * now[..., kidney].sum(axis=-1)
    damped = 1.0 / (1.0 + pumped / (n.flows.kidney * v.rb))
    in_blood = v.fu * now[..., blood].sum(axis=-1)
    clearance = q * (1.0 - escaped) + v.renal + v.plasma + v.unfiltered * pumped * damped + in_blood
    lost = np.where(n.efflux[gut], 1.0 - v.recycled[..., None], 1.0) * v.fu_gut[..., None] * now[..., gut]
    fg = villous / (villous + lost.sum(axis=-1))

    once = v.fu * escaped**2 / clearance
    secreted = v.unfiltered * v.fu * damped**2 / clearance
    weight = np.zeros((2, *now.shape))  # of each site's clearance in −d ln AUC, by route
    for route, whole in enumerate((once, once + free)):
        weight[route, ..., liver] = (whole * kappa / held)[..., None]
        weight[route, ..., uptake] = (whole * metabolised * v.inv_passive / held)[..., None]
    weight[:, ..., kidney] = secreted[..., None]
    weight[:, ..., blood] = (v.fu / clearance)[..., None]
    by = -weight * now
    by[1, ..., gut] = -(fg / villous)[..., None] * lost
    return Exposure(1.0 / clearance, fg * escaped / clearance, by[0], by[1])


class Attribution(NamedTuple):
    """ln of each mechanism's factor (…, site); all of a row sum to the ln of its ratio."""

    inhibition: Floats
    inactivation: Floats
    induction: Floats


def attribution(n: Numbers, v: Victims, f: Factors) -> tuple[Attribution, Attribution]:
    """How much of ln AUCR each mechanism caused, for iv and oral dosing.

        φ = ln f · ∫₀¹ ∂ ln AUC/∂ ln X (X^t) dt

    the Aumann–Shapley value: mechanisms grow together from nothing to what they are, and each is credited with what it
    adds on the way. It divides a change as the Shapley value of `compare` does, without its 2^n subsets.
    """
    logs = [np.log(part) for part in f]
    total = logs[0] + logs[1] + logs[2]
    iv, oral = np.zeros_like(total), np.zeros_like(total)
    for node, weight in zip(NODES, WEIGHTS, strict=True):
        at = exposure(n, v, np.exp(0.5 * (node + 1.0) * total))
        iv += 0.5 * weight * at.by_iv
        oral += 0.5 * weight * at.by_oral
    return Attribution(*(part * iv for part in logs)), Attribution(*(part * oral for part in logs))
