"""The numbers of every compound side by side, as arrays: what the static equations are computed with.

Nothing is read here that the dynamic model does not read: `Kinetics` (calibrated clearances), `terms_of` (interaction
constants) and the `Setting` (flows, turnover of enzymes).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from clearway.model.assemble import ACTS_IN, UPTAKE
from clearway.model.interaction import terms_of
from clearway.model.kinetics import Kinetics, number
from clearway.model.setting import SEGMENTS, Setting

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ORGANS = ("liver", "gut", "kidney", UPTAKE, "blood")

ORGAN_OF = {"gut": "gut", "kidney": "kidney", "bile": "liver"}
"""Where a transporter stands that empties into the gut lumen, the urine or the bile."""


@dataclass(frozen=True)
class Acts:
    """What compounds do at sites, each constant (…, compound, site); unbound µM and 1/h, 0 where absent (`Terms`)."""

    inv_kic: Floats
    inv_kiu: Floats
    kinact: Floats
    ki: Floats
    emax: Floats
    ec50: Floats
    hill: Floats

    def of(self, compounds: Ints) -> Acts:
        """The rows of some compounds, (…, site) for each of them."""
        return Acts(*(getattr(self, f.name)[compounds] for f in fields(self)))


@dataclass(frozen=True)
class Flows:
    """The reference person: liver and villous blood flow, flow through the kidney (L/h)."""

    liver: float
    villous: float
    kidney: float


@dataclass(frozen=True)
class Numbers:
    """n compounds and s sites; a site is an enzyme or transporter in one organ (liver, gut, kidney, blood) or one that takes up
    into liver cells (uptake).

    Per compound (n): fu, rb, fu_gut, fa, ka (1/h), vss (L), `recycled` (part of what is pumped back into the gut that
    is absorbed again), and clearances (L/h) that nothing acts on: `other` and `bile` (unbound intrinsic, liver), renal,
    plasma; `inv_passive` is 1 over the passive permeability of liver cells (h/L), 0 where they are no barrier. Per
    compound and site (n, s): `clint` (unbound intrinsic, L/h) and `inv_km` (1/µM). `kdeg` (s) is 1/h. `forms` lists
    (parent, site, metabolite, yield); site −1 stands for the path `other`, −2 for plasma. `pumps` are the transporters that
    carry drug back into the gut lumen.
    """

    names: tuple[str, ...]
    sites: tuple[tuple[str, str], ...]
    flows: Flows
    kdeg: Floats
    fu: Floats
    rb: Floats
    fu_gut: Floats
    fa: Floats
    ka: Floats
    vss: Floats
    recycled: Floats
    other: Floats
    bile: Floats
    renal: Floats
    plasma: Floats
    inv_passive: Floats
    clint: Floats
    inv_km: Floats
    acts: Acts
    forms: tuple[tuple[int, int, int, float], ...]
    pumps: frozenset[str]

    @property
    def unfiltered(self) -> Floats:
        """(n) Part of the arterial concentration that the kidney's tissue sees after filtration."""
        return 1.0 - (self.renal / self.rb) / self.flows.kidney

    def organ(self, organ: str) -> slice:
        """The sites of an organ, which stand together."""
        here = [i for i, (_, o) in enumerate(self.sites) if o == organ]
        return slice(here[0], here[-1] + 1) if here else slice(0, 0)

    @property
    def efflux(self) -> NDArray[np.bool_]:
        """(s) True where a path carries drug from the gut wall back into the lumen."""
        return np.array([o == "gut" and e in self.pumps for e, o in self.sites])

    def with_activity(self, activity: Mapping[tuple[str, str], float]) -> Numbers:
        """The same for a person whose genotype multiplies CLint; `activity` maps (enzyme, compound) to the factor."""
        clint = self.clint.copy()
        for i, (enzyme, _) in enumerate(self.sites):
            clint[:, i] *= [activity.get((enzyme, name), 1.0) for name in self.names]
        return replace(self, clint=clint)


OTHER, PLASMA = -1, -2
"""Sites of `forms` that are no enzyme."""


