"""APIs. The Management API is one of them, in every tenant, and mostly fixed."""

from tenantctl.kinds.kind import Kind, Listing, Output, Rule, collection
from tenantctl.kinds.scopes import scopes

SUBJECT_TYPES = {"client": {"policy": "require_client_grant"}, "user": {"policy": "allow_all"}}

KIND = Kind(
    name="resource_servers",
    shape="resource_servers",
    wire=collection(
        "/resource-servers",
        Listing("/resource-servers", "resource_servers", "page"),
        scopes("resource_servers"),
    ),
    key=("identifier",),
    system={"management-api": ("https://{domain}/api/v2/",)},
    settable={
        "management-api": (
            "token_lifetime",
            "skip_consent_for_verifiable_first_party_clients",
            "subject_type_authorization",
        )
    },
    rank=32,
    outputs=(Output("API_{key}_AUDIENCE", "identifier"),),
    replace_breaks="grants, role permissions and tokens for the audience",
    rules=(
        Rule(("identifier",), when="create"),
        Rule(("scopes",), list="keyed", by="value", value="description", write="replace"),
        Rule(("signing_alg",), default="RS256"),
        Rule(("signing_secret",), secret=True, unset="illegal"),
        Rule(("token_lifetime",), default=86400),
        Rule(("token_lifetime_for_web",), default=7200),
        Rule(("allow_offline_access",), default=False),
        Rule(("skip_consent_for_verifiable_first_party_clients",), default=False),
        Rule(("enforce_policies",), default=False),
        Rule(("token_dialect",), default="access_token"),
        Rule(("subject_type_authorization",), write="replace", default=SUBJECT_TYPES),
        Rule(("access_token",), write="replace"),
        Rule(("authorization_policy",), write="replace"),
        Rule(("proof_of_possession",), write="replace"),
        Rule(("token_encryption",), write="replace"),
        Rule(  # a public key, or its certificate
            ("token_encryption", "encryption_key", "pem"),
            read="absent",
            text="certificate",
            sure_by=("token_encryption.encryption_key.alg", ()),
            told_by=("thumbprint_sha256",),
        ),
        Rule(("token_encryption", "encryption_key", "thumbprint_sha256"), when="never"),
        Rule(("authorization_details",), list="ordered"),
        Rule(("is_system",), when="never"),
        Rule(("client_id",), when="never"),
    ),
)
