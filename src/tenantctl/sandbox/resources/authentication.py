"""How users prove who they are: authentication methods, enrollments, accounts elsewhere, blocks.

Nobody enrolls or logs in to the sandbox, so there is what the API or a recording puts there.
"""

import json
from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.associations import links
from tenantctl.sandbox.documents import public, updated, without_nulls
from tenantctl.sandbox.pages import ordered, page
from tenantctl.sandbox.refusal import Refusal, invalid_body, invalid_path, invalid_query
from tenantctl.sandbox.resources.people import existing_user
from tenantctl.sandbox.service import joined, require
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Body, Call, Paging, Route

_METHODS = "user_authentication_methods"
_ACCOUNTS = "user_connected_accounts"
_TOKENSETS = "user_tokensets"
_METHOD_MISSING = ("The authentication method does not exist.", "inexistent_authentication_method")
_ENROLLMENT_MISSING = ("Enrollment not found", "enrollment_not_found")
_PAGED_METHODS = Paging("authenticators")
_PAGED_LOGS = Paging("logs", facts=("start", "limit", "length", "total"))
_PAGED_ACCOUNTS = Paging("connected_accounts", "only_checkpoint")
# What the name of a method's own datum is, by its type; two of the same are one too many.
_DATA = {
    "phone": "phone_number", "email": "email", "totp": "totp_secret", "webauthn-roaming": "key_id",
    "passkey": "key_id",
}  # fmt: skip
_DEFAULT_PHONE = "sms"
_SECRET = "totp_secret"  # noqa: S105 - the name of a field
_PROVIDERS = frozenset({"duo", "google-authenticator"})
_RECOVERY_CODE = 24


def _plain(row: Row) -> Document:
    return {name: value for name, value in public(row.document).items() if name != "user_id"}


def _shown_method(row: Row) -> Document:
    return {name: value for name, value in _plain(row).items() if name != _SECRET}


def _list_methods(call: Call) -> Answer:
    user = existing_user(call, call.arguments["id"])
    rows = links(call, _METHODS, user_id=user["user_id"])
    listed = page(call, _PAGED_METHODS, rows, _shown_method)
    if isinstance(listed, dict) and not rows:
        del listed["total"]  # so it is in recorded traffic
    return Answer(200, listed)


def _create_method(call: Call) -> Answer:
    user = existing_user(call, call.arguments["id"])
    given = without_nulls(call.body)
    rows = links(call, _METHODS, user_id=user["user_id"])
    return Answer(201, _plain_method(_keep_method(call, user["user_id"], given, rows)))


def _replace_methods(call: Call) -> Answer:
    """Those of the types that can be replaced go; recovery codes and pushes are not among them."""
    user = existing_user(call, call.arguments["id"])
    for row in links(call, _METHODS, user_id=user["user_id"]):
        if row.document.get("type") in {"phone", "email", "totp"}:
            call.tenant.store.delete(_METHODS, row.id)
    kept = []
    for given in call.body:
        rows = links(call, _METHODS, user_id=user["user_id"])
        kept.append(_keep_method(call, user["user_id"], without_nulls(given), rows))
    return Answer(200, [_plain_method(method) for method in kept])


def _plain_method(method: Document) -> Document:
    return {name: value for name, value in method.items() if name not in {"user_id", "confirmed"}}


def _keep_method(call: Call, user: str, given: Document, rows: list[Row]) -> Document:
    needed = _DATA[given["type"]]
    if needed not in given:
        raise invalid_body(f"Missing required property: {needed}")
    same = (given["type"], given[needed])
    if any((row.document.get("type"), row.document.get(needed)) == same for row in rows):
        raise Refusal(409, "Authentication method already exists.", "authentication_method_exists")
    method = {
        "id": f"{given['type']}|dev_{identity.base62(16)}",
        "confirmed": True,
        "created_at": identity.timestamp(call.tenant.clock()),
        "user_id": user,
        **given,
    }
    if given["type"] == "phone":
        preferred = given.get("preferred_authentication_method", _DEFAULT_PHONE)
        method["preferred_authentication_method"] = preferred
        method["authentication_methods"] = [
            {"type": kind, "id": f"{kind}|dev_{identity.base62(16)}"} for kind in ("sms", "voice")
        ]
    call.tenant.store.put(_METHODS, method["id"], method, user)
    return method


def _method(call: Call) -> Row:
    user = existing_user(call, call.arguments["id"])
    row = call.tenant.store.row(_METHODS, call.arguments["authentication_method_id"])
    if row is None or row.parent != user["user_id"]:
        raise Refusal(404, *_METHOD_MISSING)
    return row


def _read_method(call: Call) -> Answer:
    return Answer(200, _shown_method(_method(call)))


def _update_method(call: Call) -> Answer:
    row = _method(call)
    method = updated(row.document, call.body)
    call.tenant.store.put(_METHODS, row.id, method)
    shown = {name: value for name, value in method.items() if name != _SECRET}
    return Answer(200, _plain_method(shown))