def numbers(compounds: Sequence[Kinetics], setting: Setting) -> Numbers:
    """The arrays of these compounds in the reference person."""
    names = tuple(k.name for k in compounds)
    index = {name: i for i, name in enumerate(names)}
    paths: list[tuple[int, tuple[str, str], float, float | None, Mapping[str, float]]] = []
    pumps: set[str] = set()
    for i, k in enumerate(compounds):
        for p in k.enzymes:
            paths.append((i, (p.enzyme, "liver"), p.clint_liver, p.km, p.metabolites))
            paths.append((i, (p.enzyme, "gut"), p.clint_gut, p.km, p.metabolites))
        for q in k.elsewhere:
            paths.append((i, (q.by, q.organ), q.clint, q.km, q.metabolites))
        for by, rate, saturates in k.cells.uptake if k.cells else ():
            paths.append((i, (by, UPTAKE), rate, saturates, {}))
        for t in k.compound.elimination.transport:
            km = number(t.km, "µM", molar_mass=k.molar_mass) if t.km else None
            paths.append((i, (t.by, ORGAN_OF[t.where]), number(t.clint, "L/h"), km, {}))
            pumps |= {t.by} if t.where == "gut" else set()
    paths = [path for path in paths if path[2] > 0.0]
    sites = sorted({path[1] for path in paths}, key=lambda site: (ORGANS.index(site[1]), site[0]))
    at = {site: s for s, site in enumerate(sites)}
    clint, inv_km = np.zeros((len(names), len(at))), np.zeros((len(names), len(at)))
    forms: list[tuple[int, int, int, float]] = []
    for i, place, rate, km, made in paths:
        site, inverse = at[place], 1.0 / km if km else 0.0
        # several paths of one compound at one enzyme are taken together
        inv_km[i, site] = (clint[i, site] * inv_km[i, site] + rate * inverse) / (clint[i, site] + rate)
        clint[i, site] += rate
        forms += [(i, site, index[m], y) for m, y in made.items() if m in index]
    for i, k in enumerate(compounds):
        forms += [(i, OTHER, index[m], y) for m, y in k.other_metabolites.items() if m in index]
        forms += [(i, PLASMA, index[m], y) for m, y in k.plasma_metabolites.items() if m in index]

    def each(term: str) -> Floats:
        return np.array([getattr(k, term) for k in compounds])

    ka = each("ka")
    return Numbers(
        names=names,
        sites=tuple(at),
        flows=Flows(setting.reference.liver_flow, setting.villous_flow, setting.reference.flows["kidney"]),
        kdeg=np.array([_turnover(setting, enzyme, organ) for enzyme, organ in at]),
        fu=each("fu"), rb=each("rb"), fu_gut=each("fu_gut"), fa=each("fa"), ka=ka,
        vss=np.array([number(k.compound.distribution.vss, "L", weight=setting.reference.person.weight) for k in compounds]),
        recycled=1.0 - np.prod([k / (k + ka) for k in setting.transit[SEGMENTS.index("jejunum"):]], axis=0),
        other=each("clint_other"), bile=each("clint_bile"), renal=each("cl_renal"), plasma=each("cl_plasma"),
        inv_passive=np.array([1.0 / k.cells.passive if k.cells else 0.0 for k in compounds]),
        clint=clint, inv_km=inv_km,
        acts=_acts(compounds, tuple(at)),
        forms=tuple(forms),
        pumps=frozenset(pumps),
    )  # fmt: skip


def _turnover(setting: Setting, enzyme: str, organ: str) -> float:
    known = setting.enzymes[enzyme]
    return known.kdeg(organ)


def _acts(compounds: Sequence[Kinetics], sites: tuple[tuple[str, str], ...]) -> Acts:
    table = np.zeros((len(fields(Acts)), len(compounds), len(sites)))
    table[[3, 5, 6]] = 1.0  # KI, EC50 and the Hill exponent of what is absent
    for i, k in enumerate(compounds):
        for s, (enzyme, organ) in enumerate(sites):
            terms = terms_of(k, enzyme, ACTS_IN.get(organ, organ))
            if not terms.empty:
                table[:, i, s] = [getattr(terms, f.name) for f in fields(Acts)]
    return Acts(*table)
