"""One lane of a batch: a person, that person's enzyme activities, and the mechanisms that are switched off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from clearway.physiology import Body

MechanismKind = Literal["inhibition", "inactivation", "induction"]
KINDS: tuple[MechanismKind, ...] = ("inhibition", "inactivation", "induction")


@dataclass(frozen=True, order=True)
class Mechanism:
    """What one compound does at one enzyme."""

    compound: str
    enzyme: str
    kind: MechanismKind


@dataclass(frozen=True)
class Lane:
    """`activity` maps (enzyme, substrate) to the factor on CLint that the genotype gives; missing
    pairs are 1. `off` are mechanisms switched off for everybody, `off_apart` only for the compounds that are
    assembled apart (attribution: the perpetrators' own kinetics stay as they are). `weight` is the lane's share in
    a mixture of genotypes. `vary` holds factors on uncertain parameters, keyed (compound or enzyme, path or site,
    term)."""

    body: Body
    activity: Mapping[tuple[str, str], float] = field(default_factory=dict)
    off: frozenset[Mechanism] = frozenset()
    off_apart: frozenset[Mechanism] = frozenset()
    weight: float = 1.0
    vary: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
