"""The triggers that keep the totals and refuse what may never be, on SQLite and PostgreSQL.

They are part of the schema: migrations create them and never a program at run time. A
reservation entry that is written or ended changes the totals of its supply and of its line in the
same statement; the CHECK on those totals then refuses an over-reservation, whoever wrote it. An
entry is never deleted and never changed but to end it; it names a supply and a line that exist,
and these are never deleted nor renamed.

``is_free`` says whether anything is left, for the indexes of free stock. It is written only when
it turns, so that an ordinary reservation touches none of those indexes: PostgreSQL compares what
it is given, SQLite must be given nothing, hence its two statements. Only one of them finds its
row: the one that comes first leaves the supply as the other does not look for it.
"""

from __future__ import annotations

_NONSPECIFIC = (
    "{0}.lot_no = '' AND {0}.serial_no = '' AND {0}.package_no = '' "
    "AND {0}.binding = '' AND {0}.hold_until = 0"
)
_CHANGED = """OLD.until IS NOT NULL OR NEW.until IS NULL
  OR (OLD.item_no, OLD.since, OLD.ordinal, OLD.line, OLD.supply_no, OLD.quantity, OLD.lot_no,
      OLD.serial_no, OLD.package_no, OLD.binding, OLD.hold_until)
  {differs} (NEW.item_no, NEW.since, NEW.ordinal, NEW.line, NEW.supply_no, NEW.quantity, NEW.lot_no,
      NEW.serial_no, NEW.package_no, NEW.binding, NEW.hold_until)"""
_NEVER_CHANGED = "a reservation entry is never changed, only ended"
_NEVER_DELETED = "a reservation entry is never deleted, only ended"
_NOWHERE = "a reservation entry is of a supply and a line that exist"
_KEPT = {
    "supply": ("item_no, supply_no", "a supply is never deleted and keeps its number"),
    "document_line": ("item_no, line", "a line is never deleted and keeps its name"),
}

_SQLITE_SUPPLY = """
  UPDATE supply SET reserved = reserved {sign} {quantity},
    nonspecific = nonspecific {sign} CASE WHEN {nonspecific} THEN {quantity} ELSE 0 END{turn}
  WHERE item_no = {row}.item_no AND supply_no = {row}.supply_no AND {when};"""
_SQLITE_LINE = """
  UPDATE document_line SET reserved = reserved {sign} {quantity}
  WHERE item_no = {row}.item_no AND line = {row}.line;
"""


def _sqlite_made() -> str:
    """A supply that stays free is the usual one and comes first; who is nowhere is found last."""
    quantity = "CASE WHEN NEW.until IS NULL THEN NEW.quantity ELSE 0 END"
    nonspecific = _NONSPECIFIC.format("NEW")
    facts = {"row": "NEW", "sign": "+", "quantity": quantity, "nonspecific": nonspecific}
    after = f"reserved + {quantity}"
    return "".join(
        (
            _SQLITE_SUPPLY.format(**facts, turn="", when=f"quantity > {after}"),
            f"""
  SELECT RAISE(ABORT, '{_NOWHERE}') WHERE changes() = 0 AND NOT EXISTS
    (SELECT 1 FROM supply WHERE item_no = NEW.item_no AND supply_no = NEW.supply_no);""",
            _SQLITE_SUPPLY.format(
                **facts, turn=", is_free = FALSE", when=f"changes() = 0 AND quantity <= {after}"
            ),
            _SQLITE_LINE.format(**facts),
            f"SELECT RAISE(ABORT, '{_NOWHERE}') WHERE changes() = 0;",
        )
    )


def _sqlite_ended() -> str:
    nonspecific = _NONSPECIFIC.format("OLD")
    facts = {"row": "OLD", "sign": "-", "quantity": "OLD.quantity", "nonspecific": nonspecific}
    return "".join(
        (
            _SQLITE_SUPPLY.format(**facts, turn="", when="is_free"),
            _SQLITE_SUPPLY.format(**facts, turn=", is_free = TRUE", when="NOT is_free"),
            _SQLITE_LINE.format(**facts),
        )
    )


