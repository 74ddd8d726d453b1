"""From where a server is reached, and who may then ask it: the options, and the rule of the start.

Nobody needs to sign in where only the owner of the machine can reach the server and there is no
account yet, and in the demonstration. Both end at the machine's own address: whoever listens on
another one has an administrator first (ADR 0012).
"""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from cyclopts import Group, Parameter

from earmark.cli.invocation import login_name
from earmark.cli.options import word_of
from earmark.core.roles import Role
from earmark.errors import ValueInvalid
from earmark.errors.access import ListensHereOnly

if TYPE_CHECKING:
    from earmark.database.engine import Database
    from earmark.http.openid import OpenId
    from earmark.http.serving import Serving

DEMO_USER = "Ana"
ADD_ADMINISTRATOR = "earmark user add NAME --role administrator"
SECRET = "EARMARK_OIDC_CLIENT_SECRET"  # noqa: S105 - the name of the variable that holds it
WHO = Group("Who may ask", sort_key=75)


@Parameter(name="*", group=WHO)
@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The options of `earmark serve` about who reaches it and who may sign in."""

    open_to_all: Annotated[
        bool, Parameter(help="With --demo: serve it to whoever reaches the address.")
    ] = False
    public_url: Annotated[
        str,
        Parameter(
            env_var="EARMARK_PUBLIC_URL",
            metavar="URL",
            help="Its address as browsers see it, where another server stands before it.",
        ),
    ] = ""
    allowed_host: Annotated[
        list[str] | None,
        Parameter(
            env_var="EARMARK_ALLOWED_HOSTS",
            metavar="NAME",
            help="A further name under which it answers; repeat it for more.",
        ),
    ] = None
    oidc_issuer: Annotated[
        str,
        Parameter(
            env_var="EARMARK_OIDC_ISSUER",
            metavar="URL",
            help="The address of an identity provider (OpenID Connect).",
        ),
    ] = ""
    oidc_client_id: Annotated[
        str,
        Parameter(
            env_var="EARMARK_OIDC_CLIENT_ID",
            metavar="ID",
            help=f"What Earmark is called there; the secret is in {SECRET}.",
        ),
    ] = ""
    oidc_name: Annotated[
        str,
        Parameter(
            env_var="EARMARK_OIDC_NAME",
            metavar="NAME",
            help="What the provider is called on the page to sign in on.",
        ),
    ] = "single sign-on"
    oidc_role_claim: Annotated[
        str,
        Parameter(
            env_var="EARMARK_OIDC_ROLE_CLAIM",
            metavar="CLAIM",
            help="The claim that holds somebody's groups or roles, such as groups.",
        ),
    ] = ""
    oidc_roles: Annotated[
        str,
        Parameter(
            env_var="EARMARK_OIDC_ROLES",
            metavar="GROUP=ROLE,...",
            help="Which of them give which role; the first that fits counts.",
        ),
    ] = ""
    oidc_default_role: Annotated[
        str,
        Parameter(
            env_var="EARMARK_OIDC_DEFAULT_ROLE",
            metavar="ROLE",
            help="The role of whoever has none of them; none does not let him in.",
        ),
    ] = Role.VIEWER.value

    def demonstration(self, served: "Database", host: str) -> "Serving":
        """The demonstration served: nobody signs in, so that others reach it only if asked for."""
        from earmark.http.serving import Serving

        if not self.is_here(host) and not self.open_to_all:
            why = "the demonstration asks nobody to sign in. --open-to-all serves it all the same."
            raise ListensHereOnly(host=host, why=why)
        hosts = (*self.hosts, *(() if self.is_here(host) else ("*",)))
        return Serving(database=served, open_to=DEMO_USER, hosts=hosts, public_url=self.public_url)

    def serving(self, served: "Database", host: str) -> "Serving":
        """A database served to who signs in; on this machine to its owner, until there is one."""
        from earmark.http.serving import Serving
        from earmark.usecases.accounts import is_there_an_administrator

        if self.open_to_all:
            raise ValueInvalid(field="--open-to-all", value="", why="it is for --demo alone")
        openid = self.openid()
        comes = openid is not None and openid.provider.makes_administrators
        if not (self.is_here(host) or comes or is_there_an_administrator(served)):
            why = f"nobody could sign in. Make an administrator first: {ADD_ADMINISTRATOR}"
            raise ListensHereOnly(host=self.public_url or host, why=why)
        return Serving(
            database=served,
            owner=(login_name() or "owner") if self.is_here(host) else "",
            hosts=self.hosts,
            public_url=self.public_url,
            openid=openid,
        )

    @property
    def hosts(self) -> tuple[str, ...]:
        """Further names under which the server answers."""
        return tuple(name.lower() for name in self.allowed_host or ())

    def is_here(self, host: str) -> bool:
        """Whether only this machine reaches an address."""
        from earmark.http.hosts import is_loopback

        public = urlsplit(self.public_url).hostname
        return is_loopback(host) and (public is None or is_loopback(public))

    def openid(self) -> "OpenId | None":
        """The identity provider, where one is named."""
        if not self.oidc_issuer:
            return None
        from earmark.http.hosts import is_loopback
        from earmark.http.openid import OpenId, Provider

        issuer = urlsplit(self.oidc_issuer)
        if issuer.scheme != "https" and not is_loopback(issuer.hostname or ""):
            why = "an identity provider is asked over https"
            raise ValueInvalid(field="--oidc-issuer", value=self.oidc_issuer, why=why)
        if not self.oidc_client_id:
            raise ValueInvalid(field="--oidc-client-id", value="", why="the provider gives you one")
        default = self.oidc_default_role
        return OpenId(
            Provider(
                issuer=self.oidc_issuer,
                client_id=self.oidc_client_id,
                client_secret=os.environ.get(SECRET, ""),
                name=self.oidc_name,
                role_claim=self.oidc_role_claim,
                roles=self._roles(),
                default_role=None
                if default == "none"
                else word_of(Role, "--oidc-default-role", default),
            )
        )

    def _roles(self) -> dict[str, Role]:
        pairs = (pair.rpartition("=") for pair in self.oidc_roles.split(",") if pair.strip())
        return {
            group.strip(): word_of(Role, "--oidc-roles", role.strip()) for group, _, role in pairs
        }


HERE_ONLY = Reach()


def who_may(serving: "Serving") -> str:
    """Who may ask a server, in a sentence for whoever starts it."""
    from earmark.usecases.accounts import are_there_accounts

    if serving.open_to:
        return f"Nobody needs to sign in: everybody is {serving.open_to}."
    if serving.owner and not are_there_accounts(serving.database):
        return (
            "Nobody needs to sign in, since only this machine reaches it. "
            f"To let others in: {ADD_ADMINISTRATOR}"
        )
    return "Whoever asks signs in, or sends a token."
