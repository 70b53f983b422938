"""How good the values behind one prediction are: the weakest kind of evidence among them, and how many are assumed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from clearway.library.compound import Action, Compound, Evidence, Value
from clearway.model.interaction import SYNONYMS
from clearway.screening.drugs import Target
from clearway.screening.numbers import Floats, Ints, Numbers
from clearway.screening.plan import Plan

KINDS: tuple[str, ...] = get_args(Evidence)
"""Best first."""

MATTERS = 0.02
"""|ln factor| from which an enzyme matters to a prediction."""


@dataclass(frozen=True)
class Counted:
    """Values of a thing: rank of the weakest (index into `KINDS`, −1: none), how many are assumed, how many there are."""

    weakest: Ints
    assumed: Ints
    total: Ints

    def rows(self, which: Ints) -> Ints:
        """(row, the three counts, column)."""
        return np.stack([self.weakest[which], self.assumed[which], self.total[which]], axis=1)


class Grades:
    """Values behind the predictions: of victims their shares, of perpetrators their constants, by enzyme; and what both
    always lean on: fraction unbound and clearance, of an oral victim also Fg."""

    def __init__(self, p: Plan) -> None:
        n = p.numbers
        self._index = {c: i for i, c in enumerate(n.names)}
        compounds = [p.model.compound(c) for c in n.names]
        families = [p.index(p.model.closure(d.compounds)) for d in p.drugs]
        self._shares = _table([[[q.share for q in c.elimination.paths if q.by == e] for e in p.enzymes] for c in compounds])
        self._constants = _table([[[v for i in f for v in _constants(compounds[i], e, n, i)] for e in p.enzymes] for f in families])
        self._base = {oral: _table([[_base(c) + (_gut(c) if oral else [])] for c in compounds]) for oral in (False, True)}
        self._doers = _table([[[v for c in d.compounds for v in _base(p.model.compound(c))]] for d in p.drugs])

    def grade(self, sizes: Floats, perpetrators: Sequence[int], targets: Sequence[Target], *, oral: bool) -> Counted:
        """`sizes` (perpetrator, genotype, target, enzyme) is |ln factor| by enzyme."""
        matters = sizes >= MATTERS
        any_ = matters.any(axis=-1, keepdims=True)
        doers = np.array(perpetrators)
        parts = [(self._doers.rows(doers)[:, None, None], any_), (self._constants.rows(doers)[:, None, None], matters)]
        most = max(len(t.compounds) for t in targets)
        for k in range(most):  # a sum rests on the values of each of its compounds
            which = np.array([self._index[t.compounds[k]] if k < len(t.compounds) else -1 for t in targets])
            here = (which >= 0)[:, None]
            parts += [(self._base[oral].rows(which), any_ & here), (self._shares.rows(which), matters & here)]
        return Counted(
            np.max([np.where(use, c[..., 0, :], -1).max(axis=-1) for c, use in parts], axis=0),
            np.sum([np.where(use, c[..., 1, :], 0).sum(axis=-1) for c, use in parts], axis=0),
            np.sum([np.where(use, c[..., 2, :], 0).sum(axis=-1) for c, use in parts], axis=0),
        )


def _base(c: Compound) -> list[Value]:
    return [c.molecule.fraction_unbound, c.elimination.clearance.value]


def _gut(c: Compound) -> list[Value]:
    oral = c.absorption.oral
    return [oral.gut_availability] if oral and oral.gut_availability else []


def _constants(c: Compound, enzyme: str, n: Numbers, index: int) -> list[Value]:
    """Constants of a compound at an enzyme; a Ki that is only its Km counts as assumed."""
    found = [v for a in c.acts_on if SYNONYMS.get(a.on, a.on) == enzyme for v in _of(a)]
    sites = [s for s, (e, _) in enumerate(n.sites) if e == enzyme]
    if not found and any(n.acts.inv_kic[index, s] > 0.0 for s in sites):
        found = [Value(0.0, because="Ki taken as Km")]
    return found


def _of(a: Action) -> Iterable[Value]:
    if a.inhibition:
        yield from (v for v in (a.inhibition.kic, a.inhibition.kiu) if v)
    if a.inactivation:
        yield from (a.inactivation.kinact, a.inactivation.ki)
    if a.induction:
        yield from (v for v in (a.induction.emax, a.induction.ec50, a.induction.hill) if v)


def _table(values: Sequence[Sequence[Sequence[Value]]]) -> Counted:
    """Counts over a table of lists of values."""
    ranks = [[[KINDS.index(v.evidence) for v in cell] for cell in row] for row in values]
    worst = len(KINDS) - 1
    return Counted(
        np.array([[max(cell, default=-1) for cell in row] for row in ranks]),
        np.array([[cell.count(worst) for cell in row] for row in ranks]),
        np.array([[len(cell) for cell in row] for row in ranks]),
    )
