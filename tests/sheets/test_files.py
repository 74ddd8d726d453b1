"""What comes back from a file, and what a file that is not whole is told."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from earmark.errors import FileUnusable, ValueInvalid
from earmark.sheets import Cell, Dialect, Sheet, date_of, number_of, numbered, read, write
from earmark.sheets.guard import FORMULA_STARTS

DIALECTS = [Dialect(d, m) for d in (",", ";", "\t") for m in ("", ".", ",")]
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff"), max_size=20
)
# Dressed up to be misunderstood: quotes, delimiters, apostrophes, formulas, blanks, line ends.
NASTY = st.text(st.sampled_from(" '\"=+-@,;\t\n\rA0.\uff1d"), max_size=8)
NUMBERS = st.decimals(-(10**12), 10**12, places=5, allow_nan=False)
HEADINGS = st.lists(st.text("abcdefgh .", min_size=1).map(str.strip).filter(bool), min_size=2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def file_of(folder: Path, content: bytes | str, name: str = "a.csv") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def cells_of(sheet: Sheet) -> list[list[Cell]]:
    return [list(cells) for _, cells in sheet.rows]


def refusal(file: Path, dialect: Dialect | None = None) -> str:
    with pytest.raises(FileUnusable) as refused:
        read(file, dialect or Dialect())
    assert refused.value.code == "file-unusable"
    assert str(file) in refused.value.message
    return str(refused.value.facts["why"])


# -- There and back ----------------------------------------------------------------------------


@st.composite
def sheets_of_texts(draw: st.DrawFn, dialects: list[Dialect]) -> Sheet:
    columns = tuple(draw(HEADINGS))
    cells = st.one_of(TEXTS, NASTY)
    rows = draw(st.lists(st.tuples(*(cells for _ in columns)).filter(any)))
    return Sheet(columns=columns, rows=numbered(rows), dialect=draw(st.sampled_from(dialects)))


@given(sheet=sheets_of_texts(DIALECTS))
def test_a_text_file_gives_back_every_text_to_the_letter(
    sheet: Sheet, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("sheets") / "a.csv"
    write(file, sheet)
    assert read(file, Dialect(decimal_mark=sheet.dialect.decimal_mark)) == sheet


@given(sheet=sheets_of_texts([Dialect()]))
def test_a_workbook_gives_back_every_text_to_the_letter(
    sheet: Sheet, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("sheets") / "a.xlsx"
    write(file, sheet)
    assert read(file) == sheet


@given(
    rows=st.lists(st.tuples(NUMBERS, st.dates(), TEXTS)),
    dialect=st.sampled_from(DIALECTS),
    ending=st.sampled_from(["csv", "xlsx"]),
)
def test_a_file_gives_back_the_same_numbers_dates_and_texts(
    rows: list[tuple[Decimal, date, str]],
    dialect: Dialect,
    ending: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    file = tmp_path_factory.mktemp("sheets") / f"a.{ending}"
    write(file, Sheet(columns=("n", "d", "t"), rows=numbered(rows), dialect=dialect))
    back = read(file, Dialect(decimal_mark=dialect.decimal_mark))
    found = [(number_of(n, back.dialect), date_of(d), t) for _, (n, d, t) in back.rows]
    assert found == rows
    assert [row.number for row in back.rows] == list(range(2, len(rows) + 2))


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.TSV"])
def test_a_sheet_without_rows_comes_back_with_its_headings(folder: Path, name: str) -> None:
    write(folder / name, Sheet(columns=("a", "b"), rows=[]))
    assert read(folder / name).columns == ("a", "b")


# -- Text files --------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_that_separates_the_headings(folder: Path, delimiter: str) -> None:
    text = f'"a, b; c\td"{delimiter}e\r\n1{delimiter}"2,5"\r\n'
    sheet = read(file_of(folder, text))
    assert (sheet.columns, cells_of(sheet)) == (("a, b; c\td", "e"), [["1", "2,5"]])
    assert sheet.dialect == Dialect(delimiter)


def test_a_delimiter_that_was_said_is_not_looked_for(folder: Path) -> None:
    sheet = read(file_of(folder, "a;b,c\n1;2,3\n"), Dialect(","))
    assert sheet.columns == ("a;b", "c")


def test_excels_own_first_line_says_the_delimiter_and_is_no_row(folder: Path) -> None:
    sheet = read(file_of(folder, "sep=;\r\na,b;c\r\n1;2\r\n"))
    assert (sheet.columns, sheet.rows[0].number) == (("a,b", "c"), 2)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be-with-mark"]
)
def test_a_text_is_read_in_the_encodings_that_spreadsheets_write(
    folder: Path, encoding: str
) -> None:
    text = "item_no;description\n1;Käse für Zoë\n"
    if encoding == "utf-16-be-with-mark":
        content = b"\xfe\xff" + text.encode("utf-16-be")
    else:
        content = text.encode(encoding)
    assert cells_of(read(file_of(folder, content))) == [["1", "Käse für Zoë"]]


def test_what_is_not_ascii_is_written_so_that_excel_takes_it_for_utf_8(folder: Path) -> None:
    write(folder / "a.csv", Sheet(columns=("a", "b"), rows=numbered([("ä", "b")])))
    write(folder / "b.csv", Sheet(columns=("a", "b"), rows=numbered([("a", "b")])))
    assert (folder / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert (folder / "b.csv").read_bytes() == b"a,b\r\na,b\r\n"


def test_rows_have_the_numbers_that_the_spreadsheet_shows(folder: Path) -> None:
    sheet = read(file_of(folder, 'a,b\n\n1,"two\nlines"\n,\n2,x\n\n'))
    assert [row.number for row in sheet.rows] == [3, 5]


def test_padding_is_dropped_and_quoted_padding_too(folder: Path) -> None:
    sheet = read(file_of(folder, 'a , b\n X  ,  "L1 "\n'))
    assert (sheet.columns, cells_of(sheet)) == (("a", "b"), [["X", "L1"]])


def test_leading_zeros_of_a_text_file_stay(folder: Path) -> None:
    assert cells_of(read(file_of(folder, "lot_no,quantity\n0012,1\n"))) == [["0012", "1"]]


def test_cells_beyond_the_last_heading_are_dropped_where_they_are_empty(folder: Path) -> None:
    assert cells_of(read(file_of(folder, "a;b;;\n1;2;\n3;4\n"))) == [["1", "2"], ["3", "4"]]


@pytest.mark.parametrize("start", sorted(FORMULA_STARTS))
def test_no_text_in_a_text_file_begins_like_a_formula(folder: Path, start: str) -> None:
    texts = [f"{start}1+1", f" {start}1", f"'{start}1", "'s-Hertogenbosch"]
    write(folder / "a.csv", Sheet(columns=("a", "b"), rows=numbered((t, "x") for t in texts)))
    file = (folder / "a.csv").read_bytes().decode("utf-8-sig")
    assert file.count("'") == 5
    assert [cells[0] for cells in cells_of(read(folder / "a.csv"))] == texts


def test_a_negative_number_is_no_formula(folder: Path) -> None:
    write(folder / "a.csv", Sheet(columns=("a", "b"), rows=numbered([(Decimal(-5), "x")])))
    assert b"\n-5,x\r\n" in (folder / "a.csv").read_bytes()


# -- Workbooks ---------------------------------------------------------------------------------


def workbook_of(file: Path, rows: list[list[object]]) -> Path:
    """A workbook as Excel makes it; a text that begins with = is a formula never computed."""
    with xlsxwriter.Workbook(file) as workbook:
        worksheet = workbook.add_worksheet()
        day = workbook.add_format({"num_format": "dd.mm.yyyy"})
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    worksheet.write_datetime(row, column, cell, day)
                elif isinstance(cell, str) and cell.startswith("="):
                    worksheet.write_formula(row, column, cell, None, "")
                else:
                    worksheet.write(row, column, cell)
    return file


def test_a_number_of_a_workbook_has_no_noise_of_binary_fractions(folder: Path) -> None:
    file = workbook_of(
        folder / "a.xlsx", [["a", "b", "c"], [0.1, 0.1 + 0.2, 2.0], [1e300, -1.1, 0]]
    )
    assert cells_of(read(file)) == [
        [Decimal("0.1"), Decimal("0.3"), Decimal(2)],
        [Decimal("1E+300"), Decimal("-1.1"), Decimal(0)],
    ]
    assert str(read(file).rows[0].cells[2]) == "2"


def test_a_real_date_of_a_workbook_is_that_day(folder: Path) -> None:
    noon = dt.datetime(2026, 1, 2, 12)  # noqa: DTZ001 - a spreadsheet knows no zones
    midnight = dt.datetime(2026, 1, 2)  # noqa: DTZ001
    file = workbook_of(folder / "a.xlsx", [["a", "b", "c"], [date(2026, 12, 31), midnight, noon]])
    assert cells_of(read(file)) == [[date(2026, 12, 31), date(2026, 1, 2), "2026-01-02 12:00:00"]]


def test_a_tick_in_a_workbook_is_yes_or_no(folder: Path) -> None:
    file = workbook_of(folder / "a.xlsx", [["a", "b"], [True, False]])
    assert cells_of(read(file)) == [["yes", "no"]]


def test_a_hidden_worksheet_is_passed_over(folder: Path) -> None:
    with xlsxwriter.Workbook(folder / "a.xlsx") as workbook:
        workbook.add_worksheet("old").hide()
        worksheet = workbook.add_worksheet("new")
        worksheet.activate()
        worksheet.write_row(2, 0, ["x", "y"])
        worksheet.write_row(0, 0, ["a", "b"])
    assert read(folder / "a.xlsx").rows == [(3, ("x", "y"))]


def test_a_number_that_a_workbook_would_round_is_written_as_text(folder: Path) -> None:
    number = Decimal("999999999999.12345")
    write(folder / "a.xlsx", Sheet(columns=("a", "b"), rows=numbered([(number, Decimal("0.1"))])))
    assert cells_of(read(folder / "a.xlsx")) == [["999999999999.12345", Decimal("0.1")]]


def test_a_formula_in_a_description_is_text_in_a_workbook(folder: Path) -> None:
    write(folder / "a.xlsx", Sheet(columns=("a", "b"), rows=numbered([("=1+1", "-x")])))
    with zipfile.ZipFile(folder / "a.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert cells_of(read(folder / "a.xlsx")) == [["=1+1", "-x"]]


def test_a_workbook_is_known_by_what_it_is_not_by_its_name(folder: Path) -> None:
    write(folder / "a.xlsx", Sheet(columns=("a", "b"), rows=numbered([("x", "y")])))
    (folder / "a.xlsx").rename(folder / "a.csv")
    assert cells_of(read(folder / "a.csv")) == [["x", "y"]]


@pytest.mark.parametrize("cell", ["=1/0", "=VLOOKUP(1,B:C,2)"])
def test_a_formula_that_was_never_computed_is_refused_by_its_cell(folder: Path, cell: str) -> None:
    file = workbook_of(folder / "a.xlsx", [["a", "b"], ["x", cell]])
    assert refusal(file) == "cell B2 holds a formula that was never computed"


def test_an_error_in_a_cell_is_refused_and_not_read_as_nothing(folder: Path) -> None:
    with xlsxwriter.Workbook(folder / "a.xlsx") as workbook:
        worksheet = workbook.add_worksheet()
        worksheet.write_row(0, 0, ["a", "b"])
        worksheet.write_formula(1, 1, "=NA()", None, "#N/A")
    assert refusal(folder / "a.xlsx") == "cell B2 holds an error such as #N/A"


def test_a_formula_whose_result_is_nothing_is_an_empty_cell(folder: Path) -> None:
    file = workbook_of(folder / "a.xlsx", [["a", "b"], ["x", "y"]])
    content = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(content, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            cell = b'<c r="B2" t="str"><f>IF(1,"","")</f><v></v></c>'
            new.writestr(part, text.replace(b'<c r="B2" t="s"><v>3</v></c>', cell))
    file.write_bytes(content.getvalue())
    assert cells_of(read(file)) == [["x", ""]]


def test_a_stray_cell_far_out_is_refused_before_it_costs_the_memory(folder: Path) -> None:
    with xlsxwriter.Workbook(folder / "a.xlsx") as workbook:
        worksheet = workbook.add_worksheet()
        worksheet.write_row(0, 0, ["a", "b"])
        worksheet.write(1_048_575, 16_383, "x")
    assert "right of column CZ" in refusal(folder / "a.xlsx")


# -- Files that are not whole, or not ours -----------------------------------------------------

WHOLE = "item_no;description;base_unit\nX;Käse;PCS\nY;Brot;PCS\n"


@pytest.mark.parametrize("cut", ["X;Käse", "X", "X;Käse;PCS\nY;Brot\n"])
def test_a_file_that_ends_within_a_row_is_refused(folder: Path, cut: str) -> None:
    why = refusal(file_of(folder, f"item_no;description;base_unit\n{cut}"))
    assert "cells and row 1 has 3; the file is damaged or cut off" in why


def test_a_line_break_that_was_not_quoted_is_refused_with_its_row(folder: Path) -> None:
    file = file_of(folder, "item_no;description;base_unit\nX;Käse\nvom Dorf;PCS\n")
    assert refusal(file).startswith("row 2 has 2 cells and row 1 has 3")


def test_a_file_that_ends_within_quotation_marks_is_refused(folder: Path) -> None:
    why = refusal(file_of(folder, 'a,b\n1,2\n3,"half'))
    assert why == "a quotation mark in row 3 is not closed; the file is damaged or cut off"


def test_a_file_that_ends_within_a_character_is_refused(folder: Path) -> None:
    content = WHOLE.encode()
    why = refusal(file_of(folder, content[: content.index(b"Brot")] + "Bär".encode()[:-2]))
    assert why == "a character in text line 3 is broken; the file is damaged or cut off"


def test_a_byte_order_mark_promises_whole_characters(folder: Path) -> None:
    assert "is broken" in refusal(file_of(folder, b"\xef\xbb\xbfa,b\n1,\xe4\n"))
    assert "is broken" in refusal(file_of(folder, "a,b\n1,2".encode("utf-16")[:-1]))


def test_text_after_a_closed_quotation_mark_is_refused(folder: Path) -> None:
    why = refusal(file_of(folder, 'a,b\n1,"2" x\n'))
    assert why == "text follows a closed quotation mark in row 2"


def test_a_huge_cell_is_refused_with_its_row(folder: Path) -> None:
    why = refusal(file_of(folder, f"a,b\n1,2\n3,{'x' * 200_000}\n"))
    assert why.startswith("a cell in row 3 has more than 131072 characters")


def test_a_cell_too_many_is_refused_with_its_row(folder: Path) -> None:
    assert refusal(file_of(folder, "a,b\n1,2\n1,2,3\n")) == (
        "row 3 has more cells than row 1 has headings (2)"
    )


@pytest.mark.parametrize(
    "content", [b"", b"\r\n \r\n", b"\xef\xbb\xbf", b"\xff\xfe", b",,\n,\n", b";"]
)
def test_an_empty_file_is_refused(folder: Path, content: bytes) -> None:
    assert refusal(file_of(folder, content)) == "it is empty"


def test_headings_below_row_1_are_refused(folder: Path) -> None:
    assert refusal(file_of(folder, "\na,b\n")) == "row 1 is empty; the headings belong there"


@pytest.mark.parametrize("content", [b"a,b\n1,\0\n", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\0" * 99])
def test_a_file_with_nul_bytes_is_not_text(folder: Path, content: bytes) -> None:
    assert refusal(file_of(folder, content)) == "it is not text, for it holds NUL bytes"


def test_a_file_in_an_unknown_encoding_is_refused(folder: Path) -> None:
    why = refusal(file_of(folder, b"a,b\n1,\x81\x8d\n"))
    assert why == "it is neither UTF-8 nor Windows (cp1252) text"


def test_a_file_that_is_missing_or_a_folder_or_unreadable_is_refused(folder: Path) -> None:
    assert refusal(folder / "none.csv") == "there is no such file or folder"
    assert refusal(folder) == "it is a folder, not a file"
    (folder / "loop").symlink_to(folder / "loop")
    assert refusal(folder / "loop") == "too many levels of symbolic links"
    assert refusal(folder / "nul\0.csv") == "embedded null byte"


def saved(folder: Path) -> bytes:
    rows = [(f"I{i}", Decimal(i) / 8, date(2026, 1, 1)) for i in range(200)]
    write(folder / "good.xlsx", Sheet(columns=("item", "quantity", "day"), rows=numbered(rows)))
    return (folder / "good.xlsx").read_bytes()


def test_a_workbook_cut_off_anywhere_is_refused(folder: Path) -> None:
    content = saved(folder)
    for length in range(1, len(content), 97):
        why = refusal(file_of(folder, content[:length], "a.xlsx"))
        assert why == "it is not a workbook, or it is damaged or cut off"


def test_a_workbook_with_a_bit_turned_is_refused_or_still_the_same(folder: Path) -> None:
    content, seed = saved(folder), 20261124
    good, turning = read(folder / "good.xlsx"), random.Random(seed)  # noqa: S311 - no secret
    for _ in range(400):
        damaged = bytearray(content)
        damaged[turning.randrange(len(damaged))] ^= 1 << turning.randrange(8)
        try:
            sheet = read(file_of(folder, bytes(damaged), "a.xlsx"))
        except FileUnusable:
            continue
        assert sheet == good, f"seed {seed}"


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 and no more", b"item_no;quantity\nX;1\n", b"\0\1"]
)
def test_a_file_that_only_has_the_name_of_a_workbook_is_refused(
    folder: Path, content: bytes
) -> None:
    assert "not a workbook" in refusal(file_of(folder, content, "a.xlsx"))


def test_an_archive_that_is_no_workbook_is_refused(folder: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "not a workbook" in refusal(file_of(folder, content.getvalue(), "a.xlsx"))


def test_a_workbook_that_unpacks_to_more_than_memory_is_refused(folder: Path) -> None:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(1025):
            part.write(b"0" * (1 << 20))
    assert refusal(file_of(folder, content.getvalue(), "a.xlsx")) == "it unpacks to more than 1 GiB"


def test_a_workbook_with_a_password_is_refused_with_what_to_do(folder: Path) -> None:
    why = refusal(file_of(folder, b"\xd0\xcf\x11\xe0 and so on", "a.xlsx"))
    assert why == "it has a password or is of the old kind; save it as XLSX, without a password"


@pytest.mark.parametrize(
    "dialect", [Dialect("|"), Dialect(",,"), Dialect("", ";"), Dialect("", "point")]
)
def test_a_dialect_that_there_is_not_is_refused(folder: Path, dialect: Dialect) -> None:
    with pytest.raises(ValueInvalid):
        read(file_of(folder, WHOLE), dialect)


# -- Writing ------------------------------------------------------------------------------------

ONE = Sheet(columns=("a", "b"), rows=numbered([("x", "y")]))


def test_a_file_of_an_unknown_kind_is_not_written(folder: Path) -> None:
    with pytest.raises(FileUnusable, match=r"must end in \.csv"):
        write(folder / "a.pdf", ONE)
    assert not list(folder.iterdir())


def test_a_file_that_can_not_be_written_is_refused(folder: Path) -> None:
    with pytest.raises(FileUnusable, match="no such file or folder"):
        write(folder / "none" / "a.csv", ONE)
    (folder / "b.csv").mkdir()
    with pytest.raises(FileUnusable, match="a folder, not a file"):
        write(folder / "b.csv", ONE)
    file_of(folder, "", "c")
    with pytest.raises(FileUnusable, match="not a directory"):
        write(folder / "c" / "a.csv", ONE)


@pytest.mark.parametrize("text", ["\0", "\ud800", "a\uffff"])
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_text_that_could_not_be_read_again_leaves_the_old_file(
    folder: Path, name: str, text: str
) -> None:
    old = file_of(folder, b"old", name)
    with pytest.raises(FileUnusable, match="row 2 holds a code point that is no character"):
        write(old, Sheet(columns=("a", "b"), rows=numbered([(text, "y")])))
    assert old.read_bytes() == b"old"
    assert list(folder.iterdir()) == [old]


def test_a_text_too_long_for_a_workbook_is_refused_not_dropped(folder: Path) -> None:
    sheet = Sheet(columns=("a", "b"), rows=numbered([("x", "y" * 32_768)]))
    with pytest.raises(FileUnusable, match="row 2 has a text of more than 32767 characters"):
        write(folder / "a.xlsx", sheet)
    assert not list(folder.iterdir())


def test_more_rows_than_a_workbook_has_are_refused_not_dropped(folder: Path) -> None:
    row = numbered([("x", "y")])[0]
    with pytest.raises(FileUnusable, match="1048576 rows at most"):
        write(folder / "a.xlsx", Sheet(columns=("a", "b"), rows=[row] * 1_048_576))


def test_a_file_is_replaced_and_nothing_else_left_behind(folder: Path) -> None:
    old = file_of(folder, b"old")
    link = folder / "link.csv"
    link.symlink_to(old)
    write(link, ONE)
    assert old.read_bytes() == b"a,b\r\nx,y\r\n"
    assert sorted(file.name for file in folder.iterdir()) == ["a.csv", "link.csv"]


def test_a_pipe_is_written_to_and_not_replaced(folder: Path) -> None:
    (folder / "null.csv").symlink_to("/dev/null")
    write(folder / "null.csv", ONE)
    assert Path("/dev/null").is_char_device()
