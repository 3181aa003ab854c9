"""Plans of which it is known what the API makes of them: some it refuses, some it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from laws.drawn import World, theme
from tenantctl.model import Secret
from tenantctl.sandbox import Sandbox

Setup = Callable[[Sandbox], None]


def nothing(_: Sandbox) -> None:
    """Leaves a tenant as it is."""


@dataclass(frozen=True)
class Case:
    """A tenant that holds *before*, set up further by *setup*, and what is to come *after*.

    *step* is refused with a message that holds *says*; without a step all goes well. *at* is the
    request that is refused; empty where it is no answer of the API's.
    """

    name: str
    after: World
    before: World = field(default_factory=dict)
    setup: Setup = nothing
    step: str = ""
    at: str = ""
    says: str = ""

    def __str__(self) -> str:
        return self.name


def client(**fields: Any) -> World:
    return {"clients.shop": {"name": "Shop", "app_type": "spa", **fields}}


def connection(strategy: str = "auth0", **options: Any) -> World:
    return {"connections.users": {"name": "users", "strategy": strategy, "options": options}}


def action(**fields: Any) -> World:
    usual = {"code": "x", "supported_triggers": {"post-login": "v3"}}
    return {"actions.check": {"name": "check", **usual, **fields}}


def acl(**match: Any) -> World:
    rule = {"action": {"block": True}, "scope": "tenant", "match": match}
    fields = {"description": "far", "active": True, "priority": 3, "rule": rule}
    return {"network_acls.far": fields}


def api(**fields: Any) -> World:
    usual = {"identifier": "https://api/", "name": "API", "scopes": {"read:x": "reads"}}
    return {"resource_servers.api": {**usual, **fields}}


def stream(**fields: Any) -> World:
    return {"log_streams.logs": {"name": "logs", "type": "http", **fields}}


def organization(**fields: Any) -> World:
    return {"organizations.acme": {"name": "acme", "display_name": "Acme", **fields}}


def attributes(**found: Any) -> World:
    return connection(attributes=found)


def full_of_actions(sandbox: Sandbox) -> None:
    trigger = [{"id": "post-login", "version": "v3"}]
    made = {"code": "", "supported_triggers": trigger, "status": "built"}
    sandbox.seed({"actions": {f"a{n}": {"name": f"a{n}", **made} for n in range(100)}})


def full_of_profiles(sandbox: Sandbox) -> None:
    made = {f"ssp_{n:016}": {"name": f"p{n}", "user_attributes": []} for n in range(20)}
    sandbox.seed({"self_service_profiles": made})


def without(feature: str) -> Setup:
    def set_up(sandbox: Sandbox) -> None:
        sandbox.features -= {feature}

    return set_up


def someone_elses_acl(sandbox: Sandbox) -> None:
    rule = {"action": {"log": True}, "scope": "tenant"}
    made = {"description": "theirs", "active": True, "priority": 3, "rule": rule}
    sandbox.seed({"network_acls": {"acl_theirs": made}})


def someone_elses_captcha(sandbox: Sandbox) -> None:
    sandbox.seed({"captcha_policies": {"cap_theirs": {"name": "theirs", "priority": 1}}})


GOOD_PHONE = {"identifier": {"active": True}, "signup": {"status": "optional"}}
EMAIL = {"identifier": {"active": True}, "signup": {"status": "required"}}
HTTP = {
    "httpEndpoint": "https://logs.example",
    "httpContentType": "application/json",
    "httpContentFormat": "JSONLINES",
}
LOGIN = {"custom_domains.login": {"domain": "login.x.example", "type": "auth0_managed_certs"}}
PAGE = "{%- auth0:head -%} {%- auth0:widget -%}"
PROVIDER: World = {
    "email_provider": {
        "name": "sendgrid",
        "default_from_address": "a@x.example",
        "credentials": {"api_key": Secret("FIRST")},
    }
}
REFUSED = (
    Case(
        "an application of a type that there is not",
        client(app_type="website"),
        step="clients.shop",
        at="POST /clients",
        says="app_type",
    ),
    Case(
        "an application with a member that nobody knows",
        client(colour="red"),
        step="clients.shop",
        at="POST /clients",
        says="does not take colour",
    ),
    Case(
        "an application whose refresh tokens have an empty list of policies",
        client(
            refresh_token={
                "rotation_type": "rotating",
                "expiration_type": "expiring",
                "policies": [],
            }
        ),
        step="clients.shop",
        at="POST /clients",
        says="policies",
    ),
    Case(
        "a database of which no attribute identifies anybody",
        attributes(email={"identifier": {"active": False}}),
        step="connections.users",
        at="POST /connections",
        says="attributes must contain one active identifier",
    ),
    Case(
        "a database with attributes and with names of the older sort",
        connection(attributes={"email": EMAIL}, requires_username=True),
        step="connections.users",
        at="POST /connections",
        says="Cannot set both options.attributes and options.requires_username",
    ),
    Case(
        "a database with attributes and with rules for names of the older sort",
        connection(attributes={"email": EMAIL}, validation={"username": {"min": 1, "max": 15}}),
        step="connections.users",
        at="POST /connections",
        says="Cannot set both options.attributes and options.validation",
    ),
    Case(
        "a database of phone numbers that nobody has to give",
        attributes(phone_number=GOOD_PHONE),
        step="connections.users",
        at="POST /connections",
        says="attribute phone_number must also be required on signup",
    ),
    Case(
        "a database that lets go of unique addresses",
        attributes(email={**EMAIL, "unique": False}),
        attributes(email=EMAIL),
        step="connections.users",
        at="PATCH /connections/{id}",
        says="cannot add non-unique email attribute",
    ),
    Case(
        "cross-app access for a database",
        {
            "connections.users": {
                "name": "users",
                "strategy": "auth0",
                "cross_app_access_requesting_app": {"active": True},
            }
        },
        step="connections.users",
        at="POST /connections",
        says="not supported for this connection",
    ),
    Case(
        "an action whose code cannot be built",
        action(code="exports.onExecutePostLogin = async (event) => { if ("),
        step="actions.check",
        says="its build failed",
    ),
    Case(
        "an action for a version of a trigger that there is not",
        action(supported_triggers={"post-login": "v99"}),
        step="actions.check",
        at="POST /actions/actions",
        says="Unsupported trigger post-login of version v99",
    ),
    Case(
        "an action with more secrets than one may have",
        action(secrets={f"S{n}": Secret("FIRST") for n in range(31)}),
        step="actions.check",
        at="POST /actions/actions",
        says="secrets",
    ),
    Case(
        "an action in a tenant that is full of them",
        action(),
        setup=full_of_actions,
        step="actions.check",
        at="POST /actions/actions",
        says="A tenant can have a maximum of 100 actions",
    ),
    Case(
        "an action bound to a trigger that it does not support",
        {**action(), "trigger_bindings.credentials-exchange": {"check": {}}},
        step="trigger_bindings.credentials-exchange",
        at="PATCH /actions/triggers/credentials-exchange/bindings",
        says="does not support the trigger",
    ),
    Case(
        "an action bound before anybody deploys it",
        {**action(deployed=False), "trigger_bindings.post-login": {"check": {}}},
        step="trigger_bindings.post-login",
        at="PATCH /actions/triggers/post-login/bindings",
        says="must be deployed before it can be bound",
    ),
    Case(
        "a self-service profile in a tenant that is full of them",
        {"self_service_profiles.ours": {"name": "ours"}},
        setup=full_of_profiles,
        step="self_service_profiles.ours",
        at="POST /self-service-profiles",
        says="No more profiles can be created",
    ),
    Case(
        "a network rule with a list that nobody keeps",
        acl(auth0_managed=["auth0.totally_made_up"]),
        step="network_acls.far",
        at="POST /network-acls",
        says="Invalid curated list name(s)",
    ),
    Case(
        "a network rule of the priority that somebody else's has",
        acl(geo_country_codes=["CU"]),
        setup=someone_elses_acl,
        step="network_acls.far",
        at="POST /network-acls",
        says="priority number has already been created",
    ),
    Case(
        "a challenge of the priority that somebody else's has",
        {
            "captcha_policies.far": {
                "name": "far",
                "priority": 1,
                "match": {"geo_country_codes": ["CU"]},
                "action": {
                    "active_provider_id": "hcaptcha",
                    "hcaptcha": {"site_key": "s", "secret": Secret("FIRST")},
                },
            }
        },
        setup=someone_elses_captcha,
        step="captcha_policies.far",
        at="POST /attack-protection/captcha/policies",
        says="same priority already exists",
    ),
    Case(
        "a permission that its API does not have",
        {
            **api(),
            "roles.editor": {"name": "Editor", "description": "edits"},
            "role_permissions.editor": {"permissions": {"api": ["write:x"]}},
        },
        step="role_permissions.editor",
        at="POST /roles/{parent}/permissions",
        says="The permission write:x does not exist",
    ),
    Case(
        "an API whose tokens live for longer than a month",
        api(token_lifetime=99_999_999),
        step="resource_servers.api",
        at="POST /resource-servers",
        says="token_lifetime",
    ),
    Case(
        "an API that signs in a way that there is not",
        api(signing_alg="ROT13"),
        step="resource_servers.api",
        at="POST /resource-servers",
        says="signing_alg",
    ),
    Case(
        "an organization whose name has capitals",
        organization(name="ACME Inc"),
        step="organizations.acme",
        at="POST /organizations",
        says="name",
    ),
    Case(
        "sign-up at an organization without membership",
        {
            **connection(),
            **organization(),
            "organization_enabled_connections.acme": {
                "connections": {
                    "users": {"assign_membership_on_login": False, "is_signup_enabled": True}
                }
            },
        },
        step="organization_enabled_connections.acme",
        says="is_signup_enabled requires assign_membership_on_login",
    ),
    Case(
        "logs sent to a sink of another type",
        stream(sink={"splunkDomain": "x.example"}),
        step="log_streams.logs",
        at="POST /log-streams",
        says="sink",
    ),
    Case(
        "a login page without a domain of one's own",
        {"universal_login_template": {"template": PAGE}},
        step="universal_login_template",
        at="PUT /branding/templates/universal-login",
        says="A custom domain is required",
    ),
    Case(
        "a login page without the widget",
        {**LOGIN, "universal_login_template": {"template": "{%- auth0:head -%}"}},
        LOGIN,
        step="universal_login_template",
        at="PUT /branding/templates/universal-login",
        says="missing required tags",
    ),
    Case(
        "a theme with a colour that is none",
        {"branding_theme": theme("plain", "reddish")},
        step="branding_theme",
        at="POST /branding/themes",
        says="colors",
    ),
    Case(
        "a tenant whose sessions last for longer than there are hours",
        {"tenant": {"friendly_name": "x", "session_lifetime": -5}},
        step="tenant",
        at="PATCH /tenants/settings",
        says="session_lifetime",
    ),
    Case(
        "provisioning by SCIM where people have passwords here",
        {**connection(), "connection_scim_configuration.users": {"user_id_attribute": "id"}},
        step="connection_scim_configuration.users",
        at="POST /connections/{parent}/scim-configuration",
        says="does not support SCIM",
    ),
    Case(
        "a domain of one's own where nobody pays for it",
        LOGIN,
        setup=without("custom_domains"),
        step="custom_domains.login",
        at="POST /custom-domains",
        says="verified credit card",
    ),
)


def theirs(sandbox: Sandbox) -> None:
    """Objects of all sorts that nobody here declares, and that ours refer to."""
    sandbox.seed(
        {
            "organizations": {"org_theirs0000000": {"name": "theirs"}},
            "connections": {"con_theirs0000000": {"name": "theirs", "strategy": "auth0"}},
            "resource_servers": {
                "theirs": {"identifier": "https://theirs/", "scopes": [{"value": "read:them"}]}
            },
        }
    )


def chosen_by_hand(sandbox: Sandbox) -> None:
    """Somebody has made ours refer to what we do not declare."""
    theirs(sandbox)
    (shop,) = [id for id, each in sandbox.documents("clients").items() if each["name"] == "Shop"]
    organization = {"organization_id": "org_theirs0000000", "flows": ["client_credentials"]}
    sandbox.edit("clients", shop, {"default_organization": organization})
    settings = sandbox.documents("tenant_settings")[""]
    sandbox.put("tenant_settings", "", {**settings, "default_directory": "theirs"})


def permitted_by_hand(sandbox: Sandbox) -> None:
    """Somebody has given a role of ours a permission of an API that we do not declare."""
    theirs(sandbox)
    (role,) = sandbox.documents("roles")
    named = {"resource_server_identifier": "https://theirs/", "permission_name": "read:them"}
    sandbox.seed(
        {"role_permissions": {f"{role}|https://theirs/|read:them": {**named, "_parent": role}}}
    )


def mapped_by_hand(sandbox: Sandbox) -> None:
    """Somebody has given a profile of ours the attributes of one that we do not declare."""
    mapped = {"email": {"label": "Mail", "profile_required": True}}
    theirs = {"name": "theirs", "user_attributes": mapped}
    sandbox.seed({"user_attribute_profiles": {"uap_theirs0000000": theirs}})
    (profile,) = sandbox.documents("self_service_profiles")
    sandbox.edit(
        "self_service_profiles", profile, {"user_attribute_profile_id": "uap_theirs0000000"}
    )


def sender(number: str) -> World:
    """A provider whose credentials no read shows, and that is no provider without them."""
    fields = {
        "name": "twilio",
        "configuration": {"sid": "AC1", "default_from": number, "delivery_methods": ["text"]},
        "credentials": {"auth_token": Secret("FIRST")},
    }
    return {"phone_providers.sender": fields}


def events(*names: str) -> World:
    """A webhook whose token no read shows, and that may not be without it."""
    token = {"method": "bearer", "token": Secret("FIRST")}
    endpoint = "https://shop.example/events"
    configuration = {"webhook_endpoint": endpoint, "webhook_authorization": token}
    fields = {
        "name": "events",
        "subscriptions": {name: {} for name in names},
        "destination": {"type": "webhook", "configuration": configuration},
    }
    return {"event_streams.events": fields}


def many(sandbox: Sandbox) -> None:
    """More applications than fit on two pages."""
    made = {f"c{n:031}": {"name": f"c{n}", "app_type": "spa"} for n in range(230)}
    sandbox.seed({"clients": made})


BOUND: World = {**action(), "trigger_bindings.post-login": {"check": {}}}
GRANT: World = {
    **client(),
    **api(),
    "client_grants.shop/api/client": {
        "client_id": "shop", "audience": "api", "subject_type": "client", "scope": ["read:x"],
    },
}  # fmt: skip
ROLE: World = {
    **api(scopes={"read:x": "reads", "write:x": "writes"}),
    "roles.editor": {"name": "Editor", "description": "edits"},
    "role_permissions.editor": {"permissions": {"api": ["read:x"]}},
}
TENANT: World = {"tenant": {"friendly_name": "Ours"}}
PASSED = (
    Case("nothing at all", {}),
    Case("an application and what it may ask for", GRANT),
    Case("an action that goes although it is bound", {}, BOUND),
    Case("a bound action with other code", {**BOUND, **action(code="y")}, BOUND),
    Case(
        "an action whose secret nobody can read",
        action(code="y", secrets={"KEY": Secret("FIRST")}),
        action(secrets={"KEY": Secret("FIRST")}),
    ),
    Case(
        "a mail provider with the credentials that it has",
        {"email_provider": {**PROVIDER["email_provider"], "default_from_address": "b@x.example"}},
        PROVIDER,
    ),
    Case("a provider of messages with the token that it has", sender("+2"), sender("+1")),
    Case(
        "other events sent with the token that is there",
        events("user.created", "user.updated"),
        events("user.created"),
    ),
    Case(
        "a database with secrets that are shown as ciphers",
        connection(configuration={"URL": Secret("FIRST")}, disable_signup=True),
        connection(configuration={"URL": Secret("FIRST")}, disable_signup=False),
    ),
    Case(
        "an application that refers to an organization of somebody else's",
        client(description="ours"),
        client(),
        chosen_by_hand,
    ),
    Case(
        "a tenant that refers to a database of somebody else's",
        {**client(), "tenant": {"friendly_name": "Theirs"}},
        {**client(), **TENANT},
        chosen_by_hand,
    ),
    Case(
        "a role with a permission that somebody else gave it",
        {**ROLE, "role_permissions.editor": {"permissions": {"api": ["read:x", "write:x"]}}},
        ROLE,
        permitted_by_hand,
    ),
    Case("an application among hundreds", client(description="ours"), client(), many),
    Case(
        "a self-service profile with the attributes of a profile of somebody else's",
        {"self_service_profiles.ours": {"name": "ours", "description": "for partners"}},
        {"self_service_profiles.ours": {"name": "ours"}},
        mapped_by_hand,
    ),
    Case(
        "a page template on a domain that is there",
        {**LOGIN, "universal_login_template": {"template": PAGE}},
        LOGIN,
    ),
    Case("an API that goes with what was granted of it", client(), GRANT),
    Case(
        "logs sent elsewhere",
        stream(sink={**HTTP, "httpEndpoint": "https://other.example"}),
        stream(sink=HTTP),
    ),
)
