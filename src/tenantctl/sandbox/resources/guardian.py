"""Multi-factor authentication: factors, policies, and the settings of what delivers codes.

The paths below `sms` are the older names of what stands below `phone`.
"""

from dataclasses import replace
from typing import Any

from tenantctl.sandbox.documents import public, updated, without_nulls
from tenantctl.sandbox.refusal import invalid_body, invalid_path
from tenantctl.sandbox.service import joined, singleton_routes
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import FREE, Answer, Body, Call, Hidden, Route, Singleton, limits

_FACTORS = (
    "sms", "push-notification", "otp", "email", "duo", "webauthn-roaming", "webauthn-platform",
    "recovery-code",
)  # fmt: skip
_READ, _WRITE = "read:guardian_factors", "update:guardian_factors"
_ROOT = "/guardian/factors"
_PUSH = f"{_ROOT}/push-notification"
_HOUR, _DAY = 3600, 86400


def _list_factors(call: Call) -> Answer:
    """Always all of them, in one order."""
    store = call.tenant.store
    enabled = {name: store.get("guardian_factors", name) or {} for name in _FACTORS}
    return Answer(
        200,
        [
            {"name": name, "enabled": bool(found.get("enabled")), "trial_expired": False}
            for name, found in enabled.items()
        ],
    )


def _set_factor(call: Call) -> Answer:
    name = call.arguments["name"]
    if name not in _FACTORS:
        raise invalid_path(f'No enum match for: "{name}"', "name")
    call.tenant.store.put("guardian_factors", name, {"enabled": call.body["enabled"]})
    return Answer(200, {"enabled": call.body["enabled"]})


def _seed_factors(call: Call, body: Any) -> None:
    for factor in body or []:
        call.tenant.store.put("guardian_factors", factor["name"], {"enabled": factor["enabled"]})


def _show_policies(call: Call) -> Answer:
    found = call.tenant.store.get("guardian_policies", "") or {}
    return Answer(200, found.get("policies", []))


def _set_policies(call: Call) -> Answer:
    _seed_policies(call, call.body)
    return _show_policies(call)


def _seed_policies(call: Call, body: Any) -> None:
    call.tenant.store.put("guardian_policies", "", {"policies": body or []})


def _part(
    name: str,
    path: str,
    defaults: Document,
    **facts: Any,
) -> Singleton:
    return Singleton(
        name=f"guardian_{name}",
        path=path,
        read=_READ,
        write=_WRITE,
        defaults=defaults,
        method="PUT",
        **facts,
    )


def _check_timeouts(_call: Call, new: Document, _old: Document) -> None:
    if new["mfa_session_inactivity_timeout"] > new["mfa_session_overall_timeout"]:
        raise invalid_body(
            "The inactivity timeout cannot exceed the overall timeout",
            "mfa_session_inactivity_timeout",
        )


def _with_certificate(document: Document) -> Document:
    """Pushes through Apple are enabled by their certificate, which no read shows."""
    return {**document, "enabled": "p12" in document or document.get("enabled", False)}


def _without_enabled(_call: Call, document: Document) -> Document:
    return {name: value for name, value in document.items() if name != "enabled"}


def _with_secret(call: Call, document: Document) -> Document:
    """The answer to a write is the only one that shows the key."""
    given = call.body.get("aws_secret_access_key")
    return {**document, "aws_secret_access_key": given} if given else document


