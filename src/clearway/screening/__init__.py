"""The static screen of drug pairs, and its comparison with the dynamic model."""

from clearway.screening.check import Checked, Compared, check
from clearway.screening.doses import overrides
from clearway.screening.screen import ALL, Predictions, Row, predictions, strength

__all__ = ["ALL", "Checked", "Compared", "Predictions", "Row", "check", "overrides", "predictions", "strength"]
