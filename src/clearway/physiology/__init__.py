"""Who: a person → organ volumes, blood flows, enzyme amounts, binding proteins, genotype activities."""

from __future__ import annotations

from clearway.physiology.binding import blood_cell_kpu, blood_plasma_ratio, fraction_unbound
from clearway.physiology.body import Body, body
from clearway.physiology.data import Physiology, load_physiology, physiology
from clearway.physiology.genotype import Mixture, activity, coarsen, mean_activity
from clearway.physiology.person import Person

__all__ = [
    "Body",
    "Mixture",
    "Person",
    "Physiology",
    "activity",
    "blood_cell_kpu",
    "blood_plasma_ratio",
    "body",
    "coarsen",
    "fraction_unbound",
    "load_physiology",
    "mean_activity",
    "physiology",
]
