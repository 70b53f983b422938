"""Binding in plasma and blood of a person whose proteins or haematocrit differ from the reference."""

from __future__ import annotations

from typing import TypeVar

from clearway.physiology.people import Floats

Number = TypeVar("Number", float, Floats)
"""One person's number, or a column of them."""


def fraction_unbound(fu_reference: float, protein_ratio: Number) -> Number:
    """Fraction unbound in plasma when the binding protein is P instead of P_ref.

    fu = 1/(1 + (1/fu_ref − 1)·P/P_ref); one protein, linear binding (P far above the drug).
    fu_ref → fu_reference, P/P_ref → protein_ratio, both without unit. The project's convention (design, section 4).

    >>> round(fraction_unbound(0.1, 2.0), 4)
    0.0526
    """
    return 1.0 / (1.0 + (1.0 / fu_reference - 1.0) * protein_ratio)


def blood_cell_kpu(blood_plasma_ratio: float, fu: float, haematocrit: float) -> float:
    """Blood cell : unbound plasma water partition from the blood : plasma ratio.

    Kpu_bc = (Hct − 1 + R_b)/(Hct·fu), as in CalcKp_R&R.R of metrum-pbpk-pc (Rodgers & Rowland).
    A ratio below 1 − Hct is not possible for an intact cell and counts as 0.
    """
    return max(haematocrit - 1.0 + blood_plasma_ratio, 0.0) / (haematocrit * fu)


def blood_plasma_ratio(reference: float, fu_reference: float, haematocrit_reference: float, fu: Number, haematocrit: Number) -> Number:
    """Blood : plasma ratio of a person: R_b = 1 + Hct·(fu·Kpu_bc − 1).

    Kpu_bc is a property of the drug, back-calculated from the reference R_b, fu and haematocrit.

    >>> round(blood_plasma_ratio(0.7, 0.1, 0.45, 0.1, 0.45), 9)
    0.7
    """
    kpu = blood_cell_kpu(reference, fu_reference, haematocrit_reference)
    return 1.0 + haematocrit * (fu * kpu - 1.0)
