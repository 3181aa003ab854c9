"""Prompt settings, custom text by prompt and language, partials by prompt."""

from tenantctl.sandbox.refusal import invalid_path
from tenantctl.sandbox.service import joined, singleton_routes
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Call, Singleton

_PROMPTS = frozenset(
    {
        "login", "login-id", "login-password", "login-passwordless", "login-email-verification",
        "signup", "signup-id", "signup-password", "phone-identifier-enrollment",
        "phone-identifier-challenge", "email-identifier-challenge", "reset-password",
        "custom-form", "consent", "customized-consent", "logout", "mfa-push", "mfa-otp",
        "mfa-voice", "mfa-phone", "mfa-webauthn", "mfa-sms", "mfa-email", "mfa-recovery-code",
        "mfa", "status", "device-flow", "email-verification", "email-otp-challenge",
        "organizations", "invitation", "common", "passkeys", "captcha", "brute-force-protection",
        "async-approval-flow",
    }
)  # fmt: skip


def _check_prompt(call: Call, _new: Document, _old: Document) -> None:
    prompt = call.arguments["prompt"]
    if prompt not in _PROMPTS:
        raise invalid_path(f'No enum match for: "{prompt}"', "prompt")


def _without_empty(document: Document) -> Document:
    """A screen without content is as good as none."""
    return {name: value for name, value in document.items() if value != {}}


SETTINGS = Singleton(
    name="prompts_settings",
    path="/prompts",
    read="read:prompts",
    write="update:prompts",
    defaults={
        "universal_login_experience": "new",
        "identifier_first": False,
        "webauthn_platform_first_factor": False,
    },
)

CUSTOM_TEXT = Singleton(
    name="prompt_custom_text",
    path="/prompts/{prompt}/custom-text/{language}",
    read="read:prompts",
    write="update:prompts",
    defaults={},
    method="PUT",
    check=_check_prompt,
    normal=_without_empty,
)

PARTIALS = Singleton(
    name="prompt_partials",
    path="/prompts/{prompt}/partials",
    read="read:prompts",
    write="update:prompts",
    defaults={},
    method="PUT",
    check=_check_prompt,
    normal=_without_empty,
)

ROUTES = joined(
    singleton_routes(SETTINGS), singleton_routes(CUSTOM_TEXT), singleton_routes(PARTIALS)
)
