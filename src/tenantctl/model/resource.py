"""One thing in a tenant, and where its declared values came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenantctl.model.address import Address, Path
from tenantctl.model.value import Value


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource's fields in flat form: the API's own names and nesting, references by address."""

    address: Address
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a declared value was written.

    *layer* is `definition`, `override` or `variable`; *topic* is empty in environment files.
    *via* are the variables and files that the value was made of; *over* is what an override
    replaced. Files are relative to the project, lines and columns count from 1.
    """

    file: str
    line: int
    column: int
    topic: str = ""
    layer: str = "definition"
    name: str = ""
    via: tuple[Origin, ...] = ()
    over: Origin | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


Origins = Mapping[Path, Origin]
"""The origin of every leaf of a resource. A leaf of a list is the element: `("callbacks", "0")`."""
