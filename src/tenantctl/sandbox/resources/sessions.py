"""Sessions, refresh tokens, device credentials and consents: what logging in leaves behind.

Nobody logs in to the sandbox, so there is what a test or a recording puts there.
"""

from functools import partial
from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.associations import links
from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import Refusal, invalid_query
from tenantctl.sandbox.resources.people import existing_user
from tenantctl.sandbox.service import collection_routes, joined, view
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Paging, Route, limits

_ACCEPTED = Answer(202, {})
_SESSION_MISSING = ("The session does not exist.", None)
_TOKEN_MISSING = ("The refresh token does not exist.", None)
_SESSIONS = Paging("sessions", "only_checkpoint")
_TOKENS = Paging("tokens", "only_checkpoint")
_ALL_TOKENS = Paging("refresh_tokens", "only_checkpoint")


def _list(collection: Collection, paging: Paging, call: Call) -> Answer:
    """Those of the user that the path names."""
    user = existing_user(call, call.arguments["user_id"])
    rows = links(call, collection.name, user_id=user["user_id"])
    listed = page(call, paging, rows, partial(_shown, collection, call))
    told = {"total": len(rows)} if call.first("include_totals") == "true" else {}
    return Answer(200, {**listed, **told})


def _shown(collection: Collection, call: Call, row: Row) -> Document:
    return view(collection, call, row.document)


def _delete_of_user(collection: Collection, call: Call) -> Answer:
    user = existing_user(call, call.arguments["user_id"])
    for row in links(call, collection.name, user_id=user["user_id"]):
        collection.cascade(call, row.document)
        call.tenant.store.delete(collection.name, row.id)
    return _ACCEPTED


def _cascade_session(call: Call, session: Document) -> None:
    """Refresh tokens that belong to a session end with it."""
    for row in links(call, "refresh_tokens", session_id=session["id"]):
        call.tenant.store.delete("refresh_tokens", row.id)


def _end(collection: Collection, call: Call) -> Answer:
    """What is ended may be over already: the request is accepted all the same."""
    document = call.tenant.store.get(collection.name, call.arguments["id"])
    if document is not None:
        collection.cascade(call, document)
        call.tenant.store.delete(collection.name, document["id"])
    return _ACCEPTED


def _list_all_tokens(call: Call) -> Answer:
    user = call.first("user_id")
    if not user:
        raise invalid_query("Missing required property: user_id")
    rows = links(call, "refresh_tokens", user_id=existing_user(call, user)["user_id"])
    client = call.first("client_id")
    rows = [row for row in rows if client in {None, row.document.get("client_id")}]
    return Answer(200, page(call, _ALL_TOKENS, rows, partial(_shown, REFRESH_TOKENS, call)))


def _revoke_tokens(call: Call) -> Answer:
    """Those with the ids, or of a user, a client and an audience as far as these are told."""
    body = {"ids": None, **call.body}
    if not any(body.values()):
        raise Refusal(400, "One of ids, user_id or client_id is required", "invalid_body")
    for row in call.tenant.store.rows("refresh_tokens"):
        token = row.document
        servers = {item.get("audience") for item in token.get("resource_servers", [])}
        if (
            row.id in (body["ids"] or [row.id])
            and body.get("user_id") in {None, token.get("user_id")}
            and body.get("client_id") in {None, token.get("client_id")}
            and body.get("audience") in {None, *servers}
        ):
            call.tenant.store.delete("refresh_tokens", row.id)
    return _ACCEPTED


def _revoke_access(call: Call) -> Answer:
    """Ends the sessions of a user, or one of them; refresh tokens too, unless they are kept."""
    user = call.arguments["id"]
    one, keep = call.body.get("session_id"), call.body.get("preserve_refresh_tokens")
    for row in links(call, "sessions", user_id=user):
        if one in {None, row.id}:
            call.tenant.store.delete("sessions", row.id)
    for row in [] if keep else links(call, "refresh_tokens", user_id=user):
        if one in {None, row.document.get("session_id")}:
            call.tenant.store.delete("refresh_tokens", row.id)
    return _ACCEPTED


def _seed_of_user(collection: Collection, paging: Paging, call: Call, body: Any) -> None:
    user = call.arguments["user_id"]
    if body is not None:
        call.tenant.store.put("users", user, {"user_id": user, "identities": []})
    for item in (body or {}).get(paging.items, []):
        call.tenant.store.put(collection.name, item["id"], {**item, "user_id": user}, user)