def _delete_method(call: Call) -> Answer:
    call.tenant.store.delete(_METHODS, _method(call).id)
    return Answer(204)


def _delete_methods(call: Call) -> Answer:
    user = existing_user(call, call.arguments["id"])
    for row in links(call, _METHODS, user_id=user["user_id"]):
        call.tenant.store.delete(_METHODS, row.id)
    return Answer(204)


def _delete_provider(call: Call) -> Answer:
    existing_user(call, call.arguments["id"])
    provider = call.arguments["provider"]
    if provider not in _PROVIDERS:
        raise invalid_path(f'No enum match for: "{provider}"', "provider")
    return Answer(204)


def _list_enrollments(call: Call) -> Answer:
    user = existing_user(call, call.arguments["id"])
    rows = call.tenant.store.rows("guardian_enrollments", user["user_id"])
    return Answer(200, [_plain(row) for row in rows])


def _read_enrollment(call: Call) -> Answer:
    row = call.tenant.store.row("guardian_enrollments", call.arguments["id"])
    if row is None:
        raise Refusal(404, *_ENROLLMENT_MISSING)
    return Answer(200, public(row.document))


def _delete_enrollment(call: Call) -> Answer:
    call.tenant.store.delete("guardian_enrollments", call.arguments["id"])
    return Answer(204)


def _ticket_enrollment(call: Call) -> Answer:
    user = existing_user(call, call.body["user_id"])
    email = call.body.get("email") or user.get("email")
    if call.body.get("send_mail") and not email:
        raise invalid_body("Missing required property: email")
    ticket = identity.base62(32)
    url = f"https://{call.tenant.domain}/u/mfa-enrollment?ticket={ticket}"
    return Answer(200, {"ticket_id": ticket, "ticket_url": url})


def _regenerate_code(call: Call) -> Answer:
    user = existing_user(call, call.arguments["id"])
    code = identity.base62(_RECOVERY_CODE).upper()
    call.tenant.store.put("users", user["user_id"], {**user, "_recovery_code": code})
    return Answer(200, {"recovery_code": code})


def _list_accounts(call: Call) -> Answer:
    user = existing_user(call, call.arguments["id"])
    rows = links(call, _ACCOUNTS, user_id=user["user_id"])
    return Answer(200, page(call, _PAGED_ACCOUNTS, rows, _plain))


def _seed_accounts(call: Call, body: Any) -> None:
    _seed_items(call, _ACCOUNTS, None if body is None else body["connected_accounts"])


def _list_tokensets(call: Call) -> Answer:
    user = existing_user(call, call.arguments["id"])
    rows = links(call, _TOKENSETS, user_id=user["user_id"])
    return Answer(200, [_plain(row) for row in rows])


def _seed_tokensets(call: Call, body: Any) -> None:
    _seed_items(call, _TOKENSETS, body)


def _seed_items(call: Call, kind: str, items: list[Document] | None) -> None:
    """A user that had these, whatever else it was."""
    user, store = call.arguments["id"], call.tenant.store
    if items is not None and store.get("users", user) is None:
        store.put("users", user, {"user_id": user, "identities": []})
    for item in items or []:
        store.put(kind, item["id"], {**item, "user_id": user}, user)


def _delete_tokenset(call: Call) -> Answer:
    """Deleting what does not exist succeeds (recorded traffic)."""
    user = existing_user(call, call.arguments["id"])
    row = call.tenant.store.row(_TOKENSETS, call.arguments["tokenset_id"])
    if row is not None and row.parent == user["user_id"]:
        call.tenant.store.delete(_TOKENSETS, row.id)
    return Answer(204)


def _clear_assessors(call: Call) -> Answer:
    existing_user(call, call.arguments["id"])
    refusal = Refusal(400, "The connection does not exist.", "inexistent_connection")
    if call.tenant.store.find("connections", "name", call.body["connection"]) is None:
        raise refusal
    return Answer(204)


def _nothing_left(call: Call) -> Answer:
    existing_user(call, call.arguments["id"])
    return Answer(204)


def _list_logs(call: Call) -> Answer:
    """Events of the tenant's log about the user, newest first."""
    user = existing_user(call, call.arguments["id"])["user_id"]
    found = call.tenant.store.events(newest_first=True)
    rows = [
        Row(sequence, event["log_id"], "", json.dumps(event))
        for sequence, event in found
        if event.get("user_id") == user
    ]
    return Answer(200, page(call, _PAGED_LOGS, ordered(call, rows), _plain_event))


def _plain_event(row: Row) -> Document:
    return row.document


def _list_blocks(call: Call) -> Answer:
    """Nobody tries passwords here, so nobody is blocked."""
    if "id" in call.arguments:
        existing_user(call, call.arguments["id"])
    elif not call.first("identifier"):
        raise invalid_query("Missing required property: identifier")
    return Answer(200, {"blocked_for": []})


