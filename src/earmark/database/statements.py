"""Statements: written once with SQLAlchemy Core, compiled once for each database.

A statement here is a constant of its module. The first execution on a dialect compiles it and looks
up how its values are written and read; every later one hands the driver a ready text. That keeps
one SQL for both databases at close to the driver's own speed (ADR 0004).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement

Process = Callable[[Any], Any]
Row = tuple[Any, ...]


ONE = "__one"
"""Marks the parameter that stands for the only element of a list."""


class HintingCompiler(SQLiteCompiler):
    """SQLAlchemy's for SQLite, which also writes the hints of a select: ``INDEXED BY ...``."""

    def get_from_hint_text(self, table: sa.FromClause, text: str | None) -> str | None:  # noqa: ARG002
        """The hint stands behind the table as it was given."""
        return text


class Condition(ColumnElement[bool]):
    """A condition as it stands; SQLAlchemy would add ``= 1`` to it on SQLite and lose its index."""

    inherit_cache = False

    def self_group(self, against: Any = None) -> Any:  # noqa: ANN401, ARG002
        """Stand in AND and OR as it is: both texts below bind tighter."""
        return self


class MemberOf(Condition):
    """``column`` is one of a list given as a single parameter, however long the list is."""

    inherit_cache = False

    def __init__(self, column: sa.ColumnElement[Any], name: str) -> None:
        """The list is the parameter ``name``."""
        self.type = sa.Boolean()
        self.column = column
        self.list = sa.bindparam(name, type_=List(column.type))
        self.one = sa.bindparam(f"{name}{ONE}", type_=column.type)


class List(sa.types.TypeDecorator[Any]):
    """A list of values as one parameter: an array on PostgreSQL, JSON text on SQLite."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, of: sa.types.TypeEngine[Any]) -> None:
        """A list of values of this type."""
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """An array where the database has them."""
        if dialect.name == "postgresql":
            plain = sa.BigInteger() if isinstance(self.of, sa.BigInteger) else sa.Text()
            return dialect.type_descriptor(sa.ARRAY(plain))
        return dialect.type_descriptor(sa.Text())

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:  # noqa: ANN401
        """Write the list."""
        values = list(value)
        if dialect.name == "postgresql":
            return values
        return json.dumps(values)


@compiles(MemberOf, "postgresql")
def _any(element: MemberOf, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column = compiler.process(element.column, **options)
    if options.get("is_single"):
        return f"{column} = {compiler.process(element.one, **options)}"
    return f"{column} = ANY({compiler.process(element.list, **options)})"


@compiles(MemberOf, "sqlite")
def _in_json(element: MemberOf, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column = compiler.process(element.column, **options)
    if options.get("is_single"):
        return f"{column} = {compiler.process(element.one, **options)}"
    values = compiler.process(element.list, **options)
    return f"{column} IN (SELECT value FROM json_each({values}))"


class PairIn(Condition):
    """Columns together are one of a list of pairs (or triples); :func:`pairs` gives the list."""

    inherit_cache = False

    def __init__(self, *columns: sa.ColumnElement[Any], name: str) -> None:
        """The list is the parameters that ``pairs(name, ...)`` makes."""
        self.type = sa.Boolean()
        self.columns = columns
        sides = list(enumerate(columns))
        self.lists = tuple(
            sa.bindparam(f"{name}_{at}", type_=ListOfPairs(at, c.type)) for at, c in sides
        )
        self.ones = tuple(sa.bindparam(f"{name}_{at}{ONE}", type_=c.type) for at, c in sides)


class ListOfPairs(sa.types.TypeDecorator[Any]):
    """One side of a list of pairs as an array; on SQLite the pairs themselves, as JSON text."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, at: int, of: sa.types.TypeEngine[Any]) -> None:
        """Which of each pair, and of what type it is."""
        super().__init__()
        self.at = at
        self.of = of

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """An array where the database has them."""
        if dialect.name == "postgresql":
            plain = sa.BigInteger() if isinstance(self.of, sa.Integer) else sa.Text()
            return dialect.type_descriptor(sa.ARRAY(plain))
        return dialect.type_descriptor(sa.Text())

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:  # noqa: ANN401
        """Write this side of the pairs, or all of them."""
        if dialect.name == "postgresql":
            return [pair[self.at] for pair in value]
        return json.dumps(value)


def pairs(name: str, values: list[Any], width: int = 2) -> dict[str, Any]:
    """The parameters of a :class:`PairIn`."""
    return {f"{name}_{at}": values for at in range(width)}


