"""The opened database and how it is served, as every request finds them in the application."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from earmark.database.engine import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """One served database.

    ``open_to`` names the user as whom everybody acts, with every permission and without signing
    in: for the demonstration, and for a database that only its owner can reach.
    """

    database: Database
    open_to: str = ""


def serving(request: Request) -> Serving:
    """What this request is served from."""
    found: Serving = request.app.state.serving
    return found


def database(request: Request) -> Database:
    """The database that is served."""
    return serving(request).database
