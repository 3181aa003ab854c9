"""A small project: a command on it takes a fraction of a second."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.applied import one_width
from support.project import Project

__all__ = ["one_width", "project", "strict"]

FILES = {
    "tenants/small/tenant.yaml": """
playbook: b2c
adopts: [tenant_provision, application_integration, id_token_claims]
secrets:
  KEY: {}
""",
    "tenants/small/phase1/all.yaml": """
tenant_provision:
  tenant: {friendly_name: Small}
application_integration:
  clients:
    shop: {name: Shop, app_type: spa}
id_token_claims:
  actions:
    add-claims:
      code: !file actions/add-claims.js
      supported_triggers: {post-login: v3}
      secrets: {KEY: !secret KEY}
  trigger_bindings:
    post-login: {add-claims: {}}
""",
    "tenants/small/actions/add-claims.js": "exports.onExecutePostLogin = async () => {};\n",
    "environments/small/dev.yaml": """
kind: development
domain: embedded
phases: [1]
secrets: {KEY: {from: generated}}
policy: {rehearse: optional}
""",
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with one tenant; nothing has been applied."""
    root = tmp_path / "project"
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"))
    return Project(root)


@pytest.fixture
def strict(project: Project) -> Project:
    """The environment asks for rehearsals."""
    project.edit("environments/small/dev.yaml", "rehearse: optional", "rehearse: required")
    return project
