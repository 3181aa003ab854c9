"""What a kind of resource is: a data literal that everything else reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Literal

from tenantctl.kinds.hazard import Hazard
from tenantctl.model import ABSENT, Address, Json, Path, Value


@dataclass(frozen=True, slots=True)
class RefTo:
    """A field that names another resource.

    Authored as the bare key of a *to* resource; on the wire its *via* field, which may stand in
    a structure (`latest_version.id`). *defer*: may be left out of a create and written in a second
    step. *moves*: every write of the resource makes it another value, which is written again here.
    """

    to: str
    via: str = "id"
    defer: bool = False
    own: bool = False
    moves: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What is special about the fields at a path. No rule: a plain scalar or a partial struct.

    *at*: `*` is any one key, `[]` any element of a list, `**` any depth. The longest matching
    rule wins; of equal length the one with fewer wildcards, then one with *only*.
    *only*: (field, values): the rule holds where another field has one of the values, `true` and
    `false` among them; dots lead into structures (`destination.type`). Of rules that are alike in
    all that, the first wins.
    *list*: `ordered` (default), `set`, `keyed` (a set whose elements have a key), `sequence`
    (keyed, and their order means something). *by* is the key of an element; with *value*, the
    authored `{K: x}` means `{by: K, value: x}`.
    *map*: `open`: the keys are the user's, and the whole is complete.
    *write*: `replace`: the API replaces what stands here as a whole, so a write sends all of it;
    `renew`: likewise, but what a write leaves out stays: it is unset before, in a request of its
    own, where a member is to go.
    *when*: which writes may carry the field. *read*: what a GET shows. *unset*: how to remove;
    `omit`: by leaving it out, which says the default as well.
    *text*: what a text is; certificates are equal that say the same in whatever form, moments that
    are the same time.
    *runs*: what calls the code that stands here: a trigger (`action`), actions (`module`), or a
    database connection (`script`).
    *sure_by*: (field, values) that shows that it is there where a GET does not show it: a field,
    dots lead into structures, with one of the values, or with any where there are none; without a
    name, always.
    *told_by*: what a GET shows in place of a key or certificate that it does not show: the fields
    beside it that are made of it.
    *bars*: a top-level field that cannot stand beside this one: whoever writes this one unsets it
    in the same request. *ahead*: where one write changes this field and those, they go ahead with
    it, with these values, in a request of its own.
    *default*: what an absent live value means, which null asks for. *initial*: what Auth0 gives a
    new object whose create says nothing of it, where that is not what absence means; `{name}` is
    the value of the field `name`, dots lead into structures.
    *made_of*: siblings that say all that it says: beside one of them an export does not say it.
    *follows*: siblings that the API works it out of (`*`: any). Where what it stands in is sent as
    a whole and one of them changes, it is left to the API, unless somebody declares it.
    """

    at: Path
    only: tuple[str, tuple[str, ...]] | None = None
    list: Literal["", "ordered", "set", "keyed", "sequence"] = ""
    by: str = ""
    value: str = ""
    map: Literal["struct", "open"] = "struct"
    write: Literal["merge", "replace", "renew"] = "merge"
    when: Literal["always", "create", "update", "never", "if_changed"] = "always"
    read: Literal["clear", "absent", "masked", "cipher", "volatile"] = "clear"
    secret: bool = False
    unset: Literal["null", "empty", "omit", "illegal"] = "null"
    default: Value = ABSENT
    initial: Value = ABSENT
    ref: RefTo | None = None
    text: Literal["", "code", "html", "liquid", "json", "certificate", "moment"] = ""
    runs: Literal["", "action", "module", "script"] = ""
    sure_by: tuple[str, tuple[str, ...]] | None = None
    told_by: tuple[str, ...] = ()
    bars: str = ""
    ahead: Mapping[str, Json] = field(default_factory=dict)
    late: bool = False
    made_of: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()

    @property
    def conceals(self) -> bool:
        """Whether a secret may stand here: nobody who may read the tenant is shown it."""
        return self.secret or (self.read == "absent" and self.sure_by is not None)


PLAIN = Rule(at=())


@dataclass(frozen=True, slots=True)
class Listing:
    """How a collection is listed: *envelope* key (empty: a bare array), paging and page size.

    *paging*: `page` (page, per_page, include_totals), `take` (take, from; `next` in the answer)
    or `none`. *brief*: an item does not show all of its object, which is read again by its id.
    """

    path: str
    envelope: str = ""
    paging: Literal["page", "take", "none"] = "none"
    size: int = 100
    brief: bool = False


