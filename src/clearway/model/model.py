"""The library made ready to compute: the setting, calibrated compounds, and lanes for people.

Calibrated clearances are kept in the library's index under a fingerprint of everything that they depend on,
so that a start from the shell does not repeat the root-finding; a changed value recomputes what it touches.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from clearway.errors import InputError, SolveError
from clearway.library import Library
from clearway.library.compound import Clearance, Compound, Path, Situation, Value
from clearway.model.calibrate import calibrate
from clearway.model.essence import essence
from clearway.model.kinetics import Kinetics, kinetics
from clearway.model.people import lanes
from clearway.model.setting import Setting
from clearway.model.settings import load_setting, physiology_of
from clearway.physiology import Body, Person, Physiology, body
from clearway.regimen import Regimen
from clearway.regimen.entries import situation_regimen

EQUATIONS = 4
"""Raised when a change to the equations makes stored clearances stale."""

SWEEPS, SETTLED = 30, 1e-4
"""Sweeps over parent and metabolites, and the change of ln clearance at which they have settled."""


@dataclass
class Model:
    library: Library
    physiology: Physiology = field(init=False)
    setting: Setting = field(init=False)
    _ready: dict[str, Kinetics] = field(default_factory=dict)
    _override: dict[str, Compound] = field(default_factory=dict)
    _said: dict[str, str] = field(default_factory=dict)

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
            stored = self.library.calibrated.get(name)
            if stored and stored["fingerprint"] == self.fingerprint(name):
                self._ready[name] = kinetics(self.compound(name), stored["clearance"], self.setting)
            else:
                self._ready |= self._calibrate_family(name)
        return self._ready[name]

    def _calibrate_family(self, name: str) -> dict[str, Kinetics]:
        """Clearances of compounds that depend on each other, by sweeps until none moves.

        A metabolite's clearance is read from its ratio to the parent, and a parent's clearance in turn depends on
        metabolites that inhibit its own enzymes (itraconazole, ketoconazole).
        """
        family = self._family(name)
        found: dict[str, Kinetics] = {}
        for _ in range(SWEEPS):
            moved = 0.0
            for member in family:
                others = {n: found[n] for n in self._company(member) if n in found}
                new = self.calibrate(member, others)
                if member in found:
                    moved = max(moved, abs(math.log(new.clearance / found[member].clearance)))
                elif len(others) < len(self._company(member)):
                    moved = math.inf  # a metabolite was not known yet: another sweep is needed
                found[member] = new
            if moved < SETTLED:
                return found
        raise SolveError(
            f"{', '.join(family)}: the clearances of parent and metabolites do not settle within {SWEEPS} sweeps; "
            "check their situations and inhibition constants"
        )

    def calibrate(self, name: str, others: Mapping[str, Kinetics]) -> Kinetics:
        """Clearance of one compound by root-finding in the situation of its file, beside `others`."""
        compound = self.compound(name)
        genotype = compound.elimination.clearance.situation.genotype
        substances = [compound, *(k.compound for k in others.values())]
        people = lanes(self.body(Person(genotypes=genotype)), substances)
        return calibrate(compound, self.setting, self._situation(name), people, others)

    def _situation(self, name: str) -> Regimen:
        compound = self.compound(name)
        file = self.library.files.get(name, name)
        return situation_regimen(compound.elimination.clearance.situation, self.library, file)

    def _chain(self, name: str, drugs: Sequence[str]) -> list[str]:
        """What lies between the dosed drugs and this metabolite; nothing if the compound itself is dosed."""
        if name in drugs:
            return []
        return [n for n in self.closure(drugs) if n != name and name in self.closure([n])]

    def _company(self, name: str) -> list[str]:
        """The other compounds in this one's situation: its parents from the dosed drug on, and the metabolites that
        act on an enzyme of it or of its parents, with what forms them."""
        compound, drugs = self.compound(name), self._situation(name).drugs
        dosed = [d for d in drugs if d == name] or drugs
        chain = self._chain(name, dosed)
        if name not in dosed and not chain:
            drug = compound.elimination.clearance.situation.drug
            raise InputError(
                f"{name}: its clearance was observed after {drug}, but no path of {drug} forms it; "
                f"add `metabolites: {{{name}: …}}` to a path of {drug} or change the situation"
            )
        enzymes = {p.by for n in (name, *chain) for p in self.compound(n).elimination.paths}
        acting = [m for m in self.closure(dosed) if any(a.on in enzymes for a in self.compound(m).acts_on)]
        company = {*chain, *acting, *(p for m in acting for p in self._chain(m, dosed))} - {name}
        return sorted(company)

    def _family(self, name: str) -> list[str]:
        """Everything that this clearance depends on, parents before metabolites."""
        found: set[str] = set()
        todo = [name]
        while todo:
            member = todo.pop()
            if member not in found:
                found.add(member)
                todo += self._company(member)
        return sorted(found, key=lambda n: (-len(self.closure([n])), n))

    def fingerprint(self, name: str) -> str:
        """Digest of everything that the calibrated clearance of a compound depends on."""
        content = [self._essence(n) for n in sorted(self._family(name))]
        text = "\n".join([str(EQUATIONS), self._world, *content])
        return hashlib.sha256(text.encode()).hexdigest()[:20]

    @cached_property
    def _world(self) -> str:
        """Digest of enzymes, genotypes, physiology and products, on which every clearance depends; how people spread
        about the typical ones moves none."""
        typical = {k: v for k, v in self.library.physiology.items() if k != "population"}
        products = [essence(p) for p in self.library.products.values()]
        world = [self.library.enzymes, self.library.genotypes, typical, products]
        return hashlib.sha256(repr(world).encode()).hexdigest()

    def _essence(self, name: str) -> str:
        if name in self._override:
            return essence(self._override[name])
        if name not in self._said:
            self._said[name] = essence(self.library.compounds[name])
        return self._said[name]

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
