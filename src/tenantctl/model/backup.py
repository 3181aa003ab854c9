"""What a live tenant had at some time, kept so that it can be had back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenantctl.model.address import Address
from tenantctl.model.resource import Resource

MARK = "backup:"
"""What the digest of a plan starts with that leads back to a backup; its time follows."""


@dataclass(frozen=True, slots=True)
class Backup:
    """All that could be read of a live tenant, names for ids, without any secret.

    A secret that was there is a Sealed without a fingerprint. *ids* are those that the objects had,
    by which they are recognised as long as they live. *unread* says what is missing and why: by
    kind, or by address. *when* is ISO 8601 in UTC.
    """

    tenant: str
    environment: str
    domain: str
    when: str
    version: str
    resources: Mapping[Address, Resource]
    ids: Mapping[Address, str] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BackupReceipt:
    """That a backup was made: when, of what, where it went and how much is in it.

    *digest* is the SHA-256 of what the tenant had, whenever it was read: two backups of the same
    tenant in the same state have the same. *checksum* is that of the file, and *file* its absolute
    path. *counts* are by kind; *unread* is the backup's.
    """

    tenant: str
    environment: str
    domain: str
    when: str
    version: str
    digest: str
    checksum: str
    file: str
    counts: Mapping[str, int] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    commit: str = ""
    who: str = ""
    kind = "backup"

    @property
    def complete(self) -> bool:
        """Whether nothing was left unread."""
        return not self.unread
