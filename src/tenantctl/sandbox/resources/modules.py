"""Action modules: code that actions share, published in versions."""

from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import concealed
from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.service import collection_routes, fetch, joined, view
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Hidden, Paging, Route

_KIND = "action_modules"
_VERSION_KIND = "action_module_versions"
_CONTENT = ("code", "dependencies", "secrets")
# Told by the answers, derived from versions and actions.
_DERIVED = (
    "actions_using_module_total", "all_changes_published", "latest_version",
    "latest_version_number",
)  # fmt: skip
_VERSIONS = Paging("versions", "numbered")
_USERS = Paging("actions", "numbered")
_SECRET_VALUES = (Hidden(("secrets", "*", "value")),)
_NO_VERSION = "The module or version does not exist."
Reference = dict[str, Any]


def reference_to(call: Call, given: Reference) -> Reference:
    """The module and version that an action means, with ids, name and number.

    A reference names the module by id or name, the version by id or number, else the newest.
    Raises Refusal 400.
    """
    store = call.tenant.store
    by_name = store.find(_KIND, "name", str(given.get("module_name")))
    module = store.get(_KIND, given.get("module_id") or (by_name.id if by_name else ""))
    if module is None:
        raise invalid_body("The action module does not exist.", "modules")
    for row in reversed(store.rows(_VERSION_KIND, module["id"])):
        version = {"id": row.id, "version_number": 1, **row.document}
        if _is_meant(version, given):
            return {
                "module_id": module["id"],
                "module_name": module["name"],
                "module_version_id": version["id"],
                "module_version_number": version["version_number"],
            }
    raise invalid_body("The action module has no such version.", "modules")


def _is_meant(version: Document, given: Reference) -> bool:
    pairs = (("module_version_id", "id"), ("module_version_number", "version_number"))
    return all(given.get(name) in {None, version[field]} for name, field in pairs)


def _complete(call: Call, new: Document, old: Document) -> Document:
    now = identity.nanoseconds(call.tenant.clock())
    publish, told = new.pop("publish", False), new.pop("latest_version", None)
    new.pop("api_version", None)
    secrets = new.get("secrets", [])
    fresh = old and secrets == old["secrets"]
    new = {
        "created_at": now,
        "dependencies": [],
        **new,
        "updated_at": now,
        "secrets": secrets if fresh else [{"updated_at": now, **item} for item in secrets],
    }
    if told is not None:
        call.tenant.store.put(
            _VERSION_KIND, told["id"], {"module_id": new["id"], **told}, new["id"]
        )
    if publish:
        _publish(call, new)
    return new


def _show(call: Call, document: Document) -> Document:
    stored = call.tenant.store.get(_KIND, document["id"]) or document
    rows = call.tenant.store.rows(_VERSION_KIND, document["id"])
    latest = rows[-1].document if rows else None
    shown = {name: value for name, value in document.items() if name not in _DERIVED}
    shown["actions_using_module_total"] = len(_users(call, document["id"]))
    shown["all_changes_published"] = latest is not None and _same(stored, latest)
    if latest is None:
        return shown
    if call.method == "GET" and "id" not in call.arguments:
        return {**shown, "latest_version_number": latest.get("version_number")}
    latest = {name: latest[name] for name in ("id", "version_number", *_CONTENT) if name in latest}
    return {**shown, "latest_version": concealed(latest, _SECRET_VALUES)}


def _same(module: Document, version: Document) -> bool:
    return all(module.get(name) == version.get(name) for name in _CONTENT)


def _is_draft(module: Document, version: Document) -> bool:
    """An update makes a draft even of the same content: auth0-deploy-cli always publishes then."""
    written, made = module.get("updated_at", ""), version.get("created_at", "")
    return not _same(module, version) or written > made


def _users(call: Call, module: str) -> list[tuple[Row, Reference]]:
    """The actions whose draft or deployed version uses a module, and how they refer to it."""
    found = []
    for row in call.tenant.store.rows("actions"):
        action = row.document
        deployed = action.get("deployed_version", {})
        for reference in (*action.get("modules", []), *deployed.get("modules", [])):
            if reference["module_id"] == module:
                found.append((row, reference))
                break
    return found


