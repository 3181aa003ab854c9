"""What there is to say about a kind, from the data that everything else goes by.

One view serves `tenantctl kinds`, its JSON and docs/kinds.md. Paths are dotted: `[]` is any element
of a list, `*` any one key, `**` any depth. Strings are our own and need no escaping.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from tenantctl.kinds import KINDS, Kind, Rule
from tenantctl.model import ABSENT, Json, dotted, to_json
from tenantctl.playbooks import NAMES, Playbook, playbook
from tenantctl.report.fields import FieldView, fields_of

FORMAT = 1
"""Grows when a key is renamed, goes away or means something else; not when one is added."""

HIDDEN = frozenset({"absent", "masked", "cipher"})
VERBS = ("read", "create", "update", "delete")

Says = Callable[[Rule], bool]


@dataclass(frozen=True, slots=True)
class Noted:
    """A field that a rule says something about, and what: `to` and `via` of a reference, `by` of a
    keyed list, `value` of a default, `read` and `secret` of what is not shown.

    *only* is `strategy=auth0` where the rule holds for some values of another field; *but* names
    fields that a wildcard means and the rule does not.
    """

    field: str
    says: Mapping[str, Json]
    only: str = ""
    but: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f" where {self.only}" if self.only else ""
        but = f" but {', '.join(self.but)}" if self.but else ""
        return f"{self.field}{where}{but}"


@dataclass(frozen=True, slots=True)
class Requests:
    """What reading costs: *fixed* requests, *page* objects of the tenant a request (0: all at
    once), *each* requests an object. None of them: nobody can read it.
    """

    fixed: int = 0
    page: int = 0
    each: int = 0

    def __str__(self) -> str:
        listed = f"1 for {self.page}" if self.page else "1" if self.fixed else ""
        return ", ".join(filter(None, (listed, "1 each" if self.each else ""))) or "none"


@dataclass(frozen=True, slots=True)
class Owner:
    """A topic of a playbook that usually writes these fields; `**` is all of them.

    *only* is `strategy=auth0` where it is about some resources of the kind, `-` for no value.
    """

    playbook: str
    topic: str
    name: str
    phase: int
    fields: tuple[str, ...]
    only: str = ""


@dataclass(frozen=True, slots=True)
class KindView:
    """One kind. Lists are empty, texts are `""`, numbers are 0 where there is nothing to say.

    *form* is `collection`, `singleton`, `parts` (keys are the API's own), `association` (a set for
    each parent), `child` (one for each parent) or `children` (several). *keys* are known names of
    parts, *system* those of objects that every tenant has; *unique* fields are so in a tenant.
    *written* is how the gateway writes it, *chunk* the most members a request takes. *releases*:
    what is no longer declared is let go, never deleted. *outputs* are names of `tenantctl outputs`.
    """

    name: str
    form: str
    legacy: str
    early: str
    given: bool
    key: tuple[str, ...]
    parts: tuple[str, ...]
    keys: tuple[str, ...]
    system: tuple[str, ...]
    unique: tuple[str, ...]
    authored_in: str
    members: str
    parents: tuple[str, ...]
    associations: tuple[str, ...]
    references: tuple[Noted, ...]
    referred_by: tuple[str, ...]
    sets: tuple[Noted, ...]
    keyed: tuple[Noted, ...]
    ordered: tuple[Noted, ...]
    open_maps: tuple[Noted, ...]
    whole: tuple[Noted, ...]
    create_only: tuple[Noted, ...]
    update_only: tuple[Noted, ...]
    never_written: tuple[Noted, ...]
    hidden: tuple[Noted, ...]
    defaults: tuple[Noted, ...]
    initial: tuple[Noted, ...]
    not_unset: tuple[Noted, ...]
    texts: tuple[Noted, ...]
    scopes: Mapping[str, str]
    requests: Requests
    written: str
    chunk: int
    limit: int
    releases: bool
    replace_breaks: str
    outputs: tuple[str, ...]
    topics: tuple[Owner, ...]
    fields: tuple[FieldView, ...]


def view_kind(kind: Kind) -> KindView:
    """Everything that is known about *kind*."""
    return KindView(
        name=kind.name,
        form=_form(kind),
        legacy=kind.legacy,
        early=kind.early,
        given=kind.given,
        key=kind.key,
        parts=kind.parts,
        keys=kind.values,
        system=tuple(kind.system),
        unique=kind.unique,
        authored_in=".".join(kind.authored_in or ()),
        members=kind.members,
        parents=kind.parents,
        associations=_named(k for k in KINDS.values() if (k.authored_in or ("",))[0] == kind.name),
        references=_noted(kind, lambda r: r.ref is not None, _reference),
        referred_by=_named(k for k in KINDS.values() if kind.name in k.refs_to()),
        sets=_noted(kind, lambda r: r.list == "set"),
        keyed=_noted(kind, lambda r: r.list in {"keyed", "sequence"}, _keyed),
        ordered=_noted(kind, lambda r: r.list == "ordered"),
        open_maps=_noted(kind, lambda r: r.map == "open"),
        whole=_noted(kind, lambda r: r.write == "replace"),
        create_only=_noted(kind, lambda r: r.when == "create"),
        update_only=_noted(kind, lambda r: r.when == "update"),
        never_written=_noted(kind, lambda r: r.when == "never" or r.read == "volatile"),
        hidden=_noted(kind, _is_hidden, lambda r: {"read": r.read, "secret": r.secret}),
        defaults=_noted(kind, lambda r: r.default is not ABSENT, _default),
        initial=_noted(kind, lambda r: r.initial is not ABSENT, _initial),
        not_unset=_noted(kind, lambda r: r.unset == "illegal"),
        texts=_noted(kind, lambda r: bool(r.text), lambda r: {"text": r.text}),
        scopes={
            verb: s for verb in VERBS if (s := kind.wire.scopes.get(verb)) and _can(kind, verb)
        },
        requests=_requests(kind),
        written=kind.procedure,
        chunk=kind.wire.chunk,
        limit=kind.limit,
        releases=kind.immortal,
        replace_breaks=kind.replace_breaks,
        outputs=tuple(output.name for output in kind.outputs),
        topics=tuple(owner for name in NAMES for owner in _owners(kind, playbook(name))),
        fields=fields_of(kind),
    )


def view_kinds() -> tuple[KindView, ...]:
    """Every kind, by name."""
    return tuple(view_kind(KINDS[name]) for name in sorted(KINDS))


def kinds_as_json(views: Sequence[KindView]) -> Json:
    """*views* as `{"format": 1, "type": "kinds", "kinds": [...]}`; keys are the view's fields."""
    return {"format": FORMAT, "type": "kinds", "kinds": [_plain(view) for view in views]}