def _sqlite_refusal(name: str, event: str, why: str, when: str = "TRUE") -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {event} WHEN {when} BEGIN SELECT RAISE(ABORT, '{why}'); END"
    )


def _sqlite_kept(table: str) -> tuple[str, str]:
    columns, why = _KEPT[table]
    return (
        _sqlite_refusal(f"{table}_kept", f"DELETE ON {table}", why),
        _sqlite_refusal(f"{table}_named", f"UPDATE OF {columns} ON {table}", why),
    )


SQLITE = (
    f"""CREATE TRIGGER reservation_entry_made AFTER INSERT ON reservation_entry
BEGIN {_sqlite_made()} END""",
    f"""CREATE TRIGGER reservation_entry_ended AFTER UPDATE OF until ON reservation_entry
WHEN OLD.until IS NULL AND NEW.until IS NOT NULL
BEGIN {_sqlite_ended()} END""",
    _sqlite_refusal(
        "reservation_entry_fixed",
        "UPDATE ON reservation_entry",
        _NEVER_CHANGED,
        _CHANGED.format(differs="IS NOT"),
    ),
    _sqlite_refusal("reservation_entry_kept", "DELETE ON reservation_entry", _NEVER_DELETED),
    *_sqlite_kept("supply"),
    *_sqlite_kept("document_line"),
)

_POSTGRESQL_ONE = """
    SELECT * INTO one FROM {rows};
    units := CASE WHEN {active_one} THEN one.quantity ELSE 0 END;
    UPDATE supply s SET reserved = s.reserved {sign} units,
      nonspecific = s.nonspecific {sign} CASE WHEN {nonspecific_one} THEN units ELSE 0 END,
      is_free = s.quantity > s.reserved {sign} units
    WHERE s.item_no = one.item_no AND s.supply_no = one.supply_no;
    GET DIAGNOSTICS of_supplies = ROW_COUNT;
    UPDATE document_line l SET reserved = l.reserved {sign} units
    WHERE l.item_no = one.item_no AND l.line = one.line;
    GET DIAGNOSTICS of_lines = ROW_COUNT;"""
_POSTGRESQL_MANY = """
    WITH done AS (
      UPDATE supply s SET reserved = s.reserved {sign} d.quantity,
                          nonspecific = s.nonspecific {sign} d.nonspecific,
                          is_free = s.quantity > s.reserved {sign} d.quantity
      FROM (SELECT r.item_no, r.supply_no, count(*) AS entries,
                   sum(CASE WHEN {active} THEN r.quantity ELSE 0 END)::bigint AS quantity,
                   sum(CASE WHEN {active} AND {nonspecific}
                            THEN r.quantity ELSE 0 END)::bigint AS nonspecific
            FROM {rows} r GROUP BY r.item_no, r.supply_no) d
      WHERE s.item_no = d.item_no AND s.supply_no = d.supply_no RETURNING d.entries)
    SELECT coalesce(sum(entries), 0) INTO of_supplies FROM done;
    WITH done AS (
      UPDATE document_line l SET reserved = l.reserved {sign} d.quantity
      FROM (SELECT r.item_no, r.line, count(*) AS entries,
                   sum(CASE WHEN {active} THEN r.quantity ELSE 0 END)::bigint AS quantity
            FROM {rows} r GROUP BY r.item_no, r.line) d
      WHERE l.item_no = d.item_no AND l.line = d.line RETURNING d.entries)
    SELECT coalesce(sum(entries), 0) INTO of_lines FROM done;"""


