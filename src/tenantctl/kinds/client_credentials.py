"""The public keys and certificates of a client, written inside it by name, attached by name.

Auth0 never shows a key again, but tells it by its id, a certificate by its thumbprint. A key is
not changed: a new one is made under another name, attached, and the old one detached and deleted.
"""

from tenantctl.kinds.hazard import ROTATION, TOKEN, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

PATH = "/clients/{parent}/credentials"
BORN = ("credential_type", "alg", "kid", "subject_dn", "name")

KIND = Kind(
    name="client_credentials",
    shape="client_credentials",
    wire=collection(PATH, Listing(PATH), scopes("client_credentials")),
    key=("name",),
    authored_in=("clients", "credentials"),
    rank=31,
    replace_breaks="what is signed with the key: write the new one under another name instead",
    rules=(
        *(Rule((name,), when="create") for name in BORN),
        Rule(
            ("pem",),
            when="create",
            read="absent",
            text="certificate",
            sure_by=("credential_type", ("public_key", "x509_cert")),
            told_by=("kid", "thumbprint_sha256", "subject_dn"),
        ),
        Rule(("parse_expiry_from_cert",), when="create", read="absent"),
        Rule(("expires_at",), text="moment", unset="illegal"),
        Rule(("thumbprint_sha256",), when="never"),
    ),
    risks=(
        anything((TOKEN,), "it expires at another time, and then proves nothing"),
        *safe("name"),
        deleting((TOKEN, ROTATION), "an application that proves itself with it is refused tokens"),
    ),
)
