"""How long a person waits for the page: `python benchmarks/serve.py`.

Each time stands beside the one of the same work in this process (the peer), so that the ratio says what the server, the wire and
the browser cost, whatever the machine is doing.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from clearway.answers import compare_case  # noqa: E402
from clearway.library import Library  # noqa: E402
from clearway.library.document import Document  # noqa: E402
from clearway.regimen.case import read_case  # noqa: E402
from clearway.web.known import Known  # noqa: E402
from clearway.web.matrix import matrix  # noqa: E402
from web_server import Server, example, running  # noqa: E402

RUNS = 5
FIFTEEN = (
    "efavirenz ritonavir darunavir methadone alprazolam sertraline bupropion midazolam oxycodone rifampicin fluoxetine quetiapine tramadol "
    "zolpidem diazepam"
)


def seconds(work: Callable[[], Any]) -> float:
    """The median of some runs, after one that fills what is kept."""
    work()
    found = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        work()
        found.append(time.perf_counter() - begin)
    return statistics.median(found)


def fifteen() -> dict[str, Any]:
    rows = [{"drug": n, "dose": "20 mg", "route": "oral", "every": "24 h", "count": 14} for n in FIFTEEN.split()]
    return {"format": "clearway.case/1", "regimen": rows}


def until_answer(server: Server, case: dict[str, Any]) -> float:
    """Seconds until the event `answer` has come; the other events come after it."""
    import http.client
    import json

    begin = time.perf_counter()
    wire = http.client.HTTPConnection("127.0.0.1", server.port)
    wire.request("POST", "/api/simulate", json.dumps({"case": case}), {"content-type": "application/json"})
    reply = wire.getresponse()
    while not reply.readline().startswith(b"event: answer"):
        pass
    reply.readline()
    took = time.perf_counter() - begin
    reply.read()
    wire.close()
    return took


def ready(server: Server) -> float:
    """Seconds until the page can be typed into, in a new browser window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
        browser = p.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        found = []
        for _ in range(RUNS):
            context = browser.new_context()
            page = context.new_page()
            begin = time.perf_counter()
            page.goto(server.address)
            page.get_by_role("combobox", name="Add a drug").wait_for()
            found.append(time.perf_counter() - begin)
            context.close()
        browser.close()
    return statistics.median(found)


def main() -> None:
    library = Library.load()
    known = Known(library)
    with running(library) as server:
        print(f"{'':44}{'page, ms':>10}{'peer, ms':>10}{'ratio':>8}")

        def line(name: str, mine: float, peer: float) -> None:
            print(f"{name:44}{1000 * mine:10.0f}{1000 * peer:10.0f}{mine / peer:8.2f}")

        start = seconds(lambda: server.get("/api/start"))
        line("page ready (peer: its first request alone)", ready(server), start)
        case = fifteen()
        peer = seconds(lambda: matrix(known, read_case(Document("", case), library)))
        line("pairs of fifteen drugs", seconds(lambda: server.post("/api/matrix", {"case": case})), peer)
        for name in ("methadone-efavirenz", "twelve-drugs"):
            case = example(name)
            peer = seconds(lambda c=case: compare_case(read_case(Document("", c), library), library).to_dict(sensitive=False))  # type: ignore[misc]
            mine = statistics.median(until_answer(server, case) for _ in range(RUNS))
            line(f"simulate until the answer: {name}", mine, peer)


if __name__ == "__main__":
    main()