def _postgresql_totals(name: str, rows: str, sign: str, active: str) -> str:
    """By the statement, whose rows are set against each total once; one row is found by its key.

    A single reservation is the usual one, and that takes half the time.
    """
    facts = {
        "rows": rows,
        "sign": sign,
        "active": active.format("r"),
        "active_one": active.format("one"),
        "nonspecific": _NONSPECIFIC.format("r"),
        "nonspecific_one": _NONSPECIFIC.format("one"),
    }
    return f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE written bigint; of_supplies numeric; of_lines numeric;
  one reservation_entry; units bigint;
BEGIN
  SELECT count(*) INTO written FROM {rows};
  IF written = 1 THEN {_POSTGRESQL_ONE.format(**facts)}
  ELSE {_POSTGRESQL_MANY.format(**facts)}
  END IF;
  IF of_supplies + of_lines <> 2 * written THEN
    RAISE EXCEPTION '{_NOWHERE}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$"""


def _postgresql_refusal(name: str, event: str, why: str, when: str = "TRUE") -> tuple[str, str]:
    return (
        f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{why}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        f"""CREATE TRIGGER {name} BEFORE {event}
FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()""",
    )


def _postgresql_kept(table: str) -> tuple[str, ...]:
    columns, why = _KEPT[table]
    return (
        *_postgresql_refusal(f"{table}_kept", f"DELETE ON {table}", why),
        *_postgresql_refusal(f"{table}_named", f"UPDATE OF {columns} ON {table}", why),
    )


POSTGRESQL = (
    _postgresql_totals("reservation_entry_made", "made", "+", "{0}.until IS NULL"),
    """CREATE TRIGGER reservation_entry_made AFTER INSERT ON reservation_entry
REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION reservation_entry_made()""",
    _postgresql_totals("reservation_entry_ended", "ended", "-", "TRUE"),
    """CREATE TRIGGER reservation_entry_ended AFTER UPDATE ON reservation_entry
REFERENCING NEW TABLE AS ended
FOR EACH STATEMENT EXECUTE FUNCTION reservation_entry_ended()""",
    *_postgresql_refusal(
        "reservation_entry_fixed",
        "UPDATE ON reservation_entry",
        _NEVER_CHANGED,
        _CHANGED.format(differs="IS DISTINCT FROM"),
    ),
    *_postgresql_refusal("reservation_entry_kept", "DELETE ON reservation_entry", _NEVER_DELETED),
    *_postgresql_kept("supply"),
    *_postgresql_kept("document_line"),
)

_WHOLE = "a serial number is one unit, and is promised whole"
_HALF_ENTRY = "NEW.until IS NULL AND NEW.quantity % 100000 <> 0"
_HALF_SUPPLY = "NEW.serial_no <> '' AND NEW.quantity % 100000 <> 0"
_ON_SERIAL = """EXISTS (SELECT 1 FROM supply
  WHERE item_no = NEW.item_no AND supply_no = NEW.supply_no AND serial_no <> '')"""

WHOLE_SQLITE = (
    _sqlite_refusal(
        "reservation_entry_whole",
        "INSERT ON reservation_entry",
        _WHOLE,
        f"{_HALF_ENTRY} AND {_ON_SERIAL}",
    ),
    _sqlite_refusal("supply_made_whole", "INSERT ON supply", _WHOLE, _HALF_SUPPLY),
    _sqlite_refusal("supply_left_whole", "UPDATE OF quantity ON supply", _WHOLE, _HALF_SUPPLY),
)
"""What the tenth revision adds: nobody is promised a part of a serial number."""

WHOLE_POSTGRESQL = (
    f"""CREATE FUNCTION reservation_entry_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {_ON_SERIAL} THEN
    RAISE EXCEPTION '{_WHOLE}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$""",
    f"""CREATE TRIGGER reservation_entry_whole BEFORE INSERT ON reservation_entry
FOR EACH ROW WHEN ({_HALF_ENTRY}) EXECUTE FUNCTION reservation_entry_whole()""",
    *_postgresql_refusal(
        "supply_whole", "INSERT OR UPDATE OF quantity ON supply", _WHOLE, _HALF_SUPPLY
    ),
)
