"""What takes more than one request: build and deploy, verify."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from types import MappingProxyType

from tenantctl.errors import ApiError, GatewayError, Unreachable
from tenantctl.gateway import associations, documents, entries
from tenantctl.gateway.match import Document
from tenantctl.gateway.work import Work
from tenantctl.model import ABSENT, Change, Create, Delete, Outcome, Update, Value

READY = "ready"


async def deploy(work: Work, change: Change) -> Outcome:
    """Write an action; then, where it is to be deployed, wait for its build and deploy it."""
    outcome = await documents.carry_out(work, change)
    if not outcome.done or not _wants_out(work, change, "deployed_version"):
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


def _wants_out(work: Work, change: Change, version: str) -> bool:
    """Whether what is written is to be deployed or published as well.

    Where the change does not say, it is to be as it was: out, or out once (the document has a
    *version*) and then written by a run that did not get as far as bringing it out.
    """
    said = _says(change, work.own_field)
    if isinstance(change, Create) or said is not ABSENT:
        return said is True
    return bool(isinstance(change, Update) and work.before and work.before.get(version))


def _says(change: Change, name: str) -> Value:
    """What a change says of a field; ABSENT where it says nothing."""
    match change:
        case Create(after):
            return after.fields.get(name, ABSENT)
        case Update(_, edits, resend):
            said = [*((edit.path, edit.after) for edit in edits), *resend]
            return next((value for path, value in said if path == (name,)), ABSENT)
        case Delete():
            return ABSENT


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


async def publish(work: Work, change: Change) -> Outcome:
    """Write a module of actions; then, where its draft is to be published, publish that."""
    outcome = await documents.carry_out(work, change)
    if not outcome.done or not _wants_out(work, change, "latest_version"):
        return outcome
    module = await work.fetch() or {}
    if not module.get("all_changes_published"):
        await work.call(f"POST {work.kind.wire.read}/versions")
        outcome, module = Outcome("applied"), await _published(work)
    work.learn(module)
    return outcome


async def _published(work: Work) -> Document:
    """The module once it shows its newest version, which is what others refer to."""
    for pause in (0.0, *work.live.patience.builds):
        await _rest(work, pause)
        module = await work.fetch() or {}
        if module.get("all_changes_published"):
            return module
    raise GatewayError("it was not published in time", help="resume the run later")


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


async def _rest(work: Work, pause: float) -> None:
    if pause:
        await work.live.sleep(pause)


PROCEDURES: Mapping[str, Callable[[Work, Change], Awaitable[Outcome]]] = MappingProxyType(
    {
        "document": documents.carry_out,
        "deploy": deploy,
        "publish": publish,
        "verify": verify,
        "switch": associations.switch,
        "links": associations.links,
        "entries": entries.entries,
        "members": associations.members,
    }
)
"""How the changes of a kind are carried out, by the kind's `procedure`."""
