"""E-mail templates: fixed names, absent until somebody customises them, never deleted."""

from tenantctl.kinds.hazard import AT_ONCE, LOGIN, anything, safe
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="email_templates",
    shape="email_templates",
    wire=Wire(
        read="/email-templates/{0}",
        create="POST /email-templates",
        update="PATCH /email-templates/{0}",
        absent=True,
        scopes=scopes("email_templates"),
    ),
    key=("template",),
    parts=("template",),
    fixed=True,
    values=(
        "verify_email",
        "verify_email_by_code",
        "auth_email_by_code",
        "reset_email",
        "reset_email_by_code",
        "welcome_email",
        "blocked_account",
        "stolen_credentials",
        "enrollment_email",
        "mfa_oob_code",
        "user_invitation",
        "async_approval",
        "change_password",
        "password_reset",
    ),
    after=("email_provider",),
    folder="emails",
    rank=70,
    immortal=True,
    rules=(
        Rule(("template",), when="create"),
        Rule(("body",), text="liquid"),
        Rule(("includeEmailInRedirect",), default=False, unset="illegal"),
    ),
    reach="everybody",
    risks=(
        anything(
            (LOGIN,),
            "what the mail leads to changes",
            "customize/email/email-templates",
            on=AT_ONCE,
        ),
        *safe("subject", "from", "syntax"),
    ),
)
