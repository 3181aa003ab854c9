"""The files of a tenant as texts, and what an environment has differently: for those who look."""

from __future__ import annotations

from collections.abc import Iterator

from tenantctl.files.document import ListNode, MapNode, Node
from tenantctl.files.environments import EnvironmentFile, Override
from tenantctl.files.folder import Folder, Unreadable
from tenantctl.files.neighbours import Source
from tenantctl.model import Origin
from tenantctl.model.neighbour import Remark


def project_texts(source: Source) -> Iterator[tuple[str, str]]:
    """Every file of a tenant and of its environments that is text, by name."""
    home = source.home
    for folder in dict.fromkeys((home.folder.path, home.environments.path, home.own.path)):
        known = next(f for f in (home.folder, home.environments, home.own) if f.path == folder)
        yield from _texts(known)


def _texts(folder: Folder) -> Iterator[tuple[str, str]]:
    try:
        names = list(folder.files())
    except OSError:
        return
    for name in names:
        try:
            yield folder.name(name), folder.read(name).decode("utf-8")
        except (Unreadable, UnicodeDecodeError):
            continue


def unlike(source: Source, name: str) -> tuple[Remark, ...]:
    """What the environment *name* is built of differently: no variable would say that.

    Topics that it declines, what it puts on hold, and what it leaves unmanaged.
    """
    from tenantctl.files.findings import Findings

    file = source.home.environment(name, Findings())
    return (*_declined(file), *_held(file), *_let_go(file.overrides))


def _declined(file: EnvironmentFile) -> Iterator[Remark]:
    for topic, origin in sorted(file.declined.items()):
        yield Remark(f"the topic {topic} is declined in {file.environment.name} alone", origin)


def _held(file: EnvironmentFile) -> Iterator[Remark]:
    for glob in file.environment.hold:
        yield Remark(f"{glob} is on hold", Origin(file.file, 1, 1), glob)


def _let_go(overrides: tuple[Override, ...]) -> Iterator[Remark]:
    for override in overrides:
        for line, column in _unmanaged(override.node):
            name = f"part of {override.address} is unmanaged"
            yield Remark(name, Origin(override.file, line, column), override.address)


def _unmanaged(node: Node) -> Iterator[tuple[int, int]]:
    if node.tag == "unmanaged":
        yield node.line, node.column
    elif isinstance(node, MapNode):
        for _, value in node.entries:
            yield from _unmanaged(value)
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from _unmanaged(item)
