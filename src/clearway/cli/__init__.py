"""The command line. `main` maps every outcome to an exit code:
0 ok, 1 unexpected, 2 bad input, 3 the model could not be solved, 130 stopped by the user."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Sequence

MAX_LINES = 20


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (the installed script exits with it)."""
    from clearway.errors import ClearwayError, InputError

    gc.set_threshold(100_000)  # a start makes very many objects that stay; the usual 700 costs a tenth of a comparison
    try:
        from clearway.cli.app import run

        return run(list(sys.argv[1:] if argv is None else argv))
    except InputError as error:
        _say(*[str(p) for p in error.problems[:MAX_LINES]])
        if len(error.problems) > MAX_LINES:
            _say(f"… and {len(error.problems) - MAX_LINES} more")
        return error.exit_code
    except ClearwayError as error:
        _say(str(error))
        return error.exit_code
    except BrokenPipeError:  # `clearway show … | head`
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 — the interpreter flushes it at exit
        return 0
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        advice = "free some space, or write elsewhere" if full else "check the path and its permissions"
        _say(f"{error.filename or 'output'}: cannot be written or read ({error.strerror}; {advice})")
        return 2
    except KeyboardInterrupt:
        _say("stopped")
        return 130


def _say(*lines: str) -> None:
    for line in lines:
        print(line, file=sys.stderr)
