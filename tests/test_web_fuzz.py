"""schemathesis over the documented API: whatever fits a path's types, or does not, is answered as documented and never by a 500."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi import checks

from clearway.library import Library
from clearway.web.app import create_app
from web_server import Server, example, running

EXAMPLES = 25
PATIENCE = 120.0
"""Seconds for one answer: machines are shared."""

CHECKS = [
    schemathesis.checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance,
]  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as found:
        yield found


OPERATIONS = sorted((path, method) for path, said in create_app(Library()).app.openapi()["paths"].items() for method in said)


@pytest.mark.parametrize("path,method", OPERATIONS)
def test_documented(server: Server, path: str, method: str) -> None:
    operation = schemathesis.openapi.from_url(f"{server.address}/api/openapi.json")[path][method]

    @given(operation.as_strategy())
    @settings(
        max_examples=EXAMPLES if method == "post" or "{" in path else 1, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def fuzz(case: Any) -> None:
        case.call_and_validate(checks=CHECKS, timeout=PATIENCE)

    fuzz()


@pytest.mark.parametrize(
    ("path", "more"),
    [("case/check", {}), ("case/save", {}), ("matrix", {}), ("pair", {"perpetrator": "efavirenz", "victim": "methadone"})],
)  # fmt: skip
@pytest.mark.parametrize("name", ["methadone-efavirenz", "twelve-drugs", "six-compounds"])
def test_answers_to_real_cases_fit_their_types(server: Server, path: str, more: dict[str, Any], name: str) -> None:
    """Random objects are rarely a case: the sound ones are held against the document too."""
    found = schemathesis.openapi.from_url(f"{server.address}/api/openapi.json")
    if path == "pair" and name != "methadone-efavirenz":
        more = {"perpetrator": "ritonavir" if name == "six-compounds" else "cobicistat", "victim": "methadone"}
    reply = server.post(f"/api/{path}", {"case": example(name)} | more)
    operation = found[f"/api/{path}"]["post"]
    assert reply.status == 200
    call = operation.Case(body={"case": example(name)} | more, media_type="application/json", headers={"content-type": "application/json"})
    call.call_and_validate(checks=CHECKS, timeout=PATIENCE)
