"""Actions. What is deployed is state to compare: whoever declares an action wants it deployed.

An action that uses a module without saying which version of it uses the newest.
"""

from collections.abc import Mapping, Sequence

from tenantctl.kinds.hazard import LOGIN, TOKEN, Hazard, anything, deleting, safe
from tenantctl.kinds.kind import Hooks, Kind, Listing, RefTo, Rule, collection
from tenantctl.kinds.scopes import scopes
from tenantctl.model import Address, Json, Ref, Value

NEWEST = RefTo("action_modules", "latest_version.id", moves=True)
VERSIONS = ("module_version_id", "module_version_number")


def unfold(authored: Json) -> Json:
    """`modules: [formatting]` means the newest version of it."""
    modules = authored.get("modules")
    if isinstance(modules, Mapping):
        used = [{"module_id": key, **(item or {})} for key, item in modules.items()]
    elif isinstance(modules, Sequence) and not isinstance(modules, str):
        used = [{"module_id": item} if isinstance(item, str) else item for item in modules]
    else:
        return authored
    return {**authored, "modules": [_versioned(item) for item in used]}


def _versioned(item: Value) -> Value:
    """An element with its version; one that is none stays what it is."""
    if not isinstance(item, Mapping) or not isinstance(item.get("module_id"), str | Ref):
        return item
    if any(item.get(name) is not None for name in VERSIONS):
        return item
    return {**item, "module_version_id": _newest(item["module_id"])}


def _newest(module: Value) -> Value:
    key = module.address.key if isinstance(module, Ref) else module
    return Ref(Address(NEWEST.to, key), NEWEST.via)


def fold(authored: Json) -> Json:
    """The inverse: the newest version goes without saying."""
    modules = authored.get("modules")
    if not isinstance(modules, Mapping):
        return authored
    return {**authored, "modules": {key: _told(key, item) for key, item in modules.items()}}


def _told(key: str, item: Mapping[str, Value]) -> Mapping[str, Value]:
    """What has to be said of a module: a version by its number, unless it is the newest."""
    if item.get("module_version_id") in {key, _newest(key)}:
        return {k: v for k, v in item.items() if k not in VERSIONS}
    return {k: v for k, v in item.items() if k != "module_version_id"}


def read(document: Json) -> Json:
    """Deployed means: some version is, and the draft is no newer."""
    deployed = bool(document.get("deployed_version")) and document.get("all_changes_deployed")
    return {**document, "deployed": bool(deployed)}


KIND = Kind(
    name="actions",
    shape="actions",
    wire=collection(
        "/actions/actions",
        Listing("/actions/actions", "actions", "page"),
        scopes("actions"),
    ),
    key=("name",),
    held_by={"trigger_bindings": ("supported_triggers", "id")},
    rank=50,
    limit=100,
    procedure="deploy",
    rules=(
        Rule(("supported_triggers",), list="keyed", by="id", value="version", write="replace"),
        Rule(("code",), text="code", runs="action", unset="illegal"),
        Rule(("dependencies",), list="keyed", by="name", value="version", default=()),
        Rule(("secrets",), list="keyed", by="name", value="value", default=()),
        Rule(("secrets", "[]", "value"), read="absent", secret=True),
        Rule(("modules",), list="keyed", by="module_id", default=()),
        Rule(("modules", "[]", "module_id"), ref=RefTo("action_modules")),
        Rule(("modules", "[]", "module_name"), when="never"),
        Rule(("modules", "[]", "module_version_id"), when="if_changed", ref=NEWEST),
        Rule(("modules", "[]", "module_version_number"), when="if_changed"),
        Rule(("runtime",), default="node22"),
        Rule(("deploy",), when="never"),
    ),
    implied={"deployed": True},
    hooks=Hooks(unfold=unfold, fold=fold, read=read),
    risks=(
        anything(
            (LOGIN, TOKEN),
            "what it permits, and what it puts into tokens, may change",
            "customize/actions/action-coding-guidelines",
        ),
        *safe("name", "deployed"),
        Hazard(
            ("secrets",),
            (LOGIN,),
            "it fails where what it calls does not agree",
            see="customize/actions/action-coding-guidelines",
        ),
        Hazard(
            ("dependencies",),
            (LOGIN, TOKEN),
            "it runs with other packages",
            see="customize/actions/manage-dependencies",
        ),
        deleting((LOGIN, TOKEN), "what it did for a sign-in or a token is not done any more"),
    ),
)
