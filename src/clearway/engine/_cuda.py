"""The kernel on an NVIDIA GPU: the headers of the CPU paths, compiled by NVRTC through CuPy at first use, one subject a thread.

Chosen by isa="cuda" alone, never by itself. Subjects go to the device in chunks that fit its free memory; threads take them from
a queue as the lanes of a CPU do, so that a result does not depend on chunk, order or number of threads.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from clearway.errors import InputError

BLOCK = 128  # threads of a block, as in path_cuda.cu
OPTIONS = ("-std=c++17", "--device-as-default-execution-space", "-fmad=false", "-diag-suppress=161")
"""No contraction: what is fused is said in the source. 161: the headers' unroll pragmas are GCC's."""
FREE_SHARE = 0.8  # of the device's free memory is used: allocators round up
ELSEWHERE = "free some of it, or run on the CPU: leave out isa='cuda'"
RESULTS = ("values", "final", "code", "steps", "rejected", "code_state", "code_time")
_KERNEL = Path(__file__).parent / "kernel"
_CTYPES = {"int": np.int32, "long": np.int64, "double": np.float64, "signed char": np.int8}


class Unavailable(InputError):
    """No GPU can be used; `why`, and `step`: what to do about it."""

    def __init__(self, why: str, step: str) -> None:
        self.why, self.step = why, step
        super().__init__(f"isa is 'cuda', but {why} ({step}; or run on the CPU: leave out isa='cuda' and CLEARWAY_ISA)")


class Gpu:
    """CuPy's current device, with the kernel compiled for it. CuPy keeps the machine code in its own cache on disk.

    name: as its driver calls it; threads: how many it holds at once, a multiple of BLOCK.
    Raises Unavailable where there is no CuPy, no device, or no compiler.
    """

    def __init__(self) -> None:
        try:
            self._cupy = cupy = importlib.import_module("cupy")
        except Exception as error:
            why = "CuPy is not installed" if isinstance(error, ModuleNotFoundError) else f"CuPy cannot be loaded: {_line(error)}"
            raise Unavailable(why, "install it with: pip install 'clearway[cuda]'") from error
        try:
            count = cupy.cuda.runtime.getDeviceCount()
        except Exception as error:
            step = "see that 'nvidia-smi' lists one and that its driver is recent"
            raise Unavailable(f"no NVIDIA GPU answers: {_line(error)}", step) from error
        if count == 0:
            raise Unavailable("this machine has no NVIDIA GPU", "run it on one that has")
        try:
            self._kernel = cupy.RawKernel(source(), "integrate", options=OPTIONS)
            function = self._kernel.kernel
        except Exception as error:
            raise Unavailable(f"the kernel was not compiled: {_line(error)}", "install NVRTC with: pip install 'clearway[cuda]'") from error
        properties = cupy.cuda.runtime.getDeviceProperties(cupy.cuda.runtime.getDevice())
        self.name = properties["name"].decode()
        blocks = cupy.cuda.driver.occupancyMaxActiveBlocksPerMultiprocessor(function.ptr, BLOCK, 0)
        self.threads = BLOCK * blocks * properties["multiProcessorCount"]

    def free_bytes(self) -> int:
        return int(self._cupy.cuda.runtime.memGetInfo()[0]) + int(self._cupy.get_default_memory_pool().free_bytes())

    def put(self, array: np.ndarray) -> Any:
        """A copy of the array on the device: address in `.data.ptr`, and `.get()` brings it back."""
        return self._kept(self._cupy.asarray, np.ascontiguousarray(array))

    def make(self, shape: tuple[int, ...], dtype: Any) -> Any:
        """The same, of any content."""
        return self._kept(self._cupy.empty, shape, dtype)

    def _kept(self, allocate: Callable[..., Any], *what: Any) -> Any:
        try:
            return allocate(*what)
        except self._cupy.cuda.memory.OutOfMemoryError as error:
            raise InputError(f"the GPU's memory ran out: {_line(error)} ({ELSEWHERE})") from error

    def launch(self, blocks: int, program: np.ndarray, batch: np.ndarray, memory: Any) -> None:
        self._kernel((blocks,), (BLOCK,), (program, batch, memory))


@cache
def gpu() -> Gpu:
    """The device, found and compiled for once."""
    return Gpu()


def integrate(program: dict[str, Any], batch: dict[str, Any]) -> None:
    """As _kernel.integrate: the subjects batch["run"] of this batch, results written into batch's arrays."""
    device = gpu()
    streams = {name: device.put(value) for name, value in program.items() if isinstance(value, np.ndarray)}
    facts = dict(program, parameters=program["par_slot"].size, n_out_states=program["out_states"].size)
    facts |= {name: buffer.data.ptr for name, buffer in streams.items()}
    workspace = 8 * int(program["slots"])  # bytes for each thread
    run = _by_expected_steps(batch)
    free = int(device.free_bytes() * FREE_SHARE)
    threads = min(device.threads, -(-run.size // BLOCK) * BLOCK, free // 2 // workspace // BLOCK * BLOCK)
    room = (free - threads * workspace) // _bytes_of_one(program, batch)
    if run.size and (threads < BLOCK or room < 1):
        raise InputError(f"this model needs {BLOCK * workspace * 2 >> 20} MiB of GPU memory; {free >> 20} MiB can be had ({ELSEWHERE})")
    memory = device.make((max(1, threads) * workspace,), np.uint8)
    for chunk in _chunks(run, room):
        _run_chunk(device, facts, batch, chunk, threads, memory)


def _run_chunk(device: Gpu, program: dict[str, Any], batch: dict[str, Any], chunk: np.ndarray, threads: int, memory: Any) -> None:
    """These subjects as a batch of their own."""
    inputs = _inputs(batch, chunk)
    kept = {name: device.put(value) for name, value in inputs.items()}
    kept |= {name: device.make((chunk.size, *batch[name].shape[1:]), batch[name].dtype) for name in RESULTS}
    kept["queue"] = device.put(np.zeros(1, np.int64))
    facts = dict(batch, subjects=chunk.size, n_run=chunk.size, n_events=inputs["ev_time"].size)
    facts |= {name: buffer.data.ptr for name, buffer in kept.items()}
    if inputs["ev_ptr"].size == 0:
        facts["ev_ptr"] = 0
    if batch["ev_amount_stride"] != 1:
        facts["ev_amount_stride"] = chunk.size
    device.launch(min(threads, -(-chunk.size // BLOCK) * BLOCK) // BLOCK, record("Program", program), record("Batch", facts), memory)
    for name in RESULTS:
        batch[name][chunk] = kept[name].get()


def _inputs(batch: dict[str, Any], chunk: np.ndarray) -> dict[str, np.ndarray]:
    """What the kernel reads of these subjects, numbered anew from 0."""
    out: dict[str, np.ndarray] = {name: batch[name] for name in ("ev_ptr", "ev_time", "ev_state", "ev_kind", "ev_label", "ev_amount")}
    if out["ev_ptr"].size:
        ptr = out["ev_ptr"]
        counts = (ptr[1:] - ptr[:-1])[chunk]
        out["ev_ptr"] = np.concatenate([[0], np.cumsum(counts)])
        events = np.repeat(ptr[chunk] - out["ev_ptr"][:-1], counts) + np.arange(counts.sum())
        out |= {name: out[name][events] for name in ("ev_time", "ev_state", "ev_kind", "ev_label", "ev_amount")}
    elif batch["ev_amount_stride"] != 1:
        out["ev_amount"] = out["ev_amount"][:, chunk]
    times: np.ndarray = batch["t_out"]
    return out | {
        "run": np.arange(chunk.size), "par": batch["par"][chunk], "y0": batch["y0"][:, chunk],
        "t_out": times[chunk] if batch["t_out_stride"] else times,
    }  # fmt: skip


def _by_expected_steps(batch: dict[str, Any]) -> np.ndarray:
    """The subjects to run, those with most events first: the last threads to finish are then not the longest ones."""
    run: np.ndarray = batch["run"]
    ptr: np.ndarray = batch["ev_ptr"]
    return run[np.argsort(-(ptr[1:] - ptr[:-1])[run], kind="stable")] if ptr.size else run


def _bytes_of_one(program: dict[str, Any], batch: dict[str, Any]) -> int:
    """Device memory of one subject's inputs and results, generously."""
    numbers = batch["par"].shape[1] + 2 * batch["y0"].shape[0] + 8
    numbers += batch["times"] * (program["outputs"] + (batch["t_out_stride"] > 0))
    if batch["ev_ptr"].size:
        numbers += 4 * int(np.diff(batch["ev_ptr"]).max(initial=0))
    elif batch["ev_amount_stride"] != 1:
        numbers += batch["ev_time"].size
    return 8 * int(numbers)


def _chunks(run: np.ndarray, room: int) -> Iterator[np.ndarray]:
    """Equal chunks of at most `room` subjects."""
    return iter(np.array_split(run, -(-run.size // room))) if run.size else iter(())


@cache
def source() -> str:
    """path_cuda.cu with its headers in place: CuPy's cache knows a kernel by its text alone."""

    def expanded(name: str) -> str:
        lines = [f'#line 1 "{name}"']
        for number, line in enumerate((_KERNEL / name).read_text(encoding="utf-8").splitlines(), 1):
            include = re.fullmatch(r'#include "(.+)"', line)
            if include:
                lines += [expanded(include[1]), f'#line {number + 1} "{name}"']
            else:
                lines.append("" if line == "#pragma once" else line)
        return "\n".join(lines)

    return expanded("path_cuda.cu") + "\n"


@cache
def layout(structure: str) -> np.dtype[np.void]:
    """The memory layout of program.hpp's Program or Batch, read from the header itself; pointers are int64."""
    text = re.sub(r"//.*", "", (_KERNEL / "program.hpp").read_text(encoding="utf-8"))
    body = re.search(rf"struct {structure} {{(.*?)}};", text, re.DOTALL)
    assert body is not None
    fields: list[tuple[str, Any]] = []
    for declaration in filter(None, map(str.strip, body[1].split(";"))):
        kind, names = re.fullmatch(r"(?:const )?(signed char|int|long|double)\b(.*)", declaration, re.DOTALL).groups()  # type: ignore[union-attr]
        fields += [(name.strip(" *\n"), np.int64 if "*" in name else _CTYPES[kind]) for name in names.split(",")]
    return np.dtype(fields, align=True)


def record(structure: str, values: dict[str, Any]) -> np.ndarray:
    """One Program or Batch, to be passed by value."""
    out = np.zeros(1, layout(structure))
    for name in out.dtype.names or ():
        out[name] = values[name]
    return out


def _line(error: Exception) -> str:
    """The first line of what an error says."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
