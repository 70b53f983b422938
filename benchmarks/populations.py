"""`clearway cohort` from the shell: people a second from sampling to Parquet, on one thread and on all, and its memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from progress import say
from workers import cores

CASE = Path(__file__).parent.parent / "examples" / "methadone-efavirenz.yaml"


def cohort(people: int) -> dict[str, Any]:
    """Each in a process of its own, both arms of the case, endpoints and bands. Raises RuntimeError with what the program says."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for threads in sorted({1, len(cores())}):
            command = [
                sys.executable, "-m", "clearway", "cohort", str(CASE), "-n", str(people), "--threads", str(threads),
                "--out", str(Path(folder) / str(threads)), "--json",
            ]  # fmt: skip
            with (Path(folder) / "out").open("w+") as out, (Path(folder) / "err").open("w+") as err:
                start = time.perf_counter()
                process = subprocess.Popen(command, stdout=out, stderr=err)
                _, status, usage = os.wait4(process.pid, 0)  # the peak memory of this one, not of all before
                process.returncode = os.waitstatus_to_exitcode(status)
                wall = time.perf_counter() - start
                out.seek(0)
                err.seek(0)
                if process.returncode:
                    raise RuntimeError(f"clearway cohort: {err.read().strip()[-300:]}")
                told = json.loads(out.read())
            rows.append({
                "threads": threads, "wall_seconds": wall, "seconds": told["seconds"], "speed": people / told["seconds"],
                "failed": told["failed"], "peak_mib": usage.ru_maxrss / 1024, "work_seconds": told["work_seconds"],
                "bytes": sum(f["bytes"] for f in told["files"].values()),
            })  # fmt: skip
            say(f"  {threads} threads: {rows[-1]['speed']:.0f} people/s, {rows[-1]['peak_mib']:.0f} MiB")
    return {"case": CASE.stem, "people": people, "rows": rows}
