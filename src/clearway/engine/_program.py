"""From a System's pattern to the integer streams that the kernel runs over eight lanes at a time.

The stage equations (I/(h*gamma) - J) k = r are solved by Crout elimination without pivoting (columns of compartment models
are diagonally dominant). Stored are nl = -L and nu = -U (U with unit diagonal), so that every step is one fused
multiply-add:

    g_ij = J_ij + sum_k nl_ik*nu_kj;   below the diagonal nl_ij = g_ij;   d_i = 1/(m_i - g_ii);   above it nu_ij = g_ij*d_i
    b_i = (r_i + sum_k nl_ik*b_k)*d_i          k_i = b_i + sum_j nu_ij*k_j

The right-hand side's linear part and fluxes are scaled by d_i at once (rows that wait for nothing), so that a row of the
forward substitution, b_i = r_i*d_i + sum_k (nl_ik*d_i)*b_k, waits for one multiply-add after its last b_k.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from clearway.engine._extended import Extended
from clearway.engine._memory import SLOT_BYTES, Memory, Recipe, raw_offsets
from clearway.engine._order import elimination_order, symbolic
from clearway.engine._streams import STAGES, Streams
from clearway.engine.events import Outputs
from clearway.engine.system import QUADRATURE, Index, System


@dataclass(frozen=True)
class Program:
    """One System pattern, compiled: memory layout, parameter recipe and streams."""

    states: int
    unknowns: int
    in_norm: int
    outputs: int
    slots: int
    y: int
    stage_y: int
    size: int
    increments: int
    stride: int
    atol: int
    rates: int
    internal: Index
    recipe: Recipe
    conc: Index
    site: Index
    jac: Index
    factor: Index
    linear: Index
    linear_coef: int
    forward: Index
    forward_coef: int
    backward: Index
    backward_coef: int
    scale: Index
    out_states: Index
    out: Index
    operations: dict[str, int]


def pattern_key(system: System, outputs: Outputs) -> bytes:
    """Equal for two Systems that run the same program."""
    h = hashlib.blake2b(digest_size=16)
    for name in (
        "kind", "scale_with", "lin_src", "lin_dst", "lin_gain", "lin_keep", "conc_ptr", "conc_state", "site_activity", "part_site",
        "part_conc", "part_group", "path_site", "path_conc", "path_group", "path_src", "prod_path", "prod_dst",
    ):  # fmt: skip
        a = np.asarray(getattr(system, name))
        h.update(f"{name}{a.size}".encode() + a.tobytes())
    for name in ("part_inv_kic", "part_inv_kiu", "part_kinact", "part_emax", "path_inv_km"):
        h.update(np.any(np.asarray(getattr(system, name)) != 0, axis=1).tobytes())
    h.update(np.any(np.asarray(system.part_hill) != 1, axis=1).tobytes())
    h.update(np.asarray(outputs.ptr).tobytes() + np.asarray(outputs.state).tobytes())
    return h.digest()


_programs: dict[bytes, Program] = {}


def program_for(system: System, outputs: Outputs) -> Program:
    """The compiled program of this pattern, from memory if it was compiled before."""
    key = pattern_key(system, outputs)
    program = _programs.get(key)
    if program is None:
        if len(_programs) >= 64:
            _programs.clear()
        program = _programs[key] = compile_program(system, outputs)
    return program


def compile_program(system: System, outputs: Outputs) -> Program:
    """Lay out memory, choose the elimination order, write the streams."""
    n = len(system.names)
    quadrature = np.asarray(system.kind) == QUADRATURE
    internal = np.argsort(quadrature, kind="stable").astype(np.int32)  # internal position -> state
    place = np.empty(n, np.int32)
    place[internal] = np.arange(n)
    memory = Memory()
    raw = raw_offsets(system, outputs)
    y, stage_y = memory.alloc(n), memory.alloc(n)
    ext = Extended(system, memory, raw, [stage_y + int(place[s]) for s in range(n)])
    order = elimination_order(ext.unknowns, ext.entries)
    factors = symbolic(order, ext.entries, n)
    size = memory.alloc(n)
    # Stage by stage, each with one slot that stays zero. An odd stride spreads the stages over the cache's sets.
    stride = (ext.unknowns + 1) | 1
    increments = memory.alloc(stride * STAGES)
    zeros = increments + ext.unknowns
    rates = memory.alloc(n)
    atol = memory.alloc(n)
    for i in range(n):
        memory.bind(atol + i, [(raw["atol"] + int(internal[i]), 1.0)])
    where = [int(place[u]) if u < n else u for u in range(ext.unknowns)]
    streams = Streams(ext, order, factors, where, increments, zeros)
    streams.write()
    out_states = np.unique(place[np.asarray(outputs.state)]) if np.asarray(outputs.state).size else np.zeros(0, np.int32)
    local = {int(s): i for i, s in enumerate(out_states)}
    out: list[int] = []
    ptr = np.asarray(outputs.ptr)
    for o in range(ptr.size - 1):
        out.append(int(ptr[o + 1] - ptr[o]))
        for e in range(int(ptr[o]), int(ptr[o + 1])):
            out += [local[int(place[np.asarray(outputs.state)[e]])], memory.param([(raw["out_coef"] + e, 1.0)]) * SLOT_BYTES]
    scale = _scale_groups(system, place, int(n - quadrature.sum()))
    return Program(
        states=n, unknowns=ext.unknowns, in_norm=int(n - quadrature.sum()), outputs=ptr.size - 1, slots=memory.size,
        y=y, stage_y=stage_y, size=size,
        increments=increments, stride=stride, atol=atol, rates=rates, internal=internal, recipe=memory.recipe(), conc=_ints(ext.conc_code),
        site=_ints(ext.site_code), jac=_ints(streams.jac), factor=_ints(streams.factor), linear=_ints(streams.linear),
        linear_coef=streams.linear_coef, forward=_ints(streams.forward),
        forward_coef=streams.forward_coef, backward=_ints(streams.backward), backward_coef=streams.backward_coef,
        scale=_ints(scale), out_states=_ints(out_states), out=_ints(out), operations=streams.counts,
    )  # fmt: skip


def _ints(values: list[int] | np.ndarray) -> Index:
    return np.ascontiguousarray(values, dtype=np.int32)


def _scale_groups(system: System, place: np.ndarray, in_norm: int) -> list[int]:
    """[groups, (members, internal states*, depots, internal states*)*]: the error of a depot is measured against its group."""
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
