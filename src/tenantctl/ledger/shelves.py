"""What of a ledger a team shares: folders of records, and what one file in them has to be."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from tenantctl.ledger.backups import stamp
from tenantctl.ledger.codec import DAMAGE, Sign, damage_of, dump_sealed, load_sealed
from tenantctl.ledger.signing import signed_by
from tenantctl.ledger.tests import file_of
from tenantctl.model import (
    RAN,
    REHEARSAL,
    DriftReceipt,
    Environment,
    Receipt,
    Statement,
    TestReceipt,
)

Record: TypeAlias = Receipt | TestReceipt | Statement | DriftReceipt

LARGEST: Final = 32 * 1024 * 1024
"""Bytes of one file; a receipt of 5,000 resources has about 8 million."""
LEAD: Final = dt.timedelta(days=1)
"""How far the clock of whoever wrote a record may be ahead of ours."""
NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}\.json")
BEGINNING: Final = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One folder of a ledger. *title* is the name of a record in its text.

    Where it is *renewed* a later record takes the place of an earlier one of the same name;
    otherwise no file ever changes.
    """

    folder: str
    type: type[Record]
    title: str
    renewed: bool = False


SHELVES: Final = (
    Shelf("receipts", Receipt, "receipt"),
    Shelf("tests", TestReceipt, "test", renewed=True),
    Shelf("attestations", Statement, "attestation"),
    Shelf("drift", DriftReceipt, "drift"),
)
BY_FOLDER: Final[Mapping[str, Shelf]] = {shelf.folder: shelf for shelf in SHELVES}


def shelf_of(record: Record) -> Shelf:
    """The folder that *record* belongs into."""
    return next(shelf for shelf in SHELVES if isinstance(record, shelf.type))


def name_of(record: Record, text: str) -> str:
    """The name of the file of *record*, whose text is *text*.

    Names sort as times do, and two machines never give one name to different texts.
    """
    if isinstance(record, TestReceipt):
        return file_of(record)
    return f"{stamp(record.when).removesuffix('.json')}-{_content(text)}.json"


def _content(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:12]


def dump_record(record: Record, sign: Sign | None = None) -> str:
    """*record* as canonical text, signed with *sign*, if there is one."""
    return dump_sealed(shelf_of(record).title, record, sign)


def moment(record: Record) -> dt.datetime:
    """When *record* was written; long ago where it does not say so."""
    try:
        found = dt.datetime.fromisoformat(record.when)
    except ValueError:
        return BEGINNING
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def renews(record: Record, text: str, other: Record, other_text: str) -> bool:
    """Whether *record* takes the place of *other*: all machines must say the same."""
    return (moment(record), text) > (moment(other), other_text)


def _is_time(when: str) -> bool:
    """Whether *when* is a time as receipts have it: names sort as times only if all are UTC."""
    try:
        found = dt.datetime.fromisoformat(when)
    except ValueError:
        return False
    texts = (found.isoformat(timespec=each) for each in ("milliseconds", "seconds", "auto"))
    return found.utcoffset() == dt.timedelta() and when in texts


def _strange(record: Record) -> str:
    """What whoever reads *record* could not go on with; empty where they can."""
    if not _is_time(record.when):
        return f"{record.when!r:.40} is no time as ledgers write it"
    if isinstance(record, TestReceipt) and record.ran not in {*RAN, REHEARSAL}:
        return f"nobody knows tests of the kind {record.ran!r:.40}"
    if isinstance(record, Statement) and record.until and not _is_day(record.until):
        return f"{record.until!r:.40} is no day"
    return ""


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def read_record(
    shelf: Shelf, name: str, data: bytes, environment: Environment, now: dt.datetime
) -> Record:
    """The record that *data*, the file *name* of a shelf, holds.

    Raises ValueError, saying what is wrong, on anything that no honest ledger of *environment* has
    written: another name, tenant or domain, a time to come or in other words, damage, a signature
    that does not fit.
    """
    try:
        text = data.decode("ascii")
        record: Record = load_sealed(shelf.type, shelf.title, text)
    except DAMAGE as error:
        raise ValueError(damage_of(error)) from None
    if (record.tenant, record.environment) != (environment.tenant, environment.name):
        raise ValueError(f"it is of {record.tenant}/{record.environment}")
    if why := _strange(record):
        raise ValueError(why)
    domain = record.domain if isinstance(record, Receipt | DriftReceipt) else environment.domain
    if domain != environment.domain:
        raise ValueError(f"it is of {domain}, and {environment.id} is {environment.domain}")
    if moment(record) > now + LEAD:
        raise ValueError(f"it is of {record.when}, which is to come")
    if name != name_of(record, text):
        raise ValueError("its name does not fit what it holds")
    signed_by(text)
    return record
