"""Whatever somebody does to a tenant by hand is taken over, and nothing else is written."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from drafts.revised import moved
from drafts.standing import Standing
from tenantctl.sandbox import Sandbox

TEXTS = st.one_of(
    st.sampled_from(["yes", "Über uns", "a: b # c", "${x} {{ y }}", '"quoted"', "1e3", "- x", "’"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), min_size=1, max_size=20),
).filter(lambda text: text.strip() == text and text.isprintable())
URLS = st.from_regex(r"https://[a-z]{1,8}\.example/[a-z]{0,5}", fullmatch=True)
NUMBERS = st.integers(60, 600)
FLAGS = st.booleans()
CODE = st.lists(TEXTS, min_size=1, max_size=4).map("\n".join)
COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
ADDRESSES = st.lists(st.sampled_from(["192.0.2.7", "192.0.2.8", "203.0.113.0/24"]), unique=True)
SOME_URLS = st.lists(URLS, unique=True, max_size=3)
WORDS = st.dictionaries(st.sampled_from(["channel", "tier", "x.y"]), TEXTS, max_size=3)

PLACES: dict[tuple[str, str], st.SearchStrategy[Any]] = {
    ("clients", "name"): TEXTS,
    ("clients", "description"): TEXTS,
    ("clients", "logo_uri"): URLS,
    ("clients", "initiate_login_uri"): URLS,
    ("clients", "callbacks"): SOME_URLS,
    ("clients", "allowed_logout_urls"): SOME_URLS,
    ("clients", "client_metadata"): WORDS,
    ("clients", "jwt_configuration.lifetime_in_seconds"): NUMBERS,
    ("connections", "options.disable_signup"): FLAGS,
    ("connections", "options.password_complexity_options.min_length"): st.integers(8, 20),
    ("connections", "options.customScripts.login"): CODE,
    ("tenant_settings", "friendly_name"): TEXTS,
    ("tenant_settings", "support_url"): URLS,
    ("tenant_settings", "session_lifetime"): NUMBERS,
    ("tenant_settings", "allowed_logout_urls"): SOME_URLS,
    ("tenant_settings", "error_page.url"): URLS,
    ("branding", "logo_url"): URLS,
    ("branding", "colors.primary"): COLOURS,
    ("branding_themes", "displayName"): TEXTS,
    ("branding_themes", "borders.button_border_radius"): st.integers(1, 9),
    ("email_templates", "subject"): TEXTS,
    ("email_templates", "body"): CODE,
    ("email_templates", "enabled"): FLAGS,
    ("email_templates", "urlLifetimeInSeconds"): NUMBERS,
    ("email_provider", "default_from_address"): st.just("shop@mail.example"),
    ("prompt_custom_text", "login.title"): TEXTS,
    ("branding_universal_login_template", "body"): CODE.map(
        lambda text: text + "\n{%- auth0:head -%}{%- auth0:widget -%}"
    ),
    ("attack_protection_suspicious_ip_throttling", "allowlist"): ADDRESSES,
    ("attack_protection_bot_detection", "allowlist"): ADDRESSES,
    ("attack_protection_brute_force_protection", "max_attempts"): st.integers(1, 20),
    ("log_streams", "name"): TEXTS,
    ("actions", "code"): CODE,
}
"""Fields that people change in the dashboard, by table and path."""
OURS = re.compile(r"^(All Applications|Default App|tenantctl.*|Username-Password.*|google-oauth2)$")


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody does: to the *n*th document of a table, with a *value*."""

    table: str
    path: str
    n: int
    value: Any

    def do(self, sandbox: Sandbox) -> None:
        snapshot = sandbox.snapshot()
        rows = [row for row in snapshot["documents"] if row[0] == self.table and _is_ours(row[3])]
        if self.path == "-" and rows:
            sandbox.drop(self.table, rows[self.n % len(rows)][1])
        elif self.path == "+":
            sandbox.seed({self.table: {f"new_{self.n}": self.value}})
        elif self.path == "reverse" and rows:
            for row in rows:
                row[3]["bindings"].reverse()
            sandbox.restore(snapshot)
        elif rows:
            _put(rows[self.n % len(rows)][3], self.path.split("."), self.value)
            sandbox.restore(snapshot)


