"""Access tokens of the Management API: fetched when needed, kept in memory only."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

from tenantctl.errors import Denied, Unreachable
from tenantctl.gateway.access import Access

LEEWAY = 60.0
"""Seconds before its end at which a token is renewed."""

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, its lifetime in seconds, and its scopes where the tenant told them."""

    text: str = field(repr=False)
    lifetime: float
    scopes: frozenset[str] | None


class TokenSource:
    """The token of one client for one tenant, by client secret or by a signed assertion.

    Concurrent callers share one request.
    """

    def __init__(
        self,
        access: Access,
        http: httpx.AsyncClient,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        retries: tuple[float, ...],
        scrub: Callable[[str], str],
    ) -> None:
        self._access = access
        self._http = http
        self._clock = clock
        self._scrub = scrub
        self._sleep = sleep
        self._retries = retries
        self._lock = asyncio.Lock()
        self._token = ""
        self._scopes: frozenset[str] | None = None
        self._until = 0.0

    async def get(self) -> str:
        """A token that is good for a while. Raises Denied or Unreachable."""
        async with self._lock:
            if not self._token or self._clock() >= self._until:
                found = await self._fetch()
                self._token, self._scopes = found.text, found.scopes
                self._until = self._clock() + found.lifetime - min(LEEWAY, found.lifetime / 2)
            return self._token

    async def scopes(self) -> frozenset[str] | None:
        """What the token permits; None where the tenant does not say. Raises as `get` does."""
        await self.get()
        return self._scopes

    def drop(self, token: str) -> None:
        """Forget *token*, which was refused; a newer one is kept."""
        if self._token == token:
            self._token = ""

    @property
    def last(self) -> str:
        return self._token

    async def _fetch(self) -> Token:
        """A new token; asked for again while nobody answers properly."""
        for pause in self._retries:
            try:
                return await self._ask()
            except Unreachable:
                await self._sleep(pause)
        return await self._ask()

    async def _ask(self) -> Token:
        domain = self._access.domain
        body = {
            "grant_type": "client_credentials",
            "client_id": self._access.client_id,
            "audience": f"https://{domain}/api/v2/",
            **self._proof(),
        }
        try:
            answer = await self._http.post(f"https://{domain}/oauth/token", json=body)
        except httpx.HTTPError as error:
            raise Unreachable(
                f"{domain} gave no token: {type(error).__name__}",
                help="check domain, network, proxy, certificate: tenantctl doctor tells which",
            ) from None
        return _granted(answer, domain, self._scrub)

    def _proof(self) -> dict[str, str]:
        """What shows that we are the client."""
        if self._access.client_secret:
            return {"client_secret": self._access.client_secret}
        return {"client_assertion_type": ASSERTION, "client_assertion": self._assertion()}

    def _assertion(self) -> str:
        import jwt

        now = int(self._clock())
        claims = {
            "iss": self._access.client_id,
            "sub": self._access.client_id,
            "aud": f"https://{self._access.domain}/",
            "iat": now,
            "exp": now + 60,
            "jti": secrets.token_urlsafe(16),
        }
        try:
            return jwt.encode(claims, self._access.private_key or "", algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError):
            raise Denied(
                f"the private key for {self._access.domain} is not an RSA key in PEM form",
                help="check where credentials: takes the private_key from",
            ) from None


def _granted(answer: httpx.Response, domain: str, scrub: Callable[[str], str]) -> Token:
    """The token that *answer* brings. Raises Denied or Unreachable."""
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unreachable(
            f"{domain} answered {answer.status_code} to a token request, not as Auth0 does",
            help="check that the domain is the tenant's own, not a custom domain or a proxy",
        )
    if answer.status_code >= 500 or answer.status_code == 429:
        raise Unreachable(f"{domain} gave no token: status {answer.status_code}")
    if not answer.is_success or not isinstance(found.get("access_token"), str):
        said = found.get("error_description") or found.get("message") or found.get("error")
        raise Denied(
            f"{domain} refuses the credentials: {scrub(str(said or answer.status_code))}",
            help="check client_id and its secret or key, and that the client has a grant for"
            " the Management API",
        )
    said = found.get("scope")
    scopes = frozenset(said.split()) if isinstance(said, str) else None
    return Token(found["access_token"], float(found.get("expires_in", 600)), scopes)
