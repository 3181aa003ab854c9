"""Actions: drafts that are built, deployed as versions, and bound to triggers."""

from fnmatch import fnmatchcase
from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import public
from tenantctl.sandbox.javascript import is_plausible
from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.resources.modules import reference_to
from tenantctl.sandbox.resources.triggers import catalogue, find_binding, unbind
from tenantctl.sandbox.service import collection_routes, fetch, joined, view
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Hidden, Paging, Route, limits

_MOST_ACTIONS = 100
_MOST_VERSIONS = 50
# Packages take a while to install: whoever polls sees that twice at least (recorded traffic).
_INSTALLING = 2
_DRAFT = ("code", "dependencies", "runtime", "secrets", "supported_triggers", "modules")
_VERSIONS = Paging("versions", "actions")
_SECRET_VALUES = (
    Hidden(("secrets", "*", "value")),
    Hidden(("deployed_version", "secrets", "*", "value")),
)


def _check(call: Call, new: Document, old: Document) -> None:
    triggers = new["supported_triggers"]
    if len(triggers) != 1:
        raise invalid_body(f"Array is too short ({len(triggers)}), minimum 1", "supported_triggers")
    trigger = triggers[0]
    if _supported(call, trigger) is None:
        version = trigger.get("version", "")
        raise Refusal(400, f"Unsupported trigger {trigger['id']} of version {version}")
    if old and old["supported_triggers"][0]["id"] != trigger["id"]:
        raise Refusal(400, "can't upgrade to this trigger.")
    if not old and len(call.tenant.store.rows(ACTIONS.name)) >= _MOST_ACTIONS:
        raise Refusal(400, f"A tenant can have a maximum of {_MOST_ACTIONS} actions.")
    if call.body.get("modules"):
        new["modules"] = [reference_to(call, item) for item in new["modules"]]


def _supported(call: Call, trigger: Document) -> Document | None:
    """What the tenant knows of a trigger; of its current version where none is named."""
    named = [item for item in catalogue(call.tenant) if item["id"] == trigger["id"]]
    version = trigger.get("version")
    wanted = ("version", version) if version else ("status", "CURRENT")
    return next((item for item in named if item.get(wanted[0]) == wanted[1]), None)


