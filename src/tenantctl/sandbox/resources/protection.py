"""Attack protection: singletons that are read and written alike, and policies for CAPTCHAs."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import updated
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.seeds import seed_list
from tenantctl.sandbox.service import collection_routes, joined, singleton_routes, state, view
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import (
    Answer,
    Call,
    Collection,
    Hidden,
    Paging,
    Route,
    Singleton,
    limits,
)

_BOT_DETECTION = "bot_detection"
_PROVIDERS = ("recaptcha_v2", "recaptcha_enterprise", "hcaptcha", "friendly_captcha", "arkose")


def _part(name: str, defaults: Document, **facts: Any) -> Singleton:
    return Singleton(
        name=f"attack_protection_{name}",
        path=f"/attack-protection/{name.replace('_', '-')}",
        read="read:attack_protection",
        write="update:attack_protection",
        defaults=defaults,
        **facts,
    )


BRUTE_FORCE = _part(
    "brute_force_protection",
    {
        "enabled": True,
        "shields": ["block", "user_notification"],
        "mode": "count_per_identifier_and_ip",
        "allowlist": [],
        "max_attempts": 10,
    },
)
SUSPICIOUS_IP = _part(
    "suspicious_ip_throttling",
    {
        "enabled": True,
        "shields": ["admin_notification", "block"],
        "allowlist": [],
        "stage": {
            "pre-login": {"max_attempts": 100, "rate": 864000},
            "pre-user-registration": {"max_attempts": 50, "rate": 1200},
            "pre-custom-token-exchange": {"max_attempts": 10, "rate": 600000},
        },
    },
    merged=("stage",),
)


BREACHED_PASSWORD = _part(
    "breached_password_detection",
    {
        "enabled": False,
        "shields": [],
        "admin_notification_frequency": [],
        "method": "standard",
        "stage": {
            "pre-user-registration": {"shields": []},
            "pre-change-password": {"shields": []},
        },
    },
    merged=("stage",),
)
BOT_DETECTION = _part(
    "bot_detection",
    {
        "challenge_password_policy": "never",
        "challenge_passwordless_policy": "never",
        "challenge_password_reset_policy": "never",
        "allowlist": [],
        "bot_detection_level": "medium",
        "monitoring_mode_enabled": False,
    },
    limits=limits({"allowlist.[]": {"format": "address-or-network"}}),
    feature=_BOT_DETECTION,
)
CAPTCHA = _part(
    "captcha",
    {
        "active_provider_id": "auth_challenge",
        "simple_captcha": {},
        "auth_challenge": {"fail_open": False},
        "recaptcha_v2": {"site_key": ""},
        "recaptcha_enterprise": {"site_key": "", "project_id": ""},
        "hcaptcha": {"site_key": ""},
        "friendly_captcha": {"site_key": ""},
        "arkose": {
            "site_key": "",
            "client_subdomain": "client-api",
            "verify_subdomain": "verify-api",
            "fail_open": False,
        },
    },
    merged=("auth_challenge", *_PROVIDERS),
    hidden=(Hidden(("*", "secret")), Hidden(("*", "api_key"))),
    feature=_BOT_DETECTION,
)
PHONE_PROVIDER = _part(
    "phone_provider_protection", {"type": "default"}, feature="phone_provider_protection"
)


def _check_policy(call: Call, new: Document, old: Document) -> None:
    """Two policies cannot have the same priority: it decides which of them holds."""
    priority = new.get("priority")
    if priority != old.get("priority"):
        rows = call.tenant.store.rows("captcha_policies")
        if any(row.document.get("priority") == priority for row in rows):
            raise Refusal(409, "A CAPTCHA policy with the same priority already exists.")


def _complete_policy(call: Call, new: Document, old: Document) -> Document:
    now = identity.timestamp(call.tenant.clock())
    return {"created_at": now, **new, "updated_at": now} if not old else {**new, "updated_at": now}


def _list_policies(call: Call) -> Answer:
    """In the order in which they hold."""
    documents = [row.document for row in call.tenant.store.rows(POLICIES.name)]
    documents.sort(key=lambda document: document.get("priority", 0))
    return Answer(200, [view(POLICIES, call, document) for document in documents])


# Known from the SDK alone: neither the document nor any recorded traffic has them.
POLICIES = Collection(
    name="captcha_policies",
    path="/attack-protection/captcha/policies",
    mint=identity.compact("cpp_"),
    noun="attack_protection",
    paging=Paging("policies", "array"),
    missing=("The CAPTCHA policy does not exist.", None),
    delete_missing=True,
    scopes=tuple(
        (verb, (f"{verb}:attack_protection", "update:attack_protection"))
        for verb in ("create", "delete")
    ),
    hidden=(Hidden(("action", "*", "secret")), Hidden(("action", "*", "api_key"))),
    sample=(("priority", 0),),
    feature=_BOT_DETECTION,
    check=_check_policy,
    complete=_complete_policy,
    operations=frozenset({"create", "get", "update", "delete"}),
)


def _notifies(document: Document) -> bool:
    parts = (document, *document.get("stage", {}).values())
    return any("admin_notification" in part.get("shields", []) for part in parts)


def _change_breached(change: Callable[[Call], Answer], call: Call) -> Answer:
    """With the last shield that notifies administrators goes the frequency of the notifications.

    Unless the update itself sets one (recorded traffic).
    """
    old = state(BREACHED_PASSWORD, call)
    new = updated(old, call.body, BREACHED_PASSWORD.merged)
    if _notifies(old) and not _notifies(new):
        call = replace(call, body={"admin_notification_frequency": [], **call.body})
    return change(call)


_read_breached, _write_breached = singleton_routes(BREACHED_PASSWORD)
ROUTES = joined(
    *map(
        singleton_routes,
        (BRUTE_FORCE, SUSPICIOUS_IP, BOT_DETECTION, CAPTCHA, PHONE_PROVIDER),
    ),
    collection_routes(POLICIES),
    [
        _read_breached,
        replace(_write_breached, handle=partial(_change_breached, _write_breached.handle)),
        Route(
            "GET",
            POLICIES.path,
            ("read:attack_protection",),
            _list_policies,
            feature=_BOT_DETECTION,
            seed=partial(seed_list, POLICIES),
        ),
    ],
)
