"""What is taken, when: plain records between the files and the model."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

ROUTES = ("oral", "iv bolus", "iv infusion", "im", "sc", "inhaled", "transdermal", "sublingual", "intranasal")

AucKind = Literal["inf", "tau", "0-t"]


@dataclass(frozen=True, order=True)
class Form:
    """How a swallowed dose differs from the dosage form of the compound's file: by its product, or because it is taken with
    a meal. `release_per_h` is infinite for a solution; None leaves what the compound's file says."""

    name: str
    fraction_absorbed: float | None = None
    release_per_h: float | None = None
    fed: bool = False


@dataclass(frozen=True)
class Dose:
    """One amount of one compound. `dose_mg` is of the compound itself (base), `time_h` the start, `duration_h` > 0
    an infusion over [time, time + duration). `fraction_mucosal` (a device) and `form` (a product by mouth)
    override the compound's."""

    drug: str
    dose_mg: float
    amount_umol: float
    route: str
    time_h: float
    duration_h: float = 0.0
    product: str = ""
    entry: int = 0
    fraction_mucosal: float | None = None
    form: Form | None = None


@dataclass
class Entry:
    """One line of a regimen: a product by one route at its times. `interval_h` is None for a single dose; `missed_h` are times
    of doses that were due and not taken."""

    product: str
    compounds: list[str]
    route: str
    times_h: list[float]
    interval_h: float | None
    doses: list[Dose]
    text: str = ""
    line: int = 0
    missed_h: list[float] = field(default_factory=list)

    @property
    def dose_text(self) -> str:
        """The dose as it is named (`60 mg`, `2 devices`); empty where each dose is listed with its own."""
        found = re.search(r"\s(\d[\d.]*\s*\S.*)$", self.text.removesuffix(self.route).rstrip())
        return found[1] if found else ""


@dataclass
class Regimen:
    """Entries as written, and all their doses in order of time."""

    entries: list[Entry] = field(default_factory=list)

    @property
    def doses(self) -> list[Dose]:
        return sorted((d for e in self.entries for d in e.doses), key=lambda d: (d.time_h, d.drug, d.route, d.entry))

    @property
    def drugs(self) -> list[str]:
        """Compound ids, in order of first mention."""
        return list(dict.fromkeys(c for e in self.entries for c in e.compounds))

    @property
    def interval_h(self) -> float | None:
        """Interval of the repeated entry that goes on longest; None if nothing is repeated."""
        repeated = [e for e in self.entries if e.interval_h]
        return max(repeated, key=lambda e: e.times_h[-1]).interval_h if repeated else None

    def __add__(self, other: Regimen) -> Regimen:
        return Regimen([*self.entries, *other.entries])


@dataclass
class SteadyState:
    """`doses` (one interval, times from 0 to before `interval_h`) repeat before `start_h` until nothing changes."""

    product: str
    compounds: list[str]
    interval_h: float
    start_h: float
    doses: list[Dose]


@dataclass
class Window:
    """Where AUC, Cmax and Cmin are taken. `end_h` None: to infinity by a log-linear tail."""

    dose_h: float
    start_h: float
    end_h: float | None
    auc: AucKind


@dataclass
class Measured:
    """What is measured, after which dose. `compounds` are the halves of a racemate, to be summed."""

    name: str
    compounds: list[str]
    after_dose: Literal["last"] | int | float = "last"  # int: dose number from 1; float: a time in h
    auc: AucKind = "tau"
    until_h: float | None = None
    from_h: float = 0.0
    parent: list[str] = field(default_factory=list)  # whose dose starts the window, if not the compound itself

    def window(self, regimen: Regimen) -> Window:
        """The window in one arm. Raises ValueError if the dose it names does not exist."""
        wanted = set(self.parent or self.compounds)
        entries = [e for e in regimen.entries if wanted & set(e.compounds)]
        if not entries:
            raise ValueError(f"no dose of {' or '.join(sorted(wanted))} in this arm")
        times = sorted({t for e in entries for t in e.times_h})
        if self.after_dose == "last":
            at = times[-1]
        elif isinstance(self.after_dose, float):
            at = self.after_dose
        elif 1 <= self.after_dose <= len(times):
            at = times[self.after_dose - 1]
        else:
            raise ValueError(f"dose number {self.after_dose} does not exist (there are {len(times)})")
        end = None if self.until_h is None else at + self.until_h
        if end is None and self.auc == "tau":
            later = [t for t in times if t > at]
            steps = [e.interval_h for e in entries if e.interval_h and any(abs(t - at) < 1e-9 for t in e.times_h)]
            end = later[0] if later else at + (steps[-1] if steps else 24.0)
        return Window(at, at + self.from_h, end, self.auc)


@dataclass
class PersonSpec:
    """The person as given; None means not given (physiology has the defaults). cm, kg, fractions, g/L."""

    sex: Literal["male", "female"] | None = None
    age: float | None = None
    height_cm: float | None = None
    weight_kg: float | None = None
    haematocrit: float | None = None
    albumin_g_l: float | None = None
    aag_g_l: float | None = None
    urine_ph: float | None = None
    egfr: float | None = None
    child_pugh: Literal["A", "B", "C"] | None = None
    genotype: dict[str, str] = field(default_factory=dict)

    def given(self) -> dict[str, Any]:
        """What is given, by the names and in the units of `physiology.Person`."""
        fields = {
            "sex": self.sex,
            "age": self.age,
            "height": self.height_cm,
            "weight": self.weight_kg,
            "haematocrit": self.haematocrit,
            "albumin": self.albumin_g_l,
            "aag": self.aag_g_l,
            "urine_ph": self.urine_ph,
            "egfr": self.egfr,
            "child_pugh": self.child_pugh,
            "genotypes": dict(self.genotype),
        }
        return {name: value for name, value in fields.items() if value is not None}
