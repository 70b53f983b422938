"""Out of Clearway into formats that other simulators read."""

from clearway.export.sbml import to_sbml

__all__ = ["to_sbml"]
