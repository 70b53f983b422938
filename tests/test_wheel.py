"""The wheel: built here, installed where there is no compiler, run on every kind of processor; and what its machine code may hold.

The installed package is the wheel's alone; its dependencies are those of this Python, reached by a .pth file, so nothing is fetched.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from clearway.engine import processor_paths

ROOT = Path(__file__).parent.parent
EXAMPLES = ("methadone-efavirenz", "ketamine-clarithromycin")
COMPILERS = ("g++", "gcc", "c++", "cc", "clang", "clang++", "cmake", "ninja", "nvcc")
NEEDED = ("scikit_build_core", "nanobind", "pip")
RTOL = 1e-6

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        any(importlib.util.find_spec(name) is None for name in NEEDED) or shutil.which(os.environ.get("CXX", "g++")) is None,
        reason=f"building a wheel needs {', '.join(NEEDED)} and a C++ compiler here",
    ),
]


@dataclass(frozen=True)
class Installed:
    """A venv that holds the wheel, what its PATH is, and the folder in which the wheel was built."""

    wheel: Path
    python: Path
    path: Path
    build: Path
    elsewhere: Path

    def run(self, *command: str, **environment: str) -> str:
        """Output of a command of the venv, in an environment of nothing but its PATH. Not run from the source tree."""
        clean = {"PATH": str(self.path), "HOME": str(self.elsewhere), "LANG": "C.UTF-8", **environment}
        done = subprocess.run(
            [str(self.python.parent / command[0]), *command[1:]], env=clean, cwd=self.elsewhere, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def compare(self, example: str, isa: str) -> dict[str, Any]:
        case = ROOT / "examples" / f"{example}.yaml"
        found: dict[str, Any] = json.loads(self.run("clearway", "compare", str(case), "--json", CLEARWAY_ISA=isa))
        return found


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    at = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    build = [*pip, "wheel", str(ROOT), "--no-deps", "--no-index", "--no-build-isolation", "-w", str(at), "-C", f"build-dir={at / 'build'}"]
    done = subprocess.run(build, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = at.glob("clearway-*.whl")
    home = at / "venv"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    subprocess.run([*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)], check=True, timeout=120)
    own = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    (own / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")  # a .pth there is not read in its turn
    path = at / "bin"
    path.mkdir()
    (path / "python").symlink_to(python)
    elsewhere = at / "elsewhere"
    elsewhere.mkdir()
    return Installed(wheel, python, path, at / "build", elsewhere)


def test_it_runs_from_the_wheel_alone_and_there_is_no_compiler(installed: Installed) -> None:
    code = (
        "import clearway, clearway.engine._kernel as k, json, shutil, sys;"
        f"print(json.dumps([clearway.__file__, k.__file__, [c for c in {COMPILERS!r} if shutil.which(c)]]))"
    )
    package, kernel, compilers = json.loads(installed.run("python", "-c", code))
    home = installed.python.parent.parent
    assert Path(package).is_relative_to(home) and Path(kernel).is_relative_to(home)
    assert compilers == []
    assert installed.run("clearway", "--version").startswith("clearway ")


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_processor_path_gives_the_same_comparison(installed: Installed, example: str) -> None:
    """AVX2 and AVX-512 to the last digit of the JSON; the baseline within ten tolerances."""
    found = {isa: installed.compare(example, isa) for isa in processor_paths()}
    base = found["base"]
    assert base["ratios"]
    for isa, answer in found.items():
        for mine, theirs in zip(answer["ratios"], base["ratios"], strict=True):
            assert mine["compound"] == theirs["compound"]
            for key in ("auc", "cmax", "cmin", "low", "high"):
                assert mine[key] == pytest.approx(theirs[key], rel=10 * RTOL), (isa, mine["compound"], key)
    if "avx512" in found:
        assert {k: v for k, v in found["avx512"].items() if k != "result"} == {k: v for k, v in found["avx2"].items() if k != "result"}


def test_doctor_names_the_path_and_finds_all_well(installed: Installed) -> None:
    for isa in processor_paths():
        told = json.loads(installed.run("clearway", "doctor", "--json", CLEARWAY_ISA=isa))
        assert told["ok"], told
        engine = next(c for c in told["checks"] if c["name"] == "engine")
        assert engine["path"] == isa and engine["available"] == list(processor_paths())
        library = next(c for c in told["checks"] if c["name"] == "library")
        assert "compiled index" in library["text"]


def test_the_wheel_is_of_this_platform_and_holds_what_it_needs(installed: Installed) -> None:
    import zipfile

    python, abi, platform = installed.wheel.stem.split("-")[-3:]
    assert python == abi == f"cp{sys.version_info.major}{sys.version_info.minor}"
    assert platform == sysconfig.get_platform().replace("-", "_").replace(".", "_")
    names = zipfile.ZipFile(installed.wheel).namelist()
    for wanted in (r"clearway/engine/_kernel\..*\.so", r"clearway/library/library\.index", r"clearway/engine/kernel/kernel\.hpp"):
        assert any(re.fullmatch(wanted, name) for name in names), wanted
    assert not [n for n in names if re.search(r"(^|/)(tests|benchmarks|build)/|\.o$|\.yaml\.bak", n)]


# -- machine code --------------------------------------------------------------------------------------


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def objects(installed: Installed) -> dict[str, Path]:
    return {path.name.removesuffix(".cpp.o"): path for path in installed.build.rglob("*.cpp.o")}


def test_a_path_shares_no_name_with_another(installed: Installed) -> None:
    """A weak symbol, as every inline function of the standard library is, exists once in a program: were it compiled for
    AVX-512 and kept, an older processor would stop at it. So all that a path defines is of its own namespace, but its door."""
    nm = tool("nm")
    for path in processor_paths():
        listed = subprocess.run(
            [nm, "--extern-only", "--defined-only", str(objects(installed)[f"path_{path}"])], capture_output=True, text=True, check=True
        )
        names = [line.split()[-1] for line in listed.stdout.splitlines()]
        strangers = [name for name in names if f"clearway_{path}" not in name]
        assert len(strangers) == 1 and f"integrate_{path}" in strangers[0], strangers


def test_only_the_kernel_of_a_processor_has_its_instructions(installed: Installed) -> None:
    """No register wider than the baseline's outside the two paths that are asked for, none of AVX-512 in that of AVX2."""
    objdump = tool("objdump")
    wide = {"base": r"%[yz]mm|%k[0-7]", "avx2": r"%zmm|%[xy]mm(1[6-9]|2\d|3[01])|%k[0-7]"}
    found = objects(installed)
    assert {f"path_{path}" for path in processor_paths()} <= set(found) and len(found) > len(processor_paths())
    for name, path in found.items():
        code = subprocess.run([objdump, "-d", "--no-show-raw-insn", str(path)], capture_output=True, text=True, check=True).stdout
        forbidden = wide.get(name.removeprefix("path_"), wide["base"])
        if name == "path_avx512":
            assert "%zmm" in code
        else:
            assert not re.search(forbidden, code), name
        if name == "path_avx2":
            assert "%ymm" in code


def test_the_module_exports_its_door_alone(installed: Installed) -> None:
    """Beside it only what the C++ runtime shares by nature: type information and inline functions of the baseline."""
    (kernel,) = installed.python.parent.parent.rglob("_kernel*.so")
    listed = subprocess.run([tool("nm"), "-D", "--defined-only", str(kernel)], capture_output=True, text=True, check=True).stdout
    strong = [line.split()[-1] for line in listed.splitlines() if line.split()[-2] == "T"]
    assert strong == ["PyInit__kernel"]
    assert "clearway" not in listed
