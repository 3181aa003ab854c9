"""What the API has, as data: one file a kind, and the forms that people and the API use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tenantctl.kinds import (
    actions,
    attack_protection,
    branding,
    branding_theme,
    client_grants,
    clients,
    connection_clients,
    connection_directory_provisioning,
    connection_profiles,
    connection_scim_configuration,
    connection_synchronized_groups,
    connections,
    custom_domains,
    email_provider,
    email_templates,
    experiments,
    feature_flag_variations,
    feature_flags,
    log_streams,
    network_acls,
    phone_providers,
    phone_templates,
    prompt_custom_text,
    prompt_partials,
    prompt_rendering,
    prompts,
    resource_servers,
    role_permissions,
    roles,
    segments,
    self_service_profile_custom_text,
    self_service_profiles,
    tenant,
    trigger_bindings,
    universal_login_template,
    user_attribute_profiles,
    verifiable_credential_templates,
)
from tenantctl.kinds.canonical import (
    Lens,
    Mark,
    canonical,
    element_key,
    holds,
    leaves,
    recognise,
    ruled_leaves,
    text_of,
)
from tenantctl.kinds.forms import fold, unfold
from tenantctl.kinds.kind import Hooks, Kind, Listing, Output, RefTo, Rule, Wire
from tenantctl.kinds.shapes import operations, write_shape

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        module.KIND.name: module.KIND
        for module in (
            tenant,
            custom_domains,
            email_provider,
            attack_protection,
            clients,
            resource_servers,
            connections,
            connection_clients,
            connection_scim_configuration,
            connection_directory_provisioning,
            connection_synchronized_groups,
            connection_profiles,
            user_attribute_profiles,
            self_service_profiles,
            self_service_profile_custom_text,
            client_grants,
            roles,
            role_permissions,
            actions,
            trigger_bindings,
            branding,
            branding_theme,
            universal_login_template,
            prompts,
            prompt_custom_text,
            email_templates,
            log_streams,
            network_acls,
            phone_providers,
            phone_templates,
            prompt_partials,
            prompt_rendering,
            verifiable_credential_templates,
            feature_flags,
            feature_flag_variations,
            segments,
            experiments,
        )
    }
)
"""Every kind by name."""

__all__ = [
    "KINDS",
    "Hooks",
    "Kind",
    "Lens",
    "Listing",
    "Mark",
    "Output",
    "RefTo",
    "Rule",
    "Wire",
    "canonical",
    "element_key",
    "fold",
    "holds",
    "leaves",
    "operations",
    "recognise",
    "ruled_leaves",
    "text_of",
    "unfold",
    "write_shape",
]
