"""Every operation of the API, as one router for the application."""

from __future__ import annotations

from fastapi import APIRouter

from earmark.api.actions import ACTIONS
from earmark.api.bulk import BULK
from earmark.api.importing import router as importing
from earmark.api.lists import LISTS
from earmark.api.operations import add_action, add_bulk, add_listing, add_reading
from earmark.api.readings import READINGS

router = APIRouter()
for action in ACTIONS:
    add_action(router, action)
for reading in READINGS:
    add_reading(router, reading)
for listing in LISTS:
    add_listing(router, listing)
for bulk in BULK:
    add_bulk(router, bulk)
router.include_router(importing)
