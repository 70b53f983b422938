"""The machine and the versions behind the figures, without names of hosts, people or folders."""

from __future__ import annotations

import datetime
import importlib.metadata
import platform
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from clearway.engine import processor_paths
from workers import cores

PACKAGES = ("clearway", "numpy", "scipy", "libroadrunner", "diffrax", "jax")


def facts() -> dict[str, Any]:
    compiler = shutil.which("cc")
    first = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False).stdout.splitlines()[:1] if compiler else []
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(), "processor": processor(), "cores": len(cores()),
        "paths": list(processor_paths()), "system": f"{platform.system()} {platform.machine()}", "python": platform.python_version(),
        "compiler": re.sub(r"\s*\(.*?\)", "", first[0]) if first else None, "caches": caches(), "packages": packages(),
    }  # fmt: skip


def processor() -> str:
    """Its kind: the name it gives itself, family and model."""
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or platform.machine()
    found = dict(re.findall(r"^(model name|cpu family|model)\s*: (.*)$", text, re.M))
    name = re.sub(r"\s*@.*|\((R|TM)\)", "", found.get("model name", platform.machine())).strip()
    return f"{name}, family {found.get('cpu family', '?')} model {found.get('model', '?')}"


def caches() -> dict[str, str]:
    """Sizes of one core's data caches."""
    found = {}
    for folder in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        try:
            if (folder / "type").read_text().strip() != "Instruction":
                found[f"L{(folder / 'level').read_text().strip()}"] = (folder / "size").read_text().strip()
        except OSError:
            continue
    return found


def packages() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