@compiles(PairIn, "postgresql")
def _in_unnest(element: PairIn, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    columns = [compiler.process(column, **options) for column in element.columns]
    if options.get("is_single"):
        ones = (compiler.process(each, **options) for each in element.ones)
        return " AND ".join(f"{c} = {one}" for c, one in zip(columns, ones, strict=True))
    lists = ", ".join(compiler.process(each, **options) for each in element.lists)
    return f"({', '.join(columns)}) IN (SELECT * FROM unnest({lists}))"


@compiles(PairIn, "sqlite")
def _in_json_pairs(element: PairIn, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    columns = [compiler.process(column, **options) for column in element.columns]
    if options.get("is_single"):
        ones = (compiler.process(each, **options) for each in element.ones)
        return " AND ".join(f"{c} = {one}" for c, one in zip(columns, ones, strict=True))
    all_sides = compiler.process(element.lists[0], **options)
    sides = ", ".join(f"json_extract(value, '$[{at}]')" for at in range(len(columns)))
    return f"({', '.join(columns)}) IN (SELECT {sides} FROM json_each({all_sides}))"


class Statement:
    """One SQL statement, compiled once for each dialect; once more for lists of one.

    A list of one is an equation: the database finds its row by the plainest plan there is.
    """

    def __init__(self, clause: sa.Executable) -> None:
        """The statement as SQLAlchemy Core writes it; parameters are its bind parameters."""
        self.clause = clause
        self._prepared: dict[tuple[str, bool], Prepared] = {}

    def on(self, dialect: sa.Dialect, values: Mapping[str, Any] | None = None) -> Prepared:
        """The statement, ready for a dialect and for values like these."""
        lengths = {len(v) for v in values.values() if type(v) is list} if values else ()
        is_single = lengths == {1}
        key = (dialect.name, is_single)
        prepared = self._prepared.get(key)
        if prepared is None:
            prepared = Prepared(self.clause, dialect, is_single=is_single)
            self._prepared[key] = prepared
        return prepared


class Prepared:
    """A compiled statement: its text, how to write its parameters and how to read its rows."""

    def __init__(
        self, clause: sa.Executable, dialect: sa.Dialect, *, is_single: bool = False
    ) -> None:
        """Compile for one dialect; ``is_single`` where every list has one element."""
        options = {"is_single": True} if is_single else {}
        compiled: Any = clause.compile(  # type: ignore[attr-defined]
            dialect=dialect, compile_kwargs=options
        )
        self.text = str(compiled)
        self._writers = [
            _taker(name, compiled.binds[name], dialect) for name in compiled.positiontup
        ]
        columns = getattr(compiled, "_result_columns", ())
        self.readers = [
            (at, reader)
            for at, column in enumerate(columns)
            if (reader := _reader(column[3], dialect)) is not None
        ]

    def parameters(self, values: Mapping[str, Any]) -> list[Any]:
        """The values as the driver takes them."""
        return [take(values) for take in self._writers]

    def read(self, rows: list[Row]) -> list[Row]:
        """Rows as they mean something to us."""
        if not self.readers:
            return rows
        read = []
        for row in rows:
            values = list(row)
            for at, reader in self.readers:
                values[at] = reader(values[at])
            read.append(tuple(values))
        return read


def _taker(name: str, bind: Any, dialect: sa.Dialect) -> Process:  # noqa: ANN401 - SQLAlchemy's
    """How one parameter is taken from the values of a call and written."""
    write = _writer(bind.type, dialect)
    if name.endswith(ONE):
        return _taker_of_one(name.removesuffix(ONE), write)
    if not bind.required:
        fixed = bind.value if write is None else write(bind.value)
        return lambda values: values.get(name, fixed)
    if write is None:
        return itemgetter(name)
    return lambda values: write(values[name])


def _taker_of_one(name: str, write: Process | None) -> Process:
    """How the only element of a list is taken; of pairs, the side that the name ends in."""
    side = int(name[-1]) if name[-1].isdigit() else None
    written = write or (lambda value: value)
    if side is None:
        return lambda values: written(values[name][0])
    return lambda values: written(values[name][0][side])


def _writer(type_: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Process | None:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _reader(type_: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Process | None:
    implementation = type_.dialect_impl(dialect)
    return implementation.result_processor(dialect, None)


class Insert:
    """Inserts rows into some columns of a table: one, or any number in one statement."""

    def __init__(self, table: sa.Table, columns: Sequence[str], dialect: sa.Dialect) -> None:
        """Rows are given as values in the order of the columns."""
        self.columns = tuple(columns)
        types = [table.c[column].type for column in columns]
        self.writers = [
            (at, writer)
            for at, type_ in enumerate(types)
            if (writer := _writer(type_, dialect)) is not None
        ]
        names = ", ".join(f'"{column}"' for column in columns)
        head = f'INSERT INTO "{table.name}" ({names})'
        is_numbered = dialect.name == "postgresql"
        marks = [f"${n}" if is_numbered else "?" for n in range(1, len(types) + 1)]
        self.missing = " ON CONFLICT DO NOTHING"
        self.one = f"{head} VALUES ({', '.join(marks)})"
        self.many = ""
        if is_numbered:
            compiler = dialect.type_compiler_instance
            arrays = ", ".join(
                f"{mark}::{compiler.process(type_)}[]"
                for mark, type_ in zip(marks, types, strict=True)
            )
            self.many = f"{head} SELECT * FROM unnest({arrays})"

    def written(self, rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
        """The rows as the driver takes them."""
        written = [list(row) for row in rows]
        for row in written:
            for at, write in self.writers:
                row[at] = write(row[at])
        return written