def _complete(call: Call, new: Document, old: Document) -> Document:
    """A draft that has to be built anew, unless an update touched only the name."""
    now = identity.nanoseconds(call.tenant.clock())
    deploy = new.pop("deploy", False)
    trigger = new["supported_triggers"][0]
    known = _supported(call, trigger) or {}
    new = {
        "created_at": now,
        "code": "",
        "dependencies": [],
        **new,
        "runtime": new.get("runtime") or known.get("default_runtime", "node22"),
        "supported_triggers": [{"version": known.get("version", "v1"), **trigger}],
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
    waited = call.tenant.clock() - action.get("_since", 0)
    reads = action.get("_reads", 0)
    if reads < delays.build_reads or waited < delays.build_seconds:
        return "building" if reads else "pending"
    if action.get("dependencies") and reads < _INSTALLING:
        return "building"
    failing = any(fnmatchcase(action["name"], name) for name in delays.failing_builds)
    return "built" if is_plausible(action["code"]) and not failing else "failed"


def _read(call: Call) -> Answer:
    """Reading is what moves a build on, in the sandbox."""
    action = fetch(ACTIONS, call)
    status = _built(call, action)
    if status != action["status"] or status in {"pending", "building"}:
        action |= {"status": status, "_reads": action.get("_reads", 0) + 1}
        if status == "built":
            action = _settled(call, action)
        call.tenant.store.put(ACTIONS.name, action["id"], action, noted=False)
    return Answer(200, view(ACTIONS, call, action))


def _settled(call: Call, action: Document) -> Document:
    """A draft that has been built: dependencies resolved, a version that waited for it built."""
    action["dependencies"] = _resolved(action["dependencies"])
    version = call.tenant.store.get("action_versions", action.get("deployed_version", {}).get("id"))
    if version is None or version["status"] == "built":
        return action
    version |= {"status": "built", "built_at": identity.nanoseconds(call.tenant.clock())}
    call.tenant.store.put("action_versions", version["id"], version, action["id"], noted=False)
    return {**_running(action, version), "all_changes_deployed": action["all_changes_deployed"]}


def _resolved(dependencies: list[Document]) -> list[Document]:
    """Where a package came from is forgotten once it is there (recorded traffic)."""
    return [
        {name: value for name, value in item.items() if name != "registry_url"}
        for item in dependencies
    ]


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
    action = _deployed(call, _settled(call, {**action, "status": "built"}))
    call.tenant.store.put(ACTIONS.name, action["id"], action)
    return Answer(200, _announced(action))


def _deployed(call: Call, action: Document) -> Document:
    """The action with its draft as the newest version."""
    content = {name: action[name] for name in _DRAFT if name in action}
    return _running(action, _new_version(call, action["id"], content, action["status"]))


def _new_version(call: Call, action: str, content: Document, status: str) -> Document:
    """A version that is about to be deployed; of too many the oldest are forgotten."""
    now = identity.nanoseconds(call.tenant.clock())
    rows = call.tenant.store.rows("action_versions", action)
    version: Document = {
        **content,
        "id": identity.uuid4(),
        "number": rows[-1].document.get("number", 1) + 1 if rows else 1,
        "status": status,
        "created_at": now,
        "updated_at": now,
        "dependencies": _resolved(content.get("dependencies", [])),
    }
    if status == "built":
        version["built_at"] = now
    for row in rows[: max(0, len(rows) + 1 - _MOST_VERSIONS)]:
        call.tenant.store.delete("action_versions", row.id)
    call.tenant.store.put("action_versions", version["id"], version, action)
    return version


def _running(action: Document, version: Document) -> Document:
    """The action with one of its versions in production."""
    names = ("id", "code", "runtime", "number", "created_at", "updated_at")
    current = {name: version[name] for name in names if name in version}
    current["status"] = version["status"].upper()
    if "built_at" in version:
        current["build_time"] = version["built_at"]
    return {
        **action,
        "current_version": current,
        "deployed_version": {**version, "deployed": True},
        "all_changes_deployed": True,
    }


def _announced(action: Document) -> Document:
    """The answer to a deploy: the version, not yet deployed, and whose it is."""
    version = {**action["deployed_version"], "deployed": False}
    version.pop("built_at", None)
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
    if call.first("installed") == "true":
        return False  # nothing comes from the marketplace
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
    """Deploys an old version as a new one; `update_draft` makes it the draft, too."""
    action, old = _version(call)
    content = {name: old[name] for name in _DRAFT if name in old}
    version = _new_version(call, action["id"], content, "built")
    if (call.body or {}).get("update_draft"):
        action |= {**content, "status": "built"}
    same = all(action.get(name) == content.get(name) for name in _DRAFT)
    action = {**_running(action, version), "all_changes_deployed": same}
    call.tenant.store.put(ACTIONS.name, action["id"], action)
    return Answer(200, _announced(action))


def _test(call: Call) -> Answer:
    """The form of a test's answer, with the reason why there is no result."""
    fetch(ACTIONS, call)
    why = "The sandbox does not run the code of actions"
    error = {"name": "Error", "message": why, "stack": f"Error: {why}"}
    stats = dict.fromkeys(
        (
            "total_request_duration_ms", "total_runtime_execution_duration_ms",
            "runtime_processing_duration_ms", "action_duration_ms",
            "runtime_external_call_duration_ms", "boot_duration_ms", "network_duration_ms",
        ),
        0,
    )  # fmt: skip
    return Answer(200, {"payload": {"error": error, "stats": stats}})


def _version(call: Call) -> tuple[Document, Document]:
    action = fetch(ACTIONS, call)
    row = call.tenant.store.row("action_versions", call.arguments["version"])
    if row is None or row.parent != action["id"]:
        raise Refusal(404, "That action version does not exist.")
    return action, row.document


def _show_version(action: Document, version: Document) -> Document:
    current: Any = action.get("deployed_version", {})
    secrets = [
        {name: value for name, value in item.items() if name != "value"}
        for item in version.get("secrets", [])
    ]
    deployed = current.get("id") == version.get("id")
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
            "secrets": {"maxItems": 30},
            "secrets.[]": {"required": ("name",)},
            "dependencies": {"maxItems": 10},
            "modules": {"maxItems": 3},
        }
    ),
    open=("ActionSecretRequest",),
    sample=(
        ("supported_triggers", [{"id": "post-login", "version": "v3"}]),
        ("status", "built"),
    ),
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
            Body("action_versions", "deploy"),
        ),
        Route("POST", f"{_ITEM}/test", ("create:actions",), _test, Body("actions", "test")),
    ],
)
