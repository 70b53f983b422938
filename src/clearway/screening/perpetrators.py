"""What perpetrators take, and the concentrations at which they act: on average, and at their peak."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from clearway.screening.numbers import ORGANS, Acts, Floats, Ints, Numbers


@dataclass(frozen=True)
class Regimens:
    """R situations of up to M compounds each (−1: none): a drug with its metabolites, in a person.

    `gut` and `venous` are the amounts (µmol) of one dose that reach the gut wall and venous blood, `interval` (R) the
    hours between doses, `clint` (R, M, site) the intrinsic clearances of the person.
    """

    members: Ints
    gut: Floats
    venous: Floats
    interval: Floats
    clint: Floats

    def rows(self, which: Ints) -> Regimens:
        """Some of the situations."""
        return Regimens(*(getattr(self, f.name)[which] for f in fields(self)))

    @property
    def dosed(self) -> NDArray[np.bool_]:
        """(R, M) True for what is taken, False for what is only formed."""
        return np.asarray(self.gut + self.venous > 0.0)


@dataclass(frozen=True)
class Levels:
    """Time-average concentrations (R, M) in µM: total in plasma; unbound in the liver's inlet and water, in plasma, in
    enterocytes. `clearance` L/h in plasma, `fg` the part that passes the gut wall. `settled` (R)."""

    plasma: Floats
    inlet: Floats
    water: Floats
    unbound: Floats
    cells: Floats
    clearance: Floats
    fg: Floats
    settled: NDArray[np.bool_]

    @staticmethod
    def empty(shape: tuple[int, ...]) -> Levels:
        plasma, inlet, water, unbound, cells, clearance, fg = (np.zeros(shape) for _ in range(7))
        return Levels(plasma, inlet, water, unbound, cells, clearance, fg, np.zeros(shape[0], bool))

    def rows(self, which: Ints) -> Levels:
        """Some of the situations."""
        return Levels(*(getattr(self, f.name)[which] for f in fields(self)))

    @property
    def state(self) -> Floats:
        """(3, R, M) what enzymes see: unbound in liver water, plasma and enterocytes."""
        return np.stack([self.water, self.unbound, self.cells])

    def put(self, rows: Ints, some: Levels, settled: NDArray[np.bool_]) -> None:
        """Write the levels of some situations."""
        for f in fields(self):
            getattr(self, f.name)[rows] = getattr(some, f.name)
        self.settled[rows] = settled


def acts_of(n: Numbers, members: Ints) -> Acts:
    """Constants (R, M, site) of the members; nothing for those that are not there."""
    found = n.acts.of(np.maximum(members, 0))
    here = (members >= 0)[..., None]
    return Acts(*(np.where(here, part, neutral) for part, neutral in zip(
        (found.inv_kic, found.inv_kiu, found.kinact, found.ki, found.emax, found.ec50, found.hill),
        (0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0), strict=True)))  # fmt: skip


def at_sites(n: Numbers, members: Ints, liver: Floats, gut: Floats, kidney: Floats, blood: Floats) -> Floats:
    """Concentrations (R, M, site) that sites see: in the liver (uptake into its cells too), in the gut wall, in the kidney, and
    in plasma water."""
    which = np.array([ORGANS.index(organ) for _, organ in n.sites])
    here = (members >= 0)[..., None]
    return np.where(here, np.stack([liver, gut, kidney, liver, blood], axis=-1)[..., which], 0.0)


def average(n: Numbers, r: Regimens, levels: Levels, *, inlet: bool = True) -> Floats:
    """Time-average unbound concentrations (R, M, site): of what is taken in the liver's inlet (or its water, which is lower
    by the liver's own extraction), of what the liver forms in its water, and in the gut wall what circulates and what
    passes on its way in."""
    liver = np.where(r.dosed & inlet, levels.inlet, levels.water)
    kidney = n.unfiltered[np.maximum(r.members, 0)] * levels.unbound
    return at_sites(n, r.members, liver, levels.unbound + levels.cells, kidney, levels.unbound)


def worst_case(n: Numbers, r: Regimens, levels: Levels) -> Floats:
    """Peak concentrations (R, M, site), higher than any that occurs together:

        C_max = C_avg·kτ/(1 − e^(−kτ)), k = CL/Vss      I_h = fu·(C_max + Fa·Fg·ka·D/(Q_H·R_b))      I_g = Fa·ka·D/Q_ent

    C_max is that of the whole dose at once in Vss; what is formed peaks no more than what it comes from. I_h and I_g are
    those of FDA 2020, figure 7, as the documentation of the R package ddir restates them; circulating drug is added in the gut.
    """
    i = np.maximum(r.members, 0)
    here = np.where(r.members >= 0, 1.0, 0.0)
    kt = np.maximum(levels.clearance / n.vss[i] * r.interval[:, None], 1e-9)
    rise = kt / -np.expm1(-kt)
    parent = np.where(r.dosed, rise, 1.0).max(axis=1, keepdims=True)
    rise = np.where(r.dosed, rise, np.minimum(rise, parent))
    peak = n.fu[i] * rise * levels.plasma
    into = r.gut * n.ka[i] * here
    inlet = peak + n.fu[i] * levels.fg * into / (n.flows.liver * n.rb[i])
    liver = np.where(r.dosed, inlet, rise * levels.water)
    gut = peak + np.where(r.dosed, into / n.flows.villous, levels.cells)
    return at_sites(n, r.members, liver, gut, peak, peak)
