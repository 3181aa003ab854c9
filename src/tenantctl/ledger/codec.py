"""Plans, receipts and events as JSON text.

The form follows from the types of the model: a dataclass is an object of its fields, a value goes
through `model.to_json`, an address or a step is its text, a mapping with other keys is a sorted
list of pairs. Text is pure ASCII, so that nothing in a file can speak to a terminal.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass
from functools import cache, lru_cache
from operator import itemgetter
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, Union, get_args, get_origin, get_type_hints

from tenantctl.errors import LedgerError, PlanError
from tenantctl.model import (
    Address,
    Create,
    Delete,
    Event,
    Json,
    Plan,
    Receipt,
    StepId,
    TestReceipt,
    Update,
    from_json,
    to_json,
)

FORMAT: Final = 1
SIGNATURE: Final = "signature"
Sign: TypeAlias = Callable[[str], Mapping[str, str]]
"""Signs a text: what stands in a document as its signature."""
DAMAGE = (LookupError, TypeError, ValueError, AttributeError, RecursionError)
"""What reading a text that is not ours can raise, UnicodeError and JSONDecodeError among them."""

CHANGES: Mapping[str, type] = {change.verb: change for change in (Create, Update, Delete)}
LOST = (
    "Without it this environment forgets what it may delete, which secrets it wrote, and what"
    " can be promoted"
)


@dataclass(frozen=True, slots=True)
class Coder:
    """How values of one type become JSON, and back. *load* raises one of `DAMAGE`."""

    dump: Callable[[Any], Json]
    load: Callable[[Json], Any]


def dump_plan(plan: Plan) -> str:
    """*plan* as canonical text: one line a step, sorted keys, format and checksum first.

    Holds everything that `apply` needs except secrets. Equal plans give equal text.
    """
    return _seal("plan", coder(Plan).dump(plan))


def checksum_of(plan: Plan) -> str:
    """The checksum that a file of *plan* has: equal for equal plans alone. SHA-256."""
    return str(json.loads(dump_plan(plan))["checksum"])


def load_plan(text: str, file: str) -> Plan:
    """The plan that `dump_plan` made into *text*; *file* is what messages call it.

    Raises PlanError on a text that differs from what was written, in whatever byte.
    """
    try:
        plan: Plan = load_sealed(Plan, "plan", text)
    except DAMAGE as error:
        raise PlanError(
            f"{file} is no plan that can be applied: {damage_of(error)}",
            help="a plan file cannot be repaired or edited; make it again with `tenantctl plan`",
        ) from None
    return plan


def dump_receipt(receipt: Receipt, sign: Sign | None = None) -> str:
    """*receipt* as canonical text, as `dump_plan` does; signed with *sign*, if there is one."""
    return dump_sealed("receipt", receipt, sign)


def load_receipt(text: str, file: str) -> Receipt:
    """The receipt that `dump_receipt` made into *text*; *file* is what messages call it.

    Raises LedgerError, saying what is lost and the way out, on any damage.
    """
    try:
        return _receipt(text)
    except DAMAGE as error:
        raise damaged_receipt(file, damage_of(error)) from None


@lru_cache(maxsize=32)
def _receipt(text: str) -> Receipt:
    """Each environment of a tenant looks at the receipts of the others."""
    receipt: Receipt = load_sealed(Receipt, "receipt", text)
    return receipt


def dump_test(receipt: TestReceipt, sign: Sign | None = None) -> str:
    """*receipt* as canonical text, as `dump_plan` does; signed with *sign*, if there is one."""
    return dump_sealed("test", receipt, sign)


def load_test(text: str, file: str) -> TestReceipt:
    """The inverse of `dump_test`; raises LedgerError, saying the way out, on any damage."""
    try:
        receipt: TestReceipt = load_sealed(TestReceipt, "test", text)
    except DAMAGE as error:
        raise damaged_test(file, damage_of(error)) from None
    return receipt


def damaged_test(file: str, said: str) -> LedgerError:
    """The error for a receipt of tests that cannot be used, because of what is *said*."""
    return LedgerError(
        f"the receipt of tests {file} cannot be used: {said}",
        help=f"delete {file} and run the tests again: tenantctl test",
    )


def damaged_receipt(file: str, said: str) -> LedgerError:
    """The error for a receipt that cannot be used, because of what is *said*."""
    return LedgerError(
        f"the receipt {file} cannot be used: {said}. {LOST}",
        help=f"put an earlier receipt of the same folder in its place, or delete {file} and apply"
        " again: a full apply writes a new one",
    )


def dump_event(event: Event) -> str:
    """*event* as one line of JSON, without the line's end."""
    return compact(coder(Event).dump(event))


