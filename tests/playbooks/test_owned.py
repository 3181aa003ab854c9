"""What topics own against what there is: every kind, its fields, its variants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from tenantctl.errors import KindError
from tenantctl.kinds import KINDS, Kind, operations, variants, write_shape
from tenantctl.kinds.faults import absent
from tenantctl.model import Address, Path
from tenantctl.playbooks import NAMES, Topic, playbook

NOWHERE = {
    "b2c": {
        "connection_profiles",
        "experiments",
        "feature_flags",
        "organization_group_roles",
        "organizations",
        "segments",
        "self_service_profile_custom_text",
        "self_service_profiles",
        "user_attribute_profiles",
        "verifiable_credential_templates",
    },
    "b2b": {"experiments", "feature_flags", "segments", "verifiable_credential_templates"},
}
"""Kinds without a home, by playbook: docs/decisions/0013."""
DECLARED = [kind for kind in KINDS.values() if not kind.authored_in and not kind.given]
TOPICS = [(name, topic) for name in NAMES for topic in playbook(name).topics]
STRATEGIES = write_shape(KINDS["connections"], Address("connections", "x"), "create")["properties"][
    "strategy"
]["enum"]
DIFFERENT = {
    "universal_login": "with organizations the identifier comes first for home realm discovery",
    "sso_legacy": "without a topic for enterprise sign-in they are legacy systems",
    "logging": "without a topic for deprovisioning it takes event streams",
    "api_integration": "without a topic for machines it takes their grants",
    "rbac": "there are groups of organizations",
}
"""Topics of both playbooks that do not say the same in both, and why."""


def ways(topic: Topic, word: str) -> list[tuple[str, str]]:
    """The kinds and dotted paths of `owns` or `extends`."""
    fields: Mapping[str, tuple[str, ...]] = getattr(topic, word)
    return [(kind, path) for kind, paths in fields.items() for path in paths]


def exists(kind: Kind, path: Path, topic: Topic) -> bool:
    """Whether a body of *kind* may have what stands at *path*."""
    parts = path[:1] if "{key}" in kind.shape else ()
    address = Address(kind.name, "/".join(parts) or next(iter(kind.values), "x"))
    inside = path[len(parts) :]
    variant = variants(kind)
    if variant and inside[0] == variant.field:
        meant = topic.where.get(kind.name, {}).get(variant.by, STRATEGIES)
        return any(inside[1] in variant.names.get(str(value), {inside[1]}) for value in meant)
    return any(
        not any(absent(shape, inside[:size]) for size in range(1, len(inside) + 1))
        for shape in shapes(kind, address)
    )


def shapes(kind: Kind, address: Address) -> Iterator[Mapping[str, object]]:
    for verb in ("create", "update"):
        try:
            yield write_shape(kind, address, verb)
        except KindError:
            continue


@pytest.mark.parametrize("word", ["owns", "extends"])
@pytest.mark.parametrize(("name", "topic_id"), TOPICS)
def test_every_field_of_a_topic_exists(name: str, topic_id: str, word: str) -> None:
    topic = playbook(name).topic(topic_id)
    strange = [
        (kind, path)
        for kind, path in ways(topic, word)
        if kind not in KINDS
        or (path != "**" and not exists(KINDS[kind], tuple(path.split(".")), topic))
    ]
    assert strange == []


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("tenant", "flags.enable_cliet_connections"),
        ("tenant", "flag.enable_client_connections"),
        ("connections", "options.passwordPolcy"),
        ("attack_protection", "captcha.recaptcha"),
        ("clients", "names"),
    ],
)
def test_a_field_that_does_not_exist_would_be_noticed(kind: str, path: str) -> None:
    topic = playbook("b2c").topic("username_password")
    assert not exists(KINDS[kind], tuple(path.split(".")), topic)


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_that_is_declared_on_its_own_has_a_home_or_is_known_to_have_none(
    name: str,
) -> None:
    homes = {kind for topic in playbook(name).topics.values() for kind in topic.homes}
    assert homes <= {kind.name for kind in DECLARED}
    assert {kind.name for kind in DECLARED} - homes == NOWHERE[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_home_owns_what_its_resources_are_known_by(name: str) -> None:
    book = playbook(name)
    homeless = [
        (topic.id, kind, part)
        for topic in book.topics.values()
        for kind in topic.homes
        for part in KINDS[kind].key
        if topic.id not in book.owners(kind, (part,))
    ]
    assert homeless == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_connection_of_every_strategy_has_one_home(name: str, strategy: str) -> None:
    fields = {"name": "x", "strategy": strategy}
    fit = [
        topic.id
        for topic in playbook(name).topics.values()
        if "connections" in topic.homes and topic.means("connections", fields)
    ]
    assert [playbook(name).home("connections", fields)] == fit


def triggers() -> list[str]:
    """Every trigger that an action may be for."""
    body = operations("actions")["create"]["body"]
    found: list[str] = body["$defs"]["ActionTrigger"]["properties"]["id"]["enum"]
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("trigger", triggers())
def test_an_action_of_every_trigger_is_at_home_where_it_is_bound(name: str, trigger: str) -> None:
    book = playbook(name)
    home = book.home("actions", {"supported_triggers": {trigger: "v3"}})
    assert home
    assert home == book.home("actions", {"supported_triggers": [{"id": trigger, "version": "v3"}]})
    assert home == book.home("trigger_bindings", {"trigger": trigger})


@pytest.mark.parametrize("topic_id", sorted({*playbook("b2c").topics} & {*playbook("b2b").topics}))
def test_a_topic_says_the_same_in_both_playbooks_as_far_as_it_can(topic_id: str) -> None:
    one, other = playbook("b2c").topic(topic_id), playbook("b2b").topic(topic_id)
    same = all(
        getattr(one, word) == getattr(other, word)
        for word in ("name", "kind", "workstream", "audience", "owns", "extends", "where", "homes")
    )
    assert same != (topic_id in DIFFERENT)
