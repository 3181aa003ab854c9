"""Attack protection: one kind of parts, each with its own endpoint and its own step."""

from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

CAPTCHA_SECRETS = (
    ("arkose", "secret"),
    ("friendly_captcha", "secret"),
    ("hcaptcha", "secret"),
    ("recaptcha_v2", "secret"),
    ("recaptcha_enterprise", "api_key"),
)

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
        *(Rule(path, read="absent", secret=True) for path in CAPTCHA_SECRETS),
    ),
)
