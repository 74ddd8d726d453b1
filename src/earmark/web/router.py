"""Every page, as one router for the application."""

from __future__ import annotations

from fastapi import APIRouter

from earmark.web import account, accounts, sales_orders, settings, signing_in, static_files

router = APIRouter()
for part in (static_files, settings, signing_in, account, accounts, sales_orders):
    router.include_router(part.router)
