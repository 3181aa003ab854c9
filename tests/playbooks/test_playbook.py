"""The playbook data, its compiled form, and everything `load` refuses."""

from __future__ import annotations

import copy
import json
import runpy
from collections.abc import Callable
from pathlib import Path
from shutil import copytree, ignore_patterns
from timeit import repeat
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tenantctl.errors import PlaybookError, UsageError
from tenantctl.playbooks import (
    NAMES,
    Again,
    Gate,
    Playbook,
    checks,
    load,
    playbook,
    shipped_topics,
    source,
    texts,
)

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "src" / "tenantctl" / "playbooks"
TOOL = runpy.run_path(str(ROOT / "tools" / "compile_playbooks.py"))
READ = {"summary", "docs", "example"}


def small() -> dict[str, Any]:
    """Two phases, three workstreams, four topics: enough to be wrong in every way."""
    return {
        "id": "small",
        "name": "Small",
        "phases": [
            {
                "number": 1,
                "name": "First",
                "requires": [],
                "workstreams": [
                    stream("ground", [], [topic("soil", []), topic("water", ["soil"])]),
                    stream("house", ["ground"], [topic("walls", ["water"])]),
                ],
                "sequence": ["soil", "water", "walls"],
                "milestones": [milestone("seen", ["ground"]), milestone("sold", ["house"])],
                "gates": [{"id": "dry", "text": "It is dry.", "checks": ["W1.rain"]}],
            },
            {
                "number": 2,
                "name": "Second",
                "requires": [1],
                "workstreams": [stream("garden", [], [topic("trees", ["walls"])])],
                "sequence": ["trees"],
                "milestones": [milestone("seen", ["garden"])],
            },
        ],
    }


def stream(name: str, follows: list[str], topics: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "audience": "Builders",
        "follows": follows,
        "parallel": [],
        "topics": topics,
    }


def topic(name: str, follows: list[str]) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "kind": "config",
        "requirement": "required",
        "milestone": "seen",
        "follows": follows,
    }


def milestone(name: str, workstreams: list[str]) -> dict[str, Any]:
    return {"id": name, "name": name.title(), "kind": "production", "workstreams": workstreams}


def again(name: str, **words: str) -> dict[str, Any]:
    return {"id": name, "requirement": "required", "milestone": "seen", **words}


def check(**words: Any) -> dict[str, Any]:
    """A check of the small playbook that is right but for *words*."""
    return {
        "title": "It rains",
        "severity": "low",
        "levels": {"development": "off", "qa": "warn", "production": "block"},
        "topics": ["water"],
        "evidence": "config",
        "evaluate": {"adopted": "water"},
        **words,
    }


def first(document: dict[str, Any]) -> dict[str, Any]:
    phase: dict[str, Any] = document["phases"][0]
    return phase


def broken(change: Callable[[dict[str, Any]], object]) -> str:
    document = small()
    change(document)
    with pytest.raises(PlaybookError) as caught:
        load(document)
    return str(caught.value)


def test_the_compiled_playbooks_are_what_their_sources_say() -> None:
    assert TOOL["outdated"](FOLDER) == {}


@pytest.mark.thorough
def test_an_edited_source_is_out_of_date_until_it_is_compiled(tmp_path: Path) -> None:
    copytree(FOLDER, tmp_path, ignore=ignore_patterns("*.py", "__pycache__"), dirs_exist_ok=True)
    assert TOOL["outdated"](tmp_path) == {}
    source = (tmp_path / "topics.yaml").read_text(encoding="utf-8")
    changed = source.replace("name: Custom domains", "name: Own domains")
    (tmp_path / "topics.yaml").write_text(changed, encoding="utf-8")
    assert list(TOOL["outdated"](tmp_path)) == [tmp_path / "topics.json"]


