"""The GPU path without a GPU: its source run on the CPU by a stand-in, compiled for the device by NVRTC, refused where there is none.

What these tests cannot show is the silicon itself: they run the CUDA source thread by thread (cuda_on_cpu.cpp), so that only the
rounding of a device's own fused multiply-add and the meeting of a warp's threads are taken on trust.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from clearway.answers import run_case
from clearway.cli import main
from clearway.engine import RATE, Events, Outputs, ResultCode, Trajectory, _cuda, processor_paths, solve
from clearway.errors import InputError
from clearway.regimen import Case
from engine_systems import random_system

HERE = Path(__file__).parent
ddi14 = importlib.import_module("ddi14")  # from benchmarks/, which engine_systems adds to the path
max_error = importlib.import_module("workload").max_error
FUSED = [path for path in processor_paths() if path != "base"]
fused_only = pytest.mark.skipif(not FUSED, reason="this processor has no fused multiply-add to compare with")
TESTED_ARCHITECTURE = "sm_90"


@dataclass
class StandIn:
    """A device whose memory is the host's and whose kernel is the same source, compiled by g++; CuPy's names as _cuda uses them."""

    library: ctypes.CDLL
    memory: int = 1 << 30
    launches: list[int] = field(default_factory=list)

    def cupy(self) -> SimpleNamespace:
        runtime = SimpleNamespace(
            getDeviceCount=lambda: 1,
            getDevice=lambda: 0,
            getDeviceProperties=lambda device: {"name": b"stand-in", "multiProcessorCount": 1},
            memGetInfo=lambda: (self.memory, self.memory),
        )
        driver = SimpleNamespace(occupancyMaxActiveBlocksPerMultiprocessor=lambda function, threads, shared: 1)
        cuda = SimpleNamespace(runtime=runtime, driver=driver, memory=SimpleNamespace(OutOfMemoryError=MemoryError))
        pool = SimpleNamespace(free_bytes=lambda: 0)
        return SimpleNamespace(
            cuda=cuda, asarray=lambda a: Buffer(np.array(a)), empty=Buffer.full, RawKernel=self.kernel, get_default_memory_pool=lambda: pool
        )

    def kernel(self, code: str, name: str, options: tuple[str, ...]) -> Any:
        def launch(grid: tuple[int], block: tuple[int], arguments: tuple[np.ndarray, np.ndarray, Buffer]) -> None:
            program, batch, memory = arguments
            assert program.size == batch.size == 1, "CuPy passes arrays of one structure by value"
            self.launches.append(int(batch["n_run"][0]))
            addresses = (program.ctypes.data, batch.ctypes.data, memory.data.ptr)
            assert self.library.launch(*grid, *block, *map(ctypes.c_void_p, addresses)) == 0, "a thread left its warp while others waited"

        assert code == _cuda.source() and name == "integrate" and "-fmad=false" in options
        launch.kernel = SimpleNamespace(ptr=0)  # type: ignore[attr-defined]
        return launch


class Buffer:
    """What CuPy calls an ndarray."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array
        self.data = SimpleNamespace(ptr=array.ctypes.data)

    @classmethod
    def full(cls, shape: tuple[int, ...], dtype: Any) -> Buffer:
        """A device's memory holds anything: reading it would show."""
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        if size > 1 << 34:
            raise MemoryError("more than there is")
        return cls(np.full(size, 0xFF, np.uint8).view(dtype).reshape(shape))

    def get(self) -> np.ndarray:
        return self.array


def built(folder: Path, *more: str) -> ctypes.CDLL:
    """The stand-in's library."""
    compiler = shutil.which("g++")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("the stand-in for a GPU needs g++ and Linux")
    (folder / "kernel.cu").write_text(_cuda.source())
    # As the CPU paths: nothing contracted, and without the two analyses that GCC 12 gets wrong (CMakeLists.txt).
    options = ["-std=c++20", "-O2", "-ffp-contract=off", "-fno-ipa-pure-const", "-fno-ipa-modref", *(["-mfma"] if FUSED else []), *more]
    command = [compiler, *options, "-shared", "-fPIC", f"-I{folder}", str(HERE / "cuda_on_cpu.cpp"), "-o", str(folder / "kernel.so")]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(folder / "kernel.so"))


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    return built(tmp_path_factory.mktemp("cuda"))


