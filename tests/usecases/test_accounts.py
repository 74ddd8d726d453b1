"""Accounts and tokens: who is let in, and what he is allowed."""

import threading
from datetime import timedelta

import pytest

import earmark
from earmark.core.accounts import (
    Account,
    AddAccount,
    ChangeAccount,
    MakeToken,
    RevokeToken,
    SetPassword,
    check_password,
    check_user_name,
)
from earmark.core.roles import Operation, Role, allowed_to
from earmark.errors import EarmarkError, ValueInvalid
from earmark.errors.access import (
    AccountExists,
    AccountUnknown,
    AdministratorFirst,
    AdministratorNeeded,
    PasswordUnfit,
    ScopeExceedsRole,
    TokenUnknown,
    UserNameInvalid,
)
from earmark.usecases import accounts, signing_in
from tests.office import NOW, PASSWORD, READ, SALT, Clock, add, change, sign_in, token

# -- Accounts ----------------------------------------------------------------------------------


def test_an_account_is_told_by_its_name_without_regard_to_case(office: earmark.Database) -> None:
    assert sign_in(office, " bEN ").user_name == "Ben"
    with pytest.raises(AccountExists):
        add(office, "BEN", Role.VIEWER)


def test_whatever_is_done_to_accounts_is_in_the_history_and_no_secret_is(
    office: earmark.Database,
) -> None:
    change(office, "Ben", role=Role.PLANNER, reason="Promoted")
    token_id = token(office, "the-secret-of-a-token")
    done = [(row.verb, row.reference, row.reason) for row in earmark.history(office)]
    assert done[:2] == [("make token", token_id, ""), ("change account", "Ben", "Promoted")]
    with office.engine.connect() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM command").fetchall())
        kept += str(connection.exec_driver_sql("SELECT * FROM api_token").fetchall())
        kept += str(connection.exec_driver_sql("SELECT * FROM account").fetchall())
    assert PASSWORD not in kept
    assert "the-secret-of-a-token" not in kept


@pytest.mark.parametrize("demoted", [{"role": Role.VIEWER}, {"is_active": False}])
def test_the_last_active_administrator_stays_one(
    office: earmark.Database, demoted: dict[str, object]
) -> None:
    with pytest.raises(AdministratorNeeded):
        change(office, "Ada", **demoted)
    change(office, "Ben", role=Role.ADMINISTRATOR)
    change(office, "Ada", **demoted)
    with pytest.raises(AdministratorNeeded):
        change(office, "Ben", **demoted)
    assert accounts.is_there_an_administrator(office)


