"""Why a tenant that tenantctl took over may differ from one that auth0-deploy-cli imported into."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from campaigns.takeover.state import Difference


@dataclass(frozen=True)
class Reason:
    """Differences whose thing and path fit *about*, and whose sides fit *ours* and *theirs*."""

    whose: str
    why: str
    about: str
    ours: str = ".*"
    theirs: str = ".*"

    def explains(self, difference: Difference) -> bool:
        where = f"{difference.thing} | {difference.path}"
        sides = (
            (self.about, where),
            (self.ours, difference.ours),
            (self.theirs, difference.theirs),
        )
        return all(re.fullmatch(pattern, text, re.DOTALL) for pattern, text in sides)


REASONS = (
    Reason(
        "neither's",
        "a default that the one writes and the other leaves unsaid; a GET shows it, or nothing",
        r"(guardian_\w+|connections|clients|resource_servers|tenant_settings).*\| .*",
        ours="",
        theirs=r'false|\{"enabled": false\}|\{"policies": \[\]\}',
    ),
    Reason(
        "theirs",
        "it writes colors of an older login page into the tenant's settings, where the API's"
        " document has no such field any more; tenantctl tells them as a loss: `branding` has them",
        r"tenant_settings \| universal_login\..*",
        ours="",
    ),
    Reason(
        "theirs",
        "it takes away the clients of a connection that the configuration does not list; tenantctl"
        " lets those alone that others enabled, unless the list is `$mode: exclusive`",
        r"connection_clients .*\| ",
        ours=r"\{\}",
        theirs="",
    ),
    Reason(
        "theirs",
        "it writes a default of its own into every database",
        r"connections .*\| options\.disable_self_service_change_password",
        ours="",
    ),
    Reason(
        "ours",
        "a value of rules is a secret, and the source has an empty one: tenantctl asks for a value",
        r"rules_configs .*\| value",
        ours='"<secret>"',
        theirs='""',
    ),
)


PAIRED = (
    Reason(
        "theirs",
        "the later configuration has no client for tests any more, nor its grant",
        r"(clients|client_grants|connection_clients) .*\(Test Application\).*",
        theirs="",
    ),
    Reason(
        "neither's",
        "a default that one of the two says",
        r"(clients|connections) .* \| (native_social_login\..*|options\.profile)",
    ),
    Reason(
        "theirs",
        "the later configuration says nothing of it",
        r"clients .* \| token_endpoint_auth_method|tenant_settings \| flags\..*",
    ),
    Reason(
        "theirs",
        "the later configuration says it otherwise",
        r"resource_servers .* \| (allow_offline_access|token_dialect)|rules .* \| script"
        r"|clients .* \| (callbacks|allowed_logout_urls)",
    ),
)
"""Why one tenant as it was published for two tools is not the same in both."""

CANNOT = {
    "absolute-uri-or-empty": "Auth0 refuses an address without a scheme, which the source has",
}
"""Words of a refusal, and what is wrong with the source that any new tenant refuses it."""


def explained(
    found: Iterable[Difference], reasons: Sequence[Reason]
) -> dict[Difference, Reason | None]:
    """Each difference with the first of *reasons* that explains it."""
    return {
        each: next((reason for reason in reasons if reason.explains(each)), None) for each in found
    }
