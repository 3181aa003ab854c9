"""From what Terraform's provider takes to what the API takes, as the shapes of the kinds say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tenantctl.foreign.item import Made, MadeList, Named
from tenantctl.foreign.terraform.configuration import Written
from tenantctl.foreign.terraform.decoding import decoded
from tenantctl.foreign.terraform.evaluate import texted
from tenantctl.foreign.terraform.values import Unknown, screaming, secrets, unknown
from tenantctl.kinds import Kind
from tenantctl.model import ABSENT, Json, Note, Origin, Path, Secret, Value, Var, dotted


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value belongs: its path in the kind, in people's words, and where it is written."""

    path: Path
    words: Path
    at: Origin

    def down(self, key: str, at: Origin) -> Place:
        return Place((*self.path, key), (*self.words, key), at)

    def item(self, word: str) -> Place:
        return Place((*self.path, "[]"), (*self.words, word), self.at)


@dataclass
class Fitting:
    """What values are fitted into: a kind, its shape, and *fields* that decide what others mean.

    *address* is the resource for people, *label* what its secrets are named after. Added to are
    *notes*, *hidden*, the variables whose values are secrets, *clear*, the names of secrets that
    stood in clear, by their values, and *at*, where fields are written.
    """

    kind: Kind
    shape: Json
    address: str
    label: str
    notes: list[Note]
    hidden: set[str]
    clear: dict[str, str]
    fields: Mapping[str, Value] = field(default_factory=dict)
    at: dict[Path, Origin] = field(default_factory=dict)

    def note(self, level: str, message: str, at: Origin, help: str = "") -> None:
        """Something a person should know of what stands at *at*."""
        said = f"{self.address}: {message}"
        self.notes.append(Note(level, said, at.file, at.line, at.column, help))


class Fitted(dict[str, Value]):
    """Fields, with where each of them, the innermost too, was written."""

    def __init__(self, fields: Mapping[str, Value], at: Mapping[Path, Origin]) -> None:
        super().__init__(fields)
        self.at = at


def fitted(context: Fitting, values: Mapping[str, Value], at: Origin) -> Fitted:
    """*values* as fields of the kind: the API's names, blocks that are objects as objects."""
    shape = context.shape
    if options := [each for each in alternatives(shape, shape) if each is not shape]:
        best = _closest(context, values, options)
        shape = {**best, "properties": {**shape["properties"], **best.get("properties", {})}}
    return Fitted(_object(context, values, shape, Place((), (), at)), context.at)


def _object(
    context: Fitting, values: Mapping[str, Value], schema: Json, place: Place
) -> dict[str, Value]:
    found: dict[str, Value] = {}
    properties = schema.get("properties", {})
    others = schema.get("additionalProperties", not properties)
    places = values.at if isinstance(values, Written) else {}
    for name, value in values.items():
        if value is None:
            continue
        key = named(name, properties)
        here = place.down(key or name, places.get(name, place.at))
        context.at.setdefault(here.path, here.at)
        inner = properties[key] if key else others
        if inner is False:
            rule = context.kind.rule(here.path, context.fields)
            if value not in ([], {}) and rule.when != "never":
                context.note("loss", f"{dotted(here.words)} is nothing that Auth0 has", here.at)
            continue
        part = fit(context, value, inner if isinstance(inner, Mapping) else {}, here)
        if part is not ABSENT:
            found[key or name] = part
    return found


def named(name: str, properties: Mapping[str, Json]) -> str:
    """The API's name of what the provider calls *name*; empty where there is none."""
    if name in properties:
        return name
    plain = _plainly(name)
    return next((each for each in properties if _plainly(each) == plain), "")


