"""Genotype → activity of one enzyme towards one substrate, or the mixture when it is not known.

Activity multiplies the intrinsic clearance of that enzyme's path, relative to the *1/*1 (or reference) person.
A mixture is a list of (weight, activity), weights summing to 1.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

from clearway.errors import Problem, UnknownName
from clearway.physiology.data import Physiology

Mixture = list[tuple[float, float]]

DEFAULT_ANCESTRY = "european"
_SCORE = re.compile(r"(?:activity score|as)\s*([0-9]*\.?[0-9]+)", re.IGNORECASE)
_COPIES = re.compile(r"([0-9]+) cop(?:y|ies)", re.IGNORECASE)
_MULTIPLE = re.compile(r"(.+?)x([0-9]+|N)")
_WORDS = {
    "poor metabolizer": "PM", "intermediate metabolizer": "IM", "normal metabolizer": "NM",
    "extensive metabolizer": "EM", "rapid metabolizer": "RM", "ultrarapid metabolizer": "UM",
}  # fmt: skip


def activity(
    enzyme: str,
    substrate: str | None,
    genotype: str | None,
    data: Physiology,
    ancestry: str = DEFAULT_ANCESTRY,
) -> Mixture:
    """Activities of `enzyme` towards `substrate` with their weights.

    `genotype`: star alleles '*1/*6' (also '*1x2/*4', '143G/143E'), 'AS1' or 'activity score 1', 'PM', '3 copies',
    a haplotype pair listed in genotypes.yaml, or None for the mixture of the ancestry (Hardy–Weinberg).
    A diplotype's activity is the mean of its alleles (to the power of `score_exponent`, if the gene has one) unless the file
    gives the pair. An enzyme without an entry
    has activity 1. Raises `UnknownName` with the names that would have been understood.

    >>> from clearway.physiology import load_physiology
    >>> activity("CYP2B6", None, "*1/*6", load_physiology())
    [(1.0, 0.7)]
    """
    name = data.enzyme(enzyme)
    gene: Mapping[str, Any] | None = data.genotypes.get(name)
    if genotype is None:
        return _mixture(gene, substrate, ancestry) if gene else [(1.0, 1.0)]
    text = " ".join(genotype.split())
    if gene is None:
        known = ", ".join(data.genotypes)
        raise _unknown(name, f"no genotypes are known for {enzyme!r} (known for {known}; leave it out)")
    pairs = _overrides(gene, substrate, "diplotypes")
    for pair in (text, "/".join(reversed(text.split("/")))):
        if pair in pairs:
            return [(1.0, pairs[pair])]
    if found := _SCORE.fullmatch(text):
        if "score_of_reference" not in gene:
            raise _unknown(name, f"activity scores are not used for {name} (got {text!r}; {_examples(gene)})")
        return [(1.0, _bent(gene, float(found[1]) / gene["score_of_reference"]))]
    if found := _COPIES.fullmatch(text):
        return [(1.0, _copies(name, gene, found[1]))]
    phenotype = _WORDS.get(text.lower().replace("metaboliser", "metabolizer"), text.upper())
    if phenotype in gene.get("phenotypes", {}).get("values", {}):
        return _phenotype(name, gene, substrate, phenotype, ancestry)
    if text.count("/") == 1 and gene.get("alleles"):
        alleles = _overrides(gene, substrate, "alleles")
        first, second = (_allele(name, alleles, part.strip(), gene) for part in text.split("/"))
        return [(1.0, _bent(gene, (first + second) / 2.0))]
    raise _unknown(name, f"unknown genotype {text!r} of {name} ({_examples(gene)})")


def mean_activity(mixture: Mixture) -> float:
    """Weighted mean of a mixture: what an average clearance of the population corresponds to at low extraction."""
    return sum(weight * value for weight, value in mixture)


def coarsen(mixture: Mixture, least: float = 0.02) -> Mixture:
    """Classes lighter than `least` joined to the nearest other one; the mean stays the same."""
    rest = sorted(mixture, key=lambda item: item[1])
    while len(rest) > 1 and min(rest)[0] < least:
        i = rest.index(min(rest))
        near = [j for j in (i - 1, i + 1) if 0 <= j < len(rest)]
        j = min(near, key=lambda k: abs(rest[k][1] - rest[i][1]))
        (w1, a1), (w2, a2) = rest[i], rest[j]
        rest[min(i, j)] = (w1 + w2, (w1 * a1 + w2 * a2) / (w1 + w2))
        del rest[max(i, j)]
    return rest


def _overrides(gene: Mapping[str, Any], substrate: str | None, kind: str) -> dict[str, float]:
    """The gene's alleles or diplotypes, those of the substrate on top."""
    table = dict(gene.get(kind, {}))
    special = gene.get("substrates", {}).get(substrate, {})
    if "same_as" in special:
        special = gene["substrates"][special["same_as"]]
    table.update({k: v for k, v in special.items() if ("/" in k) == (kind == "diplotypes")})
    return table


