"""Rate limits, faults, lag and hooks."""

import httpx
import pytest

from tenantctl.sandbox import Bucket, Delays, Fault, Sandbox

DOMAIN = "hearthhollow-dev.sandbox.invalid"


def test_without_buckets_nothing_is_limited(api):
    answer = api.call("GET", "/clients")
    assert not [name for name in answer.headers if name.startswith("x-ratelimit")]


def test_a_bucket_empties_says_so_and_refills_by_the_clock(connect):
    now = [1000.0]
    sandbox = Sandbox(DOMAIN, clock=lambda: now[0], buckets=[Bucket(burst=2, rate=0.5)])
    api = connect(sandbox)
    answers = [api.call("GET", "/clients") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    remaining = [answer.headers["x-ratelimit-remaining"] for answer in answers]
    assert remaining == ["1", "0", "0"]
    assert answers[2].headers["x-ratelimit-limit"] == "2"
    assert int(answers[2].headers["x-ratelimit-reset"]) in {1002, 1003}
    assert answers[2].json() == {
        "statusCode": 429,
        "error": "Too Many Requests",
        "message": "Global limit has been reached",
        "errorCode": "too_many_requests",
    }
    now[0] += 2
    assert api.call("GET", "/clients").status_code == 200
    assert api.call("GET", "/clients").status_code == 429


def test_a_bucket_covers_only_its_method_and_path(api):
    api.sandbox.buckets = [Bucket(burst=1, rate=1, method="POST", path="/clients*", name="Clients")]
    assert api.call("POST", "/clients", {"name": "a"}).status_code == 201
    refused = api.call("POST", "/clients", {"name": "b"})
    assert refused.json()["message"] == "Clients limit has been reached"
    assert api.call("GET", "/clients").status_code == 200
    assert api.call("POST", "/roles", {"name": "r"}).status_code == 200


def test_a_request_that_one_bucket_refuses_takes_nothing_from_the_others(connect):
    now = [1000.0]
    roles = Bucket(burst=1, rate=0.001, path="/roles*")
    api = connect(Sandbox(DOMAIN, clock=lambda: now[0], buckets=[Bucket(3, 0.001), roles]))
    assert api.call("GET", "/roles").status_code == 200
    assert api.call("GET", "/roles").status_code == 429
    answers = [api.call("GET", "/clients").status_code for _ in range(3)]
    assert answers == [200, 200, 429]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_scripted_fault_strikes_the_nth_matching_request_and_changes_nothing(api, status):
    api.sandbox.faults.append(Fault("status", "POST", "/roles", nth=(2,), status=status))
    assert api.call("GET", "/roles").status_code == 200
    answers = [api.call("POST", "/roles", {"name": f"r{n}"}) for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, status, 200]
    assert answers[1].json()["statusCode"] == status
    names = {role["name"] for role in api.sandbox.documents("roles").values()}
    assert names == {"r0", "r2"}


def test_a_429_by_fault_has_the_headers_to_wait_by(api):
    api.sandbox.faults.append(Fault("status", status=429, nth=(1,)))
    answer = api.call("GET", "/roles")
    assert answer.headers["x-ratelimit-remaining"] == "0"
    assert int(answer.headers["x-ratelimit-reset"]) > 0


@pytest.mark.parametrize(
    ("kind", "error", "written"),
    [("before", httpx.ConnectError, 0), ("after", httpx.ReadError, 1)],
)
def test_a_connection_drops_before_or_after_the_write(api, kind, error, written):
    api.sandbox.faults.append(Fault(kind, "POST", "/roles", nth=(1,)))
    with pytest.raises(error):
        api.call("POST", "/roles", {"name": "r"})
    assert len(api.sandbox.documents("roles")) == written
    assert api.call("GET", "/roles").status_code == 200


def test_a_seeded_fault_strikes_the_same_requests_every_time(connect):
    def run():
        api = connect(Sandbox(DOMAIN))
        api.sandbox.faults.append(Fault("status", path="/roles", chance=0.4, seed=7))
        return [api.call("GET", "/roles").status_code for _ in range(20)]

    first = run()
    assert set(first) == {200, 503}
    assert run() == first


def test_a_lagging_read_shows_the_tenant_before_the_last_write(api):
    role = api.post("/roles", {"name": "before", "description": "d"})["id"]
    api.patch(f"/roles/{role}", {"name": "after"})
    api.sandbox.faults.append(Fault("lag", "GET", "/roles*", nth=(1, 3)))
    assert [api.get(f"/roles/{role}")["name"] for _ in range(3)] == ["before", "after", "before"]
    api.sandbox.faults.clear()
    assert api.call("DELETE", f"/roles/{role}").status_code == 200
    api.sandbox.faults.append(Fault("lag", "GET", "/roles", nth=(1,)))
    assert [item["name"] for item in api.get("/roles")] == ["after"]
    assert api.get("/roles") == []


def test_the_hook_is_called_around_every_request_and_may_end_it(connect):
    class Stop(BaseException):
        pass

    seen = []

    def hook(number, phase):
        seen.append((number, phase))
        if (number, phase) == (4, "before"):
            raise Stop

    api = connect(Sandbox(DOMAIN, on_request=hook))
    api.post("/roles", {"name": "a"})
    api.get("/roles")
    with pytest.raises(Stop):
        api.post("/roles", {"name": "b"})
    assert seen[-3:] == [(3, "before"), (3, "after"), (4, "before")]
    assert len(api.sandbox.documents("roles")) == 1


def test_the_log_names_requests_and_never_what_they_held(api):
    api.sandbox.clear_log()
    api.post("/clients", {"name": "secret name", "description": "d"})
    api.call("GET", "/clients/none", fields="name")
    api.exchange(client_secret=api.secret)
    created, missing, token = api.sandbox.log
    assert (created.method, created.path, created.status) == ("POST", "/clients", 201)
    assert created.body_keys == ("description", "name")
    assert created.client_id == api.client_id
    assert (missing.path, missing.query, missing.status) == (
        "/clients/none",
        {"fields": "name"},
        404,
    )
    assert token.path == "/oauth/token"
    assert "secret name" not in str(api.sandbox.log)


def test_scripted_delays_and_faults_are_kept_in_the_file(connect, tmp_path):
    path = tmp_path / "tenant.sqlite"
    delays = Delays(verify_calls=4, failing_builds=("add-*",))
    first = Sandbox(DOMAIN, path)
    first.delays = delays
    first.faults = [Fault("status", "GET", "/clients", nth=(1,), status=500, message="broken")]
    first.close()
    api = connect(again := Sandbox(DOMAIN, path))
    assert again.delays == delays
    assert api.call("GET", "/clients").json()["message"] == "broken"
    assert api.call("GET", "/clients").status_code == 200
    again.faults, again.delays = [], Delays()
    again.close()
    last = Sandbox(DOMAIN, path)
    assert (last.faults, last.delays) == ([], Delays())
    last.close()
