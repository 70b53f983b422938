"""Compounds × lanes → System: the whole-body model as lists of exchanges, sites and paths.

Per compound, amounts in µmol:
perfusion-limited tissues between arterial and venous blood (gut, spleen and pancreas drain into the liver);
stomach → duodenum → jejunum → ileum → faeces, each segment absorbing into the enterocytes with ka;
enterocytes → liver with the villous blood flow. Conventions of the design, section 4:
C_blood = a/V, C_plasma = C_blood/R_b, C_u = fu·C_plasma; in tissue C_u = a/(V·Kpu), venous outflow R_b·C_u/fu.

A compound whose entry into the liver is by transporters has liver cells apart from the liver's blood and interstitium.

Enzymes of the gut wall act on what the enterocytes hold (drug on its way in); they *see* perpetrators both
there and in the unbound water of the gut tissue (drug that circulates).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from clearway.engine import System
from clearway.errors import InputError
from clearway.library.compound import Depot
from clearway.model._builder import ACTIVITY, QUADRATURE, Builder, Floats
from clearway.model.interaction import Terms, terms_of
from clearway.model.kinetics import Elsewhere, Kinetics, absorbed, absorption_rate, number
from clearway.model.lane import Lanes, Mechanism, MechanismKind
from clearway.model.setting import SEGMENTS, Setting
from clearway.physiology import blood_plasma_ratio, fraction_unbound
from clearway.physiology.scaling import PORTAL
from clearway.regimen.dose import Form

SWALLOWED = ("oral", "intranasal", "sublingual")
DEPOTS = ("im", "sc", "inhaled", "transdermal", "intranasal", "sublingual")

RELATIVE_ATOL = 1e-9
"""Absolute tolerance of a compound's amounts, as a part of its largest dose (design, section 5)."""


APART = " apart"
"""Suffix of the twin of an enzyme that only the compounds assembled apart see."""

UPTAKE = "uptake"
"""Place of a transporter into liver cells: it sees the liver's blood, where an enzyme sees what is inside."""

STOMACH, PUMP, CHELATION = "stomach", "H+/K+-ATPase", "chelation"
"""Gastric acid, which the proton pump makes, and cations that bind drugs in the lumen: ids of enzymes.yaml."""

ACTS_IN = {UPTAKE: "liver", "blood": "liver", STOMACH: "gut", **dict.fromkeys(SEGMENTS, "gut")}
"""Places for which a compound file's `where: liver` or `gut` stands."""

ALL_PATHS = "all paths"
"""Stands for every path of a compound in `Lane.vary`."""

SYNTHESIS = "synthesis"
"""Name of the messenger between an inducer and the enzyme that it induces."""


@dataclass(frozen=True)
class Assembled:
    """A System with the names that the answers need: coefficient of venous plasma per compound, activities."""

    system: System
    index: Mapping[str, int]
    compounds: tuple[Kinetics, ...]
    plasma: Mapping[str, Floats]
    sites: Mapping[tuple[str, str], int]
    lanes: Lanes


