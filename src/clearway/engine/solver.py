"""solve(): a System, its events and outputs, to a Trajectory. Checks and lays out; the kernel does the work."""

from __future__ import annotations

import os
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from clearway.engine import _kernel
from clearway.engine._memory import raw_stack
from clearway.engine._program import Program, program_for
from clearway.engine._unusable import unusable
from clearway.engine.events import RATE, Events, Outputs, PreparedEvents
from clearway.engine.result import ResultCode, Trajectory
from clearway.engine.system import Floats, System, SystemDefinitionError
from clearway.errors import InputError

DEFAULT_RTOL = 1e-6
DEFAULT_MAX_STEPS, STEPS_PER_EVENT = 100_000, 200
"""Without a limit of its own, a subject may take so many steps and so many more for each of its events."""

LARGE = 1e100
"""Amounts and coefficients beyond which outputs are searched for numbers that overflowed."""


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
    max_steps: int | None = None,
    isa: str | None = None,
    program: Program | None = None,
    _fixed_step: float = 0.0,
) -> Trajectory:
    """Integrate every subject from 0 to t_end (h) by Rodas5P with error control relative to rtol and System.atol.

    t_out: rising output times, (T,) for all or (S, T). At a time with an event that stands twice in t_out the first value
    is before the event and the second after; standing once, it is after. The result of a subject does not depend on
    threads, on its place in the batch or on the other subjects. isa: a name of processor_paths(), or "cuda" for an NVIDIA
    GPU (threads is not used then); without it the environment variable CLEARWAY_ISA decides, else the best of
    processor_paths(). program: a Program to be reused, so that chunks of a cohort whose coefficients happen to be zero do
    not run a smaller one. max_steps: of one subject; by default 100,000 and 200 for each event.
    Raises SystemDefinitionError for contradictions and InputError for an isa that cannot run here; what happens to a single
    subject is in Trajectory.code.
    """
    path = _path(isa)
    subjects = _subjects(system, events, outputs, t_out)
    times = np.ascontiguousarray(t_out, dtype=np.float64)
    _check_times(times, subjects, t_end, rtol)
    if np.asarray(outputs.state).size and (np.asarray(outputs.state).max() >= len(system.names) or np.asarray(outputs.state).min() < 0):
        raise SystemDefinitionError("outputs name a state that does not exist")
    prepared = (events or Events([], [], [])).prepared(system, subjects)
    program = program or program_for(system, outputs)
    raw = raw_stack(system, outputs, subjects)
    y0 = np.ascontiguousarray(np.broadcast_to(np.asarray(system.y0), (len(system.names), subjects)))
    faults = unusable(system, prepared, outputs, raw, y0, t_end)
    run = np.delete(np.arange(subjects, dtype=np.int64), list(faults))
    result = _allocate(subjects, times.shape[-1], program)
    place = np.empty(program.states, np.int32)
    place[program.internal] = np.arange(program.states)
    limit = (DEFAULT_MAX_STEPS, STEPS_PER_EVENT) if max_steps is None else (int(max_steps), 0)
    batch = dict(
        result, subjects=subjects, run=run, par=_parameters(program, raw), y0=y0, t_out=times,
        times=times.shape[-1], t_out_stride=times.shape[-1] if times.ndim == 2 else 0, t_end=float(t_end), rtol=float(rtol),
        max_steps=limit[0], steps_per_event=limit[1], fixed_h=float(_fixed_step), **_event_arrays(prepared, place),
    )  # fmt: skip
    if path == "cuda":
        from clearway.engine import _cuda

        _cuda.integrate(_program_arrays(program), batch)
    else:
        workers = threads or len(os.sched_getaffinity(0))
        _kernel.integrate(_program_arrays(program), batch, path, max(1, min(workers, (run.size + 7) // 8)))
    for subject, fault in faults.items():
        result["code"][subject] = ResultCode.BAD_PARAMETER
        result["code_state"][subject], result["code_time"][subject] = fault.state, fault.time
    _withhold(result, times, float(t_end), search=bool((np.abs(np.asarray(outputs.coef)) > LARGE).any()))
    texts = {subject: fault.text for subject, fault in faults.items()}
    return Trajectory(t=times, names=tuple(system.names), isa=path, faults=texts, **result)


def _parameters(program: Program, raw: Floats) -> Floats:
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows here ends in a result code
        return np.ascontiguousarray(program.recipe.values(raw).T)


def _withhold(result: dict[str, np.ndarray], times: Floats, t_end: float, search: bool) -> None:
    """No number stands where a run has failed. A quadrature or an output may overflow though every step was good."""
    values, final, code = result["values"], result["final"], result["code"]
    lost = ~np.isfinite(final).all(axis=1) & (code == ResultCode.OK)
    if search or (np.abs(final) > LARGE).any():
        lost |= ~np.isfinite(values).all(axis=(1, 2)) & (code == ResultCode.OK)
    code[lost] = ResultCode.NOT_FINITE
    result["code_state"][lost] = np.isfinite(final[lost]).argmin(axis=1)
    result["code_time"][lost] = t_end
    withheld = lost | (code == ResultCode.BAD_PARAMETER)
    for subject in np.flatnonzero(code != ResultCode.OK).tolist():
        since = -np.inf if withheld[subject] else result["code_time"][subject]
        if withheld[subject] or code[subject] == ResultCode.NEGATIVE_AMOUNT:
            values[subject, times[subject if times.ndim == 2 else ...] >= since] = np.nan
        final[subject] = np.nan


def _path(isa: str | None) -> str:
    """The path to run, from the argument, the environment or this machine."""
    asked = isa or os.environ.get("CLEARWAY_ISA")
    if not asked:
        return processor_paths()[0]
    if asked != "cuda" and asked not in processor_paths():
        name, paths = "isa" if isa else "CLEARWAY_ISA", ", ".join(processor_paths())
        raise InputError(f"{name} is {asked!r}; allowed here: {paths}, and cuda where there is an NVIDIA GPU (leave it out for the best)")
    return asked


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
        "states", "unknowns", "reads", "plain", "plain_end", "in_norm", "outputs", "residuals", "slots", "y", "stage_y", "increments",
        "stride", "residual", "rates", "atol", "linear_coef", "forward_coef", "backward_coef", "internal", "conc", "site", "jac",
        "factor", "linear", "forward", "backward", "leaves", "scale", "out_states", "out",
    )  # fmt: skip
    return {**{name: getattr(p, name) for name in names}, "par_slot": p.recipe.slots}
