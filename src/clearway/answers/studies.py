"""Clinical study arms of the same pair: what was observed, and what Clearway predicts in the study's own design.

Predictions come from `qualification/accuracy.json`, which `python -m clearway.qualification.accuracy` makes; without it the
study files themselves are read for what was observed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from clearway.answers.words import NO_EFFECT
from clearway.library import Library
from clearway.regimen import Case

FOLDER = Path(__file__).parent.parent / "qualification"
ACCURACY = FOLDER / "accuracy.json"
STUDIES = FOLDER / "studies"
HEAD_LINES = 4


def matching(case: Case, library: Library) -> list[dict[str, Any]]:
    """Study arms whose perpetrator is in `compare` and whose victim is in `regimen`, the same routes first."""
    victims = [v.compounds for v in case.regimen.entries]
    added = [set(e.compounds) for e in case.compare.entries]
    routes = {e.route for e in case.regimen.entries}
    found = []
    for arm in known_arms(library):
        doers, eaten = set(arm["perpetrators"]), set(arm["victims"])
        given = {c for names in added for c in names}
        if not doers or not doers <= given or not any(eaten & set(names) for names in victims):
            continue
        found.append(arm)
    return sorted(found, key=lambda a: (a["victims"], a["route"] not in routes, a["compound"], a["id"]))


def disagreeing(arms: Sequence[dict[str, Any]]) -> list[str]:
    """A sentence for each pair of whose trough one study saw no effect (0.8–1.25) and another one did."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for a in arms:
        if a["quantity"] == "cmin":
            groups.setdefault((", ".join(a["perpetrators"]), a["compound"]), []).append(a)
    said = []
    for (doers, compound), rows in groups.items():
        none = [r for r in rows if NO_EFFECT[0] <= r["observed"] <= NO_EFFECT[1]]
        if none and len(none) < len(rows):
            told = " and ".join(f"× {r['observed']:.2f} (n {r['people'] or 'not given'}, {r['id']})" for r in rows)
            said.append(f"Studies of {doers} on the trough of {compound} disagree: {told}. The question is unsettled.")
    return said


def without(case: Case, arms: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Pairs (added product, product of the regimen) for which none of these arms stands."""
    found = []
    for victim in case.regimen.entries:
        for added in case.compare.entries:
            if not any(set(s["perpetrators"]) & set(added.compounds) and set(s["victims"]) & set(victim.compounds) for s in arms):
                found.append((added.product, victim.product))
    return list(dict.fromkeys(found))


def alone(compound: str) -> list[dict[str, Any]]:
    """What the model gives for a compound alone beside what was seen; empty where the results are not stored."""
    return [row for row in _stored().get("single", []) if row["compound"] == compound]


def figures() -> list[dict[str, Any]]:
    """Figures of accuracy over groups of arms; empty where the results are not stored."""
    return list(_stored().get("figures", []))


def arms_with(compound: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Stored arms in which a compound is the victim, and in which it is a perpetrator."""
    arms = _stored().get("arms", [])
    return [a for a in arms if compound in a["victims"]], [a for a in arms if compound in a["perpetrators"]]


def _stored() -> dict[str, Any]:
    try:
        return _read(ACCURACY, ACCURACY.stat().st_mtime_ns)
    except (OSError, ValueError):
        return {}


@lru_cache(maxsize=1)
def _read(path: Path, changed: int) -> dict[str, Any]:
    """The file as it stood when it was `changed` last; it is asked for many times in one run."""
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def known_arms(library: Library) -> list[dict[str, Any]]:
    """Every usable arm with a pair that the library knows."""
    stored = _stored().get("arms")
    return list(stored) if stored else _from_files(library)


def _from_files(library: Library) -> list[dict[str, Any]]:
    """Observed only: the pair is read from the first lines, so that only files of known pairs are parsed."""
    found = []
    for path in sorted(STUDIES.rglob("*.yaml")):
        with path.open(encoding="utf-8") as stream:
            head = [stream.readline() for _ in range(HEAD_LINES)]
        pair = next((line[5:].strip() for line in head if line.startswith("pair:")), "")
        perpetrators, victims = pair_compounds(library, pair)
        if perpetrators and victims:
            arm = _raw(path, perpetrators, victims)
            if arm:
                found.append(arm)
    return found


def pair_compounds(library: Library, pair: str) -> tuple[list[str], list[str]]:
    """`nelfinavir > methadone` as compound ids; empty where the library does not know a name."""
    left, _, right = pair.strip("'\"").partition(">")

    def parts(name: str) -> list[str]:
        known = library.names().get(name.strip().lower())
        return library.parts(known) if known else []

    doers: list[str] = []
    for one in left.split("/"):
        mine = parts(one)
        if not mine:
            return [], []
        doers += mine
    return doers, parts(right)


def _raw(path: Path, perpetrators: Sequence[str], victims: Sequence[str]) -> dict[str, Any] | None:
    from clearway.library.document import read_document

    data = read_document(path).data
    observed, source = data.get("observed") or {}, data.get("source") or {}
    if data.get("usable") is not True or not (observed.get("auc_ratio") or observed.get("cmax_ratio")):
        return None
    doses = data.get("doses") or [{}]
    return {
        "id": data["id"],
        "title": data.get("title", ""),
        "perpetrators": list(perpetrators),
        "victims": list(victims),
        "compound": (data.get("measured") or {}).get("compound", ""),
        "route": doses[0].get("route", ""),
        "quantity": "auc" if observed.get("auc_ratio") else "cmax",
        "observed": observed.get("auc_ratio") or observed.get("cmax_ratio"),
        "observed_low": observed.get("low"),
        "observed_high": observed.get("high"),
        "predicted": None,
        "fitted": None,
        "people": (data.get("people") or {}).get("n"),
        "reference": source.get("reference", ""),
        "address": source.get("address", ""),
        "confidence": source.get("confidence", ""),
    }