def test_every_source_with_phases_is_a_playbook_that_can_be_asked_for() -> None:
    sources = {path.stem for path in FOLDER.glob("*.yaml")}
    assert {name for name in sources if "phases" in written(name)} == {*NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_the_compiled_playbook_means_what_the_source_means(name: str) -> None:
    assert playbook(name) == load(written(name), written("topics"))


def test_what_people_read_is_compiled_apart_from_what_plans_need() -> None:
    assert texts()["topics"] == {
        id: {key: value for key, value in topic.items() if key in READ}
        for id, topic in written("topics").items()
    }
    assert all(READ.isdisjoint(topic) for topic in shipped_topics().values())


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "topics.yaml",
            "\nerror_page:",
            "\neror_page:",
            "topic error_page has no name and no kind",
        ),
        (
            "topics.yaml",
            "\nerror_page:",
            "\noops: {name: O, kind: test}\nerror_page:",
            "topic oops",
        ),
        ("b2b.yaml", "Q02.mock-tests", "Q02.mocks", "a gate names an unknown check Q02.mocks"),
        (
            "checks/social.yaml",
            "[social_login]",
            "[socal_login]",
            "names an unknown topic socal_login",
        ),
    ],
)
def test_sources_that_contradict_each_other_are_not_compiled(
    file: str, old: str, new: str, said: str, tmp_path: Path
) -> None:
    copytree(FOLDER, tmp_path / "playbooks", ignore=ignore_patterns("*.py", "__pycache__"))
    path = tmp_path / "playbooks" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PlaybookError, match=said):
        TOOL["outdated"](tmp_path / "playbooks")


def test_a_playbook_is_read_once() -> None:
    assert playbook("b2c") is playbook("b2c")


@pytest.mark.parametrize("name", NAMES)
def test_a_playbook_is_read_in_less_than_three_milliseconds(name: str) -> None:
    """The fastest of many: every command that reads files pays for it."""

    def read() -> Playbook:
        return load(json.loads(source(name)), topics)

    topics = shipped_topics()
    assert min(repeat(read, number=1, repeat=50)) < 0.003


def test_an_unknown_playbook_is_refused_with_those_that_exist() -> None:
    with pytest.raises(PlaybookError, match="there is b2c"):
        playbook("b3b")


def test_phase_one_of_the_consumer_playbook_has_its_topics_and_workstreams() -> None:
    phase = playbook("b2c").phase(1)
    assert len(phase.sequence) == 36
    assert [stream.id for stream in phase.workstreams] == [
        "architecture",
        "provisioning",
        "authentication",
        "branding",
        "deployment_automation",
        "quality_assurance",
        "profile_management",
        "authorization",
        "logout",
        "operations",
    ]


def test_the_first_topic_is_the_tenant_and_the_last_its_backup() -> None:
    b2c = playbook("b2c")
    assert b2c.place("tenant_provision") == (1, 0)
    assert b2c.place("backup_restore") == (1, 35)


def test_mail_can_be_sent_before_anything_sends_mail() -> None:
    b2c = playbook("b2c")
    senders = ("anomaly_detection", "email_templates", "password_reset", "account_verification")
    assert all(b2c.place("email_provider") < b2c.place(sender) for sender in senders)


@pytest.mark.parametrize("name", NAMES)
def test_topics_come_in_the_order_of_application(name: str) -> None:
    book = playbook(name)
    assert list(book.topics) == sorted(book.topics, key=book.place)


def test_a_mistyped_topic_is_answered_with_the_one_that_was_meant() -> None:
    with pytest.raises(PlaybookError, match="did you mean custom_domains"):
        playbook("b2c").place("custom_domain")


def test_a_phase_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(PlaybookError, match="no phase 7; it has 1, 2, 3"):
        playbook("b2c").phase(7)


