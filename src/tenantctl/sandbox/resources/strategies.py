"""What Auth0 makes of the options of a connection, strategy by strategy (recorded traffic 6, 8b).

An update replaces `options` as a whole; some members the server puts back.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from tenantctl.sandbox import federation
from tenantctl.sandbox.certificates import certificate_facts
from tenantctl.sandbox.documents import filled, overlaid
from tenantctl.sandbox.store import Document

Derive = Callable[[Document, Document], Document]


@dataclass(frozen=True, slots=True)
class Scopes:
    """Options that stand for scopes of the provider; `separator` None makes a list of them.

    Flags that `names` does not know are scopes themselves where it is None. With `always`, there
    is a scope even if no flag is given.
    """

    names: dict[str, str] | None
    separator: str | None = None
    always: bool = True


def _as_given(options: Document, _old: Document) -> Document:
    return options


@dataclass(frozen=True, slots=True)
class Strategy:
    """What the server adds.

    `initial` on create only; `standing` after every write, as it was before it where the write
    says nothing, `afresh` after an update that says nothing; `scopes` are worked out of flags, and
    `derive` is the last word, given the options before. A `ticket` is where the customer finishes
    the setup. An `enterprise` connection has no button of its own, a `named` one is displayed
    under its name.
    """

    initial: Document = field(default_factory=dict)
    standing: Document = field(default_factory=dict)
    afresh: Document = field(default_factory=dict)
    scopes: Scopes | None = None
    derive: Derive = _as_given
    ticket: bool = False
    enterprise: bool = False
    named: bool = False


def completed(strategy: str, options: Document, old: Document | None) -> Document:
    """The options that are kept of those that were written; `old` is None on create."""
    facts = STRATEGIES.get(strategy, Strategy())
    if old is None:
        options = filled(options, facts.initial)
        options = filled(options, facts.standing)
    else:
        options = filled(_put_back(options, old, facts.standing), facts.afresh)
    if facts.scopes is not None:
        options = _scoped(options, facts.scopes)
    return facts.derive(options, old or {})


def _put_back(options: Document, old: Document, standing: Document) -> Document:
    for name, value in standing.items():
        if name not in options:
            options = {**options, name: old.get(name, value)}
    return options


def _scoped(options: Document, scopes: Scopes) -> Document:
    names = scopes.names
    flags = [name for name, value in options.items() if isinstance(value, bool)]
    known = [name for name in flags if names is None or name in names]
    if not known and ("scope" in options or not scopes.always):
        return options
    found = [name if names is None else names[name] for name in known if options[name]]
    told = list(dict.fromkeys(scope for scope in found if scope))
    text: Any = told if scopes.separator is None else scopes.separator.join(told)
    return {**options, "scope": text}


def _text(options: Document, name: str) -> str:
    """An option that is a text; '' where it is anything else: some models are open."""
    value = options.get(name)
    return value if isinstance(value, str) else ""


def _objects(value: Any) -> Document:
    return value if isinstance(value, dict) else {}


_PASSWORD = {"enabled": True, "api_behavior": "required", "signup_behavior": "allow"}
_METHODS: Document = {"password": _PASSWORD, "passkey": {"enabled": False}}
_BLOCKED = (
    "name", "username", "nickname", "email", "phone_number", "user_metadata.name",
    "user_metadata.first", "user_metadata.last",
)  # fmt: skip
_PASSWORDS: Document = {
    "complexity": {
        "character_type_rule": "all",
        "identical_characters": "allow",
        "sequential_characters": "allow",
        "max_length_exceeded": "error",
        "min_length": 15,
        "character_types": [],
    },
    "profile_data": {"active": False, "blocked_fields": list(_BLOCKED)},
    "history": {"active": False, "size": 3},
    "dictionary": {"active": False, "custom": [], "default": "en_100k"},
}


def _database(options: Document, old: Document) -> Document:
    methods = _objects(options.get("authentication_methods"))
    before = _objects(old.get("authentication_methods")) or _METHODS
    options = {**options, "authentication_methods": overlaid(before, methods)}
    if isinstance(options.get("password_options"), dict):
        options["password_options"] = filled(options["password_options"], _PASSWORDS)
    elif not old:
        options = {"passwordPolicy": "good", **options}
    email = _objects(options.get("attributes")).get("email")
    if isinstance(email, dict):
        email.setdefault("unique", True)
        email.setdefault("verification_method", "link")
    return options


def _discovering(option: str, prefix: str = "", suffix: str = "") -> Derive:
    """Fills endpoints that are null or absent from the document that an option leads to."""

    def derive(options: Document, _old: Document) -> Document:
        sent = options.get("oidc_metadata")
        if isinstance(sent, dict):
            metadata = federation.completed(sent)
        elif _text(options, option):
            metadata = federation.discovered(prefix + _text(options, option) + suffix)
        else:
            return options
        told = {name: metadata[name] for name in federation.ENDPOINTS if name in metadata}
        given = {name: value for name, value in options.items() if value is not None}
        return {**options, **told, **given, "oidc_metadata": metadata}

    return derive


def _okta(options: Document, old: Document) -> Document:
    return _discovering("domain", "https://")({**options, "type": "back_channel"}, old)


def _certified(options: Document) -> Document:
    certificate = _text(options, "signingCert")
    return {**options, **certificate_facts(certificate)} if certificate else options


def _saml(options: Document, old: Document) -> Document:
    xml, url = _text(options, "metadataXml"), _text(options, "metadataUrl")
    if xml:
        told = federation.saml_metadata(xml)
        options = {name: value for name, value in options.items() if name != "metadataXml"}
        options = {**options, **told}
    elif url:
        known = ("signingCert", "signInEndpoint", "signOutEndpoint", "bindingMethod")
        before = {name: old[name] for name in known if name in old}
        options = filled(options, {**federation.saml_at(url), **before})
    elif "signingCert" not in options:
        facts = ("cert", "thumbprints", "subject", "expires")
        options = filled(options, {name: old[name] for name in facts if name in old})
    return _certified(options)


def _adfs(options: Document, _old: Document) -> Document:
    xml = _text(options, "fedMetadataXml")
    return filled(options, federation.federation_metadata(xml)) if xml else options


def _pingfederate(options: Document, old: Document) -> Document:
    base = _text(options, "pingFederateBaseUrl")
    options = _certified(_saml(options, old))
    if base:
        options = filled(options, {"signInEndpoint": base})
    return {name: value for name, value in options.items() if name != "signingCert"}


def _google_workspace(options: Document, _old: Document) -> Document:
    extended = any(options.get(name) is True for name in ("ext_groups", "ext_is_admin"))
    return filled(options, {"api_enable_users": True}) if _old and extended else options


def _linkedin(options: Document, _old: Document) -> Document:
    version = options.get("strategy_version", 1)
    names = _LINKEDIN.get(version if isinstance(version, int) else 1, _LINKEDIN[1])
    return _scoped(options, Scopes(names))


def _same(names: Iterable[str]) -> dict[str, str]:
    return {name: name for name in names}


_LINKEDIN: Final[dict[int, dict[str, str]]] = {
    1: {
        "profile": "r_basicprofile",
        "basic_profile": "r_basicprofile",
        "full_profile": "r_fullprofile",
        "email": "r_emailaddress",
        "network": "r_network",
    },
    2: {"profile": "r_liteprofile", "basic_profile": "r_basicprofile", "email": "r_emailaddress"},
    3: {"profile": "profile", "basic_profile": "openid", "email": "email"},
}
_GITHUB: Final = {
    "email": "user:email",
    "read_user": "read:user",
    "follow": "user:follow",
    "repo_status": "repo:status",
    **_same(("public_repo", "repo", "repo_deployment", "delete_repo", "notifications", "gist")),
    **{
        f"{verb}_{noun}": f"{verb}:{noun}"
        for verb in ("read", "write", "admin")
        for noun in ("repo_hook", "org", "public_key")
    },
}
_APIS: Final = "https://www.googleapis.com/auth/"
_GOOGLE: Final = {
    **_same(("email", "profile")),
    **{name: _APIS + name for name in ("adsense", "analytics", "blogger", "calendar", "tasks")},
    "adsense_management": _APIS + "adsense",
    "google_affiliate_network": _APIS + "gan",
    "google_books": _APIS + "books",
    "google_cloud_storage": _APIS + "devstorage.full_control",
    "google_drive": _APIS + "drive",
    "google_drive_files": _APIS + "drive.file",
    "google_plus": _APIS + "plus.me",
    "chrome_web_store": _APIS + "chromewebstore.readonly",
    "content_api_for_shopping": _APIS + "structuredcontent",
    "coordinate": _APIS + "coordinate",
    "coordinate_readonly": _APIS + "coordinate.readonly",
    "latitude_best": _APIS + "latitude.all.best",
    "latitude_city": _APIS + "latitude.all.city",
    "moderator": _APIS + "moderator",
    "orkut": _APIS + "orkut",
    "site_verification": _APIS + "siteverification",
    "url_shortener": _APIS + "urlshortener",
    "webmaster_tools": _APIS + "webmasters",
    "contacts": "https://www.google.com/m8/feeds",
    "document_list": "https://docs.google.com/feeds",
    "gmail": "https://mail.google.com/mail/feed/atom",
    "gmail_new": _APIS + "gmail.readonly",
    "picasa_web_albums": "https://picasaweb.google.com/data",
    "sites": "https://sites.google.com/feeds",
    "spreadsheets": "https://spreadsheets.google.com/feeds",
    "youtube": "https://gdata.youtube.com",
    "youtube_new": _APIS + "youtube",
    "youtubeanalytics_readonly": _APIS + "yt-analytics.readonly",
}
_MICROSOFT: Final = {
    "offline_access": "offline_access",
    "graph_calendars": "Calendars.Read",
    "graph_calendars_update": "Calendars.ReadWrite",
    "graph_contacts": "Contacts.Read",
    "graph_contacts_update": "Contacts.ReadWrite",
    "graph_device": "Device.Read",
    "graph_device_command": "Device.Command",
    "graph_emails": "Mail.Read",
    "graph_emails_update": "Mail.ReadWrite",
    "graph_files": "Files.Read",
    "graph_files_all": "Files.Read.All",
    "graph_files_update": "Files.ReadWrite",
    "graph_files_all_update": "Files.ReadWrite.All",
    "graph_notes": "Notes.Read",
    "graph_notes_create": "Notes.Create",
    "graph_notes_update": "Notes.ReadWrite",
    "graph_tasks": "Tasks.Read",
    "graph_tasks_update": "Tasks.ReadWrite",
    "graph_user": "User.Read",
    "graph_user_activity": "UserActivity.ReadWrite.CreatedByApp",
    "graph_user_update": "User.ReadWrite",
}
_PROTECTED: Document = {"brute_force_protection": True}
_PROFILE: Document = {"profile": True}
_OPENID: Document = {"schema_version": "oidc-V4"}

STRATEGIES: Final[dict[str, Strategy]] = {
    "auth0": Strategy(
        initial={
            "mfa": {"active": True, "return_enroll_settings": True},
            "strategy_version": 2,
        },
        standing={
            "brute_force_protection": True,
            "authentication_methods": _METHODS,
            "passkey_options": {
                "challenge_ui": "both",
                "progressive_enrollment_enabled": True,
                "local_enrollment_enabled": True,
            },
        },
        derive=_database,
    ),
    "ad": Strategy(initial=_PROTECTED, standing={"ips": None}, ticket=True, enterprise=True),
    "adfs": Strategy(
        initial={"should_trust_email_verified_connection": "always_set_emails_as_verified"},
        standing={"thumbprints": []},
        derive=_adfs,
        ticket=True,
        enterprise=True,
    ),
    "apple": Strategy(scopes=Scopes(_same(("name", "email")), " ", always=False)),
    "email": Strategy(standing=_PROTECTED),
    "facebook": Strategy(scopes=Scopes(None, ",")),
    "github": Strategy(scopes=Scopes({**_GITHUB, "profile": ""})),
    "google-apps": Strategy(
        standing={
            "email": True,
            "profile": True,
            "scope": ["email", "profile"],
            "handle_login_from_social": True,
            "map_user_id_to_id": False,
        },
        derive=_google_workspace,
        ticket=True,
        enterprise=True,
    ),
    "google-oauth2": Strategy(standing={"email": True, "profile": True}, scopes=Scopes(_GOOGLE)),
    "line": Strategy(standing=_PROFILE),
    "linkedin": Strategy(standing=_PROFILE, derive=_linkedin),
    "oidc": Strategy(
        initial={"type": "front_channel", "connection_settings": {"pkce": "auto"}},
        standing={**_OPENID, "attribute_map": {"mapping_mode": "bind_all"}},
        afresh={"connection_settings": {"pkce": "disabled"}},
        derive=_discovering("discovery_url"),
        enterprise=True,
        named=True,
    ),
    "okta": Strategy(
        initial={"connection_settings": {"pkce": "auto"}},
        standing={**_OPENID, "attribute_map": {"mapping_mode": "basic_profile"}},
        afresh={"connection_settings": {"pkce": "disabled"}},
        derive=_okta,
        enterprise=True,
        named=True,
    ),
    "pingfederate": Strategy(derive=_pingfederate, ticket=True, enterprise=True),
    "salesforce": Strategy(scopes=Scopes({"profile": "id"})),
    "salesforce-community": Strategy(scopes=Scopes({"profile": "id"})),
    "salesforce-sandbox": Strategy(scopes=Scopes({"profile": "id"})),
    "samlp": Strategy(
        initial={
            "assertion_decryption_settings": {
                "algorithm_profile": "v2026-1",
                "algorithm_exceptions": [],
            }
        },
        derive=_saml,
        ticket=True,
        enterprise=True,
    ),
    "sms": Strategy(initial=_PROTECTED),
    "waad": Strategy(
        initial={
            "identity_api": "microsoft-identity-platform-v2.0",
            "should_trust_email_verified_connection": "never_set_emails_as_verified",
            "useCommonEndpoint": False,
            "use_wsfed": False,
            "waad_protocol": "openid-connect",
        },
        standing={"waad_common_endpoint": False},
        enterprise=True,
        named=True,
    ),
    "windowslive": Strategy(standing={"signin": True}, scopes=Scopes(_MICROSOFT)),
    "wordpress": Strategy(standing=_PROFILE, scopes=Scopes(_same(("profile",)))),
}
