"""Small configurations that nobody has published, in every form that there is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from campaigns.takeover.published import Published


@dataclass(frozen=True)
class MadeUp:
    """A configuration by its files; *path* is what a tool takes, *mappings* by environment."""

    name: str
    files: Mapping[str, str]
    resources: int
    path: str = "."
    mappings: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    terraform: bool = False

    def written(self, folder: Path) -> Published:
        """The configuration in a folder below *folder*."""
        root = folder / self.name
        for name, text in self.files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        mappings = {env: root / file for env, file in self.mappings.items()}
        return Published(self.name, root, root / self.path, mappings, {}, terraform=self.terraform)


def _mapping(**keywords: object) -> str:
    return json.dumps(
        {"AUTH0_DOMAIN": "shop.eu.auth0.com", "AUTH0_KEYWORD_REPLACE_MAPPINGS": keywords}
    )


YAML = """\
tenant:
  friendly_name: ##BRAND##
  default_directory: people
resourceServers:
  - name: Orders
    identifier: https://orders.##STAGE##.example/
    scopes: [{value: "read:orders", description: Read}]
clients:
  - name: "Shop ##STAGE##"
    app_type: spa
    callbacks: @@CALLBACKS@@
    jwt_configuration: {alg: RS256, lifetime_in_seconds: 36000}
  - name: worker
    app_type: non_interactive
    grant_types: [client_credentials]
clientGrants:
  - {client_id: worker, audience: "https://orders.##STAGE##.example/", scope: ["read:orders"]}
databases:
  - name: people
    strategy: auth0
    enabled_clients: ["Shop ##STAGE##"]
    options: {passwordPolicy: fair}
roles:
  - name: clerk
    description: Sells
    permissions: [{permission_name: "read:orders", resource_server_identifier: "https://orders.##STAGE##.example/"}]
actions:
  - name: claims
    code: ./actions/claims.js
    runtime: node18
    deployed: true
    supported_triggers: [{id: post-login, version: v3}]
    secrets: [{name: CRM, value: "##CRM_SECRET##"}]
triggers:
  post-login: [{action_name: claims, display_name: claims}]
"""
FOLDER = {
    "clients/Shop.json": '{"name": "Shop", "app_type": "spa", "callbacks": @@CALLBACKS@@}',
    "database-connections/people/database.json": json.dumps(
        {"name": "people", "strategy": "auth0", "enabled_clients": ["Shop"], "options": {}}
    ),
    "emails/provider.json": json.dumps(
        {"name": "mandrill", "enabled": True, "credentials": {"api_key": "##MAIL_API_KEY##"}}
    ),
    "emails/verify_email.json": json.dumps(
        {
            "template": "verify_email",
            "body": "./verify_email.html",
            "enabled": True,
            "from": "a@##HOST##",
            "subject": "Hello",
            "syntax": "liquid",
        }
    ),
    "emails/verify_email.html": "<p>{{ user.name }} at ##HOST##</p>\n",
    "guardian/factors/otp.json": '{"name": "otp", "enabled": true}',
    "tenant.json": '{"friendly_name": "Shop", "support_url": "https://##HOST##/help"}',
    "dev.json": _mapping(
        CALLBACKS=["http://localhost:3000"], HOST="dev.shop.example", MAIL_API_KEY="x"
    ),
}
TERRAFORM = """\
variable "host" { default = "shop.example" }
resource "auth0_client" "shop" {
  name      = "Shop"
  app_type  = "spa"
  callbacks = ["https://${var.host}/cb"]
}
resource "auth0_resource_server" "orders" {
  name       = "Orders"
  identifier = "https://${var.host}/orders"
}
resource "auth0_client" "worker" {
  name     = "Worker"
  app_type = "non_interactive"
}
resource "auth0_client_grant" "worker" {
  client_id = auth0_client.worker.id
  audience  = auth0_resource_server.orders.identifier
  scopes    = []
}
"""
MADE_UP = (
    MadeUp(
        "yaml-with-keywords",
        {
            "tenant.yaml": YAML,
            "actions/claims.js": "exports.onExecutePostLogin = async (event, api) => {};\n",
            "dev.json": _mapping(
                BRAND="Shop (dev)", STAGE="dev", CALLBACKS=["http://localhost:3000"], CRM_SECRET="x"
            ),
            "prod.json": _mapping(
                BRAND="Shop", STAGE="prod", CALLBACKS=["https://shop.example"], CRM_SECRET="y"
            ),
        },
        resources=11,
        path="tenant.yaml",
        mappings={"dev": "dev.json", "prod": "prod.json"},
        notes=("the keyword CRM_SECRET is a secret, and the mapping has its value",),
    ),
    MadeUp(
        "folder-with-keywords",
        FOLDER,
        resources=7,
        mappings={"dev": "dev.json"},
        notes=("the keyword MAIL_API_KEY is a secret, and the mapping has its value",),
    ),
    MadeUp("terraform", {"main.tf": TERRAFORM}, resources=4, terraform=True),
)
