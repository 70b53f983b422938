"""Case file → answer: what `clearway compare` and `clearway run` print, as objects and as JSON."""

from clearway.answers.comparing import Comparing, compare_case
from clearway.answers.options import Options
from clearway.answers.running import Running, run_case

__all__ = ["Comparing", "Options", "Running", "compare_case", "run_case"]
