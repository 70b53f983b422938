"""What every request shares: the library, read once, and what is computed from it alone."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from clearway.answers import studies
from clearway.library import Library
from clearway.model.model import Model


@dataclass
class Known:
    """`model` calibrates compounds as they are asked for and keeps them, so it is used by one thread at a time (`lock`)."""

    library: Library
    lock: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def model(self) -> Model:
        return Model(self.library)

    @cached_property
    def arms(self) -> list[dict[str, Any]]:
        """Every usable study arm of pairs that the library knows."""
        return studies.known_arms(self.library)

    @cached_property
    def study_files(self) -> dict[str, Path]:
        """Study id → file. Requests name an id of this table, never a path."""
        return {path.stem: path for path in sorted(studies.STUDIES.rglob("*.yaml"))}

    def label(self, name: str) -> str:
        """How a drug is called in lists: by its short name (library/data/usual.yaml), else by the library's."""
        known = self.library.usual.get(name, {}).get("label") or self.library.products.get(name) or self.library.compounds.get(name)
        return known if isinstance(known, str) else known.name if known else name
