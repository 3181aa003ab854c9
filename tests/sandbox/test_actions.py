"""From a draft to a bound action, and what stands in the way."""

import pytest

from tenantctl.sandbox import Delays, Sandbox

DOMAIN = "hearthhollow-dev.sandbox.invalid"
DRAFT = {
    "name": "add-claims",
    "code": "exports.onExecutePostLogin = async () => {};",
    "supported_triggers": [{"id": "post-login", "version": "v3"}],
    "secrets": [{"name": "CRM", "value": "hush"}],
}
BINDINGS = "/actions/triggers/post-login/bindings"


def bind(*actions):
    refs = [{"ref": {"type": "action_id", "value": action}} for action in actions]
    return {"bindings": refs}


def test_an_action_is_pending_then_built_then_deployed(api):
    made = api.post("/actions/actions", DRAFT)
    assert (made["status"], made["all_changes_deployed"]) == ("pending", False)
    assert made["runtime"] == "node22"
    path = f"/actions/actions/{made['id']}"
    assert api.get(path)["status"] == "built"
    version = api.post(f"{path}/deploy")
    assert (version["number"], version["deployed"]) == (1, False)
    live = api.get(path)
    assert live["all_changes_deployed"] is True
    assert live["deployed_version"]["id"] == version["id"]
    assert live["deployed_version"]["deployed"] is True


def test_no_answer_shows_the_value_of_a_secret(api):
    made = api.post("/actions/actions", DRAFT)
    path = f"/actions/actions/{made['id']}"
    answers = [
        made,
        api.get(path),
        api.get("/actions/actions"),
        api.post(f"{path}/deploy"),
        api.get(path),
        api.get(f"{path}/versions"),
        api.patch(BINDINGS, bind(made["id"])),
        api.get(BINDINGS),
    ]
    assert all("hush" not in str(answer) for answer in answers)
    assert all("CRM" in str(answer) for answer in answers)
    (stored,) = api.sandbox.documents("actions").values()
    assert stored["secrets"][0]["value"] == "hush"


def test_a_changed_draft_is_not_deployed_until_it_is_deployed_again(api):
    made = api.post("/actions/actions", DRAFT)
    path = f"/actions/actions/{made['id']}"
    api.post(f"{path}/deploy")
    changed = api.patch(path, {"code": "exports.onExecutePostLogin = async () => 1;"})
    assert (changed["status"], changed["all_changes_deployed"]) == ("pending", False)
    assert changed["deployed_version"]["code"] == DRAFT["code"]
    assert api.post(f"{path}/deploy")["number"] == 2
    versions = api.get(f"{path}/versions")["versions"]
    assert [(item["number"], item["deployed"]) for item in versions] == [(1, False), (2, True)]
    api.post(f"{path}/versions/{versions[0]['id']}/deploy")
    live = api.get(path)
    assert (live["deployed_version"]["number"], live["all_changes_deployed"]) == (3, False)
    assert live["deployed_version"]["code"] == DRAFT["code"]


def test_an_update_of_the_name_alone_builds_nothing(api):
    made = api.post("/actions/actions", DRAFT)
    path = f"/actions/actions/{made['id']}"
    api.post(f"{path}/deploy")
    assert api.patch(path, {"name": "renamed"})["all_changes_deployed"] is True


def test_a_secret_sent_without_a_value_keeps_its_value(api):
    made = api.post("/actions/actions", DRAFT)
    path = f"/actions/actions/{made['id']}"
    api.patch(path, {"secrets": [{"name": "CRM"}, {"name": "ERP", "value": "new"}]})
    (stored,) = api.sandbox.documents("actions").values()
    assert {item["name"]: item["value"] for item in stored["secrets"]} == {
        "CRM": "hush",
        "ERP": "new",
    }


def test_a_build_takes_as_many_reads_as_the_delay_says(connect):
    api = connect(Sandbox(DOMAIN, delays=Delays(build_reads=2)))
    path = f"/actions/actions/{api.post('/actions/actions', DRAFT)['id']}"
    assert api.call("POST", f"{path}/deploy").status_code == 400
    assert [api.get(path)["status"] for _ in range(4)] == ["pending", "building", "built", "built"]
    assert api.call("POST", f"{path}/deploy").status_code == 200


def test_a_build_takes_as_long_as_the_clock_says(connect):
    now = [1000.0]
    delays = Delays(build_seconds=30)
    api = connect(Sandbox(DOMAIN, clock=lambda: now[0], delays=delays))
    path = f"/actions/actions/{api.post('/actions/actions', DRAFT)['id']}"
    assert api.get(path)["status"] == "pending"
    now[0] += 30
    (listed,) = api.get("/actions/actions")["actions"]
    assert listed["status"] == api.get(path)["status"] == "built"


def test_a_build_that_is_told_to_fail_fails_and_cannot_be_deployed(connect):
    api = connect(Sandbox(DOMAIN, delays=Delays(failing_builds=("add-*",))))
    path = f"/actions/actions/{api.post('/actions/actions', DRAFT)['id']}"
    assert api.get(path)["status"] == "failed"
    assert api.call("POST", f"{path}/deploy").status_code == 400


def deployed(api, name):
    made = api.post("/actions/actions", {**DRAFT, "name": name})
    api.post(f"/actions/actions/{made['id']}/deploy")
    return made["id"]


def test_bindings_keep_their_order_and_are_replaced_as_a_whole(api):
    first, second = deployed(api, "first"), deployed(api, "second")
    api.patch(BINDINGS, bind(second, first))
    shown = api.get(BINDINGS)
    assert [item["action"]["id"] for item in shown["bindings"]] == [second, first]
    assert [item["display_name"] for item in shown["bindings"]] == ["second", "first"]
    assert shown["total"] == 2
    by_name = {"bindings": [{"ref": {"type": "action_name", "value": "first"}}]}
    assert [item["action"]["id"] for item in api.patch(BINDINGS, by_name)["bindings"]] == [first]
    assert api.patch(BINDINGS, bind()) == {"bindings": []}


@pytest.mark.parametrize("trigger", ["post-login", "credentials-exchange", "teatime"])
def test_an_action_that_is_not_deployed_or_not_meant_for_it_cannot_be_bound(api, trigger):
    made = api.post("/actions/actions", DRAFT)
    answer = api.call("PATCH", f"/actions/triggers/{trigger}/bindings", bind(made["id"]))
    assert answer.status_code == 400
    assert api.get(BINDINGS)["bindings"] == []


def test_a_bound_action_cannot_be_deleted_unless_by_force(api):
    action = deployed(api, "a")
    api.patch(BINDINGS, bind(action))
    path = f"/actions/actions/{action}"
    refused = api.call("DELETE", path)
    assert refused.status_code == 409
    assert refused.json()["message"] == "Unable to delete an action bound to a trigger."
    assert api.call("DELETE", path, force="true").status_code == 204
    assert api.get(BINDINGS)["bindings"] == []
    assert api.call("DELETE", path).status_code == 404


def test_the_triggers_are_listed_with_their_versions(api):
    triggers = api.get("/actions/triggers")["triggers"]
    post_login = [item["version"] for item in triggers if item["id"] == "post-login"]
    assert post_login == ["v1", "v2", "v3"]
