"""The server process: one worker on the loopback address, nothing logged of what is asked."""

from __future__ import annotations

import functools
import socket
import threading
import webbrowser
from collections.abc import Callable

import uvicorn

from clearway.errors import InputError
from clearway.library import Library
from clearway.web.app import create_app
from clearway.web.guard import LOOPBACK

PORT = 8765
TRIED = 20
"""Ports after the first that are tried where that one is taken."""

CONNECTIONS = 64

SAY = functools.partial(print, flush=True)
"""The address is read at once, also by a program that started the server."""


def serve(
    library: Library, host: str = "127.0.0.1", port: int | None = None, *, browser: bool = True, said: Callable[[str], None] = SAY
) -> None:
    """Serve until stopped. Without a `port` the first free one from `PORT`; 0 takes any. Raises InputError where a port is taken."""
    listening = listen(host, port)
    number = listening.getsockname()[1]
    address = f"http://{f'[{host}]' if ':' in host else host}:{number}/"
    hosts = {*LOOPBACK, f"[{host}]" if ":" in host else host}
    config = uvicorn.Config(
        create_app(library, hosts), log_level="warning", access_log=False, server_header=False, limit_concurrency=CONNECTIONS,
        timeout_keep_alive=5, timeout_graceful_shutdown=2, lifespan="off",
    )  # fmt: skip
    said(f"Clearway: {address}   (Ctrl-C stops it; nothing that is entered is stored)")
    if browser:
        threading.Timer(0.3, webbrowser.open, [address]).start()
    uvicorn.Server(config).run([listening])


EVERYWHERE = ("0.0.0.0", "::", "")


def listen(host: str, port: int | None) -> socket.socket:
    """A bound socket. Raises InputError where no port can be had."""
    if host in EVERYWHERE:
        text = f"--host: {host!r} is every address of this machine (give the one under which it shall be asked, such as 192.168.1.5)"
        raise InputError(text)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    tried = [port] if port is not None else list(range(PORT, PORT + TRIED))
    for number in tried:
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, number))
            listening.listen()  # whoever comes before the server is ready waits for it
        except OSError as error:
            listening.close()
            if len(tried) == 1:
                text = f"--port: {number} at {host} cannot be used ({error.strerror}; choose another, or leave --port out)"
                raise InputError(text) from None
            continue
        return listening
    raise InputError(f"no free port from {tried[0]} to {tried[-1]} (give one with --port)")
