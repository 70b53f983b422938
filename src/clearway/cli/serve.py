"""`clearway serve`: the page and its API on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from clearway.cli.common import LibraryOption, load_library
from clearway.errors import InputError


def command(
    port: Annotated[
        int | None, typer.Option("--port", metavar="N", min=0, max=65535, help="Port (default: the first free from 8765).")
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Listen elsewhere than on this machine alone.")] = "127.0.0.1",
    library: LibraryOption = None,
) -> None:
    """Open the page: build a case, see its pairs, simulate it, read the evidence."""
    try:
        from clearway.web import serve
    except ImportError:
        raise InputError("clearway serve needs FastAPI and uvicorn, which are not installed (pip install 'clearway[web]')") from None
    if host not in ("127.0.0.1", "localhost", "::1"):
        print(f"Listening on {host}: everybody who reaches this address can use the page. There is no password and no encryption.")
    serve(load_library(library), host, port, browser=browser)
