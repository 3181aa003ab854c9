"""Rules, their configuration, hooks and their secrets: what Actions replaced."""

import re

import pytest

HOOK = {
    "name": "sign-up",
    "script": "module.exports = cb => cb();",
    "triggerId": "send-phone-message",
}
RULE = {"name": "greet", "script": "function (user, context, cb) { cb(null, user, context); }"}


def test_a_rule_is_enabled_and_runs_after_the_others(api):
    first, second = api.post("/rules", RULE), api.post("/rules", {**RULE, "name": "second"})
    assert re.fullmatch(r"rul_\w{16}", first["id"])
    assert (first["enabled"], first["stage"], first["order"]) == (True, "login_success", 1)
    assert second["order"] == 2
    path = f"/rules/{first['id']}"
    assert api.patch(path, {"enabled": False}) == api.get(path) == {**first, "enabled": False}
    assert [item["id"] for item in api.get("/rules", enabled="true")] == [second["id"]]
    assert [api.call("DELETE", path).status_code for _ in range(2)] == [204, 204]
    assert api.call("GET", path).status_code == 404


def test_two_rules_or_hooks_cannot_have_one_name(api):
    api.post("/rules", RULE)
    assert api.call("POST", "/rules", RULE).status_code == 409
    api.post("/hooks", {**HOOK, "name": "sign-up-2"})
    refused = api.call("POST", "/hooks", {**HOOK, "name": "Sign Up2"})
    assert refused.status_code == 409, "it is the same name once it is written with hyphens"


@pytest.mark.parametrize(
    ("name", "kept"),
    [("test-hook520", "test-hook-520"), ("SendIt", "send-it"), ("plain", "plain")],
)
def test_a_hook_is_named_with_hyphens(api, name, kept):
    made = api.post("/hooks", {**HOOK, "name": name})
    assert made == {**HOOK, "name": kept, "id": made["id"], "dependencies": {}, "enabled": False}
    assert re.fullmatch(r"[0-9A-Z]{26}", made["id"])


def test_no_read_shows_the_value_of_a_hooks_secret(api):
    hook = api.post("/hooks", HOOK)["id"]
    path = f"/hooks/{hook}/secrets"
    assert api.post(path, {"A": "hush", "B": "hush"}) == {}
    assert api.get(path) == {"A": "_VALUE_NOT_SHOWN_", "B": "_VALUE_NOT_SHOWN_"}
    assert api.call("POST", path, {"B": "again"}).status_code == 409
    assert api.call("PATCH", path, {"C": "unheard of"}).status_code == 404
    assert api.patch(path, {"A": "new"}) == {}
    assert api.sandbox.documents("hook_secrets") == {hook: {"A": "new", "B": "hush"}}
    assert api.call("DELETE", path, ["B", "nothing"]).status_code == 204
    assert api.get(path) == {"A": "_VALUE_NOT_SHOWN_"}
    many = {f"S{number}": "x" for number in range(20)}
    assert api.call("POST", path, many).status_code == 400, "20 are the most"
    assert api.call("DELETE", f"/hooks/{hook}").status_code == 204
    assert api.call("GET", path).status_code == 404
    assert api.sandbox.documents("hook_secrets") == {}


def test_the_configuration_of_rules_shows_keys_only(api):
    path = "/rules-configs/CRM"
    for value in ("first", ""):
        assert api.call("PUT", path, {"value": value}).json() == {"key": "CRM", "value": value}
    assert api.get("/rules-configs", include_totals="true") == [{"key": "CRM"}]
    assert [api.call("DELETE", path).status_code for _ in range(2)] == [204, 204]
    assert api.get("/rules-configs") == []
    assert api.call("PUT", f"/rules-configs/{'k' * 128}", {"value": ""}).status_code == 400
