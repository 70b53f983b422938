"""Where the time goes: Python around the kernel, the kernel's own functions (perf, addr2line), and the bandwidth that bounds it.

python benchmarks/phases.py KERNEL WORKLOAD SUBJECTS   # what perf watches: a few runs with that build of the kernel
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from costs import RTOL, run
from workload import build

ROOT = Path(__file__).parent.parent
SAMPLES_PER_SECOND = 1999
WATCHED_SECONDS = 4.0

CALLERS = ("integrate", "run", "step", "stage", "stages_from")
"""Functions of the kernel that mostly call others."""

MEANING = {
    "forward": "forward and backward substitution", "backward": "forward and backward substitution",
    "forward_leaves": "substitution of leaf tissues", "backward_leaves": "substitution of leaf tissues",
    "copy_gathered": "substitution of leaf tissues", "change": "right-hand side at y", "change_leaves": "right-hand side at y",
    "factorise": "factorisation", "factorise_leaves": "factorisation", "read_states": "what sites read, stage by stage",
    "mix_residuals": "what sites read, stage by stage", "advance_state": "new state and error norm",
    "sites": "enzyme sites: concentrations, fluxes, activities", "jacobian": "Jacobian at the sites",
    "outputs": "outputs by the interpolant", "interpolate": "outputs by the interpolant", "judge": "new state and error norm",
    "arrive": "doses and new subjects", "fill": "doses and new subjects", "accept": "step control", "choose_steps": "step control",
    "step_factor": "step control", "refuse": "step control",
}  # fmt: skip


def around_the_kernel(subjects: tuple[int, ...] = (8, 256, 4096), runs: int = 7) -> dict[str, Any]:
    """DDI-14: seconds of solve() and of the kernel within it (the best run); and of a first run, which compiles the program."""
    solver, program = importlib.import_module("clearway.engine.solver"), importlib.import_module("clearway.engine._program")
    kernel, spent = solver._kernel, [0.0]

    class Timed:
        def __getattr__(self, name: str) -> Any:
            return getattr(kernel, name)

        def integrate(self, *arguments: Any) -> None:
            start = time.perf_counter()
            kernel.integrate(*arguments)
            spent[0] = time.perf_counter() - start

    rows = []
    large = build("ddi14", max(subjects))
    solver._kernel = Timed()
    try:
        for n in subjects:
            w = large.first(n)
            program._programs.clear()
            taken = []
            for _ in range(runs):
                start = time.perf_counter()
                run(w, threads=1)
                taken.append((time.perf_counter() - start, spent[0]))
            seconds, inside = min(taken[1:])
            rows.append({"subjects": n, "first_seconds": taken[0][0], "seconds": seconds, "kernel_seconds": inside})
    finally:
        solver._kernel = kernel
    return {"rows": rows, "rtol": RTOL}


class NotPossible(Exception):
    """A tool is missing or failed; the text says which."""


def _call(*command: str | Path, cwd: Path | None = None, text: str | None = None) -> str:
    if shutil.which(str(command[0])) is None:
        raise NotPossible(f"{command[0]} is not installed")
    done = subprocess.run([str(c) for c in command], cwd=cwd, input=text, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines()
        raise NotPossible(f"{Path(command[0]).name}: {words[-1] if words else f'exit code {done.returncode}'}")
    return done.stdout


def kernel_with_symbols(folder: Path) -> Path:
    """The kernel built as for the wheel, but with its symbols."""
    folder.mkdir(parents=True, exist_ok=True)
    flags = ["-DCMAKE_BUILD_TYPE=Profile", "-DCMAKE_CXX_FLAGS_PROFILE=-O3 -DNDEBUG -g", f"-DPython_EXECUTABLE={sys.executable}"]
    _call("cmake", "-S", ROOT, "-B", folder, *flags)
    _call("cmake", "--build", folder, "--target", "_kernel")
    return next(folder.glob("_kernel*.so"))


def within_the_kernel(workload: str, subjects: int, folder: Path) -> dict[str, Any]:
    """Share of the samples of the kernel by its functions; inlined ones count for themselves. Raises NotPossible."""
    kernel, data = kernel_with_symbols(folder / "kernel"), folder / "perf.data"
    record = ("record", "-q", "-e", "cpu-clock", "-F", str(SAMPLES_PER_SECOND), "-o", data)
    _call("perf", *record, "--", sys.executable, __file__, kernel, workload, str(subjects))
    script = _call("perf", "script", "-i", data, "--show-mmap-events", "-F", "ip,dso")
    first = re.search(r"PERF_RECORD_MMAP2.*\[0x([0-9a-f]+)\(0x[0-9a-f]+\) @ (?:0x)?([0-9a-f]+) .*r-xp " + re.escape(str(kernel)), script)
    hits = [int(h, 16) for h in re.findall(r"^\s*([0-9a-f]+) \(" + re.escape(str(kernel)), script, re.M)]
    if first is None or not hits:
        raise NotPossible("perf saw no sample in the kernel")
    counted = Counter(ip - int(first[1], 16) + int(first[2], 16) for ip in hits)
    addresses = sorted(counted)
    lines = _call("addr2line", "-i", "-f", "-C", "-a", "-e", kernel, text="\n".join(map(hex, addresses))).splitlines()
    shares: Counter[str] = Counter()
    names: list[str] = []
    where = None
    for line in [*lines, "0x0"]:
        if re.fullmatch(r"0x[0-9a-f]+", line):
            if where is not None:
                shares[_function(names[::2])] += counted[where]
            where, names = int(line, 16), []
        else:
            names.append(line)
    total = sum(shares.values())
    return {"workload": workload, "subjects": subjects, "samples": total, "shares": {k: v / total for k, v in shares.most_common()}}


def _function(stack: list[str]) -> str:
    """The outermost function below the callers, of names from the innermost outwards."""
    plain = [re.sub(r"\(.*|<.*", "", re.sub(r"^(int const\*|void|double) ", "", name)).split("::")[-1].strip() for name in stack]
    below = [name for name in reversed(plain) if name not in CALLERS]
    return MEANING.get(below[0], "the driver's other work") if below else "the driver's other work"


BANDWIDTH = r"""
#include <stddef.h>
#include <time.h>
typedef double v8 __attribute__((vector_size(64)));
double loads_per_ns(const v8 *p, size_t n, size_t rounds) {
    v8 s[8] = {{0}};  /* eight chains: an addition waits for the last of its own */
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    for (size_t r = 0; r < rounds; ++r) {
        for (size_t i = 0; i < n; i += 8)
            for (int j = 0; j < 8; ++j) s[j] += p[i + j];
        __asm__ volatile("" : : : "memory");
    }
    clock_gettime(CLOCK_MONOTONIC, &b);
    volatile v8 keep = s[0] + s[1] + s[2] + s[3] + s[4] + s[5] + s[6] + s[7];
    (void)keep;
    return n * rounds / ((b.tv_sec - a.tv_sec) * 1e9 + (b.tv_nsec - a.tv_nsec));
}
"""


def bandwidth(folder: Path) -> dict[str, float]:
    """Loads of 64 bytes per nanosecond from sets that fit the first and the second cache (KiB: loads/ns). Raises NotPossible."""
    import ctypes

    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    source, library = folder / "bandwidth.c", folder / "bandwidth.so"
    source.write_text(BANDWIDTH)
    _call("cc", "-O3", "-funroll-loops", "-march=native", "-shared", "-fPIC", source, "-o", library)
    function = ctypes.CDLL(str(library)).loads_per_ns
    function.restype, function.argtypes = ctypes.c_double, [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t]
    found = {}
    for kib in (16, 32, 128, 512, 1024):
        raw = np.ones(kib * 128 + 8)  # pages of zeros would be one page
        start = raw.ctypes.data + (-raw.ctypes.data) % 64
        found[str(kib)] = max(function(start, kib * 16, 200_000 // kib) for _ in range(7))
    return found


def loads(workload: str, subjects: int = 256) -> dict[str, float]:
    """Loads of 64 bytes that a step of eight subjects cannot do without, counted from the program; and how long the step takes.

    Counted: two for each multiply-add of the right-hand side, of factorisation and of substitution (eight stages), those of the leaf
    tissues, one for each term of the stages' sums and of the new state. Sites, outputs and stores are not.
    """
    from clearway.engine._program import program_for

    w = build(workload, subjects)
    p = program_for(w.system, w.outputs)
    c = p.operations
    stages = 16 * (c["forward"] + c["backward"]) + p.reads * sum(1 + i for i in range(1, 8)) + p.residuals * sum(range(1, 8))
    leaves = c["leaves"] * (5 + 3 + 7 * (3 + 2))  # right-hand side, factorisation; forward and backward, once for the first two stages
    counted = stages + leaves + 2 * (c["linear"] + c["products"]) + 9 * p.states  # seven increments, old state, tolerance
    seconds = []
    for _ in range(7):
        start = time.perf_counter()
        done = run(w, threads=1)
        seconds.append(time.perf_counter() - start)
    steps = float((done.steps + done.rejected).sum()) / 8
    return {"loads": counted, "memory_kib": p.slots / 16, "step_ns": 1e9 * min(seconds) / steps, "states": p.states}


def _watched(kernel: str, workload: str, subjects: str) -> None:
    spec = importlib.util.spec_from_file_location("clearway.engine._kernel", kernel)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    importlib.import_module("clearway.engine.solver")._kernel = module
    w = build(workload, int(subjects))
    end = time.perf_counter() + WATCHED_SECONDS
    while time.perf_counter() < end:
        run(w, threads=1)


if __name__ == "__main__":
    _watched(*sys.argv[1:])
