"""What the types cannot say: ranges, units, sums, and names that must resolve.

Each check yields (path, message); the loader adds file, line and column. Messages give the value, the allowed
range and what to do next.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
from collections.abc import Callable, Collection, Iterator
from typing import Any

from clearway.errors import UnitError
from clearway.library.compound import NOT_ENZYMES, Clearance, Compound, Value
from clearway.library.document import Key
from clearway.units import known

Finding = tuple[Key, str]

ENZYMES = (
    "CYP1A2", "CYP2A6", "CYP2B6", "CYP2C8", "CYP2C9", "CYP2C19", "CYP2D6", "CYP2E1", "CYP3A4", "CYP3A5", "UGT1A1", "UGT1A4",
    "UGT1A9", "UGT2B7", "CES1", "CES2", "AADAC", "CBR1", "HSD11B1", "FMO3", "P-gp", "OATP1B1", "OATP1B3",
)  # fmt: skip
SHARE_TOLERANCE = 0.005

_CONCENTRATION = ("molar concentration", "mass concentration")
# (class, field) → accepted kinds of unit, and the range of the number (low exclusive unless it is 0 and listed).
_UNITS: dict[tuple[str, str], tuple[str, ...]] = {
    ("Molecule", "molar_mass"): ("molar mass",),
    ("Distribution", "vss"): ("volume",),
    ("Oral", "release_rate"): ("rate",),
    ("Oral", "lag"): ("time",),
    ("Depot", "rate"): ("rate",),
    ("Slow", "rate"): ("rate",),
    ("Fed", "release_rate"): ("rate",),
    ("Uptake", "clint"): ("flow",),
    ("Uptake", "km"): _CONCENTRATION,
    ("LiverCells", "passive"): ("flow",),
    ("Mucosal", "rate"): ("rate",),
    ("Path", "km"): _CONCENTRATION,
    ("Transport", "clint"): ("flow",),
    ("Transport", "km"): _CONCENTRATION,
    ("Inhibition", "kic"): _CONCENTRATION,
    ("Inhibition", "kiu"): _CONCENTRATION,
    ("Inactivation", "kinact"): ("rate",),
    ("Inactivation", "ki"): _CONCENTRATION,
    ("Induction", "ec50"): _CONCENTRATION,
    ("Binding", "ki"): _CONCENTRATION,
}
_OPEN, _POSITIVE, _ANY, _NOT_NEGATIVE = "(0, 1]", "> 0", "any", ">= 0"
_RANGES: dict[tuple[str, str], str] = {
    ("Molecule", "fraction_unbound"): _OPEN,
    ("Oral", "fraction_absorbed"): _OPEN,
    ("Oral", "gut_availability"): _OPEN,
    ("Oral", "gut_fraction_unbound"): _OPEN,
    ("Depot", "bioavailability"): _OPEN,
    ("Slow", "fraction"): "[0, 1]",
    ("Fed", "fraction_absorbed"): _OPEN,
    ("Mucosal", "fraction_mucosal"): "[0, 1]",
    ("Path", "share"): "[0, 1]",
    ("Path", "metabolites"): "[0, 2]",
    ("Molecule", "logp"): _ANY,
    ("Molecule", "pka_acid"): _ANY,
    ("Molecule", "pka_base"): _ANY,
    ("Induction", "emax"): _NOT_NEGATIVE,
    ("Oral", "lag"): _NOT_NEGATIVE,
    ("Inactivation", "kinact"): _NOT_NEGATIVE,
    ("Transport", "clint"): _NOT_NEGATIVE,
}
_IN_RANGE: dict[str, Callable[[float], bool]] = {
    _OPEN: lambda x: 0 < x <= 1,
    "[0, 1]": lambda x: 0 <= x <= 1,
    "[0, 2]": lambda x: 0 <= x <= 2,
    _POSITIVE: lambda x: x > 0,
    _NOT_NEGATIVE: lambda x: x >= 0,
    _ANY: lambda x: True,
}
_ADVICE = {
    "molar mass": "g/mol", "volume": "L/kg or L", "rate": "1/h", "time": "h", "flow": "L/h",
    "molar concentration": "µM", "mass concentration": "µM", "fraction": "a fraction without unit",
}  # fmt: skip


def values(node: Any, path: Key = ()) -> Iterator[tuple[Key, str, str, Value]]:
    """Every `Value` under a dataclass: (path, class name of its holder, field name, value)."""
    for f in dataclasses.fields(node):
        item = getattr(node, f.name)
        here: Key = (*path, f.name)
        if isinstance(item, Value):
            yield here, type(node).__name__, f.name, item
        elif dataclasses.is_dataclass(item):
            yield from values(item, here)
        elif isinstance(item, list | dict):
            pairs = item.items() if isinstance(item, dict) else enumerate(item)
            for key, child in pairs:
                if isinstance(child, Value):
                    yield (*here, key), type(node).__name__, f.name, child
                elif dataclasses.is_dataclass(child):
                    yield from values(child, (*here, key))


def nearest(name: str, names: Collection[str], count: int = 3) -> str:
    """`; nearest: a, b` or an empty text."""
    lower = {n.lower(): n for n in names}
    found = difflib.get_close_matches(name.lower(), lower, n=count, cutoff=0.6)
    return f"; nearest: {', '.join(lower[f] for f in found)}" if found else ""


def check_form(compound: Compound) -> Iterator[Finding]:
    """Ranges, units and sums of one compound: all that needs nothing but the file."""
    for path, owner, name, value in values(compound):
        yield from _check_value(path, owner, name, value)
    paths = compound.elimination.paths
    total = sum(p.share.value for p in paths)
    if not paths:
        yield ("elimination", "paths"), "empty (at least one path; write {by: other, share: 1})"
    elif abs(total - 1) > SHARE_TOLERANCE:
        yield (
            ("elimination", "paths"),
            f"shares sum to {total:.4g} (allowed 1 ± {SHARE_TOLERANCE}; put the rest under 'by: other')",
        )
    for i, action in enumerate(compound.acts_on):
        if not (action.inhibition or action.inactivation or action.induction):
            yield ("acts_on", i), "does nothing (give inhibition, inactivation or induction)"
        if action.inhibition and not (action.inhibition.kic or action.inhibition.kiu):
            yield ("acts_on", i, "inhibition"), "no constant (give kic, kiu or both)"
    if compound.compound != compound.compound.lower() or " " in compound.compound:
        yield ("compound",), f"must be lower case without spaces ({compound.compound!r})"


def _check_value(path: Key, owner: str, name: str, value: Value) -> Iterator[Finding]:
    number = value.value
    if not math.isfinite(number):
        yield path, f"not a finite number ({number}; give a number)"
        return
    try:
        unit = known(value.unit)
    except UnitError as error:
        # 'mass' and 'molar' are the two kinds of metabolite ratio, not units.
        if not (owner == "Clearance" and value.unit in ("mass", "molar")):
            yield path, error.problems[0].message
        unit = None
    if owner != "Clearance" and unit:
        wanted = _UNITS.get((owner, name), ("fraction",))
        if unit.kind == "percent":
            yield path, f"a percentage is not accepted ({number:g} %; write the fraction {number / 100:g})"
            return
        if unit.kind not in wanted or (unit.per_kg and owner != "Distribution"):
            said = f"wrong unit ({value.unit!r}" if value.unit else f"missing unit ({number:g}"
            yield path, f"{said}; needs {_ADVICE[wanted[0]]})"
            return
    allowed = _RANGES.get((owner, name), _POSITIVE)
    if not _IN_RANGE[allowed](number):
        percent = "; a percentage? write a fraction" if "1]" in allowed and number > 1 else ""
        yield path, f"out of range ({number:g}; allowed {allowed}{percent})"
    if value.evidence == "assumed" and not value.because:
        yield path, "assumed without a reason (add 'because: …', or a source and its evidence)"
    if value.evidence == "fitted" and not value.fitted_to:
        yield path, "fitted to nothing named (add 'fitted_to: [study or observation ids]')"
    if value.evidence in ("measured in vivo", "measured in vitro") and not value.source:
        yield path, f"{value.evidence} without a source (add 'source: key of references')"
    low, high = value.low, value.high
    if (low is not None and low > number) or (high is not None and high < number):
        yield path, f"outside its own low and high ({number:g}; {low} to {high})"


def check_clearance(clearance: Clearance) -> Iterator[Finding]:
    """The unit must suit the kind of observation."""
    path: Key = ("elimination", "clearance", "value")
    ratio = clearance.value.unit in ("mass", "molar")
    if clearance.kind == "metabolite-ratio" and not ratio:
        yield path, f"a metabolite ratio needs unit 'mass' or 'molar' ({clearance.value.unit!r})"
    elif clearance.kind != "metabolite-ratio":
        try:
            kind = known(clearance.value.unit).kind if not ratio else "ratio"
        except UnitError:
            return  # reported with the value itself
        if kind != "flow":
            yield path, f"wrong unit ({clearance.value.unit!r}; needs L/h, mL/min or mL/min/kg)"


def check_names(
    compound: Compound,
    *,
    references: Collection[str],
    enzymes: Collection[str],
    compounds: Collection[str],
    pumps: Collection[str] = (),
) -> Iterator[Finding]:
    """Names that must resolve in the rest of the library; `pumps` are transporters whose place a path must give."""
    for path, _, _, value in values(compound):
        sources = [value.source] if value.source else []
        for source in sources + [other.source for other in value.conflicts]:
            if source not in references:
                yield path, f"unknown source ({source!r}{nearest(source, references)}; add it to references)"
    cited = [("identifiers", "sources", source) for source in compound.identifiers.sources]
    cited += [("schedules", "source", held.source) for held in compound.schedules]
    for block, name, source in cited:
        if source not in references:
            yield (block, name), f"unknown source ({source!r}{nearest(source, references)}; add it to references)"
    ids = set(enzymes) | set(ENZYMES)
    for i, p in enumerate(compound.elimination.paths):
        if p.by not in ids and p.by not in NOT_ENZYMES:
            yield (
                ("elimination", "paths", i, "by"),
                f"unknown enzyme ({p.by!r}{nearest(p.by, ids)}; or renal, biliary, plasma, other)",
            )
        if p.by in pumps and p.where is None:
            yield ("elimination", "paths", i, "by"), f"a transporter of several organs ({p.by!r}; add 'where: kidney' or 'where: bile')"
        for metabolite in p.metabolites:
            if metabolite not in compounds:
                yield (
                    ("elimination", "paths", i, "metabolites", metabolite),
                    f"no such compound ({metabolite!r}{nearest(metabolite, compounds)}; add its file or leave it out)",
                )
    for i, t in enumerate(compound.elimination.transport):
        if t.by not in ids:
            yield ("elimination", "transport", i, "by"), f"unknown transporter ({t.by!r}{nearest(t.by, ids)})"
    for i, action in enumerate(compound.acts_on):
        if action.on not in ids:
            yield ("acts_on", i, "on"), f"unknown enzyme ({action.on!r}{nearest(action.on, ids)})"
