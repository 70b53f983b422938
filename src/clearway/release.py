"""Which Clearway this is."""

from __future__ import annotations


def release(otherwise: str = "not installed") -> str:
    """The installed version; `otherwise` where it runs from a source tree."""
    from importlib.metadata import PackageNotFoundError, version  # costs a start more than the rest of this module

    try:
        return version("clearway")
    except PackageNotFoundError:
        return otherwise
