"""What stands before every request: who may ask, how much, and what a browser may do with the answer.

The server is for the one person at this machine. A page elsewhere could still try to reach it through that person's browser:
by a host name that points to 127.0.0.1 (DNS rebinding), or by a request across origins. Both are refused here, before
anything is read. Refusals never repeat what was sent.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Collection, Iterable, MutableMapping
from typing import Any

from clearway.web.limits import BODY_SECONDS, MAX_BYTES, MAX_DEPTH

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
STORED = "/assets/"
"""Files whose names change with their content; everything else is asked for anew."""


class Refused(Exception):
    """A request that goes no further: its status and one sentence."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class Guard:
    """An ASGI application around another. `hosts` are the names, without port, under which the server may be asked."""

    def __init__(self, app: App, hosts: Collection[str] = LOOPBACK) -> None:
        self.app, self.hosts = app, {h.lower() for h in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message.get("headers", []), *_headers(scope["path"])]
            await send(message)

        try:
            self._check(scope)
            again = await _body(scope, receive)
            await self.app(scope, again, answer)
        except Refused as refused:
            await _say(answer, refused.status, str(refused))
        except Exception as error:
            # Only what kind of error it was, and where: a message could hold what a person takes.
            print(f"clearway serve: unexpected {type(error).__name__} at {where(error)}", file=sys.stderr)
            if not begun:
                await _say(answer, 500, fault(error))

    def _check(self, scope: Scope) -> None:
        """Raises `Refused` for a foreign host or origin, a path with control characters, a body that is not JSON."""
        headers = _first(scope["headers"])
        host = headers.get("host", "")
        if name_of(host) not in self.hosts:
            raise Refused(400, f"this server answers only at {' and '.join(sorted(self.hosts))}")
        origin = headers.get("origin")
        if origin is not None and origin != f"{scope.get('scheme', 'http')}://{host}":
            raise Refused(403, "requests from another page are refused")
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Refused(403, "requests from another page are refused")
        if any(ord(c) < 32 or ord(c) == 127 for c in scope["path"]):
            raise Refused(400, "the path holds control characters")
        if scope["method"] == "POST" and headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            raise Refused(415, "a request's body must be application/json")


def name_of(host: str) -> str:
    """`LOCALHOST:8000` as `localhost`; an address in brackets stays in them."""
    host = host.strip().lower()
    end = host.rfind("]")
    return host[: end + 1] if end >= 0 else host.partition(":")[0]


def _first(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by name; of a repeated one the values are joined, so that a second Host matches nothing."""
    found: dict[str, str] = {}
    for key, value in headers:
        name, text = key.decode("latin-1").lower(), value.decode("latin-1")
        found[name] = f"{found[name]}, {text}" if name in found else text
    return found


async def _body(scope: Scope, receive: Receive) -> Receive:
    """The whole body, read within its limits, to be received again. Raises `Refused`."""
    try:
        body = await asyncio.wait_for(_read(receive), BODY_SECONDS)
    except TimeoutError:
        raise Refused(408, f"the body did not come within {BODY_SECONDS:.0f} s") from None
    if scope["method"] == "POST":
        check_json(body)
    sent = False

    async def again() -> Message:
        nonlocal sent
        if not sent:
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return again


async def _read(receive: Receive) -> bytes:
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "the request was not finished")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BYTES:
            raise Refused(413, f"the body is too large (at most {MAX_BYTES:,} bytes)")
        if not message.get("more_body"):
            return b"".join(parts)


def check_json(body: bytes) -> None:
    """Refuse what is no JSON text, is nested too deeply, or holds what is no number or no character. Raises `Refused`."""
    if depth(body) > MAX_DEPTH:
        raise Refused(400, f"the JSON is nested too deeply (at most {MAX_DEPTH} levels)")
    try:
        data = json.loads(body, parse_constant=_no_constant)
        json.dumps(data, ensure_ascii=False).encode()  # half a surrogate pair is no character and could not be answered
    except (ValueError, RecursionError):
        raise Refused(400, "the body is not valid JSON") from None


def _no_constant(text: str) -> float:
    raise ValueError(text)


def depth(body: bytes) -> int:
    """Deepest nesting of brackets outside of strings, without parsing."""
    level = deepest = 0
    inside = escaped = False
    for c in body:
        if inside:
            if escaped:
                escaped = False
            elif c == 0x5C:
                escaped = True
            elif c == 0x22:
                inside = False
        elif c == 0x22:
            inside = True
        elif c in b"[{":
            level += 1
            deepest = max(deepest, level)
        elif c in b"]}":
            level -= 1
    return deepest


def _headers(path: str) -> list[tuple[bytes, bytes]]:
    keep = "public, max-age=31536000, immutable" if path.startswith(STORED) else "no-store" if path.startswith("/api/") else "no-cache"
    return [(k.encode(), v.encode()) for k, v in {**HEADERS, "cache-control": keep}.items()]


async def _say(send: Send, status: int, text: str) -> None:
    body = json.dumps({"problems": [{"message": text, "path": "", "line": 0, "column": 0}]}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def fault(error: BaseException) -> str:
    """What is said of an error that nobody expected."""
    return f"unexpected {type(error).__name__}: this is a fault of Clearway; nothing was stored"


def where(error: BaseException) -> str:
    """The innermost place, as `file:line`."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    return f"{step.tb_frame.f_code.co_filename.rpartition('/')[2]}:{step.tb_lineno}" if step else "?"
