"""A real server on a free port of this machine, and requests to it as they go over the wire."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from clearway.library import Library
from clearway.library.document import read_document
from clearway.web.app import create_app
from clearway.web.serving import listen

ROOT = Path(__file__).parents[1]


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def events(self) -> list[tuple[str, Any]]:
        """Server-sent events, in order."""
        found = []
        for block in self.body.decode().strip().split("\n\n"):
            name, data = block.split("\n", 1)
            found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
        return found


@dataclass
class Server:
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """`body`: bytes as they are, anything else as JSON. A header with `_` for `-`; one given as '' is left out."""
        sent = {"host": f"127.0.0.1:{self.port}", **({"content-type": "application/json"} if body is not None else {})}
        sent |= {k.replace("_", "-").lower(): v for k, v in headers.items()}
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                if value:
                    connection.putheader(name, value)
            if raw is not None and "transfer-encoding" not in sent:
                connection.putheader("content-length", str(len(raw)))
            connection.endheaders(raw)
            reply = connection.getresponse()
            return Reply(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Reply:
        return self.ask("POST", path, body, **headers)


@contextmanager
def running(library: Library | None = None) -> Iterator[Server]:
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(create_app(library), log_level="warning", access_log=False, server_header=False, lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Server(listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(10)


def example(name: str) -> dict[str, Any]:
    """An example as the page holds it."""
    data = read_document(ROOT / "examples" / f"{name}.yaml").data
    assert isinstance(data, dict)
    return data
