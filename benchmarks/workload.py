"""What is measured: a System with its doses, outputs and output times, and how far a solution may be from the reference."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from clearway.engine import QUADRATURE, Events, Outputs, System, solve

SUBJECTS = 256
"""People of a workload, unless told otherwise."""

COUNTED = 1e-3
"""An output is compared where the reference exceeds this part of its column's maximum."""

REFERENCE_RTOL, REFERENCE_ATOL = 1e-11, 1e-2
"""The reference: Clearway at this relative tolerance and this factor on the usual absolute one."""


@dataclass(frozen=True)
class Workload:
    """One benchmark: subjects of one pattern, with hourly output. names: one per output."""

    name: str
    title: str
    system: System
    events: Events
    outputs: Outputs
    names: tuple[str, ...]
    times: np.ndarray

    @property
    def end(self) -> float:
        return float(self.times[-1])

    @property
    def subjects(self) -> int:
        return self.system.n_subjects

    def first(self, subjects: int) -> Workload:
        """The same for the first of its subjects."""
        given = {
            name: value[:, :subjects] for name, value in vars(self.system).items() if isinstance(value, np.ndarray) and value.ndim == 2
        }
        o = self.outputs
        outputs = Outputs(o.ptr, o.state, np.asarray(o.coef)[:, :subjects])
        return replace(self, system=replace(self.system, **given), outputs=outputs)

    def reference(self) -> np.ndarray:
        """(subjects, times, outputs) by Clearway far below any tolerance that is measured."""
        tight = replace(self.system, atol=np.asarray(self.system.atol) * REFERENCE_ATOL)
        done = solve(tight, self.events, self.outputs, self.times, self.end, rtol=REFERENCE_RTOL, max_steps=10**6)
        done.raise_for_code()
        return done.values


def errors(values: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Per subject the worst relative error of any output at any time where the reference counts (subjects, times, outputs)."""
    counted = reference > COUNTED * reference.max(axis=1, keepdims=True)
    relative = np.abs(values - reference) / np.where(counted, reference, 1.0)
    relative[~np.isfinite(relative)] = np.inf
    return np.where(counted, relative, 0.0).max(axis=(1, 2))


def max_error(values: np.ndarray, reference: np.ndarray) -> float:
    """The worst of `errors`: the error of a solution, everywhere in these benchmarks."""
    return float(errors(values, reference).max())


def without_quadratures(workload: Workload) -> Workload:
    """The same without integrals and sinks, which no output reads: what a lean model for another solver would hold."""
    s = workload.system
    keep = np.asarray(s.kind) != QUADRATURE
    place = np.where(keep, np.cumsum(keep) - 1, -1)
    lost = ~keep[np.asarray(s.lin_dst)] & (np.asarray(s.lin_dst) >= 0)
    stay = ~(lost & np.asarray(s.lin_keep))
    dst = np.where(lost | (np.asarray(s.lin_dst) < 0), -1, place[np.asarray(s.lin_dst)])
    scale = np.asarray(s.scale_with)
    formed = keep[np.asarray(s.prod_dst)]
    lean = replace(
        s,
        names=[name for name, kept in zip(s.names, keep, strict=True) if kept],
        kind=np.asarray(s.kind)[keep], y0=np.asarray(s.y0)[keep], atol=np.asarray(s.atol)[keep],
        scale_with=np.where(scale >= 0, place[scale], scale)[keep],
        lin_src=place[np.asarray(s.lin_src)][stay], lin_dst=dst[stay], lin_k=np.asarray(s.lin_k)[stay],
        lin_gain=np.asarray(s.lin_gain)[stay], lin_keep=np.asarray(s.lin_keep)[stay],
        conc_state=place[np.asarray(s.conc_state)],
        site_activity=np.where(np.asarray(s.site_activity) >= 0, place[np.asarray(s.site_activity)], -1),
        path_src=place[np.asarray(s.path_src)],
        prod_path=np.asarray(s.prod_path)[formed], prod_dst=place[np.asarray(s.prod_dst)][formed],
        prod_yield=np.asarray(s.prod_yield)[formed],
    )  # fmt: skip
    e, o = workload.events, workload.outputs
    if not (keep[np.asarray(e.state)].all() and keep[np.asarray(o.state)].all()):
        raise ValueError(f"{workload.name}: a dose or an output concerns an integral")
    return replace(
        workload,
        system=lean,
        events=replace(e, state=place[np.asarray(e.state)]),
        outputs=Outputs(o.ptr, place[np.asarray(o.state)], o.coef),
    )


def build(name: str, subjects: int = SUBJECTS) -> Workload:
    """The workload of this name: ddi14, ddi14-<days>d, a case of cases/ (two, six, twenty), or <n>-compounds (made up)."""
    import ddi14
    import real_case
    import synthetic

    if name == "ddi14":
        return ddi14.workload(subjects)
    if name.startswith("ddi14-") and name.endswith("d"):
        return ddi14.workload(subjects, days=int(name[6:-1]))
    if name.endswith("-compounds"):
        return synthetic.workload(int(name.removesuffix("-compounds")), subjects)
    return real_case.workload(name, subjects)