SETTINGS = _part(
    "settings",
    "/guardian/settings",
    {
        "display_remember_me_checkbox": True,
        "remember_me_default_value": False,
        "mfa_session_inactivity_timeout": 30 * _DAY,
        "mfa_session_overall_timeout": 30 * _DAY,
    },
    limits=limits(
        {
            "mfa_session_inactivity_timeout": {"minimum": _HOUR, "maximum": 30 * _DAY},
            "mfa_session_overall_timeout": {"minimum": _HOUR, "maximum": 90 * _DAY},
        }
    ),
    check=_check_timeouts,
)
_CODES: Document = {"otp_length": 6, "otp_expiration_time": 300}
EMAIL_SETTINGS = _part("email_settings", f"{_ROOT}/email/settings", _CODES)
PHONE_SETTINGS = _part("phone_settings", f"{_ROOT}/phone/settings", _CODES)
PHONE_MESSAGE_TYPES = _part(
    "phone_message_types", f"{_ROOT}/phone/message-types", {"message_types": []}
)
PHONE_PROVIDER = _part("phone_provider", f"{_ROOT}/phone/selected-provider", {"provider": "auth0"})
PHONE_TWILIO = _part("phone_twilio", f"{_ROOT}/phone/providers/twilio", {})
_CODE = "{{code}} is your verification code for {{tenant.friendly_name}}"
PHONE_TEMPLATES = _part(
    "phone_templates",
    f"{_ROOT}/phone/templates",
    {
        "enrollment_message": f"{_CODE}. Please enter this code to verify your enrollment.",
        "verification_message": _CODE,
    },
)
PUSH_PROVIDER = _part("push_provider", f"{_PUSH}/selected-provider", {"provider": "guardian"})
PUSH_APNS = _part(
    "push_apns",
    f"{_PUSH}/providers/apns",
    {"sandbox": False, "enabled": False},
    hidden=(Hidden(("p12",)),),
    normal=_with_certificate,
    echo=_without_enabled,
)
PUSH_SNS = _part(
    "push_sns",
    f"{_PUSH}/providers/sns",
    {},
    hidden=(Hidden(("aws_secret_access_key",)),),
    echo=_with_secret,
)
PUSH_FCM = _part("push_fcm", f"{_PUSH}/providers/fcm", {}, hidden=(Hidden(("server_key",)),))
PUSH_FCMV1 = _part(
    "push_fcmv1", f"{_PUSH}/providers/fcmv1", {}, hidden=(Hidden(("server_credentials",)),)
)
DUO_SETTINGS = _part("duo_settings", f"{_ROOT}/duo/settings", {})


def _both(part: Singleton) -> tuple[Route, ...]:
    """Read, replacement and update."""
    return (*singleton_routes(part), singleton_routes(replace(part, method="PATCH"))[1])


def _twice(part: Singleton) -> tuple[Route, ...]:
    """The routes below `phone`, and the older ones below `sms` that lead to the same object."""
    routes = singleton_routes(part)
    older = (replace(route, path=route.path.replace("/phone/", "/sms/")) for route in routes)
    return (*routes, *older)


def _unpublished(
    path: str, method: str, defaults: Document, scopes: tuple[str, str]
) -> list[Route]:
    """An object that Auth0's dashboard and its Go client know, and its documentation does not.

    Its fields are texts and booleans; nothing else is known to be checked.
    """
    read, write = scopes

    def show(call: Call) -> Answer:
        return Answer(200, public(call.tenant.store.get(path, "") or defaults))

    def change(call: Call) -> Answer:
        if not isinstance(call.body, dict):
            raise invalid_body("Expected type object")
        old = (call.tenant.store.get(path, "") or defaults) if method == "PATCH" else {}
        for name, value in call.body.items():
            if not isinstance(value, str | bool | None):
                raise invalid_body("Expected type string or boolean", name)
        call.tenant.store.put(path, "", without_nulls(updated(old, call.body)))
        return show(call)

    def seed(call: Call, body: Any) -> None:
        call.tenant.store.put(path, "", body or defaults)

    return [
        Route("GET", path, (read,), show, seed=seed),
        Route(method, path, (write,), change, FREE),
    ]


_factor_scopes = (_READ, _WRITE)
ROUTES = joined(
    [
        Route("GET", _ROOT, (_READ,), _list_factors, seed=_seed_factors),
        Route(
            "PUT",
            f"{_ROOT}/{{name}}",
            (_WRITE,),
            _set_factor,
            Body("guardian_factors", "replace"),
        ),
        Route(
            "GET", "/guardian/policies", ("read:mfa_policies",), _show_policies, seed=_seed_policies
        ),
        Route(
            "PUT",
            "/guardian/policies",
            ("update:mfa_policies",),
            _set_policies,
            Body("guardian_policies", "replace"),
        ),
    ],
    *map(
        singleton_routes,
        (SETTINGS, EMAIL_SETTINGS, PHONE_SETTINGS, PHONE_MESSAGE_TYPES, PUSH_PROVIDER),
    ),
    *map(_twice, (PHONE_PROVIDER, PHONE_TWILIO, PHONE_TEMPLATES)),
    *map(_both, (PUSH_APNS, PUSH_SNS, DUO_SETTINGS)),
    *(_both(part)[1:] for part in (PUSH_FCM, PUSH_FCMV1)),
    _unpublished(
        f"{_ROOT}/webauthn-roaming/settings",
        "PUT",
        {"userVerification": "required", "overrideRelyingParty": False},
        _factor_scopes,
    ),
    _unpublished(
        f"{_ROOT}/webauthn-platform/settings",
        "PUT",
        {"overrideRelyingParty": False},
        _factor_scopes,
    ),
    _unpublished("/prompts/mfa-push", "PATCH", {}, ("read:prompts", "update:prompts")),
)
