"""Every benchmark, and the page that reports them.

    python benchmarks/run.py [--quick] [--out build/bench] [--page docs/performance.md] [--only SECTION …] [--again]

Each section runs in a process of its own and leaves its raw result as JSON in --out; a section that is already there is not
run again (--again: all are), so that a run that was stopped goes on where it was. A solver that is not installed or fails is
left out with its reason. The page and its figures are written from the JSON files.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from precision import Effort, sweep
from progress import say
from workers import ONE_THREAD, cores, pin

ROOT = Path(__file__).parent.parent
WORKLOADS = ("ddi14", "two", "six", "twenty")
ALL_PEERS = ("clearway", "roadrunner", "roadrunner-export", "lsoda", "diffrax")


@dataclass(frozen=True)
class Size:
    """How much is measured: subjects of each workload's curve, and so on by section."""

    subjects: dict[str, int]
    effort: Effort
    peers: dict[str, tuple[str, ...]]
    together: tuple[str, ...]
    counts: tuple[int, ...]
    compounds: tuple[int, ...]
    days: tuple[int, ...]
    threads: dict[str, int]
    paths: dict[str, int]
    seconds: float
    ddi14: tuple[int, int]
    people: int
    gpu: int
    watched: tuple[str, ...]


FULL = Size(
    subjects={"ddi14": 256, "two": 256, "six": 128, "twenty": 64}, effort=Effort(),
    peers=dict.fromkeys(WORKLOADS, ALL_PEERS), together=WORKLOADS,
    counts=tuple(2**k for k in range(15)), compounds=(1, 2, 4, 8, 16, 30), days=(1, 2, 4, 7, 14, 30, 90, 180, 365),
    threads={"ddi14": 4096, "six": 512}, paths={"ddi14": 512, "six": 128}, seconds=1.0, ddi14=(256, 3), people=16_384, gpu=1_000_000,
    watched=("ddi14", "six"),
)  # fmt: skip
QUICK = Size(
    subjects={"ddi14": 32, "two": 32, "six": 16, "twenty": 8}, effort=Effort(rounds=1, enough=0.05, budget=1.0, fewest=2, limit=15.0),
    peers={"ddi14": ALL_PEERS, "two": ALL_PEERS[:4], "six": ("clearway", "roadrunner", "lsoda"), "twenty": ("clearway", "lsoda")},
    together=("ddi14",),
    counts=(1, 8, 64, 512), compounds=(1, 2, 4, 8), days=(1, 7, 30), threads={"ddi14": 512}, paths={"ddi14": 128}, seconds=0.1,
    ddi14=(32, 1), people=512, gpu=10_000, watched=(),
)  # fmt: skip
"""All sections in less than two minutes, to see that they work."""


def read(out: Path, section: str) -> dict[str, Any]:
    """A section's result; {"failed": reason} if there is none."""
    path = out / f"{section}.json"
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {"failed": "the section was not run"}
    return found


def _curve(workload: str) -> Callable[[Size, Path], dict[str, Any]]:
    def section(size: Size, out: Path) -> dict[str, Any]:
        return sweep(workload, size.peers[workload], subjects=size.subjects[workload], effort=size.effort)

    return section


def _together(size: Size, out: Path) -> dict[str, Any]:
    from together import all_cores

    found = {}
    for workload in size.together:
        curve = read(out, f"curve-{workload}")
        if "failed" not in curve:
            say(f"  {workload}")
            found[workload] = all_cores(curve, size.effort.rounds + 1)
    return {"workloads": found}


def _ddi14(size: Size, out: Path) -> dict[str, Any]:
    import ddi14

    return ddi14.benchmark(size.ddi14[0], ddi14.RTOL, size.ddi14[1])


def _machine(size: Size, out: Path) -> dict[str, Any]:
    from machine import facts

    return facts()


def _costs(function: str, *arguments: str) -> Callable[[Size, Path], dict[str, Any]]:
    def section(size: Size, out: Path) -> dict[str, Any]:
        import costs

        return getattr(costs, function)(*(getattr(size, a) for a in arguments))  # type: ignore[no-any-return]

    return section


