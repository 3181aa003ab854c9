"""The administration and the page, in process: a site of two tenants behind an ASGI transport."""

import asyncio
import json
import re

import httpx
import pytest

from tenantctl.sandbox import Sandbox
from tenantctl.sandbox.server import Guest, placed
from tenantctl.sandbox.site import make_site

BASE = "http://127.0.0.1:8443"
EVIL = "<script>alert('x')</script>"


class Site:
    """Requests to a site, by a program that is not a browser unless the headers say so."""

    def __init__(self):
        self.sandboxes = {name: Sandbox(f"{name}.sandbox.invalid") for name in ("one", "two")}
        guests = [Guest("one", self.sandboxes["one"]), Guest("two", self.sandboxes["two"], 9000)]
        hosted, roots = placed(guests, [8443, 9000], "http")
        self.hosted = {each.name: each for each in hosted}
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(make_site(self.hosted, roots))
        self._http = httpx.AsyncClient(transport=transport, base_url=BASE)

    def call(self, method, path, **options):
        return self._runner.run(self._http.request(method, path, **options))

    def tell(self, method, thing, told=None):
        answer = self.call(method, f"/_sandbox/one/{thing}", json=told)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def api(self, method, path, *, base=BASE, tenant="one", **options):
        headers = {"authorization": f"Bearer {self.sandboxes[tenant].token()}"}
        return self.call(method, f"{base}/api/v2{path}", headers=headers, **options)

    def close(self):
        self._runner.run(self._http.aclose())
        self._runner.close()
        for sandbox in self.sandboxes.values():
            sandbox.close()


@pytest.fixture
def site():
    made = Site()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("base", "tenant"),
    [
        (BASE, "one"),
        (f"{BASE}/t/one", "one"),
        (f"{BASE}/t/two", "two"),
        ("http://127.0.0.1:9000", "two"),
        ("http://127.0.0.1:9000/t/one", "one"),
    ],
)
def test_a_tenant_answers_at_its_prefix_and_at_the_root_of_its_port(site, base, tenant):
    found = site.api("GET", "/clients", base=base, tenant=tenant)
    assert {client["tenant"] for client in found.json()} == {tenant}
    other = {"one": "two", "two": "one"}[tenant]
    assert site.api("GET", "/clients", base=base, tenant=other).status_code == 401


def test_every_url_of_a_tenant_is_an_audience_of_its_tokens(site):
    id, secret = site.sandboxes["two"].credentials()
    asked = {"grant_type": "client_credentials", "client_id": id, "client_secret": secret}
    for base in (f"{BASE}/t/two", "http://localhost:9000", "https://two.sandbox.invalid"):
        audience = f"{base}/api/v2/"
        answer = site.call("POST", "/t/two/oauth/token", data={**asked, "audience": audience})
        headers = {"authorization": f"Bearer {answer.json()['access_token']}"}
        assert site.call("GET", "/t/two/api/v2/roles", headers=headers).json() == []
    foreign = {**asked, "audience": f"{BASE}/t/one/api/v2/"}
    assert site.call("POST", "/t/two/oauth/token", data=foreign).status_code == 403


@pytest.mark.parametrize("path", ["/t/three/api/v2/clients", "/t/", "/t", "/nothing", "/t/two"])
def test_what_nobody_answers_is_not_found(site, path):
    assert site.call("GET", path).json()["statusCode"] == 404


def test_a_reset_makes_a_fresh_tenant_and_keeps_tokens(site):
    site.api("POST", "/roles", json={"name": "r"})
    token = site.sandboxes["one"].token()
    assert "roles" not in site.tell("POST", "reset")["resources"]
    answer = site.call("GET", "/api/v2/roles", headers={"authorization": f"Bearer {token}"})
    assert answer.json() == []


def test_a_reset_takes_what_a_recording_presupposes(site):
    read = {"path": "/api/v2/roles/rol_0123456789abcdef", "query": {}, "status": 200}
    read["body"] = {"id": "rol_0123456789abcdef", "name": "kept", "description": "d"}
    site.tell("POST", "reset", {"ids": [], "reads": [read]})
    assert site.api("GET", "/roles/rol_0123456789abcdef").json()["name"] == "kept"


