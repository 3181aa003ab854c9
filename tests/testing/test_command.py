"""`tenantctl test`, from the command line to what it prints and what it keeps."""

from __future__ import annotations

import json
import textwrap
from xml.etree import ElementTree as ET

import pytest

from support.project import Project
from tenantctl.ledger import open_ledger

TENANT = """
playbook: b2c
adopts: [tenant_provision, application_integration, username_password, id_token_claims, logging]
declines: {}
variables: {}
secrets:
  MARK: {description: Told by claims.}
"""
FIRST = """
tenant_provision:
  tenant: {friendly_name: Shop}
username_password:
  connections:
    customers:
      strategy: auth0
      options:
        enabledDatabaseCustomization: true
        customScripts: {login: !file databases/login.js}
      clients: [web]
application_integration:
  clients:
    web:
      name: Web
      app_type: spa
      callbacks: ["https://shop.example/callback"]
      grant_types: [authorization_code]
    batch: {name: Batch, app_type: non_interactive, grant_types: [client_credentials]}
logging:
  log_streams:
    siem:
      name: SIEM
      type: http
      sink:
        httpEndpoint: https://siem.example/
        httpContentType: application/json
        httpContentFormat: JSONLINES
id_token_claims:
  actions:
    claims:
      code: !file actions/claims.js
      runtime: node22
      supported_triggers: {post-login: v3}
      secrets: {MARK: !secret MARK}
  trigger_bindings:
    post-login: {claims: {}}
"""
SECOND = """
id_token_claims:
  actions:
    later: {code: !file actions/later.js, runtime: node22, supported_triggers: {post-login: v3}}
"""
CLAIMS = """
exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim("https://shop.example/mark", event.secrets.MARK);
};
"""
TESTS = """
import assert from "node:assert/strict";
import { test } from "node:test";
import { action, script } from "tenantctl:test";

test("claims are told", async () => {
  const { idToken } = await action("claims").run({ secrets: { MARK: "x" } });
  assert.deepEqual(idToken, { "https://shop.example/mark": "x" });
});
test("customers sign in", async () => {
  assert.equal((await script("customers", "login").run(["a", "b"])).user_id, "1");
});
"""
CONFIGURATION = """
applications are what they are:
  expect: {clients.web.app_type: spa}
  counts: {clients: 2}
only production is asked for this:
  environments: [kind:production]
  expect: {clients.web.app_type: native}
two phases fit on a fresh tenant:
  mock: true
  phases: [1, 2]
  environments: [dev]
  counts: {actions: 2, clients: 2}
  expect: {actions.later.supported_triggers.post-login: v3}
"""
FILES = {
    "tenants/shop/tenant.yaml": TENANT,
    "tenants/shop/phase1/all.yaml": FIRST,
    "tenants/shop/phase2/all.yaml": SECOND,
    "tenants/shop/actions/claims.js": CLAIMS,
    "tenants/shop/actions/later.js": "exports.onExecutePostLogin = async () => {};",
    "tenants/shop/databases/login.js": "function login(a, b, done) {\n"
    "  done(null, { user_id: '1' });\n}\n",
    "tenants/shop/tests/claims.test.mjs": TESTS,
    "tenants/shop/tests/configuration.yaml": CONFIGURATION,
    "environments/shop/dev.yaml": "kind: development\ndomain: embedded\nphases: [1]\n"
    "secrets: {MARK: {from: generated}}\n",
    "environments/shop/qa.yaml": "kind: qa\ndomain: shop-qa.eu.auth0.com\nphases: [1]\n"
    "secrets: {MARK: {from: env:SHOP_MARK}}\n",
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip())
    return Project(tmp_path)


def receipts(project, environment):
    ledger = open_ledger(project.root / ".tenantctl")
    return {receipt.ran: receipt for receipt in ledger.tests("shop", environment)}


