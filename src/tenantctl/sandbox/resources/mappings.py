"""How attributes of other directories become attributes of a user where nobody says otherwise.

The tables are what the default-mapping endpoints of Auth0 answer (recorded traffic).
"""

from typing import Final

from tenantctl.sandbox.store import Document

_WORK: Final = 'addresses[type eq "work"].'
_ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User."
_PERSON: Final = (
    ("externalId", "app_metadata.external_id"),
    ("active", "blocked"),
    ("displayName", "name"),
    ("name.givenName", "given_name"),
    ("name.familyName", "family_name"),
)
_PICTURES: Final = (("nickName", "nickname"), ('photos[type eq "photo"].value', "picture"))
_EMPLOYMENT: Final = (
    (_WORK + "streetAddress", "app_metadata.street_address"),
    (_WORK + "locality", "app_metadata.city"),
    (_WORK + "region", "app_metadata.state"),
    (_WORK + "postalCode", "app_metadata.postal_code"),
    (_WORK + "formatted", "app_metadata.postal_address"),
    (_WORK + "country", "app_metadata.country"),
    ("profileUrl", "app_metadata.profile_url"),
    ("userType", "app_metadata.user_type"),
    ("title", "app_metadata.title"),
    ("preferredLanguage", "app_metadata.language"),
    ("locale", "app_metadata.locale"),
    ("timezone", "app_metadata.timezone"),
    (_ENTERPRISE + "employeeNumber", "app_metadata.employee_id"),
    (_ENTERPRISE + "costCenter", "app_metadata.cost_center"),
    (_ENTERPRISE + "organization", "app_metadata.organization"),
    (_ENTERPRISE + "division", "app_metadata.division"),
    (_ENTERPRISE + "department", "app_metadata.department"),
    (_ENTERPRISE + "manager", "app_metadata.manager"),
)
_GENERIC_SCIM: Final = (
    ("userName", "preferred_username"),
    ("emails[primary eq true].value", "email"),
    *_PERSON,
    ("name.middleName", "app_metadata.middle_name"),
    ("name.honorificPrefix", "app_metadata.honorific_prefix"),
    ("name.honorificSuffix", "app_metadata.honorific_suffix"),
    *_PICTURES,
    ("phoneNumbers[primary eq true].value", "app_metadata.primary_phone_number"),
    ('phoneNumbers[type eq "mobile"].value', "app_metadata.mobile_phone_number"),
    *_EMPLOYMENT,
)
_ENTRA_SCIM: Final = (
    ("userName", "upn"),
    ('emails[type eq "work"].value', "email"),
    *_PERSON,
    *_PICTURES,
    ('phoneNumbers[type eq "work"].value', "app_metadata.work_phone_number"),
    ('phoneNumbers[type eq "mobile"].value', "app_metadata.mobile_phone_number"),
    ('phoneNumbers[type eq "fax"].value', "app_metadata.fax_number"),
    *_EMPLOYMENT,
)
_SCIM: Final = {
    "oidc": _GENERIC_SCIM,
    "okta": _GENERIC_SCIM,
    "samlp": _GENERIC_SCIM,
    "waad": _ENTRA_SCIM,
}
# Attributes a Google Workspace directory and a user call by the same name.
_GOOGLE_SAME: Final = (
    "kind", "etag", "customerId", "orgUnitPath", "emails", "phones", "externalIds", "aliases",
    "addresses", "organizations", "nonEditableAliases", "relations", "languages", "posixAccounts",
    "notes", "websites", "locations", "keywords", "gender", "ims", "creationTime", "lastLoginTime",
    "changePasswordAtNextLogin", "isMailboxSetup", "includeInGlobalAddressList",
    "thumbnailPhotoUrl", "thumbnailPhotoEtag", "isEnrolledIn2Sv", "isEnforcedIn2Sv",
    "recoveryEmail", "recoveryPhone", "sshPublicKeys", "customSchemas",
)  # fmt: skip
_GOOGLE: Final = (
    ("id", "app_metadata.external_id"),
    ("primaryEmail", "email"),
    ("primaryEmail", "primaryEmail"),
    ("name.fullName", "name"),
    ("name.givenName", "given_name"),
    ("name.familyName", "family_name"),
    ("isAdmin", "isAdmin"),
    ("isAdmin", "is_admin"),
    ("isDelegatedAdmin", "isDelegatedAdmin"),
    ("agreedToTerms", "agreedToTerms"),
    ("agreedToTerms", "tou_accepted"),
    ("suspended", "suspended"),
    ("suspended", "is_suspended"),
    ("suspended", "blocked"),
    ("suspensionReason", "suspensionReason"),
    ("archived", "archived"),
    ("ipWhitelisted", "ipWhitelisted"),
    ("ipWhitelisted", "is_ipWhitelisted"),
    *((name, name) for name in _GOOGLE_SAME),
)


def scim_mapping(strategy: str) -> list[Document] | None:
    """The mapping of SCIM attributes for a strategy, None where it does not do SCIM."""
    pairs = _SCIM.get(strategy)
    return None if pairs is None else [{"scim": scim, "auth0": auth0} for scim, auth0 in pairs]


def directory_mapping(strategy: str) -> list[Document] | None:
    """The mapping of a directory's attributes, None where a strategy has no directory."""
    if strategy != "google-apps":
        return None
    return [{"idp": idp, "auth0": auth0} for idp, auth0 in _GOOGLE]
