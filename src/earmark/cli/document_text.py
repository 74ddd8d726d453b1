"""Documents and tracking lines as a person writes them: in an option, or in a YAML or JSON file.

    --line "item=1040,quantity=5,location=EAST,date=2026-12-02"
    - {sales_order: SO9, customer: C1, lines: [{item: "1040", quantity: 5, location: EAST}]}

Both say the same fields with the same names, which are those of the scenario files. A name that is
not known is refused, never ignored.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from earmark.cli.options import Word, date_of, quantity_of, word_of
from earmark.core.documents import DocumentEntry, DocumentKind, DocumentStatus, LineEntry
from earmark.core.items import ReservePolicy
from earmark.core.tracking import TrackingLine
from earmark.errors import FileUnusable, ValueInvalid

Fields = Mapping[str, Any]

KINDS = {
    "sales": DocumentKind.SALES_ORDER,
    "purchase": DocumentKind.PURCHASE_ORDER,
    "production": DocumentKind.PRODUCTION_ORDER,
    "demand": DocumentKind.DEMAND,
    "supply": DocumentKind.SUPPLY,
}


def kind_of(word: str) -> DocumentKind:
    """The kind of document that a short or a full name stands for."""
    name = word.lower().replace("-", "_").removesuffix("_order")
    if name not in KINDS:
        raise ValueInvalid(
            field="Kind of document", value=word, why=f"it is one of {', '.join(KINDS)}"
        )
    return KINDS[name]


def fields_of(text: str) -> dict[str, str]:
    """The fields of an option's value: ``item=1040,quantity=5``."""
    fields: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, value = part.partition("=")
        if not equals:
            raise ValueInvalid(field="Field", value=part, why="it is written name=value")
        fields[name.strip().lower()] = value.strip()
    return fields


def line_of(fields: Fields) -> LineEntry:
    """A document line from its fields."""
    known = _Fields(fields, "line", _LINE_FIELDS)
    quantity = known.quantity("quantity")
    if quantity is None or not known.text("item"):
        raise ValueInvalid(field="Line", value=dict(fields), why="it needs an item and a quantity")
    return LineEntry(
        item_no=known.text("item"),
        quantity=quantity,
        date=known.day("date"),
        location_code=known.text("location"),
        variant_code=known.text("variant"),
        unit=known.text("unit"),
        bin_code=known.text("bin"),
        reserve=known.one_of("reserve", ReservePolicy),
        numbers=_numbers_of_line(known, quantity),
        made_for=known.text("for"),
        over_receipt_percentage=known.quantity("over_receipt_percentage"),
        components=tuple(line_of(inner) for inner in known.many("components")),
    )


def tracking_line_of(fields: Fields) -> TrackingLine:
    """An item tracking line from its fields; one unit where no quantity is said."""
    known = _Fields(fields, "number", _NUMBER_FIELDS)
    quantity = known.quantity("quantity")
    return TrackingLine(
        lot_no=known.text("lot"),
        serial_no=known.text("serial"),
        package_no=known.text("package"),
        quantity=Decimal(1) if quantity is None else quantity,
        to_handle=known.quantity("to_handle"),
        expiration_date=known.day("expiration_date"),
    )


def documents_of(file: Path) -> tuple[DocumentEntry, ...]:
    """The documents that a YAML or JSON file holds: one, a list, or a list under ``documents``."""
    content = _content_of(file)
    if isinstance(content, Mapping) and set(content) == {"documents"}:
        content = content["documents"]
    entries = content if isinstance(content, list) else [content]
    if not entries or not all(isinstance(entry, Mapping) for entry in entries):
        raise FileUnusable(file=file, why="it holds no document")
    return tuple(document_of(entry) for entry in entries)


