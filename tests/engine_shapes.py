"""Random Systems of any shape: hypothesis draws the shape, a counter-based stream fills in the numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from hypothesis import strategies as st

from clearway.engine import ACTIVITY, ADD, AMOUNT, QUADRATURE, RATE, SET, Events, Outputs, System


@dataclass(frozen=True)
class Shape:
    """What a random System has, and how far its numbers are spread. closed: whatever leaves an amount is found in another or
    in the sink."""

    seed: int
    amounts: int
    quadratures: int
    links: int
    concentrations: int
    sites: int
    participants: int
    paths: int
    groups: int
    subjects: int
    events: int
    outputs: int
    decades: float
    closed: bool


shapes = st.builds(
    Shape,
    seed=st.integers(0, 2**32 - 1),
    amounts=st.integers(1, 34),
    quadratures=st.integers(0, 3),
    links=st.integers(0, 60),
    concentrations=st.integers(1, 6),
    sites=st.integers(0, 4),
    participants=st.integers(0, 8),
    paths=st.integers(0, 8),
    groups=st.integers(1, 4),
    subjects=st.integers(1, 3),
    events=st.integers(0, 8),
    outputs=st.integers(0, 5),
    decades=st.sampled_from([0.3, 1.0, 2.0]),
    closed=st.booleans(),
)

END = 6.0
TIMES = np.array([0.0, 0.0, 0.4, 1.0, 1.0, 2.7, END, END])


@dataclass(frozen=True)
class Drawn:
    """A System with its events and outputs, the sink's state (-1: none) and what the events bring to amounts by END."""

    system: System
    events: Events
    outputs: Outputs
    sink: int
    brought: np.ndarray


class _Numbers:
    def __init__(self, shape: Shape) -> None:
        self.r = np.random.default_rng([getattr(shape, f.name) if f.name != "decades" else int(10 * shape.decades) for f in fields(shape)])
        self.subjects, self.decades = shape.subjects, shape.decades

    def pick(self, low: int, high: int, size: int) -> np.ndarray:
        return self.r.integers(low, high, size)

    def some(self, size: int, middle: float, chance: float = 1.0) -> np.ndarray:
        """Log-normal about `middle`, zero with probability 1 - chance; some arrays differ between subjects."""
        width = self.subjects if self.r.random() < 0.7 else 1
        spread = np.exp(0.5 * self.decades * self.r.standard_normal((size, 1)) + 0.2 * self.r.standard_normal((size, width)))
        return (self.r.random((size, 1)) < chance) * middle * spread


