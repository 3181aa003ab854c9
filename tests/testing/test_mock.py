"""An apply on a fresh tenant is believed as far as the tenant shows it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from support.project import REPOSITORY
from tenantctl.cli.wiring import open_embedded
from tenantctl.files import load
from tenantctl.sandbox import Sandbox
from tenantctl.workflows.mock import rehearse


def rehearsed(between):
    """The tenant of dev; *between* is done each time it is opened, counted from 1."""

    @asynccontextmanager
    async def scratch(environment):
        sandbox, opened = Sandbox(environment.domain), [0]

        def tries(vault):
            opened[0] += 1
            between(opened[0], sandbox)
            return open_embedded(environment, vault, sandbox)

        yield tries
        sandbox.close()

    return asyncio.run(rehearse(load(REPOSITORY, "hearthhollow", "dev"), scratch))


@pytest.mark.thorough
def test_a_tenant_that_is_as_the_files_say_has_no_problems():
    found = rehearsed(lambda *_: None)
    assert found.problems == ()
    assert sum(resource.address.kind == "clients" for resource in found.live) == 6


def test_what_a_second_plan_would_do_is_a_problem():
    def forget(number, sandbox):
        if number == 2:
            (id,) = [
                i for i, c in sandbox.documents("clients").items() if c.get("name") == "Checkout"
            ]
            sandbox.edit("clients", id, {"description": "Somebody else's."})

    found = rehearsed(forget)
    assert found.problems == ("after the apply, a plan would still update clients.checkout",)


@pytest.mark.thorough
def test_what_an_apply_cannot_do_is_a_problem():
    def break_(number, sandbox):
        if number == 1:
            sandbox.features = sandbox.features - {"custom_domains"}

    found = rehearsed(break_)
    assert any("custom_domains" in problem for problem in found.problems), found.problems
