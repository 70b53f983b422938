"""Which mechanisms a regimen holds, and switching them off.

A mechanism for the reader is an enzyme (or transporter) × inhibition, inactivation or induction, whichever of
the perpetrators causes it; `Mechanism` underneath names the compound too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clearway.model.interaction import terms_of
from clearway.model.kinetics import Kinetics
from clearway.model.lane import KINDS, Mechanism, MechanismKind


@dataclass(frozen=True, order=True)
class Effect:
    """An enzyme and what is done to it: 'CYP2B6 induction'."""

    enzyme: str
    kind: MechanismKind

    def __str__(self) -> str:
        return f"{self.enzyme} {self.kind}"


def mechanisms(compounds: Iterable[Kinetics], enzymes: Iterable[str]) -> frozenset[Mechanism]:
    """Everything that these compounds do at these enzymes, in liver or gut."""
    found: set[Mechanism] = set()
    for k in compounds:
        for enzyme in enzymes:
            for where in ("liver", "gut"):
                terms = terms_of(k, enzyme, where)
                present = {"inhibition": terms.inhibits, "inactivation": terms.kinact > 0,
                           "induction": terms.emax != 0}  # fmt: skip
                found |= {Mechanism(k.name, enzyme, kind) for kind in KINDS if present[kind]}
    return frozenset(found)


def enzymes_of(compounds: Iterable[Kinetics]) -> set[str]:
    """Enzymes and transporters of which these compounds are substrates."""
    found = {p.enzyme for k in compounds for p in k.enzymes}
    return found | {t.by for k in compounds for t in k.compound.elimination.transport}


def effects(found: Iterable[Mechanism]) -> list[Effect]:
    return sorted({Effect(m.enzyme, m.kind) for m in found})


def of_effects(found: Iterable[Mechanism], chosen: Iterable[Effect]) -> frozenset[Mechanism]:
    """The mechanisms that belong to these effects."""
    wanted = set(chosen)
    return frozenset(m for m in found if Effect(m.enzyme, m.kind) in wanted)


def only_enzyme(compounds: Sequence[Kinetics], enzyme: str) -> frozenset[Mechanism]:
    """What must be off so that interactions remain at one enzyme only."""
    everywhere = enzymes_of(compounds)
    return frozenset(m for m in mechanisms(compounds, everywhere) if m.enzyme != enzyme)


def without(compounds: Sequence[Kinetics], kind: str) -> frozenset[Mechanism]:
    """What must be off so that one kind of mechanism is missing everywhere."""
    return frozenset(m for m in mechanisms(compounds, enzymes_of(compounds)) if m.kind == kind)
