"""What Actions replaced: rules with their configuration, and hooks with their secrets."""

import json
import re
from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import without_nulls
from tenantctl.sandbox.refusal import Refusal, invalid_body, invalid_path
from tenantctl.sandbox.service import collection_routes, fetch, joined
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Paging, Route

_CONFIG_KIND = "rules_configs"
_CONFIG = "/rules-configs/{key}"
_SECRET_KIND = "hook_secrets"  # noqa: S105 - the name of a kind
_SECRETS = "/hooks/{id}/secrets"
_NOT_SHOWN = "_VALUE_NOT_SHOWN_"
_MOST_SECRETS = 20
_STAGES = ("login_success", "login_failure", "pre_authorize")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def _check_rule(call: Call, new: Document, old: Document) -> None:
    """A stage is chosen once: auth0-deploy-cli sends it with a new rule and leaves it out later."""
    if old and "stage" in call.body:
        raise invalid_body("Additional properties not allowed: stage")
    if new.get("stage", _STAGES[0]) not in _STAGES:
        raise invalid_body(f"No enum match for: {json.dumps(new['stage'])}", "stage")


def _complete_rule(call: Call, new: Document, old: Document) -> Document:
    """A new rule runs after all others."""
    if old:
        return new
    orders = [row.document.get("order", 0) for row in call.tenant.store.rows(RULES.name)]
    return {"enabled": True, "order": max(orders, default=0) + 1, "stage": _STAGES[0], **new}


def _list_configs(call: Call) -> Answer:
    rows = call.tenant.store.rows(_CONFIG_KIND)
    return Answer(200, [{"key": row.id} for row in rows])


def _replace_config(call: Call) -> Answer:
    document = {"key": _key(call), "value": call.body["value"]}
    call.tenant.store.put(_CONFIG_KIND, document["key"], document)
    return Answer(200, document)


def _delete_config(call: Call) -> Answer:
    call.tenant.store.delete(_CONFIG_KIND, _key(call))
    return Answer(204)


def _key(call: Call) -> str:
    key = call.arguments["key"]
    if len(key) > 127:
        raise invalid_path(f"String is too long ({len(key)} chars), maximum 127", "key")
    return key


def _seed_configs(call: Call, body: Any) -> None:
    for item in body or []:
        call.tenant.store.put(_CONFIG_KIND, item["key"], {"value": "", **item})


def _check_hook(call: Call, new: Document, old: Document) -> None:
    """Hooks are named in lower case with hyphens; that is the name that must be unique."""
    new["name"] = _hyphenated(new["name"])
    rival = call.tenant.store.find(HOOKS.name, "name", new["name"])
    if rival is not None and rival.id != old.get("id"):
        raise Refusal(409, "Hook with the same name already exists.")


def _hyphenated(name: str) -> str:
    """`test-hook520` becomes `test-hook-520` (recorded traffic 6)."""
    return "-".join(word.lower() for word in _WORDS.findall(name))


def _complete_hook(_call: Call, new: Document, _old: Document) -> Document:
    return {"dependencies": {}, "enabled": False, **new}


def _delete_secrets_of(call: Call, hook: Document) -> None:
    call.tenant.store.delete(_SECRET_KIND, hook["id"])


def _secrets(call: Call) -> tuple[str, Document]:
    """The hook of the path and its secrets. Raises Refusal 404."""
    hook = fetch(HOOKS, call)
    return hook["id"], call.tenant.store.get(_SECRET_KIND, hook["id"]) or {}


def _read_secrets(call: Call) -> Answer:
    return Answer(200, dict.fromkeys(_secrets(call)[1], _NOT_SHOWN))


def _create_secrets(call: Call) -> Answer:
    id, known = _secrets(call)
    if known.keys() & call.body.keys():
        raise Refusal(409, "Secret with the same name already exists.")
    if len(known) + len(call.body) > _MOST_SECRETS:
        count = len(known) + len(call.body)
        raise invalid_body(f"Too many properties defined ({count}), maximum {_MOST_SECRETS}")
    return _keep(call, id, {**known, **call.body})


def _update_secrets(call: Call) -> Answer:
    id, known = _secrets(call)
    if call.body.keys() - known.keys():
        raise Refusal(404, "Hook or secret not found.")
    return _keep(call, id, {**known, **call.body})


def _keep(call: Call, id: str, secrets: Document) -> Answer:
    call.tenant.store.put(_SECRET_KIND, id, without_nulls(secrets))
    return Answer(201, {})


def _delete_secrets(call: Call) -> Answer:
    id, known = _secrets(call)
    kept = {name: value for name, value in known.items() if name not in call.body}
    call.tenant.store.put(_SECRET_KIND, id, kept)
    return Answer(204)


def _seed_secrets(call: Call, body: Any) -> None:
    call.tenant.store.put(_SECRET_KIND, call.arguments["id"], body or {})


RULES = Collection(
    name="rules",
    path="/rules",
    mint=identity.prefixed("rul_", 16),
    noun="rules",
    paging=Paging("rules"),
    missing=("The rule does not exist.", "inexistent_rule"),
    filters=(("enabled", "enabled"),),
    unique=(("name", "A rule with the same name already exists."),),
    sample=(("script", "function (user, context, callback) { callback(null, user, context); }"),),
    extra=("stage",),
    check=_check_rule,
    complete=_complete_rule,
)
HOOKS = Collection(
    name="hooks",
    path="/hooks",
    mint=identity.ulid,
    noun="hooks",
    paging=Paging("hooks"),
    missing=("The hook does not exist", "HookDoesNotExist"),
    filters=(("enabled", "enabled"), ("triggerId", "triggerId")),
    query=("include_fields",),
    sample=(("triggerId", "credentials-exchange"), ("script", "")),
    check=_check_hook,
    complete=_complete_hook,
    cascade=_delete_secrets_of,
)

_TOTALS = frozenset({"include_totals", "page", "per_page"})
ROUTES = joined(
    collection_routes(RULES),
    collection_routes(HOOKS),
    [
        Route(
            "GET",
            "/rules-configs",
            ("read:rules_configs",),
            _list_configs,
            query=_TOTALS,
            seed=_seed_configs,
        ),
        Route(
            "PUT",
            _CONFIG,
            ("update:rules_configs",),
            _replace_config,
            Body(_CONFIG_KIND, "replace"),
        ),
        Route("DELETE", _CONFIG, ("delete:rules_configs",), _delete_config),
        Route("GET", _SECRETS, ("read:hooks",), _read_secrets, seed=_seed_secrets),
        Route("POST", _SECRETS, ("update:hooks",), _create_secrets, Body(_SECRET_KIND, "create")),
        Route("PATCH", _SECRETS, ("update:hooks",), _update_secrets, Body(_SECRET_KIND, "update")),
        Route("DELETE", _SECRETS, ("delete:hooks",), _delete_secrets, Body(_SECRET_KIND, "delete")),
    ],
)
