"""The library: every compound, product, reference, enzyme and genotype, by name.

Plain data without a validator, so that it can be pickled at build time and read back in milliseconds.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clearway.errors import Problem, UnknownName
from clearway.library.compound import Compound
from clearway.library.products import Product, plain

DATA = Path(__file__).parent / "data"


@dataclass
class Library:
    """`physiology` holds the raw dicts of data/physiology/*.yaml by file stem; `enzymes` and `genotypes` are raw
    dicts too, read by `physiology` and `model`; `thresholds` are rows of concentrations that a drug should stay above or below;
    `usual` holds, by id of product or compound, a dose to begin with and the short name (rows of data/usual.yaml)."""

    compounds: dict[str, Compound] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    references: dict[str, dict[str, Any]] = field(default_factory=dict)
    enzymes: dict[str, Any] = field(default_factory=dict)
    genotypes: dict[str, Any] = field(default_factory=dict)
    physiology: dict[str, Any] = field(default_factory=dict)
    thresholds: list[dict[str, Any]] = field(default_factory=list)
    usual: dict[str, dict[str, Any]] = field(default_factory=dict)
    calibrated: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)  # compound → file, for cards and messages
    _names: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def load(extra: Path | None = None, *, index: bool = True) -> Library:
        """The library: from the compiled index if there is one and it is fresh, else from YAML. `extra` is a
        folder with a user's own compound files (and references.yaml), read on top."""
        from clearway.library.index import load_index

        library = load_index() if index else None
        if library is None or extra is not None:
            from clearway.library.loader import load_folder

            library = library or load_folder(DATA)
            if extra is not None:
                library = load_folder(Path(extra), base=library)
        return library

    def names(self) -> dict[str, str]:
        """Every accepted name in lower case → `product` id (products win over compounds of the same name)."""
        if not self._names:
            table: dict[str, str] = {}
            for compound in self.compounds.values():
                for name in (compound.compound, compound.name, *compound.synonyms):
                    table.setdefault(name.lower(), compound.compound)
            for product in self.products.values():
                for name in (product.product, product.name, *product.synonyms, *product.brands):
                    table[name.lower()] = product.product
            for key in self.compounds:  # a compound's own id always means itself
                if key not in self.products:
                    table[key] = key
            self._names = table
        return self._names

    def suggestions(self, name: str, count: int = 3) -> list[str]:
        """The nearest known names, best first."""
        table = self.names()
        found = difflib.get_close_matches(name.lower(), table, n=3 * count, cutoff=0.6)
        return list(dict.fromkeys(table[f] for f in found))[:count]

    def compound(self, name: str) -> Compound:
        """The compound called `name` (id, name or synonym). Raises `UnknownName` with the nearest names."""
        if name in self.compounds:
            return self.compounds[name]
        found = self.names().get(name.lower())
        if found in self.compounds:
            return self.compounds[found]
        if found in self.products:
            modelled = [p.compound for p in self.products[found].parts if p.compound in self.compounds]
            if len(modelled) == 1:
                return self.compounds[modelled[0]]
        raise UnknownName(Problem(self.unknown(name)))

    def product(self, name: str) -> Product:
        """The product called `name`; a compound without one stands for itself. Raises `UnknownName`."""
        found = self.names().get(name.strip().lower())
        if found is None:
            raise UnknownName(Problem(self.unknown(name)))
        if found in self.products:
            return self.products[found]
        return plain(found, self.compounds[found].name)

    def missing(self, product: Product) -> list[str]:
        """Modelled parts of a product for which the library has no compound."""
        return [p.compound for p in product.parts if p.modelled and p.compound not in self.compounds]

    def parts(self, name: str) -> list[str]:
        """Compound ids that `name` stands for: both halves of a racemate, one for a plain compound."""
        if name in self.compounds and name not in self.products:
            return [name]
        return [p.compound for p in self.product(name).parts if p.compound in self.compounds]

    def unknown(self, name: str) -> str:
        """The sentence for a name the library does not have."""
        near = self.suggestions(name)
        hint = f"nearest: {', '.join(near)}; " if near else ""
        return f"unknown drug ({name!r}; {hint}'clearway show --list' lists all)"
