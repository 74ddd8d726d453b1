"""A page of a list, and where the next one begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row]):
    """Some rows of a list; ``next_cursor`` is empty on the last page."""

    rows: tuple[Row, ...]
    next_cursor: str = ""
