"""A System's right-hand side as straight-line C, compiled by the system's compiler into a module that SciPy can call.

SciPy's LSODA takes Python functions only. What it calls here is a function of an extension module, so that one call costs
about 0.1 µs beside the equations themselves; the parameters of a subject are an array that the module is pointed to.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path
from types import ModuleType

import numpy as np

from clearway.engine import System

COEFFICIENTS = (
    "lin_k", "conc_coef", "site_kdeg", "part_inv_kic", "part_inv_kiu", "part_kinact", "part_ki", "part_emax", "part_ec50", "part_hill",
    "path_clint", "path_inv_km", "prod_yield",
)  # fmt: skip

MODULE = r"""
#define NPY_NO_DEPRECATED_API NPY_1_7_API_VERSION
#include <Python.h>
#include <numpy/arrayobject.h>
#include <math.h>
static const double *p;
static PyObject *held, *out;
static void rhs(const double *restrict y, double *restrict d) {
%s
}
static PyObject *call(PyObject *self, PyObject *const *args, Py_ssize_t n) {
    rhs((const double *)PyArray_DATA((PyArrayObject *)args[0]), (double *)PyArray_DATA((PyArrayObject *)out));
    return Py_NewRef(out);
}
static PyObject *use(PyObject *self, PyObject *array) {
    Py_XSETREF(held, Py_NewRef(array));
    p = (const double *)PyArray_DATA((PyArrayObject *)array);
    Py_RETURN_NONE;
}
static PyMethodDef methods[] = {
    {"rhs", (PyCFunction)(void (*)(void))call, METH_FASTCALL, "rhs(y, t): dy/dt, always in the same array"},
    {"use", use, METH_O, "use(parameters): contiguous float64, of the subject to be solved"},
    {0}};
static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "%s", 0, -1, methods};
PyMODINIT_FUNC PyInit_%s(void) {
    import_array();
    npy_intp size = %d;
    out = PyArray_SimpleNew(1, &size, NPY_DOUBLE);
    return PyModule_Create(&def);
}
"""


def parameters(system: System, subject: int) -> np.ndarray:
    """One subject's coefficients, in the order in which the source reads them."""
    arrays = [np.asarray(getattr(system, name)) for name in COEFFICIENTS]
    return np.ascontiguousarray(np.concatenate([a[:, min(subject, a.shape[1] - 1)] for a in arrays]))


