"""The repository's own tenants: all their code is tested, and the tests notice what it does."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from support.project import REPOSITORY, Project
from tenantctl.files import tenants
from tenantctl.files.testing import read_tests
from tenantctl.ledger import open_ledger
from tenantctl.testing.code import run_code_tests
from tenantctl.workflows.testing import subject

TENANTS = tenants(REPOSITORY)
NOTHING = {
    "action": "for (const when of ['Execute', 'Continue'])\n"
    "  exports[`on${when}%s`] = async () => {};",
    "script": "function nothing(...given) { given.at(-1)(null); }",
}
"""Code that can be called, and does nothing."""


@pytest.fixture
def project(tmp_path):
    for name in ("tenants", "environments"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    return Project(tmp_path)


@pytest.mark.thorough
@pytest.mark.parametrize("tenant", TENANTS)
def test_every_action_and_script_of_a_tenant_is_tested(project, tenant):
    found = project.ok("test", tenant, "--kind", "unit", "--json").json
    assert found["counts"]["failed"] == found["counts"]["skipped"] == 0
    assert found["code"]["untested"] == []
    assert found["code"]["uncalled"] == {}
    assert all(found["code"]["passed"].values())
    ledger = open_ledger(project.root / ".tenantctl")
    for environment in ("dev", "qa", "prod"):
        (receipt,) = ledger.tests(tenant, environment)
        assert receipt.passed
        assert receipt.code


@pytest.mark.thorough
@pytest.mark.parametrize("tenant", TENANTS)
def test_the_tests_notice_code_that_does_nothing(node, project, tenant):
    code = [unit for unit in subject(project.root, tenant, "dev").code if unit.tested]
    words = {u.name: "".join(word.capitalize() for word in u.trigger.split("-")) for u in code}
    idle = [
        replace(u, code=NOTHING[u.sort] % words[u.name] if u.trigger else NOTHING[u.sort])
        for u in code
    ]
    files = read_tests(project.root, tenant).code
    found = run_code_tests(node, project.root, tenant, files, idle)
    assert {unit: passed for unit, passed in found.passed.items() if passed} == {}
    assert found.passed.keys() == words.keys()