@pytest.mark.thorough
def test_a_tenant_is_tested_with_all_its_environments_and_asks_none_of_them(project):
    ran = project.ok("test", "shop")
    assert ran.out == textwrap.dedent("""\
        Unit tests
          tenants/shop/tests/claims.test.mjs: 2 passed
          dev tenants/shop/tests/configuration.yaml: 1 passed
          qa tenants/shop/tests/configuration.yaml: 1 passed

        Fresh tenant
          dev: 1 passed
          dev tenants/shop/tests/configuration.yaml: 1 passed
          qa: 1 passed

        Code: 2 of 3 tested
          - actions.later: no test runs it

        shop: 7 passed.
        """)
    assert not (project.root / ".tenantctl" / "sandbox").exists()
    assert not (project.root / ".tenantctl" / "secrets").exists()


@pytest.mark.thorough
def test_what_was_shown_is_kept_for_each_environment(project):
    project.ok("test", "shop")
    digest = project.ok("validate", "shop/qa", "--json").json["digest"]
    for environment, kind in (("dev", "development"), ("qa", "qa")):
        found = receipts(project, environment)
        assert found.keys() == {"unit", "mock"}
        for receipt in found.values():
            assert (receipt.passed, receipt.digest) == (True, digest)
            assert (receipt.environment, receipt.environment_kind) == (environment, kind)
        judged = {name: passed for name, (_, passed) in found["unit"].code.items()}
        assert judged == {"actions.claims": True, "connections.customers/login": True}
        assert found["mock"].code == {}


def test_code_that_fails_its_tests_fails_the_run_and_is_kept_as_failed(project):
    project.edit("tenants/shop/actions/claims.js", "event.secrets.MARK", '"always"')
    ran = project.run("test", "shop/dev")
    assert ran.code == 1
    assert "! claims are told  line 5" in ran.out
    assert "! actions.claims: a file that tests it has failed" in ran.out
    assert receipts(project, "qa") == {}
    unit = receipts(project, "dev")["unit"]
    assert (unit.passed, unit.counts) == (False, {"passed": 2, "failed": 1})
    assert unit.code["actions.claims"][1] is False


@pytest.mark.thorough
def test_files_that_ask_for_something_else_fail_the_run(project):
    project.edit("tenants/shop/phase1/all.yaml", "app_type: spa", "app_type: native")
    ran = project.run("test", "shop", "--kind", "unit")
    assert ran.code == 1
    assert (
        "tenants/shop/tests/configuration.yaml:2:12: clients.web.app_type is 'native', not 'spa'"
        in ran.out
    )
    assert "only production" not in ran.out


def test_what_does_not_apply_to_a_fresh_tenant_fails_the_run(project):
    project.edit(
        "tenants/shop/phase1/all.yaml",
        "      type: http\n",
        "      type: http\n      isPriority: true\n",
    )
    project.edit("tenants/shop/tests/configuration.yaml", "actions: 2", "actions: 3")
    ran = project.run("test", "shop/dev", "--kind", "mock")
    assert ran.code == 1
    assert "configuration.yaml:7: there are 2 actions, not 3" in ran.out
    assert receipts(project, "dev").keys() == {"mock"}


def test_a_fresh_tenant_knows_no_ids_and_nobody_minds_what_is_done_to_it(project):
    qa = project.root / "environments/shop/qa.yaml"
    pins = "pins: {clients.web: AbCdEfGhIjKlMnOpQrStUvWxYz012345}\n"
    policy = 'policy: {max_changes: 0, delete: never, protect: ["*"], approval: two_person}\n'
    qa.write_text(qa.read_text() + pins + policy)
    project.ok("test", "shop/qa", "--kind", "mock")


@pytest.mark.thorough
def test_tests_can_be_chosen_and_leave_no_receipt_then(project):
    ran = project.ok("test", "shop", "-k", "CLAIMS ARE", "-v")
    assert "✓ claims are told" in ran.out
    assert "customers sign in" not in ran.out
    assert ran.out.endswith("shop: 1 passed.\n")
    assert receipts(project, "dev") == {}
    ran = project.run("test", "shop", "-k", "no such thing")
    assert (ran.code, "no test has 'no such thing' in its name" in ran.err) == (64, True)


