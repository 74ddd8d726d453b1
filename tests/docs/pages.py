"""What stands in our pages: the snippets of a Markdown file, and running them."""

import doctest
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def snippets(page: Path, language: str) -> Iterator[tuple[int, str]]:
    """Every fenced block in a language, with the line of the page on which it begins."""
    text = page.read_text(encoding="utf-8")
    for block in _FENCED.finditer(text):
        if block[1] == language:
            yield text.count("\n", 0, block.start(2)), block[2]


def run_python(page: Path, replacing: dict[str, str] | None = None) -> None:
    """Run a page's Python snippets from top to bottom as one session; fail on the first lie.

    ``replacing`` are texts that stand for others in a test: an address, for one.
    """
    session: dict[str, object] = {}
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(verbose=False)
    said: list[str] = []
    for line, written in snippets(page, "python"):
        block = written
        for text, other in (replacing or {}).items():
            block = block.replace(text, other)
        test = parser.get_doctest(block, session, page.name, str(page), line)
        test.globs = session  # not a copy: functions of one block see the names of the next
        runner.run(test, out=said.append, clear_globs=False)
        assert not runner.failures, "".join(said)
    assert runner.tries, f"{page.name} has no example that runs"
