"""Long work as a stream of server-sent events: it runs in a thread, tells how far it is, and ends when nobody listens."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable
from threading import Event
from typing import Any

from clearway.errors import ClearwayError, InputError
from clearway.errors import Problem as Fault
from clearway.web.cases import problem
from clearway.web.guard import Refused, fault, where
from clearway.web.limits import AT_ONCE, WAITING, WORK_SECONDS


class Stopped(Exception):
    """Nobody listens any more, or the time is over."""


class Telling:
    """What the work is given: `event` sends one, `stage` tells where it is; both raise `Stopped` once it shall end."""

    def __init__(self, send: Callable[[str, Any], None], stages: int) -> None:
        self._send, self.stages, self.done = send, stages, 0
        self.stop = Event()
        self.start = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.start

    def check(self) -> None:
        if self.stop.is_set():
            raise Stopped
        if self.seconds > WORK_SECONDS:
            text = f"stopped after {WORK_SECONDS:.0f} s (make the case shorter or smaller, or use the command line, which has no limit)"
            raise InputError(Fault(text))

    def event(self, name: str, data: Any) -> None:
        self.check()
        self._send(name, data)

    def stage(self, text: str) -> None:
        """`text` begins; what was told before is done."""
        self.event("progress", {"stage": text, "done": min(self.done, self.stages), "of": self.stages})
        self.done += 1


class Turns:
    """So much work at once, so much that waits; who comes after that is refused."""

    def __init__(self) -> None:
        self._free, self._waiting = asyncio.Semaphore(AT_ONCE), 0

    async def take(self) -> None:
        """Wait for a turn. Raises `Refused` where too many wait."""
        if self._free.locked() and self._waiting >= WAITING:
            raise Refused(429, "too many simulations at once (wait for one of them to end)")
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1

    def give(self) -> None:
        self._free.release()


def events(turns: Turns, stages: int, work: Callable[[Telling], None]) -> AsyncIterator[str]:
    """The events of `work`, which has its turn already and begins at once: the turn is given back when its thread has ended, also if
    nobody ever reads an event."""
    loop, queue = asyncio.get_running_loop(), asyncio.Queue[str | None]()

    def send(name: str, data: Any) -> None:
        text = f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False, allow_nan=False)}\n\n"
        loop.call_soon_threadsafe(queue.put_nowait, text)

    telling = Telling(send, stages)

    def run() -> None:
        try:
            work(telling)
            telling.event("end", {"seconds": telling.seconds})
        except Stopped:
            pass
        except ClearwayError as error:
            problems = error.problems if isinstance(error, InputError) else [Fault(str(error))]
            send("problem", {"problems": [problem(p) for p in problems]})
        except Exception as error:
            print(f"clearway serve: unexpected {type(error).__name__} at {where(error)}", file=sys.stderr)
            send("problem", {"problems": [problem(Fault(fault(error)))]})
        finally:
            loop.call_soon_threadsafe(queue.put_nowait, None)
            loop.call_soon_threadsafe(turns.give)

    loop.run_in_executor(None, run)
    return _read(queue, telling)


async def _read(queue: asyncio.Queue[str | None], telling: Telling) -> AsyncIterator[str]:
    try:
        while (text := await queue.get()) is not None:
            yield text
    finally:
        telling.stop.set()  # a reader that went away ends the work at its next stage
