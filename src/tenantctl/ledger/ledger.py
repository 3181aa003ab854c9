"""What is kept beside the files: receipts of how a run left a tenant, journals of runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tenantctl.errors import PlanError
from tenantctl.ledger import journal
from tenantctl.ledger.backups import RECEIPTS, dump_backup, read_receipts, receipt_for, stamp
from tenantctl.ledger.codec import (
    DAMAGE,
    Sign,
    damage_of,
    damaged_receipt,
    dump_plan,
    dump_sealed,
    load_plan,
    load_receipt,
    load_sealed,
)
from tenantctl.ledger.disk import alone, confined, move, private_folder, read_ascii, write_atomic
from tenantctl.ledger.journal import Journal, Unfinished
from tenantctl.ledger.records import damaged_record, read_records
from tenantctl.ledger.shelves import (
    NAME,
    SHELVES,
    Record,
    dump_record,
    moment,
    name_of,
    shelf_of,
)
from tenantctl.ledger.signing import signed_by
from tenantctl.ledger.tests import read_tests
from tenantctl.model import (
    REHEARSAL,
    Backup,
    BackupReceipt,
    DriftReceipt,
    Plan,
    Receipt,
    Statement,
    TestReceipt,
)

LAST = "last.json"
TELLING = frozenset({"apply", "export"})
"""Kinds of receipts that tell what is ours in a tenant."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger in the folder *state*, which need not be there yet.

    *sign* gives what records are signed with, or None for nothing; it is asked at the first write.
    """

    state: Path
    sign: Callable[[], Sign | None] = lambda: None

    def receipt(self, tenant: str, environment: str) -> Receipt | None:
        """The last receipt of an apply or export, or None; LedgerError on one that is damaged."""
        path = self._receipts(tenant, environment) / LAST
        try:
            text = read_ascii(path)
            receipt = None if text is None else load_receipt(text, str(path))
        except DAMAGE:
            raise damaged_receipt(str(path), "it holds bytes that were never written") from None
        if receipt and (receipt.tenant, receipt.environment) != (tenant, environment):
            raise damaged_receipt(str(path), f"it is of {receipt.tenant}/{receipt.environment}")
        return receipt

    def earlier(self, tenant: str, environment: str) -> Iterator[Receipt]:
        """Every receipt that was kept of an environment, the newest first; see `history`."""
        return (receipt for _, receipt in self.history(tenant, environment))

    def history(self, tenant: str, environment: str) -> Iterator[tuple[str, Receipt]]:
        """Every receipt that was kept of an environment under its name, the newest first.

        Raises LedgerError at one that is damaged.
        """
        folder = self._receipts(tenant, environment)
        names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        for name in sorted(filter(NAME.fullmatch, names), reverse=True):
            path = folder / name
            try:
                text = None if name == LAST else read_ascii(path)
                if text is not None:
                    yield path.stem, load_receipt(text, str(path))
            except DAMAGE:
                said = "it holds bytes that were never written"
                raise damaged_receipt(str(path), said) from None

    def write_receipt(self, receipt: Receipt) -> Path:
        """Keeps *receipt* for good and gives its file; one of `TELLING` becomes the last one.

        The last one is a file of its own, written first: there is no moment at which a crash
        leaves an older receipt in force.
        """
        text = dump_record(receipt, self.sign())
        folder = private_folder(self._receipts(receipt.tenant, receipt.environment))
        if receipt.kind in TELLING:
            with alone(folder):
                write_atomic(folder / LAST, text)
        return self._write(receipt, text)

    def follow(self, receipt: Receipt, text: str) -> None:
        """*receipt*, one that tells and whose text is *text*, becomes the last if it is newer.

        Raises LedgerError where the last one is damaged: nobody knows which of them is newer.
        """
        folder = private_folder(self._receipts(receipt.tenant, receipt.environment))
        with alone(folder):
            last = self.receipt(receipt.tenant, receipt.environment)
            if last is None or moment(last) < moment(receipt):
                write_atomic(folder / LAST, text)

    def restore(self, tenant: str, environment: str) -> None:
        """Where the last receipt is lost, the newest of those that were kept takes its place."""
        folder = self._receipts(tenant, environment)
        if not folder.is_dir() or (folder / LAST).exists():
            return
        history = self.history(tenant, environment)
        name, last = next(((n, each) for n, each in history if each.kind in TELLING), ("", None))
        if last is not None and (text := read_ascii(folder / f"{name}.json")):
            self.follow(last, text)

    def rename(self, tenant: str, environment: str) -> None:
        """Names of earlier versions, which two machines can give to different receipts, end."""
        for shelf in SHELVES:
            folder = self.state / shelf.folder / confined(tenant, environment)
            for path in sorted(folder.glob("*-[0-9][0-9][0-9][0-9].json")):
                try:
                    text = read_ascii(path) or ""
                    record = load_sealed(shelf.type, shelf.title, text)
                except DAMAGE:
                    continue  # whoever reads it says what is wrong with it
                move(path, folder / name_of(record, text))

    def _write(self, record: Record, text: str) -> Path:
        folder = private_folder(self._folder(record))
        path = folder / name_of(record, text)
        write_atomic(path, text)
        self._ignore()
        return path

    def signer(self, record: Record) -> str:
        """The public key that signed *record*, which is kept here; empty where nobody did.

        An unsigned copy beside a signed one takes nothing from it. Raises LedgerError where it was
        changed since.
        """
        shelf, folder = shelf_of(record), self._folder(record)
        made = stamp(record.when).removesuffix(".json")
        pattern = name_of(record, "") if shelf.renewed else f"{made}-*.json"
        for path in sorted(folder.glob(pattern)):
            try:
                text = read_ascii(path) or ""
                if load_sealed(shelf.type, shelf.title, text) == record and (by := signed_by(text)):
                    return by
            except DAMAGE as error:
                raise damaged_record(path, damage_of(error)) from None
        return ""

    def tests(self, tenant: str, environment: str) -> tuple[TestReceipt, ...]:
        """What tests of an environment have shown, the newest last; see `write_test`.

        Raises LedgerError on one that is damaged.
        """
        found = read_tests(self._tests(tenant, environment), tenant, environment)
        return tuple(receipt for receipt in found if receipt.ran != REHEARSAL)

    def rehearsals(self, tenant: str, environment: str) -> tuple[TestReceipt, ...]:
        """How plans of an environment fared in a copy of it, the newest last.

        The digest of each is the checksum of its plan. Raises LedgerError on one that is damaged.
        """
        found = read_tests(self._tests(tenant, environment), tenant, environment)
        return tuple(receipt for receipt in found if receipt.ran == REHEARSAL)

    def write_test(self, receipt: TestReceipt) -> Path:
        """Keeps *receipt* and gives its file.

        It takes the place of an earlier one of the same tests and the same definition: what failed
        since is no longer passed.
        """
        return self._write(receipt, dump_record(receipt, self.sign()))

    def backups(self, tenant: str, environment: str) -> tuple[BackupReceipt, ...]:
        """The backups of an environment, the newest last, without those that were lost here.

        Raises LedgerError on a receipt that is damaged.
        """
        return read_receipts(self._backups(tenant, environment), tenant, environment)

    def write_backup(
        self, backup: Backup, to: Path | None = None, *, commit: str = "", who: str = ""
    ) -> BackupReceipt:
        """Keeps *backup* in the file *to*, or in the ledger's own folder, and then a receipt."""
        folder = self._backups(backup.tenant, backup.environment).absolute()
        receipts = private_folder(folder / RECEIPTS)
        self._ignore()
        file = (to or folder / stamp(backup.when)).absolute()
        receipt = receipt_for(backup, file, commit=commit, who=who)
        write_atomic(file, dump_backup(backup))
        write_atomic(receipts / stamp(backup.when), dump_sealed("receipt", receipt))
        return receipt

    def drifts(self, tenant: str, environment: str) -> tuple[DriftReceipt, ...]:
        """What looks for drift have found, the newest last; LedgerError on one that is damaged."""
        folder = self.state / "drift" / confined(tenant, environment)
        return tuple(read_records(DriftReceipt, folder, tenant, environment))

    def statements(self, tenant: str, environment: str) -> tuple[Statement, ...]:
        """What people have said of an environment, the newest last; LedgerError on damage."""
        folder = self.state / "attestations" / confined(tenant, environment)
        return tuple(read_records(Statement, folder, tenant, environment))

    def write_record(self, record: DriftReceipt | Statement) -> Path:
        """Keeps *record* for good and gives its file."""
        return self._write(record, dump_record(record, self.sign()))

    def begin(self, plan: Plan) -> Journal:
        """A journal for *plan*, in which every event stands before its request leaves."""
        folder = self._journals(plan.tenant, plan.environment)
        opened = journal.begin(folder, plan)
        self._ignore()
        return opened

    def resume(self, tenant: str, environment: str) -> Journal:
        """The journal of the unfinished run, to be appended to."""
        return journal.reopen(self._journals(tenant, environment))

    def unfinished(self, tenant: str, environment: str) -> Unfinished | None:
        """The run that was begun and never finished, or None; raises LedgerError on damage."""
        return journal.unfinished(self._journals(tenant, environment))

    def _folder(self, record: Record) -> Path:
        return self.state / shelf_of(record).folder / confined(record.tenant, record.environment)

    def _receipts(self, tenant: str, environment: str) -> Path:
        return self.state / "receipts" / confined(tenant, environment)

    def _tests(self, tenant: str, environment: str) -> Path:
        return self.state / "tests" / confined(tenant, environment)

    def _backups(self, tenant: str, environment: str) -> Path:
        return self.state / "backups" / confined(tenant, environment)

    def _journals(self, tenant: str, environment: str) -> Path:
        return self.state / "journals" / confined(tenant, environment)

    def _ignore(self) -> None:
        """The folder hides itself from Git, whatever the project's own .gitignore says."""
        if not (self.state / ".gitignore").exists():
            write_atomic(self.state / ".gitignore", "*\n")


def open_ledger(state: Path, sign: Callable[[], Sign | None] = lambda: None) -> Ledger:
    """The ledger in the folder *state*; makes nothing until something is written.

    What it writes is signed with what *sign* gives, if that is anything.
    """
    return Ledger(state, sign)


def save_plan(plan: Plan, path: Path) -> None:
    """*path* holds *plan*, mode 0600; raises LedgerError where the disk refuses."""
    write_atomic(path, dump_plan(plan))


def read_plan(path: Path) -> Plan:
    """The plan in the file *path*; raises PlanError if there is none or it was changed."""
    try:
        text = read_ascii(path)
    except UnicodeError:
        text = ""
    if text is None:
        raise PlanError(
            f"there is no file {path}", help="`tenantctl plan` with `--out` writes a plan file"
        )
    return load_plan(text, str(path))
