"""The JSON API over a real connection: the same answers as the command line, in the form that the page reads."""

from __future__ import annotations

import json
import math
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from clearway.answers import compare_case
from clearway.answers.screening import screen_drugs
from clearway.library import Library
from clearway.regimen import Case
from clearway.screening.drugs import drug
from clearway.web import stream
from clearway.web.limits import AT_ONCE, WAITING
from web_server import Server, example, running

CASE = "methadone-efavirenz"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load()


@pytest.fixture(scope="module")
def server(library: Library) -> Iterator[Server]:
    with running(library) as found:
        yield found


def test_start_names_every_drug_as_the_case_reader_does(server: Server, library: Library) -> None:
    start = server.get("/api/start").json
    assert len(start["drugs"]) > 150
    for one in start["drugs"]:
        usual = one["usual"]
        assert library.names()[one["id"].lower()] == one["id"]
        assert {*one["parts"]} == {p.compound for p in library.product(one["id"]).parts if p.compound in library.compounds}
        if usual:  # what is filled in must be a case
            row = {"drug": one["id"], "dose": usual["dose"], "route": usual["route"]}
            row |= {"every": usual["every"], "count": 3} if usual["every"] else {}
            checked = server.post("/api/case/check", {"case": {"format": "clearway.case/1", "regimen": [row]}}).json
            assert checked["problems"] == [], one["id"]
            assert usual["route"] in one["routes"]
    assert {f["name"] for f in start["person"]} == {
        "sex", "age", "height", "weight", "haematocrit", "albumin", "aag", "urine_ph", "egfr", "child_pugh",
    }  # fmt: skip


def test_start_is_asked_for_once(server: Server) -> None:
    tag = server.get("/api/start").headers["etag"]
    again = server.get("/api/start", if_none_match=tag)
    assert (again.status, again.body) == (304, b"")


def test_check_gives_times_of_sound_entries_beside_the_problems_of_others(server: Server) -> None:
    case = example(CASE)
    case["regimen"][0]["missed"] = [3]
    case["compare"].append({"drug": "metadone", "dose": "5", "route": "oral"})
    found = server.post("/api/case/check", {"case": case}).json
    assert "compare[1].drug" in [p["path"] for p in found["problems"]]
    methadone, efavirenz = found["entries"]
    assert methadone["missed_h"] == [48] and len(methadone["times_h"]) == 20 and methadone["steady"]
    assert (efavirenz["arm"], efavirenz["index"], efavirenz["interval_h"], efavirenz["steady"]) == ("compare", 0, 24, False)


def test_a_case_goes_to_yaml_and_back(server: Server) -> None:
    for name in (CASE, "six-compounds", "twelve-drugs"):
        case = example(name)
        text = server.post("/api/case/save", {"case": case}).json["yaml"]
        assert server.post("/api/case/open", {"yaml": text}).json == {"case": case, "problems": []}


def test_open_names_the_line_of_a_fault(server: Server) -> None:
    text = "format: clearway.case/1\nregimen:\n  - {drug: methadone, dose: 60, route: oral}\n"
    found = server.post("/api/case/open", {"yaml": text}).json
    assert [(p["path"], p["line"]) for p in found["problems"]] == [("regimen[0].dose", 3)]
    assert found["case"]["regimen"][0]["drug"] == "methadone"
    assert server.post("/api/case/open", {"yaml": "a: [1"}).json["case"] is None


def test_matrix_is_the_static_screen_at_the_doses_of_the_case(server: Server, library: Library) -> None:
    found = server.post("/api/matrix", {"case": example(CASE)}).json
    assert [d["id"] for d in found["drugs"]] == ["methadone", "efavirenz"] and found["drugs"][0]["dose"] == "60 mg/24 h"
    screen = screen_drugs(["methadone", "efavirenz"], library, doses=["methadone=60 mg/24 h", "efavirenz=600 mg/24 h"])
    wanted = {(r.perpetrator, r.victim): r.auc_ratio for r in screen.pairs if r.route == "oral"}
    assert {(c["perpetrator"], c["victim"]): c["auc_ratio"] for c in found["cells"]} == pytest.approx(wanted)
    falls = next(c for c in found["cells"] if c["victim"] == "methadone")
    assert falls["direction"] == "fall" and falls["studies"]
    assert math.prod(f["factor"] for f in falls["mechanisms"]) == pytest.approx(falls["auc_ratio"], rel=0.02)


