"""Curves as tables and arrays that other programs read: one long table, or an xarray Dataset with units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from clearway.answers.curves import Curves
from clearway.answers.plain import xarray
from clearway.answers.words import DISCLAIMER
from clearway.exposure.nca import Floats
from clearway.release import release

CONCENTRATION_UNIT = "ng/mL"
COLUMNS = ("arm", "quantity", "name", "site", "time", "value", "unit")


@dataclass(frozen=True)
class Course:
    """One curve: the concentration of a compound in plasma, or the activity of an enzyme in an organ (1: its baseline)."""

    arm: str
    quantity: str
    name: str
    site: str
    unit: str
    values: Floats


def courses(curves: Curves) -> list[Course]:
    """Every curve, arm by arm within each compound and enzyme."""
    found = [
        Course(arm, "concentration", name, "plasma", CONCENTRATION_UNIT, v)
        for name, arms in curves.plasma.items()
        for arm, v in arms.items()
    ]
    found += [
        Course(arm, "activity", enzyme, organ, "1", v) for (enzyme, organ), arms in curves.activity.items() for arm, v in arms.items()
    ]
    return found


def tidy(curves: Curves) -> dict[str, Any]:
    """Columns of the long table, one row a curve and time (h)."""
    rows, n = courses(curves), len(curves.times)
    text: dict[str, Any] = {key: [getattr(c, key) for c in rows for _ in range(n)] for key in ("arm", "quantity", "name", "site", "unit")}
    text["time"] = np.tile(curves.times, len(rows))
    text["value"] = np.concatenate([c.values for c in rows]) if rows else np.zeros(0)
    return {key: text[key] for key in COLUMNS}


def provenance(title: str) -> dict[str, str]:
    """What a file says of itself: the case's title, and which Clearway made it. No time, so that equal input gives equal bytes."""
    return {"title": title, "source": f"clearway {release('(not installed)')}", "comment": DISCLAIMER}


def dataset(curves: Curves, title: str) -> Any:
    """An xarray Dataset: `concentration` (arm, compound, time) and `activity` (arm, enzyme, organ, time), NaN where an enzyme is in
    one organ only. Attributes follow the CF conventions where they apply. Needs xarray."""
    xr = xarray()
    arms = list(dict.fromkeys(c.arm for c in courses(curves)))
    compounds = list(curves.plasma)
    plasma = np.array([[curves.plasma[c][arm] for c in compounds] for arm in arms]).reshape(len(arms), len(compounds), len(curves.times))
    said = {"long_name": "concentration in venous plasma", "units": "ng mL-1"}
    variables: dict[str, Any] = {"concentration": (("arm", "compound", "time"), plasma, said)}
    coordinates: dict[str, Any] = {
        "arm": ("arm", arms, {"long_name": "arm of the comparison"}),
        "compound": ("compound", compounds, {"long_name": "compound, or the sum of a racemate's halves"}),
        "time": ("time", curves.times, {"long_name": "time since the start of the case", "units": "h", "axis": "T"}),
    }
    if curves.activity:
        enzymes, organs = (list(dict.fromkeys(key[i] for key in curves.activity)) for i in (0, 1))
        activity = np.full((len(arms), len(enzymes), len(organs), len(curves.times)), np.nan)
        for (enzyme, organ), rows in curves.activity.items():
            for arm, values in rows.items():
                activity[arms.index(arm), enzymes.index(enzyme), organs.index(organ)] = values
        said = {"long_name": "enzyme activity relative to its baseline", "units": "1"}
        variables["activity"] = (("arm", "enzyme", "organ", "time"), activity, said)
        coordinates |= {
            "enzyme": ("enzyme", enzymes, {"long_name": "enzyme or transporter"}),
            "organ": ("organ", organs, {"long_name": "organ"}),
        }
    return xr.Dataset(variables, coordinates, {"Conventions": "CF-1.8", **provenance(title)})
