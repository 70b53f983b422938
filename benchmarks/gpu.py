"""DDI-14 on an NVIDIA GPU: agreement with the CPU, subjects a second, and a million subjects over 14 days.

    python benchmarks/gpu.py [--json] [--subjects 1000000] [--chunk 100000] [--compared 256] [--rtol 7e-6]

Time is the wall's, from System to hourly values in the host's memory: preparation, transfers and kernel together. The CPU solves
`compared` subjects on all cores in the same run. Without a device it says why and ends with 2.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence

import numpy as np

import ddi14
from clearway.engine import _cuda, processor_paths, solve
from clearway.errors import InputError
from workload import max_error

DAY = np.arange(0.0, 24.5, 1.0)
FIXED_STEP = 0.05  # h: 480 steps over the first day and its doses


def agreement(subjects: int, rtol: float) -> dict[str, float]:
    """Worst relative difference between GPU and CPU, and the GPU's error, as workload.py counts both."""
    cpu, w = processor_paths()[0], ddi14.workload(subjects)
    one_day = (w.system, w.events, w.outputs, DAY, DAY[-1])
    fixed = {isa: solve(*one_day, isa=isa, _fixed_step=FIXED_STEP).values for isa in ("cuda", cpu)}
    own, seconds = {}, {}
    for isa in ("cuda", cpu):
        start = time.perf_counter()
        own[isa] = solve(w.system, w.events, w.outputs, w.times, w.end, rtol=rtol, isa=isa).values
        seconds[isa] = time.perf_counter() - start
    return {
        "agreement_prescribed_steps": max_error(fixed["cuda"], fixed[cpu]),
        "agreement_own_steps": max_error(own["cuda"], own[cpu]),
        "max_relative_error": max_error(own["cuda"], w.reference()),
        "cpu_subjects_per_second": subjects / seconds[cpu],
    }


def all_subjects(subjects: int, chunk: int, rtol: float) -> float:
    """Seconds for this many subjects, a chunk at a time as a cohort would; each result is looked at and dropped."""
    seconds = 0.0
    for first in range(0, subjects, chunk):
        p = ddi14.population(min(chunk, subjects - first), seed=first + 1)
        start = time.perf_counter()
        run = ddi14.run_clearway(p, rtol, isa="cuda")
        seconds += time.perf_counter() - start
        run.raise_for_code()
    return seconds


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    parser.add_argument("--subjects", type=int, default=1_000_000)
    parser.add_argument("--chunk", type=int, default=100_000, help="subjects prepared at a time; bounds the host's memory")
    parser.add_argument("--compared", type=int, default=256, help="subjects solved on the CPU too")
    parser.add_argument("--rtol", type=float, default=7e-6)
    args = parser.parse_args(argv)
    try:
        device = _cuda.gpu()
    except InputError as error:
        print(f"gpu.py: {error}", file=sys.stderr)
        return 2
    result: dict[str, object] = {"format": "clearway.bench/1", "benchmark": "gpu", "device": device.name, "rtol": args.rtol}
    result |= agreement(args.compared, args.rtol)
    seconds = all_subjects(args.subjects, args.chunk, args.rtol)
    result |= {"subjects": args.subjects, "seconds": seconds, "subjects_per_second": args.subjects / seconds}
    print(json.dumps(result) if args.json else "\n".join(f"{name:28s} {value}" for name, value in result.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
