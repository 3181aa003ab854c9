"""libyaml's parser; importing this module needs a PyYAML that was built with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from yaml._yaml import CParser

from tenantctl.files.scalars import IMPLICIT


class _Composer(CParser):
    """Composes nodes and leaves tags alone."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:  # noqa: ARG002
        return IMPLICIT

    def descend_resolver(self, parent: Any, index: Any) -> None:
        """Nothing hangs on where a node stands."""

    def ascend_resolver(self) -> None:
        """As above."""


def compose(text: str) -> Any:
    """The root node of *text*, or None. Raises YAMLError; recurses on the C stack."""
    return _Composer(text).get_single_node()


def depths(text: str) -> Iterator[tuple[int, Any]]:
    """The depth of every collection in *text* with its mark. Raises YAMLError."""
    depth = 0
    parser = _Composer(text)
    while not parser.check_event(yaml.StreamEndEvent):
        event = parser.get_event()
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            yield depth, event.start_mark
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
