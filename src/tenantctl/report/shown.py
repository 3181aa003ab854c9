"""Values as people read them: unquoted where no doubt is possible, secrets by name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from tenantctl.kinds import Lens
from tenantctl.model import (
    ABSENT,
    Foreign,
    Path,
    Ref,
    Sealed,
    Secret,
    Text,
    Value,
    dotted,
)
from tenantctl.report.escape import visible
from tenantctl.report.redact import Clean

PLAIN = re.compile(r"[\w./:@#%&?=+*~-]+(?: [\w./:@#%&?=+*~-]+)*")
"""No brackets, quotes, braces or `>`: what we add ourselves cannot be imitated by a value."""
LIKE_OTHERS = re.compile(r"(?i:null|true|false|yes|no|on|off|~)|[+-]?[\d.].*|[#&*%@?:=-].*|.*:")
NAMED_SECRET = re.compile(
    r"(?:^|[_\W])(?i:secret|password|token|api_?key|private_?key)$"
    r"|(?:Secret|Password|Token|ApiKey|PrivateKey)$"
)


def shown(value: Value) -> str:
    """*value* on one line, in the manner of YAML; strings are quoted where they could mislead."""
    if isinstance(value, str):
        return value if _plain(value) else quoted(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(k)}: {shown(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(shown, value)) + "]"
    return _special(value)


def _special(value: Value) -> str:
    match value:
        case Ref(address, field):
            return f"${{{address}.{field}}}" if field else str(address)
        case Secret(name):
            return f"(secret {name})"
        case Text():
            return quoted(prose(value))
        case Sealed():
            return "(secret)"
        case Foreign(kind, ""):
            return f"(the old one of {kind})"
        case Foreign(kind, id):
            return f"({kind} {shown(id)}, not declared)"
    return "(not set)" if value is ABSENT else json.dumps(value)


def prose(value: Value) -> str:
    """A string or a text as one string, references as people write them; else nothing."""
    if isinstance(value, str):
        return value
    if not isinstance(value, Text):
        return ""
    return "".join(
        p.replace("${", "$${") if isinstance(p, str) else _special(p) for p in value.parts
    )


def quoted(text: str) -> str:
    return '"' + visible(text.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def _plain(text: str) -> bool:
    return bool(PLAIN.fullmatch(text)) and not LIKE_OTHERS.fullmatch(text) and text == visible(text)


def _key(key: Any) -> str:
    return key if isinstance(key, str) and _plain(key) else quoted(str(key))


def concealed(lens: Lens, value: Value, path: Path, scrub: Clean) -> Value:
    """*value*, which stands at *path*, without anything that must not be shown.

    Secrets that somebody wrote in clear are sealed, other strings scrubbed; a reference of the
    usual kind loses its field, because its address says it all.
    """
    if isinstance(value, str):  # most are
        secret = value and (lens.rule(path).secret or _named_secret(path))
        return Sealed() if secret else scrub(value)
    if isinstance(value, Mapping):
        return {scrub(k): concealed(lens, v, (*path, k), scrub) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [concealed(lens, item, (*path, "[]"), scrub) for item in value]
    if isinstance(value, Text):
        return Text(tuple(scrub(part) if isinstance(part, str) else part for part in value.parts))
    if isinstance(value, Ref) and (ref := lens.rule(path).ref) and value.field == ref.via:
        return Ref(value.address, "")
    return value


def _named_secret(path: Path) -> bool:
    return bool(path) and bool(NAMED_SECRET.search(path[-1]))


def field_name(path: Path) -> str:
    """A path for people; the whole resource where it is empty."""
    return dotted(path) if path else "(all)"
