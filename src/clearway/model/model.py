"""The library made ready to compute: the setting, calibrated compounds, and lanes for people.

Calibrated clearances are kept in the library's index under a fingerprint of everything that they depend on,
so that a start from the shell does not repeat the root-finding; a changed value recomputes what it touches.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from clearway.errors import InputError
from clearway.library import Library
from clearway.library.compound import Clearance, Compound, Path, Situation, Value
from clearway.model.calibrate import calibrate
from clearway.model.kinetics import Kinetics, kinetics
from clearway.model.people import lanes
from clearway.model.setting import Setting
from clearway.model.settings import load_setting, physiology_of
from clearway.physiology import Body, Person, Physiology, body
from clearway.regimen import Regimen
from clearway.regimen.entries import situation_regimen

EQUATIONS = 1
"""Raised when a change to the equations makes stored clearances stale."""


@dataclass
class Model:
    library: Library
    physiology: Physiology = field(init=False)
    setting: Setting = field(init=False)
    _ready: dict[str, Kinetics] = field(default_factory=dict)
    _override: dict[str, Compound] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.physiology = physiology_of(self.library)
        self.setting = load_setting(self.library, self.physiology)

    def body(self, person: Person) -> Body:
        """The person's organs, flows and proteins by this library's physiology."""
        return body(person, self.physiology)

    # -- compounds -----------------------------------------------------------------------------------

    def compound(self, name: str) -> Compound:
        return self._override.get(name) or self.library.compounds[name]

    def closure(self, names: Iterable[str]) -> list[str]:
        """The compounds and every metabolite of theirs that the library holds, sorted."""
        found: set[str] = set()
        todo = list(names)
        while todo:
            name = todo.pop()
            if name in found:
                continue
            found.add(name)
            for path in self.compound(name).elimination.paths:
                todo += [m for m in path.metabolites if m in self.library.compounds]
        return sorted(found)

    def kinetics(self, name: str) -> Kinetics:
        """Calibrated parameters; from the stored clearance if its fingerprint still holds."""
        if name not in self._ready:
            compound = self.compound(name)
            stored = self.library.calibrated.get(name)
            if stored and stored["fingerprint"] == self.fingerprint(name):
                self._ready[name] = kinetics(compound, stored["clearance"], self.setting)
            else:
                self._ready[name] = self.calibrate(name)
        return self._ready[name]

    def calibrate(self, name: str) -> Kinetics:
        """Clearance by root-finding in the situation of the compound's file."""
        compound = self.compound(name)
        regimen = self._situation(name)
        chain = {n: self.kinetics(n) for n in self._chain(compound, regimen)}
        genotype = compound.elimination.clearance.situation.genotype
        people = lanes(
            self.body(Person(genotypes=genotype)), [compound, *(k.compound for k in chain.values())]
        )
        return calibrate(compound, self.setting, regimen, people, chain)

    def _situation(self, name: str) -> Regimen:
        compound = self.compound(name)
        file = self.library.files.get(name, name)
        return situation_regimen(compound.elimination.clearance.situation, self.library, file)

    def _chain(self, compound: Compound, regimen: Regimen) -> list[str]:
        """What lies between the dosed drug and this metabolite; nothing if the compound itself is dosed.

        Metabolites of a dosed compound that act on its own enzymes are left out of its calibration (assumed).
        """
        if compound.compound in regimen.drugs:
            return []
        chain = [
            n for n in self.closure(regimen.drugs)
            if n != compound.compound and compound.compound in self.closure([n])
        ]  # fmt: skip
        if not chain:
            drug = compound.elimination.clearance.situation.drug
            raise InputError(
                f"{compound.compound}: its clearance was observed after {drug}, but no path of {drug} forms it; "
                f"add `metabolites: {{{compound.compound}: …}}` to a path of {drug} or change the situation"
            )
        return chain

    def fingerprint(self, name: str) -> str:
        """Digest of everything that the calibrated clearance of a compound depends on."""
        names = [name, *self._chain(self.compound(name), self._situation(name))]
        content = [repr(self.compound(n)) for n in sorted(names)]
        text = "\n".join([str(EQUATIONS), self._world, *content])
        return hashlib.sha256(text.encode()).hexdigest()[:20]

    @cached_property
    def _world(self) -> str:
        """Digest of enzymes, genotypes and physiology, on which every clearance depends."""
        world = [self.library.enzymes, self.library.genotypes, self.library.physiology]
        return hashlib.sha256(repr(world).encode()).hexdigest()

    # -- what-if -------------------------------------------------------------------------------------

    def assume_share(self, name: str, enzyme: str, share: float) -> None:
        """The historical one-enzyme model: `enzyme` takes `share` of systemic clearance, the rest is `other`,
        which nothing inhibits or induces. Total clearance stays as calibrated."""
        if not 0.0 < share <= 1.0:
            raise InputError(f"share of {enzyme}: {share} is outside (0, 1]")
        clearance = self.kinetics(name).clearance
        compound = self.compound(name)
        why = "what-if: --assume-share"
        paths = [Path(by=enzyme, share=Value(share, because=why))]
        if share < 1.0:
            paths.append(Path(by="other", share=Value(1.0 - share, because=why)))
        situation = Situation(drug=name, dose="1 µmol", route="iv bolus")
        fixed = Clearance(Value(clearance, "L/h", because=why), "systemic", situation)
        changed = replace(compound, elimination=replace(compound.elimination, clearance=fixed, paths=paths))
        self._override[name] = changed
        self._ready[name] = kinetics(changed, clearance, self.setting)
