"""Going back to a definition that an environment had before, and what that does not bring back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tenantctl.engine.promotion import gone_back_from
from tenantctl.errors import UsageError
from tenantctl.kinds import KINDS, Lens, leaves
from tenantctl.model import (
    BACKUP,
    Address,
    Create,
    Delete,
    Entry,
    Path,
    Plan,
    Receipt,
    secret_names,
)

SHORTEST = 6
"""As many characters of a digest or a commit say which one is meant."""
SHOWN = 5
"""As many receipts as a message lists."""

Named = tuple[str, Receipt]
"""A receipt and the name it is kept under."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What a rollback does not make as it was: *word* is one of `LOSSES`."""

    word: str
    address: Address
    path: Path = ()
    more: str = ""


LOSSES = {
    "recreated": "is created anew and gets another id",
    "deleted": "was made since and is deleted, with what hangs on it",
    "kept": "was made since and stays: the policy deletes nothing",
    "secret": "was written anew since and keeps today's value",
}


def former(newest_first: Sequence[Named], where: str) -> Named:
    """The last receipt of another definition, of those that nobody has gone back from.

    Of the one in force where going back to that was not finished. Raises UsageError where there is
    none; *where* is what messages call the environment.
    """
    there = _last(newest_first, where)
    left = gone_back_from(receipt for _, receipt in newest_first)
    on_the_way = bool(left) and not is_whole(there)
    for name, receipt in newest_first:
        wanted = _is_another(receipt, there) or (on_the_way and receipt.digest == there.digest)
        if is_whole(receipt) and wanted and receipt.digest not in left:
            return name, receipt
    finish = "" if is_whole(there) else f"tenantctl resume {where} finishes what was begun; "
    raise UsageError(
        f"{where} has nothing to go back to: no receipt shows another definition that was applied "
        "in full, and that it has not gone back from",
        help=f"{finish}tenantctl receipts log {where} lists them; --to takes any of them",
    )


def is_whole(receipt: Receipt) -> bool:
    """Whether all of a definition was there, as it was meant."""
    return receipt.status == "converged" and receipt.full


def chosen(newest_first: Sequence[Named], where: str, asked: str, digests: Sequence[str]) -> Named:
    """The receipt that *asked* means: by its name, or the beginning of a digest or of a commit.

    *digests* are of the definition of the commit *asked*, if it is one. Raises UsageError where
    that is none or several, or the definition in force.
    """
    there = _last(newest_first, where)
    found = [each for each in newest_first if each[0] == asked]
    found = found or [each for each in newest_first if _begins(each[1], asked)]
    found = found or [each for each in newest_first if each[1].digest in digests]
    if not found:
        known = ", ".join(name for name, _ in newest_first[:SHOWN])
        raise UsageError(
            f"{where} has no receipt {asked}, nor one of such a definition or commit",
            help=f"its last ones are {known}; of a definition or a commit give {SHORTEST} "
            "characters at least",
        )
    if len({receipt.digest for _, receipt in found}) > 1:
        named = ", ".join(name for name, _ in found[:SHOWN])
        raise UsageError(f"{asked} means several receipts of {where}: {named}", help="name one")
    name, receipt = next((each for each in found if is_whole(each[1])), found[0])
    if receipt.digest.startswith(BACKUP):
        raise UsageError(
            f"{name} is the receipt of a restored backup, which no files say",
            help=f"tenantctl restore {where} FILE plans it again",
        )
    if receipt.digest == there.digest and is_whole(there):
        raise UsageError(
            f"{where} has the definition {receipt.digest[:12]} of {name} now",
            help=f"tenantctl drift {where} tells whether the tenant is still as that says",
        )
    return name, receipt


def _last(newest_first: Sequence[Named], where: str) -> Receipt:
    if not newest_first:
        raise UsageError(
            f"{where} has no receipts, so nobody knows what was there before",
            help=f"if others have applied: tenantctl receipts fetch {where}",
        )
    return newest_first[0][1]


def _is_another(receipt: Receipt, there: Receipt) -> bool:
    return receipt.digest != there.digest and not receipt.digest.startswith(BACKUP)


def _begins(receipt: Receipt, asked: str) -> bool:
    names = (receipt.digest, receipt.commit)
    return len(asked) >= SHORTEST and any(name.startswith(asked) for name in names)


def losses(plan: Plan, then: Receipt, last: Receipt | None) -> tuple[Loss, ...]:
    """What *plan* does not make as it was when *then* was written; *last* is the last receipt."""
    return (*_recreated(plan, then), *_made_since(plan, last), *_secrets(plan, then, last))


def _recreated(plan: Plan, then: Receipt) -> Iterator[Loss]:
    for step in plan.steps:
        before = then.entries.get(step.address)
        if isinstance(step.change, Create) and before and before.id:
            breaks = KINDS[step.address.kind].replace_breaks
            yield Loss("recreated", step.address, more=f"that breaks {breaks}" if breaks else "")


def _made_since(plan: Plan, last: Receipt | None) -> Iterator[Loss]:
    since = {*last.entries} - {*plan.entries} if last else set()
    deletes = {step.address for step in plan.steps if isinstance(step.change, Delete)}
    for address in sorted(since & deletes):
        breaks = KINDS[address.kind].replace_breaks
        yield Loss("deleted", address, more=f"that breaks {breaks}" if breaks else "")
    stay = {one.address for one in plan.released if not one.path}
    yield from (Loss("kept", address) for address in sorted(since & stay))


def _secrets(plan: Plan, then: Receipt, last: Receipt | None) -> Iterator[Loss]:
    """The secrets of which another value was written since."""
    for address, entry in sorted(plan.entries.items()):
        old = then.entries.get(address, Entry()).sealed
        new = last.entries.get(address, Entry()).sealed if last else {}
        other = [p for p in sorted(entry.sealed) if p in old and p in new and old[p] != new[p]]
        values = dict(leaves(Lens(KINDS[address.kind], entry.fields), entry.fields))
        for path in other:
            yield Loss("secret", address, path, ", ".join(secret_names(values.get(path))))
