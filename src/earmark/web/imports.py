"""Imports under way: each in a thread of its own, to be watched and cancelled by who began it.

They are kept in the memory of this process, with the file that was sent, until the next twenty have
come. An import itself is one command, all or nothing: a process that ends in the middle of one has
imported nothing.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from earmark import sheets
from earmark.database.engine import Database
from earmark.errors import EarmarkError, ImportRefused, ReferenceInvalid
from earmark.sheets import Dialect
from earmark.usecases.exchange import ImportResult, Subject, import_sheet
from earmark.usecases.exchange_layout import RowError

KEPT = 20


class State(StrEnum):
    """How far an import is."""

    CHECKING = "checking"
    CHECKED = "checked"
    ENTERING = "entering"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"

    @property
    def is_under_way(self) -> bool:
        """Whether there is something to wait for."""
        return self in (State.CHECKING, State.ENTERING)


class _Cancelled(Exception):
    """Ends an import where it is; nothing has been saved."""


@dataclass(slots=True, kw_only=True)
class Import:
    """One file on its way in: first checked, then, if that is wanted, entered."""

    no: str
    what: Subject
    name: str
    path: Path
    dialect: Dialect
    by: str
    state: State = State.CHECKING
    rows_read: int = 0
    rows_total: int = 0
    result: ImportResult | None = None
    refusal: EarmarkError | None = None
    is_cancelled: bool = False

    @property
    def errors(self) -> tuple[RowError, ...]:
        """What is wrong with rows of the file."""
        told = self.refusal.facts.get("errors", ()) if self.refusal else ()
        assert isinstance(told, tuple), "an import tells its errors in a tuple"
        return told

    def run(self, database: Database) -> None:
        """Check the file, or enter it where it has been checked."""
        checks = self.state is State.CHECKING
        try:
            sheet = sheets.read(self.path, self.dialect)
            self.rows_total = len(sheet.rows)
            self.result = import_sheet(
                database,
                self.what,
                sheet,
                by=self.by,
                request_id="" if checks else f"import {self.no}",
                preview=checks,
                progress=self._told,
            )
            done = State.CHECKED if checks else State.DONE
            self.state = State.CANCELLED if checks and self.is_cancelled else done
        except _Cancelled:
            self.state = State.CANCELLED
        except EarmarkError as refusal:
            self.refusal, self.state = refusal, State.REFUSED

    def _told(self, done: int, total: int) -> None:
        self.rows_read, self.rows_total = done, total
        if self.is_cancelled:
            raise _Cancelled


@dataclass(slots=True)
class Imports:
    """The imports of this process, and the folder of their files."""

    _known: OrderedDict[str, Import] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _folder: TemporaryDirectory[str] = field(
        default_factory=lambda: TemporaryDirectory(prefix="earmark-import-")
    )

    def begin(
        self,
        database: Database,
        *,
        what: Subject,
        name: str,
        content: bytes,
        dialect: Dialect,
        by: str,
    ) -> Import:
        """Take a file in and begin to check it."""
        no = secrets.token_hex(8)
        path = Path(self._folder.name) / f"{no}{Path(name).suffix.lower()}"
        path.write_bytes(content)
        new = Import(no=no, what=what, name=name, path=path, dialect=dialect, by=by)
        with self._lock:
            self._known[no] = new
            while len(self._known) > KEPT:
                _, old = self._known.popitem(last=False)
                old.path.unlink(missing_ok=True)
        _start(new, database)
        return new

    def find(self, no: str, by: str) -> Import:
        """An import, by whoever began it."""
        with self._lock:
            found = self._known.get(no)
        if found is None or found.by != by:
            why = "there is no such import any more; send the file again"
            raise ReferenceInvalid(reference=f"Import {no}", why=why)
        return found

    def enter(self, no: str, by: str, database: Database) -> Import:
        """Enter what has been checked; asked for twice it is entered once."""
        found = self.find(no, by)
        with self._lock:
            begins = found.state is State.CHECKED
            if begins:
                found.state, found.rows_read = State.ENTERING, 0
        if begins:
            _start(found, database)
        return found

    def close(self) -> None:
        """Remove the files."""
        with suppress(OSError):
            self._folder.cleanup()


def _start(one: Import, database: Database) -> None:
    threading.Thread(target=one.run, args=(database,), name=f"import {one.no}", daemon=True).start()


def sentence(refusal: EarmarkError, name: str) -> str:
    """A refusal in words, with the name the file has for whoever sent it."""
    file = refusal.facts.get("file")
    if isinstance(refusal, ImportRefused) or not isinstance(file, str | Path):
        return refusal.message if not file else refusal.message.replace(str(file), name)
    return refusal.message.replace(str(file), name)