@pytest.mark.parametrize(
    ("kind", "path", "owners"),
    [
        ("connections", ("options", "passwordPolicy"), ("username_password",)),
        ("connections", ("options", "password_history", "size"), ("username_password",)),
        ("connections", ("options", "import_mode"), ("user_migration",)),
        (
            "connections",
            ("options", "customScripts", "login"),
            ("user_migration", "identity_store_proxy"),
        ),
        ("connections", ("options",), ()),
        ("clients", ("allowed_logout_urls",), ("logout",)),
        ("prompt_custom_text", ("login", "title"), ("universal_login_branding",)),
        ("roles", ("name",), ("rbac",)),
        ("organizations", ("name",), ()),
    ],
)
def test_a_field_has_the_usual_author_that_the_guides_name(
    kind: str, path: tuple[str, ...], owners: tuple[str, ...]
) -> None:
    assert playbook("b2c").owners(kind, path) == owners


def test_the_longer_of_two_claims_wins() -> None:
    b2c = playbook("b2c")
    email = ("options", "attributes", "email")
    assert b2c.owners("connections", (*email, "unique")) == ("username_password",)
    assert b2c.owners("connections", (*email, "signup", "status")) == ("self_sign_up",)


DATABASE = {"strategy": "auth0", "name": "users"}
MIGRATED = {**DATABASE, "options": {"enabledDatabaseCustomization": True, "import_mode": True}}
PROXY = {**DATABASE, "options": {"enabledDatabaseCustomization": True, "import_mode": False}}
SCRIPT = "options.customScripts.login"


def action(trigger: str) -> dict[str, Any]:
    return {"name": "a", "supported_triggers": {trigger: "v3"}}


@pytest.mark.parametrize(
    ("kind", "fields", "b2c", "b2b"),
    [
        ("tenant", {}, "tenant_provision", "tenant_provision"),
        ("connections", DATABASE, "username_password", "username_password"),
        ("connections", MIGRATED, "username_password", "username_password"),
        ("connections", PROXY, "username_password", "username_password"),
        ("connections", {"strategy": "sms"}, "username_password", "username_password"),
        ("connections", {"strategy": "google-oauth2"}, "social_login", "enterprise_login"),
        ("connections", {"strategy": "samlp"}, "sso_legacy", "enterprise_login"),
        ("connections", {"strategy": "unheard-of"}, "", ""),
        ("clients", {"app_type": "spa"}, "application_integration", "application_integration"),
        ("clients", {}, "application_integration", "application_integration"),
        ("client_grants", {"audience": "a"}, "api_integration", "m2m"),
        ("resource_servers", {}, "api_integration", "api_integration"),
        ("roles", {"name": "clerk"}, "rbac", "rbac"),
        ("organizations", {"name": "acme"}, "", "provisioning_organizations"),
        ("organization_group_roles", {"organization": "acme"}, "", "rbac"),
        ("actions", action("post-login"), "id_token_claims", "id_token_claims"),
        ("actions", action("credentials-exchange"), "api_integration", "m2m"),
        ("actions", action("pre-user-registration"), "self_sign_up", "provisioning_org_users"),
        ("actions", action("event-stream"), "deprovisioning", "logging"),
        ("actions", action("unheard-of"), "", ""),
        ("actions", {}, "id_token_claims", "id_token_claims"),
        ("trigger_bindings", {"trigger": "post-login"}, "id_token_claims", "id_token_claims"),
        ("trigger_bindings", {"trigger": "custom-phone-provider"}, "mfa", "mfa"),
        ("trigger_bindings", {}, "id_token_claims", "id_token_claims"),
        ("rules", {"name": "old"}, "id_token_claims", "id_token_claims"),
        ("email_templates", {"template": "user_invitation"}, "email_templates", "user_invite"),
        ("email_templates", {"template": "verify_email"}, "email_templates", "email_templates"),
        ("email_templates", {}, "email_templates", "email_templates"),
        ("guardian_factors", {"name": "otp"}, "mfa", "mfa"),
        ("phone_templates", {"type": "otp_verify"}, "guardian_branding", "guardian_branding"),
        ("forms", {"name": "terms"}, "redirect_pages", "redirect_pages"),
        ("flows", {"name": "ask"}, "progressive_profiling", "progressive_profiling"),
        ("self_service_profiles", {}, "", "self_service_connection_setup"),
        ("no_kind", {}, "", ""),
    ],
)
def test_a_resource_is_at_home_in_one_topic(
    kind: str, fields: dict[str, Any], b2c: str, b2b: str
) -> None:
    assert playbook("b2c").home(kind, fields) == b2c
    assert playbook("b2b").home(kind, fields) == b2b


