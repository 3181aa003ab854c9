"""What people say of themselves in files: read, refused where it is wrong, told when it is old."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tenantctl.errors import FilesError
from tenantctl.files import load
from tenantctl.files.promises import outdated

TENANT = "tenants/shop/tenant.yaml"
DEV = "environments/shop/dev.yaml"
PROD = "environments/shop/prod.yaml"
ATTESTED = "environments/shop/attestations.yaml"
DEFINED = "playbook: b2c\nadopts: [application_integration]\n"
FILES = {
    TENANT: DEFINED,
    "tenants/shop/phase1/a.yaml": "application_integration:\n  clients: {web: {app_type: spa}}\n",
    DEV: "kind: development\ndomain: embedded\n",
    PROD: "kind: production\ndomain: embedded\n",
}
Write = Callable[[dict[str, str]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a project of one client with *changes* by path; its root."""

    def write(changes: dict[str, str]) -> Path:
        for name, text in {**FILES, **changes}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


WAIVER = "{check: U03.callbacks-no-localhost, reason: r, owner: o, expires: 2027-01-01"
REFUSED: dict[str, tuple[str, str, str]] = {
    "a parameter that no check reads": (
        TENANT,
        f"{DEFINED}parameters: {{third_party_app: true}}\n",
        f"{TENANT}:3:14: unknown key third_party_app in parameters | did you mean",
    ),
    "a parameter of another type": (
        TENANT,
        f"{DEFINED}parameters:\n  third_party_apps: maybe\n",
        f"{TENANT}:4:21: parameters.third_party_apps must be true or false",
    ),
    "an entitlement that nobody knows": (
        TENANT,
        f"{DEFINED}parameters:\n  entitlements: {{tenant_acls: true}}\n",
        f"{TENANT}:4:18: unknown key tenant_acls in parameters.entitlements",
    ),
    "one word instead of another": (
        TENANT,
        f"{DEFINED}parameters: {{organization_isolation: strict}}\n",
        f"{TENANT}:3:38: parameters.organization_isolation must be one of isolated, shared",
    ),
    "an Action of the library that is not there": (
        TENANT,
        f"{DEFINED}parameters: {{library_actions: [shared]}}\n",
        f"{TENANT}:3:32: there is no actions.shared",
    ),
    "a waiver of a check that is not there": (
        TENANT,
        f"{DEFINED}waivers:\n  - {WAIVER.replace('localhost', 'localhosts')}}}\n",
        f"{TENANT}:4:13: there is no check U03.callbacks-no-localhosts | did you mean",
    ),
    "a waiver that nobody owns": (
        TENANT,
        f"{DEFINED}waivers:\n  - {WAIVER.replace('owner: o, ', '')}}}\n",
        f"{TENANT}:4:5: a waiver has no owner | say who sees to it",
    ),
    "a waiver for ever": (
        TENANT,
        f"{DEFINED}waivers:\n  - {WAIVER.replace('2027-01-01', 'never')}}}\n",
        f"{TENANT}:4:71: never is no day",
    ),
    "a waiver in an environment that is not there": (
        TENANT,
        f"{DEFINED}waivers:\n  - {WAIVER}, environments: [prd]}}\n",
        f'{TENANT}:4:13: there is no environment prd | did you mean "prod"?',
    ),
    "an attestation that no check asks for": (
        ATTESTED,
        "dashboard_mf: [{by: a, on: 2026-08-20}]\n",
        f'{ATTESTED}:1:1: no check asks for dashboard_mf | did you mean "dashboard_mfa"?',
    ),
    "an attestation of nobody": (
        ATTESTED,
        "dashboard_mfa:\n  - {on: 2026-08-20}\n",
        f"{ATTESTED}:2:5: dashboard_mfa has no by | say who stands for it",
    ),
    "an attestation that ended before it began": (
        ATTESTED,
        "dashboard_mfa:\n  - {by: a, on: 2026-08-20, until: 2026-08-19}\n",
        f"{ATTESTED}:2:36: 2026-08-19 is before 2026-08-20",
    ),
    "an attestation of no day": (
        ATTESTED,
        "dashboard_mfa:\n  - {by: a, on: 2026-02-30}\n",
        f"{ATTESTED}:2:17: 2026-02-30 is no day",
    ),
    "a link that is none": (
        ATTESTED,
        "dashboard_mfa:\n  - {by: a, on: 2026-08-20, link: wiki}\n",
        f"{ATTESTED}:2:35: wiki is no link",
    ),
    "an attestation for an environment that is not there": (
        ATTESTED,
        "dashboard_mfa:\n  - {by: a, on: 2026-08-20, environments: [prd]}\n",
        f'{ATTESTED}:2:44: there is no environment prd | did you mean "prod"?',
    ),
    "an operation that no check reads": (
        DEV,
        "kind: development\ndomain: embedded\noperations: {synthetic: x}\n",
        f"{DEV}:3:14: unknown key synthetic in operations",
    ),
    "an operation that is no address": (
        DEV,
        "kind: development\ndomain: embedded\noperations: {synthetic_login: http://x}\n",
        f"{DEV}:3:31: operations.synthetic_login must be an address that starts with https://",
    ),
    "a day on which nobody can have checked anything": (
        DEV,
        "kind: development\ndomain: embedded\noperations: {egress_allowlist_checked: 2026-13-01}\n",
        f"{DEV}:3:40: operations.egress_allowlist_checked must be a day",
    ),
}


