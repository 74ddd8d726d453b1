"""Expectations: each is read by the same readings as everywhere, and compared.

One function a key; it gives back what does not hold. What can not be read at all (no such line) is
a difference like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from earmark.core.outcome import Outcome
from earmark.core.quantity import ZERO
from earmark.core.views import CandidateView, ReservationView
from earmark.database.engine import Database
from earmark.errors import EarmarkError
from earmark.scenarios.comparing import (
    Difference,
    Row,
    by_number,
    compared,
    equal,
    exactly,
    said,
    said_refusal,
)
from earmark.scenarios.entries import choice_of, numbers_of
from earmark.scenarios.forms import Fields
from earmark.scenarios.scene import Scene
from earmark.usecases import reading, verifying
from earmark.usecases.why import why


@dataclass(frozen=True, slots=True)
class Sight:
    """From where one looks: a scene, now or as of a moment, with what was reported then."""

    scene: Scene
    as_of: int | None
    outcome: Outcome | None

    @property
    def database(self) -> Database:
        """The database of the scene."""
        return self.scene.database


def differences(scene: Scene, expectation: Fields) -> list[Difference]:
    """Everything in an expectation that does not hold."""
    as_of = expectation.get("as_of")
    if as_of is None:
        sight = Sight(scene, None, scene.outcome)
    else:
        sight = Sight(scene, scene.moments[as_of], scene.outcomes[as_of])
    found: list[Difference] = []
    for key, wanted in expectation.items():
        if key != "as_of":
            found += _read(key, expectation.line_of(key), CHECKS[key](sight, wanted))
    return found


def _read(key: str, line: int, check: Iterator[Difference]) -> Iterator[Difference]:
    """A check to its end, or to what can not be read."""
    try:
        yield from check
    except EarmarkError as refusal:
        yield Difference(line=line, expectation=f"{key} can be read", found=said_refusal(refusal))


def verified(scene: Scene, line: int) -> list[Difference]:
    """What the integrity check finds."""
    return [
        Difference(
            line=line,
            expectation="the integrity check finds nothing",
            found=f"{finding.check}: {finding.record}",
            why=finding.message,
        )
        for finding in verifying.verify(scene.database)
    ]


# -- Lines and documents -----------------------------------------------------------------------


def _line(sight: Sight, wanted: Fields) -> Iterator[Difference]:
    for written, figures in wanted.items():
        line = sight.scene.reference(written)
        view = reading.line(sight.database, line, as_of=sight.as_of)
        found = {key: getattr(view, key) for key in figures}
        yield from compared(f"line {written}", figures, found, partial(_why, sight, line))


def _why(sight: Sight, line: str) -> str:
    """What *why is this line short?* answers, in one line; nothing where it can not be asked."""
    if sight.as_of is not None:
        return ""
    try:
        view = why(sight.database, line)
    except EarmarkError:
        return ""  # not a demand line: the difference is told without it
    counted = (f"{said(step.quantity)} {step.reason}" for step in view.steps if step.quantity)
    return (
        f"needed {said(view.needed)}, reserved {said(view.reserved)}, can be reserved "
        f"{said(view.can_be_reserved)} of a supply of {said(view.total_supply)}"
        f"{''.join(f'; {part}' for part in counted)}"
    )


def _document(sight: Sight, wanted: Fields) -> Iterator[Difference]:
    for document_no, figures in wanted.items():
        view = reading.document(sight.database, document_no, as_of=sight.as_of)
        found = {key: getattr(view, key) for key in figures}
        yield from compared(f"document {document_no}", figures, found)


def _exists(sight: Sight, wanted: Fields) -> Iterator[Difference]:
    found = {
        written: reading.exists(sight.database, sight.scene.reference(written), as_of=sight.as_of)
        for written in wanted
    }
    yield from compared("exists", wanted, found)


def _total(sight: Sight, wanted: Sequence[Fields]) -> Iterator[Difference]:
    for row in wanted:
        lines = [
            reading.line(sight.database, sight.scene.reference(line), as_of=sight.as_of)
            for line in row["lines"]
        ]
        total = sum((getattr(line, row["of"]) for line in lines), ZERO)
        what = f"total {row['of']} of {', '.join(row['lines'])}"
        yield from compared(what, row, {"is": total})


def _tracking(sight: Sight, wanted: Fields) -> Iterator[Difference]:
    for written, rows in wanted.items():
        line = sight.scene.reference(written)
        found = [
            {
                **by_number(view.numbers),
                "quantity": view.quantity,
                "to_handle": view.to_handle,
                "handled": view.handled,
                "expiration_date": view.expiration_date,
            }
            for view in reading.tracking_lines(sight.database, line, as_of=sight.as_of)
        ]
        yield from exactly(f"tracking of {written}", wanted.line_of(written), rows, found)


# -- Reservations ------------------------------------------------------------------------------


def _reservations(sight: Sight, wanted: Fields) -> Iterator[Difference]:
    scene = sight.scene

    def matches(key: str, value: object, row: Row) -> bool:
        if key == "from":
            return value == row["kind"] or scene.said(scene.reference(str(value))) == row["from"]
        return equal(key, value, row)

    for written, rows in wanted.items():
        reference = scene.reference(written)
        views = reading.reservations(sight.database, reference, as_of=sight.as_of)
        found = [_reservation_row(scene, view) for view in views]
        what = f"reservations of {written}"
        yield from exactly(what, wanted.line_of(written), rows, found, matches)


def _reservation_row(scene: Scene, view: ReservationView) -> Row:
    return {
        "from": scene.said(view.supply),
        "kind": view.supply_kind,
        "for": view.demand,
        "quantity": view.quantity,
        "specific": view.is_specific,
        **by_number(view.numbers),
        "binding": view.binding,
        "hold_until": view.hold_until,
        "date": view.date,
    }


def _outcome(sight: Sight, wanted: Fields) -> Iterator[Difference]:
    outcome = sight.outcome
    if outcome is None:
        yield Difference(
            line=wanted.line,
            expectation=f"outcome: {said(wanted)}",
            found="no outcome: the step before was refused, or reports nothing",
        )
        return
    figures = {key: getattr(outcome, key) for key in wanted if key != "moved"}
    yield from compared("outcome", wanted, figures, lambda: _messages(outcome))
    if "moved" in wanted and sorted(wanted["moved"]) != sorted(outcome.moved):
        yield Difference(
            line=wanted.line_of("moved"),
            expectation=f"outcome: moved {said(wanted['moved'])}",
            found=f"moved {said(outcome.moved)}",
            why=_messages(outcome),
        )


def _messages(outcome: Outcome) -> str:
    return " ".join(warning.message for warning in outcome.warnings)


# -- Availability ------------------------------------------------------------------------------


def _window(sight: Sight, wanted: Sequence[Fields]) -> Iterator[Difference]:
    for one in wanted:
        numbers = numbers_of(one["numbers"]) if "numbers" in one else None
        line = sight.scene.reference(one["line"])
        view = reading.window(sight.database, line, numbers, as_of=sight.as_of)
        found = {row.supply: row for row in view.rows}
        for row in one["rows"]:
            what = f"window of {one['line']}: {row['from']}"
            if row["from"] not in found:
                yield _absent(what, row, found)
                continue
            seen = found[row["from"]]
            figures = {key: getattr(seen, key) for key in row if key != "from"}
            yield from compared(what, row, figures)


def _candidates(sight: Sight, wanted: Sequence[Fields]) -> Iterator[Difference]:
    for one in wanted:
        views = reading.candidates(
            sight.database,
            sight.scene.reference(one["line"]),
            choice_of(one.get("numbers")),
            as_of=sight.as_of,
        )
        for row in one["rows"]:
            supply = sight.scene.reference(row["from"])
            seen = [view for view in views if supply in (view.supply, view.supply_kind)]
            what = f"candidates for {one['line']}: {row['from']}"
            if seen:
                yield from _candidate(what, row, seen)
            else:
                yield _absent(what, row, [sight.scene.said(view.supply) for view in views])


def _candidate(what: str, row: Fields, seen: Sequence[CandidateView]) -> Iterator[Difference]:
    """A supply under several numbers is a candidate under each; the row is about all of them."""
    available = sum((view.available for view in seen), ZERO)
    messages = " ".join(dict.fromkeys(view.message for view in seen if view.message))
    yield from compared(what, row, {"available": available}, lambda: messages)
    reasons = sorted({reason for view in seen for reason in view.reasons})
    if "reasons" in row and sorted(row["reasons"]) != reasons:
        yield Difference(
            line=row.line_of("reasons"),
            expectation=f"{what}: reasons {said(row['reasons'])}",
            found=f"reasons {said(reasons)}",
            why=messages,
        )


def _absent(what: str, row: Fields, found: Mapping[str, object] | Sequence[str]) -> Difference:
    return Difference(
        line=row.line, expectation=what, found=f"no such row, only {', '.join(found) or 'none'}"
    )


def _number(sight: Sight, wanted: Sequence[Fields]) -> Iterator[Difference]:
    for row in wanted:
        view = reading.number(
            sight.database,
            row["item"],
            row.get("location", ""),
            numbers_of(row),
            variant_code=row.get("variant", ""),
            as_of=sight.as_of,
        )
        figures = ("total", "requested", "available", "nonspecific")
        found = {key: getattr(view, key) for key in figures}
        yield from compared(f"number {said(numbers_of(row))}", row, found)


def _stock(sight: Sight, wanted: Sequence[Fields]) -> Iterator[Difference]:
    for row in wanted:
        rows = reading.inventory(
            sight.database,
            item_no=row["item"],
            location_code=row.get("location", ""),
            variant_code=row.get("variant"),
            numbers=numbers_of(row),
            as_of=sight.as_of,
        )
        dates = sorted({said(found.expiration_date) for found in rows})
        if "expiration_date" in row:
            rows = tuple(r for r in rows if r.expiration_date == row["expiration_date"])
        quantity: Decimal = sum((found.quantity for found in rows), ZERO)
        place = {key: row[key] for key in row if key != "quantity"}
        dated = f"expiration dates in stock: {', '.join(dates)}" if dates else ""
        yield from compared(
            f"stock {said(place)}", row, {"quantity": quantity}, partial(str, dated)
        )


_Check = Callable[[Sight, Any], Iterator[Difference]]

CHECKS: Mapping[str, _Check] = {
    "line": _line,
    "reservations": _reservations,
    "outcome": _outcome,
    "window": _window,
    "candidates": _candidates,
    "number": _number,
    "stock": _stock,
    "tracking": _tracking,
    "document": _document,
    "exists": _exists,
    "total": _total,
}
"""What this version can check: each key of an expectation, with how it is read and compared."""
