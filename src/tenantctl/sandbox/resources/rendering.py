"""How the screens of the universal login are rendered: by Auth0, or by a page of one's own."""

import re
from typing import Any

from tenantctl.sandbox.documents import projected
from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import invalid_body
from tenantctl.sandbox.resources.prompts import PROMPTS, check_name
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Body, Call, Paging, Route

_SCREENS = frozenset(
    {
        "login", "login-id", "login-password", "login-passwordless-email-code",
        "login-passwordless-email-link", "login-passwordless-sms-otp",
        "login-email-verification", "signup", "signup-id", "signup-password",
        "phone-identifier-enrollment", "phone-identifier-challenge",
        "email-identifier-challenge", "reset-password-request", "reset-password-email",
        "reset-password", "reset-password-success", "reset-password-error",
        "reset-password-mfa-email-challenge", "reset-password-mfa-otp-challenge",
        "reset-password-mfa-phone-challenge", "reset-password-mfa-push-challenge-push",
        "reset-password-mfa-recovery-code-challenge", "reset-password-mfa-sms-challenge",
        "reset-password-mfa-voice-challenge", "reset-password-mfa-webauthn-platform-challenge",
        "reset-password-mfa-webauthn-roaming-challenge", "custom-form", "consent",
        "customized-consent", "logout", "logout-complete", "logout-aborted", "mfa-push-welcome",
        "mfa-push-enrollment-qr", "mfa-push-enrollment-code", "mfa-push-success",
        "mfa-push-challenge-push", "mfa-push-list", "mfa-otp-enrollment-qr",
        "mfa-otp-enrollment-code", "mfa-otp-challenge", "mfa-voice-enrollment",
        "mfa-voice-challenge", "mfa-phone-challenge", "mfa-phone-enrollment",
        "mfa-webauthn-platform-enrollment", "mfa-webauthn-roaming-enrollment",
        "mfa-webauthn-platform-challenge", "mfa-webauthn-roaming-challenge",
        "mfa-webauthn-change-key-nickname", "mfa-webauthn-enrollment-success",
        "mfa-webauthn-error", "mfa-webauthn-not-available-error", "mfa-country-codes",
        "mfa-sms-enrollment", "mfa-sms-challenge", "mfa-sms-list", "mfa-email-challenge",
        "mfa-email-list", "mfa-recovery-code-enrollment",
        "mfa-recovery-code-challenge-new-code", "mfa-recovery-code-challenge",
        "mfa-detect-browser-capabilities", "mfa-enroll-result", "mfa-login-options",
        "mfa-begin-enroll-options", "status", "device-code-activation",
        "device-code-activation-allowed", "device-code-activation-denied",
        "device-code-confirmation", "email-verification-result", "email-otp-challenge",
        "organization-selection", "organization-picker", "pre-login-organization-picker",
        "accept-invitation", "redeem-ticket", "passkey-enrollment", "passkey-enrollment-local",
        "interstitial-captcha", "brute-force-protection-unblock",
        "brute-force-protection-unblock-success", "brute-force-protection-unblock-failure",
        "async-approval-error", "async-approval-accepted", "async-approval-denied",
        "confirmation", "async-approval-wrong-user",
    }
)  # fmt: skip
_CONTEXT = re.compile(
    r"branding\.settings|branding\.themes\.default|country_codes|client\.(logo_uri|description)"
    r"|organization\.(display_name|branding)|screen\.texts|user\.organizations|experiment"
    r"|tenant\.(name|friendly_name|logo_url|enabled_locales)|transaction\.custom_domain\.domain"
    r"|untrusted_data\.submitted_form_data"
    r"|untrusted_data\.authorization_params\.(login_hint|screen_hint|ui_locales|ext-[^.]+)"
    r"|(client|organization)\.metadata\.[^.]+|transaction\.custom_domain\.domain_metadata\.[^.]+"
    r"|user\.(user|app)_metadata\.[^.]+"
)
_KIND = "prompt_rendering"
_PAGING = Paging("configs")
_DEFAULTS: Document = {
    "rendering_mode": "standard",
    "context_configuration": [],
    "default_head_tags_disabled": False,
    "head_tags": [],
}
# What one update of many screens sets where it says nothing; an update of one screen does not.
_UNSAID: Document = {"filters": None, "use_page_template": False}
_FILTERS = ("prompt", "screen", "rendering_mode")


