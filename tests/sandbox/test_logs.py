"""The log that is searched by page and followed from a checkpoint."""

import pytest


@pytest.fixture
def told(api):
    """A tenant with five events besides those of its token: types, days and clients differ."""
    facts = [
        ("sapi", "2026-01-01T08:00:00.000Z", "Create a role", "abc"),
        ("fapi", "2026-01-01T23:59:59.000Z", "Create a role", "abc"),
        ("sapi", "2026-01-02T12:00:00.000Z", "Delete a client", "def"),
        ("s", "2026-01-03T00:00:00.000Z", "", "def"),
        ("gd_send_sms", "2026-01-04T00:00:00.000Z", "Sent", "def"),
    ]
    body = [
        {"log_id": f"900{number:050d}", "type": type, "date": date, "description": text,
         "client_id": client, "details": {"request": {"method": "POST", "path": f"/p/{number}"}}}
        for number, (type, date, text, client) in enumerate(facts)
    ]  # fmt: skip
    read = {"path": "/api/v2/logs", "query": {}, "status": 200, "body": body[::-1]}
    api.sandbox.reset({"ids": [], "reads": [read]})
    api.token = api.exchange(client_secret=api.sandbox.credentials()[1]).json()["access_token"]
    return api


def found(api, query, **options):
    """The numbers of the events that a search finds, without those the test itself causes."""
    events = api.get("/logs", q=query, **options)
    return [int(event["log_id"][3:]) for event in events if event["log_id"].startswith("900" + "0")]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("type:sapi", [2, 0]),
        ('type:"sapi" AND client_id:abc', [0]),
        ("type:(s OR fapi)", [3, 1]),
        ("type:?api AND NOT description:Create*", [2]),
        ("date:[2026-01-02 TO *]", [4, 3, 2]),
        ("date:[2026-01-01 TO 2026-01-02]", [2, 1, 0]),
        ("date:{2026-01-01T08:00:00.000Z TO 2026-01-03T00:00:00.000Z}", [2, 1]),
        ('description:"Create a role"', [1, 0]),
        ("description:gd* OR type:gd*", [4]),
        ("(type:s OR type:sapi) AND client_id:def", [3, 2]),
        (r"details.request.path:\/p\/4", [4]),
        ("client_id:abc AND -type:sapi", [1]),
    ],
)
def test_a_search_finds_what_its_terms_say_newest_first(told, query, numbers):
    assert found(told, query) == numbers


@pytest.mark.parametrize("query", ["type:(s", "date:[2026 TO", "AND", "(" * 60, '"'])
def test_a_search_nobody_can_read_is_refused(told, query):
    assert told.call("GET", "/logs", q=query).status_code == 400


def test_pages_sorting_and_fields(told):
    query = {"q": "client_id:def", "sort": "date:1", "fields": "type,log_id"}
    first = told.get("/logs", per_page="2", include_totals="true", **query)
    assert first == {
        "start": 0, "limit": 2, "length": 2, "total": 3,
        "logs": [
            {"log_id": f"900{2:050d}", "type": "sapi"},
            {"log_id": f"900{3:050d}", "type": "s"},
        ],
    }  # fmt: skip
    assert found(told, "client_id:def", sort="type:-1") == [2, 3, 4]
    assert found(told, "client_id:def", per_page="2", page="1") == [2]
    excluded = told.get("/logs", q="type:s", fields="type,details", include_fields="false")
    assert excluded[0].keys() == {"log_id", "date", "description", "client_id"}
    for wrong in ({"per_page": "101"}, {"page": "20"}, {"sort": "date"}, {"take": "0"}):
        assert told.call("GET", "/logs", **wrong).status_code == 400


def test_the_log_can_be_followed_from_a_checkpoint(told):
    def follow(after):
        return [event["log_id"] for event in told.get("/logs", take="2", **{"from": after})]

    start = told.get("/logs", q="type:sapi", sort="date:1")[0]["log_id"]
    second = follow(start)
    assert second == [f"900{1:050d}", f"900{2:050d}"]
    assert follow(second[-1]) == [f"900{3:050d}", f"900{4:050d}"]
    assert follow("8")[0] == start, "an id the log has forgotten begins with what is left"


def test_a_write_is_found_by_its_id_and_says_who_did_it(api):
    api.post("/roles", {"name": "clerk"})
    event = api.get("/logs", per_page="1")[0]
    assert (event["type"], event["client_id"]) == ("sapi", api.client_id)
    assert api.get(f"/logs/{event['log_id']}") == event
    assert api.call("GET", "/logs/900").status_code == 404


def test_a_page_that_was_recorded_is_shown_again(api):
    body = [{"log_id": f"900{number:050d}", "type": "s", "date": "2026"} for number in (9, 8, 7)]
    query = {"page": "2", "per_page": "3"}
    read = {"path": "/api/v2/logs", "query": query, "status": 200, "body": body}
    api.sandbox.reset({"ids": [], "reads": [read]})
    api.token = api.exchange(client_secret=api.sandbox.credentials()[1]).json()["access_token"]
    shown = api.get("/logs", q="type:s", **query)
    assert [event["log_id"] for event in shown] == [item["log_id"] for item in body]
