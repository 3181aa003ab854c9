"""One example of every operation auth0-python knows, in an order in which they can be sent."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tools.replays import anonymous

from tenantctl.sandbox import Sandbox
from tenantctl.sandbox.api import ROUTES

SHAPES = Path(__file__).resolve().parents[2] / "src" / "tenantctl" / "shapes"
TABLE = yaml.load(
    Path(__file__).with_name("examples.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
)
# What no request makes: people log in, directories synchronize.
STAMPS = {"created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z"}
GIVEN: dict[str, dict[str, Any]] = {
    "guardian_enrollments": {"dev_example": {"id": "dev_example", "status": "confirmed"}},
    "groups": {"grp_exampeexampeexamp12": {"name": "Sellers", "tenant_name": "shop", **STAMPS}},
    "sessions": {"exampleexampleexampleexample0123": {}},
    "refresh_tokens": {"example4567": {}, "example8901": {}},
}
_PLACEHOLDER = re.compile(r"\{([^{}]*(?:\{\}[^{}]*)*)\}")
_IDS = (
    "id", "client_id", "user_id", "custom_domain_id", "themeId", "kid", "token_id", "agent_id",
    "key",
)  # fmt: skip


@dataclass(frozen=True)
class Operation:
    sdk: str
    method: str
    path: str
    has_body: bool

    @property
    def places(self) -> tuple[str, ...]:
        """The paths above each argument, which say what the argument is an id of."""
        parts = anonymous(self.path).split("/")
        return tuple("/".join(parts[:at]) for at, part in enumerate(parts) if part == "{}")


@dataclass(frozen=True)
class Request:
    operation: Operation
    arguments: tuple[str, ...]
    body: Any = None
    query: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        parts = iter(self.arguments)
        return re.sub(r"\{\w+\}", lambda _: next(parts), self.operation.path)


@dataclass
class Course:
    """Which requests come next, from the ids that the answers so far have told."""

    ids: dict[str, str] = field(default_factory=dict)

    def requests(self, stage: str) -> Iterator[Request]:
        """The stages: `creates`, `reads`, `writes`, `deletes`."""
        for operation, label, body in _staged(stage):
            yield self._request(operation, body)
            if label and operation.path in self.ids:
                self.ids[label] = self.ids[operation.path]

    def learn(self, request: Request, answer: Any) -> None:
        """Keeps the id of what was made, or of the first item of a list."""
        path = anonymous(request.operation.path)
        item = answer
        if request.operation.method == "GET":
            if path in self.ids:
                return
            lists = answer.values() if isinstance(answer, dict) else [answer]
            item = next((each[0] for each in lists if isinstance(each, list) and each), None)
        if isinstance(item, dict) and request.operation.method in {"GET", "POST"}:
            found = next((item[name] for name in _names(path) if name in item), None)
            if isinstance(found, str):
                self.ids[path] = found

    def arguments(self, operation: Operation) -> tuple[str, ...]:
        """For the path of an operation: ids of what there is."""
        return tuple(self._argument(operation, place) for place in operation.places)

    def _request(self, operation: Operation, body: Any) -> Request:
        query = self._filled(TABLE["queries"].get(operation.sdk, {}))
        return Request(operation, self.arguments(operation), self._filled(body), query)

    def _argument(self, operation: Operation, place: str) -> str:
        table = TABLE["arguments"]
        own = [name for name in table if operation.sdk.startswith(f"{name}.")]
        if own and place == operation.places[0]:
            return str(self._filled(table[own[0]]))
        return str(self._filled(table.get(place, "{" + place + "}")))

    def _filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._filled(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._filled(item) for item in value]
        if isinstance(value, str):
            return _PLACEHOLDER.sub(lambda found: self.ids.get(found[1], found[0]), value)
        return value


def begin(box: Sandbox) -> Course:
    """A course in a fresh tenant, which gets what no request makes."""
    for kind, made in GIVEN.items():
        for id, document in made.items():
            box.put(kind, id, document)
    ids = {"/" + kind.replace("_", "-"): next(iter(made)) for kind, made in GIVEN.items()}
    enrollment = {"/guardian/enrollments": ids["/guardian-enrollments"]}
    return Course(
        {
            **ids,
            **enrollment,
            "pem": public_key(),
            "device": "0123456789abcdef",
            "wrapped": "d3JhcHBlZA",
            "revoked": "example8901",
        }
    )


@cache
def public_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()


@cache
def operations() -> dict[str, Operation]:
    """Every operation auth0-python knows and the sandbox answers, by its SDK method."""
    here = {f"{route.method} {anonymous(route.path)}" for route in ROUTES}
    shapes = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(SHAPES.glob("*")))
    return {
        each["sdk"]: Operation(each["sdk"], each["method"], each["path"], "body" in each)
        for shape in shapes
        for each in shape["operations"].values()
        if f"{each['method']} {anonymous(each['path'])}" in here
    }


def _names(path: str) -> tuple[str, ...]:
    special = {"/clients": "client_id", "/users": "user_id"}
    return (special[path],) if path in special else _IDS


def _staged(stage: str) -> list[tuple[Operation, str, Any]]:
    known = operations()
    written = [_entry(item) for item in TABLE.get(stage, [])]
    listed = [(known[sdk], label, body) for sdk, label, body in written if sdk in known]
    named = {_entry(item)[0] for entries in ("creates", "writes") for item in TABLE[entries]}
    bare = [
        item
        for item in known.values()
        if not item.has_body and item.sdk not in named and _stage(item) == stage
    ]
    if stage == "deletes":
        made = [sdk for sdk, _, _ in map(_entry, TABLE["creates"])]
        bare.sort(key=lambda item: (-_position(item, made), -len(item.places)))
    else:
        bare.sort(key=lambda item: (len(item.path.split("/")), "{" in item.path, item.path))
    return listed + [(item, "", None) for item in bare]


def _entry(item: dict[str, Any]) -> tuple[str, str, Any]:
    ((name, body),) = item.items()
    sdk, _, label = name.partition(" as ")
    return sdk, label, body


def _stage(operation: Operation) -> str:
    return {"GET": "reads", "DELETE": "deletes"}.get(operation.method, "writes")


def _position(operation: Operation, made: list[str]) -> int:
    """Where in the order of creation stands what a delete deletes."""
    owner = operation.sdk.rpartition(".")[0]
    return next((at for at, sdk in enumerate(made) if sdk.rpartition(".")[0] == owner), 0)
