"""docs/errors.md names every refusal, in the words of the code."""

from earmark.errors import every_error
from tests.docs.errors_page import PAGE, page


def test_the_page_of_errors_says_what_the_code_says() -> None:
    same = PAGE.read_text(encoding="utf-8") == page()
    assert same, "docs/errors.md is stale; write it: .venv/bin/python -m tests.docs.errors_page"


def test_every_refusal_says_when_and_with_what_sentence() -> None:
    silent = [e.code for e in every_error() if not e.__doc__ or len(e.sentence) < len("{a} is b.")]
    assert not silent, ", ".join(silent)


def test_no_two_refusals_share_a_code() -> None:
    codes = [error.code for error in every_error()]
    assert len(codes) == len(set(codes))
