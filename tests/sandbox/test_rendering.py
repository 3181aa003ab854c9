"""Screens of the universal login: how they are rendered, what they say, what stands in them."""

import pytest

LIST = "/prompts/rendering"
LOGIN = "/prompts/login/screen/login/rendering"
DEFAULTS = {
    "rendering_mode": "standard",
    "context_configuration": [],
    "default_head_tags_disabled": False,
    "head_tags": [],
}
ADVANCED = {"rendering_mode": "advanced", "context_configuration": ["branding.settings"]}


def test_a_screen_nobody_configured_is_standard_and_not_listed(api):
    named = {"tenant": "hearthhollow-dev", "prompt": "login", "screen": "login"}
    assert api.get(LOGIN) == {**named, **DEFAULTS}
    assert api.get(LIST, include_totals="true")["configs"] == []


def test_an_update_answers_what_was_sent_and_keeps_the_rest(api):
    tags = {"head_tags": [{"tag": "script", "attributes": {"src": "https://x.example/a.js"}}]}
    assert api.patch(LOGIN, ADVANCED | tags) == ADVANCED | tags
    filters = {"filters": {"match_type": "includes_any", "clients": [{"id": "c"}]}}
    assert api.patch(LOGIN, filters) == filters
    shown = api.get(LOGIN)
    assert (ADVANCED | tags | filters).items() <= shown.items()
    api.patch(LOGIN, {"filters": None, "head_tags": None})
    assert (api.get(LOGIN)["filters"], api.get(LOGIN)["head_tags"]) == (None, [])


def test_many_screens_are_configured_at_once_and_listed(api):
    configs = [
        {"prompt": "login", "screen": "login", **ADVANCED},
        {"prompt": "signup", "screen": "signup", "rendering_mode": "standard"},
    ]
    assert api.patch(LIST, {"configs": configs}) == {"configs": configs}
    found = api.get(LIST, include_totals="true")
    assert (found["total"], [item["screen"] for item in found["configs"]]) == (
        2,
        ["login", "signup"],
    )
    assert "tenant" not in found["configs"][0]
    assert found["configs"][0]["filters"] is None
    assert [item["prompt"] for item in api.get(LIST, rendering_mode="advanced")] == ["login"]
    assert api.get(LIST, prompt="signup", fields="screen") == [{"screen": "signup"}]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/prompts/sign-in/screen/login/rendering", {}),
        ("/prompts/login/screen/lobby/rendering", {}),
        (LOGIN, {"rendering_mode": "baroque"}),
        (LOGIN, {"context_configuration": ["weather"]}),
        (LOGIN, {"context_configuration": ["client.metadata."]}),
        (LIST, {"configs": []}),
        (LIST, {"configs": [{"prompt": "login"}]}),
        (
            LIST,
            {"configs": [{"prompt": "login", "screen": "login", "context_configuration": ["x"]}]},
        ),
    ],
)
def test_what_auth0_could_not_render_is_refused(api, path, body):
    assert api.call("PATCH", path, body).status_code == 400
    assert api.get(LIST) == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/prompts/login/custom-text/pt-BR", {"login": {"title": "Oi"}}, 200),
        ("/prompts/mfa-push/custom-text/en", {"mfa-push-welcome": {"title": "Hi"}}, 200),
        ("/prompts/login/custom-text/klingon", {}, 400),
        ("/prompts/foyer/custom-text/en", {}, 400),
        ("/prompts/login/custom-text/en", {"login": "Hi"}, 400),
        ("/prompts/login/partials", {"login": {"form-content-end": "<b/>"}}, 200),
        ("/prompts/mfa-push/partials", {"mfa-push-welcome": {}}, 400),
        ("/prompts/login/partials", {"login": ["<b/>"]}, 400),
    ],
)
def test_texts_and_partials_stand_below_names_that_auth0_knows(api, path, body, status):
    answer = api.call("PUT", path, body)
    assert answer.status_code == status
    if status == 200:
        assert answer.json() == api.get(path) == body


def test_a_screen_without_texts_is_as_good_as_none(api):
    path = "/prompts/login/custom-text/en"
    assert api.get(path) == {}
    assert api.call("PUT", path, {"login": {}}).json() == {}
    assert api.call("GET", "/prompts/foyer/custom-text/en").status_code == 400


@pytest.mark.parametrize(
    ("feature", "path"),
    [
        ("advanced_customizations", LIST),
        ("advanced_customizations", LOGIN),
        ("page_templates", "/branding/templates/universal-login"),
    ],
)
def test_pages_of_ones_own_are_paid_for(api, sandbox, feature, path):
    sandbox.features = sandbox.features - {feature}
    answer = api.call("GET", path)
    assert (answer.status_code, answer.json()["error"]) == (402, "Payment Required")
    assert "paid subscription" in answer.json()["message"]


def test_a_free_subscription_does_not_pay_for_pages(api, sandbox):
    for subscription, status in (("free", 402), ("essentials", 200)):
        sandbox.subscribe(subscription)
        sandbox.buckets = ()
        assert api.call("GET", LIST).status_code == status
