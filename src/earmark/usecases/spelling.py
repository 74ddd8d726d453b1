"""Numbers as an item has them: the spelling known first is taken, in whatever case they come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from earmark.core.stock import Line
from earmark.core.tracking import Numbers, TrackingCode, TrackingLine
from earmark.database import catalog, spellings
from earmark.database.engine import Session
from earmark.database.unit_of_work import Work


def claimed(
    work: Work, item_no: str, code: TrackingCode | None, numbers: Iterable[Numbers]
) -> Mapping[Numbers, Numbers]:
    """Numbers that are entered for an item, each as it is spelled from now on.

    Whoever enters a number that nobody knew says how it is spelled. Where the item's tracking code
    says that case matters, every number is its own.
    """
    given = [one for one in dict.fromkeys(numbers) if one]
    if not given or code is None:  # an item without a tracking code has no numbers: refused later
        return {one: one for one in given} | {Numbers(): Numbers()}
    if code.case_matters:
        spellings.claim_exactly(work.session, spellings.names_of(item_no, given))
        return {one: one for one in given} | {Numbers(): Numbers()}
    spelled = spellings.claim_numbers(work.session, item_no, given, work.named)
    return {**spelled, Numbers(): Numbers()}


def claimed_tracking(
    work: Work, line: Line, entries: Sequence[TrackingLine]
) -> tuple[TrackingLine, ...]:
    """Item tracking lines as they are entered on a line, in the spelling of their numbers."""
    spelled = claimed(work, line.key.item_no, line.tracking_code, (e.numbers for e in entries))
    return tuple(_with_numbers(entry, spelled[entry.numbers]) for entry in entries)


def _with_numbers(entry: TrackingLine, numbers: Numbers) -> TrackingLine:
    if numbers == entry.numbers:
        return entry
    return replace(
        entry,
        lot_no=numbers.lot_no,
        serial_no=numbers.serial_no,
        package_no=numbers.package_no,
    )


def known(session: Session, item_no: str, numbers: Iterable[Numbers]) -> Mapping[Numbers, Numbers]:
    """Numbers that are asked about, each as it is known; as it is given where it is not."""
    given = list(dict.fromkeys(numbers))
    spelled = spellings.known_numbers(session, item_no, given)
    if any(one != other for one, other in spelled.items()) and _case_matters(session, item_no):
        return {one: one for one in given}
    return spelled


def _case_matters(session: Session, item_no: str) -> bool:
    item = catalog.some_items(session, [item_no]).get(item_no)
    code = catalog.tracking_codes(session).get(item.tracking_code) if item else None
    return code is not None and code.case_matters
