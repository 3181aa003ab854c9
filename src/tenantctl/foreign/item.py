"""What the readers of other tools' configurations have in common: objects in the API's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tenantctl.model import Json, Note, Origin, Path, Value


class Made(str):
    """A text that was made of variables or secrets: *source* is a Var, a Secret or a Text.

    It is its value in one environment, so that readers may compare and look things up by it.
    """

    __slots__ = ("source",)
    source: Value

    @classmethod
    def of(cls, text: str, source: Value) -> Made:
        made = cls(text)
        made.source = source
        return made


class MadeList(list[Json]):
    """A list that is the whole value of a variable: *source* is a Var."""

    source: Value

    @classmethod
    def of(cls, items: list[Json], source: Value) -> MadeList:
        made = cls(items)
        made.source = source
        return made


class Named(str):
    """An alias of another item, in a place that is no reference by its kind: *field* of that.

    It may be the whole of a value, or a part of the text that a Made is made of.
    """

    __slots__ = ("field",)
    field: str

    @classmethod
    def of(cls, alias: str, field: str) -> Named:
        named = cls(alias)
        named.field = field
        return named


@dataclass(frozen=True, slots=True)
class Item:
    """One object of a foreign configuration.

    *fields* are those of the kind's flat form, the API's own names and nesting, but references
    are texts: any alias of what they name. *names* are by what others may refer to it, the one
    first that its stable key is made of. *owners*: of what hangs on other resources an alias of
    each; of a fixed kind the parts of its key. Composite keys are among the fields. *spots* knows
    where fields stand, if the reader does.
    """

    kind: str
    fields: Mapping[str, Value]
    at: Origin
    names: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    spots: Callable[[Path], Origin] | None = field(default=None, compare=False, repr=False)

    def where(self, path: Path) -> Origin:
        """Where the field at *path* stands, or what is known of the way there."""
        return self.spots(path) if self.spots else self.at


@dataclass(frozen=True, slots=True)
class Source:
    """One environment of a foreign configuration. *notes* is what the reader has to say of it.

    *variables* are the values of the variables that items are made of, secrets not among them.
    """

    domain: str
    items: tuple[Item, ...]
    variables: Mapping[str, Json] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
