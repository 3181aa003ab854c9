"""Which operation a path is of, and what it names."""

from __future__ import annotations

import pytest

from tenantctl.sandbox.api import match


@pytest.mark.parametrize(
    ("path", "route", "arguments"),
    [
        ("/clients", "/clients", {}),
        ("/clients/", "/clients", {}),
        ("/clients/a%2Fb", "/clients/{id}", {"id": "a%2Fb"}),
        ("/custom-domains/default", "/custom-domains/default", {}),
    ],
    ids=["plain", "a slash behind it", "an encoded slash", "a word where another has an id"],
)
def test_a_path_is_of_one_operation(path: str, route: str, arguments: dict[str, str]) -> None:
    found = match("GET", path)
    assert found is not None
    assert (found[0].path, found[1]) == (route, arguments)


@pytest.mark.parametrize("path", ["/clients//", "/clients//credentials", "clients", "/clientz"])
def test_a_path_with_an_empty_part_is_of_none(path: str) -> None:
    assert match("GET", path) is None
