"""
Recorded traffic of Auth0, replayed against an embedded tenant in this process.

The recordings and the judge of likeness lie beside the repository and are not ours to ship: whoever
calls says where.
"""

import asyncio
import importlib.util
import json
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

import httpx

from tenantctl.sandbox import Sandbox

SHARED = Path(__file__).resolve().parents[2] / "shared"
_ANY_DOMAIN = "hearthhollow-dev.eu.auth0.com"
_MANAGEMENT_API = re.compile(r"https://([a-z0-9.-]+\.auth0\.com)/api/v2/")
_ELEMENT = re.compile(r"\[\d+\]")

Send = Callable[[str, str, Any, Any], tuple[int, Any]]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One recorded request sent again: `differences` is empty where the answers are alike.

    `endpoint` is `GET /clients/{id}`, with the names of arguments left out: `GET /clients/{}`.
    A difference is a place in the body, elements of lists as `[]`, and what is wrong there.
    """

    recording: str
    endpoint: str
    same_status: bool
    differences: tuple[str, ...]


def replayed(shared: Path) -> Iterator[Exchange]:
    """Every interaction of every open recording, each from the state it presupposes."""
    judge = load_judge(shared)
    for domain, recordings in _by_domain(read_recordings(shared)).items():
        box = Sandbox(domain)
        try:
            for recording in recordings:
                box.reset(judge.prestate(recording))
                with sender(box) as send:
                    yield from _exchanges(judge, recording, send)
        finally:
            box.close()


def read_recordings(shared: Path) -> Iterator[dict[str, Any]]:
    with (shared / "data" / "cassettes-open.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def load_judge(shared: Path) -> ModuleType:
    """The module that compares answers with recorded ones."""
    spec = importlib.util.spec_from_file_location("replay", shared / "tools" / "replay.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with warnings.catch_warnings():
        # Its first answer reads a file and leaves closing it to the collector.
        warnings.simplefilter("ignore", ResourceWarning)
        module.template("/")
    return module


@contextmanager
def sender(box: Sandbox) -> Iterator[Send]:
    """Requests with every scope over the transport into the tenant."""
    headers = {"authorization": f"Bearer {box.token()}"}
    client = httpx.AsyncClient(transport=box.transport(), base_url=f"https://{box.domain}")
    with asyncio.Runner() as runner:

        def send(method: str, path: str, query: Any, body: Any) -> tuple[int, Any]:
            content = {} if body is None else {"json": body}
            url = f"{path}?{urlencode(query, doseq=True)}" if query else path
            answer = runner.run(client.request(method, url, headers=headers, **content))
            try:
                return answer.status_code, answer.json() if answer.content else None
            except ValueError:
                return answer.status_code, answer.text

        try:
            yield send
        finally:
            runner.run(client.aclose())


def anonymous(path: str) -> str:
    """A path template without the names of its arguments, which differ from source to source."""
    return re.sub(r"\{\w+\}", "{}", path)


def _domain(recording: dict[str, Any]) -> str:
    """The tenant's domain, where the recording tells it, by the name of the Management API."""
    found = _MANAGEMENT_API.search(json.dumps(recording["interactions"]))
    return found.group(1) if found else _ANY_DOMAIN


def _by_domain(recordings: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for recording in recordings:
        found.setdefault(_domain(recording), []).append(recording)
    return found


def _exchanges(judge: Any, recording: dict[str, Any], send: Send) -> Iterator[Exchange]:
    for row in judge.replay(recording, send)["rows"]:
        template = judge.template(row["path"])
        known = anonymous(template) if template else row["path"].removeprefix("/api/v2")
        errors = [_ELEMENT.sub("[]", error) for error in row["errors"]]
        yield Exchange(
            recording=recording["name"],
            endpoint=f"{row['method']} {known}",
            same_status=not any(error.startswith("status ") for error in errors),
            differences=tuple(sorted(set(errors))),
        )
