"""The last line of defence: no string that is shown contains the value of a secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache, lru_cache
from typing import Any, TypeVar

from tenantctl.model import Vault, forms
from tenantctl.model import scrubber as scrubber_of
from tenantctl.report.escape import visible

Clean = Callable[[str], str]
"""Makes one string fit to be shown."""

T = TypeVar("T")


def scrubber(vault: Vault | None) -> Clean:
    """A function that puts `(secret NAME)` wherever a value of *vault* stands, made visible too."""
    return scrubber_of(vault or Vault(), lambda value: (*forms(value), visible(value)))


def cleaner(vault: Vault | None) -> Clean:
    """A function that scrubs and then makes visible."""
    scrub = scrubber(vault)
    return lru_cache(4096)(lambda text: visible(scrub(text)))


def cleaned(value: T, clean: Clean) -> T:
    """*value* with *clean* applied to every string in it, through tuples and dataclasses."""
    found: Any = value
    if isinstance(value, str):
        found = clean(value)
    elif isinstance(value, tuple):
        found = tuple([cleaned(item, clean) for item in value])
    elif is_dataclass(value) and not isinstance(value, type):
        inner = {name: cleaned(getattr(value, name), clean) for name in _names(type(value))}
        found = type(value)(**inner)
    result: T = found
    return result


@cache
def _names(type: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(type))
