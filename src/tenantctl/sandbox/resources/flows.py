"""Forms, flows, and the vault of connections that flows use."""

import hashlib
from typing import Final

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import public
from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.resources.profiles import stamped
from tenantctl.sandbox.service import collection_routes, delete_below, fetch, joined, require
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Call, Collection, Hidden, Paging, Route

_FLOW_SUMMARY: Final = frozenset({"id", "name", "created_at", "updated_at", "executed_at"})
_FORM_SUMMARY: Final = frozenset(
    {"id", "name", "created_at", "updated_at", "embedded_at", "submitted_at"}
)


def _complete_form(call: Call, new: Document, old: Document) -> Document:
    """`resume_flow` is how a form ends that says nothing of it; empty messages are not kept."""
    new = {"ending": {"resume_flow": True}, **stamped(call, new, old)}
    if new.get("messages") == {}:
        del new["messages"]
    return new


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
)
FLOWS = Collection(
    name="flows",
    path="/flows",
    mint=identity.prefixed("af_", 22),
    noun="flows",
    paging=Paging("flows"),
    missing=("Flow not found", None),
    delete_missing=True,
    complete=stamped,
    show=_show_flow,
    cascade=_delete_executions,
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
