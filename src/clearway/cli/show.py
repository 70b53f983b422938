"""`clearway show DRUG`: the compound card."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Annotated, Any

import typer

from clearway.answers import studies
from clearway.cli.common import JsonOption, LibraryOption, load_library, print_json
from clearway.errors import InputError
from clearway.library import Library
from clearway.library.checks import values
from clearway.library.compound import Compound, Value
from clearway.library.labels import BLOCKS, block, label
from clearway.library.products import Product
from clearway.library.values import values as placed

WORDS = {"auc": "AUC", "cmax": "Cmax", "half_life": "t½"}

_COLOURS = {
    "measured in vivo": "green",
    "measured in vitro": "green",
    "fitted": "yellow",
    "computed": "cyan",
    "assumed": "red",
}


def command(
    drug: Annotated[str | None, typer.Argument(help="Compound, product or brand.", metavar="DRUG")] = None,
    everything: Annotated[bool, typer.Option("--list", help="List every compound and product.")] = False,
    notes: Annotated[bool, typer.Option("--notes", help="Print the note or reason of each value too.")] = False,
    json: JsonOption = False,
    library: LibraryOption = None,
) -> None:
    """Print a compound's card: every value with unit, evidence and source."""
    known = load_library(Path(library) if library else None)
    if everything or drug is None:
        _list(known, json)
        return
    product = known.product(drug)
    compounds = [known.compounds[p.compound] for p in product.parts if p.compound in known.compounds]
    if json:
        print_json(card(known, product, compounds))
        return
    if not compounds:
        raise InputError(f"{product.name} contains {', '.join(known.missing(product))}, which the library does not have yet")
    _print(known, product, compounds, notes)


def evidence_counts(nodes: list[Any]) -> dict[str, int]:
    """How many values are measured, fitted, computed, assumed."""
    counts = dict.fromkeys(_COLOURS, 0)
    for node in nodes:
        for _, _, _, value in values(node):
            counts[value.evidence] += 1
    return counts


def card(known: Library, product: Product, compounds: list[Compound]) -> dict[str, Any]:
    """The card as data."""
    keys = {s for c in compounds for *_, v in values(c) for s in [v.source, *(o.source for o in v.conflicts)] if s}
    return {
        "format": "clearway.card/1",
        "product": dataclasses.asdict(product),
        "compounds": [dataclasses.asdict(c) for c in compounds],
        "evidence": evidence_counts(list(compounds)),
        "references": {k: known.references[k] for k in sorted(keys) if k in known.references},
    }


def _list(known: Library, json: bool) -> None:
    compounds = {c.compound: {"name": c.name, "classes": c.classes, "evidence": evidence_counts([c])} for c in known.compounds.values()}
    products = {p.product: {"name": p.name, "parts": [x.compound for x in p.parts], "brands": p.brands} for p in known.products.values()}
    if json:
        print_json({"format": "clearway.list/1", "compounds": compounds, "products": products})
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("compound", "name", "classes", "measured", "fitted", "computed", "assumed", box=None)
    for key, c in compounds.items():
        n: Any = c["evidence"]
        measured = n["measured in vivo"] + n["measured in vitro"]
        table.add_row(
            key,
            str(c["name"]),
            ", ".join(c["classes"]),
            str(measured),
            str(n["fitted"]),
            str(n["computed"]),
            str(n["assumed"]),
        )
    more = Table("product", "name", "contains", "brands", box=None)
    for key, p in products.items():
        more.add_row(key, str(p["name"]), " + ".join(p["parts"]), ", ".join(p["brands"]))
    console = Console()
    console.print(table)
    console.print()
    console.print(more)