@pytest.mark.thorough
def test_json_carries_everything(project):
    project.edit("tenants/shop/actions/claims.js", "event.secrets.MARK", '"\\u001b[31m"')
    ran = project.run("test", "shop", "--json")
    found = ran.json
    assert (ran.code, found["passed"]) == (1, False)
    assert found["counts"] == {"passed": 6, "failed": 1, "skipped": 0}
    (failed,) = [test for test in found["tests"] if test["status"] == "failed"]
    assert (failed["kind"], failed["name"], failed["line"]) == ("unit", "claims are told", 5)
    assert "\x1b" not in failed["detail"]
    assert found["code"]["untested"] == ["actions.later"]
    assert {(each["environment"], each["ran"], each["passed"]) for each in found["receipts"]} == {
        ("dev", "unit", False),
        ("dev", "mock", True),
        ("qa", "unit", False),
        ("qa", "mock", True),
    }


@pytest.mark.thorough
def test_pipelines_read_the_tests_as_junit_xml(project):
    project.edit("tenants/shop/actions/claims.js", "event.secrets.MARK", '"<&>"')
    file = project.root / "tests.xml"
    assert project.run("test", "shop", "--junit", str(file)).code == 1
    root = ET.parse(file).getroot()
    assert {suite.get("name"): suite.get("tests") for suite in root} == {
        "shop unit": "2",
        "shop/dev unit": "1",
        "shop/dev mock": "2",
        "shop/qa unit": "1",
        "shop/qa mock": "1",
    }
    (case,) = root.findall(".//testcase[failure]")
    assert (case.get("name"), case.get("file")) == (
        "claims are told",
        "tenants/shop/tests/claims.test.mjs",
    )
    assert "<&>" in case.find("failure").text


@pytest.mark.thorough
def test_phases_that_do_not_load_yet_are_left_out_with_a_note(project):
    project.edit("tenants/shop/phase2/all.yaml", "runtime", "runtimes")
    (project.root / "tenants/shop/tests/configuration.yaml").unlink()
    ran = project.ok("test", "shop/dev", "--kind", "unit")
    assert "note: dev: only released phases are tested" in ran.out
    assert "tenants/shop/phase2/all.yaml:3" in ran.out
    assert "Code: 2 of 2 tested" in ran.out


def test_a_tenant_without_tests_says_what_is_not_tested_and_needs_no_node(project, monkeypatch):
    for path in (project.root / "tenants/shop/tests").iterdir():
        path.unlink()
    monkeypatch.setenv("TENANTCTL_NODE", "/no/node")
    ran = project.ok("test", "shop/dev", "--kind", "unit")
    assert ran.out.startswith("Code: 0 of 3 tested\n")
    assert receipts(project, "dev")["unit"].passed is False


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nobody",), 64, "nobody"),
        ((), 64, "which environment?"),
        (("shop/nowhere",), 64, "shop has no environment nowhere"),
        (("shop", "--kind", "load"), 64, "there are no load tests"),
        (("shop", "--live"), 64, "--live is about one environment"),
        (("shop/dev", "--live", "-k", "x"), 64, "--live is about no other tests"),
        (("shop", "--node", "/no/node"), 64, "--node names /no/node, which is no program"),
    ],
)
def test_what_cannot_be_tested_is_told(project, arguments, code, said):
    ran = project.run("test", *arguments)
    assert ran.code == code
    assert said in ran.err


def test_tests_that_are_no_tests_are_told_with_their_line(project):
    project.edit(
        "tenants/shop/tests/configuration.yaml", "counts: {clients: 2}\n", "counts: {client: 2}\n"
    )
    ran = project.run("test", "shop")
    assert ran.code == 65
    assert "tenants/shop/tests/configuration.yaml:3:12: there is no kind client" in ran.err


