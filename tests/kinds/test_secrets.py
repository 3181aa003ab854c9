"""Every field that hides something is tried by a law, and every field that looks secret is judged.

What the laws ask of a secret is `keeps_secrets` in `laws/laws.py`: applied twice it is one write,
another value is one more write and another fingerprint, a placeholder never reaches the tenant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from kinds.laws.table import Case, Tagged, cases, put
from tenantctl.kinds import KINDS, Kind, Lens, Rule, operations, ruled_leaves, unfold
from tenantctl.model import Path, Secret

Json = Any
HIDING = [
    pytest.param(kind, rule, id=f"{kind.name} {'.'.join(rule.at)}")
    for kind in KINDS.values()
    for rule in kind.rules
    if (rule.secret or rule.read in {"absent", "masked", "cipher"}) and rule.when != "never"
]
NAMED = re.compile(
    r"secret|passw|token$|api_?key|private_?key|server_?key|signing_?key|access_?key|write_?key"
    r"|authorization$|p12|connection_?string|skey$|_pass$",
    re.IGNORECASE,
)
PUBLIC = {
    ("attack_protection", "challenge_password_policy"): "when a CAPTCHA is shown",
    ("attack_protection", "challenge_password_reset_policy"): "when a CAPTCHA is shown",
    ("attack_protection", "challenge_passwordless_policy"): "when a CAPTCHA is shown",
    ("clients", "addons.firebase.private_key_id"): "the name of a key",
    ("connections", "options.customScripts.change_password"): "the code of a script",
    ("connections", "options.passwordPolicy"): "how good passwords must be",
    ("flows", "actions.[].params.token"): "a token of the user's that the flow checks or reads",
    ("flows", "actions.[].params.then.[].params.token"): "the same inside a branch",
    ("flows", "actions.[].params.else.[].params.token"): "the same inside a branch",
    ("forms", "nodes.[].config.components.[].config.api_key"): "every visitor's browser has it",
    ("guardian_push_sns", "aws_access_key_id"): "the name of a key",
}
"""Fields with the name of a secret that hold none, by kind and path, and what they hold."""


def plain(value: Json) -> Json:
    """Authored values of a table in the terms of the core."""
    if isinstance(value, Tagged):
        return Secret(value.value) if value.tag == "secret" else str(value.value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def declared(case: Case) -> Iterator[dict[str, Json]]:
    """What a case declares at first, and with each of its rows."""
    rows = (*case.change, *case.unset, *case.frozen, *case.once)
    yield from (plain(_with(case.fields, row.set)) for row in rows)
    yield plain(case.fields)


def _with(fields: Json, changes: Json) -> Json:
    for path, value in changes.items():
        fields = put(fields, path, value)
    return fields


def tried(case: Case) -> Iterator[Rule]:
    """The rules that speak of a value that the case declares."""
    members = case.kind.members
    for authored in declared(case):
        named = dict(zip([members], authored.values(), strict=True)) if members else authored
        flat = unfold(case.kind, named)
        lens = Lens(case.kind, flat)
        yield from (rule for _, rule, leaf in ruled_leaves(lens, flat) if leaf is not None)


@pytest.mark.parametrize(("kind", "rule"), HIDING)
def test_every_field_that_hides_something_is_in_a_table_of_laws(kind, rule):
    mine = cases(kind.name)
    assert is_excepted(mine, rule) or any(found is rule for case in mine for found in tried(case))


@pytest.mark.parametrize(("kind", "rule"), [p for p in HIDING if p.values[1].secret])
def test_every_secret_is_declared_where_the_law_of_secrets_looks(kind, rule):
    found = [
        case
        for case in cases(kind.name)
        for path in case.secrets
        if rule in set(_beneath(case, path))
    ]
    assert found or is_excepted(cases(kind.name), rule)


def is_excepted(found: tuple[Case, ...], rule: Rule) -> bool:
    """Whether a table says why no case has what *rule* is about."""
    return any(tuple(at.split(".")) == rule.at for case in found for at in case.excepted)


def _beneath(case: Case, path: Path) -> Iterator[Rule]:
    """The rules that speak of what stands at *path* of what the case declares, or below."""
    flat = unfold(case.kind, plain(case.fields))
    for keyed, rule, _ in ruled_leaves(Lens(case.kind, flat), flat):
        if keyed[: len(path)] == path:
            yield rule


@pytest.mark.parametrize("kind", list(KINDS.values()), ids=lambda kind: kind.name)
def test_a_field_with_the_name_of_a_secret_is_one_or_holds_something_else_that_is_said(kind):
    suspects = {path for path in _texts_of(kind) if NAMED.search(path[-1])}
    judged = {tuple(at.split(".")) for name, at in PUBLIC if name == kind.name}
    open_ = {p for p in suspects if not _is_sealed(kind, p)}
    assert {".".join(path) for path in open_ - judged} == set()
    assert {".".join(path) for path in judged - open_} == set(), "PUBLIC says more than is needed"


def _texts_of(kind: Kind) -> Iterator[Path]:
    """The paths of every text that a body of the kind may carry."""
    for key in kind.values or ("",):
        for name, operation in operations(kind.shape.format(key=key)).items():
            if name in {"create", "update", "replace"} and "body" in operation:
                body = operation["body"]
                yield from _texts(body, body.get("$defs", {}), (), ())


def _texts(schema: Json, defs: Json, path: Path, within: tuple[str, ...]) -> Iterator[Path]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in within:
            yield from _texts(defs[name], defs, path, (*within, name))
        return
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _texts(choice, defs, path, within)
    types = schema.get("type", ())
    if path and "string" in ([types] if isinstance(types, str) else types):
        yield path
    for key, inner in schema.get("properties", {}).items():
        yield from _texts(inner, defs, (*path, key), within)
    if isinstance(schema.get("items"), dict):
        yield from _texts(schema["items"], defs, (*path, "[]"), within)


def _is_sealed(kind: Kind, path: Path) -> bool:
    """Whether a rule, under whatever condition, keeps *path* or what it is in from being shown."""
    parts = (path[:size] for size in range(1, len(path) + 1))
    return any(_sealed(kind, part) for part in parts)


def _sealed(kind: Kind, path: Path) -> bool:
    conditions = (rule.only for rule in kind.rules if rule.only)
    traits = [put({}, tuple(at.split(".")), value) for at, values in conditions for value in values]
    rules = [kind.rule(path, fields) for fields in ({}, *traits)]
    return any(rule.secret or rule.when == "never" for rule in rules)
