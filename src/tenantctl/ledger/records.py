"""Receipts of looks for drift and of people's words: one file each, none of them ever changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tenantctl.errors import LedgerError
from tenantctl.ledger.codec import DAMAGE, damage_of, load_sealed
from tenantctl.ledger.disk import read_ascii


def read_records(type: Any, folder: Path, tenant: str, environment: str) -> Iterator[Any]:
    """The records of *type* in *folder*, the newest last. Raises LedgerError on one damaged."""
    for path in sorted(folder.glob("[!.]*.json")):
        try:
            text = read_ascii(path)
            if text is None:
                continue
            record = load_sealed(type, type.kind, text)
        except DAMAGE as error:
            raise damaged_record(path, damage_of(error)) from None
        if (record.tenant, record.environment) != (tenant, environment):
            raise damaged_record(path, f"it is of {record.tenant}/{record.environment}")
        yield record


def damaged_record(path: Path, said: str) -> LedgerError:
    """The error for a record that cannot be used, because of what is *said*."""
    return LedgerError(
        f"the receipt {path} cannot be used: {said}",
        help=f"delete {path}, or fetch it again: tenantctl receipts fetch",
    )
