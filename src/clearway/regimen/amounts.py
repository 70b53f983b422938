"""A dose as named (`60 mg`, `0.2 mg/kg`, `2 devices`) → mg and µmol of each compound of the product."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, cast

from clearway.library.compound import Compound
from clearway.library.document import Key
from clearway.library.library import Library
from clearway.library.products import DosesAs, Part, Product
from clearway.regimen.block import Block, Problems
from clearway.regimen.dose import Dose, Form
from clearway.units import convert, known

# mg in one dose below and above which it is a slip of the pen; ethanol is taken by the 10 g.
MIN_DOSE_MG, MAX_DOSE_MG = 1e-9, 20_000.0
MAX_ETHANOL_MG = 300_000.0


@dataclass
class Amounts:
    """Salt factor, racemate shares, weight and molar mass, applied in that order."""

    problems: Problems
    library: Library
    weight_kg: float | None

    def doses(self, block: Block, product: Product, item: Any, where: Key, fed: bool) -> list[Dose]:
        """Each compound in one dose as named, taken with a meal or not; route and time are set by the caller."""
        doses_as = cast(DosesAs | None, block.choice("as", ("salt", "base")))
        before = len(self.problems.errors)
        per_unit = self._units(product, item)
        named_mg = 0.0 if per_unit else self._milligrams(product, item, where)
        if len(self.problems.errors) > before:
            return []
        out = []
        for part in product.parts:
            compound = self.library.compounds.get(part.compound)
            if compound is None:
                continue
            mg = per_unit[part.compound] if per_unit else named_mg * product.per_mg(part, doses_as)
            limit = MAX_ETHANOL_MG if part.compound == "ethanol" else MAX_DOSE_MG
            if not 0 <= mg <= limit:
                self.problems.error(where, f"out of range ({item}; allowed 0 to {limit / 1000:g} g in one dose)")
                return []
            if 0 < mg < MIN_DOSE_MG:
                self.problems.error(where, f"too small ({item}; allowed 0, or {MIN_DOSE_MG:g} mg to {limit / 1000:g} g in one dose)")
                return []
            mass = compound.molecule.molar_mass.value
            mucosal = self._mucosal(product, block.text("route"))
            form = self.form(product, compound, block.text("route"), fed)
            umol = convert(mg, "mg", "µmol", molar_mass=mass)
            out.append(Dose(part.compound, mg, umol, "", 0.0, product=product.product, fraction_mucosal=mucosal, form=form))
        return out

    @staticmethod
    def _mucosal(product: Product, route: str) -> float | None:
        changed = product.routes.get(route)
        return changed.fraction_mucosal.value if changed and changed.fraction_mucosal else None

    @staticmethod
    def form(product: Product, compound: Compound, route: str, fed: bool) -> Form | None:
        """What differs from the compound's dosage form where it is swallowed: the product's own, which was measured as it is
        taken, before what the compound's file says of a meal."""
        if route != "oral":
            return None
        changed, meal = product.routes.get(route), compound.absorption.oral.fed if fed and compound.absorption.oral else None
        if changed is None and not fed:
            return None
        absorbed = (changed and changed.fraction_absorbed) or (meal and meal.fraction_absorbed)
        release = (changed and changed.release_rate) or (meal and meal.release_rate)
        rate = convert(release.value, release.unit, "1/h") if release else None
        dissolved = changed is not None and changed.dissolved
        name = product.product + (" fed" if fed else "")
        return Form(name, absorbed.value if absorbed else None, math.inf if dissolved else rate, fed)

    def _units(self, product: Product, item: Any) -> dict[str, float] | None:
        """`2 devices` of a product counted in units: mg of each part."""
        if not product.unit or not isinstance(item, str):
            return None
        match = re.fullmatch(rf"\s*(\d+(?:\.\d+)?)\s*{re.escape(product.unit)}s?\s*", item)
        if not match:
            return None
        return {p.compound: float(match[1]) * p.per_unit.value for p in product.parts if p.per_unit}

    def _milligrams(self, product: Product, item: Any, where: Key) -> float:
        """The dose as named, in mg (an amount in µmol is taken as the base of a single compound)."""
        holder = Block(self.problems, {where[-1]: item}, where[:-1], (str(where[-1]),))
        if isinstance(item, int | float) and not isinstance(item, bool) and item == 0:
            return 0.0
        got = holder.amount(str(where[-1]), item, ("mass", "amount"), like="60 mg")
        if got is None:
            return 0.0
        value, unit = got
        if value < 0:
            self.problems.error(where, f"negative dose ({item}; a dose is 0 or more)")
            return 0.0
        if known(unit).per_kg and self.weight_kg is None:
            self.problems.error(where, f"a dose per kg needs the weight ({item}; add 'weight: 70 kg' to the person)")
            return 0.0
        if known(unit).kind == "amount":
            return self._from_amount(product, value, unit, where)
        return convert(value, unit, "mg", weight=self.weight_kg)

    def _from_amount(self, product: Product, value: float, unit: str, where: Key) -> float:
        parts: list[Part] = product.parts
        compound = self.library.compounds.get(parts[0].compound) if len(parts) == 1 else None
        if compound is None:
            self.problems.error(where, f"a dose in {unit} needs a single compound (give it in mg)")
            return 0.0
        mg = convert(value, unit, "mg", molar_mass=compound.molecule.molar_mass.value, weight=self.weight_kg)
        return mg / product.per_mg(parts[0])
