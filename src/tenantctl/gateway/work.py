"""One step being carried out: its requests, counted, and how live values compare with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tenantctl.engine.merge import at, put
from tenantctl.gateway.index import render
from tenantctl.gateway.live import Live, fetch
from tenantctl.gateway.match import Document
from tenantctl.kinds import Kind, Lens, element_key, holds, recognise
from tenantctl.model import (
    ABSENT,
    Address,
    Foreign,
    Json,
    Path,
    Ref,
    Sealed,
    Text,
    Value,
    Vault,
    dotted,
    is_secret,
)

BROUGHT_ABOUT: Mapping[str, str] = {
    "deploy": "deployed",
    "publish": "all_changes_published",
    "verify": "status",
}
"""The field of each procedure that it brings about itself, after the write."""


@dataclass(slots=True)
class Work:
    """A step of *kind* at *address*. *before* is the document as it was found, once it was.

    *clearing*: it makes way for other steps, so what it deletes must be gone when it ends.
    """

    live: Live
    kind: Kind
    address: Address
    writes: int = 0
    before: Document | None = None
    clearing: bool = False

    async def fetch(self) -> Document | None:
        return await fetch(self.live, self.kind, self.address)

    async def write(self, request: str, body: Json, member: str = "") -> Json:
        """Send *request*, `METHOD path` as in `Wire`, with *body*."""
        where = self.live.route(self.kind, self.address, request, member)
        self.writes += 1
        return await self.live.session.request(where, body=body)

    async def call(self, request: str, member: str = "") -> Json:
        """Send *request* without a body."""
        where = self.live.route(self.kind, self.address, request, member)
        self.writes += 1
        return await self.live.session.request(where)

    def render(self, value: Value) -> Json:
        if value is ABSENT:
            return ABSENT
        return render(value, self.live.index, self.live.vault)

    def learn(self, *documents: object) -> None:
        """Take note of the ids and names in what was sent and answered."""
        for document in documents:
            plain = document if isinstance(document, Mapping) else {}
            self.live.index.learn(self.kind, self.address, plain)

    @property
    def own_field(self) -> str:
        return BROUGHT_ABOUT.get(self.kind.procedure, "")


@dataclass(frozen=True, slots=True)
class View:
    """A live resource in the terms of the core, as a step looks at it."""

    lens: Lens
    vault: Vault

    @classmethod
    def of(cls, work: Work, document: Document, wants: Iterable[Value]) -> View:
        codec, vault = work.live.codec, work.live.vault
        fields = codec.decode(work.kind, work.address, document, list(wants))
        return cls(Lens(work.kind, fields, vault.mark), vault)

    def holds(self, path: Path, want: Value) -> bool:
        """Whether the live value is *want*; where nobody can tell, it is not."""
        return holds(self.lens, want, at(self.lens.fields, path), path)

    def may_hold(self, path: Path, want: Value) -> bool:
        """As `holds`, but where nobody can tell, it may be."""
        return holds(self.lens, want, self._recognised(path, want), path)

    def is_still(self, path: Path, before: Value) -> bool:
        """Whether the live value is what was seen before, no less and no more."""
        before = _standing_in(self.lens, before, at(self.lens.fields, path), path)
        have = self._recognised(path, before)
        return holds(self.lens, before, have, path) and holds(self.lens, have, before, path)

    def _recognised(self, path: Path, want: Value) -> Value:
        return recognise(self.lens, want, at(self.lens.fields, path), self._may_equal, path)

    def _may_equal(self, _: Path, want: Value, sealed: Sealed) -> bool:
        if isinstance(want, Sealed):
            mine = want.fingerprint
        elif is_secret(want):
            mine = self.vault.mark(want)[1]
        else:
            return sealed.fingerprint is None
        return not mine or not sealed.fingerprint or mine == sealed.fingerprint


def _standing_in(lens: Lens, before: Value, have: Value, path: Path) -> Value:
    """*before* with the live value wherever it says that the id of something gone stood there."""
    if isinstance(before, Foreign) and not before.id:
        return have if isinstance(have, str | Foreign | Ref | Text) else before
    if isinstance(before, Mapping) and isinstance(have, Mapping):
        return {
            key: _standing_in(lens, item, have.get(key, ABSENT), (*path, key))
            for key, item in before.items()
        }
    if isinstance(before, list) and isinstance(have, list) and len(before) == len(have):
        by, inner = lens.rule(path).by, (*path, "[]")
        named = {element_key(item, by): item for item in have} if by else {}
        return [
            _standing_in(lens, item, named.get(element_key(item, by), other), inner)
            for item, other in zip(before, have, strict=True)
        ]
    return before


def nested(rows: Iterable[tuple[Path, Value]]) -> dict[str, Value]:
    """Values by path as one structure; what is absent is left out."""
    tree: dict[str, Value] = {}
    for path, value in rows:
        if path and value is not ABSENT:
            put(tree, path, value)
    return tree


def listed(paths: Iterable[Path]) -> str:
    """Paths for people, the first few of them."""
    names = [dotted(path) for path in paths]
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