def test_a_seed_a_snapshot_and_a_restore_round_trip(site):
    site.tell("POST", "seed", {"roles": {"rol_0123456789abcdef": {"name": "seeded"}}})
    taken = site.tell("GET", "snapshot")
    site.tell("POST", "reset")
    assert site.sandboxes["one"].documents("roles") == {}
    site.tell("PUT", "snapshot", taken)
    assert site.api("GET", "/roles").json()[0]["name"] == "seeded"
    assert site.tell("GET", "snapshot") == taken


def test_the_clock_stands_moves_and_runs_again(site):
    assert site.tell("PATCH", "clock", {"freeze": 1000.5})["time"] == "1970-01-01T00:16:40.500Z"
    assert site.tell("PATCH", "clock", {"advance": 59.5})["now"] == 1060
    assert site.tell("PATCH", "clock", {"set": 2000})["now"] == 2000
    assert site.tell("GET", "clock")["now"] == 2000
    assert site.tell("PATCH", "clock", {"thaw": True})["now"] > 1_700_000_000


def test_a_token_ends_when_the_tenants_time_says_so(site):
    headers = {"authorization": f"Bearer {site.sandboxes['one'].token()}"}
    site.tell("PATCH", "clock", {"advance": 86399})
    assert site.call("GET", "/api/v2/roles", headers=headers).status_code == 200
    site.tell("PATCH", "clock", {"advance": 2})
    assert site.call("GET", "/api/v2/roles", headers=headers).status_code == 401


def test_a_subscription_brings_features_and_limits(site):
    every = site.tell("GET", "features")["features"]
    free = site.tell("PUT", "features", {"subscription": "free"})["features"]
    assert set(free) < set(every)
    assert site.tell("GET", "buckets")[0]["burst"] == 2
    assert site.tell("PUT", "features", {"features": ["organizations"]}) == {
        "features": ["organizations"]
    }


def test_faults_strike_are_counted_and_go_away(site):
    fault = {"kind": "status", "status": 503, "path": "/roles", "nth": [2]}
    site.tell("PUT", "faults", [fault])
    assert [site.api("GET", "/roles").status_code for _ in range(3)] == [200, 503, 200]
    assert site.tell("GET", "faults")[0]["matched"] == 3
    assert site.tell("DELETE", "faults") == []


def test_delays_limits_and_hostility_are_as_they_were_put(site):
    assert site.tell("PUT", "delays", {"build_reads": 3})["build_reads"] == 3
    assert site.tell("GET", "delays")["build_reads"] == 3
    site.tell("PUT", "buckets", [{"burst": 1, "rate": 0.001}])
    assert [site.api("GET", "/roles").status_code for _ in range(2)] == [200, 429]
    site.tell("PUT", "buckets", [])
    assert site.tell("PUT", "hostility", {"page_cap": 1})["page_cap"] == 1
    assert len(site.api("GET", "/clients").json()) == 1
    assert site.tell("PUT", "hostility", None) is None
    assert len(site.api("GET", "/clients").json()) > 1


def test_requests_are_told_with_counters_and_without_values(site):
    site.api("POST", "/roles", json={"name": "a secret name"})
    told = site.tell("GET", "requests")
    assert told["counts"]["POST"] == 1
    assert told["log"][-1]["path"] == "/roles"
    assert told["log"][-1]["body_keys"] == ["name"]
    assert "a secret name" not in json.dumps(told)
    assert site.tell("DELETE", "requests")["log"] == []


