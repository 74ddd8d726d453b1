"""References as other systems have them, read by their rules."""

from __future__ import annotations

import pytest

from earmark.core.references import (
    EntryRef,
    Place,
    document_in,
    document_reference,
    entry_ref,
    is_line,
    line_names,
    places,
)


@pytest.mark.parametrize(
    ("reference", "meant"),
    [
        ("SO1", [Place("SO1")]),
        ("SO1/1", [Place("SO1/1"), Place("SO1", "1")]),
        ("MO1/1/2", [Place("MO1/1/2"), Place("MO1/1", "2"), Place("MO1", "1/2")]),
        ("SO/2026/0001", [Place("SO/2026/0001")]),
        ("SO/2026/0001/1", [Place("SO/2026/0001/1"), Place("SO/2026/0001", "1")]),
        ("#1001/1", [Place("#1001/1"), Place("#1001", "1")]),
        ("/1", [Place("/1")]),
        ('"A/1"/2', [Place("A/1", "2")]),
        ('"A"/1/2', [Place("A", "1/2")]),
        ('"A/1/2"', [Place("A/1/2")]),
        ('"say ""so"""/1', [Place('say "so"', "1")]),
        ('"open/1', [Place('"open/1'), Place('"open', "1")]),
    ],
)
def test_the_longest_document_no_is_read_first_and_quotes_settle_it(
    reference: str, meant: list[Place]
) -> None:
    assert places(reference) == meant


@pytest.mark.parametrize(
    ("reference", "entry"),
    [
        ("X#12", EntryRef("X", 12)),
        ("A#1#5", EntryRef("A#1", 5)),
        ("A/1#5", EntryRef("A/1", 5)),
        ("#1001", None),
        ("#1001/1", None),
        ("A#1/2", None),
        ('"A#1"', None),
        ("X#one", None),
    ],
)
def test_a_ledger_entry_is_an_item_a_hash_and_a_number(
    reference: str, entry: EntryRef | None
) -> None:
    assert entry_ref(reference) == entry


@pytest.mark.parametrize(
    "document_no",
    ["SO1", "SO/2026/0001", "FN73239/40/41", "A#12", '"x"', '"', "#1001", "a b", "50%?&", "1/2/3"],
)
def test_a_document_and_its_lines_are_read_as_they_are_written(document_no: str) -> None:
    written = document_reference(document_no)
    assert not is_line(written)
    assert entry_ref(written) is None
    assert places(written)[0] == Place(document_no)
    for line_no in ("1", "10/2"):
        plain, in_quotes = line_names(Place(document_no, line_no))
        assert places(in_quotes) == [Place(document_no, line_no)]
        assert Place(document_no, line_no) in places(plain)
        assert is_line(plain)
        assert is_line(in_quotes)
        assert entry_ref(plain) is None


def test_only_what_could_be_mistaken_is_written_in_quotes() -> None:
    assert document_reference("SO/2026/0001") == "SO/2026/0001"
    assert document_reference("SO/2026/1") == '"SO/2026/1"'
    assert document_reference("A#12") == '"A#12"'
    assert line_names(Place("SO/2026/1", "1"))[0] == "SO/2026/1/1"


def test_the_document_of_a_line_is_told_by_its_last_number() -> None:
    assert document_in("PO/2026/7/1") == "PO/2026/7"
    assert document_in("PO1/1") == "PO1"
    assert document_in("stock") == "stock"