@pytest.mark.parametrize(
    ("kind", "path", "fields", "b2c", "b2b"),
    [
        ("connections", "options.passwordPolicy", DATABASE, "username_password", None),
        ("connections", "options.passwordPolicy", {"strategy": "samlp"}, "", None),
        ("connections", "options.disable_signup", DATABASE, "self_sign_up", ""),
        ("connections", SCRIPT, MIGRATED, "user_migration", None),
        ("connections", SCRIPT, PROXY, "identity_store_proxy", None),
        ("connections", SCRIPT, {**PROXY, "options": {"customScripts": {}}}, "", None),
        (
            "connections",
            "options.scope",
            {"strategy": "github"},
            "social_login",
            "enterprise_login",
        ),
        ("connections", "options.domain_aliases", {"strategy": "oidc"}, "", "hrd"),
        ("connections", "show_as_button", {"strategy": "github"}, "", ""),
        ("clients", "allowed_logout_urls", {"app_type": "spa"}, "logout", None),
        ("clients", "organization_usage", {}, "", "hrd"),
        ("clients", "oidc_logout.backchannel_logout_urls", {}, "", "single_logout"),
        ("clients", "unheard_of", {}, "", None),
        ("prompts", "identifier_first", {}, "universal_login", "hrd"),
        ("resource_servers", "scopes.read.description", {}, "api_integration", None),
        ("resource_servers", "enforce_policies", {}, "rbac", None),
        ("organizations", "branding.logo_url", {}, "", "login_by_organization"),
        ("tenant", "session_lifetime", {}, "logout", None),
        ("tenant", "default_audience", {}, "api_integration", None),
        ("tenant", "default_token_quota.clients", {}, "", "m2m"),
        ("tenant", "flags.unheard_of", {}, "", None),
        (
            "email_templates",
            "body",
            {"template": "user_invitation"},
            "email_templates",
            "user_invite",
        ),
        ("actions", "code", action("post-change-password"), "password_reset", None),
    ],
)
def test_a_field_is_expected_in_the_topic_that_owns_it_in_such_a_resource(
    kind: str, path: str, fields: dict[str, Any], b2c: str, b2b: str | None
) -> None:
    """The second playbook says the same as the first where nothing is said of it."""
    parts = tuple(path.split("."))
    assert playbook("b2c").topic_of(kind, parts, fields) == b2c
    assert playbook("b2b").topic_of(kind, parts, fields) == (b2c if b2b is None else b2b)


@pytest.mark.parametrize(
    ("author", "kind", "path", "usual"),
    [
        ("username_password", "connections", ("options", "passwordPolicy"), True),
        ("logout", "connections", ("options", "passwordPolicy"), False),
        ("password_reset", "email_templates", ("urlLifetimeInSeconds",), True),
        ("password_reset", "email_templates", ("body",), False),
        ("monitoring", "clients", ("grant_types",), True),
        ("logout", "roles", ("name",), False),
        ("logout", "organizations", ("name",), True),
    ],
)
def test_an_author_is_unusual_where_another_topic_owns_the_field(
    author: str, kind: str, path: tuple[str, ...], usual: bool
) -> None:
    assert playbook("b2c").may_author(author, kind, path) is usual


def selective(where: dict[str, Any], **words: Any) -> Playbook:
    """The small playbook, whose soil owns and houses some of the stones."""
    document = small()
    soil = first(document)["workstreams"][0]["topics"][0]
    soil |= {"owns": {"stones": ["name"]}, "homes": ["stones"], "where": {"stones": where}, **words}
    return load(document)


