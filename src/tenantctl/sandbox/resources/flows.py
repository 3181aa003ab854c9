"""Forms, flows, and the vault of connections that flows use.

Tenants of the older sort also take members that only the editor knows. What is made with any of
them is shown in whole, in the spelling of the editor, and its create answers 200.
"""

import hashlib
from functools import partial
from typing import Final

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import filled, public
from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.resources.profiles import stamped
from tenantctl.sandbox.service import (
    collection_routes,
    create,
    delete_below,
    fetch,
    joined,
    require,
)
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Hidden, Paging, Route

_FLOW_SUMMARY: Final = frozenset(
    {"id", "name", "description", "synchronous", "created_at", "updated_at", "executed_at"}
)
_FORM_SUMMARY: Final = frozenset(
    {"id", "name", "description", "created_at", "updated_at", "embedded_at", "submitted_at"}
)


_FLOW_EDITOR: Final[Document] = {
    "description": None,
    "synchronous": True,
    "actions": [],
    "triggers": {"webhook": {"enabled": False, "secret": None}},
    "security": {"rateLimits": []},
    "executed_at": None,
}
_FORM_EDITOR: Final[Document] = {
    "description": None,
    "messages": {"custom": {}, "errors": {}},
    "languages": {"primary": None, "default": None},
    "translations": {},
    "start": {"hiddenFields": [], "nextNode": None, "coordinates": None},
    "nodes": [],
    "ending": {
        "content": None,
        "redirection": None,
        "callback": None,
        "afterSubmit": {"flowId": None, "email": None},
        "resumeFlow": True,
        "coordinates": None,
    },
    "social": [],
    "style": {"css": None},
    "tags": [],
    "embedded_at": None,
    "submitted_at": None,
}
_FLOW_MEMBERS: Final = ("description", "synchronous", "triggers", "security")
_FORM_MEMBERS: Final = ("description", "social", "tags")


def _create(collection: Collection, members: tuple[str, ...], call: Call) -> Answer:
    """A create that takes the editor's members from tenants of the older sort only."""
    known = [name for name in members if name in call.body]
    if known and "editor_members" not in call.tenant.features:
        raise invalid_body(f"Additional properties not allowed: {','.join(known)}")
    answer = create(collection, call)
    return Answer(200, answer.body) if known else answer


def _complete_flow(call: Call, new: Document, old: Document) -> Document:
    new = stamped(call, new, old)
    return filled(new, _FLOW_EDITOR) if any(name in new for name in _FLOW_MEMBERS) else new


def _complete_form(call: Call, new: Document, old: Document) -> Document:
    """`resume_flow` is how a form ends that says nothing of it; empty messages are not kept."""
    if any(name in new for name in _FORM_MEMBERS):
        return filled(stamped(call, new, old), _FORM_EDITOR)
    new = {"ending": {"resume_flow": True}, **stamped(call, new, old)}
    return {k: v for k, v in new.items() if v or k not in {"messages", "translations"}}


def _show_form(call: Call, document: Document) -> Document:
    return _summed_up(call, document, _FORM_SUMMARY)


def _show_flow(call: Call, document: Document) -> Document:
    return _summed_up(call, document, _FLOW_SUMMARY)


def _summed_up(call: Call, document: Document, names: frozenset[str]) -> Document:
    """What a list shows of a document, which is not all that a read of it shows."""
    if call.method == "GET" and not call.arguments:
        return {name: value for name, value in document.items() if name in names}
    return document


def _delete_executions(call: Call, flow: Document) -> None:
    delete_below(call, (_EXECUTIONS,), flow["id"])


def _complete_vault(call: Call, new: Document, old: Document) -> Document:
    """A connection is ready once it is set up; its fingerprint differs after every write."""
    new = stamped(call, new, old)
    setup = new.get("setup")
    made = {"ready": setup is not None, "fingerprint": _fingerprint(new)}
    if setup is None:
        return {**new, **made, "refreshed_at": None}
    told = {name: value for name, value in new.items() if name != "refreshed_at"}
    return {**told, **made, "account_name": _account_name(setup)}


