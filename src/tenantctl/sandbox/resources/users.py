"""Users, found by a search or by email, and the identities linked to them."""

import hashlib
from typing import Any
from urllib.parse import quote

from tenantctl.sandbox import identity
from tenantctl.sandbox.associations import unlink
from tenantctl.sandbox.documents import filled, projected, without_nulls
from tenantctl.sandbox.refusal import Refusal, invalid_body, invalid_query
from tenantctl.sandbox.resources.people import USER_MISSING, existing_user
from tenantctl.sandbox.search import compiled
from tenantctl.sandbox.service import collection_routes, joined, view
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Paging, Route, Tenant

_METADATA = ("user_metadata", "app_metadata")
# Written, but no part of a profile: a read never shows them.
_INSTRUCTIONS = (
    "client_id", "connection", "password", "verify_email", "verify_password",
    "verify_phone_number",
)  # fmt: skip
_APART = (("password", "email_verified"), ("username", "email_verified"), ("username", "password"))
_PASSWORDLESS = {"email": "email", "sms": "phone_number"}
_NOT_SOCIAL = frozenset(
    {
        "ad", "adfs", "auth0", "auth0-oidc", "custom", "email", "google-apps", "ip", "office365",
        "oidc", "okta", "pingfederate", "samlp", "sharepoint", "sms", "waad",
    }
)  # fmt: skip
_PROFILE = (
    "email", "email_verified", "given_name", "family_name", "username", "nickname", "picture",
    "phone_number", "phone_verified",
)  # fmt: skip
_ENGINES = frozenset({"v1", "v2", "v3"})
_BY_EMAIL = frozenset({"fields", "include_fields", "email"})


def _check(call: Call, new: Document, old: Document) -> None:
    if old:
        _check_update(call.body)
    else:
        _check_create(call, new)
    connection = new.get("connection", _connection(old))
    for field, message in (
        ("email", "The user already exists."),
        ("username", "The username provided is in use already."),
    ):
        value = new.get(field)
        if value is not None and value != old.get(field):
            for row in _holders(call.tenant, field, value):
                if row.id != old.get("user_id") and _connection(row.document) == connection:
                    raise Refusal(409, message, "auth0_idp_error")


def _check_create(call: Call, new: Document) -> None:
    row = call.tenant.store.find("connections", "name", new["connection"])
    if row is None:
        raise Refusal(400, "The connection does not exist.", "inexistent_connection")
    strategy = row.document.get("strategy", "auth0")
    needed = _PASSWORDLESS.get(strategy)
    if needed and needed not in new:
        raise invalid_body(f"Missing required property: {needed}")
    if strategy == "auth0" and "password" not in new:
        raise invalid_body("Missing required property: password")
    if call.tenant.store.get("users", f"{strategy}|{new.get('user_id')}") is not None:
        raise Refusal(409, "The user already exists.", "auth0_idp_error")
    if strategy == "auth0" and not {"email", "username", "phone_number"} & new.keys():
        raise invalid_body("Missing required property: email")


def _check_update(body: Document) -> None:
    for one, other in _APART:
        if body.get(one) is not None and body.get(other) is not None:
            raise Refusal(
                400, f"Cannot update {one} and {other} simultaneously", "operation_not_supported"
            )


def _holders(tenant: Tenant, field: str, value: str) -> list[Row]:
    """Users that have this value; seldom more than one, as most tenants have one database."""
    if tenant.store.find("users", field, value) is None:
        return []
    return [row for row in tenant.store.rows("users") if row.document.get(field) == value]


def _connection(user: Document) -> str:
    identities = user.get("identities") or [{}]
    return str(identities[0].get("connection"))


def _complete(call: Call, new: Document, old: Document) -> Document:
    now = identity.timestamp(call.tenant.clock())
    if old:
        return _updated(call, new, old, now)
    return make_user(call.tenant, new)


def make_user(tenant: Tenant, given: Document) -> Document:
    """A user as a create makes it of a profile with the name of a connection."""
    row = tenant.store.find("connections", "name", str(given.get("connection")))
    strategy = row.document.get("strategy", "auth0") if row else "auth0"
    now = identity.timestamp(tenant.clock())
    own = str(given.get("user_id") or identity.object_id())
    infix = "" if strategy in {"auth0", *_PASSWORDLESS} else f"{given.get('connection')}|"
    name = str(given.get("email") or given.get("phone_number") or given.get("username") or "")
    named = given.get("email") or given.get("username") or ""
    server: Document = {
        "created_at": now,
        "updated_at": now,
        "name": name,
        "nickname": str(named).partition("@")[0],
        "picture": _gravatar(given.get("email"), name),
        "identities": [
            {
                "connection": given.get("connection"),
                "user_id": infix + own,
                "provider": strategy,
                "isSocial": strategy not in _NOT_SOCIAL,
            }
        ],
    }
    for field, verified in (("email", "email_verified"), ("phone_number", "phone_verified")):
        if field in given:
            server[verified] = False
    profile = {name: value for name, value in given.items() if name not in _INSTRUCTIONS}
    secret = {"_password": given["password"]} if "password" in given else {}
    found = {**filled(profile, server), "user_id": f"{strategy}|{infix}{own}", **secret}
    return _without_empty(found)


def _updated(call: Call, new: Document, old: Document, now: str) -> Document:
    """Metadata is merged at its first level, and emptied by an empty object (2.3, rule 4)."""
    body = call.body
    for field in _METADATA:
        patch = body.get(field)
        if isinstance(patch, dict):
            merged = {**(old.get(field) or {}), **patch} if patch else {}
            new[field] = without_nulls(merged)
    if body.get("email") and body["email"] != old.get("email") and "email_verified" not in body:
        new["email_verified"] = False
    if body.get("password"):
        new |= {"_password": body["password"], "last_password_reset": now}
    kept = {name: value for name, value in new.items() if name not in _INSTRUCTIONS}
    return _without_empty({**kept, "updated_at": now})


