"""Every page, as one router for the application."""

from __future__ import annotations

from fastapi import APIRouter

from earmark.web import importing, sales_orders, set_up, settings, static_files

router = APIRouter()
for part in (static_files, settings, sales_orders, set_up, importing):
    router.include_router(part.router)
