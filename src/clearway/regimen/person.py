"""The `person:` block of a case."""

from __future__ import annotations

import re
from typing import Any

from clearway.library.document import Key
from clearway.library.library import Library
from clearway.regimen.block import Block, Problems
from clearway.regimen.dose import PersonSpec
from clearway.units import convert, known

FIELDS = (
    "sex", "age", "height", "weight", "haematocrit", "albumin", "aag", "urine_ph", "egfr", "child_pugh",
    "genotype",
)  # fmt: skip
TOBACCO = (
    "not of the person but taken (write it among the drugs: {drug: cigarette, dose: 10 cigarettes, route: inhaled, every: 24 h, count: 14})"
)
PHENOTYPES = ("PM", "IM", "NM", "EM", "RM", "UM")


def read_person(problems: Problems, data: Any, path: Key, library: Library) -> PersonSpec:
    """The person as given, each number within the range the physiology was built for."""
    block = Block(problems, data, path, FIELDS, elsewhere=dict.fromkeys(("smoker", "smoking"), TOBACCO))
    person = PersonSpec(
        sex=block.choice("sex", ("male", "female")),  # type: ignore[arg-type]
        age=block.number("age", 16, 100),
        height_cm=block.quantity("height", "length", 120, 230, like="176 cm"),
        haematocrit=block.number("haematocrit", 0.15, 0.7),
        albumin_g_l=block.quantity("albumin", "mass concentration", 5e3, 80e3, like="45 g/L"),
        aag_g_l=block.quantity("aag", "mass concentration", 50, 5e3, like="0.8 g/L"),
        urine_ph=block.number("urine_ph", 4.0, 9.0),
        egfr=block.quantity("egfr", "filtration", 0, 200, like="95 mL/min/1.73m²", bare=True),
        child_pugh=block.choice("child_pugh", ("A", "B", "C")),  # type: ignore[arg-type]
    )
    if person.albumin_g_l is not None:
        person.albumin_g_l /= 1000.0  # the internal unit of a mass concentration is mg/L
    if person.aag_g_l is not None:
        person.aag_g_l /= 1000.0
    person.weight_kg = read_weight(block)
    genotype = Block(problems, block.data.get("genotype"), block.at("genotype"), (), strict=False)
    for gene in genotype.data:
        value = genotype.text(gene)
        wrong = genotype_problem(library, gene, value)
        if wrong:
            genotype.error(gene, wrong)
        else:
            person.genotype[gene] = value
    return person


def read_weight(block: Block) -> float | None:
    """Body weight in kg. Its range is told in kg: the internal mg of a mass would read oddly."""
    if "weight" not in block:
        return None
    got = block.amount("weight", block.data["weight"], ("mass",), like="73 kg")
    if got is None:
        return None
    kg = convert(got[0], got[1], "kg") if not known(got[1]).per_kg else -1.0
    if not 30 <= kg <= 300:
        block.error("weight", f"out of range ({block.data['weight']}; allowed 30 to 300 kg)")
        return None
    return kg


def alleles(library: Library, gene: str) -> list[str]:
    """Alleles the library knows of a gene (empty: the gene is not modelled)."""
    entry = library.genotypes.get(gene)
    found = entry.get("alleles") if isinstance(entry, dict) else None
    return list(found) if isinstance(found, dict | list) else []


def genes(library: Library) -> list[str]:
    """Genes with alleles in the library."""
    return [gene for gene in library.genotypes if alleles(library, gene)]


def genotype_problem(library: Library, gene: str, value: str) -> str:
    """What is wrong with `gene: value`, or an empty text."""
    modelled = genes(library)
    if gene not in modelled:
        return f"no genotypes of this gene ({gene!r}; the library has: {', '.join(modelled) or 'none'})"
    text = value.strip()
    if text in PHENOTYPES or re.fullmatch(r"((AS|activity score)\s*\d+(\.\d+)?|\d+ copies)", text):
        return ""
    parts = text.split("/")
    have = alleles(library, gene)
    if len(parts) != 2:
        return f'not a genotype ({value!r}; write two alleles, for example "{have[0]}/{have[-1]}")'
    unknown = [a for a in parts if re.sub(r"x\d+$", "", a) not in have]  # *1x2: a duplicated allele
    if unknown:
        return f"unknown allele ({gene} {unknown[0]}; the library has: {', '.join(have)})"
    return ""
