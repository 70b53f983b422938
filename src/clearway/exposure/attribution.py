"""How much of a change each mechanism caused: Shapley values on the logarithm of the ratio.

    φ_m = Σ_{S ⊆ M∖m} |S|!·(n − |S| − 1)!/n! · (v(S ∪ m) − v(S)),    v(S) = ln ratio with only S active

so that Π exp(φ_m) = ratio, whatever the order (Shapley 1953; the sum property is tested to 1e-6).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from itertools import combinations
from typing import TypeVar

M = TypeVar("M", bound=Hashable)


def subsets(mechanisms: Sequence[M]) -> list[frozenset[M]]:
    """Every subset, the empty one first."""
    return [frozenset(c) for n in range(len(mechanisms) + 1) for c in combinations(mechanisms, n)]


def shapley(mechanisms: Sequence[M], value: Callable[[frozenset[M]], float]) -> dict[M, float]:
    """φ of each mechanism for the set function `value`."""
    n = len(mechanisms)
    phi: dict[M, float] = {}
    for m in mechanisms:
        rest = [x for x in mechanisms if x != m]
        phi[m] = sum(
            math.factorial(len(s)) * math.factorial(n - len(s) - 1) / math.factorial(n) * (value(s | {m}) - value(s)) for s in subsets(rest)
        )
    return phi
