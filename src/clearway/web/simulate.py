"""One case simulated: the answer first, then the other direction, missed doses, and what the ratios hang on most."""

from __future__ import annotations

from clearway.answers import compare_case, run_case
from clearway.answers.missed import missed_doses
from clearway.answers.reversing import compare_reverse
from clearway.regimen import Case
from clearway.web.answer import alone, compared
from clearway.web.known import Known
from clearway.web.stream import Telling

STAGES = 9
"""How often a comparison tells where it is."""


def simulate(known: Known, case: Case, telling: Telling) -> None:
    """The events of `POST /api/simulate`."""
    if not case.compare.entries:
        telling.stage("the regimen")
        done = run_case(case, known.library)
        telling.event("answer", alone(done))
        telling.stage("missed doses")
        telling.event("missed", {"rows": [m.to_dict() for m in missed_doses(done.prepared)]})
        return
    answer = compare_case(case, known.library, told=telling.stage)
    telling.stage("the evidence")
    telling.event("answer", compared(answer))
    telling.stage("missed doses")
    telling.event("missed", {"rows": [m.to_dict() for m in missed_doses(answer.prepared)]})
    reverse = compare_reverse(answer, told=lambda stage: telling.stage(f"the other direction: {stage}"))
    telling.event("reverse", compared(reverse))
    telling.stage("what the ratios depend on most")
    telling.event("sensitive", {"most_sensitive_to": answer.most_sensitive_to})
