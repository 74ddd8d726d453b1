"""Sessions, and identity providers: what lets somebody in, and what ends that."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher

import earmark
from earmark.core.accounts import (
    SESSION_LASTS,
    SESSION_RESTS,
    Account,
    Identity,
    NewSession,
    SetPassword,
)
from earmark.core.roles import Role
from earmark.database import accounts as rows
from earmark.database.unit_of_work import reading
from earmark.errors.access import SignInFailed
from earmark.usecases import accounts, passwords, signing_in
from tests.office import NOW, PASSWORD, SALT, Clock, change, is_signed_in, sign_in, token

# -- Sessions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user_name", "password"), [("Ben", "wrong"), ("Nobody", PASSWORD), ("", "")]
)
def test_a_wrong_password_and_an_unknown_user_are_answered_alike(
    office: earmark.Database, user_name: str, password: str
) -> None:
    new = NewSession(secret="s1")
    with pytest.raises(SignInFailed) as refused:
        signing_in.sign_in(office, user_name, password, new=new, salt=SALT)
    assert refused.value.message == SignInFailed().message


def test_a_session_is_known_by_its_secret_alone(office: earmark.Database) -> None:
    sign_in(office, "Ben")
    found = signing_in.signed_in(office, "s1")
    assert found is not None
    assert found[0].role is Role.ORDER_PROCESSOR
    assert not is_signed_in(office, "")
    assert not is_signed_in(office, rows.id_of("s1"))


def test_a_session_ends_when_it_is_not_used(office: earmark.Database, clock: Clock) -> None:
    sign_in(office, "Ben")
    clock.now += SESSION_RESTS - timedelta(minutes=1)
    assert is_signed_in(office)
    clock.now += SESSION_RESTS - timedelta(minutes=1)
    assert is_signed_in(office)
    clock.now += SESSION_RESTS
    assert not is_signed_in(office)


def test_a_session_ends_however_much_it_is_used(office: earmark.Database, clock: Clock) -> None:
    sign_in(office, "Ben")
    while clock.now < NOW + SESSION_LASTS:
        assert is_signed_in(office)
        clock.now += SESSION_RESTS / 2
    assert not is_signed_in(office)
    assert signing_in.sessions(office, "Ben") == []


def test_signing_out_ends_one_session_and_nobody_elses(office: earmark.Database) -> None:
    sign_in(office, "Ben", "s1")
    sign_in(office, "Ben", "s2")
    assert [one.device for one in signing_in.sessions(office, "ben")] == ["Firefox", "Firefox"]
    signing_in.sign_out(office, "Ada", rows.id_of("s1"))
    assert is_signed_in(office, "s1")
    signing_in.sign_out(office, "Ben", rows.id_of("s1"))
    assert not is_signed_in(office, "s1")
    assert is_signed_in(office, "s2")


def test_another_password_ends_the_other_sessions(office: earmark.Database) -> None:
    sign_in(office, "Ben", "s1")
    sign_in(office, "Ben", "s2")
    accounts.set_password(
        office,
        SetPassword(user_name="Ben"),
        password="another good one",
        salt=SALT,
        session_id=rows.id_of("s2"),
    )
    assert not is_signed_in(office, "s1")
    assert is_signed_in(office, "s2")
    assert accounts.has_password(office, "Ben", "another good one")
    assert not accounts.has_password(office, "Ben", PASSWORD)
    assert not accounts.has_password(office, "Nobody", PASSWORD)


def test_who_is_deactivated_is_out_at_once_and_back_when_activated(
    office: earmark.Database,
) -> None:
    sign_in(office, "Ben")
    token(office)
    change(office, "Ben", is_active=False)
    assert not is_signed_in(office)
    assert signing_in.bearer(office, "t1") is None
    with pytest.raises(SignInFailed):
        sign_in(office, "Ben")
    change(office, "Ben", is_active=True)
    assert sign_in(office, "Ben", "s2").is_active
    assert signing_in.bearer(office, "t1") is not None


def test_a_role_that_changes_holds_in_sessions_that_are_open(office: earmark.Database) -> None:
    sign_in(office, "Ben")
    change(office, "Ben", role=Role.QUALITY, name="Ben Gray")
    found = signing_in.signed_in(office, "s1")
    assert found is not None
    assert (found[0].role, found[0].name) == (Role.QUALITY, "Ben Gray")


def test_a_password_hashed_with_old_figures_is_hashed_anew(office: earmark.Database) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with office.transaction(writes=True) as session:
        known = rows.by_name(session, "Ben")
        assert known is not None
        rows.rehash(session, known, old)
    sign_in(office, "Ben")
    with reading(office) as session:
        known = rows.by_name(session, "Ben")
    assert known is not None
    assert known.password_hash != old
    assert not passwords.is_outdated(known.password_hash)
    assert sign_in(office, "Ben", "s2").user_name == "Ben"


# -- Identity providers ------------------------------------------------------------------------


def vouched(database: earmark.Database, subject: str, **fields: object) -> Account:
    given = {"issuer": "https://id.example", "user_name": "cleo", **fields}
    identity = Identity(subject=subject, **given)  # type: ignore[arg-type]
    new = NewSession(secret=f"of {subject} {fields}")
    return signing_in.sign_in_as(database, identity, default=Role.VIEWER, new=new)


def test_who_comes_from_a_provider_gets_an_account_once(office: earmark.Database) -> None:
    assert vouched(office, "1").user_name == "cleo"
    assert vouched(office, "1", user_name="renamed").user_name == "cleo"
    assert [a.user_name for a in accounts.all_accounts(office)] == ["Ada", "Ben", "cleo"]
    assert is_signed_in(office, "of 1 {}")


def test_a_provider_never_lets_anybody_into_an_account_that_is_there(
    office: earmark.Database,
) -> None:
    assert vouched(office, "1", user_name="Ada").user_name == "Ada-2"
    assert vouched(office, "2", user_name="Ada").user_name == "Ada-3"
    assert vouched(office, "2", issuer="https://other.example").user_name == "cleo"
    new = NewSession(secret="x")
    with pytest.raises(SignInFailed):
        signing_in.sign_in(office, "Ada-2", "", new=new, salt=SALT)


@pytest.mark.parametrize(
    ("wanted", "given"), [("Zoë Li", "Zo-Li"), ("", "user"), ("@@", "user"), ("a" * 99, "a" * 60)]
)
def test_who_comes_from_a_provider_gets_a_name_that_can_be_typed(
    office: earmark.Database, wanted: str, given: str
) -> None:
    assert vouched(office, "1", user_name=wanted).user_name.replace("--", "-") == given


def test_the_role_that_the_provider_gives_holds_from_then_on(office: earmark.Database) -> None:
    assert vouched(office, "1").role is Role.VIEWER
    assert vouched(office, "1", role=Role.PLANNER).role is Role.PLANNER
    assert vouched(office, "1", user_name="x").role is Role.PLANNER
    assert earmark.history(office)[0].reason == "https://id.example"


def test_a_provider_can_not_take_the_last_administrator(database: earmark.Database) -> None:
    assert vouched(database, "1", role=Role.ADMINISTRATOR).is_administrator
    assert vouched(database, "1", role=Role.VIEWER).is_administrator


def test_who_was_deactivated_here_does_not_come_in_by_a_provider(office: earmark.Database) -> None:
    vouched(office, "1")
    change(office, "cleo", is_active=False)
    with pytest.raises(SignInFailed):
        vouched(office, "1", user_name="again")