def _delete_blocks(call: Call) -> Answer:
    if "id" in call.arguments:
        existing_user(call, call.arguments["id"])
    elif not call.first("identifier"):
        raise invalid_query("Missing required property: identifier")
    return Answer(204)


def _read_ip_block(call: Call) -> Answer:
    require(
        call, "blocked_ips", call.arguments["id"], Refusal(404, "The IP address is not blocked")
    )
    return Answer(200)


def _delete_ip_block(call: Call) -> Answer:
    call.tenant.store.delete("blocked_ips", call.arguments["id"])
    return Answer(204)


_USER = "/users/{id}"
_ALL = f"{_USER}/authentication-methods"
_ONE = f"{_ALL}/{{authentication_method_id}}"
_BLOCKS = "/user-blocks"
_IP = "/anomaly/blocks/ips/{id}"
_ENROLLMENT = "/guardian/enrollments/{id}"
_BRUTE_FORCE = frozenset({"consider_brute_force_enablement"})
_LOGS = frozenset({"page", "per_page", "sort", "include_totals"})
_READ_USERS, _UPDATE_USERS = ("read:users",), ("update:users",)
_READ_METHODS = ("read:authentication_methods",)
_UPDATE_METHODS = ("update:authentication_methods",)
_DELETE_METHODS = ("delete:authentication_methods",)
_TOKENS_PATH = f"{_USER}/federated-connections-tokensets"

ROUTES = joined(
    [
        Route("GET", _ALL, _READ_METHODS, _list_methods, None, _PAGED_METHODS.parameters()),
        Route(
            "POST",
            _ALL,
            ("create:authentication_methods",),
            _create_method,
            Body(_METHODS, "create"),
        ),
        Route("PUT", _ALL, _UPDATE_METHODS, _replace_methods, Body(_METHODS, "replace")),
        Route("DELETE", _ALL, _DELETE_METHODS, _delete_methods),
        Route("GET", _ONE, _READ_METHODS, _read_method),
        Route("PATCH", _ONE, _UPDATE_METHODS, _update_method, Body(_METHODS, "update")),
        Route("DELETE", _ONE, _DELETE_METHODS, _delete_method),
        Route(
            "DELETE", f"{_USER}/authenticators", ("delete:guardian_enrollments",), _delete_methods
        ),
        Route("DELETE", f"{_USER}/multifactor/{{provider}}", _UPDATE_USERS, _delete_provider),
        Route(
            "POST",
            f"{_USER}/multifactor/actions/invalidate-remember-browser",
            _UPDATE_USERS,
            _nothing_left,
        ),
        Route("POST", f"{_USER}/recovery-code-regeneration", _UPDATE_USERS, _regenerate_code),
        Route(
            "POST",
            f"{_USER}/risk-assessments/clear",
            _UPDATE_USERS,
            _clear_assessors,
            Body("user_risk_assessments", "clear"),
        ),
        Route("GET", f"{_USER}/logs", ("read:logs", "read:logs_users"), _list_logs, None, _LOGS),
    ],
    [
        Route("GET", f"{_USER}/enrollments", _READ_USERS, _list_enrollments),
        Route("GET", _ENROLLMENT, ("read:guardian_enrollments",), _read_enrollment),
        Route("DELETE", _ENROLLMENT, ("delete:guardian_enrollments",), _delete_enrollment),
        Route(
            "POST",
            "/guardian/enrollments/ticket",
            ("create:guardian_enrollment_tickets",),
            _ticket_enrollment,
            Body("guardian_enrollments", "ticket"),
        ),
        Route(
            "GET",
            f"{_USER}/connected-accounts",
            _READ_USERS,
            _list_accounts,
            None,
            _PAGED_ACCOUNTS.parameters(),
            seed=_seed_accounts,
        ),
        Route(
            "GET",
            _TOKENS_PATH,
            ("read:federated_connections_tokens",),
            _list_tokensets,
            seed=_seed_tokensets,
        ),
        Route(
            "DELETE",
            f"{_TOKENS_PATH}/{{tokenset_id}}",
            ("delete:federated_connections_tokens",),
            _delete_tokenset,
        ),
        Route("GET", _BLOCKS, _READ_USERS, _list_blocks, None, _BRUTE_FORCE | {"identifier"}),
        Route("DELETE", _BLOCKS, _UPDATE_USERS, _delete_blocks, None, frozenset({"identifier"})),
        Route("GET", f"{_BLOCKS}/{{id}}", _READ_USERS, _list_blocks, None, _BRUTE_FORCE),
        Route("DELETE", f"{_BLOCKS}/{{id}}", _UPDATE_USERS, _delete_blocks),
        Route("GET", _IP, ("read:anomaly_blocks",), _read_ip_block),
        Route("DELETE", _IP, ("delete:anomaly_blocks",), _delete_ip_block),
    ],
)
