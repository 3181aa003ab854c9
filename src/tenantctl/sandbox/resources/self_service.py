"""Self-service profiles: how customers set up their own connections."""

from tenantctl.sandbox import identity
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.resources.profiles import stamped
from tenantctl.sandbox.service import (
    collection_routes,
    fetch,
    joined,
    require,
    singleton_routes,
)
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Paging, Route, Singleton

_FEATURE = "self_service"
_MOST = 20
_EXCLUSIVE = ("user_attributes", "user_attribute_profile_id")


def _locate(call: Call, id: str) -> str:
    """The id itself; a read or update of what does not exist is refused with the id in words."""
    if call.method in {"GET", "PATCH", "PUT", "POST"}:
        require(call, PROFILES.name, id, Refusal(404, f"Profile with ID: {id} not found"))
    return id


def _check(call: Call, new: Document, old: Document) -> None:
    if not old and len(call.tenant.store.rows(PROFILES.name)) >= _MOST:
        raise Refusal(409, "No more profiles can be created for this tenant.")
    if all(call.body.get(name) for name in _EXCLUSIVE):
        raise Refusal(400, "user_attributes and user_attribute_profile_id are mutually exclusive")
    profile = new.get("user_attribute_profile_id")
    if profile is not None:
        refusal = Refusal(400, f"User attribute profile with ID: {profile} not found")
        require(call, "user_attribute_profiles", profile, refusal)


def _complete(call: Call, new: Document, old: Document) -> Document:
    body = call.body or {}
    if body.get("user_attribute_profile_id"):
        new = {**new, "user_attributes": []}
    elif body.get("user_attributes"):
        new = {name: value for name, value in new.items() if name != "user_attribute_profile_id"}
    return stamped(call, {"user_attributes": [], **new}, old)


def _cascade(call: Call, profile: Document) -> None:
    store = call.tenant.store
    for row in store.rows(TEXTS.name):
        if row.id.startswith(f"{profile['id']}/"):
            store.delete(TEXTS.name, row.id)


def _require_profile(call: Call, _new: Document, _old: Document) -> None:
    _locate(call, call.arguments["id"])
    _check_page(call)


def _check_page(call: Call) -> None:
    if (call.arguments["language"], call.arguments["page"]) != ("en", "get-started"):
        raise Refusal(404, "Not Found")


def _show_text(call: Call, document: Document) -> Document:
    _require_profile(call, document, document)
    return document


def _create_ticket(call: Call) -> Answer:
    fetch(PROFILES, call)
    store, body = call.tenant.store, call.body
    name = (body.get("connection_config") or {}).get("name")
    if name is not None and store.find("connections", "name", name):
        raise Refusal(409, "A connection with this name already exists.")
    if body.get("connection_id") is not None:
        refusal = Refusal(400, "The connection does not exist", "inexistent_connection")
        require(call, "connections", body["connection_id"], refusal)
    ticket = identity.base62(32)
    address = f"https://{call.tenant.domain}/self-service/connections-flow?ticket={ticket}"
    return Answer(201, {"ticket": address})


def _revoke_ticket(call: Call) -> Answer:
    _locate(call, call.arguments["profile_id"])
    return Answer(202)


PROFILES = Collection(
    name="self_service_profiles",
    path="/self-service-profiles",
    mint=identity.prefixed("ssp_", 22),
    noun="self_service_profiles",
    paging=Paging("self_service_profiles"),
    missing=("Profile not found", None),
    feature=_FEATURE,
    locate=_locate,
    check=_check,
    complete=_complete,
    cascade=_cascade,
)
TEXTS = Singleton(
    name="self_service_profile_custom_text",
    path="/self-service-profiles/{id}/custom-text/{language}/{page}",
    read="read:self_service_profile_custom_texts",
    write="update:self_service_profile_custom_texts",
    defaults={},
    method="PUT",
    feature=_FEATURE,
    check=_require_profile,
    show=_show_text,
)
_TICKETS = "/self-service-profiles/{id}/sso-ticket"
_REVOKED = "/self-service-profiles/{profile_id}/sso-ticket/{id}/revoke"

ROUTES = joined(
    collection_routes(PROFILES),
    singleton_routes(TEXTS),
    [
        Route(
            "POST",
            _TICKETS,
            ("create:sso_access_tickets",),
            _create_ticket,
            Body("self_service_profile_tickets", "create"),
            feature=_FEATURE,
        ),
        Route("POST", _REVOKED, ("delete:sso_access_tickets",), _revoke_ticket, feature=_FEATURE),
    ],
)
