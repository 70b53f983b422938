"""Any number of made-up compounds in one person: how the cost grows with them.

Each compound has the eighteen compartments of DDI-14 with partition coefficients and clearances of its own. There are two
enzymes for every three compounds, each in liver and gut wall, so that thirty compounds share forty sites. A compound is
cleared by two enzymes, saturably by one of them, and inhibits a third competitively; every third compound inactivates
that one too and every fourth induces a fourth. All are taken twice a day for fourteen days at the same hours: the stops
are as many for one compound as for thirty, and what grows is the cost of a step.
"""

from __future__ import annotations

import math

import numpy as np

import ddi14
from clearway.engine import Events, Outputs, System
from workload import Workload

SPREAD = 0.3
"""Standard deviation of the logarithm of each clearance, between subjects."""

ORGANS = {"liver": ddi14.LIVER, "gut": ddi14.GUT}
PER_COMPOUND = 18
DOSE = 100.0  # µmol
EVERY, COUNT = 12.0, 28


def workload(compounds: int, subjects: int, seed: int = 1) -> Workload:
    r = np.random.default_rng(seed)
    enzymes = max(2, math.ceil(2 * compounds / 3))
    sites = [(enzyme, organ) for enzyme in range(enzymes) for organ in ORGANS]
    n = PER_COMPOUND * compounds
    size = np.exp(0.2 * r.standard_normal(subjects))
    volume, flow = ddi14.VOL[:, None] * size, ddi14.FLOW[:, None] * size**0.75

    def varied(value: float) -> np.ndarray:
        return value * np.exp(SPREAD * r.standard_normal(subjects))

    links: list[tuple[int, int, np.ndarray]] = []
    concentrations: list[tuple[int, np.ndarray]] = []
    paths: list[tuple[int, int, int, int, np.ndarray, float]] = []
    parts: list[tuple[int, int, int, float, float, float]] = []
    plasma = []
    for c in range(compounds):
        o, kp = PER_COMPOUND * c, np.exp(0.4 * r.standard_normal(14))
        fu, bp = float(r.uniform(0.02, 0.5)), float(r.uniform(0.6, 1.0))
        links += ddi14.body_links(o, volume, flow, kp, bp)
        links += [(o + ddi14.STOMACH, o + ddi14.LUMEN, varied(2.0)), (o + ddi14.LUMEN, o + ddi14.GUT, varied(1.0))]
        plasma.append(1.0 / (volume[ddi14.VENOUS] * bp))
        km, ki, half = (float(np.exp(r.normal(0.0, 0.5))) for _ in range(3))
        for organ, place in ORGANS.items():
            seen = len(concentrations)
            concentrations.append((o + place, fu / (volume[place] * kp[place])))
            clint = (200.0 if organ == "liver" else 5.0) / fu
            for j, share in ((0, 0.6), (1, 0.4)):
                site = sites.index(((c + j) % enzymes, organ))
                paths.append((site, seen, c, o + place, varied(share * clint), 1.0 / km if j == 0 else 0.0))
            inactivates = 0.2 if c % 3 == 0 else 0.0
            parts.append((sites.index(((c + 2) % enzymes, organ)), seen, c, 1.0 / ki, inactivates, 0.0))
            if c % 4 == 0:
                parts.append((sites.index(((c + 3) % enzymes, organ)), seen, c, 0.0, 0.0, 3.0))
    src, dst, k = zip(*links, strict=True)
    where, coefficient = zip(*concentrations, strict=True)
    path_site, path_conc, path_group, path_src, clint, inv_km = zip(*paths, strict=True)
    part_site, part_conc, part_group, inv_kic, kinact, emax = zip(*parts, strict=True)
    moved = sorted({s for s, *_, kin, e in parts if kin or e})
    activity = np.full(len(sites), -1)
    activity[moved] = n + np.arange(len(moved))
    states = [f"c{c}.{i}" for c in range(compounds) for i in range(PER_COMPOUND)] + [f"E{s}" for s in moved]
    scale = np.array(([-1] * 16 + [-2] * 2) * compounds + [-1] * len(moved))
    system = System(
        names=states, kind=[0] * n + [1] * len(moved), y0=[0.0] * n + [1.0] * len(moved), atol=[1e-10 * DOSE] * n + [1e-10] * len(moved),
        scale_with=scale, lin_src=src, lin_dst=dst, lin_k=np.array(k),
        conc_ptr=np.arange(len(where) + 1), conc_state=where, conc_coef=np.array(coefficient),
        site_activity=activity, site_kdeg=[0.03] * len(sites),
        part_site=part_site, part_conc=part_conc, part_group=part_group,
        part_inv_kic=inv_kic, part_kinact=kinact, part_ki=half, part_emax=emax, part_ec50=half,
        path_site=path_site, path_conc=path_conc, path_group=path_group, path_src=path_src, path_clint=np.array(clint), path_inv_km=inv_km,
    )  # fmt: skip
    when = np.repeat(EVERY * np.arange(COUNT), compounds)
    into = np.tile(PER_COMPOUND * np.arange(compounds) + ddi14.STOMACH, COUNT)
    events = Events(time=when, state=into, amount=np.full(when.size, DOSE))
    outputs = Outputs.of_states(PER_COMPOUND * np.arange(compounds) + ddi14.VENOUS, np.array(plasma))
    title = f"{compounds} made-up compounds, {len(sites)} sites"
    return Workload(f"{compounds}-compounds", title, system, events, outputs, tuple(f"c{c}" for c in range(compounds)), ddi14.T_OUT)
