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
    """Turnover (1/h) in liver and gut, gut content relative to liver (whole organ : whole organ), and the usual place of
    what is neither in the liver nor in the gut wall: blood, kidney, stomach (the proton pump), lumen (chelation). `delayed` is False
    where kdeg is that of recovery after an inducer was stopped, which holds the delay of induction already."""

    name: str
    kdeg_liver: float
    kdeg_gut: float
    gut_to_liver: float
    where: str = "liver"
    delayed: bool = True

    def kdeg(self, organ: str) -> float:
        """Turnover in an organ: that of the gut in the gut wall and stomach, else that of the liver."""
        return self.kdeg_gut if organ in ("gut", "stomach") else self.kdeg_liver


@dataclass(frozen=True)
class Setting:
    reference: Body
    villous_flow: float
    enterocyte_volume: float
    lumen_volume: float
    gastric_emptying: float
    gastric_emptying_fed: float
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
