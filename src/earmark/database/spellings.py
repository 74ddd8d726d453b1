"""Which spelling of a name is known: one row for each name, found whatever the case of its letters.

A name's key is its folded text (:func:`earmark.core.spelling.folded`), so that it is the same on
both databases and in every collation, and the primary key lets only one of two that race be first.
Of the numbers of an item whose tracking code says that case matters, and of what was there before
names were folded, several may have one folded text: the others are found by what they are exactly.
A name is never taken out, for who knew it may still ask for it; where nobody has a number any more
that is spelled as it is known, whoever enters it next says how it is spelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from earmark.core.spelling import folded
from earmark.core.tracking import Dimension, Numbers
from earmark.database import schema
from earmark.database.engine import Session
from earmark.database.statements import MemberOf, PairIn, Statement, pairs
from earmark.errors import ValueInvalid

_SPELLING = schema.spelling
_RECORD, _TRACKING = schema.number_record, schema.tracking_line
_COLUMNS = ("item_no", "sort", "key", "name")
_EXACTLY = "="
"""Before a name that is found only as it is; no folded text that is looked for begins with it."""


class SpelledOtherwise(Exception):
    """A name that was to be new is known already, in another spelling."""


class Sort(StrEnum):
    """What a name is of, where it is not a number of an item."""

    ITEM = "item"
    LOCATION = "location"
    CUSTOMER = "customer"
    TRACKING_CODE = "tracking_code"
    DOCUMENT = "document"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as somebody wrote it; a number is of an item, everything else of none."""

    item_no: str
    sort: Sort | Dimension
    text: str

    @property
    def key(self) -> tuple[str, str, str]:
        """By which it is found, whatever the case."""
        return self.item_no, self.sort.value, f"~{folded(self.text)}"

    @property
    def exactly(self) -> tuple[str, str, str]:
        """By which it is found as it is."""
        return self.item_no, self.sort.value, f"{_EXACTLY}{self.text}"


Spelled = dict[Name, str]
"""How names are spelled, those that are known."""

_SELECT = sa.select(*(_SPELLING.c[c] for c in _COLUMNS)).where(
    PairIn(_SPELLING.c.item_no, _SPELLING.c.sort, _SPELLING.c.key, name="of")
)
_FIND = Statement(_SELECT)
_FIND_TO_ENTER = Statement(_SELECT.with_for_update(read=True))
"""Whoever enters a name keeps others from spelling it otherwise until that is done."""
_FIND_TO_RESPELL = Statement(_SELECT.order_by(_SPELLING.c.key).with_for_update())
_RESPELL = Statement(
    sa.update(_SPELLING)
    .where(
        _SPELLING.c.item_no == sa.bindparam("v_item_no"),
        _SPELLING.c.sort == sa.bindparam("v_sort"),
        _SPELLING.c.key == sa.bindparam("v_key"),
    )
    .values(name=sa.bindparam("v_name"))
)


def known(session: Session, names: Iterable[Name]) -> Spelled:
    """How these names are spelled, as far as they are known: exactly so, or in another case."""
    return _found(session, _FIND, names)


def _found(session: Session, find: Statement, names: Iterable[Name]) -> Spelled:
    wanted = [name for name in dict.fromkeys(names) if name.text]
    if not wanted:
        return {}
    keys = [key for name in wanted for key in (name.key, name.exactly)]
    rows = session.rows(find, **pairs("of", list(dict.fromkeys(keys)), width=3))
    found = {(row[0], row[1], row[2]): row[3] for row in rows}
    spelled = {name: found.get(name.exactly, found.get(name.key)) for name in wanted}
    return {name: text for name, text in spelled.items() if text is not None}


def claim(session: Session, names: Iterable[Name]) -> Spelled:
    """How these names are spelled from now on: as they are known, else as they are given here.

    Of two transactions that claim a name at once in two spellings one waits for the other, and
    takes its spelling where it was done.
    """
    wanted = [name for name in dict.fromkeys(names) if name.text]
    spelled = _found(session, _FIND_TO_ENTER, wanted)
    return spelled | _new(session, [name for name in wanted if name not in spelled])


def _new(session: Session, missing: list[Name]) -> Spelled:
    """Enter names that nobody knew, each in the first of its spellings here."""
    if not missing:
        return {}
    first = {name.key: name for name in reversed(missing)}
    rows = sorted((*key, name.text) for key, name in first.items())
    session.insert_missing_rows(_SPELLING, _COLUMNS, rows)
    return _found(session, _FIND_TO_ENTER, missing)


def claim_new(session: Session, sort: Sort, texts: Iterable[str]) -> None:
    """Let names of records that are entered be known; raises where one is, in another spelling."""
    names = [Name("", sort, text) for text in texts]
    first: dict[tuple[str, str, str], str] = {}
    for row, name in enumerate(names):
        other = first.setdefault(name.key, name.text)
        if other != name.text:
            why = f"it is the same as {other}, which is entered with it"
            what = sort.value.replace("_", " ").capitalize()
            error = ValueInvalid(field=what, value=name.text, why=why)
            error.facts["row"] = row
            raise error
    if any(text != name.text for name, text in claim(session, names).items()):
        raise SpelledOtherwise


