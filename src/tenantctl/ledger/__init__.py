"""What is kept beside the files: plans, receipts, journals, locks; and which commit it was."""

from tenantctl.ledger.backups import dump_backup, load_backup, read_backup
from tenantctl.ledger.codec import (
    checksum_of,
    dump_event,
    dump_plan,
    dump_receipt,
    load_event,
    load_plan,
    load_receipt,
)
from tenantctl.ledger.disk import write_atomic
from tenantctl.ledger.git import commit_of
from tenantctl.ledger.journal import Journal, Unfinished
from tenantctl.ledger.ledger import Ledger, open_ledger, read_plan, save_plan
from tenantctl.ledger.locks import holder, lock, state_home
from tenantctl.ledger.who import who

__all__ = [
    "Journal",
    "Ledger",
    "Unfinished",
    "checksum_of",
    "commit_of",
    "dump_backup",
    "dump_event",
    "dump_plan",
    "dump_receipt",
    "holder",
    "load_backup",
    "load_event",
    "load_plan",
    "load_receipt",
    "lock",
    "open_ledger",
    "read_backup",
    "read_plan",
    "save_plan",
    "state_home",
    "who",
    "write_atomic",
]
