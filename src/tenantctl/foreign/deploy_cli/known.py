"""What no write of ours takes is left out, and told; nulls say nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tenantctl.errors import KindError
from tenantctl.foreign.deploy_cli.asset import Piece
from tenantctl.foreign.deploy_cli.seal import called
from tenantctl.kinds import KINDS, Kind
from tenantctl.kinds.bodies import refused
from tenantctl.kinds.faults import Fault
from tenantctl.model import Note, Path, Value, dotted

FREE = {"flows", "forms"}
"""Kinds in which a null may mean something."""
CODE = {"action_modules": "code", "actions": "code", "hooks": "script", "rules": "script"}
"""Kinds that are nothing without their code."""


def known(piece: Piece) -> Iterator[Piece | Note]:
    """*piece* with the fields that our kind knows; a note about the others.

    Flags of the tenant that nobody knows auth0-deploy-cli leaves out as well, and says nothing.
    """
    if piece.kind not in FREE:
        piece = replace(piece, fields=_without_nulls(piece.fields))
    needed = CODE.get(piece.kind)
    if needed and not piece.fields.get(needed):
        message = f"{called(piece)} was left out: it has no {needed}"
        yield piece.note("mistake", message, (needed,), f"give it {needed} that can be read")
        return
    paths = list(_unknown(piece))
    told = [path for path in paths if not (piece.kind == "tenant" and path[0] == "flags")]
    if told:
        said = ", ".join(dotted(path) for path in told)
        what = "a field" if len(told) == 1 else "fields"
        message = f"{called(piece)}: {said} left out: {what} that Auth0 does not take"
        yield piece.note("loss", message, told[0], _help(piece, told))
    yield replace(piece, fields=_without(piece.fields, paths))


def _without(fields: Any, paths: list[Path]) -> Any:
    for path in reversed(paths):
        fields = _removed(fields, path)
    return fields


def _help(piece: Piece, paths: list[Path]) -> str:
    if piece.kind == "tenant" and ("universal_login",) in {path[:1] for path in paths}:
        return "colors of the login page are those of branding"
    return ""


def _without_nulls(value: Value) -> Any:
    if isinstance(value, Mapping):
        return {k: _without_nulls(v) for k, v in value.items() if v is not None}
    if type(value) is list:
        return [_without_nulls(item) for item in value]
    return value


def _unknown(piece: Piece) -> Iterator[Path]:
    """The fields of *piece* that neither a create nor an update of its kind takes."""
    kind = KINDS[piece.kind]
    key = piece.owners[0] if kind.fixed and piece.owners else ""
    if kind.members or not isinstance(piece.fields, Mapping) or _foreign(kind, key):
        return
    try:
        faults = list(refused(kind, key, piece.fields, creates=bool(kind.wire.create)))
    except KindError:
        return
    seen: set[Path] = set()
    for fault in faults:
        path = _path(fault)
        if fault.kind == "unknown" and path not in seen and _there(piece.fields, path):
            seen.add(path)
            yield path


def _path(fault: Fault) -> Path:
    return (*fault.path, fault.word)


def _foreign(kind: Kind, key: str) -> bool:
    """Whether the API has no such part."""
    return bool(kind.fixed and kind.values and key not in kind.values)


def _there(value: Value, path: Path) -> bool:
    for part in path:
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return False
    return True


def _removed(value: Value, path: Path) -> Value:
    """*value* without what stands at *path*."""
    head, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        if not rest:
            return {key: item for key, item in value.items() if key != head}
        return {k: _removed(v, rest) if k == head else v for k, v in value.items()}
    index = int(head)
    return [_removed(item, rest) if n == index else item for n, item in enumerate(value)]
