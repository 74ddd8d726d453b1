"""`earmark user` and `earmark token`: who may sign in to a server, and which programs may ask it.

The command line itself asks nobody who he is: whoever can open the database owns it.
"""

import secrets
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated

from cyclopts import Parameter

from earmark.cli.invocation import CHANGING, READING, Changing, Reading, opened, show
from earmark.cli.options import Time, word_of
from earmark.cli.page import Column, Note, Page, Pen, Table, Title, columns
from earmark.core.accounts import (
    TOKEN_PREFIX,
    Account,
    AddAccount,
    ChangeAccount,
    MakeToken,
    RevokeToken,
    SetPassword,
    TokenView,
)
from earmark.core.outcome import Outcome
from earmark.core.roles import Operation, Role
from earmark.errors.access import PasswordUnfit

UserName = Annotated[str, Parameter(help="User name; upper and lower case are the same.")]
PasswordStdin = Annotated[
    bool, Parameter(help="Read the password from standard input instead of asking for it.")
]
ROLES = "|".join(Role)


# -- Users -------------------------------------------------------------------------------------


def user_add(
    user_name: UserName,
    /,
    *,
    role: Annotated[str, Parameter(metavar=ROLES)] = Role.VIEWER.value,
    name: str = "",
    password_stdin: PasswordStdin = False,
    changing: Changing = CHANGING,
) -> None:
    """Let somebody sign in; the password is asked for.

        earmark user add ana --role administrator
        earmark user add ben --role order-processor --name "Ben Gray"

    Args:
        role: What his work is, and so what he may do.
        name: His full name.
    """
    from earmark.usecases.accounts import add_account

    chosen = word_of(Role, "--role", role)
    command = AddAccount(user_name=user_name, name=name, role=chosen)
    _with_password(changing, add_account, command, from_stdin=password_stdin)


def user_list(*, reading: Reading = READING) -> None:
    """List who may sign in.

    earmark user list
    """
    from earmark.usecases.accounts import all_accounts

    with reading.opened() as database:
        found = [_shown(account) for account in all_accounts(database)]
    reading.answer(found, _users_page)


def user_role(
    user_name: UserName,
    role: Annotated[str, Parameter(metavar=ROLES, help="What his work is from now on.")],
    /,
    *,
    changing: Changing = CHANGING,
) -> None:
    """Give somebody another role; it holds at once.

    earmark user role ben planner
    """
    chosen = word_of(Role, "Role", role)
    _change(changing, ChangeAccount(user_name=user_name, role=chosen))


def user_password(
    user_name: UserName,
    /,
    *,
    password_stdin: PasswordStdin = False,
    changing: Changing = CHANGING,
) -> None:
    """Set another password, which is asked for; sessions end.

    earmark user password ben
    """
    from earmark.usecases.accounts import set_password

    command = SetPassword(user_name=user_name)
    _with_password(changing, set_password, command, from_stdin=password_stdin)


def user_deactivate(user_name: UserName, /, *, changing: Changing = CHANGING) -> None:
    """Let somebody in no more: sessions end, tokens do nothing.

    earmark user deactivate ben
    """
    _change(changing, ChangeAccount(user_name=user_name, is_active=False))


def user_activate(user_name: UserName, /, *, changing: Changing = CHANGING) -> None:
    """Let somebody in again.

    earmark user activate ben
    """
    _change(changing, ChangeAccount(user_name=user_name, is_active=True))


def _change(changing: Changing, command: ChangeAccount) -> None:
    from earmark.usecases.accounts import change_account

    changing.carry_out(change_account, command)


def _with_password(
    changing: Changing,
    use_case: Callable[..., Outcome],
    command: AddAccount | SetPassword,
    *,
    from_stdin: bool,
) -> None:
    from earmark.usecases.passwords import SALT_LENGTH

    password = sys.stdin.readline().rstrip("\r\n") if from_stdin else _typed(command.user_name)
    salted = partial(use_case, password=password, salt=secrets.token_bytes(SALT_LENGTH))
    changing.carry_out(salted, command)


def _typed(user_name: str) -> str:
    """A password typed twice, unseen."""
    import getpass

    if not sys.stdin.isatty():
        raise PasswordUnfit(why="nobody is there to type it; --password-stdin reads it from a pipe")
    typed = getpass.getpass(f"Password of {user_name}: ")
    if getpass.getpass("The same again: ") != typed:
        raise PasswordUnfit(why="it was typed differently the second time")
    return typed


