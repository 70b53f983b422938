"""Where the states stand in the kernel's arrays, and the depots whose error is measured against a group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clearway.engine.system import QUADRATURE, Index, System


@dataclass(frozen=True)
class Places:
    """internal: place -> state. In order: what sites read (`reads`), the leaves run by run, the others, depots, quadratures.

    Places from `plain` to `plain_end` are in the error norm with their own size; the other places below `in_norm` are depots.
    """

    internal: Index
    reads: int
    plain: int
    plain_end: int
    in_norm: int

    @property
    def of_state(self) -> Index:
        """State -> place."""
        place = np.empty(self.internal.size, np.int32)
        place[self.internal] = np.arange(self.internal.size)
        return place


def places(system: System, leaves: dict[int, tuple[int, int]]) -> Places:
    """`leaves`: _leaves.find_leaves."""
    n = len(system.names)
    activity = np.asarray(system.site_activity)
    read = np.zeros(n, dtype=bool)
    read[np.asarray(system.conc_state)] = True
    read[activity[activity >= 0]] = True
    depot = np.asarray(system.scale_with) != -1
    quadrature = np.asarray(system.kind) == QUADRATURE
    leaf = np.zeros(n, dtype=bool)
    leaf[list(leaves)] = True
    zone = np.select([quadrature, read & depot, read, depot, leaf], [5, 0, 1, 4, 2], 3)
    ends = [leaves.get(i, (-1, -1)) for i in range(n)]
    internal = np.array(sorted(range(n), key=lambda i: (zone[i], ends[i], i)), dtype=np.int32)
    count = np.bincount(zone, minlength=6)
    return Places(internal, int(count[:2].sum()), int(count[0]), int(count[:4].sum()), int(count[:5].sum()))


def scale_groups(system: System, place: Index, in_norm: int) -> list[int]:
    """[groups, (members, places*, depots, places*)*]: the error of a depot is measured against its group."""
    scale, kind = np.asarray(system.scale_with), np.asarray(system.kind)
    n = scale.size
    root = list(range(n))

    def find(i: int) -> int:
        while root[i] != i:
            i = root[i]
        return i

    for src, dst in zip(np.asarray(system.lin_src).tolist(), np.asarray(system.lin_dst).tolist(), strict=True):
        if dst >= 0 and kind[src] == 0 and kind[dst] == 0:
            root[max(find(src), find(dst))] = min(find(src), find(dst))
    groups: dict[tuple[int, ...], list[int]] = {}
    for i in range(n):
        if scale[i] >= 0 and place[i] < in_norm:
            groups.setdefault((int(place[scale[i]]),), []).append(int(place[i]))
        elif scale[i] == -2 and place[i] < in_norm:
            members = tuple(int(place[j]) for j in range(n) if find(j) == find(i) and kind[j] == 0)
            groups.setdefault(members, []).append(int(place[i]))
    code = [len(groups)]
    for who, depots in groups.items():
        code += [len(who), *who, len(depots), *depots]
    return code
