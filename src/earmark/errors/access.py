"""Who gets in: accounts, passwords, tokens, and where a request comes from."""

from __future__ import annotations

from earmark.errors import InvalidRequest, NotFound, Refused, Unusable


class SignInFailed(Refused):
    """User name and password do not belong together, or the account is not active."""

    sentence = "User name or password is wrong, or the account is not active."


class TooManyAttempts(Refused):
    """Somebody tried to sign in too often; nothing is looked at before the time is over."""

    sentence = "Too many attempts to sign in. Try again in {seconds} seconds."


class ProviderRefused(Refused):
    """The identity provider does not vouch for whoever signs in, or gives him no role here."""

    sentence = "You could not be signed in by the identity provider: {why}."


class ProviderUnusable(Unusable):
    """The identity provider can not be reached, or does not answer as it should."""

    sentence = "The identity provider {issuer} can not be used: {why}."


class ListensHereOnly(Refused):
    """The server would be reached from elsewhere while nobody need sign in."""

    sentence = "The server listens on this machine only, not on {host}: {why}"


class AccountExists(InvalidRequest):
    """An account with this user name exists; case makes no difference."""

    sentence = "There is an account {user_name} already."


class AccountUnknown(NotFound):
    """No such account."""

    sentence = "There is no account {user_name}."


class UserNameInvalid(InvalidRequest):
    """A user name that could not be typed everywhere, or is too long."""

    sentence = "{user_name} can not be a user name: {why}."


class PasswordUnfit(InvalidRequest):
    """A password that would be guessed soon."""

    sentence = "This password can not be used: {why}."


class AdministratorNeeded(Refused):
    """The last active administrator is deactivated or given another role."""

    sentence = "{user_name} is the only administrator; make somebody else one first."


class AdministratorFirst(Refused):
    """The first account is to be one that could let nobody else in."""

    sentence = "There is no account yet; the first, {user_name}, must be an administrator."


class ScopeExceedsRole(Refused):
    """A token would be allowed more than whoever it acts for."""

    sentence = "A token can not be allowed {scopes}: the role {role} is not."


class WebhookUnknown(NotFound):
    """No such webhook."""

    sentence = "There is no webhook {webhook_id}."


class TokenUnknown(NotFound):
    """No such API token, or it is somebody else's."""

    sentence = "There is no token {token_id}."


class CrossSite(Refused):
    """A page of another site sent a request that would change something."""

    sentence = "This came from another site ({origin}); only Earmark's own pages may send it."


class PageStale(Refused):
    """A changing request carries no token of a page of ours, or that of an earlier session."""

    sentence = "This page is older than your session. Reload it, and try again."


class HostUnknown(Refused):
    """The server is addressed by a name under which it does not answer."""

    sentence = "This server does not answer to the name {host}."
