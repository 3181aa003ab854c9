"""What a configuration says of how it is run, for which there is another place in a project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenantctl.foreign.terraform.configuration import Module, Resource
from tenantctl.foreign.terraform.nodes import Literal, Node, Tuple
from tenantctl.model import Note, Origin


def hints(root: Module, resources: list[Resource]) -> Iterator[Note]:
    """Notes on backends and on lifecycles."""
    for block in root.body.of("terraform"):
        for backend in (*block.body.of("backend"), *block.body.of("cloud")):
            kind = backend.labels[0] if backend.labels else backend.type
            said = f"the state of this configuration is kept by {kind}: no file here tells it"
            yield _hint(said, backend.at, "what `terraform show -json` writes can be read as well")
    for resource in resources:
        for block in resource.block.body.of("lifecycle"):
            yield from _lifecycle(resource.address, block.body.attributes, block.at)


def _lifecycle(address: str, attributes: Mapping[str, object], at: Origin) -> Iterator[Note]:
    said = {name: getattr(each, "value", None) for name, each in attributes.items()}
    if said.get("prevent_destroy") == Literal(value=True):
        help = "list it under policy.protect of the environments"
        yield _hint(f"{address} is never to be deleted (prevent_destroy)", at, help)
    ignored = said.get("ignore_changes")
    if ignored is not None:
        names = ", ".join(_names(ignored)) or "everything"
        help = "leave out of the converted files what others are to decide"
        yield _hint(f"{address}: changes of {names} are ignored by Terraform", at, help)


def _names(node: Node) -> list[str]:
    items = node.items if isinstance(node, Tuple) else ()
    return [name for item in items if isinstance(name := getattr(item, "name", None), str)]


def _hint(message: str, at: Origin, help: str) -> Note:
    return Note("hint", message, at.file, at.line, at.column, help)