@pytest.mark.parametrize(("file", "text", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_said_with_its_place_and_what_to_write(
    write: Write, file: str, text: str, said: str
) -> None:
    root = write({file: text})

    with pytest.raises(FilesError) as raised:
        load(root, "shop", "dev")

    told = [f"{p.where}: {p.message} | {p.help}" for p in raised.value.problems]
    assert any(said in each for each in told), told
    assert len(told) == 1


def test_what_people_say_is_read_with_days_quoted_or_not(write: Write) -> None:
    root = write(
        {
            TENANT: f"{DEFINED}parameters: {{third_party_apps: true, entitlements: "
            f"{{tenant_acl: false}}}}\nwaivers:\n  - {WAIVER}, environments: [prod]}}\n",
            ATTESTED: "dashboard_mfa:\n  - {by: a, on: 2026-08-20}\n"
            '  - {by: b, on: "2026-08-21", until: 2027-01-01, environments: [dev], '
            "link: https://x.example}\nenvironment_tag: {by: c, on: 2026-01-01}\n",
        }
    )

    found = load(root, "shop", "dev")

    assert found.parameters == {"third_party_apps": True, "entitlements": {"tenant_acl": False}}
    (waiver,) = found.waivers
    assert (waiver.check, waiver.expires) == ("U03.callbacks-no-localhost", dt.date(2027, 1, 1))
    assert waiver.environments == ("prod",)
    assert str(waiver.origin) == f"{TENANT}:5:13"
    first, second, third = found.attestations
    assert (first.name, first.by, first.on) == ("dashboard_mfa", "a", dt.date(2026, 8, 20))
    assert (second.until, second.environments) == (dt.date(2027, 1, 1), ("dev",))
    assert (third.name, third.environments) == ("environment_tag", ())


def test_an_environment_inherits_how_its_parent_is_operated_and_says_more(write: Write) -> None:
    root = write(
        {
            DEV: f"{FILES[DEV]}operations: {{log_alerts: [api_limit], "
            "synthetic_login: https://a.example}\n",
            PROD: "inherits: dev\nkind: production\ndomain: embedded\n"
            "operations: {synthetic_login: https://b.example}\n",
        }
    )

    assert load(root, "shop", "prod").environment.operations == {
        "log_alerts": ["api_limit"],
        "synthetic_login": "https://b.example",
    }


def test_topics_are_adopted_less_what_the_environment_declines(write: Write) -> None:
    defined = "playbook: b2c\nadopts: [application_integration, logout]\ndeclines: {mfa: Later.}\n"
    root = write({TENANT: defined, DEV: f"{FILES[DEV]}topics: {{logout: declined}}\n"})

    dev, prod = load(root, "shop", "dev"), load(root, "shop", "prod")

    assert set(dev.adopted) == {"application_integration"}
    assert set(prod.adopted) == {"application_integration", "logout"}
    assert {t: str(o) for t, o in dev.declined.items()} == {
        "mfa": f"{TENANT}:3:12",
        "logout": f"{DEV}:3:10",
    }
    assert dev.reasons == {"mfa": "Later."}


OLD: dict[str, tuple[str, str, str]] = {
    "a waiver that has expired": (
        TENANT,
        f"{DEFINED}waivers:\n  - {WAIVER.replace('2027', '2026')}}}\n",
        f"{TENANT}:4:13: the waiver of U03.callbacks-no-localhost expired 2026-01-01",
    ),
    "an attestation of a day to come": (
        ATTESTED,
        "dashboard_mfa:\n  - {by: a, on: 2026-09-02}\n",
        f"{ATTESTED}:2:5: dashboard_mfa is attested as of 2026-09-02, which is to come",
    ),
    "an attestation that has ended": (
        ATTESTED,
        "dashboard_mfa:\n  - {by: a, on: 2026-08-01, until: 2026-08-31}\n",
        f"{ATTESTED}:2:5: the attestation of dashboard_mfa ended 2026-08-31",
    ),
}


@pytest.mark.parametrize(("file", "text", "said"), OLD.values(), ids=OLD)
def test_what_no_longer_counts_or_not_yet_is_told(
    write: Write, file: str, text: str, said: str
) -> None:
    found = load(write({file: text}), "shop", "dev")

    told = outdated(found.attestations, found.waivers, dt.date(2026, 9, 1))

    assert [f"{each.where}: {each.message}" for each in told] == [said]


def test_what_counts_is_not_told(write: Write) -> None:
    fresh = {ATTESTED: "dashboard_mfa:\n  - {by: a, on: 2026-09-01, until: 2026-09-01}\n"}
    fresh[TENANT] = f"{DEFINED}waivers:\n  - {WAIVER.replace('2027-01-01', '2026-09-01')}}}\n"
    found: Any = load(write(fresh), "shop", "dev")

    assert list(outdated(found.attestations, found.waivers, dt.date(2026, 9, 1))) == []