@pytest.fixture(scope="session")
def flushing_library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    return built(tmp_path_factory.mktemp("cuda"), "-DFLUSH_DENORMALS")


@pytest.fixture
def device(library: ctypes.CDLL, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """As a GPU: denormal numbers are kept. The CPU paths flush them, which can show in the last bits of a small number."""
    stand_in = StandIn(library)
    monkeypatch.setitem(sys.modules, "cupy", stand_in.cupy())
    monkeypatch.setattr(_cuda, "gpu", cache(_cuda.Gpu))
    return stand_in


@pytest.fixture
def flushing_device(flushing_library: ctypes.CDLL, device: StandIn) -> StandIn:
    """As a GPU that flushes them: bit for bit what a fused CPU path computes."""
    device.library = flushing_library
    return device


def assert_identical(found: Trajectory, expected: Trajectory) -> None:
    for name in ("values", "final", "code", "steps", "rejected", "code_state", "code_time"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)


def test_structures_are_laid_out_as_the_compiler_does(library: ctypes.CDLL) -> None:
    for name in ("program", "batch"):
        assert _cuda.layout(name.capitalize()).itemsize == library[f"size_of_{name}"]()


PRESCRIBED = dict(t_out=np.arange(0.0, 25.0), t_end=24.0, _fixed_step=0.05)


def ddi14_parts(subjects: int) -> dict[str, Any]:
    p = ddi14.population(subjects)
    return dict(system=ddi14.build_system(p), events=ddi14.build_events(), outputs=ddi14.build_outputs(p))


def test_prescribed_steps_agree_to_1e_9(device: StandIn) -> None:
    """DDI-14, 200 subjects on 128 threads, so that the queue refills; against every path of this processor."""
    parts = ddi14_parts(200)
    found = solve(**parts, **PRESCRIBED, isa="cuda")
    assert found.ok and found.isa == "cuda" and device.launches == [200]
    for path in processor_paths():
        expected = solve(**parts, **PRESCRIBED, isa=path).values
        assert max_error(found.values, expected) < 1e-9


def test_own_steps_agree_to_ten_tolerances(device: StandIn) -> None:
    """DDI-14, two weeks of 64 subjects."""
    p, rtol = ddi14.population(64), 1e-6
    found = ddi14.run_clearway(p, rtol, isa="cuda")
    assert found.ok
    for path in processor_paths():
        assert max_error(found.values, ddi14.run_clearway(p, rtol, isa=path).values) < 10 * rtol


@fused_only
def test_but_for_denormals_it_is_a_fused_path_bit_for_bit(flushing_device: StandIn) -> None:
    p = ddi14.population(64)
    assert_identical(ddi14.run_clearway(p, 1e-6, isa="cuda"), ddi14.run_clearway(p, 1e-6, isa=FUSED[0]))
    parts = ddi14_parts(150)
    assert_identical(solve(**parts, **PRESCRIBED, isa="cuda"), solve(**parts, **PRESCRIBED, isa=FUSED[0]))


def test_a_real_case(device: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Methadone with nelfinavir as `clearway run` solves it; CLEARWAY_ISA chooses."""
    case = Case.load(HERE.parent / "examples" / "methadone-nelfinavir.yaml")
    expected = run_case(case).simulation.trajectory
    monkeypatch.setenv("CLEARWAY_ISA", "cuda")
    found = run_case(case).simulation.trajectory
    assert found.isa == "cuda" and sum(device.launches) >= expected.values.shape[0]
    np.testing.assert_allclose(found.values, expected.values, rtol=1e-5, atol=1e-6 * np.abs(expected.values).max())


@fused_only
@pytest.mark.parametrize("seed", range(4))
def test_every_kind_of_event_and_ending_in_any_chunks(flushing_device: StandIn, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Own events, amounts and output times, infusions, bad parameters, step limits: as on the CPU, whatever the chunk."""
    subjects, r = 70, np.random.default_rng(seed)
    system = random_system(seed, subjects=subjects, compounds=1 + seed, sites=1 + seed % 2)
    k = np.array(system.lin_k)
    k[0, 5] = np.nan
    system.lin_k = k
    if seed % 2:
        ptr = np.concatenate([[0], np.cumsum(r.integers(0, 4, subjects))])
        size = int(ptr[-1])
        events = Events(r.uniform(0, 3, size), r.integers(0, 3, size), r.uniform(0, 2, size), r.integers(0, 3, size), ptr=ptr)
    else:
        events = Events([0.0, 0.5, 1.0, 2.0], [0, 2, 2, 0], r.uniform(0.1, 2, (4, 1)) * np.ones((4, subjects)), kind=[0, RATE, RATE, 0])
    times = np.sort(r.uniform(0, 4, (subjects, 40)), axis=1) if seed < 2 else np.linspace(0, 4, 90)
    outputs = Outputs.of_states(range(len(system.names)), r.uniform(0.5, 2, (len(system.names), subjects)))
    free = solve(system, events, outputs, times, 4.0, isa=FUSED[0])
    limit = int(np.median(free.steps + free.rejected)) if seed == 0 else None

    def run(path: str) -> Trajectory:
        return solve(system, events, outputs, times, 4.0, isa=path, max_steps=limit)

    expected = run(FUSED[0])
    assert expected.code[5] == ResultCode.BAD_PARAMETER and (expected.code == 0).any() and (seed or ResultCode.MAX_STEPS in expected.code)
    assert_identical(run("cuda"), expected)
    assert flushing_device.launches == [subjects - 1]
    monkeypatch.setattr(_cuda, "_bytes_of_one", lambda program, batch: flushing_device.memory // 25)
    flushing_device.launches = []
    assert_identical(run("cuda"), expected)
    assert sum(flushing_device.launches) == subjects - 1 and max(flushing_device.launches) < 25


def test_a_device_too_small_is_named(device: StandIn) -> None:
    device.memory = 1 << 18
    with pytest.raises(InputError, match=r"needs \d+ MiB of GPU memory; 0 MiB can be had"):
        ddi14.run_clearway(ddi14.population(2), 1e-6, isa="cuda")


def test_memory_that_runs_out_all_the_same_is_said(device: StandIn) -> None:
    with pytest.raises(InputError, match="the GPU's memory ran out: more than there is"):
        _cuda.gpu().make((1 << 34,), np.float64)


def test_doctor_names_the_device(device: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor"])
    assert "ok    cuda: found stand-in" in capsys.readouterr().out


def test_without_a_device_the_reason_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "cupy", None)
    monkeypatch.setattr(_cuda, "gpu", _cuda.Gpu)
    with pytest.raises(InputError, match=r"isa is 'cuda', but CuPy is not installed .*pip install 'clearway\[cuda\]'"):
        ddi14.run_clearway(ddi14.population(2), 1e-6, isa="cuda")
    monkeypatch.setenv("CLEARWAY_ISA", "cuda")
    assert main(["run", str(HERE.parent / "examples" / "methadone-nelfinavir.yaml")]) == 2
    said = capsys.readouterr().err
    assert "CuPy is not installed" in said and "Traceback" not in said
    monkeypatch.delenv("CLEARWAY_ISA")
    main(["doctor"])
    assert "ok    cuda: not used: CuPy is not installed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("count", "reason"),
    [(lambda: 0, "this machine has no NVIDIA GPU"), (lambda: 1 // 0, "no NVIDIA GPU answers: .*division.* \\(see that 'nvidia-smi'")],
)
def test_cupy_without_a_device_is_told_apart(monkeypatch: pytest.MonkeyPatch, count: Callable[[], int], reason: str) -> None:
    runtime = SimpleNamespace(getDeviceCount=count)
    monkeypatch.setitem(sys.modules, "cupy", SimpleNamespace(cuda=SimpleNamespace(runtime=runtime)))
    with pytest.raises(InputError, match=reason):
        _cuda.Gpu()


def test_a_path_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARWAY_ISA", "z80")
    with pytest.raises(InputError, match=r"CLEARWAY_ISA is 'z80'; allowed here: .*base, and cuda"):
        ddi14.run_clearway(ddi14.population(2), 1e-6)


@dataclass(frozen=True)
class Compiled:
    ptx: str
    log: str


@pytest.fixture(scope="session")
def compiled() -> Compiled:
    """The source compiled by NVRTC, which needs no GPU and no driver."""
    spec = importlib.util.find_spec("nvidia")
    folders = [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
    found = sorted(path for folder in folders for path in folder.glob("*/lib/libnvrtc.so.*"))
    if not found:
        pytest.skip("NVRTC is not installed (pip install nvidia-cuda-nvrtc)")
    for builtins in found[-1].parent.glob("libnvrtc-builtins.so.*"):
        ctypes.CDLL(str(builtins), mode=ctypes.RTLD_GLOBAL)
    nvrtc = ctypes.CDLL(str(found[-1]))
    program, size = ctypes.c_void_p(), ctypes.c_size_t()
    assert nvrtc.nvrtcCreateProgram(ctypes.byref(program), _cuda.source().encode(), b"path_cuda.cu", 0, None, None) == 0
    options = [option.encode() for option in (*_cuda.OPTIONS, f"-arch={TESTED_ARCHITECTURE}", "--ptxas-options=-v")]
    code = nvrtc.nvrtcCompileProgram(program, len(options), (ctypes.c_char_p * len(options))(*options))

    def text(what: str) -> str:
        getattr(nvrtc, f"nvrtcGet{what}Size")(program, ctypes.byref(size))
        buffer = ctypes.create_string_buffer(size.value)
        getattr(nvrtc, f"nvrtcGet{what}")(program, buffer)
        return buffer.value.decode()

    log = text("ProgramLog")
    assert code == 0, log
    return Compiled(text("PTX"), log)


def test_ptx_has_the_entry_and_fuses_only_what_is_said(compiled: Compiled) -> None:
    assert ".visible .entry integrate(" in compiled.ptx
    assert compiled.ptx.count("fma.rn.f64") > 500
    # A multiplication and an addition that stand apart in the source stay apart: neither is contracted nor loosely rounded.
    assert re.search(r"\bmul\.rn\.f64", compiled.ptx) and re.search(r"\badd\.rn\.f64", compiled.ptx)
    assert not re.search(r"\b(mul|add|sub|mad)\.f64", compiled.ptx)
    assert not re.search(r"\.approx|\.ftz|\bf32\b", compiled.ptx)
    assert "vote.sync.any" in compiled.ptx and "atom" in compiled.ptx


def test_machine_code_spills_nothing(compiled: Compiled) -> None:
    """A stage forced inline would: parts of a step are functions of their own (CLEARWAY_PART)."""
    spills = re.findall(r"(\d+) bytes spill stores, (\d+) bytes spill loads", compiled.log)
    assert spills and set(spills) == {("0", "0")}
    registers = re.search(r"Used (\d+) registers", compiled.log)
    assert registers and int(registers[1]) <= 128
    assert len(re.findall(r"Function properties for \S*(?:sites|jacobian|factorise|change|forward|backward)[IE]", compiled.log)) == 7


def test_the_benchmark_runs(device: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    """On the stand-in: the figures mean nothing, the agreement does."""
    gpu = importlib.import_module("gpu")
    assert gpu.main(["--json", "--subjects", "20", "--chunk", "12", "--compared", "8"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["device"] == "stand-in" and said["subjects"] == 20 and said["seconds"] > 0
    assert said["agreement_prescribed_steps"] < 1e-9 and said["agreement_own_steps"] < 10 * said["rtol"]
    assert device.launches[-2:] == [12, 8]


def test_the_benchmark_says_why_it_does_not(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "cupy", None)
    monkeypatch.setattr(_cuda, "gpu", _cuda.Gpu)
    assert importlib.import_module("gpu").main([]) == 2
    assert "CuPy is not installed" in capsys.readouterr().err
