"""Receipts of tests: one file for each kind of tests and each definition, the last run of them.

Those of rehearsals are among them, one for each plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tenantctl.ledger.codec import damaged_test, load_test
from tenantctl.ledger.disk import read_ascii
from tenantctl.model import RAN, REHEARSAL, TestReceipt


def file_of(receipt: TestReceipt) -> str:
    """The name of the file of *receipt*; equal for the same tests of the same definition."""
    return f"{receipt.ran}-{receipt.digest[:32]}.json"


def read_tests(folder: Path, tenant: str, environment: str) -> tuple[TestReceipt, ...]:
    """The receipts in *folder*, the newest last. Raises LedgerError on one that is damaged."""
    if not folder.is_dir():
        return ()
    found = _read(folder, tenant, environment)
    return tuple(sorted(found, key=lambda receipt: (receipt.when, receipt.ran)))


def _read(folder: Path, tenant: str, environment: str) -> Iterator[TestReceipt]:
    for path in sorted(folder.glob("*.json")):
        try:
            text = read_ascii(path)
        except UnicodeError:
            raise damaged_test(str(path), "it holds bytes that were never written") from None
        if text is None or path.name.startswith("."):
            continue
        receipt = load_test(text, str(path))
        if (receipt.tenant, receipt.environment) != (tenant, environment):
            raise damaged_test(str(path), f"it is of {receipt.tenant}/{receipt.environment}")
        if receipt.ran not in {*RAN, REHEARSAL}:
            raise damaged_test(str(path), f"nobody knows tests of the kind {receipt.ran!r}")
        yield receipt