class _Assembly:
    def __init__(self, compounds: Sequence[Kinetics], lanes: Lanes, setting: Setting, apart: frozenset[str]) -> None:
        self.apart = apart
        self.b = Builder(len(lanes))
        self.compounds, self.lanes, self.bodies, self.setting = compounds, lanes, lanes.bodies, setting
        self.volume, self.flow = self.bodies.volumes, self.bodies.flows
        self.tissues = [o for o in setting.reference.volumes if o not in ("arterial", "venous")]
        self.fu: dict[str, Floats] = {}
        self.rb: dict[str, Floats] = {}
        self.known = {k.name for k in compounds}
        self.acid: list[tuple[str, int, int, float]] = []
        self.chelated: list[tuple[str, str, int, float]] = []

    def vary(self, who: str, where: str, term: str) -> Floats | float:
        """Factor of each lane on an uncertain parameter; 1 where it is not varied."""
        return self.lanes.vary.get((who, where, term), 1.0)

    def cleared(self, who: str, by: str) -> Floats | float:
        """Factor of each lane on the clearance of a compound by one path: the path's own and that of all of them."""
        return self.vary(who, by, "clearance") * self.vary(who, ALL_PATHS, "clearance")

    # -- binding -------------------------------------------------------------------------------------

    def bind(self, k: Kinetics) -> None:
        """fu and R_b of this compound in each lane's person."""
        ref, bodies = self.setting.reference, self.bodies
        fu = fraction_unbound(k.fu, bodies.protein_ratio(k.compound.molecule.binds))
        self.fu[k.name] = fu
        self.rb[k.name] = blood_plasma_ratio(k.rb, k.fu, ref.haematocrit, fu, bodies.haematocrit)

    # -- one compound's body -------------------------------------------------------------------------

    def states(self, k: Kinetics, atol: float, formed: bool, cells: bool) -> None:
        """All states of the body first, since a path may end in any other compound."""
        b, c = self.b, k.name
        for organ in (*self.tissues, "arterial", "venous"):
            b.state(f"{c}.{organ}", atol=atol)
        if cells:
            b.state(f"{c}.enterocytes", atol=atol)
        if k.cells:
            b.state(f"{c}.liver cells", atol=atol)
        for name in ("auc", "eliminated", *(("formed",) if formed else ())):
            b.state(f"{c}.{name}", QUADRATURE)

    def body(self, k: Kinetics) -> None:
        b, c = self.b, k.name
        fu, rb = self.fu[c], self.rb[c]
        at = {o: b.index[f"{c}.{o}"] for o in (*self.tissues, "arterial", "venous")}
        out = {o: rb / (fu * k.kpu[o] * self.volume[o]) for o in self.tissues}  # outflow blood conc per amount
        if k.cells:
            out["liver"] = 1.0 / (self.volume["liver"] * self._outside())
        arterial, venous = 1.0 / self.volume["arterial"], 1.0 / self.volume["venous"]
        total = sum((self.flow[o] for o in self.tissues if o != "lung"), np.zeros(len(self.lanes)))
        liver_flow = self.flow["liver"] + sum(self.flow[o] for o in PORTAL)
        filtered = self._filtered(k)
        for o in self.tissues:
            if o == "lung":
                continue
            inflow = self.flow[o] - (filtered if o == "kidney" else 0.0)
            b.move(at["arterial"], at[o], inflow * arterial)
            into = at["liver"] if o in PORTAL else at["venous"]
            b.move(at[o], into, (liver_flow if o == "liver" else self.flow[o]) * out[o])
        b.move(at["venous"], at["lung"], total * venous)
        b.move(at["lung"], at["arterial"], total * out["lung"])

        b.move(at["venous"], b.index[f"{c}.auc"], venous / rb, keep=True)
        gone = b.index[f"{c}.eliminated"]
        if k.cl_renal > 0:
            b.move(at["arterial"], gone, filtered * arterial)
        if k.cl_plasma > 0:
            cl = k.cl_plasma * self.cleared(c, "plasma")
            self._linear_path(k, at["venous"], "venous", cl * venous / rb, k.plasma_metabolites)
        inside, free = self.liver(k)
        if k.clint_other > 0:
            clint = k.clint_other * self.bodies.liver_factor * self.cleared(c, "other")
            self._linear_path(k, inside, "liver", clint * free, k.other_metabolites)
        if k.clint_bile > 0:
            clint = k.clint_bile * self.bodies.liver_factor * self.cleared(c, "biliary")
            b.move(inside, gone, clint * free)
        if k.cells:  # passive exchange between blood and cells, unbound on both sides
            passive = k.cells.passive * self.bodies.liver_factor
            b.move(at["liver"], inside, passive * self.outside(k))
            b.move(inside, at["liver"], passive * free)

    def _outside(self) -> float:
        """Part of the liver's volume that is blood and interstitium: its extracellular water."""
        return self.setting.tissues["liver"].extracellular_water

    def outside(self, k: Kinetics) -> Floats:
        """Unbound concentration in the liver's blood and interstitium per amount there, of a compound with liver cells."""
        return self.fu[k.name] / (self.rb[k.name] * self.volume["liver"] * self._outside())

    def liver(self, k: Kinetics) -> tuple[int, Floats]:
        """The state that liver enzymes act on, and unbound concentration per amount in it."""
        if k.cells:
            return self.b.index[f"{k.name}.liver cells"], 1.0 / (k.kpu["liver"] * self.volume["liver"] * (1.0 - self._outside()))
        return self.b.index[f"{k.name}.liver"], 1.0 / (k.kpu["liver"] * self.volume["liver"])

    def _at(self, name: str, place: str) -> int:
        """The state in which a metabolite formed in `place` appears."""
        cells = f"{name}.liver cells"
        return self.b.index[cells if place == "liver" and cells in self.b.index else f"{name}.{place}"]

    def _filtered(self, k: Kinetics) -> Floats:
        """Blood cleared by the kidney (L/h), CL_r/R_b: taken from the arterial blood that would enter it.

        Raises InputError where that is more than the kidney's flow.
        """
        if k.cl_renal == 0.0:
            return np.zeros(len(self.lanes))
        acid = np.exp(-k.urine_ph_slope * (self.bodies.urine_ph - self.setting.reference.urine_ph))
        cleared = k.cl_renal * acid * self.bodies.gfr_factor * self.cleared(k.name, "renal") / self.rb[k.name]
        if np.any(cleared > self.flow["kidney"]):
            raise InputError(
                f"{k.name}: renal clearance {float(np.max(cleared)):.3g} L/h of blood is above the kidney's flow "
                f"({float(np.min(self.flow['kidney'])):.3g} L/h); check the clearance and its renal share"
            )
        return np.asarray(cleared)

    def _linear_path(self, k: Kinetics, src: int, place: str, rate: Floats, metabolites: Mapping[str, float]) -> None:
        """A path that nothing interacts with: one exchange to the sink, a copy into each metabolite."""
        b = self.b
        b.move(src, b.index[f"{k.name}.eliminated"], rate)
        for name, amount in metabolites.items():
            if name in self.known:
                b.move(src, self._at(name, place), rate, gain=amount, keep=True)
                b.move(src, b.index[f"{name}.formed"], rate, gain=amount, keep=True)

    # -- absorption ----------------------------------------------------------------------------------

    def absorption(self, k: Kinetics, routes: frozenset[str], forms: frozenset[Form], atol: float) -> None:
        b, c = self.b, k.name
        mucosal = k.compound.absorption
        for route in DEPOTS:
            if route in routes:
                form = getattr(mucosal, route)
                depot = b.state(f"{c}.{route}", atol=atol, depot=True)
                b.move(depot, b.index[f"{c}.venous"], number(form.rate, "1/h"))
                if isinstance(form, Depot) and form.slow:
                    slow = b.state(f"{c}.{route} slow", atol=atol, depot=True)
                    b.move(slow, b.index[f"{c}.venous"], number(form.slow.rate, "1/h"))
        if routes & set(SWALLOWED):
            oral = mucosal.oral
            own = number(oral.release_rate, "1/h") if oral and oral.release_rate else math.inf
            b.state(f"{c}.faeces", QUADRATURE)
            self._tract(k, "", k.ka, atol, self.setting.gastric_emptying)
            self._release(k, "", "", own, atol)
            for form in sorted(forms):
                named = f" {form.name}"
                apart = form.fraction_absorbed is not None or form.fed
                if apart:  # another ka, or another stomach, needs a tract of its own
                    fa = form.fraction_absorbed
                    ka = k.ka if fa is None else absorption_rate(absorbed(k.compound, fa), self.setting.transit)
                    emptying = self.setting.gastric_emptying_fed if form.fed else self.setting.gastric_emptying
                    self._tract(k, named, ka, atol, emptying)
                rate = own if form.release_per_h is None else form.release_per_h
                self._release(k, named, named if apart else "", rate, atol, solution=form.release_per_h == math.inf)

    def _tract(self, k: Kinetics, named: str, ka: float, atol: float, emptying: float) -> None:
        """Stomach and small intestine of one dosage form; efflux returns to the one that has no name."""
        b, c, s = self.b, k.name, self.setting
        stomach = b.state(f"{c}.stomach{named}", atol=atol, depot=True)
        segments = [b.state(f"{c}.{name}{named}", atol=atol, depot=True) for name in SEGMENTS]
        b.move(stomach, segments[0], emptying * self.bodies.gastric_emptying)
        oral = k.compound.absorption.oral
        for i, (name, segment, rate) in enumerate(zip(SEGMENTS, segments, s.transit, strict=True)):
            b.move(segment, segments[i + 1] if i + 1 < len(segments) else b.index[f"{c}.faeces"], rate * self.bodies.transit)
            if oral and oral.chelated:
                self.chelated.append((c, name, segment, ka))
            else:
                b.move(segment, b.index[f"{c}.enterocytes"], ka)

    def _release(self, k: Kinetics, named: str, tract: str, rate: float, atol: float, solution: bool = False) -> None:
        """The dosage form that empties into the stomach of its tract; a solution is there at once.

        Where gastric acid must dissolve it, it does so at rate r·A (A: acid secretion relative to normal) and passes undissolved
        at r/K, so that K·A/(K·A + 1) of it dissolves. Where acid keeps it from dissolving, it does so at r and passes at r·K·A.
        """
        b, c, oral = self.b, k.name, k.compound.absorption.oral
        helps = oral.acid_dissolution.value if oral and oral.acid_dissolution and not solution else 0.0
        hinders = oral.acid_precipitation.value if oral and oral.acid_precipitation and not solution else 0.0
        if (helps or hinders) and math.isinf(rate):
            rate = self.setting.gastric_emptying
        if math.isinf(rate):
            return
        form, stomach = b.state(f"{c}.form{named}", atol=atol, depot=True), b.index[f"{c}.stomach{tract}"]
        faeces = b.index[f"{c}.faeces"]
        if helps:
            self.acid.append((c, form, stomach, rate))
            b.move(form, faeces, rate / helps)
        else:
            b.move(form, stomach, rate)
        if hinders:
            self.acid.append((c, form, faeces, rate * hinders))

    def enterocytes(self, k: Kinetics) -> None:
        b, c, s = self.b, k.name, self.setting
        if f"{c}.enterocytes" in b.index:
            rate = self.bodies.villous_flow * self.rb[c] / s.enterocyte_volume
            b.move(b.index[f"{c}.enterocytes"], b.index[f"{c}.liver"], rate)

    # -- interaction ---------------------------------------------------------------------------------

    def paths(self, group: int, k: Kinetics) -> None:
        """Substrate paths of a compound at the enzymes of liver and gut, and its transporters."""
        b, c, s = self.b, k.name, self.setting
        inside_liver, free = self.liver(k)
        liver = b.conc([(inside_liver, free)])
        cells = b.index.get(f"{c}.enterocytes")
        inside = b.conc([(cells, k.fu_gut / s.enterocyte_volume)]) if cells is not None else -1
        for p in k.enzymes:
            enzyme = s.enzymes[p.enzyme]
            activity = self.lanes.activity.get((p.enzyme, c), 1.0) * self.cleared(c, p.enzyme)
            inv_km = 1.0 / p.km if p.km else 0.0
            if p.clint_liver > 0:
                site = b.site(self._key(c, p.enzyme, "liver"), enzyme.kdeg_liver * self.vary(p.enzyme, "liver", "kdeg"))
                products = self._products(k, p.metabolites, "liver")
                b.path(site, liver, group, inside_liver,
                       p.clint_liver * activity * self.bodies.liver_factor * self.bodies.enzyme_factor(p.enzyme, "liver"),
                       inv_km, products)  # fmt: skip
            if p.clint_gut > 0 and cells is not None:
                site = b.site(self._key(c, p.enzyme, "gut"), enzyme.kdeg_gut * self.vary(p.enzyme, "gut", "kdeg"))
                products = self._products(k, p.metabolites, "enterocytes")
                b.path(site, inside, group, cells,
                       p.clint_gut * activity * self.bodies.gut_factor * self.bodies.enzyme_factor(p.enzyme, "gut")
                       * self.vary(c, "gut", "clearance"), inv_km, products)  # fmt: skip
        for who, form, into, rate in self.acid:
            if who == c:
                site = b.site((PUMP, STOMACH), s.enzymes[PUMP].kdeg("stomach"))
                b.path(site, b.conc([(form, 1.0)]), group, form, rate, 0.0, [(into, 1.0)])
        for who, name, segment, ka in self.chelated:
            if who == c and cells is not None:
                site = b.site((CHELATION, name), s.enzymes[CHELATION].kdeg("lumen"))
                volume = s.lumen_volume
                b.path(site, b.conc([(segment, 1.0 / volume)]), group, segment, ka * volume, 0.0, [(cells, 1.0)])
        for q in k.elsewhere:
            self._elsewhere(group, k, q)
        if k.cells:
            for by, clint, km in k.cells.uptake:
                site = b.site(self._key(c, by, UPTAKE), s.enzymes[by].kdeg_liver)
                seen = b.conc([(b.index[f"{c}.liver"], self.outside(k))])
                factor = self.lanes.activity.get((by, c), 1.0) * self.cleared(c, by) * self.bodies.enzyme_factor(by, "liver")
                b.path(site, seen, group, b.index[f"{c}.liver"], clint * factor * self.bodies.liver_factor,
                       1.0 / km if km else 0.0, [(inside_liver, 1.0)])  # fmt: skip
        for t in k.compound.elimination.transport:
            self._transport(group, k, t.by, t.where, number(t.clint, "L/h"),
                            number(t.km, "µM", molar_mass=k.molar_mass) if t.km else None)  # fmt: skip

    def _elsewhere(self, group: int, k: Kinetics, q: Elsewhere) -> None:
        """An esterase of blood, or a transporter into urine or bile, that takes its share of systemic clearance."""
        b, c = self.b, k.name
        scale: Floats = np.ones(len(self.lanes))
        if q.where == "blood":
            src, place = b.index[f"{c}.venous"], "venous"
            free = self.fu[c] / (self.rb[c] * self.volume["venous"])
        elif q.where == "kidney":
            src, place = b.index[f"{c}.kidney"], "kidney"
            free, scale = 1.0 / (k.kpu["kidney"] * self.volume["kidney"]), self.bodies.gfr_factor
        else:
            (src, free), place, scale = self.liver(k), "liver", self.bodies.liver_factor
        site = b.site(self._key(c, q.by, q.organ), self.setting.enzymes[q.by].kdeg_liver)
        factor = self.lanes.activity.get((q.by, c), 1.0) * self.cleared(c, q.by) * self.bodies.enzyme_factor(q.by, q.organ)
        b.path(site, b.conc([(src, free)]), group, src, q.clint * scale * factor, 1.0 / q.km if q.km else 0.0,
               self._products(k, q.metabolites, place))  # fmt: skip

    def _key(self, compound: str, enzyme: str, organ: str) -> tuple[str, str]:
        """The site of a path; compounds assembled apart see a twin of it, alike unless a lane says otherwise."""
        return (enzyme, organ + APART) if compound in self.apart else (enzyme, organ)

    def _products(self, k: Kinetics, metabolites: Mapping[str, float], place: str) -> list[tuple[int, float | Floats]]:
        b = self.b
        products: list[tuple[int, float | Floats]] = [(b.index[f"{k.name}.eliminated"], 1.0)]
        for name, amount in metabolites.items():
            if name in self.known:
                products.append((self._at(name, place), amount))
                products.append((b.index[f"{name}.formed"], amount))
        return products

    def _transport(self, group: int, k: Kinetics, by: str, where: str, clint: float, km: float | None) -> None:
        b, c, s = self.b, k.name, self.setting
        enzyme = s.enzymes[by]
        organ = "liver" if where == "bile" else where
        if organ == "gut":
            if f"{c}.jejunum" not in b.index:
                return
            src, dst = b.index[f"{c}.enterocytes"], b.index[f"{c}.jejunum"]
            conc = b.conc([(src, k.fu_gut / s.enterocyte_volume)])
            site = b.site(self._key(c, by, "gut"), enzyme.kdeg_gut)
        else:
            src, free = self.liver(k) if organ == "liver" else (b.index[f"{c}.{organ}"], 1.0 / (k.kpu[organ] * self.volume[organ]))
            dst, conc = b.index[f"{c}.eliminated"], b.conc([(src, free)])
            site = b.site(self._key(c, by, organ), enzyme.kdeg_liver)
        factor = self.lanes.activity.get((by, c), 1.0) * self.bodies.enzyme_factor(by, organ)
        b.path(site, conc, group, src, clint * factor, 1.0 / km if km else 0.0, [(dst, 1.0)])

    def participants(self, group: int, k: Kinetics) -> None:
        """What the compound does at every site at which somebody is a substrate."""
        b, c = self.b, k.name
        for (enzyme, place), site in list(b.sites.items()):
            if place.endswith(SYNTHESIS):
                continue
            twin = place.endswith(APART)
            organ = place.removesuffix(APART)
            terms = terms_of(k, enzyme, ACTS_IN.get(organ, organ))
            others = {p[2] for p in b.paths if p[0] == site} - {group}
            if terms.empty or not (others or terms.moves_enzyme):
                continue  # a compound is never its own reversible inhibitor
            values = self._switched(terms, c, enzyme, twin)
            now = [*values[:4], b.wide(0.0), *values[5:]]  # inhibits and inactivates
            later = [b.wide(0.0), b.wide(0.0), b.wide(0.0), *values[3:]]  # induces synthesis
            where = self._where(k, organ)
            if not where:
                continue
            seen = b.conc(where)
            if any(np.any(v > 0) for v in now[:3]):
                b.parts.append((site, seen, group, now))
                if np.any(now[2]):
                    self._activity(enzyme, place, site)
            if np.any(later[4] != 0):
                delayed = self.setting.enzymes[enzyme].delayed
                if not delayed:
                    self._activity(enzyme, place, site)
                b.parts.append((self._synthesis(enzyme, place, site) if delayed else site, seen, group, later))

    def _where(self, k: Kinetics, organ: str) -> list[tuple[int, float | Floats]]:
        """Unbound concentration that a site sees: in tissue water (of liver cells where a compound has them), in the gut also
        inside the enterocytes; uptake is seen from the liver's blood, chelation in the lumen of its own segment."""
        b, c = self.b, k.name
        if organ == "liver":
            return [self.liver(k)]
        if organ == UPTAKE:
            return [(b.index[f"{c}.liver"], self.outside(k))] if k.cells else [self.liver(k)]
        if organ == "blood":
            return [(b.index[f"{c}.venous"], self.fu[c] / (self.rb[c] * self.volume["venous"]))]
        if organ in SEGMENTS:
            return [(state, b.wide(1.0 / self.setting.lumen_volume)) for name, state in b.index.items() if name.startswith(f"{c}.{organ}")]
        if organ == STOMACH:
            return [(b.index[f"{c}.gut"], 1.0 / (k.kpu["gut"] * self.volume["gut"]))]
        where = [(b.index[f"{c}.{organ}"], 1.0 / (k.kpu[organ] * self.volume[organ]))]
        if organ == "gut" and f"{c}.enterocytes" in b.index:
            where.append((b.index[f"{c}.enterocytes"], b.wide(k.fu_gut / self.setting.enterocyte_volume)))
        return list(where)

    def _activity(self, enzyme: str, organ: str, site: int) -> int:
        """The state A of a site, made when something first moves it."""
        if self.b.site_activity[site] < 0:
            self.b.site_activity[site] = self.b.state(f"{enzyme}.{organ}", ACTIVITY)
        return self.b.site_activity[site]

    def _synthesis(self, enzyme: str, organ: str, site: int) -> int:
        """The site of induction: dM/dt = k_s·(1 + Σ induction − M), and A is made at kdeg·M instead of kdeg.

        The site of the enzyme itself has no inducers, so that its equation holds kdeg·1; the constant state
        takes that back.
        """
        b, key = self.b, (enzyme, f"{organ} {SYNTHESIS}")
        if key not in b.sites:
            made = b.site(key, self.setting.signal_rate)
            b.site_activity[made] = b.state(f"{enzyme}.{organ} {SYNTHESIS}", ACTIVITY)
            one = b.index.get("one") or b.state("one", ACTIVITY)
            kdeg, active = b.site_kdeg[site], self._activity(enzyme, organ, site)
            b.move(b.site_activity[made], active, kdeg, keep=True)
            b.move(one, active, -kdeg, keep=True)
        return b.sites[key]

    def _switched(self, t: Terms, compound: str, enzyme: str, twin: bool) -> list[Floats]:
        """The terms over the lanes, 0 where a lane has the mechanism switched off."""

        def on(kind: MechanismKind) -> Floats:
            m, never = Mechanism(compound, enzyme, kind), np.zeros(len(self.lanes), dtype=bool)
            off = self.lanes.off.get(m, never) | (self.lanes.off_apart.get(m, never) if twin else never)
            return np.where(off, 0.0, 1.0)

        def spread(term: str) -> Floats | float:
            return self.vary(compound, enzyme, term)

        inhibition, inactivation, induction = on("inhibition"), on("inactivation"), on("induction")
        ki = spread("inhibition")
        return [
            t.inv_kic * inhibition / ki, t.inv_kiu * inhibition / ki,
            t.kinact * inactivation * spread("inactivation"), self.b.wide(t.ki),
            t.emax * induction * spread("ceiling"), self.b.wide(t.ec50 * spread("induction")), self.b.wide(t.hill),
        ]  # fmt: skip


