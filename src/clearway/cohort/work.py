"""A cohort made ready: the case's arms compiled once, and any chunk of its rows on request.

A chunk is a pure function of the cohort and of which rows it holds: the same bits whatever the chunks, threads and machines.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from clearway.cohort.arms import REFUSED, Approach, Arm, Verdict
from clearway.cohort.bands import bins
from clearway.cohort.endpoints import ALONE, CONTROL, TEST, Curves, curve, endpoints, measure_in, names
from clearway.cohort.folder import Identity
from clearway.cohort.plan import Plan, column
from clearway.cohort.tables import Chunk, Column, Part, Series, part_of
from clearway.errors import InputError
from clearway.exposure.arms import grid
from clearway.exposure.mechanisms import enzymes_of
from clearway.exposure.situation import arm_of
from clearway.exposure.spread import draws
from clearway.exposure.targets import curve_times, reads_of, windows_of
from clearway.library import Library
from clearway.model.lane import Lane, Lanes
from clearway.model.model import Model
from clearway.model.population import doses_taken, population_lanes
from clearway.physiology.people import People
from clearway.physiology.person import RANGES
from clearway.physiology.population import sample
from clearway.regimen import Case
from clearway.release import release

BLOCK = 1024
"""People who go through the arms at a time: their curves are read before the next ones come, so that memory stays small.
A GPU takes whole chunks: it needs very many people at once."""

BY_ENZYME = ("genotype_", "liver_", "gut_")
"""Columns of people that speak of one enzyme; only those of enzymes that the case's compounds meet are kept."""

PERSON_UNITS = {**{name: unit for name, (_, _, unit) in RANGES.items() if unit and " " not in unit}, "bmi": "kg/m²"}

T = TypeVar("T")

Taken = dict[str, NDArray[np.bool_] | None]
"""Of each arm which doses (doses, people) are taken; None where nobody misses any."""