def build(shape: Shape) -> Drawn:
    n = _Numbers(shape)
    amounts, sites = shape.amounts, shape.sites
    active = n.r.random(sites) < 0.7
    activities = int(active.sum())
    states = amounts + activities + shape.quadratures + 1
    sink = states - 1
    kind = [AMOUNT] * amounts + [ACTIVITY] * activities + [QUADRATURE] * (shape.quadratures + 1)
    order = n.r.permutation(states)  # kinds stand in any order
    where = np.empty(states, int)
    where[order] = np.arange(states)
    names = np.array([f"s{i}" for i in range(states)])
    first_activity = np.full(sites, -1)
    first_activity[active] = where[amounts + np.arange(activities)]

    src, dst = n.pick(0, amounts, shape.links), n.pick(-1, amounts, shape.links)
    keep, gain = n.r.random(shape.links) < 0.15, np.ones(shape.links)
    to_quadrature = (n.r.random(shape.links) < 0.2) & (shape.quadratures > 0)
    quadrature = amounts + activities + n.pick(0, max(shape.quadratures, 1), shape.links)
    dst = np.where(to_quadrature, quadrature, dst)
    gain = np.where(to_quadrature, n.r.uniform(0.1, 2, shape.links), gain)
    if shape.closed:
        dst = np.where(dst < 0, sink, dst)
        keep = to_quadrature  # a copy, beside the balance
    else:
        keep &= to_quadrature | (dst > src)  # copies run one way: no chain reaction
    lengths = n.pick(1, 4, shape.concentrations)
    ptr = np.concatenate([[0], np.cumsum(lengths)])
    conc_state = n.pick(0, amounts, int(ptr[-1]))
    parts, paths = (shape.participants, shape.paths) if sites else (0, 0)
    path_conc = n.pick(0, shape.concentrations, paths)
    path_src = conc_state[ptr[path_conc]]  # a path takes from what it sees, else an amount would fall below zero
    for p, c in enumerate(path_conc):
        conc_state[ptr[c] : ptr[c + 1]] = conc_state[ptr[c]]
        path_src[p] = conc_state[ptr[c]]
    prod_path = np.repeat(np.arange(paths), n.pick(1, 3, paths)) if paths else np.zeros(0, int)
    prod_dst = np.where(n.r.random(prod_path.size) < 0.5, n.pick(0, amounts, prod_path.size), sink)
    share = n.r.uniform(0.2, 1, prod_path.size)
    if prod_path.size:
        share /= np.bincount(prod_path, weights=share)[prod_path]
    y0 = np.zeros((states, 1))
    y0[:amounts, 0] = n.r.uniform(0, 5, amounts) * (n.r.random(amounts) < 0.5)
    y0[amounts : amounts + activities] = 1.0
    depot = np.where((np.array(kind) == AMOUNT) & (n.r.random(states) < 0.3), -2, -1)

    system = System(
        names=names.tolist(), kind=np.array(kind)[order], y0=np.repeat(y0[order], shape.subjects, axis=1),
        atol=np.full(states, 1e-9), scale_with=depot[order],
        lin_src=where[src], lin_dst=np.where(dst < 0, -1, where[dst]), lin_k=n.some(shape.links, 0.5), lin_gain=gain, lin_keep=keep,
        conc_ptr=ptr, conc_state=where[conc_state], conc_coef=n.some(conc_state.size, 0.5),
        site_activity=first_activity, site_kdeg=n.some(sites, 0.1),
        part_site=n.pick(0, max(sites, 1), parts), part_conc=n.pick(0, shape.concentrations, parts),
        part_group=n.pick(0, shape.groups, parts), part_inv_kic=n.some(parts, 1.0, 0.6), part_inv_kiu=n.some(parts, 1.0, 0.3),
        part_kinact=n.some(parts, 0.5, 0.4), part_ki=n.some(parts, 0.5), part_emax=n.some(parts, 3.0, 0.4),
        part_ec50=n.some(parts, 0.5), part_hill=np.where(n.r.random((parts, 1)) < 0.6, 1.0, n.r.uniform(1.0, 4.0, (parts, 1))),
        path_site=n.pick(0, max(sites, 1), paths), path_conc=path_conc, path_group=n.pick(0, shape.groups, paths),
        path_src=where[path_src], path_clint=n.some(paths, 1.0), path_inv_km=n.some(paths, 1.0, 0.5),
        prod_path=prod_path, prod_dst=where[prod_dst], prod_yield=share,
    )  # fmt: skip
    events, brought = _events(shape, n, where[:amounts])
    out_state = n.pick(0, states, 2 * shape.outputs)
    outputs = Outputs(np.arange(0, 2 * shape.outputs + 1, 2), out_state, n.some(2 * shape.outputs, 1.0))
    return Drawn(system, events, outputs, int(where[sink]), brought)


def _events(shape: Shape, n: _Numbers, places: np.ndarray) -> tuple[Events, np.ndarray]:
    """Doses, infusions of finite length and (where the system is not closed) resets; a third at the same time."""
    time, state, kind, amount = [], [], [], []
    brought = np.zeros(shape.subjects)
    for _ in range(shape.events):
        at = 1.0 if n.r.random() < 0.3 else float(n.r.uniform(0, END + 1))
        what = int(n.r.choice([ADD, ADD, RATE] if shape.closed else [ADD, ADD, RATE, SET]))
        size, into = n.r.uniform(0, 3, shape.subjects), int(n.r.choice(places))
        ends = [(at, size), (at + float(n.r.uniform(0.1, 4)), -size)] if what == RATE else [(at, size)]
        for when, change in ends:
            time.append(when)
            state.append(into)
            kind.append(what)
            amount.append(change)
            if when <= END:
                brought += change * (END - when) if what == RATE else change
    amounts = np.array(amount).reshape(len(time), shape.subjects)
    return Events(time, state, amounts, kind=kind, label=n.pick(0, 5, len(time))), brought
