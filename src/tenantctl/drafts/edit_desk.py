"""A project on its way to another state: files as they are and as they are to be."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from yaml import YAMLError
from yaml import nodes as raw

from tenantctl.drafts.edit_sheet import Place, Sheet, Steps, Unfit
from tenantctl.drafts.edit_text import drop, put
from tenantctl.errors import FilesError
from tenantctl.files import Loaded, load
from tenantctl.files.environments import names, read_file
from tenantctl.files.findings import Findings
from tenantctl.files.folder import Folder, Unreadable
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import Address, Json
from tenantctl.playbooks import Playbook

FRAGMENT = re.compile(r"phase([1-9][0-9]*)/.+\.yaml")
UNUSED = re.compile(r"nothing uses the (variable|secret) (\S+)")
BOM = "\ufeff"


SecretEntry: TypeAlias = Callable[[str], Json]
"""The entry of an environment's file that says where it has a secret from, by its name."""


def from_shell(name: str) -> Json:
    """A secret that the environment of the process holds under its own name."""
    return {"from": f"env:{name}"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is said of an address: a *file*, and the way to the body in it.

    *layer*: `definition`, `override` (of this environment), or `inherited`.
    """

    file: str
    steps: Steps
    layer: str = "definition"
    topic: str = ""

    def below(self, *steps: Any) -> Spot:
        return replace(self, steps=(*self.steps, *steps))


@dataclass(frozen=True, slots=True)
class Desk:
    """One environment of a project below *root*, with *texts* that are to be written.

    *beside* are addresses that can be named although nobody declares them yet.
    """

    root: Path
    tenant: str
    env: str
    texts: Mapping[str, str] = field(default_factory=dict)
    beside: Collection[Address] = ()

    @property
    def tenant_file(self) -> str:
        return f"tenants/{self.tenant}/tenant.yaml"

    def env_file(self, env: str = "") -> str:
        return f"environments/{self.tenant}/{env or self.env}.yaml"

    def folder(self, top: str) -> Folder:
        return Folder.of(self.root, top, self.tenant, texts=self.texts)

    def environments(self) -> tuple[str, ...]:
        return names(self.folder("environments"))

    def text(self, file: str) -> str:
        """The text of a file of the project, by its path below the root; empty for none."""
        top, tenant, name = file.split("/", 2)
        folder = Folder.of(self.root, top, tenant, texts=self.texts)
        try:
            return folder.read(name).decode("utf-8")
        except (Unreadable, UnicodeDecodeError):
            return ""

    def has(self, file: str) -> bool:
        return file in self.texts or (self.root / file).exists()

    def sheet(self, file: str) -> Sheet:
        return Sheet.of(_lines_of(self.text(file)))

    def place(self, file: str, steps: Steps) -> Place | None:
        """What is said at a place of a file; None where nobody says anything, or an alias does."""
        try:
            return self.sheet(file).find(steps)
        except Unfit:
            return None

    def edited(self, file: str, edit: Callable[[str], str]) -> Desk:
        """With *edit* of the text of a file; its mark of order and its line ends stay.

        Raises Unfit where the edit does, and where nobody could read what comes of it.
        """
        text = self.text(file)
        bare = _lines_of(text)
        new = edit(bare)
        if new == bare:
            return self
        try:
            Sheet.of(new)
        except YAMLError as error:  # an anchor went, and something names it
            raise Unfit("the rest of the file needs it") from error
        if _is_dos(text):
            new = new.replace("\n", "\r\n")
        return self.written({file: (BOM if text.startswith(BOM) else "") + new})

    def put(self, file: str, steps: Steps, value: Any, *, first: bool = False) -> Desk:
        """With *value* at a place of a file. Raises Unfit."""
        return self.edited(file, partial(put, steps=steps, value=value, first=first))

    def drop(self, file: str, steps: Steps) -> Desk:
        """Without what stands at a place of a file. Raises Unfit."""
        return self.edited(file, partial(drop, steps=steps))

    def with_secret(self, name: str, about: str, entry: Json) -> Desk:
        """With a secret declared, and the environment's *entry* for it, unless they are there."""
        desk = self
        if desk.place(desk.tenant_file, ("secrets", name)) is None:
            desk = desk.put(desk.tenant_file, ("secrets", name), {"description": about})
        if desk.place(desk.env_file(), ("secrets", name)) is None:
            desk = desk.put(desk.env_file(), ("secrets", name), entry)
        return desk

    def written(self, texts: Mapping[str, str]) -> Desk:
        return replace(self, texts={**self.texts, **texts})

    def load(self, env: str = "") -> Loaded:
        """The environment as it will be. Raises FilesError."""
        here = self.beside
        return load(self.root, self.tenant, env or self.env, texts=self.texts, beside=here)

    def fragments(self) -> Iterator[tuple[str, int]]:
        """The fragment files of the tenant, each with its phase."""
        folder = self.folder("tenants")
        try:
            found = list(folder.files())
        except OSError:
            return
        for name in found:
            if match := FRAGMENT.fullmatch(name):
                yield folder.name(name), int(match[1])


def _lines_of(text: str) -> str:
    text = text.removeprefix(BOM)
    return text.replace("\r\n", "\n") if _is_dos(text) else text


def _is_dos(text: str) -> bool:
    return "\r\n" in text and text.count("\r\n") == text.count("\n")


def loads(desk: Desk, env: str) -> bool:
    """Whether an environment can be loaded as it will be."""
    try:
        desk.load(env)
    except FilesError:
        return False
    return True


def changed_texts(before: Desk, after: Desk) -> dict[str, str]:
    """What *after* has to write: the texts that *before* had, and those that are others now."""
    changed = {name: text for name, text in after.texts.items() if not _is_on_disk(after, name)}
    return {**{name: after.texts[name] for name in before.texts}, **changed}


def _is_on_disk(desk: Desk, file: str) -> bool:
    try:
        return (desk.root / file).read_bytes() == desk.texts[file].encode()
    except OSError:
        return False


def tidied(desk: Desk) -> tuple[Desk, Loaded]:
    """*desk* as it can be loaded: without declarations that nothing uses any more.

    Raises FilesError where anything else is wrong.
    """
    for _ in range(3):
        try:
            return desk, desk.load()
        except FilesError as error:
            found = [UNUSED.fullmatch(problem.message) for problem in error.problems]
            if not all(found):
                raise
            for match in found:
                assert match is not None
                desk = _undeclared(desk, f"{match[1]}s", match[2])
    return desk, desk.load()


def _undeclared(desk: Desk, what: str, name: str) -> Desk:
    files = [desk.tenant_file, *map(desk.env_file, desk.environments())]
    for file in files:
        if desk.place(file, (what, name)) is not None:
            around = desk.place(file, (what,))
            last = around is not None and len(around.node.value) == 1
            desk = desk.drop(file, (what,) if last else (what, name))
    return desk


# --- Where something is said ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Index:
    """Where a project says something: of each address, in the order of the playbook.

    *stamped* are the kinds that some table makes resources of.
    """

    spots: Mapping[Address, tuple[Spot, ...]]
    stamped: frozenset[str]

    def of(self, address: Address) -> tuple[Spot, ...]:
        """Where it is said; of what is written inside another resource, there."""
        kind = KINDS[address.kind]
        if not kind.authored_in:
            return self.spots.get(address, ())
        parent, name = kind.authored_in
        key, _, inner = address.key.partition("/")
        steps = (name, inner) if inner else (name,)
        return tuple(spot.below(*steps) for spot in self.spots.get(Address(parent, key), ()))


def index(desk: Desk, playbook: Playbook) -> Index:
    """Where the project says what of this environment; what is withheld here is left out."""
    file = read_file(desk.folder("environments"), desk.tenant, desk.env, Findings())
    found: dict[Address, list[Spot]] = {}
    stamped: set[str] = set()
    rows = []
    for name, phase in desk.fragments():
        for spot, address, start in _bodies(name, desk.sheet(name).root, stamped):
            place = (phase, playbook.place(spot.topic)[1])
            if spot.topic not in file.declined and phase in file.environment.phases:
                rows.append((place, name, start, address, spot))
    for *_, address, spot in sorted(rows, key=lambda row: row[:3]):
        found.setdefault(address, []).append(spot)
    for override in file.overrides:
        layer = "override" if override.file == desk.env_file() else "inherited"
        spot = Spot(override.file, ("overrides", override.address), layer)
        found.setdefault(Address.parse(override.address), []).append(spot)
    return Index({address: tuple(each) for address, each in found.items()}, frozenset(stamped))


def _bodies(file: str, root: Any, stamped: set[str]) -> Iterator[tuple[Spot, Address, int]]:
    for topic, kinds in _entries(root):
        for word, node in _entries(kinds):
            kind = KINDS.get(word.value)
            if kind is None:
                continue
            depth = 0 if kind.singleton else max(len(kind.parts), 1)
            steps = (topic.value, word.value)
            for keys, body in _keyed(kind, (), node, depth, stamped):
                spot = Spot(file, (*steps, *keys), topic=topic.value)
                yield spot, Address(kind.name, "/".join(keys)), body.start_mark.index


def _keyed(
    kind: Kind, keys: tuple[str, ...], node: Any, depth: int, stamped: set[str]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not depth:
        if any(key.value == "$for" for key, _ in _entries(node)):
            stamped.add(kind.name)
        elif isinstance(node, raw.MappingNode):
            yield keys, node
        return
    for key, inner in _entries(node):
        yield from _keyed(kind, (*keys, key.value), inner, depth - 1, stamped)


def _entries(node: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(node, raw.MappingNode):
        yield from ((k, v) for k, v in node.value if isinstance(k, raw.ScalarNode))
