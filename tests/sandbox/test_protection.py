"""Attack protection: what a subscription includes, policies for CAPTCHAs, phone providers."""

import pytest

PATH = "/attack-protection"
POLICIES = f"{PATH}/captcha/policies"
POLICY = {
    "name": "risky countries",
    "priority": 2,
    "match": {"geo_country_codes": ["AQ"]},
    "action": {"active_provider_id": "arkose", "arkose": {"site_key": "s", "secret": "x"}},
}


@pytest.mark.parametrize("part", ["bot-detection", "captcha", "captcha/policies"])
def test_bots_are_detected_for_those_who_pay_for_it(api, sandbox, part):
    sandbox.reset({"reads": [read(f"{PATH}/bot-detection")]})
    answer = api.call("GET", f"{PATH}/{part}")
    assert (answer.status_code, answer.json()["errorCode"]) == (403, "insufficient_entitlement")
    assert answer.json()["message"] == "Please upgrade your subscription to use bot detection"
    assert api.call("GET", f"{PATH}/brute-force-protection").status_code == 200


def read(path):
    return {"path": f"/api/v2{path}", "query": {}, "status": 403, "body": None}


def test_phone_providers_are_protected_one_way_or_the_other(api):
    path = f"{PATH}/phone-provider-protection"
    assert api.get(path) == {"type": "default"}
    assert api.patch(path, {"type": "exponential"}) == {"type": "exponential"}
    assert api.call("PATCH", path, {"type": "sometimes"}).status_code == 400
    assert api.get(path) == {"type": "exponential"}


def test_a_policy_hides_its_secret_and_is_listed_by_priority(api, sandbox):
    made = api.call("POST", POLICIES, POLICY)
    assert made.status_code == 201
    policy = made.json()
    assert policy["action"]["arkose"] == {"site_key": "s"}
    assert api.get(f"{POLICIES}/{policy['id']}") == policy
    stored = sandbox.documents("captcha_policies")[policy["id"]]
    assert stored["action"]["arkose"]["secret"] == "x"
    first = api.post(POLICIES, POLICY | {"name": "first", "priority": 1})
    assert [item["id"] for item in api.get(POLICIES)] == [first["id"], policy["id"]]
    assert api.call("POST", POLICIES, POLICY | {"name": "same"}).status_code == 409
    assert api.patch(f"{POLICIES}/{policy['id']}", {"priority": 0})["name"] == POLICY["name"]
    assert [item["priority"] for item in api.get(POLICIES)] == [0, 1]
    path = f"{POLICIES}/{policy['id']}"
    assert [api.call("DELETE", path).status_code for _ in range(2)] == [204, 404]


def test_administrators_who_are_not_notified_are_not_notified_often(api):
    """The frequency goes with the last shield that notifies them (recorded traffic)."""
    path = f"{PATH}/breached-password-detection"
    often = {"admin_notification_frequency": ["daily"]}
    stage = {"pre-user-registration": {"shields": ["admin_notification"]}}
    assert api.patch(path, {"stage": stage, **often})["admin_notification_frequency"] == ["daily"]
    kept = api.patch(path, {"shields": ["block"]})
    assert kept["admin_notification_frequency"] == ["daily"]
    cleared = api.patch(path, {"stage": {"pre-user-registration": {"shields": ["block"]}}})
    assert cleared["admin_notification_frequency"] == []
    assert api.get(path) == cleared
    assert api.patch(path, often) == api.get(path) == cleared | often