@pytest.mark.parametrize(
    ("where", "stone", "fits"),
    [
        ({"form": ["round"]}, {"form": "round"}, True),
        ({"form": ["round", "flat"]}, {"form": "flat"}, True),
        ({"form": ["round"]}, {"form": "flat"}, False),
        ({"form": ["round"]}, {}, False),
        ({"form": ["round", None]}, {}, True),
        ({"form": ["round", None]}, {"form": None}, True),
        ({"form": ["round", None]}, {"form": "flat"}, False),
        ({"form": ["round"], "wet": [True]}, {"form": "round", "wet": False}, False),
        ({"size.unit": ["cm"]}, {"size": {"unit": "cm"}}, True),
        ({"size.unit": ["cm"]}, {"size": "big"}, False),
        ({"uses": ["wall"]}, {"uses": {"wall": "v1"}}, True),
        ({"uses": ["wall"]}, {"uses": [{"id": "wall", "version": "v1"}]}, True),
        ({"uses": ["wall"]}, {"uses": ["path", "wall"]}, True),
        ({"uses": ["wall"]}, {"uses": {"path": "v1"}}, False),
    ],
)
def test_a_topic_is_about_the_resources_that_have_one_of_its_values(
    where: dict[str, Any], stone: dict[str, Any], fits: bool
) -> None:
    book = selective(where)
    wanted = "soil" if fits else ""
    assert book.home("stones", stone) == wanted
    assert book.topic_of("stones", ("name",), stone) == wanted
    assert book.owners("stones", ("name",), stone) == (("soil",) if fits else ())
    assert book.owners("stones", ("name",)) == ("soil",)


@pytest.mark.parametrize("kind", ["process", "test"])
def test_a_topic_that_writes_nothing_cannot_own_fields(kind: str) -> None:
    with pytest.raises(PlaybookError, match=f"soil owns fields, but {kind} topics write nothing"):
        selective({}, kind=kind)


def test_nobody_owns_what_the_topic_is_not_about_and_so_anybody_may_write_it() -> None:
    book = selective({"form": ["round"]})
    assert not book.may_author("water", "stones", ("name",), {"form": "round"})
    assert book.may_author("water", "stones", ("name",), {"form": "flat"})
    assert not book.may_author("water", "stones", ("name",))


def test_of_the_claims_of_one_topic_the_longest_counts() -> None:
    document = small()
    soil, water = first(document)["workstreams"][0]["topics"]
    soil["owns"], water["owns"] = {"stones": ["name", "name.first"]}, {"stones": ["name"]}
    book = load(document)
    assert book.owners("stones", ("name", "first")) == ("soil",)
    assert book.owners("stones", ("name", "last")) == ("soil", "water")


def test_a_home_of_what_it_does_not_own_is_refused() -> None:
    message = broken(
        lambda d: first(d)["workstreams"][0]["topics"][0].__setitem__("homes", ["stones"])
    )
    assert "topic soil is the home of stones, of which it owns nothing" in message


def test_a_selection_of_what_it_does_not_own_is_refused() -> None:
    message = broken(
        lambda d: first(d)["workstreams"][0]["topics"][0].__setitem__("where", {"stones": {}})
    )
    assert "topic soil says which stones it is about, and owns nothing of them" in message


def test_a_sound_document_loads() -> None:
    loaded = load(small())
    assert loaded.place("trees") == (2, 0)
    assert loaded.topic("water").workstream == "ground"
    assert loaded.phase(1).gates == (Gate("dry", "It is dry.", ("W1.rain",)),)


def test_a_topic_in_two_workstreams_is_refused() -> None:
    message = broken(lambda d: first(d)["workstreams"][1]["topics"].append(topic("soil", [])))
    assert "topic soil stands there 2 times" in message


def test_an_unknown_predecessor_is_refused() -> None:
    message = broken(
        lambda d: first(d)["workstreams"][0]["topics"][1].__setitem__("follows", ["sol"])
    )
    assert "topic water follows an unknown topic sol" in message


