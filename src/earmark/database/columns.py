"""The sorts of columns that tables are made of, and how quantities are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from earmark.core.quantity import scaled, unscaled
from earmark.core.units import factor_in_words, factor_of

FAR = date(9999, 12, 31)
"""Stands for *no expiration date* in ``supply``, so that undated stock sorts last."""

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
    }
)


class Quantity(sa.types.TypeDecorator[Decimal]):
    """A quantity in the base unit: an exact decimal outside, a whole number of 1/100,000 inside."""

    impl = sa.BigInteger
    cache_ok = True

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[Any], Any]:  # noqa: ARG002
        """Scale up; anything finer than five decimals is a mistake of ours."""
        return _written

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002
        """Scale down."""
        return _read


class Factor(sa.types.TypeDecorator[Fraction]):
    """How many base units a unit holds: an exact fraction outside, ``12`` or ``1/12`` inside."""

    impl = sa.Text
    cache_ok = True

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[Any], Any]:  # noqa: ARG002
        """Write it so that it is read back as the same."""
        return factor_in_words

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002
        """Read it; few different ones are read very often."""
        return _factor


@lru_cache(maxsize=10_000)
def _factor(text: str) -> Fraction:
    return factor_of(text)


def _written(quantity: Decimal | None) -> int | None:
    return None if quantity is None else scaled(quantity)


@lru_cache(maxsize=10_000)
def _read(number: int | None) -> Decimal | None:
    """Quantities are read far more often than there are different ones."""
    return None if number is None else unscaled(number)


def text(name: str, **options: Any) -> sa.Column[str]:  # noqa: ANN401
    """A text; empty where there is none."""
    return sa.Column(name, sa.Text, nullable=False, server_default="", **options)


def number(name: str, **options: Any) -> sa.Column[Decimal]:  # noqa: ANN401
    """A quantity; zero where there is none."""
    return sa.Column(name, Quantity, nullable=False, server_default="0", **options)


def factor(name: str) -> sa.Column[Fraction]:
    """A factor of a unit; one where there is none."""
    return sa.Column(name, Factor, nullable=False, server_default="1")


def flag(name: str) -> sa.Column[bool]:
    """Yes or no; no where nothing is said."""
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def moment(name: str, **options: Any) -> sa.Column[int]:  # noqa: ANN401
    """A moment, or microseconds since 1970."""
    return sa.Column(name, sa.BigInteger, nullable=False, **options)


def numbers() -> tuple[sa.Column[str], ...]:
    """The lot no., serial no. and package no. of a row."""
    return text("lot_no"), text("serial_no"), text("package_no")


def where(condition: str) -> dict[str, Any]:
    """The rows that an index is of, on both databases: ``sa.Index(..., **where("a > 0"))``."""
    return {f"{dialect}_where": sa.text(condition) for dialect in ("postgresql", "sqlite")}
