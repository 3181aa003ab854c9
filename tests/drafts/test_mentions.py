"""Objects that texts mention by their ids become references, where nobody waits in a circle."""

from __future__ import annotations

import pytest

from tenantctl.model import Address, Ref, Resource, Text
from tenantctl.workflows.mentions import mentioned

API, WEB = Address("resource_servers", "orders"), Address("clients", "web")
LOGIN, ORG = Address("actions", "login"), Address("organizations", "acme")
IDS = {
    API: "65f0a1b2c3d4e5f6",
    WEB: "Xy12345678abcdef",
    LOGIN: "act-0123456789",
    ORG: "org_acme0123",
}
CASES = {
    "another kind by its id": (
        WEB,
        {"initiate_login_uri": "https://x.example/org_acme0123/login"},
        {
            "initiate_login_uri": Text(
                ("https://x.example/", Ref(ORG, "id"), "/login"),
            )
        },
    ),
    "a longer word": (WEB, {"description": "org_acme01234"}, None),
    "itself": (WEB, {"description": "https://x.example/Xy12345678abcdef"}, None),
    "who may wait for it": (API, {"name": "of Xy12345678abcdef"}, None),
    "code": (LOGIN, {"code": "// org_acme0123"}, None),
}


@pytest.mark.parametrize(("address", "fields", "expected"), CASES.values(), ids=CASES)
def test_what_is_mentioned_is_named(address, fields, expected):
    resources = {each: Resource(each, {}) for each in IDS} | {address: Resource(address, fields)}

    found = mentioned(resources, IDS)

    assert found[address].fields == (fields if expected is None else expected)
