"""What a scanner read: GS1 element strings, Digital Links, bare GTINs and SSCCs, plain numbers.

biip knows the identifiers and their patterns; here is what they mean to us. One text can be read in
several ways. A code whose separators a scanner has swallowed, ``10P260921VP2-0429``, is lot
P260921VP2-0429, or lot P2609 with serial VP2-0429: every reading is given, the plainest first, and
none is thrown away. What can not be read stays in the reading as it stood, with the reason.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from urllib.parse import parse_qsl, urlsplit

from biip import ParseConfig, ParseError
from biip.gs1_application_identifiers import GS1ApplicationIdentifier
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_element_strings import GS1ElementString

from earmark.core.gtins import LENGTHS, SSCC_LENGTH, WIDEST, check_digit, is_checked
from earmark.core.outcome import Notice
from earmark.core.tracking import NO_NUMBERS, Dimension, Numbers

SEPARATOR = "\x1d"
READINGS_AT_MOST = 8
GUESSED_AT_MOST = 90
"""Characters of a text that is taken apart in several ways; longer ones have separators."""
LONGEST = 2000
"""Characters of a text that is read; the longest GS1 code has not half as many."""

FAULTS = (ParseError, InvalidOperation)
"""What biip raises of a text that is not as it should be; the second of a number without digits."""
NOT_ASCII = "GS1 has no such characters"
"""Among them are digits of other scripts, which look like numbers and are none."""

_GS1_SYMBOLS = ("]C1", "]d2", "]Q3", "]e0", "]e1", "]e2", "]J1")
_WRITTEN_SEPARATORS = ("<GS>", "{GS}", "␝", "<FNC1>")
_HUMAN = re.compile(r"\((\d{2,4})\)")
_CERTAIN = re.compile(r"01\d{14}|00\d{18}|02\d{14}")
_MAY_FOLLOW = ("00", "01", "02", "10", "11", "13", "15", "17", "21", "30", "37", "310", "240")
_AS_IT_IS = ParseConfig(gs1_element_strings_verify_date=False)


class Form(StrEnum):
    """What a text was read as."""

    ELEMENT_STRING = "element string"
    DIGITAL_LINK = "digital link"
    GTIN = "GTIN"
    SSCC = "SSCC"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One identifier and its value; ``error`` says why it was not understood."""

    identifier: str
    title: str
    value: str
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One reading of a scanned text.

    ``text`` is the number itself where it was read as nothing but a number. ``quantity`` is a count
    of what the GTIN stands for, or a weight where ``unit`` says ``KG``.
    """

    form: Form
    elements: tuple[Element, ...] = ()
    text: str = ""
    gtin: str = ""
    numbers: Numbers = NO_NUMBERS
    quantity: Decimal | None = None
    unit: str = ""
    expiration_date: date | None = None
    notices: tuple[Notice, ...] = field(default=())


def codes_of(text: str, work_date: date) -> tuple[Code, ...]:
    """Every way in which a scanned text can be read, the plainest first.

    ``work_date`` decides the century of a date with a year of two digits.
    """
    given = text.strip(" \t\r\n")[:LONGEST]
    for written in _WRITTEN_SEPARATORS:
        given = given.replace(written, SEPARATOR)
    symbol, value = (given[:3], given[3:]) if re.match(r"\][A-Za-z]\d", given) else ("", given)
    if not value.strip(SEPARATOR):
        return ()
    if re.match("https?://", value, re.IGNORECASE):
        return _links(value, work_date)
    if _HUMAN.match(value):
        return (_code(Form.ELEMENT_STRING, _human(value), work_date),)
    if not _is_writable(value.replace(SEPARATOR, "")):
        return (_plain(value),)
    is_certain = symbol in _GS1_SYMBOLS or SEPARATOR in value or bool(_CERTAIN.match(value))
    strings = tuple(_element_strings(value, work_date, is_certain=is_certain))
    if is_certain and (symbol or SEPARATOR in value):
        return strings
    return (*_bare(value), *strings, _plain(value))


def _is_writable(value: str) -> bool:
    return value.isascii() and value.isprintable()


def _bare(value: str) -> Iterator[Code]:
    """A number that is a GTIN or an SSCC by its length and its check digit."""
    if is_checked(value, *LENGTHS):
        yield Code(form=Form.GTIN, text=value, gtin=value.zfill(WIDEST))
    if is_checked(value, SSCC_LENGTH):
        yield Code(form=Form.SSCC, text=value, numbers=Numbers(package_no=value))


def _plain(value: str) -> Code:
    """Nothing but a number; one that looks like a GTIN or an SSCC but is none says so."""
    lengths = (13, WIDEST, SSCC_LENGTH)
    looks_so = value.isascii() and value.isdecimal() and len(value) in lengths
    notices = () if not looks_so or is_checked(value, *lengths) else (_wrong_digit(value),)
    return Code(form=Form.NUMBER, text=value, notices=notices)


def _wrong_digit(value: str) -> Notice:
    kind = "SSCC" if len(value) == SSCC_LENGTH else "GTIN"
    right = check_digit(value[:-1])
    return Notice("check-digit", f"{value} is no {kind}: its last digit should be {right}.")


# -- Element strings ---------------------------------------------------------------------------


def _human(value: str) -> list[Element]:
    """``(01)05712345000427 (10)P2609``: the identifiers stand in parentheses."""
    _, *parts = _HUMAN.split(value)
    return [
        _element(identifier, inner.strip(" " + SEPARATOR))
        for identifier, inner in zip(parts[::2], parts[1::2], strict=True)
    ]


def _element(identifier: str, value: str) -> Element:
    """One element by itself; what does not fit its identifier, or is unknown, is kept."""
    if not _is_writable(value):
        return Element(identifier=identifier, title="", value=value, error=NOT_ASCII)
    try:
        return _read(GS1ElementString.parse(f"{identifier}{value}", config=_AS_IT_IS))
    except FAULTS:
        return _not_understood(identifier, value)


def _read(parsed: GS1ElementString) -> Element:
    value, error = parsed.value, ""
    if not value:
        error = "it has no value"
    elif not _is_writable(value):
        error = NOT_ASCII
    elif parsed.gtin_error or parsed.sscc_error:
        error = f"the last digit should be {check_digit(value[:-1])}"
    return Element(identifier=parsed.ai.ai, title=parsed.ai.data_title, value=value, error=error)


def _not_understood(identifier: str, value: str) -> Element:
    try:
        known = GS1ApplicationIdentifier.extract(identifier)
    except ParseError:
        return Element(identifier=identifier, title="", value=value, error="it is not known")
    why = f"it is not of the form {known.format}"
    return Element(identifier=identifier, title=known.data_title, value=value, error=why)


def _element_strings(value: str, work_date: date, *, is_certain: bool) -> Iterator[Code]:
    """The readings of a text without parentheses; the one that takes all it can comes first."""
    found = [_taken_apart(value)]
    if SEPARATOR not in value and len(value) <= GUESSED_AT_MOST:
        found += [other for other in _faultless(value, {}) if other not in found]
    if not is_certain:
        found = [elements for elements in found if not any(e.error for e in elements)]
    found = found[:READINGS_AT_MOST]
    notices = (_unseparated(found),) if len(found) > 1 else ()
    for elements in found:
        code = _code(Form.ELEMENT_STRING, elements, work_date)
        yield replace(code, notices=(*code.notices, *notices))


def _unseparated(found: Sequence[Sequence[Element]]) -> Notice:
    ways = "; ".join(
        " ".join(f"({element.identifier}){element.value}" for element in elements)
        for elements in found
    )
    said = f"The code has no separators, so that it can be read in {len(found)} ways: {ways}."
    return Notice("separator-missing", said)


def _taken_apart(value: str) -> list[Element]:
    """The elements, each as long as it can be; what is no element is kept up to the separator."""
    elements: list[Element] = []
    rest = value.lstrip(SEPARATOR)
    while rest:
        try:
            parsed = GS1ElementString.extract(rest, config=_AS_IT_IS)
            taken = len(parsed.ai.ai) + len(parsed.value)
            elements.append(_read(parsed))
        except FAULTS:
            kept = rest.partition(SEPARATOR)[0]
            taken = len(kept)
            cut = len(_identifier_at(kept))
            elements.append(_not_understood(kept[:cut], kept[cut:]))
        rest = rest[taken:].lstrip(SEPARATOR)
    return elements


def _identifier_at(value: str) -> str:
    """The identifier that a text begins with; of an unknown one its first two digits."""
    try:
        return GS1ApplicationIdentifier.extract(value).ai
    except ParseError:
        return value[:2] if value[:2].isdecimal() else ""


def _faultless(rest: str, known: dict[str, list[list[Element]]]) -> list[list[Element]]:
    """The ways to take a text apart without a fault, also where separators were swallowed.

    ``known`` remembers the ways of every tail, so that a long text costs no more than its length.
    """
    if not rest:
        return [[]]
    if rest not in known:
        known[rest] = [
            [own, *others]
            for own, tail in _first_elements(rest)
            if not own.error
            for others in _faultless(tail, known)
            if own.identifier not in {other.identifier for other in others}
        ][:READINGS_AT_MOST]
    return known[rest]


def _first_elements(rest: str) -> Iterator[tuple[Element, str]]:
    """What a text may begin with, the longest first, and what follows it then."""
    try:
        parsed = GS1ElementString.extract(rest, config=_AS_IT_IS)
    except FAULTS:
        return
    begins = len(parsed.ai.ai)
    ends = begins + len(parsed.value)
    yield _read(parsed), rest[ends:]
    if parsed.ai.separator_required:
        for at in range(ends - 1, begins, -1):
            if rest.startswith(_MAY_FOLLOW, at):
                yield _element(parsed.ai.ai, rest[begins:at]), rest[at:]


# -- Digital Links -----------------------------------------------------------------------------


def _links(value: str, work_date: date) -> tuple[Code, ...]:
    """A Digital Link, with the parameters that are not GS1's kept; another address is a number."""
    try:
        parsed = GS1DigitalLinkURI.parse(value, config=_AS_IT_IS)
    except FAULTS as error:
        notice = Notice("no-digital-link", f"{value} is no GS1 Digital Link: {error}")
        return (Code(form=Form.NUMBER, text=value, notices=(notice,)),)
    elements = [_read(element) for element in parsed.element_strings]
    read = {element.identifier for element in elements}
    elements += [
        Element(identifier=name, title="", value=inner, error="it is not known")
        for name, inner in parse_qsl(urlsplit(value).query)
        if name not in read
    ]
    return (_code(Form.DIGITAL_LINK, elements, work_date),)


