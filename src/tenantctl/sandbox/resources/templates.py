"""The profiles that Auth0 offers as a beginning.

Attributes and mappings are those of the generic template Auth0 answers with (recorded traffic).
"""

from typing import Final

from tenantctl.sandbox.store import Document

_CLAIMS: Final = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
_USER: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User."

# Attribute, label, where it is kept under another name, SCIM, OIDC token, SAML claims.
_ATTRIBUTES: Final = (
    ("preferred_username", "Preferred username", "", "", "preferred_username", ""),
    ("username", "Username", "", "", "preferred_username", ""),
    ("upn", "UPN", "", "", "", "upn"),
    ("email", "Email", "", "emails[primary eq true].value", "email", "emailaddress"),
    ("email_verified", "Email verified?", "", "", "email_verified", ""),
    ("external_id", "External ID", "app_metadata.external_id", "externalId", "", ""),
    ("blocked", "Blocked", "", "active", "", ""),
    ("name", "Name", "", "displayName", "name", "name"),
    ("given_name", "Given Name", "", "name.givenName", "given_name", "givenname name"),
    ("family_name", "Family Name", "", "name.familyName", "family_name", "surname"),
    ("nickname", "Nickname", "", "nickName", "nickname", ""),
    ("picture", "Picture", "", 'photos[type eq "photo"].value', "picture", ""),
    ("title", "Title", "app_metadata.title", "title", "", ""),
    ("user_type", "User Type", "app_metadata.user_type", "userType", "", ""),
    ("language", "Language", "app_metadata.language", "preferredLanguage", "", ""),
    ("timezone", "Timezone", "app_metadata.timezone", "timezone", "", ""),
    ("employee_id", "Employee ID", "app_metadata.employee_id", f"{_USER}employeeNumber", "", ""),
    ("department", "Department", "app_metadata.department", f"{_USER}department", "", ""),
    ("manager", "Manager", "app_metadata.manager", f"{_USER}manager", "", ""),
)


def _attribute(facts: tuple[str, ...]) -> Document:
    name, label, kept, scim, oidc, claims = facts
    found: Document = {
        "description": label,
        "label": label,
        "profile_required": name == "email",
        "auth0_mapping": kept or name,
    }
    if scim:
        found["scim_mapping"] = scim
    if oidc:
        token = f"${{context.tokenset.{oidc}}}"
        found["oidc_mapping"] = {"mapping": token, "display_name": oidc}
    if claims:
        found["saml_mapping"] = [_CLAIMS + claim for claim in claims.split()]
    return found


USER_TEMPLATES: Final[tuple[Document, ...]] = (
    {
        "id": "auth0-generic",
        "display_name": "Auth0 Generic User Attribute Profile Template",
        "template": {
            "name": "Auth0 Generic User Attribute Profile",
            "user_id": {
                "scim_mapping": "externalId",
                "saml_mapping": [_CLAIMS + claim for claim in ("nameidentifier", "upn", "name")],
                "oidc_mapping": "sub",
                "strategy_overrides": {
                    "samlp": {"scim_mapping": "userName"},
                    "waad": {"oidc_mapping": "oid"},
                    "google-apps": {"oidc_mapping": "email"},
                },
            },
            "user_attributes": {facts[0]: _attribute(facts) for facts in _ATTRIBUTES},
        },
    },
)
CONNECTION_TEMPLATES: Final[tuple[Document, ...]] = (
    {
        "id": "auth0-generic",
        "display_name": "Auth0 Generic Connection Profile Template",
        "template": {
            "name": "Auth0 Generic Connection Profile",
            "organization": {
                "show_as_button": "optional",
                "assign_membership_on_login": "required",
            },
            "connection_name_prefix_template": "con-{org_id}-",
            "enabled_features": ["scim", "universal_logout"],
            "connection_config": {},
        },
    },
)
