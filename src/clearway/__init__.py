"""Clearway: what the medicines and drugs one person takes do to each other.

    import clearway

    case = clearway.Case.load("examples/methadone-nelfinavir.yaml")
    answer = clearway.compare(case)
    print(answer.sentences[0])
    answer.to_pandas()

Names are imported when first used, so that `import clearway` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clearway.answers import Comparing, Options, Running
    from clearway.answers import compare_case as compare
    from clearway.answers import run_case as simulate
    from clearway.answers.screening import Checking, Screening
    from clearway.answers.screening import screen_drugs as screen
    from clearway.errors import ClearwayError, InputError, SolveError
    from clearway.library import Library
    from clearway.physiology import Person
    from clearway.qualification.runner import qualify
    from clearway.regimen import Case

_PLACES = {
    "Case": ("clearway.regimen", "Case"),
    "Checking": ("clearway.answers.screening", "Checking"),
    "ClearwayError": ("clearway.errors", "ClearwayError"),
    "Comparing": ("clearway.answers", "Comparing"),
    "InputError": ("clearway.errors", "InputError"),
    "Library": ("clearway.library", "Library"),
    "Options": ("clearway.answers", "Options"),
    "Person": ("clearway.physiology", "Person"),
    "Running": ("clearway.answers", "Running"),
    "Screening": ("clearway.answers.screening", "Screening"),
    "SolveError": ("clearway.errors", "SolveError"),
    "compare": ("clearway.answers", "compare_case"),
    "qualify": ("clearway.qualification.runner", "qualify"),
    "screen": ("clearway.answers.screening", "screen_drugs"),
    "simulate": ("clearway.answers", "run_case"),
}

__all__ = [
    "Case",
    "Checking",
    "ClearwayError",
    "Comparing",
    "InputError",
    "Library",
    "Options",
    "Person",
    "Running",
    "Screening",
    "SolveError",
    "compare",
    "qualify",
    "screen",
    "simulate",
]


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in _PLACES:
        raise AttributeError(f"module 'clearway' has no attribute {name!r}")
    import importlib

    module, attribute = _PLACES[name]
    found = getattr(importlib.import_module(module), attribute)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
