"""Backups of live tenants: one file each, and a small receipt of each that outlives a move."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tenantctl.errors import FilesError, LedgerError, Problem
from tenantctl.ledger.codec import (
    DAMAGE,
    coder,
    compact,
    damage_of,
    dump_sealed,
    load_sealed,
)
from tenantctl.ledger.disk import read_ascii
from tenantctl.model import Backup, BackupReceipt, Resource

RECEIPTS = "receipts"


def dump_backup(backup: Backup) -> str:
    """*backup* as canonical text: one line a resource, format and checksum first."""
    return dump_sealed("backup", backup)


def load_backup(text: str, file: str) -> Backup:
    """The inverse of `dump_backup`; *file* is what messages call it.

    Raises FilesError on a text that differs from what was written, in whatever byte.
    """
    try:
        backup: Backup = load_sealed(Backup, "backup", text)
    except DAMAGE as error:
        raise _no_backup(file, damage_of(error)) from None
    return backup


def read_backup(path: Path) -> Backup:
    """The backup in the file *path*; raises FilesError if there is none or it was changed."""
    try:
        text = read_ascii(path)
    except UnicodeError:
        raise _no_backup(str(path), "it holds bytes that were never written") from None
    if text is None:
        raise _no_backup(str(path), "there is no such file")
    return load_backup(text, str(path))


def _no_backup(file: str, said: str) -> FilesError:
    help = "`tenantctl backup list TENANT/ENV` names those that there are; a backup is never edited"
    return FilesError([Problem(file, 0, 0, f"this is no backup that can be used: {said}", help)])


def receipt_for(backup: Backup, file: Path, *, commit: str, who: str) -> BackupReceipt:
    """The receipt of *backup*, whose text is in *file*."""
    text = dump_backup(backup)
    resources = [coder(Resource).dump(each) for _, each in sorted(backup.resources.items())]
    return BackupReceipt(
        tenant=backup.tenant,
        environment=backup.environment,
        domain=backup.domain,
        when=backup.when,
        version=backup.version,
        digest=hashlib.sha256(compact(resources).encode("ascii")).hexdigest(),
        checksum=hashlib.sha256(text.encode("ascii")).hexdigest(),
        file=str(file),
        counts=dict(sorted(Counter(address.kind for address in backup.resources).items())),
        unread=backup.unread,
        commit=commit,
        who=who,
    )


def stamp(when: str) -> str:
    """The name of the file of what was made at *when*; names sort as times do."""
    return f"{re.sub(r'[^0-9A-Za-z]', '', when.removesuffix('+00:00')) or 'undated'}.json"


def read_receipts(folder: Path, tenant: str, environment: str) -> tuple[BackupReceipt, ...]:
    """The receipts of the backups in *folder*, the newest last.

    One whose backup was kept in *folder* and is gone is left out: what somebody moved elsewhere
    is still there, what was lost here is not. Raises LedgerError on one that is damaged.
    """
    found = _read(folder / RECEIPTS, tenant, environment)
    there = (each for each in found if not _lost(each, folder))
    return tuple(sorted(there, key=lambda receipt: receipt.when))


def _lost(receipt: BackupReceipt, folder: Path) -> bool:
    path = Path(receipt.file)
    return path.parent == folder.absolute() and not path.is_file()


def _read(folder: Path, tenant: str, environment: str) -> Iterator[BackupReceipt]:
    for path in sorted(folder.glob("[!.]*.json")):
        try:
            text = read_ascii(path)
            if text is None:
                continue
            receipt: BackupReceipt = load_sealed(BackupReceipt, "receipt", text)
        except DAMAGE as error:
            raise _damaged(path, damage_of(error)) from None
        if (receipt.tenant, receipt.environment) != (tenant, environment):
            raise _damaged(path, f"it is of {receipt.tenant}/{receipt.environment}")
        yield receipt


def _damaged(path: Path, said: str) -> LedgerError:
    return LedgerError(
        f"the receipt of a backup {path} cannot be used: {said}",
        help=f"delete {path} and make another backup: tenantctl backup",
    )
