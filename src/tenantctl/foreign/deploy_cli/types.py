"""The types of objects that auth0-deploy-cli knows, and where each lies in a folder of files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Type:
    """A type by its *name* in YAML. *one*: it is one object, not a list of them.

    In the directory format it is a *folder* with a file for each object, or one *file*; a type
    with neither is made up of several files.
    """

    name: str
    folder: str = ""
    file: str = ""
    one: bool = False


LISTS = {
    "actionModules": "action-modules",
    "actions": "actions",
    "clientGrants": "grants",
    "clients": "clients",
    "connectionProfiles": "connection-profiles",
    "connections": "connections",
    "eventStreams": "event-streams",
    "flowVaultConnections": "flow-vault-connections",
    "flows": "flows",
    "forms": "forms",
    "guardianFactorProviders": "guardian/providers",
    "guardianFactorTemplates": "guardian/templates",
    "guardianFactors": "guardian/factors",
    "hooks": "hooks",
    "logStreams": "log-streams",
    "networkACLKeys": "network-acl-keys",
    "networkACLs": "network-acls",
    "organizations": "organizations",
    "phoneTemplates": "phone-templates",
    "rateLimitPolicies": "rate-limit-policies",
    "resourceServers": "resource-servers",
    "roles": "roles",
    "rules": "rules",
    "rulesConfigs": "rules-configs",
    "selfServiceProfiles": "self-service-profiles",
    "themes": "themes",
    "tokenExchangeProfiles": "token-exchange-profiles",
    "userAttributeProfiles": "user-attribute-profiles",
}
LISTS_IN_A_FILE = {
    "customDomains": "custom-domains/custom-domains.json",
    "phoneProviders": "phone-providers/provider.json",
}
ONES = {
    "emailProvider": "emails/provider.json",
    "guardianEmailFactorSettings": "guardian/emailFactorSettings.json",
    "guardianPhoneFactorMessageTypes": "guardian/phoneFactorMessageTypes.json",
    "guardianPhoneFactorSelectedProvider": "guardian/phoneFactorSelectedProvider.json",
    "guardianPhoneFactorSettings": "guardian/phoneFactorSettings.json",
    "guardianPolicies": "guardian/policies.json",
    "guardianSettings": "guardian/settings.json",
    "migrations": "migrations.json",
    "riskAssessment": "risk-assessment/settings.json",
    "supplementalSignals": "supplemental-signals.json",
    "tenant": "tenant.json",
}
MANY_FILES = ("attackProtection", "branding", "prompts", "triggers")
"""One object each, which the directory format spreads over files."""
FOLDERS = {"databases": "database-connections", "emailTemplates": "emails", "pages": "pages"}
"""Lists whose objects have more than one file."""

TYPES: Mapping[str, Type] = MappingProxyType(
    {
        each.name: each
        for each in (
            *(Type(name, folder=folder) for name, folder in LISTS.items()),
            *(Type(name, file=file) for name, file in LISTS_IN_A_FILE.items()),
            *(Type(name, file=file, one=True) for name, file in ONES.items()),
            *(Type(name, one=True) for name in MANY_FILES),
            *(Type(name) for name in FOLDERS),
        )
    }
)
OTHERS = {"clientAuthCredentials", "exclude", "include"}
"""Keys that auth0-deploy-cli lets stand beside the types."""

PARTS_OF_ATTACK_PROTECTION = {
    "bot-detection": "botDetection",
    "breached-password-detection": "breachedPasswordDetection",
    "brute-force-protection": "bruteForceProtection",
    "captcha": "captcha",
    "phone-provider-protection": "phoneProviderProtection",
    "suspicious-ip-throttling": "suspiciousIpThrottling",
}
SCRIPTS = ("get_user", "create", "verify", "login", "change_password", "delete", "change_email")
"""The custom scripts of a database."""

KNOWN_FOLDERS = frozenset(
    {
        *(folder.partition("/")[0] for folder in (*LISTS.values(), *FOLDERS.values())),
        *(file.partition("/")[0] for file in (*LISTS_IN_A_FILE.values(), *ONES.values())),
        "attack-protection",
        "branding",
        "prompts",
        "triggers",
    }
)
"""What of the root of the directory format means something; files among it, too."""
