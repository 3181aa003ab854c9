"""What the resources of the Auth0 provider, of its versions 0.x and 1.x, are in our kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_ID = MappingProxyType({"id": "id"})


@dataclass(frozen=True, slots=True)
class Type:
    """One type of resource.

    *kind* is empty where items are made in a way of their own, or none. *names*: arguments that
    others may know it by, the one first that people call it. *computed*: attributes that Auth0
    makes, and our fields of the same meaning; *secret*: those that are never told. *rename*: paths
    of arguments whose names are not the API's. *ignore*: arguments that are Terraform's own. *key*:
    arguments that are the parts of a fixed key. *owner*: the argument that names the parent.
    *extra*: it adds to the resource that *owner* names, *into* a field. *members*: the field of an
    association that it adds one member to, or, as a path, several. *into*: the field that all
    arguments belong in. *lost*: why there is no kind for it.
    """

    kind: str = ""
    names: tuple[str, ...] = ("name",)
    computed: Mapping[str, str] = field(default_factory=lambda: _ID)
    secret: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    owner: str = ""
    make: str = ""
    lost: str = ""


_PEOPLE = "people are no configuration"
_CLIENT = {"id": "client_id", "client_id": "client_id"}


def _nobody(why: str) -> Type:
    return Type(lost=why)


TYPES: Mapping[str, Type] = MappingProxyType(
    {
        "auth0_client": Type(
            "clients",
            computed=_CLIENT,
            secret=("client_secret", "signing_keys"),
            rename={
                "cross_origin_auth": "cross_origin_authentication",
                "oidc_logout.backchannel_logout_urls": "backchannel_logout_urls",
                "oidc_backchannel_logout_urls": "oidc_logout.backchannel_logout_urls",
                "mobile.ios.app_bundle_identifier": "app_id",
                "addons.wams.master_key": "masterkey",
                "addons.samlp.signing_cert": "signingCert",
            },
            ignore=("client_secret_rotation_trigger",),
            make="client",
        ),
        "auth0_client_cimd": _nobody("such clients are registered by their document"),
        "auth0_global_client": Type("clients", names=(), computed=_CLIENT, make="global_client"),
        "auth0_client_credentials": Type(
            names=(), owner="client_id", secret=("client_secret",), make="client_credentials"
        ),
        "auth0_client_grant": Type(
            "client_grants", names=(), rename={"scopes": "scope"}, make="grant"
        ),
        "auth0_resource_server": Type(
            "resource_servers",
            names=("name", "identifier"),
            computed={"id": "id", "client_id": "client_id"},
            secret=("signing_secret",),
            rename={"scopes.name": "value"},
        ),
        "auth0_resource_server_scopes": Type(
            owner="resource_server_identifier", make="scopes", names=()
        ),
        "auth0_resource_server_scope": Type(
            owner="resource_server_identifier", make="scopes", names=()
        ),
        "auth0_connection": Type("connections", make="connection"),
        "auth0_connection_client": Type(make="link", owner="connection_id", names=()),
        "auth0_connection_clients": Type(make="link", owner="connection_id", names=()),
        "auth0_role": Type("roles", make="role"),
        "auth0_role_permission": Type(make="permissions", owner="role_id", names=()),
        "auth0_role_permissions": Type(make="permissions", owner="role_id", names=()),
        "auth0_rule": Type("rules"),
        "auth0_rule_config": Type("rules_configs", names=(), key=("key",)),
        "auth0_hook": Type("hooks", rename={"trigger_id": "triggerId"}, make="hook"),
        "auth0_action": Type(
            "actions",
            computed={"id": "id"},
            rename={"modules.module_version_id": "module_version_id"},
            ignore=("deploy", "version_id"),
        ),
        "auth0_trigger_action": Type(make="bindings", names=()),
        "auth0_trigger_actions": Type(make="bindings", names=()),
        "auth0_trigger_binding": Type(make="bindings", names=()),
        "auth0_user": _nobody(_PEOPLE),
    }
)
