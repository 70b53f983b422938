"""Accuracy per study, for the reports: which arms exist for a pair, what was seen, what Clearway predicts there.

`python -m clearway.qualification.accuracy` runs the qualification and writes `accuracy.json` beside the studies, so
that an answer can show its studies without simulating them. It is a result: make it again when the library changes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from clearway.answers.plain import plain
from clearway.answers.studies import ACCURACY, pair_compounds
from clearway.library import Library
from clearway.qualification.runner import STUDIES, ArmResult, qualify
from clearway.regimen import Study, load_studies

FORMAT = "clearway.accuracy/1"


def accuracy(library: Library, studies: Iterable[Study], results: Iterable[ArmResult]) -> dict[str, Any]:
    """Every usable arm with its compounds, the observed ratio and the predicted one."""
    by_id = {r.id: r for r in results}
    arms = []
    for s in studies:
        found = by_id.get(s.id)
        if not s.usable or s.measured is None or found is None:
            continue
        perpetrators, victims = pair_compounds(library, s.pair)
        if not perpetrators or not victims:
            continue
        arms.append(
            {
                "id": s.id,
                "title": s.title,
                "perpetrators": perpetrators,
                "victims": victims,
                "compound": s.measured.name,
                "route": s.victim_route,
                "quantity": "auc" if s.observed.auc_ratio is not None else "cmax",
                "observed": found.observed,
                "observed_low": s.observed.low,
                "observed_high": s.observed.high,
                "predicted": round(found.predicted, 4),
                "fitted": found.fitted,
                "people": s.people.get("n"),
                "reference": str(s.source.get("reference", "")),
                "address": str(s.source.get("address", "")),
                "confidence": str(s.source.get("confidence", "")),
            }
        )
    return {"format": FORMAT, "arms": arms}


def write(library: Library, folder: Path = STUDIES, out: Path = ACCURACY, results: Iterable[ArmResult] | None = None) -> int:
    """Write the file; returns how many arms it holds."""
    studies, _ = load_studies(folder, library)
    done = qualify(library, folder).arms if results is None else results
    found = accuracy(library, studies, done)
    out.write_text(json.dumps(plain(found), ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    return len(found["arms"])


if __name__ == "__main__":
    print(f"{write(Library.load())} arms written to {ACCURACY}", file=sys.stderr)