def _shown(account: Account) -> dict[str, object]:
    return {
        "user_name": account.user_name,
        "name": account.name,
        "role": account.role.value,
        "is_active": account.is_active,
        "issuer": account.issuer,
    }


def _users_page(found: Sequence[dict[str, object]]) -> Page:
    if not found:
        return [Note("There are no accounts: whoever reaches the server on this machine may all.")]
    heads = columns(Column("User", Pen.NAME), "Name", "Role", "State", "Signs in by")
    rows = [
        (
            str(one["user_name"]),
            str(one["name"]),
            str(one["role"]),
            "" if one["is_active"] else "deactivated",
            str(one["issuer"] or "password"),
        )
        for one in found
    ]
    return [Table(heads, rows, quiet=frozenset(n for n, row in enumerate(rows) if row[3]))]


# -- Tokens ------------------------------------------------------------------------------------


def token_new(
    name: Annotated[str, Parameter(help="What it is for.")],
    /,
    *,
    user: Annotated[str, Parameter(metavar="NAME", help="For whom it acts.")],
    scope: Annotated[
        list[str], Parameter(metavar="OPERATION", help="What it may do; repeat it for more.")
    ],
    ends: Time | None = None,
    changing: Changing = CHANGING,
) -> None:
    """Make a token for a program; it is shown once, and only now.

        earmark token new shop --user ben --scope read --scope reserve
        earmark token new trial --user ben --scope read --ends 2026-12-31

    Args:
        ends: When it ends (UTC). Default: when it is revoked.
    """
    from earmark.usecases.accounts import make_token

    scopes = frozenset(word_of(Operation, "--scope", one) for one in scope)
    command = MakeToken(user_name=user, name=name, scopes=scopes, ends=ends)
    token = f"{TOKEN_PREFIX}{secrets.token_urlsafe(32)}"
    with opened(changing.database) as database:
        outcome = make_token(database, changing.signed(command), secret=token)
    made = {"token_id": outcome.reference, "token": "" if outcome.is_repeated else token}
    show(made, lambda told: _token_page(command, told), is_json=changing.json)


def token_list(
    *,
    user: Annotated[str, Parameter(metavar="NAME", help="Only those that act for him.")] = "",
    reading: Reading = READING,
) -> None:
    """List the tokens of programs: for whom, what they may do, when they were last used.

    earmark token list
    """
    from earmark.usecases.accounts import tokens

    with reading.opened() as database:
        found, now = tokens(database, user), database.clock()
    reading.answer(found, lambda listed: _tokens_page(listed, [t.is_over(now) for t in listed]))


def token_revoke(
    token_id: Annotated[str, Parameter(help="Its id, as `earmark token list` shows it.")],
    /,
    *,
    changing: Changing = CHANGING,
) -> None:
    """End a token, at once and for good.

    earmark token revoke 0f8b1c2d3e4f5a6b
    """
    from earmark.usecases.accounts import revoke_token

    changing.carry_out(revoke_token, RevokeToken(token_id=token_id))


def _token_page(command: MakeToken, made: dict[str, str]) -> Page:
    title = Title(f"Token {made['token_id']} for {command.user_name}", command.name)
    if not made["token"]:
        return [title, Note("It was made before, and is shown only once.")]
    said = "Keep it safe: it is shown only now. A program sends it as Authorization: Bearer TOKEN."
    return [title, Note(made["token"], Pen.YOURS), Note(said)]


def _tokens_page(found: Sequence[TokenView], over: Sequence[bool]) -> Page:
    if not found:
        return [Note("There are no tokens.")]
    heads = columns(
        Column("Token", Pen.NAME),
        "Acts for",
        "Name",
        Column("May", wraps=True),
        Column("Last used", yields=1),
        "Ends",
        "State",
    )
    rows = [
        (
            one.token_id,
            one.user_name,
            one.name,
            ", ".join(sorted(one.scopes)),
            one.seen,
            one.ends,
            "revoked" if one.revoked else "ended" if is_over else "",
        )
        for one, is_over in zip(found, over, strict=True)
    ]
    return [Table(heads, rows, quiet=frozenset(n for n, is_over in enumerate(over) if is_over))]
