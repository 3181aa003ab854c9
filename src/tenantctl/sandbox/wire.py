"""The vocabulary of the API's description: calls, answers, routes, what a route must know."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tenantctl.sandbox.behaviour import Clock, Delays
from tenantctl.sandbox.settings import Settings
from tenantctl.sandbox.store import Document, Store

Query = dict[str, list[str]]
Limits = tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]


def limits(facts: dict[str, dict[str, Any]]) -> Limits:
    """Constraints by dotted path of properties, as the hashable value that a description holds."""
    return tuple((path, tuple(keywords.items())) for path, keywords in facts.items())


@dataclass(slots=True)
class Tenant:
    """What handlers work on: the store, the settings, the time, and what the domain is called.

    `clock` is the tenant's own time, in seconds since the epoch. `bases` are the URLs it is served
    under, besides that of its domain. While it is `exact`, what is seeded shows what it was seeded
    with and no more: not what a create would have filled in beside.
    """

    store: Store
    domain: str
    settings: Settings
    clock: Clock
    bases: frozenset[str] = frozenset()
    exact: bool = False

    @property
    def name(self) -> str:
        return self.domain.split(".", 1)[0]

    @property
    def audience(self) -> str:
        return f"https://{self.domain}/api/v2/"

    @property
    def audiences(self) -> frozenset[str]:
        """Every name of the Management API: clients make one of the URL they call."""
        return frozenset({self.audience, *(f"{base}/api/v2/" for base in self.bases)})

    @property
    def delays(self) -> Delays:
        return self.settings.delays

    @property
    def features(self) -> frozenset[str]:
        """What the subscription includes, by the names of `subscriptions`."""
        return self.settings.features

    @property
    def page_cap(self) -> int | None:
        """The largest page a hostile server gives."""
        return self.settings.hostility.page_cap if self.settings.hostility else None


@dataclass(frozen=True, slots=True)
class Call:
    """One authorized request: `arguments` are the decoded parts of the path."""

    tenant: Tenant
    method: str
    arguments: dict[str, str]
    query: Query
    body: Any
    scopes: frozenset[str]

    def first(self, name: str) -> str | None:
        """The first value of a query parameter."""
        return next(iter(self.query.get(name, [])), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON body; `...` for a body that is empty."""

    status: int
    body: Any = ...


@dataclass(frozen=True, slots=True)
class Body:
    """Which generated shape a body must have, and what to tighten or open in it.

    `limits` maps a dotted path of properties to JSON Schema keywords that the SDK's types lack.
    `open` names the models inside which Auth0 takes fields it does not document, `extra` the fields
    beside the documented ones that recorded traffic shows it to take.
    """

    resource: str
    operation: str
    limits: Limits = ()
    open: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


# A body of whatever form: its route reads it itself.
FREE = Body("", "")


@dataclass(frozen=True, slots=True)
class Route:
    """One operation: any of `scopes` permits it, `query` are the parameters it knows.

    `items` is the key of a list that has no order of its own. `feature` is what the subscription
    must include. `seed` makes the tenant such that a read would answer the body it is given, None
    for a 404: how a tenant is set up from what somebody recorded.
    """

    method: str
    path: str
    scopes: tuple[str, ...]
    handle: Callable[[Call], Answer]
    body: Body | None = None
    query: frozenset[str] = frozenset()
    items: str = ""
    feature: str = ""
    seed: Callable[[Call, Any], None] | None = None

    def arguments(self, path: str) -> dict[str, str] | None:
        """What *path* has where this route's has names; None where it is another's.

        Both as sent, still encoded: an identifier may contain an encoded slash.
        """
        names, parts = self.path.split("/"), path.removesuffix("/").split("/")
        if len(names) != len(parts):
            return None
        found = {}
        for name, part in zip(names, parts, strict=True):
            if name.startswith("{") and part:
                found[name[1:-1]] = part
            elif name != part:
                return None
        return found


@dataclass(frozen=True, slots=True)
class Hidden:
    """A field a GET does not show as it was written, at a path where `*` stands for any step.

    How: `absent`, `masked` as asterisks, or `cipher`, a text that changes with every write.
    """

    path: tuple[str, ...]
    how: str = "absent"


@dataclass(frozen=True, slots=True)
class Paging:
    """How a list is cut and wrapped.

    `style` is `offset` (array, or totals on request), `checkpoint` as well as offset where `take`
    or `from` is sent, `only_checkpoint`, `array_or_checkpoint`, `actions` (page and per_page, zeros
    omitted), `numbered` (the same with zeros), `array`, or `object` (one key, everything).

    `facts` are what stands beside the items where totals are asked for: `start`, `limit`, `total`,
    and `length`, the number of items shown. With `counted`, `limit` is that number, too. `trailing`
    lists tell a `next` after every page that is not empty. `reach` is how many items pages reach.
    """

    items: str
    style: str = "offset"
    default: int = 50
    maximum: int = 100
    facts: tuple[str, ...] = ("start", "limit", "total")
    counted: bool = False
    trailing: bool = False
    reach: int | None = None

    def parameters(self) -> frozenset[str]:
        """The query parameters that page."""
        offset = {"page", "per_page", "include_totals"}
        checkpoint = {"take", "from"}
        return frozenset(
            {
                "offset": offset,
                "checkpoint": offset | checkpoint,
                "only_checkpoint": checkpoint,
                "array_or_checkpoint": checkpoint,
                "actions": {"page", "per_page"},
                "numbered": {"page", "per_page"},
            }.get(self.style, set())
        )