def load_event(line: str) -> Event:
    """The inverse of `dump_event`. Raises one of `DAMAGE` on anything else."""
    event: Event = coder(Event).load(json.loads(line))
    return event


def damage_of(error: BaseException) -> str:
    """What is wrong with a text, given one of `DAMAGE` that reading it has raised."""
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno} is not JSON"
    if isinstance(error, KeyError):
        return f"{error} is not known to this version"
    return str(error) if isinstance(error, ValueError) else "it has another form"


def _seal(name: str, body: Json, sign: Sign | None = None) -> str:
    document: dict[str, Json] = {"checksum": "", "format": FORMAT, name: body}
    if sign is not None:
        document[SIGNATURE] = dict(sign(_text(document)))
    text = _text(document)
    return text.replace('"checksum": ""', f'"checksum": "{_digest(text)}"', 1)


def _text(document: Json) -> str:
    return _lines(document, levels=3) + "\n"


def dump_sealed(name: str, value: Any, sign: Sign | None = None) -> str:
    """*value*, a dataclass of the model, as canonical text under *name*, as `dump_plan` does.

    With *sign* it carries a signature, which readers that know of none pass over.
    """
    of: Any = type(value)
    return _seal(name, coder(of).dump(value), sign)


def unsigned(text: str) -> tuple[str, Json]:
    """What was signed of *text*, which `load_sealed` has read, and the signature; None without."""
    document = json.loads(text)
    signature = document.pop(SIGNATURE, None)
    return _text({**document, "checksum": ""}), signature


def load_sealed(type: type, name: str, text: str) -> Any:
    """The inverse of `dump_sealed`; raises one of `DAMAGE` on a text that is no longer the same."""
    document = json.loads(text)
    if not isinstance(document, dict) or not {"checksum", "format", name} <= document.keys():
        raise ValueError(f"it holds no {name}")
    if document["format"] != FORMAT or isinstance(document["format"], bool):
        raise ValueError(
            f"it has format {document['format']}, and this version reads format {FORMAT}"
        )
    found = document["checksum"]
    if _digest(text.replace(f'"checksum": "{found}"', '"checksum": ""', 1)) != found:
        raise ValueError("the checksum does not fit, it was changed since it was written")
    return coder(type).load(document[name])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _lines(value: Json, levels: int) -> str:
    """JSON with one line for each member of the outer *levels*: fast to write, fit for diffs."""
    if not levels or not value or not isinstance(value, dict | list):
        return compact(value)
    if isinstance(value, list):
        return "[\n" + ",\n".join(_lines(item, levels - 1) for item in value) + "\n]"
    members = (f"{compact(k)}: {_lines(v, levels - 1)}" for k, v in sorted(value.items()))
    return "{\n" + ",\n".join(members) + "\n}"


