"""A sandbox in memory, and a small client that speaks HTTP to it."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tenantctl.sandbox import Sandbox

DOMAIN = "hearthhollow-dev.sandbox.invalid"
AUDIENCE = f"https://{DOMAIN}/api/v2/"


class Api:
    """Management calls with a token of the tool's own client, or of the one given."""

    def __init__(self, sandbox: Sandbox, credentials: tuple[str, str | None] | None = None):
        self.sandbox = sandbox
        self._runner = asyncio.Runner()
        self._http = httpx.AsyncClient(
            transport=sandbox.transport(), base_url=f"https://{sandbox.domain}"
        )
        self.client_id, self.secret = credentials or sandbox.credentials()
        self.token = ""
        if self.secret:
            self.token = self.exchange(client_secret=self.secret).json()["access_token"]

    def exchange(self, **given: str) -> httpx.Response:
        body = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "audience": f"https://{self.sandbox.domain}/api/v2/",
            **given,
        }
        return self.raw("POST", "/oauth/token", json=body)

    def raw(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self._runner.run(self._http.request(method, path, **options))

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}"}
        options: dict[str, Any] = {"headers": headers, "params": query}
        if body is not None:
            options["json"] = body
        return self.raw(method, f"/api/v2{path}", **options)

    def get(self, path: str, **query: Any) -> Any:
        answer = self.call("GET", path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any = None) -> Any:
        answer = self.call("POST", path, body)
        assert answer.is_success, answer.text
        return answer.json()

    def patch(self, path: str, body: Any) -> Any:
        answer = self.call("PATCH", path, body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def close(self) -> None:
        self._runner.run(self._http.aclose())
        self._runner.close()


@pytest.fixture
def connect() -> Iterator[Callable[..., Api]]:
    """Opens clients that are closed, with their sandboxes, after the test."""
    opened: list[Api] = []

    def open_client(sandbox: Sandbox, credentials: tuple[str, str | None] | None = None) -> Api:
        opened.append(Api(sandbox, credentials))
        return opened[-1]

    yield open_client
    for client in opened:
        client.close()
        client.sandbox.close()


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(DOMAIN)


@pytest.fixture
def api(sandbox: Sandbox, connect: Callable[..., Api]) -> Api:
    return connect(sandbox)
