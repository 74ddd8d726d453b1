"""The tables as the cluster to come needs them, and as the migrations make them."""

from collections.abc import Iterator, Sequence

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import earmark
from earmark.database import guards, schema

BY_ITEM = {table.name for table in schema.BY_ITEM}


def unique_columns(table: sa.Table) -> Iterator[list[str]]:
    """The columns of the primary key and of every unique constraint and index."""
    yield [column.name for column in table.primary_key]
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            yield [column.name for column in constraint.columns]
    for index in table.indexes:
        if index.unique:
            yield [str(column.name) for column in index.columns]


def groups() -> dict[str, Sequence[sa.Table]]:
    """The groups of tables that may live on different nodes."""
    return {
        "by item": schema.BY_ITEM,
        "reference": schema.REFERENCE,
        "by own key": schema.BY_OWN_KEY,
    }


@pytest.mark.parametrize("table", schema.BY_ITEM, ids=str)
def test_a_table_of_an_item_is_unique_within_the_item(table: sa.Table) -> None:
    for columns in unique_columns(table):
        assert columns[0] == "item_no", columns


def test_every_table_belongs_to_exactly_one_group() -> None:
    placed = [table.name for group in groups().values() for table in group]
    assert sorted(placed) == sorted(schema.metadata.tables)


def test_a_foreign_key_stays_in_its_group_and_within_the_item() -> None:
    for group in groups().values():
        names = {table.name for table in group}
        for table in group:
            for constraint in table.foreign_key_constraints:
                assert constraint.referred_table.name in names, constraint.name
                pairs = {(key.parent.name, key.column.name) for key in constraint.elements}
                assert table.name not in BY_ITEM or ("item_no", "item_no") in pairs


def test_the_migrations_make_the_tables_that_the_program_knows(
    database: earmark.Database,
) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        drift = compare_metadata(context, schema.metadata)
    assert drift == []


def test_every_check_has_its_name_in_the_database(database: earmark.Database) -> None:
    for table in schema.metadata.tables.values():
        checks = [c for c in table.constraints if isinstance(c, sa.CheckConstraint)]
        assert {str(check.name) for check in checks} == set(checks_of(database, table.name))


def test_as_many_checks_are_in_the_database_as_the_program_knows(
    database: earmark.Database,
) -> None:
    """What Alembic does not compare."""
    for table in schema.metadata.tables.values():
        checks = [c for c in table.constraints if isinstance(c, sa.CheckConstraint)]
        assert len(checks_of(database, table.name)) == len(checks), table.name


def checks_of(database: earmark.Database, table: str) -> list[str]:
    """The names of the CHECK constraints of a table, by the database's own account."""
    with database.engine.connect() as connection:
        return [str(check["name"]) for check in sa.inspect(connection).get_check_constraints(table)]


def test_every_partial_index_is_in_the_database(database: earmark.Database) -> None:
    """What Alembic does not compare either: that an index has a condition."""
    wanted = {
        str(index.name)
        for table in schema.metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["postgresql"]["where"] is not None
    }
    with database.engine.connect() as connection:
        assert partial_indexes(database, connection) == wanted


def partial_indexes(database: earmark.Database, connection: sa.Connection) -> set[str]:
    """The indexes with a condition, by the database's own account."""
    catalog = (
        "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"
        if database.is_sqlite
        else "SELECT indexname FROM pg_indexes"
        " WHERE schemaname = 'public' AND indexdef LIKE '% WHERE %'"
    )
    return {str(row[0]) for row in connection.execute(sa.text(catalog))}


def test_every_guard_is_in_the_database(database: earmark.Database) -> None:
    catalog = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.is_sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with database.engine.connect() as connection:
        there = {row[0] for row in connection.execute(sa.text(catalog))}
    sqlite = guards.SQLITE + guards.WHOLE_SQLITE
    statements = sqlite if database.is_sqlite else guards.POSTGRESQL + guards.WHOLE_POSTGRESQL
    words = [statement.split() for statement in statements]
    assert there == {name for create, what, name, *_ in words if what == "TRIGGER"}
