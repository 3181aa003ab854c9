"""What a sample of a kind is."""

from dataclasses import dataclass
from typing import Any

from tenantctl.model import Resource


@dataclass(frozen=True)
class Sample:
    """*resource* can be created where *needs* are; then *path* can be given the value *after*.

    An empty *path*: there is nothing about it that can be changed.

    *given* are there already, with their ids: others made them.
    """

    resource: Resource
    path: str
    after: Any
    needs: tuple[Resource, ...] = ()
    given: tuple[Resource, ...] = ()
