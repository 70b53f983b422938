"""Hostile requests get a clear 4xx, say nothing of what was sent, and the server goes on."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from clearway.errors import InputError
from clearway.web import limits
from clearway.web.guard import POLICY, depth, name_of
from clearway.web.serving import listen
from web_server import Server, example, running

SECRET = "Maria-Muster-1970"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as found:
        yield found


@pytest.fixture(autouse=True)
def goes_on(server: Server) -> Iterator[None]:
    """After each of these requests the server still answers."""
    yield
    assert server.post("/api/case/check", {"case": example("methadone-efavirenz")}).json["problems"] == []


def refused(reply: Any, *statuses: int) -> str:
    """The one sentence of a refusal."""
    assert reply.status in statuses, reply
    assert SECRET not in reply.body.decode()
    message: str = reply.json["problems"][0]["message"]
    assert len(message) > 10
    return message


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "[::2]", "127.0.0.1, evil"])
def test_a_foreign_host(server: Server, host: str) -> None:
    for path in ("/", "/api/start", "/api/openapi.json"):
        assert "answers only at" in refused(server.get(path, host=host), 400)


def test_no_host(server: Server) -> None:
    assert server.get("/", host="").status == 400


def test_a_repeated_host(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as s:
        s.sendall(b"GET /api/start HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\nconnection: close\r\n\r\n")
        assert b" 400 " in s.recv(100)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1", "http://localhost.evil.example"])
def test_a_foreign_origin(server: Server, origin: str) -> None:
    asked = {"case": example("methadone-efavirenz")}
    refused(server.post("/api/matrix", asked, origin=origin), 403)
    refused(server.post("/api/matrix", asked, sec_fetch_site="cross-site"), 403)
    assert server.post("/api/matrix", asked, origin=server.address, sec_fetch_site="same-origin").status == 200


def test_a_form_of_another_page_is_no_json(server: Server) -> None:
    body = json.dumps({"case": {}}).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        refused(server.post("/api/matrix", body, content_type=kind), 415)


def test_an_oversized_body(server: Server) -> None:
    big = b'{"yaml": "' + b"x" * limits.MAX_BYTES + b'"}'
    assert "too large" in refused(server.post("/api/case/open", big), 413)


def test_a_body_without_an_end(server: Server) -> None:
    """Chunked, a byte too much: refused at the limit, not after it was kept in memory."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as s:
        s.sendall(f"POST /api/case/open HTTP/1.1\r\nhost: 127.0.0.1:{server.port}\r\ncontent-type: application/json\r\n".encode())
        s.sendall(b"transfer-encoding: chunked\r\n\r\n")
        part = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        with contextlib.suppress(OSError):  # the server closes while this is still sending
            for _ in range(6):
                s.sendall(part)
        assert b" 413 " in s.recv(200)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[1", b'{"case": NaN}', b'{"case": Infinity}', b"\xff\xfe", b'{"case": "\\ud800"}', b'{"case": {"title": "\\udc00"}}',
        b"[" * 100_000, b'{"case": ' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001, b'{"case": ' + b"9" * 10_000 + b"}",
    ],
    ids=lambda b: b[:12].decode("latin-1"),
)  # fmt: skip
def test_what_is_no_json(server: Server, body: bytes) -> None:
    for path in ("/api/case/check", "/api/matrix", "/api/simulate", "/api/cohort", "/api/report", "/api/pair", "/api/case/save"):
        refused(server.post(path, body), 400)


@pytest.mark.parametrize("case", [None, 1, "case", [], [{}], True])
def test_a_case_of_another_type(server: Server, case: Any) -> None:
    for path, more in (("check", {}), ("save", {})):
        refused(server.post(f"/api/case/{path}", {"case": case} | more), 422)
    refused(server.post("/api/simulate", {"case": case}), 422)
    refused(server.post("/api/simulate", {"case": {}, SECRET: SECRET}), 422)