def _plain(value: Any) -> Json:
    if isinstance(value, Noted):
        rest = {"only": value.only} if value.only else {}
        return {
            "field": value.field,
            **value.says,
            **rest,
            **({"but": [*value.but]} if value.but else {}),
        }
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


def _form(kind: Kind) -> str:
    if kind.members:
        return "association"
    if kind.authored_in:
        return "children" if kind.key else "child"
    if kind.fixed:
        return "parts"
    return "singleton" if kind.singleton else "collection"


def _named(kinds: Iterator[Kind]) -> tuple[str, ...]:
    return tuple(sorted(kind.name for kind in kinds))


def _can(kind: Kind, verb: str) -> bool:
    """Whether some request of a kind is of this verb."""
    wire = kind.wire
    if verb == "read":
        return bool(wire.read or wire.list)
    return bool(getattr(wire, verb)) and not kind.given


def _requests(kind: Kind) -> Requests:
    """As the gateway reads: what has a natural key is listed, otherwise each is asked for."""
    listing = kind.wire.list
    if listing is not None and kind.key:
        if kind.owned:
            return Requests(each=1)
        page = 0 if listing.paging == "none" else listing.size
        return Requests(fixed=1, page=page, each=int(listing.brief))
    if not kind.wire.read:
        return Requests(fixed=int(listing is not None))
    return Requests(fixed=1) if kind.singleton else Requests(each=1)


def _owners(kind: Kind, book: Playbook) -> Iterator[Owner]:
    for topic in book.topics.values():
        if owned := topic.owns.get(kind.name):
            only = " and ".join(
                f"{path}={'|'.join(sorted(map(_word, values)))}"
                for path, values in topic.where.get(kind.name, {}).items()
            )
            yield Owner(book.id, topic.id, topic.name, topic.phase, owned, only)


def _word(value: object) -> str:
    return "-" if value is None else str(value).lower()


def _noted(
    kind: Kind, says: Says, what: Callable[[Rule], Mapping[str, Json]] = lambda _: {}
) -> tuple[Noted, ...]:
    """The fields of which a rule *says* something, without those that a wildcard covers alike."""
    found = [rule for rule in kind.rules if says(rule)]
    noted = (
        Noted(dotted_path(rule.at), what(rule), _condition(rule), _exceptions(kind, rule, says))
        for rule in found
        if not any(_tells(other, rule) and what(other) == what(rule) for other in found)
    )
    return tuple({(each.field, each.only): each for each in noted}.values())


def _exceptions(kind: Kind, rule: Rule, says: Says) -> tuple[str, ...]:
    """The fields that *rule* would mean if they had no rule of their own."""
    return tuple(
        dotted(other.at) for other in kind.rules if _covers(rule, other) and not says(other)
    )


def _tells(wide: Rule, narrow: Rule) -> bool:
    """Whether whoever is told of *wide* need not be told of *narrow*, if it is no different."""
    always = wide.at == narrow.at and wide.only is None and narrow.only is not None
    return always or _covers(wide, narrow)


def _covers(wide: Rule, narrow: Rule) -> bool:
    """Whether *wide* means the field of *narrow*, too, by a wildcard."""
    return (
        wide.at != narrow.at
        and wide.only in {None, narrow.only}
        and len(wide.at) == len(narrow.at)
        and all(a in {"*", b} for a, b in zip(wide.at, narrow.at, strict=True))
    )


def dotted_path(path: tuple[str, ...]) -> str:
    """*path* for people; the whole resource is `all of it`."""
    return dotted(path).replace(".[]", "[]") or "all of it"


def _condition(rule: Rule) -> str:
    return f"{rule.only[0]}={'|'.join(rule.only[1])}" if rule.only else ""


def _is_hidden(rule: Rule) -> bool:
    return rule.when != "never" and (rule.secret or rule.read in HIDDEN)


def _reference(rule: Rule) -> Mapping[str, Json]:
    assert rule.ref is not None
    return {"to": rule.ref.to, "via": rule.ref.via}


def _keyed(rule: Rule) -> Mapping[str, Json]:
    return {"by": rule.by, "ordered": rule.list == "sequence"}


def _default(rule: Rule) -> Mapping[str, Json]:
    return {"value": to_json(rule.default)}


def _initial(rule: Rule) -> Mapping[str, Json]:
    return {"value": to_json(rule.initial)}
