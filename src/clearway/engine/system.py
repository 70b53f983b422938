"""The System: one sparsity pattern shared by all subjects, and coefficients per subject.

The engine knows nothing of drugs. A System is a set of lists; with y the states of one subject (amounts in umol, enzyme
activities with baseline 1, quadratures), C_c = sum coef*y a concentration and Cp = max(C, 0):

    linear exchange     flux = k*y[src];  dy[src] -= flux (unless keep);  dy[dst] += gain*flux  (dst = -1: leaves the system)
    site sums           S_s = sum_i Cp_i*inv_kic_i        U_s = sum_i Cp_i*inv_kiu_i        (all participants of site s)
    path p of group j   N = 1 + (S_s - own part of j) + sum over other paths q of j at s of Cp_q*inv_km_q
                        M = 1 + (U_s - own part of j)
                        v = clint*A_s*Cp / (N + Cp*inv_km*M);   dy[src] -= v;   dy[dst] += yield*v for each product
    activity            u_i = (Cp_i/ec50_i)**hill_i,  r_i = emax_i/max(emax),  x_i = r_i*u_i/(1 + (1 - r_i)*u_i)
                        ind = max(emax)*sum_i x_i/(1 + sum_i x_i)
                        dA_s/dt = kdeg*(1 + ind) - A_s*(kdeg + sum_i kinact_i*Cp_i/(ki_i + Cp_i))

Inducers share the ceiling of the strongest: one alone gives emax*u/(1 + u), a further one never lowers the sum. A
concentration that only paths read enters their own flux with its sign (v then has no kink at zero), never a denominator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Index = NDArray[np.int32]

AMOUNT, ACTIVITY, QUADRATURE = 0, 1, 2


class SystemDefinitionError(ValueError):
    """A System, Events or Outputs object contradicts itself; the text says where."""


def index_array(what: str, value: ArrayLike, limit: int, low: int = 0, size: int | None = None) -> Index:
    """value as int32 indices within [low, limit), of the given size."""
    a = np.ascontiguousarray(value, dtype=np.int32).reshape(-1)
    if size is not None and a.size != size:
        raise SystemDefinitionError(f"{what} has {a.size} entries, expected {size}")
    if a.size and (int(a.min()) < low or int(a.max()) >= limit):
        raise SystemDefinitionError(f"{what} has an index outside {low}..{limit - 1}")
    return a


def coef_array(what: str, value: ArrayLike, size: int) -> Floats:
    """value as float64 (size, S) or (size, 1); a vector of `size` numbers is shared by all subjects."""
    a = np.asarray(value, dtype=np.float64)
    if a.ndim == 0:
        a = np.full((size, 1), float(a))
    elif a.ndim == 1:
        a = a.reshape(-1, 1)
    if a.ndim != 2 or a.shape[0] != size:
        raise SystemDefinitionError(f"{what} has shape {a.shape}, expected ({size}, subjects) or ({size}, 1)")
    return a if size else a[:, :1].reshape(0, 1)  # nothing says nothing of the number of subjects


def _none() -> list[int]:
    return []


@dataclass
class System:
    """One model for a batch of subjects; see the module's text for the equations. Checked and normalised on creation.

    names, kind (0 amount, 1 activity, 2 quadrature), y0, atol: per state. Quadratures are integrals on which nothing
    depends; they are neither in the error norm nor in the factorisation.
    scale_with: per state -1 (its error is measured against its own size), the index of another state, or -2: against the
    total of all amounts that are linked with it by linear exchanges (meant for depots that empty: their error matters
    only as far as it is seen in the body).
    """

    names: Sequence[str]
    kind: ArrayLike
    y0: ArrayLike
    atol: ArrayLike
    scale_with: ArrayLike = field(default_factory=_none)
    lin_src: ArrayLike = field(default_factory=_none)
    lin_dst: ArrayLike = field(default_factory=_none)
    lin_k: ArrayLike = field(default_factory=_none)
    lin_gain: ArrayLike = field(default_factory=_none)
    lin_keep: ArrayLike = field(default_factory=_none)
    conc_ptr: ArrayLike = field(default_factory=lambda: [0])
    conc_state: ArrayLike = field(default_factory=_none)
    conc_coef: ArrayLike = field(default_factory=_none)
    site_activity: ArrayLike = field(default_factory=_none)
    site_kdeg: ArrayLike = field(default_factory=_none)
    part_site: ArrayLike = field(default_factory=_none)
    part_conc: ArrayLike = field(default_factory=_none)
    part_group: ArrayLike = field(default_factory=_none)
    part_inv_kic: ArrayLike = 0.0
    part_inv_kiu: ArrayLike = 0.0
    part_kinact: ArrayLike = 0.0
    part_ki: ArrayLike = 1.0
    part_emax: ArrayLike = 0.0
    part_ec50: ArrayLike = 1.0
    part_hill: ArrayLike = 1.0
    path_site: ArrayLike = field(default_factory=_none)
    path_conc: ArrayLike = field(default_factory=_none)
    path_group: ArrayLike = field(default_factory=_none)
    path_src: ArrayLike = field(default_factory=_none)
    path_clint: ArrayLike = field(default_factory=_none)
    path_inv_km: ArrayLike = 0.0
    prod_path: ArrayLike = field(default_factory=_none)
    prod_dst: ArrayLike = field(default_factory=_none)
    prod_yield: ArrayLike = 1.0

    def __post_init__(self) -> None:
        n = len(self.names)
        if n == 0:
            raise SystemDefinitionError("a System needs at least one state")
        self.kind = np.ascontiguousarray(self.kind, dtype=np.int8).reshape(-1)
        if self.kind.size != n or not np.isin(self.kind, (0, 1, 2)).all():
            raise SystemDefinitionError("kind must hold 0 (amount), 1 (activity) or 2 (quadrature) for each state")
        if (np.asarray(self.kind) == QUADRATURE).all():
            raise SystemDefinitionError("every state is a quadrature: there is nothing to integrate")
        self.y0 = coef_array("y0", self.y0, n)
        self.atol = coef_array("atol", self.atol, n)
        scale = np.asarray(self.scale_with, dtype=np.int32).reshape(-1)
        self.scale_with = index_array("scale_with", scale if scale.size else np.full(n, -1), n, -2, n)
        self._check_linear(n)
        self._check_sites(n)
        self._check_paths(n)
        self._check_quadratures()
        self.n_subjects = self._count_subjects()

    def _check_linear(self, n: int) -> None:
        self.lin_src = index_array("lin_src", self.lin_src, n)
        size = self.lin_src.size
        self.lin_dst = index_array("lin_dst", self.lin_dst, n, -1, size)
        self.lin_k = coef_array("lin_k", self.lin_k, size)
        gain = np.asarray(self.lin_gain, dtype=np.float64).reshape(-1)
        self.lin_gain = gain if gain.size else np.ones(size)
        keep = np.asarray(self.lin_keep, dtype=bool).reshape(-1)
        self.lin_keep = keep if keep.size else np.zeros(size, dtype=bool)
        if self.lin_gain.size != size or self.lin_keep.size != size:
            raise SystemDefinitionError(f"lin_gain and lin_keep need {size} entries each")

    def _check_sites(self, n: int) -> None:
        ptr = np.ascontiguousarray(self.conc_ptr, dtype=np.int32).reshape(-1)
        self.conc_state = index_array("conc_state", self.conc_state, n)
        if ptr.size == 0 or ptr[0] != 0 or ptr[-1] != self.conc_state.size or (np.diff(ptr) < 0).any():
            raise SystemDefinitionError("conc_ptr must rise from 0 to the number of entries of conc_state")
        self.conc_ptr = ptr
        self.conc_coef = coef_array("conc_coef", self.conc_coef, self.conc_state.size)
        self.site_activity = index_array("site_activity", self.site_activity, n, -1)
        sites = self.site_activity.size
        self.site_kdeg = coef_array("site_kdeg", self.site_kdeg, sites)
        used = self.site_activity[self.site_activity >= 0]
        if np.unique(used).size != used.size:
            raise SystemDefinitionError("two sites share one activity state")
        kind = np.asarray(self.kind)
        if (kind[used] != ACTIVITY).any():
            raise SystemDefinitionError("site_activity names a state that is not of kind 1 (activity)")
        self.part_site = index_array("part_site", self.part_site, sites)
        size = self.part_site.size
        self.part_conc = index_array("part_conc", self.part_conc, ptr.size - 1, 0, size)
        self.part_group = index_array("part_group", self.part_group, 2**31 - 1, 0, size)
        for name in ("inv_kic", "inv_kiu", "kinact", "ki", "emax", "ec50", "hill"):
            setattr(self, f"part_{name}", coef_array(f"part_{name}", getattr(self, f"part_{name}"), size))

    def _check_paths(self, n: int) -> None:
        sites, concs = np.asarray(self.site_activity).size, np.asarray(self.conc_ptr).size - 1
        self.path_site = index_array("path_site", self.path_site, sites)
        size = self.path_site.size
        self.path_conc = index_array("path_conc", self.path_conc, concs, 0, size)
        self.path_group = index_array("path_group", self.path_group, 2**31 - 1, 0, size)
        self.path_src = index_array("path_src", self.path_src, n, 0, size)
        self.path_clint = coef_array("path_clint", self.path_clint, size)
        self.path_inv_km = coef_array("path_inv_km", self.path_inv_km, size)
        self.prod_path = index_array("prod_path", self.prod_path, size)
        self.prod_dst = index_array("prod_dst", self.prod_dst, n, 0, self.prod_path.size)
        self.prod_yield = coef_array("prod_yield", self.prod_yield, self.prod_path.size)

    def _check_quadratures(self) -> None:
        quadrature = np.asarray(self.kind) == QUADRATURE
        for name in ("lin_src", "conc_state", "path_src"):
            states = np.asarray(getattr(self, name))
            bad = states[quadrature[states]]
            if bad.size:
                raise SystemDefinitionError(f"{name} reads {self.names[int(bad[0])]}: nothing may depend on a quadrature")

    def _count_subjects(self) -> int:
        widths = {}
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray) and value.ndim == 2 and value.shape[0] and value.shape[1] != 1:
                widths[name] = value.shape[1]
        if len(set(widths.values())) > 1:
            raise SystemDefinitionError(f"coefficients are given for different numbers of subjects: {widths}")
        return next(iter(widths.values()), 1)