BAD = {
    "reset": ["POST", [1], {"ids": 5}, {"reads": [{}]}, {"ids": [{"status": "x"}]}],
    "seed": ["POST", None, [], {"nothing": {}}, {"roles": []}, {"roles": {"x": 1}}],
    "snapshot": ["PUT", None, {}, {"format": 1}, {"format": 1, "documents": [[1]]}],
    "clock": [
        "PATCH", None, {}, {"advance": "x"}, {"advance": True}, {"advance": 1e300}, {"set": -1},
        {"freeze": False}, {"thaw": 1}, {"advance": 1, "set": 1}, {"wind": 1},
    ],
    "features": ["PUT", None, [], {"features": ["x"]}, {"features": "x"}, {"subscription": "x"}],
    "faults": ["PUT", None, {}, [1], [{"kind": "x"}], [{"kind": "status", "status": 200}]],
    "delays": ["PUT", None, [], {"x": 1}, {"build_reads": -1}],
    "buckets": ["PUT", None, [{}], [{"burst": 0, "rate": 1}], [{"burst": 1, "rate": 0}]],
    "hostility": ["PUT", [], {"page_cap": 0}, {"x": 1}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("thing", "method", "told"),
    [(thing, method, told) for thing, (method, *bad) in BAD.items() for told in bad],
)
def test_what_makes_no_sense_is_refused_in_words_and_changes_nothing(site, thing, method, told):
    site.tell("PATCH", "clock", {"freeze": 5000})
    before = site.sandboxes["one"].snapshot()
    answer = site.call(method, f"/_sandbox/one/{thing}", content=json.dumps(told))
    assert answer.status_code == 400
    assert len(answer.json()["message"]) > 10
    assert site.sandboxes["one"].snapshot() == before


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000, b"NaN", b'{"advance": 1e999}'])
def test_a_body_that_is_no_json_is_refused(site, body):
    assert site.call("PATCH", "/_sandbox/one/clock", content=body).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/_sandbox/one/nothing", 404),
        ("GET", "/_sandbox/three/status", 404),
        ("DELETE", "/_sandbox/one/snapshot", 405),
        ("POST", "/_sandbox/", 405),
        ("GET", "/_sandbox/one/resources/nothing", 404),
        ("GET", "/_sandbox/one/resources", 404),
    ],
)
def test_what_the_administration_does_not_have_is_said(site, method, path, status):
    assert site.call(method, path).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "localhost:8443"}, 200),
        ({"origin": BASE, "sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"host": "evil.example:8443"}, 403),
        ({"host": "127.0.0.1:9999"}, 403),
        ({"host": "127.0.0.1"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "https://127.0.0.1:8443"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/_sandbox/one/status", "/_sandbox/", "/"])
def test_no_other_site_may_use_the_administration(site, headers, status, path):
    given = {"accept": "text/html", **headers}
    assert site.call("GET", path, headers=given).status_code == status


def test_a_strangers_reset_does_nothing(site):
    site.api("POST", "/roles", json={"name": "r"})
    headers = {"origin": "https://evil.example"}
    assert site.call("POST", "/_sandbox/one/reset", headers=headers).status_code == 403
    assert len(site.sandboxes["one"].documents("roles")) == 1


def test_the_administration_is_not_part_of_the_api(site):
    for path in ("/api/v2/_sandbox/one/status", "/t/one/_sandbox/one/status", "/api/v2/snapshot"):
        assert site.api("GET", path.removeprefix("/api/v2")).status_code == 404
        assert site.call("GET", path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/_sandbox", "/_sandbox/", "/_sandbox/one"])
def test_a_browser_sees_tenants_resources_and_requests(site, path):
    site.api("POST", "/roles", json={"name": "r"})
    answer = site.call("GET", path, headers={"accept": "text/html,*/*"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert 'href="/_sandbox/one/resources/roles"' in answer.text
    assert "POST /roles" in answer.text
    assert ("two.sandbox.invalid" in answer.text) == (path != "/_sandbox/one")


def test_a_program_at_the_root_gets_what_auth0_says(site):
    assert site.call("GET", "/").json()["statusCode"] == 404


def test_a_name_that_is_markup_is_text_on_the_page(site):
    site.api("POST", "/roles", json={"name": EVIL})
    site.api("GET", f"/roles/{EVIL}")
    for path in ("/_sandbox/one", "/_sandbox/one/resources/roles"):
        text = site.call("GET", path).text
        assert "<script" not in text
        assert re.search(r"(src|href)=\"(?!/_sandbox/)", text) is None
    assert "&lt;script&gt;" in site.call("GET", "/_sandbox/one/resources/roles").text


def test_no_page_shows_a_secret(site):
    _, secret = site.sandboxes["one"].credentials()
    pages = [site.call("GET", f"/_sandbox/one{end}").text for end in ("", "/resources/clients")]
    assert "tenantctl" in pages[1]
    assert not [page for page in pages if secret in page]


def test_the_style_sheet_is_the_sites_own(site):
    answer = site.call("GET", "/_sandbox/style.css")
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "url(" not in answer.text