WRONG: list[dict[str, Any]] = [
    {},
    {"format": 1},
    {"format": "clearway.case/1"},
    {"format": "clearway.case/1", "regimen": {}},
    {"format": "clearway.case/1", "regimen": [None]},
    {"format": "clearway.case/1", "regimen": [[], 1, "x", {"drug": []}]},
    {"format": "clearway.case/1", "regimen": [{"drug": "methadone", "dose": {"a": 1}, "route": ["oral"]}]},
    {"format": "clearway.case/1", "regimen": [{"drug": SECRET[:5] * 10_000, "dose": "1 mg", "route": "oral"}]},
    {"format": "clearway.case/1", "regimen": [{"drug": "methadone", "dose": "60 mg", "route": "oral", "every": "0.06 h", "until": "15 d"}]},
    {"format": "clearway.case/1", "regimen": [{"drug": "methadone", "dose": "60 mg", "route": "oral", "every": "24 h", "count": 10**30}]},
    {"format": "clearway.case/1", "person": [], "regimen": []},
    {"format": "clearway.case/1", "person": {"weight": "nan kg", "genotype": {"CYP2B6": {}}}, "steady_state": [{}], "regimen": [{}]},
    {"format": "clearway.case/1", "measure": [1], "regimen": [{"drug": "methadone", "dose": "60 mg", "route": "oral"}]},
    {"format": "clearway.case/1", "duration": "9000 d", "regimen": [{"drug": "methadone", "dose": "60 mg", "route": "oral"}]},
    {"\u0000": 1, "format": "clearway.case/1", "regimen": [{"drug": "\u0000", "dose": "\u202e60 mg", "route": "oral\n"}]},
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG, ids=range(len(WRONG)))
def test_a_case_that_is_none(server: Server, case: dict[str, Any]) -> None:
    assert server.post("/api/case/check", {"case": case}).json["problems"]
    for path, more in (("matrix", {}), ("simulate", {}), ("cohort", {"subjects": 5}), ("report", {"format": "html"})):
        assert server.post(f"/api/{path}", {"case": case} | more).status == 422, path
    assert server.post("/api/case/save", {"case": case}).status in (200, 422)


def test_ten_thousand_doses(server: Server) -> None:
    row = {"drug": "methadone", "dose": "60 mg", "route": "oral"}
    case = {"format": "clearway.case/1", "regimen": [row | {"every": "1 h", "count": 10_000}]}
    listed = {"format": "clearway.case/1", "regimen": [row | {"doses": [{"time": f"{i} h"} for i in range(10_000)]}]}
    many = {"format": "clearway.case/1", "regimen": [row] * 10_000}
    for one in (case, listed):
        for path in ("matrix", "simulate"):
            assert "too many doses for the page" in refused(server.post(f"/api/{path}", {"case": one}), 422)
    refused(server.post("/api/matrix", {"case": many}), 413)
    assert "too many entries" in refused(server.post("/api/matrix", {"case": many | {"regimen": [row] * 100}}), 422)
    assert server.post("/api/cohort", {"case": case, "subjects": 10**9}).status == 422


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../app.py", "/assets/..%5c..%5capp.py",
        "//etc/passwd", "/api/../app.py", "/api/studies/../../pyproject.toml", "/api/compounds/..%2f..%2fx", "/assets%00.js",
        "/index.html%0d%0aset-cookie:a=b", "/" + "a" * 5_000, "/api/compounds/" + "%41" * 2_000,
    ],
)  # fmt: skip
def test_path_tricks(server: Server, path: str) -> None:
    reply = server.get(path)
    assert 400 <= reply.status < 500 and b"root:" not in reply.body and "set-cookie" not in reply.headers, path


def test_too_many_at_once_are_told_to_wait(server: Server) -> None:
    """Reports and simulations take turns; who comes when too many wait gets 429, and all others an answer."""
    asked = {"case": example("six-compounds"), "format": "html"}
    with ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(lambda _: server.post("/api/report", asked), range(20)))
    assert {r.status for r in replies} == {200, 429}
    assert sum(r.status == 200 for r in replies) >= limits.AT_ONCE + limits.WAITING
    assert "too many simulations" in refused(next(r for r in replies if r.status == 429), 429)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "999.1.1.1"])
def test_an_address_that_cannot_be_asked_for_by_name(host: str) -> None:
    with pytest.raises(InputError, match=r"--host|--port"):
        listen(host, 0)


