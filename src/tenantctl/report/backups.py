"""What backups there are, and what is in one, as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tenantctl.model import BackupReceipt, Json, Note
from tenantctl.report.escape import visible


def made_text(receipt: BackupReceipt, notes: Sequence[Note] = ()) -> str:
    """What a person should know of a backup that has just been made."""
    return "\n".join(_made(receipt, notes))


def _made(receipt: BackupReceipt, notes: Sequence[Note]) -> Iterator[str]:
    id = f"{receipt.tenant}/{receipt.environment}"
    resources = sum(receipt.counts.values())
    yield f"Kept {resources} resources of {id} ({receipt.domain}), as they were at {receipt.when}:"
    yield f"  {visible(receipt.file)}"
    yield f"  {_kinds(receipt)}, no secrets; digest {receipt.digest[:12]}"
    if receipt.unread:
        yield ""
        yield f"{len(receipt.unread)} could not be read and are not in it:"
        for what, why in sorted(receipt.unread.items()):
            yield f"  {visible(what)}: {visible(why)}"
    for note in notes:
        yield ""
        yield f"{note.level}: {visible(note.message)}"
        yield f"  {visible(note.help)}"
    yield ""
    yield f"The way back: tenantctl restore {id} {visible(receipt.file)}"


def _kinds(receipt: BackupReceipt) -> str:
    return f"{len(receipt.counts)} kinds" if len(receipt.counts) != 1 else "1 kind"


def backup_as_json(receipt: BackupReceipt, notes: Sequence[Note] = ()) -> Json:
    """As `made_text`, for machines."""
    said = [{"level": n.level, "message": n.message, "help": n.help} for n in notes]
    return {"format": 1, "type": "backup", **_receipt(receipt), "notes": said}


def backups_text(environment: str, receipts: Sequence[BackupReceipt]) -> str:
    """The backups of an environment, in the order in which they come."""
    if not receipts:
        return f"There is no backup of {environment} yet: tenantctl backup {environment}"
    return "\n".join(_lines(receipts))


def _lines(receipts: Sequence[BackupReceipt]) -> Iterator[str]:
    digests = [*(each.digest for each in receipts[1:]), ""]
    for receipt, before in zip(receipts, digests, strict=True):
        count = sum(receipt.counts.values())
        same = ", as the one before" if receipt.digest == before else ""
        lacks = f", {len(receipt.unread)} unread" if receipt.unread else ""
        yield f"{receipt.when}  {receipt.digest[:12]}  {count} resources{lacks}{same}"
        yield f"  {visible(receipt.file)}"


def backups_as_json(environment: str, receipts: Sequence[BackupReceipt]) -> Json:
    """As `backups_text`, for machines."""
    return {
        "format": 1,
        "type": "backups",
        "environment": environment,
        "backups": [_receipt(each) for each in receipts],
    }


def _receipt(receipt: BackupReceipt) -> dict[str, Json]:
    return {
        "environment": f"{receipt.tenant}/{receipt.environment}",
        "domain": receipt.domain,
        "when": receipt.when,
        "file": receipt.file,
        "checksum": receipt.checksum,
        "digest": receipt.digest,
        "complete": receipt.complete,
        "counts": dict(receipt.counts),
        "unread": dict(receipt.unread),
        "version": receipt.version,
        "commit": receipt.commit,
        "who": receipt.who,
    }
