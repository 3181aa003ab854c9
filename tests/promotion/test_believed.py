"""Whose word counts: where keys are trusted, gates go by what one of them has signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from ledger.examples import RECEIPT
from support.project import Project
from tenantctl.files import load
from tenantctl.ledger import Ledger, open_ledger
from tenantctl.ledger.codec import Sign
from tenantctl.ledger.signing import make_pair, signer
from tenantctl.model import Statement, TestReceipt
from tenantctl.model.record import ATTESTED
from tenantctl.workflows.facts import attested, records_of
from tenantctl.workflows.trust import unbelieved

WHEN = "2026-09-01T10:00:00.000+00:00"
By = Callable[[], Sign | None]


def keep(project: Project, sign: By, ran: str, about: str) -> None:
    """Keeps tests of qa, an attestation of it and a receipt of dev, signed by *sign*."""
    digest = load(project.root, "shop", "qa").desired.digest
    ledger = open_ledger(project.root / ".tenantctl", sign)
    ledger.write_test(TestReceipt("shop", "qa", "qa", ran, passed=True, digest=digest, when=WHEN))
    ledger.write_record(Statement("shop", "qa", ATTESTED, about, who="octocat", when=WHEN))


def keep_apply(project: Project, sign: By) -> None:
    receipt = replace(RECEIPT, tenant="shop", domain="shop-dev.sandbox.invalid", when=WHEN)
    open_ledger(project.root / ".tenantctl", sign).write_receipt(receipt)


@pytest.fixture
def keys(shop: Project) -> tuple[By, By]:
    """A key that qa trusts, and one that it does not."""
    (pem, public), (other, _) = make_pair(), make_pair()
    shop.edit("environments/shop/qa.yaml", "policy:", f'receipts: {{trust: ["{public}"]}}\npolicy:')
    return lambda: signer(pem), lambda: signer(other)


def ledger_of(project: Project) -> Ledger:
    return open_ledger(project.root / ".tenantctl")


def test_gates_count_what_a_trusted_key_has_signed_and_nothing_else(
    shop: Project, keys: tuple[By, By]
):
    trusted, strange = keys
    for sign, ran, about in (
        (trusted, "unit", "load_test"),
        (strange, "mock", "legal_review"),
        (lambda: None, "integration", "pen_test"),
    ):
        keep(shop, sign, ran, about)
    loaded, ledger = load(shop.root, "shop", "qa"), ledger_of(shop)
    assert [each.ran for each in records_of(loaded, ledger).tests] == ["unit"]
    said = [each.name for each in attested(ledger, loaded.environment)]
    assert said == ["load_test"]
    assert unbelieved(ledger, loaded).startswith("4 receipts of tests and attestations are signed")
    assert dt.date(2026, 9, 1) in {each.on for each in attested(ledger, loaded.environment)}


@pytest.mark.parametrize("who", ["trusted", "strange", "nobody"])
def test_so_it_is_with_what_the_environment_before_has_had(
    shop: Project, keys: tuple[By, By], who: str
):
    sign: By = {"trusted": keys[0], "strange": keys[1], "nobody": lambda: None}[who]
    keep_apply(shop, sign)
    found = records_of(load(shop.root, "shop", "qa"), ledger_of(shop)).last["dev"]
    assert (found is not None) == (who == "trusted")


def test_a_receipt_that_was_changed_since_it_was_signed_counts_as_none(
    shop: Project, keys: tuple[By, By]
):
    def sealed(text: str) -> Mapping[str, str]:  # over something else than what is kept
        return keys[0]()(text + " ")

    keep_apply(shop, lambda: sealed)
    assert records_of(load(shop.root, "shop", "qa"), ledger_of(shop)).last.get("dev") is None


def test_where_no_key_is_named_everything_counts(shop: Project):
    keep(shop, lambda: None, "unit", "load_test")
    keep_apply(shop, lambda: None)
    loaded, ledger = load(shop.root, "shop", "qa"), ledger_of(shop)
    found = records_of(loaded, ledger)
    assert [each.ran for each in found.tests] == ["unit"]
    assert found.last["dev"] is not None
    assert [each.name for each in attested(ledger, loaded.environment)] == ["load_test"]
    assert unbelieved(ledger, loaded) == ""
