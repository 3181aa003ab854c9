"""Who is who: keys, names, ids, and what may never be taken for something else."""

from __future__ import annotations

import pytest


def ids(sandbox, collection="clients"):
    return {d["name"]: id for id, d in sandbox.documents(collection).items()}


@pytest.mark.thorough
def test_a_resource_under_a_new_key_is_still_the_same_object(applied):
    with applied.sandbox() as sandbox:
        before = ids(sandbox)
    for path in sorted((applied.root / "tenants").rglob("*.yaml")):
        path.write_text(path.read_text().replace("ios-app", "iphone-app"))
    assert applied.steps() == []
    applied.ok("apply", "dev", "--yes")
    with applied.sandbox() as sandbox:
        assert ids(sandbox) == before
    assert applied.steps() == []


@pytest.mark.thorough
def test_a_client_that_somebody_made_under_the_name_of_one_we_lost_is_not_deleted(applied):
    """Ours was deleted in the dashboard and another one of its name was made; then ours departs."""
    with applied.sandbox() as sandbox:
        ours = ids(sandbox)["Synthetic Monitor"]
        document = sandbox.documents("clients")[ours]
        sandbox.drop("clients", ours)
        theirs = "TheirsTheirsTheirsTheirsTheirs12"
        sandbox.put("clients", theirs, {**document, "client_id": theirs})
    path = applied.root / "tenants/hearthhollow/phase1/operations.yaml"
    text = path.read_text()
    start = text.index("monitoring:")
    path.write_text(text[:start] + text[text.index("logging:") :])
    assert "clients.synthetic-monitor" not in applied.steps()
    applied.ok("apply", "dev", "--yes")
    with applied.sandbox() as sandbox:
        assert theirs in sandbox.documents("clients")
