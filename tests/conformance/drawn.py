"""Requests drawn from Auth0's OpenAPI document, sent to a tenant that holds one of everything."""

import asyncio
import json
import re
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.core import NotSet
from tools.replays import anonymous, sender

from conformance.examples import Course, Operation, begin
from tenantctl.sandbox import Sandbox
from tenantctl.sandbox.api import ROUTES

DOMAIN = "hearthhollow-dev.sandbox.invalid"
BASE = f"https://{DOMAIN}/api/v2"
JSON = "application/json"


@dataclass(frozen=True)
class Drawn:
    """How the requests of an operation are drawn.

    `valid` follows the document and `broken` violates it in the body alone, both about objects that
    exist; `odd` violates it anywhere.
    """

    name: str
    mode: GenerationMode
    examples: int


@dataclass
class Findings:
    """What was seen.

    `crashes` are requests without an answer or with 5xx, by operation and error. `refused` counts
    bodies that violate the document and were refused, `accepted` keeps those that were not.
    """

    cases: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    crashes: dict[str, str] = field(default_factory=dict)
    accepted: dict[str, list[Any]] = field(default_factory=dict)


class World:
    """A furnished tenant, which is as it was after every request that changed it."""

    def __init__(self) -> None:
        self.box = Sandbox(DOMAIN)
        self.course = furnish(self.box)
        self._state = self.box.snapshot()
        self._runner = asyncio.Runner()
        self._http = httpx.AsyncClient(transport=self.box.transport())
        self._token = self.box.token()

    def send(self, case: schemathesis.Case) -> int | str:
        """The status of the answer; the end of the traceback where there is none."""
        try:
            answer = self._runner.run(self._http.request(**self._options(case)))
        except Exception as error:  # noqa: BLE001 - whatever the app raises is a finding
            frame = traceback.extract_tb(error.__traceback__)[-1]
            return f"{type(error).__name__}: {error} ({Path(frame.filename).name}, {frame.name})"
        if case.method.upper() != "GET" and answer.is_success:
            self.box.restore(self._state)
        return answer.status_code

    def sent(self, case: schemathesis.Case) -> Any:
        """The body as it goes over the wire: writing it down may leave out what makes it wrong."""
        content = self._options(case)["content"]
        try:
            return json.loads(content) if content else NotSet()
        except ValueError:
            return NotSet()

    def _options(self, case: schemathesis.Case) -> dict[str, Any]:
        given = case.as_transport_kwargs(base_url=BASE)
        headers = {name.lower(): value for name, value in (given.get("headers") or {}).items()}
        headers.pop("content-length", None)
        headers["authorization"] = f"Bearer {self._token}"
        content = given.get("data")
        if "json" in given:
            content = json.dumps(given["json"]).encode()
            headers["content-type"] = JSON
        elif isinstance(content, dict):
            content = json.dumps(content).encode()
        return {
            "method": given["method"],
            "url": given["url"],
            "params": given.get("params"),
            "headers": [(_bytes(name), _bytes(value)) for name, value in headers.items()],
            "content": content,
        }

    def close(self) -> None:
        self._runner.run(self._http.aclose())
        self._runner.close()
        self.box.close()


@contextmanager
def world() -> Iterator[World]:
    opened = World()
    try:
        yield opened
    finally:
        opened.close()


def furnish(box: Sandbox) -> Course:
    course = begin(box)
    with sender(box) as send:
        for stage in ("creates", "reads"):
            for request in course.requests(stage):
                path = f"/api/v2{request.path}"
                status, answer = send(request.operation.method, path, request.query, request.body)
                if status < 300:
                    course.learn(request, answer)
    return course


def answered(document: dict[str, Any]) -> list[Any]:
    """The operations of the document that the sandbox answers."""
    here = {f"{route.method} {anonymous(route.path)}" for route in ROUTES}
    found = schemathesis.openapi.from_dict(_readable(document)).get_all_operations()
    every = [result.ok() for result in found]
    return [each for each in every if f"{each.method.upper()} {anonymous(each.path)}" in here]


def _readable(value: Any) -> Any:
    """The document without the patterns that only JavaScript reads."""
    if isinstance(value, list):
        return [_readable(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {name: _readable(item) for name, item in value.items()}
    if isinstance(kept.get("pattern"), str) and not _compiles(kept["pattern"]):
        del kept["pattern"]
    return kept


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


DRAWS = (
    ("valid", GenerationMode.POSITIVE),
    ("broken", GenerationMode.NEGATIVE),
    ("odd", GenerationMode.NEGATIVE),
)


def explore(document: dict[str, Any], *, every: int, examples: int, number: int) -> Findings:
    """Draws so many requests of each kind for every so-many-th operation."""
    findings = Findings()
    with world() as opened:
        for operation in answered(document)[number % every :: every]:
            for name, mode in DRAWS:
                draw(opened, operation, Drawn(name, mode, examples), number, findings)
    return findings


def draw(opened: World, operation: Any, drawn: Drawn, number: int, findings: Findings) -> None:
    """Sends so many requests of one operation, the same ones for the same `number`."""
    strategy = _strategy(opened, operation, drawn)
    if strategy is None:
        return
    name = f"{operation.method.upper()} {operation.path}"
    valid = _validator(operation)

    @seed(number)
    @settings(
        max_examples=drawn.examples,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def go(case: schemathesis.Case) -> None:
        findings.cases[drawn.name] += 1
        status = opened.send(case)
        if isinstance(status, str) or status >= 500:
            findings.crashes.setdefault(f"{name} {status}", case.as_curl_command())
            return
        findings.statuses[drawn.name, status] += 1
        body = opened.sent(case)
        if drawn.name == "broken" and _is_broken(valid, body):
            if status < 300:
                findings.accepted.setdefault(name, []).append(body)
            else:
                findings.refused += 1

    go()


def _strategy(opened: World, operation: Any, drawn: Drawn) -> Any:
    if drawn.name == "odd":
        return operation.as_strategy(generation_mode=drawn.mode)
    known = Operation("", operation.method.upper(), operation.path, has_body=False)
    names = re.findall(r"\{(\w+)\}", operation.path)
    path = dict(zip(names, opened.course.arguments(known), strict=True))
    if drawn.name == "valid":
        return operation.as_strategy(generation_mode=drawn.mode, path_parameters=path or None)
    if _body(operation) is None:
        return None
    return operation.as_strategy(
        generation_mode=drawn.mode,
        path_parameters=path,
        query={},
        headers={},
        cookies={},
        media_type=JSON,
    )


def _body(operation: Any) -> Any:
    content = operation.definition.raw.get("requestBody", {}).get("content", {})
    return content.get(JSON, {}).get("schema")


def _validator(operation: Any) -> Any:
    schema = _body(operation)
    if schema is None:
        return None
    components = _components(operation.schema)
    return jsonschema_rs.validator_for({**schema, "components": components})


def _is_broken(validator: Any, body: Any) -> bool:
    """Whether it is the body that violates the document, and not what stands beside it."""
    if validator is None or isinstance(body, NotSet):
        return False
    return not validator.is_valid(body)


def _components(schema: Any) -> Any:
    return schema.raw_schema["components"]


@cache
def _bytes(text: str) -> bytes:
    return text.encode("latin-1", "replace")
