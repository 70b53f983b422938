"""kernel/tableau.hpp is Rodas5P as published, in other unknowns; and eliminating leaves apart changes nothing."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from clearway.engine import Events, Outputs, _program, solve
from clearway.engine._leaves import find_leaves
from clearway.engine._program import compile_program
from engine_systems import random_system

HEADER = Path(_program.__file__).parent / "kernel" / "tableau.hpp"
Matrix = list[list[Fraction]]

# Steinebach 2023 (BIT Numer Math 63:27): W u_i = f(y + sum a_ij u_j) + sum (C_ij/h) u_j. Rows 7
# and 8 of a are row 6 with 1 in the places before the diagonal; y1 takes a_8j and 1 for u_8, whose increment is the error.
GAMMA = "0.21193756319429014"
A = """
3.0
2.849394379747939 0.45842242204463923
-6.954028509809101 2.489845061869568 -10.358996098473584
2.8029986275628964 0.5072464736228206 -0.3988312541770524 -0.04721187230404641
-7.502846399306121 2.561846144803919 -11.627539656261098 -0.18268767659942256 0.030198172008377946
"""
C = """
-14.155112264123755
-17.97296035885952 -2.859693295451294
147.12150275711716 -1.41221402718213 71.68940251302358
165.43517024871676 -0.4592823456491126 42.90938336958603 -5.961986721573306
24.854864614690072 -3.0009227002832186 47.4931110020768 5.5814197821558125 -0.6610691825249471
30.91273214028599 -3.1208243349937974 77.79954646070892 34.28646028294783 -19.097331116725623 -28.087943162872662
37.80277123390563 -3.2571969029072276 112.26918849496327 66.9347231244047 -40.06618937091002 -54.66780262877968 -9.48861652309627
"""
H = """
25.948786856663858 -2.5579724845846235 10.433815404888879 -2.3679251022685204 0.524948541321073 1.1241088310450404 0.4272876194431874 -0.17202221070155493
-9.91568850695171 -0.9689944594115154 3.0438037242978453 -24.495224566215796 20.176138334709044 15.98066361424651 -6.789040303419874 -6.710236069923372
11.419903575922262 2.8879645146136994 72.92137995996029 80.12511834622643 -52.072871366152654 -59.78993625266729 -0.15582684282751913 4.883087185713722
"""  # noqa: E501
N = 8


def rows(text: str, above: int = 0) -> Matrix:
    found = [[Fraction(0)] * N for _ in range(above)]
    return found + [([Fraction(x) for x in line.split()] + [Fraction(0)] * N)[:N] for line in text.strip().splitlines()]


def times(x: Matrix, y: Matrix) -> Matrix:
    return [[sum((a * b for a, b in zip(row, column, strict=True)), Fraction(0)) for column in zip(*y, strict=True)] for row in x]


def plus(x: Matrix, y: Matrix, factor: Fraction = Fraction(1)) -> Matrix:
    return [[a + factor * b for a, b in zip(p, q, strict=True)] for p, q in zip(x, y, strict=True)]


def identity(n: int) -> Matrix:
    return [[Fraction(i == j) for j in range(n)] for i in range(n)]


def solved(x: Matrix, y: Matrix) -> Matrix:
    """x^-1 y by Gauss and Jordan's elimination."""
    work = [p + q for p, q in zip(x, y, strict=True)]
    for i in range(len(work)):
        pivot = next(k for k in range(i, len(work)) if work[k][i] != 0)
        work[i], work[pivot] = work[pivot], work[i]
        work[i] = [v / work[i][i] for v in work[i]]
        for k in range(len(work)):
            if k != i:
                work[k] = [v - work[k][i] * w for v, w in zip(work[k], work[i], strict=True)]
    return [row[len(x) :] for row in work]


def derived() -> dict[str, np.ndarray]:
    """The chain form.

    With K_i = sum_j (I + a)_ij u_j the method is W K = f*1 + g + E K/h, E = (C + a/gamma)(I + a)^-1 strictly lower triangular
    with E_21 = 0. Its kernel holds e_8 and a vector v with v_1 = 1, v_8 = 0. In the unknowns k of K = T k, T = (v, 1 - v, E 1, gamma
    E^2 1, ..., each power of E with one of gamma), E is the shift of the chain, and 1 = T (1, 1, 0, ..., 0).
    """
    gamma = Fraction(GAMMA)
    a, c, h = rows(A, 1), rows(C, 1), rows(H)
    for last in (5, 6):
        a.append([*a[-1][:last], Fraction(1), *a[-1][last + 1 :]])
    back = solved(plus(identity(N), a), identity(N))
    e = times(plus(c, a, 1 / gamma), back)
    assert abs(e[1][0]) < 1e-12
    e[1][0] = Fraction(0)
    inner = solved([row[1:7] for row in e[2:]], [[-row[0]] for row in e[2:]])
    v = [[Fraction(1)], *inner, [Fraction(0)]]
    power: Matrix = [[Fraction(1)] for _ in range(N)]
    columns = [v, plus(power, v, Fraction(-1))]
    for k in range(1, 7):
        power = times(e, power)
        columns.append([[x[0] * gamma**k] for x in power])
    t = [[column[i][0] for column in columns] for i in range(N)]
    exact = {
        "reach": times(times(a, back), t), "mix": solved(t, identity(N)), "advance": [t[7]],
        "defect": plus([t[7]], [t[6]], Fraction(-1)), "dense": times(times(h, back), t),
    }  # fmt: skip
    return {name: np.array(value, dtype=float) for name, value in exact.items()}


def written(name: str) -> np.ndarray:
    """An array of the header; rows are filled up with zeros as in C++."""
    text = re.search(rf"double {name}\[.*?= (\{{.*?\}});", HEADER.read_text(encoding="utf-8"), re.DOTALL)
    assert text is not None
    numbers = [[float(x) for x in re.findall(r"[-+.\de]+", row)] for row in re.findall(r"\{([^{}]+)\}", text[1])]
    return np.array([row + [0.0] * (N - len(row)) for row in numbers])


@pytest.mark.parametrize("name", ["reach", "mix", "advance", "defect", "dense"])
def test_the_chain_is_the_published_method(name: str) -> None:
    """To the published numbers' own rounding, which is what leaves 1e-10 where the method has zeros."""
    np.testing.assert_allclose(written(name), derived()[name], rtol=1e-14, atol=1e-9)


def test_header_has_the_published_gamma() -> None:
    assert f"gamma_rodas = {GAMMA};" in HEADER.read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", range(6))
def test_leaves_apart_or_not(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    system = random_system(seed, subjects=9, compounds=3)
    outputs = Outputs.of_states(range(len(system.names)))
    events = Events([0.0, 1.0, 2.0], [3, 2, 2], [1.0, 0.5, -0.5], kind=[0, 1, 1])  # a dose into a leaf, an infusion into its source
    leaves = find_leaves(system)
    assert {system.names[j] for j in leaves} == {"c0.tissue", "c1.tissue", "c2.tissue"}
    apart = compile_program(system, outputs)
    assert apart.operations["leaves"] == 3
    monkeypatch.setattr(_program, "find_leaves", lambda system: {})
    together = compile_program(system, outputs)
    assert together.operations["leaves"] == 0
    t = np.linspace(0, 3, 13)
    found, expected = (solve(system, events, outputs, t, 3.0, program=p, _fixed_step=0.05).values for p in (apart, together))
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)
