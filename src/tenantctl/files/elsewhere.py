"""What the other environments of a tenant name in their overrides, and this one does not."""

from __future__ import annotations

from collections.abc import Iterator

from tenantctl.files.document import ListNode, Node, ScalarNode, parse
from tenantctl.files.environments import names
from tenantctl.files.folder import Folder, Unreadable
from tenantctl.files.names import parts

WORDS = {"var": "variable", "secret": "secret"}


def named_elsewhere(environments: Folder, folder: Folder) -> Iterator[tuple[str, str]]:
    """The variables and secrets that the overrides of any environment name: (what, name).

    *folder* is the tenant's, where templates lie. What is wrong there is said when the
    environment itself is loaded.
    """
    for name in names(environments):
        try:
            root = parse(name, environments.read(f"{name}.yaml")).root
        except Unreadable:
            continue
        overrides = root.get("overrides") if root else None
        if overrides is not None:
            yield from named(overrides, folder)


def named(node: Node, folder: Folder) -> Iterator[tuple[str, str]]:
    """The variables and secrets that *node* names: (what, name)."""
    if isinstance(node, ListNode):
        for item in node.items:
            yield from named(item, folder)
    elif not isinstance(node, ScalarNode):
        for _, value in node.entries:
            yield from named(value, folder)
    elif node.tag in WORDS:
        yield WORDS[node.tag], node.text
    else:
        text = _template(node.text, folder) if node.tag == "template" else node.text
        for _, inner, _ in parts(text):
            word, _, name = (inner or "").partition(".")
            if word in WORDS:
                yield WORDS[word], name


def _template(path: str, folder: Folder) -> str:
    try:
        return folder.read(path).decode("utf-8", "replace")
    except Unreadable:
        return ""
