"""A promotion as a view, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tenantctl.engine.panels import Panels
from tenantctl.model import Json, TestReceipt, Vault
from tenantctl.report.compared import Compared, Named, compared_plain, view_compared
from tenantctl.report.document import FORMAT, as_json, plain
from tenantctl.report.redact import cleaned, cleaner
from tenantctl.report.shown import field_name
from tenantctl.report.view import View

UNEXPLAINED = "nothing declares this"


@dataclass(frozen=True, slots=True)
class GotView:
    """The last receipt of the source; *since* is when its definition came to be there.

    *tests* are those that passed for it, *looked* is when somebody last looked for drift, and
    *drifted* what that found.
    """

    domain: str
    status: str
    full: bool
    phases: tuple[int, ...]
    digest: str
    commit: str
    version: str
    who: str
    when: str
    since: str
    tests: tuple[str, ...]
    looked: str
    drifted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change that the source has never seen; *where* is the file and line it comes from."""

    address: str
    field: str
    where: str


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One reason for which environments differ, and the fields that it explains."""

    reason: str
    fields: tuple[str, ...]
    declared: bool = True


@dataclass(frozen=True, slots=True)
class PromotionView:
    """All there is to say before a definition goes from *source* to *target*.

    *got* and *came* are the first panel, *plan* the second, *differ* with its *reasons* the third.
    *secrets* are names of which each environment has its own value. *verdict* is `ready`, `empty`
    or `refused`, *next* the command that comes next.
    """

    tenant: str
    source: str
    target: str
    digest: str
    commit: str
    hotfix: str
    got: GotView | None
    came: Compared | None
    came_note: str
    plan: View
    unexercised: tuple[ChangeView, ...]
    differ: Compared
    reasons: tuple[ReasonView, ...]
    by_domain: tuple[str, ...]
    secrets: tuple[str, ...]
    verdict: str
    notes: tuple[str, ...] = ()
    next: str = ""


def view_promotion(
    panels: Panels, plan: View, vault: Vault | None = None, *, full: bool = False, next: str = ""
) -> PromotionView:
    """The *panels*, scrubbed of *vault*'s values and escaped; *plan* is the view of their plan."""
    source = panels.offer.environment.name
    why = {where: "; ".join(map(str, found)) for where, found in panels.residue.reasons.items()}
    why |= dict.fromkeys(panels.residue.unexplained, UNEXPLAINED)
    named = Named(source, plan.environment, why)
    changes = panels.came.changes
    came = None if changes is None else _came(panels, plan.environment, vault, full=full)
    refused = any(not each.allowed for each in plan.violations)
    view = PromotionView(
        tenant=plan.tenant,
        source=source,
        target=plan.environment,
        digest=panels.digest,
        commit=panels.commit,
        hotfix=plan.hotfix,
        got=_got(panels),
        came=came,
        came_note=panels.came.note,
        plan=replace(plan, next=next),
        unexercised=tuple(
            ChangeView(str(each.address), field_name(each.path), _where(each.origin))
            for each in panels.unexercised
        ),
        differ=view_compared(panels.residue.changes, named, vault, full=full),
        reasons=tuple(_reasons(panels)),
        by_domain=tuple(map(str, panels.residue.keys)),
        secrets=panels.secrets,
        verdict="refused" if refused else "empty" if plan.empty else "ready",
        notes=panels.notes,
        next=next,
    )
    return cleaned(view, cleaner(vault))


def _came(panels: Panels, target: str, vault: Vault | None, *, full: bool) -> Compared:
    named = Named(f"what {target} has", f"what {panels.offer.environment.name} got")
    return view_compared(panels.came.changes or (), named, vault, full=full)


def _got(panels: Panels) -> GotView | None:
    receipt, drift = panels.offer.receipt, panels.offer.drift
    if receipt is None:
        return None
    return GotView(
        domain=receipt.domain,
        status=receipt.status,
        full=receipt.full,
        phases=receipt.phases,
        digest=receipt.digest,
        commit=receipt.commit,
        version=receipt.version,
        who=receipt.who,
        when=receipt.when,
        since=panels.offer.since,
        tests=tuple(map(_test, panels.tests)),
        looked=drift.when if drift else "",
        drifted=drift.drifted if drift else (),
    )


def _test(receipt: TestReceipt) -> str:
    counted = ", ".join(f"{number} {status}" for status, number in receipt.counts.items() if number)
    return f"{receipt.ran} ({counted}) at {receipt.when}"


def _where(origin: object) -> str:
    """A place without its column."""
    return str(origin).rpartition(":")[0] if origin else ""


def _reasons(panels: Panels) -> Iterator[ReasonView]:
    """The reasons, each with all that it explains; what nothing explains comes first."""
    found: dict[str, list[str]] = {}
    for (address, path), reasons in panels.residue.reasons.items():
        field = f"{address} {field_name(path)}" if path else str(address)
        for said in map(str, reasons) if reasons else (UNEXPLAINED,):
            found.setdefault(said, []).append(field)
    for said in sorted(found, key=lambda reason: (reason != UNEXPLAINED, reason)):
        yield ReasonView(said, tuple(found[said]), said != UNEXPLAINED)


def promotion_as_json(view: PromotionView) -> dict[str, Json]:
    """*view* as JSON; the plan stands in it as `tenantctl plan --json` prints it."""
    return {
        "format": FORMAT,
        "type": "promotion",
        **plain(view),
        "came": compared_plain(view.came) if view.came else None,
        "differ": compared_plain(view.differ),
        "plan": as_json(view.plan),
    }
