"""Modules that actions share, and what a build makes of code, packages and runtimes.

Answers are those of recorded traffic, messages of refusals those of the OpenAPI document.
"""

import pytest

from tenantctl.sandbox.javascript import is_plausible

MODULE = {"name": "greetings", "code": "module.exports = { greet: () => 'hello' };"}
ACTION = {
    "name": "add-claims",
    "code": "exports.onExecutePostLogin = async () => {};",
    "supported_triggers": [{"id": "post-login", "version": "v3"}],
}


def version_of(api, module):
    return api.call("POST", f"/actions/modules/{module['id']}/versions").json()


def test_a_module_is_drafted_published_changed_and_rolled_back(api):
    made = api.post("/actions/modules", {**MODULE, "secrets": [{"name": "KEY", "value": "hush"}]})
    assert (made["all_changes_published"], made["actions_using_module_total"]) == (False, 0)
    assert "latest_version" not in made
    path = f"/actions/modules/{made['id']}"
    first = version_of(api, made)
    assert (first["version_number"], first["module_id"]) == (1, made["id"])
    assert api.call("POST", f"{path}/versions").status_code == 409, "there is nothing to publish"
    live = api.get(path)
    assert live["all_changes_published"] is True
    assert live["latest_version"] == {
        name: first[name] for name in ("id", "version_number", "code", "dependencies", "secrets")
    }
    changed = api.patch(path, {"code": "module.exports = {};"})
    assert changed["all_changes_published"] is False
    assert changed["latest_version"]["code"] == MODULE["code"]
    assert version_of(api, made)["version_number"] == 2
    listed = api.get(f"{path}/versions")
    assert [item["version_number"] for item in listed["versions"]] == [2, 1]
    assert {name: listed[name] for name in ("total", "page", "per_page")} == {
        "total": 2, "page": 0, "per_page": 50,
    }  # fmt: skip
    assert api.get(f"{path}/versions", page="1") == {
        "versions": [], "total": 0, "page": 1, "per_page": 50,
    }  # fmt: skip
    back = {"module_version_id": first["id"]}
    assert api.post(f"{path}/rollback", back)["code"] == MODULE["code"]
    assert api.call("POST", f"{path}/rollback", back).status_code == 409
    shown = (made, live, changed, listed, api.get(f"{path}/versions/{first['id']}"))
    assert all("KEY" in str(item) and "hush" not in str(item) for item in shown)


def test_a_module_can_be_published_as_it_is_made_and_has_a_name_of_its_own(api):
    made = api.post("/actions/modules", {**MODULE, "publish": True, "api_version": "v1"})
    assert made["all_changes_published"] is True
    assert made["latest_version"]["version_number"] == 1
    (listed,) = api.get("/actions/modules")["modules"]
    assert listed["latest_version_number"] == 1
    assert {"latest_version", "api_version"}.isdisjoint(listed)
    assert api.call("POST", "/actions/modules", MODULE).status_code == 409
    assert api.call("PATCH", f"/actions/modules/{made['id']}", {"name": "b"}).status_code == 400


def test_a_module_that_an_action_uses_cannot_be_deleted(api):
    module = api.post("/actions/modules", {**MODULE, "publish": True})
    reference = [{"module_name": "greetings", "module_version_number": 1}]
    action = api.post("/actions/actions", {**ACTION, "modules": reference})
    version = module["latest_version"]["id"]
    assert action["modules"] == [
        {
            "module_id": module["id"],
            "module_name": "greetings",
            "module_version_id": version,
            "module_version_number": 1,
        }
    ]
    path = f"/actions/modules/{module['id']}"
    assert api.get(path)["actions_using_module_total"] == 1
    (user,) = api.get(f"{path}/actions")["actions"]
    assert (user["action_id"], user["module_version_id"]) == (action["id"], version)
    assert api.call("DELETE", path).status_code == 412
    api.call("DELETE", f"/actions/actions/{action['id']}")
    assert [api.call("DELETE", path).status_code for _ in range(2)] == [204, 404]
    assert api.sandbox.documents("action_module_versions") == {}


@pytest.mark.parametrize(
    "reference",
    [
        {"module_name": "unheard of"},
        {"module_name": "greetings", "module_version_number": 2},
        {"module_id": "unheard of", "module_version_id": "of it"},
        {},
    ],
)
def test_an_action_cannot_use_a_module_that_does_not_exist(api, reference):
    api.post("/actions/modules", {**MODULE, "publish": True})
    answer = api.call("POST", "/actions/actions", {**ACTION, "modules": [reference]})
    assert answer.status_code == 400


def test_an_action_deployed_as_it_is_made_waits_for_its_build(api):
    made = api.post("/actions/actions", {**ACTION, "deploy": True})
    version = made["deployed_version"]
    assert (made["status"], version["status"]) == ("pending", "pending")
    assert made["current_version"]["status"] == "PENDING"
    assert "built_at" not in version
    live = api.get(f"/actions/actions/{made['id']}")
    assert (live["status"], live["deployed_version"]["status"]) == ("built", "built")
    assert live["current_version"]["build_time"] == live["deployed_version"]["built_at"]
    assert live["all_changes_deployed"] is True


def test_packages_take_two_looks_to_install_and_forget_their_registry(api):
    package = {"name": "lodash", "version": "4.0.0"}
    told = [{**package, "registry_url": "https://packages.example/lodash"}]
    path = (
        f"/actions/actions/{api.post('/actions/actions', {**ACTION, 'dependencies': told})['id']}"
    )
    looks = [api.get(path) for _ in range(3)]
    assert [look["status"] for look in looks] == ["building", "building", "built"]
    assert [look["dependencies"] for look in looks] == [told, told, [package]]
    assert api.post(f"{path}/deploy")["dependencies"] == [package]


