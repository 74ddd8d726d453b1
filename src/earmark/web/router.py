"""Every page, as one router for the application."""

from __future__ import annotations

from fastapi import APIRouter

from earmark.web import (
    account,
    accounts,
    appeals,
    attention,
    entering,
    exports,
    history,
    importing,
    items,
    lines,
    links,
    marked,
    numbers,
    orders,
    palette,
    reservations,
    set_up,
    settings,
    signing_in,
    split,
    static_files,
    tracking,
    trying,
    why,
)

router = APIRouter()
for part in (
    static_files.router,
    settings.router,
    exports.router,
    entering.router,
    orders.router,
    split.router,
    why.router,
    items.router,
    numbers.router,
    trying.router,
    appeals.router,
    palette.router,
    history.router,
    attention.router,
    links.router,
    lines.router,
    tracking.router,
    marked.router,
    reservations.router,
    lines.changes,
    set_up.router,
    importing.router,
    signing_in.router,
    account.router,
    accounts.router,
):
    router.include_router(part)
