"""Scanned texts: what they say, in how many ways they can be read, and what is wrong with them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.core.gs1 import READINGS_AT_MOST, Code, Form, codes_of
from earmark.core.gtins import check_digit, gtin_of, is_checked
from earmark.core.tracking import Numbers
from earmark.errors import ValueInvalid

WORK_DATE = date(2026, 11, 24)
GTIN = "05712345000427"
SSCC = "340123451234567895"


def read(text: str) -> tuple[Code, ...]:
    return codes_of(text, WORK_DATE)


def only(text: str) -> Code:
    (code,) = read(text)
    return code


def codes(code: Code) -> list[str]:
    return [notice.code for notice in code.notices]


@pytest.mark.parametrize(
    "text",
    [
        "(01)05712345000427 (17)280930 (10)P2609 (21)VP2-0429",
        "]C101057123450004271728093010P2609\x1d21VP2-0429",
        "]d2010571234500042710P2609<GS>17280930\x1d21VP2-0429",
        "0105712345000427" + "21VP2-0429\x1d" + "10P2609\x1d" + "17280930",
        "https://id.gs1.org/01/05712345000427/10/P2609/21/VP2-0429?17=280930",
        "HTTPS://example.com/some/path/01/05712345000427/10/P2609/21/VP2-0429?17=280930",
    ],
)
def test_the_same_goods_are_read_the_same_however_they_are_written(text: str) -> None:
    code = only(text)
    assert code.gtin == GTIN
    assert code.numbers == Numbers(lot_no="P2609", serial_no="VP2-0429")
    assert code.expiration_date == date(2028, 9, 30)
    assert code.notices == ()


def test_without_separators_every_way_to_read_it_is_given_the_plainest_first() -> None:
    plainest, other, number = read(f"01{GTIN}1728093010P260921VP2-0429")
    assert plainest.numbers == Numbers(lot_no="P260921VP2-0429")
    assert other.numbers == Numbers(lot_no="P2609", serial_no="VP2-0429")
    assert codes(plainest) == codes(other) == ["separator-missing"]
    assert "(10)P2609 (21)VP2-0429" in plainest.notices[0].message
    assert number.form is Form.NUMBER


def test_a_number_that_happens_to_begin_like_an_identifier_is_a_number_too() -> None:
    string, number = read("10ABC")
    assert string.numbers == Numbers(lot_no="ABC")
    assert (number.form, number.text) == (Form.NUMBER, "10ABC")


def test_what_is_not_known_is_kept_and_shown() -> None:
    code = only("(01)05712345000427(7999)abc(10)P2609")
    assert [(e.identifier, e.value, e.error) for e in code.elements][1] == (
        "7999",
        "abc",
        "it is not known",
    )
    assert codes(code) == ["identifier-unknown"]
    assert code.numbers.lot_no == "P2609"
    raw = only("]d201057123450004277999XY\x1d10P2609")
    assert [e.value for e in raw.elements] == [GTIN, "99XY", "P2609"]
    link = only("https://id.gs1.org/01/05712345000427?shop=7&10=P2609")
    assert [(e.identifier, e.value) for e in link.elements][-1] == ("shop", "7")


def test_other_identifiers_are_shown_with_their_titles() -> None:
    code = only("(00)340123451234567895(11)260101(400)PO-7(99)mine")
    assert [e.title for e in code.elements] == [
        "SSCC",
        "PROD DATE",
        "ORDER NUMBER",
        "INTERNAL",
    ]
    assert code.numbers == Numbers(package_no=SSCC)
    assert code.notices == ()


def test_a_wrong_check_digit_is_said_and_the_number_not_used() -> None:
    code = only("(01)05712345000420(10)P2609")
    assert codes(code) == ["check-digit"]
    assert "should be 7" in code.notices[0].message
    assert (code.gtin, code.numbers.lot_no) == ("", "P2609")
    (bare,) = read("5712345000420")
    assert codes(bare) == ["check-digit"]
    assert codes(only("(00)340123451234567890")) == ["check-digit"]


def test_a_bare_gtin_or_sscc_is_known_by_its_check_digit() -> None:
    gtin, number = read("5712345000427")
    assert (gtin.form, gtin.gtin, number.form) == (Form.GTIN, GTIN, Form.NUMBER)
    sscc, *_ = read(SSCC)
    assert (sscc.form, sscc.numbers) == (Form.SSCC, Numbers(package_no=SSCC))


@pytest.mark.parametrize(
    ("text", "quantity", "unit"),
    [
        ("(02)05712345000427(37)12", Decimal(12), ""),
        ("(30)5", Decimal(5), ""),
        ("(3102)001234", Decimal("12.34"), "KG"),
        ("(3102)001234(37)12", Decimal(12), ""),
    ],
)
def test_quantities_are_counts_or_weights(text: str, quantity: Decimal, unit: str) -> None:
    code = only(text)
    assert (code.quantity, code.unit) == (quantity, unit)


@pytest.mark.parametrize(
    ("text", "expires"),
    [
        ("(17)280200", date(2028, 2, 29)),
        ("(17)760101", date(2076, 1, 1)),
        ("(17)780101", date(1978, 1, 1)),
    ],
)
def test_dates_of_two_digits_are_within_fifty_years(text: str, expires: date) -> None:
    assert only(text).expiration_date == expires


def test_late_in_a_century_small_years_are_of_the_next() -> None:
    (code,) = codes_of("(17)100101", date(2080, 1, 1))
    assert code.expiration_date == date(2110, 1, 1)


def test_a_date_that_is_none_is_said_and_another_date_is_not_taken_for_it() -> None:
    assert codes(only("(17)280230")) == ["date-invalid"]
    assert codes(only("(17)281300")) == ["identifier-unknown"]
    code = only("(15)280101")
    assert (codes(code), code.expiration_date) == (["best-before"], None)


def test_of_two_values_for_one_number_the_first_counts() -> None:
    assert only("(10)A(10)B(01)05712345000427(02)00000000000000").numbers.lot_no == "A"


def test_an_address_that_is_no_digital_link_says_so() -> None:
    code = only("https://example.org/x")
    assert (code.form, codes(code)) == (Form.NUMBER, ["no-digital-link"])


@pytest.mark.parametrize("text", ["", "  ", "]C1", "\x1d", "]C1\x1d\x1d"])
def test_nothing_is_read_from_nothing(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize("text", ["(30)³", "30³", "https://id.gs1.org/01/05712345000427?30=%C2%B3"])
def test_a_digit_of_another_script_is_no_number(text: str) -> None:
    assert all(code.quantity is None for code in read(text))


@given(
    st.from_regex(r"(\((00|01|10|17|21|30|37|310[0-5]|392[0-9])\)[^(]{0,20}){1,4}", fullmatch=True)
)
def test_any_elements_are_read_or_kept(text: str) -> None:
    assert read(text)


@given(st.text(alphabet="0123456789aA()]Cd\x1d/:.", max_size=200) | st.text(max_size=60))
def test_any_text_is_read_or_kept_and_none_breaks_it(text: str) -> None:
    for code in read(text):
        assert code.elements or code.text


@pytest.mark.parametrize("text", ["10" * 45, "10a21" * 18, "(10)" * 500, "21" * 1000, "0" * 2000])
def test_a_hostile_text_is_read_in_few_ways(text: str) -> None:
    assert len(read(text)) <= READINGS_AT_MOST + 3


def test_a_gtin_has_fourteen_digits_however_it_was_written() -> None:
    assert gtin_of("5712345000427") == gtin_of("0 571-2345000427") == GTIN
    assert gtin_of("40170725") == "00000040170725"
    assert check_digit(SSCC[:-1]) == 5
    assert not is_checked("12", 13)


@pytest.mark.parametrize("text", ["", "5712345000420", "123", "57123450004²7", "abcdefgh"])
def test_what_is_no_gtin_is_refused(text: str) -> None:
    with pytest.raises(ValueInvalid):
        gtin_of(text)