def _cascade(call: Call, module: Document) -> None:
    if _users(call, module["id"]):
        raise Refusal(
            412,
            "The Actions Module cannot be deleted because it is in use by one or more actions.",
        )
    for row in call.tenant.store.rows(_VERSION_KIND, module["id"]):
        call.tenant.store.delete(_VERSION_KIND, row.id)


def _publish(call: Call, module: Document) -> Document:
    rows = call.tenant.store.rows(_VERSION_KIND, module["id"])
    version = {
        "id": identity.uuid4(),
        "module_id": module["id"],
        "version_number": rows[-1].document.get("version_number", 1) + 1 if rows else 1,
        **{name: module[name] for name in _CONTENT},
        "created_at": identity.nanoseconds(call.tenant.clock()),
    }
    call.tenant.store.put(_VERSION_KIND, version["id"], version, module["id"])
    return version


def _create_version(call: Call) -> Answer:
    module = fetch(MODULES, call)
    rows = call.tenant.store.rows(_VERSION_KIND, module["id"])
    if rows and not _is_draft(module, rows[-1].document):
        raise Refusal(409, "No draft version is available to publish.")
    return Answer(200, concealed(_publish(call, module), _SECRET_VALUES))


def _list_versions(call: Call) -> Answer:
    module = fetch(MODULES, call)
    rows = call.tenant.store.rows(_VERSION_KIND, module["id"])[::-1]
    return Answer(
        200, page(call, _VERSIONS, rows, lambda row: concealed(row.document, _SECRET_VALUES))
    )


def _seed_versions(call: Call, body: Any) -> None:
    for version in reversed(body["versions"] if body else []):
        call.tenant.store.put(_VERSION_KIND, version["id"], version, call.arguments["id"])


def _version(call: Call, module: Document, id: str) -> Document:
    row = call.tenant.store.row(_VERSION_KIND, id)
    if row is None or row.parent != module["id"]:
        raise Refusal(404, _NO_VERSION)
    return row.document


def _get_version(call: Call) -> Answer:
    version = _version(call, fetch(MODULES, call), call.arguments["version"])
    return Answer(200, concealed(version, _SECRET_VALUES))


def _roll_back(call: Call) -> Answer:
    module = fetch(MODULES, call)
    version = _version(call, module, call.body["module_version_id"])
    if _same(module, version):
        raise Refusal(409, "The specified version is already the current draft version.")
    now = identity.nanoseconds(call.tenant.clock())
    module |= {name: version[name] for name in _CONTENT if name in version} | {"updated_at": now}
    call.tenant.store.put(_KIND, module["id"], module)
    return Answer(200, view(MODULES, call, module))


def _list_users(call: Call) -> Answer:
    references = dict(_users(call, fetch(MODULES, call)["id"]))

    def shown(row: Row) -> Document:
        action, reference = row.document, references[row]
        return {
            "action_id": action["id"],
            "action_name": action["name"],
            "module_version_id": reference["module_version_id"],
            "module_version_number": reference["module_version_number"],
            "supported_triggers": action["supported_triggers"],
        }

    return Answer(200, page(call, _USERS, list(references), shown))


MODULES = Collection(
    name=_KIND,
    path="/actions/modules",
    mint=identity.uuid4,
    noun="actions",
    paging=Paging("modules", "numbered"),
    missing=("The action module does not exist.", None),
    delete_missing=True,
    hidden=_SECRET_VALUES,
    unique=(("name", "An action module with the same name already exists."),),
    sample=(("code", ""), ("secrets", [])),
    complete=_complete,
    show=_show,
    cascade=_cascade,
)

_ITEM = "/actions/modules/{id}"
_PAGES = _VERSIONS.parameters()
_READ, _WRITE = ("read:actions",), ("update:actions",)
ROUTES = joined(
    collection_routes(MODULES),
    [
        Route("GET", f"{_ITEM}/actions", _READ, _list_users, query=_PAGES),
        Route("POST", f"{_ITEM}/rollback", _WRITE, _roll_back, Body(_KIND, "rollback")),
        Route("POST", f"{_ITEM}/versions", _WRITE, _create_version),
        Route("GET", f"{_ITEM}/versions", _READ, _list_versions, query=_PAGES, seed=_seed_versions),
        Route("GET", f"{_ITEM}/versions/{{version}}", _READ, _get_version),
    ],
)
