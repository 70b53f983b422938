"""The steady state of a drug with its metabolites, from time-averages alone.

They are solved together, since they may inhibit, inactivate or induce the enzymes that clear them. Time-averages of a linear
body obey the balances of its steady state, so that no curve is simulated:

    portal = Fg·G + L        C_p = (portal·(1 − E) + V)/CL        C_inlet = fu·(C_p + portal/(Q_H·R_b))        C_water = κ·(1 − E)·C_inlet

with κ of `equations.exposure` and G, L and V the rates (µmol/h) at which the compound enters the gut wall, is formed in the
liver, or enters venous blood. What is not linear (saturation, own inactivation and induction) is judged at the average concentration.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clearway.screening.equations import factors
from clearway.screening.numbers import ORGANS, OTHER, PLASMA, Floats, Ints, Numbers
from clearway.screening.perpetrators import Levels, Regimens, acts_of, at_sites

SWEEPS, SETTLED = 500, 1e-8
"""Sweeps of the fixed point, and the largest change of ln concentration at which it has settled."""

FIRST, LEAST, MOST = 0.6, 0.1, 8.0
"""Part of a change that the first sweep takes, and the bounds of what Aitken's rule chooses later."""

TRACE = 1e-30
"""µM that stand for nothing, so that a logarithm exists."""

SIFT = 8
"""Every so many sweeps the situations that have settled are left out."""


def steady(n: Numbers, r: Regimens) -> Levels:
    """Levels of every situation: the fixed point of `_Balance` in ln concentration, from the linear solution, with Aitken's
    relaxation of each situation (induction overshoots, inactivation creeps)."""
    found = Levels.empty(r.members.shape)
    left = np.arange(len(r.members))
    balance = _Balance(n, r)
    x = np.log(np.maximum(balance.levels(np.zeros((3, *r.members.shape))).state, TRACE))
    step, old = np.full(len(left), FIRST), np.zeros_like(x)
    for sweep in range(1, SWEEPS + 1):
        now = balance.levels(np.exp(x))
        residual = np.log(np.maximum(now.state, TRACE)) - x
        worst = np.abs(residual).max(axis=(0, 2))
        if sweep % SIFT == 0 or sweep == SWEEPS or worst.max() < SETTLED:
            found.put(left, now, worst < SETTLED)
            keep = np.flatnonzero(worst >= SETTLED)
            if not len(keep):
                break
            left, balance = left[keep], _Balance(n, r.rows(left[keep]))
            x, residual, old, step = x[:, keep], residual[:, keep], old[:, keep], step[keep]
        if sweep > 1:
            change = residual - old
            slope = (old * change).sum(axis=(0, 2)) / np.maximum((change**2).sum(axis=(0, 2)), TRACE)
            step = np.clip(-step * slope, LEAST, MOST)
        x = x + step[:, None] * residual
        old = residual
    return found


class _Balance:
    """One sweep: from concentrations to the enzymes' activity and back."""

    def __init__(self, n: Numbers, r: Regimens) -> None:
        self.n, self.r = n, r
        i = np.maximum(r.members, 0)
        self.here = r.members >= 0
        self.fu, self.rb, self.fu_gut = n.fu[i], n.rb[i], n.fu_gut[i]
        self.other, self.kept, self.renal, self.plasma = n.other[i], n.other[i] + n.bile[i], n.renal[i], n.plasma[i]
        self.inv_km, self.acts = n.inv_km[i], acts_of(n, r.members)
        self.q, self.villous = n.flows.liver * self.rb, n.flows.villous * self.rb
        self.lost = np.where(n.efflux[n.organ("gut")], 1.0 - n.recycled[i][..., None], 1.0)
        self.unfiltered, self.inv_passive = n.unfiltered[i], n.inv_passive[i]
        self.yields = _yields(n, r.members)
        self.organs = [n.organ(o) for o in ORGANS]

    def levels(self, state: Floats) -> Levels:
        """Levels that follow where enzymes see `state`: unbound in liver water, in plasma and in enterocytes (3, R, M)."""
        n, y = self.n, self.yields
        water, unbound, cells = state
        in_kidney = self.unfiltered * unbound
        seen = at_sites(n, self.r.members, water, unbound + cells, in_kidney, unbound)
        own = at_sites(n, self.r.members, water, cells, in_kidney, unbound)
        f = factors(seen, self.acts, n.kdeg)
        competing = 1.0 / f.inhibition[..., None, :] - seen * self.acts.inv_kic  # nothing inhibits itself
        uncompetitive = seen * self.acts.inv_kiu
        m = 1.0 + uncompetitive.sum(axis=-2, keepdims=True) - uncompetitive
        active = (f.inactivation * f.induction)[..., None, :]
        rate = self.r.clint * active / (competing + own * m * self.inv_km)
        liver, gut, kidney, uptake, blood = (rate[..., o] for o in self.organs)
        metabolised = liver.sum(axis=-1) + self.kept
        kappa = (1.0 + uptake.sum(axis=-1) * self.inv_passive) / (1.0 + metabolised * self.inv_passive)
        hepatic = self.fu * kappa * metabolised
        escaped = self.q / (self.q + hepatic)
        pumped = self.fu * kidney.sum(axis=-1)
        secreted = self.unfiltered * pumped / (1.0 + pumped / (n.flows.kidney * self.rb))
        clearance = self.q * (1.0 - escaped) + self.renal + self.plasma + secreted + self.fu * blood.sum(axis=-1)
        fg = self.villous / (self.villous + self.fu_gut * (self.lost * gut).sum(axis=-1))

        at_liver, at_gut = self.organs[0], self.organs[1]
        into_cells = self.r.gut / self.r.interval[:, None] + np.einsum("rms,rmsk->rk", gut * cells[..., None], y.sites[:, :, at_gut])
        into_liver = np.einsum("rms,rmsk->rk", liver * water[..., None], y.sites[:, :, at_liver])
        into_liver = into_liver + np.einsum("rm,rmk->rk", self.other * water, y.other)
        into_blood = self.r.venous / self.r.interval[:, None] + np.einsum("rm,rmk->rk", self.plasma * unbound / self.fu, y.plasma)
        into_blood = into_blood + np.einsum("rms,rmsk->rk", blood * unbound[..., None], y.sites[:, :, self.organs[-1]])
        portal = fg * into_cells + into_liver
        level = np.where(self.here, (portal * escaped + into_blood) / np.where(clearance > 0.0, clearance, 1.0), 0.0)
        inlet = self.fu * (level + portal / self.q)
        return Levels(level, inlet, inlet * escaped * kappa, self.fu * level, self.fu_gut * fg * into_cells / self.villous, clearance, fg,
                      np.zeros(len(level), bool))  # fmt: skip


@dataclass(frozen=True)
class _Yields:
    """Moles of member k formed per mole of member m that leaves by a site, by `other`, by plasma."""

    sites: Floats
    other: Floats
    plasma: Floats


def _yields(n: Numbers, members: Ints) -> _Yields:
    count, most = members.shape
    sites = np.zeros((count, most, len(n.sites), most))
    other, plasma = np.zeros((count, most, most)), np.zeros((count, most, most))
    for parent, site, metabolite, amount in n.forms:
        row, m = np.nonzero(members == parent)
        for one, slot in zip(row, m, strict=True):
            for k in np.flatnonzero(members[one] == metabolite):
                if site == OTHER:
                    other[one, slot, k] += amount
                elif site == PLASMA:
                    plasma[one, slot, k] += amount
                else:
                    sites[one, slot, site, k] += amount
    return _Yields(sites, other, plasma)
