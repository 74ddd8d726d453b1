"""Every page, as one router for the application."""

from __future__ import annotations

from fastapi import APIRouter

from earmark.web import (
    entering,
    exports,
    lines,
    reservations,
    sales_orders,
    settings,
    static_files,
    tracking,
)

router = APIRouter()
for part in (
    static_files.router,
    settings.router,
    exports.router,
    entering.router,
    sales_orders.router,
    lines.router,
    tracking.router,
    reservations.router,
    lines.changes,
):
    router.include_router(part)
