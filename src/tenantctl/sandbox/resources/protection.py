"""Attack protection: five singletons that are read and written alike."""

from tenantctl.sandbox.service import joined, singleton_routes
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Hidden, Limits, Singleton, limits

_PROVIDERS = ("recaptcha_v2", "recaptcha_enterprise", "hcaptcha", "friendly_captcha", "arkose")


def _part(
    name: str,
    defaults: Document,
    merged: tuple[str, ...] = (),
    hidden: tuple[Hidden, ...] = (),
    bounds: Limits = (),
) -> Singleton:
    return Singleton(
        name=f"attack_protection_{name}",
        path=f"/attack-protection/{name.replace('_', '-')}",
        read="read:attack_protection",
        write="update:attack_protection",
        defaults=defaults,
        merged=merged,
        hidden=hidden,
        limits=bounds,
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
    bounds=limits({"max_attempts": {"minimum": 1, "maximum": 100}}),
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
    bounds=limits(
        {
            "stage.pre-login.max_attempts": {"minimum": 1, "maximum": 2500},
            "stage.pre-login.rate": {"minimum": 34560, "maximum": 86400000},
            "stage.pre-user-registration.max_attempts": {"minimum": 1, "maximum": 72000},
            "stage.pre-user-registration.rate": {"minimum": 1200, "maximum": 86400000},
        }
    ),
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
)

ROUTES = joined(
    *(
        singleton_routes(part)
        for part in (BRUTE_FORCE, SUSPICIOUS_IP, BREACHED_PASSWORD, BOT_DETECTION, CAPTCHA)
    )
)
