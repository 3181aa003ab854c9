"""Whose word counts: what is kept, as far as a key has signed it that an environment trusts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from tenantctl.errors import LedgerError
from tenantctl.files import Loaded
from tenantctl.ledger import Ledger
from tenantctl.model import DriftReceipt, Environment, Receipt, Statement, TestReceipt
from tenantctl.model.record import ATTESTED

Kept = TypeVar("Kept", Receipt, TestReceipt, Statement, DriftReceipt)


def trusted_by(environment: Environment) -> tuple[str, ...]:
    """The keys whose signatures count in *environment*; none where all is trusted."""
    return environment.receipts.trust if environment.receipts else ()


def believed(ledger: Ledger, environment: Environment, records: Iterable[Kept]) -> tuple[Kept, ...]:
    """Those of *records* that count in *environment*: all where it names no key.

    Raises LedgerError on one that was changed since it was signed.
    """
    trusted = trusted_by(environment)
    return tuple(each for each in records if not trusted or ledger.signer(each) in trusted)


def unbelieved(ledger: Ledger, loaded: Loaded) -> str:
    """A note of what counts for nothing in an environment, for no key that it trusts has signed it.

    Of its tests, and of what people attest. Empty where everything counts.
    """
    environment, digest = loaded.environment, loaded.desired.digest
    if not trusted_by(environment):
        return ""
    tenant, name = environment.tenant, environment.name
    try:
        tests = [each for each in ledger.tests(tenant, name) if each.digest == digest]
        said = [each for each in ledger.statements(tenant, name) if each.says == ATTESTED]
        left = len(tests) - len(believed(ledger, environment, tests))
        left += len(said) - len(believed(ledger, environment, said))
    except LedgerError:
        return ""  # told by whoever reads them for more than a note
    if not left:
        return ""
    which = (
        "1 receipt of tests or attestation is"
        if left == 1
        else (f"{left} receipts of tests and attestations are")
    )
    return (
        f"{which} signed with no key that receipts.trust of {environment.id} names, and so no"
        " evidence: run them where `receipts: sign` has such a key."
    )