def test_an_unexpected_error_says_its_kind_and_nothing_else(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    from clearway.web import cases, simulate

    def breaks(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr(cases, "check", breaks)
    monkeypatch.setattr(simulate, "compare_case", breaks)
    with running() as broken:
        reply = broken.post("/api/case/check", {"case": {}})
        assert "unexpected ZeroDivisionError" in refused(reply, 500)
        assert reply.headers["content-security-policy"] == POLICY
        [(name, data)] = [e for e in broken.post("/api/simulate", {"case": example("methadone-efavirenz")}).events if e[0] != "progress"]
        assert name == "problem" and "ZeroDivisionError" in data["problems"][0]["message"] and SECRET not in str(data)
    said = capfd.readouterr()
    assert "unexpected ZeroDivisionError at test_web_guard.py" in said.err and SECRET not in said.out + said.err


def test_methods(server: Server) -> None:
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"):
        assert server.ask(method, "/api/start").status == 405
    assert server.get("/api/simulate").status in (404, 405)


def test_every_answer_carries_the_policy(server: Server) -> None:
    for reply in (server.get("/"), server.get("/api/start"), server.get("/nothing"), server.get("/", host="evil.example")):
        assert reply.headers["content-security-policy"] == POLICY and "unsafe" not in POLICY
        assert reply.headers["x-content-type-options"] == "nosniff" and "server" not in reply.headers
    assert server.get("/api/start").headers["cache-control"] == "no-store"
    assert "set-cookie" not in server.get("/").headers


def test_the_page_is_there_and_names_no_other_place(server: Server) -> None:
    page = server.get("/")
    assert page.status == 200 and "text/html" in page.headers["content-type"]
    text = page.body.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)", text) == [] and "style=" not in text and "<style" not in text
    for address in re.findall(r'(?:src|href)="([^"]+)"', text):
        assert not re.match(r"(https?:)?//", address)
        assert server.get("/" + address.removeprefix("./")).status == 200


def test_depth_and_names() -> None:
    assert [depth(b) for b in (b"", b"1", b"[]", b'{"a": [{}]}', b'"[[["', b'"\\"[["', b'["\\\\", [')] == [0, 0, 1, 3, 0, 0, 2]
    names = ["LOCALHOST:80", "127.0.0.1", "[::1]:8000", "[::1]", "", "a:b:c"]
    assert [name_of(h) for h in names] == ["localhost", "127.0.0.1", "[::1]", "[::1]", "", "a"]


def test_nothing_of_a_person_is_printed_or_left_behind(tmp_path: Path) -> None:
    """A server that is killed in the middle of its work: no line and no file holds what it was asked."""
    env = {**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    log = (tmp_path / "log").open("w+b")
    command = [sys.executable, "-m", "clearway", "serve", "--port", "0", "--no-browser"]
    process = subprocess.Popen(command, cwd=tmp_path, env=env, stdout=log, stderr=log)
    try:
        begin = time.monotonic()
        while not (found := re.search(rb"http://127.0.0.1:(\d+)/", (tmp_path / "log").read_bytes())):
            assert time.monotonic() - begin < 30 and process.poll() is None
            time.sleep(0.05)
        server = Server(int(found[1]))
        case = example("methadone-efavirenz") | {"title": SECRET}
        assert server.post("/api/report", {"case": case, "format": "html"}).status == 200
        assert dict(server.post("/api/cohort", {"case": case, "subjects": 20}).events)["cohort"]["failed"] == 0
        assert server.post("/api/matrix", {"case": {"title": SECRET}}).status == 422
        with socket.create_connection(("127.0.0.1", server.port)) as s:
            body = json.dumps({"case": case, "subjects": limits.MAX_SUBJECTS}).encode()
            head = f"POST /api/cohort HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
            s.sendall(head.encode() + body)
            s.recv(100)
            process.send_signal(signal.SIGKILL)
            process.wait(10)
    finally:
        process.kill()
    left = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert [p.name for p in left if SECRET.encode() in p.read_bytes()] == []
    assert [p.name for p in left if p.name != "log" and "fontconfig" not in str(p)] == []