def _without_empty(user: Document) -> Document:
    """An empty app_metadata is not kept; an empty user_metadata is."""
    if user.get("app_metadata") == {}:
        user = {name: value for name, value in user.items() if name != "app_metadata"}
    return user


def _gravatar(email: str | None, name: str) -> str:
    digest = hashlib.md5((email or name).strip().lower().encode()).hexdigest()  # noqa: S324 - what Gravatar asks for
    initials = quote(name[:2].lower(), safe="")
    fallback = f"https%3A%2F%2Fcdn.auth0.com%2Favatars%2F{initials}.png"
    return f"https://s.gravatar.com/avatar/{digest}?s=480&r=pg&d={fallback}"


def _matches(call: Call, user: Document) -> bool:
    connection, engine = call.first("connection"), call.first("search_engine")
    if engine is not None and engine not in _ENGINES:
        raise invalid_query(f'No enum match for: "{engine}"', "search_engine")
    if connection and _connection(user) != connection:
        return False
    return compiled(call.first("q") or "")(user)


def _cascade(call: Call, user: Document) -> None:
    unlink(call, "user_id", user["user_id"])


def _list_by_email(call: Call) -> Answer:
    email = call.first("email")
    if not email:
        raise invalid_query("Missing required property: email")
    rows = call.tenant.store.rows("users")
    return Answer(
        200,
        [
            projected(call, view(USERS, call, row.document))
            for row in rows
            if str(row.document.get("email")).lower() == email.lower()
        ],
    )


def _link_identity(call: Call) -> Answer:
    """The secondary user ends; its identity and profile go on under the primary."""
    primary = existing_user(call, call.arguments["id"])
    body = call.body
    if "link_with" in body:
        raise Refusal(400, "link_with requires a token of the primary user", "invalid_body")
    provider, given = body.get("provider"), body.get("user_id")
    if not provider or given is None:
        raise invalid_body(f"Missing required property: {'user_id' if provider else 'provider'}")
    secondary = call.tenant.store.get("users", _full_id(provider, str(given)))
    if secondary is None:
        raise Refusal(404, *USER_MISSING)
    if secondary["user_id"] == primary["user_id"]:
        raise Refusal(400, "Main identity and linked identity cannot be the same", "invalid_body")
    linked = [{"profileData": _profile(secondary), **item} for item in secondary["identities"]]
    identities = [*primary["identities"], *linked]
    _keep_identities(call, primary, identities)
    unlink(call, "user_id", secondary["user_id"])
    call.tenant.store.delete("users", secondary["user_id"])
    return Answer(201, _shown_identities(primary, identities))


def _unlink_identity(call: Call) -> Answer:
    """The identity becomes a user of its own again."""
    user = existing_user(call, call.arguments["id"])
    provider, own = call.arguments["provider"], call.arguments["user_id"]
    rest = [
        item
        for item in user["identities"]
        if (item["provider"], str(item["user_id"])) != (provider, own)
    ]
    gone = [item for item in user["identities"] if item not in rest]
    if user["identities"][0] in gone:
        raise Refusal(400, "Main identity cannot be unlinked", "invalid_body")
    for item in gone:
        bare = {name: value for name, value in item.items() if name != "profileData"}
        given = {**item.get("profileData", {}), "connection": item.get("connection")}
        made = {**make_user(call.tenant, given), "user_id": f"{provider}|{own}"}
        call.tenant.store.put("users", made["user_id"], {**made, "identities": [bare]})
    _keep_identities(call, user, rest)
    return Answer(200, _shown_identities(user, rest))


def _full_id(provider: str, given: str) -> str:
    return given if given.startswith(f"{provider}|") else f"{provider}|{given}"


def _keep_identities(call: Call, user: Document, identities: list[Document]) -> None:
    now = identity.timestamp(call.tenant.clock())
    kept = {**user, "identities": identities, "updated_at": now}
    call.tenant.store.put("users", user["user_id"], kept)


def _shown_identities(user: Document, identities: list[Document]) -> list[Document]:
    """What linking answers: the profile of every identity, the main one's included."""
    return [{"profileData": _profile(user), **identities[0]}, *identities[1:]]


def _profile(user: Document) -> dict[str, Any]:
    return {name: user[name] for name in _PROFILE if name in user}


USERS = Collection(
    name="users",
    path="/users",
    id="user_id",
    mint=str,  # made of the connection and what a create asks for
    noun="users",
    paging=Paging("users", facts=("start", "limit", "length", "total"), reach=1000),
    missing=USER_MISSING,
    scopes=(
        ("read", ("read:users", "read:current_user", "read:user_idp_tokens")),
        ("update", ("update:users", "update:users_app_metadata", "update:current_user_metadata")),
        ("delete", ("delete:users", "delete:current_user")),
    ),
    matches=_matches,
    check=_check,
    complete=_complete,
    cascade=_cascade,
)

_IDENTITIES = "/users/{id}/identities"
_LINKERS = ("update:users", "update:current_user_identities")
ROUTES = joined(
    collection_routes(USERS),
    [
        Route("GET", "/users-by-email", ("read:users",), _list_by_email, None, _BY_EMAIL),
        Route("POST", _IDENTITIES, _LINKERS, _link_identity, Body("user_identities", "link")),
        Route("DELETE", f"{_IDENTITIES}/{{provider}}/{{user_id}}", _LINKERS, _unlink_identity),
    ],
)
