"""Who has changed what in a tenant, as far as its own log tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenantctl.model.address import Address


@dataclass(frozen=True, slots=True)
class Write:
    """A write that a tenant's log tells of. Every text but *when* is a stranger's.

    *when* is in ISO 8601; *user* a person's mail address, name or id, empty where a *client* wrote
    by itself. *channel* is `api`, or the address of the dashboard. *fields* are the top-level
    fields that were sent, nothing of their values.
    """

    when: str
    method: str
    user: str = ""
    client: str = ""
    channel: str = ""
    ip: str = ""
    agent: str = ""
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Traced:
    """The writes of each address that the log tells of, the newest first.

    *unread* is why the log was not read, empty where it was; *full* is true where it tells of more
    writes than anybody may ask for, so that older ones are not known.
    """

    writes: Mapping[Address, tuple[Write, ...]] = field(default_factory=dict)
    unread: str = ""
    full: bool = False