def test_two_administrators_who_deactivate_each_other_at_once_do_not_both_succeed(
    office: earmark.Database,
) -> None:
    change(office, "Ben", role=Role.ADMINISTRATOR)
    refused: list[EarmarkError] = []

    def deactivate(user_name: str) -> None:
        try:
            change(office, user_name, is_active=False)
        except EarmarkError as refusal:
            refused.append(refusal)

    threads = [threading.Thread(target=deactivate, args=(name,)) for name in ("Ada", "Ben")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [refusal.code for refusal in refused] == ["administrator-needed"]


def test_an_account_that_is_not_there_is_said_to_be_so(office: earmark.Database) -> None:
    with pytest.raises(AccountUnknown):
        change(office, "Cleo", role=Role.VIEWER)
    reset = SetPassword(user_name="Cleo")
    with pytest.raises(AccountUnknown):
        accounts.set_password(office, reset, password=PASSWORD, salt=SALT)


def test_the_same_request_twice_changes_accounts_once(office: earmark.Database) -> None:
    add_cleo = AddAccount(user_name="Cleo", request_id="R1")
    once = accounts.add_account(office, add_cleo, password=PASSWORD, salt=SALT)
    assert not once.is_repeated
    assert accounts.add_account(office, add_cleo, password=PASSWORD, salt=SALT).is_repeated
    demote = ChangeAccount(user_name="Cleo", role=Role.PLANNER, request_id="R2")
    assert not accounts.change_account(office, demote).is_repeated
    assert accounts.change_account(office, demote).is_repeated
    reset = SetPassword(user_name="Cleo", request_id="R3")
    accounts.set_password(office, reset, password=PASSWORD, salt=SALT)
    assert accounts.set_password(office, reset, password=PASSWORD, salt=SALT).is_repeated
    made = MakeToken(user_name="Cleo", name="Shop", scopes=READ, request_id="R4")
    token_id = accounts.make_token(office, made, secret="t").reference
    assert accounts.make_token(office, made, secret="t").is_repeated
    revoke = RevokeToken(token_id=token_id, request_id="R5")
    accounts.revoke_token(office, revoke)
    assert accounts.revoke_token(office, revoke).is_repeated


def test_there_are_no_accounts_before_the_first(database: earmark.Database) -> None:
    assert not accounts.are_there_accounts(database)
    assert not accounts.is_there_an_administrator(database)
    with pytest.raises(AdministratorFirst):
        add(database, "Ben", Role.VIEWER)
    add(database, "Ada", Role.ADMINISTRATOR)
    assert accounts.are_there_accounts(database)
    assert accounts.is_there_an_administrator(database)


@pytest.mark.parametrize("user_name", ["", "a b", "-x", "x" * 65, "Zoë", "a/b"])
def test_a_user_name_can_be_typed_everywhere(user_name: str) -> None:
    with pytest.raises(UserNameInvalid):
        check_user_name(user_name)


@pytest.mark.parametrize(
    "password",
    [
        "eleven char",
        "x" * 257,
        "aaaaaaaaaaaabbb",
        "ben.mueller1",
        "BenMueller-2026",
        "earmark-ben!",
    ],
)
def test_a_password_that_is_guessed_soon_is_refused(password: str) -> None:
    with pytest.raises(PasswordUnfit):
        check_password(password, Account(user_name="ben.mueller", name="Ben Müller"))


@pytest.mark.parametrize("password", [PASSWORD, "twelve chars", "ünïcödé-Wörter"])
def test_a_password_needs_no_particular_characters(password: str) -> None:
    check_password(password, Account(user_name="ben.mueller", name="Ben Müller"))


# -- Tokens ------------------------------------------------------------------------------------


def test_a_token_acts_for_its_owner_within_its_scopes(office: earmark.Database) -> None:
    token_id = token(office, scopes=READ | {Operation.RESERVE})
    found = signing_in.bearer(office, "t1")
    assert found is not None
    assert found[0].user_name == "Ben"
    assert found[1].scopes == {Operation.READ, Operation.RESERVE}
    assert [made.token_id for made in accounts.tokens(office)] == [token_id]
    assert accounts.tokens(office, "Ada") == []


def test_a_token_is_never_allowed_more_than_its_owner(office: earmark.Database) -> None:
    with pytest.raises(ScopeExceedsRole, match="administer, post"):
        token(office, scopes=READ | {Operation.POST, Operation.ADMINISTER})
    with pytest.raises(ValueInvalid):
        token(office, scopes=frozenset())


def test_a_token_ends_by_itself_and_when_it_is_revoked(
    office: earmark.Database, clock: Clock
) -> None:
    token(office, "t1", ends=NOW + timedelta(days=1))
    second = token(office, "t2")
    with pytest.raises(ValueInvalid):
        token(office, "t3", ends=NOW)
    with pytest.raises(TokenUnknown):
        accounts.revoke_token(office, RevokeToken(token_id=second, user_name="Ada"))
    accounts.revoke_token(office, RevokeToken(token_id=second, user_name="BEN"))
    assert signing_in.bearer(office, "t2") is None
    with pytest.raises(TokenUnknown):
        accounts.revoke_token(office, RevokeToken(token_id=second))
    clock.now += timedelta(hours=23)
    assert signing_in.bearer(office, "t1") is not None
    clock.now += timedelta(hours=1)
    assert signing_in.bearer(office, "t1") is None
    assert signing_in.bearer(office, "t9") is None


def test_when_a_token_was_last_used_is_known(office: earmark.Database, clock: Clock) -> None:
    token(office)
    assert accounts.tokens(office)[0].seen is None
    signing_in.bearer(office, "t1")
    clock.now += timedelta(minutes=1)
    signing_in.bearer(office, "t1")
    assert accounts.tokens(office)[0].seen == NOW
    clock.now += timedelta(minutes=10)
    signing_in.bearer(office, "t1")
    assert accounts.tokens(office)[0].seen == clock.now


def test_every_role_may_read_and_one_may_everything() -> None:
    assert all(Operation.READ in allowed_to(role) for role in Role)
    assert allowed_to(Role.ADMINISTRATOR) == frozenset(Operation)


def test_who_has_a_password_here_is_known(office: earmark.Database) -> None:
    assert accounts.signs_in_by_password(office, "ben")
    assert not accounts.signs_in_by_password(office, "nobody")