@pytest.mark.thorough
def test_all_environments_are_tested_each_by_itself(project):
    ran = project.run("test", "--all", "--kind", "unit", "--json", "--jobs", "2")
    assert ran.code == 0, ran.err
    told = {each["target"]: each["summary"] for each in ran.json["targets"]}
    assert told == {"shop/dev": "3 passed", "shop/qa": "3 passed"}
    assert ran.json["verb"] == "test"
    assert receipts(project, "qa")["unit"].passed
    ran = project.run("test", "--all", "--junit", "x.xml")
    assert (ran.code, "--junit is about one tenant" in ran.err) == (64, True)


@pytest.mark.thorough
def test_one_tenant_that_fails_leaves_the_others_alone(project):
    project.edit("environments/shop/qa.yaml", "kind: qa", "kind: production")
    ran = project.run("test", "--all", "--kind", "unit", "--json", "--jobs", "2")
    assert ran.code == 1
    outcomes = {each["target"]: each["outcome"] for each in ran.json["targets"]}
    assert outcomes == {"shop/dev": "done", "shop/qa": "failed"}


@pytest.mark.thorough
class TestLive:
    def shown(self, project, code):
        ran = project.run("test", "shop/dev", "--live", "--json")
        assert ran.code == code, ran.err
        return {test["name"]: (test["status"], test["detail"]) for test in ran.json["tests"]}

    @pytest.fixture
    def applied(self, project):
        project.ok("apply", "shop/dev", "--yes")
        return project

    def test_a_tenant_that_works_says_so_and_nothing_is_written(self, applied):
        writes = applied.ok("sandbox", "status", "shop/dev", "--json").json["requests"]["writes"]
        assert self.shown(applied, 0) == {
            "the discovery document is of this tenant": ("passed", ""),
            "the keys that tokens are signed with can be read": ("passed", ""),
            "client credentials give a token for the Management API": ("passed", ""),
            "clients.batch: people can ask to sign in": (
                "skipped",
                "nobody signs in with it: it has no authorization_code grant or no callback",
            ),
            "clients.web: people can ask to sign in": ("passed", ""),
            "log_streams.siem: its status is active": ("passed", ""),
        }
        found = receipts(applied, "dev")["integration"]
        assert (found.passed, found.environment_kind) == (True, "development")
        after = applied.ok("sandbox", "status", "shop/dev", "--json").json["requests"]["writes"]
        assert after == writes

    def test_what_does_not_work_is_told(self, applied):
        with applied.sandbox("dev", "shop") as sandbox:
            (stream,) = sandbox.documents("log_streams")
            sandbox.edit("log_streams", stream, {"status": "suspended"})
            (web,) = [i for i, c in sandbox.documents("clients").items() if c.get("name") == "Web"]
            sandbox.edit(
                "clients",
                web,
                {"grant_types": ["authorization_code"], "callbacks": ["https://else.example/"]},
            )
        found = self.shown(applied, 1)
        assert found["log_streams.siem: its status is active"] == (
            "failed",
            "its status is 'suspended'",
        )
        assert found["clients.web: people can ask to sign in"][0] == "passed"
        with applied.sandbox("dev", "shop") as sandbox:
            sandbox.drop("clients", web)
        found = self.shown(applied, 1)
        assert found["clients.web: people can ask to sign in"] == (
            "failed",
            "it is not in the tenant: tenantctl apply shop/dev",
        )
        assert receipts(applied, "dev")["integration"].passed is False

    def test_a_tenant_that_answers_with_errors_is_told(self, applied):
        faults = applied.root / "faults.json"
        faults.write_text(json.dumps([{"kind": "status", "status": 503, "path": "/.well-known/*"}]))
        ran = applied.run("sandbox", "faults", "shop/dev", str(faults))
        assert ran.code == 0, ran.err
        found = self.shown(applied, 1)
        assert found["the discovery document is of this tenant"] == (
            "failed",
            "/.well-known/openid-configuration answers 503, and not with a document",
        )

    def test_a_tenant_that_was_never_applied_is_told(self, project):
        found = self.shown(project, 1)
        assert found["the discovery document is of this tenant"][0] == "passed"
        assert found["log_streams.siem: its status is active"][0] == "failed"
