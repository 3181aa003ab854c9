"""Prompt settings, custom text by prompt and language, partials by prompt."""

from tenantctl.sandbox.refusal import invalid_body, invalid_path
from tenantctl.sandbox.service import joined, singleton_routes
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Call, Singleton

PROMPTS = frozenset(
    {
        "login", "login-id", "login-password", "login-passwordless", "login-email-verification",
        "signup", "signup-id", "signup-password", "phone-identifier-enrollment",
        "phone-identifier-challenge", "email-identifier-challenge", "reset-password",
        "custom-form", "consent", "customized-consent", "logout", "mfa-push", "mfa-otp",
        "mfa-voice", "mfa-phone", "mfa-webauthn", "mfa-sms", "mfa-email", "mfa-recovery-code",
        "mfa", "status", "device-flow", "email-verification", "email-otp-challenge",
        "organizations", "invitation", "common", "passkeys", "captcha",
        "brute-force-protection", "async-approval-flow", "confirmation",
    }
)  # fmt: skip
_WITH_PARTIALS = frozenset(
    {
        "login", "login-id", "login-password", "login-passwordless", "signup", "signup-id",
        "signup-password", "customized-consent", "passkeys",
    }
)  # fmt: skip
_LANGUAGES = frozenset(
    {
        "am", "ar", "ar-EG", "ar-SA", "az", "bg", "bn", "bs", "ca-ES", "cnr", "cs", "cy", "da",
        "de", "el", "en", "en-CA", "es", "es-419", "es-AR", "es-MX", "et", "eu-ES", "fa", "fi",
        "fr", "fr-CA", "fr-FR", "gl-ES", "gu", "he", "hi", "hr", "hu", "hy", "id", "is", "it",
        "ja", "ka", "kk", "kn", "ko", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "my", "nb",
        "nl", "nn", "no", "pa", "pl", "pt", "pt-BR", "pt-PT", "ro", "ru", "sk", "sl", "so",
        "sq", "sr", "sv", "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "vi", "zgh", "zh-CN",
        "zh-HK", "zh-MO", "zh-TW",
    }
)  # fmt: skip


def check_name(call: Call, argument: str, known: frozenset[str]) -> None:
    """Raises Refusal 400 where an argument of the path is none of the names that Auth0 knows."""
    given = call.arguments[argument]
    if given not in known:
        raise invalid_path(f'No enum match for: "{given}"', argument)


def _named_text(call: Call, document: Document) -> Document:
    check_name(call, "prompt", PROMPTS)
    check_name(call, "language", _LANGUAGES)
    return document


def _named_partials(call: Call, document: Document) -> Document:
    check_name(call, "prompt", _WITH_PARTIALS)
    return document


def _check_texts(_call: Call, new: Document, _old: Document) -> None:
    """Texts stand below the name of their screen."""
    for screen, texts in new.items():
        if not isinstance(texts, dict) and not screen.startswith("_"):
            raise invalid_body("Expected type object", screen)


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
    check=_check_texts,
    normal=_without_empty,
    show=_named_text,
)

PARTIALS = Singleton(
    name="prompt_partials",
    path="/prompts/{prompt}/partials",
    read="read:prompts",
    write="update:prompts",
    defaults={},
    method="PUT",
    check=_check_texts,
    normal=_without_empty,
    show=_named_partials,
)

ROUTES = joined(
    singleton_routes(SETTINGS), singleton_routes(CUSTOM_TEXT), singleton_routes(PARTIALS)
)
