"""A client of Earmark's HTTP API with the face of the library: the same commands, the same answers.

    >>> from earmark import Reserve
    >>> from earmark.client import Client
    >>> with Client("http://127.0.0.1:8321", token="...") as stock:  # doctest: +SKIP
    ...     outcome = stock.reserve(Reserve(line="SO1/1"))

What the library raises, the client raises: the refusals of ``earmark.errors``.
"""

from earmark.client.client import Client

__all__ = ["Client"]
