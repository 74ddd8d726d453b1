"""What scenario files can ask for and this version can not do yet.

A scenario that needs any of it is reported as *not built*, never as passed: it was checked, and it
was not run. When something is built, its word goes from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from earmark.scenarios.forms import Fields
from earmark.scenarios.reading import Scenario, Step

DOCUMENTS = (
    "transfer_order",
    "assembly_order",
    "sales_return",
    "purchase_return",
    "service_order",
    "project",
)
KINDS = ("transfer", "assembly", "sales_return", "service", "project", "purchase_return")
VERBS = ("worksheet", "promise", "assemble")
EXPECTATIONS = ("worksheet", "promised")

_KEYS_OF_KINDS = ("from", "for", "demand")


def needs(scenario: Scenario) -> tuple[str, ...]:
    """What a scenario needs that is not built, in the order in which it comes up."""
    found = [*_in_value(scenario.given.get("documents", ()))]
    for step in scenario.steps:
        found += _in_step(step)
    return tuple(dict.fromkeys(found))


def _in_step(step: Step) -> Iterator[str]:
    if step.verb in VERBS:
        yield step.verb
    if step.verb == "together":
        for inner in step.content:
            yield from _in_step(inner)
    else:
        yield from _in_value(step.content)
    yield from _in_value(step.then)


def _in_value(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever a form gives
    if isinstance(value, Fields):
        for key, inner in value.items():
            if key in DOCUMENTS or key in EXPECTATIONS:
                yield key
            elif key in _KEYS_OF_KINDS:
                yield from _kinds_in(inner)
            yield from _in_value(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _in_value(inner)


def _kinds_in(value: object) -> Iterator[str]:
    for word in value if isinstance(value, tuple) else (value,):
        if word in KINDS:
            yield f"{word} as a kind"