@dataclass(frozen=True, slots=True)
class Wire:
    """Where a kind lives in the Management API; paths are relative to /api/v2.

    *read* is the path of one object, *create*, *update*, *delete* are `METHOD path`, empty where
    there is no such operation. Placeholders: `{id}` of the object, `{parent}` and `{other}` the
    ids of its owners, `{0}`, `{1}` the parts of a fixed key, `{dashed}` the first part with
    dashes, `{member}` what the field *member* of an association's live member holds (empty: its
    key). *id* is the field that holds the id. *list* reads all objects, or all members of an
    association, at once. Without *read* an object is found in *list*; without either nobody can
    read it, and it counts as there. *absent*: a 404 on read means that the object is not there.
    *every* lists what all owners have; its items name their owner's id in the field *owner*, those
    of a fixed kind the parts of their key. *others* lists the second owners with which a first one
    has any. *chunk*: most members of an association that one write takes. *scopes*: verb to least
    scope, that of the listing *others* under its name.
    """

    read: str
    id: str = "id"
    member: str = ""
    list: Listing | None = None
    create: str = ""
    update: str = ""
    delete: str = ""
    absent: bool = False
    every: Listing | None = None
    owner: str = ""
    others: Listing | None = None
    chunk: int = 0
    scopes: Mapping[str, str] = field(default_factory=dict)


def collection(
    path: str, listing: Listing, scopes: Mapping[str, str], *, id: str = "id", chunk: int = 0
) -> Wire:
    """The wire of an ordinary collection: list, read, create, update and delete by id."""
    item = f"{path}/{{id}}"
    return Wire(
        read=item,
        id=id,
        list=listing,
        create=f"POST {path}",
        update=f"PATCH {item}",
        delete=f"DELETE {item}",
        absent=True,
        chunk=chunk,
        scopes=scopes,
    )


@dataclass(frozen=True, slots=True)
class Output:
    """A field that pipelines of applications need to know, published as *name*.

    `{key}` in *name* is the key of the address. *only*, *unless*: fields and their values with
    which alone, or without which alone, there is something to publish. *scope* is what reading a
    secret asks for. *host*: the value is a host that people sign in at.
    """

    name: str
    field: str
    only: tuple[tuple[str, Json], ...] = ()
    unless: tuple[tuple[str, Json], ...] = ()
    scope: str = ""
    host: bool = False


Pure = Callable[[Json], Json]


@dataclass(frozen=True, slots=True)
class Hooks:
    """Pure functions for what rules cannot say. Each takes and gives the fields of one resource.

    *unfold* and *fold* translate between the authored and the flat form, *read* and *write*
    between the API's document and the flat form.
    """

    unfold: Pure | None = None
    fold: Pure | None = None
    read: Pure | None = None
    write: Pure | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of resource.

    *shape*: the generated shapes of its bodies; `{key}` is the address key. *key*: the fields that
    identify a live object; empty for singletons. *parts*: what the pieces of a composite or fixed
    key are called; without *fixed* they are fields of the resource. *fixed*: keys are the API's own
    names, *values* the names known for the first part, *endings* what may follow it, *endings_of*
    (kind, field) where a tenant lists that. *parents*: kinds that the first parts of the key name.
    *authored_in* (kind, field): written as that field of its parent, whose key it has; with a *key*
    of its own as a map of several, `parent/name`. *members*: an association: the one field that
    holds references, values, or a keyed list of what has attributes. *body*: the API's body is the
    bare value of that one field. *given*: others make it; it can be named, never declared.
    *system*: well-known keys of objects that every tenant has, with their natural key over
    `{domain}`, *settable*: the fields of each that a tenant may set. *born*: natural keys of what a
    tenant is born with and whoever owns it may do away with: we let it go. *after*: kinds whose
    steps come first although nothing refers to them. *unique*: fields, the key perhaps among them,
    of which the API insists that no two objects have the same value. *limit*: most objects a tenant
    may have. *held_by*: kinds whose objects may use it, so that Auth0 refuses its delete or they
    break with it; of fixed kinds the path of what names their keys. *rank*, *late_rank*: order
    within a topic. *procedure*: how the gateway carries a change out. *replace_breaks*: what a
    replacement would break, for people. *implied*: fields that every declaration asks for without
    saying so. *empty*: the fields that a delete writes where the API has no delete. *fresh*: fields
    as a new tenant has them, by key, where keys differ in that. *immortal*: there from the start or
    for ever; a declaration that goes away is released instead. *folder*: where its code lies, if
    not in one that is called as it is. *legacy*: what replaces it. *early*: how early its access is
    (`EA`, `beta`). *outputs*: what pipelines of applications need to know of it. *smoke*: what
    shows that one works: people can ask for sign-in with it, or its status is active. *calls*: the
    fields that say which hosts Auth0 calls for it. *risks*: what it risks to change one. *reach*:
    whom that reaches: itself, which is `counted`; `everybody` who signs in, and so what it names
    does too (`binds`); `nobody`; or else whoever uses it.
    """

    name: str
    wire: Wire
    shape: str
    key: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    fixed: bool = False
    values: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    endings_of: tuple[str, str] | None = None
    rules: tuple[Rule, ...] = ()
    parents: tuple[str, ...] = ()
    authored_in: tuple[str, str] | None = None
    members: str = ""
    body: str = ""
    given: bool = False
    system: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    settable: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    held_by: Mapping[str, Path] = field(default_factory=dict)
    limit: int = 0
    rank: int = 50
    late_rank: int = 100
    procedure: str = "document"
    replace_breaks: str = ""
    implied: Mapping[str, Value] = field(default_factory=dict)
    born: tuple[tuple[str, ...], ...] = ()
    empty: Mapping[str, Value] | None = None
    fresh: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    immortal: bool = False
    folder: str = ""
    legacy: str = ""
    early: str = ""
    outputs: tuple[Output, ...] = ()
    smoke: Literal["", "authorize", "active"] = ""
    calls: tuple[Path, ...] = ()
    reach: Literal["", "counted", "everybody", "binds", "nobody"] = ""
    risks: tuple[Hazard, ...] = ()
    hooks: Hooks = Hooks()

    @property
    def singleton(self) -> bool:
        return not self.key and not self.parts and self.authored_in is None

    @property
    def by(self) -> str:
        """What a member of an association is known by, where it has attributes; or empty."""
        return self.rule((self.members,)).by if self.members else ""

    @property
    def owned(self) -> bool:
        """Whether there is none of it without another resource."""
        return bool(self.authored_in or self.parents)

    def owners(self, address: Address) -> tuple[Address, ...]:
        """The resources without which there is none at *address*, and with which it goes."""
        kinds = (self.authored_in[0],) if self.authored_in else self.parents
        return tuple(map(Address, kinds, address.key.split("/")))

    def stays(self, key: str, fields: Mapping[str, Value] | None = None) -> bool:
        """Whether an object is there whoever declares it: it is never ours to delete.

        It is known by its *key*, or by a natural key among its *fields*.
        """
        name = tuple((fields or {}).get(part) for part in self.key)
        return self.immortal or key in self.system or name in self.born

    def sealing(self, fields: Mapping[str, Value]) -> Mapping[str, Value]:
        """Those of *fields* in which something may be secret, or may never be shown again."""
        names = _sealing(self)
        return fields if "*" in names else {k: v for k, v in fields.items() if k in names}

    def rule(self, path: Path, fields: Mapping[str, Value] | None = None) -> Rule:
        """The rule for *path*; list elements are `[]`. *fields* decide the discriminators."""
        told = _telling(self, path[0]) if fields and path else ()
        return _rule(self, path, _traits(told, fields) if told and fields else ())

    def divides(self, path: Path) -> bool:
        """Whether rules tell apart what stands below *path*."""
        return _divides(self, path)

    def refs_to(self) -> frozenset[str]:
        """The kinds that this kind's fields can name, its owners included."""
        named = {rule.ref.to for rule in self.rules if rule.ref}
        return frozenset({*named, *self.parents, *(self.authored_in or ())[:1]})


