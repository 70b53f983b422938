"""The equations of a System for one subject as SBML: exchanges, concentrations, and what happens at each site.

The equations are those of `clearway.engine.system`, term by term; what is zero for this subject is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clearway.engine.system import ACTIVITY, QUADRATURE, System
from clearway.export._document import Writer
from clearway.export._ids import Ids

Ints = NDArray[np.int64]


def column(array: ArrayLike, subject: int) -> NDArray[np.float64]:
    """One subject's numbers of a (k, S) or (k, 1) array."""
    a = np.asarray(array, dtype=np.float64)
    return a[:, min(subject, a.shape[1] - 1)]


class Equations:
    """Writes one subject's equations. `species` are states that reactions move, the others follow rate rules."""

    def __init__(self, system: System, subject: int, writer: Writer, ids: Ids, site_names: Mapping[int, str]) -> None:
        self.s, self.subject, self.writer, self.ids = system, subject, writer, ids
        self.state = [ids.new(name) for name in system.names]
        self.integrals = _integrals(system)
        self.site_names = site_names
        self.change: dict[int, list[str]] = {}
        self._conc: dict[int, str] = {}

    def is_species(self, state: int) -> bool:
        """Amounts, and the sinks that collect amounts; activities and integrals (AUC) are parameters."""
        return int(np.asarray(self.s.kind)[state]) != ACTIVITY and state not in self.integrals

    def ints(self, name: str) -> Ints:
        return np.asarray(getattr(self.s, name), dtype=np.int64)

    def floats(self, name: str) -> NDArray[np.float64]:
        return column(getattr(self.s, name), self.subject)

    def constant(self, what: str, where: str, value: float, units: str = "") -> str:
        """A named constant, e.g. ki_ritonavir_on_CYP3A4_liver."""
        ident = self.ids.new(what, where)
        self.writer.parameter(ident, f"{what} {where}", float(value), units)
        return ident

    def states(self, initial: Mapping[int, float]) -> None:
        """All states with their values at time 0 (doses at time 0 included)."""
        for i, name in enumerate(self.s.names):
            if self.is_species(i):
                self.writer.species(self.state[i], name, initial[i])
            else:
                units = "dimensionless" if int(np.asarray(self.s.kind)[i]) == ACTIVITY else ""
                self.writer.parameter(self.state[i], name, initial[i], units, constant=False)

    def linear(self) -> None:
        """flux = k*y[src]; dy[src] -= flux (unless keep); dy[dst] += gain*flux."""
        dst, keep, gain = self.ints("lin_dst"), np.asarray(self.s.lin_keep), np.asarray(self.s.lin_gain)
        rates = self.floats("lin_k")
        for i, src in enumerate(self.ints("lin_src").tolist()):
            to = int(dst[i])
            name = f"{self.s.names[src]} to {self.s.names[to] if to >= 0 else 'outside'}"
            units = "" if to in self.integrals else "per_hour"
            law = f"{self.constant('k', name, rates[i], units)} * {self.state[src]}"
            self.flow(name, law, None if keep[i] else src, [(to, float(gain[i]))] if to >= 0 else [], [src])

    def flow(self, name: str, law: str, src: int | None, products: Iterable[tuple[int, float]], reads: Iterable[int]) -> None:
        """A flux: a reaction among species; a term of the rate rule for states that are parameters."""
        into = [(i, g) for i, g in products if g != 0.0]
        moved = [(self.state[i], g) for i, g in into if self.is_species(i)]
        source = self.state[src] if src is not None and self.is_species(src) else None
        if moved or source is not None:
            modifiers = {i: self.state[i] for i in reads if self.is_species(i) and i != (src if source else None)}
            self.writer.reaction(self.ids.new("r", name), name, law, source, moved, modifiers.values())
        if src is not None and source is None:
            self.change.setdefault(src, []).append(f"-({law})")
        for i, g in into:
            if not self.is_species(i):
                self.change.setdefault(i, []).append(f"{g!r} * ({law})" if g != 1.0 else law)

    def close(self) -> None:
        """The rate rules, once every term is known."""
        for i in range(len(self.s.names)):
            if not self.is_species(i):
                self.writer.rate(self.state[i], " + ".join(self.change.get(i, ["0"])))

    # -- concentrations ------------------------------------------------------------------------------

    def conc_states(self, c: int) -> list[int]:
        a, b = self.ints("conc_ptr")[c : c + 2]
        return [int(i) for i in self.ints("conc_state")[a:b]]

    def conc(self, c: int) -> str:
        """max(sum coef*y, 0), written at first use."""
        if c not in self._conc:
            a = int(self.ints("conc_ptr")[c])
            states = self.conc_states(c)
            name = " and ".join(self.s.names[i] for i in states) or "nothing"
            coef = self.floats("conc_coef")[a : a + len(states)]
            terms = [
                f"{self.constant('per_volume', self.s.names[i], coef[n], 'per_litre')} * {self.state[i]}" for n, i in enumerate(states)
            ]
            total = " + ".join(terms) or "0"
            self._conc[c] = self.ids.new("C", name)
            self.writer.assign(self._conc[c], f"concentration, {name}", f"piecewise({total}, {total} > 0, 0)", "micromolar")
        return self._conc[c]

    def compound(self, c: int) -> str:
        """Compound of a concentration: what its states' names have in common before the last dot."""
        stems = {self.s.names[i].rpartition(".")[0] or self.s.names[i] for i in self.conc_states(c)}
        return stems.pop() if len(stems) == 1 else f"concentration {c}"

    def site(self, site: int) -> str:
        activity = int(self.ints("site_activity")[site])
        return self.site_names.get(site) or (self.s.names[activity] if activity >= 0 else f"site {site}")

    # -- sites ---------------------------------------------------------------------------------------

    def paths(self) -> None:
        """v = clint*A*C/(N + C*M/Km), out of the source and with their yields into the products."""
        prod_path, prod_dst, prod_yield = self.ints("prod_path"), self.ints("prod_dst"), self.floats("prod_yield")
        path_site, path_group = self.ints("path_site"), self.ints("path_group")
        clint = self.floats("path_clint")
        inhibition = self._inhibition()
        km = self._michaelis()
        for p, src in enumerate(self.ints("path_src").tolist()):
            site, group, c = int(path_site[p]), int(path_group[p]), int(self.ints("path_conc")[p])
            name = f"{self.s.names[src]} by {self.site(site)}"
            big_n = ["1"] + [term for g, term, _ in inhibition["inv_kic"].get(site, []) if g != group]
            same = np.flatnonzero((path_site == site) & (path_group == group)).tolist()
            big_n += [f"{self.conc(int(self.ints('path_conc')[q]))} / {km[q]}" for q in same if q != p and q in km]
            big_m = ["1"] + [term for g, term, _ in inhibition["inv_kiu"].get(site, []) if g != group]
            reads = [i for g, _, states in [*inhibition["inv_kic"].get(site, []), *inhibition["inv_kiu"].get(site, [])]
                     if g != group for i in states]  # fmt: skip
            reads += [i for q in same for i in self.conc_states(int(self.ints("path_conc")[q]))]
            below = self._sum("N", name, big_n, "competition, ")
            if p in km:
                saturation = f"{self.conc(c)} / {km[p]}"
                if len(big_m) > 1:
                    saturation += f" * {self._sum('M', name, big_m, 'uncompetitive, ')}"
                below = f"({below} + {saturation})"
            activity = int(self.ints("site_activity")[site])
            law = f"{self.constant('clint', name, clint[p], 'litre_per_hour')} * {self.conc(c)}"
            law += f" * {self.state[activity]}" if activity >= 0 else ""
            law += f" / {below}" if below != "1" else ""
            products = [(int(prod_dst[r]), float(prod_yield[r])) for r in np.flatnonzero(prod_path == p)]
            self.flow(name, law, src, products, dict.fromkeys(reads))

    def _sum(self, what: str, where: str, terms: list[str], title: str) -> str:
        """The id of a sum with a name of its own; a lone 1 stays 1."""
        if len(terms) == 1:
            return terms[0]
        ident = self.ids.new(what, where)
        self.writer.assign(ident, title + where, " + ".join(terms), "dimensionless")
        return ident

    def _michaelis(self) -> dict[int, str]:
        """Constant Km of each saturable path."""
        out = {}
        for p, inverse in enumerate(self.floats("path_inv_km").tolist()):
            if inverse != 0.0:
                src, site = int(self.ints("path_src")[p]), int(self.ints("path_site")[p])
                out[p] = self.constant("km", f"{self.s.names[src]} by {self.site(site)}", 1.0 / inverse, "micromolar")
        return out

    def _inhibition(self) -> dict[str, dict[int, list[tuple[int, str, list[int]]]]]:
        """Per kind and site: (group, C/Ki, states read) of every participant that is some other compound's inhibitor."""
        out: dict[str, dict[int, list[tuple[int, str, list[int]]]]] = {"inv_kic": {}, "inv_kiu": {}}
        sites, groups, concs = self.ints("part_site"), self.ints("part_group"), self.ints("part_conc")
        for kind, found in out.items():
            for i, inverse in enumerate(self.floats(f"part_{kind}").tolist()):
                site, group, c = int(sites[i]), int(groups[i]), int(concs[i])
                if inverse == 0.0 or not np.any((self.ints("path_site") == site) & (self.ints("path_group") != group)):
                    continue
                ki = self.constant(kind[4:], f"{self.compound(c)} on {self.site(site)}", 1.0 / inverse, "micromolar")
                found.setdefault(site, []).append((group, f"{self.conc(c)} / {ki}", self.conc_states(c)))
        return out

    def activities(self) -> None:
        """dA/dt = kdeg*(1 + ind) - A*(kdeg + inactivation); inducers share the ceiling of the strongest,
        ind = max(emax)*sum x/(1 + sum x), x = r*u/(1 + (1 - r)*u), r = emax/max(emax)."""
        kdeg = self.floats("site_kdeg")
        for site, activity in enumerate(self.ints("site_activity").tolist()):
            if activity < 0:
                continue
            name = self.site(site)
            turnover = self.constant("kdeg", name, kdeg[site], "per_hour")
            total, loss = [], [turnover]
            here = np.flatnonzero(self.ints("part_site") == site).tolist()
            ceiling = max([float(self.floats("part_emax")[i]) for i in here], default=0.0)
            for i in here:
                c = int(self.ints("part_conc")[i])
                where = f"{self.compound(c)} on {name}"
                if self.floats("part_emax")[i] != 0.0:
                    u, r = self._occupancy(i, c, where), float(self.floats("part_emax")[i]) / ceiling
                    part = self.constant("emax_part", where, r, "dimensionless")
                    total.append(u if r == 1.0 else f"{part} * {u} / (1 + (1 - {part}) * {u})")
                if self.floats("part_kinact")[i] != 0.0:
                    rate = self.constant("kinact", where, self.floats("part_kinact")[i], "per_hour")
                    half = self.constant("ki_inact", where, self.floats("part_ki")[i], "micromolar")
                    loss.append(f"{rate} * {self.conc(c)} / ({half} + {self.conc(c)})")
            gain = turnover
            if total:
                most = self.constant("emax", name, ceiling, "dimensionless")
                gain = f"{turnover} * (1 + {most} * ({' + '.join(total)}) / (1 + {' + '.join(total)}))"
            self.change.setdefault(activity, []).append(f"{gain} - {self.state[activity]} * ({' + '.join(loss)})")

    def _occupancy(self, i: int, c: int, where: str) -> str:
        """u = (C/EC50)^hill."""
        ratio = f"{self.conc(c)} / {self.constant('ec50', where, self.floats('part_ec50')[i], 'micromolar')}"
        hill = float(self.floats("part_hill")[i])
        power = "" if hill == 1.0 else f"^{self.constant('hill', where, hill, 'dimensionless')}"
        ident = self.ids.new("x", where)
        self.writer.assign(ident, f"receptor occupied, {where}", f"({ratio}){power}", "dimensionless")
        return ident


def _integrals(system: System) -> set[int]:
    """Quadratures that only kept exchanges feed (AUC): integrals of something that is not moved, hence no species."""
    quadratures = set(np.flatnonzero(np.asarray(system.kind) == QUADRATURE).tolist())
    keep, dst = np.asarray(system.lin_keep), np.asarray(system.lin_dst)
    return quadratures - set(dst[~keep].tolist()) - set(np.asarray(system.prod_dst).tolist())
