"""Populations beyond memory: chunks of virtual people, streamed to Parquet, resumable, on threads or on a cluster.

from clearway.cohort import Plan, run

outcome = run("examples/methadone-efavirenz.yaml", Plan(subjects=10_000, seed=1), "out")
outcome.failed
"""

from clearway.cohort.plan import Plan
from clearway.cohort.running import Outcome, Watcher, run

__all__ = ["Outcome", "Plan", "Watcher", "run"]
