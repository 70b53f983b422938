"""`clearway doctor`: is this installation whole, what does it run on, and does it still compute what it should?"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from typing import Any

import typer

from clearway.cli.common import JsonOption, LibraryOption, print_json
from clearway.errors import ClearwayError, InputError
from clearway.library import Library
from clearway.release import release

Check = dict[str, Any]

EXTRAS = (
    ("jinja2", "report", "HTML report"),
    ("matplotlib", "report", "figures"),
    ("weasyprint", "report", "PDF report"),
    ("fastapi", "web", "page of 'clearway serve'"),
    ("libsbml", "interop", "SBML export"),
    ("fhir", "interop", "medication lists in FHIR"),
    ("xarray", "interop", "curves as NetCDF"),
    ("pyarrow", "cohort", "populations in Parquet files"),
    ("distributed", "dask", "populations on a Dask cluster"),
)
"""Package, the extra that installs it, what it is for."""

REFERENCE = ("methadone", "L043")
"""The study arm that is computed again: methadone with efavirenz for two weeks, whose prediction the reports show."""

REPEATS = 1e-3
"""Largest relative change of that prediction."""

CLOSED_FORM = 1e-5
"""Largest relative error of the solver where the answer is known: ten tolerances."""


def command(json: JsonOption = False, library: LibraryOption = None) -> None:
    """Check this installation and the library."""
    checks = [_check("clearway", *_clearway()), _check("python", *_python()), _guarded("engine", _engine)]
    known = _library(library)
    checks.append(known["check"])
    checks.append(_guarded("prediction", lambda: _prediction(known["library"], bool(library))))
    checks += [*_extras(), _cuda()]
    if json:
        print_json({"format": "clearway.doctor/1", "ok": all(c["ok"] for c in checks), "checks": checks})
    else:
        for c in checks:
            mark = "ok  " if c["ok"] else "FAIL"
            print(f"{mark}  {c['name']}: {c['text']}")
    if not all(c["ok"] for c in checks):
        raise typer.Exit(1)


def _check(name: str, ok: bool, text: str, more: Check | None = None) -> Check:
    return {"name": name, "ok": ok, "text": text, **(more or {})}


def _guarded(name: str, look: Callable[[], tuple[bool, str, Check]]) -> Check:
    """A check that says what is wrong instead of stopping the others."""
    try:
        return _check(name, *look())
    except ClearwayError as error:
        return _check(name, False, str(error))
    except Exception as error:
        return _check(name, False, f"{type(error).__name__}: {error}; install again with 'pip install --force-reinstall clearway'")


def _clearway() -> tuple[bool, str, Check]:
    from clearway import __file__ as place

    found = release()
    return True, found, {"version": found, "place": os.path.dirname(str(place))}


def _python() -> tuple[bool, str, Check]:
    text = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return sys.version_info >= (3, 11), text, {"version": platform.python_version()}


def _engine() -> tuple[bool, str, Check]:
    """The kinds of kernel that run here, the one in use, and each held against a closed form."""
    from clearway.engine import processor_paths

    available = list(processor_paths())
    errors = {path: _closed_form(path)[0] for path in available}
    used = _closed_form(None)[1]
    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    ok = max(errors.values()) <= CLOSED_FORM
    held = "right" if ok else "WRONG: " + ", ".join(f"{p} by {e:.1g}" for p, e in errors.items() if e > CLOSED_FORM)
    others = ", ".join(p for p in available if p != used) or "none"
    chosen = " by CLEARWAY_ISA" if os.environ.get("CLEARWAY_ISA") else ""
    text = f"{used} runs{chosen} (also here: {others}), {threads} threads; a known answer comes out {held} on each"
    return ok, text, {"path": used, "available": available, "threads": threads, "errors": errors}


def _closed_form(path: str | None) -> tuple[float, str]:
    """Error of absorption and elimination of first order, D·ka/(ka − k)·(e^−kt − e^−ka·t), and the path that ran."""
    import numpy as np

    from clearway.engine import Events, Outputs, System, solve

    dose, ka, k, t = 10.0, 1.3, 0.2, np.array([0.5, 2.0, 8.0, 24.0])
    system = System(["depot", "body"], [0, 0], [0, 0], [1e-9 * dose] * 2, [-2, -1], lin_src=[0, 1], lin_dst=[1, -1], lin_k=[ka, k])
    done = solve(system, Events([0.0], [0], [dose]), Outputs.of_states([1]), t, 24.0, isa=path, threads=1)
    done.raise_for_code()
    exact = dose * ka / (ka - k) * (np.exp(-k * t) - np.exp(-ka * t))
    return float(np.abs(done.values[0, :, 0] / exact - 1.0).max()), done.isa


def _library(extra: Any) -> dict[str, Any]:
    """The library's check, and the library where it could be read."""
    from clearway.cli.show import evidence_counts
    from clearway.library.index import digest, load_index

    start = time.perf_counter()
    try:
        library = Library.load(extra)
    except InputError as error:
        text = f"{error.problems[0]}" + (f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else "")
        return {"check": _check("library", False, text, {"problems": [str(p) for p in error.problems]}), "library": None}
    took = time.perf_counter() - start
    kind = "compiled index" if load_index() is not None else "YAML files (no fresh index)"
    counts = evidence_counts([*library.compounds.values(), *library.products.values()])
    text = (
        f"{len(library.compounds)} compounds, {len(library.products)} products, {len(library.references)} references "
        f"from {kind} in {took * 1000:.0f} ms; digest {digest()}; values: " + ", ".join(f"{n} {k}" for k, n in counts.items())
    )
    return {"check": _check("library", True, text, {"digest": digest(), "evidence": counts}), "library": library}


def _prediction(library: Library | None, extended: bool) -> tuple[bool, str, Check]:
    """One prediction that is stored with the studies, made again by the whole model."""
    if library is None or extended:
        return True, "not repeated: the library could not be read, or is not the shipped one alone", {}
    from clearway.answers.studies import ACCURACY
    from clearway.model.model import Model
    from clearway.qualification.runner import STUDIES, run_study
    from clearway.regimen.study import load_study

    folder, arm = REFERENCE
    study = load_study(STUDIES / folder / f"{arm}.yaml", library)
    start = time.perf_counter()
    now = run_study(Model(library), study, set()).predicted
    took = time.perf_counter() - start
    stored = next(float(a["predicted"]) for a in json.loads(ACCURACY.read_text(encoding="utf-8"))["arms"] if a["id"] == arm)
    ok = abs(now / stored - 1.0) <= REPEATS
    text = f"{study.title}: ratio {now:.4f}, stored {stored:.4f} (allowed {REPEATS:.1%} apart), in {1000 * took:.0f} ms"
    if not ok:
        text += "; the library has changed ('python -m clearway.qualification.accuracy' stores anew), or this machine computes wrongly"
    return ok, text, {"computed": now, "stored": stored}


def _extras() -> list[Check]:
    """Optional packages: their absence is said, and is no failure."""
    out = []
    for module, extra, use in EXTRAS:
        there = importlib.util.find_spec(module) is not None
        text = f"found ({use})" if there else f"not installed: no {use} (pip install 'clearway[{extra}]')"
        out.append(_check(module, True, text, {"found": there, "extra": extra}))
    return out


def _cuda() -> Check:
    """The GPU with the kernel compiled for it, or the reason why not; the CPU does everything that it does."""
    from clearway.engine._cuda import Unavailable, gpu

    try:
        return _check("cuda", True, f"found {gpu().name} (isa='cuda')", {"found": True})
    except Unavailable as error:
        return _check("cuda", True, f"not used: {error.why} ({error.step})", {"found": False})
