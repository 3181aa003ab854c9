"""What every third-party client may do with an API without a grant of its own."""

from tenantctl.kinds import client_grants
from tenantctl.kinds.kind import Kind, RefTo, Rule

PARTS = ("default_for", "audience", "subject_type")

KIND = Kind(
    name="default_client_grants",
    shape="client_grants",
    wire=client_grants.KIND.wire,
    key=PARTS,
    parts=PARTS,
    rank=40,
    rules=(
        Rule(("default_for",), when="create"),
        Rule(("audience",), when="create", ref=RefTo("resource_servers", "identifier")),
        Rule(("subject_type",), when="create", default="client"),
        Rule(("client_id",), when="never"),
        *client_grants.RULES,
    ),
)
