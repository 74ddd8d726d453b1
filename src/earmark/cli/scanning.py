"""`earmark scan`: what a code says and whether it fits a line; `earmark item gtin`: whose it is."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

import earmark
from earmark.cli.invocation import CHANGING, READING, Changing, Reading
from earmark.cli.page import Cell, Column, Fact, Facts, Note, Page, Pen, Table, Title, columns
from earmark.core.commands import SetUp
from earmark.core.gtins import ItemGtin

if TYPE_CHECKING:
    from earmark.core.scans import Scan, ScanReading  # they load the reader of GS1


def scan(
    text: str,
    /,
    *,
    line: Annotated[str, Parameter(metavar="LINE")] = "",
    reading: Reading = READING,
) -> None:
    """Read a scanned code: GS1 element strings, Digital Links, GTINs, SSCCs, plain numbers.

        earmark scan "(01)05712345000427(17)280930(10)P2609(21)VP2-0429" --line SO1/1
        earmark scan https://id.gs1.org/01/05712345000427/10/P2609

    Every way to read it is shown, those that more speaks for first.

    Args:
        text: The code, as scanned or as printed below it.
        line: Whether it fits this document line.
    """
    with reading.opened() as database:
        read = earmark.scan(database, text, line=line)
    reading.answer(read, _scan_page)


def gtin(
    item_no: str,
    gtin_no: Annotated[str, Parameter(name="GTIN")],
    /,
    *,
    variant: str = "",
    unit: str = "",
    changing: Changing = CHANGING,
) -> None:
    """Say that a GTIN stands for an item, a variant of it, or a unit such as a box of it.

        earmark item gtin X 5712345000427
        earmark item gtin X 15712345000424 --unit BOX

    Args:
        item_no: Item no.
        gtin_no: The GTIN: 8, 12, 13 or 14 digits.
        variant: Variant code.
        unit: The unit that one of it is; the base unit where it is not said.
    """
    entered = ItemGtin(gtin=gtin_no, item_no=item_no, variant_code=variant, unit=unit)
    changing.carry_out(earmark.set_up, SetUp(gtins=(entered,)))


def forget_gtin(
    gtin_no: Annotated[str, Parameter(name="GTIN")], /, *, changing: Changing = CHANGING
) -> None:
    """Say that a GTIN stands for nothing any more.

    earmark item forget-gtin 5712345000427
    """
    changing.carry_out(earmark.set_up, SetUp(forgotten_gtins=(gtin_no,)))


def gtins(*, reading: Reading = READING) -> None:
    """List the GTINs and what they stand for.

    earmark item gtins
    """
    from earmark.usecases.catalog import gtins as all_gtins

    with reading.opened() as database:
        found = all_gtins(database)
    reading.answer(found, _gtins_page)


def _gtins_page(found: tuple[ItemGtin, ...]) -> Page:
    if not found:
        return [Title("GTINs"), Note("None.")]
    heads = columns("GTIN", Column("Item No.", Pen.NAME), "Variant", "Unit")
    rows = [(one.gtin, one.item_no, one.variant_code, one.unit) for one in found]
    return [Title("GTINs"), Table(heads, rows)]


def _scan_page(read: "Scan") -> Page:
    if not read.readings:
        return [Title("Scan", read.text), Note("There is nothing to read.")]
    page: Page = [Title("Scan", read.text)]
    if read.is_ambiguous:
        page.append(Note("It can be read in several ways, and as much speaks for each.", Pen.ALARM))
    for reading in read.readings:
        page += _reading_parts(reading)
    return page


def _reading_parts(reading: "ScanReading") -> Page:
    facts = [
        Fact("Read as", str(reading.form)),
        Fact("Item", reading.item_no or "-"),
        Fact("Numbers", reading.numbers),
    ]
    more: tuple[tuple[str, Cell], ...] = (
        ("Quantity", reading.quantity),
        ("Expires", reading.expiration_date),
        ("Available", reading.available),
    )
    facts += [Fact(label, value) for label, value in more if value is not None]
    if reading.fits is not None:
        facts.append(Fact("Fits", "yes" if reading.fits else "no"))
    parts: Page = [Facts(tuple(facts))]
    parts += [Note(notice.message, Pen.QUIET) for notice in reading.notices]
    if reading.elements:
        heads = columns("Identifier", "Means", "Value", Column("Not understood", Pen.ALARM))
        rows = [(f"({e.identifier})", e.title, e.value, e.error) for e in reading.elements]
        parts.append(Table(heads, rows))
    return parts
