"""The floor: the same durable work in hand-written SQL, and nothing else.

Lock or conditionally update what is taken, insert the reservation, commit. There are no rules, no
history and no idempotency. Two tables of its own stand beside the product's in the same database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bench.driver import Driver, transaction


class Wanted(NamedTuple):
    """One unit of a number of an item, for a line."""

    line: str
    item_no: str
    number: str


_TABLES = (
    """CREATE TABLE floor_balance (
        item_no text NOT NULL, number text NOT NULL, quantity bigint NOT NULL,
        reserved bigint NOT NULL DEFAULT 0, PRIMARY KEY (item_no, number))""",
    """CREATE TABLE floor_reservation (
        line text NOT NULL, item_no text NOT NULL, number text NOT NULL, quantity bigint NOT NULL,
        PRIMARY KEY (line, number))""",
)
_TAKE = """UPDATE floor_balance SET reserved = reserved + 1
    WHERE item_no = ? AND number = ? AND quantity - reserved >= 1"""
_GIVE_BACK = "UPDATE floor_balance SET reserved = reserved - 1 WHERE item_no = ? AND number = ?"
_RESERVE = "INSERT INTO floor_reservation (line, item_no, number, quantity) VALUES (?, ?, ?, 1)"
_CANCEL = "DELETE FROM floor_reservation WHERE line = ? RETURNING item_no, number"

# One set statement each on PostgreSQL; SQLite has no writing CTE, so there it is two.
_TAKE_EACH_PG = """WITH wanted AS (
        SELECT * FROM unnest(?::text[], ?::text[], ?::text[]) AS w (line, item_no, number)
    ), taken AS (
        UPDATE floor_balance b SET reserved = b.reserved + w.units
        FROM (SELECT item_no, number, count(*) AS units FROM wanted GROUP BY item_no, number) w
        WHERE b.item_no = w.item_no AND b.number = w.number AND b.quantity - b.reserved >= w.units
        RETURNING b.item_no, b.number)
    INSERT INTO floor_reservation (line, item_no, number, quantity)
    SELECT w.line, w.item_no, w.number, 1 FROM wanted w JOIN taken USING (item_no, number)"""
_CANCEL_EACH_PG = """WITH gone AS (
        DELETE FROM floor_reservation WHERE line = ANY(?) RETURNING item_no, number)
    UPDATE floor_balance b SET reserved = b.reserved - g.units
    FROM (SELECT item_no, number, count(*) AS units FROM gone GROUP BY item_no, number) g
    WHERE b.item_no = g.item_no AND b.number = g.number"""
_WANTED_SQLITE = """SELECT json_extract(value, '$[0]') AS line,
    json_extract(value, '$[1]') AS item_no, json_extract(value, '$[2]') AS number
    FROM json_each(?)"""
_TAKE_EACH_SQLITE = (
    f"""UPDATE floor_balance AS b SET reserved = b.reserved + w.units
        FROM (SELECT item_no, number, count(*) AS units FROM ({_WANTED_SQLITE})
              GROUP BY item_no, number) w
        WHERE b.item_no = w.item_no AND b.number = w.number
          AND b.quantity - b.reserved >= w.units""",
    f"""INSERT INTO floor_reservation (line, item_no, number, quantity)
        SELECT line, item_no, number, 1 FROM ({_WANTED_SQLITE})""",
)
_CANCEL_EACH_SQLITE = (
    """UPDATE floor_balance AS b SET reserved = b.reserved - g.units
        FROM (SELECT item_no, number, count(*) AS units FROM floor_reservation
              WHERE line IN (SELECT value FROM json_each(?)) GROUP BY item_no, number) g
        WHERE b.item_no = g.item_no AND b.number = g.number""",
    "DELETE FROM floor_reservation WHERE line IN (SELECT value FROM json_each(?))",
)
_AVAILABLE = """SELECT lot_no, sum(quantity - reserved) FROM supply
    WHERE item_no = ? AND variant_code = '' AND location_code = ? AND kind = 'stock'
      AND quantity > 0 GROUP BY lot_no"""


def set_up(driver: Driver, balances: Iterable[tuple[str, str, int]]) -> None:
    """Make the floor's tables and fill them: item, number, quantity."""
    for table in _TABLES:
        driver.run(table)
    driver.fill("floor_balance", ("item_no", "number", "quantity"), balances)


def reserve(driver: Driver, wanted: Wanted) -> None:
    """One reservation, one transaction, four statements."""
    with transaction(driver):
        taken = driver.run(_TAKE, (wanted.item_no, wanted.number))
        assert taken == 1, f"{wanted} was not there"
        driver.run(_RESERVE, wanted)


def reserve_each(driver: Driver, wanted: Sequence[Wanted]) -> None:
    """Many reservations in one transaction of set statements."""
    with transaction(driver):
        if driver.name == "sqlite":
            text = json.dumps(wanted)
            done = [driver.run(statement, (text,)) for statement in _TAKE_EACH_SQLITE][-1]
        else:
            done = driver.run(_TAKE_EACH_PG, [list(column) for column in zip(*wanted, strict=True)])
    assert done == len(wanted), "not all was there"


def cancel(driver: Driver, line: str) -> None:
    """One cancellation, one transaction, four statements."""
    with transaction(driver):
        for gone in driver.rows(_CANCEL, (line,)):
            driver.run(_GIVE_BACK, gone)


def cancel_each(driver: Driver, lines: Sequence[str]) -> None:
    """Many cancellations in one transaction of set statements."""
    with transaction(driver):
        if driver.name == "sqlite":
            for statement in _CANCEL_EACH_SQLITE:
                driver.run(statement, (json.dumps(lines),))
        else:
            driver.run(_CANCEL_EACH_PG, (list(lines),))


def available(driver: Driver, item_no: str, location_code: str) -> list[tuple[str, int]]:
    """What is unreserved of each lot of an item, from the totals the product's tables hold."""
    return [(row[0], row[1]) for row in driver.rows(_AVAILABLE, (item_no, location_code))]