def _plainly(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def fit(context: Fitting, value: Value, schema: Json, place: Place) -> Value:
    """*value* as the shape at *place* has it; ABSENT where nothing of it can be kept."""
    rule = context.kind.rule(place.path, context.fields)
    options = list(alternatives(schema, context.shape))
    if isinstance(value, Mapping):
        shape = _closest(context, value, options)
        if rule.map == "open":
            others = shape.get("additionalProperties")
            shape = {**shape, "additionalProperties": others if others is not False else {}}
        return _object(context, value, shape, place)
    if isinstance(value, list):
        return _list(context, value, options, place)
    if rule.secret:
        return _secret(context, value, place)
    if lacking := unknown([value]):
        return _missing(context, lacking, place)
    return _scalar(context, value, options, place)


def alternatives(schema: Json, whole: Json) -> Iterator[Json]:
    """The shapes that something of *schema* may have, without references and nulls."""
    if "$ref" in schema:
        yield from alternatives(whole["$defs"][schema["$ref"].rpartition("/")[2]], whole)
    elif "anyOf" in schema or "oneOf" in schema:
        for each in schema.get("anyOf") or schema["oneOf"]:
            yield from alternatives(each, whole)
    elif schema.get("type") != "null":
        yield schema


def _types(option: Json) -> set[str]:
    kinds = option.get("type", [])
    return ({kinds} if isinstance(kinds, str) else set(kinds)) - {"null"}


def _closest(context: Fitting, value: Mapping[str, Value], options: list[Json]) -> Json:
    """Of several shapes of an object the one that knows most of its names."""
    objects = [option for option in options if "object" in _types(option)]
    return max(objects, key=lambda each: _likeness(context, value, each), default={})


def _likeness(context: Fitting, value: Mapping[str, Value], option: Json) -> int:
    """How many names of *value* a shape knows; a constant that is another tells most."""
    found = 0
    properties = option.get("properties", {})
    for name, each in value.items():
        key = named(name, properties)
        inner = each[0] if isinstance(each, list) and len(each) == 1 else each
        if key and "const" in properties[key]:
            found += 1 if properties[key]["const"] == each else -100
        elif key and isinstance(inner, Mapping):
            shapes = list(alternatives(properties[key], context.shape))
            likest = max((_likeness(context, inner, shape) for shape in shapes), default=0)
            found += 1 + min(likest, len(inner))
        else:
            found += bool(key)
    return found


def _list(context: Fitting, value: list[Value], options: list[Json], place: Place) -> Value:
    """A list, or the one block of a type that the API has an object for."""
    array = next((each for each in options if "array" in _types(each)), None)
    if array is None and any("object" in _types(each) for each in options):
        whole = _keyed(value, options) or (value[0] if value else None)
        return fit(context, whole, {"anyOf": options}, place) if value else ABSENT
    items = (array or {}).get("items", {})
    by = context.kind.rule(place.path, context.fields).by
    parts: list[Value] = []
    for index, each in enumerate(value):
        word = each.get(by) if by and isinstance(each, Mapping) else None
        inner = place.item(word if isinstance(word, str) else str(index + 1))
        part = fit(context, each, items, inner)
        if part is not ABSENT:
            parts.append(part)
    return MadeList.of(parts, value.source) if isinstance(value, MadeList) else parts


def _keyed(value: list[Value], options: list[Json]) -> Mapping[str, Value] | None:
    """Blocks that say by an argument of theirs what they are, where the API has a map of them."""
    known = {name for each in options for name in each.get("properties", {})}
    blocks = [each for each in value if isinstance(each, Mapping)]
    if len(blocks) < len(value) or any(
        named(name, dict.fromkeys(known)) for b in blocks for name in b
    ):
        return None
    for by in ("name", "strategy"):
        if blocks and all(isinstance(each.get(by), str) for each in blocks):
            return {each[by]: _without(each, by) for each in blocks}
    return None


def _without(block: Mapping[str, Value], by: str) -> Mapping[str, Value]:
    at = block.at if isinstance(block, Written) else {}
    return Written({name: value for name, value in block.items() if name != by}, at)


def _scalar(context: Fitting, value: Value, options: list[Json], place: Place) -> Value:
    """A scalar of the type that the API wants, where the provider takes texts for JSON."""
    types = {kind for option in options for kind in _types(option)}
    if not types or isinstance(value, Named):
        return value
    if not isinstance(value, str):
        return texted(value) if types == {"string"} else value
    if "string" in types:
        return value
    if types & {"object", "array"}:
        return _document(context, value, options, types, place)
    return _plain(value, types)


def _document(
    context: Fitting, value: str, options: list[Json], types: set[str], place: Place
) -> Value:
    """JSON that is written as a text."""
    try:
        return fit(context, decoded(value), {"anyOf": options}, place)
    except ValueError:
        if "array" in types:
            return [value]
    context.note("mistake", f"{dotted(place.words)} has to be JSON", place.at)
    return ABSENT


def _plain(value: str, types: set[str]) -> Value:
    """A boolean or a number that is written as a text."""
    if "boolean" in types and value in {"true", "false"}:
        return value == "true"
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() else number


def _missing(context: Fitting, value: Unknown, place: Place) -> Value:
    level = "mistake" if value.mistake else "loss"
    help = "" if value.mistake else "write it into the converted files"
    context.note(level, f"{dotted(place.words)} is left out: {value.why}", place.at, help)
    return ABSENT


CONTAINERS = frozenset(
    {"configuration", "credentials", "destination", "options", "secrets", "setup", "sink", "value"}
)
"""Words of paths that say nothing of what a secret is for."""


def _secret(context: Fitting, value: Value, place: Place) -> Value:
    """A secret by its name, whatever it was made of. Its value goes nowhere."""
    if value is None:
        return ABSENT
    source = value.source if isinstance(value, Made) else None
    said = dotted(place.words)
    if isinstance(source, Secret):
        secret = source
    elif isinstance(source, Var):
        context.hidden.add(source.name)
        secret = Secret(screaming(source.name))
    else:
        inside = [*secrets(value)]
        words = [context.label, *(word for word in place.words if word not in CONTAINERS)]
        secret = Secret(inside[0] if len(inside) == 1 else screaming("_".join(words)))
        known = not isinstance(value, Unknown | Named)
        if known and type(value) is str:
            context.clear.setdefault(value, secret.name)
        said += " stood in clear and is not taken over" if known else " is not told by files"
    help = f"give the secret {secret.name} its value in each environment"
    context.note("secret", f"{said}: it is the secret {secret.name}", place.at, help)
    return secret
