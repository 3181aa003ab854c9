"""What to create once by hand: as steps for people, as a script, as JSON."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tenantctl.model import Json
from tenantctl.report.document import FORMAT

ESCALATING = ("create:client_grants", "update:client_grants")
"""With these a client can grant itself whatever it likes."""
LIFETIME = 3600
"""Seconds that a token of the Management API should be good for; Auth0 begins with a day."""


@dataclass(frozen=True, slots=True)
class Client:
    """A machine-to-machine application: for a *purpose*, with these scopes, each with its kinds.

    *also* are scopes that it may do without, each with what it would be for. *written* says where
    the environment file takes its credentials from, empty where it does not say; *variables* are
    the names that the pipelines of docs/ci use, and it *fits* where the file takes them from these.
    It signs in *by_secret* if the file says so, else by a key of its own. *runner* is the GitHub
    environment they belong to.
    """

    purpose: str
    name: str
    scopes: Mapping[str, tuple[str, ...]]
    also: Mapping[str, str]
    written: str
    variables: tuple[str, str]
    runner: str
    by_secret: bool = False
    fits: bool = True

    @property
    def escalates(self) -> tuple[str, ...]:
        return tuple(scope for scope in ESCALATING if scope in self.scopes)


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """All of it for one environment; *secrets* are the variables that its secrets come from."""

    environment: str
    domain: str
    embedded: bool
    clients: tuple[Client, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict)


def client_body(client: Client, pem: str) -> dict[str, Any]:
    """What `POST /clients` is to be sent; *pem* is the public half of the client's key."""
    body = {
        "name": client.name,
        "app_type": "non_interactive",
        "grant_types": ["client_credentials"],
    }
    if client.by_secret:
        return {**body, "token_endpoint_auth_method": "client_secret_post"}
    key = {"name": client.name, "credential_type": "public_key", "alg": "RS256", "pem": pem}
    return {**body, "client_authentication_methods": {"private_key_jwt": {"credentials": [key]}}}


def grant_body(client: Client, domain: str, client_id: str) -> dict[str, Any]:
    """What `POST /client-grants` is to be sent."""
    audience = f"https://{domain}/api/v2/"
    scopes = [*client.scopes, *client.also]
    return {"client_id": client_id, "audience": audience, "scope": scopes}


def bootstrap_text(found: Bootstrap) -> str:
    """The steps for people, in order."""
    if found.embedded:
        return f"{found.environment} is embedded: there is nothing to create."
    return "\n".join(_steps(found))


def _steps(found: Bootstrap) -> Iterator[str]:
    yield f"What {found.environment} needs once, by hand, in {found.domain}."
    yield "Two applications, so that whoever plans cannot write. Nothing of this was done for you."
    for number, client in enumerate(found.clients, 1):
        yield from ("", f"{number}. {client.name}")
        yield from (f"   {line}" for line in _client_steps(client))
    yield from ("", "3. Tokens")
    yield "   Applications > APIs > Auth0 Management API > Token Expiration: a token is good for a"
    yield f"   day and cannot be taken back; {LIFETIME} seconds are enough for any run."
    yield from ("", f"4. environments/{found.environment}.yaml")
    yield from (f"   {line}" for line in _file_steps(found))
    yield from ("", "5. In a pipeline (docs/ci)")
    yield from (f"   {line}" for line in _pipeline_steps(found))
    yield from ("", f"Then: tenantctl doctor {found.environment} --for apply")


def _client_steps(client: Client) -> Iterator[str]:
    create = f'Applications > Create Application: name "{client.name}", Machine to Machine.'
    if client.by_secret:
        yield create
        yield "Credentials: Client Secret (Post), as the environment file has it. A private key"
        yield "would be better: nobody else ever has it."
    else:
        yield "A key that never leaves the machine that uses it:"
        yield from (f"  {line}" for line in _key_lines(client))
        yield create
        yield f"Credentials: Private Key JWT, RS256, with the public key {_file(client)}.pub.pem."
    yield f"APIs > Auth0 Management API, authorized for these {len(client.scopes)} scopes:"
    yield from (f"  {scope}" for scope in client.scopes)
    if client.also:
        yield "and, if you like:"
        width = max(map(len, client.also))
        yield from (f"  {scope:<{width}}  {why}" for scope, why in client.also.items())
    if client.escalates:
        yield f"With {', '.join(client.escalates)} it can grant itself more: treat it as an"
        yield "administrator of the tenant."


