"""The verbs of `tenantctl sandbox` that look into an embedded tenant and bend it."""

import json

import pytest

from support.project import copy_of_repository

ROLE = {"roles": {"rol_0123456789abcdef": {"name": "seeded"}}}


@pytest.fixture
def project(tmp_path):
    return copy_of_repository(tmp_path)


@pytest.fixture
def write(tmp_path):
    def written(told, name="told.json"):
        (tmp_path / name).write_text(told if isinstance(told, str) else json.dumps(told))
        return str(tmp_path / name)

    return written


def test_a_seed_is_kept_and_a_snapshot_brings_it_back(project, write, tmp_path):
    seeded = project.ok("sandbox", "seed", "dev", write(ROLE), "--json").json
    assert seeded == {"format": 1, "type": "sandbox_seeded", "seeded": {"roles": 1}}
    saved = tmp_path / "saved.json"
    saved.touch(mode=0o644)
    project.ok("sandbox", "snapshot", "dev", "--out", str(saved))
    assert saved.stat().st_mode & 0o777 == 0o600
    assert project.ok("sandbox", "snapshot", "dev").json == json.loads(saved.read_text())
    project.ok("sandbox", "reset", "dev")
    restored = project.ok("sandbox", "restore", "dev", str(saved), "--json").json
    assert restored["resources"]["roles"] == 1
    with project.sandbox() as sandbox:
        assert sandbox.documents("roles")["rol_0123456789abcdef"]["name"] == "seeded"


def test_the_clock_is_bent_for_whoever_opens_the_tenant_next(project):
    project.ok("sandbox", "clock", "dev", "--set", "2030-01-01T00:00:00", "--freeze")
    project.ok("sandbox", "clock", "dev", "--advance", "60")
    assert (
        project.ok("sandbox", "clock", "dev", "--json")
        .json["time"]
        .startswith("2030-01-01T00:01:00")
    )
    thawed = project.ok("sandbox", "clock", "dev", "--thaw", "--json").json
    assert not thawed["time"].startswith("2030")


def test_features_come_and_go_by_name_and_by_subscription(project):
    every = project.ok("sandbox", "features", "dev", "--json").json["features"]
    less = project.ok("sandbox", "features", "dev", "--without", "organizations", "--json").json
    assert set(every) - set(less["features"]) == {"organizations"}
    free = project.ok("sandbox", "features", "dev", "--subscription", "free", "--json").json
    assert set(free["features"]) < set(every)
    more = project.ok("sandbox", "features", "dev", "--with", "tenant_acl", "--json").json
    assert set(more["features"]) == {*free["features"], "tenant_acl"}
    assert "  tenant_acl" in project.ok("sandbox", "features", "dev").out.splitlines()


def test_faults_are_kept_until_they_are_cleared(project, write):
    fault = {"kind": "status", "method": "POST", "path": "/roles", "nth": [1]}
    project.ok("sandbox", "faults", "dev", write([fault]))
    assert "status POST /roles: number 1" in project.ok("sandbox", "faults", "dev").out
    (kept,) = project.ok("sandbox", "faults", "dev", "--json").json
    assert fault.items() <= kept.items()
    assert project.ok("sandbox", "faults", "dev", "--clear", "--json").json == []
    assert project.ok("sandbox", "faults", "dev", "--json").json == []


@pytest.mark.thorough
def test_requests_are_counted_across_commands(project):
    assert project.ok("sandbox", "requests", "dev", "--json").json == {"writes": 0}
    project.ok("plan", "dev")
    counts = project.ok("sandbox", "requests", "dev", "--json").json
    assert counts["GET"] > 10
    assert counts["writes"] == 0
    assert f"{counts['GET']} GET" in project.ok("sandbox", "requests", "dev").out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["seed", "dev", {"nothing": {}}], "the API has no 'nothing'"),
        (["seed", "dev", []], "documents come as an object"),
        (["seed", "dev", "{"], "is no JSON"),
        (["restore", "dev", {}], "no snapshot"),
        (["faults", "dev", [{"kind": "x"}]], "faults"),
        (["faults", "dev", [], "--clear"], "exclude each other"),
        (["clock", "dev", "--set", "soon"], "is no time"),
        (["clock", "dev", "--advance", "nan"], "number of seconds"),
        (["features", "dev", "--with", "x"], "features"),
        (["features", "dev", "--subscription", "x"], "is no subscription"),
        (["clock", "nowhere"], "has no environment nowhere"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error_with_words(project, write, arguments, told):
    given = [each if isinstance(each, str) and each != "{" else write(each) for each in arguments]
    ran = project.run("sandbox", *given)
    assert ran.code == 64
    assert told in ran.err
