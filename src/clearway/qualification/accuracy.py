"""Accuracy per study, for reports and cards: which arms exist for a pair, what was seen, what Clearway predicts there.

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
from clearway.qualification.runner import STUDIES, ArmResult, Qualification, qualify
from clearway.qualification.single import Check, check_folder
from clearway.regimen import Study, load_studies

FORMAT = "clearway.accuracy/1"


def accuracy(library: Library, studies: Iterable[Study], results: Iterable[ArmResult], checks: Iterable[Check]) -> dict[str, Any]:
    """Every usable arm with its compounds, the observed ratio and the predicted one; and every compound alone."""
    by_id = {r.id: r for r in results}
    arms = []
    for s in studies:
        found = by_id.get(s.id)
        perpetrators, victims = pair_compounds(library, s.pair)
        if not perpetrators or not victims:
            continue
        if not s.usable and s.observed.cmin_ratio is not None and s.observed.auc_ratio is None:
            arms.append(_trough(s, perpetrators, victims))
        if not s.usable or s.measured is None or found is None:
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
    alone = [
        {
            "compound": c.compound, "title": c.title, "quantity": c.quantity, "unit": c.unit, "observed": c.observed,
            "predicted": float(f"{c.predicted:.4g}"), "independent": not c.used_to_set, "source": c.source, "miss": c.miss,
        }
        for c in checks
    ]  # fmt: skip
    return {"format": FORMAT, "figures": _figures(Qualification(list(by_id.values()))), "arms": arms, "single": alone}


def _figures(q: Qualification) -> list[dict[str, Any]]:
    """The rows that stand at the top of the page on accuracy."""
    ours, theirs = q.peer()
    named = {"headline": q.headline(), "no-effect arms": q.no_effect(), "fitted arms": q.fitted(), "peer arms: ours": ours,
             "peer arms: theirs": theirs}  # fmt: skip
    kept = ("n", "gmfe", "bias", "within_125", "within_15", "within_2", "guest", "sign_errors")
    return [{"name": name, **{k: getattr(f, k) for k in kept}} for name, f in named.items()]


def _trough(s: Study, perpetrators: list[str], victims: list[str]) -> dict[str, Any]:
    """A study that only compared troughs (of groups of people, say): shown beside the answer, never counted."""
    return {
        "id": s.id, "title": s.title, "perpetrators": perpetrators, "victims": victims, "compound": victims[0], "route": "",
        "quantity": "cmin", "observed": s.observed.cmin_ratio, "observed_low": None, "observed_high": None, "predicted": None,
        "fitted": False, "people": s.people.get("n"), "reference": str(s.source.get("reference", "")),
        "address": str(s.source.get("address", "")), "confidence": str(s.source.get("confidence", "")),
    }  # fmt: skip


def write(library: Library, folder: Path = STUDIES, out: Path = ACCURACY, results: Iterable[ArmResult] | None = None) -> int:
    """Write the file; returns how many arms it holds."""
    studies, _ = load_studies(folder, library)
    done = qualify(library, folder).arms if results is None else results
    found = accuracy(library, studies, done, check_folder(library))
    out.write_text(json.dumps(plain(found), ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    return len(found["arms"])


if __name__ == "__main__":
    print(f"{write(Library.load())} arms written to {ACCURACY}", file=sys.stderr)