def test_a_sequence_that_lacks_a_topic_is_refused() -> None:
    assert "phase 1 lacks walls" in broken(lambda d: first(d)["sequence"].remove("walls"))


def test_a_sequence_with_an_unknown_topic_is_refused() -> None:
    assert "unknown topic roof" in broken(lambda d: first(d)["sequence"].append("roof"))


def test_a_topic_twice_in_the_sequence_is_refused() -> None:
    message = broken(lambda d: first(d)["sequence"].append("soil"))
    assert "in the sequence of phase 1, topic soil stands there 2 times" in message


def test_a_sequence_against_a_predecessor_is_refused() -> None:
    message = broken(lambda d: first(d).__setitem__("sequence", ["water", "soil", "walls"]))
    assert "the sequence has water before soil, which it follows" in message


@pytest.mark.parametrize("word", ["follows", "after"])
def test_a_sequence_against_a_workstream_is_refused(word: str) -> None:
    def change(document: dict[str, Any]) -> None:
        first(document)["workstreams"][1] |= {"follows": [], word: ["ground"]}
        first(document)["workstreams"][1]["topics"][0]["follows"] = []
        first(document)["sequence"] = ["soil", "walls", "water"]

    assert "the sequence has house before the end of ground" in broken(change)


def test_a_predecessor_in_a_later_phase_is_refused() -> None:
    message = broken(
        lambda d: first(d)["workstreams"][0]["topics"][0].__setitem__("follows", ["trees"])
    )
    assert "the sequence has soil before trees" in message


@pytest.mark.parametrize("word", ["follows", "after", "parallel"])
def test_an_unknown_workstream_is_refused(word: str) -> None:
    message = broken(lambda d: first(d)["workstreams"][1].__setitem__(word, ["cellar"]))
    assert "workstream house names an unknown workstream cellar" in message


def test_a_workstream_that_stands_there_twice_is_refused() -> None:
    message = broken(lambda d: first(d)["workstreams"].append(stream("house", [], [])))
    assert "workstream house stands there 2 times" in message


def test_a_milestone_of_an_unknown_workstream_is_refused() -> None:
    message = broken(lambda d: first(d)["milestones"][0].__setitem__("workstreams", ["cellar"]))
    assert "milestone seen names an unknown workstream cellar" in message


def test_a_workstream_may_go_on_with_a_topic_of_an_earlier_phase() -> None:
    document = small()
    document["phases"][1]["workstreams"][0]["again"] = [
        again("water", requirement="conditional", condition="it is dry")
    ]
    loaded = load(document)
    assert loaded.phase(2).workstreams[0].again == (
        Again("water", "conditional", "seen", "Builders", "it is dry"),
    )
    assert loaded.phase(2).sequence == ("trees",)
    assert loaded.place("water") == (1, 1)


def test_a_phase_says_how_it_asks_for_a_topic_the_first_time_and_again() -> None:
    document = small()
    document["phases"][1]["workstreams"][0]["again"] = [again("water", requirement="optional")]
    loaded = load(document)
    first_time, next_time = loaded.phase(1).due("water"), loaded.phase(2).due("water")
    assert first_time == loaded.topic("water")
    assert isinstance(next_time, Again)
    assert next_time.requirement == "optional"
    assert loaded.phase(2).due("soil") is None


@pytest.mark.parametrize(("asked", "index"), [("seen", 0), ("sold", 1), ("M1", 0), ("M2", 1)])
def test_a_milestone_goes_by_its_id_or_its_number(asked: str, index: int) -> None:
    assert load(small()).phase(1).milestone(asked) == index


@pytest.mark.parametrize("asked", ["M0", "M3", "m1", "1", "Seen", ""])
def test_an_unknown_milestone_is_answered_with_those_that_there_are(asked: str) -> None:
    with pytest.raises(UsageError, match=f"phase 1 has no milestone {asked}") as refused:
        load(small()).phase(1).milestone(asked)

    assert refused.value.help == "it has seen (M1), sold (M2)"


