"""`clearway screen`: the static prediction of every pair, with the studies of it, and the comparison with the dynamic model."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from clearway.answers.plain import pandas as _pandas
from clearway.answers.plain import plain
from clearway.answers.studies import known_arms
from clearway.library import Library
from clearway.model.model import Model
from clearway.screening import ALL, Checked, Compared, Predictions, Row, check, overrides, predictions
from clearway.screening.steps import EXPLAINED

if TYPE_CHECKING:
    from clearway.plots.screening import ScreeningPlots

FORMAT, CHECK_FORMAT = "clearway.screen/1", "clearway.screen-check/1"
NO_STUDY = "no study exists"


@dataclass(frozen=True)
class Screening:
    """The answer of a screen. `rows` are all predictions; each pair and route has one for the mixture of genotypes (`all`)
    and one for each class of genotypes of the victim."""

    predictions: Predictions
    library: Library

    @property
    def plot(self) -> ScreeningPlots:
        """Figures: `screening.plot.heatmap()`. Raises InputError where matplotlib is missing."""
        from clearway.plots.screening import ScreeningPlots

        return ScreeningPlots(self)

    @cached_property
    def rows(self) -> list[Row]:
        """Every prediction."""
        return list(self.predictions.rows())

    @cached_property
    def pairs(self) -> list[Row]:
        """One row per pair and route: mixture of genotypes, racemates as their sum."""
        return [r for r in self.predictions.rows(typical=True) if not r.part_of]

    @property
    def changed(self) -> list[Row]:
        """The pairs that change by 1.25-fold or more, the strongest first."""
        return by_size(r for r in self.pairs if r.strength != "none")

    @cached_property
    def doses(self) -> dict[str, dict[str, str]]:
        """Dose of each drug as a perpetrator, and where it comes from."""
        plan = self.predictions.plan
        return {d.name: {"dose": s.text, "basis": s.basis} for d, s in zip(plan.drugs, plan.doses, strict=True)}

    @cached_property
    def _arms(self) -> dict[tuple[str, str], list[str]]:
        """(perpetrator, victim) → study arms of the pair."""
        arms = [(set(a["perpetrators"]), set(a["victims"]), a["id"]) for a in known_arms(self.library) if a["perpetrators"]]
        plan = self.predictions.plan
        by = [[(eaten, name) for doers, eaten, name in arms if doers <= set(d.compounds)] for d in plan.drugs]
        found = {}
        for p, v in plan.pairs:
            for target in plan.drugs[v].targets:
                found[plan.drugs[p].name, target.name] = [name for eaten, name in by[p] if eaten & set(target.compounds)]
        return found

    def studies(self, row: Row) -> list[str]:
        """Study arms of this pair by any route; none: no study exists."""
        return self._arms[row.perpetrator, row.victim]

    def counts(self) -> dict[str, int]:
        """Pairs and routes by class, and those that change and have no study."""
        found = Counter(r.strength for r in self.pairs)
        return {**{k: found[k] for k in ("strong", "moderate", "weak", "none")}, "no_study": sum(not self.studies(r) for r in self.changed)}

    def range_of(self, row: Row) -> tuple[float, float] | None:
        """Lowest and highest ratio over the victim's genotypes; None where it has none."""
        return self._ranges.get((row.perpetrator, row.victim, row.part_of, row.route))

    @cached_property
    def _ranges(self) -> dict[tuple[str, str, str, str], tuple[float, float]]:
        found: dict[tuple[str, str, str, str], tuple[float, float]] = {}
        for r in self.rows:
            if r.genotype != ALL:
                key = (r.perpetrator, r.victim, r.part_of, r.route)
                low, high = found.get(key, (r.auc_ratio, r.auc_ratio))
                found[key] = (min(low, r.auc_ratio), max(high, r.auc_ratio))
        return found

    def record(self, row: Row) -> dict[str, Any]:
        """One prediction as a flat record."""
        name, factor = row.mechanism
        return {
            "perpetrator": row.perpetrator,
            "dose": row.dose,
            "victim": row.victim,
            "part_of": row.part_of,
            "route": row.route,
            "genotype": row.genotype,
            "frequency": row.frequency,
            "auc_ratio": row.auc_ratio,
            "worst_high": row.worst_high,
            "worst_low": row.worst_low,
            "direction": row.direction,
            "strength": row.strength,
            "mechanism": name,
            "mechanism_factor": factor,
            "evidence": row.evidence,
            "assumed": row.assumed,
            "values": row.values,
            "studies": self.studies(row),
        }

    def to_dict(self) -> dict[str, Any]:
        """`clearway.screen/1`."""
        rows = [{**self.record(r), "factors": [{"mechanism": m, "factor": f} for m, f in r.factors]} for r in self.rows]
        found = {"format": FORMAT, "doses": self.doses, "counts": self.counts(), "unsettled": self.predictions.unsettled, "rows": rows}
        return plain(found)  # type: ignore[no-any-return]

    def to_csv(self) -> str:
        """All predictions, a line each."""
        records = [{**self.record(r), "studies": " ".join(self.studies(r)) or NO_STUDY} for r in self.rows]
        return _csv(records)

    def to_pandas(self) -> Any:
        """All predictions, a row each. Needs pandas."""
        return _pandas().DataFrame([self.record(r) for r in self.rows])

    def check(self, progress: Callable[[int], None] = lambda done: None) -> Checking:
        """The dynamic model on the same pairs; `progress` is told of each pair."""
        return Checking(check(self.predictions, progress))