def _allele(enzyme: str, alleles: Mapping[str, float], name: str, gene: Mapping[str, Any]) -> float:
    """Activity of one allele; '*1x2' is two copies on one chromosome, '*1xN' counts as two."""
    if name in alleles:
        return alleles[name]
    if (found := _MULTIPLE.fullmatch(name)) and found[1] in alleles:
        return alleles[found[1]] * (2 if found[2] == "N" else int(found[2]))
    near = difflib.get_close_matches(name, alleles, n=1)
    hint = f"; did you mean {near[0]!r}" if near else ""
    raise _unknown(enzyme, f"unknown allele {name!r} of {enzyme} (known: {', '.join(alleles)}{hint})")


def _bent(gene: Mapping[str, Any], mean: float) -> float:
    """Activity of a diplotype from the mean of its alleles, or from its score relative to the reference's."""
    exponent = gene.get("score_exponent", 1.0)
    return mean if exponent == 1.0 else float(mean**exponent)


def _copies(enzyme: str, gene: Mapping[str, Any], number: str) -> float:
    """Gene copies: as listed, else proportional to two (gene dose)."""
    table = gene.get("copies", {})
    if number in table:
        return float(table[number])
    if table:
        raise _unknown(enzyme, f"{number} copies of {enzyme} are not listed (known: {', '.join(table)})")
    return int(number) / 2.0


def diplotypes(gene: Mapping[str, Any], ancestry: str) -> list[tuple[float, str, str]]:
    """(frequency, allele, allele) of every pair under Hardy–Weinberg equilibrium."""
    known = allele_frequencies(gene, ancestry)
    names = [a for a, f in known.items() if f > 0.0]
    return [(known[a] * known[b] * (1.0 if a == b else 2.0), a, b) for i, a in enumerate(names) for b in names[i:]]


def allele_frequencies(gene: Mapping[str, Any], ancestry: str) -> dict[str, float]:
    """Frequency of each allele, which sum to 1; empty where none are known."""
    tables = gene.get("frequencies", {})
    if not tables:
        return {}
    table = tables.get(ancestry) or tables[DEFAULT_ANCESTRY]
    known = dict(table["values"])
    rest = table.get("remainder", "*1")
    known[rest] = known.get(rest, 0.0) + 1.0 - sum(known.values())
    return known


def _mixture(gene: Mapping[str, Any], substrate: str | None, ancestry: str) -> Mixture:
    return _collect(gene, substrate, diplotypes(gene, ancestry)) or [(1.0, 1.0)]


def _collect(gene: Mapping[str, Any], substrate: str | None, pairs: list[tuple[float, str, str]]) -> Mixture:
    """Equal activities joined, weights normalised, sorted by activity."""
    alleles, special = _overrides(gene, substrate, "alleles"), _overrides(gene, substrate, "diplotypes")
    joined: dict[float, float] = {}
    for weight, a, b in pairs:
        mean = _bent(gene, (_allele("", alleles, a, gene) + _allele("", alleles, b, gene)) / 2.0)
        value = round(special.get(f"{a}/{b}", special.get(f"{b}/{a}", mean)), 9)
        joined[value] = joined.get(value, 0.0) + weight
    total = sum(joined.values())
    return [(weight / total, value) for value, weight in sorted(joined.items())]


def _phenotype(enzyme: str, gene: Mapping[str, Any], substrate: str | None, phenotype: str, ancestry: str) -> Mixture:
    """The diplotypes whose mean of alleles (a score, before `score_exponent`) lies in the phenotype's range [low, high), by
    frequency."""
    straight = {**gene, "score_exponent": 1.0}
    low, high = gene["phenotypes"]["values"][phenotype]
    inside = []
    for weight, a, b in diplotypes(gene, ancestry):
        default = mean_activity(_collect(straight, None, [(1.0, a, b)]))
        if low <= default < high:
            inside.append((weight, a, b))
    if not inside:
        raise _unknown(enzyme, f"no {phenotype} of {enzyme} occurs in {ancestry} frequencies (give star alleles)")
    return _collect(gene, substrate, inside)


def _examples(gene: Mapping[str, Any]) -> str:
    """What would have been understood."""
    kinds = [
        ("alleles", ", ".join(gene.get("alleles", {}))),
        ("pairs", ", ".join(gene.get("diplotypes", {}))),
        ("phenotypes", ", ".join(gene.get("phenotypes", {}).get("values", {}))),
        ("scores", "AS0 to AS4" if "score_of_reference" in gene else ""),
        ("copies", ", ".join(f"{n} copies" for n in gene.get("copies", {}))),
    ]
    return "; ".join(f"{kind}: {names}" for kind, names in kinds if names)


def _unknown(enzyme: str, text: str) -> UnknownName:
    return UnknownName(Problem(text, path=f"genotypes.{enzyme}"))