def test_the_id_of_a_milestone_counts_before_a_number() -> None:
    document = small()
    first(document)["milestones"][1]["id"] = "M1"
    assert load(document).phase(1).milestone("M1") == 1


def test_a_topic_is_for_whom_its_workstream_is_unless_it_says_otherwise() -> None:
    document = small()
    first(document)["workstreams"][0]["topics"][1]["audience"] = "Plumbers"
    loaded = load(document)
    assert loaded.topic("soil").audience == "Builders"
    assert loaded.topic("water").audience == "Plumbers"


def test_what_a_topic_is_about_may_stand_elsewhere_and_be_replaced_in_place() -> None:
    document = small()
    soil, water = first(document)["workstreams"][0]["topics"]
    for word in ("name", "kind"):
        del soil[word], water[word]
    water["owns"] = {"stones": ["wet"]}
    document["topics"] = {"soil": {"name": "Earth", "kind": "process"}}
    shipped = {
        "soil": {"name": "Not this", "kind": "config"},
        "water": {"name": "Water", "kind": "config", "owns": {"stones": ["name", "form"]}},
    }
    loaded = load(document, shipped)
    assert (loaded.topic("soil").name, loaded.topic("soil").kind) == ("Earth", "process")
    assert loaded.topic("water").owns == {"stones": ("wet",)}


def test_checks_of_a_playbook_replace_those_of_the_package_and_stand_beside_them() -> None:
    document = written("b2c")
    document["values"] = {"wet": ["rain", "snow"]}
    question = {"scope": "stones", "quantifier": "none"}
    predicate = {"path": "form", "op": "in", "value": {"is": "wet"}}
    document["checks"] = {
        "A01.environments-separated": check(topics=["sdlc_support"]),
        "OUR.stones": check(topics=["logout"], evaluate={**question, "assert": predicate}),
    }
    loaded = load(document, shipped_topics())
    found = {each.id: each for each in checks(loaded)}
    assert list(found) == sorted(found)
    assert found.keys() - {"OUR.stones"} == {each.id for each in checks(playbook("b2c"))}
    assert found["A01.environments-separated"].title == "It rains"
    assert found["OUR.stones"].evaluate["assert"]["value"] == ["rain", "snow"]


@pytest.mark.parametrize("name", NAMES)
def test_a_playbook_has_the_checks_of_its_topics(name: str) -> None:
    book = playbook(name)
    assert all(not book.topics.keys().isdisjoint(each.topics) for each in checks(book))
    other = playbook(next(each for each in NAMES if each != name))
    foreign = {each.id for each in checks(other)} - {each.id for each in checks(book)}
    assert foreign


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        ("development", "off"),
        ("sandbox", "off"),
        ("qa", "warn"),
        ("staging", "warn"),
        ("production", "block"),
    ],
)
def test_staging_is_held_to_what_qa_is_and_a_sandbox_to_development(kind: str, level: str) -> None:
    document = small()
    document["checks"] = {"W1.rain": check()}
    assert load(document).checks[0].level(kind) == level


@pytest.mark.parametrize(
    ("phase", "name", "said"),
    [
        (1, "sol", "workstream garden names an unknown topic sol again"),
        (1, "trees", "phase 2 has trees again, but no phase before it has"),
        (0, "trees", "phase 1 has trees again, but no phase before it has"),
    ],
)
def test_what_no_earlier_phase_has_cannot_come_again(phase: int, name: str, said: str) -> None:
    message = broken(
        lambda d: d["phases"][phase]["workstreams"][0].__setitem__("again", [again(name)])
    )
    assert said in message


def test_a_phase_twice_is_refused() -> None:
    assert "phase 1 stands there 2 times" in broken(lambda d: d["phases"].append(first(small())))


def test_a_phase_that_requires_one_that_is_not_there_is_refused() -> None:
    message = broken(lambda d: d["phases"][1].__setitem__("requires", [3]))
    assert "phase 2 requires 3, which does not exist" in message


