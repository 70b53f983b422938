"""`clearway compare`: with against without, what caused the difference, and on what the answer rests."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clearway.answers import evidence, flags, studies, thresholds, unknown
from clearway.answers.curves import Curves, curves
from clearway.answers.frames import dataset
from clearway.answers.options import Options
from clearway.answers.plain import pandas as _pandas
from clearway.answers.plain import plain, polars
from clearway.answers.targets import Prepared, clinical, prepare, window_words
from clearway.answers.words import join, sentence
from clearway.errors import InputError, Problem
from clearway.exposure.arms import exposures
from clearway.exposure.compare import Answer, Comparison, Input, compare, sensitive
from clearway.exposure.nca import Exposure
from clearway.exposure.targets import Read, Target
from clearway.library import Library
from clearway.regimen import Case

if TYPE_CHECKING:
    from clearway.plots.comparing import ComparingPlots

FORMAT = "clearway.compare/1"
STILL = 0.005
"""|ln factor| up to which an input moves nothing."""

COLUMNS = ("compound", "auc", "cmax", "cmin", "low", "high")


@dataclass(frozen=True)
class Row:
    """One target: its ratios (an `Answer`), or only its exposure where it is given in the test arm alone."""

    read: Read
    control: Exposure | None
    test: Exposure
    answer: Answer | None


@dataclass(frozen=True)
class Comparing:
    """The answer to one case. `rows` begin with the first drug of the regimen; racemates as sum, then halves."""

    prepared: Prepared
    options: Options
    comparison: Comparison
    rows: tuple[Row, ...]
    warnings: tuple[str, ...] = field(default_factory=tuple)

    @property
    def case(self) -> Case:
        """The checked case."""
        return self.prepared.case

    @property
    def title(self) -> str:
        """Of the case, else what is compared with what."""
        return self.case.title or f"{join(self.victims)} with and without {join(self.added)}"

    @property
    def answered(self) -> list[Row]:
        """Rows with ratios: what is dosed in both arms."""
        return [r for r in self.rows if r.answer]

    @property
    def main(self) -> list[Row]:
        """Rows that are not a half of a racemate."""
        return [r for r in self.answered if not r.read.target.part_of]

    @property
    def added(self) -> list[str]:
        """Products of the test arm only, as the user named them."""
        return list(dict.fromkeys(e.product for e in self.case.compare.entries))

    @property
    def victims(self) -> list[str]:
        """Products of both arms, as the user named them."""
        return list(dict.fromkeys(e.product for e in self.case.regimen.entries))

    @cached_property
    def sentences(self) -> list[str]:
        """The answer, one sentence a measured drug."""
        return [sentence(r.read.target.label, r.answer, self.added, r.read.target.route) for r in self.main if r.answer]

    @cached_property
    def enzymes(self) -> list[str]:
        """Enzymes and transporters that matter to the ratios."""
        return evidence.enzymes_that_matter([r.answer.factors for r in self.answered if r.answer])

    @cached_property
    def measured_compounds(self) -> list[str]:
        """Compound ids of the rows."""
        return list(dict.fromkeys(c for r in self.answered for c in r.read.target.compounds))

    @cached_property
    def basis(self) -> list[evidence.Basis]:
        """The values that the ratios rest on, each with its evidence and source."""
        p = self.prepared
        return evidence.basis(p.model, p.library, self.measured_compounds, self.comparison.perpetrators, self.enzymes)

    @cached_property
    def studies(self) -> list[dict[str, Any]]:
        """Study arms of the pairs, with the observed ratio and the prediction in the study's own design."""
        return studies.matching(self.case, self.prepared.library)

    @cached_property
    def unstudied(self) -> list[tuple[str, str]]:
        """Pairs (added, measured) of which the qualification set holds no clinical study."""
        return studies.without(self.case, self.studies)

    @cached_property
    def sensitive(self) -> dict[str, tuple[Input, ...]]:
        """Of each measured drug the three inputs that its AUC ratio hangs on most; only where a pair has no study, since there
        nothing but the inputs speaks."""
        victims = {c for _, product in self.unstudied for c in self.prepared.library.parts(product)}
        p, rows = self.prepared, [r for r in self.main if r.read.control and victims & set(r.read.target.compounds)]
        if not rows:
            return {}
        measures = [(r.read.control, r.read.test) for r in rows if r.read.control]
        found = sensitive(p.model, p.control, p.test, measures)
        moved = (tuple(i for i in inputs if abs(math.log(i.factor)) > STILL) for inputs in found)
        return {r.read.target.label: inputs for r, inputs in zip(rows, moved, strict=True) if inputs}

    @property
    def most_sensitive_to(self) -> dict[str, list[dict[str, Any]]]:
        """`sensitive` as data."""
        return {
            name: [{"input": i.name, "factor_if_one_sd_higher": i.factor} for i in inputs] for name, inputs in self.sensitive.items()
        }

    @cached_property
    def evidence(self) -> dict[str, Any]:
        """Numbers of values by kind of evidence: of what the ratios rest on, and of all."""
        names = [k.name for k in self.comparison.simulation.assembled.compounds]
        return evidence.document(self.prepared.model, names, self.basis)

    @property
    def _repeated(self) -> list[tuple[Target, Answer, bool]]:
        """Each answer with what it is of, and whether that is dosed repeatedly."""
        return [(r.read.target, r.answer, r.read.test.window.kind == "tau") for r in self.answered if r.answer]

    @cached_property
    def flags(self) -> list[dict[str, Any]]:
        """Consequences that were seen in people at such changes, with their studies."""
        return flags.flags(self.prepared.library, self._repeated)

    @cached_property
    def thresholds(self) -> list[dict[str, Any]]:
        """Troughs or peaks (ng/mL) of both arms beside thresholds of the literature."""
        return thresholds.against(self.prepared.library, self._repeated)

    @cached_property
    def unknown(self) -> list[str]:
        """Statements on what is assumed or unknown, what matters most first."""
        factors = [r.answer.factors for r in self.answered if r.answer]
        return studies.disagreeing(self.studies) + unknown.unknown(
            self.case, self.prepared.model, self.basis, self.enzymes, self.unstudied,
            self.comparison.perpetrators, self.measured_compounds, factors,
        )  # fmt: skip

    def observed(self, row: Row) -> list[dict[str, Any]]:
        """The studies that saw the AUC ratio of a row: the same compound by the same route, with exactly the drugs of `compare`."""
        t, added = row.read.target, set(self.case.compare.drugs)
        same = [s for s in self.studies if s["compound"] == t.name and s["route"] == t.route and s["quantity"] == "auc"]
        return [s for s in same if set(s["perpetrators"]) == added]

    @property
    def plot(self) -> ComparingPlots:
        """Figures: `answer.plot.curves()`. Raises InputError where matplotlib is missing."""
        from clearway.plots.comparing import ComparingPlots

        return ComparingPlots(self)

    def curves(self) -> Curves:
        """Plasma and enzyme activity of both arms over the case."""
        c = self.comparison
        arms: dict[str, Any] = {"control": (c.control_lanes, c.weights), "test": (c.test_lanes, c.weights)}
        return curves(self.prepared, c.simulation, arms, [r.read.target for r in self.rows])

    def to_dict(self, *, sensitive: bool = True) -> dict[str, Any]:
        """`clearway.compare/1`; what is not a number is None. `sensitive=False` leaves `most_sensitive_to` empty, which takes
        longest where many pairs have no study."""
        found: dict[str, Any] = {
            "format": FORMAT,
            "title": self.title,
            "answer": self.sentences,
            "ratios": [self._ratio(r.read.target.name, r.answer) for r in self.answered if r.answer],
            "attribution": {
                r.read.target.name: [{"mechanism": f.name, "factor": f.factor} for f in r.answer.factors] for r in self.answered if r.answer
            },
            "exposure": {r.read.target.name: self._exposure(r) for r in self.rows},
            "evidence": self.evidence,
            "flags": self.flags,
            "thresholds": self.thresholds,
            "studies": self.studies,
            "no_study": [{"perpetrator": added, "victim": victim} for added, victim in self.unstudied],
            "most_sensitive_to": self.most_sensitive_to if sensitive else {},
            "unknown": self.unknown,
            "warnings": list(self.warnings),
        }
        return plain(found)  # type: ignore[no-any-return]

    def to_pandas(self) -> Any:
        """The ratios, one row a compound. Needs pandas."""
        pandas = _pandas()

        return pandas.DataFrame(self.to_dict()["ratios"], columns=list(COLUMNS)).set_index("compound")

    def to_polars(self) -> Any:
        """The ratios, one row a compound. Needs polars."""
        return polars().DataFrame(self.to_dict()["ratios"], schema=list(COLUMNS), infer_schema_length=None)

    def to_xarray(self) -> Any:
        """The curves of both arms as a Dataset: see `answers.frames.dataset`. Needs xarray."""
        return dataset(self.curves(), self.title)

    @staticmethod
    def _ratio(name: str, a: Answer) -> dict[str, Any]:
        return {"compound": name, "auc": a.ratio.auc, "cmax": a.ratio.cmax, "cmin": a.ratio.cmin, "low": a.low, "high": a.high}

    @staticmethod
    def _exposure(r: Row) -> dict[str, Any]:
        mass = r.read.target.molar_mass
        return {
            "route": r.read.target.route,
            "window": window_words(r.read.test.window),
            "control": clinical(r.control, mass) if r.control else None,
            "test": clinical(r.test, mass),
        }