def test_matrix_of_fifteen_drugs(server: Server, library: Library) -> None:
    antiretrovirals, others = "efavirenz ritonavir darunavir", "methadone alprazolam sertraline bupropion midazolam oxycodone"
    more = "rifampicin fluoxetine quetiapine tramadol zolpidem diazepam"
    names = f"{antiretrovirals} {others} {more}".split()
    rows = [{"drug": n, "dose": "20 mg", "route": "oral", "every": "24 h", "count": 14} for n in names]
    case = {"format": "clearway.case/1", "regimen": rows}
    found = server.post("/api/matrix", {"case": case}).json
    assert len(found["drugs"]) == 15 and len(found["cells"]) == 15 * 14 and found["left_out"] == []


def test_a_combination_is_taken_apart_and_a_metabolite_left_out(server: Server) -> None:
    rows = [
        {"drug": "Biktarvy", "dose": "1 tablet", "route": "oral", "every": "24 h", "count": 7},
        {"drug": "methadone", "dose": "60 mg", "route": "oral", "every": "24 h", "count": 7},
        {"drug": "hydroxybupropion", "dose": "10 mg", "route": "iv bolus"},
    ]
    found = server.post("/api/matrix", {"case": {"format": "clearway.case/1", "regimen": rows}}).json
    assert {d["id"] for d in found["drugs"]} == {"bictegravir", "emtricitabine", "tenofovir-alafenamide", "methadone"}
    assert [left["drug"] for left in found["left_out"]] == ["hydroxybupropion"]


def test_pair_has_the_values_and_studies_behind_a_cell(server: Server, library: Library) -> None:
    asked = {"case": example(CASE), "perpetrator": "efavirenz", "victim": "methadone"}
    found = server.post("/api/pair", asked).json
    assert {r["compound"] for r in found["basis"]} == {"methadone-r", "methadone-s", "efavirenz"}
    assert any(r["enzyme"] == "CYP2B6" and r["what"].startswith("induction") for r in found["basis"])
    assert {a["id"] for a in found["studies"]} == set(found["cell"]["studies"]) and found["studies"]
    assert all(set(a["victims"]) & set(drug(library, "methadone").compounds) for a in found["studies"])
    wrong = server.post("/api/pair", asked | {"victim": "ritonavir"})
    assert wrong.status == 422 and "methadone, efavirenz" in wrong.json["problems"][0]["message"]


def test_simulation_streams_the_answer_of_the_command_line(server: Server, library: Library) -> None:
    case = example(CASE)
    events = server.post("/api/simulate", {"case": case}).events
    names = [name for name, _ in events if name != "progress"]
    assert names == ["answer", "missed", "reverse", "sensitive", "end"]
    told = [data for name, data in events if name == "progress"]
    assert [t["done"] for t in told] == list(range(told[0]["of"]))
    answer = next(data for name, data in events if name == "answer")
    same = compare_case(Case.load("examples/methadone-efavirenz.yaml", library), library).to_dict()
    for key in ("answer", "ratios", "attribution", "thresholds", "studies", "unknown", "flags"):
        assert answer[key] == same[key], key
    times, methadone = answer["curves"]["times"], answer["curves"]["plasma"]["methadone"]
    assert len(times) == len(methadone["control"]) == len(methadone["test"])
    last = [(t, c, w) for t, c, w in zip(times, methadone["control"], methadone["test"], strict=True) if t >= 480]
    assert max(w for *_, w in last) / max(c for _, c, _ in last) == pytest.approx(answer["ratios"][0]["cmax"], rel=0.02)
    reverse = next(data for name, data in events if name == "reverse")
    assert [r["compound"] for r in reverse["ratios"]] == ["efavirenz"]
    missed = next(data for name, data in events if name == "missed")["rows"]
    assert [m["drug"] for m in missed] == ["methadone", "efavirenz"] and all(m["changes"][0]["ratio"] < 0.7 for m in missed)


def test_a_case_that_compares_nothing(server: Server) -> None:
    case = example(CASE)
    del case["compare"]
    events = dict(server.post("/api/simulate", {"case": case}).events)
    answer = events["answer"]
    assert answer["ratios"] == [] and set(answer["curves"]["plasma"]["methadone"]) == {"test"} and answer["evidence"]["rows"]
    assert answer["exposure"]["methadone"]["control"] is None and answer["exposure"]["methadone"]["test"]["auc"] > 0
    assert [m["drug"] for m in events["missed"]["rows"]] == ["methadone"]


