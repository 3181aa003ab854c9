"""What nobody declares yet, written into the files that are there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from tenantctl.drafts.edit import Revision
from tenantctl.drafts.edit_apply import free_file
from tenantctl.drafts.edit_desk import (
    Desk,
    SecretEntry,
    changed_texts,
    from_shell,
    index,
    loads,
    tidied,
)
from tenantctl.drafts.edit_sheet import Steps, Unfit
from tenantctl.drafts.edit_text import append
from tenantctl.drafts.naming import IN_FILES, names
from tenantctl.drafts.place import Fragment, fragment_file, nested, otherwise, place
from tenantctl.drafts.write import schema_line, text_of_yaml
from tenantctl.drafts.written import Body, Tag, Written
from tenantctl.errors import FilesError
from tenantctl.files import Loaded
from tenantctl.files.definition import TYPES, fits
from tenantctl.files.environments import read_file
from tenantctl.files.findings import Findings
from tenantctl.files.inner import inner_kinds
from tenantctl.kinds import KINDS
from tenantctl.model import Address, Json, Note


def add(
    root: Path,
    loaded: Loaded,
    written: Written,
    *,
    source: SecretEntry = from_shell,
    texts: Mapping[str, str] | None = None,
    everywhere: bool = False,
) -> Revision:
    """The files that declare what *written* has beyond them. Nothing is written.

    It stands where an export would put it, behind what is there; what has to be declared or
    adopted for it is. Where there are other environments, it is for this one only, unless
    *everywhere*. *source* says where the environment has a new secret from. Of what is declared
    already, only objects inside it that are not are added.
    """
    environment = loaded.environment
    desk = Desk(
        root, environment.tenant, environment.name, dict(texts or {}), frozenset(written.bodies)
    )
    work = _Adding(desk, loaded, _renamed(desk, written), source, everywhere)
    return work.done()


@dataclass(slots=True)
class _Adding:
    """An addition on its way."""

    desk: Desk
    loaded: Loaded
    written: Written
    source: SecretEntry
    everywhere: bool
    notes: list[Note] = field(default_factory=list)

    def done(self) -> Revision:
        before = self.desk
        envs = [env for env in before.environments() if env != before.env]
        others = [env for env in envs if loads(before, env)]
        alone = bool(envs) and not self.everywhere
        self._take(list(self.written.bodies), others, alone=alone)
        if alone and self.desk.texts != before.texts:
            message = f"what was added is for {before.env} only: $only says so"
            help = "take $only out once the other environments are to have it"
            self.notes.append(Note("guess", message, help=help))
        self.notes += _lost(replace(self.desk, beside=()))
        return Revision(changed_texts(before, self.desk), tuple(dict.fromkeys(self.notes)))

    def _take(self, addresses: list[Address], others: list[str], *, alone: bool) -> None:
        """Adds *addresses*, all of them unless some are refused."""
        if not addresses:
            return
        try:
            desk, _ = tidied(self._with(addresses, alone=alone))
            for env in others:
                desk.load(env)
        except (FilesError, Unfit) as error:
            if len(addresses) == 1:
                self.notes.append(_refused(addresses[0], error))
                return
            middle = len(addresses) // 2
            self._take(addresses[:middle], others, alone=alone)
            self._take(addresses[middle:], others, alone=alone)
        else:
            self.desk = desk

    def _with(self, addresses: Collection[Address], *, alone: bool) -> Desk:
        playbook = self.loaded.playbook
        places = index(self.desk, playbook)
        known = set(places.spots) | set(self.loaded.desired.withheld)
        bodies = {a: self.written.bodies[a] for a in addresses}
        fresh = {a: body for a, body in bodies.items() if a not in known}
        if alone:
            only = {"$only": [self.desk.env]}
            fresh = {a: {**only, **body} for a, body in fresh.items()}
        desk = self._declared(self.desk, bodies)
        for fragment in self._placed(fresh):
            desk = _adopted(desk, fragment.topic, playbook.topic(fragment.topic).phase)
            desk = _put(desk, fragment, self.loaded)
        for address in bodies.keys() - fresh.keys():
            spots = [s for s in places.of(address) if s.layer == "definition"]
            for steps, body in _inside(address, bodies[address]) if spots else ():
                if not any(desk.place(s.file, (*s.steps, *steps)) for s in spots):
                    desk = desk.put(spots[0].file, (*spots[0].steps, *steps), body)
        return desk

    def _placed(self, bodies: Mapping[Address, Body]) -> Iterator[Fragment]:
        """The pieces of *bodies* by topic; what cannot stand where it belongs stands elsewhere.

        That is what belongs to a declined topic; or to a phase that is not released, where the
        files have more of that: nobody has asked for it to come along.
        """
        file = read_file(
            self.desk.folder("environments"), self.desk.tenant, self.desk.env, Findings()
        )
        sheet = self.desk.sheet(self.desk.tenant_file)
        fragments = place(bodies, self.loaded.playbook)
        waiting = "phase" in self.loaded.desired.withheld.values()
        out: dict[Address, str] = {}
        for each in fragments:
            phase = self.loaded.playbook.topic(each.topic).phase
            if each.topic in file.declined or sheet.find(("declines", each.topic)):
                out[each.address] = "a topic that is declined"
            elif waiting and phase not in file.environment.phases:
                out[each.address] = f"phase {phase}, which is not released"
        yield from (f for f in fragments if f.address not in out)
        other = otherwise(self.loaded.playbook)
        for address, why in sorted(out.items()):
            message = f"{address} belongs to {why}: written under {other}"
            self.notes.append(Note("guess", message, address=str(address)))
            yield Fragment(other, address, bodies[address])

    def _declared(self, desk: Desk, bodies: Mapping[Address, Body]) -> Desk:
        """With the files, variables and secrets that *bodies* name."""
        files = self.written.files
        for body in bodies.values():
            for path in _paths(body):
                desk = desk.written({f"tenants/{desk.tenant}/{path}": files[path]})
            for what, name in names(body, files):
                if what == "secret":
                    about = self.written.secrets.get(name, name)
                    desk = desk.with_secret(name, about, self.source(name))
                    continue
                value = self.written.variables.get(name, "")
                if desk.place(desk.tenant_file, ("variables", name)) is None:
                    desk = desk.put(desk.tenant_file, ("variables", name), {"type": _type(value)})
                if desk.place(desk.env_file(), ("variables", name)) is None:
                    desk = desk.put(desk.env_file(), ("variables", name), value)
        return desk


def _lost(desk: Desk) -> Iterator[Note]:
    """What is wrong with the files because something could not be added that they name."""
    try:
        desk.load()
    except FilesError as error:
        for each in error.problems:
            message = f"{each.message}: it could not be added"
            yield Note("mistake", message, each.file, each.line, each.column, each.help)


def _refused(address: Address, error: FilesError | Unfit) -> Note:
    why, help = str(error), "write it by hand"
    if isinstance(error, FilesError):
        why, help = error.problems[0].message, error.problems[0].help
    return Note("loss", f"{address} was left out: {why}", help=help, address=str(address))


def _paths(body: Any) -> Iterator[str]:
    from tenantctl.drafts.naming import paths

    return paths(body, IN_FILES)


def _type(value: Json) -> str:
    return next(name for name in TYPES if fits(value, name))


def _inside(address: Address, body: Body) -> Iterator[tuple[Steps, Any]]:
    """The objects that *body* holds by name, each with the way to it."""
    for name, kind in inner_kinds(KINDS[address.kind]).items():
        if name in body and kind.key and not kind.members:
            yield from (((name, key), inner) for key, inner in body[name].items())


# --- Where it goes ------------------------------------------------------------------------------


def _adopted(desk: Desk, topic: str, phase: int) -> Desk:
    """With *topic* adopted and its phase released."""
    desk = _listed(desk, desk.tenant_file, ("adopts",), topic)
    file = read_file(desk.folder("environments"), desk.tenant, desk.env, Findings())
    if phase in file.environment.phases:
        return desk
    if desk.place(desk.env_file(), ("phases",)) is None:
        return desk.put(desk.env_file(), ("phases",), sorted({*file.environment.phases, phase}))
    return _listed(desk, desk.env_file(), ("phases",), phase)


def _listed(desk: Desk, file: str, steps: Steps, value: Json) -> Desk:
    """With *value* in a list of a file."""
    found = desk.place(file, steps)
    if found is None:
        return desk.put(file, steps, [value])
    if desk.place(file, (*steps, str(value))) is not None:
        return desk
    return desk.edited(file, lambda text: append(text, found, [value]))


def _put(desk: Desk, fragment: Fragment, loaded: Loaded) -> Desk:
    """A fragment behind others of its topic and kind, in the file that has them."""
    kind = fragment.address.kind
    inside: Any = nested(fragment.address, fragment.body)
    steps: list[str] = [fragment.topic]
    while len(steps) < 2 + _depth(fragment.address):
        ((name, inside),) = inside.items()
        steps.append(name)
    file = _file(desk, fragment.topic, kind, loaded)
    if not desk.has(file):
        whole = {fragment.topic: nested(fragment.address, fragment.body)}
        return desk.written({file: schema_line("fragment", 3) + text_of_yaml(whole)})
    return desk.put(file, tuple(steps), inside)


def _depth(address: Address) -> int:
    kind = KINDS[address.kind]
    return 0 if kind.singleton else max(len(kind.parts), 1)


def _file(desk: Desk, topic: str, kind: str, loaded: Loaded) -> str:
    files = [name for name, _ in desk.fragments()]
    with_kind = [name for name in files if desk.place(name, (topic, kind))]
    with_topic = [name for name in files if desk.place(name, (topic,))]
    usual = f"tenants/{desk.tenant}/{fragment_file(topic, loaded.playbook)}"
    found = with_kind[-1:] or with_topic[-1:]
    return found[0] if found else usual


# --- Names that are taken -----------------------------------------------------------------------


def _renamed(desk: Desk, written: Written) -> Written:
    """*written* with other names for files and secrets where the project has such already."""
    files = {path: path for path in written.files}
    for path, text in written.files.items():
        name = f"tenants/{desk.tenant}/{path}"
        if desk.has(name) and desk.text(name) != text:
            files[path] = free_file(desk, path)
    sheet = desk.sheet(desk.tenant_file)
    taken = {name for name in written.secrets if sheet.find(("secrets", name))}
    secrets: dict[str, str] = {}
    for name in written.secrets:
        free = (f"{name}_{number}" for number in count(2))
        used = {*written.secrets, *secrets.values()}
        secrets[name] = next(
            each
            for each in ([name] if name not in taken else free)
            if each == name or (each not in used and not sheet.find(("secrets", each)))
        )
    bodies = {a: _other(body, files, secrets) for a, body in written.bodies.items()}
    return replace(
        written,
        bodies=bodies,
        files={files[path]: text for path, text in written.files.items()},
        secrets={secrets[name]: use for name, use in written.secrets.items()},
    )


def _other(value: Any, files: Mapping[str, str], secrets: Mapping[str, str]) -> Any:
    match value:
        case Mapping():
            return {key: _other(item, files, secrets) for key, item in value.items()}
        case list() | tuple():
            return [_other(item, files, secrets) for item in value]
        case Tag("secret", name):
            return Tag("secret", secrets.get(name, name))
        case Tag(tag, path) if tag in IN_FILES:
            return Tag(tag, files.get(path, path))
        case str() if "${secret." in value:
            return re.sub(
                r"(?<!\$)\$\{secret\.([^{}]*)\}",
                lambda found: f"${{secret.{secrets.get(found[1], found[1])}}}",
                value,
            )
    return value
