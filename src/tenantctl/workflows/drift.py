"""A look for drift: what somebody has changed in a tenant since the last apply, and who it was."""

from __future__ import annotations

from dataclasses import dataclass, field

from tenantctl import __version__
from tenantctl.engine import Known
from tenantctl.engine.drift import (
    AGREED,
    BEHIND,
    DELETED,
    PENDING,
    UNCLEAR,
    Difference,
    by_address,
    drift_of,
    gone_with,
)
from tenantctl.files import Loaded
from tenantctl.kinds import KINDS
from tenantctl.model import (
    Address,
    DriftReceipt,
    Receipt,
    Tenant,
    Traced,
    Vault,
    Write,
)
from tenantctl.workflows.former import with_former
from tenantctl.workflows.prepare import Gateway, scope


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look has found in the environment *loaded*.

    *receipt* is that of the last apply, or export; without one there is nothing that the tenant
    could have drifted from. *traced* is what the log tells of whatever has drifted.
    """

    loaded: Loaded
    receipt: Receipt | None
    live: Tenant = field(default_factory=lambda: Tenant({}))
    known: Known = field(default_factory=Known)
    found: tuple[Difference, ...] = ()
    traced: Traced = Traced()  # noqa: RUF009 - frozen

    @property
    def drifted(self) -> tuple[Difference, ...]:
        """What differs from the last apply, or may do so for all that the receipt tells."""
        return tuple(each for each in self.found if each.what in BEHIND | {UNCLEAR})

    @property
    def pending(self) -> tuple[Address, ...]:
        """The addresses of which the files alone ask something else."""
        return tuple(by_address(each for each in self.found if each.what == PENDING))


async def look_for_drift(
    loaded: Loaded, gateway: Gateway, receipt: Receipt | None, vault: Vault, since: str = ""
) -> Looked:
    """Compares files, last apply and tenant. Reads what a plan reads, and of what drifted the log.

    The log is read from *since* on, in ISO 8601, or else from the last apply. Raises GatewayError
    where the tenant cannot be read; the log may stay unread.
    """
    environment = loaded.environment
    if receipt is None or receipt.domain != environment.domain:
        return Looked(loaded, None)
    desired = with_former(loaded.desired, receipt.entries, environment.domain)
    live = await gateway.read(scope(desired, receipt.entries, retire=False))
    known = Known(receipt.entries, vault.mark)
    found = drift_of(desired, live, known)
    wanted = {each.address for each in found if each.what in {*BEHIND, UNCLEAR, AGREED}}
    ids = {address: entry.id for address, entry in receipt.entries.items()}
    traced = Traced()
    if wanted:
        traced = await gateway.trace(wanted, ids, since or receipt.when)
    return Looked(loaded, receipt, live, known, found, traced)


def author(each: Difference, looked: Looked) -> Write | None:
    """Who made a difference: the last to write its field, else the last who may have.

    Of a member that went with a resource which was deleted, it is whoever deleted that. None where
    all whom the log names wrote something else: nobody is to be blamed for being near.
    """
    writes = looked.traced.writes
    each = gone_with(each, looked.found) or each
    mine = writes.get(each.address, ())
    if each.how == DELETED:
        fit = [write for write in mine if write.method == "DELETE"]
    else:
        fit = [write for write in mine if each.path[:1] and each.path[0] in write.fields]
    return next(iter([*fit, *(write for write in mine if not _is_other(write, each))]), None)


def _is_other(write: Write, each: Difference) -> bool:
    """Whether a write surely was of other fields; of some kinds the API calls them otherwise."""
    kind = KINDS[each.address.kind]
    alike = not (kind.members or kind.body or kind.hooks.read or kind.hooks.write)
    patched = write.method == "PATCH" and write.fields and alike
    return bool(patched and each.path and each.path[0] not in write.fields)


def drift_receipt(looked: Looked, *, commit: str, who: str, when: str) -> DriftReceipt:
    """The record of a look at a tenant to which something has been applied."""
    environment, last = looked.loaded.environment, looked.receipt
    assert last is not None
    return DriftReceipt(
        tenant=environment.tenant,
        environment=environment.name,
        domain=environment.domain,
        digest=last.digest,
        applied=last.when,
        drifted=tuple(map(str, by_address(looked.drifted))),
        pending=len(looked.pending),
        version=__version__,
        commit=commit,
        who=who,
        when=when,
    )
