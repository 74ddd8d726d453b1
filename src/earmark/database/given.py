"""Rows given to a statement as one parameter, and facts taken from it as one text.

A thousand lines are a thousand times as dear as one where each is a statement, each of their
values a parameter of its own, or each of their facts a value to be read. Both databases read and
write JSON faster than a driver binds and fetches, so rows go in as one JSON text, and the facts
that many rows share come out as one (ADR 0015).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.sql.functions import FunctionElement


class _Rows(FunctionElement[Any]):
    """The rows of a JSON text as a table of ``value`` and ``key``, the place in the list."""

    inherit_cache = False
    name = "given"


@compiles(_Rows, "sqlite")
def _json_each(element: _Rows, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    text = compiler.process(element.clauses, **options)
    return f"(SELECT value, key FROM json_each({text}))"


@compiles(_Rows, "postgresql")
def _json_elements(element: _Rows, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    text = compiler.process(element.clauses, **options)
    elements = f"jsonb_array_elements({text}::jsonb) WITH ORDINALITY AS each (value, place)"
    return f"(SELECT value, (place - 1)::int AS key FROM {elements})"


class _Value(ColumnElement[Any]):
    """One value of a row that is given."""

    inherit_cache = False

    def __init__(self, row: sa.ColumnElement[Any], at: int, of: sa.types.TypeEngine[Any]) -> None:
        """The value at a place in the row, of this type."""
        self.row = row
        self.at = at
        self.type = of


@compiles(_Value, "sqlite")
def _plain(element: _Value, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"{compiler.process(element.row, **options)} ->> {element.at}"


@compiles(_Value, "postgresql")
def _typed(element: _Value, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    type_ = compiler.dialect.type_compiler_instance.process(element.type)
    return f"({compiler.process(element.row, **options)} ->> {element.at})::{type_}"


class Given:
    """A list of rows as a table: the JSON text is the parameter ``name``."""

    def __init__(self, name: str, *types: sa.types.TypeEngine[Any]) -> None:
        """Rows of values of these types; quantities are given as they are stored."""
        self.table = _Rows(sa.bindparam(name, type_=sa.Text())).table_valued(
            "value", "key", name=name
        )
        self.values = [_Value(self.table.c.value, at, of) for at, of in enumerate(types)]
        self.place = self.table.c.key


class Facts(ColumnElement[str]):
    """The values of several columns as one JSON text; the same text wherever they are the same."""

    inherit_cache = False

    def __init__(self, *columns: sa.ColumnElement[Any]) -> None:
        """Facts in this order."""
        self.type = sa.Text()
        self.columns = columns


@compiles(Facts, "sqlite")
def _json_array(element: Facts, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"json_array({_listed(element, compiler, **options)})"


@compiles(Facts, "postgresql")
def _json_build(element: Facts, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"json_build_array({_listed(element, compiler, **options)})::text"


def _listed(element: Facts, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return ", ".join(compiler.process(column, **options) for column in element.columns)