def right_hand_side(system: System) -> str:
    """The equations of `clearway.engine.system`, one statement each; what is zero for every subject is left out."""
    a = {name: np.asarray(value) for name, value in vars(system).items() if name != "names"}
    start = dict(zip(COEFFICIENTS, np.cumsum([0, *(len(a[name]) for name in COEFFICIENTS)]).tolist(), strict=False))
    lines: list[str] = []
    rate: list[list[str]] = [[] for _ in system.names]

    def par(name: str, row: int) -> str:
        return f"p[{start[name] + row}]"

    def given(name: str, row: int) -> bool:
        return bool(np.any(a[name][row] != 0))

    for i, (src, dst) in enumerate(zip(a["lin_src"].tolist(), a["lin_dst"].tolist(), strict=True)):
        lines.append(f"const double f{i} = {par('lin_k', i)}*y[{src}];")
        if not a["lin_keep"][i]:
            rate[src].append(f"- f{i}")
        if dst >= 0:
            gain = float(a["lin_gain"][i])
            rate[dst].append(f"+ f{i}" if gain == 1.0 else f"+ {gain!r}*f{i}")
    for c in range(a["conc_ptr"].size - 1):
        entries = range(int(a["conc_ptr"][c]), int(a["conc_ptr"][c + 1]))
        total = " + ".join(f"{par('conc_coef', e)}*y[{a['conc_state'][e]}]" for e in entries) or "0.0"
        lines += [f"const double s{c} = {total};", f"const double c{c} = s{c} > 0 ? s{c} : 0;"]
    for site, act in enumerate(a["site_activity"].tolist()):
        parts, paths = np.flatnonzero(a["part_site"] == site).tolist(), np.flatnonzero(a["path_site"] == site).tolist()
        for path in paths:
            group, c = a["path_group"][path], a["path_conc"][path]
            others = [q for q in parts if a["part_group"][q] != group]
            n = [f"{par('part_inv_kic', q)}*c{a['part_conc'][q]}" for q in others if given("part_inv_kic", q)]
            n += [f"{par('path_inv_km', q)}*c{a['path_conc'][q]}" for q in paths
                  if q != path and a["path_group"][q] == group and given("path_inv_km", q)]  # fmt: skip
            m = [f"{par('part_inv_kiu', q)}*c{a['part_conc'][q]}" for q in others if given("part_inv_kiu", q)]
            if given("path_inv_km", path):
                n.append(f"{par('path_inv_km', path)}*c{c}" + (f"*(1 + {' + '.join(m)})" if m else ""))
            activity = f"*y[{act}]" if act >= 0 else ""
            lines.append(f"const double v{path} = {par('path_clint', path)}{activity}*c{c}/({' + '.join(['1', *n])});")
            rate[a["path_src"][path]].append(f"- v{path}")
            for r in np.flatnonzero(a["prod_path"] == path).tolist():
                rate[a["prod_dst"][r]].append(f"+ {par('prod_yield', r)}*v{path}")
        if act >= 0:
            lines += _activity(a, site, parts, par, given)
            loss = [f"{par('part_kinact', q)}*c{a['part_conc'][q]}/({par('part_ki', q)} + c{a['part_conc'][q]})"
                    for q in parts if given("part_kinact", q)]  # fmt: skip
            kdeg = par("site_kdeg", site)
            rate[act].append(f"+ {kdeg}*(1 + i{site}) - y[{act}]*({' + '.join([kdeg, *loss])})")
    lines += [f"d[{i}] = {' '.join(terms) or '0.0'};" for i, terms in enumerate(rate)]
    return "\n".join(lines)


def _activity(a, site, parts, par, given) -> list[str]:  # type: ignore[no-untyped-def]
    """Induction at one site: inducers share the ceiling of the strongest."""
    lines, terms = [f"double e{site} = 0;"], []
    inducers = [q for q in parts if given("part_emax", q)]
    lines += [f"e{site} = fmax(e{site}, {par('part_emax', q)});" for q in inducers]
    for q in inducers:
        u = f"c{a['part_conc'][q]}/{par('part_ec50', q)}"
        if np.any(a["part_hill"][q] != 1):
            u = f"pow({u}, {par('part_hill', q)})"
        lines.append(f"const double u{q} = {u};")
        if len(inducers) > 1:
            lines.append(f"const double r{q} = {par('part_emax', q)}/e{site};")
        terms.append(f"r{q}*u{q}/(1 + (1 - r{q})*u{q})" if len(inducers) > 1 else f"u{q}")
    lines += [f"const double x{site} = {' + '.join(terms) or '0'};", f"const double i{site} = e{site}*x{site}/(1 + x{site});"]
    return lines


def compiled(system: System) -> ModuleType:
    """The module of this System's right-hand side. Raises RuntimeError where no C compiler or no Python header is found."""
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise RuntimeError("no C compiler on the PATH (cc, gcc or clang)")
    body = right_hand_side(system)
    name = "rhs_" + hashlib.blake2b(body.encode(), digest_size=8).hexdigest()
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder) / f"{name}.c", Path(folder) / f"{name}{sysconfig.get_config_var('EXT_SUFFIX')}"
        source.write_text(MODULE % (body, name, name, len(system.names)))
        include = [f"-I{sysconfig.get_path('include')}", f"-I{np.get_include()}"]
        command = [compiler, "-O3", "-march=native", "-ffp-contract=fast", "-shared", "-fPIC", *include, str(source), "-o", str(library)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{Path(compiler).name}: {done.stderr.strip().splitlines()[0] if done.stderr else 'failed'}")
        spec = importlib.util.spec_from_file_location(name, library)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
