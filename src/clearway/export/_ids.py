"""SBML identifiers from the names of states: letters, digits and underscores, unique in the whole model."""

from __future__ import annotations

import re

_WORDS = """
    time avogadro delay pi exponentiale true false inf infinity nan notanumber rateof
    abs and arccos arccosh arccot arccoth arccsc arccsch arcsec arcsech arcsin arcsinh arctan arctanh acos acosh acot
    acoth acsc acsch asec asech asin asinh atan atanh ceil ceiling cos cosh cot coth csc csch divide eq exp factorial
    floor geq gt implies leq ln log log10 lt max min minus neq not or piecewise plus pow power quotient rem root sec
    sech sin sinh sqr sqrt tan tanh times xor body umol litre hour gamma compartment species model clearway
"""
RESERVED = frozenset(_WORDS.split())
"""Words that mean something in SBML's infix formulas, or that this export uses for units and the compartment."""


class Ids:
    """Hands out each identifier once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, *words: str) -> str:
        """`methadone-r.liver` → `methadone_r_liver`; a second one gets `_2`. Case alone does not tell ids apart."""
        text = re.sub(r"_+", "_", re.sub(r"\W", "_", "_".join(w for w in words if w), flags=re.ASCII)).strip("_") or "x"
        if text[0].isdigit():
            text = f"x_{text}"
        if text.lower() in RESERVED:
            text += "_"
        found, number = text, 1
        while found.lower() in self._taken:
            number += 1
            found = f"{text.rstrip('_')}_{number}"
        self._taken.add(found.lower())
        return found
