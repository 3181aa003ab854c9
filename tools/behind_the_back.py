"""Change an embedded tenant as somebody who does not use tenantctl: for demonstrations.

    python -m tools.behind_the_back PROJECT TENANT/ENV CLIENT FIELD JSON

Another program signs in to the tenant with a client of its own, called "Console of the support
team", and changes one field of the client of that name, over the Management API.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import httpx

from tenantctl.sandbox import Sandbox

CONSOLE = "Console of the support team"


async def change(sandbox: Sandbox, name: str, field: str, value: Any) -> None:
    """Sets *field* of the client called *name*."""
    url = f"https://{sandbox.domain}"
    async with httpx.AsyncClient(transport=sandbox.transport(), base_url=url) as http:
        owner = {"authorization": f"Bearer {sandbox.token()}"}
        clients = (await http.get("/api/v2/clients", headers=owner)).json()
        known = {each["name"]: each for each in clients}
        if CONSOLE not in known:
            known[CONSOLE] = await _console(http, owner, f"{url}/api/v2/")
        mine = known[CONSOLE]
        answer = await http.post(
            "/oauth/token",
            json={
                "grant_type": "client_credentials",
                "client_id": mine["client_id"],
                "client_secret": mine["client_secret"],
                "audience": f"{url}/api/v2/",
            },
        )
        token = {"authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}
        path = f"/api/v2/clients/{known[name]['client_id']}"
        (await http.patch(path, headers=token, json={field: value})).raise_for_status()


async def _console(http: httpx.AsyncClient, owner: dict[str, str], audience: str) -> dict[str, Any]:
    """A client that may change clients."""
    body = {"name": CONSOLE, "app_type": "non_interactive", "grant_types": ["client_credentials"]}
    made = (await http.post("/api/v2/clients", headers=owner, json=body)).raise_for_status().json()
    grant = {
        "client_id": made["client_id"],
        "audience": audience,
        "scope": ["read:clients", "update:clients"],
    }
    (await http.post("/api/v2/client-grants", headers=owner, json=grant)).raise_for_status()
    return dict(made)


def main(root: str, target: str, name: str, field: str, value: str) -> None:
    tenant, _, env = target.rpartition("/")
    domain = f"{tenant}-{env}.sandbox.invalid"
    sandbox = Sandbox(domain, Path(root) / ".tenantctl" / "sandbox" / f"{domain}.sqlite")
    try:
        asyncio.run(change(sandbox, name, field, json.loads(value)))
    finally:
        sandbox.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
