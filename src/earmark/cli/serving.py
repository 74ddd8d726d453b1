"""`earmark serve`: the pages and the API, within a browser's reach."""

import gc
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from earmark.cli.demonstration import DEFAULT_DATABASE as DEMO_DATABASE
from earmark.cli.events import event_source
from earmark.cli.invocation import DEFAULT_DATABASE, DatabaseOption, opened
from earmark.cli.options import word_of
from earmark.cli.reach import HERE_ONLY, Reach, who_may
from earmark.cli.webhooks import allows_private
from earmark.errors import AddressUnusable

if TYPE_CHECKING:
    from earmark.database.engine import Database
    from earmark.http.logs import LogStyle


def serve(
    *,
    database: DatabaseOption = "",
    demo: Annotated[
        bool, Parameter(help="Serve the company of the demonstration, on the morning of its story.")
    ] = False,
    host: Annotated[str, Parameter(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, Parameter(help="The port to listen on; 0 takes any.")] = 8321,
    log: Annotated[
        str, Parameter(metavar="console|json|none", help="How requests are logged.")
    ] = "",
    reach: Reach = HERE_ONLY,
) -> None:
    """Serve the pages and the HTTP API until Ctrl-C.

    Until there is an account it serves the owner of this machine, and listens to nobody else.

    earmark serve
    earmark serve --demo
    earmark serve --database postgresql://stock@db/stock
    earmark serve --host 0.0.0.0 --public-url https://stock.example
    """
    from earmark.http.logs import LogStyle, write_log
    from earmark.server import Server, application, configured

    write_log(word_of(LogStyle, "--log", log) if log else _usual_style())

    with _listening(host, port) as listening, _served(database, demo=demo) as served:
        serving = (reach.demonstration if demo else reach.serving)(served, host)
        serving = replace(
            serving, event_source=event_source(), allows_private_webhooks=allows_private()
        )
        app = application(serving)
        address = f"http://{host}:{listening.getsockname()[1]}/"
        print(f"Earmark serves {served.name} at {address}  (Ctrl-C ends it)")  # noqa: T201
        print(who_may(serving), flush=True)  # noqa: T201
        _settle()
        Server(configured(app)).run(sockets=[listening])


def _settle() -> None:
    """Leave what was loaded out of every later search for garbage: it is there to stay.

    To look through all of it takes a tenth of a second, in which nobody is answered.
    """
    gc.collect()
    gc.freeze()


def _usual_style() -> "LogStyle":
    """For people where there is a terminal, else for machines."""
    from earmark.http.logs import LogStyle

    return LogStyle.CONSOLE if sys.stderr.isatty() else LogStyle.JSON


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket of ours, taken before the database is touched: a busy port changes nothing."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    with listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            listening.listen()  # whoever reads the address that is printed finds somebody there
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise AddressUnusable(address=f"{host}:{port}", why=why) from error
        yield listening


@contextmanager
def _served(url: str, *, demo: bool) -> Iterator["Database"]:
    """The database to be served; the demonstration's is filled where it is empty."""
    from earmark.usecases import demonstration

    with opened(url or (DEMO_DATABASE if demo else DEFAULT_DATABASE)) as served:
        if demo:
            if not demonstration.is_demonstration(served):
                demonstration.fill(served)
            served.clock = _going_on(served.clock, demonstration.morning(served))
        yield served


def _going_on(clock: Callable[[], datetime], begins: datetime) -> Callable[[], datetime]:
    """A clock that shows ``begins`` now and goes on from there."""
    started = clock()
    return lambda: begins + (clock() - started)
