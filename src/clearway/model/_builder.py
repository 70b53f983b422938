"""Collects states, exchanges, sites and paths, then turns them into the engine's arrays.

Coefficients are arrays over the lanes; a plain float is broadcast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from clearway.engine import System

Floats = NDArray[np.float64]
AMOUNT, ACTIVITY, QUADRATURE = 0, 1, 2


@dataclass
class Builder:
    lanes: int
    names: list[str] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    atol: list[float] = field(default_factory=list)
    depot: list[int] = field(default_factory=list)
    y0: list[float] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)
    linear: list[tuple[int, int, Floats, float, bool]] = field(default_factory=list)
    concs: list[list[tuple[int, Floats]]] = field(default_factory=list)
    sites: dict[tuple[str, str], int] = field(default_factory=dict)
    site_activity: list[int] = field(default_factory=list)
    site_kdeg: list[Floats] = field(default_factory=list)
    parts: list[tuple[int, int, int, list[Floats]]] = field(default_factory=list)
    paths: list[tuple[int, int, int, int, Floats, Floats]] = field(default_factory=list)
    products: list[tuple[int, int, Floats]] = field(default_factory=list)

    def wide(self, value: float | Floats) -> Floats:
        return np.broadcast_to(np.asarray(value, dtype=np.float64), (self.lanes,))

    def state(self, name: str, kind: int = AMOUNT, atol: float = 1e-9, depot: bool = False) -> int:
        """A new state; `depot` marks an emptying compartment for the error norm."""
        self.index[name] = len(self.names)
        self.names.append(name)
        self.kinds.append(kind)
        self.atol.append(atol)
        self.depot.append(-2 if depot else -1)
        self.y0.append(1.0 if kind == ACTIVITY else 0.0)
        return self.index[name]

    def move(self, src: int, dst: int, k: float | Floats, gain: float = 1.0, keep: bool = False) -> None:
        """flux = k·y[src], out of src unless `keep`, gain·flux into dst."""
        self.linear.append((src, dst, self.wide(k), gain, keep))

    def conc(self, terms: Sequence[tuple[int, float | Floats]]) -> int:
        self.concs.append([(state, self.wide(coefficient)) for state, coefficient in terms])
        return len(self.concs) - 1

    def site(self, key: tuple[str, str], kdeg: float | Floats) -> int:
        if key not in self.sites:
            self.sites[key] = len(self.site_activity)
            self.site_activity.append(-1)
            self.site_kdeg.append(self.wide(kdeg))
        return self.sites[key]

    def path(
        self,
        site: int,
        conc: int,
        group: int,
        src: int,
        clint: float | Floats,
        inv_km: float | Floats,
        products: Sequence[tuple[int, float | Floats]],
    ) -> None:
        number = len(self.paths)
        self.paths.append((site, conc, group, src, self.wide(clint), self.wide(inv_km)))
        self.products += [(number, dst, self.wide(amount)) for dst, amount in products]

    def system(self) -> System:
        stack = self._stack
        flat = [(s, c) for terms in self.concs for s, c in terms]
        columns = list(zip(*[values for *_, values in self.parts], strict=True)) or [()] * 7
        inv_kic, inv_kiu, kinact, ki, emax, ec50, hill = (stack(list(c)) for c in columns)
        return System(
            names=list(self.names),
            kind=np.array(self.kinds, dtype=np.int8),
            atol=np.array(self.atol, dtype=np.float64),
            scale_with=np.array(self.depot, dtype=np.int32),
            lin_src=_ints(row[0] for row in self.linear),
            lin_dst=_ints(row[1] for row in self.linear),
            lin_k=stack([row[2] for row in self.linear]),
            lin_gain=np.array([row[3] for row in self.linear], dtype=np.float64),
            lin_keep=np.array([row[4] for row in self.linear], dtype=bool),
            conc_ptr=_ints(np.cumsum([0] + [len(terms) for terms in self.concs])),
            conc_state=_ints(s for s, _ in flat),
            conc_coef=stack([c for _, c in flat]),
            site_activity=_ints(self.site_activity),
            site_kdeg=stack(self.site_kdeg),
            part_site=_ints(row[0] for row in self.parts),
            part_conc=_ints(row[1] for row in self.parts),
            part_group=_ints(row[2] for row in self.parts),
            part_inv_kic=inv_kic,
            part_inv_kiu=inv_kiu,
            part_kinact=kinact,
            part_ki=ki,
            part_emax=emax,
            part_ec50=ec50,
            part_hill=hill,
            path_site=_ints(row[0] for row in self.paths),
            path_conc=_ints(row[1] for row in self.paths),
            path_group=_ints(row[2] for row in self.paths),
            path_src=_ints(row[3] for row in self.paths),
            path_clint=stack([row[4] for row in self.paths]),
            path_inv_km=stack([row[5] for row in self.paths]),
            prod_path=_ints(row[0] for row in self.products),
            prod_dst=_ints(row[1] for row in self.products),
            prod_yield=stack([row[2] for row in self.products]),
            y0=np.repeat(np.array(self.y0, dtype=np.float64)[:, None], self.lanes, axis=1),
        )

    def _stack(self, rows: Sequence[Floats]) -> Floats:
        return np.array(rows, dtype=np.float64).reshape(len(rows), self.lanes)


def _ints(values: object) -> NDArray[np.int32]:
    return np.array(list(values), dtype=np.int32)  # type: ignore[call-overload]