def document_of(fields: Fields) -> DocumentEntry:
    """A document from its fields; ``sales_order: SO1`` says its kind and its number."""
    kinds = [name for name in fields if name in _KIND_FIELDS]
    if len(kinds) != 1:
        raise ValueInvalid(
            field="Document",
            value=", ".join(map(str, fields)),
            why=f"it needs one of {', '.join(_KIND_FIELDS)}",
        )
    known = _Fields(fields, "document", (*_KIND_FIELDS, *_DOCUMENT_FIELDS))
    return DocumentEntry(
        kind=kind_of(kinds[0]),
        document_no=known.text(kinds[0]),
        customer_no=known.text("customer"),
        status=known.one_of("status", DocumentStatus),
        description=known.text("description"),
        lines=tuple(line_of(line) for line in known.many("lines")),
    )


# -- Reading fields ----------------------------------------------------------------------------

_NUMBERS = ("lot", "serial", "package")
_NUMBER_FIELDS = (*_NUMBERS, "quantity", "to_handle", "expiration_date")
_LINE_FIELDS = (
    "item", "quantity", "date", "location", "variant", "unit", "bin", "reserve", "for",
    "over_receipt_percentage",
    *_NUMBERS, "numbers", "components",
)  # fmt: skip
_KIND_FIELDS = ("sales_order", "purchase_order", "production_order", "demand", "supply")
_DOCUMENT_FIELDS = ("customer", "status", "description", "lines")


class _Fields:
    """Fields by name, each read as what it is."""

    def __init__(self, fields: Fields, of: str, known: Sequence[str]) -> None:
        """Refuse a name that is not known."""
        self.fields = fields
        for name in fields:
            if name not in known:
                raise ValueInvalid(
                    field=f"Field of a {of}", value=name, why=f"known are {', '.join(known)}"
                )

    def text(self, name: str) -> str:
        """A text; empty where it is not given."""
        value = self.fields.get(name)
        return "" if value is None else str(value)

    def quantity(self, name: str) -> Decimal | None:
        """A quantity."""
        return quantity_of(self.text(name)) if self.text(name) else None

    def day(self, name: str) -> date | None:
        """A date."""
        return date_of(self.text(name)) if self.text(name) else None

    def one_of(self, name: str, words: type[Word]) -> Word | None:
        """One of a few words."""
        return word_of(words, name.capitalize(), self.text(name)) if self.text(name) else None

    def many(self, name: str) -> list[Fields]:
        """A list of mappings."""
        value = self.fields.get(name) or []
        if not isinstance(value, list) or not all(isinstance(inner, Mapping) for inner in value):
            raise ValueInvalid(field=name, value=value, why="it is a list of mappings")
        return value


def _numbers_of_line(known: _Fields, quantity: Decimal) -> tuple[TrackingLine, ...]:
    """The numbers listed on a line, or the one lot, serial or package that all of it has."""
    if any(known.text(name) for name in _NUMBERS):
        lot, serial, package = (known.text(name) for name in _NUMBERS)
        return (TrackingLine(lot_no=lot, serial_no=serial, package_no=package, quantity=quantity),)
    return tuple(tracking_line_of(inner) for inner in known.many("numbers"))


def _content_of(file: Path) -> Any:  # noqa: ANN401 - whatever a file may hold
    import yaml

    try:
        text = file.read_text(encoding="utf-8")
        return yaml.load(text, Loader=_text_loader())  # noqa: S506 - it makes nothing but text
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnusable(
            file=file, why=getattr(error, "strerror", None) or "it is not text"
        ) from None
    except yaml.YAMLError as error:
        raise FileUnusable(file=file, why=f"it is not YAML or JSON: {error}") from None


def _text_loader() -> Any:  # noqa: ANN401 - a class of a library that is loaded late
    """Reads every scalar as its text but null, so that no digit and no leading zero is lost."""
    import yaml

    class TextLoader(yaml.BaseLoader):
        pass

    null = "tag:yaml.org,2002:null"
    TextLoader.add_implicit_resolver(null, re.compile("(?:~|null|)$"), ["~", "n", ""])
    TextLoader.add_constructor(null, lambda _loader, _node: None)
    return TextLoader
