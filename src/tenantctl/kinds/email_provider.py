"""The e-mail provider; secrets among its credentials, which are one whole, are never shown."""

from tenantctl.kinds.hazard import AT_ONCE, LOGIN, anything, deleting
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

SECRETS = {
    "api_key": ("mailgun", "mandrill", "resend", "sendgrid", "sparkpost"),
    "accessKeyId": ("ses",),
    "secretAccessKey": ("ses",),
    "smtp_pass": ("smtp",),
    "connectionString": ("azure_cs",),
    "tenantId": ("ms365",),
    "clientId": ("ms365",),
    "clientSecret": ("ms365",),
}
"""The secret credentials, and the providers that have them."""

KIND = Kind(
    name="email_provider",
    shape="email_provider",
    wire=Wire(
        read="/emails/provider",
        create="POST /emails/provider",
        update="PATCH /emails/provider",
        delete="DELETE /emails/provider",
        absent=True,
        scopes=scopes("email_provider"),
    ),
    rank=20,
    calls=(("credentials", "smtp_host"),),
    rules=(
        Rule(("enabled",), default=True, unset="illegal"),
        Rule(("default_from_address",), unset="illegal"),
        Rule(("name",), unset="illegal"),
        Rule(("credentials",), map="open", write="replace", unset="illegal"),
        *(
            Rule(("credentials", secret), read="absent", secret=True, sure_by=("name", providers))
            for secret, providers in SECRETS.items()
        ),
        Rule(("settings",), write="replace"),
    ),
    reach="everybody",
    risks=(
        anything(
            (LOGIN,),
            "mails that people sign in or reset with may not arrive",
            "customize/email/smtp-email-providers",
            on=AT_ONCE,
        ),
        deleting(
            (LOGIN,),
            "mails go out by Auth0's own test service, or not at all",
            "customize/email/smtp-email-providers",
        ),
    ),
)
