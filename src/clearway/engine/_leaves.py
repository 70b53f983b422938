"""Leaves: amounts with one linear source and one linear target that nothing else reads, as most tissues are.

With a the state that fills the leaf j and h the one it empties into, its row and column of the Jacobian hold three constants:
J_jj, J_ja, J_hj. Leaves of one (a, h) stand side by side, so that the kernel runs along them without looking up where anything
is, and hands the sum of their shares to row h as one number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clearway.engine._order import Factors
from clearway.engine.system import AMOUNT, System


def find_leaves(system: System) -> dict[int, tuple[int, int]]:
    """{leaf: (state that fills it, state it empties into)}. Neither of these is a leaf itself."""
    kind = np.asarray(system.kind)
    sources: list[set[int]] = [set() for _ in range(kind.size)]
    targets: list[set[int]] = [set() for _ in range(kind.size)]
    links = zip(np.asarray(system.lin_src).tolist(), np.asarray(system.lin_dst).tolist(), strict=True)
    for src, dst in links:
        if dst >= 0:
            sources[dst].add(src)
            targets[src].add(dst)
    inner = {int(s) for name in ("conc_state", "path_src", "prod_dst") for s in np.asarray(getattr(system, name))}
    found: dict[int, tuple[int, int]] = {}
    for j in range(kind.size):
        if kind[j] != AMOUNT or j in inner or len(sources[j]) != 1 or len(targets[j]) != 1:
            continue
        (a,), (h,) = sources[j], targets[j]
        if a not in found and h not in found and kind[h] == AMOUNT and j not in (a, h):
            found[j] = (a, h)
            inner |= {a, h}
    return found


@dataclass(frozen=True)
class Run:
    """Leaves side by side, their source and their target, as positions of elimination."""

    leaves: list[int]
    source: int
    target: int


def runs_of(
    leaves: dict[int, tuple[int, int]], order: list[int], factors: Factors, moving: set[tuple[int, int]], where: list[int]
) -> list[Run]:
    """Leaves that the elimination has left as they were, with constant entries (`moving`: those that are not), by place `where`."""
    position = {unknown: i for i, unknown in enumerate(order)}
    readers: dict[int, list[int]] = {}
    for i, (lower, upper) in enumerate(zip(factors.lower, factors.upper, strict=True)):
        for k in lower + upper:
            readers.setdefault(k, []).append(i)
    runs: list[Run] = []
    for j in sorted(leaves, key=lambda unknown: where[unknown]):
        a, h = leaves[j]
        i, source, target = position[j], position[a], position[h]
        alone = not factors.lower[i] and factors.upper[i] == [source] and readers.get(i) == [target] and target > i
        if not alone or moving & {(j, j), (j, a), (h, j)}:
            continue
        last = runs[-1] if runs else None
        if last and (last.source, last.target) == (source, target) and where[order[last.leaves[-1]]] + 1 == where[j]:
            last.leaves.append(i)
        else:
            runs.append(Run([i], source, target))
    return runs
