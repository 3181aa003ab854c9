"""Carrying out one step: creates, updates, deletes, refusals."""

import pytest

from gateway.resources import DATABASE, KEY, SHOP, WEB
from gateway.world import SECRET, World, edit, resource, scope_of, step
from tenantctl.errors import Denied
from tenantctl.gateway import Access
from tenantctl.model import (
    ABSENT,
    Create,
    Delete,
    Ref,
    Secret,
    Text,
    Update,
)
from tenantctl.sandbox import Fault


@pytest.fixture
def world():
    return World()


def only(world, kind, name):
    (found,) = [d for d in world.sandbox.documents(kind).values() if d["name"] == name]
    return found


def test_a_create_sends_one_post_with_everything_resolved(world):
    api = resource("resource_servers.management-api")
    shop = resource(
        "clients.web-shop",
        name="Web Shop",
        description=None,
        callbacks=[Text(("https://b?aud=", Ref(api.address, "identifier")))],
        client_metadata={"none": None, "api": Ref(api.address, "identifier")},
    )
    outcomes = world.execute(scope_of([api, shop]), [Create(shop)])
    assert [(o.status, o.writes) for o in outcomes] == [("applied", 1)]
    assert world.writes == ["POST /clients"]
    stored = only(world, "clients", "Web Shop")
    audience = f"https://{world.sandbox.domain}/api/v2/"
    assert stored["callbacks"] == [f"https://b?aud={audience}"]
    assert stored["client_metadata"] == {"api": audience}


def test_what_was_created_can_be_referred_to_at_once(world):
    enabled = resource("connection_clients.customers", clients=[Ref(WEB, "client_id")])
    outcomes = world.create(SHOP, DATABASE, enabled)
    assert [o.status for o in outcomes] == ["applied"] * 3
    (id,) = [
        i for i, d in world.sandbox.documents("connections").items() if d["name"] == "customers"
    ]
    client = only(world, "clients", "Web Shop")["client_id"]

    async def ids(gateway):
        await gateway.read(scope_of([SHOP, DATABASE]))
        return gateway.id_of(WEB), gateway.id_of(DATABASE.address)

    assert world.job(ids) == (client, id)


def test_a_create_that_was_carried_out_before_is_unchanged(world):
    world.create(SHOP)
    world.sandbox.clear_log()
    assert [(o.status, o.writes) for o in world.create(SHOP)] == [("unchanged", 0)]
    assert world.writes == []


def test_a_create_where_something_else_stands_has_moved(world):
    world.sandbox.put("clients", "c1", {"name": "Web Shop", "app_type": "native"})
    (outcome,) = world.create(SHOP)
    assert outcome.status == "moved"
    assert "app_type" in outcome.detail
    assert world.writes == []


@pytest.mark.parametrize("kind", ["after", "status"])
def test_a_lost_answer_to_a_post_makes_no_duplicate(world, kind):
    world.sandbox.faults = [Fault(kind, "POST", "/clients", nth=(1,))]
    (outcome,) = world.create(SHOP)
    assert outcome.status == "applied"
    assert only(world, "clients", "Web Shop")["app_type"] == "spa"


def test_a_post_that_never_gets_through_fails_and_leaves_nothing(world):
    world.sandbox.faults = [Fault("before", "POST", "/clients")]
    (outcome,) = world.create(SHOP)
    assert outcome.status == "failed"
    assert "no answer" in outcome.detail
    assert [d["name"] for d in world.sandbox.documents("clients").values()].count("Web Shop") == 0


def test_a_conflict_with_somebody_elses_object_is_a_failure_that_names_the_field(world):
    role = resource("roles.clerk", name="clerk", description="ours")

    async def work(gateway):
        await gateway.read(scope_of([role]))
        world.sandbox.put("roles", "rol_1", {"name": "clerk", "description": "theirs"})
        return await gateway.execute(step(Create(role)))

    outcome = world.job(work)
    assert outcome.status == "failed"
    assert "description" in outcome.detail
    assert len(world.sandbox.documents("roles")) == 1


def test_a_conflict_with_an_object_as_declared_is_no_failure(world):
    role = resource("roles.clerk", name="clerk", description="ours")

    async def work(gateway):
        await gateway.read(scope_of([role]))
        world.sandbox.put("roles", "rol_1", {"name": "clerk", "description": "ours"})
        return await gateway.execute(step(Create(role))), gateway.id_of(role.address)

    outcome, id = world.job(work)
    assert outcome.done
    assert id == "rol_1"