# -- What the elements mean --------------------------------------------------------------------


def _code(form: Form, elements: Iterable[Element], work_date: date) -> Code:
    """What the elements of one reading say together."""
    elements = tuple(elements)
    code = Code(form=form, elements=elements, notices=tuple(_faults(elements)))
    for element in elements:
        if not element.error:
            code = _with(code, element, work_date)
    return code


def _faults(elements: Iterable[Element]) -> Iterator[Notice]:
    for element in elements:
        named = f"({element.identifier}){element.value}"
        if element.error.startswith("the last digit"):
            yield Notice("check-digit", f"{named} has a wrong check digit: {element.error}.")
        elif element.error:
            yield Notice("identifier-unknown", f"{named} was not understood: {element.error}.")


def _with(code: Code, element: Element, work_date: date) -> Code:  # noqa: PLR0911 - one line a meaning
    """A reading with what one more element says; of two that say the same the first counts."""
    value = element.value
    match element.identifier:
        case "00":
            return replace(code, numbers=_with_number(code.numbers, Dimension.PACKAGE, value))
        case "01" | "02":
            return replace(code, gtin=code.gtin or value)
        case "10":
            return replace(code, numbers=_with_number(code.numbers, Dimension.LOT, value))
        case "21":
            return replace(code, numbers=_with_number(code.numbers, Dimension.SERIAL, value))
        case "17":
            return _expiring(code, value, work_date)
        case "15":
            said = f"Best before {value} was not taken as the expiration date."
            return replace(code, notices=(*code.notices, Notice("best-before", said)))
        case "30" | "37":
            return replace(code, quantity=Decimal(value), unit="")
        case weight if weight.startswith("310") and code.quantity is None:
            return replace(code, quantity=Decimal(int(value)).scaleb(-int(weight[3])), unit="KG")
    return code


def _with_number(numbers: Numbers, dimension: Dimension, number: str) -> Numbers:
    if numbers.get(dimension):
        return numbers
    return replace(numbers, **{f"{dimension}_no": number})


def _expiring(code: Code, value: str, work_date: date) -> Code:
    """``YYMMDD``, day 00 the end of the month; the year within fifty of the work date's."""
    year, month, day = (int(value[at : at + 2]) for at in (0, 2, 4))
    year += work_date.year - work_date.year % 100
    if year - work_date.year > 50:  # noqa: PLR2004 - the rule of GS1
        year -= 100
    elif year - work_date.year < -49:  # noqa: PLR2004
        year += 100
    try:
        expires = date(year, month, day or calendar.monthrange(year, month)[1])
    except ValueError:
        notice = Notice("date-invalid", f"(17){value} is not a date.")
        return replace(code, notices=(*code.notices, notice))
    return replace(code, expiration_date=expires)
