"""What is typed on the split screen, as it stands in the address: so much of a row, how.

A row's key is what a take points at (supply, lot, serial, package), its parts quoted and joined by
``!``; a take is the key, the quantity and ``specific`` or ``any``, joined by ``*``.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from urllib.parse import quote, unquote

from earmark.core.commands import SupplyTake
from earmark.core.quantity import plain
from earmark.core.tracking import Numbers
from earmark.errors import ValueInvalid
from earmark.web.asking import quantity_of

SPECIFIC, ANY = "specific", "any"
_PARTS = 4


def key_of(supply: str, numbers: Numbers, *more: str) -> str:
    """The key of a row; ``more`` tells rows apart that nothing is taken from."""
    parts = (supply, numbers.lot_no, numbers.serial_no, numbers.package_no, *more)
    return "!".join(quote(part, safe="").replace("!", "%21").replace("*", "%2A") for part in parts)


def text_of(take: SupplyTake) -> str:
    """A take as it stands in the address."""
    mode = SPECIFIC if take.is_specific else ANY
    return f"{key_of(take.supply, take.numbers)}*{plain(take.quantity)}*{mode}"


def take_of(text: str) -> SupplyTake:
    """A take from the address; refused where it is none."""
    key, _, rest = text.partition("*")
    typed, _, mode = rest.partition("*")
    parts = [unquote(part) for part in key.split("!")]
    if len(parts) != _PARTS or mode not in (SPECIFIC, ANY):
        raise ValueInvalid(field="Take", value=text, why="it is row, quantity and mode")
    quantity = quantity_of(typed, "Take")
    return SupplyTake(
        supply=parts[0],
        numbers=Numbers(*parts[1:]),
        quantity=quantity,
        is_specific=mode == SPECIFIC,
    )


def takes_of(texts: Iterable[str]) -> tuple[SupplyTake, ...]:
    """The takes of an address, those of nothing left out; the last of a row counts."""
    found = {key_of(take.supply, take.numbers): take for take in map(take_of, texts)}
    return tuple(take for take in found.values() if take.quantity != Decimal(0))