@cache
def _sealing(kind: Kind) -> frozenset[str]:
    """The names of `Kind.sealing`; `*` for any."""
    return frozenset(
        "*" if rule.at[:1] in {(), ("**",)} else rule.at[0]
        for rule in kind.rules
        if rule.when != "never" and (rule.secret or rule.read in {"absent", "masked", "cipher"})
    )


@lru_cache(maxsize=4096)
def _divides(kind: Kind, path: Path) -> bool:
    size = len(path)
    return any(len(rule.at) > size and _fits(rule.at[:size], path) for rule in kind.rules)


@cache
def _telling(kind: Kind, head: str) -> tuple[Path, ...]:
    """The fields that decide which rules hold for what stands below the field *head*."""
    own = {head, "*", "**"}
    names = {rule.only[0] for rule in kind.rules if rule.only and own & {*rule.at[:1]}}
    return tuple(tuple(name.split(".")) for name in sorted(names))


def _traits(told: tuple[Path, ...], fields: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    found = ((way, _inside(fields, way)) for way in told)
    return tuple(
        (".".join(way), _trait(value)) for way, value in found if isinstance(value, str | bool)
    )


def _trait(value: str | bool) -> str:
    return value if isinstance(value, str) else str(value).lower()


def _inside(fields: Value, way: Path) -> Value:
    for part in way:
        fields = fields.get(part) if isinstance(fields, Mapping) else None
    return fields


@lru_cache(maxsize=65536)
def _rule(kind: Kind, path: Path, traits: tuple[tuple[str, str], ...]) -> Rule:
    have = dict(traits)
    fitting = [
        rule
        for rule in _beginning(kind, path[:1])
        if (rule.only is None or have.get(rule.only[0]) in rule.only[1]) and _fits(rule.at, path)
    ]
    return max(fitting, key=_weight, default=PLAIN)


@cache
def _beginning(kind: Kind, head: Path) -> tuple[Rule, ...]:
    """The rules that can hold for a path that begins with *head*."""
    return tuple(rule for rule in kind.rules if rule.at[:1] in {head, ("*",), ("**",)})


def _weight(rule: Rule) -> tuple[int, int, bool]:
    wild = sum(part in {"*", "**", "[]"} for part in rule.at)
    return len(rule.at), -wild, rule.only is not None


def _fits(pattern: Path, path: Path) -> bool:
    if not pattern:
        return not path
    if pattern[0] == "**":
        return any(_fits(pattern[1:], path[n:]) for n in range(len(path) + 1))
    return bool(path) and pattern[0] in {"*", path[0]} and _fits(pattern[1:], path[1:])
