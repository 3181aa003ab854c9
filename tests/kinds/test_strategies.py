"""
A connection of every strategy, through its life: `strategies.yaml`, on the embedded tenant.

It is created, somebody else sets options of it, one option changes, each secret changes. After each
of these there is nothing left to plan, and what nobody declared is as it was.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kinds.laws.ground import ground_of, prepare_states, secret_names, unhappy, value_of
from kinds.laws.oracle import Eye, names
from kinds.laws.table import Case, Loader, Tagged
from support.largely import mostly
from tenantctl.kinds import KINDS, operations

KIND = KINDS["connections"]
TABLE = yaml.load((Path(__file__).parent / "strategies.yaml").read_text("utf-8"), Loader=Loader)
EVERY = {
    **{name: {"strategy": name, **body} for name, body in TABLE["strategies"].items()},
    **TABLE["variants"],
}
NEEDS = {"clients": {"portal": {"name": "Portal"}}}
SOMEBODY = {
    "icon_url": "https://somebody.example/icon.png",
    "non_persistent_attrs": ["ssn", "birthday"],
    "not_in_any_document": {"kept": True},
}
PATCH = "PATCH /connections/"


ROWS = [*EVERY.values()]


@pytest.fixture(
    params=mostly(ROWS, fast=ROWS[::7], rest=pytest.mark.thorough), ids=EVERY, scope="module"
)
def row(request):
    return request.param


@pytest.fixture(scope="module")
def made(row, tmp_path_factory):
    fields = {"strategy": row["strategy"], "options": row["options"]}
    case = Case(KIND, "x", "it", fields, "connections", NEEDS)
    made = ground_of(case, tmp_path_factory.mktemp("strategy"))
    prepare_states(made)
    yield made
    made.sandbox.close()


@pytest.fixture
def ground(made, row):
    made.back_to(made.states["there"])
    declare(made, row)
    return made


def options(ground):
    (found,) = [d for _, d in connections(ground) if d["name"] == "it"]
    return found["options"]


def connections(ground):
    for (table, id), document in ground.look().documents.items():
        if table == "connections":
            yield id, document


def declare(ground, row, **change):
    ground.declare({"strategy": row["strategy"], "options": {**row["options"], **change}})


def written(ground):
    """Apply what is declared: the writes that took."""
    ground.sandbox.clear_log()
    plan = ground.plan()
    assert not plan.blocking, plan.blocking
    result = ground.apply(plan)
    assert result.receipt.status == "converged", unhappy(result)
    found = ground.writes()
    assert ground.plan().steps == ()
    return found


def set_by_somebody(ground, fields):
    """Options that appear in the tenant without us, as from an agent or the dashboard."""
    snapshot = ground.sandbox.snapshot()
    for table, _, _, document in snapshot["documents"]:
        if table == "connections" and document["name"] == "it":
            document["options"].update(fields)
    ground.sandbox.restore(snapshot)


def differ(before, after):
    """The options that moved; texts in another order have not: the tenant shuffles its sets."""
    both = before.keys() | after.keys()
    return {name for name in both if shuffled(before.get(name)) != shuffled(after.get(name))}


def shuffled(value):
    texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return sorted(value) if texts else value


def test_what_is_declared_is_there_and_stays(ground, row):
    have = options(ground)
    want = {name: plain(value) for name, value in row["options"].items() if name in have}
    eye = Eye(names(ground.case, ground.look()), ground.values, {})
    assert not list(eye.lacks(want, have))
    assert row["options"].keys() - have.keys() <= CONSUMED
    assert written(ground) == []


CONSUMED = {"metadataXml", "signingCert", "set_user_root_attributes"}
"""Options that Auth0 takes and shows in another form, and a default that is not said."""


def plain(value):
    """Authored text with its escapes undone."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value.replace("$${", "${") if isinstance(value, str) else value


def test_one_option_changes_and_what_nobody_declared_outlives_it(ground, row):
    set_by_somebody(ground, {**SOMEBODY, **row.get("others", {})})
    before = options(ground)
    assert written(ground) == []
    declare(ground, row, **row["change"])
    (write,) = written(ground)
    after = options(ground)
    assert write.startswith(PATCH)
    want = {*row["change"], *row.get("follows", ())}
    assert differ(before, after) == want & (after.keys() | before.keys())


def test_a_secret_that_changes_is_one_write_and_changes_nothing_else(ground, row):
    set_by_somebody(ground, {**SOMEBODY, **row.get("others", {})})
    for name in sorted(secret_names(row["options"])):
        before = options(ground)
        ground.values[name] = value_of(name, 2)
        (write,) = written(ground)
        assert write.startswith(PATCH)
        moved = differ(before, options(ground))
        assert moved == {field for field, v in row["options"].items() if name in secret_names(v)}
        assert written(ground) == []


@pytest.fixture
def tenant(tmp_path):
    """A ground for a connection of one's own: what it declares, and what the project needs."""
    grounds = []

    def make(strategy, options, needs=NEEDS):
        fields = {"strategy": strategy, "options": options}
        grounds.append(
            ground_of(Case(KIND, "x", "it", fields, "connections", needs), tmp_path / strategy)
        )
        return grounds[-1]

    yield make
    for each in grounds:
        each.sandbox.close()


DATABASE = TABLE["strategies"]["auth0"]["options"]


def refusals(ground):
    return [(each.rule, each.detail) for each in ground.plan().blocking]


def test_a_key_of_the_configuration_that_nobody_declares_refuses_the_step_and_is_named(tenant):
    ground = tenant("auth0", DATABASE)
    prepare_states(ground)
    set_by_somebody(ground, {"configuration": {**options(ground)["configuration"], "THEIRS": "x"}})
    ground.declare({"strategy": "auth0", "options": {**DATABASE, "passwordPolicy": "good"}})
    ((rule, detail),) = refusals(ground)
    assert rule == "unmanaged_secret"
    assert detail.startswith("options.configuration.THEIRS is set in the tenant, cannot be read")


def test_a_configuration_that_nobody_declares_refuses_every_write_to_the_options(tenant):
    without = {name: value for name, value in DATABASE.items() if name != "configuration"}
    ground = tenant("auth0", without)
    prepare_states(ground)
    set_by_somebody(ground, {"configuration": {"THEIRS": "x"}})
    assert written(ground) == []
    ground.declare({"strategy": "auth0", "options": {**without, "passwordPolicy": "good"}})
    ((rule, detail),) = refusals(ground)
    assert rule == "hidden_secret"
    assert detail.startswith("options.configuration.THEIRS holds a secret that Auth0 hides")


def test_every_value_of_the_configuration_goes_along_with_any_write_to_the_options(tenant):
    ground = tenant("auth0", DATABASE)
    prepare_states(ground)
    before = options(ground)["configuration"]
    ground.declare({"strategy": "auth0", "options": {**DATABASE, "passwordPolicy": "good"}})
    assert len(written(ground)) == 1
    assert (
        options(ground)["configuration"]
        == before
        == {name: value_of(name) for name in ("DB_URL", "DB_KEY")}
    )


def test_a_client_that_is_new_as_well_is_named_in_a_second_write(tenant):
    body = TABLE["strategies"]["samlp"]["options"]
    ground = tenant("samlp", body)
    ground.declare(ground.case.fields)
    writes = written(ground)
    assert [write.split("/")[0] for write in writes] == ["POST ", "POST ", "PATCH "]
    assert options(ground)["idpinitiated"]["client_id"] in ground.sandbox.documents("clients")


def test_a_private_key_that_somebody_wrote_as_bare_text_outlives_our_writes(tenant):
    ground = tenant("samlp", {"signInEndpoint": "https://idp.example/in"})
    prepare_states(ground)
    set_by_somebody(ground, {"decryptionKey": "-----BEGIN PRIVATE KEY-----"})
    ground.declare({"strategy": "samlp", "options": {"signInEndpoint": "https://b.example/in"}})
    assert len(written(ground)) == 1
    assert options(ground)["decryptionKey"] == "-----BEGIN PRIVATE KEY-----"


def test_every_strategy_of_the_document_has_a_row():
    strategies = operations("connections")["create"]["body"]["properties"]["strategy"]["enum"]
    assert TABLE["strategies"].keys() == set(strategies)


def test_every_secret_of_a_strategy_is_declared_as_one():
    literal = [
        (strategy, path)
        for strategy, row in EVERY.items()
        for path, value in leaves(row["options"])
        if KIND.rule(("options", *path), {"strategy": row["strategy"]}).secret
        and not isinstance(value, Tagged)
    ]
    assert literal == []


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    else:
        yield path, value
