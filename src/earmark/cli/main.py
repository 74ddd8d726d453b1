"""`earmark`: the commands by subject, and how a refusal leaves the program.

Every command is a function of one of the modules beside this one; here stands only which there
are, in which group of the help, and what a person sees when one says no.
"""

import io
import os
import sys
from collections.abc import Callable, Sequence
from itertools import count
from typing import Annotated

from cyclopts import App, CycloptsError, Group, Parameter

from earmark import __version__
from earmark.cli import (
    accounts,
    alerts,
    appeals,
    catalog,
    databases,
    demonstration,
    documents,
    events,
    exchange,
    posting,
    reading,
    reservations,
    scanning,
    scenarios,
    serving,
    tracking,
    verifying,
    webhooks,
    why,
)
from earmark.cli.help_pages import HelpPages
from earmark.cli.topics import TOPICS
from earmark.errors import EarmarkError, ReferenceInvalid

INTERRUPTED = 130
MALFORMED = 2
FAULT = 1

HOME = """\
Earmark reserves tracked inventory: which lot, serial number or package will serve this order line,
from stock or from what is on its way; held until it is shipped, and never promised twice.

The main job

    earmark order new sales SO1 --line item=X,quantity=1,location=EAST
    earmark track add SO1/1 --serial SN1 --lot LOT1
    earmark window SO1/1 --serial SN1 --lot LOT1
    earmark reserve SO1/1 --serial SN1 --lot LOT1
    earmark post ship SO1/1

New here? `earmark demo` does it on a small company in trouble.
"""
EPILOGUE = """\
Exit codes: 0 done, 2 malformed, 3 not found, 4 refused, 5 conflict, try again,
6 database or file unusable. More: earmark help exit-codes\
"""

START = Group.create_ordered("Start here")
RESERVING = Group.create_ordered("Reserve")
ASKING = Group.create_ordered("Ask")
ENTERING = Group.create_ordered("Enter")
POSTING = Group.create_ordered("Post")
KEEPING = Group.create_ordered("Keep house")

app = App(
    name="earmark",
    help=HOME,
    help_format="plaintext",
    help_formatter=HelpPages(),
    help_epilogue=EPILOGUE,
    version=__version__,
    group_parameters=Group("Options", sort_key=70),
    default_parameter=Parameter(negative=""),
    suppress_keyboard_interrupt=False,
)


def main() -> None:
    """Run the command that was typed, and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without Unicode shows a question mark rather than a fault.
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code; a refusal is said on standard error."""
    try:
        code = app(
            list(arguments), exit_on_error=False, print_error=False, result_action="return_value"
        )
        sys.stdout.flush()
    except EarmarkError as refusal:
        return _say_no(refusal, arguments)
    except CycloptsError as error:
        return _misread(error)
    except KeyboardInterrupt:
        print("Interrupted; what was not answered has not happened.", file=sys.stderr)  # noqa: T201
        return INTERRUPTED
    except BrokenPipeError:
        return _hang_up()
    except Exception as fault:  # noqa: BLE001 - the last resort of a program is a sentence
        return _own_up(fault)
    return code if isinstance(code, int) else 0


# -- Saying no ---------------------------------------------------------------------------------


def _say_no(refusal: EarmarkError, arguments: Sequence[str]) -> int:
    """The refusal's sentence and code; for a program that asked for JSON, in JSON."""
    if "--json" in arguments:
        from earmark.cli.output import as_json

        print(as_json(refusal), file=sys.stderr)  # noqa: T201
    else:
        _complain(f"{refusal.message} ({refusal.code})")
    return refusal.exit_code


def _misread(error: CycloptsError) -> int:
    """What was typed is not a command: say which part, and where the help is."""
    error.verbose = False
    command = " ".join(error.command_chain or ())
    _complain(f"{error} Try: earmark {f'{command} ' if command else ''}--help")
    return MALFORMED


