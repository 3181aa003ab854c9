"""What takes more than one request: build and deploy, verify, members in chunks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from tenantctl.errors import ApiError, GatewayError, Unreachable
from tenantctl.gateway import documents
from tenantctl.gateway.index import rendered
from tenantctl.gateway.live import members
from tenantctl.gateway.match import Document
from tenantctl.gateway.work import Work
from tenantctl.kinds import text_of
from tenantctl.model import Change, Create, Delete, Json, Outcome, Update, Value

Members = dict[str, Json]
"""Members of an association by their canonical text."""

READY = "ready"


async def deploy(work: Work, change: Change) -> Outcome:
    """Write an action; then, where it is to be deployed, wait for its build and deploy it."""
    outcome = await documents.carry_out(work, change)
    if isinstance(change, Delete) or not outcome.done or not _wants_deployed(work, change):
        return outcome
    action = await _built(work)
    if _deployed(action):
        return outcome
    await work.call(f"POST {work.kind.wire.read}/deploy")
    for pause in (0.0, *work.live.patience.builds):
        await _rest(work, pause)
        if _deployed(await work.fetch()):
            return Outcome("applied")
    raise GatewayError("it was not deployed in time", help="resume the run later")


def _wants_deployed(work: Work, change: Change) -> bool:
    """Whether an action is to be deployed once it is written.

    Where the change does not say, it is to be as it was: deployed, or deployed once and then
    written by a run that did not get as far as deploying it.
    """
    if isinstance(change, Create):
        return bool(change.after.fields.get("deployed"))
    if isinstance(change, Update):
        said = [*((edit.path, edit.after) for edit in change.edits), *change.resend]
        for path, value in said:
            if path == ("deployed",):
                return bool(value)
    return bool(work.before and work.before.get("deployed_version"))


def _deployed(action: Document | None) -> bool:
    return bool(action and action.get("deployed_version") and action.get("all_changes_deployed"))


async def _built(work: Work) -> Document:
    """The action once it is built. Raises GatewayError where that fails or takes too long."""
    for pause in (0.0, *work.live.patience.builds):
        await _rest(work, pause)
        action = await work.fetch() or {}  # a new one may take a moment to appear
        if action.get("status") == "built":
            return action
        if action.get("status") == "failed":
            why = "; ".join(_complaints(action)) or "Auth0 does not say why"
            raise GatewayError(
                f"its build failed: {work.live.codec.scrub(why)}",
                help="correct its code or dependencies",
            )
    raise GatewayError("it was not built in time", help="resume the run later")


def _complaints(action: Document) -> Iterator[str]:
    for error in action.get("errors") or ():
        if isinstance(error, Mapping) and (said := error.get("msg") or error.get("message")):
            yield str(said)


async def verify(work: Work, change: Change) -> Outcome:
    """Write a custom domain; then verify it until the world's DNS agrees, or say what it lacks."""
    outcome = await documents.carry_out(work, change)
    if isinstance(change, Delete) or not outcome.done:
        return outcome
    domain = await work.fetch() or {}
    if domain.get("status") == READY:
        return outcome
    for pause in (0.0, *work.live.patience.verifies):
        await _rest(work, pause)
        if await _verified(work):
            return Outcome("applied")
    record = _record(await work.fetch() or domain)
    return Outcome("waiting", "for the domain's DNS record", record)


async def _verified(work: Work) -> bool:
    """Whether a verification succeeds; one without an answer may be repeated as any other."""
    try:
        answer = await work.call(f"POST {work.kind.wire.read}/verify")
    except (ApiError, Unreachable) as error:
        if isinstance(error, ApiError) and error.status < 500:
            raise
        return False
    return isinstance(answer, Mapping) and answer.get("status") == READY


def _record(domain: Document) -> Mapping[str, str]:
    """The DNS record that proves the domain is ours, as Auth0 asks for it."""
    methods = (domain.get("verification") or {}).get("methods") or [{}]
    first = methods[0]
    return {
        "type": str(first.get("name", "cname")).upper(),
        "name": str(first.get("domain") or domain.get("domain", "")),
        "value": str(first.get("record", "")),
    }


async def switch(work: Work, change: Change) -> Outcome:
    """Switch members of an association off and on, in lists of one request's length."""

    async def write(gone: Members, new: Members) -> None:
        rule = work.kind.rule((work.kind.association, "[]"))
        assert rule.ref is not None
        rows = [{rule.ref.via: item, "status": False} for item in gone.values()]
        rows += [{rule.ref.via: item, "status": True} for item in new.values()]
        for chunk in _chunks(work, rows):
            await work.write(work.kind.wire.update, chunk)

    return await _associate(work, change, write)


async def links(work: Work, change: Change) -> Outcome:
    """Take members of an association away and add others, in lists of one request's length."""

    async def write(gone: Members, new: Members) -> None:
        name, wire = work.kind.association, work.kind.wire
        for chunk in _chunks(work, list(gone.values())):
            await work.write(wire.delete, {name: chunk})
        for chunk in _chunks(work, list(new.values())):
            await work.write(wire.create, {name: chunk})

    return await _associate(work, change, write)


async def _associate(
    work: Work, change: Change, write: Callable[[Members, Members], Awaitable[None]]
) -> Outcome:
    """Make the difference between before and after; members that neither names stay as they are.

    A request of unknown fate is repeated after a look at what is still to do.
    """
    for last in (False, True):
        live = await _members(work)
        if live is None:
            gone = isinstance(change, Delete)
            return Outcome("unchanged" if gone else "moved", "what it belongs to is not there")
        before, after = _ends(work, change)
        if missing := before.keys() & after.keys() - live.keys():
            return Outcome("moved", f"{len(missing)} of its members went away since the plan")
        old = {text: live[text] for text in live if text in before and text not in after}
        new = {text: item for text, item in after.items() if text not in live}
        if not old and not new:
            return Outcome("applied" if work.writes else "unchanged")
        try:
            await write(old, new)
        except (ApiError, Unreachable) as error:
            if last or not documents.fate_unknown(error):
                raise
        else:
            return Outcome("applied")
    raise AssertionError


def _ends(work: Work, change: Change) -> tuple[Members, Members]:
    """What the plan saw and what it wants; what it saw of vanished resources is left out."""
    name = work.kind.association
    match change:
        case Create(resource):
            return {}, _named(work.render(resource.fields[name]))
        case Delete(resource):
            return _named(_resolvable(work, resource.fields[name])), {}
        case Update(_, edits, _):
            edit = edits[0]
            return _named(_resolvable(work, edit.before)), _named(work.render(edit.after))


def _resolvable(work: Work, items: Value) -> list[Json]:
    found = (rendered(item, work.live.index, work.live.vault) for item in items)
    return [item for item in found if item is not None]


async def _members(work: Work) -> Members | None:
    document = await work.fetch()
    if document is None:
        return None
    return _named(members(work.kind, work.address, document)[work.kind.association])


def _named(items: Sequence[Json]) -> Members:
    return {text_of(item): item for item in items}


def _chunks(work: Work, items: list[Json]) -> Iterator[list[Json]]:
    size = work.kind.wire.chunk or len(items) or 1
    for start in range(0, len(items), size):
        yield items[start : start + size]


async def _rest(work: Work, pause: float) -> None:
    if pause:
        await work.live.sleep(pause)


PROCEDURES: Mapping[str, Callable[[Work, Change], Awaitable[Outcome]]] = MappingProxyType(
    {
        "document": documents.carry_out,
        "deploy": deploy,
        "verify": verify,
        "switch": switch,
        "links": links,
    }
)
"""How the changes of a kind are carried out, by the kind's `procedure`."""
