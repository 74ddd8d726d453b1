"""All SQL: tables, loading, saving, lists, locks, migrations. Nothing here decides."""
