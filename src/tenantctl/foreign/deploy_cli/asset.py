"""One object of a configuration as its files have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tenantctl.foreign.deploy_cli.nodes import Node, nearest
from tenantctl.foreign.item import Item
from tenantctl.model import Json, Note, Origin, Path, Value


@dataclass(frozen=True, slots=True)
class Asset:
    """An object of a *type*: its *fields*, code and templates in place of the names of files.

    *node* knows where the fields stand in *file*. *stem* is what the file is called without its
    ending, where each object has one.
    """

    type: str
    fields: Mapping[str, Json]
    node: Node
    file: str
    stem: str = ""

    def at(self, path: Path = ()) -> Origin:
        """Where the field at *path* stands, or as much of the way there as there is."""
        node = nearest(self.node, path)
        return Origin(self.file, node.line, node.column)

    @property
    def name(self) -> str:
        """What people call it."""
        for field_ in ("name", "key", "template", "domain", "type", "description", "client_id"):
            value = self.fields.get(field_)
            if isinstance(value, str) and value:
                return str(value)
        return self.stem


@dataclass(frozen=True, slots=True)
class Gathered:
    """All objects of one environment. *empty* are types that are there with nothing in them."""

    assets: tuple[Asset, ...]
    empty: Mapping[str, Origin] = field(default_factory=dict)

    def of(self, *types: str) -> Iterator[Asset]:
        """The objects of *types*, in their order."""
        return (asset for asset in self.assets if asset.type in types)


@dataclass(frozen=True, slots=True)
class Piece:
    """An item, and the asset that it was made of; its fields stand at *inside* there.

    If that is a list, it is the one field of the item.
    """

    kind: str
    fields: Mapping[str, Value]
    asset: Asset
    names: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    inside: Path = ()

    def at(self, path: Path = ()) -> Origin:
        whole = nearest(self.asset.node, self.inside).value
        return self.asset.at((*self.inside, *(path[1:] if isinstance(whole, list) else path)))

    @property
    def item(self) -> Item:
        return Item(self.kind, self.fields, self.at(), self.names, self.owners, self.at)

    def note(self, level: str, message: str, path: Path = (), help: str = "") -> Note:
        at = self.at(path)
        return Note(level, message, at.file, at.line, at.column, help)
