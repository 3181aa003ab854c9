"""Objects of auth0-deploy-cli as items of our kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tenantctl.foreign.deploy_cli import access, code, look, sources, tenancy
from tenantctl.foreign.deploy_cli.asset import Asset, Gathered, Piece
from tenantctl.foreign.deploy_cli.words import IDS, TIMES, noted, without
from tenantctl.model import Note

Translation = Callable[[Asset, Gathered], Iterator[Piece | Note]]


@dataclass(frozen=True, slots=True)
class Same:
    """A type that has the fields of its *kind*, less those that are *gone* because Auth0 sets them.

    Objects are known by the fields *by*.
    """

    kind: str
    by: tuple[str, ...] = ("name",)
    gone: tuple[str, ...] = (*IDS, *TIMES)

    def __call__(self, asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG002
        fields = without(asset.fields, *self.gone)
        names = tuple(
            value for name in self.by if isinstance(value := fields.get(name), str) and value
        )
        if self.by and not names:
            message = f"one of {asset.type} has no {self.by[0]}"
            yield noted(asset, "mistake", message, (), "it was left out")
        else:
            yield Piece(self.kind, fields, asset, names)


RUNS = ("executed_at", "submitted_at", "embedded_at", *IDS, *TIMES)
TRANSLATIONS: Mapping[str, Translation] = MappingProxyType(
    {
        "actionModules": code.action_modules,
        "actions": code.actions,
        "attackProtection": tenancy.attack_protection,
        "branding": look.branding,
        "clientGrants": access.client_grants,
        "clients": access.clients,
        "connectionProfiles": Same("connection_profiles"),
        "connections": sources.connections,
        "customDomains": tenancy.custom_domains,
        "databases": sources.connections,
        "emailProvider": Same("email_provider", by=()),
        "emailTemplates": look.email_templates,
        "eventStreams": Same("event_streams"),
        "flowVaultConnections": Same(
            "flow_vault_connections",
            gone=(
                *RUNS,
                "refreshed_at",
                "fingerprint",
                "ready",
                "account_name",
                "environment",
            ),
        ),
        "flows": Same("flows", gone=RUNS),
        "forms": Same("forms", gone=RUNS),
        "guardianEmailFactorSettings": Same("guardian_email_settings", by=()),
        "guardianFactorProviders": tenancy.factor_providers,
        "guardianFactorTemplates": tenancy.factor_templates,
        "guardianFactors": tenancy.factors,
        "guardianPhoneFactorMessageTypes": Same("guardian_phone_message_types", by=()),
        "guardianPhoneFactorSelectedProvider": Same("guardian_phone_provider", by=()),
        "guardianPhoneFactorSettings": Same("guardian_phone_settings", by=()),
        "guardianPolicies": Same("guardian_policies", by=()),
        "guardianSettings": Same("guardian_settings", by=()),
        "hooks": code.hooks,
        "logStreams": Same("log_streams"),
        "migrations": tenancy.migrations,
        "networkACLKeys": Same("network_acl_keys"),
        "networkACLs": Same("network_acls", by=("description",)),
        "organizations": access.organizations,
        "pages": look.pages,
        "phoneProviders": Same("phone_providers", gone=(*IDS, *TIMES, "channel", "tenant")),
        "phoneTemplates": look.phone_templates,
        "prompts": look.prompts,
        "rateLimitPolicies": Same("rate_limit_policies", by=("consumer_selector",)),
        "resourceServers": access.resource_servers,
        "riskAssessment": tenancy.risk_assessment,
        "roles": access.roles,
        "rules": code.rules,
        "rulesConfigs": code.rules_configs,
        "selfServiceProfiles": tenancy.self_service,
        "supplementalSignals": Same("supplemental_signals", by=()),
        "tenant": tenancy.tenant,
        "themes": look.themes,
        "tokenExchangeProfiles": tenancy.token_exchange,
        "triggers": code.triggers,
        "userAttributeProfiles": Same("user_attribute_profiles"),
    }
)
"""What becomes of each type of auth0-deploy-cli."""


NAMED = frozenset(
    {"actionModules", "actions", "clients", "connections", "databases", "organizations", "roles"}
    | {"customDomains", "hooks", "rules", "selfServiceProfiles", "tokenExchangeProfiles"}
)
"""Types whose objects are nothing without a name."""


def translated(gathered: Gathered) -> Iterator[Piece | Note]:
    """The items of all assets, and what is to be said of them."""
    for asset in gathered.assets:
        name = asset.fields.get("domain" if asset.type == "customDomains" else "name")
        fallen_back = asset.type in {"hooks", "rules"} and name is None and asset.stem
        if asset.type in NAMED and not fallen_back and not (isinstance(name, str) and name):
            message = f"one of {asset.type} has no name, or one that is no text"
            yield noted(asset, "mistake", message, (), "it was left out: give it one")
            continue
        yield from TRANSLATIONS[asset.type](asset, gathered)
