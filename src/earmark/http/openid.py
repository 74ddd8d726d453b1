"""OpenID Connect: somebody else's server says who it is that signs in.

The authorisation code flow with PKCE, state and nonce. All three are derived from the secret of
the browser's visit, so that the answer of the provider counts in the browser that asked and in no
other, and nothing has to be kept meanwhile. What the provider says in the end is signed by it, and
checked here: by whom it was issued, for whom, when, and for which question.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from authlib.common.urls import add_params_to_uri  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from authlib.oidc.discovery import get_well_known_url  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from earmark.core.accounts import Identity
from earmark.core.roles import Role
from earmark.errors.access import ProviderRefused, ProviderUnusable

SIGNED_BY = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
]
"""Signatures that only the provider can make; none that a shared secret would do for."""
LEEWAY = 60
"""Seconds by which its clock may differ from ours."""
TIMEOUT = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An identity provider, and which of what it says decides about roles.

    ``role_claim`` names the claim that holds groups or roles (``realm_access.roles`` is a claim in
    a claim); ``roles`` says which of its values give which role here, the first that fits. Who has
    none of them gets ``default_role``, or is not let in where that is ``None``.
    """

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    name: str = "single sign-on"
    role_claim: str = ""
    roles: Mapping[str, Role] = field(default_factory=dict)
    default_role: Role | None = Role.VIEWER

    @property
    def makes_administrators(self) -> bool:
        """Whether somebody may come in by it who can let others in."""
        return Role.ADMINISTRATOR in (*self.roles.values(), self.default_role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One way to the provider and back: what it is asked with, and where it ends."""

    state: str
    nonce: str
    verifier: str
    then: str


def journey(visit: str, then: str) -> Journey:
    """A new way to the provider, from this browser, to this page."""
    where = base64.urlsafe_b64encode(then.encode()).decode().rstrip("=")
    return _journey(visit, f"{secrets.token_urlsafe(12)}.{where}", then)


def journey_back(visit: str, state: str) -> Journey:
    """The way that this browser went; refused where it is another's, or nobody's."""
    body = state.rpartition(".")[0]
    where = body.rpartition(".")[2]
    try:
        then = base64.urlsafe_b64decode(where + "=" * (-len(where) % 4)).decode()
    except ValueError:
        then = ""
    known = _journey(visit, body, then)
    if not visit or not hmac.compare_digest(known.state.encode(), state.encode()):
        raise ProviderRefused(why="this browser did not ask, or asked too long ago")
    return known


def _journey(visit: str, body: str, then: str) -> Journey:
    def derived(what: str) -> str:
        proof = hmac.digest(visit.encode(), f"{what} {body}".encode(), "sha256")
        return base64.urlsafe_b64encode(proof).decode().rstrip("=")

    return Journey(
        state=f"{body}.{derived('state')}",
        nonce=derived("nonce"),
        verifier=derived("verifier"),
        then=then,
    )


class OpenId:
    """A provider in use: what it says of itself is asked for once, its keys when they are new."""

    def __init__(self, provider: Provider) -> None:
        """Nothing has been asked yet."""
        self.provider = provider
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None

    def address(self, going: Journey, return_to: str) -> str:
        """Where the browser is sent to sign in."""
        asked = [
            ("response_type", "code"),
            ("client_id", self.provider.client_id),
            ("redirect_uri", return_to),
            ("scope", "openid profile email"),
            ("state", going.state),
            ("nonce", going.nonce),
            ("code_challenge", create_s256_code_challenge(going.verifier)),
            ("code_challenge_method", "S256"),
        ]
        return str(add_params_to_uri(self._says("authorization_endpoint"), asked))

    def identity(self, coming: Journey, code: str, return_to: str, now: datetime) -> Identity:
        """Who came back with this code."""
        given = self._exchange(code, coming.verifier, return_to)
        claims = self._claims(str(given.get("id_token", "")), coming.nonce, now)
        said = {**self._more(str(given.get("access_token", "")), claims), **claims}
        return Identity(
            issuer=self.provider.issuer,
            subject=str(claims["sub"]),
            user_name=_user_name(said),
            name=str(said.get("name", "")),
            role=self._role(said),
        )

    # -- Asking the provider ------------------------------------------------------------------

    def _says(self, what: str) -> str:
        """What the provider says of itself."""
        if not self._metadata:
            told = self._ask("GET", get_well_known_url(self.provider.issuer, external=True))
            if str(told.get("issuer", "")).rstrip("/") != self.provider.issuer.rstrip("/"):
                raise self._unusable(f"it says it is {told.get('issuer')}")
            self._metadata = told
        if what not in self._metadata:
            raise self._unusable(f"it does not say its {what}")
        return str(self._metadata[what])

    def _exchange(self, code: str, verifier: str, return_to: str) -> dict[str, Any]:
        """The tokens that a code stands for."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": return_to,
            "code_verifier": verifier,
        }
        methods = self._metadata.get("token_endpoint_auth_methods_supported", ())
        known = (self.provider.client_id, self.provider.client_secret)
        if self.provider.client_secret and ("client_secret_basic" in methods or not methods):
            return self._ask("POST", self._says("token_endpoint"), data=form, auth=known)
        named = {"client_id": known[0], **({"client_secret": known[1]} if known[1] else {})}
        return self._ask("POST", self._says("token_endpoint"), data={**form, **named})

    def _more(self, access_token: str, claims: Mapping[str, Any]) -> dict[str, Any]:
        """What the provider tells only who asks: the name and the groups, with some."""
        wanted = ("preferred_username", *filter(None, [self.provider.role_claim.partition(".")[0]]))
        if "userinfo_endpoint" not in self._metadata or all(name in claims for name in wanted):
            return {}
        shown = {"Authorization": f"Bearer {access_token}"}
        told = self._ask("GET", self._says("userinfo_endpoint"), headers=shown)
        if told.get("sub") != claims["sub"]:
            raise ProviderRefused(why="what it tells of you is about somebody else")
        return told

    def _ask(self, method: str, address: str, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        try:
            answer = httpx.request(method, address, timeout=TIMEOUT, **request)
            told = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise self._unusable(str(error) or type(error).__name__) from error
        if not isinstance(told, dict):
            raise self._unusable("its answer is not an object")
        if answer.is_client_error:
            raise ProviderRefused(why=str(told.get("error_description") or told.get("error", "")))
        if not answer.is_success:
            raise self._unusable(f"it answers {answer.status_code}")
        return told

    def _unusable(self, why: str) -> ProviderUnusable:
        return ProviderUnusable(issuer=self.provider.issuer, why=why)

    # -- Believing it -------------------------------------------------------------------------

    def _claims(self, id_token: str, nonce: str, now: datetime) -> dict[str, Any]:
        """What the provider has signed, for us, now, in answer to this question."""
        try:
            signed = self._verified(id_token)
            token = CodeIDToken(
                signed.claims,
                signed.header,
                {
                    "iss": {"essential": True, "value": self._says("issuer")},
                    "aud": {"essential": True, "value": self.provider.client_id},
                },
                {"nonce": nonce, "client_id": self.provider.client_id},
            )
            token.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError) as error:
            raise ProviderRefused(why=str(error)) from error
        return dict(token)

    def _verified(self, id_token: str) -> jwt.Token:
        """A token that the provider has signed; its keys are asked for again where they are new."""
        if self._keys is not None:
            try:
                return jwt.decode(id_token, self._keys, algorithms=SIGNED_BY)
            except (JoseError, ValueError):
                self._keys = None
        told: Any = self._ask("GET", self._says("jwks_uri"))
        keys = KeySet.import_key_set(told)
        signed = jwt.decode(id_token, keys, algorithms=SIGNED_BY)
        self._keys = keys
        return signed

    def _role(self, said: Mapping[str, Any]) -> Role | None:
        """The role it gives; none where it is not asked about roles."""
        if not self.provider.role_claim:
            if self.provider.default_role is None:
                raise ProviderRefused(why="nothing of what it says gives a role here")
            return None
        held: Any = said
        for part in self.provider.role_claim.split("."):
            held = held.get(part) if isinstance(held, Mapping) else None
        values = {str(value) for value in (held if isinstance(held, list) else [held])}
        role = next((r for value, r in self.provider.roles.items() if value in values), None)
        if (role or self.provider.default_role) is None:
            raise ProviderRefused(why="you are in none of the groups that may come in")
        return role or self.provider.default_role


def _user_name(said: Mapping[str, Any]) -> str:
    """What somebody would like to be called; his address only where the provider has checked it."""
    address = said.get("email") if said.get("email_verified") is True else ""
    return str(said.get("preferred_username") or address or said["sub"])
