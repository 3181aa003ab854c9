"""A separate tenant of one organization, as the checks of the tenant that it connects to see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def separate_tenant(
    name: str,
    connection: str,
    environments: Iterable[Mapping[str, Any]],
    resources: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """An element of the scope `fleet`; what is not declared as plain text is None.

    *resources* are the fields of what the tenant declares, by address.
    """
    look = resources.get("branding", {})
    colours = look.get("colors")
    hosts = [
        fields.get("domain")
        for address, fields in sorted(resources.items())
        if address.startswith("custom_domains.")
    ]
    return {
        "name": name,
        "connection": connection or None,
        "custom_domain": next((host for host in hosts if isinstance(host, str)), None),
        "brand": {
            "logo_url": _text(look.get("logo_url")),
            "primary": _text(colours.get("primary")) if isinstance(colours, Mapping) else None,
        },
        "environments": [dict(each) for each in environments],
    }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
