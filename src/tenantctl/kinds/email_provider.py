"""The e-mail provider; secrets among its credentials, which are one whole, are never shown."""

from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

SECRETS = ("api_key", "accessKeyId", "secretAccessKey", "smtp_pass", "connectionString")
MS365 = ("tenantId", "clientId", "clientSecret")

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
    rules=(
        Rule(("enabled",), default=True, unset="illegal"),
        Rule(("default_from_address",), unset="illegal"),
        Rule(("name",), unset="illegal"),
        Rule(("credentials",), map="open", write="replace", unset="illegal"),
        *(Rule(("credentials", name), read="absent", secret=True) for name in (*SECRETS, *MS365)),
        Rule(("settings",), write="replace"),
    ),
)
