"""`tenantctl scopes`: enough for the job, and nothing in it is too much."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import httpx
import pytest

from e2e.test_readme import commands, missing
from support.project import REPOSITORY, Project, copy_of_repository
from support.watched import Watched
from tenantctl.cli.running import plan_and_run
from tenantctl.files import load
from tenantctl.workflows import Ask

PHASE = "tenants/hearthhollow/phase1"
DEV = "environments/hearthhollow/dev.yaml"
OTHERWISE = """
  clients.checkout: {description: Pays.}
  connections.synthetic: {options: {disable_signup: false}}
  custom_domains.login: {domain_metadata: {region: eu}}
  email_provider: {default_from_address: "mail@dev.hearthhollow.example"}
  email_templates.welcome_email: {subject: Welcome in}
  log_streams.siem: {pii_config: {log_fields: [email]}}
  resource_servers.management-api: {token_lifetime: 3600}
"""
"""A change to something of each kind whose first apply is no update."""


def scopes(project, purpose: str, env: str = "dev") -> list[str]:
    return project.ok("scopes", env, "--for", purpose).out.split()


def grant(project, given) -> None:
    """Leave the tool's own client with these scopes of the Management API and no others."""
    with project.sandbox() as sandbox:
        own, _ = sandbox.credentials()
        grants = sandbox.documents("client_grants").items()
        (id,) = [id for id, document in grants if document["client_id"] == own]
        sandbox.edit("client_grants", id, {"scope": sorted(given)})


def change_something_of_each_kind(project) -> None:
    path = project.root / DEV
    path.write_text(path.read_text() + OTHERWISE.lstrip("\n"))


def decline_everything(project) -> None:
    adopted = load(project.root, "hearthhollow", "dev").desired.declarations.values()
    topics = sorted({topic for declaration in adopted for topic in declaration.topics})
    path = project.root / DEV
    text = path.read_text().partition("overrides:")[0]
    text = text.replace("delete: managed", "delete: managed\n  max_deletes: 1000")
    path.write_text(f"{text}topics: {{{', '.join(f'{topic}: declined' for topic in topics)}}}\n")


REPLACE = """delete: never
  allow: [{rule: replacement, address: clients.checkout, reason: moved, expires: "2999-01-01"}]"""

CHAPTERS = (lambda _: None, change_something_of_each_kind, decline_everything)
"""The life of an environment: first apply, changes, and the end."""


@dataclass(frozen=True)
class Life:
    """What an environment asked of its tenant while it had exactly the scopes that are listed."""

    plan: list[str]
    apply: list[str]
    planned: frozenset[tuple[str, str]]
    applied: frozenset[tuple[str, str]]


def asked(watched: Watched) -> frozenset[tuple[str, str]]:
    return frozenset((r.method, r.path) for r in watched.log if r.path != "/oauth/token")


@pytest.fixture(scope="module")
def lived(tmp_path_factory) -> Project:
    return copy_of_repository(tmp_path_factory.mktemp("life"))


@pytest.fixture(scope="module")
def life(lived) -> Life:
    """First apply, changes and the end of dev; each chapter succeeds, and leaves an empty plan."""
    planning, applying = Watched(lived), Watched(lived)
    listed = [scopes(lived, purpose) for purpose in ("plan", "apply")]
    for chapter in CHAPTERS:
        chapter(lived)
        grant(lived, scopes(lived, "plan"))
        planning.plan()
        grant(lived, scopes(lived, "apply"))
        session = applying.session()
        assert plan_and_run(session, Ask(), yes=True, full=False, as_json=False) == 0
        assert not applying.plan().steps
    return Life(*listed, asked(planning), asked(applying))


def refused(project, requests, given) -> list[tuple[str, str]]:
    """Which of *requests* a token with these scopes is refused."""

    async def ask() -> list[tuple[str, str]]:
        with project.sandbox() as sandbox:
            headers = {"authorization": f"Bearer {sandbox.token(given)}"}
            transport = sandbox.transport()
            async with httpx.AsyncClient(transport=transport, headers=headers) as http:
                urls = [(r, f"https://{sandbox.domain}/api/v2{r[1]}") for r in requests]
                answers = [(r, await http.request(r[0], url)) for r, url in urls]
        return [request for request, answer in answers if answer.status_code == 403]

    return asyncio.run(ask())


@pytest.mark.thorough
def test_the_life_of_an_environment_needs_no_scope_beside_those_listed(lived, life):
    assert len(life.applied) > 60
    assert refused(lived, life.planned, life.plan) == []
    assert refused(lived, life.applied, life.apply) == []


@pytest.mark.thorough
@pytest.mark.parametrize("purpose", ["plan", "apply"])
def test_without_any_single_scope_something_is_refused(lived, life, purpose):
    listed = {"plan": life.plan, "apply": life.apply}[purpose]
    requests = {"plan": life.planned, "apply": life.applied}[purpose]
    idle = [
        each for each in listed if not refused(lived, requests, [s for s in listed if s != each])
    ]
    assert listed
    assert idle == []


def test_a_plan_reads_and_does_nothing_else(project):
    assert {each.split(":")[0] for each in scopes(project, "plan", "prod")} == {"read"}


def test_where_nothing_may_be_deleted_nobody_needs_the_scope_for_it(project):
    assert "delete:clients" in scopes(project, "apply", "qa")
    assert [s for s in scopes(project, "apply", "prod") if s.startswith("delete:")] == []


def test_what_may_be_replaced_may_be_deleted_with_all_that_is_tied_to_it(project):
    """A delete that only a replacement makes: of the client, and of what names it for good."""
    path = project.root / f"{PHASE}/authentication.yaml"
    path.write_text(
        f"{path.read_text()}"
        "\n  client_grants:\n    checkout: {management-api: {client: {scope: [read:users]}}}\n"
    )
    before = scopes(project, "apply", "prod")
    project.edit("environments/hearthhollow/prod.yaml", "delete: never", REPLACE)
    after = scopes(project, "apply", "prod")
    assert set(after) - set(before) == {"delete:clients", "delete:client_grants"}


def test_json_says_what_each_scope_is_for(project):
    found = project.ok("scopes", "prod", "--for", "apply", "--json").json
    assert [each["scope"] for each in found["scopes"]] == scopes(project, "apply", "prod")
    kinds = {each["scope"]: each["kinds"] for each in found["scopes"]}
    assert kinds["update:connections"] == ["connection_clients", "connections"]


def test_a_plan_that_may_not_read_is_told_where_to_look(project):
    grant(project, [s for s in scopes(project, "plan") if s != "read:prompts"])
    ran = project.run("plan", "dev")
    assert ran.code == 77
    assert "read:prompts" in ran.err
    assert "tenantctl scopes" in ran.err


def test_the_readme_shows_what_is_listed(project):
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    ((command, shown),) = commands(readme.split("## A tenant's files")[1].split("\n## ")[0])
    assert missing(shown, project.ok(*command.split()[1:]).out) == []


@pytest.mark.parametrize("purpose", [["--for", "everything"], []])
def test_another_purpose_is_wrong_usage(project, purpose):
    ran = project.run("scopes", "prod", *purpose)
    assert ran.code == 64
    assert "--for" in ran.err
