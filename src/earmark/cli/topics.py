"""`earmark help`: what a newcomer asks that no single command answers."""

EXIT_CODES = """Exit codes

  0  done; a shortage is an answer, not an error
  1  `verify` or `scenario run` found something, or Earmark itself has a fault
  2  the request is malformed or contradicts itself
  3  a record that is named does not exist
  4  a rule of the trade forbids it
  5  somebody else changed it first: nothing happened, try again
  6  the database or a file can not be used

A refusal is one sentence on standard error with its code, such as
fully-reserved; with --json it is {"code", "message", "facts"}. What was refused
has changed nothing."""

LINES = """How lines are named

  SO1        document SO1: an order, or another system's document
  SO1/1      its first line; it keeps its number when another is deleted
  MO1/1      a line of a production order: supply
  MO1/1/2    the second component of that line: demand
  X#12       item ledger entry 12 of item X: supply that is in stock
  stock, purchase, production, supply   all supply of that kind, after --from
  sales, component, demand              all demand of that kind, after --from
                                        where the line itself is supply"""

NUMBERS = """Numbers: serial, lot and package

  --serial SN1 --lot LOT1     one set of numbers
  --serials A001..A120,B7     many serial numbers, one unit each
  --numbers all               reserve each of the line's numbers: specific
  --numbers any               any number good enough: nonspecific (the default)

Entering numbers on a line (`earmark track`) asks for them; only `earmark
reserve` holds them. A specific reservation never moves. A nonspecific one keeps
its quantity, and moves to other goods when somebody names the number that it
happens to stand on."""

DATABASES = """Databases

  --database sqlite:///stock.db            a file; stock.db alone means the same
  --database postgresql://user@host/name   a PostgreSQL server
  EARMARK_DATABASE                         what --database is if it is not given
  EARMARK_BY                               what --by is if it is not given
  EARMARK_NOW=2026-11-24T10:45             stops the clock, for trials and tests

Without either it is earmark.db in this folder. A command that changes something
makes a database that does not exist; one that reads does not."""

DOCUMENTS = """Documents from a file (`earmark order load`), YAML or JSON

  - sales_order: SO9
    customer: C1
    lines:
      - {item: X, quantity: 5, location: EAST, date: 2026-12-02,
         numbers: [{lot: L1, quantity: 3}]}
  - production_order: MO1
    status: released
    lines:
      - {item: P, quantity: 10, location: EAST, date: 2026-12-05, for: SO8/1,
         components: [{item: X, quantity: 20, location: EAST}]}

Kinds: sales_order, purchase_order, production_order, demand, supply."""

TOPICS = {
    "exit-codes": EXIT_CODES,
    "lines": LINES,
    "numbers": NUMBERS,
    "databases": DATABASES,
    "documents": DOCUMENTS,
}