def test_an_update_of_one_field_is_one_read_and_one_write_of_that_field(world):
    world.create(SHOP)
    world.sandbox.clear_log()
    outcome = world.update(SHOP, edit("callbacks", ["https://a"], ["https://b"]))
    assert (outcome.status, outcome.writes) == ("applied", 1)
    (write,) = [r for r in world.sandbox.log if r.method == "PATCH"]
    assert write.body_keys == ("callbacks",)
    assert only(world, "clients", "Web Shop")["callbacks"] == ["https://b"]
    assert only(world, "clients", "Web Shop")["app_type"] == "spa"


def test_an_update_that_holds_already_writes_nothing(world):
    world.create(SHOP)
    world.sandbox.clear_log()
    outcome = world.update(SHOP, edit("callbacks", ["https://old"], ["https://a"]))
    assert (outcome.status, outcome.writes) == ("unchanged", 0)
    assert world.writes == []


def test_an_update_of_something_changed_meanwhile_writes_nothing_and_names_the_field(world):
    world.create(SHOP)
    world.sandbox.clear_log()
    outcome = world.update(
        SHOP,
        edit("callbacks", ["https://old"], ["https://new"]),
        edit("app_type", "spa", "native"),
    )
    assert outcome.status == "moved"
    assert outcome.detail == "changed since the plan: callbacks"
    assert world.writes == []


def test_the_order_of_a_set_is_no_change(world):
    world.sandbox.put(
        "clients", "c1", {"name": "Web Shop", "callbacks": ["https://b", "https://a"]}
    )
    outcome = world.update(SHOP, edit("callbacks", ["https://a", "https://b"], ["https://c"]))
    assert outcome.status == "applied"


def test_an_update_that_was_interrupted_goes_on(world):
    world.create(SHOP)
    outcome = world.update(
        SHOP,
        edit("callbacks", ["https://old"], ["https://a"]),
        edit("app_type", "spa", "native"),
    )
    assert outcome.status == "applied"
    assert only(world, "clients", "Web Shop")["app_type"] == "native"


def test_an_update_of_something_that_is_gone_has_moved(world):
    world.create(SHOP)

    async def work(gateway):
        await gateway.read(scope_of([SHOP]))
        world.sandbox.drop("clients", gateway.id_of(WEB))
        change = Update(WEB, (edit("app_type", "spa", "native"),))
        return await gateway.execute(step(change))

    assert world.job(work).status == "moved"


def test_an_update_of_something_that_the_last_read_did_not_find_has_moved(world):
    assert world.update(SHOP, edit("app_type", "spa", "native")).status == "moved"


def test_a_key_of_an_open_map_is_taken_away(world):
    world.create(SHOP)
    assert world.update(SHOP, edit("client_metadata.a", "1", ABSENT)).status == "applied"
    assert only(world, "clients", "Web Shop")["client_metadata"] == {"b": "2"}


def test_a_field_is_unset(world):
    world.sandbox.put("clients", "c1", {"name": "Web Shop", "logo_uri": "https://logo"})
    assert world.update(SHOP, edit("logo_uri", "https://logo", None)).status == "applied"
    assert "logo_uri" not in only(world, "clients", "Web Shop")


def test_one_option_of_a_connection_changes_and_the_others_stay(world):
    world.create(DATABASE)
    outcome = world.update(
        DATABASE,
        edit("options.passwordPolicy", "good", "fair"),
        resend=[(KEY, Secret("TOKEN"))],
    )
    assert outcome.status == "applied"
    options = only(world, "connections", "customers")["options"]
    assert options["passwordPolicy"] == "fair"
    assert options["mfa"] == {"active": True, "return_enroll_settings": True}
    assert options["configuration"] == {"KEY": SECRET}


def test_options_that_only_an_agent_sets_survive_an_update(world):
    world.create(DATABASE)
    (id,) = [
        i for i, d in world.sandbox.documents("connections").items() if d["name"] == "customers"
    ]
    options = world.sandbox.documents("connections")[id]["options"]
    world.sandbox.edit("connections", id, {"options": {**options, "setByAnAgent": "9"}})
    outcome = world.update(
        DATABASE,
        edit("options.passwordPolicy", "good", "fair"),
        resend=[(KEY, Secret("TOKEN"))],
    )
    assert outcome.status == "applied", outcome
    assert world.sandbox.documents("connections")[id]["options"]["setByAnAgent"] == "9"


