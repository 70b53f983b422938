"""Systems for the engine's tests: random ones of every feature, and DDI-14."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from clearway.engine import ACTIVITY, AMOUNT, QUADRATURE, System

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))


def linear_system(n: int, links: int, seed: int) -> tuple[System, np.ndarray]:
    """Random linear compartments and their matrix."""
    r = np.random.default_rng(seed)
    src, dst, k = r.integers(0, n, links), r.integers(-1, n, links), r.random(links) * 3
    j = np.zeros((n, n))
    for a, b, rate in zip(src, dst, k, strict=True):
        j[a, a] -= rate
        if b >= 0:
            j[b, a] += rate
    return System([f"s{i}" for i in range(n)], [AMOUNT] * n, r.random(n), [1e-12] * n, lin_src=src, lin_dst=dst, lin_k=k), j


def random_system(seed: int, subjects: int = 2, compounds: int = 3, sites: int = 2, filled: bool = False) -> System:
    """Compounds of four compartments each (depot, liver, blood, tissue) that meet at sites in every way; closed: a sink each.

    Every compound's mass ends in its own sink quadrature or in the next compound (a metabolite with yield 1)."""
    r = np.random.default_rng(seed)
    names: list[str] = []
    kind: list[int] = []
    src: list[int] = []
    dst: list[int] = []
    for c in range(compounds):
        o = 5 * c
        names += [f"c{c}.{x}" for x in ("depot", "liver", "blood", "tissue", "sink")]
        kind += [AMOUNT] * 4 + [QUADRATURE]
        for a, b in ((0, 1), (1, 2), (2, 1), (2, 3), (3, 2), (2, 4)):
            src.append(o + a)
            dst.append(o + b)
    first = 5 * compounds
    names += [f"A{s}" for s in range(sites)] + ["auc"]
    kind += [ACTIVITY] * sites + [QUADRATURE]
    links = len(src)
    k = r.uniform(0.1, 3, (links, 1)) * np.exp(0.3 * r.standard_normal((links, subjects)))
    keep = [False] * links + [True]
    src.append(2)
    dst.append(first + sites)
    k = np.vstack([k, np.ones((1, subjects))])
    conc_ptr, conc_state, conc_coef = [0], [], []
    for c in range(compounds):
        conc_state.append(5 * c + 1)
        conc_coef.append(r.uniform(0.2, 1))
        conc_ptr.append(len(conc_state))
    conc_state += [1, 2]  # what others see of compound 0: a concentration of two states
    conc_coef += r.uniform(0.1, 0.5, 2).tolist()
    conc_ptr.append(len(conc_state))
    part_site, part_conc, path_site, path_conc, prod_path, prod_dst = [], [], [], [], [], []
    for s in range(sites):
        for c in range(compounds):
            part_site.append(s)
            part_conc.append(c if c else compounds)
            path_site.append(s)
            path_conc.append(c)
            prod_path.append(len(path_site) - 1)
            prod_dst.append(5 * c + 4 if c == compounds - 1 or s % 2 == 0 else 5 * (c + 1) + 2)
    path_site.append(0)  # a second path of compound 0 at site 0, at another concentration
    path_conc.append(0)
    prod_path.append(len(path_site) - 1)
    prod_dst.append(4)
    parts, paths = len(part_site), len(path_site)

    def some(size: int, scale: float, chance: float = 0.6) -> np.ndarray:
        on = r.random((size, 1)) < chance
        return on * scale * np.exp(0.5 * r.standard_normal((size, subjects)))

    y0 = np.zeros((len(names), 1))
    y0[[5 * c for c in range(compounds)], 0] = r.uniform(0.5, 5, compounds)
    if filled:  # nothing is zero at the start: powers are smooth, orders of convergence can be seen
        y0[: 5 * compounds, 0] = r.uniform(0.5, 5, 5 * compounds)
    y0[first : first + sites] = 1.0
    activity = [first + s for s in range(sites)]
    return System(
        names=names, kind=kind, y0=y0, atol=[1e-11] * len(names), scale_with=[-2 if x.endswith("depot") else -1 for x in names],
        lin_src=src, lin_dst=dst, lin_k=k, lin_keep=keep, conc_ptr=conc_ptr, conc_state=conc_state, conc_coef=conc_coef,
        site_activity=activity, site_kdeg=r.uniform(0.02, 0.5, (sites, 1)), part_site=part_site, part_conc=part_conc,
        part_group=[c % compounds for c in part_conc], part_inv_kic=some(parts, 2.0), part_inv_kiu=some(parts, 1.0, 0.3),
        part_kinact=some(parts, 0.5, 0.4), part_ki=some(parts, 0.5, 1.0), part_emax=some(parts, 3.0, 0.5), part_ec50=some(parts, 0.4, 1.0),
        part_hill=r.choice([1.0, 1.0, 1.7, 2.5], (parts, 1)), path_site=path_site, path_conc=path_conc,
        path_group=path_conc, path_src=[5 * c + 1 for c in path_conc], path_clint=some(paths, 2.0, 0.9), path_inv_km=some(paths, 1.0, 0.6),
        prod_path=prod_path, prod_dst=prod_dst, prod_yield=1.0,
    )  # fmt: skip