def _is_ours(body: Any) -> bool:
    return not OURS.match(str(body.get("name", "")))


def _put(body: Any, path: list[str], value: Any) -> None:
    for part in path[:-1]:
        body = body.setdefault(part, {})
    body[path[-1]] = copy.deepcopy(value)


@st.composite
def edits(draw: Any) -> Edit:
    """One thing that somebody does by hand."""
    number = draw(st.integers(0, 8))
    match draw(st.integers(0, 9)):
        case 0:
            return Edit("connection_clients", "-", number, None)
        case 1:
            return Edit("clients", "-", number, None)
        case 2:
            name = draw(TEXTS)
            client = {"name": name, "app_type": "spa", "callbacks": draw(SOME_URLS)}
            return Edit("clients", "+", number, client)
        case 3:
            role = {"name": draw(TEXTS), "description": draw(TEXTS)}
            return Edit("roles", "+", number, role)
        case 4:
            return Edit("action_trigger_bindings", "reverse", number, None)
    table, path = draw(st.sampled_from(sorted(PLACES)))
    return Edit(table, path, number, draw(PLACES[table, path]))


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> tuple[Standing, Any, dict[str, bytes]]:
    """The repository's own tenant, applied; its state, and its files."""
    standing = Standing.of_repository(tmp_path_factory.mktemp("live"))
    standing.apply("dev")
    standing.write(standing.taken("dev"))  # what every tenant has is declared from now on
    assert standing.steps("dev") == []
    return standing, standing.sandbox("dev").snapshot(), _files(standing)


def _files(standing: Standing) -> dict[str, bytes]:
    found = (p for top in ("tenants", "environments") for p in (standing.root / top).rglob("*"))
    return {
        str(path.relative_to(standing.root)): path.read_bytes() for path in found if path.is_file()
    }


def _back(standing: Standing, snapshot: Any, files: dict[str, bytes]) -> None:
    standing.sandbox("dev").restore(snapshot)
    for name in _files(standing).keys() - files.keys():
        (standing.root / name).unlink()
    for name, data in files.items():
        (standing.root / name).write_bytes(data)


def _check(ground: tuple[Standing, Any, dict[str, bytes]], done: list[Edit]) -> None:
    standing, snapshot, files = ground
    _back(standing, snapshot, files)
    for edit in done:
        edit.do(standing.sandbox("dev"))
    revision = standing.taken("dev")
    assert not [note for note in revision.notes if note.level == "loss"], revision.notes
    _nothing_is_lost(files, revision.texts)
    standing.write(revision)
    left = [step for step in standing.steps("dev") if not step.startswith("+")]
    assert left == [], moved(standing.root, revision)
    for env in ("qa", "prod"):
        standing.load(env)
    again = standing.taken("dev")
    assert moved(standing.root, again) == {}


def _nothing_is_lost(files: dict[str, bytes], texts: Any) -> None:
    """Every comment of a changed file is still there, unless its line went with what it is about;
    and every reader of YAML reads the file."""
    for name, text in texts.items():
        before = files.get(name, b"").decode()
        if not name.endswith(".yaml"):
            continue
        YAML(typ="rt").load(re.sub(r"!\w+", "", text))
        whole = [line for line in before.splitlines() if line.lstrip().startswith("#")]
        assert [line for line in whole if line not in text.splitlines()] == []


@pytest.mark.thorough
@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
@given(done=st.lists(edits(), min_size=1, max_size=5))
def test_whatever_is_done_by_hand_is_taken_over(ground, done):
    _check(ground, done)


@pytest.mark.campaign
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(done=st.lists(edits(), min_size=1, max_size=6))
def test_whatever_is_done_by_hand_is_taken_over_at_length(ground, done):
    _check(ground, done)
