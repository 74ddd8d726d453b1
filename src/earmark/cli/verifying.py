"""`earmark verify`: everything recomputed, and what does not agree."""

from collections.abc import Sequence

import earmark
from earmark.cli.invocation import READING, Reading
from earmark.cli.page import Column, Note, Page, Pen, Table, columns
from earmark.core.views import Finding

FOUND_SOMETHING = 1


def verify(*, reading: Reading = READING) -> int:
    """Recompute everything and compare; it should find nothing.

    Where it finds something the exit code is 1.

    earmark verify
    """
    from earmark.cli.output import working

    with reading.opened() as database, working("Recomputing everything ..."):
        findings = earmark.verify(database)
    reading.answer(findings, verify_page)
    return FOUND_SOMETHING if findings else 0


def verify_page(findings: Sequence[Finding]) -> Page:
    """What was found, or that nothing was."""
    if not findings:
        return [Note("Verified: nothing found. Every promise is covered, every total agrees.")]
    heads = columns(Column("Check", Pen.NAME), "Record", Column("Found", wraps=True))
    return [Table(heads, [(found.check, found.record, found.message) for found in findings])]
