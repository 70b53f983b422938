"""Quantities at the door, plain floats inside.

One table of the units pharmacokinetics uses. Inside, every number is in h, L, µmol, µM, mg or mg/L (the
internal unit of each kind is in `INTERNAL`). No unit library: the table is small, an unknown unit gets the
nearest accepted ones, and the import costs nothing at start-up.
"""

from __future__ import annotations

import difflib
import math
import re
from typing import NamedTuple

from clearway.errors import UnitError


class Unit(NamedTuple):
    """`kind` is the dimension; value · `factor` is in the internal unit of the kind; `per_kg` needs a weight."""

    kind: str
    factor: float
    per_kg: bool = False


INTERNAL = {
    "fraction": "",
    "percent": "%",
    "mass": "mg",
    "amount": "µmol",
    "volume": "L",
    "flow": "L/h",
    "mass concentration": "mg/L",
    "molar concentration": "µM",
    "mass exposure": "mg·h/L",
    "molar exposure": "µM·h",
    "mass rate": "mg/h",
    "molar rate": "µmol/h",
    "rate": "1/h",
    "time": "h",
    "molar mass": "g/mol",
    "length": "cm",
    "filtration": "mL/min/1.73m²",
}

_MASS = {"pg": 1e-9, "ng": 1e-6, "µg": 1e-3, "mg": 1.0, "g": 1e3, "kg": 1e6}
_AMOUNT = {"pmol": 1e-6, "nmol": 1e-3, "µmol": 1.0, "mmol": 1e3, "mol": 1e6}
_VOLUME = {"µL": 1e-6, "mL": 1e-3, "dL": 0.1, "L": 1.0}
_MOLAR = {"pM": 1e-6, "nM": 1e-3, "µM": 1.0, "mM": 1e3, "M": 1e6}
_TIME = {"s": 1 / 3600, "min": 1 / 60, "h": 1.0, "d": 24.0, "week": 168.0}


def _table() -> dict[str, Unit]:
    """The accepted units: products of the few prefixes above, and nothing else."""
    t: dict[str, Unit] = {"": Unit("fraction", 1.0), "%": Unit("percent", 1.0), "g/mol": Unit("molar mass", 1.0)}
    t |= {"cm": Unit("length", 1.0), "m": Unit("length", 100.0), "mL/min/1.73m²": Unit("filtration", 1.0)}
    for m, f in _MASS.items():
        t[m] = Unit("mass", f)
        t[f"{m}/kg"] = Unit("mass", f, True)
        for v, g in _VOLUME.items():
            t[f"{m}/{v}"] = Unit("mass concentration", f / g)
            t[f"{m}·h/{v}"] = Unit("mass exposure", f / g)
            t[f"{m}·min/{v}"] = Unit("mass exposure", f / g / 60)
        for d in ("min", "h", "d"):
            t[f"{m}/{d}"] = Unit("mass rate", f / _TIME[d])
            t[f"{m}/kg/{d}"] = Unit("mass rate", f / _TIME[d], True)
    for a, f in _AMOUNT.items():
        t[a] = Unit("amount", f)
        t[f"{a}/kg"] = Unit("amount", f, True)
        t[f"{a}/h"] = Unit("molar rate", f)
        for v, g in _VOLUME.items():
            t[f"{a}/{v}"] = Unit("molar concentration", f / g)
            t[f"{a}·h/{v}"] = Unit("molar exposure", f / g)
    for c, f in _MOLAR.items():
        t[c] = Unit("molar concentration", f)
        t[f"{c}·h"] = Unit("molar exposure", f)
    for v, f in _VOLUME.items():
        t[v] = Unit("volume", f)
        t[f"{v}/kg"] = Unit("volume", f, True)
        for d in ("s", "min", "h", "d"):
            t[f"{v}/{d}"] = Unit("flow", f / _TIME[d])
            t[f"{v}/{d}/kg"] = t[f"{v}/kg/{d}"] = Unit("flow", f / _TIME[d], True)
    for d, f in _TIME.items():
        t[d] = Unit("time", f)
        t[f"1/{d}"] = Unit("rate", 1 / f)
    return t


