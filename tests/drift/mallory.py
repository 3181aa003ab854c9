"""Somebody who changes a tenant behind our back: a client of its own, over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from support.project import Project
from tenantctl.sandbox import Sandbox

NAME = "Mallory's script"
AGENT = "mallory/6.6"
Call = tuple[str, str, Any]


def change(project: Project, *calls: Call, env: str = "dev") -> list[int]:
    """Makes each call (method, path below /api/v2, body); the statuses.

    In a path or a body, `{client Web Shop}` and `{connection customers}` are the ids of those.
    """
    with project.sandbox(env) as sandbox:
        return asyncio.run(_calls(sandbox, calls))


def ids(sandbox: Sandbox) -> dict[str, str]:
    """The ids of everything that has a name, by what it is."""
    return {
        f"{{{word} {document['name']}}}": id
        for word, kind in (("client", "clients"), ("connection", "connections"))
        for id, document in sandbox.documents(kind).items()
    }


async def _calls(sandbox: Sandbox, calls: tuple[Call, ...]) -> list[int]:
    base = f"https://{sandbox.domain}"
    known = ids(sandbox)
    async with httpx.AsyncClient(transport=sandbox.transport(), base_url=base) as http:
        token = await _token(sandbox, http, known)
        http.headers.update({"authorization": f"Bearer {token}", "user-agent": AGENT})
        answers = [
            await http.request(method, f"/api/v2{_filled(path, known)}", json=_filled(body, known))
            for method, path, body in calls
        ]
    assert all(answer.is_success for answer in answers), [answer.text for answer in answers]
    return [answer.status_code for answer in answers]


async def _token(sandbox: Sandbox, http: httpx.AsyncClient, known: dict[str, str]) -> str:
    """A token of Mallory's own client, which is made at the first call."""
    own = {"authorization": f"Bearer {sandbox.token()}"}
    audience = f"https://{sandbox.domain}/api/v2/"
    if id := known.get(f"{{client {NAME}}}"):
        secret = sandbox.documents("clients")[id]["client_secret"]
    else:
        fields = {
            "name": NAME,
            "app_type": "non_interactive",
            "grant_types": ["client_credentials"],
        }
        made = (await http.post("/api/v2/clients", json=fields, headers=own)).json()
        id, secret = made["client_id"], made["client_secret"]
        scopes = [f"{verb}:{noun}" for verb in ("update", "delete", "create") for noun in NOUNS]
        grant = {"client_id": id, "audience": audience, "scope": scopes}
        answer = await http.post("/api/v2/client-grants", json=grant, headers=own)
        assert answer.is_success, answer.text
    asked = {"grant_type": "client_credentials", "client_id": id, "client_secret": secret}
    answer = await http.post("/oauth/token", json={**asked, "audience": audience})
    token: str = answer.json()["access_token"]
    return token


NOUNS = ("clients", "connections", "tenant_settings", "branding", "client_grants")


def _filled(value: Any, known: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, known) for item in value]
    if isinstance(value, str):
        for name, id in known.items():
            value = value.replace(name, id)
    return value
