"""Actions: drafts that are built, deployed as versions, and bound to triggers."""

from fnmatch import fnmatchcase
from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import public
from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.resources.triggers import CATALOGUE, find_binding, unbind
from tenantctl.sandbox.service import collection_routes, fetch, joined, view
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Call, Collection, Hidden, Paging, Route, limits

_RUNTIME = "node22"
_DRAFT = ("code", "dependencies", "runtime", "secrets", "supported_triggers", "modules")
_VERSIONS = Paging("versions", "actions")
_SECRET_VALUES = (
    Hidden(("secrets", "*", "value")),
    Hidden(("deployed_version", "secrets", "*", "value")),
)


def _check(_call: Call, new: Document, old: Document) -> None:
    triggers = new["supported_triggers"]
    if len(triggers) != 1:
        raise invalid_body(f"Array is too short ({len(triggers)}), minimum 1", "supported_triggers")
    known = {(item["id"], item["version"]) for item in CATALOGUE}
    wanted = triggers[0]["id"], triggers[0].get("version", "v1")
    if wanted not in known:
        raise Refusal(400, f"Unsupported trigger {wanted[0]} of version {wanted[1]}")
    if old and old["supported_triggers"][0]["id"] != wanted[0]:
        raise Refusal(400, "The trigger of an action cannot be changed")


def _complete(call: Call, new: Document, old: Document) -> Document:
    """A draft that has to be built anew, unless an update touched only the name."""
    now = identity.nanoseconds(call.tenant.clock())
    deploy = new.pop("deploy", False)
    new = {
        "created_at": now,
        "code": "",
        "dependencies": [],
        "runtime": _RUNTIME,
        **new,
        "updated_at": now,
        "secrets": _secrets(new.get("secrets", []), old.get("secrets", []), now),
    }
    if not old or any(new.get(name) != old.get(name) for name in _DRAFT):
        new |= {"status": "pending", "all_changes_deployed": False}
        new |= {"_reads": 0, "_since": call.tenant.clock()}
    return _deployed(call, new) if deploy else new


def _secrets(given: list[Document], before: list[Document], now: str) -> list[Document]:
    """Secrets as kept: one that is sent without a value keeps the value it had."""
    if given == before:
        return before
    known = {item["name"]: item for item in before}
    return [
        {"name": item["name"], "value": item["value"], "updated_at": now}
        if "value" in item
        else known.get(item["name"], {"name": item["name"], "value": "", "updated_at": now})
        for item in given
    ]


def _built(call: Call, action: Document) -> str:
    """Where the build of a draft stands now."""
    if action["status"] in {"built", "failed"}:
        return str(action["status"])
    delays = call.tenant.delays
    waited = call.tenant.clock() - action["_since"]
    if action["_reads"] < delays.build_reads or waited < delays.build_seconds:
        return "building" if action["_reads"] else "pending"
    failing = any(fnmatchcase(action["name"], name) for name in delays.failing_builds)
    return "failed" if failing else "built"


def _read(call: Call) -> Answer:
    """Reading is what moves a build on, in the sandbox."""
    action = fetch(ACTIONS, call)
    status = _built(call, action)
    if status != action["status"] or status in {"pending", "building"}:
        action |= {"status": status, "_reads": action["_reads"] + 1}
        call.tenant.store.put(ACTIONS.name, action["id"], action, noted=False)
    return Answer(200, view(ACTIONS, call, action))


def _show(call: Call, document: Document) -> Document:
    """A list shows how far builds are without moving them on."""
    stored = call.tenant.store.get(ACTIONS.name, document["id"])
    if call.method != "GET" or "id" in call.arguments or stored is None:
        return document
    return {**document, "status": _built(call, stored)}


def _deploy(call: Call) -> Answer:
    action = fetch(ACTIONS, call)
    if _built(call, action) != "built":
        raise Refusal(400, "The draft must be in the 'built' state before it can be deployed.")
    action = _deployed(call, {**action, "status": "built"})
    call.tenant.store.put(ACTIONS.name, action["id"], action)
    return Answer(200, _announced(action))


def _deployed(call: Call, action: Document) -> Document:
    """The action with its draft as the newest version."""
    now = identity.nanoseconds(call.tenant.clock())
    versions = call.tenant.store.rows("action_versions", action["id"])
    version: Document = {
        "id": identity.uuid4(),
        "number": len(versions) + 1,
        "status": "built",
        "built_at": now,
        "created_at": now,
        "updated_at": now,
        **{name: action[name] for name in _DRAFT if name in action},
    }
    call.tenant.store.put("action_versions", version["id"], version, action["id"])
    return _running(action, version)