@dataclass(frozen=True)
class Checking:
    """Static against dynamic."""

    checked: Checked

    @property
    def parted(self) -> list[Compared]:
        """Pairs that part by more than 1.25-fold, the furthest first."""
        return self.checked.parted

    def figures(self) -> dict[str, dict[str, Any]]:
        """Number of pairs and GMFE between the methods: over all, by route, and of pairs with an effect by either."""
        kinds: dict[str, tuple[str | None, bool]] = {
            "all": (None, False), "iv": ("iv", False), "oral": ("oral", False),
            "with an effect": (None, True), "with an effect, iv": ("iv", True), "with an effect, oral": ("oral", True),
        }  # fmt: skip
        found = {}
        for name, (route, effects) in kinds.items():
            n, gmfe = self.checked.gmfe(route, effects=effects)
            found[name] = {"n": n, "gmfe": gmfe}
        return found

    def to_dict(self) -> dict[str, Any]:
        """`clearway.screen-check/1`."""
        rows = [{**asdict(r), "fold": r.fold, "steps": [s._asdict() for s in r.steps]} for r in self.checked.rows]
        failed = [{"perpetrator": p, "victim": v, "why": why} for p, v, why in self.checked.failed]
        found = {"format": CHECK_FORMAT, "figures": self.figures(), "reasons": EXPLAINED, "failed": failed, "rows": rows}
        return plain(found)  # type: ignore[no-any-return]

    def to_csv(self) -> str:
        """Every pair by both methods, a line each."""
        rows = [
            {**{k: v for k, v in asdict(r).items() if k != "steps"}, "fold": r.fold, "reason": r.steps[0].reason if r.steps else ""}
            for r in self.checked.rows
        ]
        return _csv(rows)


def by_size(rows: Iterable[Row]) -> list[Row]:
    """The largest change first, in either direction; a pair by one route (halves, genotypes) stays together."""
    found = list(rows)
    size: dict[tuple[str, str, str], float] = {}
    for r in found:
        size[_pair(r)] = max(size.get(_pair(r), 0.0), abs(math.log(r.auc_ratio)) if r.auc_ratio > 0.0 else math.inf)
    return sorted(found, key=lambda r: (-size[_pair(r)], _pair(r)))


def _pair(r: Row) -> tuple[str, str, str]:
    return (r.perpetrator, r.part_of or r.victim, r.route)


def _csv(records: Sequence[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(records[0]) if records else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: f"{v:.6g}" if isinstance(v, float) else v for k, v in r.items()} for r in records)
    return out.getvalue()


def screen_drugs(drugs: str | Sequence[str] = (), library: Library | None = None, *, doses: Sequence[str] = ()) -> Screening:
    """Predict every ordered pair among `drugs` by the static model: all pairs of the library without a name, one drug
    against all others both ways, several among each other.

    `doses` replace screened doses (`'ritonavir=100 mg/12 h'`). Raises InputError for a name or dose that is not understood.
    """
    known = library or Library.load()
    names = [drugs] if isinstance(drugs, str) else list(drugs)
    return Screening(predictions(Model(known), names, overrides(known, doses)), known)