class Work:
    """A case with a plan, ready to compute any chunk. Raises InputError where the plan asks for what the case has not."""

    def __init__(self, case: Case, library: Library, plan: Plan) -> None:
        self.case, self.plan, self.model = case, plan, Model(library)
        self.population = replace(case.population, seed=plan.seed)
        self.reads = reads_of(case, library)
        both = {CONTROL: case.regimen, TEST: case.test} if case.compare.entries else {ALONE: case.regimen}
        regimens = {name: regimen for name, regimen in both.items() if any(measure_in(r, name) for r in self.reads)}
        doses = {name: arm_of(self.model, case.person, r, case.steady_state).doses for name, r in regimens.items()}
        self.times = grid(list(doses.values()), windows_of(self.reads), curve_times(self.reads, case.duration_h))
        before = [d for s in case.steady_state for d in s.doses]
        self.approach = Approach(self.model, case.steady_state, before, plan.rtol) if before else None
        self.arms = {name: Arm(self.model, doses[name], before, self._outputs(name), plan.rtol) for name in regimens}
        self.compounds = list(self.arms.values())[-1].compounds
        self.factors = draws(self.compounds, plan.uncertainty) if plan.uncertainty else [{}]
        self.endpoints = {name: unit for r in self.reads for name, unit in names(r, self.arms).items()}
        self.processor = self._processor()
        self.block = plan.chunk if self.processor == "cuda" else BLOCK
        self.kept = self._kept()
        self._check_group()

    def _compounds(self, arm: str) -> list[str]:
        """Compounds that are read in an arm."""
        return list(dict.fromkeys(c for r in self.reads if measure_in(r, arm) for c in r.target.compounds))

    def _outputs(self, arm: str) -> list[str]:
        return [f"{c}.{what}" for c in self._compounds(arm) for what in ("plasma", "auc")]

    def _check_group(self) -> None:
        by = self.plan.by
        if by is None:
            return
        columns = self._people(0, 1).columns()
        known = [*(["draw"] if self.plan.uncertainty else []), *(n for n in self.kept if columns[n].dtype.kind in "Ub")]
        if by not in known:
            raise InputError(f"--by: no such group ({by!r}; one of {', '.join(known)})")

    def identity(self) -> Identity:
        """On what the numbers depend beside the plan: what was read, not how the files are written."""
        doses = {name: arm.doses for name, arm in self.arms.items()}
        said = [replace(self.population, seed=0), doses, self.case.steady_state, self.reads]
        values = [self.model.fingerprint(k.name) for k in self.compounds]
        world = repr(self.model.physiology.population)
        return Identity(_digest(repr(said)), _digest(repr([*values, world])), release(), self.processor)

    def _processor(self) -> str:
        """The processor path that the engine takes here."""
        nobody = Lanes.of([Lane(self.model.setting.reference)])
        return next(iter(self.arms.values())).run(nobody, self.times[:1]).trajectory.isa

    # -- one chunk -----------------------------------------------------------------------------------

    def part(self, number: int) -> Part:
        """A chunk as the bytes of its files."""
        seconds: dict[str, float] = {}
        chunk = self.chunk(number, seconds)
        return _timed(seconds, "write", lambda: part_of(chunk, self.plan, seconds))

    def chunk(self, number: int, seconds: dict[str, float] | None = None) -> Chunk:
        """Chunk `number` of the plan. `seconds` is filled with where the time went."""
        first, rows = self.plan.span(number)
        spent = seconds if seconds is not None else {}
        pieces = []
        at = first
        while at < first + rows:
            draw, subject = divmod(at, self.plan.subjects)
            count = min(self.block, first + rows - at, self.plan.subjects - subject)
            pieces.append(self._block(draw, subject, count, spent))
            at += count
        return _joined(pieces)

    def _block(self, draw: int, first: int, count: int, seconds: dict[str, float]) -> Chunk:
        """Some people through all arms. Whom the model refuses is found by halves and becomes a row with that sentence."""
        people = _timed(seconds, "people", lambda: self._people(first, count))
        verdict = Verdict(np.zeros(count, dtype=np.int8))
        taken = _timed(seconds, "people", lambda: {n: doses_taken(self.population, a.doses, first, count) for n, a in self.arms.items()})
        try:
            lanes = _timed(seconds, "people", lambda: population_lanes(self.model, people, self.compounds, self.factors[draw]))
            done = _timed(seconds, "solve", lambda: self._solve(lanes, taken, verdict))
        except InputError as error:
            if count > 1:
                half = count // 2
                return _joined([self._block(draw, first, half, seconds), self._block(draw, first + half, count - half, seconds)])
            verdict.blame(0, REFUSED, str(error))
            done = {name: Curves.none(self.times, self._compounds(name)) for name in self.arms}
        return _timed(seconds, "read", lambda: self._read(draw, first, people, taken, verdict, done))

    def _solve(self, lanes: Lanes, taken: Taken, verdict: Verdict) -> dict[str, Curves]:
        """Every arm, from the state that each person is in at time 0."""
        before = self.approach.run(lanes, verdict) if self.approach else None
        found: dict[str, Curves] = {}
        for name, arm in self.arms.items():
            done = arm.run(lanes, self.times, taken=taken[name], before=before)
            verdict.solved(done, np.arange(len(lanes)))
            found[name] = Curves.of(done, self._compounds(name))
        return found

    def _read(self, draw: int, first: int, people: People, taken: Taken, verdict: Verdict, arms: dict[str, Curves]) -> Chunk:
        """Columns, bins and curves of a block; who has failed has no endpoints."""
        ok = verdict.code == 0
        columns: dict[str, Column] = {"subject": np.arange(first, first + len(people))}
        if self.plan.uncertainty:
            columns["draw"] = np.full(len(people), draw, dtype=np.int32)
        columns |= self._person_columns(people, taken)
        for read in self.reads:
            columns |= {name: np.where(ok, values, np.nan) for name, values in endpoints(read, arms).items()}
        columns["code"] = verdict.code
        columns["message"] = np.array([verdict.message.get(i, "") for i in range(len(people))], dtype=object)
        wanted = self.plan.bands or self.plan.curves
        drawn = {
            Series(column(r.target.name), arm): curve(r, c) for r in self.reads for arm, c in arms.items() if wanted and measure_in(r, arm)
        }
        binned = {series: bins(values) for series, values in drawn.items()} if self.plan.bands else {}
        kept = {s: np.where(ok[:, None], v, np.nan).astype(np.float32) for s, v in drawn.items()} if self.plan.curves else {}
        return Chunk(columns, {**PERSON_UNITS, **self.endpoints}, self.times, binned, kept, ok)

    def _people(self, first: int, count: int) -> People:
        return sample(self.population, first, count, self.model.physiology)

    def _kept(self) -> list[str]:
        """Columns of people that say something: of enzymes that a compound of the case meets, and known of everybody."""
        enzyme = self.model.physiology.enzyme
        met = {enzyme(e) for e in enzymes_of(self.compounds)}
        kept = []
        for name, values in self._people(0, 1).columns().items():
            about = next((name.removeprefix(p) for p in BY_ENZYME if name.startswith(p)), None)
            unknown = values.dtype.kind == "f" and np.isnan(values[0])
            if not unknown and (about is None or enzyme(about) in met):
                kept.append(name)
        return kept

    def _person_columns(self, people: People, taken: Taken) -> dict[str, Column]:
        """Who a person is, and which part of the listed doses of each product with an adherence that person takes."""
        columns = people.columns()
        found: dict[str, Column] = {n: columns[n].astype(np.float32) if columns[n].dtype.kind == "f" else columns[n] for n in self.kept}
        name, arm = list(self.arms.items())[-1]
        last = taken[name]
        for product in sorted(self.population.sometimes):
            mine = [i for i, d in enumerate(arm.doses) if d.product == product]
            if last is not None and mine:
                found[f"taken_{column(product)}"] = last[mine].mean(axis=0).astype(np.float32)
        return found


def _joined(pieces: list[Chunk]) -> Chunk:
    if len(pieces) == 1:
        return pieces[0]

    def stacked(name: str) -> dict[Any, Any]:
        tables = [getattr(p, name) for p in pieces]
        return {key: np.concatenate([t[key] for t in tables]) for key in tables[0]}

    first = pieces[0]
    ok = np.concatenate([p.ok for p in pieces])
    return Chunk(stacked("columns"), first.units, first.times, stacked("bins"), stacked("curves"), ok)


def _timed(seconds: dict[str, float], phase: str, action: Callable[[], T]) -> T:
    start = time.perf_counter()
    result = action()
    seconds[phase] = seconds.get(phase, 0.0) + time.perf_counter() - start
    return result


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
