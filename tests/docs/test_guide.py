"""The examples of the guides run, and show what they say."""

from pathlib import Path

import pytest

from tests.docs.pages import ROOT, run_python

API = ROOT / "docs" / "guide" / "api.md"
"""It needs a server, and has a test of its own."""
LOCAL = sorted(set((ROOT / "docs" / "guide").glob("*.md")) - {API})
GUIDES = [*LOCAL, ROOT / "docs" / "events.md"]


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_the_examples_of_a_guide_run(page: Path) -> None:
    run_python(page)


def test_there_is_a_guide() -> None:
    assert GUIDES
