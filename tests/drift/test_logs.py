"""Who it was, by the tenant's log: few requests, nothing of what was sent, and no word too many."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from gateway.world import DOMAIN, QUICK, VAULT
from tenantctl.gateway import Access, limits_of, open_gateway
from tenantctl.model import Address, Traced

ACCESS = Access(DOMAIN, "client", client_secret="the client's own secret")
TOKEN = {"access_token": "the access token", "expires_in": 3600, "token_type": "Bearer"}
WEB, DB = Address("clients", "web"), Address("connections", "db")
MEMBERS = Address("connection_clients", "db")
IDS = {WEB: "abc", DB: "con_1"}
SINCE = "2026-09-01T10:00:00.000+02:00"


def event(path: str, method: str = "patch", **other: Any) -> dict[str, Any]:
    """An event as Auth0 logs a write by somebody at the dashboard."""
    request = {
        "method": method,
        "path": f"/api/v2{path}",
        "channel": other.pop("channel", "https://manage.auth0.com/"),
        "ip": "203.0.113.7",
        "auth": {"strategy": "jwt", "user": other.pop("user", {"email": "ann@shop.example"})},
        "userAgent": "Mozilla/5.0",
        "body": other.pop("body", {"callbacks": ["https://x.example/?code=hunter2"]}),
    }
    answer = {"statusCode": 200, "body": other.pop("answer", {})}
    return {
        "date": "2026-09-02T08:00:00.000Z",
        "type": "sapi",
        "client_id": "dash",
        "client_name": "",
        "user_id": "auth0|1",
        "ip": "203.0.113.7",
        "details": {"request": request, "response": answer},
        **other,
    }


class Log:
    """A tenant that answers with pages of a log, and remembers what it was asked."""

    def __init__(self, *pages: Sequence[dict[str, Any]] | httpx.Response) -> None:
        self.pages = pages
        self.asked: list[httpx.QueryParams] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json=TOKEN)
        assert request.url.path == "/api/v2/logs"
        self.asked.append(request.url.params)
        page = self.pages[int(request.url.params["page"])]
        return page if isinstance(page, httpx.Response) else httpx.Response(200, json=list(page))


def trace(log: Log, *wanted: Address) -> Traced:
    async def job() -> Traced:
        async with open_gateway(
            ACCESS,
            vault=VAULT,
            limits=limits_of("unlimited"),
            transport=httpx.MockTransport(log),
            patience=QUICK,
        ) as gateway:
            return await gateway.trace(wanted, IDS, SINCE)

    return asyncio.run(job())


def test_one_request_tells_who_when_and_by_what_means() -> None:
    log = Log([event("/clients/other"), event("/clients/abc")])
    (write,) = trace(log, WEB).writes[WEB]
    assert (write.user, write.channel, write.ip) == (
        "ann@shop.example",
        "https://manage.auth0.com/",
        "203.0.113.7",
    )
    assert (write.when, write.method) == ("2026-09-02T08:00:00.000Z", "PATCH")
    (asked,) = log.asked
    assert asked["q"] == "type:sapi AND date:[2026-09-01T08:00:00.000Z TO *]"
    assert (asked["sort"], asked["per_page"]) == ("date:-1", "100")


def test_nothing_of_what_was_sent_is_kept_but_the_names_of_its_fields() -> None:
    traced = trace(Log([event("/clients/abc")]), WEB)
    assert traced.writes[WEB][0].fields == {"callbacks"}
    assert "hunter2" not in repr(traced)


def test_a_client_that_writes_by_itself_is_named() -> None:
    told = event("/clients/abc", user={}, channel="api", client_name="Script", user_id="")
    (write,) = trace(Log([told]), WEB).writes[WEB]
    assert (write.user, write.client, write.channel) == ("", "Script", "api")


@pytest.mark.parametrize(
    ("path", "method", "address", "found"),
    [
        ("/clients/abc", "delete", WEB, True),
        ("/clients/abc/credentials", "post", WEB, True),
        ("/clients/abcd", "patch", WEB, False),
        ("/connections/con_1/clients", "patch", MEMBERS, True),
        ("/connections/con_1", "patch", MEMBERS, True),
        ("/clients", "post", WEB, False),
        ("/tenants/settings", "patch", Address("tenant"), True),
        ("/attack-protection/breached-password-detection", "patch",
         Address("attack_protection", "breached_password_detection"), True),
    ],
)  # fmt: skip
def test_a_write_is_known_by_its_path(
    path: str, method: str, address: Address, found: bool
) -> None:
    assert bool(trace(Log([event(path, method)]), address).writes) is found


def test_what_the_dashboard_writes_through_its_own_address_is_known_too() -> None:
    told = event("/clients/abc")
    told["details"]["request"]["path"] = "/v2/clients/abc"
    assert trace(Log([told]), WEB).writes


def test_the_object_itself_counts_before_what_is_below_it_and_what_it_belongs_to() -> None:
    pages = [event("/connections/con_1"), event("/connections/con_1/clients", user={"name": "Bo"})]
    assert [write.user for write in trace(Log(pages), MEMBERS).writes[MEMBERS]] == ["Bo"]
    below = [event("/connections/con_1/clients"), event("/connections/con_1", user={"name": "Bo"})]
    assert [write.user for write in trace(Log(below), DB).writes[DB]] == ["Bo"]


def test_a_create_is_known_by_the_id_that_it_was_answered_with() -> None:
    other = event("/clients", "post", answer={"client_id": "xyz"})
    mine = event("/clients", "post", answer={"client_id": "abc"}, user={"email": "bo@x.example"})
    assert [w.user for w in trace(Log([other, mine]), WEB).writes[WEB]] == ["bo@x.example"]


def test_no_page_is_asked_for_once_a_write_of_each_is_known() -> None:
    full = [event(f"/clients/{n}") for n in range(99)]
    log = Log([*full, event("/clients/abc")], [])
    assert trace(log, WEB).writes
    assert len(log.asked) == 1
    log = Log([*full, event("/clients/z")], [event("/clients/abc")])
    assert trace(log, WEB).writes
    assert [asked["page"] for asked in log.asked] == ["0", "1"]


def test_a_log_that_tells_of_more_than_may_be_asked_for_says_so() -> None:
    log = Log(*([event("/clients/z")] * 100 for _ in range(11)))
    traced = trace(log, WEB)
    assert (traced.full, len(log.asked)) == (True, 10)


def test_an_event_of_another_form_is_passed_over() -> None:
    odd: list[Any] = [
        {"type": "sapi"},
        {"details": None},
        {"details": {"request": {"path": 7, "method": None}}},
        {"details": {"request": {"path": "/api/v2/clients/abc", "body": "text"}}},
    ]
    (write,) = trace(Log(odd), WEB).writes[WEB]
    assert (write.user, write.fields) == ("", frozenset())


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (403, {"errorCode": "insufficient_scope",
               "message": "Insufficient scope, expected any of: read:logs, read:logs_users"},
         "the token lacks read:logs or read:logs_users"),
        (403, {"errorCode": "feature", "message": "no logs here"}, "does not show its log"),
        (400, {"errorCode": "invalid_query_string", "message": "bad q"}, "does not show its log"),
    ],
)  # fmt: skip
def test_what_keeps_us_from_the_log_is_said_and_nothing_fails(
    status: int, body: dict[str, str], said: str
) -> None:
    refusal = httpx.Response(status, json={"statusCode": status, "error": "Error", **body})
    traced = trace(Log(refusal), WEB)
    assert said in traced.unread
    assert not traced.writes
