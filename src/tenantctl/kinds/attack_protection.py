"""Attack protection: one kind of parts, each with its own endpoint and its own step."""

from tenantctl.kinds.hazard import LOCKOUT, LOGIN, Hazard, anything, safe, shrinking
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

CAPTCHA_SECRETS = (
    ("arkose", "secret"),
    ("friendly_captcha", "secret"),
    ("hcaptcha", "secret"),
    ("recaptcha_v2", "secret"),
    ("recaptcha_enterprise", "api_key"),
)

FRESH = {
    "brute_force_protection": {
        "enabled": True,
        "shields": ("block", "user_notification"),
        "mode": "count_per_identifier_and_ip",
        "max_attempts": 10,
    },
    "suspicious_ip_throttling": {
        "enabled": True,
        "shields": ("block", "admin_notification"),
        "stage": {
            "pre-login": {"max_attempts": 100, "rate": 864000},
            "pre-user-registration": {"max_attempts": 50},
            "pre-custom-token-exchange": {"max_attempts": 10, "rate": 600000},
        },
    },
    "breached_password_detection": {
        "enabled": False,
        "shields": (),
        "method": "standard",
        "stage": {
            "pre-user-registration": {"shields": ()},
            "pre-change-password": {"shields": ()},
        },
    },
    "bot_detection": {
        "challenge_password_policy": "never",
        "challenge_passwordless_policy": "never",
        "challenge_password_reset_policy": "never",
        "bot_detection_level": "medium",
        "monitoring_mode_enabled": False,
    },
    "captcha": {
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
}
"""The parts of a new tenant, as the API document and recorded traffic agree on them."""

PROTECTION = "secure/attack-protection"

KIND = Kind(
    name="attack_protection",
    shape="attack_protection_{key}",
    wire=Wire(
        read="/attack-protection/{dashed}",
        update="PATCH /attack-protection/{dashed}",
        scopes=scopes("attack_protection"),
    ),
    parts=("part",),
    fixed=True,
    values=(
        "brute_force_protection",
        "suspicious_ip_throttling",
        "breached_password_detection",
        "bot_detection",
        "captcha",
        "phone_provider_protection",
    ),
    fresh=FRESH,
    rank=25,
    immortal=True,
    rules=(
        Rule(("*",), unset="illegal"),
        Rule(("shields",), list="set", default=(), unset="empty"),
        Rule(("allowlist",), list="set", default=(), unset="empty"),
        Rule(("admin_notification_frequency",), list="set", default=(), unset="empty"),
        Rule(("stage", "*", "shields"), list="set"),
        Rule(("stage", "*", "admin_notification_frequency"), list="set"),
        # The API merges these, but an update that leaves out the keys of a provider is refused.
        *(Rule(path[:1], write="replace", unset="illegal") for path in CAPTCHA_SECRETS),
        *(
            Rule(path, read="absent", secret=True, sure_by=(f"{path[0]}.site_key", ()))
            for path in CAPTCHA_SECRETS
        ),
    ),
    reach="everybody",
    risks=(
        anything((LOGIN,), "other sign-ins are slowed down, asked or stopped", PROTECTION),
        *shrinking(
            ("allowlist",), (LOCKOUT,), "addresses that went unhindered can be blocked", PROTECTION
        ),
        Hazard(
            ("shields",),
            (LOCKOUT, LOGIN),
            "people can be blocked who were not",
            when="more",
            see=PROTECTION,
        ),
        Hazard(("stage",), (LOCKOUT, LOGIN), "people can be blocked who were not", see=PROTECTION),
        Hazard(("enabled",), (LOCKOUT, LOGIN), "people can be blocked", when="on", see=PROTECTION),
        Hazard(
            ("max_attempts",),
            (LOCKOUT, LOGIN),
            "people are blocked after fewer attempts",
            when="less",
            see="secure/attack-protection/brute-force-protection",
        ),
        *safe("admin_notification_frequency", "monitoring_mode_enabled", when="on"),
        *safe("admin_notification_frequency"),
        Hazard(("stage", "*", "admin_notification_frequency"), ()),
        Hazard(
            (),
            (LOCKOUT, LOGIN),
            "with a key that the provider does not know nobody gets in",
            keys=("captcha",),
            see="secure/attack-protection/bot-detection",
        ),
    ),
)
