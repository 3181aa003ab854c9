"""The functions of Terraform's language that configurations of tenants are written with."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from tenantctl.foreign.item import Made, Named
from tenantctl.foreign.terraform.decoding import decoded
from tenantctl.foreign.terraform.values import (
    Set,
    Unknown,
    composed,
    leaves,
    screaming,
    secrets,
    unknown,
)
from tenantctl.model import Json, Secret, Value, same

ReadFile = Callable[[str], "str | Unknown"]


def call(name: str, arguments: list[Value], read: ReadFile) -> Value:
    """The value of a call. What is passed on keeps what it is made of, and what it lacks."""
    if name in _FILES:
        return _of_file(name, arguments, read)
    if name in _PASSING:
        missing = unknown(arguments) if name in _DECIDING else None
        return missing or _attempted(name, _PASSING[name], arguments)
    if missing := unknown(arguments):
        return missing
    if name in _COMPOSING:
        return _attempted(name, _COMPOSING[name], arguments)
    if name not in _PLAIN:
        return Unknown(f"the function {name} is not known here")
    hidden = next(secrets(arguments), None)
    if hidden:
        secret = f"{hidden}_{screaming(name)}"
        return Made.of(secret, Secret(secret))
    if any(isinstance(leaf, Named) for leaf in leaves(arguments)):
        return Unknown(f"{name} is applied to what only Auth0 knows")
    return _attempted(name, _PLAIN[name], arguments)


def _attempted(name: str, function: Callable[..., Value], arguments: list[Value]) -> Value:
    try:
        return function(*arguments)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, re.error):
        return Unknown(f"{name} does not go with these values", mistake=True)


def _of_file(name: str, arguments: list[Value], read: ReadFile) -> Value:
    path = arguments[0] if arguments else None
    if not isinstance(path, str):
        return unknown(arguments) or Unknown(f"{name} takes the path of a file", mistake=True)
    text = read(path)
    if name == "fileexists":
        return not isinstance(text, Unknown)
    if isinstance(text, Unknown) or name == "file":
        return text
    return base64.b64encode(text.encode()).decode()


_FILES = {"file", "fileexists", "filebase64"}


def _flat(value: Iterable[Value]) -> list[Value]:
    found: list[Value] = []
    for each in value:
        found.extend(_flat(each) if isinstance(each, list) else [each])
    return found


def _distinct(value: list[Value]) -> list[Value]:
    found: list[Value] = []
    for each in value:
        if not any(same(each, other) for other in found):
            found.append(each)
    return found


def _set(value: Any) -> list[Value]:
    """A set: each once, texts in their order, as Terraform goes through them."""
    found = _distinct(_listed(value))
    return Set(sorted(found) if all(isinstance(each, str) for each in found) else found)


def _listed(value: Any) -> list[Value]:
    if isinstance(value, list):
        return list(value)
    raise TypeError


def _mapped(value: Any) -> Mapping[str, Value]:
    if isinstance(value, Mapping):
        return value
    raise TypeError


def _lookup(of: Any, key: str, *otherwise: Value) -> Value:
    return _mapped(of).get(key, *otherwise) if otherwise else _mapped(of)[key]


def _merge(*maps: Any) -> dict[str, Value]:
    return {key: value for each in maps if each is not None for key, value in each.items()}


def _concat(*lists: Any) -> list[Value]:
    return [item for each in lists for item in _listed(each)]


def _coalescelist(*lists: Any) -> list[Value]:
    return next(_listed(each) for each in lists if each)


def _one(value: Any) -> Value:
    items = _listed(value)
    if len(items) > 1:
        raise ValueError
    return items[0] if items else None


def _slice(value: Any, start: int, end: int) -> list[Value]:
    return _listed(value)[start:end]


def _chunks(value: Any, size: int) -> list[Value]:
    items = _listed(value)
    return [items[at : at + size] for at in range(0, len(items), size)]


def _product(*lists: Any) -> list[Value]:
    found: list[Value] = [[]]
    for each in lists:
        found = [[*row, item] for row in found for item in _listed(each)]
    return found


def _transposed(value: Any) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, items in sorted(_mapped(value).items()):
        for item in items:
            found.setdefault(item, []).append(key)
    return found


_PASSING: Mapping[str, Callable[..., Value]] = {
    "chunklist": _chunks,
    "coalescelist": _coalescelist,
    "compact": lambda value: [each for each in _listed(value) if each not in {None, ""}],
    "concat": _concat,
    "distinct": lambda value: _distinct(_listed(value)),
    "element": lambda value, index: _listed(value)[int(index) % len(value)],
    "flatten": lambda value: _flat(_listed(value)),
    "jsondecode": decoded,
    "keys": lambda value: sorted(_mapped(value)),
    "length": lambda value: len(value),  # noqa: PLW0108 a table of functions of one form
    "lookup": _lookup,
    "merge": _merge,
    "nonsensitive": lambda value: value,
    "one": _one,
    "reverse": lambda value: _listed(value)[::-1],
    "sensitive": lambda value: value,
    "setproduct": _product,
    "setunion": lambda *sets: _set(_concat(*sets)),
    "slice": _slice,
    "tolist": _listed,
    "tomap": lambda value: dict(_mapped(value)),
    "toset": _set,
    "transpose": _transposed,
    "values": lambda value: [each for _, each in sorted(_mapped(value).items())],
    "zipmap": lambda names, values: dict(zip(names, values, strict=True)),
}
"""What takes values apart and puts them together, and leaves them what they are."""

_DECIDING = {"compact", "distinct", "jsondecode", "setunion", "toset", "transpose"}
"""Those of them that look at the values."""


def _join(separator: str, *lists: Any) -> str:
    items = [_shown(item) for each in lists for item in _listed(each)]
    return composed([text for item in items for text in (separator, item)][1:])


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        raise TypeError
    if isinstance(value, Mapping | list):
        raise TypeError
    return value if isinstance(value, str) else repr(value)


_VERB = re.compile(r"%(?:%|([-+ 0#]*)(\d+)?(?:\.(\d+))?([vsdqtfxXbeg]))")


def _format(form: str, *values: Value) -> str:
    """`format`: verbs with flags are for plain values only."""
    left = list(values)
    pieces: list[str] = []
    at = 0
    for match in _VERB.finditer(form):
        pieces.append(form[at : match.start()])
        at = match.end()
        pieces.append("%" if match[0] == "%%" else _formatted(match, left.pop(0)))
    if left:
        raise ValueError
    return composed([*pieces, form[at:]])


def _formatted(match: re.Match[str], value: Value) -> str:
    flags, width, _, verb = match.groups()
    if verb in "vst" and not width:
        return _encoded(value) if isinstance(value, Mapping | list) else _shown(value)
    if verb == "q":
        return _encoded(value)
    if verb in "vst":
        return f"{_shown(value):{'<' if '-' in flags else '>'}{width}}"
    return match[0].replace("v", "s") % (int(value) if verb in "dxXb" else float(value))


def _formatlist(form: str, *values: Any) -> list[Value]:
    size = next(len(each) for each in values if isinstance(each, list))
    rows = [[each[at] if isinstance(each, list) else each for each in values] for at in range(size)]
    return [_format(form, *row) for row in rows]


def _encoded(value: Value) -> str:
    """`jsonencode`: compact, keys in order, and what texts are made of in its place."""
    found: list[str] = []
    _encode(value, found)
    return composed(found)


def _encode(value: Value, found: list[str]) -> None:
    if isinstance(value, Made | Named):
        found.extend(['"', value, '"'])
    elif isinstance(value, Mapping):
        found.append("{")
        for index, (key, each) in enumerate(sorted(value.items())):
            found.append(("," if index else "") + json.dumps(key, ensure_ascii=False) + ":")
            _encode(each, found)
        found.append("}")
    elif isinstance(value, list):
        found.append("[")
        for index, each in enumerate(value):
            found.append("," if index else "")
            _encode(each, found)
        found.append("]")
    else:
        text = json.dumps(value, ensure_ascii=False)
        for char in "<>&\u2028\u2029":
            text = text.replace(char, f"\\u{ord(char):04x}")
        found.append(text)


_COMPOSING: Mapping[str, Callable[..., Value]] = {
    "format": _format,
    "formatlist": _formatlist,
    "join": _join,
    "jsonencode": _encoded,
    "tostring": lambda value: None if value is None else _shown(value),
    "urlencode": lambda value: value if isinstance(value, Named) else _quoted(value),
}
"""What makes texts of texts and remembers what they are made of."""


def _quoted(value: str) -> str:
    if isinstance(value, Made):
        return value
    return quote(value, safe="-_.").replace("%20", "+")


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\(\?<(?![=!])", "(?P<", text))


def _replace(text: str, old: str, new: str) -> str:
    """A text between slashes is a regular expression; `$1` in *new* is its first group."""
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        return _pattern(old[1:-1]).sub(re.sub(r"\$\{?(\w+)\}?", r"\\g<\1>", new), text)
    return text.replace(old, new)


def _regex(pattern: str, text: str) -> Value:
    match = _pattern(pattern).search(text)
    if not match:
        raise ValueError
    return match.groupdict() or list(match.groups()) or match[0]


def _regexall(pattern: str, text: str) -> Value:
    matches = _pattern(pattern).finditer(text)
    return [match.groupdict() or list(match.groups()) or match[0] for match in matches]


def _substr(text: str, start: int, length: int) -> str:
    return text[start:] if length < 0 else text[start : start + length]


def _truth(value: Value) -> Value:
    if isinstance(value, bool) or value is None:
        return value
    return {"true": True, "false": False}[value]


def _number(value: Value) -> Value:
    if value is None:
        return None
    found = float(value)
    return int(found) if found.is_integer() else found


def _contains(of: Any, value: Value) -> bool:
    return any(same(each, value) for each in _listed(of))


def _yaml(text: str) -> Json:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        raise ValueError from None


def _yaml_text(value: Json) -> str:
    import yaml

    return yaml.safe_dump(value, sort_keys=True, allow_unicode=True)


def _indent(size: int, text: str) -> str:
    return text.replace("\n", "\n" + " " * int(size))


def _subtract(of: Any, other: Any) -> list[Value]:
    return _set([each for each in _listed(of) if not _contains(other, each)])


def _common(*sets: Any) -> list[Value]:
    return _set([each for each in sets[0] if all(_contains(other, each) for other in sets[1:])])


_PLAIN: Mapping[str, Callable[..., Value]] = {
    "abs": abs,
    "alltrue": lambda value: all(_truth(each) for each in value),
    "anytrue": lambda value: any(_truth(each) for each in value),
    "base64decode": lambda text: base64.b64decode(text, validate=True).decode(),
    "base64encode": lambda text: base64.b64encode(text.encode()).decode(),
    "basename": lambda path: path.rstrip("/").rpartition("/")[2],
    "ceil": lambda value: -int(-_number(value) // 1),
    "chomp": lambda text: text.rstrip("\r\n"),
    "contains": _contains,
    "dirname": lambda path: path.rpartition("/")[0] or ".",
    "endswith": lambda text, end: text.endswith(end),
    "floor": lambda value: int(_number(value) // 1),
    "indent": _indent,
    "index": lambda of, value: next(at for at, each in enumerate(of) if same(each, value)),
    "lower": lambda text: text.lower(),
    "max": lambda *values: max(map(_number, values)),
    "min": lambda *values: min(map(_number, values)),
    "parseint": int,
    "pathexpand": lambda path: path,
    "range": lambda *bounds: list(range(*map(int, bounds))),
    "regex": _regex,
    "regexall": _regexall,
    "replace": _replace,
    "setintersection": _common,
    "setsubtract": _subtract,
    "sort": sorted,
    "split": lambda separator, text: text.split(separator),
    "startswith": lambda text, start: text.startswith(start),
    "strcontains": lambda text, part: part in text,
    "strrev": lambda text: text[::-1],
    "substr": _substr,
    "sum": lambda values: sum(map(_number, values)),
    "title": lambda text: re.sub(r"\b\w", lambda match: match[0].upper(), text),
    "tobool": _truth,
    "tonumber": _number,
    "trim": lambda text, chars: text.strip(chars),
    "trimprefix": lambda text, start: text.removeprefix(start),
    "trimspace": lambda text: text.strip(),
    "trimsuffix": lambda text, end: text.removesuffix(end),
    "upper": lambda text: text.upper(),
    "yamldecode": _yaml,
    "yamlencode": _yaml_text,
}
"""What makes something else of values: what they were made of is forgotten, secrets are not."""
