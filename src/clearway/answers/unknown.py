"""What is unknown: the sentences an honest colleague would add."""

from __future__ import annotations

from collections.abc import Sequence

from clearway.answers.evidence import Basis
from clearway.answers.words import join
from clearway.exposure.compare import Factor
from clearway.model.interaction import terms_of
from clearway.model.model import Model
from clearway.regimen import Case

MOST = 6
"""Assumed values that are named one by one."""


def unknown(
    case: Case,
    model: Model,
    rows: Sequence[Basis],
    enzymes: Sequence[str],
    unstudied: Sequence[tuple[str, str]],
    perpetrators: Sequence[str],
    victims: Sequence[str],
    factors: Sequence[Sequence[Factor]],
) -> list[str]:
    """Gaps of this answer, the gravest first."""
    said = [
        f"No clinical study of {join(added, 'or')} with {join(measured, 'or')} is in the qualification set: nothing measured stands "
        "against this answer."
        for added, measured in _together(unstudied)
    ]
    if not enzymes:
        said.append(
            "The library holds no mechanism by which the added drugs would change the measured ones. The interval is then only the "
            "scatter of studies: a mechanism that is missing in the library is missing here."
        )
    said += of_values(case, model, rows, enzymes, perpetrators, victims)
    if any(f.name == "other mechanisms" and abs(f.factor - 1) > 0.02 for row in factors for f in row):
        said.append("Several small mechanisms are counted together as 'other mechanisms'.")
    said.append(
        "The interval (90 %) holds what is uncertain in the library's values and how far studies have lain from predictions beyond "
        "that; it is not the spread between people, which is wider."
    )
    return said


def of_values(
    case: Case, model: Model, rows: Sequence[Basis], enzymes: Sequence[str], perpetrators: Sequence[str], victims: Sequence[str]
) -> list[str]:
    """What is assumed among the values that an answer rests on, and the genotypes that are not given."""
    guessed = _guessed(rows, enzymes)
    said = guessed[:MOST]
    if len(guessed) > MOST:
        said.append(f"{len(guessed) - MOST} more values that this answer rests on are assumed (see the evidence table).")
    for name in perpetrators:
        k = model.kinetics(name)
        notes = {terms_of(k, e, w).assumed for e in enzymes for w in ("liver", "gut")} - {""}
        said += [f"{name}: {note} (no separate constant in the library)." for note in sorted(notes)]
    return said + _genotypes(case, model, enzymes, victims)


def _together(pairs: Sequence[tuple[str, str]]) -> list[tuple[list[str], list[str]]]:
    """Pairs (added, measured) → (all added, all measured): the measured drugs that lack studies with the same added ones are one."""
    added: dict[str, list[str]] = {}
    for a, measured in pairs:
        added.setdefault(measured, []).append(a)
    groups: dict[tuple[str, ...], list[str]] = {}
    for measured, names in added.items():
        groups.setdefault(tuple(names), []).append(measured)
    return [(list(names), measured) for names, measured in groups.items()]


def _guessed(rows: Sequence[Basis], enzymes: Sequence[str]) -> list[str]:
    """Assumed values, those at the strongest enzymes first; enantiomers that share one are named together."""
    assumed = [r for r in rows if r.evidence == "assumed"]
    rank = {e: i for i, e in enumerate(enzymes)}
    groups: dict[tuple[object, ...], list[Basis]] = {}
    for r in sorted(assumed, key=lambda r: (rank.get(r.enzyme, len(rank)), r.what.startswith("share"))):
        groups.setdefault((r.what, r.enzyme, r.value, r.unit), []).append(r)
    said = []
    for same in groups.values():
        r = same[0]
        where = f" at {r.enzyme}" if r.enzyme else ""
        unit = f" {r.unit}" if r.unit else ""
        said.append(f"{join([x.compound for x in same])}: {r.what}{where} ({r.value:g}{unit}) is assumed: {first_sentence(r.why)}")
    return said


def _genotypes(case: Case, model: Model, enzymes: Sequence[str], victims: Sequence[str]) -> list[str]:
    polymorphic = [e for e in enzymes if e in model.library.genotypes and e not in case.person.genotype]
    mine = {p.enzyme for v in victims for p in model.kinetics(v).enzymes}
    named = [e for e in polymorphic if e in mine]
    if not named:
        return []
    said = f"The genotype of {join(named)} is not given: the answer is the mixture of the population's genotypes."
    return [said]


def first_sentence(text: str, limit: int = 160) -> str:
    """The beginning of a reason, cut at a sentence or a word."""
    clean = " ".join(text.split())
    if len(clean) <= limit:
        return clean if clean.endswith(".") else clean + "."
    cut = clean[:limit]
    for mark in (". ", "; "):
        if mark in cut[40:]:
            return cut[: cut.index(mark, 40)] + "."
    return cut.rsplit(" ", 1)[0] + " …"
