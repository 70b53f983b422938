"""`clearway doctor`: is this installation whole?"""

from __future__ import annotations

import importlib
import importlib.util
import os
import platform
import sys
import time
from typing import Any

import typer

from clearway.cli.common import JsonOption, LibraryOption, print_json
from clearway.errors import InputError


def command(json: JsonOption = False, library: LibraryOption = None) -> None:
    """Check this installation and the library."""
    checks = [_python(), _engine(), _library(library), *_extras()]
    if json:
        print_json({"format": "clearway.doctor/1", "ok": all(c["ok"] for c in checks), "checks": checks})
    else:
        for c in checks:
            mark = "ok  " if c["ok"] else "FAIL"
            print(f"{mark}  {c['name']}: {c['text']}")
    if not all(c["ok"] for c in checks):
        raise typer.Exit(1)


def _check(name: str, ok: bool, text: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "ok": ok, "text": text, **more}


def _python() -> dict[str, Any]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    text = f"{platform.python_version()} on {platform.system()} {platform.machine()}, {cores} cores"
    return _check("python", sys.version_info >= (3, 11), text)


def _engine() -> dict[str, Any]:
    try:
        engine = importlib.import_module("clearway.engine")
    except Exception as error:
        return _check(
            "engine",
            False,
            f"cannot be loaded ({type(error).__name__}: {error}); install again with 'pip install clearway'",
        )
    found = next((getattr(engine, n) for n in ("isa", "best_isa", "ISA", "default_isa") if hasattr(engine, n)), None)
    path = found() if callable(found) else found
    return _check("engine", True, f"loaded{f', processor path {path}' if path else ''}")


def _library(extra: Any) -> dict[str, Any]:
    from clearway.cli.show import evidence_counts
    from clearway.library import Library
    from clearway.library.index import load_index

    start = time.perf_counter()
    try:
        library = Library.load(extra)
    except InputError as error:
        text = f"{error.problems[0]}" + (f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else "")
        return _check("library", False, text, problems=[str(p) for p in error.problems])
    took = time.perf_counter() - start
    kind = "compiled index" if load_index() is not None else "YAML files (no fresh index)"
    counts = evidence_counts([*library.compounds.values(), *library.products.values()])
    text = (
        f"{len(library.compounds)} compounds, {len(library.products)} products, {len(library.references)} references "
        f"from {kind} in {took * 1000:.0f} ms; values: " + ", ".join(f"{n} {k}" for k, n in counts.items())
    )
    return _check("library", True, text, evidence=counts)


def _extras() -> list[dict[str, Any]]:
    """Optional packages: their absence is said, and is no failure."""
    out = []
    for module, use in (("jinja2", "HTML report"), ("matplotlib", "figures")):
        there = importlib.util.find_spec(module) is not None
        text = f"found ({use})" if there else f"not installed: no {use} (pip install 'clearway[report]')"
        out.append(_check(module, True, text, found=there))
    return out
