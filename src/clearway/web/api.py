"""The JSON API: one function a path, each with the type of what it takes and gives. The page uses nothing else."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, StreamingResponse

from clearway.answers import compare_case, run_case, studies
from clearway.errors import Problem as Fault
from clearway.errors import UnknownName
from clearway.library.document import read_document
from clearway.report import render
from clearway.web import cases, compounds, matrix, pairs, shapes
from clearway.web.cohort import cohort
from clearway.web.known import Known
from clearway.web.limits import case_of
from clearway.web.simulate import STAGES, simulate
from clearway.web.start import start
from clearway.web.stream import Telling, Turns, events

BAD: dict[int | str, dict[str, Any]] = {422: {"model": shapes.Problems, "description": "what is wrong, and where"}}
BUSY: dict[int | str, dict[str, Any]] = {429: {"model": shapes.Problems, "description": "too many simulations at once"}}
REFUSED: dict[int | str, dict[str, Any]] = {
    400: {"model": shapes.Problems, "description": "a foreign host, a body that is no JSON, a path that is none"},
    403: {"model": shapes.Problems, "description": "asked by another page"},
    408: {"model": shapes.Problems, "description": "the body did not come in time"},
    413: {"model": shapes.Problems, "description": "the body is too large"},
    415: {"model": shapes.Problems, "description": "the body is not application/json"},
}
MEDIA = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}
Key = Annotated[str, Path(max_length=80)]


def _stream(*events: str) -> dict[int | str, dict[str, Any]]:
    """An answer of server-sent events: each has a name, and JSON as its data."""
    names = {"enum": ["progress", *events, "problem", "end"]}
    data = {"type": "string", "description": "JSON; docs/json-api.md says of which shape"}
    one = {"type": "object", "properties": {"event": names, "data": data}, "required": ["event", "data"]}
    return {
        200: {"content": {"text/event-stream": {"schema": one}}, "description": "server-sent events"},
        **BUSY,
        **BAD,
    }


def api(known: Known) -> APIRouter:
    """The routes over one library."""
    route = APIRouter(prefix="/api", responses=REFUSED)
    turns = Turns()
    kept: dict[str, bytes] = {}
    making = threading.Lock()

    def once(name: str, make: Callable[[], dict[str, Any]]) -> bytes:
        """A document of the library, which does not change while the server runs: made by the first who asks, others wait for it."""
        if name not in kept:
            with making:
                if name not in kept:
                    kept[name] = json.dumps(make(), ensure_ascii=False, allow_nan=False).encode()
        return kept[name]

    @route.get("/start", response_model=shapes.Start)
    def get_start(if_none_match: Annotated[str | None, Header()] = None) -> Response:
        """Everything that the page needs at once: drugs by all their names, fields of a person, genes, limits."""
        body = once("start", lambda: start(known))
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if if_none_match == tag:
            return Response(status_code=304, headers={"etag": tag})
        return Response(body, media_type="application/json", headers={"etag": tag})

    @route.post("/case/check", response_model=shapes.Checked, responses=BAD)
    def post_check(asked: shapes.CaseRequest) -> Response:
        """What is wrong in a case, and the doses of its sound entries."""
        return JSONResponse(cases.check(known, asked.case))

    @route.post("/case/open", response_model=shapes.Opened, responses=BAD)
    def post_open(asked: shapes.OpenRequest) -> Response:
        """A case file (YAML) as JSON, with its problems by line."""
        return JSONResponse(cases.opened(known, asked.yaml))

    @route.post("/case/save", response_model=shapes.Saved, responses=BAD)
    def post_save(asked: shapes.CaseRequest) -> Response:
        """The case as the YAML that the command line reads. It need not be sound yet."""
        return JSONResponse(cases.saved(asked.case))

    @route.post("/matrix", response_model=shapes.Matrix, responses=BAD)
    def post_matrix(asked: shapes.CaseRequest) -> Response:
        """Every pair of the case by the static screen."""
        return JSONResponse(matrix.matrix(known, case_of(asked.case, known.library)))

    @route.post("/pair", response_model=shapes.Pair, responses=BAD)
    def post_pair(asked: shapes.PairRequest) -> Response:
        """One pair of the case, with the values and studies behind it."""
        return JSONResponse(matrix.pair(known, case_of(asked.case, known.library), asked.perpetrator, asked.victim))

    @route.post("/simulate", response_class=StreamingResponse, responses=_stream("answer", "missed", "reverse", "sensitive"))
    async def post_simulate(asked: shapes.CaseRequest) -> Response:
        """The case by the dynamic model, as events: progress, answer, missed, reverse, sensitive, problem, end."""
        case = await run_in_threadpool(case_of, asked.case, known.library)
        return await stream(STAGES, lambda telling: simulate(known, case, telling))

    @route.post("/cohort", response_class=StreamingResponse, responses=_stream("cohort"))
    async def post_cohort(asked: shapes.CohortRequest) -> Response:
        """The case in virtual people, as events: progress, cohort, problem, end."""
        case = await run_in_threadpool(case_of, asked.case, known.library)
        return await stream(1, lambda telling: cohort(known, case, asked.subjects, asked.seed, telling))

    async def stream(stages: int, work: Callable[[Telling], None]) -> Response:
        await turns.take()
        return StreamingResponse(events(turns, stages, work), media_type="text/event-stream")

    @route.post("/report", responses={**BAD, **BUSY, 200: {"content": {media: {} for media in MEDIA.values()}}}, response_class=Response)
    async def post_report(asked: shapes.ReportRequest) -> Response:
        """The report of the case as one file."""
        await turns.take()
        try:
            body = await run_in_threadpool(report, asked.case, asked.format)
        finally:
            turns.give()
        headers = {"content-disposition": f'attachment; filename="clearway-report.{asked.format}"'}
        return Response(body, media_type=MEDIA[asked.format], headers=headers)

    def report(data: dict[str, Any], kind: Literal["html", "pdf"]) -> bytes:
        case = case_of(data, known.library)
        answer = compare_case(case, known.library) if case.compare.entries else run_case(case, known.library)
        return render(answer, kind)

    @route.get("/screen", response_model=shapes.Screen)
    def get_screen() -> Response:
        """Every pair of the library that changes, by the static screen; the first call takes some seconds."""
        return Response(once("screen", lambda: pairs.screen(known)), media_type="application/json")

    @route.get("/compounds", response_model=shapes.Compounds)
    def get_compounds() -> Response:
        """The compounds of the library."""
        return Response(once("compounds", lambda: compounds.compounds(known)), media_type="application/json")

    @route.get("/compounds/{compound}", response_model=shapes.Card, responses={404: {"model": shapes.Problems}, **BAD})
    def get_compound(compound: Key) -> Response:
        """The card of one compound: every value with its evidence and source."""
        return JSONResponse(compounds.card(known, compound))

    @route.get("/accuracy", response_model=shapes.Accuracy)
    def get_accuracy() -> Response:
        """Predicted and observed ratios of clinical study arms."""
        return JSONResponse({"figures": studies.figures(), "arms": known.arms})

    @route.get("/studies/{study}", response_model=shapes.Study, responses={404: {"model": shapes.Problems}, **BAD})
    def get_study(study: Key) -> Response:
        """One study arm, as its file has it."""
        if study not in known.study_files:
            raise UnknownName(Fault("no such study (GET /api/accuracy lists them)"))
        arm = next((a for a in known.arms if a["id"] == study), None)
        return JSONResponse({"arm": arm, "study": read_document(known.study_files[study]).data})

    return route
