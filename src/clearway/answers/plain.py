"""Any result as strict JSON data: NaN and infinities become None, NumPy scalars plain numbers."""

from __future__ import annotations

import importlib
import math
from typing import Any

from clearway.errors import InputError


def plain(data: Any) -> Any:
    """A copy that `json.dumps(…, allow_nan=False)` accepts."""
    if isinstance(data, dict):
        return {str(k): plain(v) for k, v in data.items()}
    if isinstance(data, list | tuple | set | frozenset):
        return [plain(v) for v in data]
    if hasattr(data, "item") and not isinstance(data, str):
        data = data.item()
    return None if isinstance(data, float) and not math.isfinite(data) else data


def pandas() -> Any:
    """The pandas module, which is an option of the user's. Raises InputError where it is missing."""
    return _optional("pandas", "to_pandas()")


def polars() -> Any:
    """As `pandas()`, of polars."""
    return _optional("polars", "to_polars()")


def xarray() -> Any:
    """As `pandas()`, of xarray."""
    return _optional("xarray", "to_xarray()")


def _optional(name: str, method: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise InputError(f"{method} needs {name}, which is not installed (pip install {name}; to_dict() works without)") from None
