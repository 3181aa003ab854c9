"""A fleet of schools that are made of one template, and the district that they connect to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from support.project import Project

FLEET = """\
schools:
  template: school
  rows: !file schools.csv
  overlay:
    variables:
      title: "${row.title}"
      seats: !row seats
      url: "https://${row.tenant}.${row.environment}.example"
  connects_to: {tenant: district, connection: "${row.connection}"}
"""
ROWS = """\
tenant,title,seats,connection
alder,Alder School,12,alder-oidc
birch,Birch School,,
"""
FILES = {
    "tenants/fleet.yaml": FLEET,
    "tenants/schools.csv": ROWS,
    "tenants/school/tenant.yaml": """\
playbook: b2b
adopts: [tenant_provision, application_integration]
variables:
  title: {type: string}
  seats: {type: integer}
  url: {type: string}
""",
    "tenants/school/phase1/base.yaml": """\
tenant_provision:
  tenant:
    friendly_name: "${var.title}"
    session_lifetime: !var seats
application_integration:
  clients:
    portal:
      name: "${var.title}"
      app_type: spa
      callbacks: ["${var.url}/callback"]
""",
    "environments/school/dev.yaml": """\
kind: development
domain: embedded
variables: {seats: 7}
policy: {delete: managed}
""",
    "environments/school/prod.yaml": """\
kind: production
domain: embedded
promotes_from: dev
variables: {seats: 9}
""",
    "tenants/district/tenant.yaml": "playbook: b2b\nadopts: [tenant_provision]\n",
    "tenants/district/phase1/base.yaml": (
        "tenant_provision:\n  tenant: {friendly_name: District}\n"
    ),
    "environments/district/dev.yaml": "kind: development\ndomain: embedded\n",
    "environments/district/prod.yaml": ("kind: production\ndomain: embedded\npromotes_from: dev\n"),
}


def written(root: Path, changes: Mapping[str, str | None] | None = None) -> Project:
    """The project with *changes* by path; None leaves a file out."""
    for name, text in {**FILES, **(changes or {})}.items():
        if text is not None:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return Project(root)
