"""The options of connections, whose names depend on the strategy."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.foreign.terraform.configuration import Written
from tenantctl.foreign.terraform.translate import renamed
from tenantctl.foreign.terraform.values import unknown
from tenantctl.kinds import KINDS, variants
from tenantctl.model import Value

SPELLED: Mapping[str, str] = {
    "forward_request_info": "forward_req_info",
    "key_id": "kid",
    "scopes": "scope",
    "use_cert_auth": "certAuth",
    "use_kerberos": "kerberos",
    "waad_common_endpoint": "useCommonEndpoint",
}
"""What the provider calls otherwise than the API does, for any strategy that has it."""

BY_STRATEGY: Mapping[str, Mapping[str, str]] = {
    "email": {
        "from": "email.from",
        "subject": "email.subject",
        "syntax": "email.syntax",
        "template": "email.body",
    },
}
OAUTH = {"authorization_endpoint": "authorizationURL", "token_endpoint": "tokenURL"}


def options(written: Mapping[str, Value], strategy: Value) -> Mapping[str, Value]:
    """The options as the API spells them for *strategy*."""
    names = _names(strategy)
    rename = {**SPELLED, **BY_STRATEGY.get(str(strategy), {})}
    rename |= {old: new for old, new in OAUTH.items() if new in names and old not in names}
    found = renamed(written, rename)
    return _flagged(found, names, str(strategy))


def _names(strategy: Value) -> frozenset[str]:
    known = variants(KINDS["connections"])
    return known.names.get(str(strategy), frozenset()) if known else frozenset()


def _flagged(found: Written, names: frozenset[str], strategy: str) -> Written:
    """Scopes as the flags that the API has for them; as words in a text where it has none."""
    scope = found.get("scope")
    if not isinstance(scope, list) or not scope or unknown(scope):
        return found
    flags = {str(name): True for name in scope if str(name) in names}
    rest = [name for name in scope if str(name) not in flags]
    values = {k: v for k, v in found.items() if k != "scope"} | flags
    field = "freeform_scopes" if "freeform_scopes" in names else "scope"
    if rest:
        values[field] = " ".join(map(str, rest)) if strategy in WORDS else rest
    places = {name: found.at["scope"] for name in (*flags, field) if "scope" in found.at}
    return Written(values, {**found.at, **places})


WORDS = frozenset({"oauth2", "oidc", "okta"})
"""Strategies whose scopes are words in a text."""
