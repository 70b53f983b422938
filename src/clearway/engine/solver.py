"""solve(): a System, its events and outputs, to a Trajectory. Checks and lays out; the kernel does the work."""

from __future__ import annotations

import os
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from clearway.engine import _kernel
from clearway.engine._memory import raw_stack
from clearway.engine._program import Program, program_for
from clearway.engine.events import RATE, Events, Outputs, PreparedEvents
from clearway.engine.result import ResultCode, Trajectory
from clearway.engine.system import Floats, System, SystemDefinitionError

DEFAULT_RTOL = 1e-6
DEFAULT_MAX_STEPS = 100_000


@cache
def processor_paths() -> tuple[str, ...]:
    """Kinds of kernel this machine can run, best first: avx512, avx2, base."""
    return tuple(_kernel.available())


def solve(
    system: System,
    events: Events | None,
    outputs: Outputs,
    t_out: ArrayLike,
    t_end: float,
    *,
    rtol: float = DEFAULT_RTOL,
    threads: int | None = None,
    max_steps: int = DEFAULT_MAX_STEPS,
    isa: str | None = None,
    program: Program | None = None,
    _fixed_step: float = 0.0,
) -> Trajectory:
    """Integrate every subject from 0 to t_end (h) by Rodas5P with error control relative to rtol and System.atol.

    t_out: rising output times, (T,) for all or (S, T). At a time with an event that stands twice in t_out the first value
    is before the event and the second after; standing once, it is after. The result of a subject does not depend on
    threads, on its place in the batch or on the other subjects. isa: a name of processor_paths(). program: a Program
    to be reused, so that chunks of a cohort whose coefficients happen to be zero do not run a smaller one.
    Raises SystemDefinitionError for contradictions; what happens to a single subject is in Trajectory.code.
    """
    subjects = _subjects(system, events, outputs, t_out)
    times = np.ascontiguousarray(t_out, dtype=np.float64)
    _check_times(times, subjects, t_end, rtol)
    if np.asarray(outputs.state).size and (np.asarray(outputs.state).max() >= len(system.names) or np.asarray(outputs.state).min() < 0):
        raise SystemDefinitionError("outputs name a state that does not exist")
    prepared = (events or Events([], [], [])).prepared(system, subjects)
    program = program or program_for(system, outputs)
    raw = raw_stack(system, outputs, subjects)
    y0 = np.ascontiguousarray(np.broadcast_to(np.asarray(system.y0), (len(system.names), subjects)))
    good = np.isfinite(raw).all(axis=0) & np.isfinite(y0).all(axis=0) & prepared.finite(subjects)
    run = np.flatnonzero(good).astype(np.int64)
    result = _allocate(subjects, times.shape[-1], program)
    place = np.empty(program.states, np.int32)
    place[program.internal] = np.arange(program.states)
    batch = dict(
        result, subjects=subjects, run=run, par=np.ascontiguousarray(program.recipe.values(raw)), y0=y0, t_out=times,
        times=times.shape[-1], t_out_stride=times.shape[-1] if times.ndim == 2 else 0, t_end=float(t_end), rtol=float(rtol),
        max_steps=int(max_steps), fixed_h=float(_fixed_step), **_event_arrays(prepared, place),
    )  # fmt: skip
    path = isa or os.environ.get("CLEARWAY_ISA") or processor_paths()[0]
    workers = threads or len(os.sched_getaffinity(0))
    _kernel.integrate(_program_arrays(program), batch, path, max(1, min(workers, (run.size + 7) // 8)))
    bad = ~good
    result["code"][bad] = ResultCode.BAD_PARAMETER
    result["values"][bad] = np.nan
    result["final"][bad] = np.nan
    return Trajectory(t=times, names=tuple(system.names), isa=path, **result)


def _subjects(system: System, events: Events | None, outputs: Outputs, t_out: ArrayLike) -> int:
    widths = {system.n_subjects, np.asarray(outputs.coef).shape[1]}
    if events is not None:
        amount = np.asarray(events.amount)
        widths.add(amount.shape[1] if amount.ndim == 2 else 1)
        if events.ptr is not None:
            widths.add(np.asarray(events.ptr).size - 1)
    if np.ndim(t_out) == 2:
        widths.add(np.asarray(t_out).shape[0])
    widths.discard(1)
    if len(widths) > 1:
        raise SystemDefinitionError(f"system, events, outputs and t_out speak of different numbers of subjects: {sorted(widths)}")
    return widths.pop() if widths else 1


def _check_times(times: Floats, subjects: int, t_end: float, rtol: float) -> None:
    if times.ndim not in (1, 2) or (times.ndim == 2 and times.shape[0] != subjects):
        raise SystemDefinitionError(f"t_out has shape {times.shape}, expected (times) or ({subjects}, times)")
    if not np.isfinite(times).all() or (np.diff(times, axis=-1) < 0).any():
        raise SystemDefinitionError("t_out must be finite and rising")
    if not (np.isfinite(t_end) and t_end >= 0) or (times.size and (times.min() < 0 or times.max() > t_end)):
        raise SystemDefinitionError("t_end must be finite, and t_out lie within 0..t_end")
    if not 1e-14 <= rtol <= 0.1:
        raise SystemDefinitionError(f"rtol is {rtol}, allowed 1e-14 to 0.1")


def _allocate(subjects: int, times: int, program: Program) -> dict[str, np.ndarray]:
    return {
        "values": np.empty((subjects, times, program.outputs)),
        "final": np.empty((subjects, program.states)),
        "code": np.zeros(subjects, np.int8),
        "steps": np.zeros(subjects, np.int64),
        "rejected": np.zeros(subjects, np.int64),
        "code_state": np.full(subjects, -1, np.int32),
        "code_time": np.full(subjects, np.nan),
    }


def _event_arrays(e: PreparedEvents, place: np.ndarray) -> dict[str, object]:
    return {
        "ev_ptr": e.ptr, "ev_time": e.time, "ev_state": place[e.state], "ev_kind": e.kind, "ev_label": e.label,
        "ev_amount": e.amount, "ev_amount_stride": e.amount.shape[1], "any_rate": int((e.kind == RATE).any()),
    }  # fmt: skip


def _program_arrays(p: Program) -> dict[str, object]:
    names = (
        "states", "unknowns", "in_norm", "outputs", "slots", "y", "stage_y", "size", "increments", "stride", "atol", "rates", "linear_coef",
        "forward_coef", "backward_coef", "internal", "conc", "site", "jac", "factor", "linear", "forward", "backward", "scale",
        "out_states", "out",
    )  # fmt: skip
    return {**{name: getattr(p, name) for name in names}, "par_slot": p.recipe.slots}
