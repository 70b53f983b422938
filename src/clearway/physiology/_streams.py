"""Random numbers by name: subject i has the same ones in every run, chunk and machine.

Philox is a counter passed through a cipher: any place of a stream is reached at once. A stream is keyed
by the seed and a name; in it subject i owns the words from i·width on, and each variable has a place among them, so
that a variable that comes later moves none of the others.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from clearway.physiology._elementary import Floats

PLACES = (
    "sex", "age", "height", "size", "albumin", "aag", "haematocrit", "creatinine", "urine_ph", "", "child_pugh", "ancestry",
    "microsomal_protein", "gastric_emptying", "transit", *("",) * 17,
    "CYP2B6 a", "CYP2B6 b", "CYP2D6 a", "CYP2D6 b", "CYP2C19 a", "CYP2C19 b", "CYP3A5 a", "CYP3A5 b", "CYP2C9 a", "CYP2C9 b",
    "CYP2A6 a", "CYP2A6 b", "UGT1A1 a", "UGT1A1 b", "CES1 a", "CES1 b", "BCHE a", "BCHE b", "CYP1A2 a", "CYP1A2 b",
    "OATP1B1 a", "OATP1B1 b", "BCRP a", "BCRP b", "UGT2B15 a", "UGT2B15 b", *("",) * 6,
    "liver CYP1A2", "liver CYP2A6", "liver CYP2B6", "liver CYP2C8", "liver CYP2C9", "liver CYP2C19", "liver CYP2D6", "liver CYP2E1",
    "liver CYP3A4", "liver CYP3A5", "liver UGT1A1", "liver UGT1A4", "liver UGT1A9", "liver UGT2B7", "liver CES1", "liver CES2",
    "liver AADAC", "liver CBR1", "liver HSD11B1", "liver FMO3", "liver P-gp", "liver OATP1B1", "liver OATP1B3",
    "liver UGT1A3", "liver UGT1A6", "liver UGT2B10", "liver UGT2B15", "liver ADH", "liver ALDH2", "liver AOX1", "liver BCRP", "liver OCT1",
    "gut CYP1A2", "gut CYP2A6", "gut CYP2B6", "gut CYP2C8", "gut CYP2C9", "gut CYP2C19", "gut CYP2D6", "gut CYP2E1",
    "gut CYP3A4", "gut CYP3A5", "gut UGT1A1", "gut UGT1A4", "gut UGT1A9", "gut UGT2B7", "gut CES1", "gut CES2",
    "gut AADAC", "gut CBR1", "gut HSD11B1", "gut FMO3", "gut P-gp", "gut OATP1B1", "gut OATP1B3",
    "gut UGT1A3", "gut UGT1A6", "gut UGT2B10", "gut UGT2B15", "gut ADH", "gut ALDH2", "gut AOX1", "gut BCRP", "gut OCT1",
)  # fmt: skip
"""Place of each variable of a person among that person's words; an empty name is a spare. Names are added in spare
places and never moved: every population ever drawn hangs on them."""

_BLOCK = 4
"""Words that Philox makes from one counter."""
_PRECISION = 52
"""Bits of a word that are used: u = (word's high bits + ½)/2^52 is exact, and neither 0 nor 1."""


def words(seed: int, name: str, first: int, count: int, width: int = 1) -> NDArray[np.uint64]:
    """Words (count, width) of the subjects first to first + count − 1 in the stream `name`."""
    key = np.frombuffer(hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=16).digest(), dtype="<u8").astype(np.uint64)
    block, skip = divmod(first * width, _BLOCK)
    raw = np.random.Philox(key=key, counter=block).random_raw(skip + count * width)
    return np.asarray(raw[skip:]).reshape(count, width)


def uniform(words: NDArray[np.uint64]) -> Floats:
    """Words as numbers evenly spread over (0, 1)."""
    return ((words >> np.uint64(64 - _PRECISION)).astype(np.float64) + 0.5) * 2.0**-_PRECISION


class Draws:
    """The uniform numbers of a chunk of people, by the name of the variable."""

    def __init__(self, seed: int, first: int, count: int) -> None:
        self._words = words(seed, "people", first, count, len(PLACES))

    def __call__(self, variable: str) -> Floats:
        return uniform(self._words[:, PLACES.index(variable)])
