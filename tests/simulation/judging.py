"""What must be so after every act, whatever it was: read from the faces and from the raw tables."""

from collections import Counter
from decimal import Decimal
from typing import Any

import earmark
from earmark.usecases.catalog import number_records
from tests.simulation.naive import Model, place_of

SCALE = Decimal(100_000)

GOODS = """
SELECT 'supplies', item_no, variant_code, location_code, sum(quantity) FROM supply
WHERE kind = 'stock' GROUP BY 1, 2, 3, 4 HAVING sum(quantity) <> 0
UNION ALL
SELECT 'ledger', item_no, variant_code, location_code, sum(quantity) FROM ledger_entry
GROUP BY 1, 2, 3, 4 HAVING sum(quantity) <> 0
"""
ASTRAY = """
SELECT e.line, e.supply_no FROM reservation_entry e
LEFT JOIN document_line l ON l.item_no = e.item_no AND l.line = e.line
LEFT JOIN supply s ON s.item_no = e.item_no AND s.supply_no = e.supply_no
WHERE e.until IS NULL AND (
  l.line IS NULL OR s.supply_no IS NULL OR l.is_deleted OR NOT l.is_demand
  OR l.variant_code <> s.variant_code OR l.location_code <> s.location_code
  OR (e.lot_no <> '' AND e.lot_no <> s.lot_no)
  OR (e.serial_no <> '' AND e.serial_no <> s.serial_no)
  OR (e.package_no <> '' AND e.package_no <> s.package_no))
"""
OF_ANOTHER = """
SELECT s.source FROM supply s
WHERE s.source <> '' AND s.quantity > 0 AND NOT EXISTS (
  SELECT 1 FROM document_line l WHERE l.item_no = s.item_no AND l.line = s.source
  AND NOT l.is_deleted AND l.variant_code = s.variant_code AND l.location_code = s.location_code)
"""
SERIALS = """
SELECT item_no, serial_no FROM supply
WHERE specific_serial_no <> '' AND quantity > 0 GROUP BY 1, 2, variant_code
HAVING sum(quantity) > 100000
"""


def rows(database: earmark.Database, sql: str) -> list[tuple[Any, ...]]:
    """The rows of plain SQL."""
    with database.transaction(writes=False) as session:
        return [tuple(row) for row in session.channel.ask(sql, ()).rows()]


def check(database: earmark.Database, model: Model) -> None:
    """Everything that must be so."""
    found = earmark.verify(database)
    assert found == (), f"verify: {found[:3]}"
    check_tables(database)
    check_goods(database, model)


def check_tables(database: earmark.Database) -> None:
    """The raw tables agree with one another."""
    goods: dict[str, Counter[Any]] = {"supplies": Counter(), "ledger": Counter()}
    for which, *key, quantity in rows(database, GOODS):
        goods[which][tuple(key)] = int(quantity)
    assert goods["supplies"] == goods["ledger"], f"ledger and supplies differ: {goods}"
    for what, sql in (
        ("a reservation stands elsewhere", ASTRAY),
        ("supply of another line or item", OF_ANOTHER),
        ("a serial number more than once", SERIALS),
    ):
        wrong = rows(database, sql)
        assert not wrong, f"{what}: {wrong[:3]}"


def check_goods(database: earmark.Database, model: Model) -> None:
    """What is in stock, and what was posted of lines, is what the acts add up to."""
    there: Counter[Any] = Counter()
    for row in earmark.inventory(database):
        place = place_of(row.item_no, row.variant_code, row.location_code, row.numbers)
        there[place] += row.quantity  # type: ignore[assignment]
    expected = model.there()
    if dict(there) != expected:
        differing = {k for k in {*there, *expected} if there.get(k, 0) != expected.get(k, 0)}
        said = [(k, there.get(k, 0), expected.get(k, 0)) for k in sorted(differing)[:3]]
        message = f"stock differs (place, found, expected): {said}"
        raise AssertionError(message)


def standing(database: earmark.Database, *, whose: bool = True) -> dict[str, object]:
    """Every reading that an undo must give back, by what it is of."""
    found: dict[str, object] = {}
    for view in earmark.documents(database):
        for line in earmark.document(database, view.document_no).lines:
            found[f"line {line.line}"] = line
            tracking = earmark.tracking_lines(database, line.line)
            found[f"tracking {line.line}"] = sorted(map(repr, tracking))
            if line.is_demand:
                held: Counter[object] = Counter()
                for r in earmark.reservations(database, line.line):
                    key = (r.supply, r.numbers, r.asked, r.binding, r.hold_until, whose and r.by)
                    held[key] += r.quantity  # type: ignore[assignment]
                found[f"held {line.line}"] = held
    found["inventory"] = earmark.inventory(database)
    found["records"] = {
        (r.item_no, r.numbers): (r.is_blocked, r.expiration_date)
        for r in number_records(database)
        if r.is_blocked or r.expiration_date
    }
    return found


def difference(before: dict[str, object], after: dict[str, object]) -> list[str]:
    """What is not as it was."""
    return [
        f"{name}: was {before.get(name)}, is {after.get(name)}"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def reserved_by_line(database: earmark.Database) -> dict[str, Decimal]:
    """How much each line that takes stock has reserved, and that it is not too much."""
    found = {}
    for view in earmark.documents(database):
        for line in earmark.document(database, view.document_no).lines:
            if line.is_demand:
                assert line.reserved <= line.outstanding, f"{line.line} has more than it needs"
                found[line.line] = line.reserved
    return found