@pytest.mark.thorough
def test_fifty_versions_of_an_action_are_kept(api):
    path = f"/actions/actions/{api.post('/actions/actions', ACTION)['id']}"
    numbers = [api.post(f"{path}/deploy")["number"] for _ in range(52)]
    assert numbers == list(range(1, 53))
    listed = api.get(f"{path}/versions", per_page="100")
    assert [item["number"] for item in listed["versions"]] == numbers[2:]
    assert api.get(path)["deployed_version"]["number"] == 52


@pytest.mark.parametrize(
    ("trigger", "runtime"),
    [
        ({"id": "post-login", "version": "v2"}, "node16"),
        ({"id": "post-login", "version": "v3"}, "node22"),
        ({"id": "credentials-exchange"}, "node22"),
    ],
)
def test_the_trigger_says_which_runtime_is_the_default(api, trigger, runtime):
    made = api.post("/actions/actions", {**ACTION, "supported_triggers": [trigger]})
    assert made["runtime"] == runtime


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"supported_triggers": [{"id": "post-login", "version": "v9"}]}, "Unsupported trigger"),
        (
            {"secrets": [{"name": f"S{n}", "value": "x"} for n in range(31)]},
            "Array is too long (31), maximum 30",
        ),
        (
            {"dependencies": [{"name": f"p{n}", "version": "1.0.0"} for n in range(11)]},
            "Array is too long (11), maximum 10",
        ),
    ],
)
def test_what_an_action_cannot_be_made_of(api, change, message):
    answer = api.call("POST", "/actions/actions", {**ACTION, **change})
    assert answer.status_code == 400
    assert message in answer.json()["message"]


def test_an_action_keeps_its_trigger(api):
    path = f"/actions/actions/{api.post('/actions/actions', ACTION)['id']}"
    other = {"supported_triggers": [{"id": "credentials-exchange", "version": "v2"}]}
    answer = api.call("PATCH", path, other)
    assert (answer.status_code, answer.json()["message"]) == (400, "can't upgrade to this trigger.")


def test_a_test_says_that_no_code_runs_here(api):
    path = f"/actions/actions/{api.post('/actions/actions', ACTION)['id']}/test"
    payload = api.post(path, {"payload": {"event": {}}})["payload"]
    assert payload["error"]["message"] == "The sandbox does not run the code of actions"
    assert payload["stats"]["action_duration_ms"] == 0
    assert api.call("POST", path, {}).status_code == 400


def test_twenty_actions_are_the_most_that_a_trigger_binds(api):
    references = [{"ref": {"type": "action_name", "value": str(n)}} for n in range(21)]
    answer = api.call("PATCH", "/actions/triggers/post-login/bindings", {"bindings": references})
    assert answer.status_code == 400
    assert "maximum 20" in answer.json()["message"]


@pytest.mark.parametrize(
    ("code", "plausible"),
    [
        ("exports.a = async (event, api) => { api.x([1]); };", True),
        ("", True),
        ("const a = `${b} } ${ `{` + f({}) } \\` {`;", True),
        ("// {\n/* ( [ */ 'a } \\' {' + \"](\"", True),
        ("if (x) /[(]/.test(y); const z = a / b / (c);", True),
        ("return /}\\//.exec(s) ? 1 : 0", True),
        ('exports.a = async () => {};"\n', True),
        ("exports.a = async () => {", False),
        ("exports.a = async (event, api => {};", False),
        ("exports.a = [1, 2};", False),
        ("}", False),
        ("const a = `never closed", False),
        ("/* never closed", False),
    ],
)
def test_code_whose_brackets_do_not_balance_is_no_javascript(code, plausible):
    assert is_plausible(code) is plausible


def test_a_build_of_what_is_no_javascript_fails(api):
    made = api.post("/actions/actions", {**ACTION, "code": "exports.a = async () => {"})
    path = f"/actions/actions/{made['id']}"
    assert api.get(path)["status"] == "failed"
    assert api.call("POST", f"{path}/deploy").status_code == 400
    api.patch(path, {"code": ACTION["code"]})
    assert api.get(path)["status"] == "built"


def test_a_recorded_tenant_has_the_triggers_and_bindings_that_were_read(api):
    trigger = {"id": "post-login", "version": "v7", "status": "CURRENT", "default_runtime": "node9"}
    action = {"id": "1", "name": "old", "supported_triggers": [{"id": "post-login"}]}
    binding = {"id": "2", "trigger_id": "post-login", "display_name": "Old", "action": action}
    reads = [
        ("/actions/triggers", {"triggers": [trigger]}),
        ("/actions/triggers/post-login/bindings", {"bindings": [binding], "per_page": 50}),
    ]
    api.sandbox.reset(
        {
            "ids": [],
            "reads": [
                {"path": f"/api/v2{path}", "query": {}, "status": 200, "body": body}
                for path, body in reads
            ],
        }
    )
    api.token = api.exchange(client_secret=api.sandbox.credentials()[1]).json()["access_token"]
    assert api.get("/actions/triggers") == {"triggers": [trigger]}
    (bound,) = api.get("/actions/triggers/post-login/bindings")["bindings"]
    assert (bound["id"], bound["action"]["name"]) == ("2", "old")
    body = {**ACTION, "supported_triggers": [{"id": "post-login"}]}
    made = api.post("/actions/actions", body)
    assert (made["runtime"], made["supported_triggers"][0]["version"]) == ("node9", "v7")
