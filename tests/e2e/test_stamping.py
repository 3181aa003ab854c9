"""Rows of a table are resources of the tenant, and stay the same ones as long as their key does."""

import pytest

from kinds.laws.oracle import look

TEMPLATE = """\
username_password:
  organizations:
    "${row.key}":
      $for: !file customers.csv
      display_name: "${row.name}"
      metadata: {tier: "${row.tier}"}
"""
HEAD = "key,name,tier\n"


def organizations(project):
    with project.sandbox() as sandbox:
        rows = look(sandbox).documents
        found = [document for row, document in rows.items() if row[0] == "organizations"]
    return {each["name"]: (each["display_name"], each["metadata"]["tier"]) for each in found}


@pytest.mark.thorough
def test_a_row_is_made_changed_alone_and_deleted_with_its_line(project):
    tenant = project.root / "tenants/hearthhollow"
    (tenant / "phase1/customers.yaml").write_text(TEMPLATE)
    table = tenant / "customers.csv"
    table.write_text(HEAD + 'acme,"Acme, Inc",gold\nbeta,Beta,silver\ngamma,Gamma,gold\n')
    project.ok("apply", "dev", "--yes")
    assert organizations(project) == {
        "acme": ("Acme, Inc", "gold"),
        "beta": ("Beta", "silver"),
        "gamma": ("Gamma", "gold"),
    }
    table.write_text(HEAD + 'gamma,Gamma,gold\nacme,"Acme, Inc",platinum\n')
    plan = project.ok("plan", "dev").out
    assert "Plan: 0 to create, 1 to update, 1 to delete" in plan
    project.ok("apply", "dev", "--yes")
    assert organizations(project) == {
        "acme": ("Acme, Inc", "platinum"),
        "gamma": ("Gamma", "gold"),
    }


def test_explain_leads_from_a_value_to_its_row(project):
    tenant = project.root / "tenants/hearthhollow"
    (tenant / "phase1/customers.yaml").write_text(TEMPLATE)
    (tenant / "customers.csv").write_text(HEAD + "acme,Acme,gold\n")
    said = project.ok("explain", "dev", "organizations.acme.metadata.tier").out
    assert "row tier" in said
    assert "tenants/hearthhollow/customers.csv:2:11" in said
