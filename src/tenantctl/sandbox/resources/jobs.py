"""Jobs and tickets about users, and statistics of their logins.

Jobs are done when they are asked about: the answer that made them says `pending`.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import public
from tenantctl.sandbox.refusal import Refusal, invalid_body, invalid_query
from tenantctl.sandbox.resources.people import existing_user
from tenantctl.sandbox.resources.users import make_user
from tenantctl.sandbox.service import joined, require
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import FREE, Answer, Body, Call, Route

_JOB_MISSING = ("The job does not exist", "inexistent_job")
_CONNECTION_MISSING = ("The connection does not exist", "inexistent_connection")
_DUPLICATE = {
    "code": "DUPLICATED_USER",
    "message": "The user already exist and upsert parameter is false",
}
_INVALID = {"code": "INVALID_FORMAT", "message": "Object didn't pass validation"}
_LARGEST = 512000
_PART = re.compile(r'name="([^"]*)"')
_TICKET = 32


def _create_import(call: Call) -> Answer:
    form = _form(call.body)
    connection = _connection(call, form.get("connection_id"))
    users = _uploaded(form.get("users", ""))
    summary, errors = _imported(call, connection["name"], users, form.get("upsert") == "true")
    job = {
        "type": "users_import",
        "status": "pending",
        "connection_id": connection["id"],
        "connection": connection["name"],
        **({"external_id": form["external_id"]} if form.get("external_id") else {}),
    }
    return Answer(202, _start(call, job, {"summary": summary, "errors": errors}))


def _form(body: Any) -> dict[str, str]:
    """The fields of a form with a file, by name. Raises Refusal 400."""
    text = body if isinstance(body, str) else ""
    boundary = text.lstrip().partition("\n")[0].strip()
    if not boundary.startswith("--"):
        raise Refusal(400, "Invalid multipart payload format", "invalid_body")
    found = {}
    for part in text.split(boundary)[1:-1]:
        head, _, content = part.replace("\r\n", "\n").strip("\n").partition("\n\n")
        name = _PART.search(head)
        if name:
            found[name[1]] = content
    return found


def _uploaded(text: str) -> list[Any]:
    if len(text.encode()) > _LARGEST:
        raise Refusal(413, f"Payload content length greater than maximum allowed: {_LARGEST}")
    try:
        users = json.loads(text)
    except ValueError:
        users = None
    if not isinstance(users, list):
        raise Refusal(400, "Users file is not a valid JSON array", "invalid_body")
    return users


def _imported(
    call: Call, connection: str, users: list[Any], upsert: bool
) -> tuple[Document, list[Document]]:
    """How many users were made, changed and refused, and why those were refused."""
    summary = {"failed": 0, "updated": 0, "inserted": 0, "total": len(users)}
    errors = []
    for given in users:
        problem = _import_user(call, connection, given, upsert, summary)
        if problem is not None:
            summary["failed"] += 1
            errors.append({"user": given, "errors": [problem]})
    return summary, errors


def _import_user(
    call: Call, connection: str, given: Any, upsert: bool, summary: Document
) -> Document | None:
    store = call.tenant.store
    if not isinstance(given, dict) or not isinstance(given.get("email"), str):
        return _INVALID
    row = store.find("users", "email", given["email"])
    if row is None:
        made = make_user(call.tenant, {**given, "connection": connection})
        store.put("users", made["user_id"], made)
        summary["inserted"] += 1
    elif upsert:
        rest = {name: value for name, value in given.items() if name != "user_id"}
        store.put("users", row.id, {**row.document, **rest})
        summary["updated"] += 1
    else:
        return _DUPLICATE
    return None


def _create_export(call: Call) -> Answer:
    job: Document = {"type": "users_export", "status": "pending"}
    if call.body.get("connection_id"):
        connection = _connection(call, call.body["connection_id"])
        job |= {"connection_id": connection["id"], "connection": connection["name"]}
    told = {name: call.body[name] for name in ("format", "limit", "fields") if call.body.get(name)}
    location = f"https://{call.tenant.domain}/exports/{identity.alphanumeric()}"
    return Answer(200, _start(call, {**job, "format": "json", **told}, {"location": location}))


def _create_verification(call: Call) -> Answer:
    """There is nothing to verify about an address that is verified, or is missing."""
    user = existing_user(call, call.body["user_id"])
    _check_others(call)
    sent = "email" in user and not user.get("email_verified")
    job = {"type": "verification_email", "status": "pending"}
    return Answer(201, _start(call, job, {"outcome": "completed" if sent else "failed"}))


def _start(call: Call, job: Document, result: Document) -> Document:
    """The job as its first answer shows it; what comes of it is kept beside."""
    now = identity.timestamp(call.tenant.clock())
    started = {"id": f"job_{identity.base62(16)}", "created_at": now, **job}
    call.tenant.store.put("jobs", started["id"], {**started, "_result": result})
    return started


def _read_job(call: Call) -> Answer:
    job = require(call, "jobs", call.arguments["id"], Refusal(404, *_JOB_MISSING))
    result = job.get("_result", {})
    done = {name: result[name] for name in ("summary", "location") if name in result}
    status = result.get("outcome", "completed" if "_result" in job else job.get("status"))
    return Answer(200, {**public(job), "status": status, **done})


def _seed_job(call: Call, body: Any) -> None:
    if body is not None:
        call.tenant.store.put("jobs", call.arguments["id"], body)


def _read_errors(call: Call) -> Answer:
    job = require(call, "jobs", call.arguments["id"], Refusal(404, *_JOB_MISSING))
    errors = job.get("_result", {}).get("errors")
    return Answer(200, errors) if errors else Answer(204)


def _ticket(call: Call, page: str) -> Answer:
    ticket = identity.base62(_TICKET)
    return Answer(201, {"ticket": f"https://{call.tenant.domain}/u/{page}?ticket={ticket}#"})


def _ticket_verification(call: Call) -> Answer:
    existing_user(call, call.body["user_id"])
    _check_others(call)
    return _ticket(call, "email-verification")


def _ticket_password(call: Call) -> Answer:
    """For a user, or for an email of a connection."""
    body = call.body
    if body.get("user_id"):
        existing_user(call, body["user_id"])
    elif not (body.get("connection_id") and body.get("email")):
        raise invalid_body("Missing required property: user_id")
    else:
        _connection(call, body["connection_id"])
        if call.tenant.store.find("users", "email", body["email"]) is None:
            raise Refusal(404, "The user does not exist.", "inexistent_user")
    if body.get("client_id") and body.get("result_url"):
        raise Refusal(400, "Cannot set both client_id and result_url", "invalid_body")
    _check_others(call)
    return _ticket(call, "reset-password")


def _check_others(call: Call) -> None:
    """The client and the organization that a ticket is for exist."""
    client, organization = call.body.get("client_id"), call.body.get("organization_id")
    if client:
        refusal = Refusal(404, "The client does not exist", "inexistent_client")
        require(call, "clients", client, refusal)
    if organization:
        refusal = Refusal(404, "No organization found by that id or name")
        require(call, "organizations", organization, refusal)


def _connection(call: Call, id: str | None) -> Document:
    if not id:
        raise invalid_body("Missing required property: connection_id")
    return require(call, "connections", id, Refusal(404, *_CONNECTION_MISSING))


def _list_days(call: Call) -> Answer:
    """Days on which somebody logged in: none, unless a recording showed some."""
    low, high = _day(call, "from"), _day(call, "to")
    days = (row.document for row in call.tenant.store.rows("stats_daily"))
    return Answer(
        200,
        [
            day
            for day in days
            if (low is None or _digits(day) >= low) and (high is None or _digits(day) <= high)
        ],
    )


def _digits(day: Document) -> str:
    return str(day["date"])[:10].replace("-", "")


def _day(call: Call, name: str) -> str | None:
    given = call.first(name)
    if given is None:
        return None
    try:
        datetime.strptime(given, "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        raise invalid_query(f'String does not match pattern: "{given}"', name) from None
    return given


def _seed_days(call: Call, body: Any) -> None:
    for day in body or []:
        call.tenant.store.put("stats_daily", day["date"], day)


def _count_active(_call: Call) -> Answer:
    return Answer(200, 0)


def _list_blacklist(call: Call) -> Answer:
    """Tokens that are refused, all of an audience."""
    audience = call.first("aud")
    rows = call.tenant.store.rows("blacklisted_tokens")
    return Answer(
        200, [row.document for row in rows if audience in {None, row.document.get("aud")}]
    )


def _blacklist(call: Call) -> Answer:
    body = call.body
    if not isinstance(body, dict) or not isinstance(body.get("jti"), str):
        raise invalid_body("Missing required property: jti")
    audience = body.get("aud") or call.tenant.audience
    if not isinstance(audience, str):
        raise invalid_body("Expected type string but found type object", "aud")
    found = {"aud": audience, "jti": body["jti"]}
    call.tenant.store.put("blacklisted_tokens", f"{found['aud']}|{found['jti']}", found)
    return Answer(204)


_JOBS = ("create:users", "read:users")
_TICKETS = ("create:user_tickets",)
_TOKENS = ("blacklist:tokens",)
ROUTES = joined(
    [
        Route("POST", "/jobs/users-imports", ("create:users",), _create_import, FREE),
        Route(
            "POST",
            "/jobs/users-exports",
            ("read:users",),
            _create_export,
            Body("jobs", "users_exports"),
        ),
        Route(
            "POST",
            "/jobs/verification-email",
            ("update:users",),
            _create_verification,
            Body("jobs", "verification_email"),
        ),
        Route("GET", "/jobs/{id}", _JOBS, _read_job, seed=_seed_job),
        Route("GET", "/jobs/{id}/errors", _JOBS, _read_errors),
        Route(
            "POST",
            "/tickets/email-verification",
            _TICKETS,
            _ticket_verification,
            Body("tickets", "email_verification"),
        ),
        Route(
            "POST",
            "/tickets/password-change",
            _TICKETS,
            _ticket_password,
            Body("tickets", "password_change"),
        ),
        Route(
            "GET",
            "/stats/daily",
            ("read:stats",),
            _list_days,
            None,
            frozenset({"from", "to"}),
            seed=_seed_days,
        ),
        Route("GET", "/stats/active-users", ("read:stats",), _count_active),
        Route("GET", "/blacklists/tokens", _TOKENS, _list_blacklist, None, frozenset({"aud"})),
        Route("POST", "/blacklists/tokens", _TOKENS, _blacklist, FREE),
    ],
)