def _key(call: Call) -> tuple[str, str]:
    """Prompt and screen of the path. Raises Refusal 400 where Auth0 knows no such."""
    check_name(call, "prompt", PROMPTS)
    check_name(call, "screen", _SCREENS)
    return call.arguments["prompt"], call.arguments["screen"]


def _state(call: Call, prompt: str, screen: str) -> Document:
    found = call.tenant.store.get(_KIND, f"{prompt}/{screen}") or {}
    return {"prompt": prompt, "screen": screen, **_DEFAULTS, **found}


def _check(config: Document, where: str = "") -> None:
    for index, name in enumerate(config.get("context_configuration") or []):
        if not _CONTEXT.fullmatch(name):
            path = f"{where}context_configuration.{index}"
            raise invalid_body(f'No enum match for: "{name}"', path)


def _write(call: Call, prompt: str, screen: str, config: Document) -> None:
    """Merges; null stays where filters and context can be none, and is the default elsewhere."""
    given = {
        name: _DEFAULTS.get(name) if value is None else value for name, value in config.items()
    }
    new = {**_state(call, prompt, screen), **given}
    call.tenant.store.put(_KIND, f"{prompt}/{screen}", new)


def _show(call: Call) -> Answer:
    return Answer(200, {"tenant": call.tenant.name, **_state(call, *_key(call))})


def _update(call: Call) -> Answer:
    """Answers with what was sent, nothing else (recorded traffic 7b)."""
    prompt, screen = _key(call)
    _check(call.body)
    _write(call, prompt, screen, call.body)
    return Answer(200, call.body)


def _update_all(call: Call) -> Answer:
    for index, config in enumerate(call.body["configs"]):
        _check(config, f"configs.{index}.")
    for config in call.body["configs"]:
        _write(call, config["prompt"], config["screen"], {**_UNSAID, **config})
    return Answer(200, call.body)


def _list(call: Call) -> Answer:
    """The screens that somebody has ever configured."""

    def asked_for(row: Row) -> bool:
        document = row.document
        return all(call.first(name) in {None, document.get(name)} for name in _FILTERS)

    rows = [row for row in call.tenant.store.rows(_KIND) if asked_for(row)]
    return Answer(200, page(call, _PAGING, rows, lambda row: projected(call, row.document)))


def _seed(call: Call, body: Any) -> None:
    if body is not None:
        prompt, screen = call.arguments["prompt"], call.arguments["screen"]
        found = {name: value for name, value in body.items() if name != "tenant"}
        call.tenant.store.put(_KIND, f"{prompt}/{screen}", found)


def _seed_all(call: Call, body: Any) -> None:
    for config in body["configs"] if isinstance(body, dict) else body or []:
        call.tenant.store.put(_KIND, f"{config['prompt']}/{config['screen']}", config)


_ALL = "/prompts/rendering"
_PAID = "advanced_customizations"
_ONE = "/prompts/{prompt}/screen/{screen}/rendering"
_READ, _WRITE = ("read:prompts",), ("update:prompts",)
_QUERY = frozenset({"fields", "include_fields", *_FILTERS, *_PAGING.parameters()})
ROUTES = (
    Route("GET", _ALL, _READ, _list, query=_QUERY, items="configs", feature=_PAID, seed=_seed_all),
    Route("PATCH", _ALL, _WRITE, _update_all, Body(_KIND, "bulk_update"), feature=_PAID),
    Route("GET", _ONE, _READ, _show, feature=_PAID, seed=_seed),
    Route("PATCH", _ONE, _WRITE, _update, Body(_KIND, "update"), feature=_PAID),
)