def _running(action: Document, version: Document) -> Document:
    """The action with one of its versions in production."""
    build = {"status": "BUILT", "build_time": version["built_at"]}
    names = ("id", "code", "runtime", "number", "created_at", "updated_at")
    return {
        **action,
        "current_version": {**{name: version[name] for name in names}, **build},
        "deployed_version": {**version, "deployed": True},
        "all_changes_deployed": True,
    }


def _announced(action: Document) -> Document:
    """The answer to a deploy: the version, not yet deployed, and whose it is."""
    version = {**action["deployed_version"], "deployed": False}
    del version["built_at"]
    names = ("id", "name", "supported_triggers", "created_at", "updated_at")
    parent = {name: action[name] for name in names}
    secrets = [{**item} for item in version.get("secrets", [])]
    for item in secrets:
        item.pop("value", None)
    return {**version, "secrets": secrets, "action": {**parent, "all_changes_deployed": False}}


def _matches(call: Call, action: Document) -> bool:
    trigger, deployed = call.first("triggerId"), call.first("deployed")
    if trigger and action["supported_triggers"][0]["id"] != trigger:
        return False
    return deployed is None or (deployed == "true") == ("deployed_version" in action)


def _cascade(call: Call, action: Document) -> None:
    bound = find_binding(call, action["id"]) is not None
    if bound and call.first("force") != "true":
        raise Refusal(409, "Unable to delete an action bound to a trigger.")
    unbind(call, action["id"])
    for row in call.tenant.store.rows("action_versions", action["id"]):
        call.tenant.store.delete("action_versions", row.id)


def _list_versions(call: Call) -> Answer:
    action = fetch(ACTIONS, call)

    def shown(row: Row) -> Document:
        return _show_version(action, row.document)

    rows = call.tenant.store.rows("action_versions", action["id"])
    return Answer(200, page(call, _VERSIONS, rows, shown))


def _get_version(call: Call) -> Answer:
    action, version = _version(call)
    return Answer(200, _show_version(action, version))


def _deploy_version(call: Call) -> Answer:
    action, version = _version(call)
    action = _running(action, version)
    call.tenant.store.put(ACTIONS.name, action["id"], action)
    return Answer(200, _announced(action))


def _version(call: Call) -> tuple[Document, Document]:
    action = fetch(ACTIONS, call)
    version = call.tenant.store.get("action_versions", call.arguments["version"])
    if version is None:
        raise Refusal(404, "That action version does not exist.")
    return action, version


def _show_version(action: Document, version: Document) -> Document:
    current: Any = action.get("deployed_version", {})
    secrets = [
        {name: value for name, value in item.items() if name != "value"}
        for item in version.get("secrets", [])
    ]
    deployed = current.get("id") == version["id"]
    return {**public(version), "secrets": secrets, "deployed": deployed}


ACTIONS = Collection(
    name="actions",
    path="/actions/actions",
    mint=identity.uuid4,
    noun="actions",
    paging=Paging("actions", "actions"),
    missing=("That action does not exist.", None),
    delete_missing=True,
    filters=(("actionName", "name"),),
    query=("installed",),
    hidden=_SECRET_VALUES,
    limits=limits(
        {
            "name": {"minLength": 1, "maxLength": 255},
            "secrets.[]": {"required": ("name",)},
        }
    ),
    open=("ActionSecretRequest",),
    matches=_matches,
    check=_check,
    complete=_complete,
    show=_show,
    cascade=_cascade,
    operations=frozenset({"list", "create", "update", "delete"}),
)

_ITEM = "/actions/actions/{id}"
ROUTES = joined(
    collection_routes(ACTIONS),
    [
        Route("GET", _ITEM, ("read:actions",), _read),
        Route("POST", f"{_ITEM}/deploy", ("create:actions",), _deploy),
        Route(
            "GET",
            f"{_ITEM}/versions",
            ("read:actions",),
            _list_versions,
            None,
            _VERSIONS.parameters(),
        ),
        Route("GET", f"{_ITEM}/versions/{{version}}", ("read:actions",), _get_version),
        Route(
            "POST",
            f"{_ITEM}/versions/{{version}}/deploy",
            ("create:actions",),
            _deploy_version,
        ),
    ],
)