def _file_steps(found: Bootstrap) -> Iterator[str]:
    for client in found.clients:
        if client.written:
            yield f"credentials.{client.purpose} is written: {client.written}"
        if not client.fits:
            id, key = client.variables
            yield f"  the workflows of docs/ci set {id} and {key}: take them from env: there"
    lacking = [client for client in found.clients if not client.written]
    if lacking:
        yield "credentials:"
    for client in lacking:
        id, key = client.variables
        yield f"  {client.purpose}: {{client_id: env:{id}, private_key: env:{key}}}"


def _pipeline_steps(found: Bootstrap) -> Iterator[str]:
    for client in found.clients:
        id, key = client.variables
        guard = "" if client.purpose == "plan" else ", with required reviewers"
        yield f"GitHub environment {client.runner}{guard}: secrets {id} and {key}"
    if found.secrets:
        runner = found.clients[-1].runner
        yield f"and in {runner} TENANT_SECRETS, a JSON object with"
        yield from (f"  {variable} ({name})" for name, variable in found.secrets.items())


def bootstrap_script(found: Bootstrap) -> str:
    """The same as commands of the auth0 CLI, for `auth0 login` of a tenant administrator.

    Its flags: https://auth0.github.io/auth0-cli/auth0_api.html
    """
    lines = ["#!/bin/sh", "# Creates what `tenantctl bootstrap` tells. Run it once, and read it"]
    lines += ["# first: auth0 login, with create:clients and create:client_grants.", "set -eu"]
    for client in found.clients:
        lines += ["", f"# {client.name}", *_script(client, found.domain)]
    return "\n".join(lines)


def _script(client: Client, domain: str) -> Iterator[str]:
    at = f"--tenant {shlex.quote(domain)} --no-input"
    if not client.by_secret:
        yield "umask 077"
        yield from _key_lines(client)
        yield f"pem=$(awk '{{printf \"%s\\\\n\", $0}}' {_file(client)}.pub.pem)"
    yield f"client_id=$(auth0 api post clients {at} <<END |"
    yield _here(client_body(client, "$pem"))
    yield "END"
    yield """  tr -d '\\n' | sed 's/.*"client_id" *: *"\\([A-Za-z0-9]*\\)".*/\\1/')"""
    yield f"auth0 api post client-grants {at} > /dev/null <<END"
    yield _here(grant_body(client, domain, "$client_id"))
    yield "END"
    yield f'echo "{client.variables[0]}=$client_id"'
    secret = f"{_file(client)}.pem: keep it, then delete the file"
    if client.by_secret:
        secret = f"the dashboard: Applications > {client.name} > Client Secret"
    yield f'echo "{client.variables[1]} is in {secret}"'


def _here(body: Mapping[str, Any]) -> str:
    """*body* for a document in a script, in which variables are put; the rest stands for itself."""
    text = json.dumps(body, indent=2)
    return text.replace("`", "\\`")


def _key_lines(client: Client) -> Iterator[str]:
    name = _file(client)
    yield f"openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out {name}.pem"
    yield f"openssl pkey -in {name}.pem -pubout -out {name}.pub.pem"


def _file(client: Client) -> str:
    return f"{client.runner.removesuffix('-plan')}-{client.purpose}"


def bootstrap_as_json(found: Bootstrap) -> dict[str, Json]:
    """All of it for machines, with the bodies of the requests that would do it."""
    return {
        "format": FORMAT,
        "type": "bootstrap",
        "environment": found.environment,
        "domain": found.domain,
        "embedded": found.embedded,
        "token_lifetime": LIFETIME,
        "identities": [_client_json(client, found.domain) for client in found.clients],
        "secrets": dict(found.secrets),
    }


def _client_json(client: Client, domain: str) -> dict[str, Json]:
    return {
        "purpose": client.purpose,
        "name": client.name,
        "scopes": [{"scope": s, "kinds": list(k)} for s, k in client.scopes.items()],
        "also": [{"scope": scope, "for": why} for scope, why in client.also.items()],
        "escalates": list(client.escalates),
        "written": client.written,
        "variables": list(client.variables),
        "by_secret": client.by_secret,
        "fits": client.fits,
        "github_environment": client.runner,
        "requests": [
            {"method": "POST", "path": "/clients", "body": client_body(client, "PUBLIC KEY")},
            {
                "method": "POST",
                "path": "/client-grants",
                "body": grant_body(client, domain, "CLIENT ID"),
            },
        ],
    }