def test_a_fault_is_told_before_a_stream_begins_and_within_it(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    case = example(CASE)
    case["person"]["weight"] = "900 kg"
    reply = server.post("/api/simulate", {"case": case})
    assert reply.status == 422 and reply.json["problems"][0]["path"] == "person.weight"
    monkeypatch.setattr(stream, "WORK_SECONDS", 0.0)
    [(name, data)] = server.post("/api/simulate", {"case": example(CASE)}).events
    assert name == "problem" and "stopped after" in data["problems"][0]["message"]


@pytest.mark.parametrize("read", [200, 0])
def test_a_reader_that_goes_away_frees_its_turn(server: Server, read: int) -> None:
    body = json.dumps({"case": example("twelve-drugs")}).encode()
    sent = {"host": f"127.0.0.1:{server.port}", "content-type": "application/json", "content-length": len(body)}
    head = "POST /api/simulate HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in sent.items()) + "\r\n"
    for _ in range(AT_ONCE + WAITING):
        with socket.create_connection(("127.0.0.1", server.port)) as s:
            s.sendall(head.encode() + body)
            if read:
                s.recv(read)
    begin = time.monotonic()
    while (reply := server.post("/api/simulate", {"case": example(CASE)})).status == 429:  # those who went away may still be at work
        assert time.monotonic() - begin < 60
        time.sleep(0.1)
    assert reply.events[-1][0] == "end"


def test_cohort_in_memory(server: Server) -> None:
    events = server.post("/api/cohort", {"case": example(CASE), "subjects": 64, "seed": 3}).events
    assert [name for name, _ in events][-2:] == ["cohort", "end"]
    found = dict(events)["cohort"]
    ratio = next(e for e in found["endpoints"] if e["name"] == "methadone_auc_ratio")
    assert (ratio["label"], ratio["arm"], ratio["quantity"], ratio["subjects"]) == ("Methadone", "ratio", "auc", 64)
    levels = list(ratio["percentiles"].values())
    assert levels == sorted(levels) and 0.2 < levels[2] < 0.9
    band = next(b for b in found["bands"] if b["compound"] == "Methadone" and b["arm"] == "test")
    assert all(low <= mid <= high for low, mid, high in zip(band["p5"], band["p50"], band["p95"], strict=True))
    assert dict(server.post("/api/cohort", {"case": example(CASE), "subjects": 64, "seed": 3}).events)["cohort"] == found


def test_cards_accuracy_and_studies(server: Server, library: Library) -> None:
    listed = server.get("/api/compounds").json["compounds"]
    assert {c["id"] for c in listed} == set(library.compounds)
    card = server.get("/api/compounds/methadone-r").json
    rows = [r for b in card["blocks"] for r in b["rows"]]
    assert len(rows) == sum(next(c for c in listed if c["id"] == "methadone-r")["evidence"].values())
    assert {r["source"] for r in rows if r["source"]} <= {r["key"] for r in card["references"]}
    accuracy = server.get("/api/accuracy").json
    assert accuracy["figures"][0]["name"] == "headline" and accuracy["figures"][0]["n"] > 500
    arm = server.get("/api/studies/L043").json
    assert arm["arm"]["id"] == arm["study"]["id"] == "L043"
    for path in ("/api/compounds/nothing", "/api/studies/..%2f..%2fpyproject", "/api/nothing"):
        assert server.get(path).status == 404, path


def test_report_is_a_file_without_a_name_of_the_case(server: Server) -> None:
    case: dict[str, Any] = example(CASE) | {"title": "a private title"}
    found = server.post("/api/report", {"case": case, "format": "html"})
    assert found.status == 200 and "clearway-report.html" in found.headers["content-disposition"] and b"a private title" in found.body
    assert server.post("/api/report", {"case": case, "format": "doc"}).status == 422


def test_openapi_documents_every_path(server: Server) -> None:
    found = server.get("/api/openapi.json").json
    assert found["openapi"].startswith("3.1") and len(found["paths"]) == 14
    for path, methods in found["paths"].items():
        for method, said in methods.items():
            assert said["description"], (path, method)
