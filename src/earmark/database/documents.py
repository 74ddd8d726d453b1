"""Document headers as rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from earmark.core.documents import DocumentKind, DocumentStatus
from earmark.database import schema
from earmark.database.engine import Session
from earmark.database.statements import MemberOf, Statement

_DOCUMENT = schema.document
_COLUMNS = (
    "document_no",
    "kind",
    "customer_no",
    "status",
    "description",
    "last_position",
    "is_deleted",
)
_SELECT = sa.select(*(_DOCUMENT.c[c] for c in _COLUMNS))
_BY_NO = Statement(_SELECT.where(MemberOf(_DOCUMENT.c.document_no, "documents")).with_for_update())
_READ = Statement(_SELECT.where(MemberOf(_DOCUMENT.c.document_no, "documents")))
_ALL = Statement(_SELECT.where(_DOCUMENT.c.is_deleted.is_(sa.false())).order_by("document_no"))
_UPDATE = Statement(
    sa.update(_DOCUMENT)
    .where(_DOCUMENT.c.document_no == sa.bindparam("v_document_no"))
    .values({c: sa.bindparam(f"v_{c}", type_=_DOCUMENT.c[c].type) for c in _COLUMNS[1:]})
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document header; ``last_position`` is the highest line no. ever used on it."""

    document_no: str
    kind: DocumentKind
    customer_no: str = ""
    status: DocumentStatus = DocumentStatus.OPEN
    description: str = ""
    last_position: int = 0
    is_deleted: bool = False


def _found(rows: Iterable[tuple[object, ...]]) -> list[Document]:
    made = []
    for row in rows:
        kept = dict(zip(_COLUMNS, row, strict=True))
        kept["kind"] = DocumentKind(str(kept["kind"]))
        kept["status"] = DocumentStatus(str(kept["status"]))
        made.append(Document(**kept))  # type: ignore[arg-type]
    return made


def lock(session: Session, documents: Iterable[str]) -> dict[str, Document]:
    """These headers, deleted or not, held until the end of the transaction."""
    rows = session.rows(_BY_NO, documents=sorted(set(documents)))
    return {document.document_no: document for document in _found(rows)}


def read(session: Session, documents: Iterable[str]) -> dict[str, Document]:
    """These headers, as far as they exist and are not deleted."""
    found = _found(session.rows(_READ, documents=list(documents)))
    return {document.document_no: document for document in found if not document.is_deleted}


def everything(session: Session) -> list[Document]:
    """Every header that is not deleted, by number."""
    return _found(session.rows(_ALL))


def save(session: Session, headers: Iterable[Document], known: Iterable[str]) -> None:
    """Write headers; those that are known exist already."""
    existing = set(known)
    headers = list(headers)
    rows = [[getattr(header, c) for c in _COLUMNS] for header in headers]
    session.insert(_DOCUMENT, _COLUMNS, [row for row in rows if row[0] not in existing])
    session.run_each(
        _UPDATE,
        [
            {f"v_{c}": v for c, v in zip(_COLUMNS, row, strict=True)}
            for row in rows
            if row[0] in existing
        ],
    )
