"""People as the numbers the model needs: plain floats, nothing of files or units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from clearway.errors import Problem, UnknownName
from clearway.physiology import genotype as _genotype
from clearway.physiology import scaling
from clearway.physiology.data import Physiology, load_physiology
from clearway.physiology.genotype import Mixture
from clearway.physiology.people import CHILD_PUGH, Floats, People
from clearway.physiology.person import Person

Ratio = TypeVar("Ratio", float, Floats)

SCALARS = (
    "cardiac_output", "haematocrit", "albumin_ratio", "aag_ratio", "liver_factor", "gut_factor", "gfr", "gfr_factor",
    "villous_flow", "urine_ph",
)  # fmt: skip
"""What a `Body` and `Bodies` hold as one number a person."""
TABLES = ("volumes", "flows", "enzyme_liver", "enzyme_gut")
"""What they hold by the name of an organ or enzyme."""


@dataclass(frozen=True)
class Body:
    """Volumes L, flows L/h; factors are relative to the reference person (male, 30 years, 176 cm, 73 kg).

    `flows` holds every tissue's inflow (`liver`: hepatic artery; `lung`: cardiac output), not arterial and venous.
    `liver_factor` multiplies CLint of every hepatic enzyme (microsomal protein of the whole working liver),
    `gut_factor` that of the gut wall and `villous_flow` (L/h); `gfr_factor` multiplies renal clearance.
    `enzyme_liver` and `enzyme_gut` are further factors of single enzymes (cirrhosis), 1 where not listed;
    genotypes come on top of them through `activity`.
    """

    person: Person
    volumes: Mapping[str, float]
    flows: Mapping[str, float]
    cardiac_output: float
    haematocrit: float
    albumin_ratio: float
    aag_ratio: float
    liver_factor: float
    gut_factor: float
    gfr: float
    gfr_factor: float
    villous_flow: float
    urine_ph: float
    enzyme_liver: Mapping[str, float]
    enzyme_gut: Mapping[str, float]
    data: Physiology

    @property
    def names(self) -> tuple[str, ...]:
        """Compartments, in the order of `arrays`."""
        return tuple(self.volumes)

    @property
    def liver_flow(self) -> float:
        """Blood through the liver (L/h): hepatic artery and the portal organs."""
        return self.flows["liver"] + sum(self.flows[o] for o in scaling.PORTAL)

    def arrays(self) -> tuple[tuple[str, ...], tuple[float, ...], tuple[float, ...]]:
        """Names, volumes and flows side by side; arterial and venous blood carry the cardiac output."""
        flows = tuple(self.flows.get(name, self.cardiac_output) for name in self.volumes)
        return self.names, tuple(self.volumes.values()), flows

    def protein_ratio(self, protein: str) -> float:
        """P/P_ref of the protein a compound binds: albumin, AAG or none."""
        return _of_protein(protein, self.albumin_ratio, self.aag_ratio, 1.0)

    def enzyme_factor(self, enzyme: str, place: str = "liver") -> float:
        """Abundance of one enzyme per mg protein, relative to healthy: cirrhosis, no genotype."""
        table = self.enzyme_liver if place == "liver" else self.enzyme_gut
        return table.get(self.data.enzyme(enzyme), 1.0)

    def activity(self, enzyme: str, substrate: str | None = None) -> Mixture:
        """Genotype activity towards a substrate as (weight, activity): one entry if the genotype is known."""
        given = self.person.genotypes
        name = self.data.enzyme(enzyme)
        genotype = next((g for key, g in given.items() if self.data.enzyme(key) == name), None)
        return _genotype.activity(enzyme, substrate, genotype, self.data, self.person.ancestry)

    def mean_activity(self, enzyme: str, substrate: str | None = None) -> float:
        """Mean of `activity`."""
        return _genotype.mean_activity(self.activity(enzyme, substrate))


@dataclass(frozen=True)
class Bodies:
    """Many bodies as columns, one entry a person: the fields of `Body`, and two factors on the gut's rates."""

    volumes: Mapping[str, Floats]
    flows: Mapping[str, Floats]
    cardiac_output: Floats
    haematocrit: Floats
    albumin_ratio: Floats
    aag_ratio: Floats
    liver_factor: Floats
    gut_factor: Floats
    gfr: Floats
    gfr_factor: Floats
    villous_flow: Floats
    urine_ph: Floats
    enzyme_liver: Mapping[str, Floats]
    enzyme_gut: Mapping[str, Floats]
    gastric_emptying: Floats
    transit: Floats
    data: Physiology

    def __len__(self) -> int:
        return len(self.cardiac_output)

    def protein_ratio(self, protein: str) -> Floats:
        """P/P_ref of the protein a compound binds, as in `Body`."""
        return _of_protein(protein, self.albumin_ratio, self.aag_ratio, np.ones(len(self)))

    def enzyme_factor(self, enzyme: str, place: str = "liver") -> Floats | float:
        """Abundance of one enzyme per mg protein in liver or gut, relative to a typical healthy person; no genotype.
        Elsewhere (kidney) everybody has the same."""
        table = {"liver": self.enzyme_liver, "gut": self.enzyme_gut}.get(place, {})
        return table.get(self.data.enzyme(enzyme), 1.0)

    def take(self, index: NDArray[np.intp]) -> Bodies:
        """Those at these positions."""
        chosen: dict[str, Any] = {name: {key: column[index] for key, column in getattr(self, name).items()} for name in TABLES}
        chosen |= {name: getattr(self, name)[index] for name in (*SCALARS, "gastric_emptying", "transit")}
        return Bodies(**chosen, data=self.data)

    @staticmethod
    def of(many: Sequence[Body]) -> Bodies:
        """The columns of these bodies."""

        def table(name: str) -> dict[str, Floats]:
            keys: Iterable[str] = dict.fromkeys(key for b in many for key in getattr(b, name))
            return {key: np.array([getattr(b, name).get(key, 1.0) for b in many]) for key in keys}

        ones = np.ones(len(many))
        columns: dict[str, Any] = {name: table(name) for name in TABLES}
        columns |= {name: np.array([getattr(b, name) for b in many]) for name in SCALARS}
        return Bodies(**columns, gastric_emptying=ones, transit=ones, data=many[0].data)