def _delete_grants(call: Call) -> Answer:
    user = call.first("user_id")
    if not user:
        raise invalid_query("Missing required property: user_id")
    for row in links(call, "user_grants", user_id=user):
        call.tenant.store.delete("user_grants", row.id)
    return Answer(204)


def _check_device(call: Call, new: Document, _old: Document) -> None:
    row = call.tenant.store.find("device_credentials", "device_id", new["device_id"])
    if row is not None:
        raise Refusal(409, "A public key already exists for the device.", "public_key_conflict")


def _show_device(call: Call, document: Document) -> Document:
    """A create answers the id; a list tells all but the key."""
    if call.method == "POST":
        return {"id": document["id"]}
    return {name: value for name, value in document.items() if name != "value"}


SESSIONS = Collection(
    name="sessions",
    path="/sessions",
    mint=identity.alphanumeric,
    noun="sessions",
    paging=_SESSIONS,
    missing=_SESSION_MISSING,
    cascade=_cascade_session,
    operations=frozenset({"get", "update"}),
)

REFRESH_TOKENS = Collection(
    name="refresh_tokens",
    path="/refresh-tokens",
    mint=identity.alphanumeric,
    noun="refresh_tokens",
    paging=_TOKENS,
    missing=_TOKEN_MISSING,
    operations=frozenset({"get", "update"}),
)

DEVICE_CREDENTIALS = Collection(
    name="device_credentials",
    path="/device-credentials",
    mint=identity.prefixed("dcr_", 16),
    noun="device_credentials",
    paging=Paging("device_credentials"),
    missing=("The device credential does not exist.", None),
    filters=(("user_id", "user_id"), ("client_id", "client_id"), ("type", "type")),
    # Recorded traffic has devices and clients whose ids are not of the form that is documented.
    limits=limits({"device_id": {"pattern": ""}, "client_id": {"format": ""}}),
    scopes=(
        ("create", ("create:device_credentials", "create:current_user_device_credentials")),
        ("delete", ("delete:device_credentials", "delete:current_user_device_credentials")),
    ),
    check=_check_device,
    show=_show_device,
    operations=frozenset({"list", "create", "delete"}),
)

GRANTS = Collection(
    name="user_grants",
    path="/grants",
    mint=identity.object_id,
    noun="grants",
    paging=Paging("grants"),
    missing=("The grant does not exist.", "inexistent_grant"),
    filters=(("user_id", "user_id"), ("client_id", "clientID"), ("audience", "audience")),
    operations=frozenset({"list", "delete"}),
)


def _of_user(collection: Collection, paging: Paging, path: str, scope: str) -> tuple[Route, ...]:
    return (
        Route(
            "GET",
            path,
            (f"read:{scope}",),
            partial(_list, collection, paging),
            None,
            paging.parameters() | {"include_totals", "page", "per_page"},
            paging.items,
            "",
            partial(_seed_of_user, collection, paging),
        ),
        Route("DELETE", path, (f"delete:{scope}",), partial(_delete_of_user, collection)),
    )


_ENDING = ("delete:sessions", "delete:refresh_tokens")
ROUTES = joined(
    collection_routes(SESSIONS),
    collection_routes(REFRESH_TOKENS),
    collection_routes(DEVICE_CREDENTIALS),
    collection_routes(GRANTS),
    _of_user(SESSIONS, _SESSIONS, "/users/{user_id}/sessions", "sessions"),
    _of_user(REFRESH_TOKENS, _TOKENS, "/users/{user_id}/refresh-tokens", "refresh_tokens"),
    [
        Route("DELETE", "/sessions/{id}", ("delete:sessions",), partial(_end, SESSIONS)),
        Route("POST", "/sessions/{id}/revoke", _ENDING, partial(_end, SESSIONS)),
        Route(
            "DELETE",
            "/refresh-tokens/{id}",
            ("delete:refresh_tokens",),
            partial(_end, REFRESH_TOKENS),
        ),
        Route(
            "GET",
            "/refresh-tokens",
            ("read:refresh_tokens",),
            _list_all_tokens,
            None,
            _ALL_TOKENS.parameters() | {"user_id", "client_id", "fields", "include_fields"},
        ),
        Route(
            "POST",
            "/refresh-tokens/revoke",
            ("delete:refresh_tokens",),
            _revoke_tokens,
            Body("refresh_tokens", "revoke"),
        ),
        Route(
            "POST",
            "/users/{id}/revoke-access",
            _ENDING,
            _revoke_access,
            Body("users", "revoke_access"),
        ),
        Route(
            "DELETE", "/grants", ("delete:grants",), _delete_grants, None, frozenset({"user_id"})
        ),
    ],
)
