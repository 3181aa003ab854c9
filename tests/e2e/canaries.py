"""Secrets that must never be seen again once they are planted, and where one looks for them."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote

from support.project import Project

OPERATIONS = "tenants/hearthhollow/phase1/operations.yaml"
AUTHORIZATION = "tenants/hearthhollow/phase1/authorization.yaml"
DEV = "environments/hearthhollow/dev.yaml"

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789+/"
DICE = random.Random(20)
PEM = "\n".join(
    [
        "-----BEGIN PRIVATE KEY-----",
        *("".join(DICE.choices(ALPHABET, k=64)) for _ in range(6)),
        "-----END PRIVATE KEY-----",
    ]
)
ODD = {
    "SIGNING_KEY": PEM,
    "QUOTED": 'say "Eichhörnchen" \\ and <never> & again',
    "LIKE_A_URL": "https://user:s3cr3t-in-a-url@crm.internal/path?key=a b&x=1",
    "LIKE_LIQUID": "{{ canary | upcase }} 4711 {% raw %}",
    "SHORT": "k3y!9z",
}
EXTRA = [*ODD, *(f"EXTRA_{n:02}" for n in range(1, 11))]
KEPT = ["CLAIM_NAMESPACE", "LEGACY_API_URL", "LEGACY_API_TOKEN", "DATADOG_API_KEY"]
GENERATED = ["SES_ACCESS_KEY_ID", "SES_SECRET_ACCESS_KEY"]


VALUES = {name: f"canary-{''.join(DICE.choices(ALPHABET, k=30))}" for name in [*EXTRA, *KEPT]} | ODD
"""The value of every secret that stands in an environment variable."""


def plant(project: Project) -> None:
    """Declare all of them: secrets of an action, of a database, of mail and of a log stream."""
    project.edit(
        AUTHORIZATION,
        "{CLAIM_NAMESPACE: !secret CLAIM_NAMESPACE}",
        "".join(f"\n        {name}: !secret {name}" for name in ["CLAIM_NAMESPACE", *EXTRA]),
    )
    project.edit(OPERATIONS, "    datadog:\n      $only: [prod]", "    datadog:")
    path = project.root / "tenants/hearthhollow/tenant.yaml"
    path.write_text(path.read_text() + "".join(f"  {n}: {{description: Canary.}}\n" for n in EXTRA))
    path = project.root / DEV
    text = path.read_text()
    for name in KEPT[:3]:
        text = text.replace(f"{name}: {{from: generated}}", f"{name}: {{from: env:{name}}}")
    more = "".join(f"  {name}: {{from: env:{name}}}\n" for name in [*EXTRA, "DATADOG_API_KEY"])
    path.write_text(text.replace("secrets:\n", f"secrets:\n{more}"))


def strew(project: Project) -> None:
    """Write secrets into free text of the live tenant, as somebody did in the dashboard."""
    secret = VALUES
    with project.sandbox() as sandbox:
        clients = {c["name"]: id for id, c in sandbox.documents("clients").items()}
        actions = {a["name"]: id for id, a in sandbox.documents("actions").items()}
        (tenant,) = sandbox.documents("tenant_settings")
        customers = next(
            (id, c)
            for id, c in sandbox.documents("connections").items()
            if c["name"] == "customers"
        )
        code = f"const key = `{secret['SIGNING_KEY']}`;\nconst other = '{secret['EXTRA_01']}';\n"
        sandbox.edit("actions", actions["add-id-token-claims"], {"code": code})
        basic = base64.b64encode(f"user:{secret['EXTRA_02']}".encode()).decode()
        (mail,) = [
            id
            for id, template in sandbox.documents("email_templates").items()
            if template["template"] == "verify_email"
        ]
        sandbox.edit("email_templates", mail, {"body": f"<p>Basic {basic}</p>"})
        sandbox.edit(
            "clients",
            clients["Web Shop"],
            {
                "description": f"token={quote(secret['EXTRA_03'], safe='')}",
                "callbacks": [f"https://x.example/?k={quote(secret['LIKE_A_URL'], safe='')}"],
                "client_metadata": {"channel": secret["EXTRA_04"].encode().hex()},
            },
        )
        sandbox.edit("clients", clients["Checkout"], {"description": secret["QUOTED"]})
        sandbox.edit("tenant_settings", tenant, {"friendly_name": f"Shop {secret['SHORT']}"})
        options = {**customers[1]["options"]}
        scripts = {**options["customScripts"], "login": f"// {secret['LIKE_LIQUID']}\n"}
        options["customScripts"] = scripts
        sandbox.edit("connections", customers[0], {"options": options})


def kept_by_the_tenant(project: Project) -> Iterator[str]:
    """What the embedded tenant knows and nobody else may: secrets of clients, the tool's among."""
    with project.sandbox() as sandbox:
        yield sandbox.credentials()[1]
        for client in sandbox.documents("clients").values():
            if "client_secret" in client:
                yield client["client_secret"]


def generated(project: Project) -> Iterator[str]:
    """The values that were made for this project, the key of its fingerprints among them."""
    for path in (project.root / ".tenantctl/secrets").glob("*.json"):
        yield from json.loads(path.read_text()).values()


@cache
def forms(secret: str) -> frozenset[str]:
    """A secret as it stands, and the ways in which it may hide in other text."""
    data = secret.encode()
    found = {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        quote(secret, safe=""),
        data.hex(),
    }
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + data).decode().rstrip("=")
        found.add(encoded[4 if offset else 0 : -2])
    found |= {line for line in secret.splitlines() if len(line) >= 16 and "-----" not in line}
    return frozenset(found)


def seen(text: str, secrets: set[str]) -> list[str]:
    """The secrets that *text* gives away, by their first characters."""
    return [secret[:14] for secret in sorted(secrets) if any(f in text for f in forms(secret))]


def files_of(project: Project) -> Iterator[tuple[Path, str]]:
    """Every file of the project but the two places where secrets live."""
    for path in sorted(project.root.rglob("*")):
        inside = path.relative_to(project.root).parts
        if path.is_file() and inside[:2] not in {
            (".tenantctl", "secrets"),
            (".tenantctl", "sandbox"),
        }:
            yield path, path.read_bytes().decode("utf-8", "replace")
