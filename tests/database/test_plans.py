"""How SQLite finds rows: by the index that is for them, and not through all there ever were."""

from pathlib import Path
from typing import Any

import pytest

import earmark
from earmark.core.items import StockKey
from earmark.database import attention, ledger, searching, shelf, stock, versions, views
from earmark.database.statements import Statement

KEY = StockKey("X", "", "EAST")._asdict()
ITEM = {"item_no": "X"}
STANDING = "ux_reservation_entry_slot"
HOLDS = "ix_reservation_entry_hold"
SOURCE = "ix_supply_source"
OF_SERIAL = {**ITEM, "number": "S1", "moment": 1}


@pytest.mark.parametrize(
    ("statement", "values", "indexes"),
    [
        (views._ACTIVE, ITEM, [STANDING]),
        (shelf._ENTRIES_OF_KEY, KEY, [STANDING]),
        (shelf._ENTRIES_ON, {**ITEM, "supply_nos": [1]}, [STANDING]),
        (shelf._ENTRIES_ON, {**ITEM, "supply_nos": [1, 2]}, [STANDING]),
        (searching._HOLDERS, {**ITEM, "supply_nos": [1, 2]}, [STANDING]),
        (shelf._OF_SOURCE, {**ITEM, "source": "PO1/1"}, [SOURCE]),
        (attention._WAITING, {"sources": ["PO1/1", "PO2/1"], "now": 0}, [STANDING]),
        (versions._OF_LINE, {"ref": "PO1/1"}, [STANDING, SOURCE]),
        (stock._EXPIRED, {**KEY, "now": 1, "moment": 1}, [HOLDS]),
        (stock._NEXT_END, KEY, [HOLDS]),
        (ledger._OF_NUMBER["serial_no"], OF_SERIAL, ["ix_ledger_entry_serial"]),
        (ledger._OF_NUMBER["lot_no"], OF_SERIAL, ["ix_ledger_entry_lot"]),
    ],
)
def test_rows_are_found_by_their_index(
    tmp_path: Path, statement: Statement, values: dict[str, Any], indexes: list[str]
) -> None:
    database = earmark.open(f"sqlite:///{tmp_path / 'stock.db'}")
    prepared = statement.on(database.dialect, values)
    explain = f"EXPLAIN QUERY PLAN {prepared.text}"
    with database.transaction(writes=False) as session:
        rows = session.channel.ask(explain, prepared.parameters(values)).rows()
    database.close()
    plan = [str(row[-1]) for row in rows]
    assert not [step for step in plan if step.endswith("PRIMARY KEY (item_no=?)")], plan
    assert all(any(index in step for step in plan) for index in indexes), plan
