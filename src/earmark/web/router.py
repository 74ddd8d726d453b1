"""Every page, as one router for the application."""

from __future__ import annotations

from fastapi import APIRouter

from earmark.web import sales_orders, settings, static_files

router = APIRouter()
for part in (static_files, settings, sales_orders):
    router.include_router(part.router)