def keep(_call: Call, document: Document) -> Document:
    return document


def ignore(_call: Call, _document: Document) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Collection:
    """Objects with ids below one path, and how they differ from the ordinary.

    check        refuses a body whose references or combinations are wrong; the document it would
                 become, and the one it replaces ({} on create)
    complete     adds what the server fills in: on create, and after an update
    show         the last word on what a read of one document shows
    matches      whether a list shows a document, beyond what `filters` say
    cascade      deletes what hangs on a document that is being deleted
    deleted      the answer to a delete
    locate       finds the id a path means, where ids are not the only names
    unique       fields whose value two documents cannot share, and the message of the 409
    always       fields that `fields=` cannot leave out
    merged       top-level objects an update merges, at any depth; others it replaces
    emptied      of these, the metadata maps that `{}` clears
    sample       what an object that is known by its id alone consists of, when it is seeded
    unseen       an object that was read, with what it must have that no read shows
    feature      what the subscription must include
    format       name and pattern of the ids, and what the refusal calls the parameter, where Auth0
                 refuses a path whose id has another form
    missing      the 404 of this collection, `missing_delete` where a delete says otherwise;
                 `delete_missing` False where deleting nothing succeeds
    orphan       the 404 of a parent that does not exist, where it is another than `missing`
    scoped       an item is known by an id that is another object's, unique below its parent only
    kind         under which the store keeps the documents, where another path shows them as well
    """

    name: str
    path: str
    mint: Callable[[], str]
    noun: str
    paging: Paging
    missing: tuple[str, str | None]
    id: str = "id"
    parent: tuple[str, str] | None = None
    create_status: int = 201
    delete_missing: bool = False
    filters: tuple[tuple[str, str], ...] = ()
    query: tuple[str, ...] = ()
    scopes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    hidden: tuple[Hidden, ...] = ()
    merged: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    unique: tuple[tuple[str, str], ...] = ()
    limits: Limits = ()
    open: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    update: str = "PATCH"
    always: frozenset[str] = frozenset()
    missing_delete: tuple[str, str | None] | None = None
    orphan: tuple[str, str | None] | None = None
    scoped: bool = False
    kind: str = ""
    sample: tuple[tuple[str, Any], ...] = ()
    feature: str = ""
    format: tuple[str, str, str] | None = None
    matches: Callable[[Call, Document], bool] | None = None
    check: Callable[[Call, Document, Document], None] = lambda _call, _new, _old: None
    complete: Callable[[Call, Document, Document], Document] = lambda _call, new, _old: new
    unseen: Callable[[Document], Document] = lambda document: document
    show: Callable[[Call, Document], Document] = keep
    cascade: Callable[[Call, Document], None] = ignore
    locate: Callable[[Call, str], str] = lambda _call, given: given
    deleted: Callable[[Call], Answer] = lambda _call: Answer(204)
    operations: frozenset[str] = field(
        default=frozenset({"list", "create", "get", "update", "delete"})
    )

    @property
    def kept(self) -> str:
        """The kind of the documents in the store."""
        return self.kind or self.name

    def key(self, call: Call, id: str) -> str:
        """The id under which the store keeps an item of the collection that a path names."""
        if self.parent is None or not self.scoped:
            return id
        return f"{call.arguments[self.parent[1]]}/{id}"

    def permits(self, operation: str) -> tuple[str, ...]:
        """The scopes any of which permits an operation."""
        verb = {"list": "read", "get": "read"}.get(operation, operation)
        return dict(self.scopes).get(verb, (f"{verb}:{self.noun}",))


@dataclass(frozen=True, slots=True)
class Singleton:
    """One object that always exists, with its defaults.

    `path` may have arguments: then there is one object per combination of them, stored under
    the arguments joined with a slash. `normal` brings what was written into the form that is
    kept; `echo` is the answer to a write where it is not what a read shows.
    """

    name: str
    path: str
    read: str
    write: str
    defaults: Document
    hidden: tuple[Hidden, ...] = ()
    merged: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    limits: Limits = ()
    open: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    method: str = "PATCH"
    feature: str = ""
    check: Callable[[Call, Document, Document], None] = lambda _call, _new, _old: None
    normal: Callable[[Document], Document] = lambda document: document
    show: Callable[[Call, Document], Document] = keep
    echo: Callable[[Call, Document], Document] | None = None
