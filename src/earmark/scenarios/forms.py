"""Forms: what may stand at a place of a YAML file, each reading a node into a checked value.

A form is a function. It gives back the value, or reports with the line what is wrong and gives back
nothing; so one reading of a file finds everything that is wrong in it. Quantities are read from
their text, so that no digit is lost on the way through a binary fraction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

import yaml

_DECIMAL = re.compile(r"[-+]?(0|[1-9]\d*|(?=\.\d))(\.\d*)?([eE][-+]?\d+)?")
_NOT_A_NUMBER = re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)
_WHOLE = re.compile(r"[-+]?(0|[1-9]\d*)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d:\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong in a scenario file, and where."""

    file: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What is wrong in one file, collected while it is read."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def say(self, node: yaml.Node, message: str) -> None:
        """Something is wrong at this node."""
        self.tell(line_of(node), message)

    def tell(self, line: int, message: str) -> None:
        """Something is wrong on this line."""
        self.problems.append(Problem(self.file, line, message))


Form = Callable[[yaml.Node, Report], Any]


@dataclass(frozen=True, slots=True)
class Fields(Mapping[str, Any]):
    """A mapping that was checked, with the line of every key; equal if its content is."""

    content: Mapping[str, Any]
    line: int = field(default=0, compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - the form of each key says what it is
        """The value of a key."""
        return self.content[key]

    def __iter__(self) -> Iterator[str]:
        """The keys in the order of the file."""
        return iter(self.content)

    def __len__(self) -> int:
        """How many keys there are."""
        return len(self.content)

    def line_of(self, key: str) -> int:
        """The line on which a key stands."""
        return self.lines.get(key, self.line)


NOTHING = Fields({})


def line_of(node: yaml.Node) -> int:
    """The line of a node, as an editor counts."""
    line: int = node.start_mark.line
    return line + 1


# -- Values ------------------------------------------------------------------------------------


def text(node: yaml.Node, report: Report) -> str | None:
    """A text, as it is written: ``0012`` is the lot no. 0012 and no number."""
    if _kind(node) in ("str", "int", "float", "timestamp") and isinstance(node, yaml.ScalarNode):
        return str(node.value)
    _wrong(node, report, "a text")
    return None


def quantity(node: yaml.Node, report: Report) -> Decimal | None:
    """A number, exactly as it is written; whether it can be a quantity is for the rules to say."""
    written = _plain(node)
    if _DECIMAL.fullmatch(written) or _NOT_A_NUMBER.fullmatch(written):
        return Decimal(written.replace(".inf", "inf").replace(".nan", "nan"))
    _wrong(node, report, "a number such as 2.5")
    return None


def whole(node: yaml.Node, report: Report) -> int | None:
    """A whole number."""
    written = _plain(node)
    if _WHOLE.fullmatch(written):
        return int(written)
    _wrong(node, report, "a whole number")
    return None


def yes_or_no(node: yaml.Node, report: Report) -> bool | None:
    """``true`` or ``false``."""
    if _kind(node) == "bool":
        return str(node.value).lower() in ("true", "yes", "on")
    _wrong(node, report, "true or false")
    return None


def day(node: yaml.Node, report: Report) -> date | None:
    """A date."""
    written = _plain(node)
    try:
        if _DAY.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:
        pass  # the 30th of February is said to be none just as "soon" is
    _wrong(node, report, "a date such as 2026-12-31")
    return None


def moment(node: yaml.Node, report: Report) -> datetime | None:
    """A time in UTC, or with its distance from it; a date alone is its midnight."""
    written = _plain(node).upper()
    if _TIME.fullmatch(written):
        try:
            read = datetime.fromisoformat(written)
        except ValueError:
            pass
        else:
            return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    _wrong(node, report, "a time such as 2026-12-31T12:00:00")
    return None


def one_of(*words: str) -> Form:
    """One of these words."""

    def read(node: yaml.Node, report: Report) -> str | None:
        written = node.value if isinstance(node, yaml.ScalarNode) else ""
        if written in words:
            return str(written)
        _wrong(node, report, f"one of {', '.join(words)}{_meant(written, words)}")
        return None

    return read


def nothing_or(form: Form) -> Form:
    """What a form reads, or ``null``."""

    def read(node: yaml.Node, report: Report) -> Any:  # noqa: ANN401 - as the form
        return None if _kind(node) == "null" else form(node, report)

    return read


def word_or(words: Mapping[str, Any], form: Form) -> Form:
    """One of a few words, each with what it stands for, or what a form reads."""

    def read(node: yaml.Node, report: Report) -> Any:  # noqa: ANN401 - as the form
        written = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
        return words[written] if written in words else form(node, report)

    return read


# -- Lists and mappings ------------------------------------------------------------------------


def list_of(form: Form) -> Form:
    """A list, each row of one form."""

    def read(node: yaml.Node, report: Report) -> tuple[Any, ...] | None:
        if not isinstance(node, yaml.SequenceNode):
            _wrong(node, report, "a list")
            return None
        return tuple(form(row, report) for row in node.value)

    return read


def one_or_list_of(form: Form) -> Form:
    """One of a form, or a list of them; a list either way."""

    def read(node: yaml.Node, report: Report) -> tuple[Any, ...]:
        rows = node.value if isinstance(node, yaml.SequenceNode) else [node]
        return tuple(form(row, report) for row in rows)

    return read


def mapping_of(form: Form) -> Form:
    """A mapping from names that the file chooses, each to one form."""

    def read(node: yaml.Node, report: Report) -> Fields | None:
        pairs = _pairs(node, report)
        if pairs is None:
            return None
        values = {key: form(value, report) for key, (_, value) in pairs.items()}
        return Fields(values, line_of(node), _lines(pairs))

    return read


def fields(what: str, forms: Mapping[str, Form], needed: Collection[str] = ()) -> Form:
    """A mapping of known keys, each of its own form; ``what`` says what it is in a message."""

    def read(node: yaml.Node, report: Report) -> Fields | None:
        pairs = _pairs(node, report)
        if pairs is None:
            return None
        for key, (key_node, _) in pairs.items():
            if key not in forms:
                known = ", ".join(forms) or "none"
                message = f"unknown key {key} in {what}{_meant(key, forms)}; known are: {known}"
                report.say(key_node, message)
        for key in needed:
            if key not in pairs:
                report.say(node, f"{what} needs {key}")
        values = {k: forms[k](value, report) for k, (_, value) in pairs.items() if k in forms}
        return Fields(values, line_of(node), _lines(pairs))

    return read


def nothing_or_fields(what: str, forms: Mapping[str, Form]) -> Form:
    """As ``fields`` where none is needed; ``null`` is none of them."""
    read_fields = fields(what, forms)

    def read(node: yaml.Node, report: Report) -> Fields | None:
        if _kind(node) == "null":
            return Fields({}, line_of(node))
        checked: Fields | None = read_fields(node, report)
        return checked

    return read


def told_by_key(what: str, forms: Mapping[str, Form]) -> Form:
    """A mapping that says by one of these keys which form it has."""

    def read(node: yaml.Node, report: Report) -> Any:  # noqa: ANN401 - as the form
        pairs = _pairs(node, report)
        if pairs is None:
            return None
        kinds = [key for key in pairs if key in forms]
        if len(kinds) == 1:
            return forms[kinds[0]](node, report)
        found = " and ".join(kinds) or "none of them"
        report.say(node, f"{what} has one of {', '.join(forms)}; this one has {found}")
        return None

    return read


_Pairs = Mapping[str, tuple[yaml.Node, yaml.Node]]


def _pairs(node: yaml.Node, report: Report) -> _Pairs | None:
    if not isinstance(node, yaml.MappingNode):
        _wrong(node, report, "a mapping")
        return None
    pairs: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            report.say(key, "a key is a text")
        elif key.value in pairs:
            report.say(key, f"key {key.value} stands twice")
        else:
            pairs[key.value] = (key, value)
    return pairs


def _lines(pairs: _Pairs) -> Mapping[str, int]:
    return {key: line_of(key_node) for key, (key_node, _) in pairs.items()}


# -- What is written ---------------------------------------------------------------------------


def _kind(node: yaml.Node) -> str:
    return str(node.tag).rpartition(":")[2]


def _plain(node: yaml.Node) -> str:
    """The text of a scalar without quotes; quoted, a number or a date would be a text."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) and not node.style else ""


def _wrong(node: yaml.Node, report: Report, wanted: str) -> None:
    if isinstance(node, yaml.MappingNode):
        found = "a mapping"
    elif isinstance(node, yaml.SequenceNode):
        found = "a list"
    elif isinstance(node, yaml.ScalarNode) and node.style:
        found = repr(node.value)
    else:
        found = str(node.value or "nothing")
    report.say(node, f"{found} is not {wanted}")


def _meant(written: object, words: Collection[str]) -> str:
    close = get_close_matches(str(written), words, 1)
    return f" (did you mean {close[0]}?)" if close else ""
