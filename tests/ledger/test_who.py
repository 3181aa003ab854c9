"""Who acts, as every receipt says it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import getpass

import pytest

from ledger.examples import RECEIPT
from tenantctl.ledger import who
from tenantctl.workflows.apply import _when

CASES = {
    "GitHub": ({"GITHUB_ACTOR": "octocat"}, "octocat"),
    "GitLab": ({"GITLAB_USER_LOGIN": "tanuki"}, "tanuki"),
    "Azure DevOps": ({"BUILD_REQUESTEDFOR": "Ada Lovelace"}, "Ada Lovelace"),
    "a pipeline that says nothing": ({"GITHUB_ACTOR": " "}, getpass.getuser()),
    "a person": ({}, getpass.getuser()),
    "a name without end": ({"GITHUB_ACTOR": "a" * 1000}, "a" * 100),
}


@pytest.mark.parametrize(("environ", "found"), CASES.values(), ids=CASES)
def test_whoever_a_pipeline_runs_for_acts_and_else_the_user(environ, found):
    assert who(environ) == found


def test_who_acts_goes_by_the_environment_of_the_process(monkeypatch):
    monkeypatch.setenv("GITHUB_ACTOR", "octocat")
    assert who() == "octocat"


def test_a_receipt_is_never_older_than_the_one_before_whatever_the_clocks_say():
    ahead = dt.datetime.now(dt.UTC) + dt.timedelta(hours=3)
    before = dataclasses.replace(RECEIPT, when=ahead.isoformat(timespec="milliseconds"))
    assert _when(before) > before.when
    assert dt.datetime.fromisoformat(_when(RECEIPT)) <= dt.datetime.now(dt.UTC)
    assert _when(None) <= dt.datetime.now(dt.UTC).isoformat()
