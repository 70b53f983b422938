"""The part of the accuracy page on populations: how virtual people differ, against how people were seen to differ."""

from __future__ import annotations

from collections.abc import Sequence

from clearway.answers.words import percent
from clearway.qualification._tables import ratio, table
from clearway.qualification.spread import PEOPLE, Between, Held, groups


def spread_section(rows: Sequence[Held]) -> str:
    """Medians with their quartiles in one table, CVs and folds in another, then why what is outside may be so."""
    medians = [
        (
            h.title, h.who, h.unit, str(h.n), _quartiles(h.observed), _quartiles(h.predicted),
            f"{h.observed.high / h.observed.low:.1f}", f"{h.predicted.high / h.predicted.low:.1f}", _verdict(h),
        )
        for h in rows
        if h.statistic == "median"
    ]  # fmt: skip
    spreads = [(h.title, _words(h), str(h.n), *_pair(h), _verdict(h)) for h in rows if h.statistic != "median"]
    outside = {h.group for h in rows if not h.inside}
    told = [f"- {g['title']}: {g['because'].strip()}." for g in groups() if g["id"] in outside and "because" in g]
    return f"""
## Populations

{PEOPLE:,} virtual people a group, of the ancestry, sex and genotype that were studied, computed as `clearway cohort` does. How their
enzymes differ comes from liver banks; nothing was set by what is shown here. {sum(h.inside for h in rows)} of {len(rows)} are inside: a
predicted median between the published quartiles; a predicted CV between the lowest and the highest published one; a published fold
between the percentiles 5 and 95 of what as many virtual people show; a predicted mean within 1.5-fold. Sources and people:
`src/clearway/qualification/spread.yaml`. Quartiles of clearances are those of the published population model.

{table(("median (quartiles)", "", "unit", "n", "observed", "predicted", "Q3/Q1 obs", "Q3/Q1 pred", ""), medians, left=(0, 1, 2, 8))}

{table(("spread", "", "n", "observed", "predicted", ""), spreads, left=(0, 1, 5))}

Why those outside may be so:

{chr(10).join(told)}
"""


def _quartiles(x: Between) -> str:
    return f"{ratio(x.value)} ({ratio(x.low)}–{ratio(x.high)})"


def _words(h: Held) -> str:
    return {"CV": "CV between people", "fold": "highest/lowest", "mean": f"mean, {h.unit}"}.get(h.statistic, "")


def _pair(h: Held) -> tuple[str, str]:
    if h.statistic == "CV":
        return f"{percent(h.observed.low).removesuffix(' %')}–{percent(h.observed.high)}", percent(h.predicted.value)
    if h.statistic == "fold":
        return ratio(h.observed.value), _quartiles(h.predicted)
    return ratio(h.observed.value), ratio(h.predicted.value)


def _verdict(h: Held) -> str:
    return "" if h.inside else "outside"