def test_an_unknown_kind_of_topic_is_refused() -> None:
    message = broken(lambda d: first(d)["workstreams"][0]["topics"][0].__setitem__("kind", "chore"))
    assert "topic soil: kind chore is none of config, process, test, mixed" in message


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            {"requirement": "needed"},
            "soil: requirement needed is none of required, recommended, conditional, optional",
        ),
        ({"requirement": "conditional"}, "topic soil is conditional, but has no condition"),
        ({"milestone": "bought"}, "topic soil is due at an unknown milestone bought"),
        ({"after": ["sol"]}, "topic soil follows an unknown topic sol"),
        ({"after": ["water"]}, "the sequence has soil before water, which it follows"),
    ],
)
def test_a_topic_that_is_asked_for_in_a_way_that_does_not_exist_is_refused(
    words: dict[str, Any], said: str
) -> None:
    message = broken(lambda d: first(d)["workstreams"][0]["topics"][0].update(words))
    assert said in message


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"requirement": "needed"}, "topic water: requirement needed is none of"),
        ({"requirement": "conditional"}, "topic water is conditional, but has no condition"),
        ({"milestone": "sold"}, "topic water is due at an unknown milestone sold"),
    ],
)
def test_a_topic_that_comes_again_is_asked_for_in_a_way_that_exists(
    words: dict[str, str], said: str
) -> None:
    message = broken(
        lambda d: d["phases"][1]["workstreams"][0].__setitem__("again", [again("water", **words)])
    )
    assert said in message


def test_an_unknown_kind_of_milestone_is_refused() -> None:
    message = broken(lambda d: first(d)["milestones"][0].__setitem__("kind", "party"))
    assert "milestone seen: kind party is none of demonstration, production, either" in message


def test_a_milestone_twice_in_a_phase_is_refused_and_in_two_phases_is_not() -> None:
    message = broken(lambda d: first(d)["milestones"].append(milestone("sold", [])))
    assert "in phase 1, milestone sold stands there 2 times" in message
    assert load(small()).phase(2).milestone("seen") == 0


def test_a_check_of_an_unknown_topic_is_refused() -> None:
    message = broken(lambda d: d.__setitem__("checks", {"W1.rain": check(topics=["rain"])}))
    assert "check W1.rain names an unknown topic rain" in message


@pytest.mark.parametrize("word", ["id", "name", "phases"])
def test_a_missing_word_is_refused_by_name(word: str) -> None:
    assert f"'{word}' is missing" in broken(lambda d: d.pop(word))


def test_all_problems_are_told_at_once() -> None:
    def change(document: dict[str, Any]) -> None:
        first(document)["sequence"] = ["water", "soil"]
        first(document)["milestones"][0]["workstreams"] = ["cellar"]

    message = broken(change)
    assert "lacks walls" in message
    assert "water before soil" in message
    assert "cellar" in message


@given(st.lists(st.integers(0, 34), min_size=1, max_size=2))
def test_a_sequence_loads_exactly_when_it_respects_every_predecessor(swaps: list[int]) -> None:
    """Neighbours change places: about half of the outcomes still respect every predecessor."""
    document = copy.deepcopy(SOURCE)
    sequence = first(document)["sequence"]
    for index in swaps:
        sequence[index], sequence[index + 1] = sequence[index + 1], sequence[index]
    at = {topic_id: index for index, topic_id in enumerate(sequence)}
    streams = {one["id"]: one for one in first(document)["workstreams"]}
    sound = all(
        at[before] < at[each["id"]]
        for one in streams.values()
        for each in one["topics"]
        for before in (
            *needed(each),
            *(earlier["id"] for name in needed(one) for earlier in streams[name]["topics"]),
        )
    )
    try:
        load(document, shipped_topics())
    except PlaybookError:
        assert not sound
    else:
        assert sound


def needed(entry: dict[str, Any]) -> list[str]:
    return [*entry.get("follows", []), *entry.get("after", [])]


def written(name: str) -> dict[str, Any]:
    """A source as people wrote it."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return found


SOURCE = written("b2c")