def _hang_up() -> int:
    """The reader of a pipe (`| head`) has enough: nothing is wrong, and Python must not say so."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _own_up(fault: Exception) -> int:
    """A fault of ours: no traceback for the user, unless EARMARK_DEBUG asks for it."""
    if os.environ.get("EARMARK_DEBUG"):
        raise fault
    _complain(
        f"Earmark has a fault ({type(fault).__name__}: {fault}). "
        "With EARMARK_DEBUG=1 it prints where."
    )
    return FAULT


def _complain(sentence: str) -> None:
    print(f"earmark: {sentence}", file=sys.stderr)  # noqa: T201


# -- The commands ------------------------------------------------------------------------------


def help_(*words: Annotated[str, Parameter(help="A topic or a command.")]) -> None:
    """Explain a topic or a command.

    The topics are exit-codes, lines, numbers, databases and documents.

    earmark help exit-codes
    earmark help order new
    """
    topic = " ".join(words)
    if topic in TOPICS:
        print(TOPICS[topic])  # noqa: T201 - the answer itself
        return
    if words and words[0] not in app:
        raise ReferenceInvalid(reference=topic, why=f"topics are {', '.join(TOPICS)}")
    app.help_print(list(words))


_IN_ORDER = count()


def demo(
    *,
    database: Annotated[
        str, Parameter(metavar="URL", help="Another database, an empty one.")
    ] = demonstration.DEFAULT_DATABASE,
    only_fill: Annotated[bool, Parameter(help="Only make the company; show nothing.")] = False,
) -> int | None:
    """Show the main job, step by step, on a small company in trouble.

    It makes earmark-demo.db in this folder (or anew, if it is one of its own) and leaves it for you
    to play with. A database with other documents in it is refused.

    earmark demo
    """
    if not only_fill:
        return demonstration.tell(database, run)
    demonstration.fill(database)
    return None


def _subject(name: str, summary: str, group: Group) -> App:
    """A command that has commands of its own."""
    subject = App(name=name, help=summary, group=group, sort_key=next(_IN_ORDER))
    app.command(subject)
    return subject


def _command(
    function: Callable[..., int | None],
    *,
    name: str = "",
    of: App = app,
    group: Group | None = None,
) -> None:
    """A command, listed where it stands below."""
    place = next(_IN_ORDER)
    if group:
        of.command(function, name=name or None, sort_key=place, group=group)
    else:
        of.command(function, name=name or None, sort_key=place)


_command(demo, group=START)
_command(serving.serve, group=START)
_command(help_, name="help", group=START)

_command(reservations.window, group=RESERVING)
_command(reservations.reserve, group=RESERVING)
_command(reservations.hold, group=RESERVING)
_command(reservations.cancel, group=RESERVING)
_command(reservations.change, group=RESERVING)
_command(alerts.repair, group=RESERVING)
_command(alerts.undo, group=RESERVING)
_command(appeals.ask, group=RESERVING)
_command(appeals.give, group=RESERVING)
_command(appeals.keep, group=RESERVING)
_command(appeals.withdraw, group=RESERVING)

_command(why.why, group=ASKING)
_command(alerts.alerts, group=ASKING)
_command(appeals.appeals, group=ASKING)
_command(reading.candidates, group=ASKING)
_command(reading.stock, group=ASKING)
_command(scanning.scan, group=ASKING)
_command(reading.history, group=ASKING)
_command(events.events, group=ASKING)
_command(verifying.verify, group=ASKING)

order = _subject(
    "order", "Sales, purchase and production orders, other systems' documents.", ENTERING
)
_command(documents.new, of=order)
_command(documents.load, of=order)
_command(documents.show, of=order)
_command(documents.list_, name="list", of=order)
_command(documents.add, of=order)
_command(documents.edit, of=order)
_command(documents.delete, of=order)
_command(documents.status, of=order)

track = _subject("track", "The item tracking lines of a line: serial, lot, package nos.", ENTERING)
_command(tracking.show, of=track)
_command(tracking.add, of=track)
_command(tracking.set_, name="set", of=track)
_command(tracking.assign, of=track)
_command(tracking.select, of=track)

item = _subject("item", "Items.", ENTERING)
_command(catalog.item_new, name="new", of=item)
_command(catalog.item_list, name="list", of=item)
_command(scanning.gtin, of=item)
_command(scanning.forget_gtin, of=item)
_command(scanning.gtins, of=item)

lot = _subject("lot", "What is known of a lot, serial or package no.: block it, date it.", ENTERING)
_command(catalog.block, of=lot)
_command(catalog.unblock, of=lot)
_command(catalog.describe, of=lot)
_command(catalog.number_list, name="list", of=lot)

setup = _subject("setup", "Item tracking codes, locations and customers.", ENTERING)
_command(catalog.tracking_code, of=setup)
_command(catalog.location, of=setup)
_command(catalog.customer, of=setup)
_command(catalog.show, of=setup)

post = _subject("post", "What moves goods: ship, receive, consume, put out, adjust; undo.", POSTING)
_command(posting.ship, of=post)
_command(posting.receive, of=post)
_command(posting.consume, of=post)
_command(posting.output, of=post)
_command(posting.adjust, of=post)
_command(posting.reclassify, of=post)
_command(posting.undo, of=post)

_command(exchange.import_, name="import", group=KEEPING)
_command(exchange.export, group=KEEPING)

scenario = _subject("scenario", "Run or check scenario files.", KEEPING)
_command(scenarios.run, of=scenario)
_command(scenarios.check, of=scenario)

user = _subject("user", "Who may sign in to a server, and what he may do.", KEEPING)
_command(accounts.user_add, name="add", of=user)
_command(accounts.user_list, name="list", of=user)
_command(accounts.user_role, name="role", of=user)
_command(accounts.user_password, name="password", of=user)
_command(accounts.user_deactivate, name="deactivate", of=user)
_command(accounts.user_activate, name="activate", of=user)

token = _subject("token", "What lets programs ask a server.", KEEPING)
_command(accounts.token_new, name="new", of=token)
_command(accounts.token_list, name="list", of=token)
_command(accounts.token_revoke, name="revoke", of=token)

webhook = _subject("webhook", "Where events are sent, and what became of them.", KEEPING)
_command(webhooks.add, of=webhook)
_command(webhooks.list_, name="list", of=webhook)
_command(webhooks.show_, name="show", of=webhook)
_command(webhooks.remove, of=webhook)
_command(webhooks.on, of=webhook)
_command(webhooks.off, of=webhook)
_command(webhooks.try_, name="test", of=webhook)
_command(webhooks.deliveries, of=webhook)
_command(webhooks.redeliver, of=webhook)

db = _subject("db", "Make, upgrade and describe a database.", KEEPING)
_command(databases.upgrade, of=db)
_command(databases.info, of=db)