UNITS = _table()
# What an internal mass becomes when divided by the molar mass: mg/(g/mol) = mmol, hence the 1000 below.
_MOLAR_OF = {
    "mass": "amount",
    "mass concentration": "molar concentration",
    "mass exposure": "molar exposure",
    "mass rate": "molar rate",
}
_MASS_OF = {v: k for k, v in _MOLAR_OF.items()}
_ALIASES = {
    "hr": "h", "hour": "h", "hours": "h", "day": "d", "days": "d", "weeks": "week", "minutes": "min", "mcg": "µg",
    "/h": "1/h", "/min": "1/min", "h-1": "1/h", "min-1": "1/min", "/d": "1/d", "d-1": "1/d", "Da": "g/mol",
    "mL/min/1.73m2": "mL/min/1.73m²", "mL/min/1.73 m2": "mL/min/1.73m²", "mL/min/1.73 m²": "mL/min/1.73m²",
}  # fmt: skip
# Suggested for a misspelt unit: nobody who wrote "mgs" meant mL/kg/s.
_COMMON = (
    "mg", "µg", "g", "ng", "mg/kg", "µg/kg", "nmol", "µmol", "mL", "L", "L/kg", "L/h", "mL/min", "mL/min/kg", "L/h/kg", "nM",
    "µM", "ng/mL", "µg/mL", "mg/L", "g/L", "1/h", "1/min", "s", "min", "h", "d", "week", "kg", "cm", "m", "g/mol", "ng·h/mL",
    "µM·h", "mL/min/1.73m²",
)  # fmt: skip
_QUANTITY = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?\.?(?:nan|inf))\s*(.*?)\s*$", re.IGNORECASE)


def normalise(unit: str) -> str:
    """The one spelling of `unit` used in the table (both µ code points and `u`, `*` or `.` for `·`).
    A unit that is not in the table comes back stripped but otherwise as it is."""
    text = unit.strip().replace("\u03bc", "µ")
    text = _ALIASES.get(text, text)
    for candidate in (text, text.replace("*", "·"), re.sub(r"\bu(?=g|mol|M|L)", "µ", text.replace("*", "·"))):
        if candidate in UNITS:
            return candidate
    return text


def known(unit: str) -> Unit:
    """The table's row of `unit`; raises `UnitError` with the nearest accepted units."""
    name = normalise(unit)
    if name in UNITS:
        return UNITS[name]
    same = [u for u in UNITS if u.lower() == name.lower()]
    near = same or difflib.get_close_matches(name, _COMMON, n=2, cutoff=0.6)
    hint = "nearest accepted: " + ", ".join(near) if near else "accepted: mg, µg, mg/kg, L/h, µM, ng/mL, h, d, …"
    raise UnitError(f"unknown unit ({unit!r}; {hint})")


def kind(unit: str) -> str:
    """The dimension of `unit`, e.g. `flow` for mL/min."""
    return known(unit).kind


def parse(text: str) -> tuple[float, str]:
    """Number and (normalised, known) unit of a text such as `60 mg`; a bare number has unit ''."""
    match = _QUANTITY.match(text)
    if not match:
        raise UnitError(f"not a number with a unit ({text!r}; write for example '60 mg' or '24 h')")
    known(match[2])
    return float(re.sub(r"\.(?=[ni])", "", match[1].lower())), normalise(match[2])  # YAML's .nan and .inf


def convert(value: float, unit: str, to: str, *, molar_mass: float | None = None, weight: float | None = None) -> float:
    """`value` in `unit` expressed in `to`.

    Per-kg units need `weight` (kg); mass ↔ amount needs `molar_mass` (g/mol). Raises `UnitError`.

    >>> convert(60, "mg", "µmol", molar_mass=309.45)  # doctest: +ELLIPSIS
    193.89...
    >>> round(convert(10, "mL/min/kg", "L/h", weight=70), 6)
    42.0
    """
    a, b = known(unit), known(to)
    if math.isnan(value):
        raise UnitError(f"not a number ({value!r} {unit})")
    if a.per_kg != b.per_kg and (weight is None or not weight > 0):
        raise UnitError(f"'{unit}' to '{to}' needs the body weight (weight is not given; give it in kg)")
    x = value * a.factor
    if a.per_kg and not b.per_kg:
        x *= weight or 0.0
    elif b.per_kg and not a.per_kg:
        x /= weight or 1.0
    if a.kind != b.kind:
        if molar_mass is None and (_MOLAR_OF.get(a.kind) == b.kind or _MASS_OF.get(a.kind) == b.kind):
            raise UnitError(f"'{unit}' to '{to}' needs the molar mass (not given; give it in g/mol)")
        if _MOLAR_OF.get(a.kind) == b.kind and molar_mass:
            x *= 1000.0 / molar_mass
        elif _MASS_OF.get(a.kind) == b.kind and molar_mass:
            x *= molar_mass / 1000.0
        elif {a.kind, b.kind} == {"percent", "fraction"}:
            x *= 0.01 if a.kind == "percent" else 100.0
        else:
            raise UnitError(f"wrong unit ({unit!r} is a {a.kind}; a {b.kind} is needed, for example '{to}')")
    return x / b.factor


def to_internal(value: float, unit: str, *, molar_mass: float | None = None, weight: float | None = None) -> float:
    """`value` in the internal unit of its own kind (see `INTERNAL`), per-kg units multiplied by `weight`."""
    return convert(value, unit, INTERNAL[kind(unit)], molar_mass=molar_mass, weight=weight)
