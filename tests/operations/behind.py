"""What people do to a tenant behind the tool's back, by the Management API, drawn from a seed."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from support.project import Project
from tenantctl.sandbox import Sandbox

TEXTS: Mapping[str, str] = {
    "clients": "description",
    "connections": "display_name",
    "roles": "description",
    "organizations": "display_name",
    "resource-servers": "name",
    "log-streams": "name",
    "actions/actions": "name",
}
"""A text of each collection that anybody may change."""
ENVELOPES = {"actions/actions": "actions"}
ID = {"clients": "client_id"}


@dataclass(frozen=True)
class Api:
    """The Management API of an embedded tenant, for one who may do anything."""

    sandbox: Sandbox
    domain: str

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to one request, which must be carried out."""

        async def job() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=self.sandbox.transport(),
                base_url=f"https://{self.domain}/api/v2",
                headers={"authorization": f"Bearer {self.sandbox.token()}"},
            ) as client:
                return await client.request(method, path, json=body)

        answer = asyncio.run(job())
        assert answer.status_code < 300, (method, path, answer.text)
        return answer.json() if answer.content else None

    def items(self, path: str) -> list[dict[str, Any]]:
        """What a collection has that people have made."""
        found = self.send("GET", f"/{path}")
        found = found if isinstance(found, list) else found[ENVELOPES.get(path, path)]
        return [item for item in found if not _is_fixed(item)]


def _is_fixed(item: Mapping[str, Any]) -> bool:
    return bool(item.get("global") or item.get("is_system") or item.get("name") == "tenantctl")


def do(project: Project, tenant: str, change: Callable[[Api], Any], env: str = "dev") -> Any:
    """What *change* gives when it is let loose on an environment's embedded tenant."""
    with project.sandbox(env, tenant) as sandbox:
        return change(Api(sandbox, f"{tenant}-{env}.sandbox.invalid"))


def havoc(seed: int) -> Callable[[Api], list[str]]:
    """Deletes, edits and creates, one or two of each for whatever *seed* draws; what was done."""
    dice = random.Random(seed)

    def job(api: Api) -> list[str]:
        done = [*_lost(api, dice), *_edited(api, dice), *_made(api, dice)]
        api.send("PATCH", "/branding", {"colors": {"primary": f"#{dice.randrange(16**6):06x}"}})
        lifetime = dice.choice([1, 2, 3])
        api.send("PATCH", "/tenants/settings", {"session_lifetime": lifetime})
        api.send("PATCH", "/actions/triggers/post-login/bindings", {"bindings": []})
        return done

    return job


def _lost(api: Api, dice: random.Random) -> list[str]:
    done = []
    for path in dice.sample([*TEXTS], 4):
        items = [item for item in api.items(path) if path != "actions/actions"]
        for item in dice.sample(items, min(len(items), 1)):
            api.send("DELETE", f"/{path}/{item[ID.get(path, 'id')]}")
            done.append(f"- {path} {item['name']}")
    return done


def _edited(api: Api, dice: random.Random) -> list[str]:
    done = []
    for path, field in TEXTS.items():
        items = api.items(path)
        for item in dice.sample(items, min(len(items), 2)):
            text = f"changed-{dice.randrange(1000)}"
            api.send("PATCH", f"/{path}/{item[ID.get(path, 'id')]}", {field: text})
            done.append(f"~ {path} {item['name']}")
    return done


def _made(api: Api, dice: random.Random) -> list[str]:
    name = f"newcomer-{dice.randrange(1000)}"
    client = api.send("POST", "/clients", {"name": name, "app_type": "spa"})
    api.send("POST", "/roles", {"name": name})
    for connection in dice.sample(api.items("connections"), 1):
        path = f"/connections/{connection['id']}/clients"
        api.send("PATCH", path, [{"client_id": client["client_id"], "status": True}])
    permission = {
        "resource_server_identifier": f"https://{api.domain}/api/v2/",
        "permission_name": "read:users",
    }
    for role in dice.sample(api.items("roles"), 1):
        api.send("POST", f"/roles/{role['id']}/permissions", {"permissions": [permission]})
    return [f"+ {name}"]


def body(text: str) -> Any:
    """What a backup holds."""
    return json.loads(text)["backup"]
