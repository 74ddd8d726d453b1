"""Every page, as one router for the application."""

from __future__ import annotations

from fastapi import APIRouter

from earmark.web import (
    entering,
    exports,
    lines,
    sales_orders,
    settings,
    split,
    static_files,
    tracking,
    why,
)

router = APIRouter()
for part in (
    static_files.router,
    settings.router,
    exports.router,
    entering.router,
    sales_orders.router,
    split.router,
    why.router,
    lines.router,
    tracking.router,
    lines.changes,
):
    router.include_router(part)
