"""Many requests decided in columns: the plain cases, without an object for every line.

Most lines of a long list are simple. Nothing is reserved for the line yet, it names one number,
one supply carries that number, suits, and has enough: then there is nothing to weigh, and the
answer is arithmetic on whole numbers of 1/100,000. Whether a supply suits is still asked of the
rule itself (:mod:`earmark.core.eligibility`), but once for all lines whose facts are the same.

What is not plain is not decided here, and nothing of the same item is: all requests for that item
are left to the core's own walk, in the order given. Items do not touch one another, so many
requests come out as they would one after the other; ``tests/laws`` holds them to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from earmark.core.commands import Cancel, Choice, Reserve
from earmark.core.eligibility import unfit
from earmark.core.quantity import ZERO, positive, scaled
from earmark.core.reserving import check_policy
from earmark.core.roles import check_take_over
from earmark.core.stock import Binding, Demand, Supply
from earmark.core.tracking import Dimension, Numbers
from earmark.errors import EarmarkError

Wanted = tuple[str, str, int, Decimal | None]
"""A request for one number: line, number, its place in the list, how much (none: all there is)."""

Offer = tuple[str, str, str, int, int, int, int, str]
"""A supply under a number on a line: item, line, number, how much of the number is not handled yet,
how much of the line is outstanding, the supply, what is available of it, the facts of both."""

Taking = tuple[str, str, int, int, str]
"""What is reserved: item, line, supply, quantity, the number asked for."""

Apart = tuple[str, str, int, int, str, int, str]
"""What is reserved by a request of its own: as a taking, then the moment and the user."""

Holding = tuple[str, str, int, int, str, str]
"""What a line holds: item, line, in how many entries, quantity, how it is bound, who holds it."""


class Suits(dict[str, bool]):
    """Whether a demand and a supply are a plain case, by their facts; each is judged once."""

    def __init__(self, read: Callable[[str], tuple[Demand, Supply]]) -> None:
        """``read`` gives the demand and the supply that facts are of, quantities apart."""
        super().__init__()
        self.read = read

    def __missing__(self, facts: str) -> bool:
        """Judge facts that were not met before."""
        self[facts] = is_plain(*self.read(facts))
        return self[facts]


def is_plain(demand: Demand, supply: Supply) -> bool:
    """Whether a line may simply take of a supply that carries the number it names.

    Where others hold the supply loosely they might have to move, or to be told of.
    """
    if not demand.kind.is_demand or not demand.takes_part or demand.unreserved <= ZERO:
        return False
    if demand.reserved or supply.nonspecific:
        return False
    if supply.numbers.only(demand.specific) != supply.numbers or unfit(supply, demand):
        return False
    try:
        check_policy(demand)
    except EarmarkError:
        return False
    return True


def named_dimension(command: Reserve) -> Dimension | None:
    """The dimension of the one number that a request names, where it points at nothing else."""
    numbers = command.numbers
    if command.supply or command.hold_until or not isinstance(numbers, Numbers):
        return None
    return numbers.only_dimension


def named(commands: Sequence[Reserve]) -> dict[Dimension, list[Wanted]]:
    """The requests that name one number, and point at nothing else, by its dimension."""
    found: dict[Dimension, list[Wanted]] = {dimension: [] for dimension in Dimension}
    for at, command in enumerate(commands):
        dimension = named_dimension(command)
        if dimension is not None and isinstance(command.numbers, Numbers):
            number = command.numbers.get(dimension)
            found[dimension].append((command.line, number, at, command.quantity))
    return {dimension: requests for dimension, requests in found.items() if requests}


def take_in_turn(
    requests: Iterable[Wanted], offers: Collection[Offer], suits: Mapping[str, bool]
) -> dict[int, Taking]:
    """What each request takes, by its place in the list; those that are not plain are left out.

    A line that is asked for again, or to which several supplies are offered, is not plain.
    """
    offered = {offer[1:3]: offer for offer in offers}
    if len(offered) < len(offers):
        times = Counter(offer[1:3] for offer in offers)
        offered = {named: offer for named, offer in offered.items() if times[named] == 1}
    asked: set[str] = set()
    left: dict[tuple[str, int], int] = {}
    taken: dict[int, Taking] = {}
    for line, number, at, quantity in requests:
        offer = offered.get((line, number))
        if offer is None or line in asked:
            continue
        item_no, _, _, of_number, outstanding, supply_no, available, facts = offer
        wanted = min(of_number, outstanding)
        if quantity is not None:
            wanted = _of(wanted, quantity)
        there = left.get((item_no, supply_no), available)
        if 0 < wanted <= there and suits[facts]:
            asked.add(line)
            left[item_no, supply_no] = there - wanted
            taken[at] = (item_no, line, supply_no, wanted, number)
    return taken


def _of(most: int, quantity: Decimal) -> int:
    """How much of the most is asked for; nothing where it is for the core to refuse."""
    try:
        wanted = scaled(positive(quantity))
    except EarmarkError:
        return 0
    return wanted if wanted <= most else 0


def give_back_in_turn(
    commands: Sequence[Cancel], holdings: Collection[Holding]
) -> dict[int, Holding]:
    """What each request gives back, by its place in the list; those not plain are left out.

    Plain is to cancel all that a line holds, where nothing of it is bound and it is one user's.
    """
    held = _by_line(holdings)
    given: dict[int, Holding] = {}
    for at, command in enumerate(commands):
        holding = held.pop(command.line, None)
        if holding is None or command.supply or command.numbers is not Choice.ANY:
            continue
        if holding[4] == Binding.NONE and _may_cancel(command, holding[5]):
            given[at] = holding
    return given


def _by_line(holdings: Collection[Holding]) -> dict[str, Holding]:
    """What each line holds in all; lines with entries of several sorts or users are left out."""
    held = {holding[1]: holding for holding in holdings}
    if len(held) == len(holdings):
        return held
    totals: dict[str, list[Holding]] = {}
    for holding in holdings:
        totals.setdefault(holding[1], []).append(holding)
    return {
        line: (*of[0][:2], len(of), sum(holding[3] for holding in of), *of[0][4:])
        for line, of in totals.items()
        if len({holding[4:] for holding in of}) == 1
    }


def _may_cancel(command: Cancel, holder: str) -> bool:
    """Whether a command may cancel what a user holds."""
    if command.allowed is None:
        return True
    by, reason = command.by, command.reason
    try:
        check_take_over(command.line, [holder], by=by, allowed=command.allowed, reason=reason)
    except EarmarkError:
        return False
    return True