def compact(value: Json) -> str:
    """JSON on one line, sorted keys, in ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


@cache
def coder(type: Any) -> Coder:
    """The coder of a type of the model; raises TypeError where the model grew beyond it."""
    if type in PLAIN:
        return PLAIN[type]
    if dataclasses.is_dataclass(type):
        return _object(type)
    origin, arguments = get_origin(type), get_args(type)
    if origin in {Union, UnionType}:
        return _choice(arguments)
    if origin is tuple and arguments[1:] == (...,):
        return _sequence(tuple, coder(arguments[0]))
    if origin is tuple:
        return _fixed(tuple(map(coder, arguments)))
    if origin is frozenset:
        return _sequence(frozenset, coder(arguments[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(*arguments)
    raise TypeError(f"no JSON form for {type}")


def _exactly(*types: type) -> Coder:
    def load(value: Json) -> Any:
        if type(value) not in types:
            raise ValueError(f"it holds {value!r:.40}, which is out of place")
        return value

    return Coder(lambda value: value, load)


def _step_text(step: StepId) -> str:
    """`str(step)`, made unambiguous for keys that contain the mark itself."""
    return f"{step.address}#{step.part}" if step.part or "#" in step.address.key else str(step)


_STR = _exactly(str)

PLAIN: Mapping[Any, Coder] = {
    Any: Coder(to_json, from_json),
    str: _STR,
    int: _exactly(int),
    float: _exactly(float, int),
    bool: _exactly(bool),
    NoneType: _exactly(NoneType),
    Address: Coder(str, lambda value: Address.parse(_STR.load(value))),
    StepId: Coder(_step_text, lambda value: StepId.parse(_STR.load(value))),
}


def _object(type: Any) -> Coder:
    needed = {
        field.name
        for field in dataclasses.fields(type)
        if field.default is MISSING and field.default_factory is MISSING
    }

    @cache
    def coders() -> Mapping[str, Coder]:
        """Found at first use, because an origin can hold origins."""
        hints = get_type_hints(type)
        return {field.name: coder(hints[field.name]) for field in dataclasses.fields(type)}

    def dump(value: Any) -> Json:
        return {name: each.dump(getattr(value, name)) for name, each in coders().items()}

    def load(document: Json) -> Any:
        if not needed <= document.keys():
            raise ValueError(f"it lacks {', '.join(sorted(needed - document.keys()))}")
        return type(**{name: coders()[name].load(item) for name, item in document.items()})

    return Coder(dump, load)


def _choice(types: tuple[Any, ...]) -> Coder:
    if NoneType in types:
        (some,) = (coder(type) for type in types if type is not NoneType)
        return Coder(
            lambda value: None if value is None else some.dump(value),
            lambda value: None if value is None else some.load(value),
        )
    if set(types) != set(CHANGES.values()):
        raise TypeError(f"no JSON form for a choice of {types}")
    changes = {verb: coder(type) for verb, type in CHANGES.items()}

    def load(document: Json) -> Any:
        ((verb, body),) = document.items()
        return changes[verb].load(body)

    return Coder(lambda change: {change.verb: changes[change.verb].dump(change)}, load)


def _sequence(build: Callable[[Any], Any], item: Coder) -> Coder:
    def dump(values: Any) -> Json:
        dumped = [item.dump(value) for value in values]
        return sorted(dumped, key=compact) if build is frozenset else dumped

    return Coder(dump, lambda values: build(item.load(value) for value in _list(values)))


def _fixed(items: tuple[Coder, ...]) -> Coder:
    return Coder(
        lambda values: [item.dump(value) for item, value in zip(items, values, strict=True)],
        lambda values: tuple(
            item.load(value) for item, value in zip(items, _list(values), strict=True)
        ),
    )


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _mapping(key: Any, value: Any) -> Coder:
    keys, values = coder(key), coder(value)
    if key in {str, Address, StepId}:
        return Coder(
            lambda mapping: {keys.dump(k): values.dump(v) for k, v in mapping.items()},
            lambda document: {keys.load(k): values.load(v) for k, v in document.items()},
        )
    return Coder(
        lambda mapping: sorted(
            ([keys.dump(k), values.dump(v)] for k, v in mapping.items()), key=itemgetter(0)
        ),
        lambda pairs: {keys.load(k): values.load(v) for k, v in _list(pairs)},
    )
