"""What becomes of a field, a member and a resource: a table of cases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from drift.given import World, applied, made, seen_of, three
from support.worlds import planned
from tenantctl.engine import Known
from tenantctl.engine.drift import drift_of, drifted, remembers
from tenantctl.model import (
    ABSENT,
    Address,
    Entry,
    Foreign,
    Receipt,
    Ref,
    Resource,
    Sealed,
    Secret,
    Tenant,
    Traced,
    Write,
)
from tenantctl.workflows.drift import Looked, author

SHOP = {"name": "Shop", "callbacks": ["https://a.example/"], "description": "old"}
WEB = Address("clients", "web")


def shop(**other: Any) -> World:
    return {"clients.web": {**SHOP, **other}}


def told(found: Any) -> list[str]:
    """Each difference in short: what, how where it is not `changed`, and where."""
    return [
        " ".join(
            part
            for part in (
                each.what,
                "" if each.how == "changed" else each.how,
                str(each.address),
                ".".join(each.path),
                each.member,
            )
            if part
        )
        for each in found
    ]


FIELDS: dict[str, tuple[World, World, World, list[str]]] = {
    "nothing has changed": (shop(), shop(), shop(), []),
    "changed in the tenant": (
        shop(),
        shop(description="new"),
        shop(),
        ["drift clients.web description"],
    ),
    "changed in the files": (
        shop(),
        shop(),
        shop(description="new"),
        ["pending clients.web description"],
    ),
    "changed in both, otherwise": (
        shop(),
        shop(description="there"),
        shop(description="here"),
        ["conflict clients.web description"],
    ),
    "changed in both, alike": (
        shop(),
        shop(description="new"),
        shop(description="new"),
        ["agreed clients.web description"],
    ),
    "changed in the tenant, and let go by the files": (
        shop(),
        shop(description="new"),
        {"clients.web": {"name": "Shop", "callbacks": ["https://a.example/"]}},
        ["agreed clients.web description"],
    ),
    "one field there, another here": (
        shop(),
        shop(description="new"),
        shop(callbacks=["https://b.example/"]),
        ["drift clients.web description", "pending clients.web callbacks"],
    ),
    "what nobody manages": (shop(), shop(initiate_login_uri="https://x.example/"), shop(), []),
    "a default that is told": (shop(), shop(oidc_conformant=True), shop(), []),
    "a set in another order": (
        shop(callbacks=["https://a.example/", "https://b.example/"]),
        shop(callbacks=["https://b.example/", "https://a.example/"]),
        shop(callbacks=["https://b.example/", "https://a.example/"]),
        [],
    ),
    "a key of somebody's own metadata": (
        shop(client_metadata={"a.b": "1"}),
        shop(client_metadata={"a.b": "1", "c": "2"}),
        shop(client_metadata={"a.b": "1"}),
        ["drift clients.web client_metadata.c"],
    ),
    "deleted there": (shop(), {}, shop(), ["drift deleted clients.web"]),
    "deleted there, changed here": (
        shop(),
        {},
        shop(description="new"),
        ["conflict deleted clients.web"],
    ),
    "deleted there and here": (shop(), {}, {}, ["agreed deleted clients.web"]),
    "taken out of the files": (shop(), shop(), {}, ["pending clients.web"]),
    "changed there, taken out of the files": (
        shop(),
        shop(description="new"),
        {},
        ["conflict clients.web description"],
    ),
    "new in the files": ({}, {}, shop(), ["pending clients.web"]),
    "there already, and declared since": (
        {},
        shop(),
        shop(description="new"),
        ["pending clients.web description"],
    ),
}


@pytest.mark.parametrize(("was", "live", "want", "said"), FIELDS.values(), ids=FIELDS)
def test_a_field_is_what_three_tenants_make_of_it(
    was: World, live: World, want: World, said: list[str]
) -> None:
    assert told(three(was, live, want)) == said


def test_a_difference_has_all_three_values() -> None:
    (found,) = three(shop(), shop(description="there"), shop(description="here"))
    assert (found.applied, found.live, found.desired) == ("old", "there", "here")


CLIENTS = {f"clients.{key}": {"name": key} for key in ("a", "b", "c")}


def members(*keys: str) -> World:
    return {
        **CLIENTS,
        "connections.db": {"name": "db", "strategy": "auth0"},
        "connection_clients.db": {"clients": list(keys)},
    }


MEMBERS: dict[str, tuple[str, str, str, str, list[str]]] = {
    "taken away there": ("managed", "ab", "a", "ab", ["drift taken away b"]),
    "taken away there and here": ("managed", "ab", "a", "a", ["agreed taken away b"]),
    "taken away here": ("managed", "ab", "ab", "a", ["pending taken away b"]),
    "added here": ("managed", "a", "a", "ab", ["pending added b"]),
    "added there by somebody for themselves": ("managed", "a", "ab", "a", []),
    "added there, where the list is all": ("exclusive", "a", "ab", "a", ["drift added b"]),
    "added there and here": ("managed", "a", "ab", "ab", ["agreed added b"]),
    "added there, never taken away": ("additive", "a", "ab", "a", []),
    "taken away here, never taken away": ("additive", "ab", "ab", "a", []),
    "one there, another here": (
        "managed",
        "ab",
        "a",
        "abc",
        ["drift taken away b", "pending added c"],
    ),
}


@pytest.mark.parametrize(("mode", "was", "live", "want", "said"), MEMBERS.values(), ids=MEMBERS)
def test_a_member_of_an_association_is_told_by_itself(
    mode: str, was: str, live: str, want: str, said: list[str]
) -> None:
    modes = {"connection_clients.db": mode}
    found = three(*(members(*keys) for keys in (was, live, want)), modes=modes)
    mine = [f"{each.what} {each.how} {each.member.removeprefix('clients.')}" for each in found]
    assert mine == said
    assert all(each.path == ("clients",) for each in found)


def connection(**options: Any) -> World:
    return {"connections.c": {"name": "c", "strategy": "auth0", "options": options}}


def test_a_secret_that_nobody_can_see_is_no_drift() -> None:
    base = connection(configuration={"URL": Secret("FIRST")})
    assert three(base, base, base) == ()


@pytest.mark.parametrize(("there", "said"), [("f1", []), ("f2", ["drift"])])
def test_a_secret_that_can_be_read_has_drifted_if_it_is_not_the_one_that_was_written(
    there: str, said: list[str]
) -> None:
    """Whatever the vault of this machine knows: it may know nothing, or the next value."""
    base = {"connections.c": {"name": "c", "options": {"client_secret": Secret("KEY")}}}
    path = ("options", "client_secret")
    desired = made(base)
    entries = applied(desired, Known(mark=lambda _: ("1", "f1")))
    live = Tenant.of(
        [
            Resource(
                Address("connections", "c"),
                {"name": "c", "options": {"client_secret": Sealed(there)}},
            )
        ]
    )
    assert entries[Address("connections", "c")].sealed[path] == ("1", "f1")
    found = drift_of(desired, live, Known(entries, lambda _: ("1", "f1")))
    assert [each.what for each in found] == said


def test_another_version_of_a_secret_is_pending() -> None:
    base = made(connection(configuration={"URL": Secret("FIRST")}))
    entries = applied(base, Known(mark=lambda _: ("1", "")))
    found = drift_of(base, seen_of(base), Known(entries, lambda _: ("2", "")))
    assert [each.what for each in found] == ["pending"]


def test_what_is_there_again_under_another_id_is_told() -> None:
    base = made(shop())
    live = replace(seen_of(base), renewed=frozenset({WEB}))
    assert told(drift_of(base, live, Known(applied(base)))) == ["drift renewed clients.web"]


def test_the_old_id_of_what_was_deleted_is_nobodys_change() -> None:
    """What names it is as it was; only the plan has to write it again."""
    world = {**shop(), "tenant": {"default_directory": "c"}, **connection()}
    base = made(world)
    live = seen_of(base)
    there = dict(live.resources)
    del there[Address("connections", "c")]
    was = there[Address("tenant")].fields["default_directory"]
    assert isinstance(was, str | Ref)
    if isinstance(was, Ref):
        there[Address("tenant")] = Resource(
            Address("tenant"), {"default_directory": Foreign("connections", "id-connections.c")}
        )
    found = drift_of(base, Tenant(there), Known(applied(base)))
    assert "drift deleted connections.c" in told(found)
    assert not [each for each in found if each.address.kind == "tenant" and each.what == "drift"]


def test_nobody_is_blamed_for_a_change_of_something_else() -> None:
    def blamed(*writes: Write, was: World, live: World) -> list[str]:
        found = three(was, live, was)
        traced = Traced({each.address: writes for each in found})
        looked = Looked(None, None, found=found, traced=traced)  # type: ignore[arg-type]
        return [write.user if (write := author(each, looked)) else "" for each in found]

    def write(user: str, *fields: str, method: str = "PATCH") -> Write:
        return Write("2026-09-02", method, user, "", "", "", "", frozenset(fields))

    moved = {"was": shop(), "live": shop(description="new")}
    late, right = write("bo", "callbacks"), write("ann", "description", "name")
    assert blamed(late, right, **moved) == ["ann"]
    assert blamed(late, **moved) == [""]
    assert blamed(late, write("cy"), **moved) == ["cy"]
    assert blamed(late, write("di", "name", method="POST"), **moved) == ["di"]
    taken = {"was": members("a", "b"), "live": members("a")}
    assert blamed(write("bo", "enabled_clients"), **taken) == ["bo"]


OLD = {WEB: Entry(paths=(("name",), ("description",)))}


def test_a_receipt_of_an_earlier_version_cannot_tell_whose_change_it_is() -> None:
    assert not remembers(OLD[WEB])
    found = three({}, shop(description="new"), shop(), entries=OLD)
    assert told(found) == ["unclear clients.web description"]
    assert (found[0].applied, found[0].live) == (ABSENT, "new")
    assert told(three({}, {}, shop(), entries=OLD)) == ["unclear deleted clients.web"]


@pytest.mark.parametrize(
    ("why", "last", "sure"),
    [
        ("a converged apply of the same definition", {}, True),
        ("of another definition", {"digest": "d0"}, False),
        ("one that was left half done", {"status": "partial"}, False),
    ],
)
def test_without_values_only_a_converged_apply_of_the_same_files_tells(
    why: str, last: dict[str, str], sure: bool
) -> None:
    found = three({}, shop(description="new"), shop(), entries=OLD)
    assert bool(drifted(found, receipt(**last), "d1")) is sure, why
    assert drifted(found, None, "d1") == ()


def receipt(**other: Any) -> Receipt:
    given: dict[str, Any] = {
        "kind": "apply", "tenant": "t", "environment": "dev", "domain": "t.sandbox.invalid",
        "digest": "d1", "phases": (1,), "status": "converged", "full": True, "entries": {},
        "outcomes": {}, "version": "0", "commit": "", "who": "", "when": "",
    }  # fmt: skip
    return Receipt(**{**given, **other})


REASONS: dict[str, tuple[World, World, str]] = {
    "the tenant": (
        shop(description="new"),
        shop(),
        "changed in the tenant since the last apply",
    ),
    "the files": (shop(), shop(description="new"), "differs from the files"),
    "both": (
        shop(description="there"),
        shop(description="here"),
        "changed in the tenant since the last apply, and changed in the files",
    ),
    "nobody any more": ({}, shop(), "deleted in the tenant since the last apply"),
}


@pytest.mark.parametrize(("live", "want", "said"), REASONS.values(), ids=REASONS)
def test_a_plan_says_whose_change_a_step_takes_back(live: World, want: World, said: str) -> None:
    known = Known(applied(made(shop())))
    (step,) = planned(made(want), seen_of(made(live)), known).steps
    assert step.reason == said
