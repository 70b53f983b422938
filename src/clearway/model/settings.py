"""The physiology of the library → one `Setting`."""

from __future__ import annotations

import math

from clearway.library import Library
from clearway.model.partition import Composition, Media, WaterAndLipid
from clearway.model.setting import SEGMENTS, Enzyme, Setting
from clearway.physiology import Person, Physiology, body, physiology


def physiology_of(library: Library) -> Physiology:
    """The library's physiology, enzymes and genotypes as plain numbers."""
    return physiology({**library.physiology, "enzymes": library.enzymes, "genotypes": library.genotypes})


def load_setting(library: Library, data: Physiology) -> Setting:
    """Everything that compounds share, in the reference person."""
    gut, rr, pt = data.gut, data.composition["rodgers_rowland"], data.composition["poulin_theil"]
    ph = data.composition["ph"]
    return Setting(
        reference=body(Person(), data),
        villous_flow=gut["enterocytes"]["villous_flow"],
        enterocyte_volume=gut["enterocytes"]["volume"],
        lumen_volume=gut["lumen_volume"],
        gastric_emptying=gut["gastric_emptying"]["fasted"],
        gastric_emptying_fed=gut["gastric_emptying"]["fed"],
        transit=tuple(1.0 / gut["small_intestine"][name] for name in SEGMENTS),
        tissues={name: Composition(**row) for name, row in rr["tissues"].items()},
        plasma=Composition(**rr["plasma"]),
        blood_cell=Composition(**rr["blood_cell"]),
        media=Media(ph["plasma"], ph["intracellular"], ph["blood_cell"]),
        lipids={name: WaterAndLipid(**row) for name, row in pt["tissues"].items()},
        plasma_lipids=WaterAndLipid(**pt["plasma"]),
        enzymes={
            name: Enzyme(
                name, row["kdeg"]["liver"], row["kdeg"]["gut"], row.get("gut_to_liver", 0.0),
                where=row.get("where", "liver"), delayed=row.get("delayed", True),
            )
            for name, row in data.enzymes.items()
        },
        signal_rate=math.log(2.0) / library.enzymes["induction_signal"]["half_life"]["value"],
    )
