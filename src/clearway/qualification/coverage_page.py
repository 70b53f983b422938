"""The part of the accuracy page on the intervals: how often they hold what was seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from clearway.exposure.spread import GROWTH, RESIDUAL
from clearway.qualification._tables import table
from clearway.qualification.coverage import Held, chosen_on, share

GROUPS: dict[str, Callable[[Held], bool]] = {
    "**all arms of the headline**": lambda h: True,
    "the publications on which the residual was chosen": lambda h: chosen_on(h.arm),
    "**the other publications**": lambda h: not chosen_on(h.arm),
    "no effect observed (0.8–1.25)": lambda h: h.arm.no_effect,
    "an effect observed": lambda h: not h.arm.no_effect,
    "a strong effect predicted (≥ 3-fold either way)": lambda h: not 1 / 3 <= h.arm.predicted <= 3,
}


def coverage_section(held: Sequence[Held]) -> str:
    """Coverage of the 90 % intervals, in groups of arms."""
    loose = [h for h in held if not h.arm.fitted]
    rows = []
    for name, belongs in GROUPS.items():
        mine = [h for h in loose if belongs(h)]
        width = sum((h.high / h.low) ** 0.5 for h in mine) / max(len(mine), 1)
        rows.append((name, str(len(mine)), f"{100 * share(mine):.0f} %", f"× {width:.2f}"))
    return f"""
## Intervals

How often the 90 % interval of the predicted AUC ratio holds the observed one; the goal is 85–95 %. The interval is what the uncertainty of
the library's values makes (a standard deviation by kind of evidence, or the range that a value carries), widened by what studies scatter
beyond it: a standard deviation of ln(ratio) of sqrt({RESIDUAL}² + ({GROWTH}·ln ratio)²), one number pair for everything, chosen on one
half of the publications. Fitted arms and arms that say "no change" without a number are left out. The last column is the mean of the
factor from the middle of an interval to its end.

{table(("", "arms", "inside", "width"), rows)}
"""