def _profile(size: Size, out: Path) -> dict[str, Any]:
    import phases

    found: dict[str, Any] = {"around": phases.around_the_kernel(), "within": {}, "loads": {}}
    for name in ("ddi14", "six"):
        found["loads"][name] = phases.loads(name, size.subjects[name])
    for name in size.watched:
        try:
            found["within"][name] = phases.within_the_kernel(name, size.subjects[name], out)
        except phases.NotPossible as reason:
            found["within"][name] = {"reason": str(reason)}
    try:
        found["bandwidth"] = phases.bandwidth(out)
    except phases.NotPossible as reason:
        found["bandwidth_reason"] = str(reason)
    return found


def _gpu(size: Size, out: Path) -> dict[str, Any]:
    command = [sys.executable, str(Path(__file__).with_name("gpu.py")), "--json", "--subjects", str(size.gpu)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["no reason given"])[-1]}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _cohort(size: Size, out: Path) -> dict[str, Any]:
    from populations import cohort

    return cohort(size.people)


@dataclass(frozen=True)
class Section:
    title: str
    run: Callable[[Size, Path], dict[str, Any]]
    all_cores: bool = False


SECTIONS: dict[str, Section] = {
    "machine": Section("the machine", _machine, all_cores=True),
    "ddi14": Section("DDI-14 as defined", _ddi14),
    **{f"curve-{w}": Section(f"work and precision: {w}", _curve(w)) for w in WORKLOADS},
    "together": Section("all cores", _together, all_cores=True),
    "subjects": Section("cost of subjects", _costs("by_subjects", "counts", "seconds")),
    "compounds": Section("cost of compounds", _costs("by_compounds", "compounds")),
    "days": Section("cost of days", _costs("by_days", "days")),
    "threads": Section("threads", _costs("by_threads", "threads"), all_cores=True),
    "paths": Section("kinds of processor", _costs("by_path", "paths")),
    "profile": Section("where the time goes", _profile),
    "gpu": Section("an NVIDIA GPU, if there is one", _gpu, all_cores=True),
    "cohort": Section("populations", _cohort, all_cores=True),
}


def run_here(name: str, size: Size, out: Path) -> None:
    """One section in this process, its result into its file."""
    section = SECTIONS[name]
    os.environ.update(ONE_THREAD)
    allowed = cores()
    if not section.all_cores:
        pin(allowed[0])
    result = section.run(size, out)
    temporary = out / f"{name}.json.part"
    temporary.write_text(json.dumps(result, indent=1))
    temporary.replace(out / f"{name}.json")


def run_apart(name: str, arguments: list[str], out: Path, limit: float) -> None:
    """The same in a process of its own: if it fails or takes too long, that is its result."""
    path = out / f"{name}.json"
    try:
        command = [sys.executable, __file__, *arguments, "--in-process", name]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, timeout=limit, check=False)
        reason = f"exit code {done.returncode}" if done.returncode else ""
    except subprocess.TimeoutExpired:
        reason = f"not done within {limit:.0f} s"
    if reason:
        say(f"  failed: {reason}")
        path.write_text(json.dumps({"failed": reason}))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a reduced run: do all sections work?")
    parser.add_argument("--out", type=Path, default=None, help="raw results (default build/bench, or build/bench-quick)")
    parser.add_argument("--page", type=Path, default=None, help="page to be written (default docs/performance.md; none after --quick)")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, help="these sections, even if they are there already")
    parser.add_argument("--again", action="store_true", help="run the sections that are there already, too")
    parser.add_argument("--in-process", choices=SECTIONS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    size = QUICK if args.quick else FULL
    out: Path = (args.out or ROOT / "build" / ("bench-quick" if args.quick else "bench")).resolve()
    out.mkdir(parents=True, exist_ok=True)
    if args.in_process:
        run_here(args.in_process, size, out)
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the section's process ends, too
    passed = [*(["--quick"] if args.quick else []), "--out", str(out)]
    for name, section in SECTIONS.items():
        if (args.only and name not in args.only) or (not args.only and not args.again and "failed" not in read(out, name)):
            continue
        say(section.title)
        run_apart(name, passed, out, 150.0 if args.quick else 900.0)
    page = args.page or (None if args.quick else ROOT / "docs" / "performance.md")
    if page is not None:
        from page import write

        write(page, {name: read(out, name) for name in SECTIONS})
        say(f"written: {page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