def _of_protein(protein: str, albumin: Ratio, aag: Ratio, none: Ratio) -> Ratio:
    """The one of these that belongs to the protein. Raises `UnknownName`."""
    ratios = {"albumin": albumin, "AAG": aag, "none": none}
    if protein not in ratios:
        raise UnknownName(Problem(f"unknown binding protein {protein!r} (one of {', '.join(ratios)})"))
    return ratios[protein]


def body(person: Person | None = None, data: Physiology | None = None) -> Body:
    """The body of `person` (the reference person if none is given) by `data` (the shipped physiology).

    >>> round(body().liver_flow)
    99
    """
    person = person or Person()
    data = data or load_physiology()
    for enzyme in person.genotypes:  # a wrong genotype is refused here, not hours later
        _genotype.activity(enzyme, None, person.genotypes[enzyme], data, person.ancestry)
    one = bodies(People.of([person]), data)
    values: dict[str, Any] = {name: {key: float(column[0]) for key, column in getattr(one, name).items()} for name in TABLES}
    values |= {name: float(getattr(one, name)[0]) for name in SCALARS}
    return Body(person=person, **values, data=data)


def bodies(people: People, data: Physiology) -> Bodies:
    """The bodies of `people` by `data`. Raises `InputError` for a weight too low for the height."""
    volumes = scaling.organ_volumes(people, data)
    flows = scaling.organ_flows(people, data)
    male = data.organs["male"]
    functional = scaling.cirrhosis(people, "functional_liver", data)
    protein, filtered = _reference(data)
    villous = data.gut["enterocytes"]["villous_flow"]
    gut_flow = male["flows"]["gut"] * male["cardiac_output"]
    gfr = scaling.filtration(people, data)
    liver, gut = _enzymes(people, data)
    per_gram = scaling.microsomal_protein(people.age, data) / protein * people.microsomal_protein
    return Bodies(
        volumes=volumes,
        flows=flows,
        cardiac_output=flows["lung"],
        haematocrit=scaling.haematocrit(people, data),
        albumin_ratio=scaling.protein(people, "albumin", data) / data.scaling["albumin"],
        aag_ratio=scaling.protein(people, "aag", data) / data.scaling["aag"],
        liver_factor=volumes["liver"] / male["volumes"]["liver"] * per_gram * functional,
        gut_factor=volumes["gut"] / male["volumes"]["gut"],
        gfr=gfr,
        gfr_factor=gfr / filtered,
        # in cirrhosis blood of the gut bypasses the liver; the villi themselves keep their flow
        villous_flow=villous * flows["gut"] / gut_flow / scaling.cirrhosis(people, "portal_flow", data),
        urine_ph=np.where(np.isnan(people.urine_ph), data.scaling["urine_ph"], people.urine_ph),
        enzyme_liver=liver,
        enzyme_gut=gut,
        gastric_emptying=people.gastric_emptying,
        transit=people.transit,
        data=data,
    )


@lru_cache(maxsize=16)
def _reference(data: Physiology) -> tuple[float, float]:
    """Microsomal protein (mg/g) and filtration (L/h) of the reference person."""
    people = People.of([Person()])
    return float(scaling.microsomal_protein(people.age, data)[0]), float(scaling.filtration(people, data)[0])


def _enzymes(people: People, data: Physiology) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Factors of single enzymes in liver and gut: each person's own, times cirrhosis in the liver."""
    liver, gut = dict(people.liver), dict(people.gut)
    one = np.ones(len(people))
    if people.child_pugh.any():
        classes = [data.scaling["cirrhosis"]["enzymes"][c] for c in CHILD_PUGH[1:]]
        for enzyme in dict.fromkeys(e for table in classes for e in table):
            factor = np.array([1.0, *(table.get(enzyme, 1.0) for table in classes)])
            liver[enzyme] = liver.get(enzyme, one) * factor[people.child_pugh]
    return liver, gut
