"""Every operation of the API, as one router for the application."""

from __future__ import annotations

from fastapi import APIRouter

from earmark.api.actions import ACTIONS
from earmark.api.operations import add_action, add_reading
from earmark.api.readings import READINGS

router = APIRouter()
for action in ACTIONS:
    add_action(router, action)
for reading in READINGS:
    add_reading(router, reading)
