"""`python -m clearway.model.stored`: finds every compound's clearance anew and stores it beside the library.

A stored clearance is used only while its fingerprint holds, so a forgotten run costs time and never accuracy.
"""

from __future__ import annotations

import json

from clearway.library import Library
from clearway.library.library import DATA
from clearway.library.loader import CALIBRATED
from clearway.model.model import Model


def store() -> dict[str, dict[str, object]]:
    """Calibrate all compounds of the shipped library and write data/calibrated.json."""
    library = Library.load(index=False)
    model = Model(library)
    found: dict[str, dict[str, object]] = {
        name: {"clearance": model.kinetics(name).clearance, "fingerprint": model.fingerprint(name)} for name in sorted(library.compounds)
    }
    text = json.dumps(found, indent=1, sort_keys=True)
    (DATA / CALIBRATED).write_text(text + "\n", encoding="utf-8")
    return found


if __name__ == "__main__":
    print(f"{len(store())} clearances stored in {CALIBRATED}")