def compare_case(
    case: Case | str | Path, library: Library | None = None, options: Options | None = None, *,
    attribute: bool = True, interval: bool = True, told: Callable[[str], None] = lambda stage: None,
) -> Comparing:  # fmt: skip
    """Run both arms of a case (a file or a checked `Case`). `told` hears of each stage before it begins.

    Raises InputError for bad input, SolveError where the model could not be solved.
    """
    known = library or Library.load()
    checked = case if isinstance(case, Case) else Case.load(case, known)
    if not checked.compare.entries:
        text = "nothing to compare (add the drugs of the test arm under 'compare:', or use 'clearway run')"
        raise InputError(Problem(text, checked.file))
    chosen = options or Options()
    p = prepare(checked, known, chosen)
    pairs = [(r.control, r.test) for r in p.reads if r.control]
    if not pairs:
        text = "nothing measured is given in both arms (name a drug of 'regimen:' under 'measure:')"
        raise InputError(Problem(text, checked.file, path="measure"))
    done = compare(p.model, p.control, p.test, pairs, attribute=attribute, interval=interval, extra=p.extra, told=told)
    return Comparing(p, chosen, done, rows_of(p.reads, done), tuple([*checked.warnings, *chosen.sentences]))


def rows_of(reads: Sequence[Read], done: Comparison) -> tuple[Row, ...]:
    """The rows of an answer, in the order of the reads."""
    answers = {a.ratio.name: a for a in done.answers}
    rows = []
    for r in reads:
        answer = answers[r.target.name] if r.control else None
        test = answer.ratio.test if answer else exposures(done.simulation, done.test_lanes, done.weights, r.test)
        solid = answer if answer and math.isfinite(answer.ratio.auc) else None
        rows.append(Row(r, answer.ratio.control if answer else None, test, solid))
    return tuple(rows)
