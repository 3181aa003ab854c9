"""Who wrote what, by the tenant's own log: events of type `sapi`, of which each is one write.

`details.request` has the method, the path, the body and whoever signed in; the dashboard names
itself in `channel` and the person in `auth.user`, where a client has `api` and nobody.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from tenantctl.errors import ApiError, Denied, GatewayError
from tenantctl.gateway.live import Live
from tenantctl.gateway.routes import Route, route
from tenantctl.kinds import KINDS
from tenantctl.model import Address, Json, Traced, Write

LOGS = Route("GET", "/logs", "GET /logs")
SIZE, PAGES = 100, 10
"""A search gives at most 1,000 events, 100 of them a page (Management API, get_logs)."""
FIELDS = "date,client_id,client_name,user_id,user_name,ip,user_agent,details"
PREFIX = re.compile(r"^(?:/api)?/v2(?=/)")
NEAR = ("itself", "inside", "owner")
"""What a write was of, the surest first: the object, something below it, what it belongs to."""


@dataclass(frozen=True, slots=True)
class _Trail:
    """How writes of one address are recognised: paths below /api/v2, unquoted.

    *made* is the path of a create, which tells the *id* of what it made in its answer.
    """

    itself: frozenset[str]
    owner: frozenset[str]
    made: str
    field: str
    id: str

    def near(self, method: str, path: str, answer: Json) -> str:
        """What a write was of, in the sense of `NEAR`; empty for something else."""
        if path in self.itself:
            return "itself"
        if method == "POST" and path == self.made and isinstance(answer, Mapping):
            return "itself" if self.id and str(answer.get(self.field, "")) == self.id else ""
        if any(path.startswith(f"{own}/") for own in self.itself):
            return "inside"
        return "owner" if path in self.owner else ""


async def trace(
    live: Live, wanted: Collection[Address], ids: Mapping[Address, str], since: str
) -> Traced:
    """The writes since the time *since*, in ISO 8601, of the addresses *wanted*.

    *ids* are those of the last receipt, for what is no longer there. No more is asked than is
    needed to know a write of each. What keeps us from reading the log is said, not raised.
    """
    trails = {address: _trail(live, address, ids) for address in wanted}
    found: dict[Address, dict[str, list[Write]]] = {a: {n: [] for n in NEAR} for a in wanted}
    query = {"q": f"type:sapi AND date:[{_moment(since)} TO *]", "sort": "date:-1"}
    query |= {"fields": FIELDS, "include_fields": "true", "per_page": str(SIZE)}
    full = False
    for page in range(PAGES):
        try:
            events = await live.session.request(LOGS, query={**query, "page": page})
        except GatewayError as error:
            return Traced(_nearest(found), _why(error))
        for event in events or ():
            _note(found, trails, event)
        full = len(events or ()) == SIZE
        if not full or all(each["itself"] for each in found.values()):
            full = False
            break
    return Traced(_nearest(found), full=full)


def _moment(text: str) -> str:
    """A time as the search takes it: UTC, to the millisecond."""
    at = dt.datetime.fromisoformat(text)
    at = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _why(error: GatewayError) -> str:
    if isinstance(error, Denied) and error.lacks:
        return f"the token lacks {error.lacks}"
    if isinstance(error, ApiError):
        return f"the tenant does not show its log ({error.message})"
    return error.message


def _trail(live: Live, address: Address, ids: Mapping[Address, str]) -> _Trail:
    kind = KINDS[address.kind]
    wire = kind.wire

    def id_of(each: Address) -> str:
        return live.index.id_of(each) or ids.get(each, "")

    def paths(of: Address, templates: Sequence[str]) -> Iterator[str]:
        for template in templates:
            if template and "{member}" not in template:
                try:
                    yield unquote(route(KINDS[of.kind], of, f"GET {template}", id_of).path)
                except GatewayError:  # it hangs on something of which nobody knows the id
                    continue

    made = wire.create.partition(" ")[2]
    many = "{id}" in wire.read or not wire.read
    writes = [wire.update.partition(" ")[2], wire.delete.partition(" ")[2]]
    own = [wire.read, *writes, *([] if many and not kind.members else [made])]
    listed = [wire.list.path] if wire.list and kind.members else []
    owners = [(each, KINDS[each.kind].wire.read) for each in kind.owners(address)]
    return _Trail(
        itself=frozenset(paths(address, [*own, *listed])),
        owner=frozenset(path for each, read in owners for path in paths(each, [read])),
        made=next(paths(address, [made]), ""),
        field=wire.id,
        id=id_of(address),
    )


def _note(
    found: Mapping[Address, dict[str, list[Write]]], trails: Mapping[Address, _Trail], event: Json
) -> None:
    """Adds what one event of the log tells to whatever it is about."""
    details = _map(event, "details")
    request, answer = _map(details, "request"), _map(details, "response").get("body")
    method = _text(request, "method").upper()
    path = unquote(PREFIX.sub("", _text(request, "path")).rstrip("/"))
    for address, trail in trails.items() if path else ():
        if near := trail.near(method, path, answer):
            found[address][near].append(_write(event, request, method))


def _write(event: Json, request: Mapping[str, Json], method: str) -> Write:
    person = _map(_map(request, "auth"), "user")
    names = [_text(person, name) for name in ("email", "name", "user_id")]
    names += [_text(event, name) for name in ("user_name", "user_id")]
    client = _text(event, "client_name") or _text(event, "client_id")
    return Write(
        when=_text(event, "date"),
        method=method,
        user=next(filter(None, names), ""),
        client=client,
        channel=_text(request, "channel"),
        ip=_text(request, "ip") or _text(event, "ip"),
        agent=_text(request, "userAgent") or _text(event, "user_agent"),
        fields=frozenset(map(str, _map(request, "body"))),
    )


def _map(value: Json, name: str) -> Mapping[str, Json]:
    """What *value* has under *name*, if that is a mapping; logs are no contract."""
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _text(value: Mapping[str, Json], name: str) -> str:
    found = value.get(name)
    return found if isinstance(found, str) else ""


def _nearest(
    found: Mapping[Address, Mapping[str, list[Write]]],
) -> Mapping[Address, tuple[Write, ...]]:
    """Of each address the writes that were of it the most surely, as far as there are any."""
    nearest = {a: next((each[n] for n in NEAR if each[n]), []) for a, each in found.items()}
    return {address: tuple(writes) for address, writes in nearest.items() if writes}
