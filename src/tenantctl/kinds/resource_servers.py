"""APIs. The Management API is one of them, in every tenant, and mostly fixed."""

from tenantctl.kinds.hazard import (
    LOGIN,
    LOSS,
    TOKEN,
    Hazard,
    anything,
    deleting,
    safe,
    shrinking,
)
from tenantctl.kinds.kind import Kind, Listing, Output, Rule, collection
from tenantctl.kinds.scopes import scopes

SUBJECT_TYPES = {"client": {"policy": "require_client_grant"}, "user": {"policy": "allow_all"}}

SETTINGS = "get-started/apis/api-settings"

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
    risks=(
        anything((TOKEN,), "tokens for the API are other ones, or given to others"),
        *safe("name"),
        *shrinking(("scopes",), (TOKEN,), "tokens carry no scope that is taken away", SETTINGS),
        *safe("scopes"),
        Hazard(
            ("signing_alg",),
            (TOKEN,),
            "an API that verifies as before refuses every new token",
            see="get-started/applications/signing-algorithms",
        ),
        Hazard(
            ("signing_secret",),
            (TOKEN,),
            "an API that verifies with the old secret refuses tokens",
            see="get-started/applications/signing-algorithms",
        ),
        Hazard(
            ("token_dialect",),
            (TOKEN,),
            "tokens carry other claims, permissions among them",
            see="get-started/apis/enable-role-based-access-control-for-apis",
        ),
        Hazard(
            ("enforce_policies",),
            (TOKEN,),
            "the scopes of a token depend on the roles of its user, or no longer do",
            see="get-started/apis/enable-role-based-access-control-for-apis",
        ),
        *shrinking(
            ("token_lifetime", "token_lifetime_for_web"), (TOKEN,), "tokens expire sooner", SETTINGS
        ),
        Hazard(
            ("allow_offline_access",),
            (TOKEN,),
            "no refresh tokens are given for it any more",
            when="off",
            see=SETTINGS,
        ),
        *safe("allow_offline_access", when="on"),
        Hazard(
            ("skip_consent_for_verifiable_first_party_clients",),
            (LOGIN,),
            "people are asked for consent, or no longer are",
            see=SETTINGS,
        ),
        Hazard(("consent_policy",), (LOGIN,), "people are asked for consent in another way"),
        deleting(
            (TOKEN, LOSS), "nobody is given tokens for it; grants and role permissions go with it"
        ),
    ),
)
