"""Triggers, and the ordered actions bound to each."""

import json
from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import concealed
from tenantctl.sandbox.pages import number
from tenantctl.sandbox.refusal import Refusal, invalid_path
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Body, Call, Hidden, Route, Tenant, limits

_KIND = "action_trigger_bindings"
_PATH = "/actions/triggers/{triggerId}/bindings"
_CATALOGUE_KIND = "action_triggers"
_RUNTIMES = ["node18", "node22"]
_MOST_BINDINGS = 20


def _trigger(name: str, version: str, *, current: bool = True) -> Document:
    return {
        "id": name,
        "version": version,
        "status": "CURRENT" if current else "DEPRECATED",
        "runtimes": _RUNTIMES if current else ["node12"],
        "default_runtime": "node22" if current else "node12",
        "compatible_triggers": [],
    }


_CATALOGUE: tuple[Document, ...] = (
    _trigger("post-login", "v1", current=False),
    {
        **_trigger("post-login", "v2", current=False),
        "runtimes": ["node12", "node16", "node18"],
        "default_runtime": "node16",
    },
    {
        **_trigger("post-login", "v3"),
        "compatible_triggers": [{"id": "post-login", "version": "v2"}],
    },
    _trigger("credentials-exchange", "v1", current=False),
    _trigger("credentials-exchange", "v2"),
    _trigger("pre-user-registration", "v1", current=False),
    _trigger("pre-user-registration", "v2"),
    _trigger("post-user-registration", "v1", current=False),
    _trigger("post-user-registration", "v2"),
    _trigger("post-change-password", "v1", current=False),
    _trigger("post-change-password", "v2"),
    _trigger("send-phone-message", "v1", current=False),
    _trigger("send-phone-message", "v2"),
    _trigger("custom-email-provider", "v1"),
    _trigger("custom-phone-provider", "v1"),
    _trigger("custom-token-exchange", "v1"),
    _trigger("event-stream", "v1"),
    _trigger("login-post-identifier", "v1"),
    _trigger("password-hash-migration", "v1"),
    _trigger("password-reset-post-challenge", "v1"),
    _trigger("post-credential-validation", "v1"),
    _trigger("signup-post-identifier", "v1"),
)


def catalogue(tenant: Tenant) -> list[Document]:
    """The triggers that the tenant has, each with its versions."""
    stored = tenant.store.get(_CATALOGUE_KIND, _CATALOGUE_KIND)
    triggers: list[Document] = stored["triggers"] if stored else list(_CATALOGUE)
    return triggers


def find_binding(call: Call, action: str) -> Document | None:
    """The first binding of an action, at whatever trigger."""
    for row in call.tenant.store.rows(_KIND):
        for binding in row.document.get("bindings", []):
            if binding["action_id"] == action:
                found: Document = binding
                return found
    return None


def unbind(call: Call, action: str) -> None:
    """Takes an action out of every trigger."""
    for row in call.tenant.store.rows(_KIND):
        kept = [item for item in row.document.get("bindings", []) if item["action_id"] != action]
        if len(kept) != len(row.document.get("bindings", [])):
            call.tenant.store.put(_KIND, row.id, {"bindings": kept})


def _list_triggers(call: Call) -> Answer:
    return Answer(200, {"triggers": catalogue(call.tenant)})


def _seed_triggers(call: Call, body: Any) -> None:
    if body is not None:
        call.tenant.store.put(_CATALOGUE_KIND, _CATALOGUE_KIND, body)


def _seed_bindings(call: Call, body: Any) -> None:
    """The bindings of a page that was read, and the actions they bind as far as it tells them."""
    bindings = []
    for told in body["bindings"] if body else []:
        action = told["action"]
        if call.tenant.store.get("actions", action["id"]) is None:
            deployed = action.get("deployed_version", {})
            draft = {"code": "", "dependencies": [], "secrets": [], "status": "built"}
            call.tenant.store.put("actions", action["id"], {**draft, **deployed, **action})
        rest = {name: value for name, value in told.items() if name != "action"}
        bindings.append({**rest, "action_id": action["id"]})
    call.tenant.store.put(_KIND, call.arguments["triggerId"], {"bindings": bindings})


