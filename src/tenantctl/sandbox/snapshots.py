"""All that a tenant holds as one JSON value, and back; documents put in by kind and id."""

import json
from typing import Any, Final

from tenantctl.sandbox import api
from tenantctl.sandbox.refusal import SandboxError
from tenantctl.sandbox.seeds import plant
from tenantctl.sandbox.settings import Settings, dumped, loaded
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Call, Tenant

FORMAT: Final = 1


def taken(tenant: Tenant) -> Document:
    """A snapshot: documents in their order, as lists of kind, id, parent and body; settings."""
    return {
        "format": FORMAT,
        "domain": tenant.domain,
        "documents": tenant.store.everything(),
        "settings": json.loads(dumped(tenant.settings)),
    }


def restored(tenant: Tenant, snapshot: Any) -> Settings:
    """Puts the documents of a snapshot in the place of all there are; answers its settings.

    Raises SandboxError where it is no snapshot of this format.
    """
    if not isinstance(snapshot, dict) or snapshot.get("format") != FORMAT:
        found = snapshot.get("format") if isinstance(snapshot, dict) else None
        raise SandboxError(f"this is no snapshot of format {FORMAT} but of {found!r}")
    tenant.store.clear()
    try:
        for kind, id, parent, body in snapshot["documents"]:
            tenant.store.put(str(kind), str(id), {**body}, str(parent))
        return loaded(json.dumps(snapshot.get("settings", {})))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise SandboxError(
            "the documents of a snapshot are lists of kind, id, parent and body"
        ) from None


def seed(tenant: Tenant, documents: Any) -> None:
    """Stores documents given by kind and id, completed as a create would do it.

    Raises SandboxError for kinds the API has not.
    """
    if not isinstance(documents, dict):
        raise SandboxError("documents come as an object: kind, then id, then the document")
    for kind, given in documents.items():
        if kind not in api.kinds():
            known = ", ".join(sorted(api.kinds()))
            raise SandboxError(f"the API has no {kind!r}; there are {known}")
        if not isinstance(given, dict):
            raise SandboxError(f"{kind}: documents come as an object by id")
        for id, document in given.items():
            if not isinstance(document, dict):
                raise SandboxError(f"{kind} {id!r}: a document is an object")
            body = {name: value for name, value in document.items() if name != "_parent"}
            _keep(tenant, kind, id, body, str(document.get("_parent", "")))


def _keep(tenant: Tenant, kind: str, id: str, body: Document, parent: str) -> None:
    collection = api.COLLECTIONS.get(kind)
    if collection is None:
        tenant.store.put(kind, id, body, parent)
        return
    arguments = {collection.parent[1]: parent} if collection.parent else {}
    call = Call(tenant, "POST", arguments, {}, None, frozenset())
    plant(collection, call, {**body, collection.id: id})
