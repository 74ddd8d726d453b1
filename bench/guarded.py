"""The tables alone: what W1 costs in hand-written SQL on the product's own tables.

The floor keeps a balance and a reservation. The product's tables also refuse whatever would promise
too much, find a reservation by its supply as well as by its line, and have the request in a history
that answers it a second time. This writes just that, the reservation entry and the row of the
command, and asks and decides nothing: of the distance between floor and product, it is the part
that no program on these tables can save.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence

from bench.driver import Driver, transaction
from bench.floor import Wanted

_SCALE = 100_000
_ENTRY_COLUMNS = '(item_no, since, ordinal, line, supply_no, quantity, lot_no, "by")'
_ENTRY = f"INSERT INTO reservation_entry {_ENTRY_COLUMNS} VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_ENTRIES_PG = f"""INSERT INTO reservation_entry {_ENTRY_COLUMNS}
    SELECT * FROM unnest(?::text[], ?::bigint[], ?::int[], ?::text[], ?::bigint[], ?::bigint[],
                         ?::text[], ?::text[])"""
_ENTRIES_SQLITE = f"""INSERT INTO reservation_entry {_ENTRY_COLUMNS}
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
           value ->> 6, value ->> 7 FROM (SELECT value FROM json_each(?))"""
_COMMAND = """INSERT INTO command
    (request_id, moment, at, "by", verb, reference, fingerprint, content, outcome)
    VALUES (?, ?, ?, 'bench', 'reserve', ?, ?, ?, ?)"""


def reserve(driver: Driver, wanted: Wanted) -> None:
    """One reservation, one transaction."""
    moment = _now()
    with transaction(driver):
        driver.run(_ENTRY, _entry(wanted, moment, 0))
        driver.run(_COMMAND, _command([wanted], moment))


def reserve_each(driver: Driver, wanted: Sequence[Wanted]) -> None:
    """Many reservations in one transaction, under one row of the history."""
    moment = _now()
    entries = [_entry(one, moment, at) for at, one in enumerate(wanted)]
    with transaction(driver):
        if driver.name == "sqlite":
            driver.run(_ENTRIES_SQLITE, (json.dumps(entries),))
        else:
            driver.run(_ENTRIES_PG, [list(column) for column in zip(*entries, strict=True)])
        driver.run(_COMMAND, _command(wanted, moment))


def _now() -> int:
    """A moment as the product counts them: see ``earmark.database.engine.Moments``."""
    return time.time_ns() // 1000 * 1024


def _entry(wanted: Wanted, moment: int, ordinal: int) -> tuple[str | int, ...]:
    """One unit of a lot; its supply has the number of the lot (see ``lots.py``)."""
    supply_no = int(wanted.number.removeprefix("L"))
    line = (wanted.line, supply_no, _SCALE, wanted.number, "bench")
    return (wanted.item_no, moment, ordinal, *line)


def _command(wanted: Iterable[Wanted], moment: int) -> tuple[str | int, ...]:
    """The row of the history, as long as the product's is."""
    asked = [{"line": one.line, "numbers": {"lot_no": one.number}} for one in wanted]
    told = [
        {"verb": "reserve", "reference": one["line"], "reserved": "1", "moment": moment}
        for one in asked
    ]
    first = str(asked[0]["line"])
    at = moment // 1024
    return (first, moment, at, first, "f" * 64, json.dumps(asked), json.dumps(told))