def claim_whole(session: Session, sort: Sort, wanted: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Who has each of these names, exactly as it is: whoever claimed it first, under his own."""
    rows = sorted(("", sort.value, f"{_EXACTLY}{name}", whose) for name, whose in wanted)
    session.insert_missing_rows(_SPELLING, _COLUMNS, rows)
    found = session.rows(_FIND_TO_ENTER, **pairs("of", [row[:3] for row in rows], width=3))
    return {row[2].removeprefix(_EXACTLY): row[3] for row in found}


def claim_exactly(session: Session, names: Iterable[Name]) -> None:
    """Let names be known that are other names in another case."""
    spelled = claim(session, names)
    others = [name for name, text in spelled.items() if text != name.text]
    rows = sorted((*name.exactly, name.text) for name in others)
    session.insert_missing_rows(_SPELLING, _COLUMNS, rows)


def respell(session: Session, names: Iterable[Name]) -> None:
    """Let names be spelled as they are here."""
    session.run_each(
        _RESPELL,
        [
            {"v_item_no": name.key[0], "v_sort": name.key[1], "v_key": name.key[2]}
            | {"v_name": name.text}
            for name in names
        ],
    )


# -- Numbers -----------------------------------------------------------------------------------

_RECORDED = Statement(
    sa.select(_RECORD.c.dimension, _RECORD.c.number).where(
        _RECORD.c.item_no == sa.bindparam("item_no"),
        MemberOf(_RECORD.c.number, "numbers"),
        _RECORD.c.until.is_(None),
    )
)
_ENTERED = {
    dimension: Statement(
        sa.select(_TRACKING.c[f"{dimension}_no"]).where(
            _TRACKING.c.item_no == sa.bindparam("item_no"),
            MemberOf(_TRACKING.c[f"{dimension}_no"], "numbers"),
            _TRACKING.c.until.is_(None),
        )
    )
    for dimension in Dimension
}


def names_of(item_no: str, numbers: Iterable[Numbers]) -> list[Name]:
    """The names in numbers of an item, each once."""
    every = (Name(item_no, d, no) for given in numbers for d in Dimension if (no := given.get(d)))
    return list(dict.fromkeys(every))


def known_numbers(
    session: Session, item_no: str, numbers: Iterable[Numbers]
) -> Mapping[Numbers, Numbers]:
    """These numbers of an item as they are known; as they are given where they are not."""
    given = list(numbers)
    return _all_spelled(item_no, given, known(session, names_of(item_no, given)))


def claim_numbers(
    session: Session, item_no: str, numbers: Iterable[Numbers], settled: set[Name]
) -> Mapping[Numbers, Numbers]:
    """These numbers of an item as they are spelled from now on.

    ``settled`` are the names that this transaction has entered before; these are added to them.
    """
    given = list(numbers)
    names = names_of(item_no, given)
    spelled = _found(session, _FIND_TO_ENTER, names)
    here = {name.key for name in settled}
    others = [n for n, text in spelled.items() if text != n.text and n.key not in here]
    if others:
        spelled |= _respelled(session, item_no, others)
    spelled |= _new(session, [name for name in names if name not in spelled])
    settled.update(names)
    return _all_spelled(item_no, given, spelled)


def _respelled(session: Session, item_no: str, others: list[Name]) -> Spelled:
    """Names that are known in another spelling: that one, if anything or anybody has it."""
    spelled = _found(session, _FIND_TO_RESPELL, others)
    there = _in_use(session, item_no, list(spelled.values()))
    gone = {n.key: n for n in reversed(others) if (n.sort, spelled[n]) not in there}
    respell(session, gone.values())
    return {name: gone[name.key].text if name.key in gone else spelled[name] for name in others}


_LIKE = Statement(
    sa.select(_SPELLING.c.name)
    .where(_SPELLING.c.key == sa.bindparam("key"), _SPELLING.c.item_no != "")
    .order_by(_SPELLING.c.name)
    .distinct()
)


def numbers_like(session: Session, text: str) -> list[str]:
    """How a text is spelled as a number of any item, whatever its case."""
    return [row[0] for row in session.rows(_LIKE, key=Name("", Dimension.LOT, text).key[2])]


def _in_use(session: Session, item_no: str, numbers: list[str]) -> set[tuple[str, str]]:
    """Which of these numbers anything or anybody has, by dimension."""
    there = {(r[0], r[1]) for r in session.rows(_RECORDED, item_no=item_no, numbers=numbers)}
    for dimension, asked in _ENTERED.items():
        rows = session.rows(asked, item_no=item_no, numbers=numbers)
        there |= {(dimension.value, row[0]) for row in rows}
    return there


def _all_spelled(
    item_no: str, numbers: Iterable[Numbers], spelled: Spelled
) -> dict[Numbers, Numbers]:
    def of(dimension: Dimension, number: str) -> str:
        return spelled.get(Name(item_no, dimension, number), number) if number else number

    return {
        given: Numbers(
            lot_no=of(Dimension.LOT, given.lot_no),
            serial_no=of(Dimension.SERIAL, given.serial_no),
            package_no=of(Dimension.PACKAGE, given.package_no),
        )
        for given in numbers
    }
