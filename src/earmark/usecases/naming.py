"""References as people write them, resolved: ``SO1/1``, ``MO1/1/2``, ``X#12``, ``stock``."""

from __future__ import annotations

from dataclasses import dataclass

from earmark.core.documents import DEMAND_KINDS, LineKind
from earmark.core.reserving import EVERYWHERE, Scope
from earmark.core.stock import KINDS_OF_SUPPLY
from earmark.errors import LineUnknown, ReferenceInvalid


@dataclass(frozen=True, slots=True)
class EntryRef:
    """A ledger entry: its item and its number."""

    item_no: str
    entry_no: int

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.item_no}#{self.entry_no}"


def entry_ref(reference: str) -> EntryRef | None:
    """The ledger entry that a reference names, if it names one."""
    item_no, mark, number = reference.rpartition("#")
    if not mark:
        return None
    if not number.isdigit():
        raise ReferenceInvalid(reference=reference, why="a ledger entry is written ITEM#12")
    return EntryRef(item_no, int(number))


def is_line(reference: str) -> bool:
    """Whether a reference names a document line (else a document)."""
    return "/" in reference


def document_of(reference: str) -> str:
    """The document no. of a line reference."""
    return reference.partition("/")[0]


def check_document_no(document_no: str) -> None:
    """Refuse a document no. that could not be told from a reference."""
    if not document_no or "/" in document_no or "#" in document_no:
        why = "a document no. is not empty and has no / and no #"
        raise ReferenceInvalid(reference=document_no, why=why)


def supply_scope(supply: str, item_no: str) -> Scope:
    """Where *Reserve from Current Line* points: a kind, a ledger entry, or a supply line."""
    if not supply:
        return EVERYWHERE
    if supply in map(str, KINDS_OF_SUPPLY):
        return Scope(kind=supply)
    entry = entry_ref(supply)
    if entry is not None:
        if entry.item_no != item_no:
            why = f"it is of item {entry.item_no}, the line is of {item_no}"
            raise ReferenceInvalid(reference=supply, why=why)
        return Scope(supply_no=entry.entry_no)
    if not is_line(supply):
        raise LineUnknown(line=supply)
    return Scope(source=supply)


def demand_kind(reference: str) -> LineKind | None:
    """The kind of demand that a reference names, if it names a kind."""
    return LineKind(reference) if reference in map(str, DEMAND_KINDS) else None
