"""The tables of who may come in, and of whom events are sent to: see ``schema.py``."""

from __future__ import annotations

import sqlalchemy as sa

from earmark.database import columns

metadata = columns.metadata
_flag, _moment, _text, _where = columns.flag, columns.moment, columns.text, columns.where

account = sa.Table(
    "account",
    metadata,
    sa.Column("user_key", sa.Text, primary_key=True),
    _text("user_name"),
    _text("name"),
    _text("role"),
    _flag("is_active"),
    _text("password_hash"),
    _text("issuer"),
    _text("subject"),
    _moment("created", server_default="0"),
    sa.Index(
        "ux_account_subject",
        "issuer",
        "subject",
        unique=True,
        **_where("subject <> ''"),
    ),
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("session_id", sa.Text, primary_key=True),
    _text("secret_hash"),
    _text("user_key", index=True),
    _text("device"),
    _moment("began", server_default="0"),
    _moment("seen", server_default="0"),
    _moment("ends", server_default="0"),
)

api_token = sa.Table(
    "api_token",
    metadata,
    sa.Column("token_id", sa.Text, primary_key=True),
    _text("secret_hash"),
    _text("user_key", index=True),
    _text("name"),
    _text("scopes"),
    _moment("created", server_default="0"),
    _moment("seen", server_default="0"),
    _moment("ends", server_default="0"),
    _moment("revoked", server_default="0"),
)

webhook = sa.Table(
    "webhook",
    metadata,
    sa.Column("webhook_id", sa.Text, primary_key=True),
    _text("url"),
    _text("secret"),
    _text("types"),
    _flag("is_active"),
    _text("inactive_because"),
    _text("reached"),
    *(_moment(n, server_default="0") for n in ("created", "failures", "failing_since", "next_try")),
    _text("claimed_by"),
    _moment("claimed_until", server_default="0"),
)

webhook_attempt = sa.Table(
    "webhook_attempt",
    metadata,
    sa.Column("webhook_id", sa.Text, primary_key=True),
    sa.Column("attempt_no", sa.BigInteger, primary_key=True),
    _text("event_id"),
    _text("event_type"),
    *(_moment(name, server_default="0") for name in ("at", "duration_ms", "status")),
    _text("answer"),
    _text("error"),
    _moment("next_try", server_default="0"),
)
