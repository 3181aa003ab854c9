"""Our playbook against what was mined from Auth0's guides, and our tenant against its state."""

from __future__ import annotations

import json

import pytest

from tenantctl.playbooks import playbook


@pytest.fixture(scope="module")
def guides(shared):
    """Phase 1 of the b2c playbook in the reference."""
    document = json.loads((shared / "reference" / "playbooks.json").read_text())
    (b2c,) = [found for found in document["playbooks"] if found["id"] == "b2c"]
    return b2c["phases"][0]


def bare(id):
    return id.rsplit(".", 1)[-1]


def test_the_topics_go_in_the_order_of_the_guides(guides):
    ours = playbook("b2c").phase(1)
    assert list(ours.sequence) == [bare(id) for id in guides["sequence"]]


def test_the_workstreams_are_those_of_the_guides(guides):
    ours = playbook("b2c").phase(1)
    assert [w.id for w in ours.workstreams] == [bare(w["id"]) for w in guides["workstreams"]]


def test_every_environment_has_the_kinds_of_the_example_tenant(shared, project_resources):
    for env, resources in project_resources.items():
        path = shared / "data" / "example-tenants" / f"hearthhollow-{env}.json"
        state = json.loads(path.read_text())
        for kind in ("custom_domains", "log_streams", "network_acls"):
            assert len(resources[kind]) == len(state[kind]), (env, kind)
        assert len(resources["clients"]) == 6
        assert len(resources["actions"]) == 3
        assert len(resources["prompt_custom_text"]) == 12


@pytest.fixture(scope="module")
def project_resources():
    """The keys of every kind that each environment of hearthhollow desires."""
    from support.project import REPOSITORY
    from tenantctl.files import load

    found = {}
    for env in ("dev", "qa", "prod"):
        keys: dict[str, list[str]] = {}
        for resource in load(REPOSITORY, "hearthhollow", env).desired.tenant:
            keys.setdefault(resource.address.kind, []).append(resource.address.key)
        found[env] = {kind: keys.get(kind, []) for kind in {*keys, "network_acls"}}
    return found
