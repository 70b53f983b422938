"""Elimination order by least fill (Markowitz 1957), and the pattern of the factors that follows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


def elimination_order(unknowns: int, entries: Iterable[tuple[int, int]], leaves: Collection[int] = ()) -> list[int]:
    """Diagonal pivots in order of least (row count - 1)*(column count - 1), ties by index.

    Quadratures have empty columns and cost nothing; depots and `leaves` come next, the hubs last.
    """
    rows: list[set[int]] = [set() for _ in range(unknowns)]
    cols: list[set[int]] = [set() for _ in range(unknowns)]
    for r, c in entries:
        if r != c:
            rows[r].add(c)
            cols[c].add(r)
    cost = [len(rows[i]) * len(cols[i]) for i in range(unknowns)]
    leaf = [u in set(leaves) for u in range(unknowns)]
    left = set(range(unknowns))
    order = []
    while left:
        pivot = min(left, key=lambda i: (min(cost[i], 0.5) if leaf[i] else cost[i], i))
        left.remove(pivot)
        order.append(pivot)
        for r in cols[pivot]:
            rows[r].discard(pivot)
            rows[r] |= rows[pivot] - {r}
        for c in rows[pivot]:
            cols[c].discard(pivot)
            cols[c] |= cols[pivot] - {c}
        for i in rows[pivot] | cols[pivot]:
            cost[i] = len(rows[i]) * len(cols[i])
    return order


@dataclass(frozen=True)
class Factors:
    """Filled pattern in elimination positions: lower[i] and upper[i] hold the columns of row i, rising."""

    lower: list[list[int]]
    upper: list[list[int]]
    rhs: list[bool]
    needed: list[bool]


def symbolic(order: list[int], entries: Iterable[tuple[int, int]], states: int, residuals: Iterable[int]) -> Factors:
    """Fill of the factorisation; which right-hand sides can be non-zero, and which unknowns anybody needs."""
    n = len(order)
    curved = set(residuals)
    position = {unknown: i for i, unknown in enumerate(order)}
    pattern: list[set[int]] = [set() for _ in range(n)]
    for r, c in entries:
        if r != c:
            pattern[position[r]].add(position[c])
    for i in range(n):
        todo = sorted(k for k in pattern[i] if k < i)
        at = 0
        while at < len(todo):
            k = todo[at]
            new = {j for j in pattern[k] if j > k and j != i} - pattern[i]
            pattern[i] |= new
            todo = todo[: at + 1] + sorted(set(todo[at + 1 :]) | {j for j in new if j < i})
            at += 1
    lower = [sorted(k for k in pattern[i] if k < i) for i in range(n)]
    upper = [sorted(k for k in pattern[i] if k > i) for i in range(n)]
    rhs = [False] * n
    needed = [False] * n
    for i in range(n):
        is_state = order[i] < states
        rhs[i] = is_state or order[i] in curved or any(rhs[k] for k in lower[i])
        needed[i] |= is_state
        if needed[i]:
            for j in upper[i]:
                needed[j] = True
    return Factors(lower, upper, rhs, needed)
