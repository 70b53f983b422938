"""The physiology files as plain numbers: the one place that knows how they are stored.

`load_physiology()` is what everything else calls; it reads the YAML once. A compiled index may serve the same
raw trees later: `plain` turns them into numbers, `Physiology` holds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "library" / "data"
PROSE = frozenset({"source", "evidence", "because", "note", "format"})
"""Keys of a block that explain its numbers."""

Tree = dict[str, Any]


@dataclass(frozen=True, eq=False)  # one object, one physiology: may be the key of a cache
class Physiology:
    """Plain trees (floats, no sources): organs by sex, tissue composition, gut, scaling, enzymes, genotypes, and how
    people differ (`population`)."""

    organs: Tree
    composition: Tree
    gut: Tree
    scaling: Tree
    enzymes: Tree
    genotypes: Tree
    population: Tree

    def enzyme(self, name: str) -> str:
        """The id of an enzyme or transporter called by its id or a synonym (ABCB1 → P-gp); else the name itself."""
        if name in self.enzymes:
            return name
        for key, entry in self.enzymes.items():
            if name in entry["synonyms"]:
                return key
        return name


def plain(node: Any) -> Any:
    """Values `{value, unit, source, …}` as floats, prose dropped, numbers as floats; lists and texts stay."""
    if isinstance(node, Mapping):
        if "value" in node and "evidence" in node:
            return float(node["value"])
        return {str(k): plain(v) for k, v in node.items() if k not in PROSE}
    if isinstance(node, (list, tuple)):
        return [plain(v) for v in node]
    return float(node) if isinstance(node, int) and not isinstance(node, bool) else node


def physiology(raw: Mapping[str, Any]) -> Physiology:
    """From raw trees by file stem: organs, tissue_composition, gut, scaling, enzymes, genotypes, population."""
    enzymes = plain(raw["enzymes"])
    return Physiology(
        organs=plain(raw["organs"]),
        composition=_composition(plain(raw["tissue_composition"]), raw["tissue_composition"]),
        gut=plain(raw["gut"]),
        scaling=plain(raw["scaling"]),
        enzymes={**enzymes["enzymes"], **enzymes["transporters"]},
        genotypes=plain(raw["genotypes"]),
        population=plain(raw["population"]),
    )


def _composition(tree: Tree, raw: Mapping[str, Any]) -> Tree:
    """Tissues that say `same_as` get the numbers of the tissue they name."""
    for method in ("rodgers_rowland", "poulin_theil"):
        tissues = tree[method]["tissues"]
        for name, entry in raw[method]["tissues"].items():
            if "same_as" in entry:
                tissues[name] = tissues[entry["same_as"]]
    return tree


def read_raw(folder: Path = DATA) -> Tree:
    """The files as they stand, with sources and evidence, by file stem."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    paths = [*sorted((folder / "physiology").glob("*.yaml")), folder / "enzymes.yaml", folder / "genotypes.yaml"]
    return {path.stem: yaml.load(path.read_text(encoding="utf-8")) for path in paths}


@lru_cache(maxsize=1)
def load_physiology() -> Physiology:
    """The physiology that Clearway ships. Read once; treat it as read-only."""
    return physiology(read_raw())
