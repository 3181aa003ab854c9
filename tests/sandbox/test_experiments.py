"""From a flag with variations to an experiment that runs, and what stands in the way.

Statuses and messages are those of the OpenAPI document.
"""

import pytest

from tenantctl.sandbox import Sandbox

BASE = "/experimentation"
FLAG = {"name": "Checkout", "parameters": {"colour": {"type": "string", "value": "red"}}}
EXPERIMENT = {
    "name": "Colour of the button",
    "authentication_flow": "authentication",
    "allocation_strategy": "percentage",
    "assignment_config": {"subject": "device"},
}


@pytest.fixture
def flag(api):
    """A flag with two variations."""
    made = api.post(f"{BASE}/feature-flags", FLAG)
    path = f"{BASE}/feature-flags/{made['id']}"
    for name in ("red", "green"):
        api.post(f"{path}/variations", {"name": name, "overrides": {"colour": name}})
    return api.get(path)


def experiment(api, flag, **given):
    path = f"{BASE}/feature-flags/{flag['id']}/variations"
    first, second = (item["id"] for item in api.get(path)["variations"])
    allocations = [
        {"variation_id": first, "weight": 50, "is_control": True},
        {"variation_id": second, "weight": 50, "is_control": False},
    ]
    body = {**EXPERIMENT, "feature_flag_id": flag["id"], "allocations": allocations, **given}
    return api.post(f"{BASE}/experiments", body)


def started(api, flag, **given):
    made = experiment(api, flag, **given)
    api.post(f"{BASE}/feature-flags/{flag['id']}/status", {"status": "active"})
    return api.post(f"{BASE}/experiments/{made['id']}/status", {"status": "active"})


def refusal(api, method, path, body=None):
    answer = api.call(method, f"{BASE}{path}", body)
    return answer.status_code, answer.json().get("message")


def test_a_flag_has_variations_that_override_its_parameters(api, flag):
    assert (flag["type"], flag["status"]) == ("self", "draft")
    path = f"/feature-flags/{flag['id']}/variations"
    unknown = {"name": "size", "overrides": {"size": 3}}
    assert refusal(api, "POST", path, unknown)[0] == 400
    assert refusal(api, "POST", path, {"name": "red", "overrides": {}}) == (
        409, "A variation with this name already exists on this feature flag.",
    )  # fmt: skip
    wrong = {"name": "Other flag", "parameters": {"size": {"type": "number", "value": "3"}}}
    assert refusal(api, "POST", "/feature-flags", wrong)[0] == 400
    assert refusal(api, "POST", "/feature-flags", FLAG)[0] == 409
    first, second = api.get(f"{BASE}{path}")["variations"]
    assert first["feature_flag_id"] == flag["id"]
    item = f"{BASE}{path}/{first['id']}"
    assert api.patch(item, {"name": "crimson"})["name"] == "crimson"
    assert api.call("DELETE", item).status_code == 204
    assert refusal(api, "DELETE", f"{path}/{second['id']}") == (
        400, "Feature flag must have at least one variation. Cannot delete the last variation.",
    )  # fmt: skip
    elsewhere = api.post(f"{BASE}/feature-flags", {**FLAG, "name": "Elsewhere"})["id"]
    assert refusal(api, "GET", f"/feature-flags/{elsewhere}/variations/{second['id']}")[0] == 404
    assert api.call("DELETE", f"{BASE}/feature-flags/{flag['id']}").status_code == 204
    assert api.sandbox.documents("feature_flag_variations") == {}


def test_an_experiment_starts_once_nothing_stands_in_the_way(api, flag):
    made = experiment(api, flag, allocations=None)
    path = f"/experiments/{made['id']}"
    assert (made["status"], made["is_valid"]) == ("draft", False)
    found = api.post(f"{BASE}{path}/validate")
    assert [item["code"] for item in found["errors"]] == [
        "feature_flag_not_active", "no_allocations",
    ]  # fmt: skip
    assert refusal(api, "POST", f"{path}/status", {"status": "active"})[0] == 400
    live = started(api, flag, name="The other one")
    assert (live["status"], live["is_valid"]) == ("active", True)
    assert "started_at" in live
    assert live["feature_flag_name"] == flag["name"]
    assert [item["variation_name"] for item in live["allocations"]] == ["red", "green"]


