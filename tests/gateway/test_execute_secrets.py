"""Carrying out one step that writes a secret, or that stands beside one."""

import pytest

from gateway.resources import DATABASE, KEY, SHOP, WEB
from gateway.world import SECRET, VAULT, World, edit, resource, scope_of
from tenantctl.model import (
    Create,
    Edit,
    Ref,
    Sealed,
    Secret,
    Text,
    Vault,
)


@pytest.fixture
def world():
    return World()


def only(world, kind, name):
    (found,) = [d for d in world.sandbox.documents(kind).values() if d["name"] == name]
    return found


def test_a_create_that_was_carried_out_before_writes_what_nobody_can_read_again(world):
    world.create(DATABASE)
    world.sandbox.clear_log()
    (outcome,) = world.create(DATABASE)
    assert (outcome.status, outcome.writes) == ("applied", 1)
    stored = only(world, "connections", "customers")["options"]
    assert stored["configuration"] == {"KEY": SECRET}
    assert stored["mfa"] == {"active": True, "return_enroll_settings": True}


def test_a_hidden_value_that_the_plan_does_not_resend_stops_the_write(world):
    world.create(DATABASE)
    world.sandbox.clear_log()
    outcome = world.update(DATABASE, edit("options.passwordPolicy", "good", "fair"))
    assert outcome.status == "failed"
    assert "options.configuration.KEY" in outcome.detail
    assert world.writes == []


def test_a_secret_that_nobody_can_read_is_written(world):
    world.create(DATABASE)
    world.vault = Vault({"TOKEN": "another secret value"}, {}, VAULT.key)
    outcome = world.update(DATABASE, Edit(KEY, Sealed(None), Secret("TOKEN"), unknown=True))
    assert outcome.status == "applied"
    options = only(world, "connections", "customers")["options"]
    assert options["configuration"] == {"KEY": "another secret value"}


def test_a_readable_secret_is_compared_by_its_fingerprint(world):
    google = resource(
        "connections.google",
        name="google",
        strategy="google-oauth2",
        options={"client_id": "x", "client_secret": Secret("TOKEN")},
    )
    path = ("options", "client_secret")
    world.create(google)
    old, new = Sealed(VAULT.seal(SECRET)), Sealed(VAULT.seal("something else"))
    assert world.update(google, Edit(path, new, Secret("TOKEN"))).status == "unchanged"
    world.vault = Vault({"TOKEN": "next secret value"}, {}, VAULT.key)
    assert world.update(google, Edit(path, new, Secret("TOKEN"))).status == "moved"
    assert world.update(google, Edit(path, old, Secret("TOKEN"))).status == "applied"
    assert only(world, "connections", "google")["options"]["client_secret"] == "next secret value"


def test_a_plan_made_without_the_fingerprint_key_can_be_applied_with_it(world):
    google = resource(
        "connections.google",
        name="google",
        strategy="google-oauth2",
        options={"client_id": "x", "client_secret": Secret("TOKEN")},
    )
    world.create(google)
    world.vault = Vault({"TOKEN": "next secret value"}, {}, VAULT.key)
    change = Edit(("options", "client_secret"), Sealed(None), Secret("TOKEN"), unknown=True)
    assert world.update(google, change).status == "applied"


def test_a_secret_without_a_value_fails_before_anything_is_sent(world):
    world.vault = Vault()
    (outcome,) = world.create(DATABASE)
    assert outcome.status == "failed"
    assert "TOKEN has no value" in outcome.detail
    assert world.writes == []


def test_a_secret_is_added_to_a_list_whose_other_secrets_the_plan_recognised(world):
    action = resource(
        "actions.claims",
        name="claims",
        code="exports.a = 1;",
        supported_triggers=[{"id": "post-login", "version": "v3"}],
        secrets=[{"name": "KEY", "value": Secret("TOKEN")}],
    )
    world.create(action)
    before = [{"name": "KEY", "value": Secret("TOKEN")}]
    after = [*before, {"name": "NEXT", "value": Secret("OTHER")}]
    world.vault = Vault({"TOKEN": SECRET, "OTHER": "another secret"}, {}, VAULT.key)
    assert world.update(action, edit("secrets", before, after)).status == "applied"
    (stored,) = world.sandbox.documents("actions").values()
    assert {s["name"]: s["value"] for s in stored["secrets"]} == {
        "KEY": SECRET,
        "NEXT": "another secret",
    }
    assert world.update(action, edit("secrets", before, after)).status == "applied"
    assert world.update(action, edit("secrets", before, before)).status == "moved"


def test_a_readable_secret_text_with_a_reference_in_it_is_recognised(world):
    api = resource("resource_servers.management-api")
    text = Text(("Bearer ", Secret("TOKEN"), " for ", Ref(api.address, "identifier")))
    stream = resource(
        "log_streams.hook",
        name="hook",
        type="http",
        sink={
            "httpEndpoint": "https://logs.example",
            "httpContentType": "application/json",
            "httpContentFormat": "JSONLINES",
            "httpAuthorization": text,
        },
    )
    (outcome,) = world.execute(scope_of([api, stream]), [Create(stream)])
    assert outcome.status == "applied", outcome
    live = world.read(api, stream).get(stream.address).fields["sink"]["httpAuthorization"]
    assert live == Sealed(VAULT.mark(text)[1])
    (stored,) = world.sandbox.documents("log_streams").values()
    audience = f"https://{world.sandbox.domain}/api/v2/"
    assert stored["sink"]["httpAuthorization"] == f"Bearer {SECRET} for {audience}"


def test_a_secret_of_another_resource_cannot_be_referred_to(world):
    copy = resource(
        "clients.copy",
        name="Copy",
        client_metadata={"stolen": Ref(WEB, "client_secret")},
    )
    made, refused = world.create(SHOP, copy)
    assert made.status == "applied"
    assert refused.status == "failed"
    assert refused.detail == "clients.web-shop has no field client_secret"
