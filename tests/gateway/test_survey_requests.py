"""How many requests a survey sends, and how much memory it takes, told from what there is."""

import json
import math
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from gateway.world import World
from tenantctl.model import Scope, Tenant

REPOSITORY = Path(__file__).parents[2]
NOTHING = Scope({}, Tenant({}))
PAGES_OF = {
    **dict.fromkeys(("connection_profiles", "user_attribute_profiles"), 10),
    **dict.fromkeys(("feature_flags", "segments", "experiments"), 50),
    **dict.fromkeys(
        (
            "action_modules", "actions", "agents", "client_grants", "client_profiles", "clients",
            "connections", "event_streams", "flow_vault_connections", "flows", "forms", "hooks",
            "network_acls", "organizations", "prompt_rendering", "rate_limit_policies",
            "resource_servers", "roles", "rules", "self_service_profiles",
            "token_exchange_profiles", "verifiable_credential_templates",
        ),
        100,
    ),
}  # fmt: skip
IN_ONE_PIECE = (
    "captcha_policies", "custom_domains", "guardian_factors", "log_streams", "network_acl_keys",
    "phone_providers", "phone_templates", "rules_configs",
)  # fmt: skip
TENANT = 11
"""Settings, branding, its theme and template, prompts, the e-mail provider, the default domain,
signing keys, two of risk assessment, supplemental signals."""
GUARDIAN = 12
PARTS_OF_ATTACK_PROTECTION = 6
EMAIL_TEMPLATES = 14
PROMPTS, PROMPTS_WITH_PARTIALS = 36, 9
PROVISIONING = 2
"""Listings of what all connections have of SCIM and of directories."""


def bound(counts, *, triggers=0, locales=1, more=0):
    """The requests for a tenant with so many objects; *more* are pages after those first ones.

    *counts* are of all that is listed, the client that asks and its grant included; *triggers* are
    those that actions support.
    """
    listed = sum(pages(counts.get(kind, 0), size) for kind, size in PAGES_OF.items())
    brief = sum(counts.get(kind, 0) for kind in ("flows", "forms", "action_modules"))
    hanging = (
        (counts["clients"] - 1)  # credentials; the global client has none
        + counts["connections"]  # clients
        + counts.get("roles", 0) * 2  # permissions, groups
        + counts.get("organizations", 0) * 5  # connections, grants, domains, clients, groups
        + counts.get("hooks", 0)
        + counts.get("feature_flags", 0)
        + counts.get("self_service_profiles", 0)
    )
    prompts = PROMPTS_WITH_PARTIALS + PROMPTS * locales
    settings = TENANT + GUARDIAN + PARTS_OF_ATTACK_PROTECTION + EMAIL_TEMPLATES
    token = 1
    lists = listed + len(IN_ONE_PIECE) + PROVISIONING
    return token + lists + brief + settings + prompts + triggers + hanging + more


def pages(count, size):
    return max(1, math.ceil(count / size))


@pytest.mark.thorough
def test_a_fresh_tenant_takes_as_many_requests_as_it_has_listings_and_settings():
    world = World()
    survey = world.job(lambda gateway: gateway.survey(NOTHING))
    counts = Counter(address.kind for address in survey.tenant.resources)
    assert len(world.sandbox.log) == bound(counts) == 130
    assert world.writes == []


def test_each_enabled_language_takes_a_request_for_each_prompt():
    world = World()
    world.sandbox.edit("tenant_settings", "", {"enabled_locales": ["en", "de", "fr"]})
    survey = world.job(lambda gateway: gateway.survey(NOTHING))
    counts = Counter(address.kind for address in survey.tenant.resources)
    assert len(world.sandbox.log) == bound(counts, locales=3)


MEASURE = """
import dataclasses, json
from benchmarks.survey import measured
print(json.dumps(dataclasses.asdict(measured())))
"""


@pytest.mark.thorough
def test_five_thousand_resources_take_the_bound_of_requests_and_little_memory():
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], cwd=REPOSITORY, check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    assert sum(found["counts"].values()) >= 5_000
    second_page_of_permissions = 1
    assert found["requests"] == bound(found["counts"], triggers=2, more=second_page_of_permissions)
    assert found["memory"] < 200