def test_a_singleton_is_updated_in_place(world):
    tenant = resource("tenant", friendly_name="New")
    live = world.read(tenant).get(tenant.address)
    change = edit("friendly_name", live.fields.get("friendly_name", ABSENT), "New")
    assert world.update(tenant, change).status == "applied"
    assert world.sandbox.documents("tenant_settings")[""]["friendly_name"] == "New"


def test_a_field_that_the_api_does_not_take_fails_by_name(world):
    world.create(SHOP)
    world.sandbox.clear_log()
    outcome = world.update(SHOP, edit("no_such_field", ABSENT, "x"))
    assert outcome.status == "failed"
    assert "PATCH /clients/{id} does not take no_such_field" in outcome.detail
    assert world.writes == []


def test_a_delete_deletes_and_may_be_repeated(world):
    world.create(SHOP)

    async def work(gateway):
        await gateway.read(scope_of([SHOP]))
        first = await gateway.execute(step(Delete(SHOP)))
        again = await gateway.execute(step(Delete(SHOP)))
        return first.status, again.status, gateway.id_of(WEB)

    assert world.job(work) == ("applied", "unchanged", "")
    assert "Web Shop" not in {d["name"] for d in world.sandbox.documents("clients").values()}


def test_a_delete_of_what_went_away_meanwhile_is_done(world):
    role = resource("roles.clerk", name="clerk")
    world.create(role)

    async def work(gateway):
        await gateway.read(scope_of([role]))
        world.sandbox.drop("roles", gateway.id_of(role.address))
        return await gateway.execute(step(Delete(role)))

    assert world.job(work).status == "applied"


def test_what_cannot_be_deleted_is_emptied(world):
    text = resource("prompt_custom_text.login/de", login={"title": "Willkommen"})
    world.create(text)
    assert world.read(text).get(text.address).fields == {"login": {"title": "Willkommen"}}
    assert [o.status for o in world.delete(text)] == ["applied"]
    assert world.read(text).get(text.address) is None


def test_what_is_there_for_ever_is_not_deleted(world):
    (outcome,) = world.delete(resource("tenant", friendly_name="x"))
    assert outcome.status == "failed"
    assert "cannot be deleted" in outcome.detail


def test_a_refusal_is_an_outcome_with_auth0s_own_words_and_no_secret(world):
    google = resource(
        "connections.google",
        name=SECRET,
        strategy="no-such-strategy",
        options={"client_secret": Secret("TOKEN")},
    )
    (outcome,) = world.create(google)
    assert outcome.status == "failed"
    assert outcome.detail.startswith("POST /connections: 400 ")
    assert SECRET not in outcome.detail


def test_a_missing_scope_ends_the_run_and_is_named(world):
    id, secret = world.sandbox.provision("reader", ["read:clients", "read:client_keys"])
    access = Access(world.sandbox.domain, id, client_secret=secret)

    async def work(gateway):
        await gateway.read(scope_of([SHOP]))
        await gateway.execute(step(Create(SHOP)))

    with pytest.raises(Denied, match="create:clients"):
        world.job(work, access)


def test_an_email_provider_is_created_updated_and_deleted(world):
    provider = resource(
        "email_provider",
        name="ses",
        default_from_address="a@b.example",
        credentials={
            "accessKeyId": Secret("TOKEN"),
            "secretAccessKey": Secret("TOKEN"),
            "region": "eu-central-1",
        },
    )
    assert [o.status for o in world.create(provider)] == ["applied"]
    secrets = [
        (("credentials", name), provider.fields["credentials"][name])
        for name in ("accessKeyId", "secretAccessKey", "region")
    ]
    region = edit("credentials.region", "eu-central-1", "eu-west-1")
    assert world.update(provider, region, resend=secrets[:2]).status == "applied"
    (stored,) = world.sandbox.documents("email_provider").values()
    assert stored["credentials"] == {
        "accessKeyId": SECRET,
        "secretAccessKey": SECRET,
        "region": "eu-west-1",
    }
    assert [o.status for o in world.delete(provider)] == ["applied"]
    assert world.read(provider).get(provider.address) is None


def test_something_added_since_the_plan_is_noticed_too(world):
    api = resource("resource_servers.orders", identifier="https://orders", name="Orders")
    scopes = [{"value": "read:orders", "description": "added in the dashboard"}]
    world.create(resource(str(api.address), **api.fields, scopes=scopes))
    outcome = world.update(
        api, edit("scopes", [{"value": "read:orders"}], [{"value": "write:orders"}])
    )
    assert outcome.status == "moved"
