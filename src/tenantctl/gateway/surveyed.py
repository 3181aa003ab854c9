"""What a survey of a tenant has found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenantctl.model import Address, Tenant


@dataclass(frozen=True, slots=True)
class Survey:
    """A live *tenant* as a whole, or of some kinds all.

    *ids*: that of each address, empty where there is only one or where others' keys lead to it.
    *unread* says what is missing and why: by kind, or by address (`attack_protection.captcha`)
    where other objects of the kind could be read. Holds no secrets.
    """

    tenant: Tenant
    ids: Mapping[Address, str]
    unread: Mapping[str, str]
