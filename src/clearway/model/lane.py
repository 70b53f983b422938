"""A lane of a batch: a person, that person's enzyme activities, and the mechanisms that are switched off.

A `Lane` speaks for one; `Lanes` are the same as columns, which is what the model reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from clearway.physiology import Body
from clearway.physiology.body import Bodies

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
K = TypeVar("K")

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


@dataclass(frozen=True)
class Lanes:
    """The fields of `Lane` as columns, one entry a lane; what no lane has is left out, and a plain number in `vary`
    holds for all."""

    bodies: Bodies
    activity: Mapping[tuple[str, str], Floats]
    weight: Floats
    vary: Mapping[tuple[str, str, str], Floats | float] = field(default_factory=dict)
    off: Mapping[Mechanism, Mask] = field(default_factory=dict)
    off_apart: Mapping[Mechanism, Mask] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.weight)

    @staticmethod
    def of(lanes: Sequence[Lane]) -> Lanes:
        """The columns of these lanes; lanes mostly share a few bodies."""
        shared = {id(lane.body): lane.body for lane in lanes}
        row = {key: i for i, key in enumerate(shared)}
        at = np.array([row[id(lane.body)] for lane in lanes], dtype=np.intp)
        return Lanes(
            bodies=Bodies.of(list(shared.values())).take(at),
            activity=_columns([lane.activity for lane in lanes]),
            weight=np.array([lane.weight for lane in lanes]),
            vary=_columns([lane.vary for lane in lanes]),
            off=_masks([lane.off for lane in lanes]),
            off_apart=_masks([lane.off_apart for lane in lanes]),
        )

    def take(self, index: NDArray[np.intp]) -> Lanes:
        """Those at these positions."""
        return Lanes(
            bodies=self.bodies.take(index),
            activity={key: column[index] for key, column in self.activity.items()},
            weight=self.weight[index],
            vary={key: c[index] if isinstance(c, np.ndarray) else c for key, c in self.vary.items()},
            off={m: mask[index] for m, mask in self.off.items()},
            off_apart={m: mask[index] for m, mask in self.off_apart.items()},
        )


def _columns(rows: Sequence[Mapping[K, float]]) -> dict[K, Floats]:
    """Factors by key, 1 where a lane has none."""
    shared = {id(row): row for row in rows}
    keys = dict.fromkeys(key for row in shared.values() for key in row)
    return {key: np.array([row.get(key, 1.0) for row in rows]) for key in keys}


def _masks(rows: Sequence[frozenset[Mechanism]]) -> dict[Mechanism, Mask]:
    return {m: np.array([m in row for row in rows]) for m in dict.fromkeys(m for row in rows for m in row)}