def metabolites_formed(compounds: Sequence[Kinetics]) -> dict[str, set[str]]:
    """Metabolite → parents, among these compounds."""
    known = {k.name for k in compounds}
    formed: dict[str, set[str]] = {}
    for k in compounds:
        by_site = [m for p in k.enzymes for m in p.metabolites] + [m for q in k.elsewhere for m in q.metabolites]
        names = [*k.other_metabolites, *k.plasma_metabolites, *by_site]
        for name in names:
            if name in known:
                formed.setdefault(name, set()).add(k.name)
    return formed


def assemble(
    compounds: Sequence[Kinetics],
    lanes: Lanes,
    setting: Setting,
    routes: Mapping[str, frozenset[str]],
    largest: Mapping[str, float],
    forms: Mapping[str, frozenset[Form]],
    apart: frozenset[str] = frozenset(),
) -> Assembled:
    """Build the System.

    compounds: sorted by name, so that the order in a case changes nothing. routes: the routes by which each
    compound is dosed in any lane. largest: largest dose (µmol) of each compound, for its tolerance. forms: the
    dosage forms of each compound that are not the one of its file. apart: compounds whose enzymes are twins of those
    of the others, so that a lane can switch mechanisms off for them alone.
    """
    compounds = sorted(compounds, key=lambda k: k.name)
    a = _Assembly(compounds, lanes, setting, apart)
    formed = metabolites_formed(compounds)
    reach = _largest_reach(compounds, formed, largest)
    swallowed = {k.name for k in compounds if routes.get(k.name, frozenset()) & set(SWALLOWED)}
    cells = _closure(swallowed, formed)
    for k in compounds:
        a.bind(k)
        a.states(k, RELATIVE_ATOL * reach[k.name], k.name in formed, k.name in cells)
    for k in compounds:
        a.body(k)
        a.enterocytes(k)
        a.absorption(k, routes.get(k.name, frozenset()), forms.get(k.name, frozenset()), RELATIVE_ATOL * reach[k.name])
    for group, k in enumerate(compounds):
        a.paths(group, k)
    for group, k in enumerate(compounds):
        a.participants(group, k)
    plasma = {k.name: 1.0 / (a.volume["venous"] * a.rb[k.name]) for k in compounds}
    sites = {key: site for key, site in a.b.sites.items() if not key[1].endswith((SYNTHESIS, APART))}
    return Assembled(a.b.system(), a.b.index, tuple(compounds), plasma, sites, lanes)


def _closure(start: set[str], formed: Mapping[str, set[str]]) -> set[str]:
    """Compounds found in enterocytes: those swallowed, and what is formed from them there."""
    found = set(start)
    while True:
        more = {m for m, parents in formed.items() if parents & found} - found
        if not more:
            return found
        found |= more


def _largest_reach(compounds: Sequence[Kinetics], formed: Mapping[str, set[str]], largest: Mapping[str, float]) -> dict[str, float]:
    """Largest dose of a compound, or of the parent that it comes from; 1 µmol if nothing is given."""
    reach = {k.name: largest.get(k.name, 0.0) for k in compounds}
    for _ in compounds:
        for name, parents in formed.items():
            reach[name] = max([reach[name], *(reach[p] for p in parents)])
    return {name: value or 1.0 for name, value in reach.items()}
