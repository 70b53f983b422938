"""From a System's pattern to the integer streams that the kernel runs over eight lanes at a time.

A stage (equations: kernel/tableau.hpp) solves (I/(h*gamma) - J) k = r by Crout elimination without pivoting (columns of
compartment models are diagonally dominant). Stored are nl = -L and nu = -U (U with unit diagonal), so that every step is one
fused multiply-add:

    g_ij = J_ij + sum_k nl_ik*nu_kj;   below the diagonal nl_ij = g_ij;   d_i = 1/(m_i - g_ii);   above it nu_ij = g_ij*d_i
    b_i = (r_i + sum_k nl_ik*b_k)*d_i          k_i = b_i + sum_j nu_ij*k_j

with m = 1/(h*gamma) in the rows of states, 1 in the others. r is m times the stage before in the rows of states and a residual
in those of fluxes, so that m*d_i and nl_ik*d_i are the coefficients of a row of the forward substitution, which then waits for
one multiply-add after its last b_k. Leaves are run apart (_leaves).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from clearway.engine._extended import Extended
from clearway.engine._leaves import find_leaves, runs_of
from clearway.engine._memory import SLOT_BYTES, Memory, Recipe, raw_offsets
from clearway.engine._order import elimination_order, symbolic
from clearway.engine._places import places, scale_groups
from clearway.engine._streams import STAGES, Streams
from clearway.engine.events import Outputs
from clearway.engine.system import Index, System


@dataclass(frozen=True)
class Program:
    """One System pattern, compiled: memory layout, parameter recipe and streams."""

    states: int
    unknowns: int
    reads: int
    plain: int
    plain_end: int
    in_norm: int
    outputs: int
    residuals: int
    slots: int
    y: int
    stage_y: int
    increments: int
    stride: int
    residual: int
    rates: int
    atol: int
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
    leaves: Index
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
    leaves = find_leaves(system)
    states = places(system, leaves)
    place = states.of_state
    memory = Memory()
    raw = raw_offsets(system, outputs)
    y, stage_y = memory.alloc(n), memory.alloc(n)
    ext = Extended(system, memory, raw, [stage_y + int(place[s]) for s in range(n)])
    order = elimination_order(ext.unknowns, ext.entries, leaves)
    factors = symbolic(order, ext.entries, n, ext.residuals)
    # The unknowns of a stage: states by place, fluxes that bend, the others.
    rest = sorted(set(range(n, ext.unknowns)) - set(ext.residuals))
    where = [*place.tolist(), *[0] * (ext.unknowns - n)]
    for at, unknown in enumerate([*ext.residuals, *rest], n):
        where[unknown] = at
    runs = runs_of(leaves, order, factors, {key for key, entry in ext.entries.items() if entry.dynamic}, where)
    # The change h*gamma*f, then stage by stage; each with its unknowns, a slot that stays zero, and the leaves' gathered sums. An
    # odd stride spreads them over the cache's sets.
    stride = (ext.unknowns + 1 + len(runs)) | 1
    increments = memory.alloc(stride * (STAGES + 1))
    residual = memory.alloc(len(ext.residuals) * STAGES)
    rates = memory.alloc(n)
    atol = memory.alloc(n)
    for i in range(n):
        memory.bind(atol + i, [(raw["atol"] + int(states.internal[i]), 1.0)])
    streams = Streams(ext, order, factors, where, [y + int(place[u]) for u in range(n)], ext.unknowns, increments, runs)
    streams.write()
    out_states = np.unique(place[np.asarray(outputs.state)]) if np.asarray(outputs.state).size else np.zeros(0, np.int32)
    local = {int(s): i for i, s in enumerate(out_states)}
    out: list[int] = []
    ptr = np.asarray(outputs.ptr)
    for o in range(ptr.size - 1):
        out.append(int(ptr[o + 1] - ptr[o]))
        for e in range(int(ptr[o]), int(ptr[o + 1])):
            out += [local[int(place[np.asarray(outputs.state)[e]])], memory.param([(raw["out_coef"] + e, 1.0)]) * SLOT_BYTES]
    return Program(
        states=n, unknowns=ext.unknowns, reads=states.reads, plain=states.plain, plain_end=states.plain_end, in_norm=states.in_norm,
        outputs=ptr.size - 1, residuals=len(ext.residuals), slots=memory.size, y=y, stage_y=stage_y, increments=increments, stride=stride,
        residual=residual, rates=rates, atol=atol, internal=states.internal, recipe=memory.recipe(), conc=_ints(ext.conc_code),
        site=_ints(ext.site_code), jac=_ints(streams.jac), factor=_ints(streams.factor), linear=_ints(streams.linear),
        linear_coef=streams.linear_coef, forward=_ints(streams.forward), forward_coef=streams.forward_coef,
        backward=_ints(streams.backward), backward_coef=streams.backward_coef, leaves=_ints(streams.leaves),
        scale=_ints(scale_groups(system, place, states.in_norm)), out_states=_ints(out_states), out=_ints(out),
        operations=streams.counts,
    )  # fmt: skip


def _ints(values: list[int] | np.ndarray) -> Index:
    return np.ascontiguousarray(values, dtype=np.int32)
