"""Servers on this machine that speak as much of Vault and of AWS as their clients need."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Service:
    """What a server answers with, what it was asked, and where it is."""

    answers: dict[tuple[str, str], tuple[int, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    url: str = ""

    def answer(self, method: str, path: str, body: Any, headers: Any) -> tuple[int, Any]:
        raise NotImplementedError


@dataclass
class VaultService(Service):
    """A Vault with an engine of either version; *open* says whether mounts may be asked about."""

    token: str = "hvs.the-token"
    open: bool = True
    down: int = 0
    first: dict[str, dict[str, Any]] = field(default_factory=dict)
    second: dict[str, dict[str, Any]] = field(default_factory=dict)
    logins: dict[str, dict[str, str]] = field(default_factory=dict)

    def answer(self, method: str, path: str, body: Any, headers: Any) -> tuple[int, Any]:
        if self.down:
            return self.down, {"errors": [f"down: {headers.get('X-Vault-Token')}"]}
        return self._up(method, path, body, headers)

    def _up(self, method: str, path: str, body: Any, headers: Any) -> tuple[int, Any]:
        if method == "POST" and path in self.logins:
            if body != self.logins[path]:
                return 400, {"errors": [f"invalid {body}"]}
            return 200, {"auth": {"client_token": self.token, "policies": ["x"]}}
        if headers.get("X-Vault-Token") != self.token:
            return 403, {"errors": [f"permission denied for {headers.get('X-Vault-Token')}"]}
        mounts = "/v1/sys/internal/ui/mounts/"
        if path.startswith(mounts):
            return self._mount(path.removeprefix(mounts))
        inner = path.removeprefix("/v1/").partition("?")[0]
        if inner in self.first:
            return 200, {"data": self.first[inner]}
        if inner.startswith("team/kv/data/") and inner.removeprefix("team/kv/data/") in self.second:
            found = self.second[inner.removeprefix("team/kv/data/")]
            return 200, {"data": {"data": found, "metadata": {"version": 3}}}
        if inner.startswith("secret/data/") and inner.removeprefix("secret/data/") in self.second:
            found = self.second[inner.removeprefix("secret/data/")]
            return 200, {"data": {"data": found, "metadata": {"version": 3}}}
        return 404, {"errors": []}

    def _mount(self, path: str) -> tuple[int, Any]:
        if not self.open:
            return 403, {"errors": ["permission denied"]}
        if path.startswith("team/kv/"):
            return 200, {"data": {"path": "team/kv/", "options": {"version": "2"}}}
        return 200, {"data": {"path": f"{path.partition('/')[0]}/", "options": None}}


@dataclass
class AwsService(Service):
    """A Secrets Manager that holds *secrets* by their id, or *refuses* all with that code."""

    secrets: dict[str, str] = field(default_factory=dict)
    refuses: str = ""

    def answer(self, method: str, path: str, body: Any, headers: Any) -> tuple[int, Any]:
        assert (method, path) == ("POST", "/")
        if headers.get("X-Amz-Target") != "secretsmanager.GetSecretValue":
            return 400, {"__type": "InvalidAction", "message": "no"}
        if self.refuses:
            return 400, {"__type": self.refuses, "message": f"{headers['Authorization']}"}
        if body["SecretId"] == "denied":
            said = f"{headers['Authorization']} may not read it"
            return 400, {"__type": "AccessDeniedException", "message": said}
        if body["SecretId"] not in self.secrets:
            return 400, {"__type": "ResourceNotFoundException", "message": "cannot find it"}
        return 200, {"Name": body["SecretId"], "SecretString": self.secrets[body["SecretId"]]}


@contextmanager
def serving(service: Service) -> Iterator[Service]:
    """*service*, at its url until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def _any(self) -> None:
            size = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(size) or b"null")
            service.asked.append((self.command, self.path, body))
            status, found = service.answer(self.command, self.path, body, self.headers)
            data = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("content-type", "application/x-amz-json-1.1")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_LIST = _any  # noqa: N815 - http.server looks for these

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        service.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield service
        finally:
            server.shutdown()
            thread.join(5)
