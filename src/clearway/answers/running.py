"""`clearway run`: one arm, everything as written: exposure, clearance, result codes, mass balance."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clearway.answers.curves import Curves, curves
from clearway.answers.frames import dataset, tidy
from clearway.answers.options import Options
from clearway.answers.plain import pandas as _pandas
from clearway.answers.plain import plain, polars
from clearway.answers.targets import Prepared, clinical, finish, prepare, window_words
from clearway.exposure.arms import exposures, run
from clearway.exposure.nca import Exposure, Floats
from clearway.exposure.situation import measure_of
from clearway.exposure.targets import Read, route_of, split
from clearway.library import Library
from clearway.model.simulate import Simulation
from clearway.regimen import Case, Measured

if TYPE_CHECKING:
    from clearway.plots.running import RunningPlots

FORMAT = "clearway.run/1"


@dataclass(frozen=True)
class RunRow:
    """One compound or sum of halves. `clearance` is dose/AUC (L/h) of the measured doses: CL/F, or CL after iv."""

    read: Read
    exposure: Exposure
    dose_mg: float
    clearance: float | None


@dataclass(frozen=True)
class Running:
    """One arm of a case, simulated. `rows` begin with what the case measures; exposure is in µM and h there, in ng/mL in
    tables and curves. Genotypes that the case leaves open are `lanes` with `weights`."""

    prepared: Prepared
    simulation: Simulation
    lanes: tuple[int, ...]
    weights: Floats
    rows: tuple[RunRow, ...]
    warnings: tuple[str, ...]

    @property
    def case(self) -> Case:
        """The checked case."""
        return self.prepared.case

    @property
    def mass_balance(self) -> dict[str, float]:
        """Largest relative gap of each compound."""
        return {name: float(gap.max()) for name, gap in self.simulation.mass_balance.items()}

    @property
    def result(self) -> dict[str, Any]:
        """Code of each lane (0: all is well), the engine's sentence, steps, and the processor path."""
        t = self.simulation.trajectory
        return {"codes": [int(c) for c in t.code], "message": t.message(0), "steps": int(t.steps.sum()), "processor": t.isa}

    @property
    def plot(self) -> RunningPlots:
        """Figures: `running.plot.curves()`. Raises InputError where matplotlib is missing."""
        from clearway.plots.running import RunningPlots

        return RunningPlots(self)

    @cached_property
    def curves(self) -> Curves:
        """Plasma (ng/mL) and enzyme activity (baseline 1) over the case (h)."""
        arms: dict[str, tuple[Sequence[int], Floats]] = {"run": (self.lanes, self.weights)}
        return curves(self.prepared, self.simulation, arms, [r.read.target for r in self.rows])

    def to_dict(self) -> dict[str, Any]:
        """`clearway.run/1`; what is not a number is None."""
        exposure = {}
        for r in self.rows:
            t = r.read.target
            exposure[t.name] = {
                **clinical(r.exposure, t.molar_mass),
                "window": window_words(r.read.test.window),
                "route": t.route,
                "dose_mg": r.dose_mg or None,
                "clearance": r.clearance,
                "clearance_is": ("CL" if t.route.startswith("iv") and "+" not in t.route else "CL/F") if r.clearance else None,
                "clearance_unit": "L/h",
            }
        found = {
            "format": FORMAT,
            "title": self.case.title,
            "exposure": exposure,
            "result": self.result,
            "mass_balance": self.mass_balance,
            "warnings": list(self.warnings),
        }
        return plain(found)  # type: ignore[no-any-return]

    def to_csv(self) -> str:
        """Curves, one column a compound (ng/mL) and an enzyme (activity, baseline 1)."""
        c = self.curves
        names = [f"{n} (ng/mL)" for n in c.plasma] + [f"{e} {o} activity" for e, o in c.activity]
        columns = [c.times, *(v["run"] for v in c.plasma.values()), *(v["run"] for v in c.activity.values())]
        out = io.StringIO()
        out.write(",".join(["time (h)", *names]) + "\n")
        for values in zip(*columns, strict=True):
            out.write(",".join(f"{v:.6g}" for v in values) + "\n")
        return out.getvalue()

    def to_pandas(self) -> Any:
        """The curves, indexed by time. Needs pandas."""
        pandas = _pandas()

        c = self.curves
        data = {n: v["run"] for n, v in c.plasma.items()} | {f"{e} {o}": v["run"] for (e, o), v in c.activity.items()}
        return pandas.DataFrame(data, index=pandas.Index(c.times, name="time (h)"))

    def to_polars(self) -> Any:
        """The curves as one long table (`answers.frames.tidy`): a row a curve and time. Needs polars."""
        return polars().DataFrame(tidy(self.curves))

    def to_xarray(self) -> Any:
        """The curves as a Dataset: see `answers.frames.dataset`. Needs xarray."""
        return dataset(self.curves, self.case.title or "clearway run")


def run_case(case: Case | str | Path, library: Library | None = None, options: Options | None = None) -> Running:
    """Simulate the test arm of a case (regimen + compare). Raises InputError, SolveError."""
    known = library or Library.load()
    checked = case if isinstance(case, Case) else Case.load(case, known)
    chosen = options or Options()
    p = prepare(checked, known, chosen)
    p = finish(checked, known, p.model, p.control, p.test, [*p.reads, *_others(checked, known, p)])
    windows = [r.test.window for r in p.reads]
    done, (lanes,), weights = run(p.model, [p.test], windows, extra=p.extra)
    rows = tuple(_row(p, r, exposures(done, lanes, weights, r.test)) for r in p.reads)
    return Running(p, done, tuple(lanes), weights, rows, tuple([*checked.warnings, *chosen.sentences]))


def _others(case: Case, library: Library, p: Prepared) -> list[Read]:
    """What the case does not measure by name: the other drugs, and the metabolites after their parent's dose."""
    have = {c for r in p.reads for c in r.target.compounds}
    found: list[Read] = []
    for entry in case.test.entries:
        if not have & set(entry.compounds):
            repeated = any(e.interval_h for e in case.test.entries if e.product == entry.product)
            item = Measured(entry.product, entry.compounds, "last", "tau" if repeated else "inf")
            found += split(library, item, None, measure_of(item, case.test), route_of(case.test, set(entry.compounds)))
            have |= set(entry.compounds)
    dosed = case.test.drugs
    for name in p.model.closure(dosed):
        if name not in have:
            parents = [d for d in dosed if name in p.model.closure([d])]
            entries = [e for e in case.test.entries if set(parents) & set(e.compounds)]
            item = Measured(name, [name], "last", "tau" if any(e.interval_h for e in entries) else "inf", parent=parents)
            found += split(library, item, None, measure_of(item, case.test), "")
    return found


def _row(p: Prepared, r: Read, e: Exposure) -> RunRow:
    """CL/F from the doses in the window (of a single dose: the one that starts it)."""
    w, mine = r.test.window, set(r.target.compounds)
    at = [d for d in p.case.test.doses if d.drug in mine and w.start - 1e-6 <= d.time_h < w.end - 1e-6]
    if w.kind == "inf":
        at = [d for d in at if abs(d.time_h - w.start) < 1e-6]
    amount = sum(d.amount_umol for d in at)
    return RunRow(r, e, sum(d.dose_mg for d in at), amount / e.auc if amount > 0 and e.auc > 0 else None)
