"""How a tenant is set up: faults, delays, limits, features and the time, in one process and two."""

import httpx
import pytest

from tenantctl.sandbox import Bucket, Delays, Fault, Hostility, Sandbox, SandboxError
from tenantctl.sandbox.settings import (
    Settings,
    dumped,
    loaded,
    read_buckets,
    read_delays,
    read_faults,
    read_hostility,
)
from tenantctl.sandbox.subscriptions import BUCKETS, FEATURES

DOMAIN = "hearthhollow-dev.sandbox.invalid"


def test_settings_survive_the_way_into_the_file_and_back():
    settings = Settings(
        delays=Delays(verify_calls=3, failing_builds=("a*",)),
        faults=[Fault("status", nth=(1, 2), status=500), Fault("slow", seconds=0.5)],
        buckets=BUCKETS["free"],
        hostility=Hostility(seed=4, page_cap=None),
        features=frozenset({"organizations"}),
        offset=12.5,
        frozen=1.0,
    )
    assert loaded(dumped(settings)) == settings
    assert loaded(None) == Settings()


@pytest.mark.parametrize(
    ("read", "given", "message"),
    [
        (read_faults, {}, "not of type"),
        (read_faults, [{}], "kind"),
        (read_faults, [{"kind": "earthquake"}], "earthquake"),
        (read_faults, [{"kind": "status", "status": 200}], "200"),
        (read_faults, [{"kind": "status", "when": 1}], "when"),
        (read_faults, [{"kind": "status", "nth": [0]}], "minimum"),
        (read_faults, [{"kind": "status", "chance": 2}], "maximum"),
        (read_delays, {"verify_calls": "many"}, "many"),
        (read_delays, {"patience": 1}, "patience"),
        (read_delays, None, "null"),
        (read_buckets, [{"burst": 1}], "rate"),
        (read_buckets, [{"burst": 0, "rate": 1}], "minimum"),
        (read_buckets, [{"burst": 1, "rate": 0}], "minimum"),
        (read_hostility, {"page_cap": 0}, "0"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(read, given, message):
    with pytest.raises(SandboxError, match=message):
        read(given)


def test_whoever_opens_the_file_next_finds_the_settings(tmp_path, connect):
    path = tmp_path / "tenant.sqlite"
    first = Sandbox(DOMAIN, path)
    first.subscribe("free")
    first.features = first.features - {"organizations"}
    first.freeze(1_000_000.0)
    first.close()
    second = Sandbox(DOMAIN, path)
    connect(second)
    assert second.buckets == BUCKETS["free"]
    assert "organizations" not in second.features
    assert second.now() == 1_000_000.0


def test_settings_of_another_process_hold_from_the_next_request_on(tmp_path, connect):
    path = tmp_path / "tenant.sqlite"
    served = Sandbox(DOMAIN, path)
    api = connect(served)
    other = Sandbox(DOMAIN, path)
    other.faults = [Fault("status", status=500)]
    assert api.call("GET", "/clients").status_code == 500
    other.faults = []
    assert api.call("GET", "/clients").status_code == 200
    other.close()


def test_the_time_stands_still_moves_on_and_runs_again():
    real = [100.0]
    sandbox = Sandbox(DOMAIN, clock=lambda: real[0])
    sandbox.advance(50)
    assert sandbox.now() == 150.0
    sandbox.freeze()
    real[0] = 200.0
    assert sandbox.now() == 150.0
    sandbox.advance(3600)
    assert sandbox.now() == 3750.0
    sandbox.thaw()
    assert sandbox.now() == 200.0
    sandbox.close()


def test_tokens_expire_by_the_tenants_time(api, sandbox):
    assert api.call("GET", "/clients").status_code == 200
    sandbox.advance(24 * 3600 + 1)
    answer = api.call("GET", "/clients")
    assert (answer.status_code, answer.json()["message"]) == (
        401,
        "Expired token received for JSON Web Token validation",
    )


def test_a_token_with_some_scopes_permits_just_those(api, sandbox):
    api.token = sandbox.token(["read:clients"])
    assert api.call("GET", "/clients").status_code == 200
    assert api.call("GET", "/roles").json()["errorCode"] == "insufficient_scope"
    api.token = sandbox.token()
    assert api.call("GET", "/roles").status_code == 200


def test_a_served_tenant_takes_the_url_it_is_called_by_for_its_audience(api, sandbox):
    audience = "https://localhost:8443/t/dev/api/v2/"
    refused = api.exchange(client_secret=api.secret, audience=audience)
    assert (refused.status_code, refused.json()["error"]) == (403, "access_denied")
    sandbox.serve_at("https://localhost:8443/t/dev")
    given = api.exchange(client_secret=api.secret, audience=audience)
    api.token = given.json()["access_token"]
    assert api.call("GET", "/clients").status_code == 200


@pytest.mark.parametrize("subscription", sorted(BUCKETS))
def test_a_subscription_brings_its_limits(subscription):
    sandbox = Sandbox(DOMAIN)
    sandbox.subscribe(subscription)
    assert sandbox.buckets == BUCKETS[subscription]
    assert sandbox.features <= FEATURES
    sandbox.close()


def test_an_unknown_subscription_or_feature_is_refused_and_changes_nothing(sandbox):
    with pytest.raises(SandboxError, match="write one of free"):
        sandbox.subscribe("gratis")
    with pytest.raises(SandboxError, match="teleport"):
        sandbox.features = ["teleport"]
    assert sandbox.features == FEATURES
    assert sandbox.buckets == ()


def test_a_feature_the_subscription_lacks_is_refused_in_auth0s_words(api, sandbox):
    assert api.call("GET", "/attack-protection/bot-detection").status_code == 200
    sandbox.features = FEATURES - {"bot_detection"}
    answer = api.call("GET", "/attack-protection/bot-detection")
    assert answer.json() == {
        "statusCode": 403,
        "error": "Forbidden",
        "message": "Please upgrade your subscription to use bot detection",
        "errorCode": "insufficient_entitlement",
    }


def test_an_endpoint_has_a_bucket_of_its_own_beside_the_global_one(api, sandbox):
    sandbox.buckets = [Bucket(10, 1), Bucket(2, 0.1, "[!G]*", "/roles*", "Write roles")]
    sandbox.freeze()
    answers = [api.call("POST", "/roles", {"name": f"role {n}"}) for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["message"] == "Write roles limit has been reached"
    assert answers[2].headers["x-ratelimit-remaining"] == "0"
    assert api.call("GET", "/roles").status_code == 200


def test_a_truncated_answer_breaks_off_and_a_slow_one_comes_in_the_end(api, sandbox):
    sandbox.faults = [Fault("truncated", path="/clients"), Fault("slow", path="/roles", seconds=0)]
    with pytest.raises(httpx.RemoteProtocolError):
        api.call("GET", "/clients")
    assert api.call("GET", "/roles").status_code == 200