def test_a_running_experiment_is_changed_and_deleted_only_once_it_is_paused(api, flag):
    live = started(api, flag)
    path = f"/experiments/{live['id']}"
    one = [{**live["allocations"][0], "weight": 100}]
    one = [{name: item[name] for name in ("variation_id", "weight", "is_control")} for item in one]
    assert refusal(api, "PATCH", path, {"allocations": one}) == (
        400, "Allocations cannot be modified while the experiment is active.",
    )  # fmt: skip
    assert refusal(api, "DELETE", path) == (
        400, "Active experiments cannot be deleted. Pause or complete the experiment first.",
    )  # fmt: skip
    assert api.patch(f"{BASE}{path}", {"status": "paused"})["status"] == "paused"
    assert len(api.patch(f"{BASE}{path}", {"allocations": one})["allocations"]) == 1
    assert refusal(api, "POST", f"{path}/status", {"status": "archived"}) == (
        400, "Status transition is not allowed.",
    )  # fmt: skip
    assert "ended_at" in api.post(f"{BASE}{path}/status", {"status": "completed"})
    assert [api.call("DELETE", f"{BASE}{path}").status_code for _ in range(2)] == [204, 204]


def test_what_an_experiment_uses_cannot_be_deleted(api, flag):
    segment = api.post(
        f"{BASE}/segments",
        {"name": "Germans", "rules": [{"match": {"country": ["DE"]}}]},
    )
    (variation, rest) = api.get(f"{BASE}/feature-flags/{flag['id']}/variations")["variations"]
    allocations = [
        {
            "variation_id": variation["id"],
            "segment_id": segment["id"],
            "priority": 1,
            "is_control": False,
        },
        {"variation_id": rest["id"], "is_control": True, "is_fallback": True},
    ]
    made = experiment(api, flag, allocation_strategy="segment", allocations=allocations)
    assert made["allocations"][0]["segment_name"] == "Germans"
    used = (
        f"/feature-flags/{flag['id']}",
        f"/feature-flags/{flag['id']}/variations/{variation['id']}",
        f"/segments/{segment['id']}",
    )
    assert [refusal(api, "DELETE", path)[0] for path in used] == [409, 409, 409]
    api.post(f"{BASE}/experiments/{made['id']}/status", {"status": "archived"})
    assert [api.call("DELETE", BASE + path).status_code for path in reversed(used)] == [204] * 3


def test_a_ramp_goes_up_one_level_at_a_time(api, flag):
    wrong = {"levels": [10, 10], "name": "Wrong", "authentication_flow": "all"}
    body = {**wrong, "feature_flag_id": flag["id"]}
    assert refusal(api, "POST", "/experiments", body)[0] == 400
    live = started(api, flag, levels=[5, 50, 100])
    path = f"/experiments/{live['id']}/advance-ramp"
    assert live["current_level"] == 5
    assert refusal(api, "POST", path, {"target_level": 100})[0] == 400
    assert api.post(BASE + path, {"target_level": 50}) == {
        "experiment_id": live["id"], "from_level": 5, "to_level": 50, "current_level": 50,
    }  # fmt: skip
    assert api.post(BASE + path, {"target_level": 50})["from_level"] == 50
    assert refusal(api, "POST", path, {"target_level": 5})[0] == 400


def test_references_and_names_are_checked(api, flag):
    experiment(api, flag)
    body = {**EXPERIMENT, "feature_flag_id": "flg_unheardof", "name": "Another"}
    assert refusal(api, "POST", "/experiments", body) == (404, "Feature flag not found.")
    body = {**EXPERIMENT, "feature_flag_id": flag["id"]}
    assert refusal(api, "POST", "/experiments", body)[0] == 409
    body = {**body, "name": "Strange", "assignment_config": {"subject": "user"}}
    assert refusal(api, "POST", "/experiments", body)[0] == 400
    stray = [{"variation_id": "var_unheardof", "is_control": True}]
    body = {**body, "assignment_config": {"subject": "device"}, "allocations": stray}
    assert refusal(api, "POST", "/experiments", body)[0] == 400
    assert refusal(api, "POST", f"/feature-flags/{flag['id']}/status", {"status": None})[0] == 400


def test_lists_are_paged_by_checkpoints_of_25_and_filtered(api):
    for number in range(27):
        api.post(f"{BASE}/feature-flags", {**FLAG, "name": f"Flag {number}"})
    first = api.get(f"{BASE}/feature-flags")
    assert len(first["feature_flags"]) == 25
    rest = api.get(f"{BASE}/feature-flags", **{"from": first["next"]})
    assert len(rest["feature_flags"]) == 2
    assert "next" not in rest
    assert api.get(f"{BASE}/feature-flags", status="active") == {"feature_flags": []}
    assert api.call("GET", f"{BASE}/feature-flags", take="51").status_code == 400


def test_a_tenant_without_experimentation_is_told_so(connect):
    sandbox = Sandbox("hearthhollow-dev.sandbox.invalid")
    sandbox.features = sandbox.features - {"experimentation"}
    api = connect(sandbox)
    for path in ("feature-flags", "segments", "experiments"):
        answer = api.call("GET", f"{BASE}/{path}")
        assert answer.status_code == 403
        assert answer.json()["errorCode"] == "insufficient_entitlement"
