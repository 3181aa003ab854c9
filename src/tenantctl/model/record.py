"""What is kept beside receipts of applies and of tests: looks for drift, and words of people."""

from __future__ import annotations

from dataclasses import dataclass

EXCEPTED, ATTESTED = "excepted", "attested"


@dataclass(frozen=True, slots=True)
class DriftReceipt:
    """What a look for drift has found: whether a tenant was as the last apply left it.

    *digest* and *applied* are those of that apply: its definition, and when it was. *drifted* are
    the addresses that somebody has changed since, *pending* how many the files ask otherwise now.
    """

    tenant: str
    environment: str
    domain: str
    digest: str
    applied: str
    drifted: tuple[str, ...] = ()
    pending: int = 0
    version: str = ""
    commit: str = ""
    who: str = ""
    when: str = ""
    kind = "drift"

    @property
    def clean(self) -> bool:
        """Whether nobody had changed anything."""
        return not self.drifted


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person stands for: what it *says*, *about* what, and for which *reason*.

    `excepted` is about a definition digest that is promoted although something speaks against it,
    `attested` about what checks ask people for. *until* is the day up to which it holds, in ISO
    8601; *link* is where more is told.
    """

    tenant: str
    environment: str
    says: str
    about: str
    reason: str = ""
    until: str = ""
    link: str = ""
    version: str = ""
    commit: str = ""
    who: str = ""
    when: str = ""
    kind = "attestation"
