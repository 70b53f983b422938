"""The application: the API and the built page, behind the guard."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from clearway.errors import ClearwayError, InputError, UnknownName
from clearway.errors import Problem as Fault
from clearway.library import Library
from clearway.release import release
from clearway.web.api import api
from clearway.web.cases import problem
from clearway.web.guard import LOOPBACK, Guard, Refused, fault
from clearway.web.known import Known

PAGE = Path(__file__).parent / "page"


def create_app(library: Library | None = None, hosts: Collection[str] = LOOPBACK) -> Guard:
    """The ASGI application over a library; `hosts` are the names under which it may be asked."""
    app = FastAPI(
        title="Clearway",
        version=release("source"),
        summary="What the medicines and drugs that one person takes do to each other. For research and education.",
        openapi_url="/api/openapi.json",
        docs_url=None,  # Swagger's page needs inline script, which the policy forbids
        redoc_url=None,
    )
    app.include_router(api(Known(library or Library.load())))
    app.mount("/", StaticFiles(directory=PAGE, html=True))
    app.exception_handler(InputError)(_input)
    app.exception_handler(ClearwayError)(_unsolved)
    app.exception_handler(RequestValidationError)(_shape)
    app.exception_handler(HTTPException)(_status)
    app.exception_handler(Refused)(_refused)
    app.exception_handler(Exception)(_unexpected)
    return Guard(app, hosts)


def _said(status: int, *faults: Fault) -> Response:
    return JSONResponse({"problems": [problem(f) for f in faults]}, status)


async def _input(request: Request, error: InputError) -> Response:
    return _said(404 if isinstance(error, UnknownName) and request.method == "GET" else 422, *error.problems)


async def _unsolved(request: Request, error: ClearwayError) -> Response:
    return _said(422, Fault(str(error)))


async def _shape(request: Request, error: RequestValidationError) -> Response:
    """What is wrong with a request's form, without what was sent: the name of a field that is unknown could be anything."""
    return _said(422, *(Fault(e["msg"], path="" if e["type"] == "extra_forbidden" else _place(e["loc"])) for e in error.errors()))


def _place(where: Sequence[str | int]) -> str:
    return ".".join(str(p) for p in where[1:])


async def _refused(request: Request, error: Refused) -> Response:
    return _said(error.status, Fault(str(error)))


async def _unexpected(request: Request, error: Exception) -> Response:
    """The answer; the guard outside of this says on the terminal what kind of error it was."""
    return _said(500, Fault(fault(error)))


async def _status(request: Request, error: HTTPException) -> Response:
    return JSONResponse({"problems": [problem(Fault(str(error.detail)))]}, error.status_code, headers=error.headers)
