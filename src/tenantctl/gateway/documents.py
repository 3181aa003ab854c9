"""The ordinary way to create, update and delete: one object, one body."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter

from tenantctl.engine.merge import HIDDEN, at, merge, replaced_root, without_defaults
from tenantctl.errors import ApiError, GatewayError, Unreachable
from tenantctl.gateway.live import is_brief, is_collection, list_all
from tenantctl.gateway.match import Document, natural_key
from tenantctl.gateway.routes import body_shape
from tenantctl.gateway.shape import prune, unknown
from tenantctl.gateway.work import View, Work, listed, nested
from tenantctl.kinds import Kind, Lens
from tenantctl.kinds.canonical import ruled_leaves
from tenantctl.model import (
    ABSENT,
    Change,
    Create,
    Delete,
    Edit,
    Json,
    Outcome,
    Path,
    Update,
    Value,
)

CONFLICT = 409


async def carry_out(work: Work, change: Change) -> Outcome:
    """The outcome of one change. Raises GatewayError or Refused where it cannot be made."""
    match change:
        case Create(after):
            return await _create(work, after.fields)
        case Update(_, edits, resend):
            return await _update(work, edits, resend)
        case Delete():
            return await _delete(work)


async def _update(
    work: Work, edits: tuple[Edit, ...], resend: tuple[tuple[Path, Value], ...]
) -> Outcome:
    lost = is_collection(work.kind) and work.address not in work.live.index
    raw = work.before = None if lost else await work.fetch()
    if raw is None:
        return Outcome("moved", "it is not there any more")
    after = nested([*resend, *((e.path, e.after) for e in edits)])
    before = nested((e.path, work.live.codec.scrubbed(e.before)) for e in edits)
    view = View.of(work, raw, [after, before])
    if all(view.holds(e.path, e.after) for e in edits):
        return Outcome("unchanged")
    moved = [e.path for e in edits if e.path != (work.own_field,) and not _expected(work, view, e)]
    if moved:
        return Outcome("moved", f"changed since the plan: {listed(moved)}")
    return await _patch(work, raw, [(e.path, e.after) for e in edits], resend)


def _expected(work: Work, view: View, edit: Edit) -> bool:
    """Whether the live value is what the plan saw, or may be what it wants already."""
    before = work.live.codec.scrubbed(edit.before)
    return view.is_still(edit.path, before) or view.may_hold(edit.path, edit.after)


async def _patch(
    work: Work,
    raw: Document,
    edits: list[tuple[Path, Value]],
    resend: tuple[tuple[Path, Value], ...] = (),
) -> Outcome:
    """Write *edits* over the live document *raw*."""
    kind = work.kind
    flat = kind.hooks.read(raw) if kind.hooks.read else raw
    changes = [(path, work.render(value)) for path, value in edits]
    again = [(path, work.render(value)) for path, value in resend]
    merged = merge(kind, flat, changes, again)
    roots = {replaced_root(Lens(kind, flat), path) for path, _ in changes}
    keep = frozenset(root for root in roots if root)
    body = _allowed(work, kind.wire.update, merged, nested(changes), keep)
    if gone := [root for root in keep if _drops(Lens(kind, flat), root, flat, merged)]:
        await work.write(kind.wire.update, nested((root, None) for root in gone))
    if body or kind.body or () in roots:  # nothing at all is what the whole is to be
        for part in _in_turn(kind, body):
            await work.write(kind.wire.update, part)
        work.learn(body)
    return Outcome("applied")


def _in_turn(kind: Kind, body: Json) -> tuple[Json, ...]:
    """*body* as one request, or as two where some of it has to go ahead."""
    for name in body if isinstance(body, Mapping) else ():
        ahead = kind.rule((name,)).ahead
        first = {name: body[name], **ahead}
        rest = {key: value for key, value in body.items() if first.get(key, ABSENT) != value}
        if ahead.keys() & rest.keys():
            return first, rest
    return (body,)


def _drops(lens: Lens, root: Path, flat: Document, merged: Document) -> bool:
    """Whether a member of what stands at *root* is to go that a write could not take away."""
    have, will = at(flat, root), at(merged, root)
    both = isinstance(have, Mapping) and isinstance(will, Mapping)
    return both and lens.rule(root).write == "renew" and bool(have.keys() - will.keys())


async def _create(work: Work, fields: Mapping[str, Value]) -> Outcome:
    if work.address in work.live.index:
        raw = work.before = await work.fetch()
        if raw is not None:
            return await _found(work, raw, fields, lost="moved")
    request = work.kind.wire.create or work.kind.wire.update
    flat = _filled(work.render(fields))
    flat = without_defaults(Lens(work.kind, flat), flat)
    body = _allowed(work, request, flat, flat)
    if request.startswith("POST "):
        return await _post(work, request, body, fields)
    work.learn(flat, await work.write(request, body))
    return Outcome("applied")


async def _post(work: Work, request: str, body: Json, fields: Mapping[str, Value]) -> Outcome:
    """A POST, which is repeated only after a look has shown that it was not carried out."""
    for last in (False, True):
        try:
            work.learn(body, await work.write(request, body))
        except (ApiError, Unreachable) as error:
            unknown_fate = fate_unknown(error)
            conflict = isinstance(error, ApiError) and error.status == CONFLICT
            if not unknown_fate and not conflict:
                raise
            if (raw := await _look(work, fields, hurry=conflict)) is not None:
                return await _found(work, raw, fields, lost="" if unknown_fate else "failed")
            if conflict or last:
                raise
        else:
            work.live.index.made.add(work.address)
            return Outcome("applied")
    raise AssertionError


def fate_unknown(error: ApiError | Unreachable) -> bool:
    """Whether a request that failed may have been carried out all the same."""
    return error.unknown if isinstance(error, Unreachable) else error.status >= 500


async def _look(work: Work, fields: Mapping[str, Value], *, hurry: bool) -> Document | None:
    """What a request of unknown fate has created, if it has; given time to appear."""
    pauses = work.live.patience.settles
    for pause in (0.0,) if hurry else pauses:
        if pause:
            await work.live.sleep(pause)
        if (found := await _find(work, fields)) is not None:
            return found
    return None


async def _find(work: Work, fields: Mapping[str, Value]) -> Document | None:
    """The live object with the natural key of *fields*. Raises GatewayError for several."""
    kind, listing = work.kind, work.kind.wire.list
    if listing is None or not is_collection(kind):
        return await work.fetch()
    key = tuple(work.render(fields.get(name, kind.rule((name,)).default)) for name in kind.key)
    documents = await list_all(work.live, kind, work.address, listing)
    fitting = [document for document in documents if natural_key(kind, document) == key]
    if len(fitting) > 1:
        ids = ", ".join(sorted(str(document[kind.wire.id]) for document in fitting))
        raise GatewayError(f"{work.address} fits several objects: {ids}", help="pin one of them")
    if not fitting or not is_brief(kind):
        return fitting[0] if fitting else None
    work.learn(fitting[0])
    return await work.fetch()


async def _found(work: Work, raw: Document, fields: Mapping[str, Value], *, lost: str) -> Outcome:
    """The outcome of a create whose object is there already.

    It counts as ours if it is as declared; *lost* is the status where it is not. Where *lost* is
    empty, our own request has created it, and what nobody can read is what it wrote.
    """
    view = View.of(work, raw, [fields])
    rows = [((name,), value) for name, value in fields.items() if name != work.own_field]
    other = [path for path, value in rows if not view.may_hold(path, value)]
    if other:
        return Outcome(lost or "failed", f"it is there already, with another {listed(other)}")
    work.learn(raw)
    if not lost:
        return Outcome("applied")
    hidden = [] if all(view.holds(*row) for row in rows) else _unreadable(work, fields)
    return await _patch(work, raw, hidden, tuple(hidden)) if hidden else Outcome("unchanged")


def _unreadable(work: Work, fields: Mapping[str, Value]) -> list[tuple[Path, Value]]:
    """The declared values that a GET does not show but an update can write; lists as a whole."""
    found: dict[Path, Value] = {}
    for path, rule, _ in ruled_leaves(Lens(work.kind, fields), fields):
        if rule.read in HIDDEN and rule.when != "create":
            short, value = _cut(fields, path)
            found[short] = value
    return list(found.items())


def _cut(value: Value, path: Path) -> tuple[Path, Value]:
    """*path* up to the first list in it, and what stands there."""
    for size, part in enumerate(path):
        if not isinstance(value, Mapping):
            return path[:size], value
        value = value[part]
    return path, value


async def _delete(work: Work) -> Outcome:
    kind = work.kind
    if work.address not in work.live.index:
        return Outcome("unchanged", "it was not there")
    if kind.wire.delete:
        running = await _call_delete(work)
        if work.clearing:
            await _gone(work, running=running)
    elif kind.empty is not None:
        await work.write(kind.wire.update, _allowed(work, kind.wire.update, kind.empty, kind.empty))
    else:
        raise GatewayError(f"{work.address} cannot be deleted: Auth0 has no way to")
    work.live.index.forget(work.address)
    return Outcome("applied")


async def _call_delete(work: Work) -> bool:
    """Delete; whether Auth0 is still at it: of a connection its users go one by one."""
    try:
        answer = await work.call(work.kind.wire.delete)
    except ApiError as error:
        if error.status != 404:
            raise
        return False
    return isinstance(answer, Mapping) and "deleted_at" in answer


async def _gone(work: Work, *, running: bool) -> None:
    """Wait until what was deleted is gone and its name is free; a delete may be repeated."""
    for pause in (0.0, *work.live.patience.builds):
        if pause:
            await work.live.sleep(pause)
        running = running and await _call_delete(work)
        if not running and await work.fetch() is None:
            return


def _allowed(
    work: Work,
    request: str,
    flat: Mapping[str, Json],
    ours: Mapping[str, Json],
    keep: frozenset[Path] = frozenset(),
) -> Json:
    """The body of *request*: of *flat*, what its shape knows.

    Raises GatewayError where it does not know something of *ours*, which is what a person wrote,
    unless the kind says that the field is never written, or the path has it.
    """
    kind = work.kind
    write = kind.hooks.write or (itemgetter(kind.body) if kind.body else dict)
    shape = body_shape(kind, work.address, request)
    flat, ours = ({k: v for k, v in each.items() if k != work.own_field} for each in (flat, ours))
    if shape is None:
        return write(flat)
    in_path = kind.parts if kind.fixed else ()
    strange = [
        path
        for path in unknown(shape, write(ours))
        if kind.rule(path, flat).when != "never" and path[0] not in in_path
    ]
    if strange:
        raise GatewayError(
            f"{request} does not take {listed(strange)}",
            help="take it out of the files; Auth0 sets it, or sets it only once",
        )
    return prune(shape, write(flat), keep)


def _filled(value: Json) -> Json:
    """*value* without members that are null: what is created has nothing to unset."""
    if isinstance(value, Mapping):
        members = ((key, _filled(item)) for key, item in value.items())
        return {key: item for key, item in members if item is not None and item is not ABSENT}
    if isinstance(value, list):
        return [_filled(item) for item in value]
    return value
