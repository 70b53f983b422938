"""What every compound shares: the reference person, the gut, tissue composition and enzyme data.

A `Setting` is made once from the library and the physiology files and passed along; the model reads
nothing else, so that a test or a user can change any number in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clearway.model.partition import Composition, Media, WaterAndLipid
from clearway.physiology import Body

SEGMENTS = ("duodenum", "jejunum", "ileum")
"""Segments of the small intestine, in the order of passage."""


@dataclass(frozen=True)
class Enzyme:
    """Turnover (1/h) in liver and gut, and gut content relative to liver (whole organ : whole organ)."""

    name: str
    kdeg_liver: float
    kdeg_gut: float
    gut_to_liver: float


@dataclass(frozen=True)
class Setting:
    reference: Body
    villous_flow: float
    enterocyte_volume: float
    gastric_emptying: float
    transit: tuple[float, ...]
    tissues: Mapping[str, Composition]
    plasma: Composition
    blood_cell: Composition
    media: Media
    lipids: Mapping[str, WaterAndLipid]
    plasma_lipids: WaterAndLipid
    enzymes: Mapping[str, Enzyme]
    signal_rate: float
    """First-order delay (1/h) between an inducer's concentration and its effect on synthesis."""

    def gut_content(self, enzyme: str) -> float:
        """Amount of the enzyme in the whole gut wall over that in the liver; 0 where it is not expressed."""
        found = self.enzymes.get(enzyme)
        return found.gut_to_liver if found else 0.0
