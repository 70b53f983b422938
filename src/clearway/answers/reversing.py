"""The other direction of a comparison: what the drugs of the regimen do to the ones that are added."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from clearway.answers.comparing import Comparing, rows_of
from clearway.answers.targets import finish
from clearway.exposure.compare import compare
from clearway.exposure.situation import arm_of
from clearway.exposure.targets import reads_of
from clearway.regimen import Case, Measured


def reversed_case(case: Case) -> Case:
    """`regimen` and `compare` exchanged. Each added drug is measured after its last dose; at steady state nothing starts, since
    what is added begins within the case."""
    measured = {e.product: Measured(e.product, e.compounds, "last", "tau" if e.interval_h else "inf") for e in case.compare.entries}
    exchanged = {"regimen": case.compare, "compare": case.regimen, "measured": list(measured.values())}
    return replace(case, title="", steady_state=[], warnings=[], **exchanged)  # type: ignore[arg-type]


def compare_reverse(answer: Comparing, told: Callable[[str], None] = lambda stage: None) -> Comparing:
    """The added drugs with the regimen against alone, in the same person; the test arm is the one of `answer`.

    Raises SolveError where the model could not be solved.
    """
    p = answer.prepared
    case = reversed_case(p.case)
    alone = arm_of(p.model, case.person, case.regimen, ())
    turned = finish(case, p.library, p.model, replace(alone, body=p.test.body, off=p.test.off), p.test, reads_of(case, p.library))
    pairs = [(r.control, r.test) for r in turned.reads if r.control]
    done = compare(p.model, turned.control, turned.test, pairs, extra=turned.extra, told=told)
    return Comparing(turned, answer.options, done, rows_of(turned.reads, done))
