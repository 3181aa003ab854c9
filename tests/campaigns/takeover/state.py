"""Two tenants side by side: what they hold by the names that things have, and where they differ."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tenantctl.sandbox import Sandbox

AUTH0 = re.compile(
    r"(?<![\w.-])(?!cdn\.|manage\.)[a-z0-9-]+(?:\.(?:us|eu|au|jp|uk|ca))?\.auth0\.com"
)
"""A tenant of Auth0's in a text."""
HISTORY = frozenset({"action_versions", "logs"})
"""What is kept of every write."""
NAMES = ("name", "identifier", "template", "domain", "key", "displayName", "description")
"""Fields that name what the server has given an id."""
PARTS = ("client_id", "audience", "subject_type", "permission_name", "resource_server_identifier")
"""Fields that together name what has no name."""
ORDERED = frozenset({"actions", "bindings", "enabled_locales", "nodes"})
"""Lists whose order means something."""
DRAWN = frozenset(
    {
        "build_time",
        "built_at",
        "client_id",
        "created_at",
        "deployed_at",
        "expires",
        "id",
        "last_updated",
        "modified_at",
        "number",
        "signing_keys",
        "tenant",
        "updated_at",
    }
)
"""What every run draws anew, or Auth0 reads out of something else."""
SECRET = re.compile(
    r"(^|[. ])(client_secret|app_secret|consumer_secret|signing_secret|encrypted)$"
    r"|(^|[. ])(credentials|configuration|setup)\."
    r"|^rules_configs .* value$|^actions .* secrets$|^hook_secrets "
    r"|twilio_token|auth_token|admin_access_token|httpAuthorization|Token$|ApiKey$|WriteKey$"
)
"""Secrets, by thing and path: of them only is compared whether there is one."""
NOTHING: tuple[Any, ...] = (None, "", [], {})

State = Mapping[str, Mapping[str, Any]]
"""Of each thing, by table and name, the leaves by dotted path."""


@dataclass(frozen=True, order=True)
class Difference:
    """Where two tenants differ; None is nothing at all."""

    thing: str
    path: str
    ours: str
    theirs: str


def state(sandbox: Sandbox, tables: Iterable[str] = ()) -> State:
    """What a tenant holds, and the defaults of those of *tables* that nobody has written."""
    rows = [row for row in sandbox.snapshot()["documents"] if row[0] not in HISTORY]
    written = {row[0] for row in rows}
    for table in sorted(set(tables) - written - HISTORY):
        rows += [[table, id, "", body] for id, body in sandbox.documents(table).items()]
    text = json.dumps(rows).replace(sandbox.domain, "TENANT")
    rows = json.loads(AUTH0.sub("TENANT", text))
    for _ in range(2):  # what is named by others is named once they are
        rows = _renamed(rows)
    found: dict[str, Mapping[str, Any]] = {}
    for table, id, parent, body in rows:
        thing = _free(found, f"{table} {_name(table, id, parent, body)}".strip())
        found[thing] = {
            path: "<secret>" if SECRET.search(f"{thing} {path}") and value else value
            for path, value in _leaves(body)
            if not path.startswith("_") and path.rpartition(".")[2] not in DRAWN
        }
    return found


def tables(sandbox: Sandbox) -> set[str]:
    """The tables that something was written to."""
    return {row[0] for row in sandbox.snapshot()["documents"]}


def _free(found: Mapping[str, Any], name: str) -> str:
    """*name*, with a number where another thing has it."""
    number, free = 1, name
    while free in found:
        number, free = number + 1, f"{name} ({number + 1})"
    return free


def _renamed(rows: list[Any]) -> list[Any]:
    """*rows* with the names of things in the place of the ids that the server has drawn."""
    known = {
        id: f"<{_name(table, id, parent, body)}>"
        for table, id, parent, body in rows
        if len(id) > 7 and "<" not in id and any(name in body for name in (*NAMES, *PARTS))
    }
    if not known:
        return rows
    pattern = re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True))))

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {renamed(key): renamed(each) for key, each in value.items()}
        if isinstance(value, list):
            return [renamed(each) for each in value]
        return pattern.sub(lambda f: known[f[0]], value) if isinstance(value, str) else value

    return [renamed(row) for row in rows]


def _name(table: str, id: str, parent: str, body: Mapping[str, Any]) -> str:
    named = next((str(body[name]) for name in NAMES if isinstance(body.get(name), str)), "")
    if named and table != "client_grants":
        return f"{parent}/{named}" if parent else named
    parts = [str(body[name]) for name in PARTS if isinstance(body.get(name), str)]
    return " ".join([parent, *parts]).strip() if parts else id


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from _leaves(each, f"{path}.{key}" if path else key)
    else:
        yield path, _plain(value, ordered=path.rpartition(".")[2] in ORDERED)


def _plain(value: Any, *, ordered: bool) -> Any:
    """*value*; the order of what is not *ordered* means nothing to Auth0."""
    if not isinstance(value, list):
        return value
    items = [
        {k: v for k, v in each.items() if k not in DRAWN and not k.startswith("_")}
        if isinstance(each, dict)
        else each
        for each in value
    ]
    return items if ordered else sorted(items, key=_short)


def differences(ours: State, theirs: State) -> list[Difference]:
    """Where *ours* and *theirs* differ; that something is not there at all is one difference."""
    found = []
    for thing in sorted(ours.keys() | theirs.keys()):
        if thing not in ours or thing not in theirs:
            there = _short({k: v for k, v in {**ours, **theirs}[thing].items() if v is not None})
            found.append(Difference(thing, "", *((there, "") if thing in ours else ("", there))))
            continue
        mine, other = ours[thing], theirs[thing]
        for path in sorted(mine.keys() | other.keys()):
            one, two = mine.get(path), other.get(path)
            if one != two and not (one in NOTHING and two in NOTHING):
                found.append(Difference(thing, path, _short(one), _short(two)))
    return found


def _short(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
