"""The library: every file valid, short forms, names, products, index, schema."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from clearway.errors import InputError, UnknownName
from clearway.library import Library
from clearway.library.checks import values
from clearway.library.document import parse_document
from clearway.library.index import build_index, load_index
from clearway.library.library import DATA
from clearway.library.loader import load_folder, read_folder
from clearway.library.schema import build, json_schema
from clearway.regimen import situation_regimen

# Standard atomic weights (IUPAC 2021, abridged).
WEIGHTS = {"C": 12.011, "H": 1.008, "N": 14.007, "O": 15.999, "Cl": 35.45, "Na": 22.99, "K": 39.098, "Li": 6.94, "Ca": 40.078,
           "Mg": 24.305, "I": 126.904, "S": 32.06, "F": 18.998, "Br": 79.904, "P": 30.974}  # fmt: skip


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load(index=False)


def test_all_data_files_are_valid() -> None:
    _, problems = read_folder(DATA)
    assert [str(p) for p in problems] == []


def test_situations_can_be_dosed(library: Library) -> None:
    for compound in library.compounds.values():
        assert situation_regimen(compound.elimination.clearance.situation, library).doses, compound.compound


def test_short_forms_inherit() -> None:
    text = """
format: clearway.compound/1
compound: x
name: X
classes: []
molecule:
  source: a
  evidence: measured in vitro
  molar_mass: 325.8 g/mol
  logp: {value: 2.9, evidence: assumed, because: guess}
  fraction_unbound: {value: 0.1, source: b}
  blood_plasma_ratio: 0.7
distribution: {vss: {value: 1, unit: L/kg}}
elimination:
  evidence: assumed
  because: none
  clearance: {value: 20 L/h, kind: systemic, situation: {drug: x, dose: 1 mg, route: iv bolus}}
  paths: [{by: other, share: 1, source: c, evidence: computed}]
"""
    compound, problems = build(parse_document(text))
    assert compound is not None, problems
    m = compound.molecule
    assert (m.molar_mass.value, m.molar_mass.unit, m.molar_mass.source) == (325.8, "g/mol", "a")
    assert (m.logp.source, m.logp.because) == (None, "guess")
    assert (m.fraction_unbound.source, m.fraction_unbound.evidence) == ("b", "measured in vitro")
    assert compound.elimination.clearance.value.because == "none"
    assert compound.elimination.paths[0].share.source == "c"


def test_names(library: Library) -> None:
    assert library.compound("RIFAMPIN").compound == "rifampicin"
    assert library.parts("methadone") == ["methadone-r", "methadone-s"]
    assert library.product("Spravato").product == "spravato"
    assert library.product("bupropion").kind == "salt"
    assert library.product("midazolam").kind == "compound"
    with pytest.raises(UnknownName, match="nearest: methadone"):
        library.product("metadone")


def _mass(formula: str) -> float:
    """Of one part of a formula: 2.5H2O, (C17H19NO3)2 and C2H6O alike."""
    times, bracketed, repeats, plain = re.fullmatch(r"([\d.]*)(?:\((\w+)\)(\d+)|(\w+))", formula).groups()
    one = sum(WEIGHTS[e] * int(n or 1) for e, n in re.findall(r"([A-Z][a-z]?)(\d*)", bracketed or plain))
    return one * float(times or 1) * int(repeats or 1)


def test_salt_factors_follow_from_the_formulas(library: Library) -> None:
    """Mass of the drug over that of what is weighed: a base with its acid and water, a metal salt, a prodrug."""
    with_salt = [p for p in library.products.values() if p.salt_factor]
    assert with_salt
    for product in with_salt:
        base, *rest = re.findall(r"(?:\d+\.\d+|\d+)?(?:\(\w+\)\d+|[A-Z]\w*)", product.salt)
        molecules = int((re.search(r"\)(\d)$", base) or [1, 1])[1])  # two share a divalent acid
        for part in product.parts:
            if part.compound in library.compounds:
                drug = library.compounds[part.compound].molecule.molar_mass.value
                assert product.salt_factor is not None
                assert product.salt_factor.value == pytest.approx(molecules * drug / sum(map(_mass, (base, *rest))), abs=7e-4)
                if rest:
                    assert drug == pytest.approx(_mass(base) / molecules, rel=1e-3)


def test_every_value_says_where_it_is_from(library: Library) -> None:
    for compound in library.compounds.values():
        for path, _, _, value in values(compound):
            assert value.source in library.references or value.because or value.evidence in ("fitted", "computed"), (
                compound.compound,
                path,
            )


def test_own_compounds_on_top(tmp_path: Path, library: Library) -> None:
    source = Path(library.files["lamivudine"]).read_text(encoding="utf-8")
    (tmp_path / "mydrug.yaml").write_text(source.replace("compound: lamivudine", "compound: mydrug"), encoding="utf-8")
    mine = load_folder(tmp_path, base=library)
    assert "mydrug" in mine.compounds and "mydrug" not in library.compounds
    (tmp_path / "mydrug.yaml").write_text("format: clearway.compound/1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"mydrug\.yaml:1:1: compound: missing"):
        load_folder(tmp_path, base=library)


def test_duplicate_reference_keys_are_refused(tmp_path: Path) -> None:
    (tmp_path / "references.d").mkdir()
    for name in ("a", "b"):
        (tmp_path / "references.d" / f"{name}.yaml").write_text("smith-2000-x: {title: T}\n")
    with pytest.raises(InputError, match="duplicate reference key"):
        load_folder(tmp_path)


def test_index_equals_yaml_and_needs_no_validator(tmp_path: Path, library: Library) -> None:
    out = tmp_path / "library.index"
    build_index(out)
    again = load_index(out)
    assert again is not None
    assert again.compounds == library.compounds and again.products == library.products
    code = (
        "import sys; from pathlib import Path; from clearway.library.index import load_index;"
        f"assert load_index(Path({str(out)!r})) is not None;"
        "print([m for m in sys.modules if m.split('.')[0] in ('pydantic', 'ruamel', 'typer', 'rich')])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_a_broken_index_is_ignored(tmp_path: Path) -> None:
    out = tmp_path / "library.index"
    out.write_bytes(b"not a pickle")
    assert load_index(out) is None
    assert load_index(tmp_path / "none") is None


def test_json_schema_names_every_block() -> None:
    schema = json_schema()
    assert {"Molecule", "Value", "Path", "Action"} <= set(schema["$defs"])
    assert "anyOf" in schema["$defs"]["Value"]
