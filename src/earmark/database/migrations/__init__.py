"""The schema, revision by revision; the same on SQLite and PostgreSQL."""
