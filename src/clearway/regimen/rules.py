"""Rules over several entries: what may stand together, what starts at steady state."""

from __future__ import annotations

from dataclasses import replace

from clearway.library.document import Key
from clearway.library.library import Library
from clearway.regimen.block import Problems
from clearway.regimen.dose import Entry, Regimen, SteadyState


def check_together(problems: Problems, library: Library, regimen: Regimen, places: list[Key]) -> None:
    """A racemate with its own enantiomer is an error; one compound through two other products is summed with a
    warning. `places` are the paths of the entries, by entry number."""
    seen: dict[str, Entry] = {}
    numbers = {id(e): e.doses[0].entry if e.doses else 0 for e in regimen.entries}
    for entry in regimen.entries:
        where = (*places[numbers[id(entry)]], "drug")
        for compound in entry.compounds:
            other = seen.setdefault(compound, entry)
            if other.product == entry.product:
                continue
            kinds = {e.product: library.product(e.product).kind for e in (entry, other)}
            racemate = next((p for p, kind in kinds.items() if kind == "racemate"), None)
            if racemate:
                rest = entry.product if other.product == racemate else other.product
                also = "" if rest == compound else f", as does {rest}"
                text = f"racemate together with its enantiomer ({racemate} holds {compound}{also}; give one of them)"
                problems.error(where, text)
                break
            problems.warn(where, f"{compound} is taken through two products ({other.product} and {entry.product}); summed")


def steady_state(
    problems: Problems, library: Library, names: list[object], path: Key, regimen: Regimen, other: Regimen
) -> list[SteadyState]:
    """The drugs that start at steady state; each must be dosed repeatedly in `regimen`."""
    out: list[SteadyState] = []
    for i, name in enumerate(names):
        where = (*path, i)
        if not isinstance(name, str) or name.strip().lower() not in library.names():
            problems.error(where, library.unknown(str(name)))
            continue
        product = library.product(name).product
        entries = [e for e in regimen.entries if e.product == product]
        if not entries:
            elsewhere = any(e.product == product for e in other.entries)
            why = "it is given in the test arm only" if elsewhere else "it is not in the regimen"
            problems.error(where, f"no steady state ({name}: {why}; only a drug of 'regimen' can start at steady state)")
            continue
        first = min(entries, key=lambda e: e.times_h[0])
        if first.interval_h is None:
            problems.error(where, f"no steady state ({name} has no interval; add 'every: 24 h' to its entry)")
            continue
        start = first.times_h[0]
        if any(t < start + first.interval_h - 1e-9 for t in first.missed_h):
            text = f"no steady state ({name} misses a dose of its first interval, which shows how it was taken before; miss a later one)"
            problems.error(where, text)
            continue
        doses = [replace(d, time_h=d.time_h - start) for d in first.doses if d.time_h - start < first.interval_h - 1e-9]
        out.append(SteadyState(product, first.compounds, first.interval_h, start, doses))
    return out
