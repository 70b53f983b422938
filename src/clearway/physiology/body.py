"""A person as the numbers the model needs: plain floats, nothing of files or units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clearway.errors import Problem, UnknownName
from clearway.physiology import genotype as _genotype
from clearway.physiology import scaling
from clearway.physiology.data import Physiology, load_physiology
from clearway.physiology.genotype import Mixture
from clearway.physiology.person import Person


@dataclass(frozen=True)
class Body:
    """Volumes L, flows L/h; factors are relative to the reference person (male, 30 years, 176 cm, 73 kg).

    `flows` holds every tissue's inflow (`liver`: hepatic artery; `lung`: cardiac output), not arterial and venous.
    `liver_factor` multiplies CLint of every hepatic enzyme (microsomal protein of the whole working liver),
    `gut_factor` that of the gut wall and `villous_flow` (L/h); `gfr_factor` multiplies renal clearance.
    `enzyme_liver` and `enzyme_gut` are further factors of single enzymes (smoking, cirrhosis), 1 where not listed;
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
        ratios = {"albumin": self.albumin_ratio, "AAG": self.aag_ratio, "none": 1.0}
        if protein not in ratios:
            raise UnknownName(Problem(f"unknown binding protein {protein!r} (one of {', '.join(ratios)})"))
        return ratios[protein]

    def enzyme_factor(self, enzyme: str, place: str = "liver") -> float:
        """Abundance of one enzyme per mg protein, relative to healthy: smoking and cirrhosis, no genotype."""
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


def body(person: Person | None = None, data: Physiology | None = None) -> Body:
    """The body of `person` (the reference person if none is given) by `data` (the shipped physiology).

    >>> round(body().liver_flow)
    99
    """
    person = person or Person()
    data = data or load_physiology()
    volumes = scaling.organ_volumes(person, data)
    flows = scaling.organ_flows(person, data)
    reference = Person()
    male = data.organs["male"]
    functional = scaling.cirrhosis(person, data)["functional_liver"]
    protein = scaling.microsomal_protein(person.age, data) / scaling.microsomal_protein(reference.age, data)
    villous = data.gut["enterocytes"]["villous_flow"]
    gut_flow = male["flows"]["gut"] * male["cardiac_output"]
    gfr = scaling.filtration(person, data)
    liver, gut = _enzymes(person, data)
    for enzyme in person.genotypes:  # a wrong genotype is refused here, not hours later
        _genotype.activity(enzyme, None, person.genotypes[enzyme], data, person.ancestry)
    return Body(
        person=person,
        volumes=volumes,
        flows=flows,
        cardiac_output=flows["lung"],
        haematocrit=scaling.haematocrit(person, data),
        albumin_ratio=scaling.protein(person, "albumin", data) / data.scaling["albumin"],
        aag_ratio=scaling.protein(person, "aag", data) / data.scaling["aag"],
        liver_factor=volumes["liver"] / male["volumes"]["liver"] * protein * functional,
        gut_factor=volumes["gut"] / male["volumes"]["gut"],
        gfr=gfr,
        gfr_factor=gfr / scaling.filtration(reference, data),
        # in cirrhosis blood of the gut bypasses the liver; the villi themselves keep their flow
        villous_flow=villous * flows["gut"] / gut_flow / scaling.cirrhosis(person, data)["portal_flow"],
        urine_ph=person.urine_ph if person.urine_ph is not None else data.scaling["urine_ph"],
        enzyme_liver=liver,
        enzyme_gut=gut,
        data=data,
    )


def _enzymes(person: Person, data: Physiology) -> tuple[dict[str, float], dict[str, float]]:
    """Factors of single enzymes in liver and gut: cirrhosis touches the liver, smoke both."""
    liver: dict[str, float] = {}
    gut: dict[str, float] = {}
    if person.child_pugh is not None:
        liver.update(data.scaling["cirrhosis"]["enzymes"][person.child_pugh])
    if person.smoker:
        for enzyme, factor in data.scaling["smoking"].items():
            liver[enzyme] = liver.get(enzyme, 1.0) * factor
            gut[enzyme] = gut.get(enzyme, 1.0) * factor
    return liver, gut