def _list_bindings(call: Call) -> Answer:
    bindings = _bound(call, _name(call))
    size = number(call, "per_page", 50, 1, 100)
    if call.tenant.page_cap is not None:
        size = min(size, call.tenant.page_cap)
    index = number(call, "page", 0, 0, None)
    shown = [_show(call, item) for item in bindings[index * size : (index + 1) * size]]
    facts = {"total": len(bindings) if shown else 0, "page": index, "per_page": size}
    return Answer(200, {"bindings": shown, **{name: fact for name, fact in facts.items() if fact}})


def _replace_bindings(call: Call) -> Answer:
    name = _name(call)
    before = {item["id"]: item for item in _bound(call, name)}
    made = [_binding(call, name, before, given) for given in call.body.get("bindings") or []]
    actions = [item["action_id"] for item in made]
    if len(set(actions)) != len(actions):
        raise Refusal(400, "An action can be bound to a trigger only once.")
    call.tenant.store.put(_KIND, name, {"bindings": made})
    return Answer(200, {"bindings": [_show(call, item) for item in made]})


def _binding(call: Call, trigger: str, before: dict[str, Document], given: Document) -> Document:
    action = _referenced(call, before, given["ref"])
    if action["supported_triggers"][0]["id"] != trigger:
        raise Refusal(400, f"The action {action['name']} does not support the trigger {trigger}.")
    if "deployed_version" not in action:
        raise Refusal(400, f"The action {action['name']} must be deployed before it can be bound.")
    now = identity.nanoseconds(call.tenant.clock())
    return {
        "id": identity.uuid4(),
        "trigger_id": trigger,
        "action_id": action["id"],
        "display_name": given.get("display_name") or action["name"],
        "created_at": now,
        "updated_at": now,
    }


def _referenced(call: Call, before: dict[str, Document], ref: Document) -> Document:
    """The action a reference means: by its id, its name, or a binding it already has."""
    store, kind, value = call.tenant.store, ref.get("type"), str(ref.get("value"))
    if kind == "binding_id":
        value = before.get(value, {}).get("action_id", "")
    if kind == "action_name":
        row = store.find("actions", "name", value)
        found = row.document if row else None
    else:
        found = store.get("actions", value)
    if found is None:
        raise Refusal(404, f"The action {ref.get('value')} does not exist.")
    return found


def _bound(call: Call, trigger: str) -> list[Document]:
    found = call.tenant.store.get(_KIND, trigger) or {}
    bindings: list[Document] = found.get("bindings", [])
    return bindings


def _show(call: Call, binding: Document) -> Document:
    action = call.tenant.store.get("actions", binding["action_id"]) or {}
    names = (
        "id", "name", "supported_triggers", "created_at", "updated_at", "current_version",
        "deployed_version",
    )  # fmt: skip
    part = {name: action[name] for name in names if name in action}
    part["all_changes_deployed"] = False  # always, in recorded traffic
    part = concealed(part, (Hidden(("deployed_version", "secrets", "*", "value")),))
    rest = {name: value for name, value in binding.items() if name != "action_id"}
    return {**rest, "action": part}


def _name(call: Call) -> str:
    name = call.arguments["triggerId"]
    if all(item["id"] != name for item in catalogue(call.tenant)):
        raise invalid_path(f"No enum match for: {json.dumps(name)}", "triggerId")
    return name


ROUTES = (
    Route("GET", "/actions/triggers", ("read:actions",), _list_triggers, seed=_seed_triggers),
    Route(
        "GET",
        _PATH,
        ("read:actions",),
        _list_bindings,
        None,
        frozenset({"page", "per_page"}),
        seed=_seed_bindings,
    ),
    Route(
        "PATCH",
        _PATH,
        ("update:actions",),
        _replace_bindings,
        Body(_KIND, "update", limits({"bindings": {"maxItems": _MOST_BINDINGS}})),
    ),
)