def _fingerprint(document: Document) -> str:
    told = f"{document['id']}:{document['updated_at']}:{document.get('_writes', 0)}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _account_name(setup: Document) -> str:
    """How a connection is told apart without showing what it was set up with."""
    kind = str(setup.get("type", ""))
    secrets = [value for name, value in setup.items() if name != "type" and isinstance(value, str)]
    secret = secrets[0] if secrets else ""
    return f"{kind.replace('_', ' ').capitalize()} {secret[:3]}***{secret[-3:]}"


def _show_vault(call: Call, document: Document) -> Document:
    if call.method == "GET":
        return {name: value for name, value in document.items() if value is not None}
    return document


_BUT_CREATE: Final = frozenset({"list", "get", "update", "delete"})
FORMS = Collection(
    name="forms",
    path="/forms",
    mint=identity.prefixed("ap_", 22),
    noun="forms",
    paging=Paging("forms"),
    missing=("Form not found", None),
    delete_missing=True,
    complete=_complete_form,
    show=_show_form,
    operations=_BUT_CREATE,
)
FLOWS = Collection(
    name="flows",
    path="/flows",
    mint=identity.prefixed("af_", 22),
    noun="flows",
    paging=Paging("flows"),
    missing=("Flow not found", None),
    delete_missing=True,
    complete=_complete_flow,
    show=_show_flow,
    cascade=_delete_executions,
    operations=_BUT_CREATE,
)
VAULT = Collection(
    name="flow_vault_connections",
    path="/flows/vault/connections",
    mint=identity.prefixed("ac_", 22),
    noun="flows_vault_connections",
    paging=Paging("connections"),
    missing=("Connection not found", None),
    delete_missing=True,
    hidden=(Hidden(("setup",)),),
    complete=_complete_vault,
    show=_show_vault,
)

_EXECUTIONS = "flow_executions"
_EXECUTION_PAGES = Paging("executions", "checkpoint")


def _list_executions(call: Call) -> Answer:
    fetch(FLOWS, call)
    rows = call.tenant.store.rows(_EXECUTIONS, call.arguments["id"])

    def shown(row: Row) -> Document:
        return public(row.document)

    return Answer(200, page(call, _EXECUTION_PAGES, rows, shown))


def _execution(call: Call) -> Document:
    fetch(FLOWS, call)
    refusal = Refusal(404, "Flow execution not found")
    return require(call, _EXECUTIONS, call.arguments["execution_id"], refusal)


def _show_execution(call: Call) -> Answer:
    return Answer(200, public(_execution(call)))


def _delete_execution(call: Call) -> Answer:
    call.tenant.store.delete(_EXECUTIONS, _execution(call)["id"])
    return Answer(204)


_PATH = "/flows/{id}/executions"
_ITEM = f"{_PATH}/{{execution_id}}"
ROUTES = joined(
    collection_routes(VAULT),
    collection_routes(FORMS),
    collection_routes(FLOWS),
    [
        Route(
            "POST",
            FORMS.path,
            ("create:forms",),
            partial(_create, FORMS, _FORM_MEMBERS),
            Body("forms", "create", open=("FormStyle",), extra=_FORM_MEMBERS),
        ),
        Route(
            "POST",
            FLOWS.path,
            ("create:flows",),
            partial(_create, FLOWS, _FLOW_MEMBERS),
            Body("flows", "create", extra=_FLOW_MEMBERS),
        ),
        Route(
            "GET",
            _PATH,
            ("read:flows_executions",),
            _list_executions,
            query=_EXECUTION_PAGES.parameters(),
        ),
        Route(
            "GET",
            _ITEM,
            ("read:flows_executions",),
            _show_execution,
            query=frozenset({"hydrate"}),
        ),
        Route("DELETE", _ITEM, ("delete:flows_executions",), _delete_execution),
    ],
)
