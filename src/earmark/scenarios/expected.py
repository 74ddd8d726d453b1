"""The grammar of expectations: what a scenario may say must be true."""

from __future__ import annotations

from earmark.scenarios.forms import (
    day,
    fields,
    list_of,
    mapping_of,
    moment,
    nothing_or,
    one_of,
    quantity,
    text,
    whole,
    yes_or_no,
)
from earmark.scenarios.words import NUMBERS, PLACE, REASONS, chosen_numbers, numbers

_FIGURES = (
    "quantity",
    "outstanding",
    "reserved_in_unit",
    "reserved",
    "unreserved",
    "tracked",
    "untracked",
)
_share = one_of("none", "partial", "full")
_line_figures = fields(
    "what is expected of a line",
    {**dict.fromkeys(_FIGURES, quantity), "date": nothing_or(day), "reserved_from_stock": _share},
)
_reservation_rows = list_of(
    fields(
        "a reservation",
        {
            "from": text,
            "for": text,
            "quantity": quantity,
            "specific": yes_or_no,
            **NUMBERS,
            "binding": text,
            "hold_until": nothing_or(moment),
            "date": nothing_or(day),
        },
    )
)
_window_figures = ("total", "reserved", "nonspecific", "available", "current")
_window_rows = list_of(
    fields(
        "a row of the window",
        {"from": text, **dict.fromkeys(_window_figures, quantity)},
        needed=("from",),
    )
)
_candidate_rows = list_of(
    fields(
        "a candidate",
        {"from": text, "available": quantity, "reasons": list_of(one_of(*REASONS))},
        needed=("from",),
    )
)
_number_figures = ("total", "requested", "available", "nonspecific")

expectation = fields(
    "an expectation",
    {
        "as_of": whole,
        "line": mapping_of(_line_figures),
        "reservations": mapping_of(_reservation_rows),
        "outcome": fields(
            "an outcome",
            {
                "reserved": quantity,
                "shortfall": quantity,
                "released": quantity,
                "moved": list_of(text),
            },
        ),
        "window": list_of(
            fields(
                "a window",
                {"line": text, "numbers": numbers, "rows": _window_rows},
                needed=("line", "rows"),
            )
        ),
        "candidates": list_of(
            fields(
                "the candidates of a line",
                {"line": text, "numbers": chosen_numbers, "rows": _candidate_rows},
                needed=("line", "rows"),
            )
        ),
        "number": list_of(
            fields(
                "the availability of a number",
                {**PLACE, **NUMBERS, **dict.fromkeys(_number_figures, quantity)},
                needed=("item", "location"),
            )
        ),
        "stock": list_of(
            fields(
                "a stock row",
                {
                    **PLACE,
                    "bin": text,
                    **NUMBERS,
                    "quantity": quantity,
                    "expiration_date": nothing_or(day),
                },
                needed=("item", "quantity"),
            )
        ),
        "tracking": mapping_of(
            list_of(
                fields(
                    "an item tracking line",
                    {
                        **NUMBERS,
                        "quantity": quantity,
                        "to_handle": quantity,
                        "handled": quantity,
                        "expiration_date": nothing_or(day),
                    },
                )
            )
        ),
        "worksheet": list_of(
            fields(
                "a worksheet line",
                {
                    "line": text,
                    "remaining": quantity,
                    "available": quantity,
                    "to_reserve": quantity,
                    "accepted": yes_or_no,
                    "absent": yes_or_no,
                },
                needed=("line",),
            )
        ),
        "promised": mapping_of(
            fields("a promise", {"date": nothing_or(day), "quantity": quantity})
        ),
        "document": mapping_of(
            fields("what is expected of a document", {"reserved_from_stock": _share})
        ),
        "exists": mapping_of(yes_or_no),
        "total": list_of(
            fields(
                "a total",
                {"of": one_of(*_FIGURES), "lines": list_of(text), "is": quantity},
                needed=("of", "lines", "is"),
            )
        ),
    },
)
