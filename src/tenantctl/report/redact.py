"""The last line of defence: no string that is shown contains the value of a secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import cache, lru_cache
from operator import is_
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
    """*value* with *clean* applied to every string in it, through tuples and dataclasses.

    What nothing is done to is not made again: most of a report is as it was.
    """
    found: Any = value
    kind: Any = type(value)
    if isinstance(value, str):
        said = clean(value)
        found = value if said == value else said
    elif isinstance(value, tuple):
        items = [cleaned(item, clean) for item in value]
        found = value if all(map(is_, items, value)) else tuple(items)
    elif names := _names(kind):
        inner = ((name, getattr(value, name)) for name in names)
        changed = {n: new for n, old in inner if (new := cleaned(old, clean)) is not old}
        found = replace(found, **changed) if changed else value
    result: T = found
    return result


@cache
def _names(type: Any) -> tuple[str, ...]:
    """The names of the fields of a dataclass; none of anything else."""
    return tuple(field.name for field in fields(type)) if is_dataclass(type) else ()
