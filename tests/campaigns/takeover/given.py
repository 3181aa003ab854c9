"""What the tenant of a configuration has, and the configuration does not say."""

from __future__ import annotations

from campaigns.takeover.published import Published
from tenantctl.sandbox import Sandbox

DOMAIN = {
    "domain": "login.given.example",
    "type": "auth0_managed_certs",
    "status": "ready",
    "primary": True,
    "tls_policy": "recommended",
}


def give(sandbox: Sandbox, published: Published) -> None:
    """A custom domain, without which there is no page template of one's own."""
    if published.counts.get("branding") and not published.counts.get("customDomains"):
        sandbox.put("custom_domains", "cd_given0000000000", DOMAIN)
