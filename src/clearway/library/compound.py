"""What is known of one compound: the typed form of `data/compounds/<class>/<compound>.yaml`.

Plain dataclasses, so that a start from the compiled index needs no validator; `schema.py` builds the
validator and the JSON Schema from these same classes.
Every number is a `Value`: it carries its unit, its source and its kind of evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Evidence = Literal["measured in vivo", "measured in vitro", "fitted", "computed", "assumed"]
Protein = Literal["albumin", "AAG", "none"]
Method = Literal["rodgers-rowland", "poulin-theil"]
Place = Literal["liver", "kidney", "bile", "blood"]
Kind = Literal["systemic", "oral", "metabolite-ratio"]
NOT_ENZYMES = ("renal", "biliary", "plasma", "other")
"""Paths of elimination that are no enzyme."""


@dataclass
class Other:
    """A value for the same quantity in another source that does not agree."""

    value: float
    source: str
    unit: str = ""
    note: str = ""


@dataclass
class Value:
    """One number of the library. `source` is a key of references.yaml; `assumed` needs `because`,
    `fitted` needs `fitted_to` (ids of study arms or of single-drug observations)."""

    value: float
    unit: str = ""
    source: str | None = None
    evidence: Evidence = "assumed"
    because: str = ""
    fitted_to: list[str] = field(default_factory=list)
    low: float | None = None
    high: float | None = None
    note: str = ""
    conflicts: list[Other] = field(default_factory=list)


@dataclass
class Molecule:
    molar_mass: Value
    logp: Value
    fraction_unbound: Value
    blood_plasma_ratio: Value
    binds: Protein = "albumin"
    pka_acid: list[Value] = field(default_factory=list)
    pka_base: list[Value] = field(default_factory=list)


@dataclass
class Uptake:
    """Active uptake from blood into liver cells by a transporter: unbound clearance at low concentration, Km if it saturates."""

    by: str
    clint: Value
    km: Value | None = None


@dataclass
class LiverCells:
    """A liver whose cells are apart from its blood: passive permeability in both directions, and active uptake."""

    passive: Value
    uptake: list[Uptake] = field(default_factory=list)


@dataclass
class Distribution:
    """Partition by `method`, then one scalar on every tissue so that the volume at steady state is `vss`.
    `liver_cells` where transporters decide what enters the liver."""

    vss: Value
    method: Method = "rodgers-rowland"
    liver_cells: LiverCells | None = None


@dataclass
class Fed:
    """What a meal changes; what is left out stays as fasted."""

    fraction_absorbed: Value | None = None
    release_rate: Value | None = None


@dataclass
class Oral:
    """Absorption after swallowing. `fraction_absorbed` sets ka against transit; `gut_availability` (Fg) sets
    the intrinsic clearance of the gut wall; `release_rate` is the first-order release of the dosage form.
    `acid_dissolution`: rate of dissolution over rate of passing undissolved, at normal gastric acid; the fraction
    dissolved is K·A/(K·A + 1) at acid secretion A. `acid_precipitation`: the same for an acid that gastric acid keeps from
    dissolving, 1/(1 + K·A). `chelated`: polyvalent cations in the gut lumen bind it."""

    fraction_absorbed: Value
    gut_availability: Value | None = None
    gut_fraction_unbound: Value | None = None
    release_rate: Value | None = None
    lag: Value | None = None
    fed: Fed | None = None
    acid_dissolution: Value | None = None
    acid_precipitation: Value | None = None
    chelated: bool = False


@dataclass
class Slow:
    """The part of a depot that is released more slowly."""

    fraction: Value
    rate: Value


@dataclass
class Depot:
    """Absorption from a site outside the gut (im, sc, inhaled, transdermal): the fraction that reaches blood, and its
    rate; `slow` for a depot with two rates."""

    bioavailability: Value
    rate: Value
    slow: Slow | None = None


@dataclass
class Mucosal:
    """Intranasal or sublingual: `fraction_mucosal` enters venous blood at `rate`, the rest is swallowed."""

    fraction_mucosal: Value
    rate: Value


@dataclass
class Absorption:
    oral: Oral | None = None
    im: Depot | None = None
    sc: Depot | None = None
    inhaled: Depot | None = None
    transdermal: Depot | None = None
    intranasal: Mucosal | None = None
    sublingual: Mucosal | None = None

    def has(self, route: str) -> bool:
        """Whether a dose can be given so: an intravenous one needs no parameters."""
        return route.startswith("iv ") or getattr(self, route, None) is not None


@dataclass
class Situation:
    """The circumstances in which a clearance was observed. `every`/`count` describe repeated dosing; the
    measured interval follows the last dose."""

    drug: str
    dose: str
    route: str
    every: str = ""
    count: int = 1
    over: str = ""
    people: str = ""
    genotype: dict[str, str] = field(default_factory=dict)
    weight: float | None = None


@dataclass
class Clearance:
    """An observed clearance, in plasma. kind `systemic`: CL after iv; `oral`: dose/AUC after oral;
    `metabolite-ratio`: AUC(this compound)/AUC(parent), in mass units if unit is 'mass', molar if 'molar',
    after `situation.drug` was given."""

    value: Value
    kind: Kind
    situation: Situation


@dataclass
class Path:
    """One way out. `by` is an enzyme or transporter of enzymes.yaml, or renal, biliary, plasma, other (hepatic, not
    inhibitable). `share` is the fraction of systemic clearance at low concentration, enzyme at baseline. `where`:
    the place, if it is not the usual one of `by` (P-gp: kidney or bile)."""

    by: str
    share: Value
    where: Place | None = None
    km: Value | None = None
    gut: bool | None = None
    urine_ph_slope: Value | None = None
    metabolites: dict[str, Value] = field(default_factory=dict)


@dataclass
class Transport:
    """Efflux by a transporter: unbound clearance at low concentration, and Km if it saturates."""

    by: str
    where: Literal["gut", "kidney", "bile"]
    clint: Value
    km: Value | None = None


@dataclass
class Elimination:
    clearance: Clearance
    paths: list[Path]
    transport: list[Transport] = field(default_factory=list)


@dataclass
class Inhibition:
    kic: Value | None = None
    kiu: Value | None = None


@dataclass
class Inactivation:
    kinact: Value
    ki: Value


@dataclass
class Induction:
    emax: Value
    ec50: Value
    hill: Value | None = None


@dataclass
class Action:
    """What the compound does to an enzyme or transporter, at unbound concentrations."""

    on: str
    inhibition: Inhibition | None = None
    inactivation: Inactivation | None = None
    induction: Induction | None = None
    where: Literal["liver", "gut", "kidney", "both"] = "both"


@dataclass
class Binding:
    target: str
    ki: Value
    note: str = ""


@dataclass
class Identifiers:
    inchikey: str = ""
    chembl: str = ""
    atc: str = ""
    rxnorm: str = ""
    sources: list[str] = field(default_factory=list)

    @property
    def known(self) -> dict[str, str]:
        """Those that are known, by the name of their system."""
        every = {"ATC": self.atc, "RxNorm": self.rxnorm, "ChEMBL": self.chembl, "InChIKey": self.inchikey}
        return {name: value for name, value in every.items() if value}


@dataclass
class Schedule:
    """Legal schedule or class in one jurisdiction (`where`), as it stood on the date given."""

    where: Literal["US", "UK", "UN"]
    level: str
    date: str
    source: str


@dataclass
class Compound:
    format: Literal["clearway.compound/1"]
    compound: str
    name: str
    classes: list[str]
    molecule: Molecule
    distribution: Distribution
    elimination: Elimination
    absorption: Absorption = field(default_factory=Absorption)
    acts_on: list[Action] = field(default_factory=list)
    binds: list[Binding] = field(default_factory=list)
    identifiers: Identifiers = field(default_factory=Identifiers)
    schedules: list[Schedule] = field(default_factory=list)
    synonyms: list[str] = field(default_factory=list)
    note: str = ""
