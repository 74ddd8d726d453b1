"""References and names as people write them, resolved against what is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from earmark.core.commands import EditLine
from earmark.core.documents import DEMAND_KINDS, LineKind
from earmark.core.filters import StockFilter
from earmark.core.items import Item
from earmark.core.references import (
    EntryRef,
    Place,
    document_reference,
    entry_ref,
    is_line,
    places,
)
from earmark.core.reserving import EVERYWHERE, Scope
from earmark.core.stock import KINDS_OF_SUPPLY
from earmark.core.tidying import (
    REFERENCES,
    parts_of,
    respelled,
    texts_in,
    tidied,
    tidy,
    with_changes,
)
from earmark.core.tracking import Numbers
from earmark.database import catalog, line_names, lines, spellings
from earmark.database.engine import Session
from earmark.database.spellings import Name, Sort
from earmark.errors import LineUnknown, ReferenceInvalid
from earmark.usecases import spelling

__all__ = ["EntryRef", "entry_ref", "is_line"]

T = TypeVar("T")

_SORT_OF = {
    "item_no": Sort.ITEM,
    "location_code": Sort.LOCATION,
    "to_location_code": Sort.LOCATION,
    "location_picking_orders": Sort.LOCATION,
    "customer_no": Sort.CUSTOMER,
    "tracking_code": Sort.TRACKING_CODE,
    "document_no": Sort.DOCUMENT,
}
_ANY_REFERENCE = "ref"
"""The field in which a document may be named as well as a line."""
_OF_DOCUMENTS_TOO = frozenset(
    {("Post", "line"), ("Delete", "reference"), ("HistoryFilter", "reference")}
)
_KINDS = frozenset({*map(str, KINDS_OF_SUPPLY), *map(str, DEMAND_KINDS)})


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
        if "#" in supply:
            raise ReferenceInvalid(reference=supply, why="a ledger entry is written ITEM#12")
        raise LineUnknown(line=supply)
    return Scope(source=supply)


def demand_kind(reference: str) -> LineKind | None:
    """The kind of demand that a reference names, if it names a kind."""
    return LineKind(reference) if reference in map(str, DEMAND_KINDS) else None


def document_named(reference: str) -> str:
    """The document no. of a reference to a document, which may stand in quotes."""
    return places(reference)[0].document_no


def as_known(session: Session, asked: T) -> T:
    """What is asked for, with every name and every reference in it as it is known.

    What is not known stays as it is: whoever needs it will say so.
    """
    kind = type(asked).__name__

    def field_of(field: str) -> str:
        return _ANY_REFERENCE if (kind, field) in _OF_DOCUMENTS_TOO else field

    found = _Found(session, [(field_of(field), text) for field, text in texts_in(asked)])
    known = respelled(asked, lambda field, text: found.spelled(field_of(field), text))
    return _with_parts_of_items(session, known)


def names_as_known(session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a reading is asked about, by the names of its parameters, as it is known.

    ``numbers`` are those of the item, or of the line, that is asked about.
    """
    texts = {name: tidied(name, text) for name, text in given.items() if isinstance(text, str)}
    found = _Found(session, texts.items())
    known: dict[str, Any] = {name: found.spelled(name, text) for name, text in texts.items()}
    numbers = given.get("numbers")
    if isinstance(numbers, Numbers):
        numbers = tidy(numbers)
        item_no = known.get("item_no") or _item_of(session, known.get("line", ""))
        known["numbers"] = spelling.known(session, item_no, [numbers])[numbers]
    return {**given, **known}


def filter_as_known(session: Session, chosen: T) -> T:
    """What a list is narrowed to, with its names and the numbers of its item as they are known."""
    known = as_known(session, tidy(chosen))
    item_no = getattr(known, "item_no", "")
    if not item_no:
        return known

    def change(part: object) -> dict[str, str]:
        if not isinstance(part, Numbers | StockFilter):
            return {}
        given = Numbers(part.lot_no, part.serial_no, part.package_no)
        own = spelling.known(session, item_no, [given])[given]
        return {"lot_no": own.lot_no, "serial_no": own.serial_no, "package_no": own.package_no}

    return with_changes(known, change)


class _Found:
    """What is known of some names and references, each with the field that it stands in."""

    def __init__(self, session: Session, texts: Iterable[tuple[str, str]]) -> None:
        """Looked up in three statements, however many there are."""
        given = list(texts)
        names = [Name("", _SORT_OF[field], text) for field, text in given if field in _SORT_OF]
        references = [t for f, t in given if t and f in REFERENCES]
        read = [place for text in references for place in places(text)]
        names += [Name("", Sort.DOCUMENT, place.document_no) for place in read]
        entries = [entry for text in references if (entry := entry_ref(text))]
        names += [Name("", Sort.ITEM, entry.item_no) for entry in entries]
        self._names = spellings.known(session, names)
        there = [Place(self._document(p), p.line_no) for p in read if p.line_no]
        self._lines = line_names.names_of(session, there)
        self._written = line_names.which_exist(session, references) if references else set()

    def spelled(self, field: str, text: str) -> str:
        """A text as it is known; as it is where it is not, or where it is no name."""
        if field in _SORT_OF:
            return self._names.get(Name("", _SORT_OF[field], text), text)
        if field not in REFERENCES:
            return text
        if text in _KINDS or text in self._written:
            return text
        line = next((line for place in places(text) if (line := self._line(place))), "")
        document = places(text)[0]
        if field == _ANY_REFERENCE and not document.line_no and self._is_document(document):
            return document_reference(self._document(document))
        return line or self._entry(text)

    def _line(self, place: Place) -> str:
        return self._lines.get(Place(self._document(place), place.line_no), "")

    def _is_document(self, place: Place) -> bool:
        return Name("", Sort.DOCUMENT, place.document_no) in self._names

    def _document(self, place: Place) -> str:
        return self._names.get(Name("", Sort.DOCUMENT, place.document_no), place.document_no)

    def _entry(self, text: str) -> str:
        entry = entry_ref(text)
        if entry is None:
            return text
        item_no = self._names.get(Name("", Sort.ITEM, entry.item_no), entry.item_no)
        return str(EntryRef(item_no, entry.entry_no))


def _with_parts_of_items(session: Session, asked: T) -> T:
    """What is asked for, with variants and units as their item has them."""
    of_line = _item_of(session, asked.line) if isinstance(asked, EditLine) else ""
    wanted = {getattr(part, "item_no", "") for part in parts_of(asked) if _names_a_part(part)}
    wanted = {item_no for item_no in wanted if isinstance(item_no, str)} | {of_line}
    items = catalog.some_items(session, wanted - {""}) if wanted - {""} else {}

    def change(part: object) -> dict[str, str]:
        item_no = getattr(part, "item_no", "")
        item = items.get(item_no if isinstance(item_no, str) else of_line)
        return _as_item_has_them(item, part) if item is not None else {}

    return with_changes(asked, change) if items else asked


def _names_a_part(part: object) -> bool:
    return any(isinstance(getattr(part, name, None), str) for name in ("variant_code", "unit"))


def _item_of(session: Session, line: str) -> str:
    """The item of a line; empty where there is no such line."""
    found = lines.by_line(session, [line]) if line else {}
    return found[line].key.item_no if line in found else ""


def _as_item_has_them(item: Item, part: object) -> dict[str, str]:
    spelled = {}
    for name, spell in (("variant_code", item.spelled_variant), ("unit", item.spelled_unit)):
        given = getattr(part, name, None)
        if isinstance(given, str) and given:
            spelled[name] = spell(given)
    return spelled
