"""The tenant's log: an event for every write and every token, in the form of Auth0's log events.

What a write changed is told beside what Auth0 tells: `details.changes` has each document before and
after. Secrets are masked with asterisks wherever they stand.
"""

from datetime import UTC, datetime
from typing import Any, Final

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import public
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Tenant

MASK: Final = "*****"
# The names of the API's secrets, and the objects in which every text but a name is one.
_SECRETS = frozenset(
    {
        "accessKeyId", "access_token", "api_key", "app_secret", "auth_token",
        "aws_secret_access_key", "client_assertion", "client_secret", "clientSecret",
        "cname_api_key", "connectionString", "datadogApiKey", "header_value", "httpAuthorization",
        "mixpanelServiceAccountPassword", "p12", "password", "pem", "private_key", "recovery_code",
        "secret", "secretAccessKey", "segmentWriteKey", "server_credentials", "server_key",
        "signing_secret", "skey", "smtp_pass", "splunkToken", "sumoSourceAddress", "ticket",
        "token", "twilio_token", "wrapped_key",
    }
)  # fmt: skip
_SAFES = frozenset(
    {
        "configuration", "credentials", "httpCustomHeaders", "network-acl-keys", "rules-configs",
        "secrets", "setup",
    }
)  # fmt: skip
_NAMES = frozenset({"id", "name", "kid", "updated_at", "type", "alg", "credential_type", "key"})
_VERBS = {"POST": "Create", "PUT": "Update", "PATCH": "Update", "DELETE": "Delete"}


def add_operation(tenant: Tenant, told: Document, *, succeeded: bool) -> None:
    """Logs a write: `told` has method, path, query, user_agent, scopes, client_id, status, bodies.

    Type `sapi`, or `fapi` where the write was refused. Methods are in small letters, as in events
    of Auth0's that people have published.
    """
    path = told["path"].replace("keys/network-acls", "network-acl-keys")
    safe = not _SAFES.isdisjoint(path.split("/"))
    request = {
        "method": told["method"].lower(),
        "path": told["path"],
        "query": told["query"],
        "userAgent": told["user_agent"],
        "body": masked(told["body"], safe=safe),
        "channel": "api",
        "ip": "127.0.0.1",
        "auth": {
            "user": {},
            "strategy": "jwt",
            "credentials": {"scopes": sorted(told["scopes"])},
        },
    }
    details: Document = {
        "request": request,
        "response": {"statusCode": told["status"], "body": masked(told["answer"], safe=safe)},
    }
    if succeeded:
        details["changes"] = [
            {"kind": kind, "id": id, "before": _shown(kind, before), "after": _shown(kind, after)}
            for kind, id, before, after in tenant.store.changes()
        ]
    verb = _VERBS[told["method"]]
    _add(
        tenant,
        "sapi" if succeeded else "fapi",
        {
            "description": f"{verb} {told['noun']}",
            "client_id": told["client_id"],
            "client_name": _client_name(tenant, told["client_id"]),
            "details": details,
            "user_agent": told["user_agent"],
        },
    )


def add_token(tenant: Tenant, client_id: str, problem: str | None, scope: str = "") -> None:
    """Logs a token given to a client, type `seccft`, or refused to it, `feccft`."""
    _add(
        tenant,
        "feccft" if problem else "seccft",
        {
            "description": problem or "",
            "client_id": client_id,
            "client_name": _client_name(tenant, client_id),
            "details": None,
            "audience": tenant.audience,
            "scope": scope or None,
            "hostname": tenant.domain,
        },
    )


def masked(value: Any, *, safe: bool = False) -> Any:
    """The same JSON with asterisks for whatever is a secret by its name, or by where it stands."""
    if isinstance(value, dict):
        return {
            name: MASK
            if isinstance(item, str) and (name in _SECRETS or (safe and name not in _NAMES))
            else masked(item, safe=safe or name in _SAFES)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [masked(item, safe=safe) for item in value]
    return value


def _shown(kind: str, document: Document | None) -> Document | None:
    safe = kind.replace("_", "-") in _SAFES or kind.endswith("_secrets")
    return None if document is None else masked(public(document), safe=safe)


def _client_name(tenant: Tenant, client_id: str) -> str:
    client = tenant.store.get("clients", client_id) or {}
    return str(client.get("name", ""))


def _add(tenant: Tenant, type: str, facts: Document) -> None:
    now = tenant.clock()
    id, date = _log_id(tenant, now), identity.timestamp(now)
    tenant.store.add_event(
        id,
        date,
        type,
        {
            "_id": id,
            "log_id": id,
            "date": date,
            "type": type,
            "connection": None,
            "connection_id": "",
            "organization_id": None,
            "organization_name": None,
            "ip": "127.0.0.1",
            "hostname": None,
            "user_id": "",
            "user_name": "",
            "user_agent": "Other 0.0.0 / Other 0.0.0",
            "audience": None,
            "scope": None,
            "strategy": None,
            "strategy_type": None,
            "isMobile": False,
            **facts,
        },
    )


def _log_id(tenant: Tenant, now: float) -> str:
    """900, the time to the millisecond, and 36 digits that grow (recorded traffic 9)."""
    moment = datetime.fromtimestamp(now, UTC)
    stamp = moment.strftime("%Y%m%d%H%M%S") + f"{moment.microsecond // 1000:03d}"
    return f"900{stamp}{tenant.store.next_event():036d}"
