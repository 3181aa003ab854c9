"""Drift as a view: what somebody has changed in a tenant, who it was, and what the files say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from tenantctl.engine.drift import (
    AGREED,
    BEHIND,
    CONFLICT,
    DRIFT,
    PENDING,
    UNCLEAR,
    WHATS,
    Difference,
    origin_of,
)
from tenantctl.model import (
    ABSENT,
    Address,
    Desired,
    Edit,
    Json,
    Receipt,
    Update,
    Value,
    Vault,
    Write,
)
from tenantctl.report.document import FORMAT, plain
from tenantctl.report.redact import Clean, cleaned, cleaner, scrubber
from tenantctl.report.rows import rows_of
from tenantctl.report.view import Row

CLEAN, DRIFTED, UNAPPLIED = "clean", "drifted", "unapplied"


@dataclass(frozen=True, slots=True)
class WriteView:
    """Who changed *fields*, or the whole where there are none; empty texts are not known."""

    when: str
    user: str
    client: str
    channel: str
    ip: str
    agent: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DriftItem:
    """What has become of a resource. *what* and *how* are those of `Difference`.

    *rows* have what was applied before and what is there after, *files* what was applied before and
    what the files say after, where these say something else. *names* are what `--accept` takes.
    """

    address: str
    what: str
    how: str
    where: str
    rows: tuple[Row, ...]
    files: tuple[Row, ...]
    by: tuple[WriteView, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AppliedView:
    """The last apply, or export: whose, and of what."""

    kind: str
    status: str
    when: str
    who: str
    digest: str
    commit: str


@dataclass(frozen=True, slots=True)
class DriftView:
    """A look at an environment. *outcome*: `clean`, `drifted`, or `unapplied` without an *applied*.

    *pending* are addresses of which the files alone ask something else. *log* is why nobody knows
    who did it, empty where there is nothing to say. *summary* is one line.
    """

    tenant: str
    environment: str
    domain: str
    outcome: str
    applied: AppliedView | None
    items: tuple[DriftItem, ...]
    pending: tuple[str, ...]
    log: str
    counts: tuple[tuple[str, int], ...]
    summary: str
    looked: str
    version: str

    @property
    def target(self) -> str:
        return f"{self.tenant}/{self.environment}"


@dataclass(frozen=True, slots=True)
class Told:
    """What a view is made of beside the differences: who made them, and what each is called."""

    author: Callable[[Difference], Write | None]
    names: Callable[[Difference], tuple[str, ...]]
    where: Callable[[Difference], str]
    log: str = ""


def view_drift(
    target: tuple[str, str, str],
    last: Receipt | None,
    found: Sequence[Difference],
    told: Told,
    vault: Vault | None,
    *,
    looked: str,
    version: str,
    full: bool = False,
) -> DriftView:
    """All there is to say, scrubbed of *vault*'s values and escaped.

    *target* is tenant, environment and domain. *looked* is when the tenant was read. *full* cuts
    no field short.
    """
    scrub = scrubber(vault)
    shown = [each for each in found if each.what != PENDING]
    counts = {what: sum(each.what == what for each in found) for what in WHATS}
    pending = dict.fromkeys(str(each.address) for each in found if each.what == PENDING)
    drifted = any(counts[what] for what in (*BEHIND, UNCLEAR))
    view = DriftView(
        *target,
        outcome=UNAPPLIED if last is None else DRIFTED if drifted else CLEAN,
        applied=_applied(last) if last else None,
        items=tuple(_items(shown, told, scrub, full=full)),
        pending=tuple(pending),
        log=told.log if shown else "",
        counts=tuple((what, count) for what, count in counts.items() if count),
        summary=_summary(last, counts, len(pending)),
        looked=looked,
        version=version,
    )
    return cleaned(view, cleaner(vault))


def _applied(last: Receipt) -> AppliedView:
    return AppliedView(last.kind, last.status, last.when, last.who, last.digest, last.commit)


def _summary(last: Receipt | None, counts: Mapping[str, int], pending: int) -> str:
    if last is None:
        return "nothing has been applied yet"
    words = {
        DRIFT: "changed in the tenant",
        CONFLICT: "changed in both",
        UNCLEAR: "unclear",
        AGREED: "alike in both",
    }
    parts = [f"{counts[what]} {word}" for what, word in words.items() if counts[what]]
    if pending:
        parts.append(f"{pending} to apply")
    return ", ".join(parts) or "no drift"


def _items(
    found: Iterable[Difference], told: Told, scrub: Clean, *, full: bool
) -> Iterator[DriftItem]:
    def key(each: Difference) -> tuple[int, Address, bool]:
        return WHATS.index(each.what), each.address, bool(each.path)  # the whole comes first

    for (_, address, _inside), group in groupby(sorted(found, key=key), key=key):
        yield _item(address, list(group), told, scrub, full=full)


def _item(
    address: Address, mine: Sequence[Difference], told: Told, scrub: Clean, *, full: bool
) -> DriftItem:
    first = mine[0]
    other = [each for each in mine if each.what == CONFLICT]
    return DriftItem(
        address=str(address),
        what=first.what,
        how=first.how if not first.path else "changed",
        where=told.where(first),
        rows=tuple(rows_of(_update(address, mine, lambda each: each.live), scrub, full=full)),
        files=tuple(rows_of(_update(address, other, lambda each: each.desired), scrub, full=full)),
        by=tuple(_by(mine, told)),
        names=tuple(dict.fromkeys(told.names(each)[-1] for each in mine)),
    )


def _update(
    address: Address, mine: Iterable[Difference], value: Callable[[Difference], Value]
) -> Update:
    """An edit for each field: from what was applied to the *value* of a difference.

    The members of an association are one field.
    """
    edits: dict[tuple[str, ...], Edit] = {}
    for each in mine:
        before, after = each.applied, value(each)
        if each.what == UNCLEAR:
            before, after = each.desired, each.live
        if each.member:
            known = edits.get(each.path, Edit(each.path, [], []))
            before, after = _and(known.before, before), _and(known.after, after)
        if each.path:
            edits[each.path] = Edit(each.path, before, after)
    return Update(address, tuple(edits.values()))


def _and(members: Sequence[Value], member: Value) -> list[Value]:
    return [*members, *([] if member is ABSENT else [member])]


def _by(mine: Sequence[Difference], told: Told) -> Iterator[WriteView]:
    """The writes behind some differences, each once, with the fields that it is known for."""
    found: dict[Write, list[Difference]] = {}
    for each in mine:
        if (write := told.author(each)) is not None:
            found.setdefault(write, []).append(each)
    for write, differences in found.items():
        names = dict.fromkeys(told.names(each)[-1] for each in differences)
        fields = tuple(names) if len(found) > 1 else ()
        texts = (write.when, write.user, write.client, write.channel, write.ip, write.agent)
        yield WriteView(*texts, fields)


def drift_as_json(view: DriftView) -> dict[str, Json]:
    """*view* as `{"format": 1, "type": "drift", ...}`; keys are the view's fields."""
    return {"format": FORMAT, "type": "drift", **plain(view)}


def places(desired: Desired) -> Callable[[Difference], str]:
    """Where the files say something of what has become otherwise, as `file:line`."""

    def where(each: Difference) -> str:
        origin = origin_of(each, desired)
        if origin is None:
            return ""
        return f"{origin.file}:{origin.line}" if origin.line else origin.file

    return where