def _print(known: Library, product: Product, compounds: list[Compound], notes: bool) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.padding import Padding
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if product.kind != "compound":
        factor = f"; 1 mg of the salt is {product.salt_factor.value:g} mg of base" if product.salt_factor else ""
        parts = " + ".join(p.compound for p in product.parts)
        text = f"{product.kind}: {parts}; doses are of the {product.doses_as}{factor}\n{product.note}"
        console.print(Panel(escape(text.strip()), title=escape(product.name), title_align="left"))
    for compound in compounds:
        console.print(f"[bold]{escape(compound.name)}[/bold] ({compound.compound}) · {escape(', '.join(compound.classes))}")
        for said in (_identifiers(compound), _schedules(compound)):
            if said:
                console.print(escape(said), style="dim")
        rows = sorted(placed(compound), key=lambda row: list(BLOCKS).index(block(row[0])))
        heading = ""
        for place, value in rows:
            if block(place) != heading:
                heading = block(place)
                console.print(f"[bold]{BLOCKS[heading]}[/bold]")
            basis = value.source or (f"fitted to {', '.join(value.fitted_to)}" if value.fitted_to else "")
            line = Text(f"  {label(place):<38}{_number(value):>14}  ")
            line.append(f"{value.evidence:<18}", style=_COLOURS[value.evidence])
            line.append(basis)
            console.print(line, no_wrap=True, overflow="ellipsis")
            more = [f"range {value.low:g}–{value.high:g}"] if value.low and value.high else []
            more += [text for text in (value.because, value.note) if text]
            if notes and more:
                console.print(Padding(escape("; ".join(more)), (0, 0, 0, 6)), style="dim")
        _checked(console, compound.compound)
        if compound.note:
            console.print(Panel(escape(compound.note.strip()), title="note", title_align="left"))
        counts = evidence_counts([compound])
        console.print(", ".join(f"{n} {kind}" for kind, n in counts.items()), style="dim")
        if not notes:
            console.print("reasons and notes of each value: --notes", style="dim")
        console.print()
    keys = sorted({v.source for c in compounds for *_, v in values(c) if v.source})
    refs = Table("source", "reference", "read", box=None)
    for key in keys:
        r = known.references.get(key, {})
        where = (r.get("pmid") and f"PMID {r['pmid']}") or r.get("doi") or r.get("url") or ""
        said = " ".join(str(r[k]) for k in ("authors", "title", "journal", "year") if r.get(k))
        refs.add_row(key, escape(f"{said} {where}".strip()), str(r.get("read", "")))
    console.print(refs)


def _identifiers(compound: Compound) -> str:
    return " · ".join(f"{name} {value}" for name, value in compound.identifiers.known.items())


def _schedules(compound: Compound) -> str:
    """Legal schedules by jurisdiction, each with the date on which it held."""
    said = "; ".join(f"{held.where} {held.level} (as of {held.date})" for held in compound.schedules)
    return f"scheduled: {said}" if said else ""


def _checked(console: Any, name: str) -> None:
    """How the model stands against what was seen of this compound, alone and in interactions."""
    from rich.markup import escape
    from rich.padding import Padding

    rows = studies.alone(name)
    if rows:
        missed = [r for r in rows if r["miss"]]
        independent = sum(r["independent"] for r in rows)
        console.print(f"[bold]Checked against single-drug studies[/bold]\n  {len(rows)} figures ({independent} set no value), "
                      f"{len(rows) - len(missed)} within 1.5-fold")  # fmt: skip
        for r in missed:
            said = f"{WORDS[r['quantity']]} {r['observed']:.4g} {r['unit']}, predicted {r['predicted']:.4g} ({r['title']}): {r['miss']}"
            console.print(Padding(escape(said), (0, 0, 0, 4)), style="dim")
    as_victim, as_doer = studies.arms_with(name)
    for words, arms in (("changed by others", as_victim), ("changing others", as_doer)):
        loose = [a for a in arms if not a["fitted"] and a["predicted"]]
        if arms:
            fold = math.exp(sum(abs(math.log(a["predicted"] / a["observed"])) for a in loose) / len(loose)) if loose else math.nan
            told = f", geometric mean fold error {fold:.2f}" if loose else ""
            console.print(f"  {len(arms)} study arms {words}, {len(loose)} of them predictions{told}")


def _number(value: Value) -> str:
    return f"{value.value:.4g} {value.unit}".strip()
