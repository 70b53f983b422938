"""A coded or named medication → a product of the library: by RxNorm, then by ATC, then by name. Never a near miss."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from clearway.library import Library

RXNORM = ("http://www.nlm.nih.gov/research/umls/rxnorm", "urn:oid:2.16.840.1.113883.6.88")
ATC = ("http://www.whocc.no/atc", "urn:oid:2.16.840.1.113883.6.73")
STRENGTH = re.compile(r"\s+\d[\d.,]*\s*(mg|mcg|µg|ug|g|ml|%|mg/ml|hr|hour)\b.*", re.IGNORECASE)
RELEASE = re.compile(
    r"\b(extended|modified|prolonged|sustained|delayed|controlled|long[ -]acting|slow)\b|\b(XL|XR|ER|SR|CR)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Match:
    """`product` is empty where nothing, or more than one thing, fits; `by` says how it was found, `reason` why not."""

    product: str = ""
    by: str = ""
    reason: str = ""


@dataclass
class Medicines:
    """The library's products by code and by name."""

    library: Library

    @cached_property
    def _codes(self) -> dict[tuple[str, str], set[str]]:
        table: dict[tuple[str, str], set[str]] = {}
        for compound in self.library.compounds.values():
            for kind, code in (("RxNorm", compound.identifiers.rxnorm), ("ATC", compound.identifiers.atc)):
                if code:
                    table.setdefault((kind, code.upper()), set()).add(compound.compound)
        return table

    def find(self, codings: Iterable[tuple[str, str]], names: Iterable[str]) -> Match:
        """codings: (system, code). names: texts and displays."""
        found: dict[str, str] = {}
        reasons: list[str] = []
        for system, raw in codings:
            kind = "RxNorm" if system in RXNORM else "ATC" if system in ATC else ""
            code = raw.strip().upper()
            if not kind:
                continue
            compounds = self._codes.get((kind, code), set())
            if kind == "ATC" and len(code) < 7:
                reasons.append(f"ATC {code[:7]} is a group, not a substance")
            elif not compounds:
                reasons.append(f"{kind} {code[:12]} is no code of the library's compounds")
            elif products := self._of(compounds):
                found.update({p: f"{kind} {code}" for p in products if p not in found})
            else:
                reasons.append(f"{kind} {code} does not say what it is ({', '.join(sorted(compounds))}, or both)")
        named = self._named(names)
        if len(found) > 1:
            return Match(reason=f"its codes name different things ({', '.join(sorted(found))})")
        if found:
            ((product, by),) = found.items()
            return self._refined(product, by, named)
        if len(named) == 1:
            return Match(named[0], "name")
        if named:
            return Match(reason=f"its names say different things ({', '.join(named)})")
        return Match(reason="; ".join([*reasons, "no name of it is in the library ('clearway show --list' lists all)"]))

    def _of(self, compounds: set[str]) -> list[str]:
        """The product that a code of these compounds means: itself, or the racemate of its halves. None where it is open, as for the
        code of one half, which may be meant for the racemate: then the name must say."""
        racemates = {p.product: {x.compound for x in p.parts} for p in self.library.products.values() if p.kind == "racemate"}
        if len(compounds) == 1 and not any(compounds < halves for halves in racemates.values()):
            return [self.library.product(next(iter(compounds))).product]
        whole = [product for product, halves in racemates.items() if halves == compounds]
        return whole if len(whole) == 1 else []

    def _refined(self, product: str, by: str, named: list[str]) -> Match:
        """A name may say which product of the coded substance it is (a nasal device, a slow-release tablet)."""
        closer = [n for n in named if n != product]
        if not closer:
            return Match(product, by)
        parts = set(self.library.parts(product))
        if len(closer) == 1 and set(self.library.parts(closer[0])) <= parts:
            return Match(closer[0], f"{by}, name")
        return Match(reason=f"its code says {product}, its name {', '.join(closer)}")

    def _named(self, names: Iterable[str]) -> list[str]:
        """Products whose name the text is, as a whole or before the strength ('efavirenz 600 MG Oral Tablet')."""
        table, found = self.library.names(), []
        for name in names:
            text = " ".join(name.lower().split())
            short = STRENGTH.sub("", text)
            if text in table:
                found.append(table[text])
            elif short in table and not RELEASE.search(name) and "/" not in name.split(short, 1)[-1].replace("mg/ml", ""):
                found.append(table[short])
        return list(dict.fromkeys(found))
