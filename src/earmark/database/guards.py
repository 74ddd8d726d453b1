"""The triggers that keep the totals and refuse what may never be, on SQLite and PostgreSQL.

They are part of the schema: the first migration creates them and never a program at run time. A
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

MOMENTS_RISE = "the moment of a command is greater than all before it"
"""What SQLite says where a clock went back; PostgreSQL orders commands by transactions."""

_NONSPECIFIC = (
    "{0}.lot_no = '' AND {0}.serial_no = '' AND {0}.package_no = '' "
    "AND {0}.binding = '' AND {0}.hold_until = 0"
)
_NEVER_CHANGED = "a reservation entry is never changed, only ended"
_NEVER_DELETED = "a reservation entry is never deleted, only ended"
_NOWHERE = "a reservation entry is of a supply and a line that exist"
_KEPT = {
    "supply": ("item_no, supply_no", "a supply is never deleted and keeps its number"),
    "document_line": ("item_no, line", "a line is never deleted and keeps its name"),
}

_SQLITE_SUPPLY = """
  UPDATE supply SET reserved = reserved {sign} {row}.quantity,
    nonspecific = nonspecific {sign} CASE WHEN {nonspecific} THEN {row}.quantity ELSE 0 END{turn}
  WHERE item_no = {row}.item_no AND supply_no = {row}.supply_no AND {when};"""
_SQLITE_LINE = """
  UPDATE document_line SET reserved = reserved {sign} {row}.quantity
  WHERE item_no = {row}.item_no AND line = {row}.line;
"""


def _sqlite_totals(row: str, sign: str, *turns: tuple[str, str]) -> str:
    facts = {"row": row, "sign": sign, "nonspecific": _NONSPECIFIC.format(row)}
    supply = (_SQLITE_SUPPLY.format(**facts, turn=turn, when=when) for turn, when in turns)
    return "".join(supply) + _SQLITE_LINE.format(**facts)


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
    f"""CREATE TRIGGER command_in_order BEFORE INSERT ON command
WHEN NEW.moment <= (SELECT max(moment) FROM command)
BEGIN SELECT RAISE(ABORT, '{MOMENTS_RISE}'); END""",
    _sqlite_refusal(
        "reservation_entry_there",
        "INSERT ON reservation_entry",
        _NOWHERE,
        "NOT EXISTS (SELECT 1 FROM supply s JOIN document_line l USING (item_no)"
        " WHERE s.item_no = NEW.item_no AND s.supply_no = NEW.supply_no AND l.line = NEW.line)",
    ),
    f"""CREATE TRIGGER reservation_entry_made AFTER INSERT ON reservation_entry
WHEN NEW.until IS NULL
BEGIN {
        _sqlite_totals(
            "NEW",
            "+",
            (", is_free = FALSE", "quantity <= reserved + NEW.quantity"),
            ("", "quantity > reserved + NEW.quantity"),
        )
    } END""",
    f"""CREATE TRIGGER reservation_entry_ended AFTER UPDATE OF until ON reservation_entry
WHEN OLD.until IS NULL AND NEW.until IS NOT NULL
BEGIN {_sqlite_totals("OLD", "-", ("", "is_free"), (", is_free = TRUE", "NOT is_free"))} END""",
    _sqlite_refusal(
        "reservation_entry_fixed",
        "UPDATE ON reservation_entry",
        _NEVER_CHANGED,
        """OLD.until IS NOT NULL OR NEW.until IS NULL
  OR (OLD.item_no, OLD.since, OLD.ordinal, OLD.line, OLD.supply_no, OLD.quantity, OLD.lot_no,
      OLD.serial_no, OLD.package_no, OLD.binding, OLD.hold_until)
  IS NOT (NEW.item_no, NEW.since, NEW.ordinal, NEW.line, NEW.supply_no, NEW.quantity, NEW.lot_no,
      NEW.serial_no, NEW.package_no, NEW.binding, NEW.hold_until)""",
    ),
    _sqlite_refusal("reservation_entry_kept", "DELETE ON reservation_entry", _NEVER_DELETED),
    *_sqlite_kept("supply"),
    *_sqlite_kept("document_line"),
)

_POSTGRESQL_TOTALS = """
  UPDATE supply s SET reserved = s.reserved {sign} d.quantity,
                      nonspecific = s.nonspecific {sign} d.nonspecific,
                      is_free = s.quantity > s.reserved {sign} d.quantity
  FROM (SELECT r.item_no, r.supply_no, sum(r.quantity)::bigint AS quantity,
               sum(CASE WHEN {nonspecific} THEN r.quantity ELSE 0 END)::bigint AS nonspecific
        FROM {rows} r WHERE {active} GROUP BY r.item_no, r.supply_no) d
  WHERE s.item_no = d.item_no AND s.supply_no = d.supply_no;
  UPDATE document_line l SET reserved = l.reserved {sign} d.quantity
  FROM (SELECT r.item_no, r.line, sum(r.quantity)::bigint AS quantity
        FROM {rows} r WHERE {active} GROUP BY r.item_no, r.line) d
  WHERE l.item_no = d.item_no AND l.line = d.line;
"""


def _postgresql_totals(rows: str, sign: str, active: str) -> str:
    return _POSTGRESQL_TOTALS.format(
        rows=rows, sign=sign, active=active, nonspecific=_NONSPECIFIC.format("r")
    )


def _postgresql_refusal(name: str, event: str, why: str) -> tuple[str, str]:
    return (
        f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{why}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )


def _postgresql_kept(table: str) -> tuple[str, ...]:
    columns, why = _KEPT[table]
    return (
        *_postgresql_refusal(f"{table}_kept", f"DELETE ON {table}", why),
        *_postgresql_refusal(f"{table}_named", f"UPDATE OF {columns} ON {table}", why),
    )


POSTGRESQL = (
    f"""CREATE FUNCTION reservation_entry_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM made r
    WHERE NOT EXISTS (SELECT FROM supply s
                      WHERE s.item_no = r.item_no AND s.supply_no = r.supply_no)
       OR NOT EXISTS (SELECT FROM document_line l
                      WHERE l.item_no = r.item_no AND l.line = r.line)
  ) THEN
    RAISE EXCEPTION '{_NOWHERE}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  {_postgresql_totals("made", "+", "r.until IS NULL")} RETURN NULL;
END $$""",
    """CREATE TRIGGER reservation_entry_made AFTER INSERT ON reservation_entry
REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION reservation_entry_made()""",
    f"""CREATE FUNCTION reservation_entry_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM was FULL JOIN ended USING (item_no, line, since, ordinal)
    WHERE was.until IS NOT NULL OR ended.until IS NULL
       OR (was.supply_no, was.quantity, was.lot_no, was.serial_no, was.package_no,
           was.binding, was.hold_until)
          IS DISTINCT FROM
          (ended.supply_no, ended.quantity, ended.lot_no, ended.serial_no,
           ended.package_no, ended.binding, ended.hold_until)
  ) THEN
    RAISE EXCEPTION '{_NEVER_CHANGED}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  {_postgresql_totals("ended", "-", "TRUE")} RETURN NULL;
END $$""",
    """CREATE TRIGGER reservation_entry_ended AFTER UPDATE ON reservation_entry
REFERENCING OLD TABLE AS was NEW TABLE AS ended
FOR EACH STATEMENT EXECUTE FUNCTION reservation_entry_ended()""",
    *_postgresql_refusal("reservation_entry_kept", "DELETE ON reservation_entry", _NEVER_DELETED),
    *_postgresql_kept("supply"),
    *_postgresql_kept("document_line"),
)
