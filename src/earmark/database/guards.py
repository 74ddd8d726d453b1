"""The triggers that keep the totals and refuse what may never be, on SQLite and PostgreSQL.

They are part of the schema: the first migration creates them and never a program at run time. A
reservation entry that is written or ended changes the totals of its supply and of its line in the
same statement; the CHECK on those totals then refuses an over-reservation, whoever wrote it. An
entry is never deleted and never changed but to end it.
"""

from __future__ import annotations

_NONSPECIFIC = (
    "{0}.lot_no = '' AND {0}.serial_no = '' AND {0}.package_no = '' "
    "AND {0}.binding = '' AND {0}.hold_until = 0"
)

_SQLITE_ADD = """
  UPDATE supply SET
    reserved = reserved {sign} {row}.quantity,
    nonspecific = nonspecific {sign} CASE WHEN {nonspecific} THEN {row}.quantity ELSE 0 END
  WHERE item_no = {row}.item_no AND supply_no = {row}.supply_no;
  UPDATE document_line SET reserved = reserved {sign} {row}.quantity
  WHERE item_no = {row}.item_no AND line = {row}.line;
"""


def _sqlite_add(row: str, sign: str) -> str:
    return _SQLITE_ADD.format(row=row, sign=sign, nonspecific=_NONSPECIFIC.format(row))


SQLITE = (
    f"""CREATE TRIGGER reservation_entry_made AFTER INSERT ON reservation_entry
WHEN NEW.until IS NULL
BEGIN {_sqlite_add("NEW", "+")} END""",
    f"""CREATE TRIGGER reservation_entry_ended AFTER UPDATE OF until ON reservation_entry
WHEN OLD.until IS NULL AND NEW.until IS NOT NULL
BEGIN {_sqlite_add("OLD", "-")} END""",
    """CREATE TRIGGER reservation_entry_fixed BEFORE UPDATE ON reservation_entry
WHEN OLD.until IS NOT NULL OR NEW.until IS NULL
  OR (OLD.item_no, OLD.since, OLD.ordinal, OLD.line, OLD.supply_no, OLD.quantity, OLD.lot_no,
      OLD.serial_no, OLD.package_no, OLD.binding, OLD.hold_until)
  IS NOT (NEW.item_no, NEW.since, NEW.ordinal, NEW.line, NEW.supply_no, NEW.quantity, NEW.lot_no,
      NEW.serial_no, NEW.package_no, NEW.binding, NEW.hold_until)
BEGIN SELECT RAISE(ABORT, 'a reservation entry is never changed, only ended'); END""",
    """CREATE TRIGGER reservation_entry_kept BEFORE DELETE ON reservation_entry
BEGIN SELECT RAISE(ABORT, 'a reservation entry is never deleted, only ended'); END""",
)

_POSTGRESQL_TOTALS = """
  UPDATE supply s SET reserved = s.reserved {sign} d.quantity,
                      nonspecific = s.nonspecific {sign} d.nonspecific
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


POSTGRESQL = (
    f"""CREATE FUNCTION reservation_entry_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {_postgresql_totals("made", "+", "r.until IS NULL")} RETURN NULL; END $$""",
    """CREATE TRIGGER reservation_entry_made AFTER INSERT ON reservation_entry
REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION reservation_entry_made()""",
    f"""CREATE FUNCTION reservation_entry_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM was FULL JOIN ended USING (item_no, since, ordinal)
    WHERE was.until IS NOT NULL OR ended.until IS NULL
       OR (was.line, was.supply_no, was.quantity, was.lot_no, was.serial_no, was.package_no,
           was.binding, was.hold_until)
          IS DISTINCT FROM
          (ended.line, ended.supply_no, ended.quantity, ended.lot_no, ended.serial_no,
           ended.package_no, ended.binding, ended.hold_until)
  ) THEN
    RAISE EXCEPTION 'a reservation entry is never changed, only ended'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  {_postgresql_totals("ended", "-", "TRUE")} RETURN NULL;
END $$""",
    """CREATE TRIGGER reservation_entry_ended AFTER UPDATE ON reservation_entry
REFERENCING OLD TABLE AS was NEW TABLE AS ended
FOR EACH STATEMENT EXECUTE FUNCTION reservation_entry_ended()""",
    """CREATE FUNCTION reservation_entry_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a reservation entry is never deleted, only ended'
  USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER reservation_entry_kept BEFORE DELETE ON reservation_entry
FOR EACH ROW EXECUTE FUNCTION reservation_entry_kept()""",
)
