"""`clearway show DRUG`: the compound card."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated, Any

import typer

from clearway.cli.common import JsonOption, LibraryOption, load_library, print_json
from clearway.errors import InputError
from clearway.library import Library
from clearway.library.checks import values
from clearway.library.compound import Compound, Value
from clearway.library.document import dotted
from clearway.library.products import Product

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
    notes: Annotated[bool, typer.Option("--notes", help="Print notes and reasons too, however narrow the screen.")] = False,
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
        raise InputError(
            f"{product.name} contains {', '.join(known.missing(product))}, which the library does not have yet"
        )
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
    compounds = {
        c.compound: {"name": c.name, "classes": c.classes, "evidence": evidence_counts([c])}
        for c in known.compounds.values()
    }
    products = {
        p.product: {"name": p.name, "parts": [x.compound for x in p.parts], "brands": p.brands}
        for p in known.products.values()
    }
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
    from rich.panel import Panel
    from rich.table import Table

    console = Console()
    if product.kind != "compound":
        factor = f"; 1 mg of the salt is {product.salt_factor.value:g} mg of base" if product.salt_factor else ""
        parts = " + ".join(p.compound for p in product.parts)
        text = f"{product.kind}: {parts}; doses are of the {product.doses_as}{factor}\n{product.note}"
        console.print(Panel(escape(text.strip()), title=escape(product.name), title_align="left"))
    with_notes = notes or console.width >= 160
    for compound in compounds:
        title = f"[bold]{escape(compound.name)}[/bold] ({compound.compound}) · {escape(', '.join(compound.classes))}"
        headings = ("value", "", "unit", "evidence", "source", *(["note"] if with_notes else []))
        table = Table(*headings, box=None, title=title, title_justify="left", padding=(0, 1))
        for column in table.columns[:5]:
            column.overflow = "fold"  # never cut a name or a number short
        block = ""
        for path, _, _, value in values(compound):
            if path[0] != block:
                block = str(path[0])
                table.add_row(f"[bold]{block}[/bold]")
            colour = _COLOURS[value.evidence]
            why = value.because or (f"fitted to {', '.join(value.fitted_to)}" if value.fitted_to else value.note)
            evidence = f"[{colour}]{value.evidence}[/{colour}]"
            label = "  " + _label(compound, path).split(".", 1)[-1]
            cells = [escape(label), _number(value), value.unit, evidence, value.source or "–", escape(why)]
            table.add_row(*cells[: len(headings)])
        console.print(table)
        if compound.note:
            console.print(Panel(escape(compound.note), title="note", title_align="left"))
        counts = evidence_counts([compound])
        console.print(", ".join(f"{n} {kind}" for kind, n in counts.items()), style="dim")
        if not with_notes:
            console.print("reasons and notes: --notes", style="dim")
        console.print()
    keys = sorted({v.source for c in compounds for *_, v in values(c) if v.source})
    refs = Table("source", "reference", "read", box=None)
    for key in keys:
        r = known.references.get(key, {})
        where = (r.get("pmid") and f"PMID {r['pmid']}") or r.get("doi") or r.get("url") or ""
        said = " ".join(str(r[k]) for k in ("authors", "title", "journal", "year") if r.get(k))
        refs.add_row(key, escape(f"{said} {where}".strip()), str(r.get("read", "")))
    console.print(refs)


def _label(compound: Compound, path: tuple[str | int, ...]) -> str:
    """A path with the enzyme's name instead of a list index."""
    node: Any = compound
    out: list[str] = []
    for part in path:
        if isinstance(part, int):
            node = node[part]
            out[-1] += f"[{getattr(node, 'by', getattr(node, 'on', getattr(node, 'target', part)))}]"
        else:
            node = node[part] if isinstance(node, dict) else getattr(node, part)
            out.append(part)
    return ".".join(out) if out else dotted(path)


def _number(value: Value) -> str:
    text = f"{value.value:.4g}"
    if value.low is not None or value.high is not None:
        text += f" ({value.low if value.low is not None else '…'}–{value.high if value.high is not None else '…'})"
    return text
