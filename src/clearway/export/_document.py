"""A thin layer over libSBML: what a whole-body model needs of SBML Level 3 Version 2, and nothing else."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from clearway.errors import InputError

UNITS: dict[str, tuple[tuple[str, int, int, float], ...]] = {
    "umol": (("mole", 1, -6, 1.0),),
    "hour": (("second", 1, 0, 3600.0),),
    "per_hour": (("second", -1, 0, 3600.0),),
    "litre_per_hour": (("litre", 1, 0, 1.0), ("second", -1, 0, 3600.0)),
    "per_litre": (("litre", -1, 0, 1.0),),
    "micromolar": (("mole", 1, -6, 1.0), ("litre", -1, 0, 1.0)),
    "umol_per_hour": (("mole", 1, -6, 1.0), ("second", -1, 0, 3600.0)),
}
"""Unit → factors (kind, exponent, scale, multiplier)."""


def load_libsbml() -> Any:
    """The libsbml module. Raises `InputError` if it is not installed."""
    try:
        return importlib.import_module("libsbml")
    except ImportError:
        raise InputError('SBML export needs python-libsbml (not installed; run: pip install "clearway[interop]")') from None


class Writer:
    """One SBML model with a single compartment `body` of 1 L; species are amounts (hasOnlySubstanceUnits)."""

    def __init__(self, title: str, notes: Sequence[str]) -> None:
        self._sbml = load_libsbml()
        self._document = self._sbml.SBMLDocument(3, 2)
        m = self.model = self._document.createModel()
        m.setId("clearway")
        m.setName(title or "Clearway model")
        m.setSubstanceUnits("umol")
        m.setExtentUnits("umol")
        m.setTimeUnits("hour")
        m.setVolumeUnits("litre")
        text = "".join(f"<p>{escape(line)}</p>" for line in notes)
        m.setNotes(f'<body xmlns="http://www.w3.org/1999/xhtml">{text}</body>')
        for name, factors in UNITS.items():
            definition = m.createUnitDefinition()
            definition.setId(name)
            for kind, exponent, scale, multiplier in factors:
                unit = definition.createUnit()
                unit.setKind(self._sbml.UnitKind_forName(kind))
                unit.setExponent(exponent)
                unit.setScale(scale)
                unit.setMultiplier(multiplier)
        c = m.createCompartment()
        c.setId("body")
        c.setName("one compartment for all amounts; volumes stand in the coefficients")
        c.setSpatialDimensions(3)
        c.setSize(1.0)
        c.setUnits("litre")
        c.setConstant(True)

    def _math(self, formula: str) -> Any:
        tree = self._sbml.parseL3Formula(formula)
        if tree is None:
            raise RuntimeError(f"{self._sbml.getLastParseL3Error()} in {formula!r}")
        return tree

    def species(self, ident: str, name: str, amount: float) -> None:
        s = self.model.createSpecies()
        s.setId(ident)
        s.setName(name)
        s.setCompartment("body")
        s.setInitialAmount(amount)
        s.setSubstanceUnits("umol")
        s.setHasOnlySubstanceUnits(True)
        s.setBoundaryCondition(False)
        s.setConstant(False)

    def parameter(self, ident: str, name: str, value: float | None, units: str = "", constant: bool = True) -> None:
        p = self.model.createParameter()
        p.setId(ident)
        p.setName(name)
        p.setConstant(constant)
        if value is not None:
            p.setValue(value)
        if units:
            p.setUnits(units)

    def assign(self, ident: str, name: str, formula: str, units: str = "") -> None:
        """A parameter that equals a formula at all times."""
        self.parameter(ident, name, None, units, constant=False)
        rule = self.model.createAssignmentRule()
        rule.setVariable(ident)
        rule.setMath(self._math(formula))

    def rate(self, ident: str, formula: str) -> None:
        """d ident/dt = formula."""
        rule = self.model.createRateRule()
        rule.setVariable(ident)
        rule.setMath(self._math(formula))

    def reaction(
        self, ident: str, name: str, law: str, source: str | None, products: Iterable[tuple[str, float]], modifiers: Iterable[str] = ()
    ) -> None:
        """source → products with their yields; modifiers are read by the law but not consumed."""
        r = self.model.createReaction()
        r.setId(ident)
        r.setName(name)
        r.setReversible(False)
        if source is not None:
            self._reference(r.createReactant(), source, 1.0)
        for product, amount in products:
            self._reference(r.createProduct(), product, amount)
        for modifier in modifiers:
            r.createModifier().setSpecies(modifier)
        r.createKineticLaw().setMath(self._math(law))

    @staticmethod
    def _reference(reference: Any, species: str, amount: float) -> None:
        reference.setSpecies(species)
        reference.setStoichiometry(amount)
        reference.setConstant(True)

    def event(self, ident: str, name: str, time: float, assignments: Iterable[tuple[str, str]]) -> None:
        """At `time` (h): every target becomes its formula, all read just before."""
        e = self.model.createEvent()
        e.setId(ident)
        e.setName(name)
        e.setUseValuesFromTriggerTime(True)
        trigger = e.createTrigger()
        trigger.setInitialValue(True)
        trigger.setPersistent(True)
        trigger.setMath(self._math(f"time >= {time!r}"))
        for target, formula in assignments:
            a = e.createEventAssignment()
            a.setVariable(target)
            a.setMath(self._math(formula))

    def text(self) -> str:
        """The whole document."""
        written: str = self._sbml.writeSBMLToString(self._document)
        return written
